//! The text of a field that is an upper or a lower limit, to its value.
//!
//! Takes what [`super::bounds`] makes of the text, gives the end that the field is, with a note on everything that was guessed.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::bounds::{self, Guess, Said, Unclear};
use super::convert::{Fault, in_base, shortened, unreadable};
use super::quantities::Amount;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Code, Severity, Text};
use crate::model::{Dimension, Field, Limit, Type, Unit, Value};
use crate::text;

/// Whether the property of a limit also serves the opposite one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sharing {
    /// It does not.
    Alone,
    /// It does, and a bare number is this one's.
    First,
    /// It does, and a bare number is the other's.
    Second,
}

/// Reads the text of a field that is a limit.
pub(super) fn read(
    field: &Field,
    limit: Limit,
    sharing: Sharing,
    text: &str,
    at: usize,
    faults: &mut Vec<Fault>,
) -> Result<Value, (&'static Code, Text)> {
    let mut note = |code, text| faults.push(Fault { code, severity: Severity::Note, text, at });
    let (said, guess) = bounds::read(text).map_err(|why| unclear(why, text))?;
    if let Some(guess) = guess {
        note(&codes::LIMIT_GUESSED, guessed(guess, text));
    }
    let (low, high) = match &said {
        Said::Unlimited => return Ok(Value::Missing),
        Said::Number(_) if sharing == Sharing::Second => return Ok(Value::Missing),
        Said::Number(amount) if limit == Limit::Lower => (Some(amount), None),
        // Tables that have no empty numbers write it for none, and so do some plans.
        Said::Number(amount) if amount.number.is_zero() && !stands_for_none(field, amount) => return Err(zero(text)),
        Said::Number(amount) => (None, Some(amount)),
        Said::Ends(low, high) => (low.as_ref(), high.as_ref()),
    };
    let (ty, is_range) = match &field.ty {
        Type::Range(inner) => (&**inner, true),
        ty => (ty, false),
    };
    // Of 0.5 to 35 both are per cent, if one is.
    let percent = [low, high].into_iter().flatten().any(|end| end.unit.is_empty() && end.number > Decimal::ONE);
    let mut end = |amount: Option<&Amount>| match amount.filter(|amount| !stands_for_none(field, amount)) {
        None => Ok(None),
        Some(amount) => base(amount, ty, percent, &mut note).map(Some).ok_or_else(|| unclear(Unclear::Other, text)),
    };
    let (low, high) = (end(low)?, end(high)?);
    if matches!((low, high), (Some(low), Some(high)) if low > high) {
        return Err(unclear(Unclear::Other, text));
    }
    let value = |end: Option<Decimal>| end.map_or(Value::Missing, Value::Number);
    if is_range {
        return Ok(Value::Range(Arc::new((value(low), value(high)))));
    }
    let (own, other) = if limit == Limit::Lower { (low, high) } else { (high, low) };
    if other.is_some() && sharing == Sharing::Alone {
        note(&codes::LIMIT_GUESSED, left_out(field, limit, text));
    }
    Ok(value(own))
}

/// Returns an end in base units; of a ratio, 35 cannot but mean 35 %, and what stands beside it is then `percent` too. `None` for
/// what no limit is: less than nothing, or a share of more than the whole.
fn base(amount: &Amount, ty: &Type, percent: bool, note: &mut impl FnMut(&'static Code, Text)) -> Option<Decimal> {
    let number =
        in_base(amount, ty.dimension().unwrap_or(Dimension::NONE)).filter(|number| *number >= Decimal::ZERO)?;
    if *ty != Type::Ratio {
        return Some(number);
    }
    if !percent || number.is_zero() || !amount.unit.is_empty() {
        return Some(number).filter(|number| *number <= Decimal::ONE);
    }
    let share = Unit::Percent.to_base(number).filter(|share| *share <= Decimal::ONE)?;
    let (en, zh) = if number > Decimal::ONE {
        ("is above 1", "大于 1")
    } else {
        ("stands beside one above 1", "与大于 1 的限值并列")
    };
    let text = text!(
        en: "the limit {number} of a ratio {en} and was read as {number}%",
        zh: "比例限值 {number} {zh}，按 {number}% 读取"
    );
    note(&codes::RATIO_OVER_ONE, text);
    Some(share)
}

/// Tells whether the field declares an end as standing for none.
fn stands_for_none(field: &Field, end: &Amount) -> bool {
    end.unit.is_empty() && field.missing.iter().any(|none| none.parse() == Ok(end.number))
}

fn guessed(guess: Guess, text: &str) -> Text {
    let shown = shortened(text.trim());
    match guess {
        Guess::Words => text!(en: "`{shown}` was read as no limit", zh: "“{shown}”按不设限值读取"),
        Guess::Strict => text!(
            en: "`{shown}` excludes the limit itself; it was read as including it",
            zh: "“{shown}”不含限值本身，按包含读取"
        ),
        Guess::Mark => text!(en: "the mark behind `{shown}` was left out", zh: "“{shown}”后的标记已略去"),
    }
}

fn left_out(field: &Field, limit: Limit, text: &str) -> Text {
    let (shown, name) = (shortened(text.trim()), field.names.shown());
    let (en, zh) = match limit {
        Limit::Upper => ("a lower", "下限"),
        Limit::Lower => ("an upper", "上限"),
    };
    text!(
        en: "`{shown}` states {en} limit, which `{name}` is not; that was left out",
        zh: "“{shown}”写有{zh}，不属于“{name}”，已略去"
    )
}

fn zero(text: &str) -> (&'static Code, Text) {
    let shown = shortened(text.trim());
    let text = text!(
        en: "`{shown}` as an upper limit means no limit in some data and a limit of zero in others: leave it empty, or write `≤{shown}`",
        zh: "上限“{shown}”在有的数据中表示不设限，在有的数据中表示限为零：不设限请留空，限为零请写“≤{shown}”"
    );
    (&codes::UNREADABLE_VALUE, text)
}

fn unclear(why: Unclear, text: &str) -> (&'static Code, Text) {
    match why {
        Unclear::Several => {
            let shown = shortened(text.trim());
            let text = text!(
                en: "`{shown}` states several numbers; write the one that holds here",
                zh: "“{shown}”写有多个数值；请写明此处适用的一个"
            );
            (&codes::UNREADABLE_VALUE, text)
        }
        Unclear::Other => unreadable(text, "a limit such as 2.5, ≤2.5 or 1.5-2.5", "限值（如 2.5、≤2.5、1.5-2.5）"),
    }
}
