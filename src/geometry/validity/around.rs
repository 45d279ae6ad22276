//! Which rings lie around a point, and around each other.

use std::cmp::Ordering;

use smallvec::SmallVec;

use super::web::Web;
use crate::geometry::edges::side;
use crate::geometry::pyramid::{self, SmallBox};
use crate::geometry::{BoundingBox, Coord};

/// By what factor the stretch grows in which the first border east of a point is looked for.
const GROWTH: f32 = 4.0;

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

    /// Returns for each ring the rings around it, in order; for rings that meet nowhere.
    ///
    /// What lies around the ring whose border is the first to the east of a ring's easternmost point lies around that ring too, and so it
    /// may itself: on which side of that border the point is tells.
    pub(super) fn nesting(&self) -> Vec<Around> {
        let easternmost = |(ring, end): (&&[Coord], &u32)| ring.get(*end as usize).copied();
        let points: Vec<Option<Coord>> = self.rings.iter().zip(&self.ends).map(easternmost).collect();
        // From east to west, so that what lies around the rings east of one is known.
        let mut order: Vec<(f64, usize)> =
            points.iter().enumerate().filter_map(|(ring, point)| Some((point.as_ref()?.x, ring))).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        let whole = self.extent();
        let mut nesting = vec![Around::new(); self.rings.len()];
        for (_, ring) in order {
            let Some(point) = points[ring] else { continue };
            nesting[ring] = match self.first_east_of(point, ring as u32, &whole) {
                East::Nothing => continue,
                East::Border { ring: other, up } => {
                    let mut around = nesting[other as usize].clone();
                    if up == self.turns_left(other as usize) {
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
    fn first_east_of(&self, point: Coord, own: u32, whole: &Extent) -> East {
        // More than rounding moves a crossing by.
        let margin = 64.0 * f64::EPSILON * whole.size;
        let from = BoundingBox { min: point, max: point }.grown(margin);
        let start = self.frame.small(&from);
        let mut ray = start;
        let mut reach = whole.step;
        loop {
            // All of the ray as far as that, or to the end.
            ray.max[0] = if start.max[0] + reach < whole.east { start.max[0] + reach } else { f32::INFINITY };
            let mut search = Search { point, margin, first: f64::INFINITY, second: f64::INFINITY, border: (0, false) };
            self.each_meeting(&ray, |ring, coords, _| {
                if ring != own {
                    coords.windows(2).for_each(|pair| search.edge(pair[0], pair[1], ring));
                }
            });
            let Search { first, second, border: (ring, up), .. } = search;
            // What lies beyond the stretch, or near its end, may come before what was found there.
            let past = BoundingBox { min: point, max: Coord { x: first + 2.0 * margin, y: point.y } };
            if ray.max[0].is_finite() && (first.is_infinite() || self.frame.small(&past).max[0] >= ray.max[0]) {
                reach *= GROWTH;
                continue;
            }
            return match first {
                f64::INFINITY => East::Nothing,
                _ if second - first <= margin || first - point.x <= margin => East::Unclear,
                _ => East::Border { ring, up },
            };
        }
    }

    /// Calls `each` with the ring and vertices of every run whose box may meet `query`, and that box.
    fn each_meeting(&self, query: &SmallBox, mut each: impl FnMut(u32, &[Coord], &SmallBox)) {
        let compared = pyramid::meeting(&self.boxes, self.runs.len(), query, |leaf| {
            let run = self.runs[leaf];
            let coords = &self.rings[run.ring as usize][run.from as usize..=run.to as usize];
            each(run.ring, coords, &self.boxes[leaf]);
        });
        self.count(compared);
    }

    /// Returns how far the rings reach.
    fn extent(&self) -> Extent {
        let leaves = &self.boxes[..self.runs.len()];
        let all = leaves.iter().fold(SmallBox::EMPTY, |all, one| all.merged(one));
        let bounds = self.frame.bounds(&all);
        let size =
            [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y].into_iter().map(f64::abs).fold(0.0, f64::max);
        // As far as one finds the next border, if rings lie evenly.
        let step = (all.max[0] - all.min[0]) / (self.rings.len() as f32).sqrt().max(1.0);
        Extent { size, east: all.max[0], step: step.max(f32::MIN_POSITIVE) }
    }
}

/// How far rings reach.
struct Extent {
    /// The largest coordinate.
    size: f64,
    /// Where the last border is, in the frame's small boxes.
    east: f32,
    /// Where a search for a border begins.
    step: f32,
}
