//! Where a point lies, found by the boxes over the edges.

use super::{Path, Prepared, Seen, Workspace, shared};
use crate::geometry::edges::{self, Position};
use crate::geometry::pyramid::Frame;
use crate::geometry::{BoundingBox, Coord, Kind};

/// Tells where a point lies in regard to a feature of the layer. Exact.
pub fn locate(point: Coord, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> Position {
    if layer.store.kind() != Kind::Polygon {
        return edges::position(point, layer.store.get(feature as usize));
    }
    let at = BoundingBox { min: point, max: point };
    layer.search_feature(feature, &at, &mut work.hits, &mut work.counters);
    shared::ring_position(layer, &work.hits, point, &mut work.counters)
}

/// Returns the features of the layer that hold a point in their interior or on their border, in ascending order. Exact.
pub fn covering(point: Coord, layer: &Prepared<'_>, work: &mut Workspace) -> Vec<(u32, Position)> {
    let at = BoundingBox { min: point, max: point };
    layer.search(&at, &mut work.hits, &mut work.counters);
    let mut found = Vec::new();
    for group in work.hits.chunk_by(|one, other| layer.feature(one.0) == layer.feature(other.0)) {
        let feature = layer.feature(group[0].0);
        work.counters.candidates += 1;
        let position = match layer.store.kind() {
            Kind::Polygon => shared::ring_position(layer, group, point, &mut work.counters),
            Kind::Point | Kind::Line => edges::position(point, layer.store.get(feature as usize)),
        };
        if position != Position::Outside {
            found.push((feature, position));
        }
    }
    found
}

/// Returns how often rings wind around a point; `None` if it lies on one of them. Exact.
///
/// A run wholly to the east of the point counts by the heights of its ends alone.
pub(super) fn winding<'a>(
    paths: impl Iterator<Item = Path<'a>>,
    point: Coord,
    frame: &Frame,
    seen: &mut Seen,
) -> Option<i32> {
    let small = frame.small(&BoundingBox { min: point, max: point });
    let turns = std::cell::Cell::new(0);
    let mut touched = false;
    for path in paths {
        let coords = path.coords;
        path.visit(
            |bounds, run| {
                if bounds.max[1] < small.min[1] || bounds.min[1] > small.max[1] || bounds.max[0] < small.min[0] {
                    return false;
                }
                if bounds.min[0] > small.max[0] {
                    let (from, to) = (coords[run.start].y <= point.y, coords[run.end].y <= point.y);
                    turns.set(turns.get() + i32::from(from) - i32::from(to));
                    return false;
                }
                true
            },
            |run| match edges::winding(point, std::iter::once(&coords[run.start..=run.end])) {
                Some(more) => turns.set(turns.get() + more),
                None => touched = true,
            },
            seen,
        );
    }
    (!touched).then_some(turns.get())
}
