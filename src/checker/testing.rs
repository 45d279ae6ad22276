//! The tests that stand beside rules.

use std::sync::Arc;

use super::{given, settings};
use crate::diagnostic::Text;
use crate::engine::Settings;
use crate::engine::finding::{Applied, Verdict};
use crate::engine::trial::{Trial, TriedCheck, try_rule};
use crate::geometry::measure::AreaMethod;
use crate::model::{SUBMISSION, Truth};
use crate::sema::program::{Expect, ExpectedVerdict, Expr, Program, RuleId, Test};
use crate::source::Span;
use crate::text;

/// What became of one test.
#[derive(Debug, Clone)]
pub struct TestOutcome {
    /// The id of the rule.
    pub rule: Arc<str>,
    /// What the test shows.
    pub title: Arc<str>,
    /// Where it stands.
    pub span: Span,
    /// What came out otherwise than expected; none if the test passes.
    pub failures: Vec<Failure>,
}

/// An expectation that was not met.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What was expected and what came out.
    pub text: Text,
    /// The expectation.
    pub span: Span,
}

/// Runs the tests of the program, or of one rule of it, in the order of the texts.
pub fn run_tests(program: &Program, rule: Option<&str>) -> Vec<TestOutcome> {
    program.tests.iter().filter(|test| rule.is_none_or(|id| *test.rule == *id)).map(|test| run(program, test)).collect()
}

fn run(program: &Program, test: &Test) -> TestOutcome {
    let data = given::dataset(program, test);
    let dated = test.given.iter().any(|given| given.class == SUBMISSION);
    let settings = match settings(program, &data, AreaMethod::Plane, None) {
        // A test that sets a day or a place asks whether the rule is in force there; otherwise it is.
        found if dated && (found.as_of.is_some() || found.region.is_some()) => {
            Settings { ignore_period: false, as_of: found.as_of, region: found.region, ..Settings::for_test() }
        }
        _ => Settings::for_test(),
    };
    let conditions: Vec<&Expr> = test.expects.iter().filter_map(|expect| expect.condition.as_ref()).collect();
    let trials: Vec<Trial> = program
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.id == test.rule)
        .map(|(number, _)| try_rule(program, &data, &settings, RuleId(number as u32), &conditions))
        .collect();
    // Of two rules that share the id, the one in force counts; where both are, the later.
    let trial = trials.iter().rev().find(|trial| trial.applied == Applied::Yes);
    let mut asked = 0;
    let mut failures = Vec::new();
    for expect in &test.expects {
        let condition = expect.condition.is_some().then_some(asked);
        asked += usize::from(condition.is_some());
        failures.extend(judge(expect, trial, condition).map(|text| Failure { text, span: expect.span }));
    }
    TestOutcome { rule: test.rule.clone(), title: test.title.clone(), span: test.span, failures }
}

/// Says what is wrong with an expectation; `None` if it is met. `condition` is its number among the conditions asked.
fn judge(expect: &Expect, trial: Option<&Trial>, condition: Option<usize>) -> Option<Text> {
    let wanted = verdict(expect.verdict);
    let Some(trial) = trial else { return compare(wanted, Verdict::NotApplicable) };
    let chosen = |subject: usize| expect.subject.as_ref().is_none_or(|id| trial.subjects[subject].id == *id);
    if let Some(id) = &expect.subject
        && !trial.subjects.iter().any(|subject| subject.id == *id)
    {
        return Some(text!(en: "no subject `{id}` was examined", zh: "没有检查对象“{id}”"));
    }
    let checks: Vec<&TriedCheck> = trial
        .checks
        .iter()
        .filter(|check| chosen(check.subject) || check.partner.is_some_and(chosen))
        .filter(|check| expect.constraint.is_none_or(|number| check.constraint == number))
        .collect();
    let found = match expect.constraint {
        Some(_) => checks.iter().map(|check| check.verdict).min(),
        None => (0..trial.subjects.len()).filter(|&at| chosen(at)).map(|at| trial.subjects[at].verdict).min(),
    };
    if let Some(problem) = compare(wanted, found.unwrap_or(Verdict::NotApplicable)) {
        return Some(problem);
    }
    let mut fitting = checks.iter().filter(|check| check.verdict == wanted);
    if expect.exception_unknown && !fitting.clone().any(|check| check.exception_unknown) {
        return Some(text!(en: "the exception is not unknown", zh: "例外并非未证明"));
    }
    let number = condition?;
    match fitting.any(|check| check.asked.get(number).is_some_and(|truth| *truth == Truth::True)) {
        true => None,
        false => Some(text!(
            en: "no check with this verdict fulfils the condition",
            zh: "没有一项得出该结论的检查满足此条件"
        )),
    }
}

fn compare(wanted: Verdict, found: Verdict) -> Option<Text> {
    let ((en, zh), (found_en, found_zh)) = (name(wanted), name(found));
    (wanted != found).then(|| text!(en: "expected {en}, found {found_en}", zh: "应为“{zh}”，实为“{found_zh}”"))
}

fn verdict(expected: ExpectedVerdict) -> Verdict {
    match expected {
        ExpectedVerdict::Pass => Verdict::Pass,
        ExpectedVerdict::Conflict => Verdict::Conflict,
        ExpectedVerdict::Excepted => Verdict::Excepted,
        ExpectedVerdict::Undetermined => Verdict::Undetermined,
        ExpectedVerdict::Obligation => Verdict::Obligation,
        ExpectedVerdict::NotApplicable => Verdict::NotApplicable,
    }
}

fn name(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Conflict => ("conflict", "冲突"),
        Verdict::Undetermined => ("undetermined", "无法判定"),
        Verdict::Excepted => ("excepted", "例外成立"),
        Verdict::Obligation => ("obligation", "附带责任"),
        Verdict::Pass => ("pass", "通过"),
        Verdict::NotApplicable => ("not applicable", "不适用"),
    }
}
