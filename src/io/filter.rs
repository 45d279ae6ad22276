//! The `where` of a layer in the manifest: a small part of SQL over the properties as the file has them.
//!
//! `= != <> < <= > >=`, `IN (…)`, `LIKE` with `%` and `_`, `IS [NOT] NULL`, `AND OR NOT` and parentheses. Two values that are
//! both numbers compare as numbers, anything else as trimmed text. A property that is missing makes the answer unknown.

use std::borrow::Cow;
use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::limits::NESTING_DEPTH;
use super::node::Node;
use crate::diagnostic::Text;
use crate::text;

/// A condition on the properties of a feature.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// `field op 'value'`: true for the orderings named.
    Compare(String, &'static [Ordering], String),
    /// `field IN ('a', 'b')`.
    In(String, Vec<String>),
    /// `field LIKE 'a%'`.
    Like(String, String),
    /// `field IS NULL`.
    IsNull(String),
    /// All hold.
    And(Vec<Filter>),
    /// One holds.
    Or(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
}

impl Filter {
    /// Tells whether a feature is taken; `None` where a property that matters is missing. `value` gives a property's text.
    pub fn holds<'v>(&self, value: &dyn Fn(&str) -> Option<Cow<'v, str>>) -> Option<bool> {
        let present = |field: &str| value(field).filter(|text| !text.trim().is_empty());
        match self {
            Filter::Compare(field, orderings, wanted) => Some(orderings.contains(&compare(&present(field)?, wanted))),
            Filter::In(field, wanted) => {
                let found = present(field)?;
                Some(wanted.iter().any(|one| compare(&found, one) == Ordering::Equal))
            }
            Filter::Like(field, pattern) => {
                let (found, pattern): (Vec<char>, Vec<char>) =
                    (present(field)?.trim().chars().collect(), pattern.chars().collect());
                Some(like(&found, &pattern))
            }
            Filter::IsNull(field) => Some(present(field).is_none()),
            Filter::And(parts) => fold(parts, value, false),
            Filter::Or(parts) => fold(parts, value, true),
            Filter::Not(inner) => inner.holds(value).map(|holds| !holds),
        }
    }

    /// Calls `visit` with every property that is named.
    pub fn fields<'f>(&'f self, visit: &mut dyn FnMut(&'f str)) {
        match self {
            Filter::Compare(field, _, _) | Filter::In(field, _) | Filter::Like(field, _) | Filter::IsNull(field) => {
                visit(field);
            }
            Filter::And(parts) | Filter::Or(parts) => parts.iter().for_each(|part| part.fields(visit)),
            Filter::Not(inner) => inner.fields(visit),
        }
    }
}

/// The manifest's `where`, and what its properties were found to be.
pub(super) struct FilterState<'f> {
    filter: &'f Filter,
    /// The properties named, and whether any feature has them.
    pub(super) named: Vec<(&'f str, bool)>,
    /// How many features were left out because a property is missing.
    pub(super) unknown: u32,
}

impl<'f> FilterState<'f> {
    pub(super) fn new(filter: &'f Filter) -> Self {
        let mut named = Vec::new();
        filter.fields(&mut |field| {
            if !named.iter().any(|(known, _)| *known == field) {
                named.push((field, false));
            }
        });
        FilterState { filter, named, unknown: 0 }
    }

    /// Tells whether a feature is taken.
    pub(super) fn takes(&mut self, properties: &[(Node<'_>, Node<'_>)]) -> bool {
        let find = |field: &str| {
            let exact = properties.iter().find(|(key, _)| key.text() == Some(field));
            exact.or_else(|| {
                properties.iter().find(|(key, _)| key.text().is_some_and(|key| key.eq_ignore_ascii_case(field)))
            })
        };
        for (field, found) in &mut self.named {
            *found = *found || find(field).is_some();
        }
        let value = |field: &str| -> Option<Cow<'_, str>> {
            find(field).filter(|(_, value)| !value.is_blank()).map(|(_, value)| value.shown())
        };
        match self.filter.holds(&value) {
            Some(holds) => holds,
            None => {
                self.unknown += 1;
                false
            }
        }
    }
}

/// Kleene's `or` if `decides` is true, his `and` if it is false.
fn fold<'v>(parts: &[Filter], value: &dyn Fn(&str) -> Option<Cow<'v, str>>, decides: bool) -> Option<bool> {
    let mut result = Some(!decides);
    for part in parts {
        match part.holds(value) {
            Some(holds) if holds == decides => return Some(decides),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}

fn compare(found: &str, wanted: &str) -> Ordering {
    let (found, wanted) = (found.trim(), wanted.trim());
    // A code such as 0701 is no number: leading zeros count.
    let number = |text: &str| {
        let digits = text.trim_start_matches(['-', '+']);
        let code = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        let is_one = digits.starts_with(|one: char| one.is_ascii_digit() || one == '.');
        if code || !is_one { None } else { text.parse::<Decimal>().ok() }
    };
    let both = number(wanted).and_then(|wanted| Some((number(found)?, wanted)));
    both.map_or_else(|| found.cmp(wanted), |(found, wanted)| found.cmp(&wanted))
}

/// Matches from the left, remembering only the last `%`: linear in the text for each of them.
fn like(found: &[char], pattern: &[char]) -> bool {
    let (mut at, mut to, mut star) = (0, 0, None);
    while at < found.len() {
        match pattern.get(to) {
            Some('%') => {
                star = Some((at, to));
                to += 1;
            }
            Some(&one) if one == '_' || one == found[at] => {
                at += 1;
                to += 1;
            }
            Some(_) | None => match star {
                Some((from, percent)) => {
                    star = Some((from + 1, percent));
                    at = from + 1;
                    to = percent + 1;
                }
                None => return false,
            },
        }
    }
    pattern[to..].iter().all(|&one| one == '%')
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Quoted(String),
    Literal(String),
    Sign(&'static str),
}

/// Reads a condition.
///
/// # Errors
/// Says what is wrong, with the words at fault.
pub fn parse_filter(source: &str) -> Result<Filter, Text> {
    let tokens = tokens(source)?;
    let mut parser = Parser { tokens: &tokens, depth: 0 };
    let filter = parser.alternatives()?;
    match parser.tokens.first() {
        None => Ok(filter),
        Some(token) => Err(unexpected(Some(token), "`AND`, `OR` or the end", "AND、OR 或结尾")),
    }
}

fn tokens(source: &str) -> Result<Vec<Token>, Text> {
    const SIGNS: &[&str] = &["<=", ">=", "<>", "!=", "=", "<", ">", "(", ")", ","];
    let mut found = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '\'' || first == '"' {
            let mut text = String::new();
            let mut inside = rest[1..].char_indices().peekable();
            let end = loop {
                match inside.next() {
                    Some((at, one)) if one == first => match inside.peek() {
                        Some((_, next)) if *next == first => {
                            text.push(first);
                            inside.next();
                        }
                        Some(_) | None => break at + 2,
                    },
                    Some((_, one)) => text.push(one),
                    None => return Err(text!(en: "a quote {first} is not closed", zh: "引号 {first} 没有闭合")),
                }
            };
            found.push(if first == '"' { Token::Quoted(text) } else { Token::Literal(text) });
            rest = &rest[end..];
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            found.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        } else {
            let end = rest.find(|one: char| one.is_whitespace() || "'\"=<>!(),".contains(one)).unwrap_or(rest.len());
            if end == 0 {
                return Err(text!(en: "`{first}` means nothing here", zh: "此处不能有“{first}”"));
            }
            let word = &rest[..end];
            let number = word.starts_with(|one: char| one.is_ascii_digit() || "+-.".contains(one));
            found.push(if number { Token::Literal(word.to_owned()) } else { Token::Word(word.to_owned()) });
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(found)
}

fn unexpected(token: Option<&Token>, en: &str, zh: &str) -> Text {
    match token {
        Some(Token::Word(word) | Token::Quoted(word) | Token::Literal(word)) => {
            text!(en: "expected {en}, found `{word}`", zh: "应为{zh}，却是“{word}”")
        }
        Some(Token::Sign(sign)) => text!(en: "expected {en}, found `{sign}`", zh: "应为{zh}，却是“{sign}”"),
        None => text!(en: "expected {en}, found the end", zh: "应为{zh}，却已结束"),
    }
}

struct Parser<'t> {
    tokens: &'t [Token],
    depth: usize,
}

impl Parser<'_> {
    fn word(&mut self, keyword: &str) -> bool {
        let found = matches!(self.tokens.first(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        if found {
            self.tokens = &self.tokens[1..];
        }
        found
    }

    fn sign(&mut self, wanted: &str) -> bool {
        let found = matches!(self.tokens.first(), Some(Token::Sign(sign)) if *sign == wanted);
        if found {
            self.tokens = &self.tokens[1..];
        }
        found
    }

    fn alternatives(&mut self) -> Result<Filter, Text> {
        let mut parts = vec![self.conjunction()?];
        while self.word("OR") {
            parts.push(self.conjunction()?);
        }
        Ok(one_or(parts, Filter::Or))
    }

    fn conjunction(&mut self) -> Result<Filter, Text> {
        let mut parts = vec![self.negation()?];
        while self.word("AND") {
            parts.push(self.negation()?);
        }
        Ok(one_or(parts, Filter::And))
    }

    fn negation(&mut self) -> Result<Filter, Text> {
        self.depth += 1;
        if self.depth > NESTING_DEPTH {
            return Err(
                text!(en: "nested deeper than the limit of {NESTING_DEPTH}", zh: "嵌套超过 {NESTING_DEPTH} 层的上限"),
            );
        }
        let filter = if self.word("NOT") {
            Filter::Not(Box::new(self.negation()?))
        } else if self.sign("(") {
            let inner = self.alternatives()?;
            self.close()?;
            inner
        } else {
            self.condition()?
        };
        self.depth -= 1;
        Ok(filter)
    }

    fn close(&mut self) -> Result<(), Text> {
        if self.sign(")") { Ok(()) } else { Err(unexpected(self.tokens.first(), "`)`", "“)”")) }
    }

    fn condition(&mut self) -> Result<Filter, Text> {
        let field = match self.tokens.split_first() {
            Some((Token::Word(name) | Token::Quoted(name), rest)) => {
                self.tokens = rest;
                name.clone()
            }
            other => return Err(unexpected(other.map(|(token, _)| token), "the name of a property", "属性名")),
        };
        if self.word("IS") {
            let negated = self.word("NOT");
            if !self.word("NULL") {
                return Err(unexpected(self.tokens.first(), "`NULL`", "NULL"));
            }
            return Ok(negate(Filter::IsNull(field), negated));
        }
        let negated = self.word("NOT");
        if self.word("LIKE") {
            let pattern = self.literal()?;
            return Ok(negate(Filter::Like(field, pattern), negated));
        }
        if self.word("IN") {
            if !self.sign("(") {
                return Err(unexpected(self.tokens.first(), "`(`", "“(”"));
            }
            let mut wanted = vec![self.literal()?];
            while self.sign(",") {
                wanted.push(self.literal()?);
            }
            self.close()?;
            return Ok(negate(Filter::In(field, wanted), negated));
        }
        let orderings: &[Ordering] = match self.tokens.first() {
            Some(Token::Sign("=")) => &[Ordering::Equal],
            Some(Token::Sign("!=" | "<>")) => &[Ordering::Less, Ordering::Greater],
            Some(Token::Sign("<")) => &[Ordering::Less],
            Some(Token::Sign("<=")) => &[Ordering::Less, Ordering::Equal],
            Some(Token::Sign(">")) => &[Ordering::Greater],
            Some(Token::Sign(">=")) => &[Ordering::Greater, Ordering::Equal],
            other => return Err(unexpected(other, "a comparison", "比较符")),
        };
        if negated {
            return Err(unexpected(self.tokens.first(), "`LIKE` or `IN`", "LIKE 或 IN"));
        }
        self.tokens = &self.tokens[1..];
        Ok(Filter::Compare(field, orderings, self.literal()?))
    }

    fn literal(&mut self) -> Result<String, Text> {
        match self.tokens.split_first() {
            Some((Token::Literal(text), rest)) => {
                self.tokens = rest;
                Ok(text.clone())
            }
            Some((Token::Word(word), rest))
                if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") =>
            {
                self.tokens = rest;
                Ok(word.to_ascii_lowercase())
            }
            other => Err(unexpected(
                other.map(|(token, _)| token),
                "a value such as 'approved' or 5",
                "如 'approved' 或 5 的值",
            )),
        }
    }
}

fn negate(filter: Filter, negated: bool) -> Filter {
    if negated { Filter::Not(Box::new(filter)) } else { filter }
}

fn one_or(mut parts: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    if parts.len() == 1 { parts.swap_remove(0) } else { many(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(condition: &str) -> Option<bool> {
        let properties =
            [("status", "approved"), ("grade", "12.0"), ("code", "0701"), ("名称", "八里湖新区"), ("blank", " ")];
        let value = |field: &str| properties.iter().find(|(name, _)| *name == field).map(|(_, text)| (*text).into());
        parse_filter(condition).unwrap().holds(&value)
    }

    #[test]
    fn conditions_hold_as_in_sql() {
        for condition in [
            "status = 'approved'",
            "status <> 'draft'",
            "grade = 12",
            "grade >= 9 and grade < 100",
            "名称 LIKE '八里湖%'",
            "名称 like '%湖_区'",
            "\"status\" IN ('draft', 'approved')",
            "none IS NULL",
            "blank is null",
            "NOT (status = 'draft' OR grade < 3)",
            "code = '0701'",
            "code != 701",
            "status NOT IN ('x') or none = 1",
        ] {
            assert_eq!(holds(condition), Some(true), "{condition}");
        }
        for condition in ["status is null", "名称 not like '八%'", "none = 1 and grade = 1", "status = 'it''s'"] {
            assert_eq!(holds(condition), Some(false), "{condition}");
        }
        for condition in ["none = 1", "none not in (1)", "none = 1 or grade = 1", "not blank = 'x'"] {
            assert_eq!(holds(condition), None, "{condition}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (condition, words) in [
            ("status == 'x'", "found `=`"),
            ("status = approved", "found `approved`"),
            ("status =", "the end"),
            ("(a = 1", "`)`"),
            ("a = 'x", "not closed"),
            ("a = 1 b = 2", "found `b`"),
            ("", "name of a property"),
            ("a ! 1", "means nothing"),
            ("a in 1", "`(`"),
            ("a is 1", "`NULL`"),
            ("a not = 1", "`LIKE` or `IN`"),
        ] {
            let reason = parse_filter(condition).unwrap_err();
            assert!(reason.en.contains(words), "{condition}: {}", reason.en);
        }
        assert!(parse_filter(&"(".repeat(10_000)).is_err());
        assert!(parse_filter(&"not ".repeat(10_000)).is_err());
    }
}
