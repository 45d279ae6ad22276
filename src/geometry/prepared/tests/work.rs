//! What questions cost, counted: these numbers do not shake.

use super::*;

/// A coast around the origin with so many vertices, the same but for how finely it is drawn.
pub(super) fn coast(vertices: usize) -> Shape {
    let mut coords: Vec<Coord> = (0..vertices)
        .map(|index| {
            let angle = std::f64::consts::TAU * index as f64 / vertices as f64;
            let radius = 100_000.0
                + 3_000.0 * (angle * 11.0).sin()
                + 700.0 * (angle * 97.0).sin()
                + 90.0 * (angle * 911.0).sin();
            Coord { x: radius * angle.cos(), y: radius * angle.sin() }
        })
        .collect();
    coords.push(coords[0]);
    let mut shape = Shape::empty(Kind::Polygon);
    shape.push_ring(coords);
    shape.end_part();
    shape
}

pub(super) fn parcels() -> Vec<Shape> {
    let mut random = Random(47);
    (0..400)
        .map(|_| {
            let angle = std::f64::consts::TAU * random.next();
            let radius = 100_000.0 + 8_000.0 * (random.next() - 0.5);
            let mut parcel = star(&mut random, 30, 40.0, 90.0);
            moved(&mut parcel, Coord { x: radius * angle.cos(), y: radius * angle.sin() });
            parcel
        })
        .collect()
}

fn cost(vertices: usize) -> Counters {
    let store = layer_of(&[coast(vertices)]);
    let layer = Prepared::of(&store);
    let mut work = Workspace::default();
    for parcel in parcels() {
        intersection_area(parcel.view(), &layer, 0, &mut work);
    }
    work.counters
}

#[test]
fn the_size_of_a_layer_hardly_counts() {
    let (coarse, fine) = (cost(40_000), cost(400_000));
    println!("{coarse:?}\n{fine:?}");
    assert_eq!(coarse.candidates, fine.candidates);
    let looked = |counters: Counters| counters.nodes + counters.edges;
    // Ten times the vertices put more of them within each parcel; beyond that it is one more level.
    assert!(looked(fine) < 2 * looked(coarse) + 400 * 60);
    assert!(looked(fine) < 400 * 400, "{}", looked(fine) / 400);
}

/// The same line with a tenth of its vertices where no parcel lies: parcels that meet as many edges cost as much.
#[test]
fn a_line_drawn_ten_times_finer_elsewhere_costs_the_same() {
    let (full, parcels) = (coast(1_000_000), parcels());
    let boxes =
        layer_of(&parcels.iter().map(|one| Shape::rectangle(&one.view().bounds().grown(50.0))).collect::<Vec<_>>());
    let boxes = Prepared::of(&boxes);
    let near = |at: &Coord| boxes.rings_near(&BoundingBox { min: *at, max: *at }) > 0;
    let last = full.view().coords().len() - 1;
    let kept = full.view().coords().iter().enumerate().filter(|(at, coord)| at % 10 == 0 || *at == last || near(coord));
    let mut thin = Shape::empty(Kind::Polygon);
    thin.push_ring(kept.map(|(_, coord)| *coord));
    thin.end_part();
    assert!(thin.view().coords().len() * 5 < last);
    let cost = |line: &Shape| {
        let store = layer_of(std::slice::from_ref(line));
        let layer = Prepared::of(&store);
        let mut work = Workspace::default();
        let sum: f64 = parcels.iter().map(|one| intersection_area(one.view(), &layer, 0, &mut work).value).sum();
        (sum, work.counters)
    };
    let ((area, fine), (same_area, coarse)) = (cost(&full), cost(&thin));
    assert!((area - same_area).abs() < 1e-6 && area > 0.0);
    let looked = |counters: Counters| (counters.nodes + counters.edges + counters.pairs) as f64;
    assert!(looked(fine) <= 1.3 * looked(coarse), "{fine:?} {coarse:?}");
}

#[test]
fn preparing_takes_a_small_share_of_the_coordinates() {
    let store = layer_of(&[coast(100_000)]);
    let share = Prepared::of(&store).bytes() as f64 / (store.coord_count() * 16) as f64;
    assert!(share < 0.08, "{share}");
}

#[test]
fn a_package_costs_what_its_parts_cost() {
    let store = layer_of(&[coast(100_000)]);
    let layer = Prepared::of(&store);
    let (mut apart, mut together) = (Workspace::default(), Workspace::default());
    let mut package = Shape::empty(Kind::Polygon);
    let mut sum = 0.0;
    for parcel in parcels().iter().step_by(20) {
        sum += intersection_area(parcel.view(), &layer, 0, &mut apart).value;
        package.append(parcel.view());
    }
    let found = intersection_area(package.view(), &layer, 0, &mut together);
    assert!((found.value - sum).abs() <= 1e-9);
    assert_eq!(apart.counters, together.counters);
}

#[test]
fn a_predicate_against_a_long_ring_looks_at_little_of_it() {
    let store = layer_of(&[coast(400_000)]);
    let layer = Prepared::of(&store);
    let mut work = Workspace::default();
    let parcels = parcels();
    for parcel in &parcels {
        let area = intersection_area(parcel.view(), &layer, 0, &mut Workspace::default());
        let whole = plane(parcel.view()).value;
        let expect = |predicate| match predicate {
            Predicate::Within => (area.value - whole).abs() <= area.error + 1e-6,
            _ => area.value > area.error,
        };
        for predicate in [Predicate::Within, Predicate::Intersects, Predicate::Occupies] {
            assert_eq!(holds(predicate, parcel.view(), &layer, 0, &mut work), expect(predicate), "{predicate:?}");
        }
    }
    let each = (work.counters.nodes + work.counters.edges) / (3 * parcels.len() as u64);
    assert!(each < 1_500, "{each}");
}

#[test]
fn the_index_finds_what_looking_at_all_finds() {
    let mut random = Random(53);
    let squares: Vec<Shape> = (0..1_000)
        .map(|_| {
            let min = Coord { x: 39_000_000.0 + random.next() * 1e5, y: random.next() * 1e5 };
            Shape::rectangle(&BoundingBox {
                min,
                max: min + Coord { x: random.next() * 900.0, y: random.next() * 900.0 },
            })
        })
        .collect();
    for count in [0, 1, 7, 8, 9, 64, 65, 1_000] {
        let store = layer_of(&squares[..count]);
        let layer = Prepared::of(&store);
        let (mut hits, mut counters) = (Vec::new(), Counters::default());
        for query in squares.iter().step_by(7) {
            let bounds = query.view().bounds();
            layer.search(&bounds, &mut hits, &mut counters);
            for ring in 0..count as u32 {
                let meets = store.bounds(ring as usize).intersects(&bounds);
                assert!(!meets || hits.iter().any(|(hit, _)| *hit == ring));
            }
            // Boxes in single precision are a little larger.
            assert!(hits.iter().all(|(ring, _)| store.bounds(*ring as usize).grown(0.02).intersects(&bounds)));
        }
    }
}
