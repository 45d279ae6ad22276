//! Cutting rings down to a window: what the overlay need not see is left out.
//!
//! Every run of consecutive edges that lies wholly beyond one side of the window gives way to its chord. Chord and run lie in the same
//! half-plane, which doesn't meet the window, so the rings wind around every point of the window as often as before.
//! No coordinate is computed, so nothing is rounded. Outside the window the rings may cross themselves.

use super::prepared::{Frame, Path, Seen, SmallBox};
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
    rings(shape.rings().map(Path::plain), window, &Frame::of(window), &mut Seen::default())
}

/// Returns rings within a window; their boxes are in `frame`.
pub(super) fn rings<'a>(
    rings: impl Iterator<Item = Path<'a>>,
    window: &BoundingBox,
    frame: &Frame,
    seen: &mut Seen,
) -> Windowed {
    let window = window.grown(MARGIN_M);
    let small = frame.small(&window);
    let mut found = Windowed::default();
    for path in rings {
        let mut kept = Vec::new();
        found.live += cut_ring(&path, &window, &small, &mut kept, seen);
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

/// What is kept of a ring while its edges, or runs of them, go by.
struct Cut<'k> {
    kept: &'k mut Vec<Coord>,
    /// The sides beyond which all edges since the last kept vertex lie; 0 if the last edge is live.
    run: u8,
    live: usize,
}

impl Cut<'_> {
    /// Goes on from `last` by what lies beyond the sides `beyond`.
    #[inline]
    fn step(&mut self, last: Coord, beyond: u8) {
        self.live += usize::from(beyond == 0);
        if self.run & beyond != 0 {
            self.run &= beyond;
        } else {
            if self.kept.last() != Some(&last) {
                self.kept.push(last);
            }
            self.run = beyond;
        }
    }
}

/// Appends the ring within the window to `kept` and returns how many edges are live.
fn cut_ring(path: &Path<'_>, window: &BoundingBox, small: &SmallBox, kept: &mut Vec<Coord>, seen: &mut Seen) -> usize {
    let coords = path.coords;
    let (Some(&first), Some(&last)) = (coords.first(), coords.last()) else { return 0 };
    kept.push(first);
    let cut = std::cell::RefCell::new(Cut { kept, run: 0, live: 0 });
    path.visit(
        |bounds, edges| {
            let beyond = run_beyond(bounds, small);
            if beyond != 0 {
                cut.borrow_mut().step(coords[edges.start], beyond);
            }
            beyond == 0
        },
        |edges| {
            let mut cut = cut.borrow_mut();
            let mut last_code = beyond(coords[edges.start], window);
            for edge in edges {
                let code = beyond(coords[edge + 1], window);
                cut.step(coords[edge], last_code & code);
                last_code = code;
            }
        },
        seen,
    );
    let Cut { kept, live, .. } = cut.into_inner();
    kept.push(last);
    live
}

/// Returns the sides of the window beyond which a run lies as a whole.
fn run_beyond(run: &SmallBox, window: &SmallBox) -> u8 {
    let side = |is: bool, code: u8| if is { code } else { 0 };
    side(run.max[0] < window.min[0], LEFT)
        | side(run.min[0] > window.max[0], RIGHT)
        | side(run.max[1] < window.min[1], BELOW)
        | side(run.min[1] > window.max[1], ABOVE)
}

/// Returns the sides of the window beyond which a point lies.
fn beyond(point: Coord, window: &BoundingBox) -> u8 {
    let side = |is: bool, code: u8| if is { code } else { 0 };
    side(point.x < window.min.x, LEFT)
        | side(point.x > window.max.x, RIGHT)
        | side(point.y < window.min.y, BELOW)
        | side(point.y > window.max.y, ABOVE)
}
