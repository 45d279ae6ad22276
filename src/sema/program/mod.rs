//! The checked program: all that the engine reads.
//!
//! Names are numbers, units are converted, types are known; spans are kept so that a finding can name its place. Nothing here refers
//! to the tree that it was made from.
#![allow(missing_docs, reason = "the example above a variant shows its fields")]

mod expression;
mod testing;

pub use expression::*;
pub use testing::*;

use std::sync::Arc;

use jiff::civil::Date;

use crate::model::{ClassId, CodeRef, CodesId, EnumId, FieldId, Names, Schema, Type, Unit, Value};
use crate::source::{Place, Span};

/// Everything that the packs say.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// What a submission may hold.
    pub schema: Schema,
    /// Laws, policies and standards.
    pub sources: Vec<Source>,
    /// Tunable numbers.
    pub params: Vec<Param>,
    /// Named sets.
    pub sets: Vec<Set>,
    /// Functions declared in packs.
    pub defines: Vec<Define>,
    /// Fields that are computed where the data leave them out, in an order in which each rests on earlier ones only.
    pub computed: Vec<Computed>,
    /// The rows of tables, by class, as values; [`crate::model::Dataset`] takes them as items.
    pub tables: Vec<TableRows>,
    /// The rules, sorted by id, then by the first day they are in force.
    pub rules: Vec<Rule>,
    /// The tests, in order of the texts.
    pub tests: Vec<Test>,
}

/// The number of a rule in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub u32);

/// A law, policy or standard.
#[derive(Debug, Clone)]
pub struct Source {
    /// What rules call it.
    pub names: Names,
    /// Its full title.
    pub title: Arc<str>,
    /// Its document number.
    pub number: Option<Arc<str>>,
    /// Who issued it.
    pub issuer: Option<Arc<str>>,
    /// When it was issued.
    pub issued: Option<Date>,
    /// First day in force; the day of issue if it has none.
    pub effective: Option<Date>,
    /// First day no longer in force.
    pub repealed: Option<Date>,
    /// Where it can be read.
    pub url: Option<Arc<str>>,
}

/// A tunable number with its value in force.
#[derive(Debug, Clone)]
pub struct Param {
    /// What rules call it.
    pub names: Names,
    /// Its type.
    pub ty: Type,
    /// Its value: the pack's, or the manifest's.
    pub value: Value,
    /// `Some(true)`: lower is stricter; `Some(false)`: higher is.
    pub stricter_when_lower: Option<bool>,
    /// The documentation above it.
    pub docs: Vec<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
}

/// A named set, resolved.
#[derive(Debug, Clone)]
pub struct Set {
    /// What rules call it.
    pub names: Names,
    /// What it holds.
    pub members: Members,
}

/// The members of a set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Members {
    /// Codes of one list with all codes below them, less others with all below them.
    Codes {
        /// The list.
        list: CodesId,
        /// What is in, sorted.
        include: Vec<CodeRef>,
        /// What is out again, sorted.
        except: Vec<CodeRef>,
    },
    /// Values of one enumeration, sorted.
    Values {
        /// The enumeration.
        of: EnumId,
        /// What is in.
        include: Vec<u16>,
    },
}

/// A function declared in a pack. Its parameters are the first slots of its frame.
#[derive(Debug, Clone)]
pub struct Define {
    /// What rules call it.
    pub names: Names,
    /// How many parameters it takes.
    pub parameters: u16,
    /// How many slots its frame has.
    pub frame: u16,
    /// What it gives.
    pub body: Expr,
}

/// `field = EXPR` of a class: slot 0 of its frame is the item itself.
#[derive(Debug, Clone)]
pub struct Computed {
    /// The class.
    pub class: ClassId,
    /// The field.
    pub field: FieldId,
    /// How many slots its frame has.
    pub frame: u16,
    /// What it gives.
    pub value: Expr,
}

/// The rows of one table.
#[derive(Debug, Clone)]
pub struct TableRows {
    /// The table.
    pub class: ClassId,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its cells joined with `+`: what findings call it.
    pub id: Arc<str>,
    /// Where it stands.
    pub place: Place,
    /// Its values in the order of the fields.
    pub values: Vec<Value>,
}

/// How grave a conflict is; the order is from worst to least.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 禁止级
    Prohibited,
    /// 限制级
    Conditional,
    /// 提示级
    Advisory,
}

/// How sure the legal basis is; the order is from surest to least.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
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

/// A place in a frame: bindings, lets, and the variables of quantifiers and aggregates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub u16);

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id; two rules may share it if their periods do not meet.
    pub id: Arc<str>,
    /// The title.
    pub title: Arc<str>,
    /// The documentation above it.
    pub docs: Vec<Arc<str>>,
    /// The module that it stands in.
    pub module: Arc<str>,
    /// The pack that it stands in.
    pub pack: Arc<str>,
    /// Its legal basis: source (number in the program) and articles.
    pub basis: Vec<(u32, Vec<Arc<str>>)>,
    /// Who decides: values of one enumeration.
    pub departments: Vec<(EnumId, u16)>,
    /// How grave a conflict is.
    pub severity: Severity,
    /// How sure the basis is.
    pub confidence: Confidence,
    /// First day in force, inclusive; open if `None`.
    pub from: Option<Date>,
    /// Last day in force, inclusive; open if `None`.
    pub to: Option<Date>,
    /// Administrative codes (six digits) where it applies; everywhere if empty.
    pub applies: Vec<u32>,
    /// How many slots its frame has.
    pub frame: u16,
    /// The bindings; the first is the subject. Empty only for a rule about the submission, whose slot 0 is the submission.
    pub bindings: Vec<Binding>,
    /// The lets.
    pub lets: Vec<Let>,
    /// The constraints; at least one.
    pub constraints: Vec<Constraint>,
    /// Where it starts: the line with its id.
    pub span: Span,
    /// The whole text of the rule, documentation included.
    pub text: Span,
}

/// A variable that runs over something: of a rule, an aggregate or a quantifier.
#[derive(Debug, Clone)]
pub struct Binding {
    /// Its place in the frame.
    pub slot: Slot,
    /// Its name, for findings.
    pub name: Arc<str>,
    /// What it runs over; the type says what that is ([`Type::All`], [`Type::List`], [`Type::Pieces`], [`Type::Codes`] …).
    pub over: Expr,
    /// The type of one of them.
    pub ty: Type,
    /// How it lies to something else.
    pub relation: Option<Relation>,
    /// `where COND`
    pub condition: Option<Expr>,
    /// In a rule: an earlier binding over the same collection, so that each pair is taken once.
    pub pairs_with: Option<Slot>,
}

/// A spatial relation that a binding states.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Which.
    pub kind: RelationKind,
    /// To what: something with a shape.
    pub target: Expr,
    /// `by at least Q [or Q]`: either suffices.
    pub at_least: Vec<AtLeast>,
}

/// Which spatial relation.
#[derive(Debug, Clone)]
pub enum RelationKind {
    /// Interiors meet in the lower of the two dimensions.
    Overlapping,
    /// OGC touches.
    Touching,
    /// The variable lies within the target.
    Within,
    /// The variable contains the target.
    Containing,
    /// The variable lies at most so far from the target (a length).
    WithinDistance(Expr),
}

/// What counts as a match of `overlapping`.
#[derive(Debug, Clone)]
pub enum AtLeast {
    /// At least this much area, or length where the lower dimension is 1.
    Quantity(Expr),
    /// At least this share of the area (length) of something.
    ShareOf(Expr, Expr),
}

/// `let NAME = EXPR`: a name for an expression, computed when asked for.
#[derive(Debug, Clone)]
pub struct Let {
    /// Its place in the frame.
    pub slot: Slot,
    /// Its name.
    pub name: Arc<str>,
    /// What it stands for.
    pub value: Expr,
    /// How many of the rule's bindings it depends on (0: constant, 1: the subject only …): what it need not be computed again for.
    pub depth: u16,
}

/// What a constraint does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConstraintKind {
    /// A conflict where the condition holds.
    Forbid,
    /// A conflict where it fails.
    Require,
    /// An obligation where it holds.
    Oblige,
}

/// One constraint of a rule.
#[derive(Debug, Clone)]
pub struct Constraint {
    /// Its label.
    pub label: Option<Arc<str>>,
    /// What it does.
    pub kind: ConstraintKind,
    /// The condition, of type bool.
    pub condition: Expr,
    /// The exception.
    pub unless: Option<Expr>,
    /// What to say.
    pub message: Template,
    /// The severity in force for it.
    pub severity: Severity,
    /// The cures.
    pub remedies: Vec<Remedy>,
    /// What to report back to other plans.
    pub feedback: Vec<Feedback>,
    /// The sides of the comparisons in the condition and the lets and params in it, as written: what a finding lists.
    pub quantities: Vec<Quantity>,
    /// The pieces that the condition and its lets speak of, each of type [`Type::Pieces`]: what a finding shows as its ground.
    /// Where there are none and the last binding has a relation, the pieces of the two.
    pub evidence: Vec<Expr>,
    /// The condition as written.
    pub text: Arc<str>,
    /// The keyword, label and condition.
    pub span: Span,
}

/// An expression that a finding lists with its value.
#[derive(Debug, Clone)]
pub struct Quantity {
    /// As written: `area(taken)`.
    pub text: Arc<str>,
    /// The expression.
    pub value: Expr,
}

/// A cure.
#[derive(Debug, Clone)]
pub enum Remedy {
    /// Take `what` off `from`, and a margin (a length) around it.
    Subtract { from: Expr, what: Expr, margin: Option<Expr> },
    /// Keep of `what` only what lies in `to`.
    Clip { what: Expr, to: Expr },
    /// Words.
    Text(Template),
}

/// What to report back to another plan.
#[derive(Debug, Clone)]
pub struct Feedback {
    /// Which: the name of a layer or record kind.
    pub to: ClassId,
    /// What to say.
    pub text: Template,
}

/// A message with values in it.
#[derive(Debug, Clone, Default)]
pub struct Template {
    /// Text and values in order.
    pub parts: Vec<TemplatePart>,
}

/// A stretch of a message.
#[derive(Debug, Clone)]
pub enum TemplatePart {
    /// Text.
    Text(Arc<str>),
    /// A value, in this unit, or in the customary one of its type.
    Value(Expr, Option<Unit>),
}
