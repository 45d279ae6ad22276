//! Whether borders meet so often that no shape should be made between them: two combs of a few kilobytes cross millions of times.

use crate::geometry::validity::each_contact;
use crate::geometry::{BoundingBox, Coord, Kind, ShapeRef, window};

/// Shapes are made between borders that meet at most so often: each meeting takes the overlay some 300 bytes …
const MOST_MEETINGS: usize = 500_000;

/// … and as often besides for each of their edges, for neighbours share their borders.
const FOR_EACH_EDGE: usize = 8;

/// Tells whether the borders of polygons meet each other within a box so often, more than half a million times and eight for each edge, that shapes of
/// what they share, cover or leave there are not to be built. Shapes of other kinds are left out.
pub fn are_tangled(shapes: &[ShapeRef<'_>], within: &BoundingBox) -> bool {
    let is_near = |shape: &&ShapeRef<'_>| shape.kind() == Kind::Polygon && shape.bounds().intersects(within);
    let near = || shapes.iter().filter(is_near);
    if meet_seldom(near().map(|shape| shape.coords().len()).sum()) {
        return false;
    }
    let cut = |shape: &ShapeRef<'_>| match within.covers(&shape.bounds()) {
        true => shape.rings().map(<[Coord]>::to_vec).collect(),
        false => window::polygon(*shape, within).rings,
    };
    let cut: Vec<Vec<Vec<Coord>>> = near().map(cut).collect();
    let rings: Vec<&[Coord]> = cut.iter().flatten().map(Vec::as_slice).collect();
    let edges = rings.iter().map(|ring| ring.len()).sum::<usize>();
    if meet_seldom(edges) {
        return false;
    }
    let owners: Vec<usize> = (0..cut.len()).flat_map(|shape| std::iter::repeat_n(shape, cut[shape].len())).collect();
    let mut left = MOST_MEETINGS + FOR_EACH_EDGE * edges;
    !each_contact(&rings, &mut |one, other| {
        if owners[one] != owners[other] {
            left -= 1;
        }
        left > 0
    })
}

/// Tells whether so many edges cannot meet too often: no two do so twice.
fn meet_seldom(edges: usize) -> bool {
    edges.saturating_mul(edges) / 2 <= MOST_MEETINGS
}
