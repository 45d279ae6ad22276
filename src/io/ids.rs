//! Ids that tell the items of a class apart.

use std::borrow::Cow;
use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::model::Items;

/// The ids given away in a class. What they are stands with its items; here are their numbers only, and not those of items whose id says
/// which they are: `#1` of the first.
#[derive(Debug, Default)]
pub(super) struct Ids {
    given: HashTable<u32>,
    /// How often an id was asked for that repeats.
    asked: FxHashMap<String, u32>,
}

impl Ids {
    /// Returns the ids of all items there are.
    pub(super) fn of(items: &Items) -> Self {
        let mut ids = Ids::default();
        (0..items.len() as u32).for_each(|item| ids.add(&items.id(item), item, items));
        ids
    }

    /// Returns an id for the next item, which must be pushed: one that was not given away before, as close to `wanted` as can be.
    pub(super) fn unique<'w>(&mut self, wanted: &'w str, items: &Items) -> Cow<'w, str> {
        let next = items.len() as u32;
        if !self.is_given(wanted, items) {
            self.add(wanted, next, items);
            return Cow::Borrowed(wanted);
        }
        let mut times = self.asked.get(wanted).copied().unwrap_or(1) + 1;
        let free = loop {
            let id = format!("{wanted}~{times}");
            if !self.is_given(&id, items) {
                break id;
            }
            times += 1;
        };
        self.asked.insert(wanted.into(), times);
        self.add(&free, next, items);
        Cow::Owned(free)
    }

    fn is_given(&self, id: &str, items: &Items) -> bool {
        let is = |item: u32| (item as usize) < items.len() && items.id(item) == id;
        said(id).is_some_and(is) || self.given.find(hash(id), |&item| is(item)).is_some()
    }

    fn add(&mut self, id: &str, item: u32, items: &Items) {
        if said(id) != Some(item) {
            self.given.insert_unique(hash(id), item, |&item| hash(&items.id(item)));
        }
    }
}

/// Returns which item an id like `#1` says that it is.
fn said(id: &str) -> Option<u32> {
    id.strip_prefix('#')?.parse::<u32>().ok()?.checked_sub(1)
}

fn hash(id: &str) -> u64 {
    FxBuildHasher.hash_one(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Kind;
    use crate::model::{Class, ClassKind, GeometryState, Names};
    use crate::source::{Files, Place};

    fn no_items() -> Items {
        let names = Names { name: "layer".into(), second: None };
        let kind = ClassKind::Layer(None);
        Items::supplied(&Class { names, aliases: Vec::new(), kind, fields: Vec::new(), span: None }, Kind::Polygon)
    }

    fn push(items: &mut Items, id: &str) {
        let place = Place::file(Files::default().add("a", ""));
        items.push(id, place, None, [], GeometryState::Missing, None);
    }

    #[test]
    fn no_id_is_given_away_twice() {
        let mut items = no_items();
        let mut ids = Ids::default();
        for wanted in ["P", "P~2", "P", "P", "P~2"] {
            let id = ids.unique(wanted, &items);
            push(&mut items, &id);
        }
        let given: Vec<_> = (0..5).map(|item| items.id(item)).collect();
        assert_eq!(given, ["P", "P~2", "P~3", "P~4", "P~2~2"]);
        assert_eq!(Ids::of(&items).unique("P~4", &items), "P~4~2");
    }

    #[test]
    fn ids_that_number_their_items_are_told_apart_from_those_that_look_so() {
        let mut items = no_items();
        let mut ids = Ids::default();
        for wanted in ["#1", "#3", "#3", "#1", "#05", "#05", "#7", "#7"] {
            let id = ids.unique(wanted, &items);
            push(&mut items, &id);
        }
        let given: Vec<_> = (0..8).map(|item| items.id(item)).collect();
        assert_eq!(given, ["#1", "#3", "#3~2", "#1~2", "#05", "#05~2", "#7", "#7~2"]);
        assert_eq!(ids.given.len(), 5);
        assert_eq!(Ids::of(&items).unique("#05", &items), "#05~3");
    }
}
