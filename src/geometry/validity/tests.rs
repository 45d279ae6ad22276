use super::FaultKind::*;
use super::*;
use crate::geometry::edges::signed_area;
use crate::geometry::{BoundingBox, wkt};

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
        ("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((2 0, 4 0, 4 2, 2 2, 2 0)))", vec![ShellsAdjoin], 8.0, 0.0),
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
fn scribbles_are_given_up_before_all_their_meetings_are_found() {
    // A star that crosses itself at nearly every two of its edges.
    let points = 6_001;
    let turn = |at: u32| std::f64::consts::TAU * f64::from(at * (points / 2) % points) / f64::from(points);
    let star = (0..=points).map(|at| Coord { x: 1e3 * turn(at).cos(), y: 1e3 * turn(at).sin() });
    let Checked { shape, faults } = check(&RawShape::polygons(vec![vec![star.collect::<Vec<_>>()]]));
    assert_eq!(shape, None);
    assert!(faults.iter().any(|fault| fault.kind == SelfIntersection), "{faults:?}");
    assert!(faults.iter().all(|fault| !fault.repaired), "{faults:?}");
}

#[test]
fn rings_in_rings_by_the_thousand_are_given_up() {
    let ring = |at: u32| {
        let (low, high) = (f64::from(at) * 0.01, 100.0 - f64::from(at) * 0.01);
        Shape::rectangle(&BoundingBox { min: Coord { x: low, y: low }, max: Coord { x: high, y: high } })
    };
    let rings = |count: u32| (0..count).map(|at| ring(at).view().coords().to_vec()).collect::<Vec<_>>();
    for (count, is_repaired) in [(200, true), (3_000, false)] {
        let shells = rings(count).into_iter().map(|shell| vec![shell]);
        for (raw, kind) in
            [(RawShape::polygons(shells), NestedShells), (RawShape::polygons(vec![rings(count)]), NestedHoles)]
        {
            let Checked { shape, faults } = check(&raw);
            assert_eq!(shape.is_some(), is_repaired);
            let of_kind: Vec<&Fault> = faults.iter().filter(|fault| fault.kind == kind).collect();
            assert!(!of_kind.is_empty() && of_kind.iter().all(|fault| fault.repaired == is_repaired), "{faults:?}");
        }
    }
}

#[test]
fn a_hole_as_large_as_its_shell_leaves_nothing_and_is_not_repaired() {
    let ring = |corners: [(f64, f64); 5]| corners.map(|(x, y)| Coord { x, y }).to_vec();
    let shell = ring([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]);
    let hole = ring([(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0), (0.0, 0.0)]);
    let checked = check(&RawShape::polygons(vec![vec![shell, hole]]));
    assert!(checked.shape.is_none() && checked.faults.iter().any(|fault| !fault.repaired), "{:?}", checked.faults);
}

/// Differential tests: what the quick look says against all pairs of edges and all rings looked at one by one.
mod against_all_pairs {
    use std::cmp::Ordering;
    use std::ops::ControlFlow;

    use proptest::prelude::*;

    use super::*;
    use crate::geometry::edges::{Contact, Edge, contact, side, winding};
    use crate::geometry::validity::chains::runs_left_around;
    use crate::geometry::validity::sweep;
    use crate::geometry::validity::web::{Place, Web};

    fn all_pairs(rings: &[Vec<Coord>]) -> Vec<(Place, Place, Contact)> {
        let mut places: Vec<(Place, Edge)> = Vec::new();
        for (ring, coords) in rings.iter().enumerate() {
            let pairs = coords.windows(2).enumerate();
            places.extend(pairs.map(|(at, pair)| ((ring as u32, at as u32), Edge::new(pair[0], pair[1]))));
        }
        let mut found = Vec::new();
        for (at, (one, edge)) in places.iter().enumerate() {
            for (other, next) in &places[at + 1..] {
                let last = rings[one.0 as usize].len() as u32 - 2;
                let apart = other.1.abs_diff(one.1);
                if one.0 == other.0 && (apart == 1 || apart == last) {
                    continue;
                }
                match contact(edge, next) {
                    Contact::Apart => {}
                    met => found.push((*one, *other, met)),
                }
            }
        }
        found
    }

    fn by_web(rings: &[Vec<Coord>]) -> (Vec<(Place, Place, Contact)>, u64) {
        let views: Vec<&[Coord]> = rings.iter().map(Vec::as_slice).collect();
        let web = Web::new(&views);
        let mut found = Vec::new();
        let _ = web.contacts(&mut |one, other, met| {
            found.push((one, other, met));
            ControlFlow::Continue(())
        });
        found.sort_by_key(|(one, other, _)| (*one, *other));
        (found, web.compared())
    }

    fn closed(points: Vec<(i32, i32)>) -> Vec<Coord> {
        let mut ring: Vec<Coord> =
            points.into_iter().map(|(x, y)| Coord { x: f64::from(x), y: f64::from(y) }).collect();
        ring.dedup();
        ring.extend(ring.first().copied());
        ring
    }

    /// Rings on a small grid, so that touching, crossing and running along each other are common.
    fn rings(count: usize, points: usize, side: i32) -> impl Strategy<Value = Vec<Vec<Coord>>> {
        let ring = prop::collection::vec((0..side, 0..side), 4..points).prop_map(closed);
        prop::collection::vec(ring.prop_filter("edges", |ring| ring.len() > 3), 1..count)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_contact_is_missed(rings in rings(4, 12, 6)) {
            prop_assert_eq!(by_web(&rings).0, all_pairs(&rings));
        }

        #[test]
        fn no_contact_of_many_edges_is_missed(rings in rings(20, 40, 200)) {
            prop_assert_eq!(by_web(&rings).0, all_pairs(&rings));
        }

        #[test]
        fn sweeping_tells_the_same(rings in rings(4, 7, 12)) {
            let views: Vec<&[Coord]> = rings.iter().map(Vec::as_slice).collect();
            prop_assume!(Web::new(&views).is_clean());
            let expected = all_pairs(&rings).is_empty();
            prop_assert_eq!(sweep::meets_nothing(&views), expected);
            prop_assert_eq!(Web::new(&views).meets_nothing(), expected);
        }

        /// Also where edges are many: a ring around a middle, with one vertex moved where it may do harm.
        #[test]
        fn sweeping_many_edges_tells_the_same(
            reach in prop::collection::vec(3..40, 20..80), moved in 0usize..80, to in (-40..40, -40..40), upright in any::<bool>(),
        ) {
            let count = reach.len();
            let mut points: Vec<(i32, i32)> = reach.iter().enumerate().map(|(at, reach)| {
                let angle = at as f64 / count as f64 * std::f64::consts::TAU;
                let at = (f64::from(*reach) * angle.cos(), f64::from(*reach) * angle.sin());
                // On a grid some vertices and edges come to lie above each other.
                if upright { (at.0.round() as i32, at.1.round() as i32) } else { ((at.0 * 1e3) as i32, (at.1 * 1e3) as i32) }
            }).collect();
            points[moved % count] = if upright { to } else { (to.0 * 1_000, to.1 * 1_000) };
            let rings = vec![closed(points)];
            prop_assert_eq!(by_web(&rings).0, all_pairs(&rings));
            let views: Vec<&[Coord]> = rings.iter().map(Vec::as_slice).collect();
            prop_assume!(Web::new(&views).is_clean());
            prop_assert_eq!(sweep::meets_nothing(&views), all_pairs(&rings).is_empty());
        }

        #[test]
        fn rings_around_a_point_are_those_that_wind_about_it(
            rings in rings(40, 30, 300), x in 0..300, y in 0..300,
        ) {
            let point = Coord { x: f64::from(x) + 0.5, y: f64::from(y) + 0.25 };
            let views: Vec<&[Coord]> = rings.iter().map(Vec::as_slice).collect();
            let winds = |ring: &&[Coord]| crate::geometry::edges::winding(point, std::iter::once(*ring));
            prop_assume!(views.iter().all(|ring| winds(ring).is_some()));
            let expected: Vec<u32> = (0..views.len() as u32).filter(|ring| winds(&views[*ring as usize]) != Some(0)).collect();
            prop_assert_eq!(Web::new(&views).around(point), expected);
        }

        /// Rings that meet nowhere: rhombi within rhombi and beside each other, in either direction, at heights that vertices share.
        #[test]
        fn rings_around_rings_are_those_that_wind_about_their_points(
            clusters in prop::collection::vec(prop::collection::vec((1..5, any::<bool>()), 1..6), 1..12), rise in 0..7,
        ) {
            let mut rings: Vec<Vec<Coord>> = Vec::new();
            for (at, cluster) in clusters.iter().enumerate() {
                let (x, y) = (100 * (at as i32 % 4), rise * at as i32);
                let y = y + 100 * (at as i32 / 4);
                let mut reach = 0;
                for (more, turned) in cluster {
                    reach += more;
                    let mut ring = closed(vec![(x + reach, y), (x, y + reach), (x - reach, y), (x, y - reach)]);
                    if *turned {
                        ring.reverse();
                    }
                    rings.push(ring);
                }
            }
            prop_assert!(all_pairs(&rings).is_empty());
            let views: Vec<&[Coord]> = rings.iter().map(Vec::as_slice).collect();
            let winds = |point: Coord, ring: usize| crate::geometry::edges::winding(point, std::iter::once(views[ring])) != Some(0);
            let expected = |own: usize| -> Vec<u32> {
                (0..views.len()).filter(|ring| *ring != own && winds(views[own][0], *ring)).map(|ring| ring as u32).collect()
            };
            let found: Vec<Vec<u32>> = Web::new(&views).nesting().unwrap().into_iter().map(|around| around.to_vec()).collect();
            prop_assert_eq!(found, (0..views.len()).map(expected).collect::<Vec<_>>());
        }

        /// A ring that is seen whole from a point meets itself nowhere, and so what is told of rings told so to be apart.
        #[test]
        fn what_is_star_shaped_is_simple(
            reach in prop::collection::vec(1..20, 3..12), turns in 1..3, turned in any::<bool>(), middle in (-3..3, -3..3),
        ) {
            let count = reach.len();
            let at = |(at, reach): (usize, &i32)| {
                let angle = f64::from(at as i32 * turns) / count as f64 * std::f64::consts::TAU;
                ((f64::from(*reach) * angle.cos()).round() as i32, (f64::from(*reach) * angle.sin()).round() as i32)
            };
            let mut ring = closed(reach.iter().enumerate().map(at).collect());
            if turned {
                ring.reverse();
            }
            let middle = Coord { x: f64::from(middle.0), y: f64::from(middle.1) };
            let seen = |pair: &[Coord]| side(middle, pair[0], pair[1]);
            let is_seen = ring.windows(2).all(|pair| seen(pair) == seen(&ring) && seen(pair) != Ordering::Equal);
            let winds = winding(middle, std::iter::once(ring.as_slice()));
            let expected = (ring.len() > 3 && is_seen && winds.is_some_and(|turns| turns.abs() == 1)).then(|| signed_area(&ring) > 0.0);
            prop_assert_eq!(runs_left_around(middle, &ring), expected);
            prop_assert!(expected.is_none() || (all_pairs(std::slice::from_ref(&ring)).is_empty() && Web::new(&[&ring]).is_clean()));
        }

        /// A vertex drawn twice changes nothing but that it is told.
        #[test]
        fn a_repeated_point_is_dropped(rings in rings(4, 7, 8), ring in 0usize..4, vertex in 0usize..4) {
            let kinds = |checked: &Checked| {
                let mut kinds: Vec<FaultKind> = checked.faults.iter().map(|fault| fault.kind).collect();
                kinds.sort();
                kinds.dedup();
                kinds
            };
            let once = check(&RawShape::polygons([rings.clone()]));
            let mut twice = rings;
            let ring = ring % twice.len();
            let point = twice[ring][vertex % 3];
            twice[ring].insert(vertex % 3, point);
            let twice = check(&RawShape::polygons([twice]));
            prop_assert_eq!(&twice.shape, &once.shape);
            let mut expected = kinds(&once);
            expected.push(RepeatedPoint);
            expected.sort();
            expected.dedup();
            prop_assert_eq!(kinds(&twice), expected);
        }

        /// Where the quick look finds nothing wrong, neither does the long one; where rings meet nowhere it must not hold back.
        #[test]
        fn what_looks_sound_is(
            rings in rings(4, 7, 8), cut in prop::collection::vec(any::<bool>(), 4),
        ) {
            let mut raw = RawShape::new(Kind::Polygon);
            for (at, ring) in rings.iter().enumerate() {
                if at > 0 && cut[at] {
                    raw.end_part();
                }
                ring.iter().for_each(|coord| raw.push(*coord));
                raw.end_ring();
            }
            raw.end_part();
            let long = repair::polygons(raw.view());
            prop_assert_eq!(&check(&raw), &long);
            let kinds: Vec<FaultKind> = long.faults.iter().map(|fault| fault.kind).collect();
            match inspect(raw.view()) {
                Soundness::Sound => {
                    prop_assert_eq!(kinds, vec![]);
                    prop_assert_eq!(long.shape, Some(raw.view().to_shape()));
                }
                Soundness::Turned(turned) => {
                    prop_assert_eq!(&kinds, &vec![WrongDirection; turned.len()]);
                    let mut store = crate::geometry::Store::new(Kind::Polygon);
                    store.push(raw.view());
                    turned.iter().for_each(|(ring, _)| store.reverse_ring(0, *ring));
                    prop_assert_eq!(long.shape, Some(store.get(0).to_shape()));
                    prop_assert_eq!(long.faults, turned.into_iter().map(|(_, fault)| fault).collect::<Vec<_>>());
                }
                Soundness::Doubtful => {
                    let harmless = kinds.iter().all(|kind| *kind == WrongDirection);
                    prop_assert!(!harmless || !all_pairs(&rings).is_empty(), "{:?}", long);
                }
            }
        }
    }

    /// Long slanting edges side by side, whose boxes all meet.
    #[test]
    fn hatching_takes_no_square_of_its_edges() {
        let teeth = 20_000;
        let mut ring: Vec<(i32, i32)> = (0..teeth)
            .flat_map(|at| [(4 * at, 0), (4 * at + 1_000_000, 900_000), (4 * at + 1_000_002, 900_000), (4 * at + 2, 0)])
            .collect();
        ring.extend([(4 * teeth, -5), (0, -5)]);
        let mut ring = closed(ring);
        let edges = ring.len() as u64;
        let look = |ring: &[Coord]| {
            let views = [ring];
            let web = Web::new(&views);
            (web.is_clean() && web.meets_nothing(), web.compared())
        };
        let (sound, compared) = look(&ring);
        assert!(sound && compared < 200 * edges, "{} boxes an edge", compared / edges);
        // One vertex of the last tooth, moved across an edge of the one before.
        ring[4 * teeth as usize - 2].x -= 3.0;
        let (sound, compared) = look(&ring);
        assert!(!sound && compared < 200 * edges, "{} boxes an edge", compared / edges);
    }

    /// Boxes compared for an edge, at most, on what boundaries look like and on what is made to be hard.
    #[test]
    fn work_grows_with_the_edges() {
        let comb = |teeth: i32| {
            let mut out: Vec<(i32, i32)> = (0..teeth)
                .flat_map(|at| [(4 * at, 0), (4 * at, 1_000_000), (4 * at + 2, 1_000_000), (4 * at + 2, 0)])
                .collect();
            out.extend([(4 * teeth, 0), (4 * teeth, -5), (0, -5)]);
            closed(out)
        };
        let circle = |points: i32| {
            let at = |step: i32| f64::from(step) / f64::from(points) * std::f64::consts::TAU;
            let mut ring: Vec<Coord> =
                (0..points).map(|step| Coord { x: 1e6 * at(step).cos(), y: 1e6 * at(step).sin() }).collect();
            ring.push(ring[0]);
            ring
        };
        for (name, ring, most) in [("circle", circle(1_000_000), 30), ("comb", comb(50_000), 60)] {
            let edges = ring.len() as u64 - 1;
            let (found, compared) = by_web(&[ring]);
            assert_eq!(found.len(), 0, "{name}");
            assert!(compared < most * edges, "{name}: {} boxes an edge", compared / edges);
        }
    }
}
