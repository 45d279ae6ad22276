//! An index over boxes that never change, as those of the rings of a layer.
//!
//! The boxes stand in the order of a Hilbert curve through their middles, with a pyramid over them. Against `rstar`, bulk-loaded with the
//! same boxes, it is built in half the time, takes less than half the memory and answers as fast; the bench `overlay` measures both side
//! by side.

use super::pyramid::{self, SmallBox};

/// The packed index; what it finds are the numbers that the boxes had.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    /// The pyramid over the boxes that are not empty.
    pub(super) boxes: Vec<SmallBox>,
    /// The number of each of its leaves.
    pub(super) items: Vec<u32>,
}

impl Packed {
    /// Returns the index over boxes, which are numbered as they come; empty ones are left out.
    pub(super) fn build(bounds: &[SmallBox]) -> Self {
        let items = order(bounds);
        let mut boxes = Vec::with_capacity(pyramid::size(items.len()));
        boxes.extend(items.iter().map(|item| bounds[*item as usize]));
        pyramid::build_up(&mut boxes, 0);
        Packed { boxes, items }
    }

    /// Appends each whose box may meet `query`, with its box, in no order of use; returns how many boxes were looked at.
    pub(super) fn search(&self, query: &SmallBox, found: &mut Vec<(u32, SmallBox)>) -> u64 {
        pyramid::meeting(&self.boxes, self.items.len(), query, |at| found.push((self.items[at], self.boxes[at])))
    }

    /// Returns the memory it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        std::mem::size_of_val(self.boxes.as_slice()) + std::mem::size_of_val(self.items.as_slice())
    }
}

/// Returns the numbers of boxes in an order that keeps together what is near; empty ones are left out.
pub(super) fn order(bounds: &[SmallBox]) -> Vec<u32> {
    let all = bounds.iter().filter(|one| !one.is_empty());
    let (mut min, mut max) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
    for middle in all.map(middle) {
        for axis in 0..2 {
            min[axis] = min[axis].min(middle[axis]);
            max[axis] = max[axis].max(middle[axis]);
        }
    }
    let scale = [0, 1].map(|axis| if max[axis] > min[axis] { 65_535.0 / (max[axis] - min[axis]) } else { 0.0 });
    let place = |one: &SmallBox| {
        let at = middle(one);
        hilbert(((at[0] - min[0]) * scale[0]) as u32, ((at[1] - min[1]) * scale[1]) as u32)
    };
    let filled = bounds.iter().enumerate().filter(|(_, one)| !one.is_empty());
    let mut keyed: Vec<u64> = filled.map(|(item, one)| u64::from(place(one)) << 32 | u64::from(item as u32)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|key| key as u32).collect()
}

/// Returns how far it is from box to box in an order, along both axes; empty ones are left out.
pub(super) fn way(bounds: &[SmallBox], order: impl Iterator<Item = u32>) -> f64 {
    let mut middles = order.map(|item| &bounds[item as usize]).filter(|one| !one.is_empty()).map(middle);
    let Some(mut last) = middles.next() else { return 0.0 };
    let mut way = 0.0;
    for at in middles {
        way += f64::from((at[0] - last[0]).abs()) + f64::from((at[1] - last[1]).abs());
        last = at;
    }
    way
}

fn middle(one: &SmallBox) -> [f32; 2] {
    [(one.min[0] + one.max[0]) * 0.5, (one.min[1] + one.max[1]) * 0.5]
}

/// Returns how far along a Hilbert curve through a square of 65,536 cells a side a cell lies.
fn hilbert(mut x: u32, mut y: u32) -> u32 {
    let mut along = 0;
    for bit in (0..16).rev() {
        let (right, up) = (x >> bit & 1, y >> bit & 1);
        along = along << 2 | (3 * right) ^ up;
        if up == 0 {
            if right == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    along
}
