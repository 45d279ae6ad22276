//! Ids that tell the items of a class apart.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// Returns an id that was not given away before, as close to `wanted` as can be.
pub(super) fn unique_id(ids: &mut FxHashMap<Arc<str>, u32>, wanted: String) -> Arc<str> {
    let wanted: Arc<str> = wanted.into();
    let Some(count) = ids.get_mut(&wanted) else {
        ids.insert(wanted.clone(), 1);
        return wanted;
    };
    let mut next = *count;
    let free = loop {
        next += 1;
        let id: Arc<str> = format!("{wanted}~{next}").into();
        if !ids.contains_key(&id) {
            break id;
        }
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
            ["P", "P~2", "P", "P", "P~2"].iter().map(|wanted| unique_id(&mut ids, (*wanted).to_owned())).collect();
        assert_eq!(given.iter().map(|id| &**id).collect::<Vec<_>>(), ["P", "P~2", "P~3", "P~4", "P~2~2"]);
    }
}
