//! Shapes made from shapes.

use std::sync::Arc;

use super::unknown;
use crate::engine::eval::{Evaluator, dissolved, number_of};
use crate::engine::finding::Missing;
use crate::engine::value::{Evaluated, Gap, Reasons, ShapeOf};
use crate::geometry::prepared::are_tangled;
use crate::geometry::{BoundingBox, Coord, Kind, Shape, ShapeRef, construct, measure, overlay};

/// `union(a, b, …)`, `union(list)`
pub(super) fn union<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    Some(union_of(evaluator, values.iter().map(|value| (value.clone(), None)).collect(), Vec::new()))
}

/// Returns the union of things with ground, each with the doubt whether it belongs; `gaps` are what is not known besides.
pub(in crate::engine) fn union_of<'a>(
    evaluator: &Evaluator<'_, 'a>,
    values: Vec<(Evaluated<'a>, Option<Reasons>)>,
    mut gaps: Vec<Gap>,
) -> Evaluated<'a> {
    let mut shapes = Vec::new();
    for (value, doubt) in values {
        let region = evaluator.region(&value, None);
        gaps.extend(region.gaps);
        match doubt {
            None => shapes.push(region.shape),
            Some(reasons) => gaps.push(Gap { bounds: Some(region.shape.view().bounds()), reasons }),
        }
    }
    Evaluated::Region(Arc::new(dissolved(shapes, gaps)))
}

/// Makes a shape from one that is known whole.
fn made<'a>(
    evaluator: &Evaluator<'_, 'a>,
    value: &Evaluated<'a>,
    make: impl FnOnce(ShapeRef<'_>) -> Shape,
) -> Evaluated<'a> {
    match evaluator.whole(value) {
        Ok(shape) => Evaluated::shape(make(shape.view())),
        Err(reasons) => Evaluated::Unknown(reasons),
    }
}

/// `boundary(g)`
pub(super) fn boundary<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    Some(made(evaluator, values.first()?, construct::boundary))
}

/// `buffer(g, d)`; with sign -1, `inset(g, d)`
pub(super) fn buffer<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>], sign: f64) -> Option<Evaluated<'a>> {
    let [shape, distance] = values else { return None };
    if let Some(reasons) = distance.unknown() {
        return Some(Evaluated::Unknown(reasons));
    }
    let distance = number_of(distance)?.value;
    Some(match evaluator.whole(shape).map(|shape| construct::buffer(shape.view(), sign * distance)) {
        Ok(Some(grown)) => Evaluated::shape(grown),
        Ok(None) => Evaluated::missing(Missing::Tangled(shape.feature())),
        Err(reasons) => Evaluated::Unknown(reasons),
    })
}

/// `symmetric_difference(a, b)`
pub(super) fn symmetric_difference<'a>(
    evaluator: &Evaluator<'_, 'a>,
    values: &[Evaluated<'a>],
) -> Option<Evaluated<'a>> {
    let [one, other] = values else { return None };
    Some(match (evaluator.whole(one), evaluator.whole(other)) {
        (Ok(one), Ok(other)) => {
            let (one, other) = (one.view(), other.view());
            match are_tangled(&[one, other], &one.bounds().merged(&other.bounds())) {
                true => Evaluated::missing(Missing::Tangled(None)),
                false => Evaluated::shape(overlay::symmetric_difference(one, other)),
            }
        }
        (one, other) => Evaluated::Unknown(Reasons::join(one.err(), other.err()).unwrap_or_default()),
    })
}

/// `centroid(g)`; unknown for an empty shape.
pub(super) fn centroid<'a>(
    evaluator: &Evaluator<'_, 'a>,
    values: &[Evaluated<'a>],
    text: &dyn Fn() -> Arc<str>,
) -> Option<Evaluated<'a>> {
    Some(match evaluator.whole(values.first()?) {
        Ok(shape) => match measure::centroid(shape.view()) {
            Some(coord) => Evaluated::shape(of_coords(Kind::Point, &[coord])),
            None => Evaluated::missing(Missing::EmptyAggregate(text())),
        },
        Err(reasons) => Evaluated::Unknown(reasons),
    })
}

/// `parts(g)`
pub(super) fn parts<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    Some(list_of(evaluator.whole(values.first()?), construct::parts))
}

/// `holes(g)`
pub(super) fn holes<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    Some(list_of(evaluator.whole(values.first()?), |shape| construct::parts(construct::holes(shape).view())))
}

fn list_of<'a>(shape: Result<ShapeOf<'a>, Reasons>, split: impl FnOnce(ShapeRef<'_>) -> Vec<Shape>) -> Evaluated<'a> {
    match shape {
        Ok(shape) => Evaluated::List(split(shape.view()).into_iter().map(Evaluated::shape).collect()),
        Err(reasons) => Evaluated::Unknown(reasons),
    }
}

/// `box(x1, y1, x2, y2)`; the corners may come in any order.
pub(super) fn rectangle<'a>(values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    corners(values, |coords| {
        let &[_, _] = coords else { return None };
        Some(Shape::rectangle(&BoundingBox::around(coords)))
    })
}

/// `polygon(x1, y1, x2, y2, …)`: closed and turned counter-clockwise as needed.
pub(super) fn polygon<'a>(values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    corners(values, |coords| {
        let mut ring = coords.to_vec();
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        if ring.len() < 3 {
            return None;
        }
        let next = ring.iter().cycle().skip(1);
        let twice: f64 = ring.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
        if twice < 0.0 {
            ring.reverse();
        }
        ring.push(ring[0]);
        Some(of_coords(Kind::Polygon, &ring))
    })
}

/// `line(x1, y1, x2, y2, …)`
pub(super) fn line<'a>(values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    corners(values, |coords| (coords.len() >= 2).then(|| of_coords(Kind::Line, coords)))
}

/// `point(x, y)`
pub(super) fn point<'a>(values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    corners(values, |coords| (coords.len() == 1).then(|| of_coords(Kind::Point, coords)))
}

fn of_coords(kind: Kind, coords: &[Coord]) -> Shape {
    let mut shape = Shape::empty(kind);
    shape.push_ring(coords.iter().copied());
    shape.end_part();
    shape
}

fn corners<'a>(values: &[Evaluated<'a>], make: impl FnOnce(&[Coord]) -> Option<Shape>) -> Option<Evaluated<'a>> {
    if let Some(reasons) = unknown(values) {
        return Some(Evaluated::Unknown(reasons));
    }
    let numbers: Option<Vec<f64>> = values.iter().map(|value| number_of(value).map(|number| number.value)).collect();
    let numbers = numbers.filter(|numbers| numbers.len().is_multiple_of(2))?;
    let coords: Vec<Coord> = numbers.chunks_exact(2).map(|pair| Coord { x: pair[0], y: pair[1] }).collect();
    make(&coords).map(Evaluated::shape)
}
