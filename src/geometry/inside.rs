//! Places that stand for a shape: its centroid, and a point surely inside.

use super::edges::{Position, edges, position};
use super::{Coord, Kind, ShapeRef};

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
