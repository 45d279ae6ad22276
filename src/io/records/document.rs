//! A document to records: one or a list of them, nested or not.

use std::borrow::Cow;
use std::sync::Arc;

use super::Reader;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Severity, closest};
use crate::io::fields::{At, id_text};
use crate::io::formats::raw_shape;
use crate::io::issues::issue;
use crate::io::node::{Data, Node};
use crate::io::shapes::{Owner, Settled};
use crate::model::{ClassId, ClassKind, FieldId, GeometryState, Issue, ItemRef, Type, Value};
use crate::source::{FileId, Location, Place};
use crate::text;

impl Reader<'_, '_> {
    /// Takes a document: a record, or a list of them. An empty one holds none.
    pub(super) fn document(
        &mut self,
        class: ClassId,
        node: &Node<'_>,
        file: FileId,
        locate: &dyn Fn(usize) -> Location,
    ) {
        match &node.data {
            Data::Null => {}
            Data::List(items) => {
                for item in items {
                    let name = self.next_name(class);
                    self.record(class, item, None, name, file, locate);
                }
            }
            Data::Map(_) | Data::Scalar(_) => {
                let name = self.next_name(class);
                self.record(class, node, None, name, file, locate);
            }
        }
    }

    /// Takes one record and those nested in it; `name` is its id if it has none of its own.
    pub(super) fn record(
        &mut self,
        class: ClassId,
        node: &Node<'_>,
        parent: Option<ItemRef>,
        name: String,
        file: FileId,
        locate: &dyn Fn(usize) -> Location,
    ) -> Option<ItemRef> {
        let Location { line, column } = locate(node.start);
        let place = Place { file, line, column };
        let Data::Map(entries) = &node.data else {
            let (found, kind) = (crate::io::convert::shortened(&node.shown()), self.schema.class(class).names.shown());
            let text = text!(en: "`{found}` is not a record of {kind}", zh: "“{found}”不是{kind}档案");
            let found = issue(&codes::NOT_A_RECORD, Severity::Error, text, place);
            self.issues.push(Issue { class: Some(class), ..found });
            // What was meant may be a record: the class may hold more than is known.
            self.dataset.items_mut(class).complete = false;
            return None;
        };
        let declared = self.schema.class(class);
        let assigned = self.fields(class).assign(entries);
        let id_field = declared.field("id").map(|field| field.0 as usize);
        let own = id_field.and_then(|field| assigned.slots[field]).and_then(|at| id_text(&entries[at].1));
        let id = self.unique(class, own, name, parent, place);
        let index = self.dataset.items_mut(class).push(&id, place, parent, [], GeometryState::Missing, None);
        let me = ItemRef { class, index };
        let at = At { place, item: me, locate };
        self.unknown_keys(class, entries, &id, &at);
        for (field, slot) in assigned.slots.iter().enumerate() {
            let property = slot.map(|at| &entries[at]);
            let ty = &declared.fields[field].ty;
            let field = FieldId(field as u16);
            let nested = property.and_then(|(_, value)| self.nested(field, value, me, &id, &at));
            let value = match (nested, property, ty) {
                (Some(value), _, _) => value,
                (None, Some((key, value)), Type::Geometry(_)) if !value.is_blank() => {
                    self.geometry(key, value, &id, &at)
                }
                (None, _, _) => {
                    let mut issues = std::mem::take(&mut self.issues);
                    let value = self.fields(class).value(field.0 as usize, property, &id, &at, &mut issues);
                    self.issues = issues;
                    for (field, place) in std::mem::take(&mut self.fields(class).references) {
                        self.dataset.items_mut(class).add_reference(index, field, place);
                    }
                    value
                }
            };
            self.dataset.items_mut(class).set_value(index, field, value);
        }
        Some(me)
    }

    /// Reads what may hold records of its own; `None` if the value holds none.
    fn nested(&mut self, field: FieldId, node: &Node<'_>, parent: ItemRef, id: &str, at: &At<'_>) -> Option<Value> {
        let declared = &self.schema.class(parent.class).fields[field.0 as usize];
        let (inner, list) = match &declared.ty {
            Type::List(inner) => (&**inner, true),
            other => (other, false),
        };
        let &Type::Item(class) = inner else { return None };
        if self.schema.class(class).kind != ClassKind::Record {
            return None;
        }
        let item = |reader: &mut Self, node: &Node<'_>, number: Option<usize>| {
            let name = &declared.names.name;
            let name = number.map_or(format!("{id}/{name}"), |number| format!("{id}/{name}#{number}"));
            if !matches!(node.data, Data::Null) {
                reader.dataset.items_mut(parent.class).add_reference(parent.index, field, at.place_of(node.start));
            }
            match &node.data {
                Data::Scalar(text) => Some(Value::Dangling(text.trim().into())),
                Data::Null => None,
                Data::Map(_) | Data::List(_) => {
                    reader.supply(class);
                    let nested = reader.record(class, node, Some(parent), name, at.place.file, at.locate);
                    Some(nested.map_or_else(|| Value::Unreadable(node.shown().into()), Value::Item))
                }
            }
        };
        match &node.data {
            Data::Map(_) if list => Some(Value::List(item(self, node, Some(1)).into_iter().collect())),
            Data::Map(_) => item(self, node, None),
            Data::List(nodes) if list => {
                if nodes.is_empty() {
                    // Known to be none, which is more than not being told.
                    self.supply(class);
                }
                let found: Vec<Value> =
                    nodes.iter().enumerate().filter_map(|(at, node)| item(self, node, Some(at + 1))).collect();
                Some(Value::List(found.into()))
            }
            Data::List(_) | Data::Scalar(_) | Data::Null => None,
        }
    }

    /// Reads a GeoJSON geometry that stands in a record, in the submission's coordinate system.
    fn geometry(&mut self, key: &Node<'_>, node: &Node<'_>, id: &str, at: &At<'_>) -> Value {
        let place = at.place_of(node.start);
        let owner = Owner { place, item: at.item, id: id.into() };
        let field = Some(key.shown().into());
        let Some(raw) = raw_shape(node) else {
            let text = text!(en: "this is not a GeoJSON geometry", zh: "此处不是 GeoJSON 几何");
            let found = owner.issue(&codes::BAD_COORDINATES, Severity::Error, text, None);
            self.issues.push(Issue { field, ..found });
            return Value::Unreadable(crate::io::convert::shortened(&node.shown()).into());
        };
        match Settled::as_is(self.target).shape(raw, &owner, &mut self.issues) {
            (_, Some(shape)) => Value::Geometry(Arc::new(shape)),
            (_, None) => Value::Unreadable(crate::io::convert::shortened(&node.shown()).into()),
        }
    }

    fn unique<'n>(
        &mut self,
        class: ClassId,
        own: Option<&'n str>,
        name: String,
        parent: Option<ItemRef>,
        place: Place,
    ) -> Cow<'n, str> {
        let (ids, items) = (&mut self.ids[class.0 as usize], self.dataset.items(class));
        let Some(own) = own else { return ids.unique(&name, items).into_owned().into() };
        let id = ids.unique(own, items);
        if id != own {
            // Records nested in different ones often number themselves.
            let severity = if parent.is_some() { Severity::Warning } else { Severity::Error };
            let text = text!(en: "the id `{own}` stands here a second time", zh: "标识码“{own}”重复");
            let found = issue(&codes::DUPLICATE_ID, severity, text, place);
            self.issues.push(Issue { class: Some(class), item: Some((&*id).into()), ..found });
        }
        id
    }

    fn unknown_keys(&mut self, class: ClassId, entries: &[(Node<'_>, Node<'_>)], id: &str, at: &At<'_>) {
        // A table may have columns for people to read.
        if self.schema.class(class).kind == ClassKind::Table {
            return;
        }
        for (key, _) in entries {
            let word = key.shown();
            if !self.fields(class).served(&word).is_empty() {
                continue;
            }
            let declared = self.schema.class(class);
            let field: Arc<str> = (&*word).into();
            self.issues.push_made(&codes::UNKNOWN_FIELD, Severity::Warning, class, Some(&field), || {
                let names = declared
                    .fields
                    .iter()
                    .flat_map(|field| std::iter::once(&*field.names.name).chain(field.names.second.as_deref()));
                let (en, zh) = match closest(&word, names) {
                    Some(meant) => (format!("; did you mean `{meant}`?"), format!("；是否应为“{meant}”？")),
                    None => (String::new(), String::new()),
                };
                let kind = declared.names.shown();
                let text = text!(en: "{kind} declares no field `{word}`{en}", zh: "{kind}没有字段“{word}”{zh}");
                let found = issue(&codes::UNKNOWN_FIELD, Severity::Warning, text, at.place_of(key.start));
                let (item, item_ref, field) = (Some(id.into()), Some(at.item), Some(field.clone()));
                Issue { class: Some(class), item, item_ref, field, ..found }
            });
        }
    }
}
