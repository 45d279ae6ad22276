//! What review over time adds to a report: exceptions that were granted, and how it compares with an earlier one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amount, At, Severity, Verdict};

/// What a waiver is worth on the submission's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaiverState {
    /// It holds.
    Holds,
    /// Its last day has passed.
    Expired,
    /// The ground of the conflict reaches beyond its scope.
    OutOfScope,
    /// No conflict is left that it speaks of.
    Unused,
}

/// An exception that was granted, as a finding carries it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Waiver {
    /// The number of the document that grants it.
    pub document: String,
    /// Who granted it.
    pub issuer: Option<String>,
    /// Last day it holds, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Whether it holds on the submission's day and for this ground; one that does not waives nothing.
    pub valid: bool,
    /// What it is worth: never `unused` here.
    pub state: WaiverState,
    /// How much of the conflict's ground lies beyond its scope, where it has one that does not cover all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside_m2: Option<f64>,
    /// Where it stands.
    pub at: At,
}

/// A waiver of the submission, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WaiverUse {
    /// The rule that it excepts from.
    pub rule: String,
    /// The label of the constraint, if it is for one only.
    pub label: Option<String>,
    /// The subject that it is for.
    pub subject: String,
    /// The number of the document that grants it.
    pub document: String,
    /// Who granted it.
    pub issuer: String,
    /// Why.
    pub reason: String,
    /// Last day it holds, `YYYY-MM-DD`.
    pub expires: String,
    /// What it is worth: holding, if it does so for one conflict at least.
    pub state: WaiverState,
    /// The ids of the conflicts that it speaks of, waived or not.
    pub findings: Vec<String>,
    /// Where it stands.
    pub at: At,
}

/// How a finding compares with an earlier result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// It was not there.
    New,
    /// It was there as it is.
    Old,
    /// It was there and has grown.
    Worse,
    /// It was there and has shrunk.
    Better,
}

/// A finding of an earlier result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Earlier {
    /// Its id then.
    pub id: String,
    /// What it came out as.
    pub verdict: Verdict,
    /// How grave it was.
    pub severity: Severity,
    /// The area that it rested on.
    pub area_m2: f64,
    /// The length that it rested on, where it was one of lines.
    pub length_m: f64,
    /// How far past the limit it lay.
    pub margin: Option<Amount>,
}

/// A finding of an earlier result that is no more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gone {
    /// The rule.
    pub rule: String,
    /// The title of the rule.
    pub title: String,
    /// The kind of its subject.
    pub kind: String,
    /// The id of its subject.
    pub subject: String,
    /// What the rule said.
    pub message: String,
    /// Whether the rule is not run any more, so that nothing is known to be cured.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rule_not_run: bool,
    /// The finding itself.
    #[serde(flatten)]
    pub earlier: Earlier,
}

/// How many findings compare how with an earlier result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct BaselineCounts {
    /// Not there before.
    pub new: u64,
    /// There as they are.
    pub old: u64,
    /// There and grown.
    pub worse: u64,
    /// There and shrunk.
    pub better: u64,
    /// No longer there.
    pub gone: u64,
}

/// The earlier result that a report was compared with, and what has come of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct BaselineSummary {
    /// The file, as it was named.
    pub path: String,
    /// The id of the submission then.
    pub submission: String,
    /// The day whose rules counted then, `YYYY-MM-DD`.
    pub as_of: String,
    /// Findings by how they compare.
    pub counts: BaselineCounts,
    /// The findings that are no more.
    pub gone: Vec<Gone>,
}
