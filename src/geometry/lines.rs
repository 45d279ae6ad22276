//! The DE-9IM matrix of two sets of lines, which may cross and touch themselves and each other anywhere. Exact.
//!
//! Lines are taken as sets of points; their border are the ends where an odd number of lines end. Nothing is cut: what lines share are
//! stretches between vertices, vertices of one that lie on the other, and crossings inside edges of both. Crossings are not computed: it is enough to know
//! whether an end lies on both edges that cross.

use std::cmp::Ordering;

use super::edges::{Contact, Edge, edges, on_edge};
use super::matrix::Matrix;
use super::relate::{any_contact, live_edges};
use super::{Coord, ShapeRef, construct};

/// Returns the matrix of two sets of lines that are not empty.
pub(super) fn matrix(a: ShapeRef<'_>, b: ShapeRef<'_>) -> Matrix {
    let window = a.bounds().common(&b.bounds());
    let (live_a, live_b) = (live_edges(a, &window), live_edges(b, &window));
    let mut shared = Shared::default();
    any_contact(&live_a, &live_b, |contact, one, other| {
        shared.add(contact, one, other);
        false
    });
    shared.order();
    let (border_a, border_b) = (construct::boundary(a), construct::boundary(b));
    let (ends_a, ends_b) = (border_a.view().coords(), border_b.view().coords());
    let is_end = |point: &Coord| has(ends_a, point) || has(ends_b, point);
    let (of_a, of_b) = (Ends::of(ends_a, ends_b, &shared), Ends::of(ends_b, ends_a, &shared));
    let ends: Vec<Coord> = shared.points.iter().copied().filter(is_end).collect();
    let is_inner = |(one, other): &(Edge, Edge)| !ends.iter().any(|end| on_edge(*end, one) && on_edge(*end, other));
    let meet_in_points = || !shared.points.iter().all(is_end) || shared.crossings.iter().any(is_inner);
    let inside_inside = if shared.stretches.is_empty() { meet_in_points().then_some(0) } else { Some(1) };
    let more = |of: ShapeRef<'_>, live: &[Edge]| {
        let covered = live.len() == edges(of).count() && live.iter().all(|edge| shared.covers(edge));
        (!covered).then_some(1)
    };
    Matrix {
        inside_inside,
        inside_border: of_b.inside.then_some(0),
        inside_outside: more(a, &live_a),
        border_inside: of_a.inside.then_some(0),
        border_border: of_a.on_border.then_some(0),
        border_outside: of_a.outside.then_some(0),
        outside_inside: more(b, &live_b),
        outside_border: of_b.outside.then_some(0),
    }
}

/// What edges of two sets of lines share.
#[derive(Debug, Default)]
struct Shared {
    /// The ends of edges of either that lie on an edge of the other; once ordered, each once.
    points: Vec<Coord>,
    /// Edges of either and a stretch of them, from the lesser end to the greater, that lies on the other.
    stretches: Vec<(Edge, (Coord, Coord))>,
    /// Edges that cross inside both.
    crossings: Vec<(Edge, Edge)>,
}

impl Shared {
    fn add(&mut self, contact: Contact, one: &Edge, other: &Edge) {
        match contact {
            Contact::Apart => return,
            Contact::Cross(_) => return self.crossings.push((*one, *other)),
            Contact::Touch(_) => {}
            Contact::Overlap(_) => {
                let ((low, high), (low_other, high_other)) = (span(one), span(other));
                let low = if along(&low, &low_other) == Ordering::Less { low_other } else { low };
                let high = if along(&high, &high_other) == Ordering::Less { high } else { high_other };
                self.stretches.extend([(*one, (low, high)), (*other, (low, high))]);
            }
        }
        self.points.extend([one.start, one.end].iter().filter(|end| on_edge(**end, other)));
        self.points.extend([other.start, other.end].iter().filter(|end| on_edge(**end, one)));
    }

    fn order(&mut self) {
        self.points.sort_by(along);
        self.points.dedup();
        self.stretches.sort_by(|one, other| by_ends(&one.0, &other.0).then_with(|| along(&one.1.0, &other.1.0)));
    }

    /// Tells whether an edge of one lies on the other as a whole: its stretches leave no gap.
    fn covers(&self, edge: &Edge) -> bool {
        let first = self.stretches.partition_point(|(of, _)| by_ends(of, edge) == Ordering::Less);
        let own = self.stretches[first..].iter().take_while(|(of, _)| by_ends(of, edge) == Ordering::Equal);
        let (low, high) = span(edge);
        let reached = own.fold(low, |reached, (_, (from, to))| {
            if along(from, &reached) != Ordering::Greater && along(to, &reached) == Ordering::Greater {
                *to
            } else {
                reached
            }
        });
        reached == high
    }
}

/// Where the border of one set of lines lies in regard to the other.
#[derive(Debug, Default)]
struct Ends {
    inside: bool,
    on_border: bool,
    outside: bool,
}

impl Ends {
    fn of(ends: &[Coord], others: &[Coord], shared: &Shared) -> Self {
        let mut found = Ends::default();
        for end in ends {
            match (has(&shared.points, end), has(others, end)) {
                (false, _) => found.outside = true,
                (true, false) => found.inside = true,
                (true, true) => found.on_border = true,
            }
        }
        found
    }
}

/// Returns the ends of an edge, the lesser first.
fn span(edge: &Edge) -> (Coord, Coord) {
    if along(&edge.start, &edge.end) == Ordering::Greater { (edge.end, edge.start) } else { (edge.start, edge.end) }
}

fn by_ends(one: &Edge, other: &Edge) -> Ordering {
    along(&one.start, &other.start).then_with(|| along(&one.end, &other.end))
}

/// Compares finite coordinates by x and then by y, which orders points of any one line along it; two zeros are one.
fn along(one: &Coord, other: &Coord) -> Ordering {
    let order = |one: f64, other: f64| one.partial_cmp(&other).unwrap_or(Ordering::Equal);
    order(one.x, other.x).then(order(one.y, other.y))
}

/// Tells whether a point is among points in order.
fn has(points: &[Coord], point: &Coord) -> bool {
    points.binary_search_by(|one| along(one, point)).is_ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::geometry::{Kind, Shape, relate, validity, wkt};

    type Point = (i32, i32);

    /// The matrix of lines whose every edge leads from a point of a lattice to a neighbour, by comparing sets.
    fn by_sets(a: &[Vec<Point>], b: &[Vec<Point>]) -> Matrix {
        let sets = |lines: &[Vec<Point>]| {
            let points: BTreeSet<Point> = lines.iter().flatten().copied().collect();
            let steps = lines.iter().flat_map(|line| line.windows(2));
            let edges: BTreeSet<(Point, Point)> =
                steps.map(|step| (step[0].min(step[1]), step[0].max(step[1]))).collect();
            let mut ends: BTreeSet<Point> = BTreeSet::new();
            for end in lines.iter().flat_map(|line| [line[0], line[line.len() - 1]]) {
                if !ends.remove(&end) {
                    ends.insert(end);
                }
            }
            let inner: BTreeSet<Point> = points.difference(&ends).copied().collect();
            (points, edges, ends, inner)
        };
        let ((points_a, edges_a, ends_a, inner_a), (points_b, edges_b, ends_b, inner_b)) = (sets(a), sets(b));
        let point = |one: &BTreeSet<Point>, other: &BTreeSet<Point>| (!one.is_disjoint(other)).then_some(0);
        Matrix {
            inside_inside: if edges_a.is_disjoint(&edges_b) { point(&inner_a, &inner_b) } else { Some(1) },
            inside_border: point(&inner_a, &ends_b),
            inside_outside: (!edges_a.is_subset(&edges_b)).then_some(1),
            border_inside: point(&ends_a, &inner_b),
            border_border: point(&ends_a, &ends_b),
            border_outside: (!ends_a.is_subset(&points_b)).then_some(0),
            outside_inside: (!edges_b.is_subset(&edges_a)).then_some(1),
            outside_border: (!ends_b.is_subset(&points_a)).then_some(0),
        }
    }

    /// Draws walks as lines, slanted by a linear map of whole numbers; vertices between two steps of one direction are left out unless `kept`.
    fn drawn(walks: &[Vec<Point>], slant: (i32, i32), kept: bool) -> Shape {
        let mut shape = Shape::empty(Kind::Line);
        for walk in walks {
            let straight = |at: usize| {
                let (before, here, next) = (walk[at - 1], walk[at], walk[at + 1]);
                (here.0 - before.0, here.1 - before.1) == (next.0 - here.0, next.1 - here.1)
            };
            let corners = (0..walk.len()).filter(|&at| kept || at == 0 || at + 1 == walk.len() || !straight(at));
            let place = |(x, y): Point| Coord { x: f64::from(3 * x + slant.0 * y), y: f64::from(slant.1 * x + 2 * y) };
            shape.push_ring(corners.map(|at| place(walk[at])));
            shape.end_part();
        }
        shape
    }

    fn walks() -> impl Strategy<Value = Vec<Vec<Point>>> {
        // Strides of a direction and a length, from a start.
        let walk = ((0..5, 0..5), prop::collection::vec((0..4usize, 1..4usize), 1..7)).prop_map(|(start, strides)| {
            let mut walk = vec![start];
            for (way, length) in strides {
                for _ in 0..length {
                    let (x, y) = walk[walk.len() - 1];
                    let by = [(1, 0), (0, 1), (-1, 0), (0, -1)][way];
                    walk.push((x + by.0, y + by.1));
                }
            }
            walk
        });
        prop::collection::vec(walk, 1..4)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn lines_of_a_lattice_relate_as_their_sets(
            a in walks(), b in walks(), slant in (-2..3, -2..3).prop_filter("a plane", |(x, y)| x * y != 6),
            kept in any::<(bool, bool)>(),
        ) {
            let (first, second) = (drawn(&a, slant, kept.0), drawn(&b, slant, kept.1));
            prop_assert_eq!(matrix(first.view(), second.view()), by_sets(&a, &b), "{} {}",
                wkt::write(first.view()), wkt::write(second.view()));
        }
    }

    #[test]
    fn a_crossing_where_a_line_ends_is_no_interior() {
        // Two edges cross in (2, 2), which no vertex of either is; a third line of the first ends there.
        let line = |text: &str| validity::check(&wkt::read(text).unwrap()).shape.unwrap();
        let diagonal = line("LINESTRING (0 0, 4 4)");
        let star = line("MULTILINESTRING ((0 4, 4 0), (2 2, 2 9))");
        let found = matrix(diagonal.view(), star.view());
        assert_eq!((found.inside_inside, found.inside_border), (None, Some(0)));
        assert!(relate::holds(relate::Predicate::Touches, diagonal.view(), star.view()));
        // Two lines end there, so that it is inside all.
        let star = line("MULTILINESTRING ((0 4, 4 0), (2 2, 2 9), (2 2, 9 2))");
        let found = matrix(diagonal.view(), star.view());
        assert_eq!((found.inside_inside, found.inside_border), (Some(0), None));
    }
}
