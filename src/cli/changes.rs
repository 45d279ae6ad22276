//! `guiju check --changed-since`: the submission as it is beside the submission as it was in a commit.
//!
//! Both are read in full and joined in full; only the subjects that can come out otherwise are looked at, in both. Findings are then
//! compared with those of the earlier state, so that what was there already does not count.

use super::Status;
use super::arguments::SubmissionOptions;
use super::load::{self, Submission};
use super::output::Talk;
use super::repository;
use crate::checker;
use crate::engine::finding::Results;
use crate::report::{ChangedSince, ItemChanges};

/// The submission as it was.
pub(super) struct Earlier {
    revision: String,
    commit: String,
    /// It, if it was there and could be read.
    pub(super) submission: Option<Submission>,
    /// Where its files lie while it is in use.
    _files: Option<tempfile::TempDir>,
}

/// Both states, checked.
pub(super) struct Checked {
    /// What is found now.
    pub(super) now: Results,
    /// What was found then, if there is a state to compare with.
    pub(super) then: Option<Results>,
    /// What the report says of it.
    pub(super) since: ChangedSince,
}

/// Reads a submission as it was in a commit.
///
/// # Errors
/// [`Status::WrongInput`], said already, where git does not know the state.
pub(super) fn earlier(options: &SubmissionOptions, revision: &str, talk: &Talk) -> Result<Earlier, Status> {
    let state = repository::earlier(&options.folder, revision).map_err(|problem| {
        talk.fail(&problem);
        Status::WrongInput
    })?;
    let submission = state.files.as_ref().and_then(|files| {
        let there =
            SubmissionOptions { folder: files.path().to_owned(), as_of: options.as_of.clone(), allow: Vec::new() };
        // What was wrong with it then is no longer anybody's concern: with nothing to compare with, everything counts as new.
        load::submission(&there, false, &talk.silenced()).ok()
    });
    Ok(Earlier { revision: revision.to_owned(), commit: state.commit, submission, _files: state.files })
}

/// Checks a submission, and the earlier one beside it.
pub(super) fn check(now: &mut Submission, earlier: &mut Earlier, progress: &(dyn Fn(u64, u64) + Sync)) -> Checked {
    let since = |complete, items| ChangedSince {
        revision: earlier.revision.clone(),
        commit: earlier.commit.clone(),
        complete,
        items,
    };
    let settings = settings(now);
    let program = &now.rules.program;
    let Some(then) = earlier.submission.as_mut().filter(|then| then.crs == now.crs) else {
        let results = checker::check(program, &mut now.data, &settings, progress);
        return Checked { now: results, then: None, since: since(true, None) };
    };
    let then_settings = self::settings(then);
    if !same_rules(then, now) {
        let before = checker::check(&then.rules.program, &mut then.data, &then_settings, progress);
        let results = checker::check(program, &mut now.data, &settings, progress);
        return Checked { now: results, then: Some(before), since: since(true, None) };
    }
    let states = [(&mut then.data, &then_settings), (&mut now.data, &settings)];
    let partial = checker::check_changes(program, states, progress);
    let changed = partial.changed;
    let items = ItemChanges { added: changed.added, changed: changed.changed, removed: changed.removed };
    Checked { now: partial.new, then: Some(partial.old), since: since(partial.complete, Some(items)) }
}

fn settings(submission: &Submission) -> crate::engine::Settings {
    checker::settings(&submission.rules.program, &submission.data, submission.method, Some(submission.as_of))
}

/// Tells whether two submissions are checked by the same rules with the same params: then what is numbered in one is in the other.
fn same_rules(one: &Submission, other: &Submission) -> bool {
    let packs = |submission: &Submission| {
        submission.rules.packs.iter().map(|pack| (pack.name.clone(), pack.sha256.clone())).collect::<Vec<_>>()
    };
    let params = |submission: &Submission| {
        let written = submission.manifest.params.iter();
        written.map(|(name, value)| (name.value.clone(), value.value.clone())).collect::<Vec<_>>()
    };
    packs(one) == packs(other) && params(one) == params(other)
}
