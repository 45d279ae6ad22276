//! A report seen beside what was decided before: exceptions that were granted, and an earlier report.
//!
//! Takes reports and waivers, gives reports with more in them, and what has changed between two. Knows nothing of the files that
//! either came from.

mod compare;
mod diff;
mod ground;
mod waivers;

#[cfg(test)]
mod tests;

pub use compare::compare;
pub use diff::{Change, ChangeKind, Diff, Side, diff};
pub use waivers::{Granted, waive};
