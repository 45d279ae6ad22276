//! The largest circle that fits inside a shape: how deep an overlap bites.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::f64::consts::SQRT_2;
use std::rc::Rc;

use rstar::RTree;
use smallvec::SmallVec;

use super::distance::squared;
use super::edges::{Edge, Position, edges, position, winding};
use super::inside::{centroid, interior_point};
use super::{BoundingBox, Coord, Kind, ShapeRef};

/// The circle found is at most this much narrower than the largest, in metres …
const TOLERANCE_M: f64 = 1e-3;

/// … or this share of it, whichever is more.
const TOLERANCE: f64 = 5e-3;

/// More than rounding does to a distance, as a share of it.
const MARGIN: f64 = 1e-9;

/// Squares looked at before the search ends with the best circle so far.
const MAX_SQUARES: usize = 4_000;

/// Up to so many edges, looking at each is faster than asking a tree which side of them a point lies on.
const FEW_EDGES: usize = 500;

/// As few edges as this are not worth sorting out.
const LEAST_EDGES: usize = 6;

/// More than rounding does to the distance of a point from a side, in metres, with all coordinates taken from a corner of the part.
const ROUNDING_M: f64 = 1e-7;

/// Returns the diameter of the largest circle that fits inside, in metres; 0 for points and lines.
///
/// Of a convex part it is right to a micrometre. Elsewhere it is at most 1 mm or 0.5 % narrower than the truth, unless the part is so long
/// and thin that the search is cut off; it is never wider. The search halves squares in the order of what they may hold at best, and looks in each
/// only at the edges that may be the nearest to a point of it.
pub fn width(shape: ShapeRef<'_>) -> f64 {
    if shape.kind() != Kind::Polygon || shape.is_empty() {
        return 0.0;
    }
    let mut best = 0.0;
    for part in shape.parts() {
        best = match convex(part).and_then(|sides| touching_three(&sides)) {
            Some(radius) => radius.max(best),
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

/// Returns the radius of the largest circle in a convex ring: it touches three sides whose normals pull all ways, so that it can neither
/// grow nor move. From three such sides, the one that the circle sticks out of most is taken in for one of them, until it sticks out of none:
/// the dual simplex method. `None` where rounding keeps it from an end.
fn touching_three(sides: &[Side]) -> Option<f64> {
    let origin = sides.first()?.start;
    let dot = |one: Coord, other: Coord| one.x * other.x + one.y * other.y;
    // How far a point lies left of a side is `normal · point - shift`.
    let lines: Vec<(Coord, f64)> =
        sides.iter().map(|side| (side.normal, dot(side.normal, side.start - origin))).collect();
    let twist = |one: Coord, other: Coord| one.x * other.y - one.y * other.x;
    let touching = |[a, b, c]: [usize; 3]| {
        let ((first, shift), (second, second_shift), (third, third_shift)) = (lines[a], lines[b], lines[c]);
        let pulls = [twist(first, second), twist(second, third), twist(third, first)];
        if !(pulls.iter().all(|pull| *pull >= 0.0) || pulls.iter().all(|pull| *pull <= 0.0)) {
            return None;
        }
        // Where two differences of distances vanish.
        let (one, other) = (second - first, third - first);
        let (one_shift, other_shift) = (second_shift - shift, third_shift - shift);
        let turn = twist(one, other);
        let centre = Coord {
            x: (one_shift * other.y - other_shift * one.y) / turn,
            y: (one.x * other_shift - other.x * one_shift) / turn,
        };
        (turn.abs() >= f64::EPSILON).then(|| (dot(first, centre) - shift, centre))
    };
    // The first side, the last that turns by less than half a circle from it, and the next.
    let next = (1..lines.len()).find(|&at| {
        let turn = twist(lines[0].0, lines[at].0);
        turn < 0.0 || (turn == 0.0 && dot(lines[0].0, lines[at].0) < 0.0)
    })?;
    let mut three = [0, next.checked_sub(1)?, next];
    let (mut radius, mut centre) = touching(three)?;
    for _ in 0..4 * lines.len() {
        let left = |(normal, shift): &(Coord, f64)| dot(*normal, centre) - shift;
        let (most, least) = lines.iter().map(left).enumerate().min_by(|one, other| one.1.total_cmp(&other.1))?;
        if least >= radius - ROUNDING_M {
            return Some(least.max(0.0));
        }
        let without = |at: usize| {
            let mut exchanged = three;
            exchanged[at] = most;
            touching(exchanged).map(|(radius, centre)| (radius, centre, exchanged))
        };
        (radius, centre, three) = (0..3).filter_map(without).min_by(|one, other| one.0.total_cmp(&other.0))?;
    }
    None
}

/// A square of the search.
struct Square {
    centre: Coord,
    half: f64,
    /// How far the centre is from the border; negative outside.
    away: f64,
    /// The best radius that a centre in the square could have.
    best: f64,
    /// Edges, among them the nearest to each point of the square.
    near: Rc<[Edge]>,
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
    let all: Rc<[Edge]> = edges(part).collect();
    let inside = Inside { part, bounds, tree: OnceCell::new() };
    let signed = |away: f64, is_inside: bool| if is_inside { away } else { -away };
    let mut best = known;
    for seed in [centroid(part), interior_point(part)].into_iter().flatten() {
        best = signed(nearest(&all, seed), inside.holds(seed)).max(best);
    }
    let centre = bounds.min + (bounds.max - bounds.min) * 0.5;
    let away = signed(nearest(&all, centre), inside.holds(centre));
    let mut open = BinaryHeap::new();
    let push = |square: Square, best: &mut f64, open: &mut BinaryHeap<Square>| {
        *best = square.away.max(*best);
        if square.best > *best + slack(*best) {
            open.push(square);
        }
    };
    let square = |centre: Coord, half: f64, away: f64, near: &Rc<[Edge]>, known: f64| {
        let reach = away + half * SQRT_2;
        let best = if reach > known + slack(known) { reach.min(between(near, centre, half)) } else { reach };
        Square { centre, half, away, best, near: Rc::clone(near) }
    };
    push(square(centre, w.max(h) / 2.0, away, &all, best), &mut best, &mut open);
    for _ in 0..MAX_SQUARES {
        let Some(whole) = open.pop() else { break };
        if whole.best <= best + slack(best) {
            break;
        }
        let near = whole.sorted_out();
        let half = whole.half / 2.0;
        for (dx, dy) in [(-half, -half), (-half, half), (half, -half), (half, half)] {
            let centre = whole.centre + Coord { x: dx, y: dy };
            // No border lies between two points that are nearer to each other than one of them is to it.
            let is_inside = match whole.away.abs() > half * SQRT_2 * (1.0 + MARGIN) {
                true => whole.away > 0.0,
                false => inside.holds(centre),
            };
            let away = signed(nearest(&near, centre), is_inside);
            push(square(centre, half, away, &near, best), &mut best, &mut open);
        }
    }
    best
}

impl Square {
    /// Returns the edges that may be the nearest to a point of the square: those no farther from the centre than the nearest and twice the way to a corner.
    fn sorted_out(&self) -> Rc<[Edge]> {
        if self.near.len() <= LEAST_EDGES {
            return Rc::clone(&self.near);
        }
        let reach = (self.away.abs() + 2.0 * SQRT_2 * self.half) * (1.0 + MARGIN);
        let near = self.near.iter().filter(|edge| squared(edge, self.centre) <= reach * reach);
        near.copied().collect::<Vec<_>>().into()
    }
}

/// Returns a radius that no circle around a point of a square exceeds, from the edges that the whole square lies beside, between their ends:
/// the distance from such an edge is linear there. Between two that face each other it is half the way across, wherever the point lies.
fn between(edges: &[Edge], centre: Coord, half: f64) -> f64 {
    let mut beside: SmallVec<[(f64, Coord); 16]> = SmallVec::new();
    for edge in edges {
        let along = edge.end - edge.start;
        let length = (along.x * along.x + along.y * along.y).sqrt();
        let (unit, from) = (Coord { x: along.x / length, y: along.y / length }, centre - edge.start);
        let (place, away) = (unit.x * from.x + unit.y * from.y, unit.x * from.y - unit.y * from.x);
        // How far points of the square are from the centre at most, along the edge and across it.
        let spread = half * (unit.x.abs() + unit.y.abs()) * (1.0 + MARGIN);
        if place >= spread && place <= length - spread && away.abs() >= spread {
            let normal = Coord { x: -unit.y, y: unit.x } * away.signum();
            beside.push((away.abs(), normal));
        }
    }
    let Some(&(away, normal)) = beside.iter().min_by(|one, other| one.0.total_cmp(&other.0)) else {
        return f64::INFINITY;
    };
    let mean = |(other_away, other): &(f64, Coord)| {
        let lean = (normal.x + other.x).abs() + (normal.y + other.y).abs();
        (away + other_away + half * lean) / 2.0
    };
    beside.iter().map(mean).fold(f64::INFINITY, f64::min) * (1.0 + MARGIN)
}

/// Returns how far a point is from the nearest of the edges.
fn nearest(edges: &[Edge], at: Coord) -> f64 {
    edges
        .iter()
        .map(|edge| squared(edge, at))
        .fold(f64::INFINITY, |least, one| if one < least { one } else { least })
        .sqrt()
}

/// Returns how much a radius may be short of the truth.
fn slack(radius: f64) -> f64 {
    (TOLERANCE_M / 2.0).max(radius * TOLERANCE)
}

/// Which points lie inside a part.
struct Inside<'p> {
    part: ShapeRef<'p>,
    bounds: BoundingBox,
    /// The edges, where they are many and one was asked for.
    tree: OnceCell<RTree<Edge>>,
}

impl Inside<'_> {
    fn holds(&self, at: Coord) -> bool {
        if self.part.coords().len() <= FEW_EDGES {
            return position(at, self.part) == Position::Inside;
        }
        // Only edges on the level of the point and right of it.
        let tree = self.tree.get_or_init(|| RTree::bulk_load(edges(self.part).collect()));
        let corner = |x: f64| geo_types::Point::new(x, at.y);
        let ray = rstar::AABB::from_corners(corner(at.x), corner(self.bounds.max.x.max(at.x)));
        let crossed: Vec<[Coord; 2]> =
            tree.locate_in_envelope_intersecting(&ray).map(|edge| [edge.start, edge.end]).collect();
        winding(at, crossed.iter().map(<[Coord; 2]>::as_slice)).is_some_and(|turns| turns != 0)
    }
}
