//! Ids to the features and records they name, once everything is read: what leads nowhere is told.

use super::issues::{Issues, issue};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Severity, Text, closest};
use crate::model::{self, ClassId, Dataset, FieldId, Issue, References, Schema, Unlinked};
use crate::source::Place;
use crate::text;

/// How many ids are compared to find the one that was meant.
const COMPARED: usize = 10_000;

/// For how many ids of a field the one that was meant is looked for: where hundreds lead nowhere, a list is missing, not a letter.
const SEARCHES: usize = 100;

/// Replaces every reference that names exactly one item by that item; the others stay dangling, with an issue each. Those that lead to a class
/// which the submission does not supply are counted, a field at a time.
pub fn link(dataset: &mut Dataset, schema: &Schema) -> Vec<Issue> {
    let unlinked = model::link(dataset, schema);
    let mut issues = Issues::default();
    let places: Vec<References> = schema.class_ids().map(|class| dataset.items_mut(class).take_references()).collect();
    for same in unlinked.chunk_by(|one, next| (one.item.class, one.field) == (next.item.class, next.field)) {
        let Some(first) = same.first() else { continue };
        let class = first.item.class;
        let place_of = |one: &Unlinked| {
            let place = places[class.0 as usize].place(one.item.index, one.field, one.at);
            place.unwrap_or_else(|| dataset.items(class).place(one.item.index))
        };
        if !dataset.items(first.target).supplied {
            issues.push(unsupplied(first, same.len(), place_of(first), schema));
            continue;
        }
        let mut searches = SEARCHES;
        let name = &named(class, first.field, schema).name;
        for one in same {
            let code = if one.ambiguous { &codes::AMBIGUOUS_REFERENCE } else { &codes::DANGLING_REFERENCE };
            issues.push_made(code, Severity::Error, class, Some(name), || {
                let text = why(one, &mut searches, dataset, schema);
                let items = dataset.items(class);
                Issue {
                    class: Some(class),
                    item: Some(items.id(one.item.index).into()),
                    item_ref: Some(one.item),
                    field: Some(name.clone()),
                    ..issue(code, Severity::Error, text, place_of(one))
                }
            });
        }
    }
    issues.finish()
}

fn named(class: ClassId, field: FieldId, schema: &Schema) -> &model::Names {
    &schema.class(class).fields[field.0 as usize].names
}

fn unsupplied(first: &Unlinked, count: usize, place: Place, schema: &Schema) -> Issue {
    let class = first.item.class;
    let names = named(class, first.field, schema);
    let (name, wanted) = (names.shown(), schema.class(first.target).names.shown());
    let text = text!(
        en: "{count} references `{name}` lead to {wanted}, which the submission does not supply",
        zh: "{count} 处“{name}”引用{wanted}，而申报没有提供{wanted}"
    );
    let found = issue(&codes::DANGLING_REFERENCE, Severity::Error, text, place);
    Issue { class: Some(class), field: Some(names.name.clone()), ..found }
}

/// Says why a reference leads nowhere; each look for the id that was meant is one of `searches`.
fn why(one: &Unlinked, searches: &mut usize, dataset: &Dataset, schema: &Schema) -> Text {
    let (id, wanted) = (&one.id, schema.class(one.target).names.shown());
    if one.ambiguous {
        return text!(
            en: "`{id}` names several things in {wanted}; which is meant is unknown",
            zh: "{wanted}中有多个“{id}”，无法确定所指"
        );
    }
    let known = dataset.items(one.target);
    let compared = if *searches > 0 { known.len().min(COMPARED) } else { 0 };
    *searches = searches.saturating_sub(1);
    let ids: Vec<_> = (0..compared as u32).map(|at| known.id(at)).collect();
    let (en, zh) = match closest(id, ids.iter().map(|id| &**id)) {
        Some(meant) => (format!("; did you mean `{meant}`?"), format!("；是否应为“{meant}”？")),
        None => (String::new(), String::new()),
    };
    text!(en: "there is no `{id}` in {wanted}{en}", zh: "{wanted}中没有“{id}”{zh}")
}
