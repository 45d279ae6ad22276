//! The page around the data block: its template, style and script in one text that asks nobody for anything.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::diagnostic::Language;
use crate::report::result::Report;
use crate::report::words;

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPTS: &[&str] = &[
    include_str!("page/words.js"),
    include_str!("page/data.js"),
    include_str!("page/map.js"),
    include_str!("page/list.js"),
    include_str!("page/detail.js"),
    include_str!("page/tables.js"),
    include_str!("page/print.js"),
    include_str!("page/main.js"),
];
const LIBRARY: &str = include_str!("vendor/leaflet-1.9.4/leaflet.js");
const LIBRARY_STYLE: &str = include_str!("vendor/leaflet-1.9.4/leaflet.css");
const LIBRARY_LICENCE: &str = include_str!("vendor/leaflet-1.9.4/LICENSE");

/// Puts the page together around a data block.
pub(super) fn page(report: &Report, block: &str, language: Language) -> String {
    // A browser's tools would ask for the map of the source.
    let library = unix(LIBRARY.split("\n//# sourceMappingURL").next().unwrap_or(LIBRARY));
    let style = unix(&format!("{LIBRARY_STYLE}\n{STYLE}"));
    let script = unix(&format!("\"use strict\";\n{}", SCRIPTS.concat()));
    let policy = format!(
        "default-src 'none'; script-src {} {}; style-src {}; base-uri 'none'; form-action 'none'",
        source(&library),
        source(&script),
        source(&style)
    );
    let gate = match (language, report.gate.accepted) {
        (Language::En, true) => "accepted",
        (Language::En, false) => "not accepted",
        (Language::Zh, true) => "通过",
        (Language::Zh, false) => "不通过",
    };
    let parts = [
        ("policy", policy),
        (
            "language",
            match language {
                Language::En => "en",
                Language::Zh => "zh-CN",
            }
            .to_owned(),
        ),
        ("title", escaped(&format!("{} · {gate}", report.submission.name))),
        ("plain", plain(report, gate, language)),
        ("licence", unix(LIBRARY_LICENCE)),
        ("style", style),
        ("library", library),
        ("script", script),
        ("data", block.to_owned()),
    ];
    filled(&unix(TEMPLATE), &parts)
}

/// Puts each part where the template names it; what a part holds is not looked at again.
fn filled(template: &str, parts: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(template.len() + parts.iter().map(|(_, part)| part.len()).sum::<usize>());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, after)) = after.split_once("}}") else { break };
        let part = parts.iter().find(|(known, _)| *known == name);
        out.push_str(part.map_or("", |(_, part)| part));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Returns a text with the line ends that a browser reads it with: hashes are taken after that.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Returns a script or style as a policy admits it: by its hash.
fn source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// Returns what a reader without scripts sees: that much is true of the submission, and where the rest is.
fn plain(report: &Report, gate: &str, language: Language) -> String {
    let counts = &report.counts;
    let (conflict, undetermined) = (counts.conflict, counts.undetermined);
    let notice = report.notice.in_language(language);
    let threshold = words::fail_on(report.gate.fail_on);
    let threshold = threshold.in_language(language);
    escaped(&match language {
        Language::En => format!(
            "{}: {gate} (from `{threshold}` on). Conflicts: {conflict}, undetermined: {undetermined}. {notice}. \
             The page draws its map and list by a script of its own; report.json holds the same.",
            report.submission.name
        ),
        Language::Zh => format!(
            "{}：{gate}（门槛：{threshold}）。冲突 {conflict} 项，无法判定 {undetermined} 项。{notice}。\
             本页的地图与列表由页内脚本绘制；report.json 内容相同。",
            report.submission.name
        ),
    })
}

/// Returns a text as HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
