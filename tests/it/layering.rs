//! Do the arrows between the rooms point one way?

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every room, bottom to top, and the rooms it may import; each of those stands in an earlier row.
const ROOMS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("geometry", &[]),
    ("diagnostic", &["source"]),
    ("model", &["source", "geometry", "diagnostic"]),
    ("syntax", &["source", "diagnostic"]),
    ("sema", &["source", "diagnostic", "syntax", "model", "geometry"]),
    ("engine", &["source", "geometry", "model", "sema"]),
    ("io", &["source", "diagnostic", "geometry", "model"]),
    ("checker", &["source", "diagnostic", "geometry", "syntax", "model", "sema", "engine"]),
    ("report", &["source", "diagnostic", "geometry", "model", "sema", "engine"]),
    ("cli", &["source", "diagnostic", "geometry", "model", "sema", "engine", "io", "checker", "report"]),
];

/// Crates that one room or file only may name, so that they can be exchanged there.
const OWNERS: &[(&str, &[&str])] = &[
    ("pest", &["src/syntax/parse"]),
    ("miette", &["src/report/terminal"]),
    ("i_overlay", &["src/geometry/overlay"]),
    ("proj4rs", &["src/geometry/crs"]),
    ("base64", &["src/report/html/"]),
    ("rstar", &["src/geometry/"]),
    ("resvg", &["src/report/picture/png", "src/report/tests"]),
    ("rust_xlsxwriter", &["src/report/xlsx"]),
    ("serde_yaml", &["src/io/yaml"]),
    ("rusqlite", &["src/io/formats/geopackage", "src/io/write/"]),
    ("calamine", &["src/io/sheet", "src/report/tests/office"]),
    ("flatgeobuf", &["src/io/formats/"]),
    ("gdal", &["src/io/formats/"]),
    ("brotli", &["src/io/formats/geoparquet"]),
    ("flate2", &["src/io/formats/geoparquet"]),
    ("parquet", &["src/io/formats/"]),
    ("chardetng", &["src/io/formats/shapefile/charset", "src/io/decode"]),
    ("clap", &["src/cli/"]),
    ("rayon", &["src/engine/", "src/geometry/", "src/io/", "src/cli/", "src/report/assemble/", "src/report/scene/"]),
];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("source folder").map(|entry| entry.expect("entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("source file");
            found.push((path.to_string_lossy().replace('\\', "/"), text));
        }
    }
}

/// Returns the code without comments, so that prose may name what it likes.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split("//").next().unwrap_or(""))
}

#[test]
fn rooms_import_only_rooms_below_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for (row, (room, allowed)) in ROOMS.iter().enumerate() {
        for other in *allowed {
            let at = ROOMS.iter().position(|(name, _)| name == other);
            assert!(
                at.is_some_and(|at| at < row),
                "`{room}` may import `{other}`, which does not stand in an earlier row"
            );
        }
        let mut files = Vec::new();
        sources(&root.join("src").join(room), &mut files);
        assert!(!files.is_empty(), "no room `{room}`");
        for (path, text) in &files {
            for line in code(text) {
                assert!(!line.contains("super::super"), "{path}: write crate::room::… instead of super::super");
                for (at, _) in line.match_indices("crate::") {
                    let rest = &line[at + "crate::".len()..];
                    let used: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                    let is_room = ROOMS.iter().any(|(name, _)| *name == used);
                    if is_room && used != *room && !allowed.contains(&used.as_str()) {
                        wrong.push(format!("{path}: `{room}` imports `{used}`"));
                    }
                    assert!(!rest.starts_with('{'), "{path}: one crate::room per line, so that arrows can be read");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "new arrows:\n{}", wrong.join("\n"));
}

#[test]
fn every_room_has_a_row() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rooms: BTreeSet<String> = fs::read_dir(root)
        .expect("src")
        .map(|entry| entry.expect("entry"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(rooms, ROOMS.iter().map(|(name, _)| (*name).to_owned()).collect());
}

#[test]
fn a_library_that_may_be_exchanged_is_named_in_one_place() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    let mut wrong = Vec::new();
    for (name, owners) in OWNERS {
        for (path, text) in &files {
            let inside = path.split_once("/src/").map(|(_, rest)| format!("src/{rest}")).unwrap_or_default();
            let named =
                code(text).any(|line| line.contains(&format!("{name}::")) && !line.contains(&format!("_{name}::")));
            if named && !owners.iter().any(|owner| inside.starts_with(owner)) {
                wrong.push(format!("{inside} names {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
