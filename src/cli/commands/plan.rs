//! `guiju plan`: how a check would run.

use crate::checker;
use crate::cli::Status;
use crate::cli::arguments::PlanOptions;
use crate::cli::load::{self, Submission};
use crate::cli::output::Talk;
use crate::cli::stopwatch::Stopwatch;
use crate::io::InputInfo;
use crate::report::{self, ReadTiming, Stage};

/// Prints the plan of a submission's check.
pub(in crate::cli) fn run(options: &PlanOptions, talk: &Talk) -> Status {
    let mut submission = match load::submission(&options.submission, false, talk) {
        Ok(submission) => submission,
        Err(status) => return status,
    };
    let program = &submission.rules.program;
    let settings = checker::settings(program, &submission.data, submission.method, Some(submission.as_of));
    let plan = checker::plan(program, &settings);
    talk.result(report::plan_page(program, &plan, &submission.data, super::page_options(talk)));
    if options.timings {
        let mut watch = Stopwatch::start();
        let timings = checker::check_timed(program, &mut submission.data, &settings);
        submission.spent.push((Stage::Check, watch.lap()));
        let read: Vec<ReadTiming> =
            submission.inputs.iter().filter_map(|input| read_timing(&submission, input)).collect();
        let options = super::page_options(talk);
        let page = report::timings_page(program, &plan, &timings, &submission.spent, &read, options);
        talk.result(format!("\n{page}"));
    }
    Status::Clean
}

/// Returns what reading a layer's file cost; `None` for what is no layer.
fn read_timing(submission: &Submission, input: &InputInfo) -> Option<ReadTiming> {
    let class = submission.rules.program.schema.class(input.class);
    class.is_layer().then(|| ReadTiming {
        path: input.path.clone(),
        features: input.features as u64,
        vertices: submission.data.items(input.class).store().coord_count() as u64,
        bytes: input.cost.bytes,
        read: input.cost.read,
        shapes: input.cost.shapes,
        projection: input.cost.projection,
    })
}
