//! The result of a check as every renderer reads it and as JSON carries it: a public contract.
//!
//! What the rules wrote stands as they wrote it; what the tool itself says stands in both languages. Numbers are unrounded, beside
//! each stands the form for people. Nothing is escaped here.

mod finding;
mod review;
mod trace;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::finding::*;
pub use self::review::*;
pub use self::trace::*;
pub use crate::diagnostic::{Severity as IssueSeverity, Text};
pub use crate::engine::finding::{Applied, Counts, Verdict};
pub use crate::sema::program::{Confidence, Severity};

/// The version of this contract; it rises when a reader of the earlier one could fail.
pub const REPORT_VERSION: u32 = 1;

/// What a check came to: a technical pre-check by these rules, of these versions, on these inputs; not an approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Which tool made it.
    pub guiju: Tool,
    /// What the report is, and what it is not.
    pub notice: Text,
    /// What was checked.
    pub submission: Submission,
    /// The files that were read.
    pub inputs: Vec<Input>,
    /// The packs of rules.
    pub packs: Vec<Pack>,
    /// Whether it is accepted.
    pub gate: Gate,
    /// Subjects of all rules by verdict.
    pub counts: Counts,
    /// Every rule, run or not.
    pub rules: Vec<RuleSummary>,
    /// Every check but those that passed or did not apply: by severity, rule, bindings.
    pub findings: Vec<Finding>,
    /// Faults of the data, not of the plan.
    pub issues: Vec<Issue>,
    /// The names of the departments that `departments` lists use.
    pub departments: Vec<Named>,
    /// The names of the layers, records and tables that `kind` and `layer` use.
    pub layers: Vec<Named>,
    /// The exceptions that were granted, and what became of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<WaiverUse>,
    /// The earlier result that this one was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineSummary>,
}

/// The tool and the version of the contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Version of the tool.
    pub version: String,
    /// Version of this contract.
    pub report: u32,
}

impl Tool {
    /// Returns this tool and this contract.
    pub fn this() -> Self {
        Tool { version: env!("CARGO_PKG_VERSION").to_owned(), report: REPORT_VERSION }
    }
}

/// What was checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Submission {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Administrative code, six digits.
    pub region: String,
    /// The day whose rules count, `YYYY-MM-DD`.
    pub as_of: String,
    /// The working CRS, `EPSG:…`; every coordinate is in it unless said otherwise.
    pub crs: String,
    /// How areas are measured.
    pub area: AreaMethod,
    /// The params that the submission's manifest sets otherwise than the packs do.
    pub params: Vec<ParamSetting>,
    /// The earlier state, if only what differs from it was looked at: then the counts are of these subjects only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_since: Option<ChangedSince>,
}

/// The earlier state that a partial check compares with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedSince {
    /// The revision, as it was asked for.
    pub revision: String,
    /// The commit that holds the state.
    pub commit: String,
    /// Whether every subject was looked at all the same: rules, params, day, region or measure differ, or there is no earlier state.
    pub complete: bool,
    /// How many features, records and rows differ; unknown where the rules do.
    pub items: Option<ItemChanges>,
}

/// How many features, records and rows differ from an earlier state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemChanges {
    /// Those that are new.
    pub added: u64,
    /// Those whose values or shape differ.
    pub changed: u64,
    /// Those that are gone.
    pub removed: u64,
}

/// A param as a manifest sets it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ParamSetting {
    /// The param.
    pub name: String,
    /// Its value as written.
    pub value: String,
}

/// How areas are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AreaMethod {
    /// On the ellipsoid.
    Ellipsoidal,
    /// In the projected plane.
    Plane,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// Its path in the submission.
    pub path: String,
    /// The layer or record that it was read as.
    pub layer: Option<String>,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How many features, records or rows.
    pub features: u64,
    /// How many issues.
    pub issues: u64,
}

/// A pack of rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pack {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// Whether the submission is accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gate {
    /// No conflict at or above `fail_on` that is not waived; with `new_only`, none of these that is new or worse.
    pub accepted: bool,
    /// The severity from which a conflict bars acceptance.
    pub fail_on: FailOn,
    /// Whether conflicts that an earlier result had already, and that have not grown, are let pass.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub new_only: bool,
}

/// The severity from which a conflict bars acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailOn {
    /// 禁止级
    Prohibited,
    /// 限制级 and worse
    Conditional,
    /// Every conflict.
    Advisory,
    /// None.
    Never,
}

impl FailOn {
    /// Tells whether a conflict of this severity bars acceptance.
    pub fn bars(self, severity: Severity) -> bool {
        match self {
            FailOn::Prohibited => severity <= Severity::Prohibited,
            FailOn::Conditional => severity <= Severity::Conditional,
            FailOn::Advisory => severity <= Severity::Advisory,
            FailOn::Never => false,
        }
    }
}

/// A name in rules and the name for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Named {
    /// The name in rules.
    pub name: String,
    /// The name for people.
    pub text: Text,
}

/// An article that a rule rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Basis {
    /// The name of the source in rules.
    pub source: String,
    /// Its full title.
    pub title: String,
    /// Its document number.
    pub number: Option<String>,
    /// The article.
    pub article: String,
}

/// A rule and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleSummary {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What its documentation says, paragraphs parted by a blank line; empty if it has none.
    #[serde(default = "no_words")]
    pub description: Text,
    /// How grave a conflict is.
    pub severity: Severity,
    /// Who decides.
    pub departments: Vec<String>,
    /// What it rests on.
    pub basis: Vec<Basis>,
    /// How sure that is.
    pub confidence: Confidence,
    /// The pack that it stands in.
    pub pack: String,
    /// Whether it was run.
    pub applied: Applied,
    /// How many subjects were examined: the sum of `counts`.
    pub examined: u64,
    /// Subjects by verdict.
    pub counts: Counts,
    /// Where it stands.
    pub rule_at: At,
    /// The whole rule as written, documentation included.
    #[serde(default)]
    pub text: String,
}

fn no_words() -> Text {
    Text::new("", "")
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct At {
    /// The file.
    pub path: String,
    /// Line from 1, where the format has lines.
    pub line: Option<u32>,
    /// Character in the line from 1.
    pub column: Option<u32>,
}

/// A fault of the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Issue {
    /// Which kind.
    pub code: String,
    /// `error`: something cannot be used; `warning`: look; `note`: assumed or repaired.
    pub severity: IssueSeverity,
    /// What is wrong.
    pub text: Text,
    /// The file.
    pub path: String,
    /// The layer, record or table.
    pub layer: Option<String>,
    /// The id of the feature or record.
    pub feature: Option<String>,
    /// The field, as the data call it.
    pub field: Option<String>,
    /// Line from 1, where the format has lines.
    pub line: Option<u32>,
    /// Character in the line from 1.
    pub column: Option<u32>,
    /// Record from 1, where the format has records instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<u32>,
    /// Cell such as `B7`, where the format is a sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Where a shape fails.
    pub point: Option<[f64; 2]>,
    /// The same in longitude and latitude.
    pub point_lonlat: Option<[f64; 2]>,
}

/// How many findings there are of what a verdict in one line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Conflicts that bar acceptance.
    pub barring: usize,
    /// Undetermined ones.
    pub open: usize,
    /// Waived ones.
    pub waived: usize,
}

impl Standing {
    /// Counts what the engine found, where there are no waivers and nothing to compare with.
    pub fn of(findings: &[crate::engine::finding::Named], fail_on: FailOn) -> Self {
        let count = |counts: &dyn Fn(&crate::engine::finding::Named) -> bool| {
            findings.iter().filter(|finding| counts(finding)).count()
        };
        Standing {
            barring: count(&|one| one.verdict == Verdict::Conflict && fail_on.bars(one.severity)),
            open: count(&|one| one.verdict == Verdict::Undetermined),
            waived: 0,
        }
    }
}

impl Report {
    /// Counts what its verdict tells.
    pub fn standing(&self) -> Standing {
        let count = |counts: &dyn Fn(&Finding) -> bool| self.findings.iter().filter(|one| counts(one)).count();
        Standing {
            barring: count(&|one| self.bars(one)),
            open: count(&|one| one.verdict == Verdict::Undetermined),
            waived: count(&Finding::is_waived),
        }
    }

    /// Settles the gate again, after waivers or a baseline have been put in.
    pub fn settle_gate(&mut self) {
        self.gate.accepted = !self.findings.iter().any(|finding| self.bars(finding));
    }

    /// Adds faults to those of the data, in their order: by file, line and column.
    pub fn add_issues(&mut self, more: impl IntoIterator<Item = Issue>) {
        self.issues.extend(more);
        self.issues.sort_by(|one, other| {
            let key = |issue: &'_ Issue| (issue.line.or(issue.record).unwrap_or(0), issue.column.unwrap_or(0));
            (&one.path, key(one), &one.code).cmp(&(&other.path, key(other), &other.code))
        });
    }

    /// Tells whether a finding is a conflict that counts: not waived and, where only what is new is asked for, new or worse.
    pub fn counts_for_gate(&self, finding: &Finding) -> bool {
        let known = match finding.baseline {
            Some(Baseline::Old | Baseline::Better) => self.gate.new_only,
            Some(Baseline::New | Baseline::Worse) | None => false,
        };
        finding.counts_for_gate() && !known
    }

    /// Tells whether a finding bars acceptance.
    pub fn bars(&self, finding: &Finding) -> bool {
        self.counts_for_gate(finding) && self.gate.fail_on.bars(finding.severity)
    }

    /// Returns the rule that a finding is of: where two share an id, the one that was run.
    pub fn rule_of(&self, finding: &Finding) -> Option<&RuleSummary> {
        let mut alike = self.rules.iter().filter(|rule| rule.id == finding.rule);
        let first = alike.next()?;
        if first.applied == Applied::Yes {
            Some(first)
        } else {
            alike.find(|rule| rule.applied == Applied::Yes).or(Some(first))
        }
    }

    /// Returns the name for people of a department.
    pub fn department<'a>(&'a self, name: &'a str, language: crate::diagnostic::Language) -> &'a str {
        shown(&self.departments, name, language)
    }

    /// Returns the name for people of a layer, record or table.
    pub fn layer<'a>(&'a self, name: &'a str, language: crate::diagnostic::Language) -> &'a str {
        shown(&self.layers, name, language)
    }
}

fn shown<'a>(list: &'a [Named], name: &'a str, language: crate::diagnostic::Language) -> &'a str {
    list.iter().find(|named| named.name == name).map_or(name, |named| named.text.in_language(language))
}
