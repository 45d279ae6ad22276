//! Limits of plans as people write them: `≤2.5`, `1.5-2.0`, `30%以上`, `1.0＜R≤2.0`, `不予規定`.
//!
//! Takes the text of one value, gives the ends it states, and says what of it was a guess. Knows nothing of fields and units beyond
//! how amounts are written.

use super::quantities::{Amount, normalised, parse_amount, unit_named};

/// What a text says of a quantity.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    /// A number, and nothing of whether it is the most or the least.
    Number(Amount),
    /// The least and the most; at least one of them.
    Ends(Option<Amount>, Option<Amount>),
    /// That there is no limit.
    Unlimited,
}

/// What had to be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    /// Words were taken to say that there is no limit.
    Words,
    /// A limit that excludes its own value was taken to include it.
    Strict,
    /// A mark behind the number was left out.
    Mark,
}

/// Why a text is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unclear {
    /// It states several numbers, and not which one holds.
    Several,
    /// It is something else.
    Other,
}

/// What stands in plans where no limit is set, once dashes are alike and spaces gone.
const UNLIMITED: &[&str] = &[
    "无",
    "無",
    "不限",
    "不限制",
    "无限制",
    "無限制",
    "不设限",
    "不设",
    "不作规定",
    "不做规定",
    "不作要求",
    "无要求",
    "无规定",
    "不予规定",
    "不予規定",
    "不规定",
    "不規定",
    "未规定",
    "未規定",
    "不控制",
    "不作控制",
    "不适用",
    "none",
    "n/a",
    "na",
    "nolimit",
    "unlimited",
];

/// Words and signs of comparison, longer ones before those they hold.
const COMPARISONS: &[(&str, char)] = &[
    ("小于等于", '≤'),
    ("小于或等于", '≤'),
    ("不大于", '≤'),
    ("不高于", '≤'),
    ("不超过", '≤'),
    ("不多于", '≤'),
    ("至多", '≤'),
    ("<=", '≤'),
    ("≦", '≤'),
    ("≯", '≤'),
    ("⩽", '≤'),
    ("大于等于", '≥'),
    ("大于或等于", '≥'),
    ("不小于", '≥'),
    ("不低于", '≥'),
    ("不少于", '≥'),
    ("至少", '≥'),
    (">=", '≥'),
    ("≧", '≥'),
    ("≮", '≥'),
    ("⩾", '≥'),
    ("小于", '<'),
    ("低于", '<'),
    ("少于", '<'),
    ("大于", '>'),
    ("高于", '>'),
    ("超过", '>'),
];

/// Words behind a number.
const BEHIND: &[(&str, char)] = &[("以下", '≤'), ("以内", '≤'), ("之内", '≤'), ("以上", '≥')];

/// Signs between the ends of a range; a hyphen too, where it stands between numbers.
const BETWEEN: &[&str] = &["..", "—", "–", "―", "〜", "至", "到", "‐", "-"];

const SIGNS: [char; 4] = ['≤', '≥', '<', '>'];

/// Returns what a text says of a quantity, and what of it was guessed.
pub(super) fn read(text: &str) -> Result<(Said, Option<Guess>), Unclear> {
    let text: String = normalised(text).chars().filter(|one| !one.is_whitespace()).collect();
    let text = text.replace('\u{2212}', "-");
    let dashes = text.chars().all(|one| "-~—–―─/".contains(one));
    if !text.is_empty() && (dashes || UNLIMITED.contains(&text.to_lowercase().as_str())) {
        return Ok((Said::Unlimited, Some(Guess::Words)));
    }
    let mut signed = text.clone();
    for (word, sign) in COMPARISONS {
        signed = signed.replace(word, sign.encode_utf8(&mut [0; 4]));
    }
    for (word, sign) in BEHIND {
        if let Some(number) = signed.strip_suffix(word).or_else(|| signed.strip_suffix("(含)")?.strip_suffix(word)) {
            signed = format!("{sign}{number}");
        }
    }
    if signed.contains(SIGNS) {
        let strict = signed.contains(['<', '>']).then_some(Guess::Strict);
        return compared(&signed).map(|said| (said, strict));
    }
    let number = text.trim_end_matches(['*', '#', '※']);
    let marked = (number.len() < text.len()).then_some(Guess::Mark);
    if let Some(amount) = amount(number) {
        return Ok((Said::Number(amount), marked));
    }
    if let Some((low, high)) = range(number) {
        return Ok((Said::Ends(Some(low), Some(high)), marked));
    }
    let several = number.split(['/', '(', ')', '、', ';', '|', '+']).filter(|part| amount(part).is_some()).count() > 1;
    Err(if several { Unclear::Several } else { Unclear::Other })
}

/// Reads a number whose unit, if any, is one.
fn amount(text: &str) -> Option<Amount> {
    parse_amount(text).filter(|amount| amount.unit.is_empty() || unit_named(&amount.unit).is_some())
}

/// Reads `1.5-2.0` and `24~36m`, where the unit stands for both.
fn range(text: &str) -> Option<(Amount, Amount)> {
    let text = text.replace('~', "—");
    BETWEEN.iter().find_map(|sign| {
        // A number may be negative: the sign between two stands behind something.
        let at = text.char_indices().skip(1).map(|(at, _)| at).find(|at| text[*at..].starts_with(sign))?;
        let (mut low, high) = (amount(&text[..at])?, amount(&text[at + sign.len()..])?);
        if low.unit.is_empty() {
            low.unit.clone_from(&high.unit);
        }
        Some((low, high))
    })
}

/// Reads `≤2.5`, `1.0<R≤2.0` and `≥1.0,≤2.5`; words without digits stand for the quantity.
fn compared(text: &str) -> Result<Said, Unclear> {
    let (mut low, mut high) = (None, None);
    for piece in text.split([',', ';', '、', '且']).filter(|piece| !piece.is_empty()) {
        let signs: Vec<char> = piece.chars().filter(|one| SIGNS.contains(one)).collect();
        let parts: Vec<&str> = piece.split(SIGNS).collect();
        for (at, sign) in signs.iter().enumerate() {
            let is_quantity = |part: &str| !part.chars().any(char::is_numeric);
            let (number, upper) = match (parts[at], parts[at + 1]) {
                (before, behind) if is_quantity(before) => (behind, matches!(sign, '≤' | '<')),
                (before, behind) if is_quantity(behind) => (before, matches!(sign, '≥' | '>')),
                _ => return Err(Unclear::Other),
            };
            let end = if upper { &mut high } else { &mut low };
            if end.replace(amount(number).ok_or(Unclear::Other)?).is_some() {
                return Err(Unclear::Several);
            }
        }
        if signs.is_empty() {
            return Err(Unclear::Other);
        }
    }
    Ok(Said::Ends(low, high))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever the text, it is read or refused, and what is read has an end.
        #[test]
        fn every_text_is_read_or_refused(text in "[-0-9.,~—≤＜>=至以下上%m㎡*()/、且 R无]{0,12}") {
            if let Ok((Said::Ends(low, high), _)) = read(&text) {
                prop_assert!(low.is_some() || high.is_some(), "{text}");
            }
        }

        /// Two ends are found again, however they are joined and dressed.
        #[test]
        fn ends_are_found_again(low in 0u32..5_000, more in 0u32..5_000, form in 0usize..8) {
            let (low, high) = (f64::from(low) / 100.0, f64::from(low + more) / 100.0);
            let text = match form {
                0 => format!("{low}-{high}"),
                1 => format!(" {low} ～ {high} "),
                2 => format!("≥{low}且≤{high}"),
                3 => format!("{low}≤R≤{high}"),
                4 => format!("不低于{low}，不超过{high}"),
                5 => format!("≮{low},≯{high}"),
                // A hyphen that is not the keyboard's.
                6 => format!("{low}\u{2010}{high}"),
                _ => format!("{low}%至{high}%"),
            };
            let Ok((Said::Ends(Some(found_low), Some(found_high)), None)) = read(&text) else {
                panic!("{text}: {:?}", read(&text));
            };
            prop_assert_eq!(found_low.number.to_string().parse::<f64>().ok(), Some(low));
            prop_assert_eq!(found_high.number.to_string().parse::<f64>().ok(), Some(high));
        }
    }
}
