//! What is settled before any feature is visited: which rules run, by subject, and which joins they share.

use std::fmt;

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::Settings;
use super::finding::Applied;
use super::lookup::{About, Lookups};
use super::phrase::{phrase_binding, phrase_with};
use super::walk;
use super::world::address;
use crate::model::{ClassId, Type, region_covers};
use crate::sema::program::{Binding, Expr, ExprKind, Program, Rule, RuleId, Slot};

/// How a run goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Whether each rule of the program runs, in its order.
    pub applied: Vec<Applied>,
    /// The rules that run, together where they have the same subjects.
    pub groups: Vec<Group>,
    /// The joins, each made once for a subject whatever the number of rules that ask for it.
    pub joins: Vec<Join>,
    /// The registers: things of a class by what they say, so that a condition need not go through all of them. Each is made once.
    pub registers: Vec<Register>,
}

/// Rules that are evaluated together, subject by subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The class of the subjects; `None` if they are no items: codes, values of an enumeration, items of a list.
    pub class: Option<ClassId>,
    /// What the subjects are called.
    pub subject: String,
    /// The rules, in the program's order.
    pub rules: Vec<RuleId>,
}

/// What a join gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum JoinKind {
    /// The things that lie to the subject as a relation says.
    Matches,
    /// The pieces that the subject shares with others.
    Pieces,
}

/// The pairing of each subject with the things of another class, by one relation and one filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// The number of the group.
    pub group: usize,
    /// What it gives.
    pub kind: JoinKind,
    /// The other class; `None` if the other side is no class.
    pub class: Option<ClassId>,
    /// The join in words, the subject named `subject`.
    pub text: String,
    /// The rules that share it.
    pub rules: Vec<RuleId>,
}

/// The things of a class by a field of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// The register in words: `evidence by parcels`.
    pub text: String,
    /// The rules that look things up in it, themselves or by the functions they call; none where only computed fields do.
    pub rules: Vec<RuleId>,
}

/// Settles how the rules of a program are run.
pub fn plan(program: &Program, settings: &Settings) -> Plan {
    Layout::new(program, settings).plan
}

impl fmt::Display for Plan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, group) in self.groups.iter().enumerate() {
            writeln!(out, "{}: {} rules", group.subject, group.rules.len())?;
            for join in self.joins.iter().filter(|join| join.group == number) {
                writeln!(out, "    {} ({} rules)", join.text, join.rules.len())?;
            }
        }
        for register in self.registers.iter().filter(|register| !register.rules.is_empty()) {
            writeln!(out, "{} ({} rules)", register.text, register.rules.len())?;
        }
        Ok(())
    }
}

/// A plan with the places in the program where its joins stand.
pub(super) struct Layout {
    pub(super) plan: Plan,
    /// The number of the join of an intersection, or of a binding by the address of its collection.
    pub(super) joins: FxHashMap<usize, u32>,
}

impl Layout {
    pub(super) fn new(program: &Program, settings: &Settings) -> Self {
        let applied: Vec<Applied> = program.rules.iter().map(|rule| applies(rule, settings)).collect();
        let mut groups: Vec<Group> = Vec::new();
        let mut joins: IndexMap<(usize, JoinKind, String), Join> = IndexMap::new();
        let mut addresses = FxHashMap::default();
        for (number, rule) in program.rules.iter().enumerate() {
            if applied[number] != Applied::Yes {
                continue;
            }
            let id = RuleId(number as u32);
            let group = group_of(program, rule, id, &mut groups);
            let Some(subject) = rule.bindings.first().map(|binding| binding.slot) else { continue };
            let mut add = |kind: JoinKind, at: usize, key: String, text: String, class: Option<ClassId>| {
                let fresh = Join { group, kind, class, text, rules: Vec::new() };
                let entry = joins.entry((group, kind, key));
                let index = entry.index() as u32;
                let join = entry.or_insert(fresh);
                if join.rules.last() != Some(&id) {
                    join.rules.push(id);
                }
                addresses.insert(at, index);
            };
            for_each_join(program, rule, subject, &mut add);
        }
        let registers = registers(program, &applied);
        let plan = Plan { applied, groups, joins: joins.into_values().collect(), registers };
        Layout { plan, joins: addresses }
    }
}

/// Tells whether a rule is in force on the day and in the place of a run.
pub(super) fn applies(rule: &Rule, settings: &Settings) -> Applied {
    if settings.ignore_period {
        return Applied::Yes;
    }
    if let Some(day) = settings.as_of
        && (rule.from.is_some_and(|from| day < from) || rule.to.is_some_and(|to| to < day))
    {
        return Applied::NotInForce;
    }
    // A submission without a region is checked by every rule: none slips for want of a field.
    let elsewhere = |region| !rule.applies.iter().any(|&area| region_covers(area, region));
    if !rule.applies.is_empty() && settings.region.is_some_and(elsewhere) {
        return Applied::OtherRegion;
    }
    Applied::Yes
}

/// Returns the registers of a program, in the order in which a run numbers them, with the rules in force that use them.
fn registers(program: &Program, applied: &[Applied]) -> Vec<Register> {
    let all: Vec<&Rule> = program.rules.iter().collect();
    let lookups = Lookups::of(program, &all);
    let text = |about: &About| {
        let mut text = program.schema.class(about.class).names.name.to_string();
        let mut class = Some(about.class);
        for (at, field) in about.fields.iter().enumerate() {
            let declared = class.and_then(|class| program.schema.class(class).fields.get(field.0 as usize));
            text.push_str(if at == 0 { " by " } else { "." });
            text.push_str(declared.map_or("", |field| &field.names.name));
            class = declared.and_then(|field| if let Type::Item(class) = field.ty { Some(class) } else { None });
        }
        text
    };
    let register = |about: &About| Register { text: text(about), rules: Vec::new() };
    let mut registers: Vec<Register> = lookups.abouts.iter().map(register).collect();
    for (number, rule) in program.rules.iter().enumerate().filter(|(number, _)| applied[*number] == Applied::Yes) {
        for used in lookups.used_by(program, rule) {
            registers[used].rules.push(RuleId(number as u32));
        }
    }
    registers
}

/// Returns the class whose items are a rule's subjects, if they are.
pub(super) fn subject_class(rule: &Rule) -> Option<ClassId> {
    match rule.bindings.first() {
        None => Some(crate::model::SUBMISSION),
        Some(binding) => class_of(&binding.over),
    }
}

fn group_of(program: &Program, rule: &Rule, id: RuleId, groups: &mut Vec<Group>) -> usize {
    let class = subject_class(rule);
    let known = class.and_then(|class| groups.iter().position(|group| group.class == Some(class)));
    let at = known.unwrap_or_else(|| {
        let subject = match (class, rule.bindings.first()) {
            (Some(class), _) => program.schema.class(class).names.name.to_string(),
            (None, Some(binding)) => phrase_with(program, &binding.over, &|_| None),
            (None, None) => String::new(),
        };
        groups.push(Group { class, subject, rules: Vec::new() });
        groups.len() - 1
    });
    groups[at].rules.push(id);
    at
}

fn for_each_join(
    program: &Program,
    rule: &Rule,
    subject: Slot,
    add: &mut dyn FnMut(JoinKind, usize, String, String, Option<ClassId>),
) {
    let name = |slot: Slot| (slot == subject).then(|| "subject".to_owned());
    let matches = |binding: &Binding, add: &mut dyn FnMut(JoinKind, usize, String, String, Option<ClassId>)| {
        let Some(relation) = &binding.relation else { return };
        let mut only = walk::depends_only_on(&binding.over, &[subject]);
        let mut uses = walk::mentions(&relation.target, subject);
        let bare = Binding { condition: None, ..binding.clone() };
        let mut key = phrase_binding(program, &bare, &name);
        let text = key.clone();
        walk::of_binding(&bare, &mut |part| {
            only &= walk::depends_only_on(part, &[subject]);
            uses |= walk::mentions(part, subject);
            key.push_str(&signature(part));
        });
        if only && uses {
            add(JoinKind::Matches, address(&binding.over), key, text, class_of(&binding.over));
        }
    };
    for binding in rule.bindings.iter().skip(1) {
        matches(binding, add);
    }
    walk::of_rule(rule, &mut |outer| {
        walk::everything(outer, &mut |part| {
            walk::bindings(part).iter().for_each(|binding| matches(binding, add));
            if let ExprKind::Intersection(_, right) = &part.kind
                && walk::depends_only_on(part, &[subject])
                && walk::mentions(part, subject)
            {
                let text = phrase_with(program, part, &name);
                add(JoinKind::Pieces, address(part), text.clone() + &signature(part), text, class_of(right));
            }
        });
    });
}

fn class_of(expr: &Expr) -> Option<ClassId> {
    if let Type::All(class) = expr.ty { Some(class) } else { None }
}

/// Returns the numbers in an expression, which tell apart what reads the same.
fn signature(expr: &Expr) -> String {
    let mut numbers = String::new();
    walk::everything(expr, &mut |part| {
        let number = match &part.kind {
            ExprKind::Class(class) => format!("#c{}", class.0),
            ExprKind::Param(param) => format!("#p{param}"),
            ExprKind::Field(_, field) => format!("#f{}", field.0),
            ExprKind::Codes(list, level) => format!("#l{}{level:?}", list.0),
            ExprKind::Values(of) => format!("#e{}", of.0),
            ExprKind::CallDefine(define, _) => format!("#d{define}"),
            ExprKind::Constant(value) => format!("#{value:?}"),
            ExprKind::Set(members) => format!("#{members:?}"),
            _ => String::new(),
        };
        numbers.push_str(&number);
    });
    numbers
}
