//! Values as people read them: customary unit, customary rounding, digits in groups.
//!
//! Half is rounded away from zero on the decimal digits, so that 0.125 is 0.13 whether it was measured or written.
//! Text comes out as it went in; escaping is the business of each renderer.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::engine::finding::{MessagePart, Shown};
use crate::model::{CodeRef, CodesId, Dataset, Dimension, Duration, EnumId, Schema, Unit};

/// What stands for an unknown value.
pub const MISSING: &str = "（缺）";

/// Returns a number with this many decimals and digits in groups of three; never a negative zero.
pub fn grouped(number: Decimal, decimals: u32) -> String {
    let rounded = number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    let digits = format!("{:.*}", decimals as usize, rounded.abs());
    sign(rounded) + &group(&digits)
}

/// Returns a number with all its decimals, save for trailing zeros, and digits in groups of three.
pub fn plain(number: Decimal) -> String {
    sign(number) + &group(&number.abs().normalize().to_string())
}

fn sign(number: Decimal) -> String {
    if number.is_sign_negative() && !number.is_zero() { "-".to_owned() } else { String::new() }
}

fn group(digits: &str) -> String {
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::with_capacity(digits.len() + whole.len() / 3 + 1);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// Returns the shortest decimal that reads back as `number`; `None` if it is not finite or too large for a decimal.
pub fn decimal(number: f64) -> Option<Decimal> {
    if !number.is_finite() {
        return None;
    }
    let written = format!("{number}");
    // Past 28 decimals nothing is left that any rounding here could see.
    let end = written.find('.').map_or(written.len(), |point| written.len().min(point + 29));
    written[..end].parse().ok()
}

/// Returns a measured number with this many decimals, as [`grouped`] writes it.
pub fn measured(number: f64, decimals: u32) -> String {
    match decimal(number) {
        Some(number) => grouped(number, decimals),
        None if number.is_finite() => format!("{number:e}"),
        None => MISSING.to_owned(),
    }
}

/// Returns an area in square metres.
pub fn area(area_m2: f64) -> String {
    format!("{} ㎡", measured(area_m2, 2))
}

/// Returns an area in mu.
pub fn mu(area_m2: f64) -> String {
    in_unit(share_of(area_m2), Unit::Mu)
}

/// Returns a length in metres.
pub fn length(length_m: f64) -> String {
    format!("{} m", measured(length_m, 2))
}

/// Returns a share as a percentage.
pub fn percent(share: f64) -> String {
    in_unit(share_of(share), Unit::Percent)
}

fn share_of(share: f64) -> Measured {
    match decimal(share) {
        Some(number) => Measured::Exact(number),
        None => Measured::Beyond(share),
    }
}

/// A number as a decimal, or one that no decimal holds.
enum Measured {
    Exact(Decimal),
    Beyond(f64),
}

/// Returns the sign and the decimals of a unit.
fn written(unit: Unit) -> (&'static str, u32) {
    match unit {
        Unit::Metre => (" m", 2),
        Unit::Kilometre => (" km", 3),
        Unit::SquareMetre => (" ㎡", 2),
        Unit::Hectare => (" 公顷", 4),
        Unit::SquareKilometre => (" 平方公里", 4),
        Unit::Mu => (" 亩", 2),
        Unit::TenThousandMu => (" 万亩", 4),
        Unit::Yuan => (" 元", 2),
        Unit::TenThousandYuan => (" 万元", 2),
        Unit::HundredMillionYuan => (" 亿元", 4),
        Unit::Percent => ("%", 2),
        Unit::Permille => ("‰", 2),
    }
}

/// Returns the unit in which people read numbers of a dimension, if there is a customary one.
fn customary(dimension: Dimension, ratio: bool) -> Option<Unit> {
    match dimension {
        Dimension::AREA => Some(Unit::SquareMetre),
        Dimension::LENGTH => Some(Unit::Metre),
        Dimension::MONEY => Some(Unit::TenThousandYuan),
        Dimension::NONE if ratio => Some(Unit::Percent),
        _ => None,
    }
}

fn in_unit(number: Measured, unit: Unit) -> String {
    let (sign, decimals) = written(unit);
    let converted = match number {
        Measured::Exact(number) => unit.from_base(number).map(|number| grouped(number, decimals)),
        Measured::Beyond(number) if number.is_finite() => Some(format!("{:e}", unit.measure_from_base(number))),
        Measured::Beyond(_) => None,
    };
    converted.map_or(MISSING.to_owned(), |digits| digits + sign)
}

/// Returns the name of a dimension in base units as JSON has it: `m2`, `yuan/m2`, `ratio`; `None` for a plain number.
pub fn base_unit(dimension: Dimension, ratio: bool) -> Option<String> {
    if dimension == Dimension::NONE {
        return ratio.then(|| "ratio".to_owned());
    }
    Some(product(dimension, ["m", "yuan", "day"]))
}

fn product(dimension: Dimension, names: [&str; 3]) -> String {
    let powers = names.into_iter().zip([dimension.length, dimension.money, dimension.time]);
    let write = |above: bool| -> String {
        let factor = |(name, power): (&str, i8)| match power.unsigned_abs() {
            1 => name.to_owned(),
            power => format!("{name}{power}"),
        };
        let side = powers.clone().filter(|(_, power)| if above { *power > 0 } else { *power < 0 });
        side.map(factor).collect::<Vec<_>>().join("·")
    };
    match (write(true), write(false)) {
        (above, below) if below.is_empty() => above,
        (above, below) if above.is_empty() => format!("1/{below}"),
        (above, below) => format!("{above}/{below}"),
    }
}

/// Prints values; knows the names of codes, enumerations and items.
#[derive(Clone, Copy)]
pub struct Printer<'a> {
    /// The names.
    pub schema: &'a Schema,
    /// The ids of items.
    pub data: &'a Dataset,
}

impl Printer<'_> {
    /// Returns a message as one text.
    pub fn message(self, parts: &[MessagePart]) -> String {
        let part = |part: &MessagePart| match part {
            MessagePart::Text(text) => text.to_string(),
            MessagePart::Value(value, unit) => self.shown(value, *unit),
        };
        parts.iter().map(part).collect()
    }

    /// Returns a value for people, numbers in `unit` or the customary one.
    pub fn shown(self, value: &Shown, unit: Option<Unit>) -> String {
        match value {
            Shown::Missing => MISSING.to_owned(),
            Shown::Text(text) => text.to_string(),
            Shown::Bool(true) => "是".to_owned(),
            Shown::Bool(false) => "否".to_owned(),
            Shown::Number { value, dimension, ratio } => {
                self.number(Measured::Exact(*value), *dimension, *ratio, unit, false)
            }
            Shown::Measure { value, error: _, dimension, ratio, at_least } => {
                let number = self.number(share_of(*value), *dimension, *ratio, unit, true);
                if *at_least && number != MISSING { format!("≥ {number}") } else { number }
            }
            Shown::Date(date) => date.to_string(),
            Shown::Duration(duration) => span(*duration),
            Shown::Code(code) => self.code(*code),
            Shown::Enum(of, value) => self.value_name(*of, *value),
            Shown::Item(item) => self.data.items(item.class).id(item.index).to_string(),
            Shown::Range(low, high) => {
                let end = |end: &Option<Box<Shown>>| end.as_deref().map(|end| self.shown(end, unit));
                match (end(low), end(high)) {
                    (Some(low), Some(high)) => format!("{low} 至 {high}"),
                    (Some(low), None) => format!("不小于 {low}"),
                    (None, Some(high)) => format!("不大于 {high}"),
                    (None, None) => "不限".to_owned(),
                }
            }
            Shown::List(items) => items.iter().map(|item| self.shown(item, unit)).collect::<Vec<_>>().join("、"),
        }
    }

    fn number(
        self,
        number: Measured,
        dimension: Dimension,
        ratio: bool,
        unit: Option<Unit>,
        is_measured: bool,
    ) -> String {
        let fitting = unit.filter(|unit| unit.dimension() == dimension).or(customary(dimension, ratio));
        if let Some(unit) = fitting {
            return in_unit(number, unit);
        }
        let digits = match number {
            Measured::Exact(number) if is_measured => {
                plain(number.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero))
            }
            Measured::Exact(number) => plain(number.round_dp_with_strategy(10, RoundingStrategy::MidpointAwayFromZero)),
            Measured::Beyond(number) if number.is_finite() => format!("{number:e}"),
            Measured::Beyond(_) => return MISSING.to_owned(),
        };
        match dimension {
            Dimension::NONE => digits,
            other => format!("{digits} {}", product(other, ["m", "元", "天"])),
        }
    }

    /// Returns `0701 城镇住宅用地`.
    pub fn code(self, code: CodeRef) -> String {
        if code.list == CodesId::REGION {
            return format!("{:06}", code.entry);
        }
        match self.schema.code_list(code.list).entries.get(code.entry as usize) {
            Some(entry) if entry.name.is_empty() => entry.code.to_string(),
            Some(entry) => format!("{} {}", entry.code, entry.name),
            None => MISSING.to_owned(),
        }
    }

    /// Returns the name for people of a value of an enumeration.
    pub fn value_name(self, of: EnumId, value: u16) -> String {
        let names = self.schema.enumeration(of).values.get(value as usize);
        names.map_or(MISSING.to_owned(), |names| names.shown().to_owned())
    }
}

/// Returns `40 年`, `1 年 6 个月`, `30 天`.
fn span(duration: Duration) -> String {
    let (years, months) = (duration.months / 12, duration.months % 12);
    let parts = [(years, "年"), (months, "个月"), (duration.days, "天")];
    let written: Vec<String> =
        parts.iter().filter(|(number, _)| *number != 0).map(|(number, unit)| format!("{number} {unit}")).collect();
    if written.is_empty() { "0 天".to_owned() } else { written.join(" ") }
}
