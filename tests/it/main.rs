//! The one test binary: a module for each question.
#![allow(clippy::disallowed_methods, reason = "tests read their fixtures themselves")]

mod language;
mod layering;
mod submissions;
mod tidy;
