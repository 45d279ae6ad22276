//! What has changed between two reports, as people and programs read it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compare::compare;
use crate::diagnostic::Language;
use crate::report::result::{Amount, Baseline, BaselineCounts, Earlier, Named, Report, Severity, Text, Tool, Verdict};
use crate::report::{number, words};
use crate::text;

/// How a finding has changed; in the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was not there.
    New,
    /// It has grown.
    Worse,
    /// It has shrunk.
    Better,
    /// It is no longer there.
    Gone,
    /// It is there as it was.
    Old,
}

/// One of the two reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// The file, as it was named.
    pub path: String,
    /// The id of the submission.
    pub submission: String,
    /// Its name.
    pub name: String,
    /// The day whose rules counted, `YYYY-MM-DD`.
    pub as_of: String,
    /// Whether it was accepted.
    pub accepted: bool,
}

/// A finding, and how it has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// How.
    pub change: ChangeKind,
    /// Its id: now, or then if it is gone.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// The title of the rule.
    pub title: String,
    /// What it comes out as: now, or then if it is gone.
    pub verdict: Verdict,
    /// How grave it is.
    pub severity: Severity,
    /// The kind of its subject.
    pub kind: String,
    /// The id of its subject.
    pub subject: String,
    /// What the rule says.
    pub message: String,
    /// Whether a waiver holds for it.
    pub waived: bool,
    /// The area that it rests on; none if it is gone.
    pub area_m2: f64,
    /// The length that it rests on.
    pub length_m: f64,
    /// How far past the limit it lies: now, or then if it is gone.
    pub margin: Option<Amount>,
    /// Whether the rule is not run any more, so that nothing is known to be cured.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rule_not_run: bool,
    /// What it was, unless it is new.
    pub earlier: Option<Earlier>,
}

/// What has changed between two reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Diff {
    /// Which tool made it.
    pub guiju: Tool,
    /// The earlier report.
    pub old: Side,
    /// The later one.
    pub new: Side,
    /// What else differs and may be why.
    pub notes: Vec<Text>,
    /// Findings by how they have changed.
    pub counts: BaselineCounts,
    /// Every finding of either: new, worse, better, gone, as before; within that in the order of the reports.
    pub changes: Vec<Change>,
    /// The names of the layers, records and tables that `kind` uses.
    pub layers: Vec<Named>,
}

impl Diff {
    /// Returns the name for people of a layer, record or table.
    pub fn layer<'a>(&'a self, name: &'a str, language: Language) -> &'a str {
        self.layers.iter().find(|named| named.name == name).map_or(name, |named| named.text.in_language(language))
    }
}

impl Change {
    /// Says what it was and has become: verdict, and how much ground; empty where neither changed.
    pub fn became(&self, language: Language) -> String {
        let extent = |area: f64, length: f64| match (area > 0.0, length > 0.0) {
            (true, _) => number::area(area),
            (false, true) => number::length(length),
            (false, false) => String::new(),
        };
        let now = match self.change {
            ChangeKind::Gone => String::new(),
            ChangeKind::New | ChangeKind::Worse | ChangeKind::Better | ChangeKind::Old => {
                extent(self.area_m2, self.length_m)
            }
        };
        let mut parts = Vec::new();
        if self.rule_not_run {
            parts.push(words::gone(true).in_language(language).to_owned());
        }
        let verdict = |verdict| words::verdict(verdict).in_language(language).to_owned();
        match &self.earlier {
            None => parts.extend([verdict(self.verdict), now]),
            Some(earlier) => {
                let then = extent(earlier.area_m2, earlier.length_m);
                parts.push(match earlier.verdict == self.verdict {
                    true => verdict(self.verdict),
                    false => format!("{} → {}", verdict(earlier.verdict), verdict(self.verdict)),
                });
                let margins = |one: &Option<Amount>| one.as_ref().map(|one| one.shown.clone()).unwrap_or_default();
                parts.push(match (then == now, self.change == ChangeKind::Gone) {
                    (_, true) | (true, false) if !then.is_empty() => then,
                    (_, true) => margins(&earlier.margin),
                    (true, false) => arrow(&margins(&earlier.margin), &margins(&self.margin)),
                    (false, false) => arrow(&then, &now),
                });
            }
        }
        if self.waived {
            parts.push(text!(en: "waived", zh: "已豁免").in_language(language).to_owned());
        }
        parts.retain(|part| !part.is_empty());
        parts.join(" · ")
    }
}

fn arrow(then: &str, now: &str) -> String {
    match then == now {
        true => now.to_owned(),
        false => format!("{then} → {now}"),
    }
}

/// Compares two reports, read from these paths.
///
/// # Errors
/// Where they lie in different coordinate systems.
pub fn diff(old: &Report, old_path: &str, new: &Report, new_path: &str) -> Result<Diff, Text> {
    let mut compared = new.clone();
    compare(&mut compared, old, old_path)?;
    let mut changes: Vec<Change> = Vec::with_capacity(compared.findings.len());
    for finding in &compared.findings {
        changes.push(Change {
            change: match finding.baseline {
                Some(Baseline::New) | None => ChangeKind::New,
                Some(Baseline::Old) => ChangeKind::Old,
                Some(Baseline::Worse) => ChangeKind::Worse,
                Some(Baseline::Better) => ChangeKind::Better,
            },
            id: finding.id.clone(),
            rule: finding.rule.clone(),
            title: finding.title.clone(),
            verdict: finding.verdict,
            severity: finding.severity,
            kind: finding.subject.kind.clone(),
            subject: finding.subject.id.clone(),
            message: finding.message.clone(),
            waived: finding.is_waived(),
            area_m2: finding.evidence.iter().map(|piece| piece.area_m2).sum(),
            length_m: finding.evidence.iter().filter_map(|piece| piece.length_m).sum(),
            margin: finding.margin.clone(),
            rule_not_run: false,
            earlier: finding.earlier.clone(),
        });
    }
    let summary = compared.baseline.unwrap_or_default();
    changes.extend(summary.gone.into_iter().map(|gone| Change {
        change: ChangeKind::Gone,
        id: gone.earlier.id.clone(),
        rule: gone.rule,
        title: gone.title,
        verdict: gone.earlier.verdict,
        severity: gone.earlier.severity,
        kind: gone.kind,
        subject: gone.subject,
        message: gone.message,
        waived: false,
        area_m2: 0.0,
        length_m: 0.0,
        margin: gone.earlier.margin.clone(),
        rule_not_run: gone.rule_not_run,
        earlier: Some(gone.earlier),
    }));
    changes.sort_by_key(|change| change.change);
    Ok(Diff {
        guiju: Tool::this(),
        old: side(old, old_path),
        new: side(new, new_path),
        notes: notes(old, new),
        counts: summary.counts,
        changes,
        layers: new.layers.clone(),
    })
}

fn side(report: &Report, path: &str) -> Side {
    Side {
        path: path.to_owned(),
        submission: report.submission.id.clone(),
        name: report.submission.name.clone(),
        as_of: report.submission.as_of.clone(),
        accepted: report.gate.accepted,
    }
}

/// Says what differs besides the plan.
fn notes(old: &Report, new: &Report) -> Vec<Text> {
    let mut notes = Vec::new();
    let mut note = |differs: bool, text: Text| {
        if differs {
            notes.push(text);
        }
    };
    let (one, other) = (&old.submission, &new.submission);
    let ids = text!(en: "different submissions: {a} and {b}", zh: "两份结果属于不同申报：{a} 与 {b}", a = one.id, b = other.id);
    note(one.id != other.id, ids);
    let days = text!(en: "the day whose rules count: {a}, then {b}", zh: "基准日由 {a} 变为 {b}", a = one.as_of, b = other.as_of);
    note(one.as_of != other.as_of, days);
    let packs = |report: &Report| {
        let packs = report.packs.iter().map(|pack| format!("{} {}", pack.name, pack.version));
        packs.collect::<Vec<_>>().join(", ")
    };
    let hashes = |report: &Report| report.packs.iter().map(|pack| pack.sha256.clone()).collect::<Vec<_>>();
    let rules = text!(en: "other rules: {a}, then {b}", zh: "规则有变：{a}，之后 {b}", a = packs(old), b = packs(new));
    note(hashes(old) != hashes(new), rules);
    note(one.params != other.params, text!(en: "the manifest sets other params", zh: "清单设定的参数有变"));
    note(one.area != other.area, text!(en: "areas are measured otherwise", zh: "面积计算方式有变"));
    notes
}
