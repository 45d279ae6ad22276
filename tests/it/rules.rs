//! Do the rules that are shipped, and those that show the language, pass their own tests?

use std::collections::BTreeSet;

use guiju::checker::run_tests;
use guiju::sema::program::{ExpectedVerdict, Program, Test};
use guiju::source::Files;

use crate::packs;

const EXAMPLE: &str = "fixtures/language/example-pack";
const NATIONAL: &str = "rules/national";

fn compiled(folder: &str) -> (Program, Files) {
    let (program, diagnostics, files) = packs::compiled(folder);
    assert!(diagnostics.is_empty(), "{folder}:\n{}", packs::drawn(&diagnostics, &files));
    (program, files)
}

/// The expectations that are not met, a line each.
fn failures(program: &Program, files: &Files) -> Vec<String> {
    let mut failures = Vec::new();
    for outcome in run_tests(program, None) {
        for failure in &outcome.failures {
            let (name, line) = (files.name(failure.span.file), files.location(failure.span).line);
            failures.push(format!("{name}:{line}: {} {}", outcome.rule, failure.text.en));
        }
    }
    failures
}

#[test]
fn packs_compile_without_diagnostics_and_pass_their_tests() {
    for folder in [EXAMPLE, NATIONAL] {
        let (program, files) = compiled(folder);
        assert!(program.rules.len() > 10 && program.tests.len() > 5, "{folder} is hardly read");
        assert_eq!(run_tests(&program, None).len(), program.tests.len());
        assert_eq!(failures(&program, &files), Vec::<String>::new(), "{folder}");
    }
}

/// What a rule's tests expect of it.
fn verdicts(program: &Program, rule: &str) -> BTreeSet<&'static str> {
    let tests = program.tests.iter().filter(|test| *test.rule == *rule);
    tests
        .flat_map(|test: &Test| &test.expects)
        .map(|expect| match expect.verdict {
            ExpectedVerdict::Pass => "pass",
            // An obligation is what a rule of duties finds.
            ExpectedVerdict::Conflict | ExpectedVerdict::Obligation => "conflict",
            ExpectedVerdict::Excepted => "excepted",
            ExpectedVerdict::Undetermined => "undetermined",
            ExpectedVerdict::NotApplicable => "not applicable",
        })
        .collect()
}

#[test]
fn every_national_rule_is_shown_to_pass_and_to_find() {
    let (program, _) = compiled(NATIONAL);
    let mut lacking = Vec::new();
    for rule in &program.rules {
        let shown = verdicts(&program, &rule.id);
        for verdict in ["pass", "conflict"] {
            if !shown.contains(verdict) {
                lacking.push(format!("{}: no test expects {verdict}", rule.id));
            }
        }
    }
    assert_eq!(lacking, Vec::<String>::new());
}

/// Returns a verdict that is not the one expected.
fn another(verdict: ExpectedVerdict) -> ExpectedVerdict {
    match verdict {
        ExpectedVerdict::Pass
        | ExpectedVerdict::Excepted
        | ExpectedVerdict::Undetermined
        | ExpectedVerdict::Obligation
        | ExpectedVerdict::NotApplicable => ExpectedVerdict::Conflict,
        ExpectedVerdict::Conflict => ExpectedVerdict::Pass,
    }
}

#[test]
fn a_wrong_expectation_fails() {
    for folder in [EXAMPLE, NATIONAL] {
        let (mut program, _) = compiled(folder);
        for test in &mut program.tests {
            for expect in &mut test.expects {
                expect.verdict = another(expect.verdict);
                expect.condition = None;
                expect.exception_unknown = false;
            }
        }
        for (test, outcome) in program.tests.iter().zip(run_tests(&program, None)) {
            assert_eq!(outcome.failures.len(), test.expects.len(), "{folder}: {} {:?}", outcome.rule, outcome.title);
        }
    }
}

#[test]
fn a_wrong_condition_subject_or_exception_fails() {
    let (program, _) = compiled(EXAMPLE);
    let test = |title: &str| program.tests.iter().find(|test| test.title.starts_with(title)).unwrap().clone();
    let mut asked = 0;
    let mut fails = |test: Test| {
        let mut program = program.clone();
        program.tests = vec![test];
        asked += 1;
        assert_eq!(run_tests(&program, None)[0].failures.len(), 1);
    };
    // Nothing is taken where there is no farmland.
    let mut wrong = test("一条边压盖一千平方米");
    wrong.given.retain(|given| &*program.schema.class(given.class).names.name != "permanent_basic_farmland");
    fails(wrong);
    let mut wrong = test("容积率高于上限");
    wrong.expects.truncate(1);
    wrong.expects[0].subject = Some("P2".into());
    fails(wrong);
    let mut wrong = test("国家重大项目且已获批");
    wrong.expects[0].exception_unknown = true;
    fails(wrong);
    assert_eq!(asked, 3);
}
