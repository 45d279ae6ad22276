//! The smallest change that would turn a condition, read off its steps.

use super::number;
use super::result::{Outcome, Step, Text};
use crate::text;

/// The most alternatives that are told.
const ALTERNATIVES: usize = 6;

/// Returns what would make a condition come out as `wanted`; any one of these does.
pub(super) fn smallest(condition: &Step, wanted: bool) -> Vec<Text> {
    let mut changes = turn(condition, wanted);
    changes.truncate(ALTERNATIVES);
    changes
}

fn turn(step: &Step, wanted: bool) -> Vec<Text> {
    let is = match step.outcome {
        Some(Outcome::True) => Some(true),
        Some(Outcome::False) => Some(false),
        Some(Outcome::Unknown) | None => None,
    };
    if is == Some(wanted) {
        return Vec::new();
    }
    match step.operation.as_deref() {
        Some("not") => step.steps.first().map_or_else(Vec::new, |part| turn(part, !wanted)),
        // One part suffices to break `and` and to make `or`; the other way round, all are needed.
        Some("and") if !wanted => step.steps.iter().flat_map(|part| turn(part, wanted)).collect(),
        Some("or") if wanted => step.steps.iter().flat_map(|part| turn(part, wanted)).collect(),
        Some("and" | "or") => {
            let needed: Vec<Text> =
                step.steps.iter().filter_map(|part| turn(part, wanted).into_iter().next()).collect();
            let join = |all: Vec<&str>, between: &str| all.join(between);
            let en = join(needed.iter().map(|one| one.en.as_str()).collect(), "; and ");
            let zh = join(needed.iter().map(|one| one.zh.as_str()).collect(), "；并且 ");
            if needed.is_empty() { Vec::new() } else { vec![Text::new(en, zh)] }
        }
        Some(sign) => vec![compared(step, sign, wanted).unwrap_or_else(|| stated(step, wanted))],
        None => vec![stated(step, wanted)],
    }
}

/// Says of a condition that has no numbers that it must come out otherwise.
fn stated(step: &Step, wanted: bool) -> Text {
    let condition = &step.text;
    let unknown = step.outcome == Some(Outcome::Unknown);
    match (wanted, unknown) {
        (_, true) => text!(en: "supply what `{condition}` depends on", zh: "补齐 {condition} 所依赖的数据"),
        (true, false) => text!(en: "`{condition}` would have to hold", zh: "须使 {condition} 成立"),
        (false, false) => text!(en: "`{condition}` would have to be false", zh: "须使 {condition} 不成立"),
    }
}

/// Says by how much a side of a comparison of numbers would have to change.
fn compared(step: &Step, sign: &str, wanted: bool) -> Option<Text> {
    let [left, right] = step.steps.as_slice() else { return None };
    let number = |side: &Step| side.amount.as_ref()?.value.as_f64();
    let (one, other) = (number(left)?, number(right)?);
    // What is the rules' own is the limit; the plan is what changes.
    let own = |side: &Step| side.from.as_ref().is_none_or(|from| from.of_rules) && side.steps.is_empty();
    let (thing, limit, value, bound, flipped) = match own(left) {
        true => (right, left, other, one, true),
        false => (left, right, one, other, false),
    };
    let sign = match (wanted, sign) {
        (true, sign) => sign,
        (false, "<") => "≥",
        (false, "≤") => ">",
        (false, ">") => "≤",
        (false, "≥") => "<",
        (false, "=") => "≠",
        (false, _) => "=",
    };
    let sign = match (flipped, sign) {
        (true, "<") => ">",
        (true, "≤") => "≥",
        (true, ">") => "<",
        (true, "≥") => "≤",
        (_, sign) => sign,
    };
    let unit = thing.amount.as_ref()?.unit.as_deref();
    let by = (value - bound).abs();
    let by = match unit {
        Some("m2") => number::area(by),
        Some("m") => number::length(by),
        Some("ratio") => format!("{}%", number::measured(by * 100.0, 2)),
        Some(_) | None => number::measured(by, 2),
    };
    let (name, limit) = (&thing.text, &limit.amount.as_ref()?.shown);
    Some(match sign {
        "<" | "≤" => text!(
            en: "`{name}` would have to fall by {by}, to {sign} {limit}",
            zh: "{name} 须减少 {by}，至 {sign} {limit}"
        ),
        ">" | "≥" => text!(
            en: "`{name}` would have to rise by {by}, to {sign} {limit}",
            zh: "{name} 须增加 {by}，至 {sign} {limit}"
        ),
        "=" => text!(en: "`{name}` would have to be {limit}", zh: "{name} 须等于 {limit}"),
        _ => text!(en: "`{name}` would have to be other than {limit}", zh: "{name} 须不等于 {limit}"),
    })
}
