use super::*;
use crate::geometry::measure::{self, AreaMethod, Measure};
use crate::geometry::relate::Predicate;
use crate::geometry::{Coord, Kind, Position, Shape, ShapeRef, edges, relate, window, wkt};

mod cover;
mod extremes;
mod made;
mod predicates;
mod shared;
mod within;
mod work;

use made::{Random, layer_of, moved, shape, star};

fn plane(shape: ShapeRef<'_>) -> Measure {
    measure::area(shape, &AreaMethod::Plane)
}

/// Returns what `a` shares with `b`, as a layer of its own.
fn shared_area(a: &Shape, b: &Shape) -> Measure {
    let store = layer_of(std::slice::from_ref(b));
    intersection_area(a.view(), &Prepared::of(&store), 0, &mut Workspace::default())
}

/// How many random pairs are compared; `GUIJU_TEST_PAIRS` asks for more.
fn pairs() -> u64 {
    std::env::var("GUIJU_TEST_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000)
}

#[test]
fn areas_agree_with_shapes_built() {
    let seed = std::env::var("GUIJU_TEST_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(7);
    println!("seed {seed}");
    let mut random = Random(seed);
    let mut work = Workspace::default();
    let mut worst: f64 = 0.0;
    for _ in 0..pairs() {
        let (a, b) = made::pair(&mut random);
        let store = layer_of(std::slice::from_ref(&b));
        let layer = Prepared::of(&store);
        let found = intersection_area(a.view(), &layer, 0, &mut work);
        let built = plane(overlay::intersection(a.view(), b.view()).view());
        // The grid moves the border of what is built by a step, also where the rounded thing is empty.
        let border = measure::length(a.view(), &AreaMethod::Plane).value;
        let allowed = found.error + built.error + 2.0 * overlay::GRID_STEP_M * border;
        let off = (found.value - built.value).abs();
        worst = worst.max(off);
        assert!(
            off <= allowed,
            "{found:?} {built:?} {off:e} {allowed:e}\n{}\n{}",
            wkt::write(a.view()),
            wkt::write(b.view())
        );
        assert!(found.error <= 1e-7, "{found:?}");
        let shape = intersection(a.view(), &layer, 0, &mut work);
        assert!((plane(shape.view()).value - found.value).abs() <= allowed);
    }
    println!("{} pairs, worst difference {worst:e} m2", pairs());
}

#[test]
fn parts_of_a_partition_add_up() {
    let mut random = Random(3);
    // A grid of crooked quadrilaterals at eastings with their zone; rows of neighbours share borders.
    let at = |column: usize, row: usize| {
        let mut own = Random((column * 1000 + row + 1) as u64);
        let shift = |random: &mut Random| (random.next() * 60.0 * 1e4).round() / 1e4;
        Coord {
            x: 39_500_000.0 + column as f64 * 100.0 + shift(&mut own),
            y: 3_400_000.0 + row as f64 * 100.0 + shift(&mut own),
        }
    };
    let mut cells = Vec::new();
    for column in 0..30 {
        for row in 0..30 {
            let mut cell = Shape::empty(Kind::Polygon);
            let corners =
                [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1), at(column, row)];
            cell.push_ring(corners);
            cell.end_part();
            cells.push(cell);
        }
    }
    let store = layer_of(&cells);
    let layer = Prepared::of(&store);
    let mut work = Workspace::default();
    for round in 0..200 {
        let vertices = 3 + (round * 7) % 400;
        let mut parcel = star(&mut random, vertices, 200.0, 900.0);
        moved(&mut parcel, Coord { x: 39_501_500.0, y: 3_401_500.0 });
        let mut found = Vec::new();
        intersection_areas(parcel.view(), &layer, &mut work, &mut found);
        assert!(found.is_sorted_by_key(|(feature, _)| *feature));
        let sum: f64 = found.iter().map(|(_, area)| area.value).sum();
        let bound: f64 = found.iter().map(|(_, area)| area.error).sum();
        let whole = plane(parcel.view()).value;
        assert!((sum - whole).abs() < 1e-6 + bound, "{sum} {whole} {bound:e}");
    }
}

#[test]
fn a_set_and_what_is_left_of_it_add_up() {
    let mut random = Random(11);
    for _ in 0..1_000 {
        let (a, b) = made::pair(&mut random);
        let shared = shared_area(&a, &b);
        let left = plane(overlay::difference(a.view(), b.view()).view());
        let whole = plane(a.view());
        assert!((shared.value + left.value - whole.value).abs() <= shared.error + left.error + 2.0 * whole.error);
        let own = shared_area(&a, &a);
        assert!((own.value - whole.value).abs() <= own.error + 1e-12 * whole.value, "{own:?} {whole:?}");
    }
}

/// Moved by a grid vector, turned over, begun elsewhere, with vertices on straight edges: the area stays.
#[test]
fn areas_do_not_depend_on_how_shapes_are_written() {
    let mut random = Random(19);
    for _ in 0..1_000 {
        let (a, b) = made::pair(&mut random);
        let first = shared_area(&a, &b);
        let same = |other: Measure, why: &str| {
            assert!((first.value - other.value).abs() <= first.error + other.error, "{why}: {first:?} {other:?}");
        };
        same(shared_area(&b, &a), "swapped");
        let by = Coord { x: 4096.0, y: -1024.0 };
        let (mut far_a, mut far_b) = (a.clone(), b.clone());
        moved(&mut far_a, by);
        moved(&mut far_b, by);
        // Moving rounds coordinates that are on no grid.
        let rounding = 1e-9 * (1.0 + measure::length(a.view(), &AreaMethod::Plane).value);
        let there = shared_area(&far_a, &far_b);
        same(Measure { error: there.error + rounding, ..there }, "moved");
        same(shared_area(&made::turned_over(&a), &made::turned_over(&b)), "axes swapped");
        same(shared_area(&made::begun_at(&a, 2), &made::begun_at(&b, 5)), "begun elsewhere");
        let split = made::with_middles(&a);
        let added = shared_area(&split, &b);
        same(Measure { error: added.error + rounding, ..added }, "vertices added");
    }
}

#[test]
fn thin_and_wide_overlaps_are_right() {
    let box_of = |x0: f64, y0: f64, x1: f64, y1: f64| {
        Shape::rectangle(&BoundingBox { min: Coord { x: x0, y: y0 }, max: Coord { x: x1, y: y1 } })
    };
    // 600 km wide, and 10 km of a border overstepped by 1 mm, 0.1 mm and 1 um.
    let (east, north) = (39_500_000.0, 3_300_000.0);
    let wide = box_of(38_900_000.0, 3_000_000.0, east, 3_600_000.0);
    for depth in [1e-2, 1e-3, 1e-4, 1e-6] {
        let from = east - depth;
        for length in [100.0, 10_000.0] {
            let found = shared_area(&box_of(from, north, east + 50.0, north + length), &wide);
            let expected = (east - from) * length;
            assert!(
                (found.value - expected).abs() <= found.error && found.error < 1e-4 * expected,
                "{found:?} {expected}"
            );
        }
    }
    // A border that only touches.
    let beside = shared_area(&box_of(east, north, east + 50.0, north + 10_000.0), &wide);
    assert!(beside.value <= beside.error && beside.error < 1e-6, "{beside:?}");
}

#[test]
fn combs_are_right_and_cost_what_crosses() {
    // Teeth upright against teeth lying: every tooth crosses every other.
    let teeth = 150;
    let comb = |upright: bool| {
        let mut coords = vec![Coord { x: -1.0, y: -1.0 }];
        let depth = 2.0 * teeth as f64;
        for tooth in 0..teeth {
            let x = 2.0 * tooth as f64;
            coords.extend([
                Coord { x, y: -1.0 },
                Coord { x, y: depth },
                Coord { x: x + 1.0, y: depth },
                Coord { x: x + 1.0, y: -1.0 },
            ]);
        }
        coords.extend([Coord { x: depth, y: -1.0 }, Coord { x: depth, y: -2.0 }, Coord { x: -1.0, y: -2.0 }]);
        coords.push(coords[0]);
        let coords: Vec<Coord> = if upright {
            coords.iter().rev().copied().collect()
        } else {
            coords.iter().map(|c| Coord { x: c.y, y: c.x }).collect()
        };
        let mut shape = Shape::empty(Kind::Polygon);
        shape.push_ring(coords);
        shape.end_part();
        shape
    };
    let (a, b) = (comb(true), comb(false));
    assert!(plane(a.view()).value > 0.0 && plane(b.view()).value > 0.0);
    let store = layer_of(std::slice::from_ref(&b));
    let mut work = Workspace::default();
    let found = intersection_area(a.view(), &Prepared::of(&store), 0, &mut work);
    let built = plane(overlay::intersection(a.view(), b.view()).view());
    assert!((found.value - built.value).abs() <= found.error + built.error, "{found:?} {built:?}");
    // Sixteen times as many pairs of edges as there are crossings, and the edges themselves over and over.
    let crossings = 4 * teeth * teeth;
    assert!(work.counters.pairs < 16 * crossings as u64, "{:?}", work.counters);
}

#[test]
fn what_no_reader_lets_through_gives_nothing() {
    let square = shape("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))");
    for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
        let mut odd = square.clone();
        odd.coords_mut()[2].x = x;
        for (a, b) in [(&odd, &square), (&square, &odd)] {
            let store = layer_of(std::slice::from_ref(b));
            let layer = Prepared::of(&store);
            let mut work = Workspace::default();
            assert_eq!(intersection_area(a.view(), &layer, 0, &mut work).value, 0.0);
            assert!(intersection(a.view(), &layer, 0, &mut work).is_empty());
        }
    }
    let empty = layer_of(&[]);
    let mut work = Workspace::default();
    let mut found = Vec::new();
    intersection_areas(square.view(), &Prepared::of(&empty), &mut work, &mut found);
    assert!(found.is_empty() && nearest(square.view(), &Prepared::of(&empty), &mut work).is_none());
    for text in ["POINT (5 5)", "LINESTRING (0 0, 5 5)", "POLYGON EMPTY"] {
        assert_eq!(shared_area(&shape(text), &square).value, 0.0);
    }
}

#[test]
fn windows_of_long_rings_wind_as_the_rings_do() {
    let mut random = Random(23);
    for round in 0..300 {
        // Any closed walk will do, also one that crosses itself; corners on whole numbers meet the windows' sides.
        let count = 20 + round * 7;
        let mut coords: Vec<Coord> = (0..count)
            .map(|_| Coord { x: (random.next() * 40.0).floor(), y: (random.next() * 40.0).floor() })
            .collect();
        if round % 2 == 0 {
            let turn = std::f64::consts::TAU / 97.0;
            coords = (0..count)
                .map(|i| Coord {
                    x: 20.0 + i as f64 * 0.02 * (i as f64 * turn).cos(),
                    y: 20.0 + i as f64 * 0.02 * (i as f64 * turn).sin(),
                })
                .collect();
        }
        coords.push(coords[0]);
        let frame = Frame::of(&BoundingBox::around(&coords));
        let mut boxes = Vec::new();
        runs::append_boxes(&coords, &frame, &mut boxes);
        let path = Path { coords: &coords, boxes: &boxes };
        let corner = Coord { x: (random.next() * 35.0).floor(), y: (random.next() * 35.0).floor() };
        let window = BoundingBox { min: corner, max: corner + Coord { x: 5.0, y: 5.0 } };
        let cut = window::rings(std::iter::once(path), &window, None, &frame, &mut Seen::default());
        for _ in 0..100 {
            let point = corner + Coord { x: random.next() * 5.0, y: random.next() * 5.0 };
            let before = edges::winding(point, std::iter::once(coords.as_slice()));
            assert_eq!(before, edges::winding(point, cut.rings.iter().map(Vec::as_slice)));
            assert_eq!(before, place::winding(std::iter::once(path), point, &frame, &mut Seen::default()));
        }
    }
}
