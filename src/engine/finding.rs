//! What a check comes out as.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::geometry::{BoundingBox, Coord, Shape};
use crate::model::{ClassId, CodeRef, Dimension, Duration, EnumId, FieldId, ItemRef, Truth, Unit};
use crate::sema::program::{Order, RuleId, Severity};
use crate::source::Span;

/// The verdict of a check or a subject; the order is from worst to least.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 冲突
    Conflict,
    /// 无法判定
    Undetermined,
    /// 例外成立
    Excepted,
    /// 附带责任
    Obligation,
    /// 通过
    Pass,
    /// 不适用
    NotApplicable,
}

/// What became of the exception of a constraint.
#[derive(Debug, Clone, PartialEq)]
pub enum Exception {
    /// There is none.
    None,
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// It depends on these; the conflict is marked "exception not shown".
    NotShown(Vec<Missing>),
}

/// Why something is unknown; ordered so that lists are the same on every run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Missing {
    /// A layer, record kind or table was not supplied.
    Class(ClassId),
    /// A layer was read in part only.
    PartlyRead(ClassId),
    /// A field has no value.
    Field(ItemRef, FieldId),
    /// A field has a value that cannot be read.
    Unreadable(ItemRef, FieldId),
    /// A reference leads nowhere.
    Dangling(ItemRef, FieldId),
    /// A feature has no valid shape.
    Geometry(ItemRef),
    /// The border of a feature, or of what was made of features, crosses another's more often than can be worked out.
    Tangled(Option<ItemRef>),
    /// An expression asks for one item and none fits; the text is the expression's.
    NoMatch(Arc<str>),
    /// An expression asks for one item and several fit.
    SeveralMatch(Arc<str>),
    /// The smallest, largest or mean of nothing.
    EmptyAggregate(Arc<str>),
    /// A division by zero.
    DivisionByZero(Arc<str>),
    /// Two sides closer than the bound of their measuring error.
    WithinError(Arc<str>),
    /// A number too large to hold.
    TooLarge(Arc<str>),
    /// Months against days: which is longer depends on the calendar.
    CalendarDependent(Arc<str>),
    /// The calendar has no such day.
    NoSuchDay(Arc<str>),
}

/// A value as a finding shows it; renderers round, the engine does not.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// Unknown: printed as （缺）.
    Missing,
    /// Text, names and codes.
    Text(Arc<str>),
    /// True or false.
    Bool(bool),
    /// An exact number in base units; `ratio` for what people read as a percentage.
    Number {
        /// The number.
        value: Decimal,
        /// Its dimension.
        dimension: Dimension,
        /// Whether people read it as a percentage.
        ratio: bool,
    },
    /// A measured number in base units.
    Measure {
        /// The number.
        value: f64,
        /// How far off it may be.
        error: f64,
        /// Its dimension.
        dimension: Dimension,
        /// Whether people read it as a percentage.
        ratio: bool,
        /// Whether it is only known to be at least so much.
        at_least: bool,
    },
    /// A day.
    Date(Date),
    /// A span of time.
    Duration(Duration),
    /// A code of a list.
    Code(CodeRef),
    /// A value of an enumeration.
    Enum(EnumId, u16),
    /// A feature, record or row.
    Item(ItemRef),
    /// A range, `None` where open.
    Range(Option<Box<Shown>>, Option<Box<Shown>>),
    /// A list.
    List(Vec<Shown>),
}

/// A stretch of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum MessagePart {
    /// Text of the rule.
    Text(Arc<str>),
    /// A value, in this unit or the customary one.
    Value(Shown, Option<Unit>),
}

/// What a variable of the rule stood for.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// A feature, record or row.
    Item(ItemRef),
    /// A code.
    Code(CodeRef),
    /// A value of an enumeration.
    Enum(EnumId, u16),
    /// Anything else, by its place in its list, from 1.
    Position(u32),
    /// What the variable should run over is unknown.
    Unknown,
}

/// A piece of ground, line or point that a finding rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The feature of the other layer, if there is one.
    pub feature: Option<ItemRef>,
    /// Area by the submission's method in m², and the bound of its error; 0 for lines.
    pub area_m2: f64,
    /// How far the area may be off.
    pub area_error_m2: f64,
    /// Area in the plane in m².
    pub area_plane_m2: f64,
    /// Length in m, for lines.
    pub length_m: Option<f64>,
    /// Share of the subject's area.
    pub share_of_subject: Option<f64>,
    /// Share of the feature's area.
    pub share_of_feature: Option<f64>,
    /// Diameter of the largest inscribed circle in m, for areas, where it was measured.
    pub width_m: Option<f64>,
    /// Whether it is thinner and smaller than what digitising gets right.
    pub sliver: bool,
    /// A point surely inside.
    pub point: Coord,
    /// The box around it.
    pub bounds: BoundingBox,
    /// The shape, in the submission's CRS.
    pub shape: Arc<Shape>,
}

/// A named value of a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// As written in the rule.
    pub name: Arc<str>,
    /// What it came to.
    pub value: Shown,
}

/// A part that a cure leaves and that is too small or too thin to be of use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PoorPart {
    /// Its area in m².
    pub area_m2: f64,
    /// Diameter of the largest inscribed circle in m.
    pub width_m: f64,
    /// A point surely inside.
    pub point: Coord,
}

/// A conflict, or something undetermined, that a cure leaves or brings.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOver {
    /// As a finding would be named.
    pub id: Arc<str>,
    /// The rule.
    pub rule: RuleId,
    /// The number of the constraint in the rule.
    pub constraint: u16,
    /// What it comes out as.
    pub verdict: Verdict,
    /// Whether it was not so bad before the cure.
    pub new: bool,
}

/// A cure worked out.
#[derive(Debug, Clone, PartialEq)]
pub enum Remedy {
    /// A shape that would comply.
    Geometry {
        /// Which thing it replaces.
        of: ItemRef,
        /// Area taken off, in m².
        removed_m2: f64,
        /// Area left, in m².
        left_m2: f64,
        /// Parts left.
        left_parts: u32,
        /// The shape left.
        shape: Arc<Shape>,
        /// The parts of it that are too small or too thin to be of use, in order.
        poor_parts: Vec<PoorPart>,
        /// What the rules have left to say of the thing with this shape; `None` if they were not asked.
        left_over: Option<Vec<LeftOver>>,
    },
    /// Words.
    Text(Vec<MessagePart>),
}

/// What is to be reported back to another plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Feedback {
    /// To which plan.
    pub to: ClassId,
    /// What to say.
    pub text: Vec<MessagePart>,
}

/// What a step does with its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// All must hold.
    And,
    /// One must hold.
    Or,
    /// The part must not hold.
    Not,
    /// The first part is compared with the second.
    Compare(Order),
    /// Anything else.
    Other,
}

/// Where the value of a step came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A thing of the data.
    Item(ItemRef),
    /// A field of a thing.
    Field(ItemRef, FieldId),
    /// A param, by its number in the program.
    Param(u32),
}

/// An expression of a condition, with what it came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Where it is written.
    pub span: Span,
    /// What it does with its parts.
    pub operation: Operation,
    /// What it came to, unless it is a condition.
    pub value: Option<Shown>,
    /// How it came out, if it is a condition.
    pub truth: Option<Truth<()>>,
    /// Where the value came from, if it stands in the data or the rules.
    pub from: Option<Origin>,
    /// Its parts.
    pub steps: Vec<Step>,
}

/// One check that did not simply pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// `CL-101/parcel:P-07#upper`; language.md section 5.
    pub id: Arc<str>,
    /// The rule.
    pub rule: RuleId,
    /// The number of the constraint in the rule.
    pub constraint: u16,
    /// What it came out as.
    pub verdict: Verdict,
    /// How grave it is.
    pub severity: Severity,
    /// What the rule's variables stood for; the first is the subject.
    pub bindings: Vec<Bound>,
    /// What to say.
    pub message: Vec<MessagePart>,
    /// The values that decided.
    pub quantities: Vec<Quantity>,
    /// How far past the limit, where the condition is one comparison: value, bound of its error, dimension.
    pub margin: Option<Shown>,
    /// What became of the exception.
    pub exception: Exception,
    /// How the condition came out, step by step; `None` where its variables stand for nothing known.
    pub condition: Option<Step>,
    /// How the exception came out, where it was asked for.
    pub unless: Option<Step>,
    /// What is unknown, sorted.
    pub missing: Vec<Missing>,
    /// The ground, largest piece first.
    pub evidence: Vec<Evidence>,
    /// The cures.
    pub remedies: Vec<Remedy>,
    /// What to report back.
    pub feedback: Vec<Feedback>,
}

/// A finding of which no more is told than that there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// As that of a [`Finding`].
    pub id: Arc<str>,
    /// The rule.
    pub rule: RuleId,
    /// How grave it is.
    pub severity: Severity,
    /// What it came out as.
    pub verdict: Verdict,
}

/// How many subjects, or checks, came out as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Counts {
    /// 冲突
    pub conflict: u64,
    /// 无法判定
    pub undetermined: u64,
    /// 例外成立
    pub excepted: u64,
    /// 附带责任
    pub obligation: u64,
    /// 通过
    pub pass: u64,
    /// 不适用
    pub not_applicable: u64,
}

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Conflict => self.conflict += 1,
            Verdict::Undetermined => self.undetermined += 1,
            Verdict::Excepted => self.excepted += 1,
            Verdict::Obligation => self.obligation += 1,
            Verdict::Pass => self.pass += 1,
            Verdict::NotApplicable => self.not_applicable += 1,
        }
    }

    /// Adds the counts of another.
    pub fn merge(&mut self, other: &Counts) {
        self.conflict += other.conflict;
        self.undetermined += other.undetermined;
        self.excepted += other.excepted;
        self.obligation += other.obligation;
        self.pass += other.pass;
        self.not_applicable += other.not_applicable;
    }

    /// Returns how many there are in all.
    pub fn total(&self) -> u64 {
        self.conflict + self.undetermined + self.excepted + self.obligation + self.pass + self.not_applicable
    }
}

/// Whether a rule was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Applied {
    /// It was.
    Yes,
    /// It is not in force on the submission's day.
    NotInForce,
    /// It does not apply in the submission's region.
    OtherRegion,
}

/// What became of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleResult {
    /// The rule.
    pub rule: RuleId,
    /// Whether it was run.
    pub applied: Applied,
    /// Subjects by verdict; their total is the number of subjects examined.
    pub counts: Counts,
}

/// What a run comes to: the order of everything is settled by the data and the rules alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// One for each rule of the program, in its order.
    pub rules: Vec<RuleResult>,
    /// Every check but those that passed or did not apply: by severity, rule id, ids of the bindings, constraint.
    pub findings: Vec<Finding>,
    /// The same where the settings want them named only, by rule and id; then nothing is described.
    pub named: Vec<Named>,
    /// All subjects of all rules by verdict.
    pub counts: Counts,
}
