//! The data of a submission: the items of every class, in flat storage.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cells::Cells;
use super::ids::Ids;
use super::places::Places;
use super::{Class, ClassId, FieldId, ItemRef, Schema, Value};
use crate::geometry::{BoundingBox, Kind, ShapeRef, Store};
use crate::source::Place;

/// What is known of an item's geometry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GeometryState {
    /// The store holds its valid shape.
    Valid,
    /// It has coordinates but no valid shape; an issue says so. Matters to what meets the box.
    Invalid(BoundingBox),
    /// It has no coordinates.
    Missing,
}

/// What is known of an item's geometry, but for the box: nearly all items have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Valid,
    Invalid,
    Missing,
}

/// Where the ids of other items stand in the fields of a class.
#[derive(Debug)]
pub struct References(Vec<(u32, FieldId, Place)>);

impl References {
    /// Returns where an id stands that a field holds, at a position of its list if it is one; `None` where that was not told.
    pub fn place(&self, item: u32, field: FieldId, at: usize) -> Option<Place> {
        let before = |end: (u32, FieldId)| self.0.partition_point(|(one, of, _)| (*one, *of) < end);
        let own = &self.0[before((item, field))..before((item, FieldId(field.0 + 1)))];
        // Several ids that stand in one text have one place.
        own.get(at).or(own.last()).map(|(.., place)| *place)
    }
}

/// The items of one class: features, records or rows.
#[derive(Debug, Clone)]
pub struct Items {
    /// Whether the submission has this class at all; an unsupplied layer is unknown, a supplied empty one is known.
    pub supplied: bool,
    /// Whether all of it was read; of a file that breaks off, what stands behind the break is unknown.
    pub complete: bool,
    fields: usize,
    values: Cells,
    ids: Ids,
    places: Places,
    /// The records that items are nested in, as far as the last that is in one.
    parents: Vec<Option<ItemRef>>,
    states: Vec<State>,
    /// The boxes of those whose state is [`State::Invalid`].
    invalid: FxHashMap<u32, BoundingBox>,
    /// The values that the data left out and that were worked out.
    filled: FxHashSet<(u32, FieldId)>,
    /// Where the ids of others stand, by item and field, those of a list in its order; until they are linked.
    references: Vec<(u32, FieldId, Place)>,
    /// The shapes of a layer; item `i` has shape `i`, empty unless its state is [`GeometryState::Valid`].
    stores: Store,
}

impl Items {
    /// Returns the items of a class that was not supplied.
    pub fn unsupplied(class: &Class) -> Self {
        let kind = match class.kind {
            super::ClassKind::Layer(Some(kind)) => kind,
            super::ClassKind::Layer(None) | super::ClassKind::Record | super::ClassKind::Table => Kind::Polygon,
        };
        Items {
            supplied: false,
            complete: true,
            fields: class.fields.len(),
            values: Cells::default(),
            ids: Ids::default(),
            places: Places::default(),
            parents: Vec::new(),
            states: Vec::new(),
            invalid: FxHashMap::default(),
            filled: FxHashSet::default(),
            references: Vec::new(),
            stores: Store::new(kind),
        }
    }

    /// Returns the items of a class that was supplied and holds nothing yet; `kind` is what its shapes are made of.
    pub fn supplied(class: &Class, kind: Kind) -> Self {
        Items { supplied: true, stores: Store::new(kind), ..Self::unsupplied(class) }
    }

    /// Appends an item and returns its number. `values` are in the order of the class's fields; `shape` is given for state `Valid` only.
    pub fn push(
        &mut self,
        id: impl AsRef<str>,
        place: Place,
        parent: Option<ItemRef>,
        values: impl IntoIterator<Item = Value>,
        state: GeometryState,
        shape: Option<ShapeRef<'_>>,
    ) -> u32 {
        let index = self.ids.len() as u32;
        self.ids.push(id.as_ref());
        self.places.push(place);
        if let Some(parent) = parent {
            self.set_parent(index, parent);
        }
        self.states.push(State::Missing);
        self.set_geometry_state(index, state);
        values.into_iter().for_each(|value| self.values.push(value));
        self.values.fill_up(self.ids.len() * self.fields);
        match shape {
            Some(shape) => self.stores.push(shape),
            None => self.stores.push(crate::geometry::Shape::empty(self.stores.kind()).view()),
        }
        index
    }

    /// Drops all items but the first `items`.
    pub fn truncate(&mut self, items: usize) {
        self.ids.truncate(items);
        self.places.truncate(items);
        self.parents.truncate(items);
        self.states.truncate(items);
        self.invalid.retain(|item, _| (*item as usize) < items);
        self.values.truncate(items * self.fields);
        self.filled.retain(|(item, _)| (*item as usize) < items);
        self.references.retain(|(item, ..)| (*item as usize) < items);
        self.stores.truncate(items);
    }

    /// Gives memory back that was kept for growth.
    pub fn shrink(&mut self) {
        self.ids.shrink();
        self.places.shrink();
        self.states.shrink_to_fit();
        self.values.shrink();
        self.stores.shrink();
    }

    /// Says what the shapes are made of.
    pub fn set_kind(&mut self, kind: Kind) {
        self.stores.set_kind(kind);
    }

    /// Replaces what is known of an item's geometry.
    pub fn set_geometry_state(&mut self, item: u32, state: GeometryState) {
        self.states[item as usize] = match state {
            GeometryState::Valid => State::Valid,
            GeometryState::Invalid(_) => State::Invalid,
            GeometryState::Missing => State::Missing,
        };
        match state {
            GeometryState::Invalid(area) => {
                self.invalid.insert(item, area);
            }
            GeometryState::Valid | GeometryState::Missing => {
                self.invalid.remove(&item);
            }
        }
    }

    /// Returns all shapes, to be put right.
    pub fn store_mut(&mut self) -> &mut Store {
        &mut self.stores
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Tells whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many values each item has.
    pub fn field_count(&self) -> usize {
        self.fields
    }

    /// Returns the value of a field; a text is copied, for items hold theirs packed.
    pub fn value(&self, item: u32, field: FieldId) -> Value {
        self.values.get(item as usize * self.fields + field.0 as usize)
    }

    /// Returns the shape that is the value of a field.
    pub fn shape_in(&self, item: u32, field: FieldId) -> Option<ShapeRef<'_>> {
        self.values.shape(item as usize * self.fields + field.0 as usize)
    }

    /// Replaces the value of a field.
    pub fn set_value(&mut self, item: u32, field: FieldId, value: Value) {
        self.values.set(item as usize * self.fields + field.0 as usize, value);
    }

    /// Puts in a value that the data leave out and that was worked out from others.
    pub fn fill(&mut self, item: u32, field: FieldId, value: Value) {
        self.set_value(item, field, value);
        self.filled.insert((item, field));
    }

    /// Tells whether a value was worked out from others.
    pub fn is_filled(&self, item: u32, field: FieldId) -> bool {
        self.filled.contains(&(item, field))
    }

    /// Returns the id that findings name: the item's own, made unique with `~2`, `~3` … where it repeats.
    pub fn id(&self, item: u32) -> Cow<'_, str> {
        self.ids.get(item as usize)
    }

    /// Replaces the id that findings name.
    pub fn set_id(&mut self, item: u32, id: &str) {
        self.ids.set(item as usize, id);
    }

    /// Returns where the item stands.
    pub fn place(&self, item: u32) -> Place {
        self.places.get(item)
    }

    /// Says where the id of another stands that a field holds, the next of its list if it is one.
    pub fn add_reference(&mut self, item: u32, field: FieldId, place: Place) {
        self.references.push((item, field, place));
    }

    /// Returns where the ids of others stand, and forgets it.
    pub fn take_references(&mut self) -> References {
        let mut references = std::mem::take(&mut self.references);
        references.sort_by_key(|(item, field, _)| (*item, *field));
        References(references)
    }

    /// Returns the record that the item is nested in.
    pub fn parent(&self, item: u32) -> Option<ItemRef> {
        self.parents.get(item as usize).copied().flatten()
    }

    /// Says which record the item belongs to.
    pub fn set_parent(&mut self, item: u32, parent: ItemRef) {
        let item = item as usize;
        self.parents.resize(self.parents.len().max(item + 1), None);
        self.parents[item] = Some(parent);
    }

    /// Returns what is known of the item's geometry.
    pub fn geometry_state(&self, item: u32) -> GeometryState {
        match self.states[item as usize] {
            State::Valid => GeometryState::Valid,
            State::Missing => GeometryState::Missing,
            State::Invalid => GeometryState::Invalid(self.invalid.get(&item).copied().unwrap_or(BoundingBox::EMPTY)),
        }
    }

    /// Returns the item's shape, empty unless its state is [`GeometryState::Valid`].
    pub fn shape(&self, item: u32) -> ShapeRef<'_> {
        self.stores.get(item as usize)
    }

    /// Returns all shapes.
    pub fn store(&self) -> &Store {
        &self.stores
    }
}

/// All items of a submission, by class.
#[derive(Debug, Clone)]
pub struct Dataset {
    classes: Vec<Items>,
}

impl Dataset {
    /// Returns a dataset in which nothing is supplied but the tables' and the submission's classes, which are empty.
    pub fn new(schema: &Schema) -> Self {
        Dataset { classes: schema.classes.iter().map(Items::unsupplied).collect() }
    }

    /// Returns the items of a class.
    pub fn items(&self, class: ClassId) -> &Items {
        &self.classes[class.0 as usize]
    }

    /// Returns the items of a class, to be changed.
    pub fn items_mut(&mut self, class: ClassId) -> &mut Items {
        &mut self.classes[class.0 as usize]
    }

    /// Returns the value of a field of an item.
    pub fn value(&self, item: ItemRef, field: FieldId) -> Value {
        self.items(item.class).value(item.index, field)
    }
}
