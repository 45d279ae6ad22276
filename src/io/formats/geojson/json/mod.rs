//! A scanner over JSON text: one forward pass, nothing built but what is asked for.

mod tree;

use std::borrow::Cow;

pub(super) use tree::nodes;

use super::escapes::unescaped;
use super::numbers::to_double;
use super::window::Supply;
use crate::diagnostic::Text;
use crate::io::limits::{NESTING_DEPTH, STRING_BYTES};
use crate::text;

/// Where a text stops being JSON, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct JsonError {
    /// What is wrong.
    pub text: Text,
    /// The byte at fault.
    pub at: usize,
}

/// The types of GeoJSON, the most frequent first.
const TYPES: [&str; 9] = [
    "Feature",
    "Polygon",
    "MultiPolygon",
    "LineString",
    "MultiLineString",
    "Point",
    "MultiPoint",
    "FeatureCollection",
    "GeometryCollection",
];

/// The keys of GeoJSON that mean something here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Type,
    Features,
    Crs,
    Id,
    Properties,
    Geometry,
    Coordinates,
    Geometries,
    Other,
}

impl Key {
    fn of(text: &str) -> Self {
        match text {
            "type" => Key::Type,
            "features" => Key::Features,
            "crs" => Key::Crs,
            "id" => Key::Id,
            "properties" => Key::Properties,
            "geometry" => Key::Geometry,
            "coordinates" => Key::Coordinates,
            "geometries" => Key::Geometries,
            _ => Key::Other,
        }
    }
}

/// A position in a JSON text.
pub(super) struct Scanner<S> {
    supply: S,
    /// Where it is in the text at hand.
    at: usize,
    /// The offset in the whole text of the first byte at hand.
    base: usize,
    /// What stands from here on in the text at hand is still needed.
    keep: usize,
}

/// Where a string stands, its quotes left out, and whether it has escapes.
#[derive(Clone, Copy)]
struct Quoted {
    start: usize,
    end: usize,
    escaped: bool,
}

/// A member of an object, as it was passed: where its parts stand in the whole text, to be read while that is kept.
pub(super) struct Member {
    key: Quoted,
    value: Passed,
    start: usize,
    end: usize,
}

/// What a value was seen to be.
enum Passed {
    Text(Quoted),
    Number,
    Other,
}

impl<S: Supply> Scanner<S> {
    /// Returns the start of a text that comes by and by.
    pub(super) fn over(supply: S) -> Self {
        Scanner { supply, at: 0, base: 0, keep: 0 }
    }

    /// Returns where the text comes from.
    pub(super) fn supply(&mut self) -> &mut S {
        &mut self.supply
    }

    /// Returns where the text comes from.
    pub(super) fn into_supply(self) -> S {
        self.supply
    }

    /// Returns the text at hand from here on.
    #[inline]
    pub(super) fn rest(&self) -> &[u8] {
        &self.supply.text().as_bytes()[self.at..]
    }

    /// Goes forward over bytes of the text at hand.
    #[inline]
    pub(super) fn pass(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Returns the offset in the whole text.
    #[inline]
    pub(super) fn here(&self) -> usize {
        self.base + self.at
    }

    /// Goes to an offset of what was kept.
    pub(super) fn go_to(&mut self, offset: usize) {
        self.at = offset - self.base;
    }

    /// Lets go of all before here, and keeps what follows.
    pub(super) fn keep_from_here(&mut self) {
        self.keep = self.at;
    }

    fn more(&mut self) -> bool {
        let done = self.keep.min(self.at);
        let more = self.supply.more(done);
        self.at -= done;
        self.keep -= done;
        self.base += done;
        more
    }

    /// Returns the next byte that is no blank, without taking it.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.supply.text().as_bytes().get(self.at).copied() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(byte) => return Some(byte),
                None if self.more() => {}
                None => return None,
            }
        }
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

    /// Takes a comma, or the bracket that closes; tells whether it was the comma.
    pub(super) fn goes_on(&mut self, close: u8) -> Result<bool, JsonError> {
        if self.take(b',') {
            return Ok(true);
        }
        if self.take(close) { Ok(false) } else { Err(self.unexpected(&format!("`,` or `{}`", close as char))) }
    }

    pub(super) fn unexpected(&mut self, expected: &str) -> JsonError {
        self.peek();
        let wanted = expected.replace(" or ", " 或 ").replace("a number", "数值").replace("a value", "值");
        let text = match self.supply.text().get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(found) => {
                let found = found.escape_debug();
                text!(en: "expected {expected}, found `{found}`", zh: "应为 {wanted}，却是“{found}”")
            }
            None => text!(
                en: "the text ends where {expected} should follow; the file is cut short",
                zh: "文件在应有 {wanted} 处结束，内容不完整"
            ),
        };
        JsonError { text, at: self.here() }
    }

    /// Takes the members of an object, one by one: `member` gets each key and must take the value.
    pub(super) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Key) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        self.expect(b'{')?;
        let mut more = !self.take(b'}');
        while more {
            let key = self.key()?;
            self.expect(b':')?;
            member(self, key)?;
            more = self.goes_on(b'}')?;
        }
        Ok(())
    }

    /// Takes an object of at most `most` members and notes where they stand.
    pub(super) fn pass_members(
        &mut self,
        depth: usize,
        most: usize,
        members: &mut Vec<Member>,
    ) -> Result<(), JsonError> {
        members.clear();
        self.expect(b'{')?;
        let mut more = !self.take(b'}');
        while more {
            let key = self.quoted()?;
            let key = self.in_whole(key);
            self.expect(b':')?;
            if members.len() >= most {
                let text = text!(
                    en: "more than the limit of {most} properties in one feature",
                    zh: "一个要素的属性超过 {most} 个的上限"
                );
                return Err(JsonError { text, at: key.start - 1 });
            }
            let first = self.peek();
            let start = self.here();
            let value = match first {
                Some(b'"') => {
                    let quoted = self.quoted()?;
                    Passed::Text(self.in_whole(quoted))
                }
                Some(b'-' | b'0'..=b'9') => {
                    self.number()?;
                    Passed::Number
                }
                Some(_) | None => {
                    self.skip(depth + 1)?;
                    Passed::Other
                }
            };
            members.push(Member { key, value, start, end: self.here() });
            more = self.goes_on(b'}')?;
        }
        Ok(())
    }

    /// Returns where a string of the text at hand stands in the whole text.
    fn in_whole(&self, quoted: Quoted) -> Quoted {
        Quoted { start: quoted.start + self.base, end: quoted.end + self.base, ..quoted }
    }

    /// Takes a string that is a key.
    pub(super) fn key(&mut self) -> Result<Key, JsonError> {
        let quoted = self.quoted()?;
        let text = &self.supply.text()[quoted.start..quoted.end];
        if quoted.escaped {
            unescaped(text, self.base + quoted.start).map(|key| Key::of(&key))
        } else {
            Ok(Key::of(text))
        }
    }

    /// Takes a string that names a type.
    pub(super) fn type_name(&mut self) -> Result<Cow<'static, str>, JsonError> {
        let quoted = self.quoted()?;
        let text = &self.supply.text()[quoted.start..quoted.end];
        match TYPES.iter().find(|known| **known == text) {
            Some(known) => Ok(Cow::Borrowed(known)),
            None if quoted.escaped => unescaped(text, self.base + quoted.start).map(Cow::Owned),
            None => Ok(Cow::Owned(text.to_owned())),
        }
    }

    /// Takes a string and returns where it stands.
    fn quoted(&mut self) -> Result<Quoted, JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("`\"`"));
        }
        // How far it was looked through, from the quote.
        let (mut seen, mut escaped) = (1, false);
        loop {
            let rest = self.rest();
            let found = memchr::memchr2(b'"', b'\\', rest.get(seen..).unwrap_or_default());
            let end = found.map_or(rest.len(), |skip| seen + skip);
            let byte = rest.get(end).copied();
            if end - 1 > STRING_BYTES {
                let text = text!(
                    en: "text longer than the limit of {STRING_BYTES} bytes",
                    zh: "文本超过 {STRING_BYTES} 字节的上限"
                );
                return Err(JsonError { text, at: self.here() });
            }
            match byte {
                Some(b'"') => {
                    let start = self.at + 1;
                    self.at += end + 1;
                    return Ok(Quoted { start, end: self.at - 1, escaped });
                }
                // The byte behind a backslash is never the end.
                Some(_) => (seen, escaped) = (end + 2, true),
                None => {
                    seen = seen.max(end);
                    if !self.more() {
                        let text = text!(en: "this text is not closed", zh: "文本没有闭合");
                        return Err(JsonError { text, at: self.here() });
                    }
                }
            }
        }
    }

    /// Takes a number and returns where it stands in the text at hand.
    #[inline]
    pub(super) fn number(&mut self) -> Result<(usize, usize), JsonError> {
        self.peek();
        loop {
            let (length, sound) = number_length(self.rest());
            let cut_off = length == self.rest().len();
            if cut_off && self.more() {
                continue;
            }
            if !sound {
                return Err(self.unexpected("a number"));
            }
            self.at += length;
            return Ok((self.at - length, self.at));
        }
    }

    fn word(&mut self, word: &str) -> Result<(), JsonError> {
        while self.rest().len() < word.len() && self.more() {}
        if self.rest().starts_with(word.as_bytes()) {
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
        Err(JsonError { text, at: self.here() })
    }

    /// Takes a value and forgets it.
    pub(super) fn skip(&mut self, depth: usize) -> Result<(), JsonError> {
        self.check_depth(depth)?;
        match self.peek() {
            Some(b'{') => self.object(|scanner, _| scanner.skip(depth + 1)),
            Some(b'[') => {
                self.expect(b'[')?;
                let mut more = !self.take(b']');
                while more {
                    self.skip(depth + 1)?;
                    more = self.goes_on(b']')?;
                }
                Ok(())
            }
            Some(b'"') => {
                let quoted = self.quoted()?;
                if quoted.escaped {
                    unescaped(&self.supply.text()[quoted.start..quoted.end], self.base + quoted.start)?;
                }
                Ok(())
            }
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(b'N') => self.word("NaN"),
            Some(b'-' | b'0'..=b'9') => self.number().map(|_| ()),
            Some(_) | None => Err(self.unexpected("a value")),
        }
    }

    /// Takes a value and returns the offsets between which it stands, to be read later while it is kept.
    pub(super) fn span(&mut self, depth: usize) -> Result<(usize, usize), JsonError> {
        self.peek();
        let start = self.here();
        self.skip(depth)?;
        Ok((start, self.here()))
    }

    /// Takes a number as a double.
    #[inline]
    pub(super) fn double(&mut self) -> Result<f64, JsonError> {
        let at = self.here();
        let (from, to) = self.number()?;
        match to_double(&self.supply.text()[from..to]) {
            Some(number) => Ok(number),
            None => Err(JsonError { text: text!(en: "not a number", zh: "不是数值"), at }),
        }
    }
}

/// Returns how long the number at the start of bytes is, and whether it is one.
fn number_length(bytes: &[u8]) -> (usize, bool) {
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let whole = usize::from(bytes.first() == Some(&b'-'));
    let mut at = digits(whole);
    let mut sound = at > whole;
    if bytes.get(at) == Some(&b'.') {
        let from = at + 1;
        at = digits(from);
        sound &= at > from;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let from = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at = digits(from);
        sound &= at > from;
    }
    (at, sound)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            (r#""\u12""#, 1, "escape"),
        ] {
            let error = Scanner::new(text).value(0).unwrap_err();
            assert!(error.at == at && error.text.en.contains(words), "{text}: {error:?}");
        }
        let deep = "[".repeat(100_000);
        assert!(Scanner::new(&deep).value(0).unwrap_err().text.en.contains("limit of 64"));
        assert!(Scanner::new(&deep).skip(0).unwrap_err().text.en.contains("limit of 64"));
    }
}
