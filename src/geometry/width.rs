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

/// Of a convex ring of at most so many sides every three are tried.
const FEW_SIDES: usize = 16;

/// Halvings of an interval in which a concave function has its highest value; 2/3 to this power of 10 km is under 1 µm.
const STEPS: usize = 60;

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
        best = match convex(part) {
            Some(sides) if sides.len() <= FEW_SIDES => touching_three(&sides).max(best),
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

/// Returns the radius of the largest circle in a convex ring: it touches three sides, or as large a one does.
fn touching_three(sides: &[Side]) -> f64 {
    let Some(origin) = sides.first().map(|side| side.start) else { return 0.0 };
    let dot = |one: Coord, other: Coord| one.x * other.x + one.y * other.y;
    // How far a point lies left of a side is `normal · point - shift`.
    let lines: SmallVec<[(Coord, f64); FEW_SIDES]> =
        sides.iter().map(|side| (side.normal, dot(side.normal, side.start - origin))).collect();
    let mut best = 0.0_f64;
    for (at, &(first, shift)) in lines.iter().enumerate() {
        for (next, &(second, second_shift)) in lines.iter().enumerate().skip(at + 1) {
            for &(third, third_shift) in &lines[next + 1..] {
                // Where two differences of distances vanish.
                let (one, other) = (second - first, third - first);
                let (one_shift, other_shift) = (second_shift - shift, third_shift - shift);
                let twist = one.x * other.y - one.y * other.x;
                if twist.abs() < f64::EPSILON {
                    continue;
                }
                let centre = Coord {
                    x: (one_shift * other.y - other_shift * one.y) / twist,
                    y: (one.x * other_shift - other.x * one_shift) / twist,
                };
                let radius =
                    lines.iter().map(|(normal, shift)| dot(*normal, centre) - shift).fold(f64::INFINITY, f64::min);
                best = best.max(radius);
            }
        }
    }
    best
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
    let square = |centre: Coord, half: f64, away: f64, near: &Rc<[Edge]>| Square {
        centre,
        half,
        away,
        best: away + half * SQRT_2,
        near: Rc::clone(near),
    };
    push(square(centre, w.max(h) / 2.0, away, &all), &mut best, &mut open);
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
            push(square(centre, half, signed(nearest(&near, centre), is_inside), &near), &mut best, &mut open);
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
