//! The area two polygons share, in closed form: no crossing points, no topology, nothing that degenerate input could upset.
//!
//! With the shells counter-clockwise and the holes clockwise, a point is inside where the edges above it, counted +1 if they run
//! to the west and -1 if to the east, add up to 1. So the area of A and B in common is the sum over all pairs of an edge of A and
//! one of B of the product of their signs times the integral, over the x that both span, of the lower of their heights
//! (compare N. Hardy, "Area of intersection of polygons", and W. R. Franklin on polygon area from local data).
//!
//! Heights are taken from the lower left corner of a window around all that both share, and edges are clamped to it: what lies
//! left, right or below adds nothing, and what lies above counts as a lid. Where no edge of one shape is left inside, the window is
//! wholly in or out of it, and the area is that of the other or nothing. A window with many edges is halved.
//!
//! **The bound.** Coordinates are taken as they are, on no grid. With u the unit of rounding: an edge's height in the window is off by at most some
//! units times the size of its coordinates there (`reach`), so each pair is off by that times the length of both edges over their common x;
//! products and sums add their number of units times the sum of magnitudes. Sums run in a fixed order.

use super::pyramid::{Frame, SmallBox};
use super::runs::{self, Path, Seen};
use super::{Counters, Prepared, Workspace};
use crate::geometry::measure::Measure;
use crate::geometry::{BoundingBox, Coord, Kind, ShapeRef, overlay};

/// More pieces of the subject than this in a window halve it, for most of it is then far from the layer's edges.
const MANY_PIECES: usize = 48;

/// More pairs of pieces than this halve a window.
const MANY_PAIRS: usize = 6_000;

/// Up to this many pairs of pieces it is faster to look at each than to sort.
const FEW_PAIRS: u64 = 1_200;

/// A window is halved no more often than this.
const MAX_DEPTH: u32 = 40;

const LEFT: u8 = 1;
const RIGHT: u8 = 2;
const BELOW: u8 = 4;
const ABOVE: u8 = 8;
const ASIDE: u8 = LEFT | RIGHT;

/// A piece of an edge within a window, or a lid above it, over `x0..x1`; heights in local coordinates.
#[derive(Debug, Clone, Copy)]
struct Piece {
    x0: f64,
    x1: f64,
    y0: f64,
    slope: f64,
    /// 1 if it runs to the west, -1 if to the east.
    sign: f64,
}

/// What a window holds of one shape.
#[derive(Debug, Default)]
struct Clipped {
    pieces: Vec<Piece>,
    /// Whether an edge passes through the window.
    live: bool,
    /// The largest local coordinate of the edges that do.
    reach: f64,
}

/// Buffers for [`Workspace`].
#[derive(Debug, Default)]
pub(super) struct Buffers {
    a: Clipped,
    b: Clipped,
    open: [Vec<Piece>; 2],
}

/// A window with its local coordinates.
struct Window {
    bounds: BoundingBox,
    small: SmallBox,
    width: f64,
    height: f64,
}

impl Window {
    fn of(bounds: BoundingBox, frame: &Frame) -> Self {
        let size = bounds.max - bounds.min;
        Window { bounds, small: frame.small(&bounds), width: size.x, height: size.y }
    }

    /// Returns beyond which sides a place in local coordinates lies, or on which of them.
    #[inline]
    fn code(&self, local: Coord) -> u8 {
        u8::from(local.x <= 0.0) * LEFT
            | u8::from(local.x >= self.width) * RIGHT
            | u8::from(local.y <= 0.0) * BELOW
            | u8::from(local.y >= self.height) * ABOVE
    }

    fn is_flat(&self) -> bool {
        // Also where the box is empty, or a coordinate is no number.
        !(self.width > 0.0 && self.height > 0.0)
    }

    fn halves(&self) -> [BoundingBox; 2] {
        let (mut low, mut high) = (self.bounds, self.bounds);
        if self.width > self.height {
            let middle = self.bounds.min.x + self.width / 2.0;
            (low.max.x, high.min.x) = (middle, middle);
        } else {
            let middle = self.bounds.min.y + self.height / 2.0;
            (low.max.y, high.min.y) = (middle, middle);
        }
        [low, high]
    }
}

/// A sum and what its error bound needs.
#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    value: f64,
    error: f64,
}

impl Sum {
    fn plus(self, other: Sum) -> Sum {
        let value = self.value + other.value;
        Sum { value, error: self.error + other.error + value.abs() * f64::EPSILON }
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

/// Appends the features of the layer with which `a` surely shares an area (more than the bound of its error), in ascending order, with
/// those areas in square metres of the plane; none unless both are polygons.
pub fn intersection_areas(a: ShapeRef<'_>, layer: &Prepared<'_>, work: &mut Workspace, out: &mut Vec<(u32, Measure)>) {
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
    let surely = found.into_iter().filter(|(_, sum)| sum.value > sum.error);
    out.extend(surely.map(|(feature, sum)| (feature, sum.measure())));
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
        subject_boxes.clear();
        let mut subject: smallvec::SmallVec<[(usize, &[Coord]); 8]> = smallvec::SmallVec::new();
        for ring in part.rings() {
            runs::append_boxes(ring, &layer.frame, subject_boxes);
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
        let Buffers { a, b, open } = &mut *self.buffers;
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
        b.clear();
        for (ring, small) in self.rings {
            if small.meets(&window.small) {
                b.clip(&self.layer.path(*ring), &window, &mut seen);
            }
        }
        let uniform_b = b.uniform(&window);
        let pairs = a.pieces.len() * b.pieces.len();
        let (sum, pairs) = match (uniform_a, uniform_b) {
            (_, Some(false)) | (Some(false), _) => (Sum::default(), 0),
            (_, Some(true)) => (a.area(), a.pieces.len() as u64),
            (Some(true), None) => (b.area(), b.pieces.len() as u64),
            (None, None) if pairs > MANY_PAIRS && may_split => {
                self.count(seen, 0);
                return self.split(&window, depth);
            }
            (None, None) => common(a, b, window.height, open),
        };
        self.count(seen, pairs);
        sum
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

/// A run of edges above the window, as the stretch of x it leads over; what lies left or right of the window does not end it.
#[derive(Default)]
struct Lid {
    open: Option<(f64, f64)>,
}

impl Lid {
    fn extend(&mut self, from: f64, to: f64) {
        self.open = Some((self.open.map_or(from, |(first, _)| first), to));
    }

    fn close(&mut self, window: &Window, pieces: &mut Vec<Piece>) {
        if let Some((from, to)) = self.open.take() {
            push_lid(from, to, window, pieces);
        }
    }
}

#[inline]
fn push_lid(from: f64, to: f64, window: &Window, pieces: &mut Vec<Piece>) {
    let (from, to) = (from.clamp(0.0, window.width), to.clamp(0.0, window.width));
    if from != to {
        let sign = if to < from { 1.0 } else { -1.0 };
        pieces.push(Piece { x0: from.min(to), x1: from.max(to), y0: window.height, slope: 0.0, sign });
    }
}

impl Clipped {
    fn clear(&mut self) {
        self.pieces.clear();
        self.live = false;
        self.reach = 0.0;
    }

    /// Adds what the window holds of a ring.
    fn clip(&mut self, path: &Path<'_>, window: &Window, seen: &mut Seen) {
        let (origin, small) = (window.bounds.min, window.small);
        let coords = path.coords;
        let lid = std::cell::RefCell::new(Lid::default());
        let pieces = std::cell::RefCell::new(&mut self.pieces);
        let (mut live, mut reach) = (self.live, self.reach.max(window.width).max(window.height));
        path.visit(
            |bounds, range| {
                if bounds.max[0] < small.min[0] || bounds.min[0] > small.max[0] {
                    return false;
                }
                if bounds.max[1] < small.min[1] {
                    lid.borrow_mut().close(window, &mut pieces.borrow_mut());
                    return false;
                }
                if bounds.min[1] > small.max[1] {
                    lid.borrow_mut().extend(coords[range.start].x - origin.x, coords[range.end].x - origin.x);
                    return false;
                }
                true
            },
            |range| {
                let (mut lid, mut pieces) = (lid.borrow_mut(), pieces.borrow_mut());
                let mut last = coords[range.start] - origin;
                let mut last_code = window.code(last);
                for coord in &coords[range.start + 1..=range.end] {
                    let next = *coord - origin;
                    let code = window.code(next);
                    let (from, from_code) =
                        (std::mem::replace(&mut last, next), std::mem::replace(&mut last_code, code));
                    let beyond = from_code & code;
                    if beyond & ASIDE != 0 {
                        continue;
                    }
                    if beyond & ABOVE != 0 {
                        lid.extend(from.x, next.x);
                        continue;
                    }
                    lid.close(window, &mut pieces);
                    if beyond & BELOW != 0 {
                        continue;
                    }
                    if from_code | code == 0 {
                        live = true;
                        push_inner(from, next, &mut pieces);
                    } else {
                        reach = reach.max(from.x.abs()).max(from.y.abs()).max(next.x.abs()).max(next.y.abs());
                        live |= push_edge(from, next, window, &mut pieces);
                    }
                }
            },
            seen,
        );
        lid.into_inner().close(window, pieces.into_inner());
        (self.live, self.reach) = (live, reach);
    }

    /// Returns whether the whole window is inside or outside; `None` if an edge passes through.
    fn uniform(&self, window: &Window) -> Option<bool> {
        if self.live {
            return None;
        }
        let middle = window.width / 2.0;
        let over = self.pieces.iter().filter(|lid| lid.x0 <= middle && middle < lid.x1);
        Some(over.map(|lid| lid.sign).sum::<f64>() > 0.5)
    }

    /// Returns the area in the window.
    fn area(&self) -> Sum {
        let (mut value, mut magnitude, mut length) = (0.0, 0.0, 0.0);
        for piece in &self.pieces {
            let width = piece.x1 - piece.x0;
            let rise = width * piece.slope;
            let area = width * (piece.y0 + rise * 0.5);
            value += piece.sign * area;
            magnitude += area.abs();
            length += width + rise.abs();
        }
        bounded(value, magnitude, length, self.reach.max(1.0), self.pieces.len())
    }
}

/// Adds an edge that lies wholly within the window.
#[inline]
fn push_inner(from: Coord, to: Coord, pieces: &mut Vec<Piece>) {
    let (sign, low, high) = if to.x < from.x { (1.0, to, from) } else { (-1.0, from, to) };
    let slope = (high.y - low.y) / (high.x - low.x);
    if slope.is_finite() {
        pieces.push(Piece { x0: low.x, x1: high.x, y0: low.y, slope, sign });
    }
}

/// Adds an edge that is neither wholly left, right, below nor above; tells whether it passes through the window.
#[inline]
fn push_edge(from: Coord, to: Coord, window: &Window, pieces: &mut Vec<Piece>) -> bool {
    let (sign, low, high) = if to.x < from.x { (1.0, to, from) } else { (-1.0, from, to) };
    let slope = (high.y - low.y) / (high.x - low.x);
    if !slope.is_finite() {
        // Upright: it bounds nothing from above, but the window is not all in or out.
        return true;
    }
    let at = |x: f64| if x - low.x <= high.x - x { low.y + (x - low.x) * slope } else { high.y + (x - high.x) * slope };
    let (mut x0, mut y0) = if low.x < 0.0 { (0.0, at(0.0)) } else { (low.x, low.y) };
    let (mut x1, mut y1) = if high.x > window.width { (window.width, at(window.width)) } else { (high.x, high.y) };
    if y0.max(y1) <= 0.0 {
        return false;
    }
    // Where it sinks below the window it adds nothing.
    if y0 < 0.0 {
        (x0, y0) = ((x0 - y0 / slope).clamp(x0, x1), 0.0);
    } else if y1 < 0.0 {
        (x1, y1) = ((x1 - y1 / slope).clamp(x0, x1), 0.0);
    }
    // Where it rises above the window it is a lid.
    let top = window.height;
    let mut lid = |x0: f64, x1: f64| {
        if x0 < x1 {
            pieces.push(Piece { x0, x1, y0: top, slope: 0.0, sign });
        }
    };
    if y0 >= top && y1 >= top {
        lid(x0, x1);
        return false;
    }
    if y0 > top {
        let x = (x0 + (top - y0) / slope).clamp(x0, x1);
        lid(x0, x);
        (x0, y0) = (x, top);
    } else if y1 > top {
        let x = (x1 + (top - y1) / slope).clamp(x0, x1);
        lid(x, x1);
        x1 = x;
    }
    if x0 < x1 {
        pieces.push(Piece { x0, x1, y0, slope, sign });
    }
    true
}

/// The sum over pairs of pieces, with what its bound needs.
#[derive(Debug, Default)]
struct Terms {
    width: f64,
    rise: f64,
    pairs: u64,
}

impl Terms {
    /// Returns twice the area under the lower of two pieces, over the x both span.
    #[inline]
    fn twice_under(&mut self, one: &Piece, other: &Piece, x0: f64, x1: f64) -> f64 {
        let width = x1 - x0;
        let (a0, b0) = (one.y0 + (x0 - one.x0) * one.slope, other.y0 + (x0 - other.x0) * other.slope);
        let (rise_a, rise_b) = (width * one.slope, width * other.slope);
        let (d0, d1) = (a0 - b0, a0 - b0 + (rise_a - rise_b));
        // Twice the mean of the lower: that of `b`, less that of how far `a` falls short of it.
        let short = if d0 * d1 >= 0.0 {
            -(d0.min(0.0) + d1.min(0.0))
        } else {
            let lowest = d0.min(d1);
            lowest * lowest / (d0 - d1).abs()
        };
        self.width += width;
        self.rise += rise_a.abs() + rise_b.abs();
        self.pairs += 1;
        other.sign * width * (2.0 * b0 + rise_b - short)
    }
}

/// Returns the area under the lower of the two, over all pairs of pieces, and how many pairs were looked at.
fn common(a: &mut Clipped, b: &mut Clipped, height: f64, open: &mut [Vec<Piece>; 2]) -> (Sum, u64) {
    let mut terms = Terms::default();
    let pairs = (a.pieces.len() * b.pieces.len()) as u64;
    let (value, looked) = if pairs <= FEW_PAIRS {
        (all_pairs(&a.pieces, &b.pieces, &mut terms), pairs)
    } else {
        let value = sweep(&mut a.pieces, &mut b.pieces, open, &mut terms);
        (value, terms.pairs)
    };
    let count = 2 * (a.pieces.len() + b.pieces.len());
    // No height is above that of the window, so the summands of a term are together below three times that times its width.
    let (reach, length) = (a.reach.max(b.reach), terms.width + terms.rise);
    (bounded(value * 0.5, 3.0 * height * terms.width, length, reach, count), looked)
}

fn all_pairs(a: &[Piece], b: &[Piece], terms: &mut Terms) -> f64 {
    let mut value = 0.0;
    for one in a {
        let mut under = 0.0;
        for other in b {
            let (x0, x1) = (one.x0.max(other.x0), one.x1.min(other.x1));
            if x0 < x1 {
                under += terms.twice_under(one, other, x0, x1);
            }
        }
        value += one.sign * under;
    }
    value
}

/// Goes from west to east and meets each piece with those of the other shape that it begins over.
fn sweep(a: &mut [Piece], b: &mut [Piece], open: &mut [Vec<Piece>; 2], terms: &mut Terms) -> f64 {
    // Abscissae are not negative, so their bits are in their order; adding 0 makes -0 one of them.
    let by_start = |one: &Piece| (one.x0 + 0.0).to_bits();
    a.sort_unstable_by_key(by_start);
    b.sort_unstable_by_key(by_start);
    let [open_a, open_b] = open;
    open_a.clear();
    open_b.clear();
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut value = 0.0;
    loop {
        let from_a = match (a.peek(), b.peek()) {
            (Some(one), Some(other)) => one.x0 <= other.x0,
            (Some(_), None) => !open_b.is_empty(),
            (None, Some(_)) => false,
            (None, None) => break,
        };
        let (next, own, others) =
            if from_a { (a.next(), &mut *open_a, &mut *open_b) } else { (b.next(), &mut *open_b, &mut *open_a) };
        let Some(next) = next else { break };
        let mut under = 0.0;
        let mut at = 0;
        while let Some(other) = others.get(at) {
            let x1 = next.x1.min(other.x1);
            if other.x1 <= next.x0 {
                others.swap_remove(at);
                continue;
            }
            under += terms.twice_under(next, other, next.x0, x1);
            at += 1;
        }
        value += next.sign * under;
        own.push(*next);
    }
    value
}

fn bounded(value: f64, magnitude: f64, length: f64, reach: f64, terms: usize) -> Sum {
    let units = 16.0 * reach * length + (16.0 + terms as f64) * magnitude;
    Sum { value, error: units * f64::EPSILON }
}
