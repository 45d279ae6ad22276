//! How a condition came out, step by step: what `explain` reads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Amount;

/// The steps behind a finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trace {
    /// Whether the condition must hold for the check to pass, or must not.
    pub wanted: bool,
    /// The condition.
    pub condition: Step,
    /// The exception, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless: Option<Step>,
}

/// An expression with what it came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// As written.
    pub text: String,
    /// `and`, `or`, `not`, or the sign of a comparison (`=`, `≠`, `<`, `≤`, `>`, `≥`) of the two parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// What it came to, unless it is a condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// How it came out, if it is a condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Where the value came from, if it stands in the data or the rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Origin>,
    /// Its parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// How a condition came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It holds.
    True,
    /// It does not.
    False,
    /// It depends on something unknown.
    Unknown,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// The field of which thing, the thing, or the param: `FAR of parcel P-07`.
    pub what: String,
    /// The file.
    pub path: String,
    /// Line from 1, where the format has lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Record from 1, where the format has records instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<u32>,
    /// Cell such as `B7`, where the format is a sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Whether it is a value of the rules and not of the data.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_rules: bool,
}
