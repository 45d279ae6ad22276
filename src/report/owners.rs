//! Which package and which unit a thing belongs to, as far as the data say.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{ClassId, Dataset, FieldId, ItemRef, Schema, Value};

/// The names of the two classes that others belong to.
const PACKAGE: &str = "package";
const UNIT: &str = "unit";

/// Packages and units by what they hold; looked up only, never run over.
pub(super) struct Owners<'a> {
    schema: &'a Schema,
    data: &'a Dataset,
    package: Option<ClassId>,
    unit: Option<ClassId>,
    held: HashMap<(ClassId, ItemRef), ItemRef>,
}

impl<'a> Owners<'a> {
    /// Notes what every package and unit lists.
    pub(super) fn new(schema: &'a Schema, data: &'a Dataset) -> Self {
        let (package, unit) = (schema.find_class(PACKAGE), schema.find_class(UNIT));
        let mut held = HashMap::new();
        for class in package.into_iter().chain(unit) {
            for index in 0..data.items(class).len() as u32 {
                let owner = ItemRef { class, index };
                for field in 0..schema.class(class).fields.len() as u16 {
                    note(&mut held, owner, &data.value(owner, FieldId(field)));
                }
            }
        }
        Owners { schema, data, package, unit, held }
    }

    /// Returns the id of the package that an item belongs to.
    pub(super) fn package(&self, item: ItemRef) -> Option<Arc<str>> {
        self.owner(self.package?, item)
    }

    /// Returns the id of the unit that an item belongs to.
    pub(super) fn unit(&self, item: ItemRef) -> Option<Arc<str>> {
        self.owner(self.unit?, item)
    }

    /// Looks at what the item names, at what lists it, and then at what it is nested in.
    fn owner(&self, class: ClassId, item: ItemRef) -> Option<Arc<str>> {
        let mut at = Some(item);
        while let Some(current) = at {
            let named = (0..self.schema.class(current.class).fields.len() as u16)
                .find_map(|field| match self.data.value(current, FieldId(field)) {
                    Value::Item(other) if other.class == class => Some(other),
                    _ => None,
                })
                .or_else(|| self.held.get(&(class, current)).copied());
            if let Some(owner) = named.filter(|owner| *owner != item) {
                return Some(self.data.items(class).id(owner.index).into());
            }
            at = self.data.items(current.class).parent(current.index);
            if let Some(parent) = at.filter(|parent| parent.class == class) {
                return Some(self.data.items(class).id(parent.index).into());
            }
        }
        None
    }
}

fn note(held: &mut HashMap<(ClassId, ItemRef), ItemRef>, owner: ItemRef, value: &Value) {
    match value {
        Value::Item(item) => {
            held.entry((owner.class, *item)).or_insert(owner);
        }
        Value::List(items) => items.iter().for_each(|item| note(held, owner, item)),
        Value::Missing
        | Value::Unreadable(_)
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::Date(_)
        | Value::Duration(_)
        | Value::Code(_)
        | Value::Enum(..)
        | Value::Range(_)
        | Value::Dangling(_)
        | Value::Geometry(_) => {}
    }
}
