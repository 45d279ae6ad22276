//! What the direction of edges tells of rings and of edges that follow each other: that they meet in the vertices they share and nowhere else.
//!
//! Where it tells nothing, nothing is known. What it tells holds exactly: numbers are trusted only as far as rounding cannot change what follows.

use crate::geometry::{BoundingBox, Coord};

/// A sum of two products of differences is computed within three units of rounding of the magnitude of the products; more than twice that is asked for …
const MARGIN: f64 = 4.0 * f64::EPSILON;

/// … and more than products can lose that are too small for a double.
const TINY: f64 = 1e-290;

/// Returns whether a closed ring runs counter-clockwise, if it is surely star-shaped about a point: every edge passes the point on the same side,
/// and all together go round it once. Such a ring neither meets itself nor has repeated points or spikes.
pub(super) fn runs_left_around(middle: Coord, ring: &[Coord]) -> Option<bool> {
    let (mut left, mut right, mut rises) = (true, true, 0u32);
    for pair in ring.windows(2) {
        let (from, to) = (pair[0] - middle, pair[1] - middle);
        let (ahead, back) = (from.x * to.y, from.y * to.x);
        let (turn, margin) = (ahead - back, MARGIN * (ahead.abs() + back.abs()) + TINY);
        left &= turn > margin;
        right &= turn < -margin;
        rises += u32::from((from.y <= 0.0) & (to.y > 0.0));
    }
    (ring.first() == ring.last() && rises == 1 && (left || right)).then_some(left)
}

/// Returns the box around the vertices of edges and, as bits, the directions in which all of them lead: east, west, north, south.
#[inline]
pub(super) fn around(coords: &[Coord]) -> (BoundingBox, u8) {
    let (mut least, mut most) = (BoundingBox::EMPTY.min, BoundingBox::EMPTY.max);
    for pair in coords.windows(2) {
        let by = pair[1] - pair[0];
        least =
            Coord { x: if by.x < least.x { by.x } else { least.x }, y: if by.y < least.y { by.y } else { least.y } };
        most = Coord { x: if by.x > most.x { by.x } else { most.x }, y: if by.y > most.y { by.y } else { most.y } };
    }
    // A difference has the sign of the comparison.
    let ways = u8::from(least.x > 0.0)
        | u8::from(most.x < 0.0) << 1
        | u8::from(least.y > 0.0) << 2
        | u8::from(most.y < 0.0) << 3;
    (BoundingBox::around(coords), ways)
}

/// Tells whether edges that follow each other surely have a length, are tips of no spikes, and meet in the vertices between them only. All lie in a box.
pub(super) fn is_simple(coords: &[Coord], within: &BoundingBox) -> bool {
    let chord = coords[coords.len() - 1] - coords[0];
    let margin = margin(chord, within);
    let leads_along =
        coords.windows(2).fold(f64::INFINITY, |least, pair| lesser(least, along(chord, pair[0], pair[1])));
    if leads_along > margin {
        return true;
    }
    let middle = coords.len() / 2;
    coords.len() > 2
        && is_simple(&coords[..=middle], within)
        && is_simple(&coords[middle..], within)
        && do_part(&coords[..=middle], &coords[middle..], within)
}

/// Tells whether a line through the vertex between edges and those that follow surely has all others of the former on one side, and all others of the
/// latter on the other. All lie in a box.
#[inline]
pub(super) fn do_part(one: &[Coord], next: &[Coord], within: &BoundingBox) -> bool {
    let (at, before, behind) = (next[0], &one[..one.len() - 1], &next[1..]);
    let size = |chord: Coord| chord.x.abs() + chord.y.abs();
    let (first, second) = (at - one[0], next[next.len() - 1] - at);
    let across = first * size(second) + second * size(first);
    let least = before.iter().fold(f64::INFINITY, |least, from| lesser(least, along(across, *from, at)));
    let least = behind.iter().fold(least, |least, to| lesser(least, along(across, at, *to)));
    least > margin(across, within)
}

/// Returns how far it is from one point to another along a direction.
#[inline]
fn along(direction: Coord, from: Coord, to: Coord) -> f64 {
    let by = to - from;
    by.x * direction.x + by.y * direction.y
}

/// Returns more than rounding can change what [`along`] tells of points in a box.
#[inline]
fn margin(direction: Coord, within: &BoundingBox) -> f64 {
    let reach = within.max - within.min;
    MARGIN * (reach.x * direction.x.abs() + reach.y * direction.y.abs()) + TINY
}

#[inline]
fn lesser(one: f64, other: f64) -> f64 {
    if other < one { other } else { one }
}
