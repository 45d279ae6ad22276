//! The largest circle that fits inside a shape: how deep an overlap bites.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rstar::RTree;

use super::distance::squared;
use super::edges::{Edge, Position, edges, position, winding};
use super::inside::{centroid, interior_point};
use super::{BoundingBox, Coord, Kind, ShapeRef};

/// The circle found is at most this much narrower than the largest, in metres …
const TOLERANCE_M: f64 = 1e-3;

/// … or this share of it, whichever is more.
const TOLERANCE: f64 = 5e-3;

/// Squares looked at before the search ends with the best circle so far.
const MAX_SQUARES: usize = 4_000;

/// Up to so many edges, looking at each is faster than asking a tree.
const FEW_EDGES: usize = 48;

/// Halvings of an interval in which a concave function has its highest value; 2/3 to this power of 10 km is under 1 µm.
const STEPS: usize = 60;

/// Returns the diameter of the largest circle that fits inside, in metres; 0 for points and lines.
///
/// Of a convex part it is right to a micrometre. Elsewhere it is at most 1 mm or 0.5 % narrower than the truth, unless the part is so long
/// and thin that the search is cut off; it is never wider. The search halves squares in the order of what they may hold at best.
pub fn width(shape: ShapeRef<'_>) -> f64 {
    if shape.kind() != Kind::Polygon || shape.is_empty() {
        return 0.0;
    }
    let mut best = 0.0;
    for part in shape.parts() {
        best = match convex(part) {
            Some(sides) => widest_in_convex(&sides, &part.bounds()).max(best),
            None => widest_circle(part, best),
        };
    }
    2.0 * best
}

/// A side of a convex ring as a line: how far a point lies left of it is `normal · (point - start)`.
struct Side {
    start: Coord,
    normal: Coord,
}

/// Returns the sides of a part if it is one convex ring, counter-clockwise.
fn convex(part: ShapeRef<'_>) -> Option<Vec<Side>> {
    let mut rings = part.rings();
    let (ring, None) = (rings.next()?, rings.next()) else { return None };
    let corners = &ring[..ring.len().checked_sub(1)?];
    let after = |at: usize| corners[(at + 1) % corners.len()];
    let turns_left = |at: usize| {
        let (one, other) = (after(at) - corners[at], after(at + 1) - after(at));
        one.x * other.y - one.y * other.x >= 0.0
    };
    if corners.len() < 3 || !(0..corners.len()).all(turns_left) {
        return None;
    }
    let side = |at: usize| {
        let along = after(at) - corners[at];
        let length = along.x.hypot(along.y);
        Side { start: corners[at], normal: Coord { x: -along.y / length, y: along.x / length } }
    };
    Some((0..corners.len()).map(side).collect())
}

/// Returns the radius of the largest circle in a convex ring: the highest value of a concave function, the least distance to a side.
fn widest_in_convex(sides: &[Side], bounds: &BoundingBox) -> f64 {
    let radius = |x: f64, y: f64| {
        let left = |side: &Side| side.normal.x * (x - side.start.x) + side.normal.y * (y - side.start.y);
        sides.iter().map(left).fold(f64::INFINITY, f64::min)
    };
    highest(bounds.min.x, bounds.max.x, |x| highest(bounds.min.y, bounds.max.y, |y| radius(x, y))).max(0.0)
}

/// Returns the highest value of a concave function between two places.
fn highest(mut low: f64, mut high: f64, value: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..STEPS {
        let third = (high - low) / 3.0;
        match value(low + third) < value(high - third) {
            true => low += third,
            false => high -= third,
        }
    }
    value(low + (high - low) / 2.0)
}

/// A square of the search, with the best radius that a centre in it could have.
struct Square {
    centre: Coord,
    half: f64,
    best: f64,
}

impl PartialEq for Square {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Square {}

impl PartialOrd for Square {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Square {
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |square: &Square| square.centre;
        (self.best.total_cmp(&other.best))
            .then(place(self).x.total_cmp(&place(other).x))
            .then(place(self).y.total_cmp(&place(other).y))
    }
}

/// Returns the radius of the largest circle in one part, or `known` if that is larger.
fn widest_circle(part: ShapeRef<'_>, known: f64) -> f64 {
    let bounds: BoundingBox = part.bounds();
    let (w, h) = (bounds.max.x - bounds.min.x, bounds.max.y - bounds.min.y);
    if w.min(h) / 2.0 <= known {
        return known;
    }
    let few: Vec<Edge> = edges(part).take(FEW_EDGES + 1).collect();
    let tree: RTree<Edge> = match few.len() > FEW_EDGES {
        true => RTree::bulk_load(edges(part).collect()),
        false => RTree::new(),
    };
    let radius = |at: Coord| {
        let nearest = match few.len() > FEW_EDGES {
            // The iterator, for `nearest_neighbor` prunes by a bound that rounding can break.
            true => tree.nearest_neighbor_iter(&geo_types::Point::from(at)).next().map(|edge| squared(edge, at)),
            false => few.iter().map(|edge| squared(edge, at)).min_by(f64::total_cmp),
        };
        let away = nearest.unwrap_or(0.0).sqrt();
        if inside(at, part, &tree, &bounds) { away } else { -away }
    };
    let mut best = known;
    for seed in [centroid(part), interior_point(part)].into_iter().flatten() {
        best = radius(seed).max(best);
    }
    let mut open = BinaryHeap::new();
    let push = |centre: Coord, half: f64, best: &mut f64, open: &mut BinaryHeap<Square>| {
        let here = radius(centre);
        *best = here.max(*best);
        let at_best = here + half * std::f64::consts::SQRT_2;
        if at_best > *best + slack(*best) {
            open.push(Square { centre, half, best: at_best });
        }
    };
    push(bounds.min + (bounds.max - bounds.min) * 0.5, w.max(h) / 2.0, &mut best, &mut open);
    for _ in 0..MAX_SQUARES {
        let Some(square) = open.pop() else { break };
        if square.best <= best + slack(best) {
            break;
        }
        let half = square.half / 2.0;
        for (dx, dy) in [(-half, -half), (-half, half), (half, -half), (half, half)] {
            push(square.centre + Coord { x: dx, y: dy }, half, &mut best, &mut open);
        }
    }
    best
}

/// Returns how much a radius may be short of the truth.
fn slack(radius: f64) -> f64 {
    (TOLERANCE_M / 2.0).max(radius * TOLERANCE)
}

/// Tells whether a point lies inside, asking only edges on the level of the point and right of it.
fn inside(at: Coord, part: ShapeRef<'_>, tree: &RTree<Edge>, bounds: &BoundingBox) -> bool {
    if part.coords().len() <= FEW_EDGES {
        return position(at, part) == Position::Inside;
    }
    let corner = |x: f64| geo_types::Point::new(x, at.y);
    let ray = rstar::AABB::from_corners(corner(at.x), corner(bounds.max.x.max(at.x)));
    let crossed: Vec<[Coord; 2]> =
        tree.locate_in_envelope_intersecting(&ray).map(|edge| [edge.start, edge.end]).collect();
    winding(at, crossed.iter().map(<[Coord; 2]>::as_slice)).is_some_and(|turns| turns != 0)
}
