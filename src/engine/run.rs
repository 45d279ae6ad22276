//! All rules on all subjects, in parallel, in an order that does not depend on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::Settings;
use super::check::{self, Check, Chosen, Subject, bound_of};
use super::cure;
use super::describe::{Described, describe, name};
use super::eval::{Cache, Evaluator};
use super::finding::{Applied, Bound, Counts, Missing, Named, Results, RuleResult, Verdict};
use super::meter::{Meter, Timings};
use super::natural::Natural;
use super::plan::{Group, Join, Layout, Plan};
use super::scope::Scope;
use super::value::{Evaluated, Reasons, ShapeOf};
use super::world::World;
use crate::model::{ClassId, Dataset, ItemRef, Truth, Value};
use crate::sema::program::{Expr, ExprKind, Program, Rule, RuleId};

/// Progress is told after so many subjects.
const TOLD: u64 = 64;

/// What the rules of a group say of some subjects, one after the other.
#[derive(Default)]
struct Outcome {
    /// Verdicts that count for another subject too, the second of a pair: the rule's place in the group, the subject's number.
    partners: Vec<(usize, u32, Verdict)>,
    findings: Vec<Described>,
    /// Where findings are not described.
    named: Vec<Named>,
}

impl Outcome {
    /// Returns what is said of these subjects and of those that follow.
    fn then(mut self, mut next: Outcome) -> Outcome {
        self.partners.append(&mut next.partners);
        self.findings.append(&mut next.findings);
        self.named.append(&mut next.named);
        self
    }
}

/// The worst verdict that each rule of a group has on a subject; `None` where it did not examine it.
type Row = [Option<Verdict>];

fn worsen(worst: &mut Option<Verdict>, verdict: Verdict) {
    *worst = Some(worst.map_or(verdict, |known| verdict.min(known)));
}

/// Runs a plan on the data. `progress` is told now and then how many subjects are done, of how many; it may be called from any thread.
pub fn run(
    program: &Program,
    plan: &Plan,
    data: &Dataset,
    settings: &Settings,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Results {
    run_with(program, plan, data, settings, progress, true)
}

/// As [`run`], on the subjects of a scope only; they are joined against everything.
pub fn run_within(
    program: &Program,
    plan: &Plan,
    data: &Dataset,
    settings: &Settings,
    scope: &Scope,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Results {
    run_all(program, plan, data, settings, scope, progress, true, None)
}

/// As [`run`], and tells where the time went.
pub fn run_timed(program: &Program, plan: &Plan, data: &Dataset, settings: &Settings) -> (Results, Timings) {
    let meter = Meter::new(program.rules.len(), plan, program.schema.classes.len());
    let results = run_all(program, plan, data, settings, &Scope::everything(), &|_, _| {}, true, Some(&meter));
    (results, meter.timings())
}

/// As [`run`]; without `shortcuts` no index, shared join or cache is used.
pub(super) fn run_with(
    program: &Program,
    plan: &Plan,
    data: &Dataset,
    settings: &Settings,
    progress: &(dyn Fn(u64, u64) + Sync),
    shortcuts: bool,
) -> Results {
    run_all(program, plan, data, settings, &Scope::everything(), progress, shortcuts, None)
}

#[expect(clippy::too_many_arguments, reason = "what all ways to run differ in")]
fn run_all<'a>(
    program: &'a Program,
    plan: &Plan,
    data: &'a Dataset,
    settings: &'a Settings,
    scope: &Scope,
    progress: &(dyn Fn(u64, u64) + Sync),
    shortcuts: bool,
    meter: Option<&'a Meter>,
) -> Results {
    let rules: Vec<&Rule> = program.rules.iter().collect();
    let mut world = World::new(program, data, settings, &rules);
    world.shortcuts = shortcuts;
    world.meter = meter;
    // A plan that was made for another day or place numbers its joins otherwise: then none is shared.
    let layout = Layout::new(program, settings);
    if layout.plan == *plan {
        world.joins = layout.joins;
    }
    let joins = plan.joins.len();
    let world = &world;
    let subjects: Vec<Subjects<'_>> = plan.groups.iter().map(|group| Subjects::of(world, group)).collect();
    if shortcuts {
        // Layers are made ready side by side, not while subjects wait for them.
        let asked = |join: &&Join| subjects.get(join.group).is_some_and(|subjects| subjects.len() > 0);
        let layer = |join: &Join| join.class.filter(|class| program.schema.class(*class).is_layer());
        let mut layers: Vec<ClassId> = plan.joins.iter().filter(asked).filter_map(layer).collect();
        layers.sort_unstable();
        layers.dedup();
        layers.into_par_iter().with_max_len(1).for_each(|class| {
            Evaluator::new(world).ground(class);
        });
    }

    let total: u64 = subjects.iter().map(|subjects| subjects.len() as u64).sum();
    let done = AtomicU64::new(0);
    let mut counts = vec![Counts::default(); program.rules.len()];
    let mut found = Outcome::default();
    for (group, subjects) in plan.groups.iter().zip(&subjects).filter(|(group, _)| !group.rules.is_empty()) {
        // Each subject has one verdict by each rule, the worst of its checks and of the pairs it is second in.
        let mut rows: Vec<Option<Verdict>> = vec![None; group.rules.len() * subjects.len()];
        let order = subjects.order(data);
        let outcome = rows
            .par_chunks_mut(group.rules.len())
            .zip(&order)
            .fold(Outcome::default, |mut outcome, (row, &at)| {
                examine(world, (group, scope, joins), (subjects, at as usize), row, &mut outcome);
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                if done.is_multiple_of(TOLD) || done == total {
                    progress(done, total);
                }
                outcome
            })
            .reduce(Outcome::default, Outcome::then);
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, at)| places[*at as usize] = place);
        for &(rule, partner, verdict) in &outcome.partners {
            worsen(&mut rows[places[partner as usize] * group.rules.len() + rule], verdict);
        }
        for row in rows.chunks(group.rules.len()) {
            for (rule, verdict) in group.rules.iter().zip(row) {
                verdict.iter().for_each(|verdict| counts[rule.0 as usize].add(*verdict));
            }
        }
        found = found.then(Outcome { partners: Vec::new(), ..outcome });
    }
    let Outcome { mut findings, mut named, .. } = found;
    findings.par_sort_by(|one, other| {
        let rule = |described: &Described| described.finding.rule;
        let name = |described: &Described| Natural(&program.rules[rule(described).0 as usize].id);
        let (ids, other_ids) = (one.ids.iter().map(|id| Natural(id)), other.ids.iter().map(|id| Natural(id)));
        (one.finding.severity.cmp(&other.finding.severity))
            .then_with(|| name(one).cmp(&name(other)))
            .then_with(|| rule(one).cmp(&rule(other)))
            .then_with(|| ids.cmp(other_ids))
            .then_with(|| one.finding.constraint.cmp(&other.finding.constraint))
    });
    // A list that names a thing twice is checked twice, and found at fault once.
    findings.dedup_by(|one, other| one.finding.rule == other.finding.rule && one.finding.id == other.finding.id);
    named.par_sort_by(|one, other| (one.rule, &one.id).cmp(&(other.rule, &other.id)));
    named.dedup_by(|one, other| (one.rule, &one.id) == (other.rule, &other.id));
    cure::check_all(world, &plan.groups, &subjects, joins, scope, &mut findings);
    let mut all = Counts::default();
    counts.iter().for_each(|one| all.merge(one));
    let rules = counts.into_iter().enumerate().map(|(number, counts)| RuleResult {
        rule: RuleId(number as u32),
        applied: plan.applied.get(number).copied().unwrap_or(Applied::Yes),
        counts,
    });
    Results {
        rules: rules.collect(),
        findings: findings.into_iter().map(|described| described.finding).collect(),
        named,
        counts: all,
    }
}

/// The subjects of a group.
pub(super) enum Subjects<'a> {
    /// The items of a class by number, and why there may be more.
    Items(crate::model::ClassId, u32, Option<Missing>),
    /// Anything else.
    Values(Vec<(Evaluated<'a>, Option<Reasons>)>, Option<Reasons>),
}

impl<'a> Subjects<'a> {
    pub(super) fn of(world: &World<'a>, group: &Group) -> Self {
        let first = group.rules.first().and_then(|rule| world.program.rules.get(rule.0 as usize));
        match (group.class, first.and_then(|rule| rule.bindings.first())) {
            (Some(class), _) => {
                let count = world.data.items(class).len() as u32;
                // There always is one submission, whether its record was given or not.
                let unread = world.unread(class).filter(|_| class != crate::model::SUBMISSION || count == 0);
                Subjects::Items(class, count, unread)
            }
            (None, Some(binding)) => {
                let evaluator = Evaluator::new(world);
                let many = evaluator.iterate(&evaluator.eval(&binding.over, &mut world.bare_frame()));
                Subjects::Values(many.items, many.more)
            }
            (None, None) => Subjects::Values(Vec::new(), None),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Subjects::Items(_, count, unread) => *count as usize + usize::from(unread.is_some()),
            Subjects::Values(values, more) => values.len() + usize::from(more.is_some()),
        }
    }

    /// Returns the numbers of the subjects in the order in which to look at them: what lies together meets the same parts of layers.
    fn order(&self, data: &Dataset) -> Vec<u32> {
        let mut order = match self {
            Subjects::Items(class, ..) => data.items(*class).store().by_place(),
            Subjects::Values(..) => Vec::new(),
        };
        order.extend(order.len() as u32..self.len() as u32);
        order
    }

    /// Returns a subject as a rule sees it; `None` if its collection leaves the thing out.
    pub(super) fn get(&self, at: usize, rule: &'a Rule, evaluator: Evaluator<'_, 'a>) -> Option<Subject<'a>> {
        let unknown = |reasons: Reasons| Subject {
            value: Evaluated::Unknown(reasons.clone()),
            bound: Bound::Unknown,
            doubt: Some(reasons),
        };
        match self {
            Subjects::Items(_, count, Some(unread)) if at == *count as usize => {
                Some(unknown(Reasons::one(unread.clone())))
            }
            Subjects::Items(class, _, _) => {
                let item = ItemRef { class: *class, index: at as u32 };
                let filtered = rule.bindings.first().filter(|one| !matches!(one.over.kind, ExprKind::Class(_)));
                let doubt = match filtered.map(|one| evaluator.eval(&one.over, &mut evaluator.world.bare_frame())) {
                    Some(Evaluated::Selection(selection)) => match evaluator.admits(&selection, item) {
                        Truth::True => None,
                        Truth::False => return None,
                        Truth::Unknown(reasons) => Some(reasons),
                    },
                    Some(_) | None => None,
                };
                Some(Subject { value: Evaluated::Item(item), bound: Bound::Item(item), doubt })
            }
            Subjects::Values(values, more) => match (values.get(at), more) {
                (Some((value, doubt)), _) => {
                    Some(Subject { value: value.clone(), bound: bound_of(value, at), doubt: doubt.clone() })
                }
                (None, Some(reasons)) => Some(unknown(reasons.clone())),
                (None, None) => None,
            },
        }
    }
}

/// Evaluates all rules of a group on one subject.
fn examine<'a>(
    world: &World<'a>,
    (group, scope, joins): (&Group, &Scope, usize),
    (subjects, at): (&Subjects<'a>, usize),
    row: &mut Row,
    outcome: &mut Outcome,
) {
    let cache = Cache::new(joins);
    for (place, &id) in group.rules.iter().enumerate().filter(|(_, id)| scope.takes(**id, at)) {
        let Some(rule) = world.program.rules.get(id.0 as usize) else { continue };
        let mark = world.meter.map(|_| (Meter::mark(), cache.joining.get()));
        let Some(subject) = subjects.get(at, rule, Evaluator::new(world)) else { continue };
        let mut worst = Verdict::NotApplicable;
        let evaluator = Evaluator::of_subject(world, &cache);
        let chosen = check::check(evaluator, (id, rule), &subject, &mut |check: Check<'_, 'a>| {
            worst = worst.min(check.verdict);
            if let (Some(partner), Subjects::Items(class, ..)) = (check.partner, subjects)
                && partner.class == *class
                && scope.takes(id, partner.index as usize)
            {
                outcome.partners.push((place, partner.index, check.verdict));
            }
            match check.verdict {
                Verdict::Pass | Verdict::NotApplicable => {}
                Verdict::Conflict | Verdict::Undetermined | Verdict::Excepted | Verdict::Obligation => {
                    match world.settings.described {
                        true => outcome.findings.push(describe(check)),
                        false => outcome.named.push(name(&check)),
                    }
                }
            }
        });
        worsen(&mut row[place], if chosen == Chosen::No { Verdict::NotApplicable } else { worst });
        if let (Some(meter), Some((mark, joined))) = (world.meter, mark) {
            meter.rule(id.0 as usize, &mark, cache.joining.get() - joined);
        }
    }
}

/// Fills the computed fields that the data leave out, as far as they are known; the others are evaluated where they are asked for.
pub fn complete(program: &Program, data: &mut Dataset) {
    let settings = Settings::default();
    for computed in &program.computed {
        let values: Vec<(u32, Value)> = {
            let world = World::new(program, data, &settings, &[]);
            let evaluator = Evaluator::new(&world);
            let items = data.items(computed.class);
            let missing = (0..items.len() as u32).filter(|&item| items.value(item, computed.field) == Value::Missing);
            let value = |index: u32| {
                let item = ItemRef { class: computed.class, index };
                let value = to_value(&evaluator.computed(item, computed.field)?)?;
                Some((index, value))
            };
            missing.filter_map(value).collect()
        };
        for (item, value) in values {
            data.items_mut(computed.class).fill(item, computed.field, value);
        }
    }
}

/// Returns the value of an expression that depends on no data, if it has one.
pub fn constant(program: &Program, expr: &Expr) -> Option<Value> {
    let (settings, data) = (Settings::default(), Dataset::new(&program.schema));
    let world = World::new(program, &data, &settings, &[]);
    to_value(&Evaluator::new(&world).eval(expr, &mut world.bare_frame()))
}

/// Returns a value as the data hold it; `None` for what is unknown, measured or no value of a field.
fn to_value(value: &Evaluated<'_>) -> Option<Value> {
    Some(match value {
        Evaluated::Bool(value) => Value::Bool(*value),
        Evaluated::Number(value) => Value::Number(*value),
        Evaluated::Text(text) => Value::Text(Arc::clone(text)),
        Evaluated::Date(date) => Value::Date(*date),
        Evaluated::Duration(duration) => Value::Duration(*duration),
        Evaluated::Code(code) => Value::Code(*code),
        Evaluated::Enum(of, value) => Value::Enum(*of, *value),
        Evaluated::Range(ends) => {
            let end = |end: &Option<Evaluated<'_>>| match end {
                Some(end) => to_value(end),
                None => Some(Value::Missing),
            };
            Value::Range(Arc::new((end(&ends.0)?, end(&ends.1)?)))
        }
        Evaluated::List(values) => Value::List(values.iter().map(to_value).collect::<Option<Vec<_>>>()?.into()),
        Evaluated::Item(item) => Value::Item(*item),
        Evaluated::Region(region) if region.gaps.is_empty() => Value::Geometry(ShapeOf::to_arc(&region.shape)),
        Evaluated::Pieces(pieces) if pieces.gaps.is_empty() => Value::Geometry(pieces.union()?.to_arc()),
        Evaluated::Piece(piece) => Value::Geometry(piece.to_shape().to_arc()),
        Evaluated::Region(_)
        | Evaluated::Pieces(_)
        | Evaluated::Unknown(_)
        | Evaluated::Absent(_)
        | Evaluated::Measure(_)
        | Evaluated::Dangling(_)
        | Evaluated::Selection(_)
        | Evaluated::Set(_)
        | Evaluated::Codes(..)
        | Evaluated::Values(_) => return None,
    })
}
