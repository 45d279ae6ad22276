//! The one test binary: a module for each question.
#![allow(clippy::disallowed_methods, reason = "tests read their fixtures themselves")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod ci;
mod cli;
mod conformance;
mod convert;
mod findings;
mod first_contact;
mod formats;
mod hostile;
mod language;
mod layering;
mod office;
mod over_time;
mod packs;
mod rules;
mod submissions;
mod tidy;
