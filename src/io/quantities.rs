//! Numbers with units, dates and durations as people and programs write them.
//!
//! All take full-width characters: texts are normalised to NFKC first, which also makes `㎡` and `m²` into `m2`.

use std::borrow::Cow;

use jiff::civil::Date;
use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use crate::model::{Duration, Unit};

/// Returns the text trimmed and in NFKC.
pub(super) fn normalised(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) }
}

/// Returns the unit of a name; `万` and `亿` are ten thousand and a hundred million yuan.
pub fn unit_named(name: &str) -> Option<Unit> {
    let found = match name.to_lowercase().as_str() {
        "m" | "米" | "公尺" | "metre" | "metres" | "meter" | "meters" => Unit::Metre,
        "km" | "千米" | "公里" => Unit::Kilometre,
        "m2" | "m^2" | "sqm" | "平方米" | "平米" => Unit::SquareMetre,
        "ha" | "hm2" | "公顷" | "hectare" | "hectares" => Unit::Hectare,
        "km2" | "km^2" | "平方公里" | "平方千米" => Unit::SquareKilometre,
        "mu" | "亩" => Unit::Mu,
        "万亩" => Unit::TenThousandMu,
        "元" | "yuan" | "cny" | "rmb" | "人民币元" => Unit::Yuan,
        "万元" | "万" | "人民币万元" => Unit::TenThousandYuan,
        "亿元" | "亿" => Unit::HundredMillionYuan,
        "%" | "percent" => Unit::Percent,
        "‰" => Unit::Permille,
        _ => return None,
    };
    Some(found)
}

/// A number and what stands behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// The number as written.
    pub number: Decimal,
    /// The words behind it, trimmed; empty if there are none.
    pub unit: String,
}

/// Reads a number and the unit behind it: `1200 万元`, `0.5公顷`, `-5 m`, `1,234.5`, `1e-3`; `None` if it does not start with one.
pub fn parse_amount(text: &str) -> Option<Amount> {
    let text = normalised(text);
    // Most numbers are just that.
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-')
        && let Ok(number) = text.parse()
    {
        return Some(Amount { number, unit: String::new() });
    }
    // Full-width and typographic minus signs survive NFKC as U+2212.
    let text = text.replace('\u{2212}', "-");
    let bytes = text.as_bytes();
    let mut end = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let digits_from = end;
    while end < bytes.len() && (bytes[end].is_ascii_digit() || bytes[end] == b'.' || bytes[end] == b',') {
        end += 1;
    }
    let mantissa = &text[digits_from..end];
    let mut exponent = false;
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
        let digits = bytes[end + 1 + sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 {
            exponent = true;
            end += 1 + sign + digits;
        }
    }
    if !mantissa.bytes().any(|byte| byte.is_ascii_digit()) || !grouped(mantissa) {
        return None;
    }
    let written = text[..end].replace(',', "");
    let written = written.strip_prefix('+').unwrap_or(&written);
    let number = if exponent { Decimal::from_scientific(written).ok()? } else { written.parse().ok()? };
    Some(Amount { number, unit: text[end..].trim().to_owned() })
}

/// Tells whether commas, if any, part the digits before the point in threes.
fn grouped(mantissa: &str) -> bool {
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if fraction.contains([',', '.']) {
        return false;
    }
    if !whole.contains(',') {
        return true;
    }
    let mut groups = whole.split(',');
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
    first && groups.all(|group| group.len() == 3)
}

/// Reads a day: `2026-01-15`, `2026/1/15`, `2026.1.15`, `20260115`, `2026年1月15日`; a time of day behind it is dropped.
pub fn parse_date(text: &str) -> Option<Date> {
    let text = normalised(text);
    let day = match text.split_once(['T', ' ']) {
        Some((day, time)) if time.trim_start().starts_with(|one: char| one.is_ascii_digit()) && time.contains(':') => {
            day
        }
        Some(_) => return None,
        None => &text,
    };
    if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) {
        return Date::new(day[..4].parse().ok()?, day[4..6].parse().ok()?, day[6..].parse().ok()?).ok();
    }
    let parts: Vec<&str> = if let Some(chinese) = day.strip_suffix(['日', '号']) {
        let (year, rest) = chinese.split_once('年')?;
        let (month, date) = rest.split_once('月')?;
        vec![year.trim(), month.trim(), date.trim()]
    } else {
        let sign = ['-', '/', '.'].into_iter().find(|sign| day.contains(*sign))?;
        day.split(sign).collect()
    };
    let [year, month, date] = parts.as_slice() else { return None };
    let number = |text: &str, most: usize| {
        let fits = !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { text.parse::<i16>().ok() } else { None }
    };
    if year.len() != 4 {
        return None;
    }
    let (month, date) = (number(month, 2)? as i8, number(date, 2)? as i8);
    Date::new(number(year, 4)?, month, date).ok()
}

/// Reads a span of time: `40 years`, `40年`, `2年6个月`, `30天`; `None` for a bare number, whose unit nobody knows.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let text = normalised(text);
    let mut rest: &str = &text;
    let mut total = Duration::default();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let count: i32 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let word = rest.find(|one: char| one.is_ascii_digit() || one.is_whitespace()).unwrap_or(rest.len());
        match rest[..word].to_lowercase().as_str() {
            "年" | "周年" | "year" | "years" | "y" | "a" => {
                total.months = total.months.checked_add(count.checked_mul(12)?)?;
            }
            "月" | "个月" | "month" | "months" => total.months = total.months.checked_add(count)?,
            "天" | "日" | "day" | "days" | "d" => total.days = total.days.checked_add(count)?,
            _ => return None,
        }
        rest = rest[word..].trim_start();
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_with_their_units() {
        let read = |text| parse_amount(text).map(|amount| format!("{}|{}", amount.number, amount.unit));
        for (text, expected) in [
            ("1200 万元", "1200|万元"),
            ("0.5公顷", "0.5|公顷"),
            ("１２．５㎡", "12.5|m2"),
            ("-5 m", "-5|m"),
            ("−5m", "-5|m"),
            ("1,234,567.5", "1234567.5|"),
            ("1e-3", "0.001|"),
            ("2.5E2 m²", "250|m2"),
            ("35％", "35|%"),
            (".5", "0.5|"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "约5", "1,2", "1,23,456", "m", "--5", "1.2.3", "1e999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_read_in_the_usual_forms() {
        let day = Date::new(2026, 1, 5).ok();
        for text in [
            "2026-01-05",
            "2026/1/5",
            "2026.1.5",
            "20260105",
            "2026年1月5日",
            "２０２６年１月５日",
            "2026-01-05T08:00:00Z",
            "2026-01-05 00:00:00",
        ] {
            assert_eq!(parse_date(text), day, "{text}");
        }
        for text in
            ["", "2026", "2026-13-01", "2026-02-30", "05/01/2026", "2026年1月", "2026-1", "26-1-5", "2026-01-05 下午"]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn durations_need_a_unit() {
        let months = |months| Some(Duration { months, days: 0 });
        for text in ["40年", "40 years", "４０ 年"] {
            assert_eq!(parse_duration(text), months(480), "{text}");
        }
        assert_eq!(parse_duration("2年6个月"), months(30));
        assert_eq!(parse_duration("30天"), Some(Duration { months: 0, days: 30 }));
        for text in ["", "40", "年", "40 x", "9999999999年", "400000000年"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
