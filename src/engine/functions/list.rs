//! Lists.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::unknown;
use crate::engine::eval::{Evaluator, equal, extreme, mean, total};
use crate::engine::register::Key;
use crate::engine::value::{Evaluated, Measured, Reasons};
use crate::model::ItemRef;
use rust_decimal::Decimal;

/// Returns the items of one list, or the arguments themselves if there are several, or why they are not known.
fn items<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>]) -> Result<Vec<Evaluated<'a>>, Reasons> {
    let items = match values {
        [one] => {
            let many = evaluator.iterate(one);
            if let Some(reasons) = many.doubt() {
                return Err(reasons);
            }
            many.items.into_iter().map(|(value, _)| value).collect()
        }
        several => several.to_vec(),
    };
    match unknown(&items) {
        Some(reasons) => Err(reasons),
        None => Ok(items),
    }
}

fn of_items<'a>(
    evaluator: &Evaluator<'_, 'a>,
    values: &[Evaluated<'a>],
    make: impl FnOnce(Vec<Evaluated<'a>>) -> Evaluated<'a>,
) -> Option<Evaluated<'a>> {
    Some(items(evaluator, values).map_or_else(Evaluated::Unknown, make))
}

/// `sum(list)`: 0 of none.
pub(super) fn sum<'a>(
    evaluator: &Evaluator<'_, 'a>,
    values: &[Evaluated<'a>],
    text: &dyn Fn() -> Arc<str>,
) -> Option<Evaluated<'a>> {
    of_items(evaluator, values, |items| total(&items, text))
}

/// `count(list)`: at least the known ones where there may be more.
pub(super) fn count<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    let value = values.first()?;
    if let Some(reasons) = value.unknown() {
        return Some(Evaluated::Unknown(reasons));
    }
    let many = evaluator.iterate(value);
    let sure = many.items.iter().filter(|(_, doubt)| doubt.is_none()).count();
    Some(match many.doubt() {
        None => Evaluated::Number(Decimal::from(sure)),
        Some(reasons) => Evaluated::Measure(Measured { value: sure as f64, error: 0.0, at_least: Some(reasons) }),
    })
}

/// `min(…)`, `max(…)`
pub(super) fn extreme_of<'a>(
    evaluator: &Evaluator<'_, 'a>,
    values: &[Evaluated<'a>],
    largest: bool,
    text: &dyn Fn() -> Arc<str>,
) -> Option<Evaluated<'a>> {
    of_items(evaluator, values, |items| extreme(&items, largest, text))
}

/// `mean(list)`
pub(super) fn mean_of<'a>(
    evaluator: &Evaluator<'_, 'a>,
    values: &[Evaluated<'a>],
    text: &dyn Fn() -> Arc<str>,
) -> Option<Evaluated<'a>> {
    of_items(evaluator, values, |items| mean(&items, text))
}

/// `cumulative(list)`: the running totals; from the first unknown item on they are unknown.
pub(super) fn cumulative<'a>(
    evaluator: &Evaluator<'_, 'a>,
    values: &[Evaluated<'a>],
    text: &dyn Fn() -> Arc<str>,
) -> Option<Evaluated<'a>> {
    let list = match values.first()? {
        Evaluated::List(items) => items.to_vec(),
        other => match items(evaluator, std::slice::from_ref(other)) {
            Ok(items) => items,
            Err(reasons) => return Some(Evaluated::Unknown(reasons)),
        },
    };
    let mut so_far: Option<Evaluated<'a>> = None;
    let totals = list.iter().map(|item| {
        let next = match &so_far {
            None => item.clone(),
            Some(before) => match Reasons::join(before.unknown(), item.unknown()) {
                Some(reasons) => Evaluated::Unknown(reasons),
                None => total([before, item], text),
            },
        };
        so_far = Some(next.clone());
        next
    });
    Some(Evaluated::List(totals.collect()))
}

/// `acyclic(steps, id, needs)`: the ids of the steps and what each needs, as lists in the order of the steps.
///
/// A need that is no step's id ends there. What is unknown can only add a cycle.
pub(super) fn acyclic<'a>(evaluator: &Evaluator<'_, 'a>, values: &[Evaluated<'a>]) -> Option<Evaluated<'a>> {
    let [steps, ids, needs] = values else { return None };
    if let Some(reasons) = Reasons::join(ids.unknown(), needs.unknown()) {
        return Some(Evaluated::Unknown(reasons));
    }
    let (Evaluated::List(ids), Evaluated::List(needs)) = (ids, needs) else { return None };
    let mut by_item: BTreeMap<ItemRef, usize> = BTreeMap::new();
    for (at, (step, _)) in evaluator.iterate(steps).items.iter().enumerate() {
        step.item().map(|item| *by_item.entry(item).or_insert(at));
    }
    let mut by_id: BTreeMap<Key, usize> = BTreeMap::new();
    for (at, id) in ids.iter().enumerate() {
        Key::of(id).map(|key| *by_id.entry(key).or_insert(at));
    }
    let mut doubt = unknown(ids);
    let mut edges: Vec<Vec<usize>> = Vec::with_capacity(ids.len());
    for need in needs.iter().take(ids.len()) {
        // A step that leaves its needs out needs nothing.
        let wanted = match need {
            Evaluated::Absent(_) => Vec::new(),
            need => {
                let many = evaluator.iterate(need);
                doubt = Reasons::join(doubt, many.more);
                many.items.into_iter().map(|(value, _)| value).collect()
            }
        };
        // A need is a step, or the id of one.
        let at = |wanted: &Evaluated<'a>| match wanted {
            Evaluated::Item(item) => by_item.get(item).copied(),
            wanted => match Key::of(wanted) {
                Some(key) => by_id.get(&key).copied(),
                None => ids.iter().position(|id| matches!(equal(id, wanted), Ok(true))),
            },
        };
        edges.push(wanted.iter().filter_map(at).collect());
    }
    edges.resize(ids.len(), Vec::new());
    Some(match (has_cycle(&edges), doubt) {
        (true, _) => Evaluated::Bool(false),
        (false, None) => Evaluated::Bool(true),
        (false, Some(reasons)) => Evaluated::Unknown(reasons),
    })
}

/// Takes away, again and again, what needs nothing that is left; what cannot be taken stands in a cycle or rests on one.
fn has_cycle(edges: &[Vec<usize>]) -> bool {
    let mut waits: Vec<usize> = edges.iter().map(Vec::len).collect();
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        targets.iter().for_each(|&target| needed_by[target].push(from));
    }
    let mut free: Vec<usize> = (0..edges.len()).filter(|&at| waits[at] == 0).collect();
    let mut taken = 0;
    while let Some(at) = free.pop() {
        taken += 1;
        for &other in &needed_by[at] {
            waits[other] -= 1;
            if waits[other] == 0 {
                free.push(other);
            }
        }
    }
    taken < edges.len()
}

#[cfg(test)]
mod tests {
    use super::has_cycle;

    #[test]
    fn cycles_are_found_however_long() {
        assert!(!has_cycle(&[vec![1, 1], vec![2], vec![]]));
        assert!(has_cycle(&[vec![1], vec![2], vec![0]]));
        assert!(has_cycle(&[vec![], vec![1]]));
        assert!(!has_cycle(&[]));
    }
}
