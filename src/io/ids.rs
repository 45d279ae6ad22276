//! Ids that tell the items of a class apart.

use std::borrow::Cow;
use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::model::Items;

/// The ids given away in a class. What they are stands with its items; here are their numbers only.
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
        (0..items.len() as u32).for_each(|item| ids.add(items.id(item), item, items));
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
        self.given.find(hash(id), |&item| items.id(item) == id).is_some()
    }

    fn add(&mut self, id: &str, item: u32, items: &Items) {
        self.given.insert_unique(hash(id), item, |&item| hash(items.id(item)));
    }
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

    #[test]
    fn no_id_is_given_away_twice() {
        let names = Names { name: "layer".into(), second: None };
        let kind = ClassKind::Layer(None);
        let class = Class { names, aliases: Vec::new(), kind, fields: Vec::new(), span: None };
        let mut items = Items::supplied(&class, Kind::Polygon);
        let place = Place::file(Files::default().add("a", ""));
        let mut ids = Ids::default();
        for wanted in ["P", "P~2", "P", "P", "P~2"] {
            let id = ids.unique(wanted, &items);
            items.push(id, place, None, [], GeometryState::Missing, None);
        }
        let given: Vec<&str> = (0..5).map(|item| items.id(item)).collect();
        assert_eq!(given, ["P", "P~2", "P~3", "P~4", "P~2~2"]);
        assert_eq!(Ids::of(&items).unique("P~4", &items), "P~4~2");
    }
}
