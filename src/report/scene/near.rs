//! Which ground lies near a finding, asked of very many boxes: a grid of cells with running sums, so that every answer takes four look-ups.

use crate::geometry::BoundingBox;

/// Cells along each side.
const CELLS: usize = 512;

/// The cells of a window that boxes of findings touch. An answer errs towards "near" by one cell.
pub(super) struct Near {
    window: BoundingBox,
    /// `sums[(y, x)]`: how many touched cells lie below row `y` and left of column `x`.
    sums: Vec<u32>,
}

impl Near {
    /// Marks what the boxes touch.
    pub(super) fn new(window: BoundingBox, boxes: impl Iterator<Item = BoundingBox>) -> Self {
        // Differences first: a box is four marks, and the sums spread it.
        let mut edges = vec![0i32; (CELLS + 1) * (CELLS + 1)];
        for bounds in boxes {
            let Some([x, y, to_x, to_y]) = cells(&window, &bounds) else { continue };
            edges[y * (CELLS + 1) + x] += 1;
            edges[y * (CELLS + 1) + to_x] -= 1;
            edges[to_y * (CELLS + 1) + x] -= 1;
            edges[to_y * (CELLS + 1) + to_x] += 1;
        }
        let mut covered = edges;
        for y in 0..=CELLS {
            for x in 1..=CELLS {
                covered[y * (CELLS + 1) + x] += covered[y * (CELLS + 1) + x - 1];
            }
        }
        for at in CELLS + 1..covered.len() {
            covered[at] += covered[at - (CELLS + 1)];
        }
        let mut sums = vec![0u32; (CELLS + 1) * (CELLS + 1)];
        for y in 0..CELLS {
            for x in 0..CELLS {
                let at = (y + 1) * (CELLS + 1) + x + 1;
                let touched = u32::from(covered[y * (CELLS + 1) + x] > 0);
                sums[at] = touched + sums[at - 1] + sums[at - CELLS - 1] - sums[at - CELLS - 2];
            }
        }
        Near { window, sums }
    }

    /// Tells whether a box touches what lies near a finding.
    pub(super) fn meets(&self, bounds: &BoundingBox) -> bool {
        let Some([x, y, to_x, to_y]) = cells(&self.window, bounds) else { return false };
        let sum = |y: usize, x: usize| self.sums[y * (CELLS + 1) + x];
        sum(to_y, to_x) + sum(y, x) > sum(y, to_x) + sum(to_y, x)
    }

    /// Returns `fine` near findings and `coarse` elsewhere.
    pub(super) fn tolerance(&self, bounds: &BoundingBox, fine: f64, coarse: f64) -> f64 {
        if self.meets(bounds) { fine } else { coarse }
    }
}

/// Returns the first column and row that a box touches, and the ones after the last; `None` outside the window.
fn cells(window: &BoundingBox, bounds: &BoundingBox) -> Option<[usize; 4]> {
    if bounds.is_empty() || !bounds.intersects(window) {
        return None;
    }
    let cell = |at: f64, from: f64, to: f64| {
        let share = (at - from) / (to - from).max(f64::MIN_POSITIVE);
        ((share * CELLS as f64).max(0.0) as usize).min(CELLS - 1)
    };
    let x = |at: f64| cell(at, window.min.x, window.max.x);
    let y = |at: f64| cell(at, window.min.y, window.max.y);
    Some([x(bounds.min.x), y(bounds.min.y), x(bounds.max.x) + 1, y(bounds.max.y) + 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Coord;

    fn bounds(x: f64, y: f64, size: f64) -> BoundingBox {
        BoundingBox { min: Coord { x, y }, max: Coord { x: x + size, y: y + size } }
    }

    #[test]
    fn what_touches_is_near_and_what_lies_cells_away_is_not() {
        let near =
            Near::new(bounds(0.0, 0.0, 5120.0), [bounds(100.0, 100.0, 50.0), bounds(4000.0, 4000.0, 1.0)].into_iter());
        assert!(near.meets(&bounds(0.0, 0.0, 100.0)) && near.meets(&bounds(120.0, 120.0, 1.0)));
        assert!(near.meets(&bounds(-1e6, -1e6, 1e7)) && near.meets(&bounds(4000.5, 4000.5, 0.0)));
        assert!(!near.meets(&bounds(200.0, 0.0, 3000.0)) && !near.meets(&bounds(9000.0, 0.0, 10.0)));
        assert!(!near.meets(&BoundingBox::EMPTY));
    }
}
