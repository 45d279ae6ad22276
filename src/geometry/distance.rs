//! Distance between two shapes in the plane.

use rstar::RTree;

use super::edges::{Edge, edge_bounds, edges};
use super::measure::Measure;
use super::overlay::GRID_STEP_M;
use super::{BoundingBox, Coord, Kind, ShapeRef, relate};

/// Returns the shortest distance in the plane, in metres; 0 if the shapes meet, infinity if one is empty.
pub fn distance(a: ShapeRef<'_>, b: ShapeRef<'_>) -> Measure {
    if a.is_empty() || b.is_empty() {
        return Measure::exact(f64::INFINITY);
    }
    if relate::meet(a, b) {
        return Measure::exact(0.0);
    }
    // No two places are farther apart than this, so edges farther from the other's box can't hold the shortest way.
    let reach = reach(a, b).min(reach(b, a));
    let (near_a, near_b) = (near(a, &b.bounds(), reach), near(b, &a.bounds(), reach));
    let squared = shortest_squared(&near_a, near_b.clone()).min(shortest_squared(&near_b, near_a));
    Measure { value: squared.sqrt(), error: 2.0 * GRID_STEP_M }
}

/// Returns a distance in which some vertex of `b` lies from the first vertex of `a`.
fn reach(a: ShapeRef<'_>, b: ShapeRef<'_>) -> f64 {
    let Some(&from) = a.coords().first() else { return f64::INFINITY };
    b.coords().iter().map(|to| (*to - from).x.hypot((*to - from).y)).fold(f64::INFINITY, f64::min)
}

/// Returns the edges (of points: edges without length) within `reach` of a box.
fn near(shape: ShapeRef<'_>, bounds: &BoundingBox, reach: f64) -> Vec<Edge> {
    let around = bounds.grown(reach * (1.0 + 1e-9) + GRID_STEP_M);
    let keep = |edge: &Edge| edge_bounds(edge).intersects(&around);
    match shape.kind() {
        Kind::Point => shape.coords().iter().map(|&at| Edge::new(at, at)).filter(keep).collect(),
        Kind::Line | Kind::Polygon => edges(shape).filter(keep).collect(),
    }
}

/// Returns the shortest squared distance from an end of `from` to an edge of `to`.
fn shortest_squared(from: &[Edge], to: Vec<Edge>) -> f64 {
    let tree = RTree::bulk_load(to);
    let mut shortest = f64::INFINITY;
    for coord in from.iter().flat_map(|edge| [edge.start, edge.end]) {
        let point = geo_types::Point::from(coord);
        if let Some(edge) = tree.nearest_neighbor_iter(&point).next() {
            shortest = shortest.min(squared(edge, coord));
        }
    }
    shortest
}

/// Returns the squared distance from a point to an edge, computed about the edge's start.
pub(super) fn squared(edge: &Edge, point: Coord) -> f64 {
    let (along, to) = (edge.end - edge.start, point - edge.start);
    let length = along.x * along.x + along.y * along.y;
    let t = if length > 0.0 { ((to.x * along.x + to.y * along.y) / length).clamp(0.0, 1.0) } else { 0.0 };
    let (dx, dy) = (to.x - along.x * t, to.y - along.y * t);
    dx * dx + dy * dy
}
