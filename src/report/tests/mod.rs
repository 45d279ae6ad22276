//! One result set in every form, and what must hold of each form.

mod ci;
pub(super) mod fixture;
mod html;
mod numbers;
mod office;
mod rules;
mod scene;

use fixture::{Fixture, excerpt, hostile, to_lonlat};
use insta::assert_snapshot;
use proptest::prelude::*;
use rules::span;
use serde_json::Value;

use super::layout::width;
use super::terminal::{self, Excerpt, Options};
use super::*;
use crate::diagnostic::{Diagnostic, Language};
use crate::sema::program::RuleId;
use crate::source::{FileId, Files, Span};
use crate::text;

fn options(language: Language, color: bool, width: usize) -> Options<'static> {
    Options {
        language,
        color,
        width,
        notes: true,
        remedies_path: Some("out/remedies.geojson".to_owned()),
        excerpt: &excerpt,
    }
}

/// Fails if a text holds anything that a terminal obeys; `colors` allows the sequences of colours.
fn assert_harmless(text: &str, colors: bool) {
    let text = if colors { strip_colors(text) } else { text.to_owned() };
    for c in text.chars() {
        let bidi = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(c == '\n' || (!c.is_control() && !bidi), "{c:?} in {text}");
    }
}

fn strip_colors(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        out.push_str(&rest[..at]);
        let codes = rest[at + 2..].trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        rest = codes.strip_prefix('m').expect("only colours");
    }
    out + rest
}

#[test]
fn terminal_in_chinese() {
    assert_snapshot!(terminal::render(&Fixture::new().report(), &options(Language::Zh, false, 100)));
}

#[test]
fn terminal_in_english() {
    assert_snapshot!(terminal::render(&Fixture::new().report(), &options(Language::En, false, 80)));
}

#[test]
fn terminal_fits_and_obeys_nothing() {
    let report = Fixture::new().report();
    for language in [Language::Zh, Language::En] {
        for cells in [60, 80, 100, 160] {
            let plain = terminal::render(&report, &options(language, false, cells));
            assert_harmless(&plain, false);
            for line in plain.lines() {
                assert!(width(line) <= cells, "{} cells of {cells}: {line}", width(line));
            }
            let colored = terminal::render(&report, &options(language, true, cells));
            assert_harmless(&colored, true);
            assert_eq!(strip_colors(&colored), plain);
            assert_ne!(colored, plain);
        }
    }
}

#[test]
fn many_findings_are_grouped_and_the_worst_is_shown() {
    let mut report = Fixture::new().report();
    let wild = report.findings[1].clone();
    report.findings.extend(std::iter::repeat_n(report.findings[0].clone(), 60));
    let drawn = terminal::render(&report, &options(Language::En, false, 120));
    assert!(drawn.contains("61 more of CL-101"), "{drawn}");
    assert_eq!(drawn.matches("error[CL-101]").count(), 1);
    assert!(drawn.contains(&format!("{}:{}", wild.subject.path.unwrap_or_default(), 211)), "{drawn}");
}

#[test]
fn json_is_the_contract() {
    let report = Fixture::new().report();
    let text = json::render(&report).expect("a report is JSON");
    assert_snapshot!(text);
    let value: Value = serde_json::from_str(&text).expect("JSON reads back");
    let schema: Value = serde_json::from_str(&json::schema().expect("a schema")).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let back: Report = serde_json::from_str(&text).expect("a report reads back");
    assert_eq!(back, report);
}

#[test]
fn a_report_is_read_back_and_one_of_another_version_is_refused() {
    let report = Fixture::new().report();
    let text = json::render(&report).expect("a report is JSON");
    assert_eq!(json::read(&text), Ok(report));
    let later = text.replacen("\"report\": 1", "\"report\": 2", 1);
    assert!(json::read(&later).is_err_and(|why| why.en.contains("version 2")));
    for none in ["", "{}", "[1]", r#"{"guiju": {"report": 1}}"#] {
        assert!(json::read(none).is_err(), "{none}");
    }
}

#[test]
fn changes_in_every_form() {
    let (mut old, mut new) = (Fixture::new().report(), Fixture::new().report());
    let gone = old.findings[0].clone();
    new.findings.remove(0);
    // The hostile one is new.
    old.findings.remove(1);
    let diff = review::diff(&old, "old/<b>.json", &new, "new.json").expect("a comparison");
    for (language, name) in [(Language::Zh, "zh"), (Language::En, "en")] {
        let options = PageOptions { language, color: false, width: 90 };
        let drawn = terminal::changes(&diff, options);
        assert_harmless(&drawn, false);
        assert!(drawn.lines().all(|line| width(line) <= 90), "{drawn}");
        assert_snapshot!(format!("changes_{name}"), drawn);
        let page = diff_page(&diff, language);
        assert!(page.contains(&gone.rule) && page.contains("old/&lt;b&gt;.json") && !page.contains("<b>"), "{page}");
        assert_harmless(&page, false);
        assert_snapshot!(format!("changes_html_{name}"), page);
    }
}

#[test]
fn a_broken_report_does_not_fit_the_schema() {
    let report = Fixture::new().report();
    let schema: Value = serde_json::from_str(&json::schema().expect("a schema")).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let mut value = serde_json::to_value(&report).expect("a report is JSON");
    value["findings"][0]["verdict"] = "fine".into();
    assert!(!validator.is_valid(&value));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the published schema is no part of a submission")]
fn the_published_schema_is_that_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json");
    let schema = json::schema().expect("a schema");
    if std::env::var_os("GUIJU_BLESS").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/docs")).expect("docs/ can be made");
        std::fs::write(path, &schema).expect("docs/ can be written");
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(published == schema, "docs/report.schema.json is out of date: run the tests with GUIJU_BLESS=1");
}

#[test]
fn layers() {
    let report = Fixture::new().report();
    let conflicts = layer::conflicts(&report, layer::Frame::Submission);
    assert_snapshot!("layer_conflicts", conflicts);
    assert_snapshot!("layer_remedies_lonlat", layer::remedies(&report, layer::Frame::LonLat(&to_lonlat)));
    let read: Value = serde_json::from_str(&conflicts).expect("a layer is JSON");
    assert_eq!(read["features"].as_array().map(Vec::len), Some(7));
    assert!(!layer::conflicts(&report, layer::Frame::LonLat(&to_lonlat)).contains("\"crs\""));
    let nowhere = layer::remedies(&report, layer::Frame::LonLat(&|_| None));
    assert!(nowhere.contains("\"geometry\":null"));
}

#[test]
fn accounts_that_do_not_close_are_seen() {
    let report = Fixture::new().report();
    assert!(report.accounts_close());
    let broken: [fn(&mut Report); 4] = [
        |report| report.counts.pass += 1,
        |report| report.rules[0].examined += 1,
        |report| report.rules[0].applied = Applied::OtherRegion,
        |report| {
            report.rules[0].counts.pass += report.rules[0].counts.conflict;
            report.counts.pass += report.rules[0].counts.conflict;
            report.counts.conflict = 0;
            report.rules[0].counts.conflict = 0;
        },
    ];
    for spoil in broken {
        let mut report = report.clone();
        spoil(&mut report);
        assert!(!report.accounts_close());
    }
}

#[test]
fn waivers_and_a_baseline_open_the_gate() {
    let mut report = Fixture::new().report();
    assert!(!report.gate.accepted);
    report.findings[0].baseline = Some(Baseline::Old);
    report.findings[1].baseline = Some(Baseline::Better);
    report.settle_gate();
    assert!(!report.gate.accepted, "what was there before counts unless only what is new is asked for");
    report.findings[1].baseline = Some(Baseline::Worse);
    report.gate.new_only = true;
    report.settle_gate();
    assert!(!report.gate.accepted, "the other one still bars");
    let waiver = |valid| Waiver {
        document: "赣府〔2026〕1号".to_owned(),
        issuer: None,
        expires: Some("2027-01-01".to_owned()),
        reason: None,
        valid,
        state: if valid { WaiverState::Holds } else { WaiverState::Expired },
        outside_m2: None,
        at: At { path: "waivers.yaml".to_owned(), line: Some(3), column: Some(3) },
    };
    report.findings[1].waiver = Some(waiver(false));
    report.settle_gate();
    assert!(!report.gate.accepted, "an expired waiver does not count");
    report.findings[1].waiver = Some(waiver(true));
    report.settle_gate();
    assert!(report.gate.accepted);
    let drawn = terminal::render(&report, &options(Language::Zh, false, 100));
    assert!(drawn.contains("已豁免[CL-101]") && drawn.contains("赣府〔2026〕1号"), "{drawn}");
}

#[test]
fn subjects_name_their_package() {
    let report = Fixture::new().report();
    assert_eq!(report.findings[0].subject.package.as_deref(), Some("PKG-01"));
    assert_eq!(report.findings[1].subject.package, None);
}

#[test]
fn rule_pages() {
    let Fixture { mut program, files, .. } = Fixture::new();
    let chinese = ["", "新增建设不得占用永久基本农田；", "国家重点项目确实无法避让的，须经国务院批准。"];
    program.rules[0].docs.extend(chinese.map(Into::into));
    let page = |language| rule_page(&program, RuleId(0), &files, PageOptions { language, color: false, width: 90 });
    assert_snapshot!("rule_page_en", page(Language::En));
    assert_snapshot!("rule_page_zh", page(Language::Zh));
}

#[test]
fn rule_lists() {
    let Fixture { program, .. } = Fixture::new();
    let options = PageOptions { language: Language::Zh, color: false, width: 90 };
    assert_snapshot!(rule_list(&program, &Filter::default(), options));
    let count = |filter: Filter| rule_list(&program, &filter, options).matches("CL-").count();
    assert_eq!(count(Filter { department: Some("农业农村".to_owned()), ..Filter::default() }), 1);
    assert_eq!(count(Filter { source: Some("land_law".to_owned()), ..Filter::default() }), 3);
    assert_eq!(count(Filter { layer: Some("永久基本农田".to_owned()), ..Filter::default() }), 1);
    assert_eq!(count(Filter { severity: Some(Severity::Advisory), ..Filter::default() }), 1);
    for cells in [60, 90, 140] {
        for language in [Language::En, Language::Zh] {
            let options = PageOptions { language, color: false, width: cells };
            let list = rule_list(&program, &Filter::default(), options);
            assert!(list.lines().all(|line| width(line) <= cells), "{list}");
        }
    }
    assert_eq!(count(Filter { layer: Some("river".to_owned()), ..Filter::default() }), 0);
}

#[test]
fn diagnostics_are_drawn_beside_the_text() {
    let Fixture { mut files, .. } = Fixture::new();
    let wild = files.add("rules/\u{1b}[31m坏.gj", "规则 甲 { 禁止 面积(\u{202e}地块) > 1 }\r\n// \u{1b}]0;x\u{7}\n");
    let end = files.text(FileId(0)).len();
    let long = span("占地块 {share(p, permanent_basic_farmland)}");
    let list = [
        Diagnostic::error(&fixture::CODE, text!(en: "no layer named `share`", zh: "没有名为“share”的图层"))
            .label_with(Span { start: long.start + 11, end: long.start + 16, ..long }, text!(en: "here", zh: "在这里"))
            .label_with(Span::new(FileId(0), end, end), text!(en: "the file ends", zh: "文件到此为止"))
            .help(text!(en: "did you mean `area`?", zh: "是否指“area”？")),
        Diagnostic::warning(&fixture::CODE, text!(en: "hostile text", zh: "文本“\u{1b}[2J”有害"))
            .label(Span::new(wild, 0, 6))
            .label_with(Span::new(FileId(0), end + 50, end + 90), text!(en: "past the end", zh: "超出文件")),
    ];
    let zh = terminal::diagnostics(&list, &files, Language::Zh, false, 100);
    assert_snapshot!("diagnostics_zh", zh);
    assert_snapshot!("diagnostics_en", terminal::diagnostics(&list, &files, Language::En, false, 100));
    assert_harmless(&zh, false);
    let colored = terminal::diagnostics(&list, &files, Language::Zh, true, 100);
    assert_harmless(&colored, true);
    assert!(zh.contains("control_lines.gj:17:"), "characters, not bytes: {zh}");
}

#[test]
fn a_hostile_name_stays_whole_in_the_json() {
    let report = Fixture::new().report();
    assert_eq!(report.findings[1].subject.name.as_deref(), Some(&*hostile()));
    let text = json::render(&report).expect("a report is JSON");
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn of_two_rules_with_one_id_the_one_that_was_run_is_named() {
    let mut report = Fixture::new().report();
    let mut earlier = report.rules[0].clone();
    earlier.applied = Applied::NotInForce;
    earlier.title = "修法以前".to_owned();
    report.rules.insert(0, earlier);
    let named = report.rule_of(&report.findings[0]).map(|rule| rule.title.as_str());
    assert_eq!(named, Some("建设占用永久基本农田"));
}

#[test]
fn a_rule_without_bindings_is_about_the_submission() {
    let mut fixture = Fixture::new();
    fixture.results.findings[0].bindings.clear();
    let subject = &fixture.report().findings[0].subject;
    assert_eq!((subject.kind.as_str(), subject.id.as_str()), ("submission", "JJ-2026-001"));
}

proptest! {
    #[test]
    fn any_span_of_any_text_can_be_drawn(
        text in "([a-z甲乙，\t\u{1b}\u{202e}é👩 ]{0,12}(\r?\n)?){0,6}",
        spans in prop::collection::vec((0usize..90, 0usize..40), 1..4),
        cells in 40usize..120,
    ) {
        let mut files = Files::default();
        let file = files.add("甲.gj", text.as_str());
        let mut diagnostic = Diagnostic::error(&fixture::CODE, text!(en: "wrong", zh: "有误"));
        for (start, length) in spans {
            diagnostic = diagnostic.label_with(Span::new(file, start, start + length), text!(en: "here", zh: "此处"));
        }
        let drawn = terminal::diagnostics(&[diagnostic], &files, Language::Zh, false, cells);
        assert_harmless(&drawn, false);
        // Every text that has a line gets one drawn, whatever the spans are.
        prop_assert!(text.trim().is_empty() || drawn.contains("此处"), "{drawn}");
    }

    #[test]
    fn any_name_is_drawn_within_the_terminal(name in "\\PC*|(?s).*", cells in 60usize..120, column in 0u32..300) {
        let mut report = Fixture::new().report();
        report.findings.truncate(1);
        report.issues.truncate(1);
        let finding = &mut report.findings[0];
        finding.message.clone_from(&name);
        finding.subject.path = Some(name.clone());
        finding.evidence[0].feature = Some(name.clone());
        finding.exception.missing[0].what.clone_from(&name);
        report.issues[0].feature = Some(name.clone());
        report.submission.id.clone_from(&name);
        let excerpt = |_: &Subject| Some(Excerpt { text: name.clone(), column });
        let options = Options { excerpt: &excerpt, ..options(Language::En, false, cells) };
        let drawn = terminal::render(&report, &options);
        assert_harmless(&drawn, false);
        for line in drawn.lines() {
            prop_assert!(width(line) <= cells, "{} of {cells}: {line}", width(line));
        }
    }
}
