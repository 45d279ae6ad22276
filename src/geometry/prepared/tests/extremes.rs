//! What is large, thin, shared or touching: right, and at a cost that is bounded.

use super::*;

fn ring(coords: impl IntoIterator<Item = (f64, f64)>) -> Shape {
    let mut coords: Vec<Coord> = coords.into_iter().map(|(x, y)| Coord { x, y }).collect();
    coords.push(coords[0]);
    let mut shape = Shape::empty(Kind::Polygon);
    shape.push_ring(coords);
    shape.end_part();
    shape
}

/// Pairs with the areas that GEOS finds, written by `tests/bench/geos_areas.py`.
#[test]
fn areas_agree_with_geos() {
    let cases = include_str!("../../../../fixtures/geometry/geos_areas.csv");
    let mut compared = 0;
    for line in cases.lines().skip(1) {
        let mut fields = line.trim_start_matches('"').split("\",");
        let (a, rest) = (fields.next().unwrap(), fields.next().unwrap().trim_start_matches('"'));
        let expected: f64 = fields.next().unwrap().parse().unwrap();
        let (a, b) = (shape(a), shape(rest));
        for (one, other) in [(&a, &b), (&b, &a)] {
            let found = shared_area(one, other);
            assert!((found.value - expected).abs() <= 1e-5 + found.error, "{found:?} {expected}\n{line}");
        }
        compared += 1;
    }
    assert_eq!(compared, 200);
}

/// Rings that touch themselves and each other in points, holes that touch their shell: whole cells, so the area is counted.
#[test]
fn touching_rings_share_whole_cells() {
    let mut random = Random(83);
    for _ in 0..500 {
        let (a, mut b) = (made::cells(&mut random, 6, 2.0), made::cells(&mut random, 6, 2.0));
        let by = Coord { x: random.below(5) as f64, y: random.below(5) as f64 };
        moved(&mut b, by);
        let cell = |shape: &Shape, x: f64, y: f64| {
            edges::position(Coord { x: x + 0.5, y: y + 0.5 }, shape.view()) == Position::Inside
        };
        let counted = (0..12 * 12).filter(|at| {
            let (x, y) = (f64::from(at % 12), f64::from(at / 12));
            cell(&a, x, y) && cell(&b, x, y)
        });
        let (counted, found) = (counted.count() as f64, shared_area(&a, &b));
        assert!((found.value - counted).abs() <= found.error, "{found:?} {counted}");
    }
}

/// A border with a vertex at every one of thousands of neighbours, at eastings with their zone.
#[test]
fn a_border_shared_by_thousands_is_no_overlap() {
    let (east, north) = (39_500_000.0, 3_400_000.0);
    let mut random = Random(89);
    let border: Vec<(f64, f64)> = (0..=4_000)
        .map(|at| (east + ((random.next() * 8.0) * 1e4).round() / 1e4, north + f64::from(at) * 5.0))
        .collect();
    let far = 400.0;
    let mut left = vec![(east - far, north + 20_000.0), (east - far, north)];
    left.extend(&border);
    let left = ring(left);
    let parcels: Vec<Shape> = border
        .windows(2)
        .map(|pair| ring([pair[0], (east + far, pair[0].1), (east + far, pair[1].1), pair[1]]))
        .collect();
    let store = layer_of(&parcels);
    let layer = Prepared::of(&store);
    let mut work = Workspace::default();
    let mut found = Vec::new();
    intersection_areas(left.view(), &layer, &mut work, &mut found);
    assert!(found.is_empty(), "{found:?}");
    // Stretched by a metre to the east, all are met, and what they share adds up.
    let mut across = left.clone();
    moved(&mut across, Coord { x: 1.0, y: 0.0 });
    intersection_areas(across.view(), &layer, &mut work, &mut found);
    assert_eq!(found.len(), parcels.len());
    let (sum, bound) = found.iter().fold((0.0, 0.0), |all, (_, area)| (all.0 + area.value, all.1 + area.error));
    assert!((sum - 20_000.0).abs() <= bound + 1e-6, "{sum} {bound:e}");
    assert!(work.counters.pairs < 400 * parcels.len() as u64, "{:?}", work.counters);
}

#[test]
fn a_ring_of_a_million_vertices_is_met_where_it_is() {
    let layer = layer_of(&[super::work::coast(1_000_000)]);
    let layer = Prepared::of(&layer);
    let mut work = Workspace::default();
    for parcel in super::work::parcels().iter().take(100) {
        let area = intersection_area(parcel.view(), &layer, 0, &mut work);
        let built = plane(intersection(parcel.view(), &layer, 0, &mut Workspace::default()).view());
        assert!((area.value - built.value).abs() <= area.error + built.error, "{area:?} {built:?}");
    }
    let looked = work.counters.nodes + work.counters.edges;
    assert!(looked < 100 * 600, "{looked}");
}

/// The order of a layer changes nothing but the numbers of its features.
#[test]
fn areas_do_not_depend_on_the_order_of_a_layer() {
    let mut random = Random(97);
    let shapes: Vec<Shape> = (0..60)
        .map(|_| {
            let mut one = star(&mut random, 20, 20.0, 60.0);
            moved(&mut one, Coord { x: random.next() * 200.0, y: random.next() * 200.0 });
            one
        })
        .collect();
    let reversed: Vec<Shape> = shapes.iter().rev().cloned().collect();
    let (store, back) = (layer_of(&shapes), layer_of(&reversed));
    let (layer, back) = (Prepared::of(&store), Prepared::of(&back));
    let mut work = Workspace::default();
    for subject in &shapes {
        let (mut found, mut other) = (Vec::new(), Vec::new());
        intersection_areas(subject.view(), &layer, &mut work, &mut found);
        intersection_areas(subject.view(), &back, &mut work, &mut other);
        let renumbered: Vec<(u32, Measure)> = other.into_iter().rev().map(|(at, area)| (59 - at, area)).collect();
        let close = |one: &(u32, Measure), two: &(u32, Measure)| {
            one.0 == two.0 && (one.1.value - two.1.value).abs() <= one.1.error
        };
        assert!(found.len() == renumbered.len() && found.iter().zip(&renumbered).all(|(one, two)| close(one, two)));
    }
}

/// Teeth half a metre wide, half a metre apart; upright, or else lying.
fn comb(teeth: u32, upright: bool) -> Shape {
    let long = f64::from(teeth);
    let teeth = (0..teeth).rev().map(f64::from);
    let sides = teeth.flat_map(|at| [(at + 0.5, 0.0), (at + 0.5, long), (at, long), (at, 0.0)]);
    let all: Vec<(f64, f64)> = [(0.0, -1.0), (long, -1.0)].into_iter().chain(sides).collect();
    if upright { ring(all) } else { ring(all.into_iter().rev().map(|(x, y)| (y, x))) }
}

#[test]
fn borders_that_cross_at_every_two_edges_are_tangled() {
    // Each tooth crosses each of the other with both sides, four times; and eight for each edge are let pass.
    for (teeth, tangled) in [(350, false), (400, true)] {
        let (one, other) = (comb(teeth, true), comb(teeth, false));
        let bounds = one.view().bounds();
        assert_eq!(are_tangled(&[one.view(), other.view()], &bounds), tangled, "{teeth}");
        let half = BoundingBox { max: bounds.min + (bounds.max - bounds.min) * 0.5, ..bounds };
        assert!(!are_tangled(&[one.view(), other.view()], &half), "{teeth}");
        let mut store = Store::new(Kind::Polygon);
        store.push(other.view());
        let shared = shared_areas(one.view(), &Prepared::of(&store), &mut Workspace::default());
        assert_eq!((shared.sure.len(), shared.tangled.len()), (1, usize::from(tangled)), "{teeth}");
        assert!((shared.sure[0].1.value - f64::from(teeth * teeth) / 4.0).abs() < 1.0, "{shared:?}");
    }
}
