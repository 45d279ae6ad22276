//! Faults of the data, as one compact block.

use std::collections::BTreeMap;

use super::{Options, finding};
use crate::diagnostic::{Language, codes};
use crate::report::escape;
use crate::report::layout::{Tone, padded, rows, width, wrapped};
use crate::report::result::{Issue, IssueSeverity};

/// The places shown of each kind of issue.
const PLACES: usize = 3;

/// Draws the issues by kind, worst first: what it is, how often, and the first few places.
pub(super) fn block(issues: &[Issue], options: &Options<'_>) -> String {
    let mut kinds: BTreeMap<(IssueSeverity, &str), Vec<&Issue>> = BTreeMap::new();
    for issue in issues {
        kinds.entry((issue.severity, &issue.code)).or_default().push(issue);
    }
    let (notes, faults): (Vec<_>, Vec<_>) =
        kinds.iter().partition(|((severity, _), _)| *severity == IssueSeverity::Note && !options.notes);
    let mut out: String =
        faults.iter().map(|((severity, code), list)| kind_block(*severity, code, list, options)).collect();
    if !notes.is_empty() {
        let kinds: Vec<String> = notes.iter().map(|((_, code), list)| format!("{code} × {}", list.len())).collect();
        let text = format!("{} · {}", kinds.join(" · "), options.pick("`-v` shows each", "加 -v 逐条列出"));
        let label = options.pick("data notes", "数据提示").to_owned();
        out.push_str(&rows(&[(label, escape::line(&text))], 0, options.cells(), options.paint()));
    }
    out
}

fn kind_block(severity: IssueSeverity, code: &str, list: &[&Issue], options: &Options<'_>) -> String {
    let paint = options.paint();
    let (word, tone) = match severity {
        IssueSeverity::Error => (options.pick("data error", "数据错误"), Tone::Bad),
        IssueSeverity::Warning => (options.pick("data warning", "数据警告"), Tone::Careful),
        IssueSeverity::Note => (options.pick("data note", "数据提示"), Tone::Duty),
    };
    let summary = codes::all().find(|known| known.name == code).map(|known| match options.language {
        Language::En => known.en,
        Language::Zh => known.zh,
    });
    let start = escape::line(&format!("{word}[{code}]"));
    let count = format!("× {}", list.len());
    let room = options.cells().saturating_sub(width(&start) + width(&count) + 3);
    let mut head = paint.tone(tone, &start);
    if let Some(summary) = summary {
        head = format!("{head} {}", escape::cut(summary, room));
    }
    let mut out = format!("{head} {}\n", paint.tone(Tone::Quiet, &count));
    let shown = &list[..list.len().min(PLACES)];
    let places: Vec<String> =
        shown.iter().map(|issue| escape::cut_start(&place(issue, options.language), options.cells() / 2)).collect();
    let column = places.iter().map(|place| width(place)).max().unwrap_or(0);
    for (issue, place) in shown.iter().zip(&places) {
        let mut text = issue.text.in_language(options.language).to_owned();
        if let Some(point) = issue.point {
            text = format!("{text} · {}", finding::position(point, None));
        }
        let room = options.cells().saturating_sub(column + 5);
        let mut place = place.as_str();
        for line in wrapped(&escape::cut(&text, 3 * room), room) {
            out.push_str(&format!("   {}  {line}\n", paint.tone(Tone::Place, &padded(place, column))));
            place = "";
        }
    }
    if list.len() > PLACES {
        out.push_str(&format!("   {}\n", paint.tone(Tone::Quiet, &format!("… {}", list.len() - PLACES))));
    }
    out
}

fn place(issue: &Issue, language: Language) -> String {
    let mut place = issue.place(language);
    for part in issue.feature.iter().chain(&issue.field) {
        place.push(' ');
        place.push_str(part);
    }
    place
}
