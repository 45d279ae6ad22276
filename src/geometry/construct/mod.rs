//! Shapes made from one shape: buffer, boundary, holes, parts.

mod buffer;

use super::{Kind, Shape, ShapeRef};

pub use buffer::buffer;

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
