//! What meeting a layer costs: preparing it, the areas of all pairs, the shapes of all pairs.
//!
//! Reads the GeoJSON files of the generator from the folder in `GUIJU_BENCH_DATA`; without it, it says so and ends. Other variables:
//! `GUIJU_BENCH_SIZE` (S, M or L; the proposals), `GUIJU_BENCH_LAYERS` (names, comma between), `GUIJU_BENCH_OUT` (a file for the areas, as the
//! peers write them), `GUIJU_BENCH_ROWS` (of `areas,shapes,index,thinned,threads`, comma between; else all).
//! Times are CPU seconds of one thread where the system tells them.

mod data;

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use guiju::geometry::ShapeRef;
use guiju::geometry::prepared::{Counters, Prepared, Workspace, intersection_areas};

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
    let proposals = data::read(&folder.join(format!("proposals_{size}.geojson")), "proposal_id");
    let mut csv = String::from("proposal_id,layer,feature_id,area_m2\n");
    let mut total = 0.0;
    for layer in layers.split(',') {
        let file = data::read(&folder.join(format!("{layer}.geojson")), "feature_id");
        let (prepared, seconds) = timed(|| Prepared::of(&file.store));
        let share = prepared.bytes() as f64 / (file.store.coord_count() * 16) as f64 * 100.0;
        println!("{layer:10} prepare        {seconds:8.3} s  {share:.1} % of the coordinates");
        if asked("areas") {
            total += areas(layer, &size, &proposals, &file, &prepared, &mut csv);
        }
    }
    println!("all areas                {total:8.3} s");
    if let Ok(out) = std::env::var("GUIJU_BENCH_OUT") {
        std::fs::write(out, csv).expect("areas written");
    }
}

/// Measures the areas of all pairs and gives the seconds for it; of packages and corridors also apart.
fn areas(
    layer: &str,
    size: &str,
    proposals: &data::File,
    file: &data::File,
    prepared: &Prepared<'_>,
    csv: &mut String,
) -> f64 {
    let mut work = Workspace::default();
    let mut found = Vec::new();
    let mut pairs = Vec::new();
    let (_, seconds) = timed(|| {
        for proposal in 0..proposals.store.len() {
            found.clear();
            intersection_areas(proposals.store.get(proposal), prepared, &mut work, &mut found);
            pairs.extend(found.iter().map(|(feature, area)| (proposal as u32, *feature, *area)));
        }
    });
    let worst = pairs.iter().map(|(_, _, area)| area.error).fold(0.0, f64::max);
    let sum: f64 = pairs.iter().map(|(_, _, area)| area.value).sum();
    println!("{layer:10} areas          {seconds:8.3} s  {} pairs, {sum:.3} m2, bound <= {worst:.1e} m2", pairs.len());
    let Counters { candidates, nodes, edges, pairs: products, .. } = work.counters;
    println!(
        "{layer:10}   counters     {candidates} candidates, {nodes} nodes, {edges} edges, {products} pairs of edges"
    );
    if size == "M" {
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
