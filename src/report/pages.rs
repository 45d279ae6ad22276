//! Pages about codes and tests, for a terminal.

use super::escape;
use super::layout::{Tone, wrapped};
use super::rule_page::PageOptions;
use crate::diagnostic::{Code, Language, Text};
use crate::source::{Files, Span};

/// Draws the page of a code: what it means in one language, and its example.
pub fn code_page(code: &Code, options: PageOptions) -> String {
    let paint = options.paint();
    let summary = match options.language {
        Language::En => code.en,
        Language::Zh => code.zh,
    };
    let mut out = format!("{}  {}\n", paint.tone(Tone::Careful, code.name), paint.tone(Tone::Strong, summary));
    let (wanted, other) = match options.language {
        Language::En => ("## English", "## 中文"),
        Language::Zh => ("## 中文", "## English"),
    };
    let (mut skipped, mut verbatim) = (false, false);
    for line in code.page.lines().skip(1) {
        if line == wanted || line == other {
            skipped = line == other;
            continue;
        }
        if skipped && !line.starts_with("## ") {
            continue;
        }
        skipped = false;
        if line.starts_with("```") {
            verbatim = !verbatim;
        } else if let Some(heading) = line.strip_prefix("## ") {
            let heading = if heading == "Example" { options.pick("example", "示例") } else { heading };
            out.push_str(&format!("{}\n", paint.tone(Tone::Strong, heading)));
        } else if verbatim {
            out.push_str(format!("  {line}").trim_end());
            out.push('\n');
        } else {
            for part in wrapped(line, options.cells().saturating_sub(2)) {
                out.push_str(format!("  {part}").trim_end());
                out.push('\n');
            }
        }
    }
    out
}

/// A test that was run, as its page shows it.
#[derive(Debug, Clone)]
pub struct TestLine<'a> {
    /// The rule.
    pub rule: &'a str,
    /// What the test shows.
    pub title: &'a str,
    /// What was not met, and the expectation's place.
    pub failures: Vec<(&'a Text, Span)>,
}

/// Draws the tests that failed, each with what was expected and what came out.
pub fn test_page(tests: &[TestLine<'_>], files: &Files, options: PageOptions) -> String {
    let paint = options.paint();
    let mut out = String::new();
    for test in tests.iter().filter(|test| !test.failures.is_empty()) {
        let failed = paint.tone(Tone::Bad, options.pick("failed", "未通过"));
        out.push_str(&format!("{failed} {} {}\n", escape::line(test.rule), escape::line(test.title)));
        for (text, span) in &test.failures {
            let location = files.location(*span);
            let place = format!("{}:{}:{}", files.name(span.file), location.line, location.column);
            out.push_str(&format!("  {}\n", paint.tone(Tone::Place, &escape::line(&place))));
            for line in wrapped(&escape::line(text.in_language(options.language)), options.cells().saturating_sub(4)) {
                out.push_str(&format!("    {line}\n"));
            }
        }
    }
    out
}
