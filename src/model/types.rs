//! Types of values and expressions.

use super::{ClassId, CodesId, EnumId};
use crate::geometry::Kind;

/// The dimension of a number: exponents of metre, yuan and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Dimension {
    /// Exponent of length, base unit metre.
    pub length: i8,
    /// Exponent of money, base unit yuan.
    pub money: i8,
    /// Exponent of time, base unit day.
    pub time: i8,
}

impl Dimension {
    /// A plain number.
    pub const NONE: Dimension = Dimension { length: 0, money: 0, time: 0 };
    /// A length, in metres.
    pub const LENGTH: Dimension = Dimension { length: 1, money: 0, time: 0 };
    /// An area, in square metres.
    pub const AREA: Dimension = Dimension { length: 2, money: 0, time: 0 };
    /// An amount of money, in yuan.
    pub const MONEY: Dimension = Dimension { length: 0, money: 1, time: 0 };

    /// Returns the dimension of a product.
    pub fn times(self, other: Dimension) -> Dimension {
        Dimension {
            length: self.length.saturating_add(other.length),
            money: self.money.saturating_add(other.money),
            time: self.time.saturating_add(other.time),
        }
    }

    /// Returns the dimension of a quotient.
    pub fn over(self, other: Dimension) -> Dimension {
        Dimension {
            length: self.length.saturating_sub(other.length),
            money: self.money.saturating_sub(other.money),
            time: self.time.saturating_sub(other.time),
        }
    }
}

/// The type of a field or an expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// True or false.
    Bool,
    /// A number with a dimension (area, length, money, or none).
    Number(Dimension),
    /// A number without dimension that people read as a percentage.
    Ratio,
    /// Text, compared after trimming and NFKC.
    Text,
    /// A calendar day.
    Date,
    /// A span of calendar time.
    Duration,
    /// A code of a list.
    Code(CodesId),
    /// A value of an enumeration.
    Enum(EnumId),
    /// A range with optional ends.
    Range(Box<Type>),
    /// A list.
    List(Box<Type>),
    /// A shape; the kind if it is known.
    Geometry(Option<Kind>),
    /// One feature, record or row.
    Item(ClassId),
    /// A whole layer, all records of a kind or all rows of a table, filtered or not.
    All(ClassId),
    /// The codes of a list, or of one level of it.
    Codes(CodesId),
    /// The values of an enumeration.
    Values(EnumId),
    /// A set of codes or enumeration values.
    Set(Box<Type>),
    /// What `&` and `without` give: pieces, each of one feature of the class if there is one.
    Pieces {
        /// The layer whose features the pieces are of.
        of: Option<ClassId>,
        /// What the pieces are made of.
        kind: Option<Kind>,
    },
    /// One piece.
    Piece {
        /// The layer whose feature the piece is of.
        of: Option<ClassId>,
        /// What the piece is made of.
        kind: Option<Kind>,
    },
    /// The type of an expression that has been diagnosed already; fits everything.
    Error,
}

impl Type {
    /// The type of a plain number.
    pub const NUMBER: Type = Type::Number(Dimension::NONE);
    /// The type of an area.
    pub const AREA: Type = Type::Number(Dimension::AREA);
    /// The type of a length.
    pub const LENGTH: Type = Type::Number(Dimension::LENGTH);
    /// The type of an amount of money.
    pub const MONEY: Type = Type::Number(Dimension::MONEY);

    /// Returns the dimension of a number or ratio.
    pub fn dimension(&self) -> Option<Dimension> {
        match self {
            Type::Number(dimension) => Some(*dimension),
            Type::Ratio => Some(Dimension::NONE),
            Type::Bool
            | Type::Text
            | Type::Date
            | Type::Duration
            | Type::Code(_)
            | Type::Enum(_)
            | Type::Range(_)
            | Type::List(_)
            | Type::Geometry(_)
            | Type::Item(_)
            | Type::All(_)
            | Type::Codes(_)
            | Type::Values(_)
            | Type::Set(_)
            | Type::Pieces { .. }
            | Type::Piece { .. }
            | Type::Error => None,
        }
    }
}
