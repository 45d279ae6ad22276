//! Typed expressions.
#![allow(missing_docs, reason = "the example above a variant shows its fields")]

use std::sync::Arc;

use super::{Binding, Members, Slot};
use crate::model::{ClassId, CodesId, EnumId, FieldId, Type, Value};
use crate::sema::functions::Function;
use crate::source::Span;

/// A typed expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type; never [`Type::Error`] in a program.
    pub ty: Type,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// A constant in base units.
    Constant(Value),
    /// A variable of the frame: a binding, a let, a parameter, `it`.
    Variable(Slot),
    /// A tunable number.
    Param(u32),
    /// All items of a class; for [`crate::model::SUBMISSION`] as a value, the one record (type [`Type::Item`]).
    Class(ClassId),
    /// The submission.
    Submission,
    /// A set.
    Set(Arc<Members>),
    /// All codes of a list, or of one level.
    Codes(CodesId, Option<u8>),
    /// All values of an enumeration.
    Values(EnumId),
    /// `(L where c)`: the slot is `it`.
    Filter { over: Box<Expr>, slot: Slot, condition: Box<Expr> },
    /// A field of an item.
    Field(Box<Expr>, FieldId),
    /// The shape of a feature, where no field of that name is declared.
    Geometry(Box<Expr>),
    /// `.feature`, `.area`, `.length`, `.geometry` of a piece; `.low`, `.high` of a range.
    Property(Box<Expr>, Property),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `-e`
    Negate(Box<Expr>),
    /// `not e`
    Not(Box<Expr>),
    /// `a and b and …`, at least two
    And(Vec<Expr>),
    /// `a or b or …`, at least two
    Or(Vec<Expr>),
    /// `== != < <= > >=` between values of one type and dimension
    Compare(Order, Box<Expr>, Box<Expr>),
    /// `x in r`: in a set, list or range, or below or equal to a code
    In(Box<Expr>, Box<Expr>),
    /// `xs has x`
    Has(Box<Expr>, Box<Expr>),
    /// `a covers b` of codes
    CodeCovers(Box<Expr>, Box<Expr>),
    /// `a overlaps b` of ranges
    RangeOverlaps(Box<Expr>, Box<Expr>),
    /// A predicate of two shapes
    Spatial(Spatial, Box<Expr>, Box<Expr>),
    /// `a within d of b`
    WithinDistance { left: Box<Expr>, distance: Box<Expr>, right: Box<Expr> },
    /// `e is present`; missing is its opposite and written with [`ExprKind::Not`].
    IsPresent(Box<Expr>),
    /// `e is empty`
    IsEmpty(Box<Expr>),
    /// `low .. high`
    Range(Option<Box<Expr>>, Option<Box<Expr>>),
    /// `+ - * /` of numbers; the type of the whole has the dimension
    Arithmetic(Operator, Box<Expr>, Box<Expr>),
    /// `date + duration`, `date - duration`
    DateShift { date: Box<Expr>, by: Box<Expr>, back: bool },
    /// `date - date`: a duration in days
    DateDifference(Box<Expr>, Box<Expr>),
    /// `duration + duration`, `duration - duration`
    DurationSum { left: Box<Expr>, right: Box<Expr>, minus: bool },
    /// `a & b`: pieces. Of the features of `b` where `b` is a layer, filtered or not, or a list of features; else one piece.
    Intersection(Box<Expr>, Box<Expr>),
    /// `a without b`: pieces of `a` less the union of `b`
    Without(Box<Expr>, Box<Expr>),
    /// A built-in function
    Call(Function, Vec<Expr>),
    /// A function declared in a pack
    CallDefine(u32, Vec<Expr>),
    /// `sum(e for each …)` and the like
    Aggregate { kind: Aggregate, bindings: Vec<Binding>, element: Box<Expr> },
    /// `any x in xs: c` and the like
    Quantifier { kind: Quantifier, binding: Box<Binding>, condition: Box<Expr> },
}

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
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
}

impl Order {
    /// Returns how two values compare where they do not compare like this.
    pub fn opposite(self) -> Self {
        match self {
            Order::Equal => Order::NotEqual,
            Order::NotEqual => Order::Equal,
            Order::Less => Order::GreaterOrEqual,
            Order::LessOrEqual => Order::Greater,
            Order::Greater => Order::LessOrEqual,
            Order::GreaterOrEqual => Order::Less,
        }
    }
}

/// `+ - * /`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// What can be asked of a piece or a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Property {
    /// The feature that a piece is of.
    Feature,
    /// The shape of a piece.
    Shape,
    /// The area of a piece.
    Area,
    /// The length of a piece.
    Length,
    /// The low end of a range.
    Low,
    /// The high end of a range.
    High,
}

/// OGC predicates, and `occupies`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spatial {
    /// `intersects`
    Intersects,
    /// `disjoint`
    Disjoint,
    /// `touches`
    Touches,
    /// `within`
    Within,
    /// `contains`
    Contains,
    /// `covers`
    Covers,
    /// `crosses`
    Crosses,
    /// `overlaps`
    Overlaps,
    /// `equals`
    Equals,
    /// Interiors meet in an area.
    Occupies,
}

/// What gathers many into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// The sum; 0 of none.
    Sum,
    /// How many; the element is the variable itself.
    Count,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// The arithmetic mean.
    Mean,
    /// The union of shapes.
    Union,
    /// The value of the one that fits.
    Only,
    /// The list of the values, in order (what a list function such as `cumulative` takes).
    Collect,
}

/// How a condition is asked of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// Of one at least.
    Any,
    /// Of all.
    All,
    /// Of none.
    None,
}
