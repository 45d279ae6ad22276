//! Boxes over boxes: a packed tree without pointers, for the runs of edges of one ring as for the rings of a layer.
//!
//! A pyramid is a slice of boxes: its leaves in order, then a box over every [`FAN_OUT`] of them, and so on until few are left. Boxes
//! are held in single precision relative to an origin, rounded outwards: half the bytes, and what is found apart is apart.

use std::ops::{ControlFlow, Range};

use super::{BoundingBox, Coord};

/// How many boxes one of the next level holds, as a power of two.
const FAN_OUT_BITS: u32 = 3;

/// How many boxes one of the next level holds.
const FAN_OUT: usize = 1 << FAN_OUT_BITS;

/// The most levels a pyramid can have: 2³² leaves need eleven.
const MAX_LEVELS: usize = 12;

/// A box in single precision, relative to a [`Frame`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SmallBox {
    pub(super) min: [f32; 2],
    pub(super) max: [f32; 2],
}

impl SmallBox {
    pub(super) const EMPTY: SmallBox = SmallBox { min: [f32::INFINITY; 2], max: [f32::NEG_INFINITY; 2] };

    pub(super) fn merged(&self, other: &Self) -> Self {
        SmallBox {
            min: [self.min[0].min(other.min[0]), self.min[1].min(other.min[1])],
            max: [self.max[0].max(other.max[0]), self.max[1].max(other.max[1])],
        }
    }

    /// Tells whether the two may share a point.
    #[inline]
    pub(super) fn meets(&self, other: &Self) -> bool {
        // Without branches: which of the four decides can't be foreseen.
        (self.min[0] <= other.max[0])
            & (other.min[0] <= self.max[0])
            & (self.min[1] <= other.max[1])
            & (other.min[1] <= self.max[1])
    }

    /// Tells whether there is no point in it.
    pub(super) fn is_empty(&self) -> bool {
        // The ends of the one around an empty box are no numbers.
        let has_width = self.min[0] <= self.max[0];
        !has_width
    }
}

/// The origin of small boxes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    origin: Coord,
}

impl Frame {
    /// Returns the frame for boxes within `bounds`.
    pub(super) fn of(bounds: &BoundingBox) -> Self {
        Frame { origin: if bounds.is_empty() { Coord { x: 0.0, y: 0.0 } } else { bounds.min } }
    }

    /// Returns the frame whose small boxes count from a point.
    pub(super) fn at(origin: Coord) -> Self {
        Frame { origin }
    }

    /// Returns a small box around a box, at most two units of single precision larger. Subtracting and rounding keep order, so that small boxes
    /// that are apart stand for boxes that are.
    #[inline]
    pub(super) fn small(&self, bounds: &BoundingBox) -> SmallBox {
        // More than rounding to the nearest may take; without branches, for which way it goes can't be foreseen.
        const UNIT: f64 = f32::EPSILON as f64;
        let down = |value: f64| (value - (value.abs() * UNIT + 1e-30)) as f32;
        let up = |value: f64| (value + (value.abs() * UNIT + 1e-30)) as f32;
        let (low, high) = (bounds.min - self.origin, bounds.max - self.origin);
        SmallBox { min: [down(low.x), down(low.y)], max: [up(high.x), up(high.y)] }
    }

    /// Returns a box around everything a small box may stand for.
    pub(super) fn bounds(&self, small: &SmallBox) -> BoundingBox {
        if small.is_empty() {
            return BoundingBox::EMPTY;
        }
        let place = |offset: f32, origin: f64, sign: f64| {
            let offset = f64::from(offset);
            origin + offset + sign * 2.0 * f64::EPSILON * (offset.abs() + origin.abs())
        };
        BoundingBox {
            min: Coord { x: place(small.min[0], self.origin.x, -1.0), y: place(small.min[1], self.origin.y, -1.0) },
            max: Coord { x: place(small.max[0], self.origin.x, 1.0), y: place(small.max[1], self.origin.y, 1.0) },
        }
    }
}

/// Appends the levels above `boxes[first..]`, which are leaves, until a level has at most [`FAN_OUT`] boxes.
pub(super) fn build_up(boxes: &mut (impl AsRef<[SmallBox]> + Extend<SmallBox>), first: usize) {
    let (mut from, mut to) = (first, boxes.as_ref().len());
    while to - from > FAN_OUT {
        for start in (from..to).step_by(FAN_OUT) {
            let group = &boxes.as_ref()[start..(start + FAN_OUT).min(to)];
            let around = group.iter().fold(SmallBox::EMPTY, |all, one| all.merged(one));
            boxes.extend([around]);
        }
        (from, to) = (to, boxes.as_ref().len());
    }
}

/// Returns how many boxes a pyramid of `leaves` leaves has.
pub(super) fn size(leaves: usize) -> usize {
    let (mut level, mut all) = (leaves, leaves);
    while level > FAN_OUT {
        level = level.div_ceil(FAN_OUT);
        all += level;
    }
    all
}

/// Where the levels of a pyramid begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Levels {
    starts: [usize; MAX_LEVELS],
    widths: [usize; MAX_LEVELS],
    /// The highest level; leaves are level 0.
    pub(super) top: usize,
}

impl Levels {
    /// Returns the levels of a pyramid of so many leaves.
    #[inline]
    pub(super) fn of(leaves: usize) -> Self {
        let mut levels = Levels { starts: [0; MAX_LEVELS], widths: [0; MAX_LEVELS], top: 0 };
        let mut width = leaves;
        levels.widths[0] = width;
        while width > FAN_OUT {
            let top = levels.top;
            levels.starts[top + 1] = levels.starts[top] + width;
            width = width.div_ceil(FAN_OUT);
            levels.widths[top + 1] = width;
            levels.top = top + 1;
        }
        levels
    }

    /// Returns the numbers of the boxes on the highest level.
    pub(super) fn tops(&self) -> Range<usize> {
        0..self.widths[self.top]
    }

    /// Returns the numbers, one level below, of the boxes under one.
    pub(super) fn under(&self, level: usize, index: usize) -> Range<usize> {
        index * FAN_OUT..((index + 1) * FAN_OUT).min(self.widths[level - 1])
    }

    /// Returns where boxes that follow each other stand in the slice.
    fn places(&self, level: usize, of: &Range<usize>) -> Range<usize> {
        self.starts[level] + of.start..self.starts[level] + of.end
    }

    /// Returns where a box stands in the slice.
    pub(super) fn place(&self, level: usize, index: usize) -> usize {
        self.starts[level] + index
    }
}

/// Calls `each` with the leaves whose boxes may meet `query`, in order, and returns how many boxes were looked at.
#[inline]
pub(super) fn meeting(boxes: &[SmallBox], leaves: usize, query: &SmallBox, mut each: impl FnMut(usize)) -> u64 {
    let Levels { starts, widths, top } = Levels::of(leaves);
    // Of each level the group that is open: where it begins, and which of its boxes are still to be entered.
    let (mut firsts, mut open) = ([0usize; MAX_LEVELS], [0u8; MAX_LEVELS]);
    let mut looked = 0;
    let mut enter = |level: usize, first: usize| {
        let group = &boxes[starts[level] + first..starts[level] + (first + FAN_OUT).min(widths[level])];
        looked += group.len() as u64;
        meets(group, query)
    };
    open[top] = enter(top, 0);
    let mut level = top;
    loop {
        if open[level] == 0 {
            if level == top {
                return looked;
            }
            level += 1;
            continue;
        }
        let at = firsts[level] + open[level].trailing_zeros() as usize;
        open[level] &= open[level] - 1;
        if level == 0 {
            each(at);
        } else {
            level -= 1;
            firsts[level] = at * FAN_OUT;
            open[level] = enter(level, firsts[level]);
        }
    }
}

/// Returns which boxes of a group may meet `query`, the first as the lowest bit.
#[inline(always)]
fn meets(group: &[SmallBox], query: &SmallBox) -> u8 {
    let bits = |group: &[SmallBox]| {
        group.iter().enumerate().fold(0, |bits, (at, one)| bits | u8::from(one.meets(query)) << at)
    };
    // A group of a known size is looked at several boxes at once.
    match group.first_chunk::<FAN_OUT>() {
        Some(full) => bits(full),
        None => bits(group),
    }
}

/// Calls `each` with leaves whose boxes may meet `query`, those near the leaf `start` first, and returns how many boxes were looked at. Where `each` makes
/// the query smaller, what that no longer meets is left out.
pub(super) fn meeting_from(
    boxes: &[SmallBox],
    leaves: usize,
    start: usize,
    query: &mut SmallBox,
    each: &mut impl FnMut(usize, &mut SmallBox),
) -> u64 {
    let levels = Levels::of(leaves);
    let mut from = Near { boxes, levels, looked: 0, each };
    let mut own = start;
    from.under(0, own..own + 1, u8::MAX, query);
    for level in 0..=from.levels.top {
        // All of the group but what was entered already.
        let first = own & !(FAN_OUT - 1);
        let group = first..(first + FAN_OUT).min(from.levels.widths[level]);
        from.under(level, group, !(1 << (own - first)), query);
        own >>= FAN_OUT_BITS;
    }
    from.looked
}

/// A pyramid that is searched from one of its leaves.
struct Near<'p, F> {
    boxes: &'p [SmallBox],
    levels: Levels,
    looked: u64,
    each: &'p mut F,
}

impl<F: FnMut(usize, &mut SmallBox)> Near<'_, F> {
    /// Goes through what is under those boxes of a group that are named by bits.
    fn under(&mut self, level: usize, group: Range<usize>, of: u8, query: &mut SmallBox) {
        let boxes = &self.boxes[self.levels.places(level, &group)];
        let mut open = meets(boxes, query) & of;
        self.looked += boxes.len() as u64;
        while open != 0 {
            // The westernmost first.
            let (mut at, mut rest) = (open.trailing_zeros() as usize, open & (open - 1));
            while rest != 0 {
                let other = rest.trailing_zeros() as usize;
                at = if boxes[other].min[0] < boxes[at].min[0] { other } else { at };
                rest &= rest - 1;
            }
            if boxes[at].min[0] > query.max[0] {
                return;
            }
            open &= !(1 << at);
            let index = group.start + at;
            if level == 0 {
                (self.each)(index, query);
            } else {
                self.under(level - 1, self.levels.under(level, index), u8::MAX, query);
            }
        }
    }
}

/// Calls `each` with every two leaves whose boxes may meet, the lesser first, until it breaks; returns how many boxes were looked at.
pub(super) fn meeting_pairs(
    boxes: &[SmallBox],
    leaves: usize,
    each: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
) -> (ControlFlow<()>, u64) {
    let levels = Levels::of(leaves);
    let mut pairs = Pairs { boxes, levels, looked: 0, each };
    let top = levels.top;
    let tops = levels.tops();
    let whole = pairs.below(top, tops.clone(), all_of(&tops), tops);
    (whole, pairs.looked)
}

/// Returns bits for all boxes of a group.
fn all_of(group: &Range<usize>) -> u8 {
    ((1u16 << group.len()) - 1) as u8
}

/// A pyramid that is joined with itself.
struct Pairs<'p, F> {
    boxes: &'p [SmallBox],
    levels: Levels,
    looked: u64,
    each: &'p mut F,
}

impl<F: FnMut(usize, usize) -> ControlFlow<()>> Pairs<'_, F> {
    /// Goes through what is under two boxes of a level, which may be one.
    fn join(&mut self, level: usize, one: usize, other: usize) -> ControlFlow<()> {
        match level {
            0 if one == other => ControlFlow::Continue(()),
            0 => (self.each)(one, other),
            _ => {
                let (ones, others) = (self.levels.under(level, one), self.levels.under(level, other));
                // Only what meets all of the others may meet one of them.
                let around = &self.boxes[self.levels.place(level, other)];
                let near = if one == other {
                    all_of(&ones)
                } else {
                    self.looked += ones.len() as u64;
                    meets(&self.boxes[self.levels.places(level - 1, &ones)], around)
                };
                self.below(level - 1, ones, near, others)
            }
        }
    }

    /// Goes through two groups of boxes of a level, which may be one; of the first through those that are named by bits.
    fn below(&mut self, level: usize, ones: Range<usize>, mut near: u8, others: Range<usize>) -> ControlFlow<()> {
        let boxes = self.boxes;
        let group = &boxes[self.levels.places(level, &others)];
        let same = ones.start == others.start;
        while near != 0 {
            let one = ones.start + near.trailing_zeros() as usize;
            near &= near - 1;
            let own = &boxes[self.levels.place(level, one)];
            let mut open = meets(group, own);
            self.looked += group.len() as u64;
            if same {
                // Each pair once, and each box with itself.
                open &= u8::MAX << (one - others.start);
            }
            while open != 0 {
                let other = others.start + open.trailing_zeros() as usize;
                open &= open - 1;
                self.join(level, one, other)?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// Visits the boxes of a pyramid in the order of its leaves, and returns how many were looked at.
///
/// `enter` gets each box and the leaves under it; where it returns `false` they are passed over. `leaf` gets the leaves entered.
#[inline]
pub(super) fn visit(
    boxes: &[SmallBox],
    leaves: usize,
    mut enter: impl FnMut(&SmallBox, Range<usize>) -> bool,
    mut leaf: impl FnMut(usize),
) -> u64 {
    let Levels { starts, top, .. } = Levels::of(leaves);
    let (mut at, mut level, mut looked) = (0usize, top, 0u64);
    while at < leaves {
        let shift = level as u32 * FAN_OUT_BITS;
        let index = at >> shift;
        let next = (index + 1) << shift;
        looked += 1;
        if enter(&boxes[starts[level] + index], at..next.min(leaves)) {
            if level > 0 {
                level -= 1;
                continue;
            }
            leaf(at);
        }
        at = next;
        // Where a whole group is done, go on with its neighbour's box.
        while level < top && at & ((1 << ((level as u32 + 1) * FAN_OUT_BITS)) - 1) == 0 {
            level += 1;
        }
    }
    looked
}
