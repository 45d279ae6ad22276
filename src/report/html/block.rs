//! The data block of the page: what its script draws, as JSON that cannot end the element it stands in.
//!
//! It says what the report says, more tersely: empty members are left out, texts that repeat stand once in `texts` and go by number,
//! shapes are outlines (`outline`). Words of the tool come in both languages, so that the page switches without asking anyone.

use serde::Serialize;
use serde_json::{Value, json};

use super::outline::Outlines;
use super::row::{FindingRow, Texts};
use super::sheet::Sheet;
use crate::diagnostic::Language;
use crate::geometry::crs::Crs;
use crate::report::result::{
    Applied, BaselineSummary, Confidence, Counts, Gate, Input, Issue, Named, Pack, Report, RuleSummary, Severity,
    Submission, Text, Tool, Verdict, WaiverUse,
};
use crate::report::scene::Scene;
use crate::report::words;

/// Returns the data block: JSON in which no `<`, `>` or `&` stands as such.
///
/// # Errors
/// Where the report holds what JSON cannot.
pub(super) fn block(report: &Report, scene: &Scene, language: Language) -> serde_json::Result<String> {
    let outlines = Outlines { origin: origin(report, scene) };
    let mut texts = Texts::default();
    let findings: Vec<FindingRow> =
        report.findings.iter().map(|finding| FindingRow::of(report, finding, outlines, &mut texts)).collect();
    let crs = Crs::parse(&report.submission.crs).map(Crs::name).unwrap_or_default();
    let block = Block {
        language: match language {
            Language::En => "en",
            Language::Zh => "zh",
        },
        origin: outlines.origin,
        crs,
        words: own_words(report),
        about: About {
            guiju: &report.guiju,
            notice: &report.notice,
            submission: &report.submission,
            inputs: &report.inputs,
            packs: &report.packs,
            gate: &report.gate,
            counts: &report.counts,
            rules: &report.rules,
            issues: &report.issues,
            departments: &report.departments,
            layers: &report.layers,
            waivers: &report.waivers,
            baseline: &report.baseline,
        },
        findings,
        texts: texts.list,
        map: Sheet::of(scene, outlines),
    };
    serde_json::to_string(&block).map(|json| inert(&json))
}

/// Writes what could end or open an element as escapes; in JSON these characters stand in texts only.
fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Returns the corner in whole metres that outlines count from.
fn origin(report: &Report, scene: &Scene) -> [f64; 2] {
    let corner = match scene.window.is_empty() {
        false => [scene.window.min.x, scene.window.min.y],
        true => {
            let pieces = report.findings.iter().flat_map(|finding| &finding.evidence);
            pieces.map(|piece| [piece.bbox[0], piece.bbox[1]]).next().unwrap_or_default()
        }
    };
    corner.map(|at| if at.is_finite() { at.floor() } else { 0.0 })
}

#[derive(Serialize)]
struct Block<'a> {
    language: &'static str,
    origin: [f64; 2],
    crs: String,
    words: Value,
    about: About<'a>,
    texts: Vec<&'a str>,
    findings: Vec<FindingRow<'a>>,
    map: Sheet<'a>,
}

/// The parts of the report that stand as they are.
#[derive(Serialize)]
struct About<'a> {
    guiju: &'a Tool,
    notice: &'a Text,
    submission: &'a Submission,
    inputs: &'a [Input],
    packs: &'a [Pack],
    gate: &'a Gate,
    counts: &'a Counts,
    rules: &'a [RuleSummary],
    issues: &'a [Issue],
    departments: &'a [Named],
    layers: &'a [Named],
    waivers: &'a [WaiverUse],
    baseline: &'a Option<BaselineSummary>,
}

/// Returns what the tool calls its own things.
fn own_words(report: &Report) -> Value {
    let table = |entries: Vec<(Value, Text)>| {
        let entries = entries.into_iter().filter_map(|(key, text)| Some((key.as_str()?.to_owned(), json!(text))));
        Value::Object(entries.collect())
    };
    let verdicts = [
        Verdict::Conflict,
        Verdict::Undetermined,
        Verdict::Excepted,
        Verdict::Obligation,
        Verdict::Pass,
        Verdict::NotApplicable,
    ];
    let severities = [Severity::Prohibited, Severity::Conditional, Severity::Advisory];
    let confidences = [Confidence::Verified, Confidence::Seed, Confidence::Unverified, Confidence::Proposal];
    let applied = [Applied::Yes, Applied::NotInForce, Applied::OtherRegion];
    json!({
        "verdict": table(verdicts.map(|one| (json!(one), words::verdict(one))).into()),
        "severity": table(severities.map(|one| (json!(one), words::severity(one))).into()),
        "confidence": table(confidences.map(|one| (json!(one), words::confidence(one))).into()),
        "applied": table(applied.map(|one| (json!(one), words::applied(one))).into()),
        "fail_on": words::fail_on(report.gate.fail_on),
        "area": words::area(report.submission.area),
    })
}
