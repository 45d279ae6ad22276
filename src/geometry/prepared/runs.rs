//! Rings with boxes over runs of their edges, so that what lies apart from a window is passed over in long strides.

use std::ops::Range;

use crate::geometry::pyramid::{self, Frame, SmallBox};
use crate::geometry::{BoundingBox, Coord};

/// How many consecutive edges the lowest boxes hold.
const RUN: usize = 24;

/// Rings and lines of fewer edges are looked at edge by edge.
const LEAST_EDGES: usize = 96;

/// A ring or line, with the pyramid over its runs if it is long.
#[derive(Debug, Clone, Copy)]
pub(in crate::geometry) struct Path<'a> {
    pub(in crate::geometry) coords: &'a [Coord],
    /// Empty for a short one.
    pub(super) boxes: &'a [SmallBox],
}

impl<'a> Path<'a> {
    /// Returns a path that is looked at edge by edge.
    pub(in crate::geometry) fn plain(coords: &'a [Coord]) -> Self {
        Path { coords, boxes: &[] }
    }

    /// Visits the edges in order, as ranges of edge numbers: edge `i` goes from coordinate `i` to `i + 1`.
    ///
    /// `enter` gets the box of a run and its edges; where it returns `false` they are passed over, else they come to `each` in time.
    #[inline]
    pub(in crate::geometry) fn visit(
        &self,
        mut enter: impl FnMut(&SmallBox, Range<usize>) -> bool,
        mut each: impl FnMut(Range<usize>),
        seen: &mut Seen,
    ) {
        let edges = self.coords.len().saturating_sub(1);
        if self.boxes.is_empty() {
            seen.edges += edges as u64;
            return each(0..edges);
        }
        let mut looked = 0;
        seen.nodes += pyramid::visit(
            self.boxes,
            edges.div_ceil(RUN),
            |bounds, runs| enter(bounds, runs.start * RUN..(runs.end * RUN).min(edges)),
            |run| {
                let range = run * RUN..((run + 1) * RUN).min(edges);
                looked += range.len() as u64;
                each(range);
            },
        );
        seen.edges += looked;
    }
}

impl Path<'_> {
    /// Returns how many runs have boxes; 0 for a short path.
    pub(super) fn run_count(&self) -> usize {
        if self.boxes.is_empty() { 0 } else { self.coords.len().saturating_sub(1).div_ceil(RUN) }
    }

    /// Returns the coordinates of a run, with those of both its ends.
    pub(super) fn run(&self, run: usize) -> &[Coord] {
        &self.coords[run * RUN..=((run + 1) * RUN).min(self.coords.len() - 1)]
    }
}

/// How many boxes and edges were looked at.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(in crate::geometry) struct Seen {
    pub(super) nodes: u64,
    pub(super) edges: u64,
}

/// Returns how many boxes the pyramid over a path of so many coordinates has; 0 for a short one.
pub(super) fn box_count(coords: usize) -> usize {
    let edges = coords.saturating_sub(1);
    if edges < LEAST_EDGES { 0 } else { pyramid::size(edges.div_ceil(RUN)) }
}

/// Appends the pyramid over the runs of a path to `boxes`; nothing for a short one. Returns the box around the path.
pub(super) fn append_boxes(coords: &[Coord], frame: &Frame, boxes: &mut Vec<SmallBox>) -> BoundingBox {
    if box_count(coords.len()) == 0 {
        return BoundingBox::around(coords);
    }
    let first = boxes.len();
    let mut all = BoundingBox::EMPTY;
    let edges = coords.len() - 1;
    for start in (0..edges).step_by(RUN) {
        let bounds = BoundingBox::around(&coords[start..=(start + RUN).min(edges)]);
        all = all.merged(&bounds);
        boxes.push(frame.small(&bounds));
    }
    pyramid::build_up(boxes, first);
    all
}
