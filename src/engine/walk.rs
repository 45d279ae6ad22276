//! The parts of an expression.

use crate::sema::program::{
    AtLeast, Binding, Expr, ExprKind, RelationKind, Remedy, Rule, Slot, Template, TemplatePart,
};

/// Calls `visit` with each direct part of an expression, bindings' parts included.
pub(super) fn parts<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    match &expr.kind {
        ExprKind::Constant(_)
        | ExprKind::Variable(_)
        | ExprKind::Param(_)
        | ExprKind::Class(_)
        | ExprKind::Submission
        | ExprKind::Set(_)
        | ExprKind::Codes(..)
        | ExprKind::Values(_) => {}
        ExprKind::Field(one, _)
        | ExprKind::Geometry(one)
        | ExprKind::Property(one, _)
        | ExprKind::Negate(one)
        | ExprKind::Not(one)
        | ExprKind::IsPresent(one)
        | ExprKind::IsEmpty(one) => visit(one),
        ExprKind::List(all) | ExprKind::And(all) | ExprKind::Or(all) => all.iter().for_each(visit),
        ExprKind::Call(_, all) | ExprKind::CallDefine(_, all) => all.iter().for_each(visit),
        ExprKind::Compare(_, a, b)
        | ExprKind::In(a, b)
        | ExprKind::Has(a, b)
        | ExprKind::CodeCovers(a, b)
        | ExprKind::RangeOverlaps(a, b)
        | ExprKind::Spatial(_, a, b)
        | ExprKind::Arithmetic(_, a, b)
        | ExprKind::DateDifference(a, b)
        | ExprKind::Intersection(a, b)
        | ExprKind::Without(a, b)
        | ExprKind::DateShift { date: a, by: b, .. }
        | ExprKind::DurationSum { left: a, right: b, .. }
        | ExprKind::Filter { over: a, condition: b, .. } => {
            visit(a);
            visit(b);
        }
        ExprKind::WithinDistance { left, distance, right } => {
            visit(left);
            visit(distance);
            visit(right);
        }
        ExprKind::Range(low, high) => low.iter().chain(high).for_each(|end| visit(end)),
        ExprKind::Aggregate { bindings, element, .. } => {
            bindings.iter().for_each(|binding| of_binding(binding, visit));
            visit(element);
        }
        ExprKind::Quantifier { binding, condition, .. } => {
            of_binding(binding, visit);
            visit(condition);
        }
    }
}

/// Returns the variables that an expression binds itself, `it` aside.
pub(super) fn bindings(expr: &Expr) -> &[Binding] {
    match &expr.kind {
        ExprKind::Aggregate { bindings, .. } => bindings,
        ExprKind::Quantifier { binding, .. } => std::slice::from_ref(binding),
        _ => &[],
    }
}

/// Calls `visit` with each expression of a binding.
pub(super) fn of_binding<'a>(binding: &'a Binding, visit: &mut dyn FnMut(&'a Expr)) {
    visit(&binding.over);
    if let Some(relation) = &binding.relation {
        visit(&relation.target);
        if let RelationKind::WithinDistance(distance) = &relation.kind {
            visit(distance);
        }
        for bound in &relation.at_least {
            match bound {
                AtLeast::Quantity(quantity) => visit(quantity),
                AtLeast::ShareOf(share, of) => {
                    visit(share);
                    visit(of);
                }
            }
        }
    }
    binding.condition.iter().for_each(visit);
}

/// Calls `visit` with each outermost expression of a rule.
pub(super) fn of_rule<'a>(rule: &'a Rule, visit: &mut dyn FnMut(&'a Expr)) {
    rule.bindings.iter().for_each(|binding| of_binding(binding, visit));
    rule.lets.iter().for_each(|one| visit(&one.value));
    for constraint in &rule.constraints {
        visit(&constraint.condition);
        constraint.unless.iter().for_each(&mut *visit);
        of_template(&constraint.message, visit);
        constraint.quantities.iter().for_each(|quantity| visit(&quantity.value));
        constraint.evidence.iter().for_each(&mut *visit);
        constraint.feedback.iter().for_each(|feedback| of_template(&feedback.text, visit));
        for remedy in &constraint.remedies {
            match remedy {
                Remedy::Subtract { from, what, margin } => [from, what].into_iter().chain(margin).for_each(&mut *visit),
                Remedy::Clip { what, to } => [what, to].into_iter().for_each(&mut *visit),
                Remedy::Text(template) => of_template(template, visit),
            }
        }
    }
}

fn of_template<'a>(template: &'a Template, visit: &mut dyn FnMut(&'a Expr)) {
    for part in &template.parts {
        match part {
            TemplatePart::Text(_) => {}
            TemplatePart::Value(value, _) => visit(value),
        }
    }
}

/// Calls `visit` with an expression and everything in it.
pub(super) fn everything<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    visit(expr);
    parts(expr, &mut |part| everything(part, visit));
}

/// Tells whether an expression depends on no variable but `own` and those that it binds itself.
pub(super) fn depends_only_on(expr: &Expr, own: &[Slot]) -> bool {
    let mut bound = own.to_vec();
    everything(expr, &mut |part| {
        bound.extend(bindings(part).iter().map(|binding| binding.slot));
        if let ExprKind::Filter { slot, .. } = &part.kind {
            bound.push(*slot);
        }
    });
    let mut only = true;
    everything(expr, &mut |part| {
        if let ExprKind::Variable(slot) = part.kind {
            only &= bound.contains(&slot);
        }
    });
    only
}

/// Tells whether a variable stands in an expression.
pub(super) fn mentions(expr: &Expr, slot: Slot) -> bool {
    let mut found = false;
    everything(expr, &mut |part| found |= matches!(part.kind, ExprKind::Variable(at) if at == slot));
    found
}
