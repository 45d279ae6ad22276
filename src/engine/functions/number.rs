//! Plain numbers and codes.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::unknown;
use crate::engine::eval::Evaluator;
use crate::engine::value::{Evaluated, Measured};
use crate::model::Duration;

/// `abs(x)`
pub(super) fn abs<'a>(values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    Some(match values.first()? {
        Evaluated::Number(number) => Evaluated::Number(number.abs()),
        Evaluated::Measure(measure) => match &measure.at_least {
            Some(_) if measure.value >= 0.0 => Evaluated::Measure(measure.clone()),
            Some(reasons) => Evaluated::Unknown(reasons.clone()),
            None => Evaluated::Measure(Measured { value: measure.value.abs(), ..measure.clone() }),
        },
        Evaluated::Duration(Duration { months, days }) => {
            Evaluated::Duration(Duration { months: months.saturating_abs(), days: days.saturating_abs() })
        }
        other => Evaluated::Unknown(other.unknown()?),
    })
}

/// `round(x, digits)`: half away from zero. A measured number may round either way if it lies within its error of the middle.
pub(super) fn round<'a>(values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    if let Some(reasons) = unknown(values) {
        return Some(Evaluated::Unknown(reasons));
    }
    let digits = match values.get(1) {
        None => 0,
        Some(Evaluated::Number(digits)) => digits.to_i32()?.clamp(0, 28) as u32,
        Some(_) => return None,
    };
    Some(match values.first()? {
        Evaluated::Number(number) => {
            Evaluated::Number(number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero))
        }
        Evaluated::Measure(Measured { at_least: Some(reasons), .. }) => Evaluated::Unknown(reasons.clone()),
        Evaluated::Measure(measure) => {
            let scale = 10_f64.powi(digits as i32);
            let to = |value: f64| (value * scale).round() / scale;
            let (low, high) = (to(measure.value - measure.error), to(measure.value + measure.error));
            match (low == high, Decimal::from_f64_retain(low)) {
                (true, Some(number)) => {
                    Evaluated::Number(number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero))
                }
                _ => Evaluated::Measure(Measured { value: to(measure.value), error: high - low, at_least: None }),
            }
        }
        _ => return None,
    })
}

/// `level(code)`
pub(super) fn level<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    Some(match values.first()? {
        Evaluated::Code(code) => Evaluated::Number(Decimal::from(evaluator.level(*code))),
        other => Evaluated::Unknown(other.unknown()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_away_from_zero() {
        let rounded = |text: &str, digits: i64| {
            let values = [Evaluated::Number(text.parse().expect("a number")), Evaluated::Number(digits.into())];
            match round(&values) {
                Some(Evaluated::Number(number)) => number.to_string(),
                other => format!("{other:?}"),
            }
        };
        assert_eq!(
            (rounded("2.5", 0), rounded("-2.5", 0), rounded("1.005", 2)),
            ("3".into(), "-3".into(), "1.01".into())
        );
    }
}
