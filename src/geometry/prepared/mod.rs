//! A layer made ready to be met by many shapes: what a question costs follows the boundary it meets, not the size of the layer.
//!
//! Takes a [`Store`] of valid shapes and builds, in one pass, an index over the boxes of its rings and, for long rings, boxes over runs of
//! their edges: together 5 to 6 % of the coordinates, 10 % where rings have some sixteen vertices. The doors take one shape and the
//! prepared layer, look only at what may meet, and give areas, shapes, lengths, distances and predicates. Each takes a [`Workspace`], which holds buffers for reuse and counts the work.
//!
//! Areas come in closed form without building shapes; shapes are built on the run's grid from what lies in the common window only; predicates are
//! decided by exact tests on the edges there.

mod area;
mod contacts;
mod cover;
mod near;
mod pieces;
mod place;
mod relate;
mod runs;
mod shared;
mod sums;
mod tangle;

pub use area::{SharedAreas, intersection_area, intersection_areas, shared_areas, shared_within};
pub use cover::covered_by;
pub use near::{distance, distance_within, nearest};
pub use place::{covering, locate};
pub use relate::{holds, interiors_meet};
pub use shared::{intersection, length_inside};
pub use tangle::are_tangled;

pub(super) use self::runs::{Path, Seen};

use std::borrow::Cow;

use super::packed::Packed;
use super::pyramid::{Frame, SmallBox};
use super::{BoundingBox, Store, overlay};

/// How many places of a ring are looked at to fetch it; the memory after them follows by itself.
const FETCHED: usize = 8;

/// How many coordinates lie between those places: two lines of a cache.
const FETCH_STEP: usize = 8;

/// A layer with its index and the boxes over its edges.
#[derive(Debug, Clone)]
pub struct Prepared<'a> {
    store: Cow<'a, Store>,
    frame: Frame,
    index: Packed,
    /// The feature of each ring.
    features: Vec<u32>,
    /// The long rings, and where the boxes of each begin in `boxes`.
    long: Vec<(u32, u32)>,
    boxes: Vec<SmallBox>,
    /// Whether every ring can be found, none being refused.
    holds_all: bool,
}

/// How much work was done; for tests that hold costs down, and for timings.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counters {
    /// Pairs of a part and a feature whose boxes meet.
    pub candidates: u64,
    /// Boxes looked at, of the index and of runs of edges.
    pub nodes: u64,
    /// Edges looked at.
    pub edges: u64,
    /// Pairs of edges whose common area was computed or that were tested for contact.
    pub pairs: u64,
    /// Times the overlay backend ran.
    pub overlays: u64,
}

/// Buffers kept from one question to the next, and the counters; one for each thread.
#[derive(Debug, Default)]
pub struct Workspace {
    /// What was done since the workspace was made or the counters were last reset by the caller.
    pub counters: Counters,
    hits: Vec<(u32, SmallBox)>,
    subject_boxes: Vec<SmallBox>,
    area: area::Buffers,
    backend: overlay::Backend,
}

impl Counters {
    fn count(&mut self, seen: Seen) {
        self.nodes += seen.nodes;
        self.edges += seen.edges;
    }
}

impl<'a> Prepared<'a> {
    /// Returns the layer made ready.
    pub fn of(store: &'a Store) -> Self {
        Self::over(Cow::Borrowed(store))
    }

    /// Returns a layer of shapes that it keeps itself, made ready.
    pub fn owning(store: Store) -> Self {
        Self::over(Cow::Owned(store))
    }

    fn over(store: Cow<'a, Store>) -> Self {
        let all = store.boxes(0).fold(BoundingBox::EMPTY, |all, one| all.merged(&one));
        let frame = Frame::of(&all);
        let rings = store.ring_count();
        let count = (0..rings).map(|ring| runs::box_count(store.ring(ring as u32).len())).sum();
        let mut boxes = Vec::with_capacity(count);
        let mut long = Vec::new();
        let mut around = Vec::with_capacity(rings);
        let mut holds_all = true;
        for ring in 0..rings {
            let coords = store.ring(ring as u32);
            if runs::box_count(coords.len()) > 0 {
                long.push((ring as u32, boxes.len() as u32));
            }
            // A ring that reading should have refused is never found, rather than taken for something it is not.
            let is_fit = coords.iter().all(overlay::coord_in_range);
            holds_all &= is_fit;
            let bounds = if is_fit {
                runs::append_boxes(coords, &frame, &mut boxes)
            } else {
                boxes.resize(boxes.len() + runs::box_count(coords.len()), SmallBox::EMPTY);
                BoundingBox::EMPTY
            };
            around.push(frame.small(&bounds));
        }
        long.shrink_to_fit();
        let mut features = Vec::with_capacity(rings);
        for feature in 0..store.len() {
            features.resize(store.rings_of(feature).end as usize, feature as u32);
        }
        let index = Packed::build(&around);
        Prepared { store, frame, index, features, long, boxes, holds_all }
    }

    /// Returns the shapes of the layer.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the memory that preparing took beside the store, in bytes.
    pub fn bytes(&self) -> usize {
        std::mem::size_of_val(self.boxes.as_slice())
            + std::mem::size_of_val(self.long.as_slice())
            + std::mem::size_of_val(self.features.as_slice())
            + self.index.bytes()
    }

    /// Returns the features with a ring whose box may meet `bounds`, in ascending order, each once.
    pub fn candidates(&self, bounds: &BoundingBox, work: &mut Workspace) -> Vec<u32> {
        let Workspace { counters, hits, .. } = work;
        self.search(bounds, hits, counters);
        let mut found: Vec<u32> = hits.iter().map(|(ring, _)| self.feature(*ring)).collect();
        found.dedup();
        found
    }

    /// Returns how many rings have a box that may meet `bounds`.
    pub fn rings_near(&self, bounds: &BoundingBox) -> usize {
        let mut hits = Vec::new();
        self.search(bounds, &mut hits, &mut Counters::default());
        hits.len()
    }

    #[inline]
    fn path(&self, ring: u32) -> Path<'_> {
        let coords = self.store.ring(ring);
        let count = runs::box_count(coords.len());
        let from = match count {
            0 => 0,
            _ => self.long.binary_search_by_key(&ring, |long| long.0).map_or(0, |at| self.long[at].1 as usize),
        };
        Path { coords, boxes: &self.boxes[from..from + count] }
    }

    /// Fills `hits` with the rings whose boxes may meet `bounds`, in ascending order, so that those of a feature stand together.
    fn search(&self, bounds: &BoundingBox, hits: &mut Vec<(u32, SmallBox)>, counters: &mut Counters) {
        hits.clear();
        if !bounds.is_empty() {
            counters.nodes += self.index.search(&self.frame.small(bounds), hits);
            hits.sort_unstable_by_key(|(ring, _)| *ring);
        }
    }

    /// Fills `hits` like [`Prepared::search`], with the rings of one feature only.
    fn search_feature(
        &self,
        feature: u32,
        bounds: &BoundingBox,
        hits: &mut Vec<(u32, SmallBox)>,
        counters: &mut Counters,
    ) {
        let rings = self.store.rings_of(feature as usize);
        if rings.len() == 1 && self.holds_all {
            // Its box is that of the feature.
            let small = self.frame.small(&self.store.bounds(feature as usize));
            hits.clear();
            counters.nodes += 1;
            hits.extend((!bounds.is_empty() && small.meets(&self.frame.small(bounds))).then_some((rings.start, small)));
            return;
        }
        self.search(bounds, hits, counters);
        hits.retain(|(ring, _)| rings.contains(ring));
    }

    /// Looks at rings found, so that the memory of all is on its way before the first is needed: waiting for each in turn takes longer than the work.
    fn fetch(&self, hits: &[(u32, SmallBox)]) {
        let looked = hits.iter().map(|(ring, _)| {
            let coords = self.store.ring(*ring);
            coords.iter().step_by(FETCH_STEP).take(FETCHED).map(|at| at.x).sum::<f64>()
        });
        std::hint::black_box(looked.sum::<f64>());
    }

    /// Returns a box around rings found.
    fn around(&self, hits: &[(u32, SmallBox)]) -> BoundingBox {
        hits.iter().fold(BoundingBox::EMPTY, |all, (_, small)| all.merged(&self.frame.bounds(small)))
    }

    #[inline]
    fn feature(&self, ring: u32) -> u32 {
        self.features[ring as usize]
    }
}

#[cfg(test)]
mod tests;
