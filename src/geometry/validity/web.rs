//! Where the edges of rings meet.
//!
//! Edges are taken in runs of a few that follow each other. Where all edges of a run and of the next lead the same way - along an axis, or
//! along the line from the first of their vertices to the last - they meet in the vertices they share and nowhere else, and are clean: most
//! are settled so, in one pass over the coordinates. The boxes of the runs of a ring lie under boxes of more of them, as rings do that are near each
//! other; this pyramid is joined with itself. On boundaries of land that is some ten comparisons of boxes for an edge.

use std::cell::Cell;
use std::cmp::Ordering;
use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::rings::is_spike;
use crate::geometry::edges::{Contact, Edge, contact, side};
use crate::geometry::packed;
use crate::geometry::pyramid::{self, Frame, SmallBox};
use crate::geometry::{BoundingBox, Coord};

/// Consecutive edges in a run.
const RUN: usize = 4;

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
    /// The last vertex of each ring, counted by x and then by y.
    pub(super) ends: SmallVec<[u32; 8]>,
    /// Boxes compared.
    compared: Cell<u64>,
}

type Runs = SmallVec<[Run; 16]>;
type Boxes = SmallVec<[SmallBox; 24]>;

/// Consecutive edges of a ring.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) ring: u32,
    pub(super) from: u32,
    pub(super) to: u32,
    /// Whether its edges lead one way, so that they meet in the vertices between them only.
    is_straight: bool,
    /// Whether its edges and those of the next run of the ring do.
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
        let mut ends = SmallVec::from_elem(0, rings.len());
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

    /// Tells whether a ring that does not meet itself and is clean runs counter-clockwise: its last vertex shows.
    pub(super) fn turns_left(&self, ring: usize) -> bool {
        let coords = self.rings[ring];
        let at = self.ends[ring] as usize;
        let before = if at == 0 { coords.len() - 2 } else { at - 1 };
        coords.len() > 3 && side(coords[before], coords[at], coords[at + 1]) == Ordering::Greater
    }

    /// Tells whether all rings have at least three edges, are closed, and have neither repeated points nor spikes.
    pub(super) fn is_clean(&self) -> bool {
        self.rings.iter().all(|ring| ring.len() > 3 && ring.first() == ring.last())
            && self.runs.iter().filter(|run| !run.is_smooth).all(|run| self.is_run_clean(run))
    }

    /// Tells whether the edges of a run have a length, and the vertices at their ends are no tips of spikes.
    fn is_run_clean(&self, run: &Run) -> bool {
        let ring = self.rings[run.ring as usize];
        let (from, to) = (run.from as usize, run.to as usize);
        let behind = ring.get(to + 1).unwrap_or(&ring[1]);
        let coords = &ring[from..=to];
        (run.is_straight
            || coords.windows(2).all(|pair| pair[0] != pair[1])
                && !coords.windows(3).any(|three| is_spike(three[0], three[1], three[2])))
            && !is_spike(ring[to - 1], ring[to], *behind)
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
            for (at, run) in of_ring.iter().enumerate().filter(|(_, run)| !run.is_smooth) {
                if !run.is_straight {
                    self.within_run(run, visit)?;
                }
                // Of two runs each follows the other.
                if of_ring.len() > 2 || at + 1 < of_ring.len() {
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
        for one in run.from..run.to {
            for other in one + 2..run.to {
                self.meet((run.ring, one), (run.ring, other), visit)?;
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
        let coords = |run: &Run| &self.rings[run.ring as usize][run.from as usize..=run.to as usize];
        let (of_first, of_second) = (coords(first), coords(second));
        let common = BoundingBox::around(of_first).common(&BoundingBox::around(of_second));
        let near = |coords: &[Coord]| {
            let mut found = [(0u32, BoundingBox::EMPTY); RUN];
            let mut count = 0;
            for (at, pair) in coords.windows(2).enumerate() {
                let bounds = BoundingBox::around(pair);
                if bounds.intersects(&common) {
                    found[count] = (at as u32, bounds);
                    count += 1;
                }
            }
            (found, count)
        };
        let ((firsts, count), (seconds, second_count)) = (near(of_first), near(of_second));
        self.count((2 * RUN + count * second_count) as u64);
        for (edge, bounds) in &firsts[..count] {
            for (next, next_bounds) in &seconds[..second_count] {
                if bounds.intersects(next_bounds) {
                    self.meet((first.ring, first.from + edge), (second.ring, second.from + next), visit)?;
                }
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

/// Appends the runs of a ring and their boxes, and returns its last vertex, never the closing one.
fn append_runs((number, ring): (u32, &[Coord]), frame: &Frame, runs: &mut Runs, boxes: &mut Boxes) -> u32 {
    let edges = ring.len().saturating_sub(1);
    let first = runs.len();
    let mut last_ways = 0;
    for from in (0..edges).step_by(RUN) {
        let to = (from + RUN).min(edges);
        let coords = &ring[from..=to];
        let (bounds, ways) = around(coords);
        boxes.push(frame.small(&bounds));
        // What the next run settles of this one: whether both lead one way.
        if let Some(last) = runs[first..].last_mut() {
            last.is_smooth = last_ways & ways != 0 || lead_on(&ring[from - RUN..=from], coords);
        }
        let is_straight = ways != 0 || leads_along(coords, coords[coords.len() - 1] - coords[0]);
        runs.push(Run { ring: number, from: from as u32, to: to as u32, is_straight, is_smooth: false });
        last_ways = ways;
    }
    // Of two runs no direction is that of all.
    if let [start, _, .., end] = &mut runs[first..] {
        let (rest, start) = (&ring[end.from as usize..], &ring[..=start.to as usize]);
        end.is_smooth = lead_on(rest, start);
    }
    let east =
        boxes[first..].iter().fold(f32::NEG_INFINITY, |east, one| if one.max[0] > east { one.max[0] } else { east });
    let mut last = 0;
    for (run, _) in runs[first..].iter().zip(&boxes[first..]).filter(|(_, one)| one.max[0] == east) {
        for at in run.from..run.to {
            let (one, best) = (ring[at as usize], ring[last as usize]);
            if one.x > best.x || (one.x == best.x && one.y > best.y) {
                last = at;
            }
        }
    }
    last
}

/// Returns the box around the vertices of edges and, as bits, the directions in which all of them lead: east, west, north, south.
#[inline]
fn around(coords: &[Coord]) -> (BoundingBox, u8) {
    let ways = coords.windows(2).fold(0b1111, |ways, pair| {
        let (from, to) = (pair[0], pair[1]);
        ways & (u8::from(to.x > from.x)
            | u8::from(to.x < from.x) << 1
            | u8::from(to.y > from.y) << 2
            | u8::from(to.y < from.y) << 3)
    });
    (BoundingBox::around(coords), ways)
}

/// Tells whether all edges of a run and of the next surely lead along the direction between theirs.
#[inline]
fn lead_on(one: &[Coord], next: &[Coord]) -> bool {
    let chord = |coords: &[Coord]| coords[coords.len() - 1] - coords[0];
    let size = |chord: Coord| chord.x.abs() + chord.y.abs();
    let (first, second) = (chord(one), chord(next));
    let along = first * size(second) + second * size(first);
    leads_along(one, along) && leads_along(next, along)
}

/// Tells whether all edges surely lead along a direction, whichever that is.
///
/// Each step along it is computed within three units of rounding of the magnitude of its two products; more than twice that is asked for, and more
/// than products can lose that are too small for a double.
#[inline]
fn leads_along(coords: &[Coord], along: Coord) -> bool {
    const MARGIN: f64 = 4.0 * f64::EPSILON;
    const TINY: f64 = 1e-290;
    coords.windows(2).fold(true, |all, pair| {
        let by = pair[1] - pair[0];
        let (x, y) = (by.x * along.x, by.y * along.y);
        all & (x + y > MARGIN * (x.abs() + y.abs()) + TINY)
    })
}
