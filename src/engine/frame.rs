//! The variables of a rule at one moment.

use smallvec::{SmallVec, smallvec};

use super::value::Evaluated;
use crate::sema::program::{Let, Rule, Slot};

/// What each slot stands for: bindings, lets that were asked for, and variables of aggregates.
#[derive(Debug, Clone)]
pub(super) struct Frame<'a> {
    slots: SmallVec<[Option<Evaluated<'a>>; 8]>,
    rule: Option<&'a Rule>,
}

impl<'a> Frame<'a> {
    /// Returns the empty frame of a rule.
    pub(super) fn of_rule(rule: &'a Rule) -> Self {
        Frame { slots: smallvec![None; rule.frame as usize], rule: Some(rule) }
    }

    /// Returns a frame without lets whose first slots hold `arguments`.
    pub(super) fn of_arguments(size: u16, arguments: impl IntoIterator<Item = Evaluated<'a>>) -> Self {
        let mut slots: SmallVec<_> = arguments.into_iter().map(Some).collect();
        slots.resize(slots.len().max(size as usize), None);
        Frame { slots, rule: None }
    }

    pub(super) fn get(&self, slot: Slot) -> Option<&Evaluated<'a>> {
        self.slots.get(slot.0 as usize)?.as_ref()
    }

    pub(super) fn set(&mut self, slot: Slot, value: Evaluated<'a>) {
        let at = slot.0 as usize;
        if at >= self.slots.len() {
            self.slots.resize(at + 1, None);
        }
        self.slots[at] = Some(value);
    }

    /// Binds the rule's binding number `at`: lets that rest on it are forgotten.
    pub(super) fn bind(&mut self, at: usize, slot: Slot, value: Evaluated<'a>) {
        for stale in self.lets().iter().filter(|one| one.depth as usize > at) {
            if let Some(value) = self.slots.get_mut(stale.slot.0 as usize) {
                *value = None;
            }
        }
        self.set(slot, value);
    }

    pub(super) fn let_at(&self, slot: Slot) -> Option<&'a Let> {
        self.lets().iter().find(|one| one.slot == slot)
    }

    fn lets(&self) -> &'a [Let] {
        self.rule.map_or(&[], |rule| &rule.lets)
    }

    /// Returns the name of a variable, as far as the rule's head says it.
    pub(super) fn name(&self, slot: Slot) -> Option<&'a str> {
        let rule = self.rule?;
        let bindings = rule.bindings.iter().map(|binding| (binding.slot, &*binding.name));
        let mut all = bindings.chain(rule.lets.iter().map(|one| (one.slot, &*one.name)));
        all.find(|(at, _)| *at == slot).map(|(_, name)| name)
    }
}
