//! What it costs to write ten thousand findings in every format, beside finding them.
//!
//! The submission is the sample laid out many times side by side (`fixtures/submissions/bali-lake/tile.rs`), `GUIJU_BENCH_TILES` times or
//! 80 times. A format that takes more than ten seconds, and a page of more than 15 MB, fail the bench. Times are by the clock: other work
//! on the machine adds to them.

#![expect(clippy::disallowed_methods, reason = "a bench reads what was written")]

#[path = "../../fixtures/submissions/bali-lake/tile.rs"]
#[expect(dead_code, reason = "it is a program of its own, too")]
mod tile;

use std::fs;
use std::process::Command;

/// Every format but the terminal's, which is printed.
const FORMATS: &str =
    "terminal,json,html,geojson,remedies,gpkg,shp,txt,sarif,junit,github,gitlab,markdown,svg,png,docx,xlsx";

const MOST_SECONDS: f64 = 10.0;
const LARGEST_PAGE: f64 = 15e6;

fn main() {
    let tiles = std::env::var("GUIJU_BENCH_TILES").ok().and_then(|tiles| tiles.parse().ok()).unwrap_or(80);
    let folder = tempfile::tempdir().expect("a folder");
    tile::write(folder.path(), tiles).expect("tiles");
    let out = folder.path().join("out");
    let run = Command::new(env!("CARGO_BIN_EXE_guiju"))
        .args(["check", "-v", "--lang", "en", "--format", FORMATS, "--out"])
        .args([&out, folder.path()])
        .output()
        .expect("guiju runs");
    let talk = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{talk}");
    let report = fs::read_to_string(out.join("report.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let findings = report["findings"].as_array().map_or(0, Vec::len);
    println!("{findings} findings");
    assert!(tiles < 80 || findings >= 10_000);
    let told = talk.lines().find_map(|line| line.strip_prefix("written: ")).expect("what was written");
    let mut slow = Vec::new();
    for file in told.split("), ") {
        let (path, figures) = file.trim_end_matches(')').split_once(" (").expect("figures");
        let (size, took) = figures.split_once(" kB, ").expect("a size");
        let seconds: f64 = took.trim_end_matches(" s").parse().expect("seconds");
        let bytes: f64 = size.parse::<f64>().expect("a size") * 1e3;
        let name = path.rsplit('/').next().unwrap_or(path);
        println!("{name:30} {seconds:8.2} s {:10.1} kB", bytes / 1e3);
        if seconds > MOST_SECONDS || (name == "report.html" && bytes > LARGEST_PAGE) {
            slow.push(name);
        }
    }
    assert!(slow.is_empty(), "too slow or too large: {slow:?}");
}
