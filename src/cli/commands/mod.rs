//! One command a file.

pub(super) mod check;
pub(super) mod explain;
pub(super) mod plan;
pub(super) mod rules;
pub(super) mod test;

use super::output::Talk;
use crate::report::PageOptions;

fn page_options(talk: &Talk) -> PageOptions {
    PageOptions { language: talk.language, color: talk.color, width: talk.width }
}
