//! Arguments in, exit status out.
//!
//! Wires `io` (what is read), `checker` (what it means) and `report` (what is shown) together; one file per command.
//! Knows nothing of what a rule means.

mod arguments;
mod changes;
mod commands;
mod help;
mod language;
mod load;
mod output;
mod outputs;
mod repository;
mod stopwatch;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::FromArgMatches;
use output::Talk;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing at or above `--fail-on`.
    Clean,
    /// Conflicts.
    Conflicts,
    /// The input or the rules are wrong.
    WrongInput,
    /// Guiju failed.
    Failed,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Clean => ExitCode::from(0),
            Status::Conflicts => ExitCode::from(1),
            Status::WrongInput => ExitCode::from(2),
            Status::Failed => ExitCode::from(3),
        }
    }
}

/// Runs the program with these arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Status {
    let arguments: Vec<std::ffi::OsString> = arguments.into_iter().collect();
    let language = language::of(&arguments);
    let parsed = help::command(language).try_get_matches_from(arguments);
    let parsed = match parsed.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(parsed) => parsed,
        Err(error) => {
            // A closed pipe is the reader's choice, not our failure.
            let _ = error.print();
            return if error.use_stderr() { Status::WrongInput } else { Status::Clean };
        }
    };
    let talk = Talk::new(language, &parsed.common);
    match &parsed.command {
        Command::Check(options) => commands::check::run(options, &talk),
        Command::Explain(options) => commands::explain::run(options, &talk),
        Command::Rules(options) => commands::rules::run(options, &talk),
        Command::Test(options) => commands::test::run(options, &talk),
        Command::Init(options) => commands::init::run(options, &talk),
        Command::Inspect(options) => commands::inspect::run(options, &talk),
        Command::Convert(options) => commands::convert::run(options, &talk),
        Command::Plan(options) => commands::plan::run(options, &talk),
        Command::Diff(options) => commands::diff::run(options, &talk),
    }
}
