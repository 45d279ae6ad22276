//! Sums and products of doubles without rounding, for the few comparisons that nothing less decides.
//!
//! A number is held as a sum of doubles that do not overlap, from the least to the greatest (J. R. Shewchuk, "Adaptive Precision
//! Floating-Point Arithmetic and Fast Robust Geometric Predicates"). Coordinates must be in the range of the overlay, so that nothing overflows
//! or falls below what a double holds.

use std::cmp::Ordering;

use super::Coord;
use super::edges::{Edge, side};

/// A number held exactly.
#[derive(Debug, Clone)]
struct Exact(Vec<f64>);

impl Exact {
    fn difference(a: f64, b: f64) -> Self {
        let (high, low) = two_sum(a, -b);
        Exact(vec![low, high])
    }

    fn plus(&self, other: &Self, sign: f64) -> Self {
        let mut sum = self.0.clone();
        for term in &other.0 {
            let mut carry = sign * term;
            for part in &mut sum {
                (carry, *part) = two_sum(carry, *part);
            }
            sum.push(carry);
        }
        sum.retain(|part| *part != 0.0);
        Exact(sum)
    }

    fn times(&self, other: &Self) -> Self {
        let mut product = Exact(Vec::new());
        for one in &self.0 {
            for two in &other.0 {
                let high = one * two;
                product = product.plus(&Exact(vec![one.mul_add(*two, -high), high]), 1.0);
            }
        }
        product
    }

    fn sign(&self) -> Ordering {
        // The greatest part outweighs all others together.
        self.0.iter().rev().find(|part| **part != 0.0).map_or(Ordering::Equal, |part| part.total_cmp(&0.0))
    }
}

/// Returns the rounded sum and what rounding took from it.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let of_b = sum - a;
    (sum, (a - (sum - of_b)) + (b - of_b))
}

/// Returns twice the area of the triangle of a line and a point, positive if the point lies left of it.
fn twice_triangle(line: &Edge, point: Coord) -> Exact {
    let (a, b) = (line.start, line.end);
    let left = Exact::difference(b.x, a.x).times(&Exact::difference(point.y, a.y));
    left.plus(&Exact::difference(b.y, a.y).times(&Exact::difference(point.x, a.x)), -1.0)
}

/// Compares where two edges cross a third, along it. Both must cross it inside. Exact.
pub(super) fn crossing_order(along: &Edge, one: &Edge, other: &Edge) -> Ordering {
    let reversed = |edge: &Edge| Edge::new(edge.end, edge.start);
    if one == other || *one == reversed(other) {
        return Ordering::Equal;
    }
    // A crossing divides the edge as the distances of its ends from the other line.
    let ends = |line: &Edge| {
        let (start, end) = (twice_triangle(line, along.start), twice_triangle(line, along.end));
        if side(line.start, line.end, along.start) == Ordering::Greater {
            (start, end, 1.0)
        } else {
            (start, end, -1.0)
        }
    };
    let ((start_1, end_1, left_1), (start_2, end_2, left_2)) = (ends(one), ends(other));
    // Both products are taken positive: the two ends lie on opposite sides of each line.
    let (before, after) = (start_1.times(&end_2), start_2.times(&end_1));
    let sign = -left_1 * left_2;
    let compared = before.plus(&after, -1.0).sign();
    if sign > 0.0 { compared } else { compared.reverse() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(x0: f64, y0: f64, x1: f64, y1: f64) -> Edge {
        Edge::new(Coord { x: x0, y: y0 }, Coord { x: x1, y: y1 })
    }

    #[test]
    fn crossings_are_ordered_where_rounding_would_not_tell() {
        let along = edge(0.0, 0.0, 3.0, 1.0);
        let at = |x: f64, to: f64| edge(x, -1.0, to, 2.0);
        assert_eq!(crossing_order(&along, &at(1.0, 1.0), &at(2.0, 2.0)), Ordering::Less);
        assert_eq!(crossing_order(&along, &at(2.0, 2.0), &at(1.0, 1.0)), Ordering::Greater);
        // All three meet in (1, 1/3), which no double is.
        let (one, other) = (edge(1.0, 0.0, 1.0, 5.0), edge(0.0, 1.0, 3.0, -1.0));
        for (one, other) in [(one, other), (other, one), (Edge::new(one.end, one.start), other)] {
            assert_eq!(crossing_order(&along, &one, &other), Ordering::Equal);
        }
        // Off by one unit in the last place of a coordinate.
        let near = edge(1.0f64.next_up(), 0.0, 1.0f64.next_up(), 5.0);
        assert_eq!(crossing_order(&along, &near, &other), Ordering::Greater);
    }
}
