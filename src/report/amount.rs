//! Shown values as the report carries them: unrounded, with the form for people beside.

use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::number::{Printer, base_unit};
use super::result::Amount;
use crate::engine::finding::Shown;
use crate::model::{CodesId, Duration};

/// Returns a value with its unit and its form for people.
pub(super) fn amount(value: &Shown, printer: Printer<'_>) -> Amount {
    let (unit, error, at_least) = match value {
        Shown::Number { dimension, ratio, .. } => (base_unit(*dimension, *ratio), None, false),
        Shown::Measure { error, dimension, ratio, at_least, .. } => {
            (base_unit(*dimension, *ratio), error.is_finite().then_some(*error), *at_least)
        }
        Shown::Missing
        | Shown::Text(_)
        | Shown::Bool(_)
        | Shown::Date(_)
        | Shown::Duration(_)
        | Shown::Code(_)
        | Shown::Enum(..)
        | Shown::Item(_)
        | Shown::Range(..)
        | Shown::List(_) => (None, None, false),
    };
    Amount { value: raw(value, printer), unit, error, at_least, shown: printer.shown(value, None) }
}

fn raw(value: &Shown, printer: Printer<'_>) -> Value {
    match value {
        Shown::Missing => Value::Null,
        Shown::Text(text) => json!(**text),
        Shown::Bool(truth) => json!(truth),
        // Whole numbers stay whole: 1200, not 1200.0.
        Shown::Number { value, .. } => match value.is_integer().then(|| value.to_i64()).flatten() {
            Some(whole) => json!(whole),
            None => json!(value.to_f64()),
        },
        Shown::Measure { value, .. } => json!(value),
        Shown::Date(date) => json!(date.to_string()),
        Shown::Duration(duration) => json!(iso(*duration)),
        Shown::Code(code) if code.list == CodesId::REGION => json!(format!("{:06}", code.entry)),
        Shown::Code(code) => {
            let entry = printer.schema.code_list(code.list).entries.get(code.entry as usize);
            json!(entry.map(|entry| &*entry.code))
        }
        Shown::Enum(of, value) => {
            let names = printer.schema.enumeration(*of).values.get(*value as usize);
            json!(names.map(|names| &*names.name))
        }
        Shown::Item(item) => json!(printer.data.items(item.class).id(item.index)),
        Shown::Range(low, high) => {
            let end = |end: &Option<Box<Shown>>| end.as_deref().map_or(Value::Null, |end| raw(end, printer));
            json!({ "low": end(low), "high": end(high) })
        }
        Shown::List(items) => items.iter().map(|item| raw(item, printer)).collect(),
    }
}

/// Returns a span of time as ISO 8601 has it: `P40Y`, `P1Y6M`, `P30D`.
fn iso(duration: Duration) -> String {
    let parts = [(duration.months / 12, 'Y'), (duration.months % 12, 'M'), (duration.days, 'D')];
    let written: String =
        parts.iter().filter(|(number, _)| *number != 0).map(|(number, unit)| format!("{number}{unit}")).collect();
    if written.is_empty() { "P0D".to_owned() } else { format!("P{written}") }
}
