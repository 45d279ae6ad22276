//! The words that the tree keeps as written, resolved: functions, types, units and properties, in both languages.

use super::functions::Function;
use super::program::{Aggregate, Property};
use crate::model::{Kind, Unit};
use crate::syntax::words::{self, Category};

/// What a unit word measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitWord {
    /// A number of something.
    Of(Unit),
    /// Calendar months, so many each.
    Months(i32),
    /// Days, so many each.
    Days(i32),
}

/// A built-in type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypeWord {
    /// `bool`
    Bool,
    /// `text`
    Text,
    /// `number`
    Number,
    /// `date`
    Date,
    /// `code<…>`
    Code,
    /// `area`
    Area,
    /// `length`
    Length,
    /// `money`
    Money,
    /// `duration`
    Duration,
    /// `ratio`
    Ratio,
    /// `range<…>`
    Range,
    /// `geometry`
    Geometry,
    /// `list<…>`
    List,
    /// `ref<…>`
    Ref,
    /// `layer`, of a parameter
    Layer,
}

/// What is written like a function and is an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OperatorWord {
    /// `intersection(a, b)`: `a & b`
    Intersection,
    /// `covers(a, b)`: `a covers b`
    Covers,
    /// `overlaps(a, b)`: `a overlaps b`
    Overlaps,
}

/// Returns the built-in function of a word.
pub(super) fn function(word: &str) -> Option<Function> {
    // Shapes for tests are named by the words of layers.
    let name = words::canonical(word, Category::Function).or_else(|| words::canonical(word, Category::LayerKind))?;
    Function::ALL.iter().copied().find(|function| function.name() == name)
}

/// Returns the operator of a word that is written like a function.
pub(super) fn operator(word: &str) -> Option<OperatorWord> {
    match words::canonical(word, Category::Function)? {
        "intersection" => Some(OperatorWord::Intersection),
        "covers" => Some(OperatorWord::Covers),
        "overlaps" => Some(OperatorWord::Overlaps),
        _ => None,
    }
}

/// Returns the aggregate of a word.
pub(super) fn aggregate(word: &str) -> Option<Aggregate> {
    match words::canonical(word, Category::Function)? {
        "sum" => Some(Aggregate::Sum),
        "count" => Some(Aggregate::Count),
        "min" => Some(Aggregate::Min),
        "max" => Some(Aggregate::Max),
        "mean" => Some(Aggregate::Mean),
        "union" => Some(Aggregate::Union),
        "only" => Some(Aggregate::Only),
        _ => None,
    }
}

/// Returns every word that names a built-in function, in both languages.
pub(super) fn function_words() -> impl Iterator<Item = &'static str> {
    words::spellings(Category::Function)
}

/// Returns the unit of a word.
pub(super) fn unit(word: &str) -> Option<UnitWord> {
    Some(match words::unit(word)? {
        words::UnitWord::Metre => UnitWord::Of(Unit::Metre),
        words::UnitWord::Kilometre => UnitWord::Of(Unit::Kilometre),
        words::UnitWord::SquareMetre => UnitWord::Of(Unit::SquareMetre),
        words::UnitWord::Hectare => UnitWord::Of(Unit::Hectare),
        words::UnitWord::SquareKilometre => UnitWord::Of(Unit::SquareKilometre),
        words::UnitWord::Mu => UnitWord::Of(Unit::Mu),
        words::UnitWord::TenThousandMu => UnitWord::Of(Unit::TenThousandMu),
        words::UnitWord::Yuan => UnitWord::Of(Unit::Yuan),
        words::UnitWord::TenThousandYuan => UnitWord::Of(Unit::TenThousandYuan),
        words::UnitWord::HundredMillionYuan => UnitWord::Of(Unit::HundredMillionYuan),
        words::UnitWord::Percent => UnitWord::Of(Unit::Percent),
        words::UnitWord::Permille => UnitWord::Of(Unit::Permille),
        words::UnitWord::Year => UnitWord::Months(12),
        words::UnitWord::Month => UnitWord::Months(1),
        words::UnitWord::Day => UnitWord::Days(1),
    })
}

/// Returns every unit word.
pub(super) fn unit_words() -> impl Iterator<Item = &'static str> {
    words::UNITS.iter().map(|(word, _)| *word)
}

/// Returns the built-in type of a word.
pub(super) fn type_word(word: &str) -> Option<TypeWord> {
    Some(match words::canonical(word, Category::Type)? {
        "bool" => TypeWord::Bool,
        "text" => TypeWord::Text,
        "number" => TypeWord::Number,
        "date" => TypeWord::Date,
        "code" => TypeWord::Code,
        "area" => TypeWord::Area,
        "length" => TypeWord::Length,
        "money" => TypeWord::Money,
        "duration" => TypeWord::Duration,
        "ratio" => TypeWord::Ratio,
        "range" => TypeWord::Range,
        "geometry" => TypeWord::Geometry,
        "list" => TypeWord::List,
        "ref" => TypeWord::Ref,
        "layer" => TypeWord::Layer,
        _ => return None,
    })
}

/// Returns every word that names a built-in type.
pub(super) fn type_words() -> impl Iterator<Item = &'static str> {
    words::spellings(Category::Type)
}

/// Returns the kind of shape that a layer of this word has; the inner `None` takes any.
pub(super) fn layer_kind(word: &str) -> Option<Option<Kind>> {
    Some(match words::canonical(word, Category::LayerKind)? {
        "polygon" => Some(Kind::Polygon),
        "line" => Some(Kind::Line),
        "point" => Some(Kind::Point),
        "any" => None,
        _ => return None,
    })
}

/// Returns the property of a piece, a range or a feature that a word names.
pub(super) fn property(word: &str) -> Option<Property> {
    Some(match words::canonical(word, Category::Property)? {
        "feature" => Property::Feature,
        "geometry" => Property::Shape,
        "area" => Property::Area,
        "length" => Property::Length,
        "low" => Property::Low,
        "high" => Property::High,
        _ => return None,
    })
}

/// Returns the English name of a field that every class may have and the engine looks for.
pub(super) fn built_in_field(word: &str) -> Option<&'static str> {
    words::canonical(word, Category::Property).filter(|name| matches!(*name, "id" | "name" | "geometry"))
}

/// Returns the entry of a source that a word names, in English.
pub(super) fn source_entry(word: &str) -> Option<&'static str> {
    words::canonical(word, Category::SourceKey)
}

/// Tells whether the word is `it`.
pub(super) fn is_it(word: &str) -> bool {
    words::canonical(word, Category::Name) == Some("it")
}

/// Tells whether the word stands for a value that a test leaves out.
pub(super) fn is_missing(word: &str) -> bool {
    word == "null" || words::canonical(word, Category::Connective) == Some("missing")
}
