//! Values of a text that is at hand, as trees.

use std::borrow::Cow;

use super::{JsonError, Member, Passed, Quoted, Scanner};
use crate::io::formats::geojson::escapes::unescaped;
use crate::io::node::{Data, Node};

impl<'a> Scanner<&'a str> {
    /// Returns the start of a text that begins at the offset `base` of a longer one.
    pub(in crate::io::formats::geojson) fn within(text: &'a str, base: usize) -> Self {
        Scanner { supply: text, at: 0, base, keep: 0 }
    }

    #[cfg(test)]
    pub(in crate::io::formats::geojson) fn new(text: &'a str) -> Self {
        Self::within(text, 0)
    }

    /// Takes a string.
    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        let quoted = self.quoted()?;
        let text = &self.supply[quoted.start..quoted.end];
        if quoted.escaped { unescaped(text, self.base + quoted.start).map(Cow::Owned) } else { Ok(Cow::Borrowed(text)) }
    }

    /// Takes a value and returns it as a tree; a repeated key is kept twice.
    pub(in crate::io::formats::geojson) fn value(&mut self, depth: usize) -> Result<Node<'a>, JsonError> {
        self.check_depth(depth)?;
        let first = self.peek();
        let start = self.here();
        let data = match first {
            Some(b'{') => Data::Map(self.members(depth)?),
            Some(b'[') => {
                let mut items = Vec::new();
                self.expect(b'[')?;
                let mut more = !self.take(b']');
                while more {
                    items.push(self.value(depth + 1)?);
                    more = self.goes_on(b']')?;
                }
                Data::List(items)
            }
            Some(b'"') => Data::Scalar(self.string()?),
            Some(b't') => self.word("true").map(|()| Data::Scalar(Cow::Borrowed("true")))?,
            Some(b'f') => self.word("false").map(|()| Data::Scalar(Cow::Borrowed("false")))?,
            Some(b'n') => self.word("null").map(|()| Data::Null)?,
            // No JSON, but what some programs write for "no number".
            Some(b'N') => self.word("NaN").map(|()| Data::Null)?,
            Some(b'-' | b'0'..=b'9') => {
                let (from, to) = self.number()?;
                Data::Scalar(Cow::Borrowed(&self.supply[from..to]))
            }
            Some(_) | None => return Err(self.unexpected("a value")),
        };
        Ok(Node { data, start, end: self.here() })
    }

    /// Takes the members of an object.
    fn members(&mut self, depth: usize) -> Result<Vec<(Node<'a>, Node<'a>)>, JsonError> {
        let mut found = Vec::new();
        self.expect(b'{')?;
        let mut more = !self.take(b'}');
        while more {
            self.peek();
            let at = self.here();
            let key = self.string()?;
            self.expect(b':')?;
            let end = at + key.len() + 2;
            found.push((Node::scalar(key, at, end), self.value(depth + 1)?));
            more = self.goes_on(b'}')?;
        }
        Ok(found)
    }
}

/// Returns the members of an object as nodes; `text` is a part of the whole text from `base` on that holds them, `depth` how deep they lie.
pub(in crate::io::formats::geojson) fn nodes<'a>(
    members: &[Member],
    text: &'a str,
    base: usize,
    depth: usize,
) -> Result<Vec<(Node<'a>, Node<'a>)>, JsonError> {
    let string = |quoted: &Quoted| {
        let written = &text[quoted.start - base..quoted.end - base];
        if quoted.escaped { unescaped(written, quoted.start).map(Cow::Owned) } else { Ok(Cow::Borrowed(written)) }
    };
    let mut found = Vec::with_capacity(members.len());
    for Member { key, value, start, end } in members {
        let key = Node { data: Data::Scalar(string(key)?), start: key.start - 1, end: key.end + 1 };
        let value = match value {
            Passed::Text(quoted) => Node { data: Data::Scalar(string(quoted)?), start: *start, end: *end },
            Passed::Number => Node::scalar(&text[start - base..end - base], *start, *end),
            Passed::Other => Scanner::within(&text[start - base..end - base], *start).value(depth + 1)?,
        };
        found.push((key, value));
    }
    Ok(found)
}
