//! Days and years.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Span, Unit};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::unknown;
use crate::engine::eval::days_from;
use crate::engine::finding::Missing;
use crate::engine::value::Evaluated;

/// `date(year, month, day)`: unknown if the calendar has none.
pub(super) fn date<'a>(values: &[Evaluated<'a>], text: &dyn Fn() -> Arc<str>) -> Option<Evaluated<'a>> {
    if let Some(reasons) = unknown(values) {
        return Some(Evaluated::Unknown(reasons));
    }
    let [Evaluated::Number(year), Evaluated::Number(month), Evaluated::Number(day)] = values else { return None };
    let whole = |number: &Decimal| if number.is_integer() { number.to_i16() } else { None };
    let small = |number: &Decimal| if number.is_integer() { number.to_i8() } else { None };
    let date = match (whole(year), small(month), small(day)) {
        (Some(year), Some(month), Some(day)) => Date::new(year, month, day).ok(),
        _ => None,
    };
    Some(date.map_or_else(|| Evaluated::missing(Missing::NoSuchDay(text())), Evaluated::Date))
}

/// `days_between(a, b)`: a number of days, as the type of the call says, or a duration.
pub(super) fn days_between<'a>(values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    let [from, to] = values else { return None };
    Some(match days_from(from, to)? {
        Evaluated::Duration(duration) => Evaluated::Number(Decimal::from(duration.days)),
        other => other,
    })
}

/// `years_between(a, b)`: whole years from a to b; negative if b comes first.
pub(super) fn years_between<'a>(values: &[Evaluated<'a>], text: &dyn Fn() -> Arc<str>) -> Option<Evaluated<'a>> {
    if let Some(reasons) = unknown(values) {
        return Some(Evaluated::Unknown(reasons));
    }
    let [Evaluated::Date(from), Evaluated::Date(to)] = values else { return None };
    let span: Result<Span, _> = from.until((Unit::Year, *to));
    Some(match span {
        Ok(span) => Evaluated::Number(Decimal::from(span.get_years())),
        Err(_) => Evaluated::missing(Missing::TooLarge(text())),
    })
}

/// `year(d)`
pub(super) fn year<'a>(values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    Some(match values.first()? {
        Evaluated::Date(date) => Evaluated::Number(Decimal::from(date.year())),
        other => Evaluated::Unknown(other.unknown()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_whole_and_days_may_not_exist() {
        let day = |year, month, day| Evaluated::Date(jiff::civil::date(year, month, day));
        let text = || Arc::from("x");
        let years = |from, to| match years_between(&[from, to], &text) {
            Some(Evaluated::Number(years)) => years.to_i64(),
            _ => None,
        };
        assert_eq!(years(day(2000, 2, 29), day(2001, 2, 28)), Some(0));
        assert_eq!(years(day(2000, 3, 1), day(2003, 3, 1)), Some(3));
        let parts = |y: i64, m: i64, d: i64| [y, m, d].map(|part| Evaluated::Number(Decimal::from(part)));
        assert!(matches!(date(&parts(2023, 2, 29), &text), Some(Evaluated::Unknown(_))));
        assert!(matches!(date(&parts(2024, 2, 29), &text), Some(Evaluated::Date(_))));
        let days = days_between(&[day(2024, 2, 28), day(2024, 3, 1)]);
        assert!(matches!(days, Some(Evaluated::Number(days)) if days == Decimal::TWO));
    }
}
