//! Are exceptions that were granted shown and weighed, and is an earlier result remembered?

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use guiju::diagnostic::codes;
use serde_json::Value;
use tempfile::TempDir;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/submissions/waived")
}

/// A copy of the submission with waivers, to be changed.
struct Waived {
    folder: TempDir,
}

impl Waived {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut open = vec![PathBuf::new()];
        while let Some(at) = open.pop() {
            fs::create_dir_all(folder.path().join(&at)).unwrap();
            for entry in fs::read_dir(fixture().join(&at)).unwrap() {
                let name = at.join(entry.unwrap().file_name());
                match fixture().join(&name).is_dir() {
                    true => open.push(name),
                    false => drop(fs::copy(fixture().join(&name), folder.path().join(&name)).unwrap()),
                }
            }
        }
        Waived { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    fn replace(self, file: &str, from: &str, to: &str) -> Self {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        fs::write(self.path(file), text.replace(from, to)).unwrap();
        self
    }

    /// Runs a command; gives its status and both streams, with the folder's name taken out.
    fn run(&self, words: &[&str]) -> (i32, String, String) {
        let run = Command::cargo_bin("guiju").unwrap().args(words).env("LC_ALL", "C").output().unwrap();
        let folder = self.folder.path().to_str().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(folder, "DIR");
        (run.status.code().unwrap(), text(run.stdout), text(run.stderr))
    }

    fn check(&self, more: &[&str]) -> (i32, String, String) {
        let mut words = vec!["check", self.folder.path().to_str().unwrap()];
        words.extend(more);
        self.run(&words)
    }

    fn report(&self, more: &[&str]) -> Value {
        let (_, out, err) = self.check(&[&["--format", "json", "--no-out"], more].concat());
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"))
    }

    /// Saves a result outside the submission's own folder of results.
    fn save(&self, name: &str) -> String {
        let (_, out, _) = self.check(&["--format", "json", "--no-out"]);
        fs::write(self.path(name), out).unwrap();
        self.path(name)
    }
}

fn codes_of(report: &Value) -> Vec<&str> {
    let issues = report["issues"].as_array().unwrap().iter();
    issues.map(|issue| issue["code"].as_str().unwrap()).filter(|code| code.starts_with("waiver-")).collect()
}

#[test]
fn each_waiver_says_what_it_is_worth() {
    let waived = Waived::new();
    let report = waived.report(&[]);
    assert_eq!(codes_of(&report), ["waiver-expired", "waiver-unused", "waiver-out-of-scope"]);
    let of = |finding: &Value| {
        let state = finding["waiver"]["state"].as_str().map(str::to_owned);
        (finding["subject"]["id"].as_str().unwrap().to_owned(), state)
    };
    let found: Vec<_> = report["findings"].as_array().unwrap().iter().map(of).collect();
    let wanted = [("P-01", Some("holds")), ("P-02", Some("expired")), ("P-04", Some("out_of_scope")), ("P-05", None)];
    assert_eq!(found, wanted.map(|(id, state)| (id.to_owned(), state.map(str::to_owned))));
    let states: Vec<&str> =
        report["waivers"].as_array().unwrap().iter().map(|waiver| waiver["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["holds", "expired", "unused", "out_of_scope"]);
    let outside = report["findings"][2]["waiver"]["outside_m2"].as_f64().unwrap();
    assert!((outside - 500.0).abs() < 1e-3, "{outside}");
    for language in ["zh", "en"] {
        let (status, out, _) = waived.check(&["--no-out", "--lang", language]);
        assert_eq!(status, 1);
        insta::assert_snapshot!(format!("waivers_{language}"), out);
    }
}

#[test]
fn a_waiver_opens_the_gate_on_the_day_of_the_submission_not_of_the_clock() {
    // With the ground within the scope and the unwaived parcel moved away, all that is left is the expired one.
    let waived = Waived::new()
        .replace("data/parcels.geojson", "3300080", "3300090")
        .replace(
            "data/parcels.geojson",
            "[39500400, 3300090], [39500450, 3300090]",
            "[39500400, 3300110], [39500450, 3300110]",
        )
        .replace(
            "data/parcels.geojson",
            "[39500400, 3300190], [39500400, 3300090]",
            "[39500400, 3300190], [39500400, 3300110]",
        );
    assert_eq!(waived.check(&["--no-out"]).0, 1);
    let (status, out, _) = waived.check(&["--no-out", "--as-of", "2026-01-14", "--lang", "en"]);
    assert!(status == 0 && out.contains("accepted: no conflict at or above `prohibited`; 3 waived"), "{out}");
    assert_eq!(waived.check(&["--no-out", "--as-of", "2027-01-01"]).0, 1);
}

#[test]
fn pages_about_waivers_show_their_own_code() {
    for code in codes::waiver::ALL {
        let start = code.page.find("```yaml\n").unwrap() + 8;
        let example = &code.page[start..start + code.page[start..].find("```").unwrap()];
        let waived = Waived::new();
        fs::write(waived.path("waivers.yaml"), example).unwrap();
        assert_eq!(codes_of(&waived.report(&[])), [code.name]);
    }
}

#[test]
fn a_waiver_without_a_reason_stops_the_check_where_it_stands() {
    let waived = Waived::new().replace("waivers.yaml", "  reason: 临时用地\n", "");
    let (status, out, err) = waived.check(&["--lang", "zh"]);
    assert_eq!((status, out.as_str()), (2, ""));
    insta::assert_snapshot!("waiver_without_a_reason", err);
}

#[test]
fn only_what_is_new_or_worse_fails_beside_a_baseline() {
    let waived = Waived::new();
    let before = waived.save("before.json");
    let failing = ["--no-out", "--lang", "en", "--baseline", &before, "--fail-on-new"];
    assert_eq!(waived.check(&failing).0, 0, "old conflicts do not fail it");
    assert_eq!(waived.check(&failing[..5]).0, 1, "unless they are asked for");
    // P-05 goes five metres deeper, P-03 stands on the field again, P-02 leaves it; P-04 is called otherwise.
    let changed = waived
        .replace(
            "data/parcels.geojson",
            "[39500400, 3300090], [39500450, 3300090]",
            "[39500400, 3300085], [39500450, 3300085]",
        )
        .replace(
            "data/parcels.geojson",
            "[39500400, 3300190], [39500400, 3300090]",
            "[39500400, 3300190], [39500400, 3300085]",
        )
        .replace("data/parcels.geojson", "3300100", "3300099")
        .replace(
            "data/parcels.geojson",
            "[39500100, 3300090], [39500150, 3300090]",
            "[39500100, 3300110], [39500150, 3300110]",
        )
        .replace(
            "data/parcels.geojson",
            "[39500100, 3300190], [39500100, 3300090]",
            "[39500100, 3300190], [39500100, 3300110]",
        )
        .replace("data/parcels.geojson", "P-04", "P-4");
    let report = changed.report(&["--baseline", &before]);
    let of = |finding: &Value| {
        format!("{} {}", finding["subject"]["id"].as_str().unwrap(), finding["baseline"].as_str().unwrap())
    };
    let found: Vec<String> = report["findings"].as_array().unwrap().iter().map(of).collect();
    assert_eq!(found, ["P-01 old", "P-03 new", "P-4 old", "P-05 worse"]);
    assert_eq!(report["baseline"]["gone"][0]["subject"], "P-02");
    let (status, out, _) = changed.check(&failing);
    assert_eq!(status, 1);
    insta::assert_snapshot!("compared_with_a_baseline", out);

    let after = changed.save("after.json");
    let (status, out, _) = changed.run(&["diff", &before, &after, "--lang", "zh"]);
    assert_eq!(status, 0);
    insta::assert_snapshot!("diff", out);
    assert_eq!(changed.run(&["diff", &before, &after, "--fail-on-new"]).0, 1);
    let (_, json, _) = changed.run(&["diff", &before, &after, "--format", "json"]);
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["counts"]["worse"], 1);
    let (_, page, _) = changed.run(&["diff", &before, &after, "--format", "html", "--lang", "zh"]);
    assert!(page.starts_with("<!doctype html>") && page.contains("加重 × 1"), "{page}");
}

#[test]
fn a_result_that_cannot_be_read_is_said_to_be_none() {
    let waived = Waived::new();
    fs::write(waived.path("x.json"), "{\"guiju\": {\"version\": \"9\", \"report\": 9}}").unwrap();
    let (status, _, err) = waived.check(&["--baseline", &waived.path("x.json"), "--lang", "en"]);
    assert!(status == 2 && err.contains("version 9"), "{err}");
    let (status, _, err) = waived.run(&["diff", &waived.path("x.json"), &waived.path("none.json"), "--lang", "zh"]);
    assert!(status == 2 && err.contains("第 9 版"), "{err}");
    assert_eq!(waived.check(&["--fail-on-new"]).0, 2, "there is nothing to compare with");
}

#[test]
fn a_result_is_told_even_where_it_cannot_be_written() {
    let waived = Waived::new();
    fs::write(waived.path("out"), "in the way").unwrap();
    let (status, out, err) = waived.check(&["--lang", "en"]);
    assert_eq!(status, 3);
    assert!(out.contains("not accepted") && err.contains("cannot write"), "{out}{err}");
}

#[test]
fn a_finding_is_explained_step_by_step() {
    let waived = Waived::new();
    let saved = waived.save("report.json");
    for language in ["zh", "en"] {
        let (status, out, _) = waived.run(&["explain", "CL-101/parcel:P-05", "--report", &saved, "--lang", language]);
        assert_eq!(status, 0);
        insta::assert_snapshot!(format!("explained_{language}"), out);
    }
    let (status, _, err) = waived.run(&["explain", "CL-101/parcel:P-5", "--report", &saved, "--lang", "en"]);
    assert!(status == 2 && err.contains("did you mean `CL-101/parcel:P-05`?"), "{err}");
    let (status, _, err) = waived.run(&["explain", "CL-101/parcel:P-05", "--report", &waived.path("none.json")]);
    assert!(status == 2 && err.contains("none.json"), "{err}");
}

#[test]
fn a_cure_was_checked_and_can_stand_in_the_place_of_its_parcel() {
    let waived = Waived::new();
    let report = waived.report(&[]);
    let remedy = &report["findings"][3]["remedies"][0];
    assert_eq!(remedy["checked"], "clean");
    assert_eq!(remedy["attributes"], serde_json::json!({ "id": "P-05", "name": "未获准地块" }));
    // The remedies, put in the place of the parcels, are without conflict.
    let (_, out, _) = waived.check(&["--format", "remedies", "--no-out"]);
    let remedies: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(remedies["features"][0]["properties"]["id"], "P-01");
    fs::write(waived.path("data/parcels.geojson"), out).unwrap();
    let (status, out, _) = waived.check(&["--no-out", "--lang", "en"]);
    assert!(status == 0 && out.contains("accepted"), "{out}");
}

#[test]
fn an_unknown_department_is_said_to_be_one() {
    let waived = Waived::new();
    let (status, _, err) = waived.run(&["rules", "--department", "林业草元", "--lang", "en"]);
    assert!(status == 2 && err.contains("did you mean `林业草原`?"), "{err}");
    let (status, _, err) = waived.run(&["rules", "--department", "nope", "--lang", "zh"]);
    assert!(status == 2 && err.contains("可用：") && err.contains("自然资源"), "{err}");
}
