//! Ids that tell the items of a class apart.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::FxHashMap;

/// Returns an id that was not given away before, as close to `wanted` as can be.
pub(super) fn unique_id(ids: &mut FxHashMap<Arc<str>, u32>, wanted: Arc<str>) -> Arc<str> {
    let (wanted, mut next) = match ids.entry(wanted) {
        Entry::Vacant(place) => {
            let id = place.key().clone();
            place.insert(1);
            return id;
        }
        Entry::Occupied(mut known) => {
            *known.get_mut() += 1;
            (known.key().clone(), *known.get())
        }
    };
    let free = loop {
        let id: Arc<str> = format!("{wanted}~{next}").into();
        if !ids.contains_key(&id) {
            break id;
        }
        next += 1;
    };
    ids.insert(wanted, next);
    ids.insert(free.clone(), 1);
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_is_given_away_twice() {
        let mut ids = FxHashMap::default();
        let given: Vec<Arc<str>> =
            ["P", "P~2", "P", "P", "P~2"].iter().map(|wanted| unique_id(&mut ids, (*wanted).into())).collect();
        assert_eq!(given.iter().map(|id| &**id).collect::<Vec<_>>(), ["P", "P~2", "P~3", "P~4", "P~2~2"]);
    }
}
