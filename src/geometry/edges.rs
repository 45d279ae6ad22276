//! Edges, how two of them meet, and where a point lies: exact tests, on which validity and the predicates rest.

use std::cmp::Ordering;

use geo::algorithm::kernels::{Kernel, Orientation, RobustKernel};

use super::{BoundingBox, Coord, Kind, ShapeRef};

/// An edge of a ring or line, in its direction.
pub(super) type Edge = geo_types::Line<f64>;

/// How two edges meet, and at what point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Contact {
    /// They share nothing.
    Apart,
    /// They share one point that is an end of at least one of them.
    Touch(Coord),
    /// They cross inside both. The point is rounded.
    Cross(Coord),
    /// They share a stretch; the point is one end of it.
    Overlap(Coord),
}

/// Where a point lies in regard to a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// In its interior.
    Inside,
    /// On the border of a polygon, or at a dangling end of a line.
    Border,
    /// Elsewhere.
    Outside,
}

/// Returns the edges of all rings or lines, in order; points have none.
pub(super) fn edges<'a>(shape: ShapeRef<'a>) -> impl Iterator<Item = Edge> + Clone + 'a {
    shape.rings().flat_map(|ring| ring.windows(2).map(|pair| Edge::new(pair[0], pair[1])))
}

/// Returns the box around an edge.
pub(super) fn edge_bounds(edge: &Edge) -> BoundingBox {
    BoundingBox::around(&[edge.start, edge.end])
}

/// Returns `Greater` if `c` lies left of the line from `a` to `b`, `Less` if right of it, `Equal` if on it. Exact.
pub(super) fn side(a: Coord, b: Coord, c: Coord) -> Ordering {
    match RobustKernel::orient2d(a, b, c) {
        Orientation::CounterClockwise => Ordering::Greater,
        Orientation::Clockwise => Ordering::Less,
        Orientation::Collinear => Ordering::Equal,
    }
}

/// Tells how two edges meet. Exact but for the point of a crossing.
pub(super) fn contact(first: &Edge, second: &Edge) -> Contact {
    if !edge_bounds(first).intersects(&edge_bounds(second)) {
        return Contact::Apart;
    }
    let (a, b, c, d) = (first.start, first.end, second.start, second.end);
    let (of_c, of_d) = (side(a, b, c), side(a, b, d));
    if of_c == of_d {
        return if of_c == Ordering::Equal { collinear_contact(first, second) } else { Contact::Apart };
    }
    let (of_a, of_b) = (side(c, d, a), side(c, d, b));
    if of_a == of_b {
        return Contact::Apart;
    }
    // One end on the other's line while its ends lie on both sides (or on the line) is a point of both.
    for (sided, point) in [(of_c, c), (of_d, d), (of_a, a), (of_b, b)] {
        if sided == Ordering::Equal {
            return Contact::Touch(point);
        }
    }
    Contact::Cross(crossing(first, second))
}

fn collinear_contact(first: &Edge, second: &Edge) -> Contact {
    let key = |c: Coord| (c.x, c.y);
    let ordered = |e: &Edge| if key(e.start) <= key(e.end) { (e.start, e.end) } else { (e.end, e.start) };
    let ((low_1, high_1), (low_2, high_2)) = (ordered(first), ordered(second));
    let low = if key(low_1) >= key(low_2) { low_1 } else { low_2 };
    let high = if key(high_1) <= key(high_2) { high_1 } else { high_2 };
    match key(low).partial_cmp(&key(high)) {
        Some(Ordering::Less) => Contact::Overlap(low),
        Some(Ordering::Equal) => Contact::Touch(low),
        Some(Ordering::Greater) | None => Contact::Apart,
    }
}

/// Returns the point where two edges that cross do so, rounded.
fn crossing(first: &Edge, second: &Edge) -> Coord {
    let (u, v) = (first.end - first.start, second.end - second.start);
    let w = second.start - first.start;
    let t = (w.x * v.y - w.y * v.x) / (u.x * v.y - u.y * v.x);
    first.start + u * t.clamp(0.0, 1.0)
}

/// Tells whether `point` lies on the edge. Exact.
pub(super) fn on_edge(point: Coord, edge: &Edge) -> bool {
    edge_bounds(edge).intersects(&BoundingBox { min: point, max: point })
        && side(edge.start, edge.end, point) == Ordering::Equal
}

/// Tells where `point` lies in regard to `shape`. Exact; takes time in the number of edges.
pub(super) fn position(point: Coord, shape: ShapeRef<'_>) -> Position {
    match shape.kind() {
        Kind::Point => {
            if shape.coords().contains(&point) {
                Position::Inside
            } else {
                Position::Outside
            }
        }
        Kind::Line => position_on_lines(point, shape),
        Kind::Polygon => match winding(point, shape.rings()) {
            None => Position::Border,
            Some(0) => Position::Outside,
            Some(_) => Position::Inside,
        },
    }
}

fn position_on_lines(point: Coord, lines: ShapeRef<'_>) -> Position {
    // An end shared by an even number of lines is no border (the mod 2 rule of OGC).
    let ends =
        lines.rings().flat_map(|line| [line.first(), line.last()]).flatten().filter(|end| **end == point).count();
    if ends % 2 == 1 {
        Position::Border
    } else if edges(lines).any(|edge| on_edge(point, &edge)) {
        Position::Inside
    } else {
        Position::Outside
    }
}

/// Returns how often the rings wind around `point`; `None` if it lies on one of them. Exact.
pub(super) fn winding<'a>(point: Coord, rings: impl Iterator<Item = &'a [Coord]>) -> Option<i32> {
    let mut turns = 0;
    for ring in rings {
        for pair in ring.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            if (a.y > point.y && b.y > point.y) || (a.y < point.y && b.y < point.y) || (a.x < point.x && b.x < point.x)
            {
                continue;
            }
            let sided = side(a, b, point);
            if sided == Ordering::Equal && on_edge(point, &Edge::new(a, b)) {
                return None;
            }
            if a.y <= point.y && b.y > point.y && sided == Ordering::Greater {
                turns += 1;
            } else if a.y > point.y && b.y <= point.y && sided == Ordering::Less {
                turns -= 1;
            }
        }
    }
    Some(turns)
}

/// Returns the signed area of a ring in the plane, positive counter-clockwise, computed about its first point.
pub(super) fn signed_area(ring: &[Coord]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    let twice: f64 = ring
        .windows(2)
        .map(|pair| {
            let (a, b) = (pair[0] - origin, pair[1] - origin);
            a.x * b.y - a.y * b.x
        })
        .sum();
    twice / 2.0
}
