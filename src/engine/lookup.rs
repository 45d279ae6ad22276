//! Conditions that can hold only for things that say something given: `x.ref == p`, `x.refs has p`, `c in x.codes`.
//!
//! Takes the program; gives, for each condition on what a variable runs over, the terms of that shape in it, and the registers (see
//! [`super::register`]) that answer them. A register is settled by what it is about, so that rules share it. Knows nothing of data.

use indexmap::IndexSet;
use rustc_hash::FxHashMap;

use super::walk;
use super::world::address;
use crate::model::{ClassId, FieldId, Type};
use crate::sema::program::{Binding, Expr, ExprKind, Order, Program, Quantifier, Rule, Slot};

/// What of a thing is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Entry {
    /// The value of the field itself.
    Value,
    /// Each member of the list in the field.
    Members,
}

/// What a register is about: the things of a class by a field of theirs, or a field of what that refers to; by themselves without one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct About {
    pub(super) class: ClassId,
    pub(super) fields: Vec<FieldId>,
    pub(super) entry: Entry,
}

/// What is looked for in a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sought {
    /// The given value.
    Same,
    /// The given code, and those that cover it.
    Covering,
    /// Every member of the given list.
    Each,
}

/// A part of a condition that a register answers; the condition comes out one way, and says nothing, where it does not hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term<'a> {
    /// The address of the part.
    pub(super) at: usize,
    pub(super) register: usize,
    /// What is looked for: it depends on nothing that the variable of the condition stands for.
    pub(super) given: &'a Expr,
    pub(super) sought: Sought,
    /// Whether it is written the other way round, `x.ref != p`.
    pub(super) negated: bool,
}

/// The conditions of some rules, of all declared functions and of all computed fields that registers answer in part.
#[derive(Debug, Default)]
pub(super) struct Lookups<'a> {
    /// What each register is about.
    pub(super) abouts: IndexSet<About>,
    /// The terms of a condition, by its address.
    terms: FxHashMap<usize, Vec<Term<'a>>>,
}

impl<'a> Lookups<'a> {
    /// Finds the conditions that registers answer.
    pub(super) fn of(program: &'a Program, rules: &[&'a Rule]) -> Self {
        let mut found = Lookups::default();
        for rule in rules {
            found.of_rule(program, rule);
        }
        program.defines.iter().for_each(|define| found.within(program, &define.body));
        program.computed.iter().for_each(|computed| found.within(program, &computed.value));
        found
    }

    /// Returns the terms of a condition.
    pub(super) fn terms(&self, condition: &Expr) -> &[Term<'a>] {
        self.terms.get(&address(condition)).map_or(&[], Vec::as_slice)
    }

    /// Returns the registers that a rule uses, itself or by the functions it calls, ascending.
    pub(super) fn used_by(&self, program: &'a Program, rule: &'a Rule) -> Vec<usize> {
        let mut own = Lookups::default();
        own.of_rule(program, rule);
        let mut called = vec![false; program.defines.len()];
        let mut waiting = Vec::new();
        let mut calls = |expr: &'a Expr, waiting: &mut Vec<&'a Expr>| {
            walk::everything(expr, &mut |part| {
                if let ExprKind::CallDefine(number, _) = part.kind
                    && let Some(define) = program.defines.get(number as usize)
                    && !std::mem::replace(&mut called[number as usize], true)
                {
                    waiting.push(&define.body);
                }
            });
        };
        walk::of_rule(rule, &mut |expr| calls(expr, &mut waiting));
        while let Some(body) = waiting.pop() {
            own.within(program, body);
            calls(body, &mut waiting);
        }
        let mut used: Vec<usize> = own.abouts.iter().filter_map(|about| self.abouts.get_index_of(about)).collect();
        used.sort_unstable();
        used
    }

    fn of_rule(&mut self, program: &'a Program, rule: &'a Rule) {
        for binding in rule.bindings.iter().skip(1) {
            self.of_binding(program, binding);
        }
        walk::of_rule(rule, &mut |expr| self.within(program, expr));
    }

    fn within(&mut self, program: &'a Program, expr: &'a Expr) {
        walk::everything(expr, &mut |part| {
            walk::bindings(part).iter().for_each(|binding| self.of_binding(program, binding));
            match &part.kind {
                ExprKind::Filter { over, slot, condition } => self.condition(program, (over, *slot), condition, true),
                ExprKind::Quantifier { kind, binding, condition } if binding.relation.is_none() => {
                    // What does not fail says nothing of `all`.
                    let holds = *kind != Quantifier::All;
                    self.condition(program, (&binding.over, binding.slot), condition, holds);
                }
                _ => {}
            }
        });
    }

    fn of_binding(&mut self, program: &'a Program, binding: &'a Binding) {
        if let (Some(condition), None) = (&binding.condition, &binding.relation) {
            self.condition(program, (&binding.over, binding.slot), condition, true);
        }
    }

    /// Keeps the terms of a condition that says something of a thing only where it `holds`, or fails.
    fn condition(&mut self, program: &Program, (over, slot): (&Expr, Slot), condition: &'a Expr, holds: bool) {
        let Type::All(class) = over.ty else { return };
        let mut terms = Vec::new();
        self.terms_in(&Variable { program, class, slot }, condition, holds, &mut terms);
        if !terms.is_empty() {
            self.terms.insert(address(condition), terms);
        }
    }

    /// Gathers the terms without which an expression is false, or true where `holds` is not asked for.
    fn terms_in(&mut self, of: &Variable<'_>, expr: &'a Expr, holds: bool, terms: &mut Vec<Term<'a>>) {
        let mut add = |own: Option<Vec<FieldId>>, entry: Entry, given: &'a Expr, sought: Sought| {
            let Some(fields) = own.filter(|_| !walk::mentions(given, of.slot)) else { return };
            let (register, _) = self.abouts.insert_full(About { class: of.class, fields, entry });
            terms.push(Term { at: address(expr), register, given, sought, negated: !holds });
        };
        match (&expr.kind, holds) {
            (ExprKind::And(all), true) | (ExprKind::Or(all), false) => {
                all.iter().for_each(|one| self.terms_in(of, one, holds, terms));
            }
            (ExprKind::Not(one), _) => self.terms_in(of, one, !holds, terms),
            (ExprKind::Compare(Order::Equal, one, other), true)
            | (ExprKind::Compare(Order::NotEqual, one, other), false) => {
                for (own, given) in [(one, other), (other, one)] {
                    if is_keyed(&own.ty) {
                        add(of.fields(own), Entry::Value, given, Sought::Same);
                    }
                }
            }
            (ExprKind::Has(list, item), true) if members(&list.ty).is_some_and(is_keyed) => {
                add(of.fields(list), Entry::Members, item, Sought::Same);
                add(of.fields(item), Entry::Value, list, Sought::Each);
            }
            (ExprKind::In(item, list) | ExprKind::CodeCovers(list, item), true) => match (&item.ty, &list.ty) {
                (Type::Code(_), Type::Code(_)) => add(of.fields(list), Entry::Members, item, Sought::Covering),
                (Type::Code(_), Type::List(_)) => add(of.fields(list), Entry::Members, item, Sought::Covering),
                (_, Type::List(member)) if is_keyed(member) => {
                    add(of.fields(list), Entry::Members, item, Sought::Same);
                    add(of.fields(item), Entry::Value, list, Sought::Each);
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// The variable of a condition: things of a class.
struct Variable<'p> {
    program: &'p Program,
    class: ClassId,
    slot: Slot,
}

impl Variable<'_> {
    /// Returns the fields that lead from the variable to an expression, where all are given by the data.
    fn fields(&self, expr: &Expr) -> Option<Vec<FieldId>> {
        match &expr.kind {
            ExprKind::Variable(slot) if *slot == self.slot => Some(Vec::new()),
            ExprKind::Field(base, field) => {
                let Type::Item(class) = base.ty else { return None };
                // What is computed may depend on a shape, which is another one in a trial.
                let declared = self.program.schema.class(class).fields.get(field.0 as usize)?;
                let mut fields = self.fields(base).filter(|_| !declared.computed)?;
                fields.push(*field);
                Some(fields)
            }
            _ => None,
        }
    }
}

/// Tells whether values of a type can be looked up: equal ones are the same, and they have an order.
fn is_keyed(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Item(_)
            | Type::Code(_)
            | Type::Enum(_)
            | Type::Text
            | Type::Bool
            | Type::Date
            | Type::Number(_)
            | Type::Ratio
    )
}

fn members(ty: &Type) -> Option<&Type> {
    if let Type::List(member) = ty { Some(member) } else { None }
}
