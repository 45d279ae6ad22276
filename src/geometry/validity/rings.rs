//! One ring at a time: closed, without repeated points and spikes, in the right direction.

use std::cmp::Ordering;

use super::{Fault, FaultKind};
use crate::geometry::Coord;
use crate::geometry::edges::{side, signed_area};

/// A ring that is closed and has no repeated points and no spikes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ring<'r> {
    /// Which polygon it is of.
    pub(super) polygon: usize,
    /// Whether it is the first of its polygon.
    pub(super) is_shell: bool,
    /// Its coordinates, the first again as the last; shells counter-clockwise, holes clockwise.
    pub(super) coords: &'r [Coord],
}

/// Puts a ring right, and tells whether anything is left of it. A hole that vanishes is a fault repaired, a shell is not.
pub(super) fn clean(coords: &mut Vec<Coord>, is_shell: bool, faults: &mut Vec<Fault>) -> bool {
    let start = coords.first().copied();
    let point = start.unwrap_or(Coord { x: 0.0, y: 0.0 });
    drop_repeated(coords, faults);
    if coords.len() > 1 && coords.first() == coords.last() {
        coords.pop();
    } else if coords.len() > 2 {
        faults.push(Fault::at(FaultKind::Unclosed, point, true));
    }
    if coords.len() < 3 {
        faults.push(Fault::at(FaultKind::TooFewPoints, point, !is_shell));
        return false;
    }
    drop_spikes(coords, faults);
    if coords.len() < 3 {
        faults.push(Fault::at(FaultKind::ZeroArea, point, !is_shell));
        return false;
    }
    coords.extend(coords.first().copied());
    let area = signed_area(coords);
    if (is_shell && area < 0.0) || (!is_shell && area > 0.0) {
        coords.reverse();
        faults.push(Fault::at(FaultKind::WrongDirection, point, true));
    }
    true
}

/// Removes points that equal the one before.
pub(super) fn drop_repeated(coords: &mut Vec<Coord>, faults: &mut Vec<Fault>) {
    if let Some(pair) = coords.windows(2).find(|pair| pair[0] == pair[1]) {
        faults.push(Fault::at(FaultKind::RepeatedPoint, pair[0], true));
        coords.dedup();
    }
}

/// Removes the tips of spikes from a ring without its closing point, until none is left; the area stays as it is.
fn drop_spikes(coords: &mut Vec<Coord>, faults: &mut Vec<Fault>) {
    let seam = [coords[coords.len() - 2], coords[coords.len() - 1], coords[0], coords[1]];
    if !coords.windows(3).chain(seam.windows(3)).any(|three| is_spike(three[0], three[1], three[2])) {
        return;
    }
    let mut first_tip = None;
    let mut kept: Vec<Coord> = Vec::with_capacity(coords.len());
    for &next in coords.iter() {
        kept.push(next);
        while let [.., a, b, c] = kept[..] {
            if !is_spike(a, b, c) {
                break;
            }
            first_tip.get_or_insert(b);
            kept.truncate(kept.len() - 2);
            if a != c {
                kept.push(c);
            }
        }
    }
    // The same across the seam of the ring.
    let mut from = 0;
    while kept.len() - from >= 3 {
        let (first, second) = (kept[from], kept[from + 1]);
        let (last, before) = (kept[kept.len() - 1], kept[kept.len() - 2]);
        if first == last {
            kept.pop();
        } else if is_spike(before, last, first) {
            first_tip.get_or_insert(last);
            kept.pop();
        } else if is_spike(last, first, second) {
            first_tip.get_or_insert(first);
            from += 1;
        } else {
            break;
        }
    }
    if kept.len() - from < 3 {
        from = kept.len();
    }
    kept.drain(..from);
    if let Some(tip) = first_tip {
        faults.push(Fault::at(FaultKind::Spike, tip, true));
        *coords = kept;
    }
}

/// Tells whether the way from `a` to `b` turns straight back towards `c`.
pub(super) fn is_spike(a: Coord, b: Coord, c: Coord) -> bool {
    let (to_a, to_c) = (a - b, c - b);
    to_a.x * to_c.x + to_a.y * to_c.y > 0.0 && side(a, b, c) == Ordering::Equal
}
