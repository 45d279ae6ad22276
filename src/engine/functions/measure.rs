//! Sizes of shapes.

use std::sync::Arc;

use super::unknown;
use crate::engine::eval::{Evaluator, apply};
use crate::engine::finding::Missing;
use crate::engine::value::{Evaluated, Measured};
use crate::geometry::measure;
use crate::geometry::measure::Measure;
use crate::sema::program::Operator;

/// `area(g)`
pub(super) fn area<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    Some(evaluator.area(values.first()?))
}

/// `length(g)`, `perimeter(g)`
pub(super) fn length<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    Some(evaluator.length(values.first()?))
}

/// `distance(a, b)`: of many, to the nearest; unknown where there is none.
pub(super) fn distance<'a>(
    evaluator: &Evaluator<'_, 'a>,
    values: &[Evaluated<'a>],
    text: &dyn Fn() -> Arc<str>,
) -> Option<Evaluated<'a>> {
    let [one, other] = values else { return None };
    let (one, other) = match (evaluator.whole(one), evaluator.whole_parts(other)) {
        (Ok(one), Ok(other)) => (one, other),
        (Err(reasons), _) | (_, Err(reasons)) => return Some(Evaluated::Unknown(reasons)),
    };
    let mut nearest: Option<Measure> = None;
    let bounds = one.view().bounds();
    for shape in other.iter().map(|shape| shape.view()).filter(|shape| !shape.is_empty()) {
        // A box farther off than the nearest shape so far holds nothing nearer.
        let reach = nearest.map(|nearest| nearest.value + nearest.error);
        if reach.is_some_and(|reach| !shape.bounds().intersects(&bounds.grown(reach))) {
            continue;
        }
        let apart = measure::distance(one.view(), shape);
        if nearest.is_none_or(|nearest| apart.value < nearest.value) {
            nearest = Some(apart);
        }
    }
    Some(match nearest.filter(|_| !one.view().is_empty()) {
        Some(nearest) => Evaluated::Measure(nearest.into()),
        None => Evaluated::missing(Missing::EmptyAggregate(text())),
    })
}

/// `width(g)`: the diameter of the largest inscribed circle.
pub(super) fn width<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    /// The circle is searched for to a ten-thousandth of its diameter, or a millimetre.
    const PRECISION: f64 = 1e-4;
    Some(match evaluator.whole(values.first()?) {
        Ok(shape) => {
            let value = measure::width(shape.view());
            let error = if value == 0.0 { 0.0 } else { (value * PRECISION).max(1e-3) };
            Evaluated::Measure(Measured { value, error, at_least: None })
        }
        Err(reasons) => Evaluated::Unknown(reasons),
    })
}

/// `share(p, L)`: `area(p & L) / area(p)`.
pub(super) fn share<'a>(
    evaluator: &Evaluator<'_, 'a>,
    values: &[Evaluated<'a>],
    text: &dyn Fn() -> Arc<str>,
) -> Option<Evaluated<'a>> {
    let [one, other] = values else { return None };
    let taken = evaluator.area(&evaluator.intersect(one, other));
    apply(Operator::Divide, &taken, &evaluator.area(one), text)
}

/// `compactness(g)`: 4πA/P².
pub(super) fn compactness<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    if let Some(reasons) = unknown(values) {
        return Some(Evaluated::Unknown(reasons));
    }
    Some(match evaluator.whole(values.first()?) {
        Ok(shape) => {
            let method = &evaluator.world.settings.method;
            let (area, perimeter) = (measure::area(shape.view(), method), measure::length(shape.view(), method));
            let value = measure::compactness(shape.view(), method);
            let share = |measure: Measure| if measure.value > 0.0 { measure.error / measure.value } else { 0.0 };
            let error = value * (share(area) + 2.0 * share(perimeter) + 8.0 * f64::EPSILON);
            Evaluated::Measure(Measured { value, error, at_least: None })
        }
        Err(reasons) => Evaluated::Unknown(reasons),
    })
}
