use super::*;
use crate::geometry::measure::{AreaMethod, area};
use crate::geometry::validity::check;
use crate::geometry::wkt;
use std::f64::consts::PI;

fn shape(text: &str) -> Shape {
    check(&wkt::read(text).unwrap()).shape.unwrap()
}

#[test]
fn buffers_have_their_area() {
    for (text, distance, expected) in [
        ("POINT (39400000 3290000)", 10.0, 100.0 * PI),
        ("POINT (39400000 3290000)", 500.0, 250_000.0 * PI),
        ("LINESTRING (39400000 3290000, 39400100 3290000)", 10.0, 2000.0 + 100.0 * PI),
        ("POLYGON ((0 0, 100 0, 100 100, 0 100, 0 0))", 10.0, 14_000.0 + 100.0 * PI),
        ("POLYGON ((0 0, 100 0, 100 100, 0 100, 0 0))", -10.0, 6_400.0),
        ("POLYGON ((0 0, 100 0, 100 100, 0 100, 0 0))", -50.0, 0.0),
        ("POLYGON ((0 0, 100 0, 100 100, 0 100, 0 0))", 0.0, 10_000.0),
        ("LINESTRING (0 0, 1 1)", -1.0, 0.0),
    ] {
        let grown = buffer(shape(text).view(), distance);
        let found = area(grown.view(), &AreaMethod::Plane).value;
        let allowed = 2.0 * PI * distance.abs() * (CHORD_M.max(distance.abs() / 30_000.0)) + 1e-3;
        assert!((found - expected).abs() <= allowed, "{text} {distance}: {found} {expected}");
        assert_eq!(check(&grown.view().into()).faults, [], "{text} {distance}");
    }
}

#[test]
fn borders_holes_and_parts_are_taken_apart() {
    let polygon = shape("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))");
    assert_eq!(wkt::write(holes(polygon.view()).view()), "POLYGON ((1 1, 2 1, 2 2, 1 2, 1 1))");
    assert_eq!(boundary(polygon.view()).view().rings().len(), 2);
    let lines = shape("MULTILINESTRING ((5 5, 0 0), (5 5, 9 9))");
    assert_eq!(wkt::write(boundary(lines.view()).view()), "MULTIPOINT ((0 0), (9 9))");
    assert!(boundary(shape("LINESTRING (0 0, 1 0, 1 1, 0 0)").view()).is_empty());
    assert!(boundary(shape("POINT (0 0)").view()).is_empty());
    assert_eq!(
        parts(lines.view()).iter().map(|part| wkt::write(part.view())).collect::<Vec<_>>(),
        ["LINESTRING (5 5, 0 0)", "LINESTRING (5 5, 9 9)"]
    );
}
