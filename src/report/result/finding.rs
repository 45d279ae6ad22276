//! One finding as every renderer reads it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{At, Baseline, Earlier, Severity, Text, Trace, Verdict, Waiver};

/// What a variable of the rule stood for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// The layer, record, table, code list or enumeration.
    pub kind: String,
    /// The id.
    pub id: String,
    /// The name, if it has one.
    pub name: Option<String>,
    /// The package that it belongs to.
    pub package: Option<String>,
    /// The unit that it belongs to.
    pub unit: Option<String>,
    /// The file.
    pub path: Option<String>,
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
}

/// A value, unrounded, and its form for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    /// A number in `unit`; text, true or false, a list, `{low, high}`; `null` if unknown.
    pub value: Value,
    /// `m`, `m2`, `yuan`, `ratio` or a product of these; `null` for what is not measured.
    pub unit: Option<String>,
    /// How far a measured number may be off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<f64>,
    /// Whether it is only known to be at least so much.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
    /// Rounded and with the customary unit.
    pub shown: String,
}

/// A value that decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantity {
    /// As written in the rule.
    pub name: String,
    /// What it came to.
    #[serde(flatten)]
    pub amount: Amount,
}

/// What became of the exception of a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionState {
    /// There is none.
    None,
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// It depends on what is missing.
    NotShown,
}

/// The exception of a constraint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exception {
    /// What became of it.
    pub state: ExceptionState,
    /// The exception as written, if there is one.
    pub condition: Option<String>,
    /// What it depends on.
    pub missing: Vec<Missing>,
}

/// Something unknown, and where to put it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Missing {
    /// What: a layer, a field of one (`parcel.far`), or an expression of the rule.
    pub what: String,
    /// Why it is unknown.
    pub reason: Text,
    /// Where it belongs, if it is to be supplied.
    #[serde(rename = "where")]
    pub place: Option<Text>,
}

/// A piece of ground, line or point that a finding rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// The other layer.
    pub layer: Option<String>,
    /// The feature there.
    pub feature: Option<String>,
    /// Its file.
    pub path: Option<String>,
    /// Area by the submission's method.
    pub area_m2: f64,
    /// How far the area may be off.
    pub area_error_m2: f64,
    /// Area in the plane, where it differs by more than the rounding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_plane_m2: Option<f64>,
    /// Length, for lines.
    pub length_m: Option<f64>,
    /// Share of the subject.
    pub share_of_subject: Option<f64>,
    /// Share of the feature.
    pub share_of_feature: Option<f64>,
    /// Diameter of the largest inscribed circle: how deep it bites.
    pub width_m: Option<f64>,
    /// Whether it is thinner and smaller than what digitising gets right.
    pub sliver: bool,
    /// The likely cause of a sliver.
    pub sliver_hint: Option<Text>,
    /// A point surely inside: easting, northing.
    pub point: [f64; 2],
    /// The same in longitude and latitude.
    pub point_lonlat: Option<[f64; 2]>,
    /// West, south, east, north.
    pub bbox: [f64; 4],
    /// The shape.
    pub geometry: Geometry,
}

/// A shape as GeoJSON has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "coordinates")]
pub enum Geometry {
    /// Points.
    MultiPoint(Vec<[f64; 2]>),
    /// Lines.
    MultiLineString(Vec<Vec<[f64; 2]>>),
    /// Areas: shell and holes of each part, rings closed.
    MultiPolygon(Vec<Vec<Vec<[f64; 2]>>>),
}

/// A cure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a cure is small beside the shape that it holds")]
pub enum Remedy {
    /// A shape that would comply.
    Geometry {
        /// What was done and what is left.
        text: Text,
        /// The thing whose shape it replaces.
        of: ThingId,
        /// Area taken off.
        removed_m2: f64,
        /// Area left.
        left_m2: f64,
        /// Parts left.
        left_parts: u32,
        /// Whether the cure was checked itself, and how that came out.
        checked: Option<Checked>,
        /// Why it was not checked, if it was not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_checked: Option<NotChecked>,
        /// What the rules have left to say of the thing once it is cured.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remaining: Vec<Remaining>,
        /// The parts left that are too small or too thin to be of use.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        poor_parts: Vec<PoorPart>,
        /// What the data say of the thing, by their own names: with the shape left it can stand in the place of the thing.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        attributes: Map<String, Value>,
        /// The shape left.
        geometry: Geometry,
    },
    /// Words of the rule.
    Text {
        /// The words.
        text: String,
    },
}

/// How the check of a cure came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// Without conflict.
    Clean,
    /// A conflict is left.
    Conflict,
    /// No conflict is left, but something that could not be decided.
    Undetermined,
}

/// Why a cure was not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotChecked {
    /// Nothing is left to be checked.
    NothingLeft,
    /// There are more cures than are checked in one run.
    TooMany,
}

/// A conflict, or something undetermined, that a cure leaves or brings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Remaining {
    /// As a finding is named.
    pub finding: String,
    /// The rule.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// What it comes out as.
    pub verdict: Verdict,
    /// How grave it is.
    pub severity: Severity,
    /// Whether the cure brings it.
    pub new: bool,
}

/// A part that a cure leaves and that is too small or too thin to be of use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PoorPart {
    /// Its area.
    pub area_m2: f64,
    /// Diameter of the largest inscribed circle.
    pub width_m: f64,
    /// A point surely inside: easting, northing.
    pub point: [f64; 2],
}

/// A thing by kind and id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ThingId {
    /// The layer or record.
    pub kind: String,
    /// The id.
    pub id: String,
}

/// What is to be reported back to another plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Feedback {
    /// The layer or record that stands for that plan.
    pub to: String,
    /// What to say.
    pub text: String,
}

/// One check that did not simply pass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The same on every run: rule, kind and id of each binding, label.
    pub id: String,
    /// The id of the rule.
    pub rule: String,
    /// The title of the rule.
    pub title: String,
    /// The label of the constraint.
    pub label: Option<String>,
    /// What it came out as.
    pub verdict: Verdict,
    /// How grave it is.
    pub severity: Severity,
    /// Who decides.
    pub departments: Vec<String>,
    /// What it is about.
    pub subject: Subject,
    /// All that the rule's variables stood for, the subject first, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bindings: Vec<Subject>,
    /// What the rule says.
    pub message: String,
    /// The condition as written.
    pub condition: String,
    /// How the values of the condition compare, where it is one comparison.
    pub comparison: Option<String>,
    /// The values that decided.
    pub quantities: Vec<Quantity>,
    /// How far past the limit.
    pub margin: Option<Amount>,
    /// What became of the exception.
    pub exception: Exception,
    /// How it came out, step by step; none where nothing is known of its variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<Trace>,
    /// What is unknown.
    pub missing: Vec<Missing>,
    /// The ground, largest piece first.
    pub evidence: Vec<Evidence>,
    /// Where the constraint stands.
    pub rule_at: At,
    /// The cures.
    pub remedies: Vec<Remedy>,
    /// What to report back.
    pub feedback: Vec<Feedback>,
    /// The exception that was granted.
    pub waiver: Option<Waiver>,
    /// How it compares with an earlier result, where there is one.
    pub baseline: Option<Baseline>,
    /// What it was in that result, unless it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Earlier>,
}

impl Finding {
    /// Tells whether a waiver holds for it.
    pub fn is_waived(&self) -> bool {
        self.waiver.as_ref().is_some_and(|waiver| waiver.valid)
    }

    /// Tells whether it is a conflict that is not waived; [`super::Report::counts_for_gate`] weighs a baseline, too.
    pub fn counts_for_gate(&self) -> bool {
        self.verdict == Verdict::Conflict && !self.is_waived()
    }
}
