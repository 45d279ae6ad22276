//! The area under the lower of two sets of pieces; see [`super::area`].
//!
//! Pieces that follow each other to the east, or to the west, form a chain, which is in the order of x as it stands. Two chains are met
//! piece by piece in one pass, as sorted lists are merged.

use super::area::Sum;
use super::pieces::{Clipped, Piece};

/// Pieces in the order of x that share no x, of one sign.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain {
    from: usize,
    to: usize,
    x0: f64,
    x1: f64,
}

impl Clipped {
    /// Finds the chains, and turns those to the west around.
    pub(super) fn chain(&mut self) {
        self.chains.clear();
        let mut from = 0;
        while let Some(first) = self.pieces.get(from) {
            let east = first.sign < 0.0;
            let follows = |pair: &[Piece]| {
                let (one, next) = (&pair[0], &pair[1]);
                one.sign == next.sign && if east { one.x1 <= next.x0 } else { next.x1 <= one.x0 }
            };
            let more = self.pieces[from..].windows(2).take_while(|pair| follows(pair)).count();
            let to = from + more + 1;
            if !east {
                self.pieces[from..to].reverse();
            }
            self.chains.push(Chain { from, to, x0: self.pieces[from].x0, x1: self.pieces[to - 1].x1 });
            from = to;
        }
    }
}

/// Returns at most how many pairs of pieces of the chains of both are looked at.
pub(super) fn most_pairs(a: &Clipped, b: &Clipped) -> usize {
    a.pieces.len() * b.chains.len() + b.pieces.len() * a.chains.len()
}

/// Returns the area under the lower of the two, over all pairs of chains, and how many pairs of pieces were looked at. `height` is that of the window.
pub(super) fn common(a: &Clipped, b: &Clipped, height: f64) -> (Sum, u64) {
    let mut terms = Terms::default();
    let mut value = 0.0;
    for one in &a.chains {
        let mut under = 0.0;
        for other in &b.chains {
            if one.x0 < other.x1 && other.x0 < one.x1 {
                let (own, others) = (&a.pieces[one.from..one.to], &b.pieces[other.from..other.to]);
                under += others[0].sign * terms.twice_under(own, others);
            }
        }
        value += a.pieces[one.from].sign * under;
    }
    let count = 2 * (a.pieces.len() + b.pieces.len());
    // No height is above that of the window, so the summands of a term are together below three times that times its width.
    let (reach, length) = (a.reach.max(b.reach), terms.width + terms.rise);
    (bounded(value * 0.5, 3.0 * height * terms.width, length, reach, count), terms.pairs)
}

/// What the bound of a sum over pairs of pieces needs.
#[derive(Debug, Default)]
struct Terms {
    width: f64,
    rise: f64,
    pairs: u64,
}

impl Terms {
    /// Returns twice the area under the lower of two chains, over the x both span.
    #[inline]
    fn twice_under(&mut self, a: &[Piece], b: &[Piece]) -> f64 {
        let (mut at_a, mut at_b, mut value) = (0, 0, 0.0);
        while let (Some(one), Some(other)) = (a.get(at_a), b.get(at_b)) {
            let x0 = if one.x0 > other.x0 { one.x0 } else { other.x0 };
            let a_ends = one.x1 <= other.x1;
            let x1 = if a_ends { one.x1 } else { other.x1 };
            if x0 < x1 {
                value += self.twice_lower(one, other, x0, x1);
            }
            // Without branches: which of the two ends first can't be foreseen.
            at_a += usize::from(a_ends);
            at_b += usize::from(!a_ends);
        }
        self.pairs += (at_a + at_b) as u64;
        value
    }

    /// Returns twice the area under the lower of two pieces from `x0` to `x1`.
    #[inline]
    fn twice_lower(&mut self, one: &Piece, other: &Piece, x0: f64, x1: f64) -> f64 {
        let width = x1 - x0;
        let (a0, b0) = (one.y0 + (x0 - one.x0) * one.slope, other.y0 + (x0 - other.x0) * other.slope);
        let (rise_a, rise_b) = (width * one.slope, width * other.slope);
        let (d0, d1) = (a0 - b0, a0 - b0 + (rise_a - rise_b));
        // Twice the mean of the lower: that of `b`, less that of how far `a` falls short of it.
        let short = if d0 * d1 >= 0.0 {
            let below = |d: f64| if d < 0.0 { d } else { 0.0 };
            -(below(d0) + below(d1))
        } else {
            let lowest = if d0 < d1 { d0 } else { d1 };
            lowest * lowest / (d0 - d1).abs()
        };
        self.width += width;
        self.rise += rise_a.abs() + rise_b.abs();
        width * (2.0 * b0 + rise_b - short)
    }
}

/// Returns a sum with its bound; see [`super::area`].
pub(super) fn bounded(value: f64, magnitude: f64, length: f64, reach: f64, terms: usize) -> Sum {
    let units = 16.0 * reach * length + (16.0 + terms as f64) * magnitude;
    Sum { value, error: units * f64::EPSILON, pairs: 0 }
}
