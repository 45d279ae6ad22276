//! Cures, checked: the shape that would comply is given to its thing, and every rule about that thing is asked again.
//!
//! A trial works on the same data and indexes as the run; only what may depend on the shape tried is worked out anew. Each distinct cure
//! is tried once, and no more of them than the settings allow; the gravest findings come first.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::check::{self, Check};
use super::describe::{Described, identity};
use super::eval::{Cache, Evaluator, Tried};
use super::finding::{LeftOver, Remedy, Verdict};
use super::plan::Group;
use super::run::Subjects;
use super::scope::Scope;
use super::world::World;
use crate::model::ItemRef;
use crate::sema::program::{RelationKind, Rule, RuleId};

/// In a rule over pairs that no shape bounds, so many others are asked at most; beyond that the pairs are undetermined.
const OTHERS: usize = 5_000;

/// Tries every cure of the findings, which are in their final order, and writes down what is left over.
pub(super) fn check_all<'a>(
    world: &World<'a>,
    groups: &[Group],
    subjects: &[Subjects<'a>],
    joins: usize,
    scope: &Scope,
    findings: &mut [Described],
) {
    let mut trials: Vec<Tried> = Vec::new();
    let mut by_item: BTreeMap<ItemRef, Vec<usize>> = BTreeMap::new();
    for remedy in findings.iter().flat_map(|one| &one.finding.remedies) {
        let Remedy::Geometry { of, shape, .. } = remedy else { continue };
        let known = by_item.entry(*of).or_default();
        if trials.len() < world.settings.most_trials
            && !shape.is_empty()
            && !known.iter().any(|&at| trials[at].shape == *shape)
        {
            known.push(trials.len());
            trials.push(Tried { item: *of, shape: Arc::clone(shape) });
        }
    }
    if trials.is_empty() {
        return;
    }
    let before: BTreeMap<&str, Verdict> = findings.iter().map(|one| (&*one.finding.id, one.finding.verdict)).collect();
    let left: Vec<Vec<LeftOver>> = trials
        .par_iter()
        .map(|tried| {
            let mut left = Trial { world, joins, scope, tried, before: &before, left: Vec::new() };
            for (group, subjects) in
                groups.iter().zip(subjects).filter(|(group, _)| group.class == Some(tried.item.class))
            {
                left.group(group, subjects);
            }
            left.left
        })
        .collect();
    drop(before);
    for remedy in findings.iter_mut().flat_map(|one| &mut one.finding.remedies) {
        let Remedy::Geometry { of, shape, left_over, .. } = remedy else { continue };
        let at = by_item.get(of).and_then(|known| known.iter().find(|&&at| trials[at].shape == *shape));
        *left_over = at.map(|&at| left[at].clone());
    }
}

/// One cure on trial.
struct Trial<'t, 'a> {
    world: &'t World<'a>,
    joins: usize,
    /// Which checks the run made; of the others it is not known how they came out before.
    scope: &'t Scope,
    tried: &'t Tried,
    /// The findings of the run by id.
    before: &'t BTreeMap<&'t str, Verdict>,
    left: Vec<LeftOver>,
}

impl<'a> Trial<'_, 'a> {
    fn group(&mut self, group: &Group, subjects: &Subjects<'a>) {
        let own = self.tried.item;
        for &id in &group.rules {
            let Some(rule) = self.world.program.rules.get(id.0 as usize) else { continue };
            self.ask(id, rule, subjects, own, false);
            // In a rule over pairs, those in which it comes second.
            if rule.bindings.iter().any(|binding| binding.pairs_with.is_some()) {
                match self.others(rule) {
                    Some(others) => {
                        for index in others.into_iter().filter(|&index| index != own.index) {
                            self.ask(id, rule, subjects, ItemRef { class: own.class, index }, true);
                        }
                    }
                    None => self.left.push(LeftOver {
                        id: Arc::clone(&rule.id),
                        rule: id,
                        constraint: 0,
                        verdict: Verdict::Undetermined,
                        new: true,
                    }),
                }
            }
        }
    }

    /// Returns the things that may come first in a pair with this one; `None` if they are too many.
    fn others(&self, rule: &Rule) -> Option<Vec<u32>> {
        let evaluator = Evaluator::new(self.world);
        let meets = |kind: &RelationKind| match kind {
            RelationKind::Overlapping | RelationKind::Touching | RelationKind::Within | RelationKind::Containing => {
                true
            }
            RelationKind::WithinDistance(_) => false,
        };
        let bounded = rule
            .bindings
            .iter()
            .filter(|binding| binding.pairs_with.is_some())
            .all(|binding| binding.relation.as_ref().is_some_and(|relation| meets(&relation.kind)));
        let bounds = self.tried.shape.view().bounds();
        let others = evaluator.candidates(self.tried.item.class, bounded.then_some(&bounds));
        (bounded || others.len() <= OTHERS).then_some(others)
    }

    /// Asks a rule about a thing; `as_second` keeps only what counts for the thing on trial as well.
    fn ask(&mut self, id: RuleId, rule: &'a Rule, subjects: &Subjects<'a>, item: ItemRef, as_second: bool) {
        let cache = Cache::new(self.joins);
        let evaluator = Evaluator { tried: Some(self.tried), ..Evaluator::of_subject(self.world, &cache) };
        let Some(subject) = subjects.get(item.index as usize, rule, evaluator) else { return };
        let asked = self.scope.takes(id, item.index as usize);
        let (before, left, own) = (self.before, &mut self.left, self.tried.item);
        check::check(evaluator, (id, rule), &subject, &mut |check: Check<'_, 'a>| {
            let remains = matches!(check.verdict, Verdict::Conflict | Verdict::Undetermined);
            if !remains || (as_second && check.partner != Some(own)) {
                return;
            }
            let (name, _) = identity(&check);
            let new = asked && before.get(&*name).is_none_or(|verdict| *verdict > check.verdict);
            left.push(LeftOver { id: name, rule: id, constraint: check.number, verdict: check.verdict, new });
        });
    }
}
