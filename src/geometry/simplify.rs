//! Shapes with fewer vertices, for drawing: never for measuring, since what comes out may cross itself.
//!
//! Douglas and Peucker (1973), with a tolerance for each vertex. A ring is first cut into stretches of [`STRETCH`] edges, whose ends stay:
//! that bounds the work on a ring made to be slow, and costs a thousandth of the vertices.

use super::{BoundingBox, Coord, Kind, Shape, ShapeRef};

/// Edges in a stretch that is simplified by itself.
const STRETCH: usize = 1024;

/// Returns the shape without the vertices that lie within the tolerance of the line that is left.
///
/// `tolerance` gives the metres for a box: it is asked for the box of a vertex and its neighbours, and for the box of a ring or line as
/// a whole, which is left out if it is smaller than that. A polygon loses its part with the shell. Points stay as they are.
pub fn simplified(shape: ShapeRef<'_>, tolerance: &impl Fn(&BoundingBox) -> f64) -> Shape {
    let mut out = Shape::empty(shape.kind());
    if shape.kind() == Kind::Point {
        return shape.to_shape();
    }
    for part in shape.parts() {
        for (at, ring) in part.rings().enumerate() {
            let bounds = BoundingBox::around(ring);
            let size = (bounds.max.x - bounds.min.x).max(bounds.max.y - bounds.min.y);
            let kept = if size < tolerance(&bounds) { Vec::new() } else { line(ring, tolerance) };
            let enough = if shape.kind() == Kind::Polygon { 4 } else { 2 };
            match (kept.len() >= enough, at) {
                (true, _) => out.push_ring(kept),
                (false, 0) => break,
                (false, _) => {}
            }
        }
        out.end_part();
    }
    out
}

/// Returns the vertices of one line that stay.
fn line(coords: &[Coord], tolerance: &impl Fn(&BoundingBox) -> f64) -> Vec<Coord> {
    let last = coords.len().saturating_sub(1);
    // Nothing is left of a triangle or a quadrilateral once a corner goes.
    if last < 5 {
        return coords.to_vec();
    }
    // By squares, which need no roots.
    let tolerances: Vec<f64> = (0..=last)
        .map(|at| tolerance(&BoundingBox::around(&coords[at.saturating_sub(1)..=(at + 1).min(last)])).powi(2))
        .collect();
    let mut keep = vec![false; coords.len()];
    // A third of a ring at most is one stretch, so that a ring keeps three corners.
    let stretch = STRETCH.min(last.div_ceil(3));
    let ends: Vec<usize> = (0..last).step_by(stretch).chain([last]).collect();
    ends.iter().for_each(|&end| keep[end] = true);
    let mut open: Vec<(usize, usize)> = ends.windows(2).map(|pair| (pair[0], pair[1])).collect();
    while let Some((from, to)) = open.pop() {
        let off = |at: usize| distance_squared(coords[at], coords[from], coords[to]) / tolerances[at];
        let farthest = (from + 1..to).map(|at| (at, off(at))).max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((at, off)) = farthest
            && off > 1.0
        {
            keep[at] = true;
            open.extend([(from, at), (at, to)]);
        }
    }
    coords.iter().zip(keep).filter(|(_, keep)| *keep).map(|(coord, _)| *coord).collect()
}

/// Returns the square of the distance of a point from a segment.
fn distance_squared(point: Coord, from: Coord, to: Coord) -> f64 {
    let (along, off) = (to - from, point - from);
    let square = along.x * along.x + along.y * along.y;
    let share = if square > 0.0 { ((off.x * along.x + off.y * along.y) / square).clamp(0.0, 1.0) } else { 0.0 };
    let aside = off - along * share;
    aside.x * aside.x + aside.y * aside.y
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(count: usize, height: f64) -> Shape {
        let mut ring: Vec<Coord> =
            (0..count).map(|at| Coord { x: at as f64, y: height * (at as f64 / 7.0).sin() }).collect();
        ring.extend([Coord { x: count as f64, y: 5000.0 }, Coord { x: 0.0, y: 5000.0 }]);
        ring.push(ring[0]);
        let mut shape = Shape::empty(Kind::Polygon);
        shape.push_ring(ring);
        shape.end_part();
        shape
    }

    #[test]
    fn every_vertex_stays_within_the_tolerance_of_the_new_line() {
        let shape = wave(20_000, 3.0);
        let drawn = simplified(shape.view(), &|_| 0.5);
        assert!(drawn.view().coords().len() < shape.view().coords().len() / 2);
        let kept = drawn.view().coords();
        assert_eq!(kept.first(), kept.last());
        for coord in shape.view().coords() {
            let near = kept.windows(2).filter(|edge| edge[0].x - 1.0 <= coord.x && coord.x <= edge[1].x + 1.0);
            let off = near.map(|edge| distance_squared(*coord, edge[0], edge[1]).sqrt()).fold(f64::INFINITY, f64::min);
            assert!(off <= 0.5 + 1e-9 || coord.y == 5000.0, "{coord:?} is {off} m off");
        }
    }

    #[test]
    fn a_finer_tolerance_somewhere_is_kept_there() {
        let shape = wave(20_000, 3.0);
        let fine = BoundingBox { min: Coord { x: 500.0, y: -10.0 }, max: Coord { x: 600.0, y: 10.0 } };
        let drawn = simplified(shape.view(), &|bounds| if bounds.intersects(&fine) { 1e-9 } else { 10.0 });
        let inside = |shape: &Shape| shape.view().coords().iter().filter(|c| (500.0..=600.0).contains(&c.x)).count();
        assert_eq!(inside(&drawn), inside(&shape));
        assert!(drawn.view().coords().len() < 200);
    }

    #[test]
    fn a_speck_is_left_out_and_a_triangle_stays() {
        let bounds = BoundingBox { min: Coord { x: 0.0, y: 0.0 }, max: Coord { x: 1.0, y: 1.0 } };
        assert!(simplified(Shape::rectangle(&bounds).view(), &|_| 2.0).is_empty());
        assert_eq!(simplified(Shape::rectangle(&bounds).view(), &|_| 0.9).view().coords().len(), 5);
    }
}
