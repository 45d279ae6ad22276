//! The result as JUnit XML: a suite for each rule that was run, a case for each of its findings, and one for all that passed.
//!
//! A conflict that counts is a failure. One that is waived, or that an earlier result had, is skipped, as is what is undetermined: none
//! of them passed. Subjects that passed are one case that counts them, so that a million of them stay one line; the whole accounting
//! stands in the properties of the suite.

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::ci::{self, Options};
use super::result::{Applied, Finding, Report, RuleSummary, Verdict};
use super::words;

/// Draws the report.
pub fn render(report: &Report, options: &Options<'_>) -> Result<String, quick_junit::SerializeError> {
    let mut whole = quick_junit::Report::new(ci::line(&format!("guiju {}", report.submission.id)));
    for rule in report.rules.iter().filter(|rule| rule.applied == Applied::Yes) {
        whole.add_test_suite(suite(report, rule, options));
    }
    whole.to_string()
}

fn suite(report: &Report, rule: &RuleSummary, options: &Options<'_>) -> TestSuite {
    let mut suite = TestSuite::new(ci::line(&format!("{} {}", rule.id, rule.title)));
    let counts = rule.counts;
    for (name, count) in [
        ("examined", rule.examined),
        ("conflict", counts.conflict),
        ("undetermined", counts.undetermined),
        ("excepted", counts.excepted),
        ("obligation", counts.obligation),
        ("pass", counts.pass),
        ("not_applicable", counts.not_applicable),
    ] {
        suite.add_property(Property::new(name, count.to_string()));
    }
    suite.add_property(Property::new("severity", words::severity(rule.severity).in_language(options.language)));
    for article in ci::articles(&rule.basis) {
        suite.add_property(Property::new("basis", article));
    }
    for finding in report.findings.iter().filter(|finding| finding.rule == rule.id) {
        suite.add_test_case(case(report, rule, finding, options));
    }
    if counts.pass > 0 {
        let name = format!("{} {}", counts.pass, options.pick("subjects passed", "个对象通过"));
        let mut case = TestCase::new(name, TestCaseStatus::success());
        case.set_classname(ci::line(&rule.id));
        suite.add_test_case(case);
    }
    suite
}

fn case(report: &Report, rule: &RuleSummary, finding: &Finding, options: &Options<'_>) -> TestCase {
    let message = ci::message(finding, options);
    let verdict = words::verdict(finding.verdict);
    let verdict = verdict.in_language(options.language);
    let skipped = |why: &str| {
        let mut status = TestCaseStatus::skipped();
        status.set_message(format!("{why} · {message}"));
        status
    };
    let status = match finding.verdict {
        Verdict::Conflict if report.counts_for_gate(finding) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(words::severity(finding.severity).in_language(options.language));
            status.set_message(message.clone());
            status.set_description(details(report, rule, finding, options));
            status
        }
        Verdict::Conflict if ci::is_old(finding) => skipped(options.pick("was there before", "原已存在")),
        Verdict::Conflict => skipped(options.pick("waived", "已豁免")),
        Verdict::Undetermined => skipped(verdict),
        Verdict::Excepted | Verdict::Obligation | Verdict::Pass | Verdict::NotApplicable => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(ci::line(&finding.id), status);
    case.set_classname(ci::line(&finding.rule));
    if matches!(finding.verdict, Verdict::Excepted | Verdict::Obligation) {
        case.set_system_out(format!("{verdict} · {message}"));
    }
    let (path, at) = options.place(&finding.subject);
    let line = at.map(|(line, _)| ("line", line.to_string()));
    for (name, value) in std::iter::once(("file", options.path(path))).chain(line) {
        case.extra.insert(XmlString::new(name), XmlString::new(value));
    }
    case
}

/// Returns what a failure says beside its message: subject, values, ground, basis, cures.
fn details(report: &Report, rule: &RuleSummary, finding: &Finding, options: &Options<'_>) -> String {
    let mut lines = vec![ci::subject(report, finding, options.language)];
    match &finding.comparison {
        Some(comparison) => lines.push(ci::line(&format!("{} · {comparison}", finding.condition))),
        None => lines.push(ci::line(&finding.condition)),
    }
    lines.extend(ci::pieces(finding));
    lines.extend(ci::articles(&rule.basis));
    lines.extend(ci::cures(finding, options));
    lines.join("\n")
}
