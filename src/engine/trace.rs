//! The steps by which a condition came out, for whoever asks why.
//!
//! A step is an expression with its value and where that came from. What an aggregate or a quantifier runs over is told by its result:
//! its parts have no one value.

use super::describe::shown;
use super::eval::Evaluator;
use super::finding::{Operation, Origin, Shown, Step};
use super::frame::Frame;
use super::value::Evaluated;
use super::walk;
use crate::model::{Truth, Type};
use crate::sema::program::{Expr, ExprKind};

/// The most steps of one condition, and how deep they go.
const STEPS: usize = 60;
const DEPTH: usize = 12;

/// Follows a condition on the variables as they stand.
pub(super) fn follow<'a>(evaluator: &Evaluator<'_, 'a>, condition: &'a Expr, frame: &mut Frame<'a>) -> Step {
    let mut left = STEPS;
    step(evaluator, condition, frame, DEPTH, &mut left)
}

fn step<'a>(
    evaluator: &Evaluator<'_, 'a>,
    expr: &'a Expr,
    frame: &mut Frame<'a>,
    depth: usize,
    left: &mut usize,
) -> Step {
    *left = left.saturating_sub(1);
    let value = evaluator.eval(expr, frame);
    let truth = (expr.ty == Type::Bool).then_some(match &value {
        Evaluated::Bool(true) => Truth::True,
        Evaluated::Bool(false) => Truth::False,
        _ => Truth::Unknown(()),
    });
    let operation = match &expr.kind {
        ExprKind::And(_) => Operation::And,
        ExprKind::Or(_) => Operation::Or,
        ExprKind::Not(_) => Operation::Not,
        ExprKind::Compare(order, ..) => Operation::Compare(*order),
        _ => Operation::Other,
    };
    let mut from = None;
    let mut parts: Vec<&'a Expr> = Vec::new();
    let mut body = None;
    match &expr.kind {
        ExprKind::Variable(slot) => match frame.let_at(*slot) {
            Some(one) => parts.push(&one.value),
            None => from = value.item().map(Origin::Item),
        },
        ExprKind::Field(base, field) => match evaluator.eval(base, frame) {
            Evaluated::Item(item) => from = Some(Origin::Field(item, *field)),
            _ => parts.push(base),
        },
        ExprKind::Param(number) => from = Some(Origin::Param(*number)),
        ExprKind::CallDefine(number, arguments) => {
            parts.extend(arguments.iter().filter(|argument| tells(argument)));
            body = evaluator.world.program.defines.get(*number as usize).map(|define| (define, arguments));
        }
        // Both sides of a comparison are told, constants too: one of them is the threshold.
        ExprKind::Compare(_, one, other) => parts.extend([&**one, &**other]),
        ExprKind::Aggregate { .. } | ExprKind::Quantifier { .. } | ExprKind::Filter { .. } => {}
        _ => walk::parts(expr, &mut |part| parts.extend(Some(part).filter(|part| tells(part)))),
    }
    let mut steps = Vec::with_capacity(parts.len());
    for part in parts {
        if depth > 0 && *left > 0 {
            steps.push(step(evaluator, part, frame, depth - 1, left));
        }
    }
    if let Some((define, arguments)) = body
        && depth > 0
        && *left > 0
    {
        let values: Vec<_> = arguments.iter().map(|argument| evaluator.eval(argument, frame)).collect();
        let mut inner = Frame::of_arguments(define.frame, values);
        steps.push(step(&evaluator.without_cache(), &define.body, &mut inner, depth - 1, left));
    }
    let value = match truth {
        Some(_) => None,
        None => Some(shown(evaluator.world, &value, &expr.ty)).filter(|value| !is_shape(value, &expr.ty)),
    };
    Step { span: expr.span, operation, value, truth, from, steps }
}

/// Tells whether an expression is worth a step: constants, classes and sets say all by their text.
fn tells(expr: &Expr) -> bool {
    !matches!(
        expr.kind,
        ExprKind::Constant(_)
            | ExprKind::Class(_)
            | ExprKind::Submission
            | ExprKind::Set(_)
            | ExprKind::Codes(..)
            | ExprKind::Values(_)
            | ExprKind::Filter { .. }
    )
}

/// A bare shape has no value to show but its kind.
fn is_shape(value: &Shown, ty: &Type) -> bool {
    matches!((value, ty), (Shown::Text(_), Type::Geometry(_)))
}
