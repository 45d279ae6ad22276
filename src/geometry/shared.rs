//! What lines and points share with each other.
//!
//! Lines drawn along each other rarely lie on exactly the same grid line, so an edge counts as along another where both ends of the common
//! stretch are within two grid steps of it.

use rstar::{AABB, RTree};

use super::edges::{Edge, edge_bounds, edges};
use super::overlay::{GRID_STEP_M, covers_point};
use super::{Coord, Kind, Shape, ShapeRef};

/// How far apart edges may lie and still be taken as one, in metres.
const NEAR_M: f64 = 2.0 * GRID_STEP_M;

/// Returns the points of `points` that lie on `other`, or those that don't.
pub(super) fn points(points: ShapeRef<'_>, other: ShapeRef<'_>, on: bool) -> Shape {
    let mut kept = Shape::empty(Kind::Point);
    for &point in points.coords() {
        if covers_point(other, point) == on && !covers_point(kept.view(), point) {
            kept.push_ring([point]);
            kept.end_part();
        }
    }
    kept
}

/// Returns the stretches of the lines `a` that lie along the lines `b`, or those that don't.
pub(super) fn stretches(a: ShapeRef<'_>, b: ShapeRef<'_>, along: bool) -> Shape {
    let window = a.bounds().grown(NEAR_M);
    let tree = RTree::bulk_load(edges(b).filter(|edge| edge_bounds(edge).intersects(&window)).collect());
    let mut found = Shape::empty(Kind::Line);
    for line in a.rings() {
        let mut open: Vec<Coord> = Vec::new();
        for pair in line.windows(2) {
            let edge = Edge::new(pair[0], pair[1]);
            let common = common_intervals(&edge, &tree);
            for (from, to) in if along { common } else { gaps(&common) } {
                let (start, end) = (at(&edge, from), at(&edge, to));
                if open.last() != Some(&start) {
                    close(&mut open, &mut found);
                    open.push(start);
                }
                open.push(end);
            }
        }
        close(&mut open, &mut found);
    }
    found
}

fn close(open: &mut Vec<Coord>, found: &mut Shape) {
    if open.len() > 1 {
        found.push_ring(open.iter().copied());
        found.end_part();
    }
    open.clear();
}

/// Returns the stretches of an edge that lie along edges of the tree, as merged intervals within 0 to 1.
fn common_intervals(edge: &Edge, tree: &RTree<Edge>) -> Vec<(f64, f64)> {
    let bounds = edge_bounds(edge).grown(NEAR_M);
    let query = AABB::from_corners(bounds.min.into(), bounds.max.into());
    let mut intervals: Vec<(f64, f64)> =
        tree.locate_in_envelope_intersecting(&query).filter_map(|other| common_interval(edge, other)).collect();
    intervals.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for (from, to) in intervals {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            Some(_) | None => merged.push((from, to)),
        }
    }
    merged
}

/// Returns the stretch of `edge` along `other`, if it is longer than the tolerance.
fn common_interval(edge: &Edge, other: &Edge) -> Option<(f64, f64)> {
    let along = edge.end - edge.start;
    let length = along.x.hypot(along.y);
    if length == 0.0 {
        return None;
    }
    let unit = along / length;
    // Distance along the edge, and across it, of the ends of the other.
    let place = |coord: Coord| {
        let to = coord - edge.start;
        (to.x * unit.x + to.y * unit.y, to.y * unit.x - to.x * unit.y)
    };
    let ((s, p), (t, q)) = (place(other.start), place(other.end));
    let ((s, p), (t, q)) = if s <= t { ((s, p), (t, q)) } else { ((t, q), (s, p)) };
    let (from, to) = (s.max(0.0), t.min(length));
    let across = |d: f64| if t > s { p + (q - p) * (d - s) / (t - s) } else { p };
    if to - from <= 2.0 * NEAR_M || across(from).abs() > NEAR_M || across(to).abs() > NEAR_M {
        return None;
    }
    // Ends that nearly coincide do coincide, so that stretches join.
    let snapped = |d: f64| {
        if d <= NEAR_M {
            0.0
        } else if d >= length - NEAR_M {
            1.0
        } else {
            d / length
        }
    };
    Some((snapped(from), snapped(to)))
}

/// Returns what merged intervals leave of 0 to 1.
fn gaps(intervals: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut left = Vec::new();
    let mut from = 0.0;
    for &(start, end) in intervals {
        if start > from {
            left.push((from, start));
        }
        from = end;
    }
    if from < 1.0 {
        left.push((from, 1.0));
    }
    left
}

fn at(edge: &Edge, t: f64) -> Coord {
    if t == 0.0 {
        edge.start
    } else if t == 1.0 {
        edge.end
    } else {
        edge.start + (edge.end - edge.start) * t
    }
}
