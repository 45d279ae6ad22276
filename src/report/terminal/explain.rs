//! Why a finding is what it is: the finding, its condition step by step, its exception, and the smallest change that would pass.

use super::{Options, finding};
use crate::report::change::smallest;
use crate::report::escape;
use crate::report::layout::{Tone, width, wrapped};
use crate::report::result::{ExceptionState, Finding, Outcome, Report, Step, Verdict};

/// The cells of an expression, and of a value.
const TEXT_CELLS: usize = 200;
const VALUE_CELLS: usize = 80;

/// Draws the page of a finding.
pub fn explain(report: &Report, finding: &Finding, options: &Options<'_>) -> String {
    let paint = options.paint();
    let mut out = finding::block(report, finding, options);
    let heading = |en, zh| format!("\n{}\n", paint.tone(Tone::Strong, options.pick(en, zh)));
    let Some(trace) = &finding.trace else {
        out.push_str(&heading("step by step", "逐步"));
        let text = options.pick(
            "nothing is known of what the rule runs over, so that there are no steps; see what is missing",
            "规则所遍历的对象未知，没有可列的步骤；见“缺少”一栏",
        );
        out.push_str(&paragraph(text, 3, options));
        return out;
    };
    out.push_str(&heading(
        if trace.wanted { "the condition, which must hold" } else { "the condition, which must not hold" },
        if trace.wanted { "条件（应当成立）" } else { "条件（不得成立）" },
    ));
    steps(&trace.condition, 1, options, &mut out);
    if finding.exception.state != ExceptionState::None {
        out.push_str(&heading("the exception", "例外"));
        match &trace.unless {
            Some(unless) => steps(unless, 1, options, &mut out),
            None => {
                let text = options.pick("it was not asked for", "未用到");
                out.push_str(&paragraph(text, 3, options));
            }
        }
    }
    match finding.verdict {
        Verdict::Conflict | Verdict::Undetermined | Verdict::Obligation => {
            out.push_str(&heading("the smallest change that would pass", "使其通过的最小改动"));
            let mut changes = smallest(&trace.condition, trace.wanted);
            if let Some(unless) = &trace.unless {
                changes.extend(smallest(unless, true));
            }
            for (at, change) in changes.iter().enumerate() {
                let either = if at > 0 { options.pick("or ", "或 ") } else { "" };
                out.push_str(&paragraph(&format!("{either}{}", change.in_language(options.language)), 3, options));
            }
        }
        Verdict::Excepted | Verdict::Pass | Verdict::NotApplicable => {}
    }
    out
}

/// Draws a step and its parts, each a step further in.
fn steps(step: &Step, depth: usize, options: &Options<'_>, out: &mut String) {
    let paint = options.paint();
    let mut line = escape::cut(&step.text, TEXT_CELLS);
    let (word, tone) = match step.outcome {
        Some(Outcome::True) => (options.pick("holds", "成立"), Tone::Good),
        Some(Outcome::False) => (options.pick("does not hold", "不成立"), Tone::Bad),
        Some(Outcome::Unknown) => (options.pick("unknown", "未知"), Tone::Careful),
        None => ("", Tone::Quiet),
    };
    if let Some(amount) = &step.amount {
        line.push_str(&format!(" = {}", escape::cut(&amount.shown, VALUE_CELLS)));
        if let Some(error) = amount.error.filter(|error| *error > 0.0) {
            line.push_str(&format!(" ± {error:.1e}"));
        }
    }
    if let Some(from) = &step.from {
        let place = escape::cut(&format!("{} {}", from.what, from.place(options.language)), TEXT_CELLS);
        line.push_str(&format!("  ← {place}"));
    }
    let indent = 3 * depth;
    for (at, part) in wrapped(&line, options.cells().saturating_sub(indent + width(word) + 2)).iter().enumerate() {
        let verdict = match at {
            0 if !word.is_empty() => format!("  {}", paint.tone(tone, word)),
            _ => String::new(),
        };
        out.push_str(&format!("{}{part}{verdict}\n", " ".repeat(indent)));
    }
    // Deep in, a line still needs room.
    step.steps.iter().for_each(|part| steps(part, (depth + 1).min(8), options, out));
}

fn paragraph(text: &str, indent: usize, options: &Options<'_>) -> String {
    wrapped(&escape::line(text), options.cells().saturating_sub(indent))
        .iter()
        .map(|line| format!("{}{line}\n", " ".repeat(indent)))
        .collect()
}
