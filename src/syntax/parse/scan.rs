//! Tokens and comments of a text, for recovery, documentation and limits; the grammar itself reads the text on its own.

use crate::syntax::words::{self, Category};

/// How many brackets, quantifiers and type brackets may stand inside each other: as deep as the grammar can read on the
/// stack of a thread that it shares with other work.
pub(super) const MAX_NESTING: usize = 32;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    Number,
    Text,
    UnclosedText,
    /// Any other character, as its ASCII twin where that is one character.
    Mark(char),
}

/// A stretch of text that belongs together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether nothing stands before it on its line.
    pub(super) first: bool,
    /// How many characters stand before it on its line; counted only for the first.
    pub(super) indent: usize,
}

impl Token {
    /// `{`, `(` or `[`, and their twins.
    pub(super) fn opens(self) -> bool {
        matches!(self.kind, TokenKind::Mark('{' | '(' | '['))
    }

    /// `}`, `)` or `]`, and their twins.
    pub(super) fn closes(self) -> bool {
        matches!(self.kind, TokenKind::Mark('}' | ')' | ']'))
    }
}

/// A comment, documentation or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Remark {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) documentation: bool,
    /// Taken as the documentation of something.
    pub(super) attached: bool,
}

/// Splits `text` into tokens and comments; offsets are those of `text` plus `base`. Never fails.
pub(super) fn scan(text: &str, base: usize) -> (Vec<Token>, Vec<Remark>) {
    let (mut tokens, mut remarks) = (Vec::new(), Vec::new());
    let (mut at, mut line_start, mut first) = (0, 0, true);
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        if character == '\n' {
            (at, line_start, first) = (at + 1, at + 1, true);
            continue;
        }
        if character.is_whitespace() || character == '\u{FEFF}' {
            at += character.len_utf8();
            continue;
        }
        if rest.starts_with("//") {
            let end = at + memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            let documentation = rest.starts_with("///") && !rest.starts_with("////");
            remarks.push(Remark { start: base + at, end: base + end, documentation, attached: false });
            at = end;
            continue;
        }
        let (kind, length) = token(rest, character);
        let indent = if first { text[line_start..at].chars().filter(|&c| c != '\u{FEFF}').count() } else { 0 };
        tokens.push(Token { kind, start: base + at, end: base + at + length, first, indent });
        first = false;
        at += length;
    }
    (tokens, remarks)
}

fn token(rest: &str, character: char) -> (TokenKind, usize) {
    let run = |accept: fn(char) -> bool| rest.find(|c| !accept(c)).unwrap_or(rest.len());
    match character {
        '"' | '“' => text(rest, character),
        '\\' if rest.starts_with("\\\"") => match rest[2..].find("\\\"") {
            Some(length) if !rest[2..2 + length].contains('\n') => (TokenKind::Text, length + 4),
            Some(_) | None => (TokenKind::UnclosedText, run(|c| c != '\n')),
        },
        '0'..='9' => {
            let mut length = run(|c| c.is_ascii_digit());
            if rest[length..].strip_prefix('.').is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit())) {
                let fraction = &rest[length + 1..];
                length += 1 + fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            }
            length += rest[length..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len() - length);
            (TokenKind::Number, length)
        }
        _ if pest::unicode::XID_START(character) => (TokenKind::Word, run(pest::unicode::XID_CONTINUE)),
        _ => {
            let twin = words::ascii(character).and_then(|twin| {
                let mut characters = twin.chars();
                characters.next().filter(|_| characters.next().is_none())
            });
            (TokenKind::Mark(twin.unwrap_or(character)), character.len_utf8())
        }
    }
}

fn text(rest: &str, opening: char) -> (TokenKind, usize) {
    let closing = if opening == '"' { '"' } else { '”' };
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\n' => return (TokenKind::UnclosedText, at),
            '\\' if !rest[at + 1..].starts_with('\n') => {
                characters.next();
            }
            _ if character == closing => return (TokenKind::Text, at + character.len_utf8()),
            _ => {}
        }
    }
    (TokenKind::UnclosedText, rest.len())
}

/// Returns the first token at which nesting passes [`MAX_NESTING`].
pub(super) fn too_deep(text: &str, tokens: &[Token]) -> Option<Token> {
    let (mut brackets, mut quantifiers, mut types) = (0usize, 0usize, 0usize);
    for (index, &token) in tokens.iter().enumerate() {
        let previous = index.checked_sub(1).map(|index| tokens[index].kind);
        match token.kind {
            // A quantifier is followed by its variable. Its condition reaches as far as the expression does, and that ends where a
            // value is followed by a clause.
            TokenKind::Word => {
                let is = |category| words::canonical(&text[token.start..token.end], category).is_some();
                let variable = tokens.get(index + 1).is_some_and(|next| next.kind == TokenKind::Word);
                quantifiers += usize::from(is(Category::Quantifier) && variable);
                if token.first && is(Category::Clause) && previous.is_some_and(|_| ends_value(text, tokens[index - 1]))
                {
                    quantifiers = 0;
                }
            }
            TokenKind::Mark('<') if previous == Some(TokenKind::Word) => types += 1,
            TokenKind::Mark(mark) => {
                types = 0;
                quantifiers = if matches!(mark, '{' | '}') { 0 } else { quantifiers };
                brackets =
                    if token.opens() { brackets + 1 } else { brackets.saturating_sub(usize::from(token.closes())) };
            }
            TokenKind::Number | TokenKind::Text | TokenKind::UnclosedText => types = 0,
        }
        if brackets + quantifiers + types > MAX_NESTING {
            return Some(token);
        }
    }
    None
}

/// Tells whether a value may end with this token, and none go on behind it without an operator.
fn ends_value(text: &str, token: Token) -> bool {
    match token.kind {
        TokenKind::Word => {
            let word = &text[token.start..token.end];
            [Category::Operator, Category::Connective, Category::Relation, Category::Quantifier, Category::Clause]
                .into_iter()
                .all(|category| words::canonical(word, category).is_none())
        }
        TokenKind::Number | TokenKind::Text => true,
        TokenKind::Mark(_) => token.closes(),
        TokenKind::UnclosedText => false,
    }
}
