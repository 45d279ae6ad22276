//! The shapes of a file's features, once its coordinate system is settled: checked and brought into the submission's system.
//!
//! What is valid as it stands stays where it was read to; the rest is made anew. Shapes are looked at side by side; what comes of it is
//! put together in the order of the file.

use std::ops::Range;

use rayon::prelude::*;

use super::issues::Issues;
use super::shapes::{Owner, Settled, kind_name};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Severity, Text};
use crate::geometry::validity::{Checked, Fault, RawShape, Soundness, check, inspect, repair};
use crate::geometry::{Kind, Shape, ShapeRef, Store};
use crate::model::{ClassId, GeometryState, Issue, ItemRef, Items};

/// How many shapes are looked at before what comes of them is stored …
const BATCH: usize = 1 << 16;

/// … and about how many coordinates: those of a batch are held twice for a while.
const BATCH_COORDS: usize = 1 << 21;

/// The features of a file, read onto the end of a layer's items.
pub(super) struct Read<'k> {
    /// The layer.
    pub(super) class: ClassId,
    /// The number of the first.
    pub(super) first: usize,
    /// What each is made of.
    pub(super) kinds: &'k [Kind],
}

/// What becomes of a shape.
enum Outcome {
    /// It stays as it is.
    Kept,
    /// It stays, once rings are turned.
    Turned(Vec<(usize, Fault)>),
    /// It is made anew, or there is none.
    Made(GeometryState, Option<Shape>, Vec<Issue>),
}

/// Settles the shapes of the features read, telling `issues` what was wrong. Returns the nanoseconds, of all threads, that bringing them into the
/// submission's system took.
pub(super) fn settle_shapes(read: &Read<'_>, mut settled: Settled, items: &mut Items, issues: &mut Issues) -> u64 {
    if std::mem::take(&mut settled.swap) {
        items.store_mut().swap_axes(read.first);
    }
    let settled = &settled;
    // They harm nothing, and most shapes that have them are valid without.
    for (item, point) in items.store_mut().drop_repeated(read.first) {
        let has_shape = items.geometry_state(item as u32) == GeometryState::Valid;
        if has_shape && read.kinds[item - read.first] == items.store().kind() {
            settled.tell_repeated(point, &owner(read, items, item), issues);
        }
    }
    let batches = batches(items.store(), read.first);
    // Where all coordinates become others, shapes are stored anew, batch by batch; else in place.
    let mut read_to = settled.moves().then(|| taken_out(items.store_mut(), &batches));
    let mut changes: Vec<(usize, Shape)> = Vec::new();
    for batch in batches {
        let raw = read_to.as_mut().map(|batches| batches.pop().unwrap_or_else(|| Store::new(items.store().kind())));
        let outcomes: Vec<(usize, Outcome)> = batch
            .clone()
            .into_par_iter()
            .map(|item| {
                let shape = raw.as_ref().map_or_else(|| items.shape(item as u32), |raw| raw.get(item - batch.start));
                (item, outcome(read, settled, items, item, shape))
            })
            .filter(|(_, outcome)| raw.is_some() || !matches!(outcome, Outcome::Kept))
            .collect();
        let empty = Shape::empty(items.store().kind());
        for (item, outcome) in outcomes {
            let made = match outcome {
                Outcome::Kept => None,
                Outcome::Turned(faults) => {
                    faults.iter().for_each(|(ring, _)| items.store_mut().reverse_ring(item, *ring));
                    settled.tell_turned(&faults, &owner(read, items, item), issues);
                    None
                }
                Outcome::Made(state, shape, found) => {
                    found.into_iter().for_each(|found| issues.push(found));
                    items.set_geometry_state(item as u32, state);
                    Some(shape.unwrap_or_else(|| empty.clone()))
                }
            };
            if raw.is_some() {
                items.store_mut().push(made.as_ref().unwrap_or(&empty).view());
            } else {
                changes.extend(made.map(|shape| (item, shape)));
            }
        }
    }
    items.store_mut().replace(&changes);
    settled.projecting()
}

/// Returns the features from `first` on in ranges of which each is looked at as a whole.
fn batches(store: &Store, first: usize) -> Vec<Range<usize>> {
    let mut batches = Vec::new();
    let (mut from, mut coords) = (first, 0);
    for feature in first..store.len() {
        coords += store.get(feature).coords().len();
        if coords >= BATCH_COORDS || feature + 1 - from == BATCH || feature + 1 == store.len() {
            batches.push(from..feature + 1);
            (from, coords) = (feature + 1, 0);
        }
    }
    batches
}

/// Takes batches of features that reach to the end out of a store, each into one of its own, the last first.
fn taken_out(store: &mut Store, batches: &[Range<usize>]) -> Vec<Store> {
    let cut = |batch: &Range<usize>| {
        let out = store.split_off(batch.start);
        store.shrink();
        out
    };
    batches.iter().rev().map(cut).collect()
}

fn owner<'i>(read: &Read<'_>, items: &'i Items, item: usize) -> Owner<'i> {
    let item = ItemRef { class: read.class, index: item as u32 };
    Owner { place: items.place(item.index), item, id: items.id(item.index) }
}

fn outcome(read: &Read<'_>, settled: &Settled, items: &Items, item: usize, shape: ShapeRef<'_>) -> Outcome {
    let (is, wanted) = (read.kinds[item - read.first], items.store().kind());
    if items.geometry_state(item as u32) != GeometryState::Valid {
        return Outcome::Kept;
    }
    let mut how: fn(&RawShape) -> Checked = check;
    if is == wanted && !settled.moves() && settled.keeps(&items.store().bounds(item)) {
        match inspect(shape) {
            Soundness::Sound => return Outcome::Kept,
            Soundness::Turned(rings) => return Outcome::Turned(rings),
            Soundness::Doubtful => how = repair,
        }
    }
    let mut issues = Issues::default();
    let owner = owner(read, items, item);
    let raw = RawShape::of(is, shape);
    let (state, shape) = if is == wanted {
        settled.shape_by(how, raw, &owner, &mut issues)
    } else {
        let (found, wanted) = (kind_name(is), kind_name(wanted));
        let text = Text::new(
            format!("the feature is made of {}, the layer of {}", found.en, wanted.en),
            format!("要素是{}，图层是{}", found.zh, wanted.zh),
        );
        issues.push(owner.issue(&codes::WRONG_GEOMETRY_KIND, Severity::Error, text, None));
        // Where it lies is settled all the same, so that it harms only what it meets.
        match settled.shape(raw, &owner, &mut Issues::default()) {
            (GeometryState::Valid, Some(shape)) => (GeometryState::Invalid(shape.view().bounds()), None),
            (state, _) => (state, None),
        }
    };
    Outcome::Made(state, shape, issues.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{BoundingBox, Coord};

    #[test]
    fn batches_taken_out_hold_what_there_was_in_its_order() {
        let mut store = Store::new(Kind::Polygon);
        let corner = |at: usize| Coord { x: at as f64, y: 0.0 };
        for at in 0..BATCH + 4 {
            let max = corner(at) + Coord { x: 0.5, y: 0.5 };
            store.push(Shape::rectangle(&BoundingBox { min: corner(at), max }).view());
        }
        let mut large = Shape::empty(Kind::Polygon);
        large.push_ring(std::iter::repeat_n(corner(0), BATCH_COORDS));
        large.end_part();
        store.push(large.view());
        store.push(store.get(0).to_shape().view());
        let batches = batches(&store, 3);
        assert_eq!(batches, [3..BATCH + 3, BATCH + 3..BATCH + 5, BATCH + 5..BATCH + 6]);
        let whole = store.clone();
        let mut out = taken_out(&mut store, &batches);
        assert_eq!(store.len(), 3);
        for batch in batches {
            let one = out.pop().expect("a batch");
            assert_eq!(one.len(), batch.len());
            assert!(batch.enumerate().all(|(at, feature)| one.get(at).coords() == whole.get(feature).coords()));
        }
    }
}
