//! Does a code host get what it can take?

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/submissions").join(name)
}

/// Runs `guiju check` on a folder; gives its status and both streams.
fn check(folder: &Path, more: &[&str]) -> (i32, String, String) {
    let run = Command::cargo_bin("guiju").unwrap().arg("check").arg(folder).args(more).env("LC_ALL", "C").output();
    let run = run.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (run.status.code().unwrap(), text(run.stdout), text(run.stderr))
}

#[test]
fn a_hostile_submission_harms_no_code_host() {
    let folder = fixture("hostile");
    for format in ["sarif", "junit", "github", "gitlab", "markdown", "terminal"] {
        let (status, out, err) = check(&folder, &["--no-out", "--format", format]);
        assert_eq!(status, 1, "{format}: {err}");
        assert!(!out.contains(|c: char| c.is_control() && c != '\n'), "{format}");
        for stream in [&out, &err] {
            assert!(!stream.contains("##["), "{format}");
            let commands = stream.lines().map(str::trim_start).filter(|line| line.starts_with("::"));
            let ours = ["::error file=", "::warning file=", "::notice file="];
            let known = |line: &str| format == "github" && ours.iter().any(|start| line.starts_with(start));
            assert!(commands.clone().all(known), "{format}: {:?}", commands.collect::<Vec<_>>());
        }
        match format {
            "sarif" => {
                let text = std::fs::read_to_string(fixture("../schemas/sarif-2.1.0.json")).unwrap();
                let schema = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
                let log: Value = serde_json::from_str(&out).unwrap();
                assert!(schema.is_valid(&log));
                let uri = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
                assert!(uri.as_str().unwrap().starts_with("fixtures/submissions/hostile/"), "{uri}");
            }
            "junit" => {
                let read = junit_parser::from_reader(out.as_bytes()).unwrap();
                assert!(read.failures > 0 && !read.suites.is_empty());
            }
            "gitlab" => assert!(!serde_json::from_str::<Vec<Value>>(&out).unwrap().is_empty()),
            _ => {}
        }
    }
}

#[test]
fn every_rule_of_a_run_is_described() {
    let (_, out, _) = check(&fixture("bali-lake"), &["--no-out", "--format", "sarif", "--lang", "en"]);
    let log: Value = serde_json::from_str(&out).unwrap();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let taken = rules.iter().find(|rule| rule["id"] == "PBF-01").unwrap();
    let help = taken["help"]["text"].as_str().unwrap();
    assert!(
        help.contains("New building must not take permanent basic farmland") && help.contains("第三十五条"),
        "{help}"
    );
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
    }
}
