//! The result as a Markdown page for a summary beside a change: GitHub takes at most 1 MiB of it (`$GITHUB_STEP_SUMMARY`).
//!
//! Every text of a submission or rule is escaped, so that it is text whatever it holds: no markup, no link, no HTML, no mention.

use super::ci::{self, Options};
use super::result::{Applied, Counts, Finding, IssueSeverity, Report, Verdict};
use super::words;

/// The most bytes of a page, under GitHub's limit by the room that the closing lines need.
const BYTES: usize = (1 << 20) - (8 << 10);

/// Draws the page.
pub fn render(report: &Report, options: &Options<'_>) -> String {
    let mut page = Page { text: String::new(), room: BYTES };
    page.push(&heading(report, options));
    page.push(&rules(report, options));
    let findings = ci::worst_first(report);
    let counting = |finding: &Finding| report.counts_for_gate(finding);
    type Wanted<'a> = (&'static str, &'static str, &'a dyn Fn(&Finding) -> bool);
    let sections: [Wanted<'_>; 5] = [
        ("Conflicts", "冲突", &counting),
        ("Conflicts that do not count", "不计入门槛的冲突", &|one| {
            one.verdict == Verdict::Conflict && !counting(one)
        }),
        ("Undetermined", "无法判定", &|one| one.verdict == Verdict::Undetermined),
        ("Obligations", "附带责任", &|one| one.verdict == Verdict::Obligation),
        ("Exceptions that hold", "例外成立", &|one| one.verdict == Verdict::Excepted),
    ];
    for (en, zh, wanted) in sections {
        let rows: Vec<String> =
            findings.iter().filter(|one| wanted(one)).map(|one| row(report, one, options)).collect();
        let head = [("Rule", "规则"), ("Subject", "对象"), ("Says", "说明"), ("Where", "位置")];
        page.table(options.pick(en, zh), &head.map(|(en, zh)| options.pick(en, zh)), &rows, options);
    }
    let issues = report.issues.iter().filter(|issue| issue.severity != IssueSeverity::Note);
    let rows: Vec<String> = issues
        .map(|issue| {
            let text = escaped(issue.text.in_language(options.language));
            format!("| {} | {text} | {} |\n", escaped(&issue.code), at(&options.path(&issue.path), issue.line))
        })
        .collect();
    let head = [("Code", "代码"), ("Says", "说明"), ("Where", "位置")].map(|(en, zh)| options.pick(en, zh));
    page.table(options.pick("Faults of the data", "数据问题"), &head, &rows, options);
    page.text + "\n" + &footer(report, options)
}

/// A page that grows up to a size.
struct Page {
    text: String,
    room: usize,
}

impl Page {
    /// Adds a text if there is room for it.
    fn push(&mut self, text: &str) -> bool {
        let fits = text.len() <= self.room;
        if fits {
            self.room -= text.len();
            self.text.push_str(text);
        }
        fits
    }

    /// Adds a table, as many of its rows as there is room for, and how many are left out.
    fn table(&mut self, title: &str, head: &[&str], rows: &[String], options: &Options<'_>) {
        let top = format!("\n### {title}\n\n| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
        if rows.is_empty() {
            return;
        }
        let written = if self.push(&top) { rows.iter().take_while(|row| self.push(row)).count() } else { 0 };
        if written < rows.len() {
            let more = rows.len() - written;
            // The room kept for closing lines takes these few.
            self.text.push_str(&match options.language {
                crate::diagnostic::Language::En => format!("\n{title}: {more} more are not listed\n"),
                crate::diagnostic::Language::Zh => format!("\n{title}：另有 {more} 项未列出\n"),
            });
            self.room = 0;
        }
    }
}

fn heading(report: &Report, options: &Options<'_>) -> String {
    let accepted = match report.gate.accepted {
        true => options.pick("✅ accepted", "✅ 通过"),
        false => options.pick("❌ not accepted", "❌ 不通过"),
    };
    let submission = &report.submission;
    let facts = [
        escaped(&submission.id),
        escaped(&submission.name),
        escaped(&submission.as_of),
        escaped(&submission.crs),
        words::area(submission.area).in_language(options.language).to_owned(),
    ];
    let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    let partial = submission.changed_since.as_ref().map(words::changed_since);
    let partial =
        partial.map(|text| format!("\n{}\n", escaped(text.in_language(options.language)))).unwrap_or_default();
    format!("## {} {accepted}\n\n{}\n{partial}", options.pick("Guiju:", "规矩："), facts.join(" · "))
}

fn rules(report: &Report, options: &Options<'_>) -> String {
    let verdicts = [
        Verdict::Conflict,
        Verdict::Undetermined,
        Verdict::Excepted,
        Verdict::Obligation,
        Verdict::Pass,
        Verdict::NotApplicable,
    ];
    let names: Vec<String> =
        verdicts.iter().map(|verdict| words::verdict(*verdict).in_language(options.language).to_owned()).collect();
    let mut table =
        format!("\n| {} | {} |\n|---|{}\n", options.pick("Rule", "规则"), names.join(" | "), "--:|".repeat(6));
    let line = |name: &str, counts: &Counts| {
        let numbers = [
            counts.conflict,
            counts.undetermined,
            counts.excepted,
            counts.obligation,
            counts.pass,
            counts.not_applicable,
        ];
        format!("| {name} | {} |\n", numbers.map(|count| count.to_string()).join(" | "))
    };
    let told = |counts: &Counts| counts.conflict + counts.undetermined + counts.excepted + counts.obligation > 0;
    let run = report.rules.iter().filter(|rule| rule.applied == Applied::Yes);
    let mut quiet = (0_u64, Counts::default());
    for rule in run {
        if told(&rule.counts) {
            table.push_str(&line(&format!("{} {}", escaped(&rule.id), escaped(&rule.title)), &rule.counts));
        } else {
            quiet.0 += 1;
            quiet.1.merge(&rule.counts);
        }
    }
    if quiet.0 > 0 {
        let name = match options.language {
            crate::diagnostic::Language::En => format!("{} other rules", quiet.0),
            crate::diagnostic::Language::Zh => format!("其余 {} 条规则", quiet.0),
        };
        table.push_str(&line(&name, &quiet.1));
    }
    table.push_str(&line(options.pick("**all**", "**合计**"), &report.counts));
    table
}

fn row(report: &Report, finding: &Finding, options: &Options<'_>) -> String {
    let (path, place) = options.place(&finding.subject);
    let severity = words::severity(finding.severity);
    let mut said = vec![escaped(&ci::message(finding, options))];
    if finding.verdict == Verdict::Conflict {
        said.extend(ci::pieces(finding).iter().map(|piece| escaped(piece)));
        let articles = report.rule_of(finding).map(|rule| ci::articles(&rule.basis)).unwrap_or_default();
        said.extend(articles.iter().map(|article| escaped(article)));
    }
    format!(
        "| {} {} · {} | {} | {} | {} |\n",
        escaped(&finding.rule),
        escaped(&finding.title),
        severity.in_language(options.language),
        escaped(&ci::subject(report, finding, options.language)),
        said.join("<br>"),
        at(&options.path(path), place.map(|(line, _)| line)),
    )
}

fn at(path: &str, line: Option<u32>) -> String {
    match line {
        Some(line) => format!("{}:{line}", escaped(path)),
        None => escaped(path),
    }
}

fn footer(report: &Report, options: &Options<'_>) -> String {
    let packs: Vec<String> =
        report.packs.iter().map(|pack| format!("{} {}", escaped(&pack.name), escaped(&pack.version))).collect();
    let notice = report.notice.in_language(options.language);
    let mut line = format!("{notice} · Guiju {} · {}", report.guiju.version, packs.join(", "));
    // Packs may be many; what a page may hold is not.
    line.truncate(line.floor_char_boundary(4 << 10));
    line + "\n"
}

/// Returns a text of one line as Markdown that shows just this text.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in ci::line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // What starts markup inside a line, a link, a mention, a formula, or a cell.
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '|' | '~' | '#' | '!' | '@' | ':' | '$' | '{' | '}'
            | '=' | '-' | '+' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
