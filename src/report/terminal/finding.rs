//! One finding as one block: header, the line of the data, and rows of what, where, why and how to cure it.

use super::{Excerpt, MESSAGE_CELLS, Options};
use crate::diagnostic::Language;
use crate::report::escape;
use crate::report::layout::{self, Tone, padded, width, wrapped};
use crate::report::number;
use crate::report::result::{
    Baseline, Checked, Confidence, Evidence, ExceptionState, Finding, Missing, NotChecked, Remaining, Remedy, Report,
    Severity, Verdict, WaiverState,
};
use crate::report::words;

/// The most cells that a text from a submission takes where it is one of several on a line.
const NAME_CELLS: usize = 40;
/// The most pieces of ground that are listed.
const PIECES: usize = 3;
/// The most missing things that are listed.
const MISSING: usize = 8;
/// The cells that the labels of rows, and the number of places before the first of them, take at most.
const LABELS: usize = 10;
const COUNT: usize = 14;
/// The blanks before the rows.
const INDENT: usize = 3;

/// Draws one finding.
pub(super) fn block(report: &Report, finding: &Finding, options: &Options<'_>) -> String {
    let mut out = header(report, finding, options);
    out.push_str(&snippet(finding, options));
    out.push_str(&layout::rows(&rows(report, finding, options), INDENT, options.cells(), options.paint()));
    out
}

/// Draws the worst finding of each rule and verdict, with how many more there are.
pub(super) fn grouped(report: &Report, findings: &[&Finding], options: &Options<'_>) -> Vec<String> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let alike = |other: &Finding| other.rule == finding.rule && other.verdict == finding.verdict;
        match groups.iter_mut().find(|group| alike(group[0])) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups.iter().map(|group| group_block(report, group, options)).collect()
}

fn group_block(report: &Report, group: &[&Finding], options: &Options<'_>) -> String {
    let mut worst = group[0];
    for finding in group {
        // Ties go to the first: the order of findings is settled.
        let is_larger = finding.severity == worst.severity && ground(finding) > ground(worst);
        if finding.severity < worst.severity || is_larger {
            worst = finding;
        }
    }
    let mut out = block(report, worst, options);
    let others = group.len() - 1;
    if others > 0 {
        let more = match options.language {
            Language::En => format!("{others} more of {}: see the written reports", worst.rule),
            Language::Zh => format!("{} 另有 {others} 条，见输出的报告文件", worst.rule),
        };
        let line = format!("{}… {}", " ".repeat(INDENT), options.paint().tone(Tone::Quiet, &escape::line(&more)));
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// Returns the area a finding rests on, or the length where it has none.
fn ground(finding: &Finding) -> f64 {
    finding
        .evidence
        .iter()
        .map(|piece| if piece.area_m2 > 0.0 { piece.area_m2 } else { piece.length_m.unwrap_or(0.0) })
        .sum()
}

/// Returns the word and the colour that a finding starts with.
fn kind(finding: &Finding) -> (&'static str, &'static str, Tone) {
    match (finding.verdict, finding.severity) {
        (Verdict::Conflict, _) if finding.is_waived() => ("waived", "已豁免", Tone::Good),
        (Verdict::Conflict, Severity::Prohibited) => ("error", "禁止", Tone::Bad),
        (Verdict::Conflict, Severity::Conditional) => ("warning", "限制", Tone::Careful),
        (Verdict::Conflict, Severity::Advisory) => ("note", "提示", Tone::Duty),
        (Verdict::Undetermined, _) => ("undetermined", "无法判定", Tone::Careful),
        (Verdict::Excepted, _) => ("excepted", "例外成立", Tone::Good),
        (Verdict::Obligation, _) => ("obligation", "附带责任", Tone::Duty),
        (Verdict::Pass, _) => ("pass", "通过", Tone::Good),
        (Verdict::NotApplicable, _) => ("not applicable", "不适用", Tone::Quiet),
    }
}

fn header(report: &Report, finding: &Finding, options: &Options<'_>) -> String {
    let (en, zh, tone) = kind(finding);
    let label = finding.label.as_ref().map(|label| format!("#{label}")).unwrap_or_default();
    let start = format!("{}[{}{label}]", options.pick(en, zh), finding.rule);
    let departments: Vec<&str> =
        finding.departments.iter().map(|name| report.department(name, options.language)).collect();
    let mut rest = finding.title.clone();
    if !departments.is_empty() {
        rest = format!("{rest} · {}", departments.join(options.pick(", ", "、")));
    }
    if let Some(word) = baseline(finding, options) {
        rest = format!("{rest} · {word}");
    }
    let (start, rest) = (escape::line(&start), escape::line(&rest));
    let lines = wrapped(&rest, options.cells().saturating_sub(width(&start) + 1));
    let mut out = options.paint().tone(tone, &start);
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            out.push('\n');
            out.push_str(&" ".repeat(width(&start)));
        }
        out.push(' ');
        out.push_str(&options.paint().tone(Tone::Strong, line));
    }
    out.push('\n');
    out
}

fn baseline(finding: &Finding, options: &Options<'_>) -> Option<&'static str> {
    Some(match finding.baseline? {
        Baseline::New => options.pick("new", "新增"),
        Baseline::Old => options.pick("known", "原有"),
        Baseline::Worse => options.pick("worse", "加重"),
        Baseline::Better => options.pick("better", "减轻"),
    })
}

/// Draws where the subject stands, its line of the file if that can be had, and the message under it.
fn snippet(finding: &Finding, options: &Options<'_>) -> String {
    let (subject, paint) = (&finding.subject, options.paint());
    let place = subject.place(options.language).unwrap_or_else(|| format!("{} {}", subject.kind, subject.id));
    let excerpt = (options.excerpt)(subject);
    let number = subject.line.filter(|_| excerpt.is_some()).map(|line| line.to_string()).unwrap_or_default();
    let gutter = width(&number).max(1) + 2;
    let quiet = |text: &str| paint.tone(Tone::Quiet, text);
    let blank = " ".repeat(gutter);
    let room = options.cells().saturating_sub(gutter + 2);
    let place = paint.tone(Tone::Place, &escape::cut(&place, room.saturating_sub(4)));
    let mut out = format!("{blank}{}{place}{}\n", quiet("╭─["), quiet("]"));
    let (_, _, tone) = kind(finding);
    let message = escape::cut(&finding.message, MESSAGE_CELLS);
    let mut lead = String::new();
    if let Some(excerpt) = &excerpt {
        let (shown, mark_at, mark_cells) = window(excerpt, room);
        let line = format!(" {} {} {shown}", padded(&number, gutter - 2), quiet("│"));
        out.push_str(line.trim_end());
        out.push('\n');
        let (before, after) = (mark_cells / 2, mark_cells - mark_cells / 2 - 1);
        let mark = format!("{}┬{}", "─".repeat(before), "─".repeat(after));
        out.push_str(&format!("{blank}{} {}{}\n", quiet("·"), " ".repeat(mark_at), paint.tone(tone, &mark)));
        lead = format!("{}╰── ", " ".repeat(mark_at + before));
    }
    let lines = wrapped(&message, room.saturating_sub(width(&lead)));
    for (at, line) in lines.iter().enumerate() {
        let side = if excerpt.is_some() { "·" } else { "│" };
        let lead = if at == 0 { paint.tone(tone, &lead) } else { " ".repeat(width(&lead)) };
        out.push_str(format!("{blank}{} {lead}{line}", quiet(side)).trim_end());
        out.push('\n');
    }
    out.push_str(&format!("{blank}{}\n", quiet("╰────")));
    out
}

/// The cells of the mark under a line of the data.
const MARK_CELLS: usize = 3;
/// The characters kept before the column that is marked.
const LEAD: usize = 6;

/// Cuts the window around the column out of an excerpt; returns it with the cell and the cells of the mark.
fn window(excerpt: &Excerpt, cells: usize) -> (String, usize, usize) {
    let line = escape::line(&excerpt.text);
    let blank = line.chars().take_while(|c| *c == ' ').count();
    let wanted = (excerpt.column as usize).saturating_sub(1).max(blank);
    // From the start of the line where that leaves room beside the mark for the message.
    let ahead: usize = width(&line.chars().take(wanted).collect::<String>()).saturating_sub(blank);
    let from = if ahead <= cells / 3 { blank } else { blank.max(wanted.saturating_sub(LEAD)) };
    let start = line.char_indices().nth(from).map_or(line.len(), |(at, _)| at);
    let mark = line.char_indices().nth(wanted).map_or(line.len(), |(at, _)| at).max(start);
    let mark_at = width(&line[start..mark]).min(cells.saturating_sub(MARK_CELLS));
    (escape::cut(&line[start..], cells), mark_at, MARK_CELLS)
}

/// Returns the rows below the snippet.
fn rows(report: &Report, finding: &Finding, options: &Options<'_>) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut row = |en: &str, zh: &str, text: String| {
        if !text.is_empty() {
            rows.push((options.pick(en, zh).to_owned(), text));
        }
    };
    row("with", "对象", with(report, finding, options));
    row("where", "位置", ground_lines(report, finding, options));
    row("rule", "规则", rule_line(finding));
    row("margin", "超出", margin(finding));
    row("basis", "依据", basis(report, finding, options));
    row("missing", "缺少", missing(&finding.missing, options));
    row("unless", "例外", exception(finding, options));
    row("waiver", "豁免", waiver(finding, options));
    row("help", "整改", help(finding, options));
    row("report", "反馈", feedback(report, finding, options));
    rows
}

/// Names the other things that the rule's variables stood for.
fn with(report: &Report, finding: &Finding, options: &Options<'_>) -> String {
    let others = finding.bindings.iter().skip(1).map(|other| {
        let kind = report.layer(&other.kind, options.language);
        let name = other.name.as_ref().filter(|name| **name != other.id);
        let shown = match name {
            Some(name) => format!("{kind} {} {}", escape::cut(&other.id, NAME_CELLS), escape::cut(name, NAME_CELLS)),
            None => format!("{kind} {}", escape::cut(&other.id, NAME_CELLS)),
        };
        match other.line_place(options.language) {
            Some(place) => format!("{shown}  {}", escape::line(&place)),
            None => shown,
        }
    });
    others.collect::<Vec<_>>().join("\n")
}

fn ground_lines(report: &Report, finding: &Finding, options: &Options<'_>) -> String {
    let pieces = &finding.evidence;
    let mut lines: Vec<String> =
        pieces.iter().take(PIECES).map(|piece| piece_line(report, piece, pieces.len() > 1, options)).collect();
    if pieces.is_empty() {
        return String::new();
    }
    let count = pieces.len();
    lines[0] = match options.language {
        Language::En if count == 1 => format!("1 place · {}", lines[0]),
        Language::En => format!("{count} places · {}", lines[0]),
        Language::Zh => format!("{count} 处 · {}", lines[0]),
    };
    if count > PIECES {
        let left = count - PIECES;
        lines.push(match options.language {
            Language::En => format!("… {left} more"),
            Language::Zh => format!("… 另有 {left} 处"),
        });
    }
    lines.join("\n")
}

fn piece_line(report: &Report, piece: &Evidence, with_area: bool, options: &Options<'_>) -> String {
    let mut parts = Vec::new();
    if let Some(feature) = &piece.feature {
        let layer = piece.layer.as_deref().map_or("", |layer| report.layer(layer, options.language));
        parts.push(escape::line(&format!("{layer} {}", escape::cut(feature, NAME_CELLS))).trim().to_owned());
    }
    if with_area {
        parts.push(match piece.length_m {
            Some(length) => number::length(length),
            None => number::area(piece.area_m2),
        });
    }
    if let Some(width) = piece.width_m {
        parts.push(format!("{} {}", options.pick("width", "宽"), number::length(width)));
    }
    if piece.sliver {
        let hint = piece.sliver_hint.as_ref().map(|hint| hint.in_language(options.language)).unwrap_or_default();
        parts.push(format!("{}{hint}", options.pick("sliver: ", "碎片：")));
    }
    let (about, position) = (parts.join(" · "), position(piece.point, piece.point_lonlat));
    let room = options.cells().saturating_sub(INDENT + LABELS + COUNT);
    // A position is not broken where it can stand on a line of its own.
    let gap = if width(&about) + width(&position) + 3 > room { "\n" } else { " · " };
    [about, position].iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(gap)
}

/// Writes a position as surveyors do: X is the northing, Y the easting.
pub(super) fn position(point: [f64; 2], lonlat: Option<[f64; 2]>) -> String {
    let plane = format!("X={:.3} Y={:.3}", point[1], point[0]);
    match lonlat {
        Some([longitude, latitude]) => {
            let (east, north) = (if longitude < 0.0 { 'W' } else { 'E' }, if latitude < 0.0 { 'S' } else { 'N' });
            format!("{plane}（{:.6}°{east} {:.6}°{north}）", longitude.abs(), latitude.abs())
        }
        None => plane,
    }
}

/// Returns the condition, its values, and where it stands.
fn rule_line(finding: &Finding) -> String {
    let at = &finding.rule_at;
    let place = format!("{}:{}", at.path, at.line.unwrap_or(1));
    let values = match &finding.comparison {
        Some(comparison) => comparison.clone(),
        None => {
            let pairs = finding.quantities.iter();
            pairs
                .map(|quantity| format!("{} = {}", quantity.name, escape::cut(&quantity.amount.shown, NAME_CELLS)))
                .collect::<Vec<_>>()
                .join("；")
        }
    };
    let parts = [finding.condition.as_str(), &values, &place];
    let shown: Vec<String> = parts.iter().filter(|part| !part.is_empty()).map(|part| escape::line(part)).collect();
    shown.join("   ")
}

fn margin(finding: &Finding) -> String {
    finding.margin.as_ref().map(|margin| escape::line(&margin.shown)).unwrap_or_default()
}

/// Names the articles, and says so where they were not verified.
fn basis(report: &Report, finding: &Finding, options: &Options<'_>) -> String {
    let Some(rule) = report.rule_of(finding) else { return String::new() };
    let doubt = match rule.confidence {
        Confidence::Verified => String::new(),
        other @ (Confidence::Seed | Confidence::Unverified | Confidence::Proposal) => {
            format!(" · {}", words::confidence(other).in_language(options.language))
        }
    };
    let entries: Vec<String> =
        rule.basis.iter().map(|basis| escape::line(&format!("《{}》{}{doubt}", basis.title, basis.article))).collect();
    entries.join("\n")
}

fn missing(list: &[Missing], options: &Options<'_>) -> String {
    let mut lines: Vec<String> = list.iter().take(MISSING).map(|one| missing_line(one, options)).collect();
    if list.len() > MISSING {
        lines.push(format!("… {}", list.len() - MISSING));
    }
    lines.join("\n")
}

fn missing_line(one: &Missing, options: &Options<'_>) -> String {
    let reason = escape::cut(one.reason.in_language(options.language), 2 * NAME_CELLS);
    let what = escape::cut(&one.what, 2 * NAME_CELLS);
    match &one.place {
        Some(place) => {
            let place = escape::cut(place.in_language(options.language), 3 * NAME_CELLS);
            format!("{what} {reason} → {place}")
        }
        None => format!("{what} {reason}"),
    }
}

fn exception(finding: &Finding, options: &Options<'_>) -> String {
    let state = match finding.exception.state {
        ExceptionState::None => return String::new(),
        ExceptionState::Holds => options.pick("holds", "成立"),
        ExceptionState::Fails => options.pick("does not hold", "不成立"),
        ExceptionState::NotShown => options.pick("not shown", "未证明"),
    };
    let condition = finding.exception.condition.as_deref().unwrap_or_default();
    let colon = if condition.is_empty() { "" } else { options.pick(": ", "：") };
    let state = escape::cut(&format!("{state}{colon}{condition}"), MESSAGE_CELLS);
    let lines = missing(&finding.exception.missing, options);
    if lines.is_empty() { state } else { format!("{state}\n{lines}") }
}

fn waiver(finding: &Finding, options: &Options<'_>) -> String {
    let Some(waiver) = &finding.waiver else { return String::new() };
    let mut parts = vec![waiver.document.clone()];
    parts.extend(waiver.issuer.clone());
    parts.extend(waiver.expires.as_ref().map(|day| format!("{} {day}", options.pick("until", "有效期至"))));
    parts.extend(waiver.reason.clone());
    match waiver.state {
        WaiverState::Holds | WaiverState::Unused => {}
        WaiverState::Expired => {
            parts.push(options.pick("expired: it waives nothing", "已过期，不起豁免作用").to_owned())
        }
        WaiverState::OutOfScope => {
            let outside = waiver.outside_m2.map(|area| format!(" {}", number::area(area))).unwrap_or_default();
            parts.push(match options.language {
                Language::En => format!("ground beyond its scope{outside}: it waives nothing"),
                Language::Zh => format!("超出豁免范围{outside}，不起豁免作用"),
            });
        }
    }
    parts.iter().map(|part| escape::cut(part, 2 * NAME_CELLS)).collect::<Vec<_>>().join(" · ")
}

fn help(finding: &Finding, options: &Options<'_>) -> String {
    let lines = finding.remedies.iter().map(|remedy| match remedy {
        Remedy::Geometry { text, checked, not_checked, remaining, poor_parts, .. } => {
            let mut line = text.in_language(options.language).to_owned();
            match checked {
                Some(Checked::Clean) => line.push_str(options.pick(", checked: no conflict", "，复核无冲突")),
                Some(Checked::Conflict) => {
                    line.push_str(options.pick(", checked: in conflict still: ", "，复核仍有冲突："));
                    line.push_str(&left_over(remaining, options));
                }
                Some(Checked::Undetermined) => {
                    line.push_str(options.pick(", checked: no conflict, undetermined: ", "，复核无冲突，无法判定："));
                    line.push_str(&left_over(remaining, options));
                }
                None if *not_checked == Some(NotChecked::TooMany) => {
                    line.push_str(options.pick(", not checked: too many cures", "，整改方案过多，未复核"))
                }
                None => {}
            }
            if !poor_parts.is_empty() {
                let count = poor_parts.len();
                line.push_str(&match options.language {
                    Language::En => format!("; {count} parts too small or thin to be of use"),
                    Language::Zh => format!("；其中 {count} 块过小或过窄"),
                });
            }
            if let Some(path) = &options.remedies_path {
                line.push_str(&format!("{}{path}", options.pick("; written to ", "；范围已写入 ")));
            }
            escape::line(&line)
        }
        Remedy::Text { text } => escape::cut(text, MESSAGE_CELLS),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Names what the rules have left to say of a cure; what it brings itself is marked.
fn left_over(remaining: &[Remaining], options: &Options<'_>) -> String {
    let mut named: Vec<String> = Vec::new();
    for one in remaining {
        let mark = if one.new { options.pick(" (new)", "（新）") } else { "" };
        let name = format!("{}{mark}", one.rule);
        if !named.contains(&name) {
            named.push(name);
        }
    }
    named.join(options.pick(", ", "、"))
}

fn feedback(report: &Report, finding: &Finding, options: &Options<'_>) -> String {
    let lines = finding.feedback.iter().map(|feedback| {
        let to = report.layer(&feedback.to, options.language);
        escape::cut(&format!("{to}{}{}", options.pick(": ", "："), feedback.text), MESSAGE_CELLS)
    });
    lines.collect::<Vec<_>>().join("\n")
}
