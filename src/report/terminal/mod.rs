//! Reports, diagnostics and issues for a terminal.
//!
//! Everything from a submission goes through [`super::escape`] first. Only `diagnostics.rs` names miette.

mod changes;
mod diagnostics;
mod explain;
mod finding;
mod issues;
mod summary;

pub use changes::changes;
pub use diagnostics::diagnostics;
pub use explain::explain;

use super::layout::{NARROWEST, Paint};
use super::result::{Finding, Issue, Report, Standing, Subject, Verdict};
use crate::diagnostic::Language;

/// A line of a data file, or a piece of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The text, without the end of the line.
    pub text: String,
    /// The character of `text`, from 1, that stands where the subject starts.
    pub column: u32,
}

/// How to draw.
#[derive(Clone)]
pub struct Options<'a> {
    /// In which language the tool speaks; what rules say stays as they say it.
    pub language: Language,
    /// Whether to colour.
    pub color: bool,
    /// How many cells a line has.
    pub width: usize,
    /// Whether to show each note on the data, not only how many there are.
    pub notes: bool,
    /// The file that the shapes of remedies were written to, if they were.
    pub remedies_path: Option<String>,
    /// The line that a subject stands on, where it can be had; asked for only what is drawn, since it costs a look into the file.
    pub excerpt: &'a dyn Fn(&Subject) -> Option<Excerpt>,
}

impl Options<'_> {
    fn paint(&self) -> Paint {
        Paint { color: self.color }
    }

    fn cells(&self) -> usize {
        self.width.max(NARROWEST)
    }

    fn pick<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        match self.language {
            Language::En => en,
            Language::Zh => zh,
        }
    }
}

/// The most cells of a text that a rule made with values of a submission.
const MESSAGE_CELLS: usize = 400;

/// Over so many findings the terminal shows the worst of each rule and verdict only; the files hold all.
const GROUP_OVER: usize = 50;

/// Draws a whole report: issues, findings, duties, the table of counts, and one line that says accepted or not.
pub fn render(report: &Report, options: &Options<'_>) -> String {
    let (duties, findings): (Vec<_>, Vec<_>) =
        report.findings.iter().partition(|finding| finding.verdict == Verdict::Obligation);
    let blocks = if findings.len() > GROUP_OVER {
        finding::grouped(report, &findings, options)
    } else {
        findings.iter().map(|finding| finding::block(report, finding, options)).collect()
    };
    let mut parts = vec![issues::block(&report.issues, options)];
    parts.extend(blocks);
    parts.push(summary::duties(report, &duties, options));
    parts.push(summary::table(report, options));
    parts.push(report.baseline.as_ref().map(|baseline| changes::beside(baseline, report, options)).unwrap_or_default());
    parts.push(summary::verdict(report, &report.standing(), options));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// Draws the one line that says whether the submission is accepted; `standing` counts the findings, which the report need not hold.
pub fn verdict(report: &Report, standing: &Standing, options: &Options) -> String {
    summary::verdict(report, standing, options)
}

/// Draws one finding of a report.
pub fn finding(report: &Report, finding: &Finding, options: &Options<'_>) -> String {
    finding::block(report, finding, options)
}

/// Draws faults of the data: what they are, how often, and the first few places of each.
pub fn issues(issues: &[Issue], options: &Options<'_>) -> String {
    issues::block(issues, options)
}
