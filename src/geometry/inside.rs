//! Places that stand for a shape: its centroid, a point surely inside, and the largest circle that fits.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rstar::RTree;

use super::distance::squared;
use super::edges::{Edge, Position, edges, position, winding};
use super::{BoundingBox, Coord, Kind, ShapeRef};

/// The circle found is at most this much narrower than the largest, in metres.
const WIDTH_TOLERANCE_M: f64 = 1e-3;

/// Squares looked at before the search ends with the best circle so far.
const MAX_SQUARES: usize = 60_000;

/// Returns the centroid; `None` if the shape is empty.
///
/// That of a polygon weighs areas, of lines lengths, of points each alike; where areas or lengths are 0, the next lower.
pub fn centroid(shape: ShapeRef<'_>) -> Option<Coord> {
    let origin = *shape.coords().first()?;
    let (mut sum, mut weight) = (Coord { x: 0.0, y: 0.0 }, 0.0);
    if shape.kind() == Kind::Polygon {
        for edge in edges(shape) {
            let (a, b) = (edge.start - origin, edge.end - origin);
            let cross = a.x * b.y - a.y * b.x;
            sum = sum + (a + b) * (cross / 3.0);
            weight += cross;
        }
    }
    if weight == 0.0 && shape.kind() != Kind::Point {
        sum = Coord { x: 0.0, y: 0.0 };
        for edge in edges(shape) {
            let length = (edge.end - edge.start).x.hypot((edge.end - edge.start).y);
            sum = sum + (edge.start - origin + (edge.end - origin)) * (length / 2.0);
            weight += length;
        }
    }
    if weight == 0.0 {
        sum = shape.coords().iter().fold(Coord { x: 0.0, y: 0.0 }, |sum, coord| sum + (*coord - origin));
        weight = shape.coords().len() as f64;
    }
    Some(origin + sum / weight)
}

/// Returns a point of the shape: inside a polygon, on a line, one of the points; `None` if it is empty.
///
/// Of a polygon it is the middle of the widest stretch inside along a level near mid-height; it is `None` as well for one so
/// thin that no coordinate lies inside.
pub fn interior_point(shape: ShapeRef<'_>) -> Option<Coord> {
    match shape.kind() {
        Kind::Point => shape.coords().first().copied(),
        Kind::Line => {
            let line = shape.rings().max_by(|a, b| line_length(a).total_cmp(&line_length(b)))?;
            line.windows(2)
                .nth(line.len().saturating_sub(2) / 2)
                .map(|pair| (pair[0] + pair[1]) * 0.5)
                .or(line.first().copied())
        }
        Kind::Polygon => polygon_point(shape),
    }
}

fn line_length(line: &[Coord]) -> f64 {
    line.windows(2).map(|pair| (pair[1] - pair[0]).x.hypot((pair[1] - pair[0]).y)).sum()
}

fn polygon_point(shape: ShapeRef<'_>) -> Option<Coord> {
    let part = shape.parts().max_by(|a, b| extent(a).total_cmp(&extent(b)))?;
    let mut levels: Vec<f64> = part.coords().iter().map(|coord| coord.y).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    // Between two neighbouring vertex heights no vertex lies on the level. The middle pair first, then outwards.
    let pairs: Vec<(f64, f64)> = levels.windows(2).map(|pair| (pair[0], pair[1])).collect();
    let middle = part.bounds().min.y + (part.bounds().max.y - part.bounds().min.y) / 2.0;
    let at = pairs.partition_point(|pair| pair.1 < middle);
    let outwards = (0..pairs.len()).flat_map(|step| [at.checked_add(step), at.checked_sub(step + 1)]).flatten();
    outwards.filter_map(|index| pairs.get(index)).take(64).find_map(|(low, high)| {
        let found = widest_on(part, low + (high - low) / 2.0)?;
        (position(found, part) == Position::Inside).then_some(found)
    })
}

fn extent(part: &ShapeRef<'_>) -> f64 {
    let bounds = part.bounds();
    (bounds.max.x - bounds.min.x) * (bounds.max.y - bounds.min.y)
}

/// Returns the middle of the widest stretch inside along a level that holds no vertex.
fn widest_on(part: ShapeRef<'_>, level: f64) -> Option<Coord> {
    let mut cuts: Vec<f64> = edges(part)
        .filter(|edge| (edge.start.y < level) != (edge.end.y < level))
        .map(|edge| edge.start.x + (level - edge.start.y) / (edge.end.y - edge.start.y) * (edge.end.x - edge.start.x))
        .collect();
    cuts.sort_by(f64::total_cmp);
    let widest = cuts.chunks_exact(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])))?;
    Some(Coord { x: widest[0] + (widest[1] - widest[0]) / 2.0, y: level })
}

/// Returns the diameter of the largest circle that fits inside, in metres; 0 for points and lines.
///
/// Right to 1 mm below the truth, unless the polygon is so long and thin that the search is cut off; then it is narrower than the truth.
/// The search halves squares in the order of what they may hold at best.
pub fn width(shape: ShapeRef<'_>) -> f64 {
    if shape.kind() != Kind::Polygon || shape.is_empty() {
        return 0.0;
    }
    let mut best = 0.0;
    for part in shape.parts() {
        best = widest_circle(part, best);
    }
    2.0 * best
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
    let tree: RTree<Edge> = RTree::bulk_load(edges(part).collect());
    // The iterator, for `nearest_neighbor` prunes by a bound that rounding can break.
    let radius = |at: Coord| {
        let Some(nearest) = tree.nearest_neighbor_iter(&geo_types::Point::from(at)).next() else { return 0.0 };
        let away = squared(nearest, at).sqrt();
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
        if at_best > *best + WIDTH_TOLERANCE_M / 2.0 {
            open.push(Square { centre, half, best: at_best });
        }
    };
    push(bounds.min + (bounds.max - bounds.min) * 0.5, w.max(h) / 2.0, &mut best, &mut open);
    for _ in 0..MAX_SQUARES {
        let Some(square) = open.pop() else { break };
        if square.best <= best + WIDTH_TOLERANCE_M / 2.0 {
            break;
        }
        let half = square.half / 2.0;
        for (dx, dy) in [(-half, -half), (-half, half), (half, -half), (half, half)] {
            push(square.centre + Coord { x: dx, y: dy }, half, &mut best, &mut open);
        }
    }
    best
}

/// Tells whether a point lies inside, asking only edges on the level of the point and right of it.
fn inside(at: Coord, part: ShapeRef<'_>, tree: &RTree<Edge>, bounds: &BoundingBox) -> bool {
    if part.coords().len() < 64 {
        return position(at, part) == Position::Inside;
    }
    let corner = |x: f64| geo_types::Point::new(x, at.y);
    let ray = rstar::AABB::from_corners(corner(at.x), corner(bounds.max.x.max(at.x)));
    let crossed: Vec<[Coord; 2]> =
        tree.locate_in_envelope_intersecting(&ray).map(|edge| [edge.start, edge.end]).collect();
    winding(at, crossed.iter().map(<[Coord; 2]>::as_slice)).is_some_and(|turns| turns != 0)
}
