//! The command line: parse arguments, call the library, return its status.

use std::process::ExitCode;

fn main() -> ExitCode {
    guiju::cli::run(std::env::args_os()).into()
}
