//! The shape that one shape shares with a feature of a layer, built from what lies in their common window.

use super::{Counters, Path, Prepared, Seen, SmallBox, Workspace};
use crate::geometry::edges::{Position, signed_area, winding};
use crate::geometry::measure::{AreaMethod, Measure, length};
use crate::geometry::window::{Slant, Windowed};
use crate::geometry::{BoundingBox, Coord, Kind, Shape, ShapeRef, overlay, window};

/// A part of more vertices than this may wind far through its box.
const LONG: usize = 64;

/// Returns what `a` shares with a feature of the layer, of the lower of their dimensions, as [`overlay::intersection`] does.
///
/// Where there is nothing to cut, the coordinates come back as they are; else they are rounded to the run's grid.
pub fn intersection(a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> Shape {
    let Workspace { counters, hits, backend, .. } = work;
    match (a.kind(), layer.store.kind()) {
        (Kind::Polygon, Kind::Polygon) => {
            let mut found = Shape::empty(Kind::Polygon);
            for part in a.parts() {
                layer.search_feature(feature, &part.bounds(), hits, counters);
                found.append(part_shared(part, layer, hits, counters, backend).view());
            }
            found
        }
        (Kind::Line, Kind::Polygon) => {
            let mut found = Shape::empty(Kind::Line);
            for part in a.parts() {
                let bounds = part.bounds();
                layer.search_feature(feature, &bounds, hits, counters);
                let common = bounds.common(&layer.around(hits));
                if !common.is_empty() && overlay::in_range(part) {
                    let cut = cut(layer, hits, &common, None, counters);
                    counters.overlays += 1;
                    found.append(overlay::clip(part, &cut, &common, false).view());
                }
            }
            found
        }
        (_, _) => overlay::intersection(a, layer.store.get(feature as usize)),
    }
}

/// Returns the length of the stretches of lines inside a polygon of the layer, in metres; 0 for other kinds.
pub fn length_inside(
    a: ShapeRef<'_>,
    layer: &Prepared<'_>,
    feature: u32,
    method: &AreaMethod,
    work: &mut Workspace,
) -> Measure {
    if a.kind() != Kind::Line || layer.store.kind() != Kind::Polygon {
        return Measure::exact(0.0);
    }
    length(intersection(a, layer, feature, work).view(), method)
}

fn part_shared(
    part: ShapeRef<'_>,
    layer: &Prepared<'_>,
    hits: &[(u32, SmallBox)],
    counters: &mut Counters,
    backend: &mut overlay::Backend,
) -> Shape {
    let common = part.bounds().common(&layer.around(hits));
    if common.is_empty() || !overlay::in_range(part) {
        return Shape::empty(Kind::Polygon);
    }
    // Of a long part that winds through its box, a vertex must stand for the middle.
    let vertex =
        part.coords().iter().copied().find(|coord| common.intersects(&BoundingBox { min: *coord, max: *coord }));
    let slant = if part.coords().len() > LONG { vertex.and_then(|_| Slant::around(part.coords())) } else { None };
    let middle = common.min + (common.max - common.min) * 0.5;
    let within = vertex.filter(|_| slant.is_some()).unwrap_or(middle);
    let cut_b = cut(layer, hits, &common, slant.as_ref(), counters);
    if cut_b.live == 0 {
        // All in or all out. If in, so is the whole part, for else a border of the feature would pass through it.
        return if holds(&cut_b, within) { part.to_shape() } else { Shape::empty(Kind::Polygon) };
    }
    let mut seen = Seen::default();
    let cut_a = window::rings(part.rings().map(Path::plain), &common, None, &layer.frame, &mut seen);
    counters.count(seen);
    if cut_a.live == 0 {
        return if holds(&cut_a, middle) { regrouped(&cut_b) } else { Shape::empty(Kind::Polygon) };
    }
    counters.overlays += 1;
    overlay::common(&cut_a.rings, &cut_b.rings, backend)
}

fn cut(
    layer: &Prepared<'_>,
    hits: &[(u32, SmallBox)],
    common: &BoundingBox,
    slant: Option<&Slant>,
    counters: &mut Counters,
) -> Windowed {
    let mut seen = Seen::default();
    let paths = hits.iter().map(|(ring, _)| layer.path(*ring));
    let cut = window::rings(paths, common, slant, &layer.frame, &mut seen);
    counters.count(seen);
    cut
}

fn holds(cut: &Windowed, point: Coord) -> bool {
    winding(point, cut.rings.iter().map(Vec::as_slice)).is_some_and(|turns| turns > 0)
}

/// Returns rings that the window left whole as a shape: each shell is followed by its holes.
fn regrouped(cut: &Windowed) -> Shape {
    let mut shape = Shape::empty(Kind::Polygon);
    for ring in &cut.rings {
        if signed_area(ring) > 0.0 {
            shape.end_part();
        }
        shape.push_ring(ring.iter().copied());
    }
    shape.end_part();
    shape
}

/// Returns the position of every edge of the rings found that may meet `window`.
pub(super) fn live_edges(
    layer: &Prepared<'_>,
    hits: &[(u32, SmallBox)],
    window: &BoundingBox,
    counters: &mut Counters,
    mut each: impl FnMut(u32, Coord, Coord),
) {
    let small = layer.frame.small(window);
    let mut seen = Seen::default();
    for (ring, _) in hits {
        let path = layer.path(*ring);
        path.visit(
            |bounds, _| bounds.meets(&small),
            |edges| {
                for pair in path.coords[edges.start..=edges.end].windows(2) {
                    if BoundingBox::around(pair).intersects(window) {
                        each(*ring, pair[0], pair[1]);
                    }
                }
            },
            &mut seen,
        );
    }
    counters.count(seen);
}

/// Tells where a point lies in regard to rings of the layer; exact.
pub(super) fn ring_position(
    layer: &Prepared<'_>,
    hits: &[(u32, SmallBox)],
    point: Coord,
    counters: &mut Counters,
) -> Position {
    let mut seen = Seen::default();
    let paths = hits.iter().map(|(ring, _)| layer.path(*ring));
    let turns = super::place::winding(paths, point, &layer.frame, &mut seen);
    counters.count(seen);
    match turns {
        None => Position::Border,
        Some(0) => Position::Outside,
        Some(_) => Position::Inside,
    }
}
