//! The tests that stand beside rules.

use std::sync::Arc;

use super::given;
use crate::diagnostic::Text;
use crate::engine::{
    self, Settings,
    finding::{Exception, Verdict},
};
use crate::geometry::measure::AreaMethod;
use crate::sema::program::{Expect, ExpectedVerdict, Program, Rule, Test};
use crate::source::Span;
use crate::text;

/// How far a measure may be off in a test, in its base unit.
const EQUAL_WITHIN: f64 = 0.01;

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
