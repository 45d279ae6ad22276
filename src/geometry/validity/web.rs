//! Where the edges of rings meet.
//!
//! Edges are taken in runs of a few that follow each other. Most runs are told by the directions of their edges to meet neither themselves nor the
//! next ([`super::chains`]), in one pass over the coordinates; small rings that are star-shaped are told so at once. The boxes of the runs of a ring
//! lie under boxes of more of them, as rings do that are near each other; this pyramid is joined with itself. On boundaries of land that is some five
//! comparisons of boxes for an edge.

use std::cell::Cell;
use std::cmp::Ordering;
use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::chains::{around, do_part, is_simple, runs_left_around};
use super::rings::is_spike;
use crate::geometry::edges::{Contact, Edge, contact, side};
use crate::geometry::packed;
use crate::geometry::pyramid::{self, Frame, SmallBox};
use crate::geometry::{BoundingBox, Coord};

/// Consecutive edges in a run.
const RUN: usize = 8;

/// Rings of at most so many edges are tried for being star-shaped.
const STAR: usize = 64;

/// So many rings are taken as they come.
const FEW: usize = 16;

/// The ring of an edge and its place in that.
pub(super) type Place = (u32, u32);

/// Rings with boxes over their edges.
pub(super) struct Web<'r> {
    pub(super) rings: &'r [&'r [Coord]],
    pub(super) frame: Frame,
    /// The runs, ring by ring.
    pub(super) runs: Runs,
    /// A pyramid over the boxes of the runs.
    pub(super) boxes: Boxes,
    /// The last vertex of each ring.
    pub(super) ends: SmallVec<[End; 8]>,
    /// Boxes compared.
    compared: Cell<u64>,
}

/// The last vertex of a ring, counted by x and then by y.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) point: Coord,
    /// The run it lies in, of all runs.
    pub(super) run: u32,
    /// Whether a ring that does not meet itself and is clean runs counter-clockwise: this vertex shows.
    pub(super) turns_left: bool,
}

type Runs = SmallVec<[Run; 16]>;
type Boxes = SmallVec<[SmallBox; 24]>;

/// That of a ring without edges.
const NOWHERE: End = End { point: Coord { x: 0.0, y: 0.0 }, run: 0, turns_left: false };

/// Consecutive edges of a ring.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) ring: u32,
    pub(super) from: u32,
    pub(super) to: u32,
    /// Whether its edges have a length, are no tips of spikes, and meet in the vertices between them only.
    is_simple: bool,
    /// Whether they meet those of the next run of the ring in the vertex between them only, which is no tip of a spike.
    is_smooth: bool,
}

impl<'r> Web<'r> {
    /// Returns the rings, each closed and of finite coordinates, made ready.
    pub(super) fn new(rings: &'r [&'r [Coord]]) -> Self {
        let count = rings.iter().map(|ring| ring.len().saturating_sub(1).div_ceil(RUN)).sum();
        let origin = rings.iter().find_map(|ring| ring.first()).copied().unwrap_or(Coord { x: 0.0, y: 0.0 });
        let frame = Frame::at(origin);
        let mut runs = Runs::with_capacity(count);
        let mut boxes = Boxes::with_capacity(pyramid::size(count));
        let mut ends = SmallVec::from_elem(NOWHERE, rings.len());
        let mut add = |ring: usize| ends[ring] = append_runs((ring as u32, rings[ring]), &frame, &mut runs, &mut boxes);
        if rings.len() <= FEW {
            (0..rings.len()).for_each(&mut add);
        } else {
            let starts = |ring: &&[Coord]| ring.first().map(|&at| frame.small(&BoundingBox { min: at, max: at }));
            let starts: Vec<SmallBox> = rings.iter().map(|ring| starts(ring).unwrap_or(SmallBox::EMPTY)).collect();
            packed::order(&starts).into_iter().for_each(|ring| add(ring as usize));
        }
        pyramid::build_up(&mut boxes, 0);
        Web { rings, frame, runs, boxes, ends, compared: Cell::new(0) }
    }

    /// Returns how many boxes were compared.
    #[cfg(test)]
    pub(super) fn compared(&self) -> u64 {
        self.compared.get()
    }

    pub(super) fn count(&self, boxes: u64) {
        self.compared.set(self.compared.get() + boxes);
    }

    /// Returns the vertices of a run.
    pub(super) fn coords(&self, run: &Run) -> &'r [Coord] {
        &self.rings[run.ring as usize][run.from as usize..=run.to as usize]
    }

    /// Tells whether all rings have at least three edges, are closed, and have neither repeated points nor spikes.
    pub(super) fn is_clean(&self) -> bool {
        self.rings.iter().all(|ring| ring.len() > 3 && ring.first() == ring.last())
            && self.runs.iter().filter(|run| !(run.is_simple && run.is_smooth)).all(|run| self.is_run_clean(run))
    }

    /// Tells whether the edges of a run have a length, and the vertices at their ends are no tips of spikes.
    fn is_run_clean(&self, run: &Run) -> bool {
        let ring = self.rings[run.ring as usize];
        let (from, to) = (run.from as usize, run.to as usize);
        let behind = ring.get(to + 1).unwrap_or(&ring[1]);
        let coords = &ring[from..=to];
        (run.is_simple
            || coords.windows(2).all(|pair| pair[0] != pair[1])
                && !coords.windows(3).any(|three| is_spike(three[0], three[1], three[2])))
            && (run.is_smooth || !is_spike(ring[to - 1], ring[to], *behind))
    }

    /// Calls `visit` with each two edges that meet and are not neighbours in their ring, the lesser place first, in no order that means
    /// anything, until it breaks.
    pub(super) fn contacts(&self, visit: &mut dyn FnMut(Place, Place, Contact) -> ControlFlow<()>) -> ControlFlow<()> {
        self.contacts_along(visit)?;
        self.each_near(&mut |one, other| self.between_runs(one, other, visit))
    }

    /// Finds contacts within runs, and between those that follow each other.
    pub(super) fn contacts_along(
        &self,
        visit: &mut dyn FnMut(Place, Place, Contact) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for of_ring in self.runs.chunk_by(|one, next| one.ring == next.ring) {
            for (at, run) in of_ring.iter().enumerate() {
                if !run.is_simple {
                    self.within_run(run, visit)?;
                }
                // Of two runs each follows the other.
                if !run.is_smooth && (of_ring.len() > 2 || at + 1 < of_ring.len()) {
                    self.between_runs(run, &of_ring[(at + 1) % of_ring.len()], visit)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Calls `each` with every two runs whose boxes may meet, but for those that follow each other, until it breaks.
    pub(super) fn each_near(&self, each: &mut dyn FnMut(&Run, &Run) -> ControlFlow<()>) -> ControlFlow<()> {
        let (all, compared) = pyramid::meeting_pairs(&self.boxes, self.runs.len(), &mut |one, other| {
            let (one, other) = (&self.runs[one], &self.runs[other]);
            if self.do_follow(one, other) { ControlFlow::Continue(()) } else { each(one, other) }
        });
        self.count(compared);
        all
    }

    fn do_follow(&self, one: &Run, other: &Run) -> bool {
        let last = || self.rings[one.ring as usize].len() as u32 - 1;
        one.ring == other.ring
            && (one.to == other.from
                || other.to == one.from
                || (one.from == 0 && other.to == last())
                || (other.from == 0 && one.to == last()))
    }

    fn within_run(
        &self,
        run: &Run,
        visit: &mut dyn FnMut(Place, Place, Contact) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.count((RUN * RUN / 2) as u64);
        let boxes = edge_boxes(self.coords(run));
        for one in 0..run.to - run.from {
            for other in one + 2..run.to - run.from {
                if boxes[one as usize].intersects(&boxes[other as usize]) {
                    self.meet((run.ring, run.from + one), (run.ring, run.from + other), visit)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    pub(super) fn between_runs(
        &self,
        first: &Run,
        second: &Run,
        visit: &mut dyn FnMut(Place, Place, Contact) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (of_first, of_second) = (self.coords(first), self.coords(second));
        let common = BoundingBox::around(of_first).common(&BoundingBox::around(of_second));
        let (boxes, next_boxes) = (edge_boxes(of_first), edge_boxes(of_second));
        self.count((2 * RUN) as u64);
        for (edge, bounds) in (first.from..).zip(&boxes).filter(|(_, bounds)| bounds.intersects(&common)) {
            self.count(RUN as u64);
            for (next, _) in (second.from..).zip(&next_boxes).filter(|(_, other)| other.intersects(bounds)) {
                self.meet((first.ring, edge), (second.ring, next), visit)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn meet(
        &self,
        one: Place,
        other: Place,
        visit: &mut dyn FnMut(Place, Place, Contact) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (one, other) = (one.min(other), one.max(other));
        let edge = |place: Place| edge_of(self.rings[place.0 as usize], place.1);
        if are_neighbours(self.rings, one, other) {
            return ControlFlow::Continue(());
        }
        match contact(&edge(one), &edge(other)) {
            Contact::Apart => ControlFlow::Continue(()),
            found => visit(one, other, found),
        }
    }
}

/// Tells whether one edge follows the other in its ring.
pub(super) fn are_neighbours(rings: &[&[Coord]], one: Place, other: Place) -> bool {
    let apart = one.1.abs_diff(other.1);
    one.0 == other.0 && (apart == 1 || apart == rings[one.0 as usize].len() as u32 - 2)
}

pub(super) fn edge_of(coords: &[Coord], edge: u32) -> Edge {
    Edge::new(coords[edge as usize], coords[edge as usize + 1])
}

/// Returns the boxes of the edges of a run; those behind the last are empty.
fn edge_boxes(coords: &[Coord]) -> [BoundingBox; RUN] {
    let mut boxes = [BoundingBox::EMPTY; RUN];
    for (bounds, pair) in boxes.iter_mut().zip(coords.windows(2)) {
        let ((left, right), (low, high)) = (sorted(pair[0].x, pair[1].x), sorted(pair[0].y, pair[1].y));
        *bounds = BoundingBox { min: Coord { x: left, y: low }, max: Coord { x: right, y: high } };
    }
    boxes
}

#[inline]
fn sorted(one: f64, other: f64) -> (f64, f64) {
    if other < one { (other, one) } else { (one, other) }
}

/// Appends the runs of a ring and their boxes, and returns its last vertex.
fn append_runs((number, ring): (u32, &[Coord]), frame: &Frame, runs: &mut Runs, boxes: &mut Boxes) -> End {
    let edges = ring.len().saturating_sub(1);
    let first = runs.len();
    let is_star = edges <= STAR && runs_left_around(BoundingBox::around(ring).middle(), ring).is_some();
    let (mut last, mut last_ways) = (BoundingBox::EMPTY, 0);
    for from in (0..edges).step_by(RUN) {
        let to = (from + RUN).min(edges);
        let coords = &ring[from..=to];
        let (bounds, ways) = around(coords);
        boxes.push(frame.small(&bounds));
        // What the next run settles of this one: whether they meet in the vertex between them only.
        if let Some(run) = runs[first..].last_mut() {
            run.is_smooth =
                is_star || last_ways & ways != 0 || do_part(&ring[from - RUN..=from], coords, &last.merged(&bounds));
        }
        let is_simple = is_star || ways != 0 || is_simple(coords, &bounds);
        runs.push(Run { ring: number, from: from as u32, to: to as u32, is_simple, is_smooth: is_star });
        (last, last_ways) = (bounds, ways);
    }
    // Of two runs each follows the other.
    if let [start, _, .., end] = &mut runs[first..] {
        let (rest, start) = (&ring[end.from as usize..], &ring[..=start.to as usize]);
        end.is_smooth = is_star || do_part(rest, start, &last.merged(&BoundingBox::around(start)));
    }
    let east =
        boxes[first..].iter().fold(f32::NEG_INFINITY, |east, one| if one.max[0] > east { one.max[0] } else { east });
    let mut end = 0;
    for run in runs[first..].iter().zip(&boxes[first..]).filter(|(_, bounds)| bounds.max[0] == east).map(|(run, _)| run)
    {
        for vertex in run.from as usize..run.to as usize {
            let (one, last) = (ring[vertex], ring[end]);
            if one.x > last.x || (one.x == last.x && one.y > last.y) {
                end = vertex;
            }
        }
    }
    let [.., before, _] = ring else { return NOWHERE };
    let before = if end == 0 { *before } else { ring[end - 1] };
    let turns_left = edges > 2 && side(before, ring[end], ring[end + 1]) == Ordering::Greater;
    End { point: ring[end], run: (first + end / RUN) as u32, turns_left }
}
