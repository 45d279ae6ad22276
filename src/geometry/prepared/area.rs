//! The area two polygons share, in closed form: no crossing points, no topology, nothing that degenerate input could upset.
//!
//! With the shells counter-clockwise and the holes clockwise, a point is inside where the edges above it, counted +1 if they run
//! to the west and -1 if to the east, add up to 1. So the area of A and B in common is the sum over all pairs of an edge of A and
//! one of B of the product of their signs times the integral, over the x that both span, of the lower of their heights
//! (compare N. Hardy, "Area of intersection of polygons", and W. R. Franklin on polygon area from local data).
//!
//! Heights are taken from the lower left corner of a window around all that both share, and edges are clamped to it: what lies
//! left, right or below adds nothing, and what lies above counts as a lid. Where no edge of one shape is left inside, the window is
//! wholly in or out of it, and the area is that of the other or nothing. Of the layer only what lies in the part of the window that the
//! subject reaches is looked at. A window with many edges is halved.
//!
//! **The bound.** Coordinates are taken as they are, on no grid. With u the unit of rounding: an edge's height in the window is off by at most some
//! units times the size of its coordinates there (`reach`), so each pair is off by that times the length of both edges over their common x;
//! products and sums add their number of units times the sum of magnitudes. Sums run in a fixed order.

use super::pieces::{Clipped, Window};
use super::runs::{self, Path, Seen};
use super::sums;
use super::tangle::are_tangled;
use super::{Counters, Prepared, SmallBox, Workspace};
use crate::geometry::measure::Measure;
use crate::geometry::{BoundingBox, Coord, Kind, ShapeRef, overlay};

/// More pieces of the subject than this in a window halve it, for most of it is then far from the layer's edges.
const MANY_PIECES: usize = 48;

/// More pairs of pieces of chains than this halve a window.
const MANY_PAIRS: usize = 1_500;

/// A window is halved no more often than this.
const MAX_DEPTH: u32 = 40;

/// Buffers for [`Workspace`].
#[derive(Debug, Default)]
pub(super) struct Buffers {
    a: Clipped,
    b: Clipped,
}

/// Borders may be tangled where more pairs of pieces than this went into one area.
const TANGLE_PAIRS: u64 = 250_000;

/// A sum, its error bound, and how many pairs of pieces were looked at.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Sum {
    pub(super) value: f64,
    pub(super) error: f64,
    pub(super) pairs: u64,
}

impl Sum {
    fn plus(self, other: Sum) -> Sum {
        let value = self.value + other.value;
        let error = self.error + other.error + value.abs() * f64::EPSILON;
        Sum { value, error, pairs: self.pairs + other.pairs }
    }

    /// Returns the sum as a measure. What lies within the bound of 0 is as good as nothing.
    fn measure(self) -> Measure {
        Measure { value: self.value.max(0.0), error: self.error }
    }
}

/// Returns the area that `a` shares with a feature of the layer, in square metres of the plane; 0 unless both are polygons.
pub fn intersection_area(a: ShapeRef<'_>, layer: &Prepared<'_>, feature: u32, work: &mut Workspace) -> Measure {
    let mut sum = Sum::default();
    each_overlap(a, layer, Some(feature), work, &mut |_, part| sum = sum.plus(part));
    sum.measure()
}

/// The features of a layer that share an area with a polygon, or may; all ascending.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct SharedAreas {
    /// Those that surely do (more than the bound of its error), with the areas in square metres of the plane.
    pub sure: Vec<(u32, Measure)>,
    /// Those that come near enough to share an area within the bound of its error. Of all others the borders of one leave no edge in the part
    /// of the common window that the other reaches: they share nothing.
    pub unsure: Vec<u32>,
    /// Those of both whose borders and that of the polygon are tangled, as [`are_tangled`](super::are_tangled) says.
    pub tangled: Vec<u32>,
}

/// Appends the features of the layer with which `a` surely shares an area (more than the bound of its error), in ascending order, with
/// those areas in square metres of the plane; none unless both are polygons.
pub fn intersection_areas(a: ShapeRef<'_>, layer: &Prepared<'_>, work: &mut Workspace, out: &mut Vec<(u32, Measure)>) {
    let sums = sorted_sums(a, layer, work).into_iter();
    out.extend(sums.filter(|(_, sum)| sum.value > sum.error).map(|(feature, sum)| (feature, sum.measure())));
}

/// Returns the features of the layer that share an area with `a`, or may; none unless both are polygons.
pub fn shared_areas(a: ShapeRef<'_>, layer: &Prepared<'_>, work: &mut Workspace) -> SharedAreas {
    let mut shared = SharedAreas::default();
    for (feature, sum) in sorted_sums(a, layer, work) {
        if sum.value > sum.error {
            shared.sure.push((feature, sum.measure()));
        } else if sum.error > 0.0 {
            shared.unsure.push(feature);
        }
        if sum.pairs > TANGLE_PAIRS {
            let own = layer.store.get(feature as usize);
            let common = a.bounds().common(&layer.store.bounds(feature as usize));
            shared.tangled.extend(are_tangled(&[a, own], &common).then_some(feature));
        }
    }
    shared
}

/// Returns what `a` shares with each feature that it may meet, ascending.
fn sorted_sums(a: ShapeRef<'_>, layer: &Prepared<'_>, work: &mut Workspace) -> Vec<(u32, Sum)> {
    let mut found: Vec<(u32, Sum)> = Vec::new();
    each_overlap(a, layer, None, work, &mut |feature, sum| found.push((feature, sum)));
    if a.parts().len() > 1 {
        found.sort_by_key(|(feature, _)| *feature);
        found.dedup_by(|next, first| {
            let same = next.0 == first.0;
            if same {
                first.1 = first.1.plus(next.1);
            }
            same
        });
    }
    found
}

/// Returns the area that two features of a layer share within a box, in square metres of the plane; 0 unless they are polygons.
pub fn shared_within(
    layer: &Prepared<'_>,
    one: u32,
    other: u32,
    bounds: &BoundingBox,
    work: &mut Workspace,
) -> Measure {
    if layer.store.kind() != Kind::Polygon {
        return Measure::exact(0.0);
    }
    let Workspace { counters, hits, area: buffers, .. } = work;
    layer.search(bounds, hits, counters);
    let of = |feature: u32| hits.iter().copied().filter(move |(ring, _)| layer.feature(*ring) == feature);
    let rings: smallvec::SmallVec<[(u32, SmallBox); 8]> = of(other).collect();
    let own: smallvec::SmallVec<[(u32, SmallBox); 8]> = of(one).collect();
    let subject: smallvec::SmallVec<[Path<'_>; 8]> = own.iter().map(|(ring, _)| layer.path(*ring)).collect();
    let common = bounds.common(&layer.around(&own)).common(&layer.around(&rings));
    counters.candidates += 1;
    let mut pair = Pair { layer, subject: &subject, rings: &rings, buffers, counters };
    pair.common(common, 0).measure()
}

/// Calls `each` with the area every part of `a` shares with every feature it may meet, or only with the one given.
fn each_overlap(
    a: ShapeRef<'_>,
    layer: &Prepared<'_>,
    only: Option<u32>,
    work: &mut Workspace,
    each: &mut dyn FnMut(u32, Sum),
) {
    if a.kind() != Kind::Polygon || layer.store.kind() != Kind::Polygon {
        return;
    }
    let Workspace { counters, hits, subject_boxes, area: buffers, .. } = work;
    for part in a.parts() {
        let bounds = part.bounds();
        if !overlay::in_range(part) {
            continue;
        }
        match only {
            Some(feature) => layer.search_feature(feature, &bounds, hits, counters),
            None => layer.search(&bounds, hits, counters),
        }
        if hits.is_empty() {
            continue;
        }
        layer.fetch(hits);
        subject_boxes.clear();
        let mut subject: smallvec::SmallVec<[(usize, &[Coord]); 8]> = smallvec::SmallVec::new();
        for ring in part.rings() {
            if runs::box_count(ring.len()) > 0 {
                runs::append_boxes(ring, &layer.frame, subject_boxes);
            }
            subject.push((subject_boxes.len(), ring));
        }
        let mut from = 0;
        let subject: smallvec::SmallVec<[Path<'_>; 8]> = subject
            .into_iter()
            .map(|(to, coords)| Path { coords, boxes: &subject_boxes[std::mem::replace(&mut from, to)..to] })
            .collect();
        for group in hits.chunk_by(|one, other| layer.feature(one.0) == layer.feature(other.0)) {
            counters.candidates += 1;
            let around = layer.around(group);
            let mut pair = Pair { layer, subject: &subject, rings: group, buffers, counters };
            let sum = pair.common(bounds.common(&around), 0);
            each(layer.feature(group[0].0), sum);
        }
    }
}

/// One part of the subject and the rings of one feature near it.
struct Pair<'p> {
    layer: &'p Prepared<'p>,
    subject: &'p [Path<'p>],
    rings: &'p [(u32, SmallBox)],
    buffers: &'p mut Buffers,
    counters: &'p mut Counters,
}

impl Pair<'_> {
    /// Returns the area both share within a window.
    fn common(&mut self, bounds: BoundingBox, depth: u32) -> Sum {
        let window = Window::of(bounds, &self.layer.frame);
        if window.is_flat() {
            return Sum::default();
        }
        let Buffers { a, b } = &mut *self.buffers;
        let mut seen = Seen::default();
        a.clear();
        for path in self.subject {
            a.clip(path, &window, &mut seen);
        }
        let uniform_a = a.uniform(&window);
        let may_split = depth < MAX_DEPTH;
        if uniform_a == Some(false) || (uniform_a.is_none() && a.pieces.len() > MANY_PIECES && may_split) {
            self.count(seen, 0);
            return if uniform_a.is_some() { Sum::default() } else { self.split(&window, depth) };
        }
        let narrow = if uniform_a.is_none() { a.narrow(&window, &self.layer.frame) } else { window };
        if narrow.is_flat() {
            self.count(seen, 0);
            return Sum::default();
        }
        b.clear();
        for (ring, small) in self.rings {
            if small.meets(&narrow.small) {
                b.clip(&self.layer.path(*ring), &narrow, &mut seen);
            }
        }
        let (sum, pairs) = match (uniform_a, b.uniform(&narrow)) {
            (_, Some(false)) | (Some(false), _) => (Sum::default(), 0),
            (_, Some(true)) => (a.area(), a.pieces.len() as u64),
            (Some(true), None) => (b.area(), b.pieces.len() as u64),
            (None, None) => {
                a.chain();
                b.chain();
                if sums::most_pairs(a, b) > MANY_PAIRS && may_split {
                    self.count(seen, 0);
                    return self.split(&window, depth);
                }
                sums::common(a, b, window.height())
            }
        };
        self.count(seen, pairs);
        Sum { pairs, ..sum }
    }

    fn split(&mut self, window: &Window, depth: u32) -> Sum {
        let [low, high] = window.halves();
        let first = self.common(low, depth + 1);
        first.plus(self.common(high, depth + 1))
    }

    fn count(&mut self, seen: Seen, pairs: u64) {
        self.counters.count(seen);
        self.counters.pairs += pairs;
    }
}
