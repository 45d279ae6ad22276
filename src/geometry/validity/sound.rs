//! Whether a shape is valid as it stands: most are, and nothing is built to say so.

use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::chains::runs_left_around;
use super::web::Web;
use super::{Fault, FaultKind, is_in_range, out_of_range, sweep};
use crate::geometry::edges::winding;
use crate::geometry::{BoundingBox, Coord, Kind, ShapeRef};

/// As many rings as this are compared ring by ring.
const FEW_RINGS: usize = 64;

/// Where more pairs of runs than this for each run have boxes that meet, a line is swept over the edges instead.
const MOST_PAIRS: usize = 16;

/// What [`inspect`] found.
#[derive(Debug, Clone, PartialEq)]
pub enum Soundness {
    /// The shape is valid as it stands.
    Sound,
    /// It is valid once rings are turned, which are named by their number in the shape.
    Turned(Vec<(usize, Fault)>),
    /// Something else may be wrong: [`super::check`] tells.
    Doubtful,
}

/// Tells whether a shape is valid as it stands.
///
/// What is sound has no faults by [`super::check`]. What is valid but touches itself, as a hole may its shell, is left to that.
pub fn inspect(shape: ShapeRef<'_>) -> Soundness {
    let is_sound = match shape.kind() {
        Kind::Polygon => return stars(shape).unwrap_or_else(|| polygons(shape)),
        _ if out_of_range(shape.coords()).is_some() => false,
        Kind::Point => true,
        Kind::Line => shape.rings().all(|line| line.len() >= 2 && line.windows(2).all(|pair| pair[0] != pair[1])),
    };
    if is_sound { Soundness::Sound } else { Soundness::Doubtful }
}

/// Tells what is wrong with polygons that have no holes, are star-shaped about the middles of their boxes, and whose boxes are apart; nothing of others.
///
/// Most parcels and blocks are such: two passes over their vertices settle them.
fn stars(shape: ShapeRef<'_>) -> Option<Soundness> {
    let count = shape.rings().len();
    // A part has at least one ring.
    if count == 0 || count > FEW_RINGS || count != shape.parts().len() {
        return None;
    }
    let mut boxes: SmallVec<[BoundingBox; 8]> = SmallVec::new();
    let mut turned = Vec::new();
    for (number, ring) in shape.rings().enumerate() {
        let bounds = BoundingBox::around(ring);
        let is_apart = !boxes.iter().any(|other| other.intersects(&bounds));
        if !is_apart || out_of_range(&[bounds.min, bounds.max]).is_some() {
            return None;
        }
        if !runs_left_around(bounds.middle(), ring)? {
            turned.push((number, Fault::at(FaultKind::WrongDirection, ring[0], true)));
        }
        boxes.push(bounds);
    }
    Some(if turned.is_empty() { Soundness::Sound } else { Soundness::Turned(turned) })
}

fn polygons(shape: ShapeRef<'_>) -> Soundness {
    // At a glance. Where a ring begins at the end of the one before, they meet.
    let is_first = shape.coords().first().is_some_and(|at| is_in_range(*at));
    let are_plain = |all: bool, pair: &[Coord]| all & is_in_range(pair[1]) & (pair[0] != pair[1]);
    if !shape.coords().windows(2).fold(is_first, are_plain) {
        return Soundness::Doubtful;
    }
    let rings: SmallVec<[&[Coord]; 8]> = shape.rings().collect();
    let web = Web::new(&rings);
    if rings.is_empty() || !web.is_clean() || !web.meets_nothing() {
        return Soundness::Doubtful;
    }
    let in_place = match rings.as_slice() {
        [_] => true,
        rings if rings.len() <= FEW_RINGS => {
            let boxes: SmallVec<[BoundingBox; 8]> = rings.iter().map(|ring| BoundingBox::around(*ring)).collect();
            are_in_place(shape, &|ring| around_by_box(rings, &boxes, ring))
        }
        _ => {
            let Some(nesting) = web.nesting() else { return Soundness::Doubtful };
            are_in_place(shape, &|ring| nesting[ring].iter().map(|other| *other as usize).collect())
        }
    };
    if in_place { turned(shape, &web) } else { Soundness::Doubtful }
}

type Around = SmallVec<[usize; 8]>;

fn around_by_box(rings: &[&[Coord]], boxes: &[BoundingBox], ring: usize) -> Around {
    let point = rings[ring][0];
    let here = BoundingBox { min: point, max: point };
    let others = (0..rings.len()).filter(|other| *other != ring && boxes[*other].intersects(&here));
    others.filter(|other| winding(point, std::iter::once(rings[*other])) != Some(0)).collect()
}

/// Tells whether holes lie in their shell and in no hole of it, and shells in no other shell; for rings that meet nowhere.
fn are_in_place(shape: ShapeRef<'_>, around: &dyn Fn(usize) -> Around) -> bool {
    let mut polygons: SmallVec<[(usize, usize); 8]> = SmallVec::new();
    for part in shape.parts() {
        let first = polygons.last().map_or(0, |(_, end)| *end);
        polygons.push((first, first + part.rings().len()));
    }
    let polygon_of = |ring: usize| polygons.partition_point(|(_, end)| *end <= ring);
    (0..shape.rings().len()).all(|ring| {
        let own = polygon_of(ring);
        let (shell, end) = polygons[own];
        let around: Around = around(ring).into_iter().filter(|other| *other != ring).collect();
        if ring > shell {
            return around.contains(&shell) && !around.iter().any(|other| (shell + 1..end).contains(other));
        }
        around.iter().all(|&other| {
            let of = polygon_of(other);
            // Within a shell only where it is in a hole of that.
            other != polygons[of].0 || around.iter().any(|&hole| hole != other && polygon_of(hole) == of)
        })
    })
}

/// Returns the rings that run the wrong way.
fn turned(shape: ShapeRef<'_>, web: &Web<'_>) -> Soundness {
    let mut turned = Vec::new();
    let mut number = 0;
    for part in shape.parts() {
        for (place, ring) in part.rings().enumerate() {
            if web.ends[number].turns_left != (place == 0) {
                turned.push((number, Fault::at(FaultKind::WrongDirection, ring[0], true)));
            }
            number += 1;
        }
    }
    if turned.is_empty() { Soundness::Sound } else { Soundness::Turned(turned) }
}

impl Web<'_> {
    /// Tells whether no two edges meet but neighbours; for rings that are clean.
    pub(super) fn meets_nothing(&self) -> bool {
        if self.contacts_along(&mut |_, _, _| ControlFlow::Break(())).is_break() {
            return false;
        }
        let mut left = MOST_PAIRS * self.runs.len();
        let apart = self.each_near(&mut |one, other| {
            left = left.checked_sub(1).map_or(ControlFlow::Break(()), ControlFlow::Continue)?;
            self.between_runs(one, other, &mut |_, _, _| ControlFlow::Break(()))
        });
        apart.is_continue() || (left == 0 && sweep::meets_nothing(self.rings))
    }
}
