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

/// A repository with the smallest submission in `plan/`: one parcel that takes 10 m of farmland, and one that takes none.
struct Repository {
    folder: tempfile::TempDir,
}

/// A parcel of 100 m by 100 m whose west side lies at this easting, less 39500000.
fn parcel(id: &str, name: &str, west: u32) -> String {
    let [west, east] = [39_500_000 + west, 39_500_100 + west];
    format!(
        r#"{{ "type": "Feature", "properties": {{ "id": "{id}", "name": "{name}" }},
      "geometry": {{ "type": "Polygon", "coordinates": [[[{west}, 3300000], [{east}, 3300000], [{east}, 3300100], [{west}, 3300100], [{west}, 3300000]]] }} }}"#
    )
}

impl Repository {
    fn new() -> Self {
        let repository = Repository { folder: tempfile::tempdir().unwrap() };
        let from = fixture("smallest");
        for name in [
            "guiju.yaml",
            "data/parcels.geojson",
            "data/farmland.geojson",
            "rules/own/pack.yaml",
            "rules/own/farmland.gj",
        ] {
            let to = repository.plan().join(name);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(from.join(name), to).unwrap();
        }
        repository.git(&["init", "-q", "-b", "main"]);
        repository.parcels(&[parcel("P-01", "甲", 110), parcel("P-02", "乙", 0)]);
        repository.commit("the plan as approved");
        repository.git(&["checkout", "-q", "-b", "change"]);
        repository
    }

    fn plan(&self) -> PathBuf {
        self.folder.path().join("plan")
    }

    fn parcels(&self, parcels: &[String]) {
        let crs = r#""crs": { "type": "name", "properties": { "name": "urn:ogc:def:crs:EPSG::4527" } }"#;
        let text =
            format!("{{ \"type\": \"FeatureCollection\", {crs},\n\"features\": [\n{}\n] }}\n", parcels.join(",\n"));
        std::fs::write(self.plan().join("data/parcels.geojson"), text).unwrap();
    }

    fn replace(&self, file: &str, from: &str, to: &str) {
        let path = self.plan().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(path, text.replace(from, to)).unwrap();
    }

    fn git(&self, words: &[&str]) -> String {
        let mut command = std::process::Command::new("git");
        command.current_dir(self.folder.path()).args(["-c", "user.name=t", "-c", "user.email=t@example.invalid"]);
        let run = command.args(words).envs(plain()).output().unwrap();
        assert!(run.status.success(), "{words:?}: {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap().trim().to_owned()
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    fn check(&self, more: &[&str]) -> (i32, String, String) {
        let run = Command::cargo_bin("guiju")
            .unwrap()
            .current_dir(self.folder.path())
            .args(["check", "plan", "--no-out", "--lang", "en"])
            .args(more)
            .envs(plain())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (run.status.code().unwrap(), text(run.stdout), text(run.stderr))
    }

    /// The status of a check since `main`, and the subjects that are annotated.
    fn annotated(&self) -> (i32, Vec<String>) {
        let (status, out, err) = self.check(&["--changed-since", "main", "--format", "github"]);
        assert!(status < 2, "{err}");
        let lines = out.lines().filter(|line| line.starts_with("::"));
        let subject = |line: &str| line.split(' ').find(|word| word.starts_with("P-")).unwrap_or(line).to_owned();
        (status, lines.map(subject).collect())
    }

    fn report(&self) -> Value {
        let (_, out, err) = self.check(&["--changed-since", "main", "--format", "json"]);
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"))
    }
}

/// Settings of git that do not depend on the machine.
fn plain() -> [(&'static str, &'static str); 3] {
    [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("LC_ALL", "C")]
}

fn found(status: i32, subjects: &[&str]) -> (i32, Vec<String>) {
    (status, subjects.iter().map(|subject| (*subject).to_owned()).collect())
}

#[test]
fn a_change_that_adds_a_conflict_fails_with_one_annotation() {
    let repository = Repository::new();
    assert_eq!(repository.check(&[]).0, 1, "the old conflict fails a whole check");
    assert_eq!(repository.annotated(), found(0, &[]), "nothing has changed");

    repository.parcels(&[parcel("P-01", "甲", 110), parcel("P-02", "乙", 0), parcel("P-03", "丙", 120)]);
    repository.commit("a third parcel");
    assert_eq!(repository.annotated(), found(1, &["P-03"]));
    let report = repository.report();
    let since = &report["submission"]["changed_since"];
    assert_eq!(since["revision"], "main");
    assert_eq!(since["commit"].as_str().unwrap(), repository.git(&["rev-parse", "main"]));
    assert_eq!(since["items"], serde_json::json!({ "added": 1, "changed": 0, "removed": 0 }));
    assert_eq!((report["rules"][0]["examined"].as_u64(), &since["complete"]), (Some(1), &Value::Bool(false)));
}

#[test]
fn an_old_conflict_fails_no_change_and_one_made_larger_does() {
    let repository = Repository::new();
    let with = |first: u32, name: &str| {
        repository.parcels(&[parcel("P-01", name, first), parcel("P-02", "乙", 0)]);
        repository.annotated()
    };
    assert_eq!(with(110, "甲（更名）"), found(0, &[]), "looked at again, and as before");
    assert_eq!(with(120, "甲"), found(1, &["P-01"]), "larger");
    assert_eq!(with(105, "甲"), found(0, &[]), "smaller");
    assert_eq!(with(50, "甲"), found(0, &[]), "cured");
}

#[test]
fn a_changed_control_line_is_joined_with_parcels_that_did_not_change() {
    let repository = Repository::new();
    repository.replace("data/farmland.geojson", "39500200", "39500090");
    assert_eq!(repository.annotated(), found(1, &["P-01", "P-02"]), "one made larger, one new");
    repository.git(&["checkout", "-q", "--", "plan"]);
    repository.replace("rules/own/farmland.gj", "= 1 m2", "= 2 m2");
    let report = repository.report();
    assert_eq!(report["submission"]["changed_since"]["complete"], true, "other rules: everything is looked at");
    assert_eq!((report["rules"][0]["examined"].as_u64(), report["gate"]["accepted"].as_bool()), (Some(2), Some(true)));
}

#[test]
fn what_others_did_on_the_target_branch_is_not_this_change() {
    let repository = Repository::new();
    repository.parcels(&[parcel("P-01", "甲", 110), parcel("P-02", "乙", 0), parcel("P-03", "丙", 20)]);
    repository.commit("here");
    repository.git(&["checkout", "-q", "main"]);
    repository.parcels(&[parcel("P-01", "甲", 20), parcel("P-02", "乙", 0)]);
    repository.commit("the old conflict is cured there");
    repository.git(&["checkout", "-q", "change"]);
    assert_eq!(repository.annotated(), found(0, &[]));
}

#[test]
fn a_state_that_git_does_not_know_is_said_to_be_unknown() {
    let repository = Repository::new();
    for (revision, said) in [
        ("nowhere", "no revision `nowhere`"),
        ("--output=x", "is no revision"),
        ("-h", "is no revision"),
        ("main x", "is no revision"),
        ("main:plan", "no revision"),
    ] {
        let (status, out, err) = repository.check(&[&format!("--changed-since={revision}")]);
        assert!((status, &*out) == (2, "") && err.contains(said), "{revision}: {err}");
    }
    assert!(!repository.folder.path().join("x").exists());

    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::rename(repository.plan(), elsewhere.path().join("plan")).unwrap();
    let (status, _, err) = check(&elsewhere.path().join("plan"), &["--changed-since", "main"]);
    assert!(status == 2 && err.contains("no git repository"), "{err}");
}

#[test]
fn a_shallow_clone_is_told_to_fetch_its_history() {
    let repository = Repository::new();
    repository.parcels(&[parcel("P-02", "乙", 0)]);
    repository.commit("second");
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", repository.folder.path().display());
    repository.git(&["clone", "-q", "--depth", "1", "-b", "change", &from, clone.path().to_str().unwrap()]);
    let (status, _, err) = check(&clone.path().join("plan"), &["--changed-since", "HEAD~1", "--lang", "en"]);
    assert!(status == 2 && err.contains("shallow"), "{err}");
}

#[test]
fn settings_of_a_repository_run_nothing() {
    let repository = Repository::new();
    let mark = repository.folder.path().join("ran");
    let run = format!("touch {}", mark.display());
    for setting in
        ["core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "diff.external", "alias.rev-parse"]
    {
        repository.git(&["config", setting, &run]);
    }
    repository.git(&["config", "filter.x.smudge", &run]);
    std::fs::write(repository.plan().join(".gitattributes"), "* filter=x\n").unwrap();
    let _ = std::fs::remove_file(&mark);
    assert_eq!(repository.annotated(), found(0, &[]));
    assert!(!mark.exists());
}

#[test]
fn a_submission_that_was_not_there_is_new_as_a_whole() {
    let repository = Repository::new();
    repository.git(&["mv", "plan", "moved"]);
    repository.commit("moved");
    repository.git(&["mv", "moved", "plan"]);
    let (status, out, err) = repository.check(&["--changed-since", "HEAD", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
    assert_eq!((status, &report["submission"]["changed_since"]["complete"]), (1, &Value::Bool(true)));
}

/// Reads a file of `ci/`, or the hooks of pre-commit.
fn yaml(name: &str) -> Value {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

/// Runs a script of a job in a repository; gives its status.
fn script(repository: &Repository, shell: &[&str], text: &str, settings: &[(&str, &str)]) -> (i32, String) {
    let run = std::process::Command::new(shell[0])
        .args(&shell[1..])
        .arg(text)
        .current_dir(repository.folder.path())
        .envs(plain())
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    (
        run.status.code().unwrap(),
        String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr),
    )
}

#[test]
fn the_github_action_annotates_summarises_and_fails() {
    let action = yaml("ci/github/action.yml");
    let step = &action["runs"]["steps"][0];
    for (name, value) in step["env"].as_object().unwrap() {
        let input = value.as_str().unwrap().trim_start_matches("${{ inputs.").trim_end_matches(" }}");
        assert!(action["inputs"][input].is_object(), "{name} comes from no input");
    }
    let text = step["run"].as_str().unwrap();
    assert!(!text.contains("${{"), "nothing is put into the script");
    let workflow = yaml("ci/github/workflow.yml");
    let used =
        workflow["jobs"]["check"]["steps"].as_array().unwrap().iter().find(|step| step["id"] == "guiju").unwrap();
    for (input, _) in used["with"].as_object().unwrap() {
        assert!(action["inputs"][input].is_object(), "the action has no input {input}");
    }

    let repository = Repository::new();
    repository.parcels(&[parcel("P-01", "甲", 110), parcel("P-02", "乙", 0), parcel("P-03", "$(touch ran)", 120)]);
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
    let (summary, output, temporary) = (at("summary"), at("output"), at(""));
    let settings = [
        ("SUBMISSION", "plan"),
        ("CHANGED_SINCE", "main"),
        ("FAIL_ON", "prohibited"),
        ("GUIJU_LANGUAGE", "en"),
        ("GUIJU", env!("CARGO_BIN_EXE_guiju")),
        ("RUNNER_TEMP", &temporary),
        ("GITHUB_STEP_SUMMARY", &summary),
        ("GITHUB_OUTPUT", &output),
    ];
    let bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"];
    let (status, said) = script(&repository, &bash, text, &settings);
    assert_eq!((status, said.lines().filter(|line| line.starts_with("::error")).count()), (1, 1), "{said}");
    assert!(std::fs::read_to_string(&summary).unwrap().contains("not accepted"));
    let outputs = std::fs::read_to_string(&output).unwrap();
    let sarif = outputs.lines().find_map(|line| line.strip_prefix("sarif=")).unwrap();
    let log: Value = serde_json::from_str(&std::fs::read_to_string(sarif).unwrap()).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["baselineState"], "new");
    assert!(!repository.folder.path().join("ran").exists());
}

#[test]
fn the_gitlab_job_writes_its_reports_and_fails_on_what_is_new() {
    let job = &yaml("ci/gitlab/guiju.gitlab-ci.yml")["guiju"];
    let lines: Vec<&str> = job["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let variables = job["variables"].as_object().unwrap();
    let run = |repository: &Repository, base: &str| {
        let mut settings: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        settings.extend([("GUIJU", env!("CARGO_BIN_EXE_guiju")), ("GUIJU_SUBMISSION", "plan")]);
        settings.push(("CI_MERGE_REQUEST_DIFF_BASE_SHA", base));
        script(repository, &["sh", "-ec"], &lines.join("\n"), &settings)
    };
    let repository = Repository::new();
    let base = repository.git(&["rev-parse", "main"]);
    let (status, said) = run(&repository, &base);
    assert_eq!(status, 0, "{said}");
    assert_eq!(run(&repository, "").0, 1, "on a branch the whole check counts");
    repository.parcels(&[parcel("P-01", "甲", 110), parcel("P-02", "乙", 0), parcel("P-03", "丙", 120)]);
    let (status, said) = run(&repository, &base);
    assert_eq!(status, 1, "{said}");
    let reports = &job["artifacts"]["reports"];
    let read =
        |kind: &str| std::fs::read_to_string(repository.folder.path().join(reports[kind].as_str().unwrap())).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Value>>(&read("codequality")).unwrap().len(), 2, "of the whole check");
    assert_eq!(junit_parser::from_reader(read("junit").as_bytes()).unwrap().failures, 1, "of what is new");
}

#[test]
fn the_hooks_of_pre_commit_are_commands_of_guiju() {
    let repository = Repository::new();
    for hook in yaml(".pre-commit-hooks.yaml").as_array().unwrap() {
        let mut words: Vec<&str> = hook["entry"].as_str().unwrap().split(' ').collect();
        assert_eq!((words.remove(0), &hook["language"]), ("guiju", &Value::from("rust")));
        let folder = if hook["id"] == "guiju-check" { "plan" } else { "plan/rules/own" };
        words.push(folder);
        let run = Command::cargo_bin("guiju")
            .unwrap()
            .current_dir(repository.folder.path())
            .args(&words)
            .envs(plain())
            .output();
        let run = run.unwrap();
        assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    }
}
