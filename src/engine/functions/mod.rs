//! The built-in functions. Each gives a value, or says what it depends on that is unknown.

mod date;
mod list;
mod measure;
mod number;
pub(super) mod shape;
mod text;

use smallvec::SmallVec;

use super::eval::Evaluator;
use super::frame::Frame;
use super::phrase::phrase;
use super::value::{Evaluated, Reasons};
use crate::sema::functions::Function;
use crate::sema::program::Expr;

/// Calls a function.
pub(super) fn call<'a>(
    evaluator: &Evaluator<'_, 'a>,
    function: Function,
    arguments: &'a [Expr],
    expr: &'a Expr,
    frame: &mut Frame<'a>,
) -> Evaluated<'a> {
    let values: SmallVec<[Evaluated<'a>; 2]> =
        arguments.iter().map(|argument| evaluator.eval(argument, frame)).collect();
    let values = values.as_slice();
    let program = evaluator.world.program;
    let text = || phrase(program, expr, Some(frame));
    let result = match function {
        Function::Area => measure::area(evaluator, values),
        Function::Perimeter | Function::Length => measure::length(evaluator, values),
        Function::Distance => measure::distance(evaluator, values, &text),
        Function::Width => measure::width(evaluator, values),
        Function::Share => measure::share(evaluator, values, &text),
        Function::Compactness => measure::compactness(evaluator, values),
        Function::Union => shape::union(evaluator, values),
        Function::Boundary => shape::boundary(evaluator, values),
        Function::Buffer => shape::buffer(evaluator, values, 1.0),
        Function::Inset => shape::buffer(evaluator, values, -1.0),
        Function::SymmetricDifference => shape::symmetric_difference(evaluator, values),
        Function::Centroid => shape::centroid(evaluator, values, &text),
        Function::Parts => shape::parts(evaluator, values),
        Function::Holes => shape::holes(evaluator, values),
        Function::Box => shape::rectangle(values),
        Function::Polygon => shape::polygon(values),
        Function::Line => shape::line(values),
        Function::Point => shape::point(values),
        Function::Sum => list::sum(evaluator, values, &text),
        Function::Count => list::count(evaluator, values),
        Function::Min => list::extreme_of(evaluator, values, false, &text),
        Function::Max => list::extreme_of(evaluator, values, true, &text),
        Function::Mean => list::mean_of(evaluator, values, &text),
        Function::Cumulative => list::cumulative(evaluator, values, &text),
        Function::Acyclic => list::acyclic(evaluator, values),
        Function::Default => default(values),
        Function::Abs => number::abs(values),
        Function::Round => number::round(values),
        Function::Date => date::date(values, &text),
        Function::DaysBetween => date::days_between(values),
        Function::YearsBetween => date::years_between(values, &text),
        Function::Year => date::year(values),
        Function::StartsWith => text::starts_with(values),
        Function::Matches => text::matches(values),
        Function::Trim => text::trim(values),
        Function::Level => number::level(evaluator, values),
    };
    match result {
        Some(value) => value,
        None => evaluator.misfit(expr, frame),
    }
}

/// Returns why some of the arguments are unknown.
fn unknown(values: &[Evaluated<'_>]) -> Option<Reasons> {
    Reasons::all(values.iter().filter_map(Evaluated::unknown))
}

/// `default(x, y)`: y where x is missing.
fn default<'a>(values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    match values {
        [Evaluated::Absent(_), instead] => Some(instead.clone()),
        [value, _] => Some(value.clone()),
        _ => None,
    }
}
