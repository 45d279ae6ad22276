//! What readers of formats have in common whose rings may run either way, and whose lines may bend.

use crate::geometry::Coord;
use crate::geometry::validity::RawShape;

/// How far an arc may lie from the line that stands for it, in metres (feet where the system counts in feet).
pub(super) const SAGITTA: f64 = 1e-3;

/// The same in degrees, where coordinates look like these.
const SAGITTA_DEGREES: f64 = 1e-8;

/// How often an arc is halved at most.
const HALVINGS: u32 = 14;

/// Appends a ring of a format that settles no direction: the shell counter-clockwise, a hole clockwise.
pub(super) fn push_ring(raw: &mut RawShape, ring: &[Coord], is_shell: bool) {
    push_ring_of(raw, ring.iter().copied(), is_shell);
}

/// Does what [`push_ring`] does, for points that are made as they are asked for.
pub(super) fn push_ring_of(raw: &mut RawShape, ring: impl DoubleEndedIterator<Item = Coord> + Clone, is_shell: bool) {
    if (twice_area(ring.clone()) < 0.0) == is_shell {
        raw.extend(ring.rev());
    } else {
        raw.extend(ring);
    }
    raw.end_ring();
}

/// Appends a line, which is a part of its own.
pub(super) fn push_line(raw: &mut RawShape, line: &[Coord]) {
    raw.extend(line.iter().copied());
    raw.end_ring();
    raw.end_part();
}

fn twice_area(ring: impl Iterator<Item = Coord> + Clone) -> f64 {
    let Some(origin) = ring.clone().next() else { return 0.0 };
    let about = |coord: Coord| (coord.x - origin.x, coord.y - origin.y);
    let mut sum = 0.0;
    let (mut x, mut y) = (0.0, 0.0);
    for coord in ring {
        let (next_x, next_y) = about(coord);
        sum += x * next_y - next_x * y;
        (x, y) = (next_x, next_y);
    }
    sum
}

/// Appends to `line`, whose last point is `from`, the points of the arc through `middle` to `to`, so dense that it bends away from the
/// line by less than [`SAGITTA`]. Only roots are taken, so that every machine draws the same points.
pub(super) fn push_arc(line: &mut Vec<Coord>, from: Coord, middle: Coord, to: Coord) {
    let Some((centre, radius)) = circle(from, middle, to) else {
        line.extend([middle, to]);
        return;
    };
    let degrees = [from, middle, to].iter().all(|coord| coord.x.abs() <= 360.0 && coord.y.abs() <= 90.0);
    let sagitta = if degrees { SAGITTA_DEGREES } else { SAGITTA };
    let arc = Arc { centre, radius, sagitta, turn: if from == to { 1.0 } else { cross(from, middle, to).signum() } };
    arc.halve(line, from, middle, HALVINGS);
    line.push(middle);
    arc.halve(line, middle, to, HALVINGS);
    line.push(to);
}

/// Returns the circle through three points; `None` if they lie on a line. Where the ends are one point, the middle lies opposite.
fn circle(a: Coord, b: Coord, c: Coord) -> Option<(Coord, f64)> {
    let (bx, by, cx, cy) = (b.x - a.x, b.y - a.y, c.x - a.x, c.y - a.y);
    let offset = if a == c {
        (bx / 2.0, by / 2.0)
    } else {
        let twice = 2.0 * (bx * cy - by * cx);
        let (b2, c2) = (bx * bx + by * by, cx * cx + cy * cy);
        ((cy * b2 - by * c2) / twice, (bx * c2 - cx * b2) / twice)
    };
    let radius = (offset.0 * offset.0 + offset.1 * offset.1).sqrt();
    let sound = radius.is_finite() && radius > 0.0 && radius < 1e12;
    sound.then_some((Coord { x: a.x + offset.0, y: a.y + offset.1 }, radius))
}

fn cross(a: Coord, b: Coord, c: Coord) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

struct Arc {
    centre: Coord,
    radius: f64,
    sagitta: f64,
    /// 1 counter-clockwise, -1 clockwise.
    turn: f64,
}

impl Arc {
    /// Appends the points between two on the arc.
    fn halve(&self, line: &mut Vec<Coord>, from: Coord, to: Coord, left: u32) {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let chord = (dx * dx + dy * dy).sqrt();
        if left == 0 || chord == 0.0 {
            return;
        }
        let reach = self.turn * self.radius / chord;
        let peak = Coord { x: self.centre.x + dy * reach, y: self.centre.y - dx * reach };
        let (x, y) = (peak.x - (from.x + to.x) / 2.0, peak.y - (from.y + to.y) / 2.0);
        if (x * x + y * y).sqrt() <= self.sagitta {
            return;
        }
        self.halve(line, from, peak, left - 1);
        line.push(peak);
        self.halve(line, peak, to, left - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcs_keep_to_their_sagitta() {
        let at = |x: f64, y: f64| Coord { x: 39_500_000.0 + x, y: 3_300_000.0 + y };
        for (from, middle, to, length) in [
            (at(100.0, 0.0), at(0.0, 100.0), at(-100.0, 0.0), 314.159),
            (at(100.0, 0.0), at(0.0, -100.0), at(-100.0, 0.0), 314.159),
            (at(100.0, 0.0), at(-100.0, 0.0), at(0.0, -100.0), 471.239),
            (at(0.0, 0.0), at(200.0, 0.0), at(0.0, 0.0), 628.319),
        ] {
            let mut line = vec![from];
            push_arc(&mut line, from, middle, to);
            let drawn: f64 = line.windows(2).map(|pair| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y)).sum();
            assert!((length - drawn) > -1e-3 && (length - drawn) < 0.02, "{drawn} for {length}");
            assert!(line.len() > 100 && line.len() < 1_100, "{}", line.len());
            assert!(line.contains(&middle) && line.last() == Some(&to));
        }
        let mut straight = vec![at(0.0, 0.0)];
        push_arc(&mut straight, at(0.0, 0.0), at(1.0, 1.0), at(2.0, 2.0));
        assert_eq!(straight.len(), 3);
    }
}
