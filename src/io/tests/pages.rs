//! The example on every page of a code is run.

use super::{Outcome, read_files};
use crate::diagnostic::Code;
use crate::diagnostic::codes::{issue as issue_codes, manifest as manifest_codes};

/// Returns the fenced blocks of a page: language and text.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let parts: Vec<&str> = page.split("```").collect();
    parts.iter().skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect()
}

fn run_page(code: &Code) -> Outcome {
    let example = code.page.split("## Example").nth(1).unwrap_or_default();
    let mut files: Vec<(&str, Vec<u8>)> = Vec::new();
    for (language, text) in blocks(example) {
        if language == "files" {
            // A list of files: what is written behind a name says how it differs from a sound one.
            let made = crate::io::formats::shapefile_made(if text.contains("GBK") {
                encoding_rs::GBK
            } else {
                encoding_rs::UTF_8
            });
            for line in text.lines() {
                let (name, how) = line.split_once("  ").unwrap_or((line, ""));
                let of = |end: &str| made.iter().find(|(known, _)| *known == end).unwrap();
                if name == "parcels.gpkg" {
                    files.push(("parcels.gpkg", crate::io::formats::arcs_made()));
                    continue;
                }
                let (name, bytes) = match name.rsplit_once('.').unwrap().1 {
                    "cpg" => ("parcels.cpg", how.as_bytes().to_vec()),
                    "shp" => ("parcels.shp", of("shp").1.clone()),
                    end => (if end == "dbf" { "parcels.dbf" } else { "parcels.shx" }, of(end).1.clone()),
                };
                let kept = if how == "cut short" { bytes.len() - 20 } else { bytes.len() };
                files.push((name, bytes[..kept].to_vec()));
            }
            continue;
        }
        let bytes = match (code.name, language) {
            ("encoding-guessed", _) => encoding_rs::GBK.encode(text).0.into_owned(),
            ("more-issues", _) => {
                let feature = text.split_once("[\n").and_then(|(_, rest)| rest.rsplit_once("\n  ]")).unwrap().0;
                format!("[{}]", vec![feature; 1001].join(",")).into_bytes()
            }
            _ => text.as_bytes().to_vec(),
        };
        let path = match language {
            "json" => "parcels.geojson",
            "csv" => "projects.csv",
            "txt" => "parcels.txt",
            "yaml" if text.starts_with("guiju:") => "guiju.yaml",
            "yaml" => "projects.yaml",
            other => panic!("{}: a block in {other}", code.name),
        };
        files.push((path, bytes));
    }
    assert!(!files.is_empty(), "{} has no example", code.name);
    read_files(&files.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect::<Vec<_>>())
}

#[test]
fn every_page_shows_its_own_code() {
    for code in issue_codes::ALL.iter().chain(manifest_codes::ALL) {
        assert!(code.page.starts_with(&format!("# {}\n", code.name)), "{}", code.name);
        for heading in ["## English", "## 中文"] {
            assert!(code.page.contains(heading), "{}: {heading}", code.name);
        }
        let outcome = run_page(code);
        assert!(outcome.codes().contains(&code.name), "{}: found {:?}\n{}", code.name, outcome.codes(), outcome.told());
    }
}
