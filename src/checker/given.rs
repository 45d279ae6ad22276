//! What a test gives, as a dataset.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::engine;
use crate::geometry::{Kind, Shape};
use crate::model::{ClassKind, Dataset, Field, FieldId, GeometryState, ItemRef, Items, SUBMISSION, Value};
use crate::sema::program::{Given, GivenValue, Program, TableRows, Test};
use crate::source::Place;

/// Appends the rows of a table as items.
pub(super) fn push_rows(program: &Program, data: &mut Dataset, table: &TableRows) {
    let class = program.schema.class(table.class);
    let mut items = Items::supplied(class, Kind::Point);
    let mut times: FxHashMap<&str, u32> = FxHashMap::default();
    for row in &table.rows {
        let values = row.values.iter().cloned();
        let count = times.entry(&row.id).or_default();
        *count += 1;
        let id = if *count == 1 { row.id.clone() } else { format!("{}~{count}", row.id).into() };
        items.push(id, row.place, None, values, GeometryState::Missing, None);
    }
    *data.items_mut(table.class) = items;
}

/// Returns the dataset that a test gives: what it names, tables with their file's rows unless it gives some, and everything else empty.
pub(super) fn dataset(program: &Program, test: &Test) -> Dataset {
    let schema = &program.schema;
    let mut data = Dataset::new(schema);
    for id in schema.class_ids() {
        if !test.unsupplied.contains(&id) {
            let kind = test.given.iter().find(|given| given.class == id).and_then(|given| shape_of(program, given));
            let declared = match schema.class(id).kind {
                ClassKind::Layer(kind) => kind,
                ClassKind::Record | ClassKind::Table => None,
            };
            let kind = declared.or(kind.map(|shape| shape.kind())).unwrap_or(Kind::Polygon);
            *data.items_mut(id) = Items::supplied(schema.class(id), kind);
        }
    }
    for table in &program.tables {
        if !test.given.iter().any(|given| given.class == table.class) {
            push_rows(program, &mut data, table);
        }
    }
    for given in &test.given {
        push(program, &mut data, given, None);
    }
    if !test.given.iter().any(|given| given.class == SUBMISSION) {
        let place = Place::file(test.span.file);
        data.items_mut(SUBMISSION).push("submission", place, None, Vec::new(), GeometryState::Missing, None);
    }
    crate::model::link(&mut data, schema);
    engine::complete(program, &mut data);
    data
}

fn shape_of(program: &Program, given: &Given) -> Option<Arc<Shape>> {
    match engine::constant(program, given.geometry.as_ref()?)? {
        Value::Geometry(shape) => Some(shape),
        _ => None,
    }
}

fn push(program: &Program, data: &mut Dataset, given: &Given, parent: Option<ItemRef>) -> ItemRef {
    let class = program.schema.class(given.class);
    let place = Place::file(given.span.file);
    let shape = shape_of(program, given);
    let state = if shape.is_some() { GeometryState::Valid } else { GeometryState::Missing };
    let number = data.items(given.class).len() + 1;
    let view = shape.as_ref().map(|shape| shape.view());
    let index = data.items_mut(given.class).push(format!("{number}"), place, parent, Vec::new(), state, view);
    let item = ItemRef { class: given.class, index };
    for (field, value) in &given.fields {
        let value = evaluate(program, data, value, item);
        let none = is_none(&class.fields[field.0 as usize], &value);
        data.items_mut(given.class).set_value(index, *field, if none { Value::Missing } else { value });
    }
    if let Some(field) = class.field("id")
        && let Some(id) = id_of(data, item, field)
    {
        let mut unique = id.to_string();
        let mut count = 1;
        while (0..index).any(|other| data.items(given.class).id(other) == unique) {
            count += 1;
            unique = format!("{id}~{count}");
        }
        data.items_mut(given.class).set_id(index, &unique);
    }
    item
}

/// Tells whether a value means "none" as it does in data: blank text, or one that the field declares as `missing`.
fn is_none(field: &Field, value: &Value) -> bool {
    match value {
        Value::Text(text) => text.trim().is_empty() || field.missing.iter().any(|none| **none == **text),
        Value::Number(number) => field.missing.iter().any(|none| none.parse() == Ok(*number)),
        _ => false,
    }
}

fn id_of(data: &Dataset, item: ItemRef, field: FieldId) -> Option<Arc<str>> {
    match data.value(item, field) {
        Value::Text(id) => Some(id),
        _ => None,
    }
}

fn evaluate(program: &Program, data: &mut Dataset, value: &GivenValue, parent: ItemRef) -> Value {
    match value {
        GivenValue::Plain(expr) => engine::constant(program, expr).unwrap_or(Value::Missing),
        GivenValue::Reference(id, _) => Value::Dangling(id.clone()),
        GivenValue::Nested(given) => Value::Item(push(program, data, given, Some(parent))),
        GivenValue::List(values) => {
            let values: Vec<Value> = values.iter().map(|value| evaluate(program, data, value, parent)).collect();
            Value::List(values.into())
        }
        GivenValue::Missing => Value::Missing,
    }
}
