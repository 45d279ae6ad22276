//! Ids to the features and records they name, once everything is read: what leads nowhere is told.

use super::issues::{Issues, issue};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Code, Severity, Text, closest};
use crate::model::{self, ClassId, Dataset, FieldId, Issue, Schema, Unlinked};
use crate::text;

/// How many ids are compared to find the one that was meant.
const COMPARED: usize = 10_000;

/// Replaces every reference that names exactly one item by that item; the others stay dangling, with an issue each. Those that lead to a class
/// which the submission does not supply are counted, a field at a time.
pub fn link(dataset: &mut Dataset, schema: &Schema) -> Vec<Issue> {
    let unlinked = model::link(dataset, schema);
    let mut issues = Issues::default();
    for same in unlinked.chunk_by(|one, next| (one.item.class, one.field) == (next.item.class, next.field)) {
        let Some(first) = same.first() else { continue };
        if dataset.items(first.target).supplied {
            same.iter().for_each(|one| issues.push(dangling(one, dataset, schema)));
        } else {
            issues.push(unsupplied(first, same.len(), dataset, schema));
        }
    }
    issues.finish()
}

fn named(class: ClassId, field: FieldId, schema: &Schema) -> &model::Names {
    &schema.class(class).fields[field.0 as usize].names
}

fn unsupplied(first: &Unlinked, count: usize, dataset: &Dataset, schema: &Schema) -> Issue {
    let class = first.item.class;
    let names = named(class, first.field, schema);
    let (name, wanted) = (names.shown(), schema.class(first.target).names.shown());
    let text = text!(
        en: "{count} references `{name}` lead to {wanted}, which the submission does not supply",
        zh: "{count} 处“{name}”引用{wanted}，而申报没有提供{wanted}"
    );
    let place = dataset.items(class).place(first.item.index);
    let found = issue(&codes::DANGLING_REFERENCE, Severity::Error, text, place);
    Issue { class: Some(class), field: Some(names.name.clone()), ..found }
}

fn dangling(one: &Unlinked, dataset: &Dataset, schema: &Schema) -> Issue {
    let (class, index) = (one.item.class, one.item.index);
    let (code, text) = why(one, dataset, schema);
    let items = dataset.items(class);
    Issue {
        class: Some(class),
        item: Some(items.id(index).clone()),
        item_ref: Some(one.item),
        field: Some(named(class, one.field, schema).name.clone()),
        ..issue(code, Severity::Error, text, items.place(index))
    }
}

fn why(one: &Unlinked, dataset: &Dataset, schema: &Schema) -> (&'static Code, Text) {
    let (id, wanted) = (&one.id, schema.class(one.target).names.shown());
    if one.ambiguous {
        let text = text!(
            en: "`{id}` names several things in {wanted}; which is meant is unknown",
            zh: "{wanted}中有多个“{id}”，无法确定所指"
        );
        return (&codes::AMBIGUOUS_REFERENCE, text);
    }
    let known = dataset.items(one.target);
    let ids = (0..known.len().min(COMPARED) as u32).map(|at| &**known.id(at));
    let (en, zh) = match closest(id, ids) {
        Some(meant) => (format!("; did you mean `{meant}`?"), format!("；是否应为“{meant}”？")),
        None => (String::new(), String::new()),
    };
    let text = text!(en: "there is no `{id}` in {wanted}{en}", zh: "{wanted}中没有“{id}”{zh}");
    (&codes::DANGLING_REFERENCE, text)
}
