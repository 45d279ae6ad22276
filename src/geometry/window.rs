//! Cutting rings down to a window: what the overlay need not see is left out.
//!
//! Every run of consecutive edges that lies wholly beyond one side of the window gives way to its chord. Chord and run lie in the same
//! half-plane, which doesn't meet the window, so the rings wind around every point of the window as often as before.
//! No coordinate is computed, so nothing is rounded. Outside the window the rings may cross themselves.

use super::prepared::{Path, Seen};
use super::pyramid::{Frame, SmallBox};
use super::{BoundingBox, Coord, ShapeRef};

/// How far beyond a window edges are kept, in metres: more than the grid can move them.
const MARGIN_M: f64 = 1e-3;

const LEFT: u8 = 1;
const RIGHT: u8 = 2;
const BELOW: u8 = 4;
const ABOVE: u8 = 8;
const BEHIND: u8 = 16;
const AHEAD: u8 = 32;
const ASIDE_RIGHT: u8 = 64;
const ASIDE_LEFT: u8 = 128;

/// A box around a long shape that lies along it: four more sides beyond which edges give way to chords. Whoever meets the rings
/// within it must lie inside it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slant {
    origin: Coord,
    along: Coord,
    min: Coord,
    max: Coord,
}

impl Slant {
    /// Returns the box along the direction in which the coordinates spread most.
    pub(super) fn around(coords: &[Coord]) -> Option<Self> {
        let origin = *coords.first()?;
        let count = coords.len() as f64;
        let middle = coords.iter().fold(Coord { x: 0.0, y: 0.0 }, |sum, coord| sum + (*coord - origin)) / count;
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for coord in coords {
            let off = *coord - origin - middle;
            (xx, xy, yy) = (xx + off.x * off.x, xy + off.x * off.y, yy + off.y * off.y);
        }
        let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
        let along = Coord { x: angle.cos(), y: angle.sin() };
        let mut slant = Slant { origin, along, min: origin, max: origin };
        let local = BoundingBox::around(&coords.iter().map(|coord| slant.local(*coord)).collect::<Vec<_>>());
        let local = local.grown(MARGIN_M);
        (slant.min, slant.max) = (local.min, local.max);
        Some(slant)
    }

    fn local(&self, coord: Coord) -> Coord {
        let (off, along) = (coord - self.origin, self.along);
        Coord { x: off.x * along.x + off.y * along.y, y: off.y * along.x - off.x * along.y }
    }

    fn beyond(&self, min: Coord, max: Coord) -> u8 {
        let side = |is: bool, code: u8| if is { code } else { 0 };
        side(max.x < self.min.x, BEHIND)
            | side(min.x > self.max.x, AHEAD)
            | side(max.y < self.min.y, ASIDE_RIGHT)
            | side(min.y > self.max.y, ASIDE_LEFT)
    }

    /// Returns the sides beyond which a box lies as a whole.
    fn box_beyond(&self, bounds: &BoundingBox) -> u8 {
        let middle = self.local((bounds.min + bounds.max) * 0.5);
        let half = (bounds.max - bounds.min) * 0.5;
        let (x, y) = (self.along.x.abs(), self.along.y.abs());
        let reach = Coord { x: half.x * x + half.y * y, y: half.y * x + half.x * y };
        self.beyond(middle - reach, middle + reach)
    }
}

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
    rings(shape.rings().map(Path::plain), window, None, &Frame::of(window), &mut Seen::default())
}

/// Returns rings within a window, and within a slanted box if one is given; their own boxes are in `frame`.
pub(super) fn rings<'a>(
    rings: impl Iterator<Item = Path<'a>>,
    window: &BoundingBox,
    slant: Option<&Slant>,
    frame: &Frame,
    seen: &mut Seen,
) -> Windowed {
    let bounds = window.grown(MARGIN_M);
    let sides = Sides { small: frame.small(&bounds), bounds, slant, frame };
    let mut found = Windowed::default();
    for path in rings {
        let mut kept = Vec::new();
        found.live += cut_ring(&path, &sides, &mut kept, seen);
        if kept.len() > 3 {
            found.rings.push(kept);
        }
    }
    found
}

/// The sides of a window.
struct Sides<'s> {
    bounds: BoundingBox,
    small: SmallBox,
    slant: Option<&'s Slant>,
    frame: &'s Frame,
}

impl Sides<'_> {
    #[inline]
    fn beyond(&self, point: Coord) -> u8 {
        let slanted = |slant: &Slant| {
            let local = slant.local(point);
            slant.beyond(local, local)
        };
        beyond(point, &self.bounds) | self.slant.map_or(0, slanted)
    }

    fn run_beyond(&self, run: &SmallBox) -> u8 {
        let straight = run_beyond(run, &self.small);
        match self.slant {
            Some(slant) if straight == 0 => slant.box_beyond(&self.frame.bounds(run)),
            Some(_) | None => straight,
        }
    }
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
fn cut_ring(path: &Path<'_>, sides: &Sides<'_>, kept: &mut Vec<Coord>, seen: &mut Seen) -> usize {
    let coords = path.coords;
    let (Some(&first), Some(&last)) = (coords.first(), coords.last()) else { return 0 };
    kept.push(first);
    let cut = std::cell::RefCell::new(Cut { kept, run: 0, live: 0 });
    path.visit(
        |bounds, edges| {
            let beyond = sides.run_beyond(bounds);
            if beyond != 0 {
                cut.borrow_mut().step(coords[edges.start], beyond);
            }
            beyond == 0
        },
        |edges| {
            let mut cut = cut.borrow_mut();
            let mut last_code = sides.beyond(coords[edges.start]);
            for edge in edges {
                let code = sides.beyond(coords[edge + 1]);
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
