//! Where the rings of a shape meet themselves and each other.

use std::ops::ControlFlow;

use super::rings::Ring;
use super::web::{Place, Web};
use crate::geometry::Coord;
use crate::geometry::edges::{Contact, signed_area};

/// Two edges that meet; of one ring, not neighbours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meeting {
    /// The ring of the first edge; not greater than that of the second.
    pub(super) first: usize,
    /// The ring of the second edge.
    pub(super) second: usize,
    /// How they meet; never `Apart`.
    pub(super) contact: Contact,
    /// Where.
    pub(super) point: Coord,
}

/// Rings that meet more often than this for each of their edges, and [`SOME`] times besides, are no drawing of any land: a scribble of a few thousand
/// lines crosses itself millions of times.
const FOR_EACH_EDGE: usize = 8;

/// See [`FOR_EACH_EDGE`].
const SOME: usize = 1_000;

/// Where edges meet that are not neighbours in their ring.
pub(super) struct Meetings {
    /// Ordered by their places.
    pub(super) list: Vec<Meeting>,
    /// Whether these are all; else they are too many, and these are some.
    pub(super) are_all: bool,
}

/// Returns where edges meet that are not neighbours in their ring; of rings that are clean.
pub(super) fn meetings(web: &Web<'_>) -> Meetings {
    if web.meets_nothing() {
        return Meetings { list: Vec::new(), are_all: true };
    }
    let most = web.rings.iter().map(|ring| ring.len()).sum::<usize>() * FOR_EACH_EDGE + SOME;
    let mut found: Vec<(Place, Place, Contact)> = Vec::new();
    let all = web.contacts(&mut |one, other, contact| {
        if found.len() == most {
            return ControlFlow::Break(());
        }
        found.push((one, other, contact));
        ControlFlow::Continue(())
    });
    found.sort_unstable_by_key(|(one, other, _)| (*one, *other));
    let meeting = |(one, other, contact): (Place, Place, Contact)| {
        let (Contact::Touch(point) | Contact::Cross(point) | Contact::Overlap(point)) = contact else { return None };
        Some(Meeting { first: one.0 as usize, second: other.0 as usize, contact, point })
    };
    Meetings { list: found.into_iter().filter_map(meeting).collect(), are_all: all.is_continue() }
}

/// Calls `goes_on` with the rings of each two edges that meet and are not neighbours, until it says no; tells whether it never did. The rings are closed.
pub(in crate::geometry) fn each_contact(rings: &[&[Coord]], goes_on: &mut dyn FnMut(usize, usize) -> bool) -> bool {
    let visit = &mut |one: Place, other: Place, _| match goes_on(one.0 as usize, other.0 as usize) {
        true => ControlFlow::Continue(()),
        false => ControlFlow::Break(()),
    };
    Web::new(rings).contacts(visit).is_continue()
}

/// Returns a point of the ring that is none of `touched`, which are sorted: a vertex, or else the middle of an edge.
pub(super) fn free_point(ring: &Ring<'_>, touched: &[(f64, f64)]) -> Coord {
    let is_free = |coord: &&Coord| {
        touched.binary_search_by(|seen| seen.0.total_cmp(&coord.x).then(seen.1.total_cmp(&coord.y))).is_err()
    };
    ring.coords.iter().find(is_free).copied().unwrap_or_else(|| (ring.coords[0] + ring.coords[1]) * 0.5)
}

/// Tells whether two rings are the same, wherever they start.
pub(super) fn same_ring(one: &Ring<'_>, other: &Ring<'_>) -> bool {
    let sorted = |ring: &Ring<'_>| {
        let mut coords = ring.coords[1..].to_vec();
        coords.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
        coords
    };
    one.coords.len() == other.coords.len()
        && (signed_area(one.coords).abs() - signed_area(other.coords).abs()).abs()
            <= 1e-9 * signed_area(one.coords).abs()
        && sorted(one) == sorted(other)
}
