//! Whether edges of rings meet, where boxes cannot tell: a line is swept over them.
//!
//! Long slanting edges side by side, as in a spiral or a hatching, have boxes that all meet. Sweeping takes O(n log n) whatever the edges are (M. Shamos and
//! D. Hoey, "Geometric intersection problems", 1976): edges stand in the order in which the line crosses them, and only those next to each
//! other there are compared. That order is decided by exact tests, and holds as long as nothing meets.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Bound;

use super::web::{Place, are_neighbours, edge_of};
use crate::geometry::Coord;
use crate::geometry::edges::{Contact, contact, side};

/// An edge that the line crosses.
#[derive(Debug, Clone, Copy)]
struct Swept {
    /// The end that comes first, counted by x and then by y.
    first: Coord,
    last: Coord,
    place: Place,
}

impl Swept {
    fn of(rings: &[&[Coord]], place: Place) -> Self {
        let edge = edge_of(rings[place.0 as usize], place.1);
        let (first, last) = if along(edge.start, edge.end) == Ordering::Greater {
            (edge.end, edge.start)
        } else {
            (edge.start, edge.end)
        };
        Swept { first, last, place }
    }

    /// Tells on which side of this edge one lies that begins later.
    fn side_of(&self, later: &Swept) -> Ordering {
        side(self.first, self.last, later.first).then_with(|| side(self.first, self.last, later.last))
    }
}

impl Ord for Swept {
    /// Counts from below.
    fn cmp(&self, other: &Self) -> Ordering {
        if self.place == other.place {
            return Ordering::Equal;
        }
        let order = if along(self.first, other.first) == Ordering::Greater {
            other.side_of(self)
        } else {
            self.side_of(other).reverse()
        };
        order.then_with(|| self.place.cmp(&other.place))
    }
}

impl PartialOrd for Swept {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Swept {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Eq for Swept {}

fn along(one: Coord, other: Coord) -> Ordering {
    // Of finite numbers; two zeros are one.
    one.x.partial_cmp(&other.x).unwrap_or(Ordering::Equal).then(one.y.partial_cmp(&other.y).unwrap_or(Ordering::Equal))
}

/// Tells whether no two edges of rings meet but neighbours; for rings that are closed and have no repeated points and no spikes.
///
/// Edges that begin at a point come before those that end there are gone, so that all that meet in it are in the order at once. Of edges of which
/// no two met before, at most two neighbours can end in a point, and what else comes to it comes to stand beside one of them.
pub(super) fn meets_nothing(rings: &[&[Coord]]) -> bool {
    let mut events: Vec<(Coord, bool, Place)> = Vec::new();
    for (ring, coords) in rings.iter().enumerate() {
        for edge in 0..coords.len().saturating_sub(1) {
            let place = (ring as u32, edge as u32);
            let Swept { first, last, .. } = Swept::of(rings, place);
            events.extend([(first, false, place), (last, true, place)]);
        }
    }
    events.sort_unstable_by(|one, other| along(one.0, other.0).then(one.1.cmp(&other.1)).then(one.2.cmp(&other.2)));
    let meet = |one: &Swept, other: &Swept| {
        let edge = |of: &Swept| edge_of(rings[of.place.0 as usize], of.place.1);
        !are_neighbours(rings, one.place, other.place) && contact(&edge(one), &edge(other)) != Contact::Apart
    };
    let mut crossed: BTreeSet<Swept> = BTreeSet::new();
    for (_, ends, place) in events {
        let edge = Swept::of(rings, place);
        let below = crossed.range(..edge).next_back();
        let above = crossed.range((Bound::Excluded(edge), Bound::Unbounded)).next();
        let met = if ends {
            below.zip(above).is_some_and(|(below, above)| meet(below, above))
        } else {
            below.is_some_and(|below| meet(below, &edge)) || above.is_some_and(|above| meet(&edge, above))
        };
        if met {
            return false;
        }
        if ends {
            crossed.remove(&edge);
        } else {
            crossed.insert(edge);
        }
    }
    true
}
