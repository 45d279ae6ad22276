//! The predicates of OGC Simple Features between two valid shapes.
//!
//! Boxes are compared first, then edges that may meet; only where borders touch is the whole DE-9IM matrix built.

use super::edges::{Contact, Edge, Position, contact, edge_bounds, edges, position};
use super::matrix::{self, Matrix};
use super::{BoundingBox, Coord, Kind, ShapeRef};

/// A relation between two shapes `a` and `b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Predicate {
    /// They share a point.
    Intersects,
    /// They share no point.
    Disjoint,
    /// They share points, but none that is interior to both.
    Touches,
    /// `a` lies in `b`, and their interiors meet.
    Within,
    /// `b` lies in `a`, and their interiors meet.
    Contains,
    /// No point of `b` lies outside `a`.
    Covers,
    /// Their interiors meet in a lower dimension than that of the higher, and neither holds the other.
    Crosses,
    /// Of one dimension, and their interiors meet in it, and each has points outside the other.
    Overlaps,
    /// They are the same set of points.
    Equals,
    /// Their interiors share an area.
    Occupies,
}

/// Tells whether the predicate holds for `a` and `b`. Nothing but [`Predicate::Disjoint`] holds for an empty shape.
pub fn holds(predicate: Predicate, a: ShapeRef<'_>, b: ShapeRef<'_>) -> bool {
    if a.is_empty() || b.is_empty() || !a.bounds().intersects(&b.bounds()) {
        return predicate == Predicate::Disjoint;
    }
    match predicate {
        Predicate::Intersects => meet(a, b),
        Predicate::Disjoint => !meet(a, b),
        Predicate::Touches
        | Predicate::Within
        | Predicate::Contains
        | Predicate::Covers
        | Predicate::Crosses
        | Predicate::Overlaps
        | Predicate::Equals => follows(predicate, &matrix::between(a, b), a.kind(), b.kind()),
        Predicate::Occupies => a.kind() == Kind::Polygon && b.kind() == Kind::Polygon && interiors_meet(a, b),
    }
}

/// Tells whether the predicate follows from the matrix of two shapes of these kinds that are not empty.
pub(super) fn follows(predicate: Predicate, matrix: &Matrix, a: Kind, b: Kind) -> bool {
    match predicate {
        Predicate::Intersects => matrix.meets(),
        Predicate::Disjoint => !matrix.meets(),
        Predicate::Touches => matrix.touches(),
        Predicate::Within => matrix.within(),
        Predicate::Contains => matrix.transposed().within(),
        Predicate::Covers => matrix.covers(),
        Predicate::Crosses => matrix.crosses(a, b),
        Predicate::Overlaps => matrix.overlaps(a, b),
        Predicate::Equals => matrix.equals(),
        Predicate::Occupies => a == Kind::Polygon && b == Kind::Polygon && matrix.inside_inside == Some(2),
    }
}

/// Tells whether the interiors share something of the lower of the two dimensions: two polygons an area, a polygon or a
/// line and a line a stretch, a point and anything a point.
pub fn interiors_meet(a: ShapeRef<'_>, b: ShapeRef<'_>) -> bool {
    if a.is_empty() || b.is_empty() || !a.bounds().intersects(&b.bounds()) {
        return false;
    }
    let lowest = a.kind().min(b.kind()).dimension();
    matrix::between(a, b).inside_inside >= Some(lowest)
}

/// Tells whether two shapes share a point. Exact.
pub(super) fn meet(a: ShapeRef<'_>, b: ShapeRef<'_>) -> bool {
    let window = a.bounds().common(&b.bounds());
    if window.is_empty() {
        return false;
    }
    let first_in = |shape: ShapeRef<'_>, other: ShapeRef<'_>| {
        shape
            .parts()
            .filter_map(|part| part.coords().first().copied())
            .any(|c| within(c, &window) && position(c, other) != Position::Outside)
    };
    let (first, second) = (live_edges(a, &window), live_edges(b, &window));
    edges_meet(&first, &second) || first_in(a, b) || first_in(b, a)
}

fn within(coord: Coord, bounds: &BoundingBox) -> bool {
    bounds.intersects(&BoundingBox { min: coord, max: coord })
}

pub(super) fn live_edges(shape: ShapeRef<'_>, window: &BoundingBox) -> Vec<Edge> {
    edges(shape).filter(|edge| edge_bounds(edge).intersects(window)).collect()
}

fn edges_meet(first: &[Edge], second: &[Edge]) -> bool {
    any_contact(first, second, |contact, _, _| contact != Contact::Apart)
}

/// Tells whether two edges, one of each list, meet in the way asked for; `asked` gets how they meet and the two in any order.
pub(super) fn any_contact(
    first: &[Edge],
    second: &[Edge],
    mut asked: impl FnMut(Contact, &Edge, &Edge) -> bool,
) -> bool {
    if first.len() * second.len() <= 4096 {
        return first.iter().any(|one| second.iter().any(|other| asked(contact(one, other), one, other)));
    }
    let (few, many) = if first.len() <= second.len() { (first, second) } else { (second, first) };
    // One query for each of the many against a tree of the few: building the tree is what costs.
    let tree = rstar::RTree::bulk_load(few.to_vec());
    many.iter().any(|one| {
        let bounds = edge_bounds(one);
        let query = rstar::AABB::from_corners(bounds.min.into(), bounds.max.into());
        tree.locate_in_envelope_intersecting(&query).any(|other| asked(contact(one, other), one, other))
    })
}

/// Returns the shape in the terms of the library behind the matrix.
pub(super) fn to_geo(shape: ShapeRef<'_>) -> geo_types::Geometry<f64> {
    let line = |ring: &[Coord]| geo_types::LineString::new(ring.to_vec());
    match shape.kind() {
        Kind::Point => {
            geo_types::MultiPoint::new(shape.coords().iter().map(|c| geo_types::Point::from(*c)).collect()).into()
        }
        Kind::Line => geo_types::MultiLineString::new(shape.rings().map(line).collect()).into(),
        Kind::Polygon => {
            let polygons = shape.parts().filter_map(|part| {
                let mut rings = part.rings().map(line);
                Some(geo_types::Polygon::new(rings.next()?, rings.collect()))
            });
            geo_types::MultiPolygon::new(polygons.collect()).into()
        }
    }
}

#[cfg(test)]
mod tests;
