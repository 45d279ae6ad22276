//! Tests and tightenings.
#![allow(missing_docs, reason = "the example above a variant shows its fields")]

use super::{Basis, Constraint, Expr, Name, Path, Quoted, SeverityWord};
use crate::source::Span;

/// `test ID "title" { … }`
#[derive(Debug, Clone)]
pub struct Test {
    /// The rule.
    pub rule: Name,
    /// What it shows.
    pub title: Option<Quoted>,
    /// What is given, in order.
    pub given: Vec<Given>,
    /// What is expected, in order.
    pub expects: Vec<Expect>,
}

/// `given parcel { … }`, `given submission { … }`, `given detailed_plan missing`
#[derive(Debug, Clone)]
pub struct Given {
    /// The layer, record kind or table.
    pub class: Path,
    /// An [`ExprKind::Object`]; `None` for `missing`.
    pub object: Option<Expr>,
    /// All of it.
    pub span: Span,
}

/// What a check may come out as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VerdictWord {
    /// `pass`, 通过
    Pass,
    /// `conflict`, 冲突
    Conflict,
    /// `excepted`, 例外成立
    Excepted,
    /// `undetermined`, 无法判定
    Undetermined,
    /// `obligation`, 附带责任
    Obligation,
    /// `not applicable`, 不适用
    NotApplicable,
}

/// `expect conflict of upper for "P1" where area(taken) == 1000 m2 with exception unknown`
#[derive(Debug, Clone)]
pub struct Expect {
    /// The verdict.
    pub verdict: VerdictWord,
    /// `of LABEL`
    pub label: Option<Name>,
    /// `for "P2"`
    pub subject: Option<Quoted>,
    /// `where COND`, which sees the rule's bindings and lets.
    pub condition: Option<Expr>,
    /// `with exception unknown`
    pub exception_unknown: bool,
    /// All of it.
    pub span: Span,
}

/// A lower pack's change of an inherited param or rule.
#[derive(Debug, Clone)]
pub enum Tighten {
    /// `tighten param sliver_area = 0.5 m2`
    Param { name: Path, value: Expr },
    /// `tighten CL-101 { … }`
    Rule {
        /// The rule.
        id: Name,
        /// `basis …`
        basis: Vec<Basis>,
        /// `no unless [of LABEL]`
        no_unless: Vec<Option<Name>>,
        /// `severity prohibited [of LABEL]`
        severities: Vec<(SeverityWord, Option<Name>)>,
        /// Added constraints.
        constraints: Vec<Constraint>,
    },
}
