//! The clauses of a constraint: messages, remedies and feedback; and what of its condition a finding shows.

use super::analysis::Analysis;
use super::describe::describe;
use super::functions::Function;
use super::program::{Binding, Expr, ExprKind, Feedback, Let, Quantity, Remedy, Slot, Template, TemplatePart};
use super::vocabulary::{self, UnitWord};
use super::walk::{children, free_slots, same, walk};
use crate::diagnostic::{Diagnostic, Text, codes::language as codes};
use crate::model::{Type, Unit};
use crate::syntax::ast;
use crate::text;

impl Analysis<'_> {
    /// Reads a message.
    pub(super) fn template(&mut self, tree: &ast::Template) -> Template {
        let mut parts = Vec::new();
        for part in &tree.parts {
            match part {
                ast::TemplatePart::Text(text) => parts.push(TemplatePart::Text(text.clone())),
                ast::TemplatePart::Value { value, format } => {
                    let value = self.expr(value, None);
                    let unit = format.as_ref().and_then(|format| self.format(format, &value));
                    if value.ty == Type::Error {
                        continue;
                    }
                    if is_printable(&value.ty) {
                        parts.push(TemplatePart::Value(value, unit));
                    } else {
                        self.report_unprintable(&value);
                    }
                }
            }
        }
        Template { parts }
    }

    fn format(&mut self, format: &ast::Name, value: &Expr) -> Option<Unit> {
        // A word that is no unit was diagnosed where it was read; a duration prints in its own way only.
        let unit = match vocabulary::unit(&format.text)? {
            UnitWord::Of(unit) => Some(unit),
            UnitWord::Months(_) | UnitWord::Days(_) => None,
        };
        if value.ty != Type::Error && unit.is_none_or(|unit| value.ty.dimension() != Some(unit.dimension())) {
            let have = describe(&self.program.schema, &value.ty);
            let word = &format.text;
            let message = Text::new(
                format!("`{}` cannot be printed in `{word}`", have.en),
                format!("“{}”不能以“{word}”为单位", have.zh),
            );
            let help = text!(
                en: "leave the unit away, or choose one of the same dimension",
                zh: "请去掉单位，或换用同一量纲的单位"
            );
            let diagnostic = Diagnostic::error(&codes::DIMENSION_MISMATCH, message)
                .label(format.span)
                .label_with(value.span, have)
                .help(help);
            self.report(diagnostic);
            return None;
        }
        unit
    }

    fn report_unprintable(&mut self, value: &Expr) {
        let have = describe(&self.program.schema, &value.ty);
        let written = self.text(value.span);
        let message = Text::new(format!("a message cannot print `{}`", have.en), format!("说明中不能写“{}”", have.zh));
        let help = match super::describe::shape(&self.program.schema, &value.ty) {
            Some(_) => text!(
                en: "print a measure of it, such as `{{area({written})}}`",
                zh: "请写它的量算值，如“{{面积({written})}}”"
            ),
            None => text!(en: "print a field or a quantity", zh: "请写字段或数量"),
        };
        self.report(Diagnostic::error(&codes::UNPRINTABLE, message).label(value.span).help(help));
    }

    /// Reads a remedy.
    pub(super) fn remedy(&mut self, tree: &ast::Remedy) -> Remedy {
        match tree {
            ast::Remedy::Subtract { what, from, margin, .. } => {
                let (from, what) = (self.ground(from), self.ground(what));
                let margin = margin.as_ref().map(|margin| self.checked(margin, &Type::LENGTH));
                Remedy::Subtract { from, what, margin }
            }
            ast::Remedy::Clip { what, to, .. } => {
                let (what, to) = (self.ground(what), self.ground(to));
                Remedy::Clip { what, to }
            }
            ast::Remedy::Text(template) => Remedy::Text(self.template(template)),
        }
    }

    fn ground(&mut self, tree: &ast::Expr) -> Expr {
        let expr = self.expr(tree, None);
        match self.kind_of(&expr) {
            Some(_) => expr,
            None => self.error(tree.span),
        }
    }

    /// Reads a feedback.
    pub(super) fn feedback(&mut self, tree: &ast::Feedback) -> Option<Feedback> {
        let to = self.class(&tree.to);
        let text = self.template(&tree.text);
        Some(Feedback { to: to?, text })
    }

    /// Returns what a finding lists of a condition: the sides of comparisons that are no constants, and lets and params, each once.
    pub(super) fn quantities(&self, condition: &Expr, lets: &[Let]) -> Vec<Quantity> {
        let mut found: Vec<&Expr> = Vec::new();
        let listed = |expr: &Expr| is_listed(&expr.ty) && !matches!(expr.kind, ExprKind::Constant(_));
        walk(condition, &mut |expr| {
            let sides: Vec<&Expr> = match &expr.kind {
                ExprKind::Compare(_, left, right)
                | ExprKind::In(left, right)
                | ExprKind::Has(left, right)
                | ExprKind::CodeCovers(left, right)
                | ExprKind::RangeOverlaps(left, right) => vec![left, right],
                ExprKind::WithinDistance { distance, .. } => vec![distance],
                ExprKind::Param(_) => vec![expr],
                ExprKind::Variable(slot) if lets.iter().any(|found| found.slot == *slot) => vec![expr],
                // What runs over many names variables that have no value outside.
                ExprKind::Aggregate { .. } | ExprKind::Quantifier { .. } | ExprKind::Filter { .. } => return false,
                _ => Vec::new(),
            };
            for side in sides {
                if listed(side) && !found.iter().any(|known| same(known, side)) {
                    found.push(side);
                }
            }
            true
        });
        let quantity = |expr: &Expr| Quantity { text: self.text(expr.span), value: expr.clone() };
        let mut quantities: Vec<Quantity> = Vec::new();
        for found in found.into_iter().map(quantity) {
            if !quantities.iter().any(|known| known.text == found.text) {
                quantities.push(found);
            }
        }
        quantities
    }
}

/// Tells whether a message can print values of a type.
fn is_printable(ty: &Type) -> bool {
    match ty {
        Type::Bool
        | Type::Number(_)
        | Type::Ratio
        | Type::Text
        | Type::Date
        | Type::Duration
        | Type::Code(_)
        | Type::Enum(_)
        | Type::Item(_)
        | Type::Error => true,
        Type::Range(of) | Type::List(of) => is_printable(of),
        Type::Geometry(_)
        | Type::All(_)
        | Type::Codes(_)
        | Type::Values(_)
        | Type::Set(_)
        | Type::Pieces { .. }
        | Type::Piece { .. } => false,
    }
}

/// Tells whether a finding lists values of a type as quantities.
fn is_listed(ty: &Type) -> bool {
    !matches!(ty, Type::Item(_)) && is_printable(ty)
}

/// Returns how many bindings an expression depends on: the number of the last one that it names, by way of lets too.
pub(super) fn depth(value: &Expr, bindings: &[Binding], lets: &[Let]) -> u16 {
    let of_slot = |slot: &Slot| {
        let binding = bindings.iter().position(|binding| binding.slot == *slot).map(|at| at as u16 + 1);
        binding.or_else(|| lets.iter().find(|found| found.slot == *slot).map(|found| found.depth))
    };
    free_slots(value).iter().filter_map(of_slot).max().unwrap_or(0)
}

/// Returns the pieces that a condition and the lets in it speak of, each once; a let of pieces as its variable.
pub(super) fn evidence(condition: &Expr, bindings: &[Binding], lets: &[Let]) -> Vec<Expr> {
    let mut found: Vec<Expr> = Vec::new();
    gather(condition, bindings, lets, &mut Vec::new(), &mut found);
    found
}

fn gather(expr: &Expr, bindings: &[Binding], lets: &[Let], seen: &mut Vec<Slot>, found: &mut Vec<Expr>) {
    let outside = |expr: &Expr| {
        free_slots(expr).iter().all(|slot| {
            bindings.iter().any(|binding| binding.slot == *slot) || lets.iter().any(|known| known.slot == *slot)
        })
    };
    let pieces = matches!(expr.ty, Type::Pieces { .. });
    let mut add = |piece: &Expr| {
        if outside(piece) && !found.iter().any(|known| same(known, piece)) {
            found.push(piece.clone());
        }
    };
    match &expr.kind {
        ExprKind::Variable(slot) => {
            if pieces {
                add(expr);
            } else if let Some(known) = lets.iter().find(|known| known.slot == *slot)
                && !seen.contains(slot)
            {
                seen.push(*slot);
                gather(&known.value, bindings, lets, seen, found);
            }
        }
        ExprKind::Intersection(..) | ExprKind::Without(..) => add(expr),
        ExprKind::Call(Function::Share, arguments) => {
            if let [thing, layer] = arguments.as_slice() {
                let kind = ExprKind::Intersection(Box::new(thing.clone()), Box::new(layer.clone()));
                add(&Expr { kind, ty: Type::Pieces { of: None, kind: None }, span: expr.span });
            }
        }
        _ => {
            for child in children(expr) {
                gather(child, bindings, lets, seen, found);
            }
        }
    }
}
