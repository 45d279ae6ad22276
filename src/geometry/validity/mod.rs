//! What is wrong with a shape, where, and the shape put right if that leaves no doubt about its area.
//!
//! Takes rings as they were read and gives a valid [`Shape`] and a list of faults, each with a point. Works in any unit, degrees
//! included. What is valid is found so in O(n log n) of the vertices; what is not takes besides what it takes to find where edges meet, and to repair.
//!
//! What is repaired: direction, repeated points, unclosed rings, spikes, rings that touch themselves, holes that
//! overlap (their union is cut out), parts that overlap or share an edge (they are merged). What is not: a ring that crosses itself so that
//! its area depends on how one reads it, and a hole that leaves its shell. Then there is no shape.

mod around;
mod chains;
mod contacts;
mod directed;
mod nesting;
mod raw;
mod repair;
mod rings;
mod sound;
mod sweep;
mod web;

#[cfg(test)]
mod tests;

pub(super) use contacts::each_contact;
pub use directed::directed;
pub use nesting::nested;
pub use raw::RawShape;
pub use sound::{Soundness, inspect};

use super::overlay::MAX_COORD;
use super::{Coord, Kind, Shape, ShapeRef};

/// What [`check`] found.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The valid shape; `None` if a fault could not be repaired.
    pub shape: Option<Shape>,
    /// The faults: one of each kind for each ring, where it first shows.
    pub faults: Vec<Fault>,
}

/// One fault of a shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Where.
    pub point: Coord,
    /// Whether the shape given back is free of it.
    pub repaired: bool,
    /// By how much the repair changed the area, in the plane: that after less that of the rings as read, shells less holes.
    pub area_change: f64,
}

/// What may be wrong with a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// A coordinate is infinite or not a number.
    NotFinite,
    /// A coordinate is too large to be one.
    OutOfRange,
    /// A ring has fewer than three different points, or a line fewer than two.
    TooFewPoints,
    /// A ring does not end where it starts.
    Unclosed,
    /// A point follows itself.
    RepeatedPoint,
    /// A shell runs clockwise or a hole counter-clockwise. Some formats want it so.
    WrongDirection,
    /// A ring runs out and back along one line.
    Spike,
    /// A ring touches itself, or rings touch so that they cut the interior in two.
    SelfTouch,
    /// A ring crosses itself or runs along itself.
    SelfIntersection,
    /// A hole lies outside its shell, wholly or in part.
    HoleOutsideShell,
    /// A hole lies in another.
    NestedHoles,
    /// Two holes share an area or an edge.
    HolesOverlap,
    /// A part lies in another.
    NestedShells,
    /// Two parts share an area.
    ShellsOverlap,
    /// Two parts share an edge, as one part drawn in two.
    ShellsAdjoin,
    /// A ring encloses nothing.
    ZeroArea,
    /// A hole is there twice.
    DuplicateRing,
}

impl Fault {
    fn at(kind: FaultKind, point: Coord, repaired: bool) -> Self {
        Fault { kind, point, repaired, area_change: 0.0 }
    }
}

/// Returns the valid shape and what was wrong with the one given.
pub fn check(raw: &RawShape) -> Checked {
    match inspect(raw.view()) {
        Soundness::Sound => Checked { shape: Some(raw.view().to_shape()), faults: Vec::new() },
        Soundness::Turned(turned) => {
            let mut shape = raw.view().to_shape();
            turned.iter().for_each(|(ring, _)| shape.reverse_ring(*ring));
            Checked { shape: Some(shape), faults: turned.into_iter().map(|(_, fault)| fault).collect() }
        }
        Soundness::Doubtful => repair(raw),
    }
}

/// Does what [`check`] does, of what [`inspect`] found doubtful.
pub fn repair(raw: &RawShape) -> Checked {
    let raw = raw.view();
    if let Some(fault) = out_of_range(raw.coords()) {
        return Checked { shape: None, faults: vec![fault] };
    }
    match raw.kind() {
        Kind::Point => Checked { shape: Some(raw.to_shape()), faults: Vec::new() },
        Kind::Line => check_lines(raw),
        Kind::Polygon => repair::polygons(raw),
    }
}

/// Returns the first coordinate that is none.
fn out_of_range(coords: &[Coord]) -> Option<Fault> {
    // All at once first, without branches.
    if coords.iter().fold(true, |all, at| all & is_in_range(*at)) {
        return None;
    }
    coords.iter().find_map(|coord| {
        if !(coord.x.is_finite() && coord.y.is_finite()) {
            Some(Fault::at(FaultKind::NotFinite, *coord, false))
        } else if coord.x.abs() > MAX_COORD || coord.y.abs() > MAX_COORD {
            Some(Fault::at(FaultKind::OutOfRange, *coord, false))
        } else {
            None
        }
    })
}

/// Tells whether a coordinate is one; what is no number is not less than anything.
#[inline]
fn is_in_range(at: Coord) -> bool {
    (at.x.abs() <= MAX_COORD) & (at.y.abs() <= MAX_COORD)
}

fn check_lines(raw: ShapeRef<'_>) -> Checked {
    let mut shape = Shape::empty(Kind::Line);
    let mut faults = Vec::new();
    for line in raw.rings() {
        let mut line = line.to_vec();
        rings::drop_repeated(&mut line, &mut faults);
        if line.len() < 2 {
            let point = line.first().copied().unwrap_or(Coord { x: 0.0, y: 0.0 });
            faults.push(Fault::at(FaultKind::TooFewPoints, point, false));
            continue;
        }
        shape.push_ring(line);
        shape.end_part();
    }
    let sound = faults.iter().all(|fault| fault.repaired);
    Checked { shape: sound.then_some(shape), faults }
}
