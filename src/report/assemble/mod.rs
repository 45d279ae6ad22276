//! From what the engine found to the one report that every renderer draws.

mod ground;

pub(super) use ground::geometry;

use std::collections::BTreeSet;

use jiff::civil::Date;
use rayon::prelude::*;

use super::amount::amount;
use super::missing::missing;
use super::number::Printer;
use super::owners::Owners;
use super::place::Spot;
use super::result::{
    AreaMethod, At, Basis, ChangedSince, Exception, ExceptionState, FailOn, Feedback, Finding, Gate, Input, Issue,
    Named, Pack, ParamSetting, Quantity, Report, RuleSummary, Subject, Submission, Text, Tool,
};
use super::rule_page::paragraphs;
use super::trace::trace;
use super::words;
use crate::diagnostic::Language;
use crate::engine::finding::{self, Bound, Counts, Results};
use crate::geometry::Coord;
use crate::model::{self, Dataset, EnumId, ItemRef, Names, Truth, Type, Value};
use crate::sema::program::{Constraint, ExprKind, Order, Program, Rule};
use crate::source::{Files, Span};

/// What the data say of a thing, by their own names.
pub type Attributes = serde_json::Map<String, serde_json::Value>;

/// What the rules and the data do not say themselves.
pub struct Context<'a> {
    /// The submission's id.
    pub id: String,
    /// The submission's name.
    pub name: String,
    /// Administrative code, six digits.
    pub region: String,
    /// The day whose rules count.
    pub as_of: Date,
    /// EPSG code of the working CRS.
    pub epsg: u32,
    /// Longitude and latitude in degrees of a position in the working CRS.
    pub to_lonlat: &'a (dyn Fn(Coord) -> Option<Coord> + Sync),
    /// What the data say of a thing, by their own names.
    pub attributes: &'a (dyn Fn(ItemRef) -> Attributes + Sync),
    /// How areas are measured.
    pub area: AreaMethod,
    /// The files that were read.
    pub inputs: Vec<Input>,
    /// The packs of rules.
    pub packs: Vec<Pack>,
    /// The params that the manifest sets.
    pub params: Vec<ParamSetting>,
    /// The severity from which a conflict bars acceptance.
    pub fail_on: FailOn,
    /// Whether conflicts that an earlier result had already are let pass.
    pub new_only: bool,
    /// The state that a partial check compares with.
    pub changed_since: Option<ChangedSince>,
}

/// Builds the report of a check. `files` are those that spans and places name; `issues` come in the order they are to stand in.
/// Takes the results apart as it goes, so that nothing is held twice.
pub fn assemble(
    program: &Program,
    data: &Dataset,
    results: Results,
    issues: &[model::Issue],
    files: &Files,
    context: &Context<'_>,
) -> Report {
    let printer = Printer { schema: &program.schema, data };
    let assembler = Assembler { program, data, files, context, printer, owners: Owners::new(&program.schema, data) };
    let mut report = Report {
        guiju: Tool::this(),
        notice: words::notice(),
        submission: Submission {
            id: context.id.clone(),
            name: context.name.clone(),
            region: context.region.clone(),
            as_of: context.as_of.to_string(),
            crs: format!("EPSG:{}", context.epsg),
            area: context.area,
            params: context.params.clone(),
            changed_since: context.changed_since.clone(),
        },
        inputs: context.inputs.clone(),
        packs: context.packs.clone(),
        gate: Gate { accepted: false, fail_on: context.fail_on, new_only: context.new_only },
        counts: results.counts,
        rules: results.rules.iter().map(|result| assembler.rule(result)).collect(),
        findings: results.findings.into_par_iter().map(|finding| assembler.finding(&finding)).collect(),
        issues: issues.iter().map(|issue| assembler.issue(issue)).collect(),
        departments: assembler.departments(),
        layers: program.schema.classes.iter().map(|class| named(&class.names)).collect(),
        waivers: Vec::new(),
        baseline: None,
    };
    report.settle_gate();
    debug_assert!(report.accounts_close(), "the counts of the report do not add up");
    report
}

impl Report {
    /// Tells whether the accounting closes: every rule's subjects are all counted, rules that were not run have none, the total is
    /// the sum of the rules, and every finding's rule has counted a subject that came out at least as bad.
    pub fn accounts_close(&self) -> bool {
        let mut total = Counts::default();
        self.rules.iter().for_each(|rule| total.merge(&rule.counts));
        let worse = |counts: &Counts, verdict: finding::Verdict| {
            let steps = [
                (finding::Verdict::Conflict, counts.conflict),
                (finding::Verdict::Undetermined, counts.undetermined),
                (finding::Verdict::Excepted, counts.excepted),
                (finding::Verdict::Obligation, counts.obligation),
            ];
            steps.iter().any(|(step, count)| *step <= verdict && *count > 0)
        };
        total == self.counts
            && self.rules.iter().all(|rule| rule.examined == rule.counts.total())
            && self.rules.iter().all(|rule| rule.applied == finding::Applied::Yes || rule.examined == 0)
            && self.findings.iter().all(|finding| {
                self.rules.iter().any(|rule| rule.id == finding.rule && worse(&rule.counts, finding.verdict))
            })
    }
}

/// The one record of the submission, which a rule without bindings is about.
const SUBMISSION_ITEM: ItemRef = ItemRef { class: model::SUBMISSION, index: 0 };

/// Everything that the parts are looked up in.
struct Assembler<'a> {
    program: &'a Program,
    data: &'a Dataset,
    files: &'a Files,
    context: &'a Context<'a>,
    printer: Printer<'a>,
    owners: Owners<'a>,
}

impl Assembler<'_> {
    fn rule(&self, result: &finding::RuleResult) -> RuleSummary {
        let rule = &self.program.rules[result.rule.0 as usize];
        RuleSummary {
            id: rule.id.to_string(),
            title: rule.title.to_string(),
            description: description(&rule.docs),
            severity: rule.severity,
            departments: self.department_names(rule),
            basis: basis(self.program, rule),
            confidence: rule.confidence,
            pack: rule.pack.to_string(),
            applied: result.applied,
            examined: result.counts.total(),
            counts: result.counts,
            rule_at: at(self.files, rule.span),
            text: self.files.slice(rule.text).to_owned(),
        }
    }

    fn department_names(&self, rule: &Rule) -> Vec<String> {
        rule.departments.iter().filter_map(|&(of, value)| Some(self.value(of, value)?.name.to_string())).collect()
    }

    fn value(&self, of: EnumId, value: u16) -> Option<&Names> {
        self.program.schema.enumeration(of).values.get(value as usize)
    }

    /// Returns the departments of all rules, in order of their enumeration.
    fn departments(&self) -> Vec<Named> {
        let used: BTreeSet<_> = self.program.rules.iter().flat_map(|rule| rule.departments.iter().copied()).collect();
        used.into_iter().filter_map(|(of, value)| self.value(of, value)).map(named).collect()
    }

    fn finding(&self, finding: &finding::Finding) -> Finding {
        let rule = &self.program.rules[finding.rule.0 as usize];
        let constraint = &rule.constraints[finding.constraint as usize];
        let mut bindings: Vec<Subject> =
            finding.bindings.iter().enumerate().map(|(at, bound)| self.subject(rule, at, bound)).collect();
        let about = finding.bindings.first().unwrap_or(&Bound::Item(SUBMISSION_ITEM)).clone();
        let subject = self.subject(rule, 0, &about);
        if bindings.len() < 2 {
            bindings.clear();
        }
        let quantities: Vec<Quantity> = finding
            .quantities
            .iter()
            .map(|quantity| Quantity { name: tidy(&quantity.name), amount: amount(&quantity.value, self.printer) })
            .collect();
        let mut message = self.printer.message(&finding.message);
        if message.trim().is_empty() {
            message = rule.title.to_string();
        }
        Finding {
            id: finding.id.to_string(),
            rule: rule.id.to_string(),
            title: rule.title.to_string(),
            label: constraint.label.as_deref().map(str::to_owned),
            verdict: finding.verdict,
            severity: finding.severity,
            departments: self.department_names(rule),
            subject,
            bindings,
            message,
            condition: tidy(&constraint.text),
            comparison: self.comparison(finding, constraint, &quantities),
            quantities,
            margin: finding.margin.as_ref().map(|margin| amount(margin, self.printer)),
            exception: self.exception(constraint, &finding.exception),
            trace: trace(finding, constraint, self.program, self.printer, self.files),
            missing: self.missing(&finding.missing),
            evidence: finding.evidence.iter().map(|piece| self.evidence(piece)).collect(),
            rule_at: at(self.files, constraint.span),
            remedies: finding.remedies.iter().map(|remedy| self.remedy(remedy)).collect(),
            feedback: finding
                .feedback
                .iter()
                .map(|feedback| Feedback {
                    to: self.class_name(feedback.to),
                    text: self.printer.message(&feedback.text),
                })
                .collect(),
            waiver: None,
            baseline: None,
            earlier: None,
        }
    }

    fn subject(&self, rule: &Rule, position: usize, bound: &Bound) -> Subject {
        let ty = rule.bindings.get(position).map(|binding| &binding.ty);
        match bound {
            Bound::Item(item) => self.item(*item),
            Bound::Code(code) => {
                let list = self.program.schema.code_list(code.list);
                let shown = self.printer.code(*code);
                let (id, name) = shown.split_once(' ').map_or((&*shown, None), |(id, name)| (id, Some(name)));
                Subject { name: name.map(str::to_owned), ..bare(list.names.name.to_string(), id.to_owned()) }
            }
            Bound::Enum(of, value) => {
                let names = self.value(*of, *value);
                let kind = self.program.schema.enumeration(*of).names.name.to_string();
                let id = names.map(|names| names.name.to_string()).unwrap_or_default();
                Subject { name: names.map(|names| names.shown().to_owned()), ..bare(kind, id) }
            }
            Bound::Position(at) => bare(variable(rule, position), at.to_string()),
            Bound::Unknown => {
                let kind = match ty {
                    Some(Type::Item(class)) => self.class_name(*class),
                    _ => variable(rule, position),
                };
                bare(kind, "?".to_owned())
            }
        }
    }

    /// Names an item; a submission without a record of its own goes by what the context says.
    fn item(&self, item: ItemRef) -> Subject {
        let class = self.program.schema.class(item.class);
        let items = self.data.items(item.class);
        if item.index as usize >= items.len() {
            let name = Some(self.context.name.clone());
            return Subject { name, ..bare(class.names.name.to_string(), self.context.id.clone()) };
        }
        let place = items.place(item.index);
        let name = class.field("name").and_then(|field| match items.value(item.index, field) {
            Value::Text(text) => Some(text.to_string()),
            _ => None,
        });
        let spot = Spot::of(self.files, place);
        Subject {
            kind: class.names.name.to_string(),
            id: items.id(item.index).to_string(),
            name,
            package: self.owners.package(item).map(|id| id.to_string()),
            unit: self.owners.unit(item).map(|id| id.to_string()),
            path: Some(self.files.name(place.file).to_string()),
            line: spot.line,
            column: spot.column,
            record: spot.record,
            cell: spot.cell,
        }
    }

    /// Says how the values of a condition that is one comparison compare, as it came out: `1,000.00 ㎡ > 1.00 ㎡`, also where `<=` is required.
    fn comparison(
        &self,
        finding: &finding::Finding,
        constraint: &Constraint,
        quantities: &[Quantity],
    ) -> Option<String> {
        let ExprKind::Compare(order, left, right) = &constraint.condition.kind else { return None };
        let fails = matches!(finding.condition.as_ref().and_then(|step| step.truth.as_ref()), Some(Truth::False));
        let order = if fails { order.opposite() } else { *order };
        let side = |span: Span| {
            let written = tidy(self.files.slice(span));
            quantities.iter().find(|quantity| quantity.name == written).map(|quantity| quantity.amount.shown.clone())
        };
        Some(format!("{} {} {}", side(left.span)?, sign(order), side(right.span)?))
    }

    fn exception(&self, constraint: &Constraint, exception: &finding::Exception) -> Exception {
        let (state, missing) = match exception {
            finding::Exception::None => (ExceptionState::None, &[][..]),
            finding::Exception::Holds => (ExceptionState::Holds, &[][..]),
            finding::Exception::Fails => (ExceptionState::Fails, &[][..]),
            finding::Exception::NotShown(missing) => (ExceptionState::NotShown, &missing[..]),
        };
        let condition = constraint.unless.as_ref().map(|unless| tidy(self.files.slice(unless.span)));
        Exception { state, condition, missing: self.missing(missing) }
    }

    fn missing(&self, list: &[finding::Missing]) -> Vec<super::result::Missing> {
        list.iter().map(|one| missing(one, self.printer, self.files)).collect()
    }

    fn issue(&self, issue: &model::Issue) -> Issue {
        let spot = Spot::of(self.files, issue.place);
        Issue {
            code: issue.code.name.to_owned(),
            severity: issue.severity,
            text: issue.text.clone(),
            path: self.files.name(issue.place.file).to_string(),
            layer: issue.class.map(|class| self.class_name(class)),
            feature: issue.item.as_deref().map(str::to_owned),
            field: issue.field.as_deref().map(str::to_owned),
            line: spot.line,
            column: spot.column,
            record: spot.record,
            cell: spot.cell,
            point: issue.point.map(pair),
            point_lonlat: issue.point.and_then(|point| (self.context.to_lonlat)(point)).map(pair),
        }
    }

    fn class_name(&self, class: model::ClassId) -> String {
        self.program.schema.class(class).names.name.to_string()
    }
}

/// Returns documentation in both languages; what stands in one only is said in both.
fn description(docs: &[std::sync::Arc<str>]) -> Text {
    let said = |language| paragraphs(docs, language).join("\n\n");
    Text::new(said(Language::En), said(Language::Zh))
}

/// Returns the articles that a rule rests on, one entry each.
pub(super) fn basis(program: &Program, rule: &Rule) -> Vec<Basis> {
    let entries = rule.basis.iter().flat_map(|(source, articles)| {
        let source = &program.sources[*source as usize];
        articles.iter().map(|article| Basis {
            source: source.names.name.to_string(),
            title: source.title.to_string(),
            number: source.number.as_deref().map(str::to_owned),
            article: article.to_string(),
        })
    });
    entries.collect()
}

/// Returns the place where a span starts.
pub(super) fn at(files: &Files, span: Span) -> At {
    let location = files.location(span);
    At { path: files.name(span.file).to_string(), line: Some(location.line), column: Some(location.column) }
}

/// Returns a name for people in both languages; in English the name in rules with its words set apart.
pub(super) fn named(names: &Names) -> Named {
    Named { name: names.name.to_string(), text: Text::new(names.name.replace('_', " "), names.shown()) }
}

fn pair(coord: Coord) -> [f64; 2] {
    [coord.x, coord.y]
}

/// Sets the words of an expression on one line.
pub(super) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn variable(rule: &Rule, position: usize) -> String {
    rule.bindings.get(position).map(|binding| binding.name.to_string()).unwrap_or_default()
}

fn bare(kind: String, id: String) -> Subject {
    Subject {
        kind,
        id,
        name: None,
        package: None,
        unit: None,
        path: None,
        line: None,
        column: None,
        record: None,
        cell: None,
    }
}

pub(super) fn sign(order: Order) -> &'static str {
    match order {
        Order::Equal => "=",
        Order::NotEqual => "≠",
        Order::Less => "<",
        Order::LessOrEqual => "≤",
        Order::Greater => ">",
        Order::GreaterOrEqual => "≥",
    }
}
