//! The things of a class by what they say: an inverted list from values to the things that have them.
//!
//! Takes values; gives, for a value, the things that surely have it, those that may, and why. Sorted rather than hashed: texts come from
//! a submission, and could be made to collide.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::eval::normal;
use super::truth;
use super::value::{Evaluated, Reasons, Tri};
use crate::model::{CodeRef, EnumId, ItemRef, Truth};

/// A known value that is equal to another exactly where the two are the same key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Item(ItemRef),
    Code(CodeRef),
    Enum(EnumId, u16),
    Text(Arc<str>),
    Bool(bool),
    Number(Decimal),
    Date(Date),
}

impl Key {
    /// Returns the key of a value; `None` for what is unknown, measured or made of several.
    pub(super) fn of(value: &Evaluated<'_>) -> Option<Key> {
        Some(match value {
            Evaluated::Item(item) => Key::Item(*item),
            Evaluated::Code(code) => Key::Code(*code),
            Evaluated::Enum(of, value) => Key::Enum(*of, *value),
            Evaluated::Bool(value) => Key::Bool(*value),
            Evaluated::Number(number) => Key::Number(*number),
            Evaluated::Date(date) => Key::Date(*date),
            Evaluated::Text(text) => Key::Text(match normal(text) {
                same if *same == **text => Arc::clone(text),
                folded => folded.into(),
            }),
            Evaluated::Unknown(_)
            | Evaluated::Absent(_)
            | Evaluated::Measure(_)
            | Evaluated::Duration(_)
            | Evaluated::Range(_)
            | Evaluated::List(_)
            | Evaluated::Dangling(_)
            | Evaluated::Selection(_)
            | Evaluated::Set(_)
            | Evaluated::Codes(..)
            | Evaluated::Values(_)
            | Evaluated::Region(_)
            | Evaluated::Piece(_)
            | Evaluated::Pieces(_) => return None,
        })
    }

    /// Tells whether two keys are of one kind, so that their values can be compared.
    fn is_like(&self, other: &Key) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// The things of a class by the values that they have.
#[derive(Debug, Default)]
pub(super) struct Register {
    /// Ascending.
    known: Vec<(Key, u32)>,
    /// Things with a reference to nothing, which may be the same as another such; ascending.
    dangling: Vec<u32>,
    /// Things of whose values not all are known, ascending, and why.
    unknown: Vec<(u32, Reasons)>,
    /// Things with values that have no key, ascending: they are always asked themselves.
    odd: Vec<u32>,
}

impl Register {
    /// Enters a value that a thing has; things come in ascending order.
    pub(super) fn enter(&mut self, thing: u32, value: &Evaluated<'_>) {
        let like = |key: &Key| self.known.first().is_none_or(|(first, _)| first.is_like(key));
        match (Key::of(value), value, value.unknown()) {
            (Some(key), _, _) if like(&key) => self.known.push((key, thing)),
            (None, Evaluated::Dangling(_), _) => once(&mut self.dangling, thing),
            (None, _, Some(reasons)) => self.doubt(thing, reasons),
            (Some(_) | None, _, _) => once(&mut self.odd, thing),
        }
    }

    /// Enters that a thing may have other values too.
    pub(super) fn doubt(&mut self, thing: u32, reasons: Reasons) {
        match self.unknown.last_mut() {
            Some((last, known)) if *last == thing => *known = known.and(&reasons),
            Some(_) | None => self.unknown.push((thing, reasons)),
        }
    }

    /// Makes the register ready for questions, once all is entered.
    pub(super) fn close(mut self) -> Self {
        self.known.sort_unstable();
        self.known.dedup();
        self
    }

    /// Asks for the things that have one of some values; `None` if every thing is to be asked itself.
    pub(super) fn ask<'v, 'a: 'v>(
        &self,
        values: impl IntoIterator<Item = &'v Evaluated<'a>>,
        of_list: bool,
    ) -> Option<Answer<'_>> {
        let mut answer = Answer { register: self, found: Vec::new(), dangling: false, plain: !of_list };
        for value in values {
            match (Key::of(value), value) {
                (None, Evaluated::Dangling(_)) => answer.dangling = true,
                (None, _) => return None,
                (Some(key), _) => {
                    if self.known.first().is_some_and(|(first, _)| !first.is_like(&key)) {
                        return None;
                    }
                    let from = self.known.partition_point(|(known, _)| *known < key);
                    let count = self.known[from..].partition_point(|(known, _)| *known == key);
                    answer.found.push(&self.known[from..from + count]);
                }
            }
        }
        Some(answer)
    }
}

fn once(list: &mut Vec<u32>, thing: u32) {
    if list.last() != Some(&thing) {
        list.push(thing);
    }
}

/// What a register tells of a question.
pub(super) struct Answer<'r> {
    register: &'r Register,
    /// For each value the things that have it, ascending.
    found: Vec<&'r [(Key, u32)]>,
    /// Whether things with a reference to nothing may have the value.
    dangling: bool,
    /// Whether what is unknown of a thing is all that is unknown of the question.
    plain: bool,
}

impl Answer<'_> {
    /// Returns how many things it names at most.
    pub(super) fn count(&self) -> usize {
        let dangling = if self.dangling { self.register.dangling.len() } else { 0 };
        let found: usize = self.found.iter().map(|things| things.len()).sum();
        found + dangling + self.register.unknown.len() + self.register.odd.len()
    }

    /// Returns the things of which the question is not surely answered with no, ascending.
    pub(super) fn things(&self) -> Vec<u32> {
        let mut things: Vec<u32> = self.found.iter().flat_map(|found| found.iter().map(|(_, thing)| *thing)).collect();
        if self.dangling {
            things.extend(&self.register.dangling);
        }
        things.extend(self.register.unknown.iter().map(|(thing, _)| *thing));
        things.extend(&self.register.odd);
        things.sort_unstable();
        things.dedup();
        things
    }

    /// Returns whether a thing has one of the values; `None` if it is to be asked itself.
    pub(super) fn of(&self, thing: u32) -> Option<Tri> {
        let register = self.register;
        if self.found.iter().any(|found| found.binary_search_by_key(&thing, |(_, at)| *at).is_ok()) {
            return Some(Truth::True);
        }
        if self.dangling && register.dangling.binary_search(&thing).is_ok()
            || register.odd.binary_search(&thing).is_ok()
        {
            return None;
        }
        match register.unknown.binary_search_by_key(&thing, |(at, _)| *at) {
            Ok(at) => self.plain.then(|| Truth::Unknown(register.unknown[at].1.clone())),
            Err(_) => Some(truth::of(false)),
        }
    }
}
