//! The tree of one module: data only, every node with its span.
#![allow(missing_docs, reason = "the example above a variant shows its fields")]

mod expression;
mod testing;

pub use expression::*;
pub use testing::*;

use std::sync::Arc;

use crate::source::{FileId, Span};

/// A word as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The word, as written.
    pub text: Arc<str>,
    /// Where.
    pub span: Span,
}

/// A string literal, unescaped.
#[derive(Debug, Clone, PartialEq)]
pub struct Quoted {
    /// What it says.
    pub text: Arc<str>,
    /// Where, with its quotes.
    pub span: Span,
}

/// A dotted name: `national.schema`, or `schema.parcel`.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The words between the dots; at least one.
    pub words: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// The name of a declaration and its optional second name.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredName {
    /// The first name.
    pub name: Name,
    /// The second name.
    pub second: Option<Name>,
}

/// A comment that is not documentation.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// The text with its `//`.
    pub text: Arc<str>,
    /// Where.
    pub span: Span,
}

/// One file of rules.
#[derive(Debug, Clone)]
pub struct Module {
    /// The file.
    pub file: FileId,
    /// `module a.b`; missing is a diagnostic.
    pub name: Option<Path>,
    /// The declarations that could be read.
    pub items: Vec<Item>,
    /// All comments, in order.
    pub comments: Vec<Comment>,
}

/// A declaration with the `///` lines above it.
#[derive(Debug, Clone)]
pub struct Item {
    /// The documentation, a line each, without the slashes.
    pub docs: Vec<Arc<str>>,
    /// What is declared.
    pub kind: ItemKind,
    /// All of it, without the documentation.
    pub span: Span,
}

/// What a declaration declares.
#[derive(Debug, Clone)]
pub enum ItemKind {
    /// `use a.b [as c]`
    Use { path: Path, alias: Option<Name> },
    /// `source land_law 土地管理法 { … }`
    Source { name: DeclaredName, entries: Vec<SourceEntry> },
    /// `codes land_use 用地用海分类 from "x.csv"`
    Codes { name: DeclaredName, from: Quoted },
    /// `set construction_land 建设用地 = land_use { 06, 07 } except { 0701 }`
    Set { name: DeclaredName, of: Path, members: Vec<Expr>, except: Vec<Expr> },
    /// `enum tier 项目层级 { … }`
    Enum { name: DeclaredName, values: Vec<DeclaredName> },
    /// `param sliver_area 零星面积 : area = 1 m2 stricter when lower`
    Param { name: DeclaredName, ty: TypeExpr, value: Expr, stricter: Option<Stricter> },
    /// `layer parcel 地块 : polygon { … }`; the kind word is `polygon`, `line`, `point` or `any`
    Layer { name: DeclaredName, kind: Name, aliases: Vec<Name>, fields: Vec<Field> },
    /// `table max_term from "x.csv" { … }`
    Table { name: DeclaredName, from: Quoted, fields: Vec<Field> },
    /// `record package 资产包 { … }`
    Record { name: DeclaredName, fields: Vec<Field> },
    /// `define f(p: parcel, l: layer) = …`
    Define { name: DeclaredName, parameters: Vec<Parameter>, body: Expr },
    /// `rule ID "title" { … }`
    Rule(Box<Rule>),
    /// `test ID "title" { … }`
    Test(Box<Test>),
    /// `tighten …`
    Tighten(Box<Tighten>),
}

/// `title "…"`, `effective 2020-01-01` and the like, inside a `source`.
#[derive(Debug, Clone)]
pub struct SourceEntry {
    /// Which entry, canonical English word: title, number, issuer, issued, effective, repealed, url.
    pub key: Name,
    /// Text or a date.
    pub value: Expr,
}

/// Which direction of a parameter is the strict one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stricter {
    /// `stricter when lower`
    Lower,
    /// `stricter when higher`
    Higher,
}

/// Which end of a written limit counts: `upper`, `lower`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `upper`
    Upper,
    /// `lower`
    Lower,
}

/// `use 规划用途 : code<land_use> from GHYT missing 9999 [= expr]`
#[derive(Debug, Clone)]
pub struct Field {
    /// The documentation above it.
    pub docs: Vec<Arc<str>>,
    /// Its names.
    pub name: DeclaredName,
    /// Its type.
    pub ty: TypeExpr,
    /// `upper`, `lower`
    pub limit: Option<Limit>,
    /// `from A, B`
    pub aliases: Vec<Name>,
    /// `missing 9999, ""`
    pub missing: Vec<Expr>,
    /// `= union(parcels)`
    pub computed: Option<Expr>,
    /// All of it.
    pub span: Span,
}

/// A type as written: `list<ref<parcel>>?`
#[derive(Debug, Clone)]
pub struct TypeExpr {
    /// `list`, `code`, `area`, the name of an enum or record …
    pub name: Path,
    /// What stands in the angle brackets.
    pub arguments: Vec<TypeExpr>,
    /// Whether a `?` follows.
    pub optional: bool,
    /// All of it.
    pub span: Span,
}

/// `p: parcel`
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// Its type; here also `layer`, `geometry` or the name of a layer.
    pub ty: TypeExpr,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `CL-101`
    pub id: Name,
    /// The title.
    pub title: Option<Quoted>,
    /// `basis land_law "第三十五条", "第四十三条"`, one entry per line.
    pub basis: Vec<Basis>,
    /// `department a, b`
    pub departments: Vec<Path>,
    /// `severity prohibited`
    pub severity: Option<SeverityWord>,
    /// `effective from D [to D]`
    pub effective: Option<Effective>,
    /// `applies in "360000", …`
    pub applies: Vec<Expr>,
    /// `confidence seed`
    pub confidence: Option<ConfidenceWord>,
    /// `for each …`, in order.
    pub bindings: Vec<Binding>,
    /// `let …`, in order.
    pub lets: Vec<Let>,
    /// `forbid`, `require`, `oblige`, in order.
    pub constraints: Vec<Constraint>,
    /// Whether some clause of it could not be read and is left out, so that what seems to lack may be there.
    pub incomplete: bool,
}

/// `basis SOURCE "article" [, "article"]`
#[derive(Debug, Clone)]
pub struct Basis {
    /// The source.
    pub source: Path,
    /// The articles.
    pub articles: Vec<Quoted>,
    /// All of it.
    pub span: Span,
}

/// How grave a conflict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// 禁止级
    Prohibited,
    /// 限制级
    Conditional,
    /// 提示级
    Advisory,
}

/// A severity where it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeverityWord {
    /// Which.
    pub severity: Severity,
    /// Where.
    pub span: Span,
}

/// How sure the legal basis is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// The article was read.
    Verified,
    /// A source document of the project says so.
    Seed,
    /// Not verified.
    Unverified,
    /// A proposal without legal force.
    Proposal,
}

/// A confidence where it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConfidenceWord {
    /// Which.
    pub confidence: Confidence,
    /// Where.
    pub span: Span,
}

/// `effective from D [to D]`
#[derive(Debug, Clone)]
pub struct Effective {
    /// First day.
    pub from: Expr,
    /// Last day.
    pub to: Option<Expr>,
}

/// `for each VAR in SUBJECT [RELATION] [where COND]`; also inside aggregates and quantifiers.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The variable.
    pub name: Name,
    /// What it runs over.
    pub over: Expr,
    /// How it lies to something else.
    pub relation: Option<Relation>,
    /// `where COND`
    pub condition: Option<Expr>,
    /// All of it.
    pub span: Span,
}

/// `overlapping p by at least 5% of p or 100 m2`
#[derive(Debug, Clone)]
pub struct Relation {
    /// Which relation.
    pub kind: RelationKind,
    /// To what.
    pub target: Expr,
    /// `by at least Q [or Q]`: either suffices.
    pub at_least: Vec<AtLeast>,
    /// All of it.
    pub span: Span,
}

/// Which relation a binding states.
#[derive(Debug, Clone)]
pub enum RelationKind {
    /// `overlapping`, 压盖
    Overlapping,
    /// `touching`, 相邻
    Touching,
    /// `within`, 位于
    Within,
    /// `containing`, 包含
    Containing,
    /// `within 500 m of`
    WithinDistance(Expr),
}

/// `5% of p`, or `100 m2`
#[derive(Debug, Clone)]
pub struct AtLeast {
    /// The quantity.
    pub quantity: Expr,
    /// `of p`: the quantity is a share of this one's area.
    pub of: Option<Expr>,
}

/// `let NAME = EXPR`
#[derive(Debug, Clone)]
pub struct Let {
    /// The name.
    pub name: Name,
    /// The expression.
    pub value: Expr,
}

/// What a constraint does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConstraintKind {
    /// A conflict where the condition holds.
    Forbid,
    /// A conflict where it fails.
    Require,
    /// An obligation where it holds.
    Oblige,
}

/// `forbid [LABEL:] COND` with its own clauses.
#[derive(Debug, Clone)]
pub struct Constraint {
    /// What it does.
    pub kind: ConstraintKind,
    /// `LABEL:`
    pub label: Option<Name>,
    /// The condition.
    pub condition: Expr,
    /// `unless COND`
    pub unless: Option<Expr>,
    /// `message "…"`
    pub message: Option<Template>,
    /// Overrides the rule's.
    pub severity: Option<SeverityWord>,
    /// `remedy …`
    pub remedies: Vec<Remedy>,
    /// `feedback PLAN "…"`
    pub feedback: Vec<Feedback>,
    /// The keyword, label and condition.
    pub span: Span,
}

/// A cure.
#[derive(Debug, Clone)]
pub enum Remedy {
    /// `remedy subtract L from p [with margin 5 m]`
    Subtract { what: Expr, from: Expr, margin: Option<Expr>, span: Span },
    /// `remedy clip p to L`
    Clip { what: Expr, to: Expr, span: Span },
    /// `remedy "…"`
    Text(Template),
}

/// `feedback detailed_plan "…"`
#[derive(Debug, Clone)]
pub struct Feedback {
    /// To which plan: a layer or record kind.
    pub to: Path,
    /// What to say.
    pub text: Template,
}

/// A message with `{…}` in it.
#[derive(Debug, Clone)]
pub struct Template {
    /// Text and expressions in order.
    pub parts: Vec<TemplatePart>,
    /// With its quotes.
    pub span: Span,
}

/// A stretch of a message.
#[derive(Debug, Clone)]
pub enum TemplatePart {
    /// Text, unescaped.
    Text(Arc<str>),
    /// `{e}` or `{e : 亩}`; the format is a unit as written.
    Value { value: Expr, format: Option<Name> },
}
