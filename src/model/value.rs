//! Values as the data hold them, and three-valued truth.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{ClassId, CodeRef, EnumId};
use crate::geometry::Shape;

/// Which feature, record or row: its class and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemRef {
    /// The class.
    pub class: ClassId,
    /// The number, from 0, in the order of the data.
    pub index: u32,
}

/// A span of calendar time: whole months and days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Duration {
    /// Months; a year is twelve.
    pub months: i32,
    /// Days.
    pub days: i32,
}

/// One value of a field. Numbers are in base units: m, m², yuan; a percentage is its hundredth.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// The data leave it out: absent, null, blank, or a value that means "none".
    Missing,
    /// The data give something that cannot be read as the field's type; an issue says so.
    Unreadable(Arc<str>),
    /// True or false.
    Bool(bool),
    /// An exact number.
    Number(Decimal),
    /// Text as written.
    Text(Arc<str>),
    /// A day.
    Date(Date),
    /// A span of time.
    Duration(Duration),
    /// A known code.
    Code(CodeRef),
    /// A value of an enumeration, by its number.
    Enum(EnumId, u16),
    /// A range: low and high end, `Missing` where open.
    Range(Arc<(Value, Value)>),
    /// A list.
    List(Arc<[Value]>),
    /// A feature, record or row that there is.
    Item(ItemRef),
    /// A reference to nothing: the id that was looked for. An issue says so.
    Dangling(Arc<str>),
    /// A shape.
    Geometry(Arc<Shape>),
}

/// Kleene's three truth values; what makes it unknown travels with it.
#[derive(Debug, Clone, PartialEq)]
pub enum Truth<R> {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It depends on something unknown.
    Unknown(R),
}
