use super::*;
use crate::geometry::validity::check;

fn assert_valid(shape: &Shape) {
    assert_eq!(check(&shape.view().into()).faults, [], "{}", wkt::write(shape.view()));
}

#[test]
fn shapes_shared_are_valid_and_the_same() {
    let mut random = Random(41);
    let mut work = Workspace::default();
    for _ in 0..500 {
        let (a, b) = made::pair(&mut random);
        let store = layer_of(&[a.clone(), b.clone()]);
        let layer = Prepared::of(&store);
        let found = intersection(a.view(), &layer, 1, &mut work);
        assert_valid(&found);
        let direct = overlay::intersection(a.view(), b.view());
        let off = (plane(found.view()).value - plane(direct.view()).value).abs();
        assert!(off <= plane(found.view()).error + plane(direct.view()).error);
    }
}

/// A road that bends across a coast, inside it, outside it, and along islands.
#[test]
fn long_bands_share_what_their_areas_say() {
    let mut random = Random(59);
    let mut work = Workspace::default();
    let mut island = made::cells(&mut random, 12, 20.0);
    moved(&mut island, Coord { x: 1_100.0, y: -100.0 });
    let shell = star(&mut random, 3_000, 900.0, 1_000.0);
    let layers = [shell, island];
    let store = layer_of(&layers);
    let layer = Prepared::of(&store);
    for _ in 0..300 {
        let (mut at, mut heading) =
            (Coord { x: random.next() * 2_400.0 - 1_200.0, y: random.next() * 2_400.0 - 1_200.0 }, random.next() * 6.0);
        let mut line = Shape::empty(Kind::Line);
        let mut coords = Vec::new();
        for _ in 0..40 {
            coords.push(at);
            heading += random.next() * 0.3 - 0.15;
            at = at + Coord { x: heading.cos(), y: heading.sin() } * 25.0;
        }
        line.push_ring(coords);
        line.end_part();
        let band = crate::geometry::construct::buffer(line.view(), 8.0).unwrap();
        for feature in 0..2 {
            let area = intersection_area(band.view(), &layer, feature, &mut work);
            let built = intersection(band.view(), &layer, feature, &mut work);
            assert_valid(&built);
            let measured = plane(built.view());
            assert!((area.value - measured.value).abs() <= area.error + measured.error + 1e-3, "{area:?} {measured:?}");
        }
    }
}

#[test]
fn what_lies_whole_inside_comes_back_as_it_is() {
    let around = shape("POLYGON ((0 0, 100 0, 100 100, 0 100, 0 0), (80 80, 80 90, 90 90, 90 80, 80 80))");
    let inside = shape(
        "MULTIPOLYGON (((1.1 1.1, 30 2, 20 30, 1.1 1.1), (9 9, 10 12, 12 10, 9 9)), ((40 40, 50 40, 50 50, 40 40)))",
    );
    let mut work = Workspace::default();
    for (a, b) in [(&around, &inside), (&inside, &around)] {
        let store = layer_of(std::slice::from_ref(b));
        assert_eq!(intersection(a.view(), &Prepared::of(&store), 0, &mut work), inside);
    }
    assert_eq!(work.counters.overlays, 0);
}

#[test]
fn lines_are_measured_inside_polygons() {
    let store = layer_of(&[
        shape("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 4 6, 6 6, 6 4, 4 4))"),
        shape("POLYGON ((50 0, 60 0, 60 10, 50 10, 50 0))"),
    ]);
    let layer = Prepared::of(&store);
    let mut work = Workspace::default();
    for (line, expected) in [
        ("LINESTRING (-5 5, 15 5)", [8.0, 0.0]),
        ("LINESTRING (0 0, 10 0)", [0.0, 0.0]),
        ("MULTILINESTRING ((1 1, 2 1), (3 1, 4 1))", [2.0, 0.0]),
        ("LINESTRING (5 2, 55 2)", [5.0, 5.0]),
    ] {
        for (feature, expected) in expected.into_iter().enumerate() {
            let line = shape(line);
            let found = length_inside(line.view(), &layer, feature as u32, &AreaMethod::Plane, &mut work);
            assert!((found.value - expected).abs() <= found.error, "{found:?}");
        }
    }
    assert_eq!(length_inside(store.get(1), &layer, 0, &AreaMethod::Plane, &mut work).value, 0.0);
}

#[test]
fn distances_are_those_between_two_shapes() {
    let mut random = Random(43);
    let mut work = Workspace::default();
    for round in 0..300 {
        let mut shapes: Vec<Shape> = (0..6).map(|_| made::pair(&mut random).1).collect();
        for shape in &mut shapes {
            let first = shape.view().coords()[0];
            let home =
                if first.x > 1e6 { Coord { x: -39_500_000.0, y: -3_400_000.0 } } else { Coord { x: 0.0, y: 0.0 } };
            let away = Coord { x: random.next() * 400.0, y: random.next() * 400.0 };
            moved(shape, home + away);
        }
        let subject = match round % 3 {
            0 => shape("POINT (150 150)"),
            1 => shape("LINESTRING (100 100, 150 180, 200 120)"),
            _ => made::cells(&mut random, 4, 20.0),
        };
        let store = layer_of(&shapes);
        let layer = Prepared::of(&store);
        let each: Vec<f64> = shapes.iter().map(|shape| measure::distance(subject.view(), shape.view()).value).collect();
        for (feature, expected) in each.iter().enumerate() {
            let found = distance(subject.view(), &layer, feature as u32, &mut work);
            assert!((found.value - expected).abs() < 1e-6, "{found:?} {expected}");
        }
        let least = each.iter().copied().fold(f64::INFINITY, f64::min);
        if let Some((feature, found)) = nearest(subject.view(), &layer, &mut work) {
            assert!((found.value - least).abs() < 1e-6);
            let first = each.iter().position(|one| (one - least).abs() < 1e-6);
            assert_eq!(Some(feature as usize), first);
        } else {
            assert!(subject.is_empty());
        }
    }
}
