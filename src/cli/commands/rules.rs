//! `guiju rules`: the rules of packs, filtered.

use super::page_options;
use crate::cli::Status;
use crate::cli::arguments::{RulesOptions, SeverityOption};
use crate::cli::load;
use crate::cli::output::Talk;
use crate::report::{self, Filter};
use crate::sema::program::Severity;
use crate::source::Files;

/// Prints the list.
pub(in crate::cli) fn run(options: &RulesOptions, talk: &Talk) -> Status {
    let mut files = Files::default();
    let rules = match load::rules(&options.packs, &mut files, talk) {
        Ok(rules) => rules,
        Err(status) => return status,
    };
    let filter = Filter {
        department: options.department.clone(),
        source: options.source.clone(),
        layer: options.layer.clone(),
        severity: options.severity.map(|severity| match severity {
            SeverityOption::Prohibited => Severity::Prohibited,
            SeverityOption::Conditional => Severity::Conditional,
            SeverityOption::Advisory => Severity::Advisory,
        }),
    };
    if let Some(problem) = report::unknown_name(&rules.program, &filter) {
        talk.fail(&problem);
        return Status::WrongInput;
    }
    talk.result(report::rule_list(&rules.program, &filter, page_options(talk)));
    Status::Clean
}
