//! The formats for continuous integration: what they hold, that their readers take them, that nothing hostile gets through.

use insta::assert_snapshot;
use pulldown_cmark::{Event, Options as MarkdownOptions, Parser, Tag};
use serde_json::Value;

use super::fixture::{Fixture, hostile};
use crate::diagnostic::Language;
use crate::report::ci::Options;
use crate::report::*;

const OPTIONS: Options<'_> = Options { language: Language::Zh, folder: "plans/八里湖" };

/// Every format, by name.
fn all(report: &Report, options: &Options<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("sarif", sarif::render(report, options).expect("SARIF")),
        ("junit", junit::render(report, options).expect("JUnit")),
        ("github", github::render(report, options)),
        ("gitlab", gitlab::render(report, options).expect("GitLab")),
        ("markdown", markdown::render(report, options)),
    ]
}

#[expect(clippy::disallowed_methods, reason = "a published schema is no part of a submission")]
fn sarif_schema() -> jsonschema::Validator {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schemas/sarif-2.1.0.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("the schema")).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

fn assert_sarif(text: &str) -> Value {
    let value: Value = serde_json::from_str(text).expect("SARIF is JSON");
    let schema = sarif_schema();
    let errors: Vec<String> =
        schema.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path)).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    value
}

/// A waived finding and two that were compared with an earlier result.
fn reviewed() -> Report {
    let mut report = Fixture::new().report();
    report.gate.new_only = true;
    report.findings[0].baseline = Some(Baseline::Worse);
    report.findings[2].baseline = Some(Baseline::Old);
    report.findings[1].waiver = Some(Waiver {
        document: "赣府〔2026〕1号".to_owned(),
        issuer: Some("江西省人民政府".to_owned()),
        expires: Some("2027-01-01".to_owned()),
        reason: Some("国家重点项目".to_owned()),
        valid: true,
        state: WaiverState::Holds,
        outside_m2: None,
        at: At { path: "waivers.yaml".to_owned(), line: Some(3), column: Some(3) },
    });
    report.settle_gate();
    report
}

/// Many conflicts like the first, each larger than the one before.
fn many(count: usize) -> Report {
    let mut report = Fixture::new().report();
    let one = report.findings[0].clone();
    report.findings = (0..count)
        .map(|at| {
            let mut finding = one.clone();
            finding.id = format!("CL-101/parcel:P-{at}");
            finding.subject.id = format!("P-{at}");
            finding.evidence[0].area_m2 = at as f64;
            finding
        })
        .collect();
    report
}

#[test]
fn each_format_of_the_same_report() {
    for (name, text) in all(&reviewed(), &OPTIONS) {
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => insta::assert_json_snapshot!(name, value),
            Err(_) => assert_snapshot!(name, text),
        }
    }
}

#[test]
fn sarif_is_what_its_schema_says() {
    for report in [Fixture::new().report(), reviewed()] {
        let log = assert_sarif(&sarif::render(&report, &OPTIONS).expect("SARIF"));
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        for result in run["results"].as_array().expect("results") {
            let rule = &rules[result["ruleIndex"].as_u64().expect("an index") as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            assert_eq!(result["level"] == "none", result["kind"] != "fail");
        }
    }
    let mut wrong: Value = serde_json::from_str(&sarif::render(&reviewed(), &OPTIONS).expect("SARIF")).expect("JSON");
    wrong["runs"][0]["results"][0]["level"] = "grave".into();
    assert!(!sarif_schema().is_valid(&wrong), "the schema is asked");
}

#[test]
fn sarif_keeps_the_worst_that_a_code_host_shows_and_counts_the_rest() {
    let text = sarif::render(&many(10_000), &OPTIONS).expect("SARIF");
    assert!(text.len() <= 10_000_000, "{}", text.len());
    let log = assert_sarif(&text);
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert!(results.len() <= 5_000 && results.len() > 3_000, "{}", results.len());
    assert_eq!(results[0]["properties"]["subject"]["id"], "P-9999");
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().expect("notifications");
    let left = notes.iter().find(|note| note["descriptor"]["id"] == "more-results").expect("the rest is counted");
    let rest = format!("另有 {} 项未列出：冲突 {} 处", 10_000 - results.len(), 10_000 - results.len());
    assert!(left["message"]["text"].as_str().expect("text").starts_with(&rest), "{left}");
}

#[test]
fn fingerprints_stay_while_the_ground_changes_and_differ_between_findings() {
    let (before, mut report) = (Fixture::new().report(), Fixture::new().report());
    report.findings[0].evidence[0].area_m2 = 2.0;
    report.findings[0].message = "另一句话".to_owned();
    let prints = |report: &Report| {
        let log = assert_sarif(&sarif::render(report, &OPTIONS).expect("SARIF"));
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        results
            .iter()
            .map(|one| {
                let prints = &one["partialFingerprints"];
                (one["properties"]["finding"].to_string(), prints["guijuFinding/v1"].to_string())
            })
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let (before, after) = (prints(&before), prints(&report));
    assert_eq!(before, after);
    let distinct: std::collections::BTreeSet<_> = after.values().collect();
    assert_eq!(distinct.len(), after.len());
}

#[test]
fn junit_reads_back_and_its_counts_are_those_of_the_accounting() {
    let report = reviewed();
    let text = junit::render(&report, &OPTIONS).expect("JUnit");
    let read = junit_parser::from_reader(text.as_bytes()).expect("JUnit reads back");
    assert_eq!(read.suites.len(), 2, "one for each rule that was run");
    let conflicts = report.findings.iter().filter(|finding| report.counts_for_gate(finding)).count() as u64;
    assert_eq!((read.failures, conflicts), (1, 1));
    let first = &read.suites[0];
    let property = |name: &str| first.properties.vec.iter().find(|one| one.0 == name).map(|one| one.1.as_str());
    assert_eq!((property("examined"), property("pass")), (Some("128"), Some("125")));
    assert_eq!(first.tests as usize, first.cases.len());
    let failed: Vec<&str> =
        first.cases.iter().filter(|case| case.status.is_failure()).map(|case| &*case.original_name).collect();
    assert_eq!(failed, ["CL-101/parcel:P-07"]);
    assert_eq!(first.cases.iter().filter(|case| case.status.is_skipped()).count(), 1, "the waived one");
    assert!(first.cases.iter().any(|case| case.original_name == "125 个对象通过" && case.status.is_success()));
}

#[test]
fn what_is_waived_or_old_is_not_annotated() {
    let annotations = |report: &Report| {
        let text = github::render(report, &OPTIONS);
        text.lines().filter(|line| line.starts_with("::")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(annotations(&Fixture::new().report()).len(), 2);
    let one = annotations(&reviewed());
    assert!(
        matches!(&one[..], [only] if only.starts_with("::error file=plans/八里湖/data/parcels.geojson,line=210,")),
        "{one:?}"
    );
    let mut known = reviewed();
    known.findings[0].baseline = Some(Baseline::Old);
    known.gate.new_only = true;
    known.settle_gate();
    assert!(known.gate.accepted && annotations(&known).is_empty());
    assert_eq!(annotations(&many(40)).len(), 10, "as many as GitHub keeps");
}

#[test]
fn nothing_hostile_gets_through() {
    let names = [
        hostile(),
        "<script>alert(1)</script><img src=x onerror=y>".to_owned(),
        "=cmd()|'/c calc'!A0".to_owned(),
        "\n::error::x\n::set-output name=a::b\r\n##[set-output name=a]b".to_owned(),
        "[click](https://example.invalid) ![x](y) @everyone `code` | cell | $x$ **bold** https://example.invalid"
            .to_owned(),
        "{0} {1} %0A::stop-commands::x ]]> &amp; <!-- \u{0} \u{b} \u{fffe}".to_owned(),
        "名".repeat(10_000),
    ];
    for name in names {
        let mut report = reviewed();
        report.submission.id.clone_from(&name);
        report.submission.name.clone_from(&name);
        for finding in &mut report.findings {
            finding.message.clone_from(&name);
            finding.subject.id.clone_from(&name);
            finding.subject.name = Some(name.clone());
            finding.subject.path = Some(format!("data/{name}.geojson"));
            finding.evidence.iter_mut().for_each(|piece| piece.feature = Some(name.clone()));
        }
        for issue in &mut report.issues {
            issue.text = Text::new(name.clone(), name.clone());
            issue.path.clone_from(&name);
        }
        report.rules[0].title.clone_from(&name);
        report.rules[0].description = Text::new(name.clone(), name.clone());
        for (format, text) in all(&report, &OPTIONS) {
            let shown: String = text.chars().filter(|c| *c != '\n').collect();
            let obeyed = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!shown.contains(obeyed), "{format}: {name:?}");
            let size = text.len();
            assert!(size < 300_000, "{format}: {size} bytes of {name:?}");
            assert!(!text.contains("##["), "{format}");
            match format {
                "sarif" => assert_no_links(&assert_sarif(&text)),
                "gitlab" => assert!(serde_json::from_str::<Value>(&text).is_ok()),
                "junit" => assert!(junit_parser::from_reader(text.as_bytes()).is_ok()),
                "github" => assert_commands(&text),
                _ => assert_plain(&text),
            }
        }
    }
}

/// No message of a SARIF log holds a link or a placeholder.
fn assert_no_links(value: &Value) {
    match value {
        Value::Object(members) => {
            if let Some(text) = members.get("message").and_then(|message| message["text"].as_str()) {
                assert!(!text.contains("](") && !text.replace("{{", "").contains('{'), "{text}");
            }
            members.values().for_each(assert_no_links);
        }
        Value::Array(values) => values.iter().for_each(assert_no_links),
        _ => {}
    }
}

/// Every line is an annotation with the four properties, or the closing one.
fn assert_commands(text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    let (closing, annotations) = lines.split_last().expect("a closing line");
    assert!(closing.starts_with("guiju："), "{closing}");
    for line in annotations {
        let (head, _) = line.strip_prefix("::error ").and_then(|line| line.split_once("::")).expect("an annotation");
        let names: Vec<&str> = head.split(',').filter_map(|part| part.split_once('=')).map(|(name, _)| name).collect();
        assert_eq!(names, ["file", "line", "col", "title"], "{line}");
    }
}

/// No HTML but the line breaks of cells, no link, image, code or emphasis but the tool's own.
fn assert_plain(text: &str) {
    let options = MarkdownOptions::ENABLE_TABLES | MarkdownOptions::ENABLE_STRIKETHROUGH | MarkdownOptions::ENABLE_MATH;
    let mut columns = 0;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => assert_eq!(html.as_ref(), "<br>"),
            Event::Code(code) => panic!("code {code}"),
            Event::InlineMath(math) | Event::DisplayMath(math) => panic!("formula {math}"),
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis | Tag::Strikethrough) => {
                panic!("markup in {text}")
            }
            Event::Start(Tag::Table(alignments)) => columns += alignments.len(),
            _ => {}
        }
    }
    assert!(columns > 0, "the tables are tables");
}

#[test]
fn a_summary_stays_under_the_limit_of_its_host() {
    let text = markdown::render(&many(10_000), &OPTIONS);
    assert!(text.len() <= 1 << 20 && text.len() > 1 << 19, "{}", text.len());
    assert!(text.contains("项未列出"), "{}", &text[text.len() - 300..]);
    assert_plain(&text);
}

#[test]
fn ten_thousand_findings_are_drawn_in_time() {
    let report = many(10_000);
    let text: usize = all(&report, &OPTIONS).iter().map(|(_, text)| text.len()).sum();
    assert!(text > 10_000_000, "{text}");
}

#[test]
fn a_path_is_seen_from_the_top_of_the_repository_and_is_a_uri() {
    assert_eq!(
        OPTIONS.uri("数据/a b:1#%.geojson"),
        "plans/%E5%85%AB%E9%87%8C%E6%B9%96/%E6%95%B0%E6%8D%AE/a%20b%3A1%23%25.geojson"
    );
    let here = Options { folder: "", ..OPTIONS };
    assert_eq!(here.path("data/a.geojson"), "data/a.geojson");
}

#[test]
fn what_stands_in_a_file_without_lines_is_given_none() {
    let mut report = Fixture::new().report();
    report.findings.truncate(1);
    (report.findings[0].subject.line, report.findings[0].subject.column) = (None, None);
    for (name, drawn) in all(&report, &OPTIONS) {
        assert!(!drawn.contains(",line=") && !drawn.contains(" line=\""), "{name}: {drawn}");
    }
    let sarif = assert_sarif(&sarif::render(&report, &OPTIONS).expect("SARIF"));
    let physical = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert!(physical["artifactLocation"]["uri"].is_string() && physical["region"].is_null(), "{physical}");
    let quality: Value = serde_json::from_str(&gitlab::render(&report, &OPTIONS).expect("GitLab")).expect("JSON");
    assert_eq!(quality[0]["location"]["lines"]["begin"], 1, "a line is required there");
}
