//! Where the edges of rings meet, and which rings lie around a point.
//!
//! Boxes are laid around runs of a few consecutive edges, put in order along a space-filling curve and gathered into boxes of boxes; the
//! tree is joined with itself. On boundaries of land that is some twenty comparisons of boxes for an edge. Boxes cannot tell long
//! slanting edges side by side apart: n of them take n² comparisons.

use std::cell::Cell;
use std::cmp::Ordering;
use std::ops::{ControlFlow, Range};

use smallvec::SmallVec;

use crate::geometry::edges::{Contact, Edge, contact, edge_bounds, side, signed_area};
use crate::geometry::{BoundingBox, Coord};

/// Consecutive edges in a run.
const RUN: usize = 8;

/// Boxes in a box.
const FAN: usize = 8;

/// As many boxes as this are compared each with each.
const FEW: usize = 32;

/// The ring of an edge and its place in that.
pub(super) type Place = (u32, u32);

/// Rings with boxes over their edges.
pub(super) struct Web<'r> {
    rings: &'r [&'r [Coord]],
    runs: Vec<Run>,
    /// The boxes of the runs, and of as many boxes each of the level before, until they are few.
    levels: Vec<Vec<BoundingBox>>,
    /// Boxes compared.
    compared: Cell<u64>,
}

/// Consecutive edges of a ring.
#[derive(Debug, Clone, Copy)]
struct Run {
    ring: u32,
    from: u32,
    to: u32,
}

impl<'r> Web<'r> {
    /// Returns the rings, each closed, made ready.
    pub(super) fn new(rings: &'r [&'r [Coord]]) -> Self {
        let count = rings.iter().map(|ring| ring.len().saturating_sub(1).div_ceil(RUN)).sum();
        let mut runs: Vec<(u32, Run, BoundingBox)> = Vec::with_capacity(count);
        for (number, ring) in rings.iter().enumerate() {
            let edges = ring.len().saturating_sub(1);
            for from in (0..edges).step_by(RUN) {
                let to = (from + RUN).min(edges);
                let run = Run { ring: number as u32, from: from as u32, to: to as u32 };
                runs.push((0, run, BoundingBox::around(&ring[from..=to])));
            }
        }
        if runs.len() > FEW {
            let all = runs.iter().fold(BoundingBox::EMPTY, |all, (_, _, bounds)| all.merged(bounds));
            runs.iter_mut().for_each(|(key, _, bounds)| *key = along_curve(bounds, &all));
            runs.sort_by_key(|(key, _, _)| *key);
        }
        let mut levels = vec![runs.iter().map(|(_, _, bounds)| *bounds).collect::<Vec<_>>()];
        while let Some(below) = levels.last().filter(|below| below.len() > FEW) {
            let merged = |boxes: &[BoundingBox]| boxes.iter().fold(BoundingBox::EMPTY, |all, one| all.merged(one));
            let above = below.chunks(FAN).map(merged).collect();
            levels.push(above);
        }
        Web { rings, runs: runs.into_iter().map(|(_, run, _)| run).collect(), levels, compared: Cell::new(0) }
    }

    /// Returns how many boxes were compared.
    #[cfg(test)]
    pub(super) fn compared(&self) -> u64 {
        self.compared.get()
    }

    /// Calls `visit` with each two edges that meet and are not neighbours in their ring, the lesser place first, in no order that means
    /// anything, until it breaks.
    pub(super) fn contacts(&self, visit: &mut dyn FnMut(Place, Place, Contact) -> ControlFlow<()>) -> ControlFlow<()> {
        let level = self.levels.len() - 1;
        let boxes = &self.levels[level];
        for (one, bounds) in boxes.iter().enumerate() {
            self.join(level, one, one, visit)?;
            self.count(boxes.len() - one);
            for (other, other_bounds) in boxes.iter().enumerate().skip(one + 1) {
                if bounds.intersects(other_bounds) {
                    self.join(level, one, other, visit)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Goes through what is in two boxes of a level, which may be one.
    fn join(
        &self,
        level: usize,
        one: usize,
        other: usize,
        visit: &mut dyn FnMut(Place, Place, Contact) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if level == 0 {
            return if one == other { self.within_run(one, visit) } else { self.between_runs(one, other, visit) };
        }
        let below = &self.levels[level - 1];
        let inside = |at: usize| at * FAN..((at + 1) * FAN).min(below.len());
        if one == other {
            for at in inside(one) {
                self.join(level - 1, at, at, visit)?;
                self.count(inside(one).end - at);
                for next in at + 1..inside(one).end {
                    if below[at].intersects(&below[next]) {
                        self.join(level - 1, at, next, visit)?;
                    }
                }
            }
            return ControlFlow::Continue(());
        }
        let common = self.levels[level][one].common(&self.levels[level][other]);
        self.count(2 * FAN);
        for at in inside(one).filter(|at| below[*at].intersects(&common)) {
            for next in inside(other).filter(|next| below[*next].intersects(&common)) {
                if below[at].intersects(&below[next]) {
                    self.join(level - 1, at, next, visit)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn within_run(
        &self,
        run: usize,
        visit: &mut dyn FnMut(Place, Place, Contact) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Run { ring, from, to } = self.runs[run];
        let coords = self.rings[ring as usize];
        let mut boxes = [BoundingBox::EMPTY; RUN];
        for (edge, bounds) in (from..to).zip(&mut boxes) {
            *bounds = edge_bounds(&edge_of(coords, edge));
        }
        self.count(RUN * RUN / 2);
        for one in from..to {
            for other in one + 2..to {
                if boxes[(one - from) as usize].intersects(&boxes[(other - from) as usize]) {
                    self.meet((ring, one), (ring, other), visit)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn between_runs(
        &self,
        one: usize,
        other: usize,
        visit: &mut dyn FnMut(Place, Place, Contact) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let common = self.levels[0][one].common(&self.levels[0][other]);
        let near = |run: Run| {
            let coords = self.rings[run.ring as usize];
            let mut found = [(0u32, BoundingBox::EMPTY); RUN];
            let mut count = 0;
            for edge in run.from..run.to {
                let bounds = edge_bounds(&edge_of(coords, edge));
                found[count] = (edge, bounds);
                count += usize::from(bounds.intersects(&common));
                // The last may have been kept in the last place.
                if count == RUN {
                    break;
                }
            }
            (found, count)
        };
        let (first, second) = (self.runs[one], self.runs[other]);
        let ((of_first, firsts), (of_second, seconds)) = (near(first), near(second));
        self.count(2 * RUN + firsts * seconds);
        for (edge, bounds) in &of_first[..firsts] {
            for (next, next_bounds) in &of_second[..seconds] {
                if bounds.intersects(next_bounds) {
                    self.meet((first.ring, *edge), (second.ring, *next), visit)?;
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
        if self.are_neighbours(one, other) {
            return ControlFlow::Continue(());
        }
        match contact(&edge(one), &edge(other)) {
            Contact::Apart => ControlFlow::Continue(()),
            found => visit(one, other, found),
        }
    }

    fn are_neighbours(&self, one: Place, other: Place) -> bool {
        let last = self.rings[one.0 as usize].len() as u32 - 2;
        let apart = one.1.abs_diff(other.1);
        one.0 == other.0 && (apart == 1 || apart == last)
    }

    /// Returns the rings that wind around a point, in order; the point should lie on none of them.
    pub(super) fn around(&self, point: Coord) -> Vec<u32> {
        let mut turns: Vec<(u32, i32)> = Vec::new();
        let top = self.levels.len() - 1;
        for at in 0..self.levels[top].len() {
            self.wind(top, at, point, &mut turns);
        }
        turns.sort_unstable();
        turns
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|of| of.iter().map(|(_, turn)| turn).sum::<i32>() != 0)
            .map(|of| of[0].0)
            .collect()
    }

    /// Returns for each ring the rings around it, in order; for rings that meet nowhere.
    ///
    /// What lies around the ring whose border is the first to the east of a ring's easternmost point lies around that ring too, and so it
    /// may itself: on which side of that border the point is tells.
    pub(super) fn nesting(&self) -> Vec<Around> {
        let easternmost = |ring: &&[Coord]| ring.iter().copied().max_by(|a, b| a.x.total_cmp(&b.x));
        let points: Vec<Option<Coord>> = self.rings.iter().map(easternmost).collect();
        let turns_left: Vec<bool> = self.rings.iter().map(|ring| signed_area(ring) > 0.0).collect();
        // From east to west, so that what lies around the rings east of one is known.
        let mut order: Vec<(f64, usize)> =
            points.iter().enumerate().filter_map(|(ring, point)| Some((point.as_ref()?.x, ring))).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut nesting = vec![Around::new(); self.rings.len()];
        for (_, ring) in order {
            let Some(point) = points[ring] else { continue };
            nesting[ring] = match self.first_east_of(point, ring as u32) {
                East::Nothing => continue,
                East::Border { ring: other, up } => {
                    let mut around = nesting[other as usize].clone();
                    if up == turns_left[other as usize] {
                        around.push(other);
                        around.sort_unstable();
                    }
                    around
                }
                East::Unclear => self.around(point).into_iter().filter(|other| *other as usize != ring).collect(),
            };
        }
        nesting
    }

    /// Returns the first border east of a point of a ring at its height, that ring's own left out.
    fn first_east_of(&self, point: Coord, own: u32) -> East {
        let top = self.levels.len() - 1;
        let size = self.levels[top].iter().fold(0.0_f64, |size, one| {
            [one.min.x, one.min.y, one.max.x, one.max.y].into_iter().fold(size, |size, at| size.max(at.abs()))
        });
        // More than rounding moves a crossing by.
        let margin = 64.0 * f64::EPSILON * size;
        let mut search = Search { point, own, margin, first: f64::INFINITY, second: f64::INFINITY, border: (0, false) };
        self.search_east(top, 0..self.levels[top].len(), &mut search);
        let Search { first, second, border: (ring, up), .. } = search;
        match first {
            f64::INFINITY => East::Nothing,
            _ if second - first <= margin || first - point.x <= margin => East::Unclear,
            _ => East::Border { ring, up },
        }
    }

    fn search_east(&self, level: usize, boxes: Range<usize>, search: &mut Search) {
        self.count(boxes.len());
        let point = search.point;
        let mut near: SmallVec<[(f64, usize); FEW]> = SmallVec::new();
        for at in boxes {
            let bounds = &self.levels[level][at];
            if bounds.min.y <= point.y && bounds.max.y >= point.y && bounds.max.x >= point.x - search.margin {
                near.push((bounds.min.x, at));
            }
        }
        near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        for (west, at) in near {
            if west > search.first + search.margin {
                return;
            }
            if level > 0 {
                let below = at * FAN..((at + 1) * FAN).min(self.levels[level - 1].len());
                self.search_east(level - 1, below, search);
                continue;
            }
            let Run { ring, from, to } = self.runs[at];
            if ring != search.own {
                let coords = &self.rings[ring as usize][from as usize..=to as usize];
                coords.windows(2).for_each(|pair| search.edge(pair[0], pair[1], ring));
            }
        }
    }

    /// Adds what the edges in a box turn about a point: up or down across the ray from it to the right.
    fn wind(&self, level: usize, at: usize, point: Coord, turns: &mut Vec<(u32, i32)>) {
        self.count(1);
        let bounds = &self.levels[level][at];
        if bounds.min.y > point.y || bounds.max.y < point.y || bounds.max.x < point.x {
            return;
        }
        if level > 0 {
            for below in at * FAN..((at + 1) * FAN).min(self.levels[level - 1].len()) {
                self.wind(level - 1, below, point, turns);
            }
            return;
        }
        let Run { ring, from, to } = self.runs[at];
        let coords = &self.rings[ring as usize][from as usize..=to as usize];
        let up = |a: Coord, b: Coord| i32::from(a.y <= point.y) - i32::from(b.y <= point.y);
        let turn = if bounds.min.x > point.x {
            // All of it lies to the right: what goes up and down again in between cancels out.
            up(coords[0], coords[coords.len() - 1])
        } else {
            let crosses = |pair: &[Coord]| match up(pair[0], pair[1]) {
                1 if side(pair[0], pair[1], point) == Ordering::Greater => 1,
                -1 if side(pair[0], pair[1], point) == Ordering::Less => -1,
                _ => 0,
            };
            coords.windows(2).map(crosses).sum()
        };
        if turn != 0 {
            turns.push((ring, turn));
        }
    }

    fn count(&self, boxes: usize) {
        self.compared.set(self.compared.get() + boxes as u64);
    }
}

/// The rings around one, in order.
pub(super) type Around = SmallVec<[u32; 4]>;

/// What lies east of a point.
enum East {
    Nothing,
    /// The border of a ring, and whether it runs to the north there.
    Border {
        ring: u32,
        up: bool,
    },
    /// Borders too near to each other, or to the point, to tell which comes first.
    Unclear,
}

/// A search for the first border east of a point.
struct Search {
    point: Coord,
    own: u32,
    margin: f64,
    /// Where the first crossing is, and the next.
    first: f64,
    second: f64,
    border: (u32, bool),
}

impl Search {
    /// Takes account of an edge, its lower end counted in and its upper not.
    fn edge(&mut self, a: Coord, b: Coord, ring: u32) {
        let y = self.point.y;
        let up = a.y <= y;
        if up == (b.y <= y) {
            return;
        }
        let x = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
        if x < self.point.x - self.margin {
            return;
        }
        if x < self.first {
            (self.second, self.first, self.border) = (self.first, x, (ring, up));
        } else if x < self.second {
            self.second = x;
        }
    }
}

fn edge_of(coords: &[Coord], edge: u32) -> Edge {
    Edge::new(coords[edge as usize], coords[edge as usize + 1])
}

/// Returns where the centre of a box lies along a curve through `all` that keeps together what is near (Morton's).
fn along_curve(bounds: &BoundingBox, all: &BoundingBox) -> u32 {
    let cell = |low: f64, high: f64, from: f64, to: f64| {
        let share = ((low + high) / 2.0 - from) / (to - from).max(f64::MIN_POSITIVE);
        (share * 65_535.0) as u32
    };
    let spread = |cell: u32| {
        [(8, 0x00ff_00ff), (4, 0x0f0f_0f0f), (2, 0x3333_3333), (1, 0x5555_5555)]
            .iter()
            .fold(cell & 0xffff, |bits, (shift, mask)| (bits | bits << shift) & mask)
    };
    let x = cell(bounds.min.x, bounds.max.x, all.min.x, all.max.x);
    let y = cell(bounds.min.y, bounds.max.y, all.min.y, all.max.y);
    spread(x) | spread(y) << 1
}
