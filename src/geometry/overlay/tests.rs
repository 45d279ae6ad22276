use super::*;
use crate::geometry::measure::length;
use crate::geometry::relate::{Predicate, holds, interiors_meet};
use crate::geometry::validity::check;
use crate::geometry::wkt;
use proptest::prelude::*;

fn shape(text: &str) -> Shape {
    check(&wkt::read(text).unwrap()).shape.unwrap()
}

fn plane(shape: &Shape) -> f64 {
    measure::area(shape.view(), &AreaMethod::Plane).value
}

fn assert_valid(shape: &Shape) {
    let found = check(&shape.view().into());
    assert_eq!(found.faults, [], "{}", wkt::write(shape.view()));
}

#[test]
fn operations_give_the_lower_kind() {
    let square = shape("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))");
    for (other, shared, left) in [
        ("POLYGON ((5 5, 15 5, 15 15, 5 15, 5 5))", 25.0, 75.0),
        ("POLYGON ((2 2, 3 2, 3 3, 2 3, 2 2))", 1.0, 99.0),
        ("POLYGON ((-9 -9, 99 -9, 99 99, -9 99, -9 -9))", 100.0, 0.0),
        ("POLYGON ((10 0, 20 0, 20 10, 10 10, 10 0))", 0.0, 100.0),
        ("POLYGON ((30 0, 40 0, 40 10, 30 10, 30 0))", 0.0, 100.0),
        ("POLYGON ((-5 -5, 15 -5, 15 15, -5 15, -5 -5), (-1 -1, -1 11, 11 11, 11 -1, -1 -1))", 0.0, 100.0),
    ] {
        let other = shape(other);
        assert_eq!(plane(&intersection(square.view(), other.view())), shared);
        assert_eq!(plane(&intersection(other.view(), square.view())), shared);
        assert_eq!(plane(&difference(square.view(), other.view())), left);
        let both = plane(&square) + plane(&other);
        assert_eq!(plane(&symmetric_difference(square.view(), other.view())), both - 2.0 * shared);
        assert_eq!(plane(&union(&[square.view(), other.view()])), both - shared);
    }
    let empty = intersection(square.view(), shape("LINESTRING (20 20, 30 30)").view());
    assert!(empty.is_empty() && empty.kind() == Kind::Line);
}

#[test]
fn lines_are_clipped_by_polygons() {
    let ring = shape("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 4 6, 6 6, 6 4, 4 4))");
    for (line, inside, outside) in [
        ("LINESTRING (-5 5, 15 5)", 8.0, 12.0),
        ("LINESTRING (-5 1, 5 1, 5 -5)", 6.0, 10.0),
        // Along the border is neither inside nor outside.
        ("LINESTRING (0 0, 10 0)", 0.0, 0.0),
        ("LINESTRING (0 -5, 0 5, 5 5)", 4.0, 6.0),
        ("LINESTRING (20 0, 30 0)", 0.0, 10.0),
        ("MULTILINESTRING ((1 1, 2 1), (3 1, 4 1))", 2.0, 0.0),
    ] {
        let line = shape(line);
        let total = |found: Shape| length(found.view(), &AreaMethod::Plane).value;
        assert_eq!(total(intersection(line.view(), ring.view())), inside);
        assert_eq!(total(intersection(ring.view(), line.view())), inside);
        assert_eq!(total(difference(line.view(), ring.view())), outside);
    }
    assert_eq!(difference(ring.view(), shape("LINESTRING (-5 5, 15 5)").view()), ring);
}

#[test]
fn what_several_take_away_is_what_their_union_does() {
    let square = shape("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))");
    let taken = [
        shape("POLYGON ((-5 -5, 4 -5, 4 4, -5 4, -5 -5))"),
        shape("POLYGON ((3 3, 6 3, 6 6, 3 6, 3 3))"),
        shape("POLYGON ((-9 -9, 99 -9, 99 99, -9 99, -9 -9), (-1 -1, -1 8, 11 8, 11 -1, -1 -1))"),
        shape("LINESTRING (0 0, 10 10)"),
        shape("POLYGON ((30 0, 40 0, 40 10, 30 10, 30 0))"),
    ];
    let views: Vec<ShapeRef<'_>> = taken.iter().map(Shape::view).collect();
    let left = without(square.view(), &views);
    assert_valid(&left);
    assert_eq!(plane(&left), 100.0 - 16.0 - 9.0 + 1.0 - 20.0);
    assert_eq!(without(square.view(), &views[3..]), square);
    assert_eq!(without(square.view(), &[]), square);
    let line = shape("LINESTRING (5 -5, 5 15)");
    assert_eq!(length(without(line.view(), &views[..2]).view(), &AreaMethod::Plane).value, 17.0);
}

#[test]
fn lines_share_stretches_with_lines() {
    let road = shape("LINESTRING (0 0, 10 0, 10 10)");
    let other = shape("MULTILINESTRING ((12 0, 5 0), (10 2, 10 4), (0 -5, 0 5))");
    let shared = intersection(road.view(), other.view());
    assert_eq!(wkt::write(shared.view()), "MULTILINESTRING ((5 0, 10 0), (10 2, 10 4))");
    let rest = difference(road.view(), other.view());
    assert_eq!(wkt::write(rest.view()), "MULTILINESTRING ((0 0, 5 0), (10 0, 10 2), (10 4, 10 10))");
    let all = union(&[road.view(), road.view(), other.view()]);
    assert_eq!(length(all.view(), &AreaMethod::Plane).value, 20.0 + 2.0 + 10.0);
    assert_eq!(length(symmetric_difference(road.view(), other.view()).view(), &AreaMethod::Plane).value, 13.0 + 12.0);
}

#[test]
fn points_are_kept_or_dropped() {
    let points = shape("MULTIPOINT ((1 1), (5 5), (20 20), (1 1))");
    let square = shape("POLYGON ((0 0, 5 0, 5 5, 0 5, 0 0))");
    assert_eq!(wkt::write(intersection(points.view(), square.view()).view()), "MULTIPOINT ((1 1), (5 5))");
    assert_eq!(wkt::write(difference(points.view(), square.view()).view()), "POINT (20 20)");
    let line = shape("LINESTRING (0 0, 4 4)");
    assert_eq!(wkt::write(intersection(line.view(), points.view()).view()), "POINT (1 1)");
    assert_eq!(union(&[points.view(), points.view()]).view().parts().len(), 3);
}

#[test]
fn a_thin_overlap_with_a_wide_line_is_right() {
    // 600 km wide, at eastings with their zone; the parcel reaches 1 mm, then 1 cm, over 100 m into it.
    let wide =
        shape("POLYGON ((38900000 3000000, 39500000 3000000, 39500000 3600000, 38900000 3600000, 38900000 3000000))");
    for depth in [0.001, 0.01] {
        let west = 39_500_000.0 - depth;
        let parcel = Shape::rectangle(&BoundingBox {
            min: Coord { x: west, y: 3_300_000.0 },
            max: Coord { x: 39_500_050.0, y: 3_300_100.0 },
        });
        let measured = intersection_area(wide.view(), parcel.view(), &AreaMethod::Plane);
        assert!((measured.value - depth * 100.0).abs() <= measured.error && measured.error < 5e-4, "{measured:?}");
    }
}

#[test]
fn coordinates_out_of_range_give_nothing() {
    let mut odd = shape("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))");
    let square = odd.clone();
    for x in [f64::NAN, f64::INFINITY, 1e300] {
        odd.coords_mut()[2].x = x;
        assert!(intersection(odd.view(), square.view()).is_empty());
        assert!(difference(odd.view(), square.view()).is_empty());
        assert!(union(&[odd.view()]).is_empty());
        assert!(symmetric_difference(odd.view(), square.view()).is_empty());
    }
}

/// The hole at (5, 10) is of the outer part, not of the island; a backend that binds it wrongly makes the shape invalid.
#[test]
fn holes_stay_in_their_own_part() {
    let text = "MULTIPOLYGON (((2 2, 4 2, 4 1, 10 1, 10 2, 11 2, 11 3, 12 3, 12 7, 11 7, 11 8, 10 8, 10 9, 9 9, 9 10, 7 10, \
                7 12, 4 12, 4 9, 3 9, 3 8, 2 8, 2 2), (3 3, 3 7, 4 7, 4 8, 5 8, 5 9, 8 9, 8 8, 9 8, 9 7, 10 7, 10 6, 11 6, \
                11 4, 10 4, 10 2, 5 2, 5 3, 3 3), (5 10, 5 11, 6 11, 6 10, 5 10)), ((5 6, 5 5, 6 5, 6 6, 5 6)))";
    let island = shape(text);
    let found = union(&[island.view()]);
    assert_valid(&found);
    assert_eq!(plane(&found), plane(&island));
    let held: Vec<usize> = found.view().parts().map(|part| part.rings().len()).collect();
    assert!(held == [3, 1] || held == [1, 3], "{held:?}");
}

/// A simple star about a centre: radii at equal angles, in metres.
fn star(x: f64, y: f64, radii: &[f64]) -> Shape {
    let mut shape = Shape::empty(Kind::Polygon);
    let count = radii.len() as f64;
    let ring = radii.iter().enumerate().map(|(index, radius)| {
        let angle = std::f64::consts::TAU * index as f64 / count;
        let rounded = |value: f64| (value * 1e4).round() / 1e4;
        Coord { x: rounded(x + radius * angle.cos()), y: rounded(y + radius * angle.sin()) }
    });
    let coords: Vec<Coord> = ring.collect();
    shape.push_ring(coords.iter().chain(coords.first()).copied());
    shape.end_part();
    shape
}

fn any_star() -> impl Strategy<Value = Shape> {
    (0.0..60.0f64, 0.0..60.0f64, prop::collection::vec(5.0..50.0f64, 3..40))
        .prop_map(|(x, y, radii)| star(x, y, &radii))
        .prop_filter("valid", |found| check(&found.view().into()).faults.is_empty())
}

/// Cells of a 12 by 12 raster, merged.
fn any_cells() -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(any::<bool>(), 144)
}

fn raster(cells: &[bool]) -> Shape {
    let squares: Vec<Shape> = (0..cells.len())
        .filter(|index| cells[*index])
        .map(|index| {
            let min = Coord { x: (index % 12) as f64, y: (index / 12) as f64 };
            Shape::rectangle(&BoundingBox { min, max: min + Coord { x: 1.0, y: 1.0 } })
        })
        .collect();
    union(&squares.iter().map(Shape::view).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn parts_add_up(a in any_star(), b in any_star()) {
        let (both, only_a, only_b) = (intersection(a.view(), b.view()), difference(a.view(), b.view()), difference(b.view(), a.view()));
        let same = |one: f64, other: f64| (one - other).abs() < 2e-3;
        prop_assert!(same(plane(&both) + plane(&only_a), plane(&a)));
        prop_assert!(same(plane(&both) + plane(&only_a) + plane(&only_b), plane(&union(&[a.view(), b.view()]))));
        prop_assert!(same(plane(&only_a) + plane(&only_b), plane(&symmetric_difference(a.view(), b.view()))));
        prop_assert_eq!(plane(&both), plane(&intersection(b.view(), a.view())));
        for found in [&both, &only_a, &only_b] {
            assert_valid(found);
        }
    }

    #[test]
    fn far_from_the_origin_areas_are_the_same(a in any_star(), b in any_star()) {
        let moved = |shape: &Shape| {
            let mut moved = shape.clone();
            for coord in moved.coords_mut() {
                *coord = *coord + Coord { x: 39_400_000.0, y: 3_290_000.0 };
            }
            moved
        };
        let here = intersection_area(a.view(), b.view(), &AreaMethod::Plane);
        let there = intersection_area(moved(&a).view(), moved(&b).view(), &AreaMethod::Plane);
        prop_assert!((here.value - there.value).abs() <= here.error + there.error);
    }

    #[test]
    fn windows_change_nothing(a in any_star(), b in any_star()) {
        let rings = |shape: &Shape| shape.view().rings().map(<[Coord]>::to_vec).collect::<Vec<_>>();
        let whole = combine(&rings(&a), &rings(&b), Rule::Both, GRID_STEP_M);
        let windowed = intersection(a.view(), b.view());
        prop_assert!((plane(&whole) - plane(&windowed)).abs() < 1e-9 * plane(&a).max(1.0) + 1e-4);
    }

    #[test]
    fn winding_within_a_window_stays(a in any_star(), x in 0.0..60.0f64, y in 0.0..60.0f64, dx in 0.0..1.0f64, dy in 0.0..1.0f64) {
        let window = BoundingBox { min: Coord { x, y }, max: Coord { x: x + 10.0, y: y + 10.0 } };
        let cut = window::polygon(a.view(), &window);
        let point = Coord { x: x + 10.0 * dx, y: y + 10.0 * dy };
        let before = crate::geometry::edges::winding(point, a.view().rings());
        prop_assert_eq!(before, crate::geometry::edges::winding(point, cut.rings.iter().map(Vec::as_slice)));
    }

    #[test]
    fn rasters_are_counted(a in any_cells(), b in any_cells()) {
        let (first, second) = (raster(&a), raster(&b));
        let count = |keep: fn(bool, bool) -> bool| a.iter().zip(&b).filter(|(a, b)| keep(**a, **b)).count() as f64;
        for (found, expected) in [
            (intersection(first.view(), second.view()), count(|a, b| a && b)),
            (difference(first.view(), second.view()), count(|a, b| a && !b)),
            (symmetric_difference(first.view(), second.view()), count(|a, b| a != b)),
            (union(&[first.view(), second.view()]), count(|a, b| a || b)),
        ] {
            prop_assert_eq!(plane(&found), expected);
            assert_valid(&found);
        }
        prop_assert_eq!(holds(Predicate::Occupies, first.view(), second.view()), count(|a, b| a && b) > 0.0);
        let inside = count(|a, _| a) > 0.0 && count(|a, b| a && !b) == 0.0;
        prop_assert_eq!(holds(Predicate::Covers, second.view(), first.view()), inside);
        prop_assert_eq!(interiors_meet(first.view(), second.view()), count(|a, b| a && b) > 0.0);
    }
}
