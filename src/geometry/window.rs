//! Cutting rings down to a window: what the overlay need not see is left out.
//!
//! Every run of consecutive edges that lies wholly beyond one side of the window gives way to its chord. Chord and run lie in the same
//! half-plane, which doesn't meet the window, so the rings wind around every point of the window as often as before.
//! No coordinate is computed, so nothing is rounded. Outside the window the rings may cross themselves.

use super::{BoundingBox, Coord, ShapeRef};

/// How far beyond a window edges are kept, in metres: more than the grid can move them.
const MARGIN_M: f64 = 1e-3;

const LEFT: u8 = 1;
const RIGHT: u8 = 2;
const BELOW: u8 = 4;
const ABOVE: u8 = 8;

/// A shape within a window.
#[derive(Debug, Default)]
pub(super) struct Windowed {
    /// The closed rings that are left.
    pub(super) rings: Vec<Vec<Coord>>,
    /// How many edges are left that are not wholly beyond one side.
    pub(super) live: usize,
}

/// Returns the rings of a polygon within a window.
pub(super) fn polygon(shape: ShapeRef<'_>, window: &BoundingBox) -> Windowed {
    let window = window.grown(MARGIN_M);
    let mut found = Windowed::default();
    for ring in shape.rings() {
        let mut kept = Vec::new();
        found.live += cut_ring(ring, &window, &mut kept);
        if kept.len() > 3 {
            found.rings.push(kept);
        }
    }
    found
}

/// Returns the stretches of lines that may meet a window.
pub(super) fn lines(shape: ShapeRef<'_>, window: &BoundingBox) -> Vec<Vec<Coord>> {
    let window = window.grown(MARGIN_M);
    let mut found = Vec::new();
    for line in shape.rings() {
        let mut stretch: Vec<Coord> = Vec::new();
        for pair in line.windows(2) {
            if beyond(pair[0], &window) & beyond(pair[1], &window) != 0 {
                found.extend((stretch.len() > 1).then(|| std::mem::take(&mut stretch)));
                stretch.clear();
                continue;
            }
            if stretch.is_empty() {
                stretch.push(pair[0]);
            }
            stretch.push(pair[1]);
        }
        found.extend((stretch.len() > 1).then_some(stretch));
    }
    found
}

/// Appends the ring within the window to `kept` and returns how many edges are live.
fn cut_ring(ring: &[Coord], window: &BoundingBox, kept: &mut Vec<Coord>) -> usize {
    let Some((&first, rest)) = ring.split_first() else { return 0 };
    let mut live = 0;
    // The sides beyond which all edges since the last kept vertex lie; 0 if the last edge is live.
    let mut run = 0;
    let (mut last, mut last_code) = (first, beyond(first, window));
    kept.push(first);
    for &next in rest {
        let code = beyond(next, window);
        let edge = last_code & code;
        live += usize::from(edge == 0);
        if run & edge != 0 {
            run &= edge;
        } else {
            if kept.last() != Some(&last) {
                kept.push(last);
            }
            run = edge;
        }
        (last, last_code) = (next, code);
    }
    kept.push(last);
    live
}

/// Returns the sides of the window beyond which a point lies.
fn beyond(point: Coord, window: &BoundingBox) -> u8 {
    let side = |is: bool, code: u8| if is { code } else { 0 };
    side(point.x < window.min.x, LEFT)
        | side(point.x > window.max.x, RIGHT)
        | side(point.y < window.min.y, BELOW)
        | side(point.y > window.max.y, ABOVE)
}
