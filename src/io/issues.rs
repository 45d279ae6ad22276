//! Gathering issues without drowning in them: the first of a kind are told one by one, the rest are counted.

use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::limits::{ISSUES_OF_A_KIND, NOTES_OF_A_KIND};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Code, Severity, Text};
use crate::model::{ClassId, Issue};
use crate::source::Place;
use crate::text;

type Kind = (&'static str, Severity, Option<ClassId>, Option<Arc<str>>);

/// The issues found so far, in order.
#[derive(Debug, Default)]
pub(super) struct Issues {
    found: Vec<Issue>,
    counts: IndexMap<Kind, (u32, Place), FxBuildHasher>,
}

/// Returns an issue that names a place and nothing more; the caller adds what it knows.
pub(super) fn issue(code: &'static Code, severity: Severity, text: Text, place: Place) -> Issue {
    Issue { code, severity, text, place, class: None, item: None, item_ref: None, field: None, point: None }
}

impl Issues {
    /// Adds an issue.
    pub(super) fn push(&mut self, issue: Issue) {
        self.push_with(issue, 0);
    }

    /// Adds an issue that stands for `more` others like it, which are counted only.
    pub(super) fn push_with(&mut self, issue: Issue, more: u32) {
        let kind = (issue.code.name, issue.severity, issue.class, issue.field.clone());
        let (count, _) = self.counts.entry(kind).or_insert((0, issue.place));
        *count += 1;
        let told = *count <= told_of(issue.severity);
        *count = count.saturating_add(more);
        if told {
            self.found.push(issue);
        }
    }

    /// Adds the issue that `make` gives about a field of a class; it is not made where it would only be counted.
    pub(super) fn push_made(
        &mut self,
        code: &Code,
        severity: Severity,
        class: ClassId,
        field: Option<&Arc<str>>,
        make: impl FnOnce() -> Issue,
    ) {
        match self.counts.get_mut(&(code.name, severity, Some(class), field.cloned())) {
            Some((count, _)) if *count >= told_of(severity) => *count = count.saturating_add(1),
            Some(_) | None => self.push(make()),
        }
    }

    /// Returns how many issues were added, told or counted.
    pub(super) fn count(&self) -> usize {
        self.counts.values().map(|(count, _)| *count as usize).sum()
    }

    /// Returns the issues; behind them, for each kind with too many, how many more there are.
    pub(super) fn finish(mut self) -> Vec<Issue> {
        for ((name, severity, class, field), (count, place)) in self.counts {
            let more = count.saturating_sub(told_of(severity));
            if more > 0 {
                let text = text!(en: "{more} more issues `{name}` like these", zh: "另有 {more} 个同类问题“{name}”");
                let place = Place::file(place.file);
                self.found.push(Issue { class, field, ..issue(&codes::MORE_ISSUES, severity, text, place) });
            }
        }
        self.found
    }
}

/// Returns how many issues of a kind are told one by one.
fn told_of(severity: Severity) -> u32 {
    match severity {
        Severity::Error | Severity::Warning => ISSUES_OF_A_KIND,
        Severity::Note => NOTES_OF_A_KIND,
    }
}
