//! Covering by several features, against exact fractions.

use std::cmp::Ordering;

use super::*;

/// A fraction with a positive denominator.
#[derive(Debug, Clone, Copy)]
struct Fraction(i128, i128);

impl Fraction {
    fn of(top: i128, bottom: i128) -> Self {
        if bottom < 0 { Fraction(-top, -bottom) } else { Fraction(top, bottom) }
    }

    fn compare(&self, other: &Self) -> Ordering {
        (self.0 * other.1).cmp(&(other.0 * self.1))
    }

    fn middle(&self, other: &Self) -> Self {
        Fraction(self.0 * other.1 + other.0 * self.1, 2 * self.1 * other.1)
    }
}

type Whole = [i128; 4];

fn whole_edges(shape: &Shape) -> Vec<Whole> {
    let whole = |value: f64| value as i128;
    let edge = |pair: &[Coord]| [whole(pair[0].x), whole(pair[0].y), whole(pair[1].x), whole(pair[1].y)];
    shape.view().rings().flat_map(|ring| ring.windows(2).map(edge).collect::<Vec<_>>()).collect()
}

/// The abscissa where two edges cross, if they are not parallel and do.
fn crossing(one: &Whole, other: &Whole) -> Option<Fraction> {
    let (ux, uy) = (one[2] - one[0], one[3] - one[1]);
    let (vx, vy) = (other[2] - other[0], other[3] - other[1]);
    let cross = ux * vy - uy * vx;
    if cross == 0 {
        return None;
    }
    let along = (other[0] - one[0]) * vy - (other[1] - one[1]) * vx;
    Some(Fraction::of(one[0] * cross + ux * along, cross))
}

/// The height of an edge over an abscissa strictly between those of its ends.
fn height(edge: &Whole, x: &Fraction) -> Option<Fraction> {
    let (low, high) = if edge[0] < edge[2] { (edge[0], edge[2]) } else { (edge[2], edge[0]) };
    let spans = x.compare(&Fraction(low, 1)) == Ordering::Greater && x.compare(&Fraction(high, 1)) == Ordering::Less;
    let run = edge[2] - edge[0];
    spans.then(|| Fraction::of(edge[1] * run * x.1 + (edge[3] - edge[1]) * (x.0 - edge[0] * x.1), run * x.1))
}

/// Tells whether the shapes cover the first together, by looking into every cell between edges of every strip between crossings.
fn covered_by_cells(a: &Shape, others: &[Shape]) -> bool {
    let shapes: Vec<Vec<Whole>> = std::iter::once(a).chain(others).map(whole_edges).collect();
    let all: Vec<Whole> = shapes.iter().flatten().copied().collect();
    let mut strips: Vec<Fraction> = all.iter().map(|edge| Fraction(edge[0], 1)).collect();
    for (at, one) in all.iter().enumerate() {
        strips.extend(all[at + 1..].iter().filter_map(|other| crossing(one, other)));
    }
    strips.sort_by(Fraction::compare);
    strips.dedup_by(|one, other| one.compare(other) == Ordering::Equal);
    strips.windows(2).all(|strip| {
        let x = strip[0].middle(&strip[1]);
        let mut heights: Vec<(Fraction, usize)> = Vec::new();
        for (shape, edges) in shapes.iter().enumerate() {
            heights.extend(edges.iter().filter_map(|edge| Some((height(edge, &x)?, shape))));
        }
        heights.sort_by(|one, other| one.0.compare(&other.0));
        let mut inside = vec![false; shapes.len()];
        heights.chunk_by(|one, other| one.0.compare(&other.0) == Ordering::Equal).all(|together| {
            together.iter().for_each(|(_, shape)| inside[*shape] = !inside[*shape]);
            !inside[0] || inside[1..].contains(&true)
        })
    })
}

/// Cuts polygons of whole corners into triangles that share slanted edges, with points on them now and then.
fn triangles(random: &mut Random, side: usize, size: f64) -> Vec<Shape> {
    let mut corners = Vec::new();
    for row in 0..=side {
        for column in 0..=side {
            let shift = |random: &mut Random| random.below(5) as f64 - 2.0;
            corners.push(Coord { x: column as f64 * size + shift(random), y: row as f64 * size + shift(random) });
        }
    }
    let mut found = Vec::new();
    for row in 0..side {
        for column in 0..side {
            let at = |right: usize, up: usize| corners[(row + up) * (side + 1) + column + right];
            for ring in [[at(0, 0), at(1, 0), at(1, 1), at(0, 0)], [at(0, 0), at(1, 1), at(0, 1), at(0, 0)]] {
                let mut one = Shape::empty(Kind::Polygon);
                one.push_ring(ring);
                one.end_part();
                found.push(one);
            }
        }
    }
    found
}

fn is_valid_ring(shape: &Shape) -> bool {
    edges::signed_area(shape.view().coords()) > 0.0
}

#[test]
fn covering_together_is_decided_as_fractions_do() {
    let mut random = Random(71);
    let mut work = Workspace::default();
    let mut outcomes = [0, 0];
    for round in 0..pairs() / 5 {
        let mut layer = triangles(&mut random, 3, 8.0);
        if !layer.iter().all(is_valid_ring) {
            continue;
        }
        if round % 3 == 0 {
            layer.remove(random.below(layer.len()));
        }
        let corner = |random: &mut Random| Coord { x: 3.0 + random.below(18) as f64, y: 3.0 + random.below(18) as f64 };
        let ring = [corner(&mut random), corner(&mut random), corner(&mut random)];
        let mut a = Shape::empty(Kind::Polygon);
        a.push_ring([ring[0], ring[1], ring[2], ring[0]]);
        a.end_part();
        if !is_valid_ring(&a) {
            continue;
        }
        let store = layer_of(&layer);
        let ready = Prepared::of(&store);
        let all: Vec<u32> = (0..layer.len() as u32).collect();
        let expected = covered_by_cells(&a, &layer);
        let texts: Vec<String> = layer.iter().map(|one| wkt::write(one.view())).collect();
        let found = covered_by(a.view(), &ready, &all, &mut work);
        assert_eq!(found, expected, "{}\n{}", wkt::write(a.view()), texts.join("\n"));
        outcomes[usize::from(expected)] += 1;
    }
    println!("{outcomes:?} apart and covered");
    assert!(outcomes.iter().all(|count| *count > 0), "{outcomes:?}");
}

/// The edge that two blocks share is crossed by the parcel's; the crossing is no double, so that a union on a grid leaves a crack there.
#[test]
fn a_parcel_across_a_slanted_border_is_covered() {
    let blocks =
        [shape("POLYGON ((0 0, 30 0, 37 50, 0 50, 0 0))"), shape("POLYGON ((30 0, 80 0, 80 50, 37 50, 30 0))")];
    let store = layer_of(&blocks);
    let layer = Prepared::of(&store);
    let mut work = Workspace::default();
    let parcel = shape("POLYGON ((10 11, 60 12, 61 33, 11 31, 10 11))");
    assert!(covered_by(parcel.view(), &layer, &[0, 1], &mut work));
    assert!(!covered_by(parcel.view(), &layer, &[0], &mut work));
    assert!(!covered_by(parcel.view(), &layer, &[], &mut work));
    // All of a feature, a feature with a hole, and one past the outer border by the least there is.
    assert!(covered_by(store.get(0), &layer, &[0, 1], &mut work));
    let mut past = blocks[0].clone();
    past.coords_mut()[1].y = (-0.0f64).next_down();
    assert!(!covered_by(past.view(), &layer, &[0, 1], &mut work));
    let with_hole = shape("POLYGON ((10 10, 20 10, 20 20, 10 20, 10 10), (12 12, 12 14, 14 14, 14 12, 12 12))");
    let ring_only = layer_of(std::slice::from_ref(&with_hole));
    let ring_only = Prepared::of(&ring_only);
    assert!(covered_by(with_hole.view(), &ring_only, &[0], &mut work));
    assert!(!covered_by(shape("POLYGON ((11 11, 19 11, 19 19, 11 19, 11 11))").view(), &ring_only, &[0], &mut work));
    assert!(!covered_by(shape("POLYGON ((12.5 12.5, 13 12.5, 13 13, 12.5 12.5))").view(), &ring_only, &[0], &mut work));
}
