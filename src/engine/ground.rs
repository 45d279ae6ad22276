//! The shapes of a class made ready for joins, and the questions that joins ask of them.
//!
//! Takes the shapes of a class and the gaps in them; gives candidates, areas, shapes and predicates. What an answer means for a rule is
//! not known here.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use super::value::Gap;
use crate::geometry::measure::{self, AreaMethod, Measure};
use crate::geometry::prepared::{self, Counters, Prepared, SharedAreas, Workspace};
use crate::geometry::relate::Predicate;
use crate::geometry::{BoundingBox, Kind, Shape, ShapeRef};

/// What is smaller, in square metres, may be a sliver of less than a step of the grid in width, of which no shape is left:
/// ten kilometres of it.
const FAINT_M2: f64 = 0.01;

thread_local! {
    static WORKSPACE: RefCell<Workspace> = RefCell::default();
}

/// Returns what this thread has done so far.
pub(super) fn counters() -> Counters {
    with_workspace(|work| work.counters)
}

/// Answers a question with the buffers of this thread.
fn with_workspace<T>(question: impl FnOnce(&mut Workspace) -> T) -> T {
    WORKSPACE.with(|work| match work.try_borrow_mut() {
        Ok(mut work) => question(&mut work),
        Err(_) => question(&mut Workspace::default()),
    })
}

/// The shapes of one class.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    layer: Arc<Prepared<'a>>,
    /// Items with ground that is not known but has a box, in ascending order.
    gaps: Vec<(u32, Vec<Gap>)>,
    /// Whether the shapes are of one kind; else the layer tells no more than where they are.
    uniform: bool,
}

/// The known ground of one item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plot<'g, 'a> {
    layer: &'g Arc<Prepared<'a>>,
    feature: u32,
}

/// What a polygon shares with one of the items that it shares an area with: the area is known, the shape is made when it is asked for.
#[derive(Debug, Clone)]
pub(super) struct Overlap<'a> {
    all: Arc<Overlaps<'a>>,
    at: usize,
}

/// The items with which a polygon shares an area.
#[derive(Debug)]
pub(super) struct Overlaps<'a> {
    layer: Arc<Prepared<'a>>,
    /// Ascending, with the areas in the plane.
    list: Vec<(u32, Measure)>,
    /// Those that may share some all the same, ascending.
    unsure: Vec<u32>,
    /// Those of which no shape is to be made, ascending.
    tangled: Vec<u32>,
    /// The area of the polygon itself in the plane, once that was asked.
    whole: OnceLock<Measure>,
}

impl<'a> Overlaps<'a> {
    /// Returns what is shared with an item, if it is known whether anything is.
    pub(super) fn with(self: &Arc<Self>, item: u32) -> Shared<'a> {
        match self.list.binary_search_by_key(&item, |(index, _)| *index) {
            Ok(at) => Shared::Area(Overlap { all: Arc::clone(self), at }),
            Err(_) if self.unsure.binary_search(&item).is_ok() => Shared::Faint,
            Err(_) => Shared::Nothing,
        }
    }

    /// Returns what is shared with each item, ascending.
    pub(super) fn each(self: &Arc<Self>) -> impl Iterator<Item = Overlap<'a>> {
        (0..self.list.len()).map(|at| Overlap { all: Arc::clone(self), at })
    }

    /// Tells whether an item surely shares less than all of `shape`, the polygon that this is of.
    pub(super) fn lack_some_of(self: &Arc<Self>, shape: ShapeRef<'_>, item: u32) -> bool {
        match self.with(item) {
            Shared::Nothing => true,
            Shared::Faint => false,
            Shared::Area(overlap) => {
                let whole = self.whole.get_or_init(|| measure::area(shape, &AreaMethod::Plane));
                overlap.area().value + overlap.area().error < whole.value - whole.error
            }
        }
    }
}

/// What a polygon shares with an item.
#[derive(Debug, Clone)]
pub(super) enum Shared<'a> {
    /// An area.
    Area(Overlap<'a>),
    /// No area that could be told from nothing.
    Faint,
    /// Nothing.
    Nothing,
}

impl<'a> Ground<'a> {
    pub(super) fn new(layer: Prepared<'a>, gaps: Vec<(u32, Vec<Gap>)>, uniform: bool) -> Self {
        Ground { layer: Arc::new(layer), gaps, uniform }
    }

    /// Returns the items that may meet `bounds`, ascending, each once.
    pub(super) fn candidates(&self, bounds: &BoundingBox) -> Vec<u32> {
        let mut found = with_workspace(|work| self.layer.candidates(bounds, work));
        let before = found.len();
        found.extend(self.unsure(bounds));
        if found.len() > before {
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    /// Returns the items with ground that is not known and may meet `bounds`, ascending.
    pub(super) fn unsure(&self, bounds: &BoundingBox) -> impl Iterator<Item = u32> {
        let unsure =
            self.gaps.iter().filter(|(_, gaps)| gaps.iter().any(|gap| gap.bounds.is_some() && gap.meets(bounds)));
        unsure.map(|(item, _)| *item)
    }

    /// Returns the items with which a polygon shares an area, ascending; `None` where either is not of polygons.
    pub(super) fn overlaps(&self, shape: ShapeRef<'_>) -> Option<Arc<Overlaps<'a>>> {
        if !self.uniform || shape.kind() != Kind::Polygon || self.layer.store().kind() != Kind::Polygon {
            return None;
        }
        let SharedAreas { sure: mut list, mut unsure, tangled } =
            with_workspace(|work| prepared::shared_areas(shape, &self.layer, work));
        let before = unsure.len();
        list.retain(|&(feature, area)| {
            let is_told = area.value >= FAINT_M2
                || tangled.binary_search(&feature).is_ok()
                || !Plot { layer: &self.layer, feature }.shared(shape).is_empty();
            if !is_told {
                unsure.push(feature);
            }
            is_told
        });
        if unsure.len() > before {
            unsure.sort_unstable();
        }
        Some(Arc::new(Overlaps { layer: Arc::clone(&self.layer), list, unsure, tangled, whole: OnceLock::new() }))
    }

    /// Returns the items with which a polygon may share an area, ascending, given what is known of that; `bounds` is a box around the polygon.
    pub(super) fn items_of(&self, overlaps: &Overlaps<'a>, bounds: &BoundingBox) -> Vec<u32> {
        let known = overlaps.list.iter().map(|(item, _)| *item).chain(overlaps.unsure.iter().copied());
        let mut items: Vec<u32> = known.chain(self.unsure(bounds)).collect();
        items.sort_unstable();
        items.dedup();
        items
    }

    /// Tells whether items, in ascending order, cover a polygon together; `None` where the layer does not tell.
    pub(super) fn covers(&self, shape: ShapeRef<'_>, items: &[u32]) -> Option<bool> {
        let polygons = shape.kind() == Kind::Polygon && self.layer.store().kind() == Kind::Polygon;
        (self.uniform && polygons && !shape.is_empty())
            .then(|| with_workspace(|work| prepared::covered_by(shape, &self.layer, items, work)))
    }

    /// Returns the known ground of an item; `None` where the layer does not tell.
    pub(super) fn plot(&self, item: u32) -> Option<Plot<'_, 'a>> {
        self.uniform.then_some(Plot { layer: &self.layer, feature: item })
    }
}

impl Plot<'_, '_> {
    /// Tells whether a predicate holds for a shape and this ground.
    pub(super) fn holds(&self, predicate: Predicate, shape: ShapeRef<'_>) -> bool {
        with_workspace(|work| prepared::holds(predicate, shape, self.layer, self.feature, work))
    }

    /// Tells whether the interiors share something of the lower of the two dimensions.
    pub(super) fn interiors_meet(&self, shape: ShapeRef<'_>) -> bool {
        with_workspace(|work| prepared::interiors_meet(shape, self.layer, self.feature, work))
    }

    /// Returns how far a shape is from this ground, in metres, if it is at most `reach`; neither is empty.
    pub(super) fn distance_within(&self, shape: ShapeRef<'_>, reach: f64) -> Option<Measure> {
        with_workspace(|work| prepared::distance_within(shape, self.layer, self.feature, reach, work))
    }

    /// Returns what a shape shares with this ground, of the lower of their dimensions.
    pub(super) fn shared(&self, shape: ShapeRef<'_>) -> Shape {
        with_workspace(|work| prepared::intersection(shape, self.layer, self.feature, work))
    }
}

impl<'a> Overlap<'a> {
    /// Returns the number of the item in its class.
    pub(super) fn item(&self) -> u32 {
        self.all.list[self.at].0
    }

    /// Returns the area in the plane.
    pub(super) fn area(&self) -> Measure {
        self.all.list[self.at].1
    }

    /// Tells whether the borders cross so often that no shape is to be made of what is shared.
    pub(super) fn is_tangled(&self) -> bool {
        self.all.tangled.binary_search(&self.item()).is_ok()
    }

    /// Returns the shape of what is shared with `shape`, the polygon that this is of.
    pub(super) fn shape(&self, shape: ShapeRef<'_>) -> Shape {
        Plot { layer: &self.all.layer, feature: self.item() }.shared(shape)
    }

    /// Returns a box around the item.
    pub(super) fn bounds(&self) -> BoundingBox {
        self.all.layer.store().bounds(self.item() as usize)
    }

    /// Returns the area shared with `shape`, as a run measures it.
    pub(super) fn measured(&self, shape: ShapeRef<'_>, method: &AreaMethod) -> Measure {
        match method {
            AreaMethod::Plane => self.area(),
            AreaMethod::Ellipsoidal(_) if self.is_tangled() => {
                measure::approximate_ellipsoidal(self.area(), &self.bounds().common(&shape.bounds()), method)
            }
            AreaMethod::Ellipsoidal(_) => measure::area(self.shape(shape).view(), method),
        }
    }

    /// Tells whether two items of one layer share no area within a box; false where that is not sure.
    pub(super) fn apart(&self, other: &Overlap<'a>, bounds: &BoundingBox) -> bool {
        let layer = &self.all.layer;
        if !Arc::ptr_eq(layer, &other.all.layer) || self.item() == other.item() {
            return false;
        }
        let shared = with_workspace(|work| prepared::shared_within(layer, self.item(), other.item(), bounds, work));
        shared.value <= shared.error
    }
}
