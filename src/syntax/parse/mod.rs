//! pest pairs to nodes, with recovery.
//!
//! A text that the grammar takes whole is lowered in one go. Otherwise `recovery` cuts it into declarations and clauses, and each
//! is read on its own, so that a mistake costs only the piece it stands in. Only this folder names pest.

mod declarations;
mod errors;
mod expressions;
mod recovery;
mod rules;
mod scan;
mod templates;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use pest::Parser as _;
use pest::iterators::Pair;

use crate::diagnostic::codes::language as codes;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::source::{FileId, Files, Span};
use crate::syntax::ast::{Comment, Expr, Item, Module, Name, Path};
use crate::text;

use scan::{Remark, Token};

/// The longest text that is read, in bytes; a rule file is a few thousand.
pub const MAX_BYTES: usize = 16 << 20;

#[derive(pest_derive::Parser)]
#[grammar = "grammar/guiju.pest"]
struct Grammar;

type Node<'t> = Pair<'t, Rule>;

/// Parses the text of one module.
///
/// Gives the declarations that could be read and every mistake found. Never fails and never panics; texts longer than
/// [`MAX_BYTES`] are refused whole, expressions nested deeper than 32 brackets or 200 operations are refused one by one.
pub fn parse(file: FileId, text: &str) -> (Module, Vec<Diagnostic>) {
    let mut module = Module { file, name: None, items: Vec::new(), comments: Vec::new() };
    if text.len() > MAX_BYTES {
        let message = text!(en: "the file is longer than 16 MiB", zh: "文件超过 16 MiB");
        let diagnostic = Diagnostic::error(&codes::FILE_TOO_LONG, message)
            .label(Span::new(file, 0, 0))
            .help(text!(en: "split it into several modules", zh: "拆成几个模块"));
        return (module, vec![diagnostic]);
    }
    let (tokens, remarks) = scan::scan(text, 0);
    let mut parser = Parser { file, text, base: 0, tokens, remarks, diagnostics: Vec::new() };
    let mut declarations = Vec::new();
    parser.file(&mut declarations);
    parser.place_modules(&mut module, declarations);
    let comments = parser.remarks.iter().filter(|remark| !remark.attached);
    module.comments = comments
        .map(|remark| Comment {
            text: text[remark.start..remark.end].trim_end().into(),
            span: Span::new(file, remark.start, remark.end),
        })
        .collect();
    parser.diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| label.span));
    (module, parser.diagnostics)
}

/// Parses an expression that stands alone in a file of another kind, such as the value of a param in a manifest.
pub fn parse_expression(files: &Files, span: Span) -> (Option<Expr>, Vec<Diagnostic>) {
    let text = files.text(span.file);
    let quoted = files.slice(span);
    let inner = quoted.trim_matches(['"', '\'']);
    let start = span.start as usize + quoted.find(inner).unwrap_or(0);
    let mut parser =
        Parser { file: span.file, text, base: 0, tokens: Vec::new(), remarks: Vec::new(), diagnostics: Vec::new() };
    let value = parser.lone_expression(start, start + inner.len());
    (value, parser.diagnostics)
}

/// A declaration, or the `module` line.
enum Declaration {
    Module(Path, Span),
    Item(Box<Item>),
}

/// What is known while a text is lowered.
struct Parser<'t> {
    file: FileId,
    text: &'t str,
    /// Where in the text the stretch starts that pest reads; its offsets count from there.
    base: usize,
    tokens: Vec<Token>,
    remarks: Vec<Remark>,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Parser<'t> {
    /// Reads the whole file, piecemeal if it does not parse.
    fn file(&mut self, declarations: &mut Vec<Declaration>) {
        let whole = 0..self.text.len();
        let shallow = scan::too_deep(self.text, &self.tokens).is_none();
        if shallow && let Ok(nodes) = self.read(Rule::module_file, whole.start, whole.end) {
            nodes.into_iter().for_each(|node| self.declaration(node, declarations));
        } else {
            self.recover_file(declarations);
        }
    }

    /// Runs the grammar on a stretch of the text; the nodes are to be lowered before the next call.
    fn read(&mut self, rule: Rule, start: usize, end: usize) -> Result<Vec<Node<'t>>, pest::error::Error<Rule>> {
        let pairs = Grammar::parse(rule, &self.text[start..end])?;
        self.base = start;
        Ok(pairs.flat_map(children).collect())
    }

    /// The `module` line has to come first, once.
    fn place_modules(&mut self, module: &mut Module, declarations: Vec<Declaration>) {
        let help = || text!(en: "start the file with `module`, as in `module national.schema`", zh: "文件开头写“模块 national.schema”这样的一行");
        let mut misplaced = Vec::new();
        for declaration in declarations {
            match declaration {
                Declaration::Item(item) => module.items.push(*item),
                Declaration::Module(path, span) => {
                    if module.name.is_some() {
                        let message = text!(en: "a file is one module", zh: "一个文件只能是一个模块");
                        let help = text!(
                            en: "leave it out, or put what follows into a file of its own",
                            zh: "去掉它，或把其后的内容另存为一个文件"
                        );
                        misplaced.push((span, message, help));
                    } else if !module.items.is_empty() {
                        misplaced.push((
                            span,
                            text!(en: "`module` stands before all declarations", zh: "“模块”要写在所有声明之前"),
                            help(),
                        ));
                        module.name = Some(path);
                    } else {
                        module.name = Some(path);
                    }
                }
            }
        }
        for (span, message, help) in misplaced {
            self.report(&codes::MISPLACED_MODULE, message, span, help);
        }
        let damaged = self.tokens.first().is_some_and(|token| {
            let first = &self.text[token.start..token.end];
            first == "module" || first == "模块"
        });
        if module.name.is_none() && !damaged {
            let end = self.tokens.first().map_or(0, |token| token.end);
            let span = Span::new(self.file, self.tokens.first().map_or(0, |token| token.start), end);
            let message = text!(en: "the file does not say which module it is", zh: "文件没有写明它是哪个模块");
            self.report(&codes::MISSING_MODULE, message, span, help());
        }
    }

    fn report(&mut self, code: &'static Code, message: Text, span: Span, help: impl Into<Option<Text>>) {
        self.diagnostics.push(Diagnostic::error(code, message).label(span).help(help));
    }

    /// The span of a node without the white space and comments that pest leaves at its end.
    fn span(&self, node: &Node) -> Span {
        let span = node.as_span();
        let (start, mut end) = (self.base + span.start(), self.base + span.end());
        loop {
            end = start + self.text[start..end].trim_end_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').len();
            let index = self.remarks.partition_point(|remark| remark.start < end);
            match index.checked_sub(1).map(|index| self.remarks[index]) {
                Some(remark) if remark.end >= end && remark.start >= start => end = remark.start,
                Some(_) | None => return Span::new(self.file, start, end),
            }
        }
    }

    fn name(&self, node: &Node) -> Name {
        Name { text: node.as_str().into(), span: self.span(node) }
    }

    fn path(&self, node: Node) -> Path {
        Path { span: self.span(&node), words: children(node).map(|word| self.name(&word)).collect() }
    }

    /// Takes the `///` lines right above `start`.
    fn documentation(&mut self, start: usize) -> Vec<Arc<str>> {
        let mut docs: Vec<Arc<str>> = Vec::new();
        let mut below = start;
        let mut index = self.remarks.partition_point(|remark| remark.start < start);
        while let Some(above) = index.checked_sub(1) {
            let remark = &mut self.remarks[above];
            if remark.attached || !self.text[remark.end.min(below)..below].trim().is_empty() {
                break;
            }
            if remark.documentation {
                remark.attached = true;
                let line = &self.text[remark.start + 3..remark.end];
                docs.push(line.strip_prefix(' ').unwrap_or(line).trim_end().into());
            }
            (below, index) = (remark.start, above);
        }
        docs.reverse();
        docs
    }
}

/// The parts of a node without its keywords and marks.
fn children<'t>(node: Node<'t>) -> impl Iterator<Item = Node<'t>> + use<'t> {
    node.into_inner().filter(|part| part.as_rule() != Rule::EOI && part.as_rule() < Rule::k_module)
}
