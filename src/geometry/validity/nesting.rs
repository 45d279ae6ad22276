//! Rings that come without order to polygons: which is a shell, and of which a hole, is told by where they lie.

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::RawShape;
use crate::geometry::edges::{signed_area, winding};
use crate::geometry::{BoundingBox, Coord, Kind};

/// Returns polygons of closed rings in any order and direction: a ring that lies in an even number of others is a shell, any other is
/// a hole of the smallest ring around it. Shells keep their order and come out counter-clockwise, holes clockwise. Rings that cross are
/// left for [`super::check`] to name.
pub fn nested(rings: &[Vec<Coord>]) -> RawShape {
    let mut raw = RawShape::new(Kind::Polygon);
    for polygon in polygons(rings) {
        for (at, &ring) in polygon.iter().enumerate() {
            if (signed_area(&rings[ring]) > 0.0) == (at == 0) {
                rings[ring].iter().for_each(|coord| raw.push(*coord));
            } else {
                rings[ring].iter().rev().for_each(|coord| raw.push(*coord));
            }
            raw.end_ring();
        }
        raw.end_part();
    }
    raw
}

/// Returns the rings of each polygon by number, the shell first.
pub(super) fn polygons(rings: &[Vec<Coord>]) -> Vec<Vec<usize>> {
    let areas: Vec<f64> = rings.iter().map(|ring| signed_area(ring)).collect();
    let boxes: Vec<BoundingBox> = rings.iter().map(BoundingBox::around).collect();
    let known = (0..rings.len()).filter(|&ring| !boxes[ring].is_empty());
    let leaf = |ring: usize| {
        let (min, max) = (boxes[ring].min, boxes[ring].max);
        GeomWithData::new(Rectangle::from_corners([min.x, min.y], [max.x, max.y]), ring)
    };
    let tree = RTree::bulk_load(known.map(leaf).collect());
    // From the largest on, so that what is around a ring is settled before the ring.
    let mut order: Vec<usize> = (0..rings.len()).collect();
    order.sort_by(|&a, &b| areas[b].abs().total_cmp(&areas[a].abs()).then(a.cmp(&b)));
    let mut rank = vec![0; rings.len()];
    order.iter().enumerate().for_each(|(at, &ring)| rank[ring] = at);
    // For each ring the smallest around it, and how many are.
    let mut around: Vec<Option<usize>> = vec![None; rings.len()];
    let mut depth = vec![0u32; rings.len()];
    for &ring in &order {
        let Some(corner) = rings[ring].first() else { continue };
        let mut larger: Vec<usize> = tree
            .locate_in_envelope_intersecting(&AABB::from_point([corner.x, corner.y]))
            .map(|found| found.data)
            .filter(|&other| rank[other] < rank[ring] && boxes[ring].common(&boxes[other]) == boxes[ring])
            .collect();
        larger.sort_by_key(|&other| std::cmp::Reverse(rank[other]));
        if let Some(parent) = larger.into_iter().find(|&other| lies_in(&rings[ring], &rings[other])) {
            around[ring] = Some(parent);
            depth[ring] = depth[parent] + 1;
        }
    }
    let is_hole = |ring: usize| depth[ring] % 2 == 1;
    let mut holes: Vec<Vec<usize>> = vec![Vec::new(); rings.len()];
    for ring in (0..rings.len()).filter(|&ring| is_hole(ring)) {
        if let Some(shell) = around[ring] {
            holes[shell].push(ring);
        }
    }
    let shells = (0..rings.len()).filter(|&ring| !is_hole(ring));
    shells.map(|shell| std::iter::once(shell).chain(std::mem::take(&mut holes[shell])).collect()).collect()
}

/// Tells whether a ring lies in another, judged by its first point that is not on the other's border.
fn lies_in(ring: &[Coord], other: &[Coord]) -> bool {
    let middles = ring.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
    let turns = ring.iter().copied().chain(middles).find_map(|point| winding(point, std::iter::once(other)));
    turns.is_some_and(|turns| turns != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::validity::check;

    fn square(x: f64, size: f64) -> Vec<Coord> {
        [(x, x), (x, x + size), (x + size, x + size), (x + size, x), (x, x)].map(|(x, y)| Coord { x, y }).to_vec()
    }

    /// Rings of each polygon.
    fn told(rings: &[Vec<Coord>]) -> Vec<usize> {
        nested(rings).view().parts().map(|part| part.rings().len()).collect()
    }

    #[test]
    fn rings_are_told_by_where_they_lie() {
        let (large, hole, island, apart) =
            (square(0.0, 100.0), square(10.0, 50.0), square(20.0, 5.0), square(200.0, 9.0));
        assert_eq!(told(&[hole.clone(), island.clone(), apart.clone(), large.clone()]), [1, 1, 2]);
        assert_eq!(told(&[large.clone(), apart]), [1, 1]);
        assert_eq!(told(&[]), [0; 0]);
        assert_eq!(told(&[large.clone(), Vec::new()]), [1, 1]);
        let checked = check(&nested(&[island, hole, large]));
        assert!(checked.shape.is_some() && checked.faults.iter().all(|fault| fault.repaired), "{:?}", checked.faults);
    }

    #[test]
    fn a_hole_that_touches_its_shell_is_one() {
        let shell = square(0.0, 10.0);
        let corner = [(0.0, 0.0), (5.0, 2.0), (2.0, 5.0), (0.0, 0.0)].map(|(x, y)| Coord { x, y }).to_vec();
        assert_eq!(told(&[corner, shell]), [2]);
    }
}
