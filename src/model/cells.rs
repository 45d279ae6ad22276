//! Values in eight bytes each: most fit into them, texts stand in one buffer beside.

use std::hash::BuildHasher;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::FxBuildHasher;

use super::texts::Texts;
use super::{ClassId, CodeRef, CodesId, EnumId, ItemRef, Value};
use crate::geometry::ShapeRef;

/// Texts that are looked for before one is stored anew, by their hash: names of owners and kinds repeat within a few features.
const RECENT: usize = 1 << 10;

/// A value, or where it stands.
#[derive(Debug, Clone, Copy)]
enum Cell {
    Missing,
    Bool(bool),
    /// A number of few digits: so many of them behind the point.
    Number(u8, i32),
    Text(u32),
    Dangling(u32),
    Date(Date),
    Code(CodesId, u32),
    Enum(EnumId, u16),
    Item(ClassId, u32),
    /// Any other value.
    Other(u32),
}

/// Values by their number, from 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    cells: Vec<Cell>,
    texts: Texts,
    /// The numbers of texts met last, by their hash.
    recent: Vec<u32>,
    others: Vec<Value>,
}

impl Cells {
    pub(super) fn push(&mut self, value: Value) {
        let cell = self.cell(value);
        self.cells.push(cell);
    }

    /// Appends missing values until there are so many.
    pub(super) fn fill_up(&mut self, count: usize) {
        self.cells.resize(count, Cell::Missing);
    }

    pub(super) fn get(&self, at: usize) -> Value {
        match self.cells[at] {
            Cell::Missing => Value::Missing,
            Cell::Bool(value) => Value::Bool(value),
            Cell::Number(scale, digits) => Value::Number(Decimal::new(i64::from(digits), u32::from(scale))),
            Cell::Text(text) => Value::Text(self.texts.get(text as usize).into()),
            Cell::Dangling(text) => Value::Dangling(self.texts.get(text as usize).into()),
            Cell::Date(day) => Value::Date(day),
            Cell::Code(list, entry) => Value::Code(CodeRef { list, entry }),
            Cell::Enum(of, value) => Value::Enum(of, value),
            Cell::Item(class, index) => Value::Item(ItemRef { class, index }),
            Cell::Other(other) => self.others[other as usize].clone(),
        }
    }

    /// Returns a value that is a shape.
    pub(super) fn shape(&self, at: usize) -> Option<ShapeRef<'_>> {
        match self.cells[at] {
            Cell::Other(other) => match &self.others[other as usize] {
                Value::Geometry(shape) => Some(shape.view()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Replaces a value; a text that was there stays in the buffer, for others may share it.
    pub(super) fn set(&mut self, at: usize, value: Value) {
        match (self.cells[at], self.cell(value)) {
            // What stood beside gives its place to what does.
            (Cell::Other(old), Cell::Other(_)) => {
                if let Some(value) = self.others.pop() {
                    self.others[old as usize] = value;
                }
            }
            (_, cell) => self.cells[at] = cell,
        }
    }

    /// Drops all values but the first `count`.
    pub(super) fn truncate(&mut self, count: usize) {
        self.cells.truncate(count);
        let (mut texts, mut others) = (0, 0);
        for cell in &self.cells {
            match cell {
                Cell::Text(at) | Cell::Dangling(at) => texts = texts.max(*at as usize + 1),
                Cell::Other(at) => others = others.max(*at as usize + 1),
                _ => {}
            }
        }
        self.texts.truncate(texts);
        self.others.truncate(others);
        self.recent.clear();
    }

    /// Gives memory back that was kept for growth.
    pub(super) fn shrink(&mut self) {
        self.cells.shrink_to_fit();
        self.texts.shrink();
        self.others.shrink_to_fit();
        self.recent = Vec::new();
    }

    fn cell(&mut self, value: Value) -> Cell {
        match value {
            Value::Missing => Cell::Missing,
            Value::Bool(value) => Cell::Bool(value),
            Value::Number(number) => match (u8::try_from(number.scale()), i32::try_from(number.mantissa())) {
                // Nothing below zero would lose its sign.
                (Ok(scale), Ok(digits)) if digits != 0 || number.is_sign_positive() => Cell::Number(scale, digits),
                _ => self.other(value),
            },
            Value::Text(text) => Cell::Text(self.text(&text)),
            Value::Dangling(text) => Cell::Dangling(self.text(&text)),
            Value::Date(day) => Cell::Date(day),
            Value::Code(CodeRef { list, entry }) => Cell::Code(list, entry),
            Value::Enum(of, value) => Cell::Enum(of, value),
            Value::Item(ItemRef { class, index }) => Cell::Item(class, index),
            Value::Unreadable(_) | Value::Duration(_) | Value::Range(_) | Value::List(_) | Value::Geometry(_) => {
                self.other(value)
            }
        }
    }

    fn other(&mut self, value: Value) -> Cell {
        self.others.push(value);
        Cell::Other(self.others.len() as u32 - 1)
    }

    /// Returns the number of a text, which is stored unless it was met a little while ago.
    fn text(&mut self, text: &str) -> u32 {
        self.recent.resize(RECENT, u32::MAX);
        // The upper bits are the better mixed ones.
        let slot = (FxBuildHasher.hash_one(text) >> 54) as usize % RECENT;
        let known = self.recent[slot];
        if (known as usize) < self.texts.len() && self.texts.get(known as usize) == text {
            return known;
        }
        self.texts.push(text);
        let number = self.texts.len() as u32 - 1;
        self.recent[slot] = number;
        number
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::geometry::{Kind, Shape};
    use crate::model::Duration;

    fn value() -> impl Strategy<Value = Value> {
        let text = || "[甲a]{0,3}".prop_map(Arc::<str>::from);
        let scalar = prop_oneof![
            Just(Value::Missing),
            any::<bool>().prop_map(Value::Bool),
            (any::<i64>(), 0u32..28, any::<bool>()).prop_map(|(digits, scale, few)| {
                Value::Number(Decimal::new(if few { digits >> 33 } else { digits }, scale))
            }),
            Just(Value::Number(-Decimal::new(0, 2))),
            text().prop_map(Value::Text),
            text().prop_map(Value::Dangling),
            text().prop_map(Value::Unreadable),
            (1i16..9_999, 1i8..12, 1i8..28)
                .prop_map(|(year, month, day)| Value::Date(jiff::civil::date(year, month, day))),
            (any::<i32>(), any::<i32>()).prop_map(|(months, days)| Value::Duration(Duration { months, days })),
            (any::<u16>(), any::<u32>()).prop_map(|(list, entry)| Value::Code(CodeRef { list: CodesId(list), entry })),
            (any::<u16>(), any::<u16>()).prop_map(|(of, value)| Value::Enum(EnumId(of), value)),
            (any::<u16>(), any::<u32>())
                .prop_map(|(class, index)| Value::Item(ItemRef { class: ClassId(class), index })),
            Just(Value::Geometry(Arc::new(Shape::empty(Kind::Polygon)))),
        ];
        let ends = (scalar.clone(), scalar.clone()).prop_map(|ends| Value::Range(Arc::new(ends)));
        let list = proptest::collection::vec(scalar.clone(), 0..3).prop_map(|values| Value::List(values.into()));
        prop_oneof![4 => scalar, 1 => ends, 1 => list]
    }

    /// Tells values apart that are equal as numbers, too.
    fn shown(values: &[Value]) -> String {
        let number = |value: &Value| match value {
            Value::Number(number) => format!("{:?} ", number.serialize()),
            _ => String::new(),
        };
        values.iter().map(|value| number(value) + &format!("{value:?}\n")).collect()
    }

    proptest! {
        #[test]
        fn what_is_stored_comes_back(
            first in proptest::collection::vec(value(), 1..40),
            changes in proptest::collection::vec((any::<prop::sample::Index>(), value()), 0..20),
            kept in any::<prop::sample::Index>(),
            more in proptest::collection::vec(value(), 0..20),
        ) {
            let (mut cells, mut expected) = (Cells::default(), first.clone());
            first.into_iter().for_each(|value| cells.push(value));
            for (at, value) in changes {
                let at = at.index(expected.len());
                cells.set(at, value.clone());
                expected[at] = value;
            }
            let kept = kept.index(expected.len());
            cells.truncate(kept);
            expected.truncate(kept);
            expected.extend(more.iter().cloned());
            more.into_iter().for_each(|value| cells.push(value));
            cells.shrink();
            cells.fill_up(expected.len() + 1);
            expected.push(Value::Missing);
            let found: Vec<Value> = (0..expected.len()).map(|at| cells.get(at)).collect();
            prop_assert_eq!(shown(&found), shown(&expected));
        }
    }

    #[test]
    fn a_value_takes_eight_bytes_and_a_text_that_repeats_is_stored_once() {
        assert_eq!(size_of::<Cell>(), 8);
        let mut cells = Cells::default();
        ["国有", "集体", "国有", "集体", ""].iter().for_each(|text| cells.push(Value::Text((*text).into())));
        assert_eq!(cells.texts.len(), 3);
    }
}
