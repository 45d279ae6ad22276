//! What has changed since an earlier report: a count of each kind, and a line for each finding that is not as it was.

use super::{MESSAGE_CELLS, Options};
use crate::diagnostic::Language;
use crate::report::escape;
use crate::report::layout::{NARROWEST, Paint, Tone, padded, width, wrapped};
use crate::report::result::{BaselineSummary, Report};
use crate::report::review::{Change, ChangeKind, Diff, Side};
use crate::report::rule_page::PageOptions;
use crate::report::words;

/// The most findings that are listed as gone beside a report; `guiju diff` lists them all.
const GONE: usize = 10;
/// The cells of a subject's or rule's id.
const ID_CELLS: usize = 24;

/// Draws what has changed between two reports.
pub fn changes(diff: &Diff, options: PageOptions) -> String {
    let (language, paint, cells) = (options.language, Paint { color: options.color }, options.width.max(NARROWEST));
    let mut out = String::new();
    let mut line = |tone: Tone, text: &str| {
        for line in wrapped(&escape::line(text), cells) {
            out.push_str(&(paint.tone(tone, &line) + "\n"));
        }
    };
    for (name, one) in [(words::then(), &diff.old), (words::now(), &diff.new)] {
        line(Tone::Quiet, &format!("{} {}", name.in_language(language), side(one, language)));
    }
    for note in &diff.notes {
        line(Tone::Careful, note.in_language(language));
    }
    let bad = diff.counts.new + diff.counts.worse > 0;
    line(if bad { Tone::Bad } else { Tone::Good }, &words::counted(&diff.counts, language));
    for kind in [ChangeKind::New, ChangeKind::Worse, ChangeKind::Better, ChangeKind::Gone] {
        let list: Vec<&Change> = diff.changes.iter().filter(|change| change.change == kind).collect();
        if list.is_empty() {
            continue;
        }
        let title = format!("{} × {}", words::change(kind).in_language(language), list.len());
        out.push_str(&format!("\n{}\n", paint.tone(tone_of(kind), &title)));
        for change in list {
            out.push_str(&entry(change, diff, language, paint, cells));
        }
    }
    out
}

/// Draws, below a report, how it compares with an earlier one and what is gone.
pub(super) fn beside(baseline: &BaselineSummary, report: &Report, options: &Options<'_>) -> String {
    let (language, paint, cells) = (options.language, options.paint(), options.cells());
    let path = escape::cut_start(&baseline.path, cells / 2);
    let text = match language {
        Language::En => {
            format!("compared with {path} ({}): {}", baseline.as_of, words::counted(&baseline.counts, language))
        }
        Language::Zh => format!("与 {path}（{}）相比：{}", baseline.as_of, words::counted(&baseline.counts, language)),
    };
    let mut out: String =
        wrapped(&escape::line(&text), cells).iter().map(|line| paint.tone(Tone::Strong, line) + "\n").collect();
    for gone in baseline.gone.iter().take(GONE) {
        let kind = report.layer(&gone.kind, language);
        let word = words::gone(gone.rule_not_run);
        let word = word.in_language(language);
        let text = format!("{word} · {} · {kind} {} · {}", gone.rule, gone.subject, gone.message);
        for line in wrapped(&escape::cut(&text, MESSAGE_CELLS), cells - 3) {
            out.push_str(&format!("   {}\n", paint.tone(Tone::Quiet, &line)));
        }
    }
    if baseline.gone.len() > GONE {
        out.push_str(&format!("   … {}\n", baseline.gone.len() - GONE));
    }
    out
}

fn side(side: &Side, language: Language) -> String {
    let accepted = words::accepted(side.accepted);
    let parts = [&side.path, &side.submission, &side.name, &side.as_of];
    let shown: Vec<String> =
        parts.into_iter().filter(|part| !part.is_empty()).map(|part| escape::cut(part, 60)).collect();
    format!("{} · {}", shown.join(" · "), accepted.in_language(language))
}

fn tone_of(kind: ChangeKind) -> Tone {
    match kind {
        ChangeKind::New | ChangeKind::Worse => Tone::Bad,
        ChangeKind::Better | ChangeKind::Gone => Tone::Good,
        ChangeKind::Old => Tone::Quiet,
    }
}

fn entry(change: &Change, diff: &Diff, language: Language, paint: Paint, cells: usize) -> String {
    let start = format!("{} {}", escape::cut(&change.rule, ID_CELLS), escape::cut(&change.subject, ID_CELLS));
    let parts = [diff.layer(&change.kind, language).to_owned(), change.became(language), change.message.clone()];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let column = width(&start);
    let mut lead = start;
    let mut out = String::new();
    for line in wrapped(&escape::cut(&text, MESSAGE_CELLS), cells.saturating_sub(column + 5)) {
        out.push_str(&format!("   {}  {line}\n", paint.tone(Tone::Place, &padded(&lead, column))));
        lead.clear();
    }
    out
}
