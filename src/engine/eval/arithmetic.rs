//! Numbers, durations and dates.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Span;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::engine::finding::Missing;
use crate::engine::value::{Evaluated, Measured, Reasons};
use crate::model::Duration;
use crate::sema::program::Operator;

/// The largest relative error of one operation on measured numbers.
const ROUNDING: f64 = 2.0 * f64::EPSILON;

/// Returns a decimal as the nearest measured number.
pub(in crate::engine) fn to_f64(number: Decimal) -> f64 {
    number.to_f64().unwrap_or(f64::NAN)
}

/// Returns a number as a measure, with the error of its conversion.
pub(in crate::engine) fn number_of(value: &Evaluated<'_>) -> Option<Measured> {
    /// Every whole number up to here is one of double precision.
    const WHOLE: i128 = 1 << 53;
    match value {
        Evaluated::Measure(measure) => Some(measure.clone()),
        Evaluated::Number(number) => {
            if number.scale() == 0 && number.mantissa().abs() <= WHOLE {
                return Some(Measured { value: number.mantissa() as i64 as f64, error: 0.0, at_least: None });
            }
            let value = to_f64(*number);
            let whole = number.is_integer() && value.abs() <= WHOLE as f64;
            Some(Measured { value, error: if whole { 0.0 } else { value.abs() * f64::EPSILON }, at_least: None })
        }
        _ => None,
    }
}

/// Returns `-e`.
pub(super) fn negate(value: Evaluated<'_>) -> Evaluated<'_> {
    match value {
        Evaluated::Number(number) => Evaluated::Number(-number),
        Evaluated::Duration(Duration { months, days }) => {
            Evaluated::Duration(Duration { months: months.saturating_neg(), days: days.saturating_neg() })
        }
        Evaluated::Measure(Measured { at_least: Some(reasons), .. }) => Evaluated::Unknown(reasons),
        Evaluated::Measure(Measured { value, error, at_least: None }) => {
            Evaluated::Measure(Measured { value: -value, error, at_least: None })
        }
        other => other,
    }
}

/// Returns the result of `+ - * /`: exact for exact numbers. `None` for what are no numbers.
pub(in crate::engine) fn apply<'a>(
    operator: Operator,
    one: &Evaluated<'a>,
    other: &Evaluated<'a>,
    text: &dyn Fn() -> Arc<str>,
) -> Option<Evaluated<'a>> {
    if let Some(reasons) = Reasons::join(one.unknown(), other.unknown()) {
        return Some(Evaluated::Unknown(reasons));
    }
    if let (Evaluated::Number(one), Evaluated::Number(other)) = (one, other) {
        let result = match operator {
            Operator::Add => one.checked_add(*other),
            Operator::Subtract => one.checked_sub(*other),
            Operator::Multiply => one.checked_mul(*other),
            Operator::Divide if other.is_zero() => return Some(Evaluated::missing(Missing::DivisionByZero(text()))),
            Operator::Divide => one.checked_div(*other),
        };
        return Some(result.ok_or_else(|| Missing::TooLarge(text())).into());
    }
    let (one, other) = (number_of(one)?, number_of(other)?);
    // Only a sum is at least what its known parts are; what else is made of such a number is unknown.
    let at_least = Reasons::join(one.at_least.clone(), other.at_least.clone());
    if let (Some(reasons), Operator::Subtract | Operator::Multiply | Operator::Divide) = (&at_least, operator) {
        return Some(Evaluated::Unknown(reasons.clone()));
    }
    let (a, b) = (one.value, other.value);
    let (value, error) = match operator {
        Operator::Add => (a + b, one.error + other.error),
        Operator::Subtract => (a - b, one.error + other.error),
        Operator::Multiply => (a * b, a.abs() * other.error + b.abs() * one.error + one.error * other.error),
        Operator::Divide if b == 0.0 => return Some(Evaluated::missing(Missing::DivisionByZero(text()))),
        Operator::Divide if b.abs() <= other.error => return Some(Evaluated::missing(Missing::WithinError(text()))),
        Operator::Divide => (a / b, (one.error + (a / b).abs() * other.error) / (b.abs() - other.error)),
    };
    if !value.is_finite() {
        return Some(Evaluated::missing(Missing::TooLarge(text())));
    }
    Some(Evaluated::Measure(Measured { value, error: error + value.abs() * ROUNDING, at_least }))
}

/// Returns the day so long after, or before, a day.
pub(super) fn shift_date<'a>(
    date: &Evaluated<'a>,
    by: &Evaluated<'a>,
    back: bool,
    text: &dyn Fn() -> Arc<str>,
) -> Option<Evaluated<'a>> {
    if let Some(reasons) = Reasons::join(date.unknown(), by.unknown()) {
        return Some(Evaluated::Unknown(reasons));
    }
    let (Evaluated::Date(date), Evaluated::Duration(by)) = (date, by) else { return None };
    let sign = if back { -1 } else { 1 };
    let span =
        Span::new().try_months(i64::from(by.months) * sign).and_then(|span| span.try_days(i64::from(by.days) * sign));
    let shifted = span.and_then(|span| date.checked_add(span));
    Some(shifted.map_or_else(|_| Evaluated::missing(Missing::NoSuchDay(text())), Evaluated::Date))
}

/// Returns the days from one day to another.
pub(in crate::engine) fn days_from<'a>(from: &Evaluated<'a>, to: &Evaluated<'a>) -> Option<Evaluated<'a>> {
    if let Some(reasons) = Reasons::join(from.unknown(), to.unknown()) {
        return Some(Evaluated::Unknown(reasons));
    }
    let (Evaluated::Date(from), Evaluated::Date(to)) = (from, to) else { return None };
    let days = to.duration_since(*from).as_hours() / 24;
    Some(Evaluated::Duration(Duration { months: 0, days: days as i32 }))
}

/// Returns the sum or difference of two durations.
pub(in crate::engine) fn add_durations<'a>(
    one: &Evaluated<'a>,
    other: &Evaluated<'a>,
    minus: bool,
    text: &dyn Fn() -> Arc<str>,
) -> Option<Evaluated<'a>> {
    if let Some(reasons) = Reasons::join(one.unknown(), other.unknown()) {
        return Some(Evaluated::Unknown(reasons));
    }
    let (Evaluated::Duration(one), Evaluated::Duration(other)) = (one, other) else { return None };
    let combine = |a: i32, b: i32| if minus { a.checked_sub(b) } else { a.checked_add(b) };
    let sum = combine(one.months, other.months).zip(combine(one.days, other.days));
    Some(match sum {
        Some((months, days)) => Evaluated::Duration(Duration { months, days }),
        None => Evaluated::missing(Missing::TooLarge(text())),
    })
}

/// Orders two durations, where every calendar orders them so.
pub(in crate::engine) fn compare_durations(one: Duration, other: Duration) -> Option<Ordering> {
    let months = i64::from(one.months) - i64::from(other.months);
    let days = i64::from(one.days) - i64::from(other.days);
    if months == 0 {
        return Some(days.cmp(&0));
    }
    let (fewest, most) = days_in(months);
    match ((fewest + days).cmp(&0), (most + days).cmp(&0)) {
        (least, most) if least == most => Some(least),
        _ => None,
    }
}

/// Returns how few and how many days so many months in a row can have.
fn days_in(months: i64) -> (i64, i64) {
    /// For 0 to 11 months; the fewest always hold a February of 28 days where they can, the most avoid one.
    const EXTREMES: [(i64, i64); 12] = [
        (0, 0),
        (28, 31),
        (59, 62),
        (89, 92),
        (120, 123),
        (150, 153),
        (181, 184),
        (212, 215),
        (242, 245),
        (273, 276),
        (303, 306),
        (334, 337),
    ];
    let (years, rest) = (months.abs() / 12, (months.abs() % 12) as usize);
    let leap_days = if years == 0 { 0 } else { years / 4 + 1 };
    let (fewest, most) = (years * 365 + EXTREMES[rest].0, years * 365 + leap_days + EXTREMES[rest].1);
    if months < 0 { (-most, -fewest) } else { (fewest, most) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duration(months: i32, days: i32) -> Duration {
        Duration { months, days }
    }

    #[test]
    fn durations_are_ordered_where_every_calendar_agrees() {
        assert_eq!(compare_durations(duration(480, 0), duration(840, 0)), Some(Ordering::Less));
        assert_eq!(compare_durations(duration(1, 0), duration(0, 27)), Some(Ordering::Greater));
        assert_eq!(compare_durations(duration(1, 0), duration(0, 28)), None);
        assert_eq!(compare_durations(duration(1, 0), duration(0, 32)), Some(Ordering::Less));
        assert_eq!(compare_durations(duration(12, 0), duration(0, 365)), None);
        assert_eq!(compare_durations(duration(12, 0), duration(0, 367)), Some(Ordering::Less));
        assert_eq!(compare_durations(duration(0, 40), duration(1, 0)), Some(Ordering::Greater));
    }

    #[test]
    fn runs_of_months_in_the_calendar_keep_to_the_extremes() {
        let start = jiff::civil::date(1995, 1, 1);
        for first in 0..120 {
            let from = start.checked_add(Span::new().months(first)).expect("in range");
            for months in 1..=60_i64 {
                let to = from.checked_add(Span::new().months(months)).expect("in range");
                let days = to.duration_since(from).as_hours() / 24;
                let (fewest, most) = days_in(months);
                assert!((fewest..=most).contains(&days), "{months} months from {from}: {days}");
            }
        }
    }

    #[test]
    fn errors_grow_with_what_is_computed() {
        let measure = |value, error| Evaluated::Measure(Measured { value, error, at_least: None });
        let text = || Arc::from("x");
        let Some(Evaluated::Measure(quotient)) = apply(Operator::Divide, &measure(1.0, 0.1), &measure(2.0, 0.2), &text)
        else {
            panic!("a quotient")
        };
        assert!(quotient.value == 0.5 && quotient.error >= 0.5 * (0.1 + 0.1) && quotient.error < 0.12);
        let zero = apply(Operator::Divide, &measure(1.0, 0.1), &Evaluated::Number(Decimal::ZERO), &text);
        assert!(matches!(zero, Some(Evaluated::Unknown(_))));
        let exact = apply(Operator::Add, &Evaluated::Number(Decimal::MAX), &Evaluated::Number(Decimal::ONE), &text);
        assert!(matches!(exact, Some(Evaluated::Unknown(_))));
    }
}
