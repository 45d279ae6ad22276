use super::Predicate::*;
use super::*;
use crate::geometry::{Shape, validity, wkt};
use proptest::prelude::*;

const ALL: [Predicate; 10] =
    [Intersects, Disjoint, Touches, Within, Contains, Covers, Crosses, Overlaps, Equals, Occupies];

fn shape(text: &str) -> Shape {
    validity::check(&wkt::read(text).unwrap()).shape.unwrap()
}

fn held(a: &Shape, b: &Shape) -> Vec<Predicate> {
    ALL.into_iter().filter(|predicate| holds(*predicate, a.view(), b.view())).collect()
}

#[test]
fn predicates_hold_for_all_kinds() {
    let square = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))";
    for (a, b, expected) in [
        (square, square, vec![Intersects, Within, Contains, Covers, Equals, Occupies]),
        (square, "POLYGON ((2 2, 3 2, 3 3, 2 3, 2 2))", vec![Intersects, Contains, Covers, Occupies]),
        ("POLYGON ((0 0, 3 0, 3 3, 0 3, 0 0))", square, vec![Intersects, Within, Occupies]),
        (square, "POLYGON ((5 5, 15 5, 15 15, 5 15, 5 5))", vec![Intersects, Overlaps, Occupies]),
        (square, "POLYGON ((10 0, 20 0, 20 10, 10 10, 10 0))", vec![Intersects, Touches]),
        (square, "POLYGON ((10 10, 20 10, 20 20, 10 10))", vec![Intersects, Touches]),
        (square, "POLYGON ((11 0, 20 0, 20 10, 11 0))", vec![Disjoint]),
        // In the hole, and around it.
        (
            "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 2 8, 8 8, 8 2, 2 2))",
            "POLYGON ((3 3, 4 3, 4 4, 3 3))",
            vec![Disjoint],
        ),
        (
            "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 4 5, 5 5, 5 4, 4 4))",
            "POLYGON ((1 1, 9 1, 9 9, 1 9, 1 1))",
            vec![Intersects, Overlaps, Occupies],
        ),
        // Parts far away count as outside.
        (
            "MULTIPOLYGON (((0 0, 10 0, 10 10, 0 10, 0 0)), ((50 50, 51 50, 51 51, 50 50)))",
            square,
            vec![Intersects, Contains, Covers, Occupies],
        ),
        (
            "MULTIPOLYGON (((2 2, 3 2, 3 3, 2 3, 2 2)), ((50 50, 51 50, 51 51, 50 50)))",
            square,
            vec![Intersects, Overlaps, Occupies],
        ),
        ("LINESTRING (-5 5, 15 5)", square, vec![Intersects, Crosses]),
        ("LINESTRING (1 5, 9 5)", square, vec![Intersects, Within]),
        (square, "LINESTRING (1 5, 9 5)", vec![Intersects, Contains, Covers]),
        ("LINESTRING (0 0, 10 0)", square, vec![Intersects, Touches]),
        (square, "LINESTRING (0 0, 10 0)", vec![Intersects, Touches, Covers]),
        ("MULTILINESTRING ((1 5, 9 5), (50 50, 60 60))", square, vec![Intersects, Crosses]),
        ("LINESTRING (0 0, 10 10)", "LINESTRING (0 10, 10 0)", vec![Intersects, Crosses]),
        ("LINESTRING (0 0, 10 0)", "LINESTRING (5 0, 15 0)", vec![Intersects, Overlaps]),
        ("LINESTRING (0 0, 10 0)", "LINESTRING (10 0, 15 5)", vec![Intersects, Touches]),
        ("LINESTRING (0 0, 10 0)", "LINESTRING (10 0, 4 0, 0 0)", vec![Intersects, Within, Contains, Covers, Equals]),
        ("POINT (5 5)", square, vec![Intersects, Within]),
        ("POINT (0 5)", square, vec![Intersects, Touches]),
        ("MULTIPOINT ((5 5), (50 50))", square, vec![Intersects, Crosses]),
        ("POINT (5 0)", "LINESTRING (0 0, 10 0)", vec![Intersects, Within]),
        ("POINT (0 0)", "LINESTRING (0 0, 10 0)", vec![Intersects, Touches]),
        ("MULTIPOINT ((0 0), (1 1))", "MULTIPOINT ((1 1), (2 2))", vec![Intersects, Overlaps]),
        ("POINT (1 1)", "POINT (1 1)", vec![Intersects, Within, Contains, Covers, Equals]),
        ("POLYGON EMPTY", square, vec![Disjoint]),
    ] {
        assert_eq!(held(&shape(a), &shape(b)), expected, "{a} {b}");
    }
}

#[test]
fn interiors_meet_in_the_lower_dimension() {
    for (a, b, expected) in [
        ("LINESTRING (0 0, 10 10)", "LINESTRING (0 10, 10 0)", false),
        ("LINESTRING (0 0, 10 0)", "LINESTRING (5 0, 15 0)", true),
        ("LINESTRING (0 0, 10 0)", "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))", false),
        ("LINESTRING (0 0, 10 5)", "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))", true),
        ("POINT (0 0)", "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))", false),
        ("POINT (1 1)", "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))", true),
    ] {
        assert_eq!(interiors_meet(shape(a).view(), shape(b).view()), expected, "{a} {b}");
        assert_eq!(interiors_meet(shape(b).view(), shape(a).view()), expected, "{b} {a}");
    }
}

/// A rectangle of whole numbers: left, bottom, right, top.
type Sides = (i32, i32, i32, i32);

fn any_sides() -> impl Strategy<Value = Sides> {
    (0..6, 0..6, 1..5, 1..5).prop_map(|(x, y, width, height)| (x, y, x + width, y + height))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// On rectangles every predicate follows from comparing sides.
    #[test]
    fn rectangles_relate_as_their_sides(a in any_sides(), b in any_sides()) {
        let rectangle = |s: Sides| {
            let at = |x: i32, y: i32| Coord { x: f64::from(x), y: f64::from(y) };
            Shape::rectangle(&BoundingBox { min: at(s.0, s.1), max: at(s.2, s.3) })
        };
        let (first, second) = (rectangle(a), rectangle(b));
        let meets = a.0 <= b.2 && b.0 <= a.2 && a.1 <= b.3 && b.1 <= a.3;
        let area = a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3;
        let holds_b = a.0 <= b.0 && a.1 <= b.1 && a.2 >= b.2 && a.3 >= b.3;
        let in_b = b.0 <= a.0 && b.1 <= a.1 && b.2 >= a.2 && b.3 >= a.3;
        for predicate in ALL {
            let expected = match predicate {
                Intersects => meets,
                Disjoint => !meets,
                Touches => meets && !area,
                Within => in_b,
                Contains | Covers => holds_b,
                Crosses => false,
                Overlaps => area && !holds_b && !in_b,
                Equals => a == b,
                Occupies => area,
            };
            prop_assert_eq!(holds(predicate, first.view(), second.view()), expected, "{:?}", predicate);
        }
    }
}
