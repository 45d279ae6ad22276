use super::*;
use crate::geometry::crs::Ellipsoid;
use crate::geometry::wkt;
use crate::geometry::{BoundingBox, Coord, Shape, validity};
use geographiclib_rs::{Geodesic, PolygonArea, Winding};
use proptest::prelude::*;

fn shape(text: &str) -> Shape {
    validity::check(&wkt::read(text).unwrap()).shape.unwrap()
}

fn crs(code: u32) -> Crs {
    Crs::from_epsg(code).unwrap()
}

/// The published vectors: system, ring, planar area (exact), trapezoids with pieces of 70 m and of 1 m.
const VECTORS: [(u32, &str, f64, f64, f64); 3] = [
    (
        4526,
        "POLYGON ((38500000 3100000, 38501000 3100000, 38501000 3101000, 38500000 3101000, 38500000 3100000))",
        1_000_000.0,
        999_999.991_8,
        999_999.991_8,
    ),
    (
        4527,
        "POLYGON ((39400000 3290000, 39401000 3290000, 39401000 3291000, 39400000 3291000, 39400000 3290000))",
        1_000_000.0,
        999_755.838_5,
        999_755.838_4,
    ),
    (
        4527,
        "POLYGON ((39402310.125 3288120.430, 39402655.870 3288201.115, 39402702.335 3287930.905, \
         39402480.020 3287801.760, 39402295.415 3287955.250, 39402310.125 3288120.430))",
        111_354.943_8,
        111_328.842_1,
        111_328.838_8,
    ),
];

#[test]
fn areas_agree_with_the_published_vectors() {
    for (code, text, plane, coarse, fine) in VECTORS {
        let parcel = shape(text);
        let near = |measure: Measure, expected: f64| {
            assert!((measure.value - expected).abs() <= 1.0001e-4, "{measure:?} {expected}")
        };
        near(area(parcel.view(), &AreaMethod::Plane), plane);
        near(ellipsoidal_area(parcel.view(), crs(code), 70.0), coarse);
        near(ellipsoidal_area(parcel.view(), crs(code), 1.0), fine);
        let measured = area(parcel.view(), &AreaMethod::Ellipsoidal(crs(code)));
        near(measured, fine);
        assert!((measured.value - fine).abs() <= measured.error + 5e-5 && measured.error < 0.02, "{measured:?}");
    }
}

#[test]
fn the_bound_covers_the_true_area_at_any_piece() {
    let (code, text, ..) = VECTORS[2];
    let parcel = shape(text);
    let truth = ellipsoidal_area(parcel.view(), crs(code), 0.5).value;
    for piece in [1e9, 200.0, 70.0, 10.0] {
        let measured = ellipsoidal_area(parcel.view(), crs(code), piece);
        assert!((measured.value - truth).abs() <= measured.error, "{piece}: {measured:?} {truth}");
    }
}

/// The closed form against the official trapezoids with pieces so short that their bend does not matter: parcels, corridors and districts, across bands of
/// northing, with edges from metres to tens of kilometres, near the central meridian and far from it.
#[test]
fn the_closed_form_is_what_short_trapezoids_come_to() {
    for (code, easting, northing) in [
        (4527, 39_500_000.0, 3_276_799.0),
        (4527, 39_352_000.0, 2_100_000.0),
        (32650, 810_000.0, 4_400_000.0),
        (6677, -60_000.0, 12.5),
    ] {
        let crs = crs(code);
        for (reach, corners, piece) in [(40.0, 7, 0.5), (900.0, 40, 1.0), (60_000.0, 9, 20.0)] {
            for flat in [1.0, 0.01] {
                let mut star = Shape::empty(Kind::Polygon);
                let corner = |at: u32| {
                    let angle = std::f64::consts::TAU * f64::from(at % corners) / f64::from(corners);
                    let away = reach * (0.6 + 0.4 * f64::from(at % corners * 5 % 7) / 7.0);
                    Coord { x: easting + away * angle.cos(), y: northing + away * angle.sin() * flat }
                };
                star.push_ring((0..=corners).map(corner));
                star.end_part();
                let closed = area(star.view(), &AreaMethod::Ellipsoidal(crs));
                let pieces = ellipsoidal_area(star.view(), crs, piece);
                let off = (closed.value - pieces.value).abs();
                assert!(off <= closed.error + pieces.error, "{code} {reach} {flat}: {closed:?} {pieces:?}");
                assert!(off <= 2e-9 * pieces.value + 1e-5, "{code} {reach} {flat}: {closed:?} {pieces:?}");
            }
        }
    }
}

#[test]
fn what_has_no_place_on_the_ellipsoid_has_no_area() {
    for (x, y) in [(f64::NAN, 3_000_000.0), (39_500_000.0, f64::INFINITY)] {
        let mut ring = Shape::empty(Kind::Polygon);
        let corner = |x: f64, y: f64| Coord { x: 39_500_000.0 + x, y: 3_000_000.0 + y };
        ring.push_ring([corner(0.0, 0.0), corner(9.0, 0.0), Coord { x, y }, corner(0.0, 0.0)]);
        ring.end_part();
        let measured = area(ring.view(), &AreaMethod::Ellipsoidal(crs(4527)));
        assert!(measured.value.is_nan() && measured.error == f64::INFINITY, "{measured:?}");
    }
}

/// An independent check: the area of the geodesic polygon over the same short pieces.
#[test]
fn areas_agree_with_geodesic_polygons() {
    let ellipsoid = Geodesic::new(6_378_137.0, 1.0 / 298.257_222_101);
    for (code, text, ..) in VECTORS {
        let parcel = shape(text);
        let mut polygon = PolygonArea::new(&ellipsoid, Winding::CounterClockwise);
        for pair in parcel.view().coords().windows(2) {
            for step in 0..200 {
                let coord = pair[0] + (pair[1] - pair[0]) * (f64::from(step) / 200.0);
                let place = crate::geometry::crs::to_lonlat(crs(code), coord).unwrap();
                polygon.add_point(place.y, place.x);
            }
        }
        let (perimeter, geodesic, _) = polygon.compute(true);
        let measured = area(parcel.view(), &AreaMethod::Ellipsoidal(crs(code)));
        assert!((measured.value - geodesic).abs() < 2e-3, "{measured:?} {geodesic}");
        let walked = length(parcel.view(), &AreaMethod::Ellipsoidal(crs(code)));
        assert!((walked.value - perimeter).abs() < 1e-5, "{walked:?} {perimeter}");
    }
}

/// The same check away from China: conics, an oblique Mercator on another ellipsoid, and an origin off the equator.
#[test]
fn areas_of_other_projections_agree_with_geodesic_polygons() {
    for (code, easting, northing) in [
        (2154, 100_000.0, 6_800_000.0),
        (3946, 1_850_000.0, 5_170_000.0),
        (2056, 2_760_000.0, 1_090_000.0),
        (6677, 60_000.0, -40_000.0),
    ] {
        let crs = crs(code);
        let Ellipsoid { a, f } = crs.ellipsoid();
        let min = Coord { x: easting, y: northing };
        let field = Shape::rectangle(&BoundingBox { min, max: min + Coord { x: 900.0, y: 1_300.0 } });
        let ellipsoid = Geodesic::new(a, f);
        let mut polygon = PolygonArea::new(&ellipsoid, Winding::CounterClockwise);
        for pair in field.view().coords().windows(2) {
            for step in 0..400 {
                let coord = pair[0] + (pair[1] - pair[0]) * (f64::from(step) / 400.0);
                let place = LonLat::of(crs).unwrap().lonlat(coord).unwrap();
                polygon.add_point(place.y, place.x);
            }
        }
        let (_, geodesic, _) = polygon.compute(true);
        let measured = area(field.view(), &AreaMethod::Ellipsoidal(crs));
        assert!((measured.value - geodesic).abs() < 0.02, "{code}: {measured:?} {geodesic}");
        assert!((measured.value - geodesic).abs() <= measured.error, "{code}: {measured:?} {geodesic}");
        assert!((measured.value - 1_170_000.0).abs() > 10.0, "{code}: no better than the plane, {measured:?}");
    }
}

#[test]
fn geographic_areas_are_trapezoids_directly() {
    let field = shape("POLYGON ((116 30, 116.01 30, 116.01 30.01, 116 30.01, 116 30))");
    let measured = area(field.view(), &AreaMethod::Ellipsoidal(Crs::CGCS2000));
    // Between two parallels and two meridians the area has a closed form; this is it to five figures.
    let expected = 0.01f64.to_radians().powi(2) * 30.005f64.to_radians().cos() * 6_383_480.0 * 6_351_377.0;
    assert!((measured.value / expected - 1.0).abs() < 1e-4, "{measured:?} {expected}");
    let hole = shape(
        "POLYGON ((116 30, 116.01 30, 116.01 30.01, 116 30.01, 116 30), (116.002 30.002, 116.002 30.004, 116.004 30.004, 116.004 30.002, 116.002 30.002))",
    );
    assert!(area(hole.view(), &AreaMethod::Ellipsoidal(Crs::CGCS2000)).value < measured.value);
}

#[test]
fn holes_subtract_and_lines_have_no_area() {
    let ring = shape("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 2 4, 4 4, 4 2, 2 2))");
    assert_eq!(area(ring.view(), &AreaMethod::Plane).value, 96.0);
    assert_eq!(length(ring.view(), &AreaMethod::Plane).value, 48.0);
    let line = shape("LINESTRING (0 0, 3 4)");
    assert_eq!(area(line.view(), &AreaMethod::Plane), Measure::exact(0.0));
    assert_eq!(length(line.view(), &AreaMethod::Plane).value, 5.0);
    assert_eq!(length(shape("POINT (1 1)").view(), &AreaMethod::Plane).value, 0.0);
    let square = shape("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))");
    assert!((compactness(square.view(), &AreaMethod::Plane) - std::f64::consts::PI / 4.0).abs() < 1e-12);
}

#[test]
fn distances_are_shortest_ways() {
    for (a, b, expected) in [
        ("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((3 0, 4 0, 4 1, 3 1, 3 0))", 2.0),
        ("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0))", "POLYGON ((3 3, 4 3, 4 4, 3 4, 3 3))", 0.0),
        ("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 8, 8 8, 8 1, 1 1))", "POINT (4 3)", 2.0),
        ("LINESTRING (0 0, 10 0)", "LINESTRING (5 1, 5 9)", 1.0),
        ("LINESTRING (0 0, 10 10)", "LINESTRING (0 10, 10 0)", 0.0),
        ("POINT (0 0)", "MULTIPOINT ((3 4), (30 40))", 5.0),
        ("MULTIPOINT ((0 0), (100 100))", "LINESTRING (102 90, 102 110)", 2.0),
    ] {
        let (a, b) = (shape(a), shape(b));
        assert_eq!(distance(a.view(), b.view()).value, expected);
        assert_eq!(distance(b.view(), a.view()).value, expected);
    }
    assert_eq!(distance(shape("POINT (0 0)").view(), shape("POINT EMPTY").view()).value, f64::INFINITY);
}

#[test]
fn widths_are_those_of_the_largest_circle() {
    for (text, expected) in [
        ("POLYGON ((0 0, 100 0, 100 20, 0 20, 0 0))", 20.0),
        ("POLYGON ((0 0, 30 0, 0 40, 0 0))", 20.0),
        (
            "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 4 6, 6 6, 6 4, 4 4))",
            2.0 * 4.0 * 2.0 * (2.0 - 2f64.sqrt()) / 2.0,
        ),
        ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), ((5 5, 8 5, 8 8, 5 8, 5 5)))", 3.0),
        ("LINESTRING (0 0, 1 1)", 0.0),
    ] {
        let found = width(shape(text).view());
        assert!((found - expected).abs() <= 2e-3, "{text}: {found} {expected}");
    }
}

proptest! {
    /// In a convex ring the largest circle touches three sides: of all threes it is the largest that fits.
    #[test]
    fn widths_of_convex_rings_are_those_of_the_best_of_all_threes(
        mut angles in proptest::collection::vec(0.0..std::f64::consts::TAU, 3..24),
        (long, wide) in (1.0..500.0, 0.01..500.0),
    ) {
        angles.sort_by(f64::total_cmp);
        angles.dedup_by(|one, other| (*one - *other).abs() < 1e-3);
        prop_assume!(angles.len() >= 3);
        let corner = |angle: &f64| Coord { x: 39_400_000.0 + long * angle.cos(), y: 3_290_000.0 + wide * angle.sin() };
        let corners: Vec<Coord> = angles.iter().map(corner).collect();
        let sides: Vec<(Coord, Coord)> = (0..corners.len())
            .map(|at| {
                let along = corners[(at + 1) % corners.len()] - corners[at];
                let length = along.x.hypot(along.y);
                (corners[at], Coord { x: -along.y / length, y: along.x / length })
            })
            .collect();
        let left = |point: Coord, side: &(Coord, Coord)| {
            let from = point - side.0;
            from.x * side.1.x + from.y * side.1.y
        };
        let mut best = 0.0_f64;
        for (at, one) in sides.iter().enumerate() {
            for (next, other) in sides.iter().enumerate().skip(at + 1) {
                for third in &sides[next + 1..] {
                    let (a, b) = (other.1 - one.1, third.1 - one.1);
                    let (a0, b0) = (left(corners[0], other) - left(corners[0], one), left(corners[0], third) - left(corners[0], one));
                    let turn = a.x * b.y - a.y * b.x;
                    if turn.abs() > 1e-12 {
                        let shift = Coord { x: (b0 * a.y - a0 * b.y) / turn, y: (a0 * b.x - b0 * a.x) / turn };
                        let centre = corners[0] + shift;
                        best = best.max(sides.iter().map(|side| left(centre, side)).fold(f64::INFINITY, f64::min));
                    }
                }
            }
        }
        let mut ring = Shape::empty(Kind::Polygon);
        ring.push_ring(corners.iter().chain(&corners[..1]).copied());
        ring.end_part();
        let found = width(ring.view());
        prop_assert!((found - 2.0 * best).abs() <= 1e-5 + 1e-6 * best, "{found} {}", 2.0 * best);
    }
}

/// A road of two long arms is as wide in a thousand places, and a little wider in its bend: circles there touch the outer sides and the inner corner.
#[test]
fn the_widest_place_of_a_long_road_is_its_bend() {
    for arm in [50.0, 2_000.0] {
        let road = format!("POLYGON ((0 0, {arm} 0, {arm} 8, 8 8, 8 {arm}, 0 {arm}, 0 0))");
        let (found, bend) = (width(shape(&road).view()), 2.0 * (2.0 - 2f64.sqrt()) * 8.0);
        assert!((bend * 0.995 - 1e-3..=bend + 1e-9).contains(&found), "{arm}: {found} {bend}");
    }
}

/// A star of any number of corners: of few, of as many as are worth a tree, and between.
#[test]
fn widths_of_stars_do_not_depend_on_their_corners() {
    for corners in [40, 46, 47, 48, 49, 50, 498, 500, 502, 3_000] {
        let mut star = Shape::empty(Kind::Polygon);
        let ring = (0..=corners).map(|at: u32| {
            let angle = std::f64::consts::TAU * f64::from(at % corners) / f64::from(corners);
            let radius = if (at % corners).is_multiple_of(2) { 50.0 } else { 60.0 };
            Coord { x: 39_400_000.0 + radius * angle.cos(), y: 3_290_000.0 + radius * angle.sin() }
        });
        star.push_ring(ring);
        star.end_part();
        let found = width(star.view());
        assert!((99.4..101.0).contains(&found), "{corners}: {found}");
    }
}

/// A jagged disc far from the origin: a search that trusts bounds on neighbouring boxes finds a circle too wide here.
#[test]
fn the_circle_in_a_jagged_disc_stays_inside() {
    let mut disc = Shape::empty(Kind::Polygon);
    let ring = (0..=2000u32).map(|index| {
        let index = index % 2000;
        let angle = std::f64::consts::TAU * f64::from(index) / 2000.0;
        let radius = 2000.0 + f64::from(index * 7919 % 101);
        Coord { x: 39_400_000.0 + radius * angle.cos(), y: 3_290_000.0 + radius * angle.sin() }
    });
    disc.push_ring(ring);
    disc.end_part();
    let found = width(disc.view());
    // Every tooth reaches down to 2000 m somewhere near, and the circle may shift a little between teeth; the search may stop 0.5 % short.
    assert!((3979.9..4001.0).contains(&found), "{found}");
}

#[test]
fn interior_points_are_inside() {
    for text in [
        "POLYGON ((0 0, 10 0, 10 10, 9 10, 9 1, 1 1, 1 10, 0 10, 0 0))",
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (1 1, 1 9, 9 9, 9 1, 1 1))",
        "POLYGON ((39400000 3290000, 39401000 3290000.001, 39401000 3290000.002, 39400000 3290000))",
        "MULTIPOLYGON (((0 0, 1 0, 0 1, 0 0)), ((50 50, 60 50, 50 60, 50 50)))",
    ] {
        let polygon = shape(text);
        let point = interior_point(polygon.view()).unwrap();
        assert_eq!(crate::geometry::edges::position(point, polygon.view()), crate::geometry::edges::Position::Inside);
    }
    assert_eq!(interior_point(shape("LINESTRING (0 0, 2 2)").view()), Some(Coord { x: 1.0, y: 1.0 }));
}

#[test]
fn centroids_weigh_what_there_is() {
    for (text, x, y) in [
        ("POLYGON ((0 0, 4 0, 4 2, 0 2, 0 0))", 2.0, 1.0),
        ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), ((2 0, 5 0, 5 1, 2 1, 2 0)))", 2.75, 0.5),
        ("LINESTRING (0 0, 2 0, 2 2)", 1.5, 0.5),
        ("MULTIPOINT ((0 0), (1 2))", 0.5, 1.0),
    ] {
        let found = centroid(shape(text).view()).unwrap();
        assert!((found.x - x).abs() < 1e-12 && (found.y - y).abs() < 1e-12, "{text}: {found:?}");
    }
}
