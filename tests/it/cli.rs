//! Is it wired up? A few whole runs; the rest is tested lower down.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// A copy of the smallest submission, to be broken.
pub(super) struct Smallest {
    folder: TempDir,
}

impl Smallest {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/submissions/smallest");
        let copy = |name: &str| {
            let to = folder.path().join(name);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(from.join(name), to).unwrap();
        };
        ["guiju.yaml", "data/parcels.geojson", "data/farmland.geojson", "rules/own/pack.yaml", "rules/own/farmland.gj"]
            .into_iter()
            .for_each(copy);
        Smallest { folder }
    }

    fn replace(self, file: &str, from: &str, to: &str) -> Self {
        let path = self.path(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(path, text.replace(from, to)).unwrap();
        self
    }

    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Runs `guiju check` here; gives its status and both streams, with the folder's name taken out.
    fn check(&self, more: &[&str]) -> (i32, String, String) {
        let mut words = vec!["check", self.folder.path().to_str().unwrap()];
        words.extend(more);
        let (status, out, err) = guiju(&words);
        let hide = |text: String| text.replace(self.folder.path().to_str().unwrap(), "DIR");
        (status, hide(out), hide(err))
    }
}

fn guiju(words: &[&str]) -> (i32, String, String) {
    let run =
        Command::cargo_bin("guiju").unwrap().args(words).env("LC_ALL", "C").env_remove("NO_COLOR").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (run.status.code().unwrap(), text(run.stdout), text(run.stderr))
}

/// Moves the parcel ten metres onto the farmland.
pub(super) fn on_farmland() -> Smallest {
    let moved = Smallest::new();
    ["39500000", "39500100"].into_iter().rev().fold(moved, |moved, x| {
        let to = (x.parse::<u32>().unwrap() + 110).to_string();
        moved.replace("data/parcels.geojson", x, &to)
    })
}

#[test]
fn no_conflict_exits_0_and_writes_its_files() {
    let smallest = Smallest::new();
    let (status, out, err) = smallest.check(&[]);
    assert_eq!(status, 0, "{out}{err}");
    insta::assert_snapshot!("no_conflict", out);
    let files = "DIR/out/report.json, DIR/out/report.html, DIR/out/conflicts.geojson, DIR/out/remedies.geojson";
    assert_eq!(err, format!("written: {files}\n"));
    let page = std::fs::read_to_string(smallest.path("out/report.html")).unwrap();
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">") && page.ends_with("</html>\n"));
    for file in ["out/report.json", "out/conflicts.geojson", "out/remedies.geojson"] {
        let text = std::fs::read_to_string(smallest.path(file)).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{file}");
    }
}

#[test]
fn a_conflict_exits_1_and_says_where_why_and_how_to_cure_it() {
    let (status, out, _) = on_farmland().check(&["--lang", "zh", "--no-out"]);
    assert_eq!(status, 1);
    insta::assert_snapshot!("conflict_in_chinese", out);
    let (status, out, _) = on_farmland().check(&["--lang", "en", "--no-out"]);
    assert_eq!(status, 1);
    insta::assert_snapshot!("conflict_in_english", out);
    assert_eq!(on_farmland().check(&["--no-out", "--fail-on", "never"]).0, 0);
}

#[test]
fn wrong_input_exits_2_and_says_where() {
    let cases = [
        (
            "typing_mistake_in_a_rule",
            Smallest::new().replace("rules/own/farmland.gj", "area(taken) >", "aera(taken) >"),
        ),
        ("unknown_layer", Smallest::new().replace("guiju.yaml", "  parcel:", "  parcle:")),
        ("unknown_pack", Smallest::new().replace("guiju.yaml", "rules/own", "rules/won")),
        ("datum_without_parameters", Smallest::new().replace("guiju.yaml", "EPSG:4527", "EPSG:4214")),
        ("no_plane_to_measure_in", Smallest::new().replace("guiju.yaml", "EPSG:4527", "EPSG:4490")),
        ("no_day", Smallest::new().replace("guiju.yaml", ", as_of: 2026-01-15", "")),
        (
            "param_of_another_dimension",
            Smallest::new().replace("guiju.yaml", "rules: ", "params: { sliver_area: 1 m }\nrules: "),
        ),
    ];
    for (name, case) in cases {
        let (status, out, err) = case.check(&["--lang", "zh"]);
        assert_eq!((status, out.as_str()), (2, ""), "{name}: {err}");
        insta::assert_snapshot!(name, err);
    }
}

#[test]
fn broken_data_are_issues_and_the_run_goes_on() {
    let cases = [
        (
            "broken_file",
            Smallest::new().replace("data/farmland.geojson", "3300100], [39500200, 3300000]]] } }", "33001"),
        ),
        ("path_outside", Smallest::new().replace("guiju.yaml", "data/farmland.geojson", "../../etc/passwd")),
    ];
    for (name, case) in cases {
        let (status, out, _) = case.check(&["--lang", "zh", "--no-out", "--fail-on-undetermined"]);
        assert_eq!(status, 1, "{name}: {out}");
        insta::assert_snapshot!(name, out);
    }
}

#[test]
fn results_go_where_the_manifest_says_but_never_outside() {
    let outputs = |path: &str| {
        let asked = format!("outputs: [{{ format: json, path: {path} }}, {{ format: pdf, path: out/x.pdf }}]\nrules: ");
        Smallest::new().replace("guiju.yaml", "rules: ", &asked)
    };
    let smallest = outputs("results/a.json");
    let (status, _, err) = smallest.check(&["--lang", "zh"]);
    assert_eq!(status, 0);
    insta::assert_snapshot!("result_of_a_format_that_is_not_written", err);
    assert!(smallest.path("results/a.json").exists() && !smallest.path("out").exists());
    let (status, _, err) = outputs("../a.json").check(&["--lang", "en"]);
    assert!(status == 3 && err.contains("outside the submission"), "{err}");
}

#[cfg(unix)]
#[test]
fn results_are_not_written_through_links_of_a_submission() {
    let (smallest, elsewhere) = (Smallest::new(), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(elsewhere.path(), smallest.path("out")).unwrap();
    let (status, _, err) = smallest.check(&[]);
    assert!(status == 3 && err.contains("--out"), "{err}");

    let smallest = Smallest::new();
    std::fs::create_dir(smallest.path("out")).unwrap();
    let victim = elsewhere.path().join("victim");
    std::fs::write(&victim, "kept").unwrap();
    for name in ["out/report.json", "out/report.json.part"] {
        std::os::unix::fs::symlink(&victim, smallest.path(name)).unwrap();
    }
    assert_eq!(smallest.check(&[]).0, 0);
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "kept");
    assert!(!smallest.path("out/report.json").is_symlink());
}

#[test]
fn what_a_filter_cannot_decide_is_undetermined() {
    let filtered = |condition: &str| {
        let layer = format!("permanent_basic_farmland: {{ path: data/farmland.geojson, where: \"{condition}\" }}");
        let here = on_farmland();
        here.replace("guiju.yaml", "permanent_basic_farmland: data/farmland.geojson", &layer)
    };
    let verdicts = |case: Smallest| {
        let (_, out, _) = case.check(&["--no-out", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        ["pass", "conflict", "undetermined"].map(|verdict| report["counts"][verdict].as_u64().unwrap())
    };
    assert_eq!(verdicts(filtered("BSM = 'F-01'")), [0, 1, 0]);
    assert_eq!(verdicts(filtered("BSM <> 'F-01'")), [1, 0, 0]);
    assert_eq!(verdicts(filtered("kind = 'F-01'")), [0, 0, 1]);
}

#[test]
fn a_pack_requires_another_by_its_name() {
    let smallest = Smallest::new().replace("guiju.yaml", "[rules/own]", "[rules/low, rules/own]");
    std::fs::create_dir(smallest.path("rules/low")).unwrap();
    let pack = "name: low\nversion: \"1\"\ntitle: 低\njurisdiction: \"360400\"\nrequires: [own]\n";
    std::fs::write(smallest.path("rules/low/pack.yaml"), pack).unwrap();
    std::fs::write(smallest.path("rules/low/more.gj"), "module low.more\nuse own.farmland\n").unwrap();
    let (status, out, err) = smallest.check(&["--no-out"]);
    assert!(status == 0 && out.contains("own 1, low 1"), "{out}{err}");
}

#[test]
fn an_empty_manifest_is_said_to_be_one() {
    let smallest = Smallest::new();
    std::fs::write(smallest.path("guiju.yaml"), "# nothing yet\n").unwrap();
    let (status, _, err) = smallest.check(&["--lang", "en"]);
    assert!(status == 2 && err.contains("version"), "{err}");
}

#[test]
fn a_hostile_name_harms_no_terminal() {
    let hostile = on_farmland().replace("data/parcels.geojson", "甲地块", "\\u001b[2J\\u202e甲\\n::error::");
    let (_, out, _) = hostile.check(&["--no-out", "--color", "never"]);
    assert!(out.contains("甲") && !out.contains(['\u{1b}', '\u{202e}']), "{out:?}");
    assert!(!out.lines().any(|line| line.starts_with("::")), "{out}");
}

#[test]
fn rules_explain_and_test_answer() {
    let (status, out, _) = guiju(&["rules", "--lang", "en", "--severity", "advisory"]);
    assert_eq!(status, 0);
    assert!(out.contains("CUL-05") && !out.contains("PBF-01"), "{out}");
    let (status, out, _) = guiju(&["explain", "PBF-01", "--lang", "zh"]);
    assert!(status == 0 && out.contains("第三十五条"), "{out}");
    let (status, _, err) = guiju(&["explain", "PBF-1", "--lang", "en"]);
    assert!(status == 2 && err.contains("did you mean `PBF-01`?"), "{err}");
    let (status, out, _) = guiju(&["test", "--rule", "PBF-01", "--lang", "en"]);
    assert!(status == 0 && out.ends_with(" passed, 0 failed\n"), "{out}");
    let (status, _, err) = guiju(&["chekc"]);
    assert!(status == 2 && err.contains("'check'"), "{err}");
}

#[test]
fn a_test_that_is_not_met_fails_with_its_place() {
    let smallest = Smallest::new().replace("rules/own/farmland.gj", "== 1000 m2", "== 999 m2");
    let (status, out, _) = guiju(&["test", smallest.path("rules/own").to_str().unwrap(), "--lang", "en"]);
    assert_eq!(status, 1);
    let place = out.lines().nth(1).unwrap_or_default().trim();
    assert!(place.ends_with("farmland.gj:31:5"), "{out}");
}

#[test]
fn a_plan_names_its_joins() {
    let (status, out, _) = guiju(&["plan", Smallest::new().folder.path().to_str().unwrap(), "--lang", "en"]);
    assert_eq!(status, 0);
    insta::assert_snapshot!("plan", out);
}

#[test]
fn a_plan_tells_where_the_time_goes() {
    let smallest = Smallest::new();
    for language in ["en", "zh"] {
        let (status, out, _) =
            guiju(&["plan", "--timings", smallest.folder.path().to_str().unwrap(), "--lang", language]);
        assert_eq!(status, 0);
        // Times are what they are, and make columns wider; counts are the same in every run.
        insta::with_settings!({ filters => [(r"\d+\.\d\b", "#"), (r" {2,}", "  "), (r"─+", "─")] }, {
            insta::assert_snapshot!(format!("timings_{language}"), out);
        });
    }
    // What is in another system than the submission is brought into it, which is told by itself.
    let moved = smallest.replace("guiju.yaml", "EPSG:4527", "EPSG:4548");
    let (status, out, _) = guiju(&["plan", "--timings", moved.folder.path().to_str().unwrap(), "--lang", "en"]);
    assert!(status == 0 && out.contains("projection ms"), "{out}");
}

/// A bare verdict is worked out without describing findings: it says and returns what a whole check does.
#[test]
fn a_bare_verdict_is_that_of_the_whole_check() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/submissions/bali-lake");
    let mut told = Vec::new();
    for options in [
        &["--fail-on", "prohibited"][..],
        &["--fail-on", "conditional"],
        &["--fail-on", "advisory"],
        &["--fail-on", "never"],
        &["--fail-on", "never", "--fail-on-undetermined"],
    ] {
        let run = |more: &[&str]| guiju(&[&["check", sample, "--no-out", "--lang", "en"], options, more].concat());
        let (bare_status, bare, _) = run(&["--quiet"]);
        let (status, whole, _) = run(&[]);
        assert!(whole.ends_with(&bare) && !bare.is_empty(), "{options:?}: {bare}\n{whole}");
        assert_eq!(bare_status, status, "{options:?}");
        told.push((status, bare.lines().next().unwrap_or_default().to_owned()));
    }
    assert_eq!(told[0], (1, "not accepted: 27 at or above `prohibited`; 44 undetermined".to_owned()));
    told.dedup();
    assert_eq!(told.len(), 5, "{told:?}");
}
