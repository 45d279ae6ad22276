//! Findings as GitLab's code quality report: a JSON array of the subset of the Code Climate format that GitLab reads.
//!
//! GitLab itself tells by the fingerprints what a merge request adds and cures, so every conflict is there: waived ones and those that
//! an earlier result had as `info`. What is undetermined is `info` too; faults of the data stand beside.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ci::{self, Level, Options};
use super::result::{Finding, Issue, IssueSeverity, Report, Severity, Verdict};

/// Draws the report.
pub fn render(report: &Report, options: &Options<'_>) -> serde_json::Result<String> {
    let shown = |verdict| matches!(verdict, Verdict::Conflict | Verdict::Undetermined);
    let findings = ci::worst_first(report).into_iter().filter(|finding| shown(finding.verdict));
    let mut entries: Vec<Value> = findings.map(|finding| of_finding(report, finding, options)).collect();
    // Two faults of one kind at one feature differ by nothing that stays, so they are numbered.
    let mut alike: BTreeMap<String, u32> = BTreeMap::new();
    for issue in report.issues.iter().filter(|issue| issue.severity != IssueSeverity::Note) {
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        let key = [issue.code.clone(), issue.path.clone(), part(&issue.feature), part(&issue.field)].join("\0");
        let number = alike.entry(key.clone()).or_insert(0);
        *number += 1;
        entries.push(of_issue(report, issue, &format!("{key}\0{number}"), options));
    }
    serde_json::to_string_pretty(&entries).map(|text| text + "\n")
}

fn of_finding(report: &Report, finding: &Finding, options: &Options<'_>) -> Value {
    let severity = match (report.counts_for_gate(finding), finding.severity) {
        (false, _) => "info",
        (true, severity) if report.gate.fail_on.bars(severity) => "blocker",
        (true, Severity::Prohibited) => "critical",
        (true, Severity::Conditional) => "major",
        (true, Severity::Advisory) => "minor",
    };
    let (path, at) = options.place(&finding.subject);
    // The format knows no place without a line: a file without lines is named by its first.
    let line = at.map_or(1, |(line, _)| line);
    let subject = ci::subject(report, finding, options.language);
    json!({
        "description": format!("{}：{subject} · {}", ci::line(&finding.title), ci::message(finding, options)),
        "check_name": ci::line(&finding.rule),
        "fingerprint": ci::fingerprint(report, &finding.id),
        "severity": severity,
        "location": { "path": options.path(path), "lines": { "begin": line } },
    })
}

fn of_issue(report: &Report, issue: &Issue, key: &str, options: &Options<'_>) -> Value {
    let severity = match ci::issue_level(issue) {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Note => "info",
    };
    json!({
        "description": ci::line(issue.text.in_language(options.language)),
        "check_name": issue.code,
        "fingerprint": ci::fingerprint(report, key),
        "severity": severity,
        "location": { "path": options.path(&issue.path), "lines": { "begin": issue.line.unwrap_or(1) } },
    })
}
