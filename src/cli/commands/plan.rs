//! `guiju plan`: how a check would run.

use crate::checker;
use crate::cli::Status;
use crate::cli::arguments::PlanOptions;
use crate::cli::load;
use crate::cli::output::Talk;
use crate::report;

/// Prints the plan of a submission's check.
pub(in crate::cli) fn run(options: &PlanOptions, talk: &Talk) -> Status {
    let submission = match load::submission(&options.submission, talk) {
        Ok(submission) => submission,
        Err(status) => return status,
    };
    let program = &submission.rules.program;
    let settings = checker::settings(program, &submission.data, submission.method, Some(submission.as_of));
    let plan = checker::plan(program, &settings);
    talk.result(report::plan_page(program, &plan, &submission.data, super::page_options(talk)));
    Status::Clean
}
