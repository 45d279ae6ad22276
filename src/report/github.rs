//! Findings as annotations of a change on GitHub: workflow commands, one a line.
//!
//! Only conflicts that count are annotated: not waived, and none that an earlier result had. GitHub keeps ten annotations of a level
//! for each step, so the worst ten are given and the rest counted in a line that is no command. The values of a command are escaped as
//! GitHub unescapes them; no text of a submission can begin a line, nor a command inside one.

use std::fmt::Write;

use super::ci::{self, Level, Options};
use super::result::{Finding, IssueSeverity, Report, Verdict};
use crate::diagnostic::Language;

/// The annotations of a level that GitHub keeps for a step.
const KEPT: usize = 10;

/// Draws the annotations and a closing line that counts everything.
pub fn render(report: &Report, options: &Options<'_>) -> String {
    let mut out = String::new();
    let counting = ci::worst_first(report).into_iter().filter(|finding| report.counts_for_gate(finding));
    let mut given = [0_usize; 3];
    for finding in counting {
        let level = ci::level(report, finding.severity);
        let given = &mut given[level as usize];
        *given += 1;
        if *given <= KEPT {
            out.push_str(&annotation(level, report, finding, options));
        }
    }
    out.push_str(&closing(report, given, options));
    out
}

fn annotation(level: Level, report: &Report, finding: &Finding, options: &Options<'_>) -> String {
    let command = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let (path, at) = options.place(&finding.subject);
    let at = at.map(|(line, column)| format!(",line={line},col={column}")).unwrap_or_default();
    let title = format!("{} {}", ci::line(&finding.rule), ci::line(&finding.title));
    let said = format!("{} · {}", ci::subject(report, finding, options.language), ci::message(finding, options));
    let file = property(&options.path(path));
    let title = property(&title);
    format!("::{command} file={file}{at},title={title}::{}\n", data(&said))
}

/// Says in one line what there is and what was not annotated; numbers only, so that it is never a command.
fn closing(report: &Report, given: [usize; 3], options: &Options<'_>) -> String {
    let counting: usize = given.iter().sum();
    let annotated: usize = given.iter().map(|count| count.min(&KEPT)).sum();
    let conflicts = report.findings.iter().filter(|finding| finding.verdict == Verdict::Conflict).count();
    let (undetermined, faults) = (
        report.findings.iter().filter(|finding| finding.verdict == Verdict::Undetermined).count(),
        report.issues.iter().filter(|issue| issue.severity != IssueSeverity::Note).count(),
    );
    let mut line = String::new();
    let written = match options.language {
        Language::En => write!(
            line,
            "guiju: {} · {conflicts} conflicts, {counting} of them count, {annotated} annotated · {undetermined} undetermined · {faults} faults of the data",
            if report.gate.accepted { "accepted" } else { "not accepted" },
        ),
        Language::Zh => write!(
            line,
            "guiju：{} · 冲突 {conflicts} 处，计入门槛 {counting} 处，已标注 {annotated} 处 · 无法判定 {undetermined} 项 · 数据问题 {faults} 个",
            if report.gate.accepted { "通过" } else { "不通过" },
        ),
    };
    debug_assert!(written.is_ok(), "a string takes everything");
    line + "\n"
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads a value back as GitHub's runner does.
    fn read_back(text: &str) -> String {
        text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
    }

    proptest! {
        #[test]
        fn values_stay_one_value_and_read_back(text in "[%:,\r\n0-9A-F=甲a]*|(?s).*") {
            let value = property(&text);
            prop_assert!(!value.contains([':', ',', '\r', '\n']));
            prop_assert_eq!(read_back(&value), text.clone());
            prop_assert!(!data(&text).contains(['\r', '\n']));
        }
    }
}
