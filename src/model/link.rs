//! References by id, resolved to items.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{ClassId, Dataset, FieldId, ItemRef, Schema, Type, Value};

/// A reference that leads to no item, or to several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlinked {
    /// The item that refers.
    pub item: ItemRef,
    /// The field.
    pub field: FieldId,
    /// The class that was looked in.
    pub target: ClassId,
    /// The id that was looked for.
    pub id: Arc<str>,
    /// Its position in the list, where the field holds one.
    pub at: usize,
    /// Whether several items carry the id.
    pub ambiguous: bool,
}

/// Turns every [`Value::Dangling`] whose id is that of exactly one item of the field's class into that item. The others stay, and are
/// returned in the order of the data. An item's id is the text of its `id` field, before repeated ones were told apart, or its name in findings where it has none.
pub fn link(data: &mut Dataset, schema: &Schema) -> Vec<Unlinked> {
    let mut unlinked = Vec::new();
    let mut known: FxHashMap<ClassId, FxHashMap<Arc<str>, Option<u32>>> = FxHashMap::default();
    for class in schema.class_ids() {
        for (number, field) in schema.class(class).fields.iter().enumerate() {
            let Some(target) = target(&field.ty) else { continue };
            let field = FieldId(number as u16);
            let by_id = known.entry(target).or_insert_with(|| ids(data, schema, target));
            for index in 0..data.items(class).len() as u32 {
                let item = ItemRef { class, index };
                let mut missed = |id: &Arc<str>, at, ambiguous| {
                    unlinked.push(Unlinked { item, field, target, id: id.clone(), at, ambiguous });
                };
                if let Some(value) = resolved(&data.value(item, field), 0, target, by_id, &mut missed) {
                    data.items_mut(class).set_value(index, field, value);
                }
            }
        }
    }
    unlinked
}

fn target(ty: &Type) -> Option<ClassId> {
    match ty {
        Type::Item(class) => Some(*class),
        Type::List(of) => target(of),
        _ => None,
    }
}

/// Returns the items of a class by id; `None` for an id that repeats.
fn ids(data: &Dataset, schema: &Schema, class: ClassId) -> FxHashMap<Arc<str>, Option<u32>> {
    let items = data.items(class);
    let field = schema.class(class).field("id");
    let mut found = FxHashMap::default();
    for index in 0..items.len() as u32 {
        let id = match field.map(|field| items.value(index, field)) {
            Some(Value::Text(id)) if id.trim().len() == id.len() => id,
            Some(Value::Text(id)) => id.trim().into(),
            Some(_) | None => items.id(index).into(),
        };
        found.entry(id).and_modify(|one| *one = None).or_insert(Some(index));
    }
    found
}

/// Returns the value, which stands at a position of a list or at 0, with its references resolved; `None` if there is nothing to change.
fn resolved(
    value: &Value,
    at: usize,
    class: ClassId,
    by_id: &FxHashMap<Arc<str>, Option<u32>>,
    missed: &mut impl FnMut(&Arc<str>, usize, bool),
) -> Option<Value> {
    match value {
        Value::Dangling(id) => match by_id.get(id.trim()) {
            Some(Some(index)) => Some(Value::Item(ItemRef { class, index: *index })),
            Some(None) => {
                missed(id, at, true);
                None
            }
            None => {
                missed(id, at, false);
                None
            }
        },
        Value::List(values) => {
            let members = values.iter().enumerate();
            let changed: Vec<Option<Value>> =
                members.map(|(at, value)| resolved(value, at, class, by_id, missed)).collect();
            changed.iter().any(Option::is_some).then(|| {
                Value::List(
                    changed
                        .into_iter()
                        .zip(values.iter())
                        .map(|(new, old)| new.unwrap_or_else(|| old.clone()))
                        .collect(),
                )
            })
        }
        _ => None,
    }
}
