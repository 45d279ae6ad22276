//! What a window holds of a shape, as pieces of edges; see [`super::area`].

use super::area::Sum;
use super::runs::{Path, Seen};
use super::sums::{self, Chain};
use crate::geometry::pyramid::{Frame, SmallBox};
use crate::geometry::{BoundingBox, Coord};

const LEFT: u8 = 1;
const BELOW: u8 = 2;
const RIGHT: u8 = 4;
const ABOVE: u8 = 8;
const ASIDE: u8 = LEFT | RIGHT;

/// A piece of an edge within a window, or a lid above it, over `x0..x1`; heights in local coordinates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) x0: f64,
    pub(super) x1: f64,
    pub(super) y0: f64,
    pub(super) slope: f64,
    /// 1 if it runs to the west, -1 if to the east.
    pub(super) sign: f64,
}

/// What a window holds of one shape.
#[derive(Debug, Default)]
pub(super) struct Clipped {
    pub(super) pieces: Vec<Piece>,
    pub(super) chains: Vec<Chain>,
    /// Whether an edge passes through the window.
    live: bool,
    /// The largest local coordinate of the edges that do.
    pub(super) reach: f64,
    /// Around the upright edges, which leave no piece.
    upright: Extent,
}

/// Returns the lesser of two numbers, in one instruction.
#[inline]
fn lesser(one: f64, other: f64) -> f64 {
    if one < other { one } else { other }
}

/// Returns the greater of two numbers, in one instruction.
#[inline]
fn greater(one: f64, other: f64) -> f64 {
    if one > other { one } else { other }
}

/// A box in local coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Extent {
    low: Coord,
    high: Coord,
}

impl Default for Extent {
    fn default() -> Self {
        let BoundingBox { min, max } = BoundingBox::EMPTY;
        Extent { low: min, high: max }
    }
}

impl Extent {
    #[inline]
    fn add(&mut self, x0: f64, x1: f64, y0: f64, y1: f64) {
        self.low = Coord { x: lesser(self.low.x, x0), y: lesser(self.low.y, lesser(y0, y1)) };
        self.high = Coord { x: greater(self.high.x, x1), y: greater(self.high.y, greater(y0, y1)) };
    }
}

/// A window with its local coordinates: they count from the lower left corner of the box that was asked for, also where the window was narrowed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) bounds: BoundingBox,
    pub(super) small: SmallBox,
    low: Coord,
    high: Coord,
}

impl Window {
    pub(super) fn of(bounds: BoundingBox, frame: &Frame) -> Self {
        Window { bounds, small: frame.small(&bounds), low: Coord { x: 0.0, y: 0.0 }, high: bounds.max - bounds.min }
    }

    /// Returns beyond which sides a place in local coordinates lies, or on which of them.
    #[inline]
    fn code(&self, local: Coord) -> u8 {
        let side = |is: bool, code: u8| u8::from(is) * code;
        side(local.x <= self.low.x, LEFT)
            | side(local.y <= self.low.y, BELOW)
            | side(local.x >= self.high.x, RIGHT)
            | side(local.y >= self.high.y, ABOVE)
    }

    pub(super) fn is_flat(&self) -> bool {
        // Also where the box is empty, or a coordinate is no number.
        !(self.high.x > self.low.x && self.high.y > self.low.y)
    }

    /// Returns the height of the box that was asked for.
    pub(super) fn height(&self) -> f64 {
        self.bounds.max.y - self.bounds.min.y
    }

    pub(super) fn halves(&self) -> [BoundingBox; 2] {
        let (mut low, mut high) = (self.bounds, self.bounds);
        let size = self.bounds.max - self.bounds.min;
        if size.x > size.y {
            let middle = self.bounds.min.x + size.x / 2.0;
            (low.max.x, high.min.x) = (middle, middle);
        } else {
            let middle = self.bounds.min.y + size.y / 2.0;
            (low.max.y, high.min.y) = (middle, middle);
        }
        [low, high]
    }

    /// Returns the window without what lies beyond `extent`; `reach` is the largest local coordinate that went into it.
    fn narrowed(&self, extent: &Extent, reach: f64, frame: &Frame) -> Self {
        // More than the rounding of a height on an edge.
        let margin = 8.0 * f64::EPSILON * reach;
        let low = Coord { x: (extent.low.x - margin).max(self.low.x), y: (extent.low.y - margin).max(self.low.y) };
        let high = Coord { x: (extent.high.x + margin).min(self.high.x), y: (extent.high.y + margin).min(self.high.y) };
        let origin = self.bounds.min;
        let far = [origin.x.abs() + high.x.abs(), origin.y.abs() + high.y.abs()].into_iter().fold(0.0, f64::max);
        let bounds = BoundingBox { min: origin + low, max: origin + high }.grown(2.0 * f64::EPSILON * far);
        Window { small: frame.small(&bounds), low, high, ..*self }
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

    #[inline]
    fn close(&mut self, window: &Window, pieces: &mut Vec<Piece>) {
        if let Some((from, to)) = self.open.take() {
            push_lid(from, to, window, pieces);
        }
    }
}

#[cold]
fn push_lid(from: f64, to: f64, window: &Window, pieces: &mut Vec<Piece>) {
    let (from, to) = (from.clamp(window.low.x, window.high.x), to.clamp(window.low.x, window.high.x));
    if from != to {
        let sign = if to < from { 1.0 } else { -1.0 };
        pieces.push(Piece { x0: from.min(to), x1: from.max(to), y0: window.high.y, slope: 0.0, sign });
    }
}

impl Clipped {
    pub(super) fn clear(&mut self) {
        self.pieces.clear();
        self.live = false;
        self.reach = 0.0;
        self.upright = Extent::default();
    }

    /// Adds what the window holds of a ring.
    #[inline]
    pub(super) fn clip(&mut self, path: &Path<'_>, window: &Window, seen: &mut Seen) {
        let size = window.bounds.max - window.bounds.min;
        self.reach = self.reach.max(size.x).max(size.y);
        let (origin, small, coords) = (window.bounds.min, window.small, path.coords);
        let clip = std::cell::RefCell::new((self, Lid::default()));
        path.visit(
            |bounds, range| {
                if bounds.max[0] < small.min[0] || bounds.min[0] > small.max[0] {
                    return false;
                }
                if bounds.max[1] < small.min[1] {
                    let (clipped, lid) = &mut *clip.borrow_mut();
                    lid.close(window, &mut clipped.pieces);
                    return false;
                }
                if bounds.min[1] > small.max[1] {
                    clip.borrow_mut().1.extend(coords[range.start].x - origin.x, coords[range.end].x - origin.x);
                    return false;
                }
                true
            },
            |range| {
                let (clipped, lid) = &mut *clip.borrow_mut();
                clipped.edges(&coords[range.start..=range.end], lid, window);
            },
            seen,
        );
        let (clipped, mut lid) = clip.into_inner();
        lid.close(window, &mut clipped.pieces);
    }

    #[inline]
    fn edges(&mut self, coords: &[Coord], lid: &mut Lid, window: &Window) {
        let [first, rest @ ..] = coords else { return };
        let origin = window.bounds.min;
        let mut last = *first - origin;
        let mut last_code = window.code(last);
        for coord in rest {
            let next = *coord - origin;
            let code = window.code(next);
            let (from, from_code) = (std::mem::replace(&mut last, next), std::mem::replace(&mut last_code, code));
            let beyond = from_code & code;
            if beyond != 0 {
                // What lies left or right of the window does not end a lid.
                if beyond & ASIDE == 0 {
                    if beyond & ABOVE != 0 {
                        lid.extend(from.x, next.x);
                    } else {
                        lid.close(window, &mut self.pieces);
                    }
                }
                continue;
            }
            lid.close(window, &mut self.pieces);
            if from_code | code == 0 {
                self.live = true;
                self.push_inner(from, next);
            } else {
                let first = greater(from.x.abs(), from.y.abs());
                self.reach = greater(self.reach, greater(first, greater(next.x.abs(), next.y.abs())));
                self.live |= self.push_edge(from, next, window);
            }
        }
    }

    /// Returns whether the whole window is inside or outside; `None` if an edge passes through.
    pub(super) fn uniform(&self, window: &Window) -> Option<bool> {
        if self.live {
            return None;
        }
        let middle = (window.low.x + window.high.x) / 2.0;
        let over = self.pieces.iter().filter(|lid| lid.x0 <= middle && middle < lid.x1);
        Some(over.map(|lid| lid.sign).sum::<f64>() > 0.5)
    }

    /// Returns the part of the window outside which there is nothing of the shape.
    pub(super) fn narrow(&self, window: &Window, frame: &Frame) -> Window {
        let Window { low, high, .. } = *window;
        let mut extent = self.upright;
        // How often the shape winds around the corners: below left and right, above left and right.
        let mut turns = [0.0; 4];
        for piece in &self.pieces {
            let is_lid = (piece.y0 >= high.y) & (piece.slope == 0.0);
            let (west, east) = (piece.x0 <= low.x, piece.x1 >= high.x);
            // Without branches, as above; what is left out of the extent is put where it adds nothing.
            for (turns, is) in turns.iter_mut().zip([west, east, west & is_lid, east & is_lid]) {
                *turns += f64::from(u8::from(is)) * piece.sign;
            }
            let end = piece.y0 + (piece.x1 - piece.x0) * piece.slope;
            let beyond = if is_lid { f64::INFINITY } else { 0.0 };
            extent.low.x = lesser(extent.low.x, piece.x0 + beyond);
            extent.low.y = lesser(extent.low.y, lesser(piece.y0, end) + beyond);
            extent.high.x = greater(extent.high.x, piece.x1 - beyond);
            extent.high.y = greater(extent.high.y, greater(piece.y0, end) - beyond);
        }
        let corners = [low, Coord { x: high.x, y: low.y }, Coord { x: low.x, y: high.y }, high];
        for (corner, turns) in corners.into_iter().zip(turns) {
            if turns > 0.5 {
                extent.add(corner.x, corner.x, corner.y, corner.y);
            }
        }
        window.narrowed(&extent, self.reach, frame)
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
        sums::bounded(value, magnitude, length, self.reach.max(1.0), self.pieces.len())
    }

    /// Adds an edge that lies wholly within the window.
    #[inline]
    fn push_inner(&mut self, from: Coord, to: Coord) {
        let (sign, low, high) = if to.x < from.x { (1.0, to, from) } else { (-1.0, from, to) };
        let slope = (high.y - low.y) / (high.x - low.x);
        if slope.is_finite() {
            self.pieces.push(Piece { x0: low.x, x1: high.x, y0: low.y, slope, sign });
        } else {
            self.upright.add(low.x, high.x, low.y, high.y);
        }
    }

    /// Adds an edge that is neither wholly left, right, below nor above; tells whether it passes through the window.
    #[inline]
    fn push_edge(&mut self, from: Coord, to: Coord, window: &Window) -> bool {
        let (west, east, bottom, top) = (window.low.x, window.high.x, window.low.y, window.high.y);
        let (sign, low, high) = if to.x < from.x { (1.0, to, from) } else { (-1.0, from, to) };
        let slope = (high.y - low.y) / (high.x - low.x);
        if !slope.is_finite() {
            // Upright: it bounds nothing from above, but the window is not all in or out.
            self.upright.add(low.x, high.x, low.y.clamp(bottom, top), high.y.clamp(bottom, top));
            return true;
        }
        let at =
            |x: f64| if x - low.x <= high.x - x { low.y + (x - low.x) * slope } else { high.y + (x - high.x) * slope };
        let (mut x0, mut y0) = if low.x < west { (west, at(west)) } else { (low.x, low.y) };
        let (mut x1, mut y1) = if high.x > east { (east, at(east)) } else { (high.x, high.y) };
        if y0.max(y1) <= bottom {
            return false;
        }
        // Where it sinks below the window it adds nothing.
        if y0 < bottom {
            (x0, y0) = ((x0 + (bottom - y0) / slope).clamp(x0, x1), bottom);
        } else if y1 < bottom {
            (x1, y1) = ((x1 + (bottom - y1) / slope).clamp(x0, x1), bottom);
        }
        // Where it rises above the window it is a lid.
        let mut lid = |x0: f64, x1: f64| {
            if x0 < x1 {
                self.pieces.push(Piece { x0, x1, y0: top, slope: 0.0, sign });
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
            self.pieces.push(Piece { x0, x1, y0, slope, sign });
        }
        true
    }
}
