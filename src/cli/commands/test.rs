//! `guiju test`: the tests that stand beside the rules.

use crate::checker::{self, TestOutcome};
use crate::cli::Status;
use crate::cli::arguments::TestOptions;
use crate::cli::load;
use crate::cli::output::Talk;
use crate::diagnostic::Language;
use crate::report;
use crate::source::Files;
use crate::text;

/// Runs the tests; failing ones are shown with the expectation that was not met.
pub(in crate::cli) fn run(options: &TestOptions, talk: &Talk) -> Status {
    let mut files = Files::default();
    let rules = match load::rules(&options.packs, &mut files, talk) {
        Ok(rules) => rules,
        Err(status) => return status,
    };
    let outcomes = checker::run_tests(&rules.program, options.rule.as_deref());
    if let (true, Some(rule)) = (outcomes.is_empty(), &options.rule) {
        talk.fail(&text!(en: "no test of a rule `{rule}`", zh: "没有规则“{rule}”的测试"));
        return Status::WrongInput;
    }
    talk.result(report::test_page(&outcomes.iter().map(line).collect::<Vec<_>>(), &files, super::page_options(talk)));
    let failed = outcomes.iter().filter(|outcome| !outcome.failures.is_empty()).count();
    let passed = outcomes.len() - failed;
    talk.result(&match talk.language {
        Language::En => format!("{passed} passed, {failed} failed\n"),
        Language::Zh => format!("{passed} 项通过，{failed} 项未通过\n"),
    });
    match failed {
        0 => Status::Clean,
        _ => Status::Conflicts,
    }
}

fn line(outcome: &TestOutcome) -> report::TestLine<'_> {
    report::TestLine {
        rule: &outcome.rule,
        title: &outcome.title,
        failures: outcome.failures.iter().map(|failure| (&failure.text, failure.span)).collect(),
    }
}
