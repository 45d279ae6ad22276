//! A check in the terms of a finding: identity, message, quantities, margin.

use std::fmt::Write;
use std::sync::Arc;

use super::check::Check;
use super::eval::{Evaluator, number_of};
use super::evidence;
use super::finding::{Bound, Feedback, Finding, MessagePart, Missing, Named, Quantity, Shown, Verdict};
use super::frame::Frame;
use super::remedy;
use super::trace;
use super::value::Evaluated;
use super::world::World;
use crate::model::{ClassId, CodeRef, CodesId, Dimension, ItemRef, Type};
use crate::sema::program::{self, ConstraintKind, Expr, ExprKind, Members, Order, Rule, Template, TemplatePart};

/// A finding with what it is ordered by.
pub(super) struct Described {
    pub(super) finding: Finding,
    /// The ids of the bindings.
    pub(super) ids: Vec<Arc<str>>,
}

/// Builds the finding of a check.
pub(super) fn describe<'a>(check: Check<'_, 'a>) -> Described {
    let (id, ids) = identity(&check);
    let Check { rule, number, constraint, verdict, unless, exception, missing, bounds, evaluator, frame, .. } = check;
    let known = !bounds.contains(&Bound::Unknown);
    let finding = Finding {
        id,
        rule: rule.0,
        constraint: number,
        verdict,
        severity: constraint.severity,
        bindings: bounds.to_vec(),
        exception,
        missing: missing.to_vec(),
        message: message(&evaluator, &constraint.message, frame),
        quantities: quantities(&evaluator, &constraint.quantities, frame),
        // What is not decided is not known to lie beyond anything.
        margin: (verdict != Verdict::Undetermined)
            .then(|| margin(&evaluator, constraint.kind, &constraint.condition, frame))
            .flatten(),
        condition: known.then(|| trace::follow(&evaluator, &constraint.condition, frame)),
        unless: unless.and(constraint.unless.as_ref()).map(|unless| trace::follow(&evaluator, unless, frame)),
        evidence: evidence::gather(&evaluator, rule.1, constraint, frame),
        remedies: remedy::work_out(&evaluator, constraint, verdict, frame),
        feedback: constraint.feedback.iter().map(|one| feedback(&evaluator, one, frame)).collect(),
    };
    Described { finding, ids }
}

/// Names the finding of a check, and says no more of it.
pub(super) fn name(check: &Check<'_, '_>) -> Named {
    Named { id: identity(check).0, rule: check.rule.0, severity: check.constraint.severity, verdict: check.verdict }
}

/// Returns what a finding of a check is named, and the ids of its bindings.
pub(super) fn identity(check: &Check<'_, '_>) -> (Arc<str>, Vec<Arc<str>>) {
    let (rule, bounds, world) = (check.rule.1, check.bounds, check.evaluator.world);
    let ids: Vec<Arc<str>> = (0..bounds.len()).map(|at| id_among(world, bounds, at)).collect();
    let mut id = rule.id.to_string();
    for (at, (bound, own)) in bounds.iter().zip(&ids).enumerate() {
        let _ = write!(id, "/{}:{own}", kind_of(world, bound, rule, at));
    }
    match &check.constraint.label {
        Some(label) => {
            let _ = write!(id, "#{label}");
        }
        None if check.number > 0 => {
            let _ = write!(id, "#{}", check.number + 1);
        }
        None => {}
    }
    (id.into(), ids)
}

fn feedback<'a>(evaluator: &Evaluator<'_, 'a>, one: &'a program::Feedback, frame: &mut Frame<'a>) -> Feedback {
    Feedback { to: one.to, text: message(evaluator, &one.text, frame) }
}

fn quantities<'a>(evaluator: &Evaluator<'_, 'a>, all: &'a [program::Quantity], frame: &mut Frame<'a>) -> Vec<Quantity> {
    let mut listed: Vec<Quantity> = Vec::with_capacity(all.len());
    for quantity in all {
        if listed.iter().all(|known| known.name != quantity.text) {
            let value = evaluator.eval(&quantity.value, frame);
            listed.push(Quantity {
                name: Arc::clone(&quantity.text),
                value: shown(evaluator.world, &value, &quantity.value.ty),
            });
        }
    }
    listed
}

/// Fills a message with its values.
pub(super) fn message<'a>(
    evaluator: &Evaluator<'_, 'a>,
    template: &'a Template,
    frame: &mut Frame<'a>,
) -> Vec<MessagePart> {
    let part = |part: &'a TemplatePart| match part {
        TemplatePart::Text(text) => MessagePart::Text(Arc::clone(text)),
        TemplatePart::Value(expr, unit) => {
            let value = evaluator.eval(expr, frame);
            MessagePart::Value(shown(evaluator.world, &value, &expr.ty), *unit)
        }
    };
    template.parts.iter().map(part).collect()
}

/// Returns how far past the limit the condition lies: positive is beyond it. `None` unless one comparison of numbers decides.
fn margin<'a>(
    evaluator: &Evaluator<'_, 'a>,
    kind: ConstraintKind,
    condition: &'a Expr,
    frame: &mut Frame<'a>,
) -> Option<Shown> {
    let mut comparisons = Vec::new();
    collect_comparisons(condition, &mut comparisons);
    let &[(order, left, right)] = comparisons.as_slice() else { return None };
    let (one, other) = (evaluator.eval(left, frame), evaluator.eval(right, frame));
    let larger_is_beyond = match (kind, order) {
        (ConstraintKind::Forbid | ConstraintKind::Oblige, Order::Greater | Order::GreaterOrEqual) => true,
        (ConstraintKind::Forbid | ConstraintKind::Oblige, Order::Less | Order::LessOrEqual) => false,
        (ConstraintKind::Require, Order::Less | Order::LessOrEqual) => true,
        (ConstraintKind::Require, Order::Greater | Order::GreaterOrEqual) => false,
        // Off the wanted value either way is beyond it.
        (ConstraintKind::Require, Order::Equal) => number_of(&one)?.value > number_of(&other)?.value,
        (ConstraintKind::Require, Order::NotEqual) => return None,
        (ConstraintKind::Forbid | ConstraintKind::Oblige, Order::Equal | Order::NotEqual) => return None,
    };
    let (over, limit) = if larger_is_beyond { (&one, &other) } else { (&other, &one) };
    let ratio = left.ty == Type::Ratio || right.ty == Type::Ratio;
    let dimension = left.ty.dimension()?;
    if let (Evaluated::Number(over), Evaluated::Number(limit)) = (over, limit) {
        return Some(Shown::Number { value: over.checked_sub(*limit)?, dimension, ratio });
    }
    let (over, limit) = (number_of(over)?, number_of(limit)?);
    if limit.at_least.is_some() {
        return None;
    }
    let at_least = over.at_least.is_some();
    Some(Shown::Measure {
        value: over.value - limit.value,
        error: over.error + limit.error,
        dimension,
        ratio,
        at_least,
    })
}

/// Collects the comparisons of numbers in a condition, through `and` and `or`.
fn collect_comparisons<'a>(condition: &'a Expr, into: &mut Vec<(Order, &'a Expr, &'a Expr)>) {
    match &condition.kind {
        ExprKind::Compare(order, left, right) if left.ty.dimension().is_some() => into.push((*order, left, right)),
        ExprKind::And(all) | ExprKind::Or(all) => all.iter().for_each(|one| collect_comparisons(one, into)),
        _ => {}
    }
}

/// Returns a value as a finding shows it.
pub(super) fn shown(world: &World<'_>, value: &Evaluated<'_>, ty: &Type) -> Shown {
    let (dimension, ratio) = (ty.dimension().unwrap_or(Dimension::NONE), *ty == Type::Ratio);
    let inner = match ty {
        Type::Range(inner) | Type::List(inner) => inner,
        _ => ty,
    };
    match value {
        Evaluated::Unknown(_) | Evaluated::Absent(_) => Shown::Missing,
        Evaluated::Dangling(missing) => match missing {
            Missing::Dangling(item, field) => match world.data.value(*item, *field) {
                crate::model::Value::Dangling(id) => Shown::Text(id),
                _ => Shown::Missing,
            },
            _ => Shown::Missing,
        },
        Evaluated::Bool(value) => Shown::Bool(*value),
        Evaluated::Number(value) => Shown::Number { value: *value, dimension, ratio },
        // At least nothing is nothing known.
        Evaluated::Measure(measure) if measure.at_least.is_some() && measure.value == 0.0 => Shown::Missing,
        Evaluated::Measure(measure) => Shown::Measure {
            value: measure.value,
            error: measure.error,
            dimension,
            ratio,
            at_least: measure.at_least.is_some(),
        },
        Evaluated::Text(text) => Shown::Text(Arc::clone(text)),
        Evaluated::Date(date) => Shown::Date(*date),
        Evaluated::Duration(duration) => Shown::Duration(*duration),
        Evaluated::Code(code) => Shown::Code(*code),
        Evaluated::Enum(of, value) => Shown::Enum(*of, *value),
        Evaluated::Range(ends) => {
            let end = |end: &Option<Evaluated<'_>>| end.as_ref().map(|end| Box::new(shown(world, end, inner)));
            Shown::Range(end(&ends.0), end(&ends.1))
        }
        Evaluated::List(values) => Shown::List(values.iter().map(|value| shown(world, value, inner)).collect()),
        Evaluated::Item(item) => Shown::Item(*item),
        Evaluated::Piece(piece) => piece.feature.map_or_else(|| of_piece(piece.shape().kind()), Shown::Item),
        Evaluated::Pieces(pieces) => {
            let features = pieces.list.iter().filter_map(|piece| piece.feature);
            Shown::List(features.map(Shown::Item).collect())
        }
        Evaluated::Region(region) => of_piece(region.shape.view().kind()),
        Evaluated::Selection(selection) => {
            Shown::Text(world.program.schema.class(selection.class).names.shown().into())
        }
        Evaluated::Set(members) => Shown::List(match members {
            Members::Codes { include, .. } => include.iter().map(|code| Shown::Code(*code)).collect(),
            Members::Values { of, include } => include.iter().map(|value| Shown::Enum(*of, *value)).collect(),
        }),
        Evaluated::Codes(list, _) => Shown::Text(world.program.schema.code_list(*list).names.shown().into()),
        Evaluated::Values(of) => Shown::Text(world.program.schema.enumeration(*of).names.shown().into()),
    }
}

/// A shape has no words of its own: it is shown by what it is made of.
fn of_piece(kind: crate::geometry::Kind) -> Shown {
    Shown::Text(Arc::from(match kind {
        crate::geometry::Kind::Point => "point",
        crate::geometry::Kind::Line => "line",
        crate::geometry::Kind::Polygon => "polygon",
    }))
}

/// Returns the id of what a variable stood for: a code is its own; what is unknown is `?`.
pub(super) fn id_of(world: &World<'_>, bound: &Bound) -> Arc<str> {
    match bound {
        Bound::Item(item) => item_id(world, *item),
        Bound::Code(code) => code_id(world, *code),
        Bound::Enum(of, value) => {
            let values = &world.program.schema.enumeration(*of).values;
            values.get(*value as usize).map_or_else(|| Arc::from("?"), |names| Arc::clone(&names.name))
        }
        Bound::Position(position) => position.to_string().into(),
        Bound::Unknown => Arc::from("?"),
    }
}

/// Returns the id of what a variable stood for. A record without an id of its own goes by its place in its list, which is enough where the
/// record that it is nested in stands among the variables before it.
fn id_among(world: &World<'_>, bounds: &[Bound], at: usize) -> Arc<str> {
    let id = id_of(world, &bounds[at]);
    let Bound::Item(item) = &bounds[at] else { return id };
    let parent = world.data.items(item.class).parent(item.index).map(Bound::Item);
    match parent.filter(|parent| bounds[..at].contains(parent)).map(|parent| id_of(world, &parent)) {
        Some(parent) => match id.strip_prefix(&*parent).and_then(|rest| rest.strip_prefix('/')) {
            Some(place) => place.rsplit('#').next().unwrap_or(place).into(),
            None => id,
        },
        None => id,
    }
}

fn item_id(world: &World<'_>, item: ItemRef) -> Arc<str> {
    let items = world.data.items(item.class);
    if (item.index as usize) < items.len() { items.id(item.index).into() } else { Arc::from("?") }
}

fn code_id(world: &World<'_>, code: CodeRef) -> Arc<str> {
    match code.list {
        CodesId::REGION => format!("{:06}", code.entry).into(),
        list => {
            let entries = &world.program.schema.code_list(list).entries;
            entries.get(code.entry as usize).map_or_else(|| Arc::from("?"), |entry| Arc::clone(&entry.code))
        }
    }
}

/// Returns the kind of thing that a variable stood for, by its first name.
fn kind_of(world: &World<'_>, bound: &Bound, rule: &Rule, at: usize) -> Arc<str> {
    let schema = &world.program.schema;
    let class = |class: ClassId| Arc::clone(&schema.class(class).names.name);
    match bound {
        Bound::Item(item) => class(item.class),
        Bound::Code(code) => Arc::clone(&schema.code_list(code.list).names.name),
        Bound::Enum(of, _) => Arc::clone(&schema.enumeration(*of).names.name),
        Bound::Position(_) | Bound::Unknown => match rule.bindings.get(at) {
            None => class(crate::model::SUBMISSION),
            Some(binding) => match &binding.ty {
                Type::Item(of) => class(*of),
                Type::Code(list) => Arc::clone(&schema.code_list(*list).names.name),
                Type::Enum(of) => Arc::clone(&schema.enumeration(*of).names.name),
                _ => Arc::clone(&binding.name),
            },
        },
    }
}
