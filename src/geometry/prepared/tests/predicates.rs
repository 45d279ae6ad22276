use super::*;

const ALL: [Predicate; 10] = [
    Predicate::Intersects,
    Predicate::Disjoint,
    Predicate::Touches,
    Predicate::Within,
    Predicate::Contains,
    Predicate::Covers,
    Predicate::Crosses,
    Predicate::Overlaps,
    Predicate::Equals,
    Predicate::Occupies,
];

fn assert_same(a: &Shape, b: &Shape, work: &mut Workspace) {
    let store = layer_of(std::slice::from_ref(b));
    let layer = Prepared::of(&store);
    for predicate in ALL {
        let expected = relate::holds(predicate, a.view(), b.view());
        let found = holds(predicate, a.view(), &layer, 0, work);
        assert_eq!(found, expected, "{predicate:?}\n{}\n{}", wkt::write(a.view()), wkt::write(b.view()));
    }
    let expected = relate::interiors_meet(a.view(), b.view());
    assert_eq!(interiors_meet(a.view(), &layer, 0, work), expected);
}

#[test]
fn predicates_hold_as_between_two_shapes() {
    let mut random = Random(29);
    let mut work = Workspace::default();
    for _ in 0..1_500 {
        let (a, b) = made::pair(&mut random);
        assert_same(&a, &b, &mut work);
    }
}

/// Cells on one raster touch in every way there is: along, against, in points, hole in shell.
#[test]
fn predicates_hold_where_borders_touch() {
    let mut random = Random(31);
    let mut work = Workspace::default();
    for _ in 0..1_500 {
        let (a, mut b) = (made::cells(&mut random, 3, 2.0), made::cells(&mut random, 3, 2.0));
        let by = Coord { x: random.below(3) as f64 * 2.0, y: random.below(2) as f64 };
        moved(&mut b, by);
        if !a.is_empty() && !b.is_empty() {
            assert_same(&a, &b, &mut work);
        }
    }
}

#[test]
fn other_kinds_relate_as_between_two_shapes() {
    let square = shape("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 4 6, 6 6, 6 4, 4 4))");
    let mut work = Workspace::default();
    for text in [
        "POINT (5 5)",
        "POINT (4 5)",
        "POINT (1 1)",
        "MULTIPOINT ((1 1), (0 5), (20 20))",
        "LINESTRING (1 1, 9 1)",
        "LINESTRING (-5 1, 5 1)",
        "LINESTRING (0 0, 10 0)",
    ] {
        assert_same(&shape(text), &square, &mut work);
        assert_same(&square, &shape(text), &mut work);
    }
}

/// The hole ends on the shell just where the lines pass: from outside straight into the hole, and beside it.
#[test]
fn lines_pass_where_a_hole_touches_its_shell() {
    let ring = shape("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (5 0, 4 4, 6 4, 5 0))");
    let mut work = Workspace::default();
    for text in ["LINESTRING (5 -5, 5 3)", "LINESTRING (4 -5, 6 5)", "LINESTRING (3 -1, 7 1)", "LINESTRING (5 -5, 5 5)"]
    {
        assert_same(&shape(text), &ring, &mut work);
    }
}

/// Lines on the raster of the cells: along borders, in corners, through holes, closed.
#[test]
fn lines_relate_as_between_two_shapes() {
    let mut random = Random(61);
    let mut work = Workspace::default();
    for round in 0..1_500 {
        let cells = made::cells(&mut random, 3, 2.0);
        let mut lines = Shape::empty(Kind::Line);
        for _ in 0..1 + random.below(2) {
            let step = if round % 2 == 0 { 2.0 } else { 1.0 };
            let mut at = Coord { x: random.below(4) as f64 * step, y: random.below(4) as f64 * step };
            let mut coords = vec![at];
            for _ in 0..1 + random.below(5) {
                let side = [-step, step][random.below(2)];
                at = match random.below(3) {
                    0 => at + Coord { x: side, y: 0.0 },
                    1 => at + Coord { x: 0.0, y: side },
                    _ => at + Coord { x: side, y: step },
                };
                // A walk that does not turn back at once.
                if coords.len() < 2 || coords[coords.len() - 2] != at {
                    coords.push(at);
                }
            }
            if coords.len() > 1 {
                lines.push_ring(coords);
                lines.end_part();
            }
        }
        if !cells.is_empty() && !lines.is_empty() {
            assert_same(&lines, &cells, &mut work);
        }
    }
}

#[test]
fn points_are_placed_exactly() {
    let mut random = Random(37);
    let mut work = Workspace::default();
    for _ in 0..200 {
        let shapes: Vec<Shape> = (0..3).map(|_| made::pair(&mut random).1).collect();
        let store = layer_of(&shapes);
        let layer = Prepared::of(&store);
        let vertices: Vec<Coord> = shapes.iter().flat_map(|shape| shape.view().coords().to_vec()).collect();
        for _ in 0..30 {
            let vertex = vertices[random.below(vertices.len())];
            let beside = vertex + Coord { x: random.next() * 4.0 - 2.0, y: random.next() * 4.0 - 2.0 };
            for point in [vertex, beside] {
                let expected: Vec<(u32, Position)> = (0..3)
                    .map(|feature| (feature, edges::position(point, store.get(feature as usize))))
                    .filter(|(_, position)| *position != Position::Outside)
                    .collect();
                assert_eq!(covering(point, &layer, &mut work), expected);
                for feature in 0..3 {
                    let position = edges::position(point, store.get(feature as usize));
                    assert_eq!(locate(point, &layer, feature, &mut work), position);
                }
            }
        }
    }
}
