//! The one tree that YAML, JSON properties and CSV rows are read into: text scalars, lists and maps, each with its bytes.

use std::borrow::Cow;

use crate::source::{FileId, Span};

/// A piece of a document with the bytes it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'a> {
    /// What it holds.
    pub data: Data<'a>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// What a node holds. Scalars stay text, so that the code `0101` never becomes a number.
#[derive(Debug, Clone, PartialEq)]
pub enum Data<'a> {
    /// Nothing: `null`, `~` or no value.
    Null,
    /// A scalar as written, escapes resolved.
    Scalar(Cow<'a, str>),
    /// A list.
    List(Vec<Node<'a>>),
    /// A map in the order of the text; keys are scalars. A repeated key is kept twice.
    Map(Vec<(Node<'a>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// Returns a scalar that stands at a place.
    pub fn scalar(text: impl Into<Cow<'a, str>>, start: usize, end: usize) -> Self {
        Node { data: Data::Scalar(text.into()), start, end }
    }

    /// Returns the text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar(text) => Some(text),
            Data::Null | Data::List(_) | Data::Map(_) => None,
        }
    }

    /// Returns the entries of a map, none for anything else.
    pub fn entries(&self) -> &[(Node<'a>, Node<'a>)] {
        match &self.data {
            Data::Map(entries) => entries,
            Data::Null | Data::Scalar(_) | Data::List(_) => &[],
        }
    }

    /// Returns the value of a key of a map; the last where the key repeats.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.entries().iter().rev().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// Tells whether there is nothing in it: null or blank text.
    pub fn is_blank(&self) -> bool {
        match &self.data {
            Data::Null => true,
            Data::Scalar(text) => text.trim().is_empty(),
            Data::List(_) | Data::Map(_) => false,
        }
    }

    /// Tells whether a scalar stands in quotes, as texts do in JSON; in formats without lines nothing does.
    pub fn is_quoted(&self) -> bool {
        self.text().is_some_and(|text| self.end - self.start > text.len())
    }

    /// Returns the bytes as a span of `file`.
    pub fn span(&self, file: FileId) -> Span {
        Span::new(file, self.start, self.end)
    }

    /// Returns the text for people: a scalar as it is, anything else in JSON's notation.
    pub fn shown(&self) -> Cow<'_, str> {
        match &self.data {
            Data::Null => Cow::Borrowed("null"),
            Data::Scalar(text) => Cow::Borrowed(text),
            Data::List(_) | Data::Map(_) => {
                let mut out = String::new();
                self.write_to(&mut out);
                Cow::Owned(out)
            }
        }
    }

    /// Returns the tree with texts of its own.
    pub fn into_owned(self) -> Node<'static> {
        let data = match self.data {
            Data::Null => Data::Null,
            Data::Scalar(text) => Data::Scalar(Cow::Owned(text.into_owned())),
            Data::List(items) => Data::List(items.into_iter().map(Node::into_owned).collect()),
            Data::Map(entries) => {
                Data::Map(entries.into_iter().map(|(key, value)| (key.into_owned(), value.into_owned())).collect())
            }
        };
        Node { data, start: self.start, end: self.end }
    }

    fn write_to(&self, out: &mut String) {
        match &self.data {
            Data::Null => out.push_str("null"),
            Data::Scalar(text) => out.push_str(text),
            Data::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    item.write_to(out);
                }
                out.push(']');
            }
            Data::Map(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    key.write_to(out);
                    out.push_str(": ");
                    value.write_to(out);
                }
                out.push('}');
            }
        }
    }
}
