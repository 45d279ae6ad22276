//! Rings whose direction says what they are, to polygons.

use super::RawShape;
use super::nesting::polygons;
use crate::geometry::edges::signed_area;
use crate::geometry::{BoundingBox, Coord, Kind};

/// Most pairs of a ring and a vertex of the same shape before rings are no longer told apart by where they lie.
const WORK: usize = 20_000_000_000;

/// Fills `raw` with the polygons of rings that follow each other in `coords`, each ending before one of `ends`. Shells run clockwise
/// and holes counter-clockwise, as Shapefiles have it; in the shape they run as everywhere else, so that a ring of the wrong direction
/// is still one there. Where directions leave doubt, a ring is what it is by where it lies.
///
/// Returns whether that could be settled; it cannot for more rings than any drawing has.
pub fn directed(coords: &[Coord], ends: &[usize], raw: &mut RawShape) -> bool {
    raw.reset(Kind::Polygon);
    let rings = || ends.iter().scan(0, |from, &end| Some(&coords[std::mem::replace(from, end)..end]));
    let push = |raw: &mut RawShape, ring: &[Coord]| {
        raw.extend(ring.iter().rev().copied());
        raw.end_ring();
    };
    if ends.len() == 1 {
        push(raw, coords);
        raw.end_part();
        return true;
    }
    let is_shell: Vec<bool> = rings().map(|ring| signed_area(ring) <= 0.0).collect();
    let shells = is_shell.iter().filter(|shell| **shell).count();
    if shells == 1 && is_shell[0] {
        rings().for_each(|ring| push(raw, ring));
        raw.end_part();
        return true;
    }
    if shells == ends.len() && are_apart(rings()) {
        for ring in rings() {
            push(raw, ring);
            raw.end_part();
        }
        return true;
    }
    if ends.len().saturating_mul(coords.len()) > WORK {
        return false;
    }
    let owned: Vec<Vec<Coord>> = rings().map(<[Coord]>::to_vec).collect();
    for polygon in polygons(&owned) {
        polygon.iter().for_each(|&ring| push(raw, &owned[ring]));
        raw.end_part();
    }
    true
}

/// Tells whether the boxes of rings surely share nothing: sorted by their left sides, each ends before the next few start.
fn are_apart<'a>(rings: impl Iterator<Item = &'a [Coord]>) -> bool {
    const NEIGHBOURS: usize = 64;
    let mut boxes: Vec<BoundingBox> = rings.map(BoundingBox::around).collect();
    boxes.sort_by(|a, b| a.min.x.total_cmp(&b.min.x));
    boxes.iter().enumerate().all(|(at, one)| {
        let mut later = boxes[at + 1..].iter().take_while(|other| other.min.x <= one.max.x);
        (&mut later).take(NEIGHBOURS).all(|other| !one.intersects(other)) && later.next().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::validity::{FaultKind, check};

    /// A square from its lower left corner; clockwise unless `turned`.
    fn square(x: f64, y: f64, size: f64, turned: bool) -> Vec<Coord> {
        let mut ring =
            [(x, y), (x, y + size), (x + size, y + size), (x + size, y), (x, y)].map(|(x, y)| Coord { x, y }).to_vec();
        if turned {
            ring.reverse();
        }
        ring
    }

    /// Rings of each polygon, the area of all, and the faults that are left.
    fn read(rings: &[Vec<Coord>]) -> (Vec<usize>, f64, Vec<FaultKind>) {
        let coords = rings.concat();
        let ends: Vec<usize> = rings
            .iter()
            .scan(0, |end, ring| {
                *end += ring.len();
                Some(*end)
            })
            .collect();
        let mut raw = RawShape::new(Kind::Point);
        assert!(directed(&coords, &ends, &mut raw));
        let checked = check(&raw);
        let parts = raw.view().parts().map(|part| part.rings().len()).collect();
        let area = checked.shape.map_or(f64::NAN, |shape| shape.view().rings().map(signed_area).sum());
        (parts, area, checked.faults.iter().map(|fault| fault.kind).collect())
    }

    #[test]
    fn direction_and_place_tell_shells_from_holes() {
        let (shell, hole) = (square(0.0, 0.0, 10.0, false), square(2.0, 2.0, 2.0, true));
        let (island, apart) = (square(2.5, 2.5, 1.0, false), square(20.0, 0.0, 5.0, false));
        let wrong = FaultKind::WrongDirection;
        assert_eq!(read(std::slice::from_ref(&shell)), (vec![1], 100.0, vec![]));
        assert_eq!(read(&[shell.clone(), hole.clone()]), (vec![2], 96.0, vec![]));
        assert_eq!(read(&[hole.clone(), shell.clone()]), (vec![2], 96.0, vec![]));
        assert_eq!(read(&[shell.clone(), apart.clone()]), (vec![1, 1], 125.0, vec![]));
        assert_eq!(read(&[apart.clone(), hole.clone(), island, shell.clone()]), (vec![1, 1, 2], 122.0, vec![]));
        // All rings one way, as drawings give them: a note each, and the area is right.
        assert_eq!(read(&[shell.clone(), square(2.0, 2.0, 2.0, false)]), (vec![2], 96.0, vec![wrong]));
        assert_eq!(read(&[square(0.0, 0.0, 10.0, true), hole]), (vec![2], 96.0, vec![wrong]));
        assert_eq!(read(&[square(0.0, 0.0, 10.0, true)]), (vec![1], 100.0, vec![wrong]));
    }

    #[test]
    fn many_parts_in_a_row_are_apart() {
        let parts: Vec<_> = (0..200).map(|at| square(f64::from(at) * 3.0, 0.0, 2.0, false)).collect();
        assert_eq!(read(&parts).0, vec![1; 200]);
        assert!(!are_apart([parts[0].as_slice(), &parts[0]].into_iter()));
    }
}
