//! Walks over typed expressions: what they are made of, which variables they depend on, whether two are the same.

use super::program::{AtLeast, Binding, Expr, ExprKind, RelationKind, Slot};

/// Returns the expressions of a binding in order.
fn binding_parts(binding: &Binding) -> Vec<&Expr> {
    let mut parts = vec![&binding.over];
    if let Some(relation) = &binding.relation {
        parts.push(&relation.target);
        if let RelationKind::WithinDistance(distance) = &relation.kind {
            parts.push(distance);
        }
        for at_least in &relation.at_least {
            match at_least {
                AtLeast::Quantity(quantity) => parts.push(quantity),
                AtLeast::ShareOf(share, of) => parts.extend([share, of]),
            }
        }
    }
    parts.extend(&binding.condition);
    parts
}

/// Returns the expressions that an expression is made of, in order.
pub(super) fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Constant(_)
        | ExprKind::Variable(_)
        | ExprKind::Param(_)
        | ExprKind::Class(_)
        | ExprKind::Submission
        | ExprKind::Set(_)
        | ExprKind::Codes(..)
        | ExprKind::Values(_) => Vec::new(),
        ExprKind::Field(of, _)
        | ExprKind::Geometry(of)
        | ExprKind::Property(of, _)
        | ExprKind::Negate(of)
        | ExprKind::Not(of)
        | ExprKind::IsPresent(of)
        | ExprKind::IsEmpty(of) => vec![of],
        ExprKind::List(items)
        | ExprKind::And(items)
        | ExprKind::Or(items)
        | ExprKind::Call(_, items)
        | ExprKind::CallDefine(_, items) => items.iter().collect(),
        ExprKind::Filter { over, condition, .. } => vec![over, condition],
        ExprKind::Compare(_, left, right)
        | ExprKind::In(left, right)
        | ExprKind::Has(left, right)
        | ExprKind::CodeCovers(left, right)
        | ExprKind::RangeOverlaps(left, right)
        | ExprKind::Spatial(_, left, right)
        | ExprKind::Arithmetic(_, left, right)
        | ExprKind::DateDifference(left, right)
        | ExprKind::DurationSum { left, right, .. }
        | ExprKind::Intersection(left, right)
        | ExprKind::Without(left, right) => vec![left, right],
        ExprKind::WithinDistance { left, distance, right } => vec![left, distance, right],
        ExprKind::Range(low, high) => low.iter().chain(high).map(|end| &**end).collect(),
        ExprKind::DateShift { date, by, .. } => vec![date, by],
        ExprKind::Aggregate { bindings, element, .. } => {
            bindings.iter().flat_map(binding_parts).chain([&**element]).collect()
        }
        ExprKind::Quantifier { binding, condition, .. } => {
            binding_parts(binding).into_iter().chain([&**condition]).collect()
        }
    }
}

/// Calls `visit` with an expression and all that it is made of, outer ones first, as long as `visit` says to go deeper.
pub(super) fn walk<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr) -> bool) {
    if visit(expr) {
        for child in children(expr) {
            walk(child, visit);
        }
    }
}

/// Returns the slots of variables that an expression names and does not bind itself, in order of first mention.
pub(super) fn free_slots(expr: &Expr) -> Vec<Slot> {
    let mut named = Vec::new();
    let mut bound = Vec::new();
    walk(expr, &mut |expr| {
        match &expr.kind {
            ExprKind::Variable(slot) if !named.contains(slot) => named.push(*slot),
            ExprKind::Filter { slot, .. } => bound.push(*slot),
            ExprKind::Aggregate { bindings, .. } => bound.extend(bindings.iter().map(|binding| binding.slot)),
            ExprKind::Quantifier { binding, .. } => bound.push(binding.slot),
            _ => {}
        }
        true
    });
    // Every variable has a slot of its own, so what is bound anywhere inside is bound everywhere.
    named.retain(|slot| !bound.contains(slot));
    named
}

/// Tells whether two expressions are written alike and mean the same; filters, aggregates and quantifiers never are.
pub(super) fn same(left: &Expr, right: &Expr) -> bool {
    let heads = match (&left.kind, &right.kind) {
        (ExprKind::Constant(left), ExprKind::Constant(right)) => left == right,
        (ExprKind::Variable(left), ExprKind::Variable(right)) => left == right,
        (ExprKind::Param(left), ExprKind::Param(right)) => left == right,
        (ExprKind::Class(left), ExprKind::Class(right)) => left == right,
        (ExprKind::Submission, ExprKind::Submission) => true,
        (ExprKind::Set(left), ExprKind::Set(right)) => left == right,
        (ExprKind::Codes(list, level), ExprKind::Codes(other, other_level)) => list == other && level == other_level,
        (ExprKind::Values(left), ExprKind::Values(right)) => left == right,
        (ExprKind::Field(_, left), ExprKind::Field(_, right)) => left == right,
        (ExprKind::Geometry(_), ExprKind::Geometry(_)) => true,
        (ExprKind::Property(_, left), ExprKind::Property(_, right)) => left == right,
        (ExprKind::Call(left, _), ExprKind::Call(right, _)) => left == right,
        (ExprKind::CallDefine(left, _), ExprKind::CallDefine(right, _)) => left == right,
        (ExprKind::Arithmetic(left, ..), ExprKind::Arithmetic(right, ..)) => left == right,
        (ExprKind::Negate(_), ExprKind::Negate(_)) => true,
        (ExprKind::Intersection(..), ExprKind::Intersection(..)) => true,
        (ExprKind::Without(..), ExprKind::Without(..)) => true,
        _ => false,
    };
    let (left, right) = (children(left), children(right));
    heads && left.len() == right.len() && left.into_iter().zip(right).all(|(left, right)| same(left, right))
}
