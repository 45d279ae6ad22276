//! Declarations, their fields and types.

use crate::diagnostic::closest;
use crate::diagnostic::codes::language as codes;
use crate::source::Span;
use crate::syntax::ast::{
    DeclaredName, Expr, ExprKind, Field, Item, ItemKind, Limit, Name, Parameter, Path, Quoted, Rule as RuleNode,
    SourceEntry, Stricter, Test, Tighten, TypeExpr,
};
use crate::syntax::words::{self, Category};
use crate::text;

use super::{Declaration, Node, Parser, Rule, children};

impl Parser<'_> {
    /// Lowers a declaration that was read whole.
    pub(super) fn declaration(&mut self, node: Node, declarations: &mut Vec<Declaration>) {
        let span = self.span(&node);
        if node.as_rule() == Rule::module_decl {
            let paths: Vec<Path> = children(node).map(|path| self.path(path)).collect();
            declarations.extend(paths.into_iter().map(|path| Declaration::Module(path, span)));
            return;
        }
        let docs = self.documentation(span.start as usize);
        if let Some(kind) = self.item_kind(node) {
            declarations.push(Declaration::Item(Box::new(Item { docs, kind, span })));
        }
    }

    /// `None` cannot happen for what the grammar makes, only for a rule that is no declaration.
    fn item_kind(&mut self, node: Node) -> Option<ItemKind> {
        let rule = node.as_rule();
        let mut parts = children(node);
        let first = parts.next()?;
        Some(match rule {
            Rule::use_decl => {
                ItemKind::Use { path: self.path(first), alias: parts.next().map(|alias| self.name(&alias)) }
            }
            Rule::codes_decl => ItemKind::Codes { name: self.declared(first), from: self.quoted(&parts.next()?) },
            Rule::set_decl => {
                let name = self.declared(first);
                let of = self.path(parts.next()?);
                let members = self.members(parts.next()?);
                let except = parts.next().map(|except| self.members(except)).unwrap_or_default();
                ItemKind::Set { name, of, members, except }
            }
            Rule::param_decl => {
                let name = self.declared(first);
                let ty = self.type_expr(parts.next()?);
                let value = self.expr(parts.next()?);
                let stricter = parts.next().and_then(children_first).map(|direction| match direction.as_rule() {
                    Rule::stricter_lower => Stricter::Lower,
                    _ => Stricter::Higher,
                });
                ItemKind::Param { name, ty, value, stricter }
            }
            Rule::define_decl => {
                let name = self.declared(first);
                let (mut parameters, mut body) = (Vec::new(), None);
                for part in parts {
                    if part.as_rule() == Rule::parameter {
                        parameters.extend(self.parameter(part));
                    } else {
                        body = Some(self.expr(part));
                    }
                }
                ItemKind::Define { name, parameters, body: body? }
            }
            Rule::tighten_decl if first.as_rule() == Rule::tighten_param => {
                let mut parts = children(first);
                let name = self.path(parts.next()?);
                ItemKind::Tighten(Box::new(Tighten::Param { name, value: self.expr(parts.next()?) }))
            }
            _ => {
                let mut kind = self.block(first)?;
                for part in parts {
                    self.add(&mut kind, part);
                }
                kind
            }
        })
    }

    /// Makes the declaration that a head opens, with nothing in it yet.
    pub(super) fn block(&mut self, head: Node) -> Option<ItemKind> {
        let rule = head.as_rule();
        let mut parts = children(head);
        let first = parts.next()?;
        Some(match rule {
            Rule::source_head => ItemKind::Source { name: self.declared(first), entries: Vec::new() },
            Rule::enum_head => ItemKind::Enum { name: self.declared(first), values: Vec::new() },
            Rule::layer_head => {
                let name = self.declared(first);
                let word = self.name(&parts.next()?);
                let kind = self.canonical(word, Category::LayerKind);
                let aliases = parts.next().map(|from| children(from).filter_map(|alias| self.alias(alias)).collect());
                ItemKind::Layer { name, kind, aliases: aliases.unwrap_or_default(), fields: Vec::new() }
            }
            Rule::table_head => {
                ItemKind::Table { name: self.declared(first), from: self.quoted(&parts.next()?), fields: Vec::new() }
            }
            Rule::record_head => ItemKind::Record { name: self.declared(first), fields: Vec::new() },
            Rule::rule_head => {
                let title = parts.next().map(|title| self.quoted(&title));
                ItemKind::Rule(Box::new(empty_rule(self.name(&first), title)))
            }
            Rule::test_head => {
                let title = parts.next().map(|title| self.quoted(&title));
                let rule = self.name(&first);
                ItemKind::Test(Box::new(Test { rule, title, given: Vec::new(), expects: Vec::new() }))
            }
            _ => ItemKind::Tighten(Box::new(Tighten::Rule {
                id: self.name(&first),
                basis: Vec::new(),
                no_unless: Vec::new(),
                severities: Vec::new(),
                constraints: Vec::new(),
            })),
        })
    }

    /// Adds one part of a block to it.
    pub(super) fn add(&mut self, kind: &mut ItemKind, part: Node) {
        match kind {
            ItemKind::Source { entries, .. } => entries.extend(self.source_entry(part)),
            ItemKind::Enum { values, .. } => values.extend(children_first(part).map(|name| self.declared(name))),
            ItemKind::Layer { fields, .. } | ItemKind::Table { fields, .. } | ItemKind::Record { fields, .. } => {
                fields.extend(self.field(part));
            }
            ItemKind::Rule(rule) => {
                let reported = self.diagnostics.len();
                self.rule_clause(rule, part);
                rule.incomplete |= self.diagnostics.len() > reported;
            }
            ItemKind::Test(test) => self.test_clause(test, part),
            ItemKind::Tighten(tighten) => self.tighten_clause(tighten, part),
            ItemKind::Use { .. }
            | ItemKind::Codes { .. }
            | ItemKind::Set { .. }
            | ItemKind::Param { .. }
            | ItemKind::Define { .. } => {}
        }
    }

    fn declared(&self, node: Node) -> DeclaredName {
        let span = self.span(&node);
        let mut names = children(node).map(|name| self.name(&name));
        let name = names.next().unwrap_or(Name { text: "".into(), span });
        DeclaredName { name, second: names.next() }
    }

    fn members(&mut self, node: Node) -> Vec<Expr> {
        children(node).filter_map(children_first).map(|member| self.atom(member, 0)).collect()
    }

    fn source_entry(&mut self, node: Node) -> Option<SourceEntry> {
        let mut parts = children(node);
        let key = self.name(&parts.next()?);
        let key = self.canonical(key, Category::SourceKey);
        Some(SourceEntry { key, value: self.atom(parts.next()?, 0) })
    }

    fn field(&mut self, node: Node) -> Option<Field> {
        let span = self.span(&node);
        let docs = self.documentation(span.start as usize);
        let mut parts = children(node);
        let name = self.declared(parts.next()?);
        let mut part = parts.next()?;
        let mut limit = None;
        if part.as_rule() == Rule::field_limit {
            let upper = part.into_inner().any(|word| word.as_rule() == Rule::k_upper);
            limit = Some(if upper { Limit::Upper } else { Limit::Lower });
            part = parts.next()?;
        }
        let ty = self.type_expr(part);
        let mut field = Field { docs, name, limit, ty, aliases: Vec::new(), missing: Vec::new(), computed: None, span };
        for part in parts {
            match part.as_rule() {
                Rule::field_from => field.aliases = children(part).filter_map(|alias| self.alias(alias)).collect(),
                Rule::field_missing => field.missing = children(part).filter_map(|value| self.literal(value)).collect(),
                _ => field.computed = children_first(part).map(|value| self.expr(value)),
            }
        }
        Some(field)
    }

    fn alias(&mut self, node: Node) -> Option<Name> {
        let word = children_first(node)?;
        Some(if word.as_rule() == Rule::string {
            let Quoted { text, span } = self.quoted(&word);
            Name { text, span }
        } else {
            self.name(&word)
        })
    }

    fn literal(&mut self, node: Node) -> Option<Expr> {
        let span = self.span(&node);
        let mut parts = children(node);
        let first = parts.next()?;
        Some(match parts.next() {
            Some(number) => Expr { kind: ExprKind::Negate(Box::new(self.atom(number, 0))), span },
            None => self.atom(first, 0),
        })
    }

    pub(super) fn type_expr(&mut self, node: Node) -> TypeExpr {
        let span = self.span(&node);
        let mut ty = TypeExpr { name: Path { words: Vec::new(), span }, arguments: Vec::new(), optional: false, span };
        for part in children(node) {
            match part.as_rule() {
                Rule::path => ty.name = self.path(part),
                Rule::type_expr => ty.arguments.push(self.type_expr(part)),
                _ => ty.optional = true,
            }
        }
        ty
    }

    fn parameter(&mut self, node: Node) -> Option<Parameter> {
        let mut parts = children(node);
        Some(Parameter { name: self.name(&parts.next()?), ty: self.type_expr(parts.next()?) })
    }

    /// Turns a word of the table into its English spelling; an unknown one is reported and kept.
    pub(super) fn canonical(&mut self, word: Name, category: Category) -> Name {
        match words::canonical(&word.text, category) {
            Some(english) => Name { text: english.into(), span: word.span },
            None => {
                self.unknown_word(&word.text, word.span, category);
                word
            }
        }
    }

    pub(super) fn unknown_word(&mut self, word: &str, span: Span, category: Category) {
        let (en, zh) = match category {
            Category::Severity => ("severity", "等级"),
            Category::Confidence => ("confidence", "可信度"),
            Category::Verdict => ("verdict", "结论"),
            Category::LayerKind => ("kind of geometry", "几何类型"),
            Category::SourceKey => ("entry of a source", "来源条目"),
            Category::Declaration
            | Category::Clause
            | Category::Connective
            | Category::Relation
            | Category::Operator
            | Category::Quantifier
            | Category::Function
            | Category::Type
            | Category::Property
            | Category::Literal
            | Category::Name => ("word", "词"),
        };
        let message = text!(en: "no {en} is called `{word}`", zh: "没有叫“{word}”的{zh}");
        let help = closest(word, words::spellings(category)).map_or_else(
            || {
                let english = words::of(category).map(|word| word.en).collect::<Vec<_>>().join(", ");
                let chinese = words::of(category).map(|word| word.zh).collect::<Vec<_>>().join("、");
                text!(en: "there are {english}", zh: "可以写：{chinese}")
            },
            |near| text!(en: "did you mean `{near}`?", zh: "是否想写“{near}”？"),
        );
        self.report(&codes::UNKNOWN_KEYWORD, message, span, help);
    }
}

/// A rule with nothing in it yet.
pub(super) fn empty_rule(id: Name, title: Option<Quoted>) -> RuleNode {
    RuleNode {
        id,
        title,
        basis: Vec::new(),
        departments: Vec::new(),
        severity: None,
        effective: None,
        applies: Vec::new(),
        confidence: None,
        bindings: Vec::new(),
        lets: Vec::new(),
        constraints: Vec::new(),
        incomplete: false,
    }
}

/// The first part of a node.
pub(super) fn children_first(node: Node) -> Option<Node> {
    children(node).next()
}
