//! Do whole submissions come out as recorded?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/submissions").join(name)
}

/// Checks a submission in a fresh process; gives the JSON it prints.
fn check(folder: &Path, threads: &str) -> (String, Option<i32>) {
    let run = Command::cargo_bin("guiju")
        .unwrap()
        .args(["check", "--format", "json", "--no-out", "--lang", "en"])
        .arg(folder)
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(matches!(run.status.code(), Some(0 | 1)), "{talk}");
    (String::from_utf8(run.stdout).unwrap(), run.status.code())
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no `{key}` in {value}"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("no list `{key}`"))
}

/// The area that a finding is about: of all its pieces.
fn area(finding: &Value) -> f64 {
    list(finding, "evidence").iter().filter_map(|piece| piece["area_m2"].as_f64()).sum()
}

#[test]
fn bali_lake_has_exactly_what_is_planted() {
    let folder = fixture("bali-lake");
    let (report, status) = check(&folder, "2");
    assert_eq!(status, Some(1));
    let report: Value = serde_json::from_str(&report).unwrap();
    let planted: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();

    let key = |finding: &Value| (text(finding, "id").to_owned(), text(finding, "verdict").to_owned());
    let found: BTreeSet<_> = list(&report, "findings").iter().map(key).collect();
    let wanted: BTreeSet<_> = list(&planted, "findings").iter().map(key).collect();
    let lost: Vec<_> = wanted.difference(&found).collect();
    let new: Vec<_> = found.difference(&wanted).collect();
    assert!(lost.is_empty() && new.is_empty(), "planted and not found: {lost:#?}\nfound and not planted: {new:#?}");

    let issue =
        |issue: &Value, item: &str| (text(issue, "code").to_owned(), issue[item].as_str().unwrap_or("").to_owned());
    let faults = list(&report, "issues").iter().filter(|found| found["severity"] != "note");
    let found: BTreeSet<_> = faults.map(|found| issue(found, "feature")).collect();
    let wanted: BTreeSet<_> = list(&planted, "issues").iter().map(|wanted| issue(wanted, "feature")).collect();
    assert_eq!(found, wanted);
}

#[test]
fn bali_lake_areas_are_those_of_the_planted_shapes() {
    let folder = fixture("bali-lake");
    let report: Value = serde_json::from_str(&check(&folder, "2").0).unwrap();
    let planted: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    let mut compared = 0;
    for wanted in list(&planted, "findings").iter().filter(|wanted| text(wanted, "id").starts_with("PBF-01/")) {
        let found = list(&report, "findings").iter().find(|found| found["id"] == wanted["id"]).unwrap();
        if let Some(planted) = wanted["area_m2"].as_f64() {
            // The generator measures in the plane; the zone's scale is some 300 ppm there at most.
            assert!(
                (area(found) - planted).abs() <= 0.01 + planted * 4e-4,
                "{}: {planted}, found {}",
                wanted["id"],
                area(found)
            );
            compared += 1;
        }
    }
    assert!(compared > 3, "only {compared} compared");
}

#[test]
fn the_same_input_gives_the_same_bytes_for_any_number_of_threads() {
    let folder = fixture("bali-lake");
    let (one, _) = check(&folder, "1");
    for threads in ["2", "5"] {
        assert!(check(&folder, threads).0 == one, "{threads} threads");
    }
}

/// Copies a submission; `turn` rewrites the text of each file.
fn copy(from: &Path, to: &Path, turn: &dyn Fn(&Path, String) -> String) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true if path.ends_with("out") || path.ends_with("generator") => {}
            true => copy(&path, &target, turn),
            false => std::fs::write(target, turn(&path, std::fs::read_to_string(&path).unwrap())).unwrap(),
        }
    }
}

#[test]
fn the_order_of_files_in_the_manifest_does_not_matter() {
    let scratch = tempfile::tempdir().unwrap();
    copy(&fixture("bali-lake"), scratch.path(), &|path, text| {
        if !path.ends_with("guiju.yaml") {
            return text;
        }
        let (head, layers) = text.split_once("layers:\n").unwrap();
        let (layers, records) = layers.split_once("records:\n").unwrap();
        let backwards = |lines: &str| lines.lines().rev().map(|line| format!("{line}\n")).collect::<String>();
        format!("{head}layers:\n{}records:\n{}", backwards(layers), backwards(records))
    });
    let there = check(&fixture("bali-lake"), "2").0;
    assert!(check(scratch.path(), "2").0 == there);
}

#[test]
fn a_submission_whose_every_input_has_a_fault_still_ends_with_a_report() {
    let scratch = tempfile::tempdir().unwrap();
    let broken = std::cell::Cell::new(0);
    copy(&fixture("bali-lake"), scratch.path(), &|path, text| {
        broken.set(broken.get() + 1);
        let cut = text.char_indices().nth(text.chars().count() * 2 / 3).map_or(0, |(at, _)| at);
        match path.extension().and_then(|extension| extension.to_str()) {
            // Cut in the middle of a feature, another in turn with letters for coordinates.
            Some("geojson") if broken.get() % 2 == 0 => text[..cut].to_owned(),
            Some("geojson") => text.replacen("\"coordinates\":[", "\"coordinates\":[\"x\",", 3),
            Some("yaml") if !path.ends_with("guiju.yaml") => text.replacen(": ", ": [unclosed, ", 1),
            Some(_) | None => text,
        }
    });
    let (report, _) = check(scratch.path(), "2");
    let report: Value = serde_json::from_str(&report).unwrap();
    let files: BTreeSet<&str> = list(&report, "issues").iter().map(|issue| text(issue, "path")).collect();
    for input in list(&report, "inputs") {
        assert!(files.contains(text(input, "path")), "no issue of {}", text(input, "path"));
    }
    assert!(report["counts"]["undetermined"].as_u64().unwrap() > 0);
}

#[test]
fn the_generators_still_make_the_committed_samples() {
    for (sample, least) in [("bali-lake", 20), ("hostile", 5)] {
        let scratch = tempfile::tempdir().unwrap();
        let example = Path::new(env!("CARGO_BIN_EXE_guiju")).parent().unwrap().join("examples").join(sample);
        assert!(
            example.exists(),
            "`cargo test` builds examples; `cargo test --test it` alone needs `cargo build --examples` first"
        );
        assert!(std::process::Command::new(example).arg(scratch.path()).status().unwrap().success());
        let mut compared = 0;
        let mut open = vec![scratch.path().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                    continue;
                }
                let name = path.strip_prefix(scratch.path()).unwrap();
                let committed = std::fs::read(fixture(sample).join(name)).unwrap_or_default();
                assert!(std::fs::read(&path).unwrap() == committed, "{} differs from the generator's", name.display());
                compared += 1;
            }
        }
        assert!(compared >= least, "{sample}: only {compared} files");
    }
}

#[test]
fn a_hostile_submission_is_checked_like_any_other() {
    let (report, _) = check(&fixture("hostile"), "2");
    let report: Value = serde_json::from_str(&report).unwrap();
    for (verdict, least) in [("conflict", 40), ("excepted", 10), ("undetermined", 15), ("obligation", 30)] {
        let count = list(&report, "findings").iter().filter(|finding| text(finding, "verdict") == verdict).count();
        assert!(count >= least, "{count} × {verdict}");
    }
}

#[test]
fn tainan_is_checked_where_its_data_are() {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/tw-tainan.tar.gz");
    if !archive.exists() {
        eprintln!("skipped: {} is not there", archive.display());
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    copy(&fixture("tainan"), scratch.path(), &|_, text| text);
    let data = scratch.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    let unpacked = std::process::Command::new("tar").arg("xzf").arg(&archive).arg("-C").arg(&data).status().unwrap();
    assert!(unpacked.success());
    let report: Value = serde_json::from_str(&check(scratch.path(), "2").0).unwrap();
    let features = |layer: &str| -> u64 {
        list(&report, "inputs")
            .iter()
            .filter(|input| input["layer"] == layer)
            .map(|input| input["features"].as_u64().unwrap())
            .sum()
    };
    assert_eq!((features("scheme"), features("renewal"), features("detailed_plan")), (202, 47, 9743));
    for rule in
        list(&report, "rules").iter().filter(|rule| text(rule, "id") == "TN-201" || text(rule, "id") == "TN-102")
    {
        assert_eq!(rule["examined"], 202, "{}: no scheme is lost", rule["id"]);
    }
    let invalid: BTreeSet<&str> = ["ring-self-intersection", "ring-self-touch", "bad-ring", "spike"].into();
    let count = list(&report, "issues").iter().filter(|issue| invalid.contains(text(issue, "code"))).count();
    assert!(count >= 16, "the plans alone hold 16 invalid polygons, {count} issues");
}
