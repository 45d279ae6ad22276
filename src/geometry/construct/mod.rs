//! Shapes made from one shape: buffer, boundary, holes, parts.

use geo::algorithm::Buffer;
use geo::algorithm::buffer::{BufferStyle, LineCap, LineJoin};

use super::{Coord, Kind, Shape, ShapeRef, relate};

/// The chords of a round corner stay within this of the circle, in metres, up to the radius where a chord spans [`LEAST_ANGLE`].
const CHORD_M: f64 = 5e-3;

/// The least angle a chord spans: beyond some 160 m of radius chords stray by a thirty-thousandth of it.
const LEAST_ANGLE: f64 = std::f64::consts::TAU / 400.0;

/// The greatest angle a chord spans.
const GREATEST_ANGLE: f64 = std::f64::consts::TAU / 32.0;

/// Returns the places within `distance_m` metres of the shape; for a negative distance, those of a polygon farther than that from its
/// border.
///
/// Corners and ends are round, drawn as chords with their ends on the circle. Negative distances leave nothing of lines and points.
/// The library rounds to a grid of a billionth of the extent.
pub fn buffer(shape: ShapeRef<'_>, distance_m: f64) -> Shape {
    let mut grown = Shape::empty(Kind::Polygon);
    let Some(&origin) = shape.coords().first() else { return grown };
    if !distance_m.is_finite() || (distance_m <= 0.0 && shape.kind() != Kind::Polygon) {
        return grown;
    }
    if distance_m == 0.0 {
        return shape.to_shape();
    }
    // A chord of angle t strays by r (1 - cos t/2) from the circle.
    let angle = (2.0 * (2.0 * CHORD_M / distance_m.abs()).sqrt()).clamp(LEAST_ANGLE, GREATEST_ANGLE);
    let style = BufferStyle::new(distance_m).line_cap(LineCap::Round(angle)).line_join(LineJoin::Round(angle));
    // About its own origin the shape keeps all its digits.
    let mut local = shape.to_shape();
    for coord in local.coords_mut() {
        *coord = *coord - origin;
    }
    let back = |coord: &Coord| *coord + origin;
    for polygon in relate::to_geo(local.view()).buffer_with_style(style) {
        grown.push_ring(polygon.exterior().coords().map(back));
        for hole in polygon.interiors() {
            grown.push_ring(hole.coords().map(back));
        }
        grown.end_part();
    }
    grown
}

/// Returns the border: the rings of a polygon as lines, the dangling ends of lines as points; points have none.
pub fn boundary(shape: ShapeRef<'_>) -> Shape {
    match shape.kind() {
        Kind::Point => Shape::empty(Kind::Point),
        Kind::Line => dangling_ends(shape),
        Kind::Polygon => {
            let mut lines = Shape::empty(Kind::Line);
            for ring in shape.rings() {
                lines.push_ring(ring.iter().copied());
                lines.end_part();
            }
            lines
        }
    }
}

/// Returns the ends where an odd number of lines end, in ascending order of x, then y.
fn dangling_ends(lines: ShapeRef<'_>) -> Shape {
    let mut ends: Vec<_> = lines.rings().flat_map(|line| [line.first(), line.last()]).flatten().copied().collect();
    ends.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let mut points = Shape::empty(Kind::Point);
    for same in ends.chunk_by(|a, b| a == b) {
        if same.len() % 2 == 1 {
            points.push_ring([same[0]]);
            points.end_part();
        }
    }
    points
}

/// Returns the holes of a polygon as polygons of their own; what has none gives an empty polygon.
pub fn holes(shape: ShapeRef<'_>) -> Shape {
    let mut filled = Shape::empty(Kind::Polygon);
    if shape.kind() == Kind::Polygon {
        for ring in shape.parts().flat_map(|part| part.rings().skip(1)) {
            filled.push_ring(ring.iter().rev().copied());
            filled.end_part();
        }
    }
    filled
}

/// Returns each part as a shape of its own.
pub fn parts(shape: ShapeRef<'_>) -> Vec<Shape> {
    shape.parts().map(|part| part.to_shape()).collect()
}

#[cfg(test)]
mod tests;
