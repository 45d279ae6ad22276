//! One rule tried on a few things, with every check laid open: what tests of rules ask.

use std::sync::Arc;

use super::Settings;
use super::check::{self, Check, Chosen};
use super::describe::id_of;
use super::eval::{Cache, Evaluator};
use super::finding::{Applied, Exception, Missing, Verdict};
use super::plan::{Group, applies, subject_class};
use super::run::Subjects;
use super::value::Tri;
use super::world::World;
use crate::model::{Dataset, Truth};
use crate::sema::program::{Expr, Program, RuleId};

/// What a rule says of the data, check by check.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Whether the rule applies at all; if not, there is nothing else.
    pub applied: Applied,
    /// The subjects in the order of the data.
    pub subjects: Vec<TriedSubject>,
    /// The checks in the order they were made.
    pub checks: Vec<TriedCheck>,
}

/// A subject of a trial.
#[derive(Debug, Clone, PartialEq)]
pub struct TriedSubject {
    /// Its id, as findings name it; `?` for one that is unknown.
    pub id: Arc<str>,
    /// Whether the rule's first `where` chose it.
    pub chosen: Truth<()>,
    /// The worst of its checks.
    pub verdict: Verdict,
}

/// A check of a trial.
#[derive(Debug, Clone, PartialEq)]
pub struct TriedCheck {
    /// The number of the subject in [`Trial::subjects`].
    pub subject: usize,
    /// The number of the other subject that the verdict counts for, in a rule over pairs.
    pub partner: Option<usize>,
    /// The number of the constraint.
    pub constraint: u16,
    /// What it came out as.
    pub verdict: Verdict,
    /// How its condition came out.
    pub condition: Truth<()>,
    /// How its exception came out, if it was asked for.
    pub unless: Option<Truth<()>>,
    /// Whether a conflict or an obligation stands for want of showing the exception.
    pub exception_unknown: bool,
    /// What is unknown.
    pub missing: Vec<Missing>,
    /// How the conditions asked for came out among the variables of this check, with what is unknown.
    pub asked: Vec<Truth<Vec<Missing>>>,
}

/// Tries one rule on the data, and evaluates conditions over its frame in each check.
pub fn try_rule<'a>(
    program: &'a Program,
    data: &'a Dataset,
    settings: &'a Settings,
    id: RuleId,
    conditions: &[&'a Expr],
) -> Trial {
    let mut trial = Trial { applied: Applied::Yes, subjects: Vec::new(), checks: Vec::new() };
    let Some(rule) = program.rules.get(id.0 as usize) else { return trial };
    trial.applied = applies(rule, settings);
    if trial.applied != Applied::Yes {
        return trial;
    }
    let world = &World::new(program, data, settings, &[rule]);
    let group = Group { class: subject_class(rule), subject: String::new(), rules: vec![id] };
    let subjects = Subjects::of(world, &group);
    let mut places: Vec<Option<usize>> = vec![None; subjects.len()];
    let mut partners: Vec<(usize, u32)> = Vec::new();
    for (at, place) in places.iter_mut().enumerate() {
        let Some(subject) = subjects.get(at, rule, Evaluator::new(world)) else { continue };
        let number = trial.subjects.len();
        *place = Some(number);
        let mut worst = Verdict::NotApplicable;
        let cache = Cache::new(0);
        let checks = &mut trial.checks;
        let chosen =
            check::check(Evaluator::of_subject(world, &cache), (id, rule), &subject, &mut |check: Check<'_, 'a>| {
                worst = worst.min(check.verdict);
                if let (Some(partner), Subjects::Items(class, ..)) = (check.partner, &subjects)
                    && partner.class == *class
                {
                    partners.push((checks.len(), partner.index));
                }
                let evaluator: Evaluator<'_, 'a> = check.evaluator;
                let asked = conditions.iter().map(|condition| open(evaluator.truth(condition, check.frame))).collect();
                checks.push(TriedCheck {
                    subject: number,
                    partner: None,
                    constraint: check.number,
                    verdict: check.verdict,
                    condition: bare(&check.condition),
                    unless: check.unless.as_ref().map(bare),
                    exception_unknown: matches!(check.exception, Exception::NotShown(_)),
                    missing: check.missing.to_vec(),
                    asked,
                });
            });
        let chosen = match chosen {
            Chosen::Yes => Truth::True,
            Chosen::No => Truth::False,
            Chosen::Unknown => Truth::Unknown(()),
        };
        trial.subjects.push(TriedSubject { id: id_of(world, &subject.bound), chosen, verdict: worst });
    }
    for (check, partner) in partners {
        let Some(number) = places.get(partner as usize).copied().flatten() else { continue };
        trial.checks[check].partner = Some(number);
        let subject = &mut trial.subjects[number];
        subject.verdict = subject.verdict.min(trial.checks[check].verdict);
    }
    trial
}

fn bare(truth: &Tri) -> Truth<()> {
    match truth {
        Truth::True => Truth::True,
        Truth::False => Truth::False,
        Truth::Unknown(_) => Truth::Unknown(()),
    }
}

fn open(truth: Tri) -> Truth<Vec<Missing>> {
    match truth {
        Truth::True => Truth::True,
        Truth::False => Truth::False,
        Truth::Unknown(reasons) => Truth::Unknown(reasons.to_vec()),
    }
}
