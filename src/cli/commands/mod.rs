//! One command a file.

pub(super) mod check;
pub(super) mod convert;
pub(super) mod diff;
pub(super) mod explain;
pub(super) mod init;
pub(super) mod inspect;
pub(super) mod plan;
pub(super) mod rules;
pub(super) mod test;

use std::path::Path;

use super::Status;
use super::output::Talk;
use crate::diagnostic::Text;
use crate::io;
use crate::report::{self, PageOptions, Report};

fn page_options(talk: &Talk) -> PageOptions {
    PageOptions { language: talk.language, color: talk.color, width: talk.width }
}

/// Reads a report that was saved.
///
/// # Errors
/// [`Status::WrongInput`], said already, where it cannot be read or is of another version.
fn read_report(path: &Path, talk: &Talk) -> Result<Report, Status> {
    let read = io::read_named(path).map_err(|error| error.text());
    let shown = path.display();
    let placed = |problem: Text| Text::new(format!("{shown}: {}", problem.en), format!("{shown}：{}", problem.zh));
    read.and_then(|text| report::json::read(&text).map_err(placed)).map_err(|problem| {
        talk.fail(&problem);
        Status::WrongInput
    })
}
