//! A scanner over JSON text: one forward pass, nothing built but what is asked for.

use std::borrow::Cow;

use crate::diagnostic::Text;
use crate::io::limits::{NESTING_DEPTH, STRING_BYTES};
use crate::io::node::{Data, Node};
use crate::text;

/// Where a text stops being JSON, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct JsonError {
    /// What is wrong.
    pub text: Text,
    /// The byte at fault.
    pub at: usize,
}

/// A position in a JSON text.
pub(super) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Scanner { text, bytes: text.as_bytes(), at: 0 }
    }

    /// Returns the next byte that is no blank, without taking it.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                _ => return Some(byte),
            }
        }
        None
    }

    /// Takes a byte if it comes next.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.take(byte) { Ok(()) } else { Err(self.unexpected(&format!("`{}`", byte as char))) }
    }

    pub(super) fn unexpected(&mut self, expected: &str) -> JsonError {
        self.peek();
        let at = self.at;
        let wanted = expected.replace(" or ", " 或 ").replace("a number", "数值").replace("a value", "值");
        let text = match self.text[at.min(self.text.len())..].chars().next() {
            Some(found) => {
                let found = found.escape_debug();
                text!(en: "expected {expected}, found `{found}`", zh: "应为 {wanted}，却是“{found}”")
            }
            None => text!(
                en: "the text ends where {expected} should follow; the file is cut short",
                zh: "文件在应有 {wanted} 处结束，内容不完整"
            ),
        };
        JsonError { text, at }
    }

    /// Takes the members of an object, one by one: `member` gets each key with its first byte and must take the value.
    pub(super) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Cow<'a, str>, usize) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        self.expect(b'{')?;
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            self.peek();
            let at = self.at;
            let key = self.string()?;
            self.expect(b':')?;
            member(self, key, at)?;
            if self.take(b'}') {
                return Ok(());
            }
            if !self.take(b',') {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
    }

    /// Takes the elements of an array: `element` must take each.
    pub(super) fn array(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        self.expect(b'[')?;
        if self.take(b']') {
            return Ok(());
        }
        loop {
            element(self)?;
            if self.take(b']') {
                return Ok(());
            }
            if !self.take(b',') {
                return Err(self.unexpected("`,` or `]`"));
            }
        }
    }

    /// Takes a string.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("`\"`"));
        }
        let open = self.at;
        let start = open + 1;
        let mut owned = String::new();
        let mut from = start;
        loop {
            let Some(skip) = memchr::memchr2(b'"', b'\\', &self.bytes[from..]) else {
                return Err(JsonError {
                    text: text!(en: "this text is not closed", zh: "文本没有闭合"), at: open
                });
            };
            let end = from + skip;
            if end - start > STRING_BYTES {
                let text = text!(
                    en: "text longer than the limit of {STRING_BYTES} bytes",
                    zh: "文本超过 {STRING_BYTES} 字节的上限"
                );
                return Err(JsonError { text, at: open });
            }
            if self.bytes[end] == b'"' {
                self.at = end + 1;
                let last = &self.text[from..end];
                return Ok(if owned.is_empty() && from == start {
                    Cow::Borrowed(last)
                } else {
                    owned.push_str(last);
                    Cow::Owned(owned)
                });
            }
            owned.push_str(&self.text[from..end]);
            self.at = end + 1;
            owned.push(self.escape()?);
            from = self.at;
        }
    }

    /// Takes what follows a backslash.
    fn escape(&mut self) -> Result<char, JsonError> {
        let at = self.at - 1;
        let wrong = || JsonError { text: text!(en: "no such escape in JSON", zh: "JSON 中没有这种转义"), at };
        let byte = *self.bytes.get(self.at).ok_or_else(wrong)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => byte as char,
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex().ok_or_else(wrong)?;
                if !(0xd800..0xdc00).contains(&first) {
                    // A lone half of a pair is no character; other readers replace it as well.
                    return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                if self.bytes[self.at..].starts_with(b"\\u") {
                    let back = self.at;
                    self.at += 2;
                    let second = self.hex().ok_or_else(wrong)?;
                    if (0xdc00..0xe000).contains(&second) {
                        let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                        return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    self.at = back;
                }
                char::REPLACEMENT_CHARACTER
            }
            _ => return Err(wrong()),
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    /// Takes a number and returns it as written.
    #[inline]
    pub(super) fn number(&mut self) -> Result<&'a str, JsonError> {
        self.peek();
        let start = self.at;
        let digits = |bytes: &[u8], mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let mut at = start + usize::from(self.bytes.get(start) == Some(&b'-'));
        let whole = at;
        at = digits(self.bytes, at);
        let mut sound = at > whole;
        if self.bytes.get(at) == Some(&b'.') {
            let from = at + 1;
            at = digits(self.bytes, from);
            sound &= at > from;
        }
        if matches!(self.bytes.get(at), Some(b'e' | b'E')) {
            let from = at + 1 + usize::from(matches!(self.bytes.get(at + 1), Some(b'+' | b'-')));
            at = digits(self.bytes, from);
            sound &= at > from;
        }
        if !sound {
            return Err(self.unexpected("a number"));
        }
        self.at = at;
        Ok(&self.text[start..at])
    }

    fn word(&mut self, word: &str) -> Result<(), JsonError> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        Err(self.unexpected("a value"))
    }

    fn check_depth(&self, depth: usize) -> Result<(), JsonError> {
        if depth < NESTING_DEPTH {
            return Ok(());
        }
        let text =
            text!(en: "nested deeper than the limit of {NESTING_DEPTH}", zh: "嵌套超过 {NESTING_DEPTH} 层的上限");
        Err(JsonError { text, at: self.at })
    }

    /// Takes a value and returns it as a tree; a repeated key is kept twice.
    pub(super) fn value(&mut self, depth: usize) -> Result<Node<'a>, JsonError> {
        self.check_depth(depth)?;
        let first = self.peek();
        let start = self.at;
        let data = match first {
            Some(b'{') => {
                let mut entries = Vec::new();
                self.object(|scanner, key, at| {
                    let end = at + key.len() + 2;
                    entries.push((Node::scalar(key, at, end), scanner.value(depth + 1)?));
                    Ok(())
                })?;
                Data::Map(entries)
            }
            Some(b'[') => {
                let mut items = Vec::new();
                self.array(|scanner| {
                    items.push(scanner.value(depth + 1)?);
                    Ok(())
                })?;
                Data::List(items)
            }
            Some(b'"') => Data::Scalar(self.string()?),
            Some(b't') => self.word("true").map(|()| Data::Scalar(Cow::Borrowed("true")))?,
            Some(b'f') => self.word("false").map(|()| Data::Scalar(Cow::Borrowed("false")))?,
            Some(b'n') => self.word("null").map(|()| Data::Null)?,
            // No JSON, but what some programs write for "no number".
            Some(b'N') => self.word("NaN").map(|()| Data::Null)?,
            Some(b'-' | b'0'..=b'9') => Data::Scalar(Cow::Borrowed(self.number()?)),
            Some(_) | None => return Err(self.unexpected("a value")),
        };
        Ok(Node { data, start, end: self.at })
    }

    /// Takes a value and forgets it.
    pub(super) fn skip(&mut self, depth: usize) -> Result<(), JsonError> {
        self.check_depth(depth)?;
        match self.peek() {
            Some(b'{') => self.object(|scanner, _, _| scanner.skip(depth + 1)),
            Some(b'[') => self.array(|scanner| scanner.skip(depth + 1)),
            Some(b'"') => self.string().map(|_| ()),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(b'N') => self.word("NaN"),
            Some(b'-' | b'0'..=b'9') => self.number().map(|_| ()),
            Some(_) | None => Err(self.unexpected("a value")),
        }
    }

    /// Takes a number as a double.
    #[inline]
    pub(super) fn double(&mut self) -> Result<f64, JsonError> {
        let at = self.at;
        let written = self.number()?;
        match to_double(written) {
            Some(number) => Ok(number),
            None => Err(JsonError { text: text!(en: "not a number", zh: "不是数值"), at }),
        }
    }
}

/// Converts a JSON number, correctly rounded.
///
/// Up to 2^53 and 22 decimals, as coordinates are, one division of two exact doubles is correctly rounded (Clinger 1990);
/// anything else goes the long way.
#[inline]
fn to_double(written: &str) -> Option<f64> {
    const POWERS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ];
    let bytes = written.as_bytes();
    let negative = bytes.first() == Some(&b'-');
    let mut mantissa: u64 = 0;
    let mut decimals = 0;
    let mut behind_point = false;
    for &byte in &bytes[usize::from(negative)..] {
        match byte {
            b'0'..=b'9' if mantissa < (1 << 53) / 10 - 1 => {
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                decimals += usize::from(behind_point);
            }
            b'.' => behind_point = true,
            _ => return written.parse().ok(),
        }
    }
    let Some(power) = POWERS.get(decimals) else { return written.parse().ok() };
    let number = mantissa as f64 / power;
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_the_nearest_double() {
        for text in [
            "0",
            "-0",
            "1",
            "-1.5",
            "39500095.0001",
            "3300050.123456789",
            "117.12345678901234567",
            "0.1",
            "1e3",
            "1E-7",
            "9007199254740993",
            "123456789012345678901234567890",
            "0.000000000000000000000001",
            "4.9e-324",
            "1e400",
        ] {
            let read = Scanner::new(text).double().unwrap();
            let expected: f64 = text.parse().unwrap();
            assert_eq!(read.to_bits(), expected.to_bits(), "{text}");
        }
    }

    #[test]
    fn values_keep_their_text_and_place() {
        let text = r#" {"a": 0.10, "b": ["\u4e2d\ud83d\ude00\n", true, null], "a": -1e5} "#;
        let node = Scanner::new(text).value(0).unwrap();
        assert_eq!(node.shown(), "{a: 0.10, b: [中😀\n, true, null], a: -1e5}");
        let (key, value) = &node.entries()[1];
        assert_eq!((&text[key.start..key.end], &text[value.start..value.start + 2]), ("\"b\"", "[\""));
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (text, at, words) in [
            ("", 0, "cut short"),
            ("{\"a\": 1", 7, "cut short"),
            ("{\"a\" 1}", 5, "`:`"),
            ("[1 2]", 3, "`,` or `]`"),
            ("[1,]", 3, "a value"),
            ("\"abc", 0, "not closed"),
            (r#""\x""#, 1, "escape"),
            ("[tru]", 1, "a value"),
            ("{a: 1}", 1, "`\"`"),
            ("-", 0, "a number"),
            ("1.", 0, "a number"),
            (r#""\u12"#, 1, "escape"),
        ] {
            let error = Scanner::new(text).value(0).unwrap_err();
            assert!(error.at == at && error.text.en.contains(words), "{text}: {error:?}");
        }
        let deep = "[".repeat(100_000);
        assert!(Scanner::new(&deep).value(0).unwrap_err().text.en.contains("limit of 64"));
        assert!(Scanner::new(&deep).skip(0).unwrap_err().text.en.contains("limit of 64"));
    }
}
