//! Going through the things of a class: only through those that registers leave, where registers answer parts of the conditions.

use std::sync::Arc;

use smallvec::SmallVec;

use super::Evaluator;
use crate::engine::frame::Frame;
use crate::engine::lookup::{Entry, Sought};
use crate::engine::meter::Meter;
use crate::engine::register::{Answer, Register};
use crate::engine::truth;
use crate::engine::value::{Evaluated, Many, Reasons, Selection, Tri};
use crate::engine::world::address;
use crate::model::{ItemRef, Truth};
use crate::sema::program::{Binding, Expr, ExprKind};

/// Parts of conditions, by their addresses, that are known without being asked.
type Settled = SmallVec<[(usize, Tri); 1]>;

/// What a variable runs over, and what is known of the conditions on each.
#[derive(Debug)]
pub(in crate::engine) struct Run<'a> {
    pub(in crate::engine) many: Arc<Many<'a>>,
    /// One for each thing, or none.
    settled: Vec<Settled>,
}

impl<'a> Run<'a> {
    /// Returns what is known of the conditions on the thing number `at`.
    pub(in crate::engine) fn settled(&self, at: usize) -> &[(usize, Tri)] {
        self.settled.get(at).map_or(&[], SmallVec::as_slice)
    }
}

/// A part of a condition with what a register answers.
pub(super) struct Asked<'e> {
    at: usize,
    register: usize,
    negated: bool,
    answer: Answer<'e>,
}

impl<'e, 'a> Evaluator<'e, 'a> {
    /// Returns what a binding's variable runs over by its collection and relation, less what registers tell that its `where` leaves out, or
    /// that `further`, the condition of a quantifier, says nothing of.
    pub(in crate::engine) fn run_of(
        &self,
        binding: &'a Binding,
        further: Option<&'a Expr>,
        frame: &mut Frame<'a>,
    ) -> Run<'a> {
        if binding.relation.is_none() {
            let mut asked = Vec::new();
            for condition in binding.condition.iter().chain(further) {
                self.ask(condition, frame, &mut asked);
            }
            if !asked.is_empty()
                && let Evaluated::Selection(selection) = self.eval(&binding.over, frame)
            {
                return self.things_of(&selection, asked);
            }
        }
        Run { many: self.joined(binding, frame), settled: Vec::new() }
    }

    /// Returns the things of a selection, less those that registers tell its filters, or the conditions that were `asked`, leave out.
    pub(super) fn things_of(&self, selection: &Selection<'a>, mut asked: Vec<Asked<'e>>) -> Run<'a> {
        self.ask_filters(selection, &mut asked);
        let mut many = Many { more: self.world.unread(selection.class).map(Reasons::one), ..Many::default() };
        let mut add = |index: u32, settled: &[(usize, Tri)]| {
            let item = ItemRef { class: selection.class, index };
            let doubt = match self.admits_given(selection, item, settled) {
                Truth::True => None,
                Truth::False => return false,
                Truth::Unknown(reasons) => Some(reasons),
            };
            many.items.push((Evaluated::Item(item), doubt));
            true
        };
        let mut all = Vec::new();
        match self.picked(&asked) {
            Some(picked) => {
                all.extend(picked.into_iter().filter(|(index, settled)| add(*index, settled)).map(|(_, known)| known));
            }
            None => (0..self.world.data.items(selection.class).len() as u32).for_each(|index| {
                add(index, &[]);
            }),
        }
        Run { many: Arc::new(many), settled: all }
    }

    /// Returns the things that registers leave of a selection by its filters, ascending; `None` if they tell nothing.
    pub(super) fn left_by_filters(&self, selection: &Selection<'a>) -> Option<Vec<u32>> {
        let mut asked = Vec::new();
        self.ask_filters(selection, &mut asked);
        Some(self.picked(&asked)?.into_iter().map(|(index, _)| index).collect())
    }

    fn ask_filters(&self, selection: &Selection<'a>, asked: &mut Vec<Asked<'e>>) {
        for filter in &selection.filters {
            if !self.world.lookups.terms(filter.condition).is_empty() {
                self.ask(filter.condition, &mut Frame::clone(&filter.frame), asked);
            }
        }
    }

    /// Asks registers about the parts of a condition that they answer.
    fn ask(&self, condition: &'a Expr, frame: &mut Frame<'a>, asked: &mut Vec<Asked<'e>>) {
        if !self.shortcuts {
            return;
        }
        for term in self.world.lookups.terms(condition) {
            let register = self.register(term.register);
            let answer = match (term.sought, self.eval(term.given, frame)) {
                (Sought::Same, given) => register.ask([&given], false),
                (Sought::Each, Evaluated::List(members)) => register.ask(members.iter(), true),
                (Sought::Covering, Evaluated::Code(code)) => {
                    let covering: SmallVec<[Evaluated<'a>; 4]> = self.covering(code).map(Evaluated::Code).collect();
                    register.ask(&covering, false)
                }
                (Sought::Each | Sought::Covering, _) => None,
            };
            let (at, register, negated) = (term.at, term.register, term.negated);
            asked.extend(answer.map(|answer| Asked { at, register, negated, answer }));
        }
    }

    /// Returns the things of which no part that was asked leaves nothing to say, ascending; `None` if nothing was asked.
    fn picked(&self, asked: &[Asked<'e>]) -> Option<Vec<(u32, Settled)>> {
        let fewest = asked.iter().min_by_key(|asked| asked.answer.count())?;
        let things = fewest.answer.things();
        if let Some(meter) = self.world.meter {
            meter.lookup(fewest.register, things.len());
        }
        let settled = |thing: u32| {
            let mut settled = Settled::new();
            for part in asked {
                match part.answer.of(thing) {
                    Some(Truth::False) => return None,
                    Some(has) => settled.push((part.at, if part.negated { truth::not(has) } else { has })),
                    None => {}
                }
            }
            Some((thing, settled))
        };
        Some(things.into_iter().filter_map(settled).collect())
    }

    /// Returns a register, made when first asked for.
    fn register(&self, number: usize) -> &'e Register {
        self.world.registers[number].get_or_init(|| {
            let mark = self.world.meter.map(|meter| (meter, Meter::mark()));
            let register = Evaluator { shortcuts: false, tried: None, ..self.without_cache().exact() }.make(number);
            if let Some((meter, mark)) = mark {
                meter.register(number, &mark);
            }
            register
        })
    }

    fn make(&self, number: usize) -> Register {
        let about = &self.world.lookups.abouts[number];
        let mut register = Register::default();
        for thing in 0..self.world.data.items(about.class).len() as u32 {
            let own = Evaluated::Item(ItemRef { class: about.class, index: thing });
            let value = about.fields.iter().fold(own, |value, field| self.field_behind(value, *field));
            match about.entry {
                Entry::Value => register.enter(thing, &value),
                Entry::Members => {
                    let many = self.iterate(&value);
                    many.items.iter().for_each(|(member, _)| register.enter(thing, member));
                    many.more.into_iter().for_each(|reasons| register.doubt(thing, reasons));
                }
            }
        }
        register.close()
    }

    /// Evaluates a condition some parts of which are known.
    pub(super) fn truth_given(&self, condition: &'a Expr, settled: &[(usize, Tri)], frame: &mut Frame<'a>) -> Tri {
        if settled.is_empty() {
            return self.truth(condition, frame);
        }
        if let Some((_, known)) = settled.iter().find(|(at, _)| *at == address(condition)) {
            return known.clone();
        }
        match &condition.kind {
            ExprKind::Not(one) => truth::not(self.truth_given(one, settled, frame)),
            ExprKind::And(all) => truth::all(all.iter().map(|one| self.truth_given(one, settled, frame))),
            ExprKind::Or(all) => truth::any(all.iter().map(|one| self.truth_given(one, settled, frame))),
            _ => self.truth(condition, frame),
        }
    }
}
