//! `guiju diff`: what has changed between two results.

use crate::cli::Status;
use crate::cli::arguments::{DiffFormat, DiffOptions};
use crate::cli::output::Talk;
use crate::report::{self, review, terminal};
use crate::text;

/// Prints what has changed.
pub(in crate::cli) fn run(options: &DiffOptions, talk: &Talk) -> Status {
    let reports = super::read_report(&options.old, talk)
        .and_then(|old| super::read_report(&options.new, talk).map(|new| (old, new)));
    let (old, new) = match reports {
        Ok(reports) => reports,
        Err(status) => return status,
    };
    let paths = [&options.old, &options.new].map(|path| path.to_string_lossy());
    let diff = match review::diff(&old, &paths[0], &new, &paths[1]) {
        Ok(diff) => diff,
        Err(problem) => {
            talk.fail(&problem);
            return Status::WrongInput;
        }
    };
    match options.format {
        DiffFormat::Terminal => talk.result(terminal::changes(&diff, super::page_options(talk))),
        DiffFormat::Html => talk.result(report::diff_page(&diff, talk.language)),
        DiffFormat::Json => match report::json::render_diff(&diff) {
            Ok(json) => talk.result(json),
            Err(error) => {
                talk.fail(&text!(en: "cannot write JSON: {error}", zh: "无法写出 JSON：{error}"));
                return Status::Failed;
            }
        },
    }
    match options.fail_on_new && diff.counts.new + diff.counts.worse > 0 {
        true => Status::Conflicts,
        false => Status::Clean,
    }
}
