//! Ids to the features and records they name, once everything is read.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::issues::{Issues, issue};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Severity, closest};
use crate::model::{ClassId, Dataset, FieldId, Issue, ItemRef, Schema, Type, Value};
use crate::source::Place;
use crate::text;

/// How many ids are compared to find the one that was meant.
const COMPARED: usize = 10_000;

/// Replaces every reference that names exactly one item by that item; the others stay dangling, with an issue each.
pub fn link(dataset: &mut Dataset, schema: &Schema) -> Vec<Issue> {
    let mut linker = Linker { schema, by_id: FxHashMap::default(), issues: Issues::default() };
    for class in schema.class_ids() {
        for (at, field) in schema.class(class).fields.iter().enumerate() {
            let target = match &field.ty {
                Type::Item(target) => *target,
                Type::List(inner) => match **inner {
                    Type::Item(target) => target,
                    _ => continue,
                },
                _ => continue,
            };
            linker.field(dataset, class, FieldId(at as u16), target);
        }
    }
    linker.issues.finish()
}

struct Linker<'s> {
    schema: &'s Schema,
    /// For each class referred to: id to the items that have it.
    by_id: FxHashMap<ClassId, FxHashMap<Arc<str>, Vec<u32>>>,
    issues: Issues,
}

impl Linker<'_> {
    fn field(&mut self, dataset: &mut Dataset, class: ClassId, field: FieldId, target: ClassId) {
        let mut unsupplied = None;
        for item in 0..dataset.items(class).len() as u32 {
            let linked = match dataset.items(class).value(item, field) {
                Value::Dangling(id) => {
                    let id = id.clone();
                    self.find(dataset, class, item, field, target, &id, &mut unsupplied)
                }
                Value::List(values) => {
                    let values = values.clone();
                    let found: Vec<Value> = values
                        .iter()
                        .map(|value| match value {
                            Value::Dangling(id) => self
                                .find(dataset, class, item, field, target, id, &mut unsupplied)
                                .unwrap_or_else(|| value.clone()),
                            other => other.clone(),
                        })
                        .collect();
                    Some(Value::List(found.into()))
                }
                _ => None,
            };
            if let Some(value) = linked {
                dataset.items_mut(class).set_value(item, field, value);
            }
        }
        if let Some((place, count)) = unsupplied {
            let declared = &self.schema.class(class).fields[field.0 as usize];
            let (name, wanted) = (declared.names.shown(), self.schema.class(target).names.shown());
            let text = text!(
                en: "{count} references `{name}` lead to {wanted}, which the submission does not supply",
                zh: "{count} 处“{name}”引用{wanted}，而申报没有提供{wanted}"
            );
            let found = issue(&codes::DANGLING_REFERENCE, Severity::Error, text, place);
            self.issues.push(Issue { class: Some(class), field: Some(declared.names.name.clone()), ..found });
        }
    }

    /// Returns the item that an id names; `None`, with an issue, if it names none or several.
    #[allow(clippy::too_many_arguments, reason = "one reference, its place, and what it may lead to")]
    fn find(
        &mut self,
        dataset: &Dataset,
        class: ClassId,
        item: u32,
        field: FieldId,
        target: ClassId,
        id: &Arc<str>,
        unsupplied: &mut Option<(Place, u32)>,
    ) -> Option<Value> {
        let items = dataset.items(class);
        if !dataset.items(target).supplied {
            unsupplied.get_or_insert((items.place(item), 0)).1 += 1;
            return None;
        }
        let schema = self.schema;
        let by_id = self.by_id.entry(target).or_insert_with(|| ids_of(dataset, schema, target));
        let declared = &schema.class(class).fields[field.0 as usize];
        let wanted = schema.class(target).names.shown();
        let (code, text) = match by_id.get(id).map(Vec::as_slice) {
            Some([index]) => return Some(Value::Item(ItemRef { class: target, index: *index })),
            Some(several) => {
                let count = several.len();
                let text = text!(
                    en: "`{id}` names {count} things in {wanted}; which is meant is unknown",
                    zh: "{wanted}中有 {count} 个“{id}”，无法确定所指"
                );
                (&codes::AMBIGUOUS_REFERENCE, text)
            }
            None => {
                let known = dataset.items(target);
                let ids = (0..known.len().min(COMPARED) as u32).map(|at| &**known.id(at));
                let (en, zh) = match closest(id, ids) {
                    Some(meant) => (format!("; did you mean `{meant}`?"), format!("；是否应为“{meant}”？")),
                    None => (String::new(), String::new()),
                };
                let text = text!(en: "there is no `{id}` in {wanted}{en}", zh: "{wanted}中没有“{id}”{zh}");
                (&codes::DANGLING_REFERENCE, text)
            }
        };
        let found = issue(code, Severity::Error, text, items.place(item));
        self.issues.push(Issue {
            class: Some(class),
            item: Some(items.id(item).clone()),
            item_ref: Some(ItemRef { class, index: item }),
            field: Some(declared.names.name.clone()),
            ..found
        });
        None
    }
}

/// Returns the items by the id they give themselves, before repeated ones were told apart.
fn ids_of(dataset: &Dataset, schema: &Schema, class: ClassId) -> FxHashMap<Arc<str>, Vec<u32>> {
    let items = dataset.items(class);
    let field = schema.class(class).field("id");
    let mut found: FxHashMap<Arc<str>, Vec<u32>> = FxHashMap::default();
    for item in 0..items.len() as u32 {
        let id = match field.map(|field| items.value(item, field)) {
            Some(Value::Text(own)) if own.trim().len() == own.len() => own.clone(),
            Some(Value::Text(own)) => own.trim().into(),
            Some(_) | None => items.id(item).clone(),
        };
        found.entry(id).or_default().push(item);
    }
    found
}
