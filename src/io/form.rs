//! Reading a tree against the form it should have, collecting every mistake.

use super::node::{Data, Node};
use crate::diagnostic::codes::manifest as codes;
use crate::diagnostic::{Diagnostic, Text, closest};
use crate::source::{FileId, Span};
use crate::text;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its bytes.
    pub span: Span,
}

/// A file that is being read, and the mistakes found in it so far.
pub(super) struct Form {
    pub(super) file: FileId,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Form {
    pub(super) fn new(file: FileId) -> Self {
        Form { file, diagnostics: Vec::new() }
    }

    /// Returns the text of a scalar; anything else is a mistake.
    pub(super) fn text(&mut self, node: &Node<'_>) -> Option<Spanned<String>> {
        match node.text() {
            Some(text) => Some(Spanned { value: text.trim().to_owned(), span: node.span(self.file) }),
            None => {
                self.wrong_form(node, Text::new("text", "文本"));
                None
            }
        }
    }

    /// Returns the text of a key of a map, if it is there.
    pub(super) fn text_at(&mut self, map: &Node<'_>, key: &str) -> Option<Spanned<String>> {
        let value = map.get(key)?;
        if value.is_blank() { None } else { self.text(value) }
    }

    /// Returns a path, always with `/` between its parts.
    pub(super) fn path(&mut self, node: &Node<'_>) -> Option<Spanned<String>> {
        let mut path = self.text(node)?;
        path.value = path.value.replace('\\', "/");
        Some(path)
    }

    /// Returns the entries of a map; nothing gives none, anything else is a mistake.
    pub(super) fn map<'n, 'a>(&mut self, node: Option<&'n Node<'a>>) -> &'n [(Node<'a>, Node<'a>)] {
        match node {
            Some(node) if matches!(node.data, Data::Map(_)) => node.entries(),
            Some(node) if !node.is_blank() => {
                self.wrong_form(node, Text::new("a map of keys and values", "由键和值组成的映射"));
                &[]
            }
            Some(_) | None => &[],
        }
    }

    /// Returns the items of a list; one thing alone is a list of itself.
    pub(super) fn list<'n, 'a>(&mut self, node: Option<&'n Node<'a>>) -> Vec<&'n Node<'a>> {
        match node {
            Some(node) => match &node.data {
                Data::List(items) => items.iter().collect(),
                Data::Null => Vec::new(),
                Data::Scalar(_) | Data::Map(_) => vec![node],
            },
            None => Vec::new(),
        }
    }

    /// Reports every key of a map that is not one of `known`.
    pub(super) fn only(&mut self, map: &Node<'_>, known: &[&str]) {
        for (key, _) in map.entries() {
            let word = key.shown();
            if known.contains(&&*word) {
                continue;
            }
            let help = match closest(&word, known.iter().copied()) {
                Some(meant) => text!(en: "did you mean `{meant}`?", zh: "是否应为“{meant}”？"),
                None => {
                    let all = known.join(", ");
                    text!(en: "the keys here are: {all}", zh: "此处可用的键：{all}")
                }
            };
            let message = text!(en: "unknown key `{word}`", zh: "未知的键“{word}”");
            let found = Diagnostic::error(&codes::UNKNOWN_KEY, message).label(key.span(self.file)).help(help);
            self.diagnostics.push(found);
        }
    }

    /// Reports a value whose form is not the expected one.
    pub(super) fn wrong_form(&mut self, node: &Node<'_>, expected: Text) {
        let found = match node.data {
            Data::Null => Text::new("nothing", "空值"),
            Data::Scalar(_) => Text::new("text", "文本"),
            Data::List(_) => Text::new("a list", "列表"),
            Data::Map(_) => Text::new("a map", "映射"),
        };
        let message = Text::new(
            format!("expected {}, found {}", expected.en, found.en),
            format!("应为{}，却是{}", expected.zh, found.zh),
        );
        self.diagnostics.push(Diagnostic::error(&codes::WRONG_FORM, message).label(node.span(self.file)));
    }

    /// Reports a value that is not one of those that may stand there.
    pub(super) fn bad_setting(&mut self, span: Span, message: Text, help: Option<Text>) {
        self.diagnostics.push(Diagnostic::error(&codes::BAD_SETTING, message).label(span).help(help));
    }
}
