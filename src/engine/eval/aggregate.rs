//! What gathers many into one, and conditions asked of many.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::Evaluator;
use super::compare::order_of;
use crate::engine::finding::Missing;
use crate::engine::frame::Frame;
use crate::engine::functions::shape::union_of;
use crate::engine::phrase::phrase;
use crate::engine::truth;
use crate::engine::value::{Evaluated, Gap, Many, Measured, Reasons, Tri};
use crate::model::Truth;
use crate::sema::functions::Function;
use crate::sema::program::{Aggregate, Binding, Expr, ExprKind, Operator, Property, Quantifier};

/// The elements of an aggregate: those that surely belong, and those that may.
struct Gathered<'a> {
    /// Each element with the doubt whether it belongs.
    elements: Vec<(Evaluated<'a>, Option<Reasons>)>,
    more: Option<Reasons>,
}

impl<'a> Evaluator<'_, 'a> {
    /// Returns what a variable runs over among the bindings at hand, relation and condition applied: doubt where they are unknown.
    pub(in crate::engine) fn run_over(&self, binding: &'a Binding, frame: &mut Frame<'a>) -> Many<'a> {
        let run = self.run_of(binding, None, frame);
        let Some(condition) = &binding.condition else { return Arc::unwrap_or_clone(run.many) };
        let mut kept = Many { items: Vec::new(), more: run.many.more.clone() };
        for (at, (value, doubt)) in run.many.items.iter().enumerate() {
            match self.condition(condition, binding.slot, value, run.settled(at), frame) {
                Truth::True => kept.items.push((value.clone(), doubt.clone())),
                Truth::False => {}
                Truth::Unknown(reasons) => {
                    kept.items.push((value.clone(), Reasons::join(doubt.clone(), Some(reasons))))
                }
            }
        }
        kept
    }

    pub(super) fn quantify(
        &self,
        kind: Quantifier,
        binding: &'a Binding,
        condition: &'a Expr,
        frame: &mut Frame<'a>,
    ) -> Tri {
        let run = self.run_of(binding, Some(condition), frame);
        let mut held = Vec::with_capacity(run.many.items.len());
        for (at, (value, doubt)) in run.many.items.iter().enumerate() {
            let belongs = match &binding.condition {
                Some(own) => self.condition(own, binding.slot, value, run.settled(at), frame),
                None => Truth::True,
            };
            if belongs == Truth::False {
                continue;
            }
            frame.set(binding.slot, value.clone());
            let holds = self.truth_given(condition, run.settled(at), frame);
            held.push((holds, truth::and(truth::doubted(doubt.as_ref()), belongs)));
        }
        let more = run.many.more.clone().map_or(Truth::False, Truth::Unknown);
        match kind {
            Quantifier::Any => {
                truth::or(truth::any(held.into_iter().map(|(holds, belongs)| truth::and(belongs, holds))), more)
            }
            Quantifier::None => {
                let any = truth::any(held.into_iter().map(|(holds, belongs)| truth::and(belongs, holds)));
                truth::not(truth::or(any, more))
            }
            Quantifier::All => {
                let fails = held.into_iter().map(|(holds, belongs)| truth::and(belongs, truth::not(holds)));
                truth::not(truth::or(truth::any(fails), more))
            }
        }
    }

    pub(super) fn aggregate(
        &self,
        kind: Aggregate,
        bindings: &'a [Binding],
        element: &'a Expr,
        expr: &'a Expr,
        frame: &mut Frame<'a>,
    ) -> Evaluated<'a> {
        let mut gathered = Gathered { elements: Vec::new(), more: None };
        self.gather(bindings, element, frame, None, &mut gathered);
        let text = || phrase(self.world.program, expr, Some(frame));
        match kind {
            Aggregate::Sum => sum(&gathered, measures(element), &text),
            Aggregate::Count => count(&gathered),
            Aggregate::Collect => {
                let place = |(value, doubt): (Evaluated<'a>, Option<Reasons>)| doubt.map_or(value, Evaluated::Unknown);
                let mut all: Vec<_> = gathered.elements.into_iter().map(place).collect();
                all.extend(gathered.more.map(Evaluated::Unknown));
                Evaluated::List(all.into())
            }
            Aggregate::Min | Aggregate::Max | Aggregate::Mean | Aggregate::Only | Aggregate::Union => {
                if kind == Aggregate::Union {
                    let gaps = gathered.more.map(|reasons| Gap { bounds: None, reasons });
                    return union_of(self, gathered.elements, gaps.into_iter().collect());
                }
                if let Some(reasons) = doubt_of(&gathered) {
                    return Evaluated::Unknown(reasons);
                }
                let values: Vec<_> = gathered.elements.into_iter().map(|(value, _)| value).collect();
                match kind {
                    Aggregate::Min => extreme(&values, false, &text),
                    Aggregate::Max => extreme(&values, true, &text),
                    Aggregate::Mean => mean(&values, &text),
                    Aggregate::Only => match values.as_slice() {
                        [] => Evaluated::missing(Missing::NoMatch(text())),
                        [one] => one.clone(),
                        _ => Evaluated::missing(Missing::SeveralMatch(text())),
                    },
                    Aggregate::Sum | Aggregate::Count | Aggregate::Collect | Aggregate::Union => {
                        self.misfit(expr, frame)
                    }
                }
            }
        }
    }

    fn gather(
        &self,
        bindings: &'a [Binding],
        element: &'a Expr,
        frame: &mut Frame<'a>,
        doubt: Option<Reasons>,
        into: &mut Gathered<'a>,
    ) {
        let Some((first, rest)) = bindings.split_first() else {
            let value = self.eval(element, frame);
            into.elements.push((value, doubt));
            return;
        };
        let many = self.run_over(first, frame);
        into.more = Reasons::join(into.more.take(), many.more);
        for (value, own) in many.items {
            frame.set(first.slot, value);
            self.gather(rest, element, frame, Reasons::join(doubt.clone(), own), into);
        }
    }
}

/// Tells whether an element is a measured size, so that a sum of such is at least what is known of it.
fn measures(element: &Expr) -> bool {
    matches!(
        element.kind,
        ExprKind::Call(Function::Area | Function::Length | Function::Perimeter, _)
            | ExprKind::Property(_, Property::Area | Property::Length)
    )
}

fn doubt_of(gathered: &Gathered<'_>) -> Option<Reasons> {
    let of_values = gathered.elements.iter().filter_map(|(value, _)| match value {
        Evaluated::Measure(measure) => measure.at_least.clone(),
        _ => value.unknown(),
    });
    Reasons::all(of_values.chain(membership(gathered)))
}

/// Returns why it is not known what is gathered.
fn membership<'g>(gathered: &'g Gathered<'_>) -> impl Iterator<Item = Reasons> + 'g {
    gathered.elements.iter().filter_map(|(_, doubt)| doubt.clone()).chain(gathered.more.clone())
}

fn count<'a>(gathered: &Gathered<'a>) -> Evaluated<'a> {
    let sure = gathered.elements.iter().filter(|(_, doubt)| doubt.is_none()).count();
    match Reasons::all(membership(gathered)) {
        None => Evaluated::Number(Decimal::from(sure)),
        Some(reasons) => Evaluated::Measure(Measured { value: sure as f64, error: 0.0, at_least: Some(reasons) }),
    }
}

fn sum<'a>(gathered: &Gathered<'a>, measured: bool, text: &dyn Fn() -> Arc<str>) -> Evaluated<'a> {
    let sure = gathered.elements.iter().filter(|(value, doubt)| doubt.is_none() && value.unknown().is_none());
    let doubt = doubt_of(gathered);
    if let (Some(reasons), false) = (&doubt, measured) {
        return Evaluated::Unknown(reasons.clone());
    }
    let total = total(sure.map(|(value, _)| value), text);
    match (doubt, total) {
        (None, total) => total,
        (Some(reasons), Evaluated::Measure(measure)) => {
            Evaluated::Measure(Measured { at_least: Some(reasons), ..measure })
        }
        (Some(reasons), Evaluated::Number(_)) => {
            Evaluated::Measure(Measured { value: 0.0, error: 0.0, at_least: Some(reasons) })
        }
        (Some(reasons), _) => Evaluated::Unknown(reasons),
    }
}

/// Returns the sum of numbers or durations; 0 of none.
pub(in crate::engine) fn total<'v, 'a: 'v>(
    values: impl IntoIterator<Item = &'v Evaluated<'a>>,
    text: &dyn Fn() -> Arc<str>,
) -> Evaluated<'a> {
    values.into_iter().fold(Evaluated::Number(Decimal::ZERO), |so_far, value| match value {
        Evaluated::Duration(_) if matches!(so_far, Evaluated::Number(_)) => value.clone(),
        Evaluated::Duration(_) => {
            super::arithmetic::add_durations(&so_far, value, false, text).unwrap_or_else(|| so_far.clone())
        }
        _ => super::arithmetic::apply(Operator::Add, &so_far, value, text)
            .unwrap_or_else(|| Evaluated::missing(Missing::NoMatch(text()))),
    })
}

/// Returns the smallest or largest of known values.
pub(in crate::engine) fn extreme<'a>(
    values: &[Evaluated<'a>],
    largest: bool,
    text: &dyn Fn() -> Arc<str>,
) -> Evaluated<'a> {
    let Some((first, rest)) = values.split_first() else {
        return Evaluated::missing(Missing::EmptyAggregate(text()));
    };
    let mut found = first.clone();
    for value in rest {
        if let Some(reasons) = Reasons::join(found.unknown(), value.unknown()) {
            return Evaluated::Unknown(reasons);
        }
        found = match (&found, value) {
            // The larger of two measures is between the larger values and the larger errors, however close they are.
            (Evaluated::Measure(_), _) | (_, Evaluated::Measure(_)) => {
                match (super::number_of(&found), super::number_of(value)) {
                    (Some(one), Some(other)) => match Reasons::join(one.at_least.clone(), other.at_least.clone()) {
                        Some(reasons) => return Evaluated::Unknown(reasons),
                        None => {
                            let value = if largest { one.value.max(other.value) } else { one.value.min(other.value) };
                            Evaluated::Measure(Measured { value, error: one.error.max(other.error), at_least: None })
                        }
                    },
                    _ => return Evaluated::missing(Missing::NoMatch(text())),
                }
            }
            (found, value) => match order_of(value, found) {
                Ok(order) if (largest && order.is_gt()) || (!largest && order.is_lt()) => value.clone(),
                Ok(_) => found.clone(),
                Err(super::compare::Uncompared::CalendarDependent) => {
                    return Evaluated::missing(Missing::CalendarDependent(text()));
                }
                Err(_) => return Evaluated::missing(Missing::NoMatch(text())),
            },
        };
    }
    found
}

/// Returns the mean of known numbers.
pub(in crate::engine) fn mean<'a>(values: &[Evaluated<'a>], text: &dyn Fn() -> Arc<str>) -> Evaluated<'a> {
    if values.is_empty() {
        return Evaluated::missing(Missing::EmptyAggregate(text()));
    }
    let number = Evaluated::Number(Decimal::from(values.len()));
    super::arithmetic::apply(Operator::Divide, &total(values, text), &number, text)
        .unwrap_or_else(|| Evaluated::missing(Missing::NoMatch(text())))
}
