//! Which layers, records, tables and params a rule speaks of.

use std::collections::BTreeSet;

use crate::model::{ClassId, SUBMISSION};
use crate::sema::program::{
    AtLeast, Binding, Expr, ExprKind, Program, RelationKind, Remedy, Rule, Template, TemplatePart,
};

/// What a rule speaks of, by number.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    /// Layers, records and tables.
    pub(super) classes: BTreeSet<ClassId>,
    /// Tunable numbers.
    pub(super) params: BTreeSet<u32>,
    /// Functions that were looked into already; they cannot call themselves, but each other twice.
    defines: BTreeSet<u32>,
}

impl Mentions {
    /// Returns what a rule speaks of, the functions that it calls included.
    pub(super) fn of(program: &Program, rule: &Rule) -> Self {
        let mut found = Mentions::default();
        rule.bindings.iter().for_each(|binding| found.binding(program, binding));
        rule.lets.iter().for_each(|one| found.expr(program, &one.value));
        for constraint in &rule.constraints {
            found.expr(program, &constraint.condition);
            constraint.unless.iter().for_each(|unless| found.expr(program, unless));
            found.template(program, &constraint.message);
            for remedy in &constraint.remedies {
                match remedy {
                    Remedy::Subtract { from, what, margin } => {
                        [Some(from), Some(what), margin.as_ref()]
                            .into_iter()
                            .flatten()
                            .for_each(|one| found.expr(program, one));
                    }
                    Remedy::Clip { what, to } => [what, to].into_iter().for_each(|one| found.expr(program, one)),
                    Remedy::Text(template) => found.template(program, template),
                }
            }
        }
        found
    }

    fn template(&mut self, program: &Program, template: &Template) {
        for part in &template.parts {
            match part {
                TemplatePart::Text(_) => {}
                TemplatePart::Value(value, _) => self.expr(program, value),
            }
        }
    }

    fn binding(&mut self, program: &Program, binding: &Binding) {
        self.expr(program, &binding.over);
        if let Some(relation) = &binding.relation {
            self.expr(program, &relation.target);
            match &relation.kind {
                RelationKind::WithinDistance(distance) => self.expr(program, distance),
                RelationKind::Overlapping
                | RelationKind::Touching
                | RelationKind::Within
                | RelationKind::Containing => {}
            }
            for least in &relation.at_least {
                match least {
                    AtLeast::Quantity(quantity) => self.expr(program, quantity),
                    AtLeast::ShareOf(share, of) => [share, of].into_iter().for_each(|one| self.expr(program, one)),
                }
            }
        }
        binding.condition.iter().for_each(|condition| self.expr(program, condition));
    }

    fn expr(&mut self, program: &Program, expr: &Expr) {
        let mut each = |list: &[&Expr]| list.iter().for_each(|one| self.expr(program, one));
        match &expr.kind {
            ExprKind::Constant(_)
            | ExprKind::Variable(_)
            | ExprKind::Set(_)
            | ExprKind::Codes(..)
            | ExprKind::Values(_) => {}
            ExprKind::Param(param) => {
                self.params.insert(*param);
            }
            ExprKind::Class(class) => {
                self.classes.insert(*class);
            }
            ExprKind::Submission => {
                self.classes.insert(SUBMISSION);
            }
            ExprKind::Filter { over, slot: _, condition } => each(&[over, condition]),
            ExprKind::Field(of, _) | ExprKind::Geometry(of) | ExprKind::Property(of, _) => each(&[of]),
            ExprKind::Negate(one) | ExprKind::Not(one) | ExprKind::IsPresent(one) | ExprKind::IsEmpty(one) => {
                each(&[one])
            }
            ExprKind::List(list) | ExprKind::And(list) | ExprKind::Or(list) | ExprKind::Call(_, list) => {
                list.iter().for_each(|one| self.expr(program, one));
            }
            ExprKind::CallDefine(define, list) => {
                list.iter().for_each(|one| self.expr(program, one));
                if self.defines.insert(*define) {
                    self.expr(program, &program.defines[*define as usize].body);
                }
            }
            ExprKind::Compare(_, left, right)
            | ExprKind::In(left, right)
            | ExprKind::Has(left, right)
            | ExprKind::CodeCovers(left, right)
            | ExprKind::RangeOverlaps(left, right)
            | ExprKind::Spatial(_, left, right)
            | ExprKind::Arithmetic(_, left, right)
            | ExprKind::DateDifference(left, right)
            | ExprKind::Intersection(left, right)
            | ExprKind::Without(left, right)
            | ExprKind::DurationSum { left, right, minus: _ } => each(&[left, right]),
            ExprKind::DateShift { date, by, back: _ } => each(&[date, by]),
            ExprKind::WithinDistance { left, distance, right } => each(&[left, distance, right]),
            ExprKind::Range(low, high) => {
                low.iter().chain(high).for_each(|end| self.expr(program, end));
            }
            ExprKind::Aggregate { kind: _, bindings, element } => {
                bindings.iter().for_each(|binding| self.binding(program, binding));
                self.expr(program, element);
            }
            ExprKind::Quantifier { kind: _, binding, condition } => {
                self.binding(program, binding);
                self.expr(program, condition);
            }
        }
    }
}
