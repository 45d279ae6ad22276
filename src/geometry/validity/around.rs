//! Which rings lie around a point, and around each other.

use std::cmp::Ordering;

use smallvec::SmallVec;

use super::web::{End, Web};
use crate::geometry::edges::side;
use crate::geometry::pyramid::{self, SmallBox};
use crate::geometry::{BoundingBox, Coord};

/// The rings around one, in order.
pub(super) type Around = SmallVec<[u32; 4]>;

/// Rings around rings are counted up to here, besides [`FOR_EACH_RING`]: thousands of rings, each in the one before, are no drawing of any land.
const MOST_AROUND: usize = 4_000_000;

/// See [`MOST_AROUND`].
const FOR_EACH_RING: usize = 16;

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

impl Web<'_> {
    /// Returns the rings that wind around a point, in order; the point should lie on none of them.
    pub(super) fn around(&self, point: Coord) -> Vec<u32> {
        let mut turns: Vec<(u32, i32)> = Vec::new();
        let mut ray = self.frame.small(&BoundingBox { min: point, max: point });
        ray.max[0] = f32::INFINITY;
        let up = |a: Coord, b: Coord| i32::from(a.y <= point.y) - i32::from(b.y <= point.y);
        let crosses = |pair: &[Coord]| match up(pair[0], pair[1]) {
            1 if side(pair[0], pair[1], point) == Ordering::Greater => 1,
            -1 if side(pair[0], pair[1], point) == Ordering::Less => -1,
            _ => 0,
        };
        self.each_meeting(&ray, |ring, coords, bounds| {
            let turn = if bounds.min[0] > ray.min[0] && coords.iter().all(|coord| coord.x > point.x) {
                // All of it lies to the right: what goes up and down again in between cancels out.
                up(coords[0], coords[coords.len() - 1])
            } else {
                coords.windows(2).map(crosses).sum()
            };
            if turn != 0 {
                turns.push((ring, turn));
            }
        });
        turns.sort_unstable();
        turns
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|of| of.iter().map(|(_, turn)| turn).sum::<i32>() != 0)
            .map(|of| of[0].0)
            .collect()
    }

    /// Returns for each ring the rings around it, in order; for rings that are clean and meet nowhere. `None` where those are too many in all.
    ///
    /// What lies around the ring whose border is the first to the east of a ring's easternmost point lies around that ring too, and so it
    /// may itself: on which side of that border the point is tells.
    pub(super) fn nesting(&self) -> Option<Vec<Around>> {
        // More than rounding moves a crossing by.
        let margin = 64.0 * f64::EPSILON * self.size();
        let east: Vec<East> = (0..self.rings.len()).map(|ring| self.first_east_of(ring as u32, margin)).collect();
        // From east to west, so that what lies around the rings east of one is known.
        let mut order: Vec<(f64, u32)> = self.ends.iter().zip(0..).map(|(end, ring)| (end.point.x, ring)).collect();
        order.sort_unstable_by(|one, other| other.0.total_cmp(&one.0));
        let mut nesting = vec![Around::new(); self.rings.len()];
        let mut left = MOST_AROUND + FOR_EACH_RING * self.rings.len();
        for ring in order.into_iter().map(|(_, ring)| ring) {
            nesting[ring as usize] = match east[ring as usize] {
                East::Nothing => continue,
                East::Border { ring: other, up } => {
                    let mut around = nesting[other as usize].clone();
                    if up == self.ends[other as usize].turns_left {
                        around.push(other);
                        around.sort_unstable();
                    }
                    around
                }
                East::Unclear => {
                    let around = self.around(self.ends[ring as usize].point);
                    around.into_iter().filter(|other| *other != ring).collect()
                }
            };
            left = left.checked_sub(nesting[ring as usize].len())?;
        }
        Some(nesting)
    }

    /// Returns the first border east of a ring's easternmost point at its height, that ring's own left out.
    fn first_east_of(&self, own: u32, margin: f64) -> East {
        let End { point, run, .. } = self.ends[own as usize];
        let mut ray = self.frame.small(&BoundingBox { min: point, max: point }.grown(margin));
        ray.max[0] = f32::INFINITY;
        let mut search = Search { point, margin, first: f64::INFINITY, second: f64::INFINITY, border: (0, false) };
        let compared = pyramid::meeting_from(&self.boxes, self.runs.len(), run as usize, &mut ray, &mut |leaf, ray| {
            let run = self.runs[leaf];
            if run.ring != own {
                self.coords(&run).windows(2).for_each(|pair| search.edge(pair[0], pair[1], run.ring));
                // What comes just behind the first is still of interest.
                let end = Coord { x: search.first + 2.0 * margin, y: point.y };
                ray.max[0] = self.frame.small(&BoundingBox { min: point, max: end }).max[0];
            }
        });
        self.count(compared);
        match search {
            Search { first: f64::INFINITY, .. } => East::Nothing,
            Search { first, second, .. } if second - first <= margin || first - point.x <= margin => East::Unclear,
            Search { border: (ring, up), .. } => East::Border { ring, up },
        }
    }

    /// Calls `each` with the ring and vertices of every run whose box may meet `query`, and that box.
    fn each_meeting(&self, query: &SmallBox, mut each: impl FnMut(u32, &[Coord], &SmallBox)) {
        let compared = pyramid::meeting(&self.boxes, self.runs.len(), query, |leaf| {
            let run = self.runs[leaf];
            each(run.ring, self.coords(&run), &self.boxes[leaf]);
        });
        self.count(compared);
    }

    /// Returns the largest coordinate, or a little more.
    fn size(&self) -> f64 {
        let all = self.boxes.iter().fold(SmallBox::EMPTY, |all, one| all.merged(one));
        let bounds = self.frame.bounds(&all);
        [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y].into_iter().map(f64::abs).fold(0.0, f64::max)
    }
}
