//! Expressions.
#![allow(missing_docs, reason = "the example above a variant shows its fields")]

use std::sync::Arc;

use super::{Binding, Name, Path};
use crate::source::Span;

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where, parentheses included.
    pub span: Span,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// A declaration that could not be read has an expression of this kind.
    Error,
    /// `1`, `0701`, `08H2A`, `1 m2`, `40年`: digits (and letters) as written, and the unit word as written.
    /// Whether `0701` is a code or a number is settled by its type.
    Number { raw: Arc<str>, unit: Option<Name> },
    /// `"…"`
    Text(Arc<str>),
    /// `2024-12-04`, as written; not yet known to be a day of the calendar.
    Date(Arc<str>),
    /// `true`, `false`, 真, 假
    Bool(bool),
    /// A word: a variable, a layer, a param, an enum value, `it`, `submission` …
    Name(Arc<str>),
    /// `e.f`
    Field(Box<Expr>, Name),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{ id: "P1", … }`, in tests
    Object(Vec<(Name, Expr)>),
    /// `f(a, b)`
    Call { function: Path, arguments: Vec<Expr> },
    /// `sum(e for each x in xs where c)`
    Aggregate { function: Name, element: Box<Expr>, bindings: Vec<Binding> },
    /// `any x in xs: c`
    Quantifier { kind: QuantifierKind, binding: Box<Binding>, condition: Box<Expr> },
    /// `(L where c)`
    Filter { over: Box<Expr>, condition: Box<Expr> },
    /// `land_use level 1`
    Level { of: Box<Expr>, level: Box<Expr> },
    /// `-e`
    Negate(Box<Expr>),
    /// `not e`
    Not(Box<Expr>),
    /// `a and b`
    And(Box<Expr>, Box<Expr>),
    /// `a or b`
    Or(Box<Expr>, Box<Expr>),
    /// `a == b` and the other comparisons and predicates
    Compare { operator: Comparison, operator_span: Span, left: Box<Expr>, right: Box<Expr> },
    /// `e is present`, `e is missing`, `e is empty`
    Is { value: Box<Expr>, state: IsState },
    /// `p within 1 km of L`
    WithinDistance { left: Box<Expr>, distance: Box<Expr>, right: Box<Expr> },
    /// `a .. b`, either end may be left out
    Range { low: Option<Box<Expr>>, high: Option<Box<Expr>> },
    /// `+ - * /`
    Arithmetic { operator: Arithmetic, operator_span: Span, left: Box<Expr>, right: Box<Expr> },
    /// `a & b`
    Intersection(Box<Expr>, Box<Expr>),
    /// `a without b`
    Without(Box<Expr>, Box<Expr>),
}

/// Which quantifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuantifierKind {
    /// `any`, 存在
    Any,
    /// `all`, 全部
    All,
    /// `none`, 没有
    None,
}

/// A comparison or predicate between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `has`
    Has,
    /// `covers` (codes, and shapes)
    Covers,
    /// `overlaps` (ranges, and shapes)
    Overlaps,
    /// `within`
    Within,
    /// `touches`
    Touches,
    /// `contains`
    Contains,
    /// `intersects`
    Intersects,
    /// `disjoint`
    Disjoint,
    /// `crosses`
    Crosses,
    /// `equals`
    Equals,
    /// `occupies`
    Occupies,
}

/// What `is` asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IsState {
    /// `is present`
    Present,
    /// `is missing`
    Missing,
    /// `is empty`
    Empty,
}

/// `+ - * /`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}
