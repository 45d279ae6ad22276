//! The result as SARIF 2.1.0, as code hosts take it.
//!
//! A conflict is a failing result, its level by its severity; what is undetermined is `open`, a duty `informational`, an exception that
//! holds a `pass`. Waived findings carry a suppression, those compared with an earlier result a baseline state. Faults of the data are
//! notifications of the run: no rule speaks of them. GitHub takes 25,000 results of a run, shows 5,000 of them and refuses files that
//! are over 10 MB when packed (docs.github.com, "SARIF support for code scanning"): the worst 5,000 are written, fewer if they grow
//! over 10 MB unpacked, and a notification counts the rest.

use serde_json::{Map, Value, json};

use super::ci::{self, Level, Options};
use super::result::{
    Amount, Applied, Baseline, Evidence, Finding, Issue, Remedy, Report, RuleSummary, Subject, Text, Verdict, Waiver,
};
use super::words;
use crate::text;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The results of a run that GitHub shows.
const RESULTS: usize = 5_000;
/// The rules of a run that GitHub takes.
const RULES: usize = 25_000;
/// The bytes of a file, packed, that GitHub takes; kept unpacked, so that the packing does not matter.
const BYTES: usize = 10_000_000;
/// The faults of the data that are told one by one.
const ISSUES: usize = 1_000;
/// The places of a result that GitHub shows, less the one where it stands.
const PIECES: usize = 99;
/// The tags of a rule that GitHub shows.
const TAGS: usize = 10;

/// Draws the report.
pub fn render(report: &Report, options: &Options<'_>) -> serde_json::Result<String> {
    let rules = rules(report);
    let mut notifications: Vec<Value> =
        report.issues.iter().take(ISSUES).map(|issue| of_issue(issue, options)).collect();
    if let Some(more) = report.issues.len().checked_sub(ISSUES).filter(|more| *more > 0) {
        let told = text!(en: "{more} more faults of the data are not listed", zh: "另有 {more} 个数据问题未列出");
        notifications.push(note("more-issues", &told, options));
    }
    let described: Vec<Value> = rules.iter().map(|rule| descriptor(report, rule, options)).collect();
    let mut room = BYTES.saturating_sub(serde_json::to_string(&(&described, &notifications))?.len());
    let all = ci::worst_first(report);
    let mut results = Vec::new();
    for finding in all.iter().take(RESULTS) {
        let at = rules.iter().position(|rule| rule.id == finding.rule);
        let result = of_finding(report, finding, at, options);
        let bytes = serde_json::to_string(&result)?.len() + 1;
        if bytes > room {
            break;
        }
        room -= bytes;
        results.push(result);
    }
    if results.len() < all.len() {
        notifications.push(note("more-results", &left_out(&all[results.len()..]), options));
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Guiju",
                "version": report.guiju.version,
                "semanticVersion": report.guiju.version,
                "shortDescription": multiformat("Checks land plans against the rules that bind them"),
                "language": options.pick("en", "zh"),
                "rules": described,
            } },
            "columnKind": "unicodeCodePoints",
            "automationDetails": { "id": format!("guiju/{}/", ci::line(&report.submission.id)) },
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notifications }],
            "artifacts": artifacts(report, options),
            "results": results,
            "properties": {
                "submission": ci::line(&report.submission.id),
                "name": ci::line(&report.submission.name),
                "asOf": report.submission.as_of,
                "crs": report.submission.crs,
                "accepted": report.gate.accepted,
                "counts": report.counts,
                "changedSince": report.submission.changed_since,
                "notice": report.notice.in_language(options.language),
            },
        }],
    });
    serde_json::to_string(&log).map(|text| text + "\n")
}

/// Returns the rules that were run, each id once.
fn rules(report: &Report) -> Vec<&RuleSummary> {
    let mut kept: Vec<&RuleSummary> = Vec::new();
    for rule in report.rules.iter().filter(|rule| rule.applied == Applied::Yes).take(RULES) {
        if !kept.iter().any(|known| known.id == rule.id) {
            kept.push(rule);
        }
    }
    kept
}

fn descriptor(report: &Report, rule: &RuleSummary, options: &Options<'_>) -> Value {
    let severity = words::severity(rule.severity);
    let severity = severity.in_language(options.language);
    let departments: Vec<&str> =
        rule.departments.iter().map(|name| report.department(name, options.language)).collect();
    let articles = ci::articles(&rule.basis);
    let title = ci::line(&rule.title);
    let description = rule.description.in_language(options.language);
    let paragraphs: Vec<String> = description.split("\n\n").map(ci::line).filter(|line| !line.is_empty()).collect();
    let facts = [
        (options.pick("Severity", "等级"), severity.to_owned()),
        (options.pick("Departments", "部门"), departments.join(options.pick(", ", "、"))),
        (options.pick("Basis", "依据"), articles.join(options.pick("; ", "；"))),
        (
            options.pick("Confidence", "核实"),
            words::confidence(rule.confidence).in_language(options.language).to_owned(),
        ),
    ];
    let facts = facts.iter().filter(|(_, fact)| !fact.is_empty());
    let mut plain = paragraphs.clone();
    plain.extend(facts.clone().map(|(name, fact)| format!("{name}: {fact}")));
    let mut markdown: Vec<String> = paragraphs.iter().map(|paragraph| super::markdown::escaped(paragraph)).collect();
    let list: Vec<String> =
        facts.map(|(name, fact)| format!("- **{name}**: {}", super::markdown::escaped(fact))).collect();
    markdown.push(list.join("\n"));
    let tags: Vec<String> = std::iter::once("land-use")
        .chain(std::iter::once(severity))
        .chain(departments.iter().copied())
        .take(TAGS)
        .map(ci::line)
        .collect();
    json!({
        "id": ci::line(&rule.id),
        "shortDescription": multiformat(&title),
        "fullDescription": multiformat(paragraphs.first().unwrap_or(&title)),
        "help": { "text": plain.join("\n\n"), "markdown": markdown.join("\n\n") },
        "defaultConfiguration": { "level": level(ci::level(report, rule.severity)) },
        "properties": {
            "tags": tags,
            "severity": rule.severity,
            "confidence": rule.confidence,
            "departments": rule.departments,
            "basis": articles,
            "pack": rule.pack,
            "ruleAt": { "path": rule.rule_at.path, "line": rule.rule_at.line },
        },
    })
}

fn of_finding(report: &Report, finding: &Finding, rule: Option<usize>, options: &Options<'_>) -> Value {
    let (kind, level) = match finding.verdict {
        Verdict::Conflict => ("fail", level(ci::level(report, finding.severity))),
        Verdict::Undetermined => ("open", "none"),
        Verdict::Obligation => ("informational", "none"),
        Verdict::Excepted | Verdict::Pass => ("pass", "none"),
        Verdict::NotApplicable => ("notApplicable", "none"),
    };
    let fingerprint = ci::fingerprint(report, &finding.id);
    let said = format!("{} · {}", ci::subject(report, finding, options.language), ci::message(finding, options));
    let mut result = json!({
        "ruleId": ci::line(&finding.rule),
        "kind": kind,
        "level": level,
        "message": message(&said),
        "locations": [location(&finding.subject, options)],
        "partialFingerprints": {
            "guijuFinding/v1": fingerprint,
            // The one that GitHub goes by.
            "primaryLocationLineHash": format!("{}:1", &fingerprint[..16]),
        },
        "properties": properties(finding, options),
    });
    if let Some(at) = rule {
        result["ruleIndex"] = at.into();
    }
    let mut related: Vec<Value> = Vec::new();
    for place in finding.evidence.iter().filter_map(|piece| related_place(piece, options)) {
        // Several pieces may be of one feature; SARIF wants each place once.
        if related.len() < PIECES && !related.contains(&place) {
            related.push(place);
        }
    }
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    if let Some(waiver) = &finding.waiver {
        result["suppressions"] = json!([suppression(waiver)]);
    }
    if let Some(baseline) = finding.baseline {
        result["baselineState"] = match baseline {
            Baseline::New => "new",
            Baseline::Old => "unchanged",
            Baseline::Worse | Baseline::Better => "updated",
        }
        .into();
    }
    result
}

/// Returns what a finding says in numbers; lists are short, the JSON of the report has them whole.
fn properties(finding: &Finding, options: &Options<'_>) -> Value {
    let amount =
        |amount: &Amount| json!({ "value": amount.value, "unit": amount.unit, "shown": ci::line(&amount.shown) });
    let quantities: Map<String, Value> =
        finding.quantities.iter().map(|one| (ci::line(&one.name), short(amount(&one.amount)))).collect();
    let subject = &finding.subject;
    let named = |name: &Option<String>| name.as_deref().map(ci::line);
    let mut properties = json!({
        "finding": ci::line(&finding.id),
        "verdict": finding.verdict,
        "severity": finding.severity,
        "departments": finding.departments,
        "subject": {
            "kind": subject.kind, "id": ci::line(&subject.id), "name": named(&subject.name),
            "package": named(&subject.package), "unit": named(&subject.unit),
        },
        "condition": ci::line(&finding.condition),
        "quantities": quantities,
        "ground": ci::pieces(finding),
        "exception": finding.exception.state,
    });
    let mut add = |name: &str, value: Value| properties[name] = value;
    if let Some(margin) = &finding.margin {
        add("margin", short(amount(margin)));
    }
    if let Some(piece) = finding.evidence.first() {
        add("area_m2", finding.evidence.iter().map(|piece| piece.area_m2).sum::<f64>().into());
        add("point", json!(piece.point));
        add("point_lonlat", json!(piece.point_lonlat));
    }
    if !finding.missing.is_empty() {
        add("missing", finding.missing.iter().map(|one| ci::line(&one.what)).collect());
    }
    if finding.remedies.iter().any(|remedy| matches!(remedy, Remedy::Geometry { .. } | Remedy::Text { .. })) {
        add("remedies", json!(ci::cures(finding, options)));
    }
    properties
}

/// The most bytes that the JSON of one value may have: a list of a thousand ids is no quantity to show beside a change.
const VALUE_BYTES: usize = 2_000;

/// Leaves the value out where it is long; its form for people is short.
fn short(mut amount: Value) -> Value {
    if amount["value"].to_string().len() > VALUE_BYTES
        && let Some(members) = amount.as_object_mut()
    {
        members.remove("value");
    }
    amount
}

fn location(subject: &Subject, options: &Options<'_>) -> Value {
    let (path, at) = options.place(subject);
    let mut physical = json!({ "artifactLocation": { "uri": options.uri(path) } });
    if let Some((line, column)) = at {
        physical["region"] = json!({ "startLine": line, "startColumn": column });
    }
    json!({
        "physicalLocation": physical,
        "logicalLocations": [{
            "name": ci::line(&subject.id),
            "fullyQualifiedName": ci::line(&format!("{}/{}", subject.kind, subject.id)),
            "kind": subject.kind,
        }],
    })
}

/// Returns where the other feature of a piece of ground is; its line is not kept, so that the file stands for it.
fn related_place(piece: &Evidence, options: &Options<'_>) -> Option<Value> {
    let (layer, feature) = (piece.layer.as_deref()?, piece.feature.as_deref()?);
    let named = ci::line(&format!("{layer} {feature}"));
    Some(json!({
        "physicalLocation": { "artifactLocation": { "uri": options.uri(piece.path.as_deref()?) } },
        "message": message(&named),
    }))
}

fn suppression(waiver: &Waiver) -> Value {
    let parts = [Some(&waiver.document), waiver.issuer.as_ref(), waiver.reason.as_ref(), waiver.expires.as_ref()];
    let justification: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    json!({
        "kind": "external",
        "status": if waiver.valid { "accepted" } else { "rejected" },
        "justification": ci::line(&justification.join(" · ")),
    })
}

fn of_issue(issue: &Issue, options: &Options<'_>) -> Value {
    let mut place = json!({ "artifactLocation": { "uri": options.uri(&issue.path) } });
    if let Some(line) = issue.line {
        place["region"] = json!({ "startLine": line, "startColumn": issue.column.unwrap_or(1) });
    }
    json!({
        "descriptor": { "id": issue.code },
        "level": level(ci::issue_level(issue)),
        "message": message(&ci::line(issue.text.in_language(options.language))),
        "locations": [{ "physicalLocation": place }],
    })
}

fn note(id: &str, said: &Text, options: &Options<'_>) -> Value {
    json!({ "descriptor": { "id": id }, "level": "note", "message": message(said.in_language(options.language)) })
}

fn left_out(left: &[&Finding]) -> Text {
    let count = |verdict| left.iter().filter(|finding| finding.verdict == verdict).count();
    let (all, conflicts, undetermined) = (left.len(), count(Verdict::Conflict), count(Verdict::Undetermined));
    text!(
        en: "{all} more findings are not listed: {conflicts} conflicts, {undetermined} undetermined",
        zh: "另有 {all} 项未列出：冲突 {conflicts} 处，无法判定 {undetermined} 项"
    )
}

fn artifacts(report: &Report, options: &Options<'_>) -> Vec<Value> {
    let known = report.inputs.iter().map(|input| {
        let mut artifact = json!({ "location": { "uri": options.uri(&input.path) } });
        if !input.sha256.is_empty() {
            artifact["hashes"] = json!({ "sha-256": input.sha256 });
        }
        artifact
    });
    let mut kept: Vec<Value> = Vec::new();
    // A file that is read as two layers is one artifact.
    for artifact in known {
        if !kept.contains(&artifact) {
            kept.push(artifact);
        }
    }
    kept
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// Returns a message that holds no link (`[text](target)`) and no placeholder (`{0}`), whatever its text.
fn message(text: &str) -> Value {
    json!({ "text": text.replace("](", "] (").replace('{', "{{").replace('}', "}}") })
}

fn multiformat(text: &str) -> Value {
    json!({ "text": text })
}
