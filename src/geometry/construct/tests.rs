use super::buffer::{CHORD_M, in_bands, in_one_go};
use super::*;
use crate::geometry::measure::{AreaMethod, area};
use crate::geometry::validity::check;
use crate::geometry::wkt;
use crate::geometry::{Coord, overlay};
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
        let grown = buffer(shape(text).view(), distance).unwrap();
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

fn of_ring(kind: Kind, ring: impl IntoIterator<Item = (f64, f64)>) -> Shape {
    let mut shape = Shape::empty(kind);
    let mut ring: Vec<Coord> =
        ring.into_iter().map(|(x, y)| Coord { x: 39_400_000.0 + x, y: 3_290_000.0 + y }).collect();
    if kind == Kind::Polygon {
        ring.push(ring[0]);
    }
    shape.push_ring(ring);
    shape.end_part();
    shape
}

fn plane(shape: &Shape) -> f64 {
    area(shape.view(), &AreaMethod::Plane).value
}

/// A ring around a centre, its radius wavering with each vertex.
fn star(vertices: u32, radius_m: f64, waves: f64) -> Shape {
    let at = |number: u32| {
        let angle = f64::from(number) / f64::from(vertices) * 2.0 * PI;
        let radius = radius_m * (1.0 + 0.2 * (waves * angle).sin() + 0.01 * f64::from(number % 3));
        (radius * angle.cos(), radius * angle.sin())
    };
    of_ring(Kind::Polygon, (0..vertices).map(at))
}

#[test]
fn bands_dissolved_are_the_buffer_in_one_go() {
    let border = |star: &Shape| Shape::clone(&boundary(star.view()));
    for (vertices, waves) in [(400, 7.0), (700, 31.0)] {
        let star = star(vertices, 60.0, waves);
        for (shape, distance) in [(star.clone(), 10.0), (star.clone(), -4.0), (border(&star), 6.0)] {
            let (found, whole) = (buffer(shape.view(), distance).unwrap(), in_one_go(shape.view(), distance));
            assert!(check(&found.view().into()).faults.is_empty());
            let apart = overlay::symmetric_difference(found.view(), whole.view());
            let length = crate::geometry::measure::length(whole.view(), &AreaMethod::Plane).value;
            assert!(plane(&whole) > 0.0 && plane(&apart) < 2.0 * CHORD_M * length, "{} of {length}", plane(&apart));
        }
    }
}

/// Teeth half a millimetre wide and as far apart.
fn comb(teeth: u32) -> Shape {
    let sides = (0..teeth).rev().flat_map(|at| {
        let x = f64::from(at) * 1e-3;
        [(x + 5e-4, 0.0), (x + 5e-4, 2.0), (x, 2.0), (x, 0.0)]
    });
    of_ring(Kind::Polygon, [(0.0, -1.0), (f64::from(teeth) * 1e-3, -1.0)].into_iter().chain(sides))
}

#[test]
fn a_comb_is_as_quickly_buffered_as_what_it_fills() {
    let comb = comb(400);
    let found = buffer(comb.view(), 10.0).unwrap();
    // Two fifths of a metre by three, and what is ten metres around.
    let expected = 0.4 * 3.0 + 10.0 * 2.0 * (0.4 + 3.0) + 100.0 * PI;
    assert!((plane(&found) - expected).abs() < 0.5, "{} {expected}", plane(&found));
    assert_eq!(found.view().rings().len(), 1);
    assert!(!buffer(comb.view(), -0.01).unwrap().is_empty());
    assert!(buffer(comb.view(), -1e12).unwrap().is_empty());
    let far = buffer(comb.view(), 1e12).unwrap();
    assert!((plane(&far) / (PI * 1e24) - 1.0).abs() < 1e-3);
}

#[test]
fn points_by_the_thousand_are_buffered() {
    let mut points = Shape::empty(Kind::Point);
    for at in (0..600_u32).map(|at| at * 7919 % 600) {
        points.push_ring([Coord { x: f64::from(at % 30) * 0.1, y: f64::from(at / 30) * 0.05 }]);
        points.end_part();
    }
    let found = plane(&buffer(points.view(), 10.0).unwrap());
    let expected = 2.9 * 0.95 + 10.0 * 2.0 * (2.9 + 0.95) + 100.0 * PI;
    assert!((found - expected).abs() < 1.0, "{found} {expected}");
}

#[test]
fn lines_that_cross_too_often_have_no_buffer() {
    let mesh = |count: u32| {
        let mut lines = Shape::empty(Kind::Line);
        let long = f64::from(count);
        for at in (0..count).map(f64::from) {
            for line in [[(at, 0.0), (at, long)], [(0.0, at), (long, at)]] {
                lines.push_ring(line.map(|(x, y)| Coord { x, y }));
                lines.end_part();
            }
        }
        lines
    };
    // Each mesh of the net is a hole.
    let found = in_bands(mesh(40).view(), 0.25, 20_000).unwrap();
    assert_eq!(found.view().rings().len(), 39 * 39 + 1);
    assert!(in_bands(mesh(80).view(), 0.25, 20_000).is_none());
}
