//! How to go on after a mistake.
//!
//! A text that the grammar refuses is cut at the lines that open a declaration, and a block at the lines that open a clause. Each
//! piece is read on its own; one that cannot be read is reported, and stands in the tree as what its first words tell, so that it
//! does not cause complaints elsewhere.

use std::ops::Range;

use crate::diagnostic::closest;
use crate::source::Span;
use crate::syntax::ast::{
    Binding, ConstraintKind, DeclaredName, Expr, ExprKind, Item, ItemKind, Let, Name, Template, Test, Tighten,
};
use crate::syntax::words::{self, Category};

use super::declarations::empty_rule;
use super::rules::constraint;
use super::scan::{self, Token, TokenKind};
use super::{Declaration, Parser, Rule};

/// What a block consists of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Source,
    Enum,
    Fields,
    Rule,
    Test,
    Tighten,
}

impl Block {
    fn of(keyword: &str) -> Option<Block> {
        Some(match keyword {
            "source" => Block::Source,
            "enum" => Block::Enum,
            "layer" | "table" | "record" => Block::Fields,
            "rule" => Block::Rule,
            "test" => Block::Test,
            "tighten" => Block::Tighten,
            _ => return None,
        })
    }

    /// The production that reads a stretch of it.
    fn part(self) -> Rule {
        match self {
            Block::Source => Rule::source_part,
            Block::Enum => Rule::enum_part,
            Block::Fields => Rule::field_part,
            Block::Rule => Rule::rule_part,
            Block::Test => Rule::test_part,
            Block::Tighten => Rule::tighten_part,
        }
    }

    /// Whether its parts begin with keywords.
    fn has_clauses(self) -> bool {
        match self {
            Block::Rule | Block::Test | Block::Tighten => true,
            Block::Source | Block::Enum | Block::Fields => false,
        }
    }

    /// Stands for the declaration while its parts are read, if its head cannot be.
    fn placeholder(self, span: Span) -> ItemKind {
        let name = Name { text: "".into(), span };
        let declared = DeclaredName { name: name.clone(), second: None };
        match self {
            Block::Source => ItemKind::Source { name: declared, entries: Vec::new() },
            Block::Enum => ItemKind::Enum { name: declared, values: Vec::new() },
            Block::Fields => ItemKind::Record { name: declared, fields: Vec::new() },
            Block::Rule => ItemKind::Rule(Box::new(empty_rule(name, None))),
            Block::Test => {
                ItemKind::Test(Box::new(Test { rule: name, title: None, given: Vec::new(), expects: Vec::new() }))
            }
            Block::Tighten => ItemKind::Tighten(Box::new(Tighten::Rule {
                id: name,
                basis: Vec::new(),
                no_unless: Vec::new(),
                severities: Vec::new(),
                constraints: Vec::new(),
            })),
        }
    }
}

impl Parser<'_> {
    /// Reads the declarations of the file one by one.
    pub(super) fn recover_file(&mut self, declarations: &mut Vec<Declaration>) {
        let tokens = std::mem::take(&mut self.tokens);
        for piece in self.declaration_pieces(&tokens) {
            self.recover_declaration(&tokens[piece], declarations);
        }
        self.tokens = tokens;
    }

    fn word(&self, token: Token) -> &str {
        if token.kind == TokenKind::Word { &self.text[token.start..token.end] } else { "" }
    }

    fn declaration_pieces(&self, tokens: &[Token]) -> Vec<Range<usize>> {
        let (mut starts, mut depth) = (Vec::new(), 0usize);
        for (index, &token) in tokens.iter().enumerate() {
            let followed_by_colon = tokens.get(index + 1).is_some_and(|next| next.kind == TokenKind::Mark(':'));
            let keyword = words::canonical(self.word(token), Category::Declaration).is_some() && !followed_by_colon;
            let leftmost = token.indent == 0 && !follows_open_end(tokens, index);
            let starts_here = index == 0
                || token.first
                    && token.kind == TokenKind::Word
                    && (keyword && (depth == 0 || token.indent == 0) || depth == 0 && leftmost);
            if starts_here {
                starts.push(index);
                depth = 0;
            }
            depth = if token.opens() { depth + 1 } else { depth.saturating_sub(usize::from(token.closes())) };
        }
        ranges(&starts, tokens.len())
    }

    fn recover_declaration(&mut self, tokens: &[Token], declarations: &mut Vec<Declaration>) {
        let (Some(&first), Some(&last)) = (tokens.first(), tokens.last()) else { return };
        let (start, end) = (first.start, last.end);
        if let Some(token) = scan::too_deep(self.text, tokens) {
            self.too_deep(Span::new(self.file, token.start, token.end));
            return;
        }
        let error = match self.read(Rule::module_file, start, end) {
            Ok(nodes) => return nodes.into_iter().for_each(|node| self.declaration(node, declarations)),
            Err(error) => error,
        };
        let keyword = words::canonical(self.word(first), Category::Declaration);
        let tightens_param = keyword == Some("tighten")
            && tokens
                .get(1)
                .is_some_and(|&second| words::canonical(self.word(second), Category::Declaration) == Some("param"));
        let open = tokens.iter().position(|token| token.kind == TokenKind::Mark('{'));
        let block = keyword.and_then(Block::of).filter(|_| !tightens_param);
        if let (Some(block), Some(open)) = (block, open) {
            let reported = self.diagnostics.len();
            self.recover_block(block, tokens, open, declarations);
            if self.diagnostics.len() > reported {
                return;
            }
        }
        self.syntax_error(&error, start, end, tokens, Some(Category::Declaration));
    }

    fn recover_block(&mut self, block: Block, tokens: &[Token], open: usize, declarations: &mut Vec<Declaration>) {
        let (start, brace) = (tokens[0].start, tokens[open]);
        let close = closing(tokens, open);
        let unclosed = close.is_none();
        // A brace that is open inside takes the closing one of the block.
        let close = close.or_else(|| {
            let last = tokens.len() - 1;
            (last > open && tokens[last].kind == TokenKind::Mark('}')).then_some(last)
        });
        let body = &tokens[open + 1..close.unwrap_or(tokens.len())];
        let end = close.map_or(tokens[tokens.len() - 1].end, |close| tokens[close].end);
        let span = Span::new(self.file, start, end);
        let docs = self.documentation(start);
        let head = match self.read(Rule::block_head, start, brace.end) {
            Ok(nodes) => nodes.into_iter().next().and_then(|head| self.block(head)),
            Err(error) => {
                self.syntax_error(&error, start, brace.end, &tokens[..=open], Some(Category::Declaration));
                None
            }
        };
        let readable = head.is_some();
        let mut kind = head.unwrap_or_else(|| block.placeholder(span));
        let reported = self.diagnostics.len();
        for piece in self.parts(block, body) {
            self.recover_part(block, &mut kind, &body[piece]);
        }
        if unclosed && self.diagnostics.len() == reported {
            self.unclosed_bracket(brace);
        }
        if let Some(&token) = close.and_then(|close| tokens.get(close + 1)) {
            self.trailing(token);
        }
        if readable {
            declarations.push(Declaration::Item(Box::new(Item { docs, kind, span })));
        }
    }

    /// Cuts the inside of a block where a part begins.
    fn parts(&self, block: Block, tokens: &[Token]) -> Vec<Range<usize>> {
        if block == Block::Enum {
            return tokens
                .split(|token| token.kind == TokenKind::Mark(','))
                .scan(0, |at, part| {
                    let start = *at;
                    *at += part.len() + 1;
                    Some(start..start + part.len())
                })
                .filter(|range| !range.is_empty())
                .collect();
        }
        let base = tokens.iter().find(|token| token.first).map_or(0, |token| token.indent);
        let (mut starts, mut depth) = (Vec::new(), 0usize);
        for (index, &token) in tokens.iter().enumerate() {
            let next = tokens.get(index + 1).copied();
            let outer = token.indent <= base && !follows_open_end(tokens, index);
            let starts_here = index == 0
                || token.first
                    && token.kind == TokenKind::Word
                    && if block.has_clauses() {
                        let word = self.word(token);
                        let keyword = self.opens_clause(token, next);
                        let inner = depth > 0 && matches!(word, "for" | "对每个" | "对");
                        keyword && !inner || depth == 0 && outer && !continues(word)
                    } else {
                        depth == 0 && outer && !self.continues_field(token, next, tokens.get(index + 2).copied())
                    };
            if starts_here {
                starts.push(index);
                depth = 0;
            }
            depth = if token.opens() { depth + 1 } else { depth.saturating_sub(usize::from(token.closes())) };
        }
        ranges(&starts, tokens.len())
    }

    /// Tells whether a clause begins with these words; a label or an entry is none.
    fn opens_clause(&self, token: Token, next: Option<Token>) -> bool {
        let word = self.word(token);
        let second = next.map_or("", |next| self.word(next));
        let colon = next.is_some_and(|next| next.kind == TokenKind::Mark(':'));
        let two = format!("{word} {second}");
        let opens = |text: &str| words::canonical(text, Category::Clause).is_some();
        !colon && (opens(word) || opens(&two) || two == "对 每个" || two == "取消 除非")
    }

    /// `from GHYT` on a line of its own, unless it is a field of that name.
    fn continues_field(&self, token: Token, next: Option<Token>, third: Option<Token>) -> bool {
        let colon = |token: Option<Token>| token.is_some_and(|token| token.kind == TokenKind::Mark(':'));
        matches!(words::canonical(self.word(token), Category::Connective), Some("from" | "missing"))
            && !colon(next)
            && !colon(third)
    }

    fn recover_part(&mut self, block: Block, kind: &mut ItemKind, tokens: &[Token]) {
        let (Some(&first), Some(&last)) = (tokens.first(), tokens.last()) else { return };
        match self.read(block.part(), first.start, last.end) {
            Ok(nodes) => nodes.into_iter().for_each(|node| self.add(kind, node)),
            Err(_) if block == Block::Enum && first.kind == TokenKind::Word && tokens.len() > 1 => {
                let names = tokens.iter().take(2).take_while(|token| token.kind == TokenKind::Word).count();
                self.missing_comma(tokens[names.min(tokens.len() - 1)]);
            }
            Err(error) => {
                let opening = block.has_clauses().then_some(Category::Clause);
                self.syntax_error(&error, first.start, last.end, tokens, opening);
                self.stand_in(kind, tokens);
            }
        }
    }

    /// Puts what the first words of an unreadable clause tell into the tree.
    fn stand_in(&mut self, kind: &mut ItemKind, tokens: &[Token]) {
        let (Some(&first), second) = (tokens.first(), tokens.get(1).copied()) else { return };
        let span = Span::new(self.file, first.start, tokens.last().map_or(first.end, |last| last.end));
        let error = Expr { kind: ExprKind::Error, span };
        let word = self.word(first).to_owned();
        let name = |token: Option<Token>| {
            token
                .filter(|token| token.kind == TokenKind::Word)
                .map(|token| Name { text: self.word(token).into(), span: Span::new(self.file, token.start, token.end) })
        };
        // A keyword stuck to the word behind it, or misspelled, stands for the one that was probably meant.
        let stuck = words::of(Category::Clause)
            .filter_map(|entry| Some((entry.en, word.strip_prefix(entry.zh)?)))
            .filter(|(_, rest)| !rest.is_empty())
            .min_by_key(|(_, rest)| rest.len());
        let spelled = closest(&word, words::spellings(Category::Clause)).unwrap_or(&word);
        let (clause, variable) = match (word.as_str(), stuck) {
            ("for" | "对", _) => ("for each", name(tokens.get(2).copied())),
            (_, Some((clause, rest))) => {
                let text = rest.split("属于").next().unwrap_or(rest).into();
                (clause, Some(Name { text, span: Span::new(self.file, first.start, first.end) }))
            }
            (_, None) => (words::canonical(spelled, Category::Clause).unwrap_or(""), name(second)),
        };
        let labelled = tokens.get(2).is_some_and(|token| token.kind == TokenKind::Mark(':'));
        let label = name(second.filter(|_| labelled));
        let constraint_kind = match clause {
            "forbid" => Some(ConstraintKind::Forbid),
            "require" => Some(ConstraintKind::Require),
            "oblige" => Some(ConstraintKind::Oblige),
            _ => None,
        };
        let constraints = match kind {
            ItemKind::Rule(rule) => {
                rule.incomplete = true;
                match (clause, variable) {
                    ("let", Some(name)) => rule.lets.push(Let { name, value: error.clone() }),
                    ("for each", Some(name)) => {
                        rule.bindings.push(Binding {
                            name,
                            over: error.clone(),
                            relation: None,
                            condition: None,
                            span,
                        });
                    }
                    _ => {}
                }
                &mut rule.constraints
            }
            ItemKind::Tighten(tighten) => match tighten.as_mut() {
                Tighten::Rule { constraints, .. } => constraints,
                Tighten::Param { .. } => return,
            },
            _ => return,
        };
        if let Some(kind) = constraint_kind {
            let mut damaged = constraint(kind, error, span);
            damaged.label = label;
            constraints.push(damaged);
        } else if clause == "message"
            && let Some(last) = constraints.last_mut().filter(|last| last.message.is_none())
        {
            last.message = Some(Template { parts: Vec::new(), span });
        }
    }
}

/// Tells whether the token before leaves something to come, so that a new line goes on with it.
fn follows_open_end(tokens: &[Token], index: usize) -> bool {
    index.checked_sub(1).is_some_and(|before| match tokens[before].kind {
        TokenKind::Mark(mark) => !matches!(mark, '}' | ')' | ']' | '%' | '‰' | '㎡' | '㎞' | '?' | '>'),
        TokenKind::Word | TokenKind::Number | TokenKind::Text | TokenKind::UnclosedText => false,
    })
}

/// Tells whether a line that begins with this word goes on with the clause above.
fn continues(word: &str) -> bool {
    words::canonical(word, Category::Operator).is_some()
        || words::canonical(word, Category::Connective).is_some()
        || words::canonical(word, Category::Relation).is_some()
        || matches!(word, "is" | "by" | "with")
}

/// The index of the brace that closes the one at `open`.
fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            TokenKind::Mark('{') => depth += 1,
            TokenKind::Mark('}') => depth -= 1,
            TokenKind::Word | TokenKind::Number | TokenKind::Text | TokenKind::UnclosedText | TokenKind::Mark(_) => {}
        }
        if depth == 0 {
            return Some(index);
        }
    }
    None
}

/// The stretches between starts.
fn ranges(starts: &[usize], end: usize) -> Vec<Range<usize>> {
    let ends = starts.iter().skip(1).copied().chain([end]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}
