//! Strings and the messages made of them.

use crate::diagnostic::codes::language as codes;
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Quoted, Template, TemplatePart};
use crate::syntax::words;
use crate::text;

use super::{Node, Parser, Rule, scan};

impl<'t> Parser<'t> {
    /// The text of a span.
    pub(super) fn slice(&self, span: Span) -> &'t str {
        &self.text[span.start as usize..span.end as usize]
    }

    /// The byte range between the quotes of a string.
    fn content(&self, span: Span) -> (usize, usize) {
        let written = self.slice(span);
        let quote = if written.starts_with('\\') {
            2
        } else if written.starts_with('“') {
            '“'.len_utf8()
        } else {
            1
        };
        (span.start as usize + quote, span.end as usize - quote)
    }

    /// Lowers a string literal.
    pub(super) fn quoted(&mut self, node: &Node) -> Quoted {
        let span = self.span(node);
        let (mut at, end) = self.content(span);
        let mut content = String::new();
        while let Some(character) = self.character(&mut at, end) {
            content.push(character.0);
        }
        Quoted { text: content.into(), span }
    }

    /// Takes the next character, and whether it was escaped.
    fn character(&mut self, at: &mut usize, end: usize) -> Option<(char, bool)> {
        let mut characters = self.text[*at..end].chars();
        let character = characters.next()?;
        let start = *at;
        *at += character.len_utf8();
        let Some(escaped) = characters.next().filter(|_| character == '\\') else { return Some((character, false)) };
        *at += escaped.len_utf8();
        Some((
            match escaped {
                'n' => '\n',
                't' => '\t',
                '"' | '\\' | '“' | '”' => escaped,
                _ => {
                    let message = text!(en: "no escape is written `\\{escaped}`", zh: "没有“\\{escaped}”这种转义");
                    let help = text!(en: "there are `\\\"`, `\\\\`, `\\n` and `\\t`", zh: "可用的转义有 \\\"、\\\\、\\n 和 \\t");
                    self.report(&codes::UNKNOWN_ESCAPE, message, Span::new(self.file, start, *at), help);
                    escaped
                }
            },
            true,
        ))
    }

    /// Lowers a string with expressions in braces.
    pub(super) fn template(&mut self, node: &Node) -> Template {
        let span = self.span(node);
        let (mut at, end) = self.content(span);
        let (mut parts, mut plain) = (Vec::new(), String::new());
        loop {
            let start = at;
            let Some((character, escaped)) = self.character(&mut at, end) else { break };
            let doubled = self.text[at..end].starts_with(character);
            match character {
                '{' | '}' if !escaped && doubled => {
                    plain.push(character);
                    at += 1;
                }
                '{' if !escaped => {
                    let Some(close) = closing_brace(&self.text[at..end]).map(|length| at + length) else {
                        self.stray_brace(start);
                        continue;
                    };
                    if !plain.is_empty() {
                        parts.push(TemplatePart::Text(std::mem::take(&mut plain).into()));
                    }
                    parts.push(self.placeholder(at, close));
                    at = close + 1;
                }
                '}' if !escaped => self.stray_brace(start),
                _ => plain.push(character),
            }
        }
        if !plain.is_empty() {
            parts.push(TemplatePart::Text(plain.into()));
        }
        Template { parts, span }
    }

    fn stray_brace(&mut self, at: usize) {
        let brace = &self.text[at..=at];
        let message = text!(en: "the brace `{brace}` has no partner", zh: "花括号“{brace}”没有配对");
        let help = text!(en: "to print a brace, write it twice: `{brace}{brace}`", zh: "要显示花括号本身，连写两个：“{brace}{brace}”");
        self.report(&codes::STRAY_BRACE, message, Span::new(self.file, at, at + 1), help);
    }

    /// Reads `area(taken) : 亩`, from `start` to `end` of the file.
    fn placeholder(&mut self, start: usize, end: usize) -> TemplatePart {
        let base = self.base;
        let (tokens, _) = scan::scan(&self.text[start..end], start);
        let span = Span::new(self.file, start, end);
        let damaged = TemplatePart::Value { value: Expr { kind: ExprKind::Error, span }, format: None };
        if scan::too_deep(self.text, &tokens).is_some() {
            self.too_deep(span);
            return damaged;
        }
        let part = match self.read(Rule::placeholder, start, end) {
            Ok(nodes) => {
                let mut nodes = nodes.into_iter();
                let value = nodes.next().map(|value| self.expr(value));
                let format = nodes.next().map(|format| self.name(&format));
                if let Some(format) = format.as_ref().filter(|format| words::unit(&format.text).is_none()) {
                    self.unknown_unit(&format.text, format.span);
                }
                value.map_or(damaged, |value| TemplatePart::Value { value, format })
            }
            Err(error) => {
                self.syntax_error(&error, start, end, &tokens, None);
                damaged
            }
        };
        self.base = base;
        part
    }
}

/// The length of what stands before the closing brace; braces in nested strings do not count.
fn closing_brace(text: &str) -> Option<usize> {
    let mut closing = None;
    for (at, character) in text.char_indices() {
        match (closing, character) {
            (None, '}') => return Some(at),
            (None, '“') => closing = Some('”'),
            (None, '"') => closing = Some('"'),
            (Some(quote), _) if quote == character => closing = None,
            (Some(_) | None, _) => {}
        }
    }
    None
}
