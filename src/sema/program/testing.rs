//! The tests that stand beside rules.

use std::sync::Arc;

use super::Expr;
use crate::model::{ClassId, FieldId};
use crate::source::Span;

/// A test of a rule.
#[derive(Debug, Clone)]
pub struct Test {
    /// The id of the rule.
    pub rule: Arc<str>,
    /// What it shows.
    pub title: Arc<str>,
    /// What is given.
    pub given: Vec<Given>,
    /// Classes that are given as not supplied.
    pub unsupplied: Vec<ClassId>,
    /// What is expected.
    pub expects: Vec<Expect>,
    /// Where it stands.
    pub span: Span,
}

/// One item that a test gives.
#[derive(Debug, Clone)]
pub struct Given {
    /// The class.
    pub class: ClassId,
    /// Its fields: constant expressions. A ref is the id as text, a nested record is a [`GivenValue::Nested`].
    pub fields: Vec<(FieldId, GivenValue)>,
    /// Its shape, if it has one and no field of that name is declared.
    pub geometry: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

/// The value of a field in a test.
#[derive(Debug, Clone)]
pub enum GivenValue {
    /// A constant expression of the field's type.
    Plain(Expr),
    /// The id of a feature or record.
    Reference(Arc<str>, Span),
    /// A nested record.
    Nested(Box<Given>),
    /// A list of such.
    List(Vec<GivenValue>),
    /// `null`-like: not given.
    Missing,
}

/// What a check comes out as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExpectedVerdict {
    /// 通过
    Pass,
    /// 冲突
    Conflict,
    /// 例外成立
    Excepted,
    /// 无法判定
    Undetermined,
    /// 附带责任
    Obligation,
    /// 不适用
    NotApplicable,
}

/// One expectation of a test.
#[derive(Debug, Clone)]
pub struct Expect {
    /// The verdict.
    pub verdict: ExpectedVerdict,
    /// Of the constraint with this number; else of the subject.
    pub constraint: Option<u16>,
    /// Of the subject with this id; else of the only or every one.
    pub subject: Option<Arc<str>>,
    /// A condition over the rule's frame that must hold for a check with this verdict.
    pub condition: Option<Expr>,
    /// Whether the conflict must be marked "exception not shown".
    pub exception_unknown: bool,
    /// Where it stands.
    pub span: Span,
}
