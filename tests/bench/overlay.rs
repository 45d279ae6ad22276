//! What meeting a layer costs: looking whether its shapes are valid, preparing it, the areas of all pairs, the shapes of all pairs.
//!
//! Reads the GeoJSON files of the generator from the folder in `GUIJU_BENCH_DATA`; without it, it says so and ends. Other variables:
//! `GUIJU_BENCH_SIZE` (S, M or L; the proposals), `GUIJU_BENCH_LAYERS` (names, comma between), `GUIJU_BENCH_OUT` (a file for the areas, as the
//! peers write them), `GUIJU_BENCH_LIMIT` (only the first so many proposals), `GUIJU_BENCH_ROWS` (of `validity,areas,shapes,relations,index,thinned,threads`,
//! comma between; else all). `peers.py` beside this file runs it and the peers.
//! Times are CPU seconds of one thread where the system tells them.

#![expect(clippy::disallowed_methods, reason = "a bench reads the generator's files and the system's clock")]

mod data;

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use guiju::geometry::measure::{self, AreaMethod, Measure};
use guiju::geometry::prepared::{
    Counters, Prepared, Workspace, distance_within, holds, intersection, intersection_areas, length_inside, nearest,
};
use guiju::geometry::relate::Predicate;
use guiju::geometry::validity::{RawShape, Soundness, inspect, repair};
use guiju::geometry::{BoundingBox, Coord, Kind, Shape, ShapeRef, Store, construct};
use rayon::prelude::*;
use rstar::primitives::Rectangle;
use rstar::{AABB, RTree};

/// The pairs that share an area, by layer, for size M of the generator.
const PAIRS_M: [(&str, usize); 4] = [("farmland", 146_942), ("plan", 68_081), ("redline", 22_503), ("urban", 14_839)];

fn main() {
    let Ok(folder) = std::env::var("GUIJU_BENCH_DATA") else {
        println!("overlay bench skipped: GUIJU_BENCH_DATA names no folder with the generator's GeoJSON files");
        return;
    };
    let folder = Path::new(&folder);
    let size = std::env::var("GUIJU_BENCH_SIZE").unwrap_or_else(|_| "M".to_owned());
    let layers = std::env::var("GUIJU_BENCH_LAYERS").unwrap_or_else(|_| "farmland,plan,redline,urban".to_owned());
    let rows = std::env::var("GUIJU_BENCH_ROWS").unwrap_or_default();
    let asked = |row: &str| rows.is_empty() || rows.split(',').any(|one| one == row);
    let mut proposals = data::read(&folder.join(format!("proposals_{size}.geojson")), "proposal_id");
    let limit = std::env::var("GUIJU_BENCH_LIMIT").ok().and_then(|text| text.parse().ok()).filter(|limit| *limit > 0);
    if let Some(limit) = limit {
        proposals = proposals.first(limit);
    }
    let is_whole = size == "M" && limit.is_none();
    let mut csv = String::from("proposal_id,layer,feature_id,area_m2\n");
    let (mut total, mut all_shapes) = (0.0, 0.0);
    if asked("validity") {
        validity("proposals", &proposals.store);
    }
    for layer in layers.split(',') {
        let file = data::read(&folder.join(format!("{layer}.geojson")), "feature_id");
        if asked("validity") {
            validity(layer, &file.store);
        }
        let (prepared, seconds) = timed(|| Prepared::of(&file.store));
        let share = prepared.bytes() as f64 / (file.store.coord_count() * 16) as f64 * 100.0;
        println!("{layer:10} prepare        {seconds:8.3} s  {share:.1} % of the coordinates");
        if asked("areas") {
            total += areas(layer, is_whole, &proposals, &file, &prepared, &mut csv);
        }
        if asked("shapes") {
            all_shapes += shapes(layer, &proposals.store, &prepared);
        }
        if asked("relations") {
            relations(layer, &proposals.store, &prepared);
        }
        if asked("index") {
            index(layer, &proposals.store, &file.store);
        }
        if asked("threads") {
            threads(layer, &proposals.store, &prepared);
        }
        if asked("thinned") && layer == "redline" {
            thinned(&proposals.store, &file.store, &prepared);
        }
    }
    println!("all areas                {total:8.3} s");
    println!("all shapes               {all_shapes:8.3} s");
    if let Ok(out) = std::env::var("GUIJU_BENCH_OUT") {
        std::fs::write(out, csv).expect("areas written");
    }
}

/// Measures looking whether shapes are valid, and repairing those of which that is in doubt.
fn validity(layer: &str, store: &Store) {
    let doubtful = |at: &usize| inspect(store.get(*at)) == Soundness::Doubtful;
    let (doubtful, looking) = timed(|| (0..store.len()).filter(doubtful).collect::<Vec<usize>>());
    let repaired = |at: &&usize| repair(&RawShape::from(store.get(**at))).shape.is_some();
    let (repaired, repairing) = timed(|| doubtful.iter().filter(repaired).count());
    let each = (looking + repairing) * 1e9 / store.coord_count().max(1) as f64;
    println!(
        "{layer:10} validity       {looking:8.3} s  and {repairing:.3} s to repair {repaired} of {}: {each:.1} ns a vertex",
        doubtful.len()
    );
}

/// Measures the areas of all pairs and gives the seconds for it; of packages and corridors also apart.
fn areas(
    layer: &str,
    is_whole: bool,
    proposals: &data::File,
    file: &data::File,
    prepared: &Prepared<'_>,
    csv: &mut String,
) -> f64 {
    let mut work = Workspace::default();
    let mut found = Vec::new();
    let mut pairs = Vec::new();
    let (_, seconds) = timed(|| {
        // By place, as checks do, unless the proposals are what takes more memory.
        let is_larger = file.store.bytes() > proposals.store.bytes();
        let order = if is_larger { proposals.store.by_place() } else { (0..proposals.store.len() as u32).collect() };
        for proposal in order {
            found.clear();
            intersection_areas(proposals.store.get(proposal as usize), prepared, &mut work, &mut found);
            pairs.extend(found.iter().map(|(feature, area)| (proposal, *feature, *area)));
        }
    });
    let worst = pairs.iter().map(|(_, _, area)| area.error).fold(0.0, f64::max);
    let sum: f64 = pairs.iter().map(|(_, _, area)| area.value).sum();
    println!("{layer:10} areas          {seconds:8.3} s  {} pairs, {sum:.3} m2, bound <= {worst:.1e} m2", pairs.len());
    let Counters { candidates, nodes, edges, pairs: products, .. } = work.counters;
    println!(
        "{layer:10}   counters     {candidates} candidates, {nodes} nodes, {edges} edges, {products} pairs of edges"
    );
    if is_whole {
        for (_, expected) in PAIRS_M.iter().filter(|(name, _)| *name == layer) {
            println!("{layer:10}   pairs        {} expected {expected}", pairs.len());
        }
    }
    for (name, is) in KINDS {
        let (count, seconds) = timed(|| {
            let chosen = (0..proposals.store.len()).map(|at| proposals.store.get(at)).filter(|shape| is(*shape));
            chosen.map(|shape| intersection_areas(shape, prepared, &mut work, &mut found)).count()
        });
        println!("{layer:10}   {name:12} {seconds:8.3} s  {count} proposals");
    }
    for (proposal, feature, area) in &pairs {
        let (a, b) = (proposals.ids[*proposal as usize], file.ids[*feature as usize]);
        let _ = writeln!(csv, "{a},{layer},{b},{}", area.value);
    }
    seconds
}

/// Builds the shape of every pair that shares an area, and gives the seconds for finding and building them.
fn shapes(layer: &str, proposals: &Store, prepared: &Prepared<'_>) -> f64 {
    let mut all = 0.0;
    for (name, is) in KINDS {
        let mut work = Workspace::default();
        let (mut found, mut pairs, mut sum, mut worst) = (Vec::new(), 0, 0.0, 0.0f64);
        let (_, seconds) = timed(|| {
            for shape in (0..proposals.len()).map(|at| proposals.get(at)).filter(|shape| is(*shape)) {
                found.clear();
                intersection_areas(shape, prepared, &mut work, &mut found);
                for (feature, expected) in &found {
                    let built = intersection(shape, prepared, *feature, &mut work);
                    let area = measure::area(built.view(), &AreaMethod::Plane);
                    worst = worst.max((area.value - expected.value).abs() - area.error - expected.error);
                    sum += area.value;
                    pairs += 1;
                }
            }
        });
        assert!(worst <= 0.0, "an area and its shape differ by {worst} m2 more than their bounds");
        let overlays = work.counters.overlays;
        println!("{layer:10} shapes {name:9}{seconds:7.3} s  {pairs} pairs, {sum:.3} m2, {overlays} overlays");
        all += seconds;
    }
    all
}

/// Measures what a question costs about a proposal and a feature near it, of every fifth proposal.
fn relations(layer: &str, proposals: &Store, prepared: &Prepared<'_>) {
    const REACH_M: f64 = 50.0;
    let mut work = Workspace::default();
    let mut near = |reach: f64| -> Vec<(usize, u32)> {
        let mut pairs = Vec::new();
        for at in (0..proposals.len()).step_by(5) {
            let found = prepared.candidates(&proposals.bounds(at).grown(reach), &mut work);
            pairs.extend(found.into_iter().map(|feature| (at, feature)));
        }
        pairs
    };
    let (met, around) = (near(0.0), near(REACH_M));
    let borders: Vec<Shape> = (0..proposals.len()).map(|at| construct::boundary(proposals.get(at))).collect();
    let row = |name: &str, pairs: &[(usize, u32)], ask: &dyn Fn(usize, u32, &mut Workspace) -> bool| {
        let mut work = Workspace::default();
        let (yes, seconds) =
            timed(|| pairs.iter().filter(|(proposal, feature)| ask(*proposal, *feature, &mut work)).count());
        let each = seconds * 1e6 / pairs.len().max(1) as f64;
        println!("{layer:10} {name:14} {each:8.3} us  each of {}, {yes} yes", pairs.len());
    };
    for predicate in [Predicate::Intersects, Predicate::Within, Predicate::Touches, Predicate::Overlaps] {
        row(&format!("{predicate:?}"), &met, &|at, feature, work| {
            holds(predicate, proposals.get(at), prepared, feature, work)
        });
    }
    row("Crosses, lines", &met, &|at, feature, work| {
        holds(Predicate::Crosses, borders[at].view(), prepared, feature, work)
    });
    row("length inside", &met, &|at, feature, work| {
        length_inside(borders[at].view(), prepared, feature, &AreaMethod::Plane, work).value > 0.0
    });
    row("within 50 m", &around, &|at, feature, work| {
        distance_within(proposals.get(at), prepared, feature, REACH_M, work).is_some()
    });
    let all: Vec<(usize, u32)> = (0..proposals.len()).step_by(5).map(|at| (at, 0)).collect();
    row("nearest", &all, &|at, _, work| nearest(proposals.get(at), prepared, work).is_some());
}

/// Measures the packed index over rings beside an R-tree of the same boxes.
fn index(layer: &str, proposals: &Store, store: &Store) {
    let rings: Vec<BoundingBox> =
        (0..store.len()).flat_map(|feature| store.get(feature).rings().map(BoundingBox::around)).collect();
    let mut boxes = Store::new(Kind::Polygon);
    for bounds in &rings {
        boxes.push(Shape::rectangle(bounds).view());
    }
    let (packed, built) = timed(|| Prepared::of(&boxes));
    let (tree, built_tree) = timed(|| {
        let leaf =
            |bounds: &BoundingBox| Rectangle::from_corners([bounds.min.x, bounds.min.y], [bounds.max.x, bounds.max.y]);
        RTree::bulk_load(rings.iter().map(leaf).collect::<Vec<_>>())
    });
    let queries: Vec<BoundingBox> =
        (0..proposals.len()).flat_map(|at| proposals.get(at).parts().map(|part| part.bounds())).collect();
    let (found, asked) = timed(|| queries.iter().map(|query| packed.rings_near(query)).sum::<usize>());
    let (found_tree, asked_tree) = timed(|| {
        let query =
            |bounds: &BoundingBox| AABB::from_corners([bounds.min.x, bounds.min.y], [bounds.max.x, bounds.max.y]);
        queries.iter().map(|bounds| tree.locate_in_envelope_intersecting(&query(bounds)).count()).sum::<usize>()
    });
    println!(
        "{layer:10} index          {built:8.3} s  built, {asked:.3} s asked {} times, {found} rings",
        queries.len()
    );
    println!("{layer:10}   rstar        {built_tree:8.3} s  built, {asked_tree:.3} s asked, {found_tree} rings");
}

/// Measures one thread against two, by the clock.
fn threads(layer: &str, proposals: &Store, prepared: &Prepared<'_>) {
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let started = Instant::now();
        let found: Vec<Vec<(u32, Measure)>> = pool.install(|| {
            let each = (0..proposals.len()).into_par_iter().map_init(Workspace::default, |work, at| {
                let mut found = Vec::new();
                intersection_areas(proposals.get(at), prepared, work, &mut found);
                found
            });
            each.collect()
        });
        let clock = started.elapsed().as_secs_f64();
        // On a shared machine the busiest thread's own time tells what the clock would on a quiet one.
        let busiest = pool.broadcast(|_| cpu_seconds().unwrap_or(clock)).into_iter().fold(0.0, f64::max);
        (clock, busiest, found)
    };
    let ((one, one_busy, first), (two, two_busy, second)) = (run(1), run(2));
    assert!(first == second, "areas depend on the number of threads");
    println!("{layer:10} two threads    {two:8.3} s  by the clock, one {one:.3} s: {:.2} times", one / two);
    println!("{layer:10}   busiest      {two_busy:8.3} s  one {one_busy:.3} s: {:.2} times", one_busy / two_busy);
}

/// Measures some of the parcels against the layer and against the same layer with few of its vertices where none of those parcels lies.
fn thinned(proposals: &Store, store: &Store, prepared: &Prepared<'_>) {
    /// Of all parcels only so few that the line near them is a small part of it.
    const EVERY: usize = 100;
    /// Elsewhere one vertex in so many is kept, but three of each ring.
    const STRIDE: usize = 100;
    /// So much of the line around a parcel is kept, in metres.
    const AROUND_M: f64 = 20.0;
    let is_parcel = KINDS[0].1;
    let parcels: Vec<ShapeRef<'_>> =
        (0..proposals.len()).map(|at| proposals.get(at)).filter(|shape| is_parcel(*shape)).step_by(EVERY).collect();
    let mut windows = Store::new(Kind::Polygon);
    for parcel in &parcels {
        windows.push(Shape::rectangle(&parcel.bounds().grown(AROUND_M)).view());
    }
    let windows = Prepared::of(&windows);
    let mut thin = Store::new(Kind::Polygon);
    for feature in 0..store.len() {
        let mut shape = Shape::empty(Kind::Polygon);
        for part in store.get(feature).parts() {
            for ring in part.rings() {
                let near = |at: &Coord| windows.rings_near(&BoundingBox { min: *at, max: *at }) > 0;
                let last = ring.len() - 1;
                let stride = STRIDE.min(last.div_ceil(3));
                let kept = ring.iter().enumerate().filter(|(at, coord)| at % stride == 0 || *at == last || near(coord));
                shape.push_ring(kept.map(|(_, coord)| *coord));
            }
            shape.end_part();
        }
        thin.push(shape.view());
    }
    let thin_prepared = Prepared::of(&thin);
    let cost = |layer: &Prepared<'_>| {
        let (mut work, mut found) = (Workspace::default(), Vec::new());
        let (_, seconds) = timed(|| {
            for parcel in std::iter::repeat_n(&parcels, EVERY).flatten() {
                intersection_areas(*parcel, layer, &mut work, &mut found);
            }
        });
        (seconds, found.len(), work.counters)
    };
    let ((full, pairs, counted), (least, thin_pairs, thin_counted)) = (cost(prepared), cost(&thin_prepared));
    let share = store.coord_count() as f64 / thin.coord_count() as f64;
    println!(
        "redline    thinned        {least:8.3} s  {share:.1} times fewer vertices; full {full:.3} s: {:.2} times",
        full / least
    );
    println!("redline      full         {pairs} pairs {counted:?}");
    println!("redline      thin         {thin_pairs} pairs {thin_counted:?}");
}

type Is = fn(ShapeRef<'_>) -> bool;

/// Kinds of proposals that hide in averages.
const KINDS: [(&str, Is); 3] = [
    ("parcels", |shape| shape.parts().len() == 1 && !is_long(shape)),
    ("packages", |shape| shape.parts().len() > 1),
    ("corridors", |shape| shape.parts().len() == 1 && is_long(shape)),
];

fn is_long(shape: ShapeRef<'_>) -> bool {
    let bounds = shape.bounds();
    (bounds.max.x - bounds.min.x).hypot(bounds.max.y - bounds.min.y) > 1_500.0
}

fn timed<T>(job: impl FnOnce() -> T) -> (T, f64) {
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    let made = job();
    let seconds = match (cpu, cpu_seconds()) {
        (Some(from), Some(to)) => to - from,
        (_, _) => wall.elapsed().as_secs_f64(),
    };
    (made, seconds)
}

/// Returns the time this thread has run, where the system tells.
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<u64>().ok()? as f64 * 1e-9)
}
