//! One rule on one subject: every combination of the bindings, every constraint, one verdict each.

use std::cmp::Ordering;

use super::eval::Evaluator;
use super::finding::{Bound, Exception, Verdict};
use super::frame::Frame;
use super::truth;
use super::value::{Evaluated, Reasons, Tri};
use crate::model::{ItemRef, Truth};
use crate::sema::program::{Binding, Constraint, ConstraintKind, Rule, RuleId};

/// A subject of a rule.
pub(super) struct Subject<'a> {
    pub(super) value: Evaluated<'a>,
    pub(super) bound: Bound,
    /// Why it may be none.
    pub(super) doubt: Option<Reasons>,
}

/// A check that was made, with the variables as they stood.
pub(super) struct Check<'c, 'a> {
    pub(super) rule: (RuleId, &'a Rule),
    pub(super) number: u16,
    pub(super) constraint: &'a Constraint,
    pub(super) verdict: Verdict,
    /// The condition as it came out, without the doubts of the bindings.
    pub(super) condition: Tri,
    /// The exception as it came out, where it was asked for.
    pub(super) unless: Option<Tri>,
    pub(super) exception: Exception,
    /// Why it is undetermined, if it is.
    pub(super) missing: Reasons,
    pub(super) bounds: &'c [Bound],
    /// The other subject that the verdict counts for.
    pub(super) partner: Option<ItemRef>,
    pub(super) evaluator: Evaluator<'c, 'a>,
    pub(super) frame: &'c mut Frame<'a>,
}

/// What became of a subject before any check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    /// Its `where` holds, or there is none.
    Yes,
    /// Its `where` is false.
    No,
    /// Its `where` is unknown.
    Unknown,
}

/// Runs one rule on one subject, calls `visit` with each check, and tells whether the subject was chosen.
pub(super) fn check<'a>(
    evaluator: Evaluator<'_, 'a>,
    rule: (RuleId, &'a Rule),
    subject: &Subject<'a>,
    visit: &mut dyn FnMut(Check<'_, 'a>),
) -> Chosen {
    let mut frame = Frame::of_rule(rule.1);
    let mut run = Run { rule, evaluator, visit, bounds: Vec::new(), partner: None };
    let Some(binding) = rule.1.bindings.first() else {
        frame.set(crate::sema::program::Slot(0), subject.value.clone());
        run.bounds.push(subject.bound.clone());
        run.constraints(&mut frame, subject.doubt.clone());
        return Chosen::Yes;
    };
    run.bounds.push(subject.bound.clone());
    frame.bind(0, binding.slot, subject.value.clone());
    if let Bound::Unknown = subject.bound {
        let reasons = subject.doubt.clone().unwrap_or_default();
        run.unknown_from(1, &mut frame, reasons);
        return Chosen::Unknown;
    }
    let mut doubt = subject.doubt.clone();
    let mut chosen = Chosen::Yes;
    if let Some(condition) = &binding.condition {
        match evaluator.condition(condition, binding.slot, &subject.value, &[], &mut frame) {
            Truth::True => {}
            Truth::False => return Chosen::No,
            Truth::Unknown(reasons) => {
                chosen = Chosen::Unknown;
                doubt = Reasons::join(doubt, Some(reasons));
            }
        }
    }
    run.descend(1, &mut frame, doubt);
    chosen
}

struct Run<'r, 'e, 'a> {
    rule: (RuleId, &'a Rule),
    evaluator: Evaluator<'e, 'a>,
    visit: &'r mut dyn FnMut(Check<'_, 'a>),
    bounds: Vec<Bound>,
    partner: Option<ItemRef>,
}

impl<'a> Run<'_, '_, 'a> {
    /// Goes through the combinations of the bindings from number `at` on.
    fn descend(&mut self, at: usize, frame: &mut Frame<'a>, doubt: Option<Reasons>) {
        let Some(binding) = self.rule.1.bindings.get(at) else {
            return self.constraints(frame, doubt);
        };
        let run = self.evaluator.run_of(binding, None, frame);
        for (position, (value, own)) in run.many.items.iter().enumerate() {
            frame.bind(at, binding.slot, value.clone());
            let mut doubt = Reasons::join(doubt.clone(), own.clone());
            if let Some(condition) = &binding.condition {
                match self.evaluator.condition(condition, binding.slot, value, run.settled(position), frame) {
                    Truth::True => {}
                    Truth::False => continue,
                    Truth::Unknown(reasons) => doubt = Reasons::join(doubt, Some(reasons)),
                }
            }
            let before = self.partner;
            if !self.takes_pair(binding, value, frame) {
                continue;
            }
            self.bounds.push(bound_of(value, position));
            self.descend(at + 1, frame, doubt);
            self.bounds.pop();
            self.partner = before;
        }
        if let Some(more) = &run.many.more {
            self.unknown_from(at, frame, Reasons::join(doubt, Some(more.clone())).unwrap_or_default());
        }
    }

    /// Tells whether the pair of an earlier variable and this one is taken in this order; each pair is, once.
    fn takes_pair(&mut self, binding: &'a Binding, value: &Evaluated<'a>, frame: &Frame<'a>) -> bool {
        let bindings = &self.rule.1.bindings;
        let earlier = binding.pairs_with.and_then(|slot| bindings.iter().position(|earlier| earlier.slot == slot));
        let Some(earlier) = earlier else { return true };
        let Some(first) = frame.get(bindings[earlier].slot) else { return true };
        let (Evaluated::Item(one), Evaluated::Item(other)) = (first, value) else { return true };
        if earlier == 0 {
            self.partner = Some(*other);
        }
        match self.by_id(*one, *other) {
            Ordering::Equal => false,
            Ordering::Less => true,
            Ordering::Greater => self.fails_reversed(&bindings[earlier], earlier, binding, value, frame),
        }
    }

    fn by_id(&self, one: ItemRef, other: ItemRef) -> Ordering {
        let data = self.evaluator.world.data;
        let key = |item: ItemRef| (data.items(item.class).id(item.index), item);
        key(one).cmp(&key(other))
    }

    /// Tells whether a relation or `where` is false when the two things of a pair change places.
    fn fails_reversed(
        &self,
        earlier: &'a Binding,
        at: usize,
        later: &'a Binding,
        value: &Evaluated<'a>,
        frame: &Frame<'a>,
    ) -> bool {
        let Some(first) = frame.get(earlier.slot).cloned() else { return false };
        let evaluator = self.evaluator.without_cache();
        let mut frame = frame.clone();
        frame.bind(at, earlier.slot, value.clone());
        let fails = |condition: Tri| condition == Truth::False;
        if let Some(condition) = &earlier.condition
            && fails(evaluator.condition(condition, earlier.slot, value, &[], &mut frame))
        {
            return true;
        }
        if let Some(relation) = &later.relation
            && fails(evaluator.relation_holds(relation, &first, &mut frame))
        {
            return true;
        }
        frame.bind(at + 1, later.slot, first.clone());
        match &later.condition {
            Some(condition) => fails(evaluator.condition(condition, later.slot, &first, &[], &mut frame)),
            None => false,
        }
    }

    /// Reports what hangs on a binding that runs over something unknown: nothing can be said of any constraint.
    fn unknown_from(&mut self, at: usize, frame: &mut Frame<'a>, reasons: Reasons) {
        let depth = self.bounds.len();
        for (number, binding) in self.rule.1.bindings.iter().enumerate().skip(at) {
            frame.bind(number, binding.slot, Evaluated::Unknown(reasons.clone()));
            self.bounds.push(Bound::Unknown);
        }
        for (number, constraint) in self.rule.1.constraints.iter().enumerate() {
            (self.visit)(Check {
                rule: self.rule,
                number: number as u16,
                constraint,
                verdict: Verdict::Undetermined,
                condition: Truth::Unknown(reasons.clone()),
                unless: None,
                exception: Exception::None,
                missing: reasons.clone(),
                bounds: &self.bounds,
                partner: None,
                evaluator: self.evaluator,
                frame,
            });
        }
        self.bounds.truncate(depth);
    }

    fn constraints(&mut self, frame: &mut Frame<'a>, doubt: Option<Reasons>) {
        for (number, constraint) in self.rule.1.constraints.iter().enumerate() {
            let described = self.evaluator.world.settings.described;
            // Nothing is said of what passes, nor of anything known where findings are not described.
            let unsaid = |condition: &Tri| match holds(constraint.kind, condition.clone()) {
                Truth::True => true,
                Truth::False => !described,
                Truth::Unknown(_) => false,
            };
            let condition = self.evaluator.truth_unless_said(&constraint.condition, frame, unsaid);
            let holds = holds(constraint.kind, condition.clone());
            let unless = match (&holds, &constraint.unless) {
                (Truth::True, _) | (_, None) => None,
                (Truth::False | Truth::Unknown(_), Some(unless)) => Some(self.evaluator.truth(unless, frame)),
            };
            let (verdict, exception, missing) = decide(constraint.kind, &holds, unless.as_ref(), doubt.as_ref());
            (self.visit)(Check {
                rule: self.rule,
                number: number as u16,
                constraint,
                verdict,
                condition,
                unless,
                exception,
                missing,
                bounds: &self.bounds,
                partner: self.partner,
                evaluator: self.evaluator,
                frame,
            });
        }
    }
}

/// Returns what a variable stands for, as findings name it.
pub(super) fn bound_of(value: &Evaluated<'_>, position: usize) -> Bound {
    match value {
        Evaluated::Item(item) => Bound::Item(*item),
        Evaluated::Code(code) => Bound::Code(*code),
        Evaluated::Enum(of, value) => Bound::Enum(*of, *value),
        value if value.unknown().is_some() => Bound::Unknown,
        _ => Bound::Position(position as u32 + 1),
    }
}

/// Returns whether a constraint holds, by its condition: an obligation "holds" where it does not attach.
fn holds(kind: ConstraintKind, condition: Tri) -> Tri {
    match kind {
        ConstraintKind::Require => condition,
        ConstraintKind::Forbid | ConstraintKind::Oblige => truth::not(condition),
    }
}

/// The verdict table of the language, and what the doubts of the bindings leave of it.
fn decide(
    kind: ConstraintKind,
    holds: &Tri,
    unless: Option<&Tri>,
    doubt: Option<&Reasons>,
) -> (Verdict, Exception, Reasons) {
    let exception = match unless {
        None => Exception::None,
        Some(Truth::True) => Exception::Holds,
        Some(Truth::False) => Exception::Fails,
        Some(Truth::Unknown(reasons)) => Exception::NotShown(reasons.to_vec()),
    };
    let obligation = kind == ConstraintKind::Oblige;
    let plain = match (holds, unless) {
        (Truth::True, _) => Verdict::Pass,
        // An exception frees from an obligation: then nothing attaches, whether its condition is known or not.
        (Truth::False | Truth::Unknown(_), Some(Truth::True)) if obligation => Verdict::Pass,
        (Truth::False | Truth::Unknown(_), Some(Truth::True)) => Verdict::Excepted,
        (Truth::False, Some(Truth::False | Truth::Unknown(_)) | None) if obligation => Verdict::Obligation,
        (Truth::False, Some(Truth::False | Truth::Unknown(_)) | None) => Verdict::Conflict,
        (Truth::Unknown(_), Some(Truth::False | Truth::Unknown(_)) | None) => Verdict::Undetermined,
    };
    let verdict = match (plain, doubt) {
        (Verdict::Pass | Verdict::Excepted | Verdict::NotApplicable | Verdict::Undetermined, _) | (_, None) => plain,
        (Verdict::Conflict | Verdict::Obligation, Some(_)) => Verdict::Undetermined,
    };
    if verdict != Verdict::Undetermined {
        return (verdict, exception, Reasons::default());
    }
    let reason = |truth: Option<&Tri>| match truth {
        Some(Truth::Unknown(reasons)) => Some(reasons.clone()),
        Some(Truth::True | Truth::False) | None => None,
    };
    let own = Reasons::join(reason(Some(holds)), reason(unless));
    (verdict, exception, Reasons::join(own, doubt.cloned()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::finding::Missing;
    use crate::model::ClassId;

    fn unknown(class: u16) -> Tri {
        Truth::Unknown(Reasons::one(Missing::Class(ClassId(class))))
    }

    fn missing(class: u16) -> Reasons {
        Reasons::one(Missing::Class(ClassId(class)))
    }

    #[test]
    fn the_verdict_table_is_that_of_the_language() {
        use ConstraintKind::{Forbid, Oblige, Require};
        use Verdict::{Conflict, Excepted, Obligation, Pass, Undetermined};
        let exceptions = [Some(Truth::True), Some(Truth::False), None, Some(unknown(2))];
        let rows = [
            (Truth::True, [Pass, Pass, Pass, Pass]),
            (Truth::False, [Excepted, Conflict, Conflict, Conflict]),
            (unknown(1), [Excepted, Undetermined, Undetermined, Undetermined]),
        ];
        for (kind, flip) in [(Require, false), (Forbid, true)] {
            for (truth, verdicts) in &rows {
                let condition = if flip { truth::not(truth.clone()) } else { truth.clone() };
                for (unless, verdict) in exceptions.iter().zip(verdicts) {
                    let found = decide(kind, &holds(kind, condition.clone()), unless.as_ref(), None);
                    assert_eq!(found.0, *verdict, "{kind:?} {truth:?} {unless:?}");
                }
            }
        }
        let duties = [
            (Truth::True, [Pass, Obligation, Obligation, Obligation]),
            (Truth::False, [Pass, Pass, Pass, Pass]),
            (unknown(1), [Pass, Undetermined, Undetermined, Undetermined]),
        ];
        for (condition, verdicts) in &duties {
            for (unless, verdict) in exceptions.iter().zip(verdicts) {
                let found = decide(Oblige, &holds(Oblige, condition.clone()), unless.as_ref(), None);
                assert_eq!(found.0, *verdict, "{condition:?} {unless:?}");
            }
        }
        let shown = decide(Forbid, &Truth::False, Some(&unknown(2)), None);
        assert_eq!(shown.1, Exception::NotShown(vec![Missing::Class(ClassId(2))]));
    }

    #[test]
    fn a_doubted_binding_lets_only_pass_and_excepted_stand() {
        use ConstraintKind::{Forbid, Oblige};
        let doubt = missing(9);
        let verdict = |kind, holds: Tri, unless: Option<Tri>| decide(kind, &holds, unless.as_ref(), Some(&doubt));
        assert_eq!(verdict(Forbid, Truth::True, None).0, Verdict::Pass);
        assert_eq!(verdict(Forbid, Truth::False, Some(Truth::True)).0, Verdict::Excepted);
        let (conflict, _, why) = verdict(Forbid, Truth::False, None);
        assert_eq!((conflict, why), (Verdict::Undetermined, missing(9)));
        assert_eq!(verdict(Oblige, Truth::False, None).0, Verdict::Undetermined);
        let (both, _, why) = verdict(Forbid, unknown(1), None);
        assert_eq!((both, why), (Verdict::Undetermined, missing(1).and(&missing(9))));
    }
}
