//! The one door to checking: texts and data in, plain results out.
//!
//! Compiles packs, runs checks and the tests beside the rules. Knows nothing of disk and terminal.

mod compile;
mod given;
mod testing;

pub use compile::{PackTexts, ParamSetting, compile};
pub use testing::{Failure, TestOutcome, run_tests};

use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive;

use crate::engine::finding::Results;
use crate::engine::{self, Changed, Plan, Scope, Settings, Timings};
use crate::geometry::measure::AreaMethod;
use crate::model::{Dataset, SUBMISSION, Value};
use crate::sema::program::Program;

/// Puts the rows of the packs' tables into a dataset.
pub fn fill_tables(program: &Program, data: &mut Dataset) {
    for table in &program.tables {
        given::push_rows(program, data, table);
    }
}

/// Returns how to measure and when and where the submission stands, from its own record; `as_of` comes before the record's day.
pub fn settings(program: &Program, data: &Dataset, method: AreaMethod, as_of: Option<Date>) -> Settings {
    let submission = program.schema.class(SUBMISSION);
    let value = |name: &str| {
        let field = submission.field(name)?;
        (!data.items(SUBMISSION).is_empty()).then(|| data.items(SUBMISSION).value(0, field))
    };
    let day = match value("as_of") {
        Some(Value::Date(day)) => Some(day),
        Some(_) | None => None,
    };
    let region = match value("region") {
        Some(Value::Code(code)) => Some(code.entry),
        Some(_) | None => None,
    };
    // A pack that says how small a parcel may be says so of what is left of one, too.
    let param = |name: &str| {
        let param = program.params.iter().find(|param| &*param.names.name == name)?;
        match &param.value {
            Value::Number(number) => number.to_f64(),
            _ => None,
        }
    };
    let default = Settings::default();
    Settings {
        method,
        as_of: as_of.or(day),
        region,
        least_part_m2: param("min_parcel_area").unwrap_or(default.least_part_m2),
        least_part_width_m: param("min_mean_width").unwrap_or(default.least_part_width_m),
        ..default
    }
}

/// Returns how a check would run.
pub fn plan(program: &Program, settings: &Settings) -> Plan {
    engine::plan(program, settings)
}

/// Checks a dataset, tables filled in and references linked, against a program. `progress` is told how many subjects are done, and of how many.
pub fn check(
    program: &Program,
    data: &mut Dataset,
    settings: &Settings,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Results {
    engine::complete(program, data);
    let plan = engine::plan(program, settings);
    engine::run(program, &plan, data, settings, progress)
}

/// What a partial check comes to.
pub struct Partial {
    /// The earlier state, as far as a change can reach.
    pub old: Results,
    /// The later state, as far as a change can reach.
    pub new: Results,
    /// How much has changed.
    pub changed: Changed,
    /// Whether every subject was looked at all the same.
    pub complete: bool,
}

/// Checks two states of a submission against one program, looking only at subjects whose verdict can differ between them.
pub fn check_changes(
    program: &Program,
    [(old, old_settings), (new, new_settings)]: [(&mut Dataset, &Settings); 2],
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Partial {
    engine::complete(program, old);
    engine::complete(program, new);
    let mut difference = engine::difference(program, old, new);
    // Another day, place or measure touches every verdict.
    let complete = old_settings != new_settings;
    if complete {
        difference.old = Scope::everything();
        difference.new = Scope::everything();
    }
    let run = |data: &Dataset, settings: &Settings, scope: &Scope| {
        engine::run_within(program, &engine::plan(program, settings), data, settings, scope, progress)
    };
    Partial {
        old: run(old, old_settings, &difference.old),
        new: run(new, new_settings, &difference.new),
        changed: difference.changed,
        complete,
    }
}

/// As [`check`], for where the time goes.
pub fn check_timed(program: &Program, data: &mut Dataset, settings: &Settings) -> Timings {
    engine::complete(program, data);
    let plan = engine::plan(program, settings);
    engine::run_timed(program, &plan, data, settings).1
}
