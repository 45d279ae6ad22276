//! Where the rings of a shape meet themselves and each other, and which lie in which.

use std::cmp::Ordering;

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::rings::Ring;
use crate::geometry::Coord;
use crate::geometry::edges::{Contact, Edge, contact, side, signed_area};

/// The ring of an edge and its place in that.
type Place = (u32, u32);

/// An edge with its place.
type Placed = GeomWithData<Edge, Place>;

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

/// The rings of a shape, with an index over their edges.
pub(super) struct Web {
    tree: RTree<Placed>,
    right: f64,
}

impl Web {
    /// Returns the index over rings.
    pub(super) fn new(rings: &[Ring]) -> Self {
        let edges = rings.iter().enumerate().flat_map(|(ring, of)| {
            let pairs = of.coords.windows(2).enumerate();
            pairs.map(move |(index, pair)| GeomWithData::new(Edge::new(pair[0], pair[1]), (ring as u32, index as u32)))
        });
        let right = rings.iter().flat_map(|ring| &ring.coords).map(|coord| coord.x).fold(f64::NEG_INFINITY, f64::max);
        Web { tree: RTree::bulk_load(edges.collect()), right }
    }

    /// Returns where edges meet that are not neighbours in their ring, ordered by their places.
    pub(super) fn meetings(&self, rings: &[Ring]) -> Vec<Meeting> {
        let mut found: Vec<(Place, Place, Meeting)> = Vec::new();
        for (one, other) in self.tree.intersection_candidates_with_other_tree(&self.tree) {
            if one.data >= other.data || are_neighbours(one.data, other.data, rings) {
                continue;
            }
            let contact = contact(one.geom(), other.geom());
            let point = match contact {
                Contact::Apart => continue,
                Contact::Touch(point) | Contact::Cross(point) | Contact::Overlap(point) => point,
            };
            let meeting = Meeting { first: one.data.0 as usize, second: other.data.0 as usize, contact, point };
            found.push((one.data, other.data, meeting));
        }
        found.sort_unstable_by_key(|(one, other, _)| (*one, *other));
        found.into_iter().map(|(_, _, meeting)| meeting).collect()
    }

    /// Returns the rings that wind around a point, in order; the point should lie on none of them.
    pub(super) fn around(&self, point: Coord) -> Vec<usize> {
        let ray = AABB::from_corners(point.into(), geo_types::Point::new(self.right.max(point.x), point.y));
        let mut turns: Vec<(usize, i32)> = Vec::new();
        for placed in self.tree.locate_in_envelope_intersecting(&ray) {
            let (a, b) = (placed.geom().start, placed.geom().end);
            let sided = side(a, b, point);
            let turn = if a.y <= point.y && b.y > point.y && sided == Ordering::Greater {
                1
            } else if a.y > point.y && b.y <= point.y && sided == Ordering::Less {
                -1
            } else {
                continue;
            };
            turns.push((placed.data.0 as usize, turn));
        }
        turns.sort_unstable();
        turns
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|of| of.iter().map(|(_, turn)| turn).sum::<i32>() != 0)
            .map(|of| of[0].0)
            .collect()
    }
}

fn are_neighbours(one: Place, other: Place, rings: &[Ring]) -> bool {
    if one.0 != other.0 {
        return false;
    }
    let last = rings[one.0 as usize].coords.len() as u32 - 2;
    let apart = one.1.abs_diff(other.1);
    apart == 1 || apart == last
}

/// Returns a point of the ring that is none of `touched`, which are sorted: a vertex, or else the middle of an edge.
pub(super) fn free_point(ring: &Ring, touched: &[(f64, f64)]) -> Coord {
    let is_free = |coord: &&Coord| {
        touched.binary_search_by(|seen| seen.0.total_cmp(&coord.x).then(seen.1.total_cmp(&coord.y))).is_err()
    };
    ring.coords.iter().find(is_free).copied().unwrap_or_else(|| (ring.coords[0] + ring.coords[1]) * 0.5)
}

/// Tells whether two rings are the same, wherever they start.
pub(super) fn same_ring(one: &Ring, other: &Ring) -> bool {
    let sorted = |ring: &Ring| {
        let mut coords = ring.coords[1..].to_vec();
        coords.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
        coords
    };
    one.coords.len() == other.coords.len()
        && (signed_area(&one.coords).abs() - signed_area(&other.coords).abs()).abs()
            <= 1e-9 * signed_area(&one.coords).abs()
        && sorted(one) == sorted(other)
}
