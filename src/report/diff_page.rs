//! What has changed between two reports, as one small HTML page that needs nothing else.

use super::escape::markup;
use super::review::{Change, ChangeKind, Diff, Side};
use super::words;
use crate::diagnostic::Language;
use crate::text;

/// Follows the reader's light or dark setting, and prints in black on white.
const STYLE: &str = "\
:root{color-scheme:light dark;--quiet:#667;--bad:#b3261e;--good:#1b6e3c;--rule:#8886}\
@media (prefers-color-scheme:dark){:root{--quiet:#99a;--bad:#ff8a80;--good:#7fd6a0}}\
body{font:16px/1.6 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}\
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}.quiet{color:var(--quiet)}.bad{color:var(--bad)}.good{color:var(--good)}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--rule)}\
td{overflow-wrap:anywhere}@media print{:root{color-scheme:light}body{margin:0;max-width:none}}";

/// Draws a page in one language. Everything of a submission in it is escaped; it runs nothing and loads nothing.
pub fn diff_page(diff: &Diff, language: Language) -> String {
    let pick = |en, zh| match language {
        Language::En => en,
        Language::Zh => zh,
    };
    let title = pick("What has changed", "两次检查结果比较");
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n",
        pick("en", "zh-CN")
    );
    for (name, side) in [(words::then(), &diff.old), (words::now(), &diff.new)] {
        out.push_str(&format!("<p>{} {}</p>\n", name.in_language(language), about(side, language)));
    }
    for note in &diff.notes {
        out.push_str(&format!("<p class=\"quiet\">{}</p>\n", markup(note.in_language(language))));
    }
    let bad = if diff.counts.new + diff.counts.worse > 0 { "bad" } else { "good" };
    out.push_str(&format!("<p class=\"{bad}\"><strong>{}</strong></p>\n", words::counted(&diff.counts, language)));
    for kind in [ChangeKind::New, ChangeKind::Worse, ChangeKind::Better, ChangeKind::Gone, ChangeKind::Old] {
        let list: Vec<&Change> = diff.changes.iter().filter(|change| change.change == kind).collect();
        if !list.is_empty() {
            out.push_str(&section(diff, kind, &list, language));
        }
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn about(side: &Side, language: Language) -> String {
    let parts = [&side.path, &side.submission, &side.name, &side.as_of];
    let mut shown: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).map(|part| markup(part)).collect();
    let tone = if side.accepted { "good" } else { "bad" };
    let accepted = words::accepted(side.accepted);
    shown.push(format!("<span class=\"{tone}\">{}</span>", accepted.in_language(language)));
    shown.join(" · ")
}

fn section(diff: &Diff, kind: ChangeKind, list: &[&Change], language: Language) -> String {
    let tone = match kind {
        ChangeKind::New | ChangeKind::Worse => "bad",
        ChangeKind::Better | ChangeKind::Gone => "good",
        ChangeKind::Old => "quiet",
    };
    let name = words::change(kind);
    let heads = [
        text!(en: "rule", zh: "规则"),
        text!(en: "severity", zh: "等级"),
        text!(en: "subject", zh: "对象"),
        text!(en: "change", zh: "变化"),
        text!(en: "what the rule says", zh: "说明"),
    ];
    let heads: String =
        heads.iter().map(|head| format!("<th scope=\"col\">{}</th>", head.in_language(language))).collect();
    let mut out = format!(
        "<h2 class=\"{tone}\">{} × {}</h2>\n<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n",
        name.in_language(language),
        list.len()
    );
    for change in list {
        let cells = [
            format!("<strong>{}</strong> {}", markup(&change.rule), markup(&change.title)),
            markup(words::severity(change.severity).in_language(language)),
            format!("{} {}", markup(diff.layer(&change.kind, language)), markup(&change.subject)),
            markup(&change.became(language)),
            markup(&change.message),
        ];
        let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
        out.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    out.push_str("</tbody>\n</table>\n");
    out
}
