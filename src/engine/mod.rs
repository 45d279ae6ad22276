//! From a checked program and its layers to findings.
//!
//! `plan` settles once which rules run and which joins they share; `ground` makes layers ready, `join` asks them which pairs there are, `eval` decides
//! one expression in three-valued logic, `check` goes through the bindings of a rule and gives verdicts, `describe`, `evidence` and
//! `remedy` make findings of them, and `cure` runs the rules again on the shapes that would comply. `scope` settles, for a partial run,
//! which subjects can come out otherwise than in an earlier state.
//! Knows nothing of text, disk, waivers and of how anything is shown, and never fails: what cannot be decided is a finding that says so.
//!
//! A rule whose subjects were not supplied examines one subject, which is undetermined. A subject that does not fit the rule's
//! first `where` is examined, and counted as one the rule does not apply to.

pub mod finding;
pub mod plan;
pub mod trial;

mod check;
mod cure;
mod describe;
mod eval;
mod evidence;
mod frame;
mod functions;
mod ground;
mod join;
mod lookup;
mod meter;
mod natural;
mod phrase;
mod pieces;
mod register;
mod remedy;
mod run;
pub mod scope;
mod trace;
mod truth;
mod value;
mod walk;
mod world;

#[cfg(test)]
mod tests;

use jiff::civil::Date;

pub use meter::{JoinTiming, RegisterTiming, Timings};
pub use plan::{Plan, plan};
pub use run::{complete, constant, run, run_timed, run_within};
pub use scope::{Changed, Scope, difference};

use crate::geometry::measure::AreaMethod;

/// How a run measures, and for which day and place.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How areas and lengths are measured.
    pub method: AreaMethod,
    /// The day for which rules are in force; every rule is if it is not known.
    pub as_of: Option<Date>,
    /// The administrative division, six digits; every rule applies if it is not known.
    pub region: Option<u32>,
    /// Width in m under which a small piece is a sliver.
    pub sliver_width_m: f64,
    /// Area in m² under which a thin piece is a sliver.
    pub sliver_area_m2: f64,
    /// Area in m² under which a part that a cure leaves is too small to be of use.
    pub least_part_m2: f64,
    /// Width in m under which a part that a cure leaves is too thin to be of use.
    pub least_part_width_m: f64,
    /// How many cures are checked themselves, those of the gravest findings first.
    pub most_trials: usize,
    /// Whether findings are described; else they are only named, with their verdicts, which is all that a verdict in one line tells.
    pub described: bool,
    /// For tests: measures that differ by at most this much are equal.
    pub equal_within: Option<f64>,
    /// For tests: rules are in force whatever the day and place.
    pub ignore_period: bool,
}

impl Default for Settings {
    /// Returns the settings of a run in the plane, for no day or place.
    fn default() -> Self {
        Settings {
            method: AreaMethod::Plane,
            as_of: None,
            region: None,
            sliver_width_m: 0.5,
            sliver_area_m2: 10.0,
            least_part_m2: 10.0,
            least_part_width_m: 0.5,
            most_trials: 2_000,
            described: true,
            equal_within: None,
            ignore_period: false,
        }
    }
}

impl Settings {
    /// Returns the settings of a test: in the plane, every rule in force, measures equal within 0.01.
    pub fn for_test() -> Self {
        Settings { equal_within: Some(0.01), ignore_period: true, ..Settings::default() }
    }
}
