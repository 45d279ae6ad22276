use super::FaultKind::*;
use super::*;
use crate::geometry::edges::signed_area;
use crate::geometry::wkt;

fn checked(text: &str) -> Checked {
    check(&wkt::read(text).unwrap())
}

fn area(shape: &Shape) -> f64 {
    shape.view().rings().map(signed_area).sum()
}

#[test]
fn valid_shapes_come_back_as_they_are() {
    for text in [
        "POINT (1 2)",
        "LINESTRING (0 0, 1 1)",
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 2 4, 4 4, 4 2, 2 2))",
        // A hole that touches its shell, and one that touches another.
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (0 5, 2 6, 2 4, 0 5))",
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 2 4, 4 4, 4 2, 2 2), (4 4, 4 6, 6 6, 6 4, 4 4))",
        // Parts that touch in one corner, in two corners, and a part in the hole of another.
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), ((1 1, 2 1, 2 2, 1 2, 1 1)))",
        "MULTIPOLYGON (((0 0, 2 0, 2 1, 1 1, 1 2, 2 2, 2 3, 0 3, 0 0)), ((2 1, 3 1, 3 2, 2 2, 2 1)))",
        "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 8, 8 8, 8 1, 1 1)), ((2 2, 3 2, 3 3, 2 3, 2 2)))",
    ] {
        let found = checked(text);
        assert_eq!(found.faults, [], "{text}");
        assert_eq!(found.shape.map(|shape| wkt::write(shape.view())), Some(text.to_owned()));
    }
}

/// Text, the kinds of fault, the area after repair (of the plane), and the change of area that is reported.
#[test]
fn what_leaves_no_doubt_is_repaired() {
    for (text, kinds, left, change) in [
        ("POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))", vec![WrongDirection], 100.0, 0.0),
        ("POLYGON ((0 0, 10 0, 10 10, 0 10))", vec![Unclosed], 100.0, 0.0),
        ("POLYGON ((0 0, 10 0, 10 0, 10 10, 0 10, 0 0))", vec![RepeatedPoint], 100.0, 0.0),
        ("POLYGON ((0 0, 10 0, 15 0, 10 0, 10 10, 0 10, 0 0))", vec![Spike], 100.0, 0.0),
        ("POLYGON ((-5 0, 0 0, 10 0, 10 10, 0 10, 0 0, -5 0))", vec![Spike], 100.0, 0.0),
        // A ring that touches itself: two squares, and a square with a hole drawn in one go.
        ("POLYGON ((0 0, 1 0, 1 1, 2 1, 2 2, 1 2, 1 1, 0 1, 0 0))", vec![SelfTouch], 2.0, 0.0),
        ("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0, 4 5, 5 4, 0 0))", vec![SelfTouch], 95.5, 0.0),
        // A ring that runs out to a hole and back along the same line.
        (
            "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 5, 2 5, 2 6, 3 6, 3 5, 2 5, 0 5, 0 0))",
            vec![SelfTouch, SelfIntersection],
            99.0,
            0.0,
        ),
        // Holes: over each other, in each other, twice, along the shell, cutting the interior in two.
        (
            "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (1 1, 1 4, 4 4, 4 1, 1 1), (3 3, 3 6, 6 6, 6 3, 3 3))",
            vec![HolesOverlap],
            83.0,
            1.0,
        ),
        (
            "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (1 1, 1 6, 6 6, 6 1, 1 1), (2 2, 2 3, 3 3, 3 2, 2 2))",
            vec![NestedHoles],
            75.0,
            1.0,
        ),
        (
            "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (1 1, 1 6, 6 6, 6 1, 1 1), (6 6, 6 1, 1 1, 1 6, 6 6))",
            vec![DuplicateRing],
            75.0,
            25.0,
        ),
        ("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (0 2, 0 4, 2 4, 2 2, 0 2))", vec![SelfTouch], 96.0, 0.0),
        ("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (0 5, 5 10, 10 5, 5 0, 0 5))", vec![SelfTouch], 50.0, 0.0),
        ("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (1 1, 2 2, 1 1))", vec![TooFewPoints], 100.0, 0.0),
        // Parts: over each other, in each other, side by side.
        ("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((1 1, 3 1, 3 3, 1 3, 1 1)))", vec![ShellsOverlap], 7.0, -1.0),
        ("MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)), ((1 1, 3 1, 3 3, 1 3, 1 1)))", vec![NestedShells], 81.0, -4.0),
        ("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((2 0, 4 0, 4 2, 2 2, 2 0)))", vec![ShellsOverlap], 8.0, 0.0),
        // Parts that cross in vertices only.
        (
            "MULTIPOLYGON (((0 0, 2 0, 4 0, 4 2, 4 4, 2 4, 0 4, 0 0)), ((2 0, 4 2, 2 4, 5 2, 2 0)))",
            vec![ShellsOverlap],
            16.0,
            0.0,
        ),
    ] {
        let found = checked(text);
        let shape = found.shape.unwrap_or_else(|| panic!("{text}: {:?}", found.faults));
        let mut seen: Vec<FaultKind> = found.faults.iter().map(|fault| fault.kind).collect();
        seen.sort();
        seen.dedup();
        if text.contains("5 2, 2 0") {
            // The area of the union depends on the drawing; that it is booked is what matters.
            let change: f64 = found.faults.iter().map(|fault| fault.area_change).sum();
            assert!(change < 0.0 && seen.contains(&ShellsOverlap), "{:?}", found.faults);
        } else {
            assert_eq!(seen, kinds, "{text}");
            assert!((area(&shape) - left).abs() < 1e-9, "{text}: {}", wkt::write(shape.view()));
            let changed: f64 = found.faults.iter().map(|fault| fault.area_change).sum();
            assert!((changed - change).abs() < 1e-9, "{text}: {:?}", found.faults);
        }
        assert!(found.faults.iter().all(|fault| fault.repaired), "{text}");
        let again = checked(&wkt::write(shape.view()));
        assert_eq!(again.faults, [], "{text}: {}", wkt::write(shape.view()));
    }
}

#[test]
fn what_leaves_doubt_has_no_shape() {
    for (text, kind) in [
        ("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))", SelfIntersection),
        // The same, crossing in a vertex.
        ("POLYGON ((0 0, 5 5, 10 10, 10 0, 5 5, 0 10, 0 0))", SelfTouch),
        // Runs over itself.
        ("POLYGON ((0 0, 10 0, 10 5, 2 5, 2 2, 8 2, 8 8, 0 8, 0 0))", SelfIntersection),
        ("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (20 20, 20 21, 21 21, 21 20, 20 20))", HoleOutsideShell),
        ("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (8 2, 8 4, 12 4, 12 2, 8 2))", HoleOutsideShell),
        ("POLYGON ((0 0, 1 1, 0 0))", TooFewPoints),
        ("POLYGON ((0 0, 1 1, 2 2, 0 0))", ZeroArea),
        ("LINESTRING (1 1, 1 1)", TooFewPoints),
        ("POINT (NaN 1)", NotFinite),
        ("LINESTRING (0 0, inf 1)", NotFinite),
        ("POLYGON ((0 0, 1e12 0, 1 1, 0 0))", OutOfRange),
    ] {
        let found = checked(text);
        assert_eq!(found.shape, None, "{text}");
        assert!(found.faults.iter().any(|fault| fault.kind == kind && !fault.repaired), "{text}: {:?}", found.faults);
    }
}

#[test]
fn faults_stand_where_they_are() {
    let found = checked("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))");
    assert_eq!(found.faults.iter().map(|fault| fault.point).collect::<Vec<_>>(), [Coord { x: 5.0, y: 5.0 }]);
    let found = checked("POLYGON ((0 0, 1 0, 1 1, 2 1, 2 2, 1 2, 1 1, 0 1, 0 0))");
    assert_eq!(found.faults[0].point, Coord { x: 1.0, y: 1.0 });
}

#[test]
fn rings_of_many_corner_touches_are_repaired() {
    // A diagonal chain of cells, drawn as one ring that passes every corner twice.
    let cells = 2_000;
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for cell in 0..cells {
        let at = f64::from(cell);
        up.extend([Coord { x: at, y: at }, Coord { x: at + 1.0, y: at }]);
        down.extend([Coord { x: at, y: at }, Coord { x: at, y: at + 1.0 }]);
    }
    let end = f64::from(cells);
    up.push(Coord { x: end, y: end });
    up.extend(down.into_iter().rev());
    let found = check(&RawShape::polygons(vec![vec![up]]));
    let shape = found.shape.unwrap();
    assert_eq!(area(&shape), end);
    assert_eq!(found.faults.iter().map(|fault| fault.kind).collect::<Vec<_>>(), [SelfTouch]);
    assert_eq!(shape.view().parts().len(), cells as usize);
}

#[test]
fn a_hole_as_large_as_its_shell_leaves_nothing_and_is_not_repaired() {
    let ring = |corners: [(f64, f64); 5]| corners.map(|(x, y)| Coord { x, y }).to_vec();
    let shell = ring([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]);
    let hole = ring([(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0), (0.0, 0.0)]);
    let checked = check(&RawShape::polygons(vec![vec![shell, hole]]));
    assert!(checked.shape.is_none() && checked.faults.iter().any(|fault| !fault.repaired), "{:?}", checked.faults);
}
