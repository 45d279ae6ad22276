//! What reading a file of data costs: to its raw shapes, and to a layer of checked ones. Files are not hashed, as those are not whose check
//! only goes to the terminal; no other reader does.
//!
//! Reads the files named in `GUIJU_BENCH_FILES` (comma between), all in one folder; without it, it says so and ends. `read_peers.py` runs it
//! beside pyogrio and DuckDB. Prints a line of JSON for each file: features, vertices, CPU seconds, and the most memory held.

#![expect(clippy::disallowed_methods, reason = "a bench reads what the system counts")]

use std::path::Path;
use std::time::Instant;

use guiju::geometry::crs::Crs;
use guiju::io::{LayerSpec, Spanned, Workspace, parse_filter, read_layers};
use guiju::model::{Class, ClassId, ClassKind, Field, Names, Schema, Type};
use guiju::source::{FileId, Files, Span};

fn main() {
    let Ok(paths) = std::env::var("GUIJU_BENCH_FILES") else {
        println!("read bench skipped: GUIJU_BENCH_FILES names no files");
        return;
    };
    for path in paths.split(',') {
        // None passes this filter: what is left is the reader's own work.
        let (_, _, raw) = read(Path::new(path), Some("dlbm IS NULL"));
        let (features, vertices, layer) = read(Path::new(path), None);
        let peak = status("VmHWM:");
        println!(
            "{{\"file\": \"{}\", \"features\": {features}, \"vertices\": {vertices}, \"raw_s\": {raw:.3}, \"layer_s\": {layer:.3}, \"peak_kb\": {peak}}}",
            Path::new(path).file_name().map(|name| name.to_string_lossy()).unwrap_or_default()
        );
    }
}

/// Reads a file as a layer of two fields; gives its features, their vertices, and the seconds.
fn read(path: &Path, filter: Option<&str>) -> (usize, usize, f64) {
    let folder = path.parent().unwrap_or(Path::new("."));
    let workspace = Workspace::open(folder).expect("the folder of the file").without_hashes();
    let name = |name: &str| Names { name: name.into(), second: None };
    let field = |own: &str| Field {
        names: name(own),
        ty: Type::Text,
        optional: true,
        aliases: Vec::new(),
        missing: Vec::new(),
        limit: None,
        computed: false,
        span: None,
    };
    let mut schema = Schema::default();
    let class = ClassId(schema.classes.len() as u16);
    let fields = vec![field("name"), field("dlbm")];
    schema.classes.push(Class {
        names: name("layer"),
        aliases: Vec::new(),
        kind: ClassKind::Layer(None),
        fields,
        span: None,
    });
    let spanned = |value: &str| Spanned { value: value.to_owned(), span: Span::new(FileId(0), 0, 0) };
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut spec = LayerSpec::of(spanned("layer"), spanned(&file));
    spec.filter = filter.map(|text| parse_filter(text).expect("a filter"));
    let (start, ticks) = (Instant::now(), cpu());
    let target = Crs::parse("EPSG:4527").expect("4527");
    let read = read_layers(&workspace, &[(&spec, class)], &schema, target, &mut Files::default(), &|_| ()).remove(0);
    let taken = match (ticks, cpu()) {
        (Some(from), Some(to)) => to - from,
        _ => start.elapsed().as_secs_f64(),
    };
    assert!(read.items.supplied, "{}: {:?}", path.display(), read.issues.first().map(|issue| &issue.text.en));
    (read.items.len(), read.items.store().coord_count(), taken)
}

/// Returns the CPU seconds of this process, where the system tells them.
fn cpu() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let ticks: u64 =
        text.rsplit(')').next()?.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<u64>().ok()).sum();
    Some(ticks as f64 / 100.0)
}

fn status(key: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or("0");
    line.trim().split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
