//! What a window holds of a shape, as pieces of edges, and the sums over them; see [`super::area`].

use super::area::Sum;
use super::pyramid::{Frame, SmallBox};
use super::runs::{Path, Seen};
use crate::geometry::{BoundingBox, Coord};

/// Up to this many pairs of pieces it is faster to look at each than to sort.
const FEW_PAIRS: u64 = 1_200;

const LEFT: u8 = 1;
const RIGHT: u8 = 2;
const BELOW: u8 = 4;
const ABOVE: u8 = 8;
const ASIDE: u8 = LEFT | RIGHT;

/// A piece of an edge within a window, or a lid above it, over `x0..x1`; heights in local coordinates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    x0: f64,
    x1: f64,
    y0: f64,
    slope: f64,
    /// 1 if it runs to the west, -1 if to the east.
    sign: f64,
}

/// What a window holds of one shape.
#[derive(Debug, Default)]
pub(super) struct Clipped {
    pub(super) pieces: Vec<Piece>,
    /// Whether an edge passes through the window.
    live: bool,
    /// The largest local coordinate of the edges that do.
    reach: f64,
}

/// A window with its local coordinates.
pub(super) struct Window {
    pub(super) bounds: BoundingBox,
    pub(super) small: SmallBox,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Window {
    pub(super) fn of(bounds: BoundingBox, frame: &Frame) -> Self {
        let size = bounds.max - bounds.min;
        Window { bounds, small: frame.small(&bounds), width: size.x, height: size.y }
    }

    /// Returns beyond which sides a place in local coordinates lies, or on which of them.
    #[inline]
    fn code(&self, local: Coord) -> u8 {
        let side = |is: bool, code: u8| u8::from(is) * code;
        side(local.x <= 0.0, LEFT)
            | side(local.x >= self.width, RIGHT)
            | side(local.y <= 0.0, BELOW)
            | side(local.y >= self.height, ABOVE)
    }

    pub(super) fn is_flat(&self) -> bool {
        // Also where the box is empty, or a coordinate is no number.
        !(self.width > 0.0 && self.height > 0.0)
    }

    pub(super) fn halves(&self) -> [BoundingBox; 2] {
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
    pub(super) fn clear(&mut self) {
        self.pieces.clear();
        self.live = false;
        self.reach = 0.0;
    }

    /// Adds what the window holds of a ring.
    pub(super) fn clip(&mut self, path: &Path<'_>, window: &Window, seen: &mut Seen) {
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
    pub(super) fn uniform(&self, window: &Window) -> Option<bool> {
        if self.live {
            return None;
        }
        let middle = window.width / 2.0;
        let over = self.pieces.iter().filter(|lid| lid.x0 <= middle && middle < lid.x1);
        Some(over.map(|lid| lid.sign).sum::<f64>() > 0.5)
    }

    /// Returns the area in the window.
    pub(super) fn area(&self) -> Sum {
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
pub(super) fn common(a: &mut Clipped, b: &mut Clipped, height: f64, open: &mut [Vec<Piece>; 2]) -> (Sum, u64) {
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
