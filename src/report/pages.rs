//! Pages about codes, tests and plans, for a terminal.

use super::escape;
use super::layout::{Tone, rows, wrapped};
use super::rule_page::PageOptions;
use super::words;
use crate::diagnostic::{Code, Language, Text};
use crate::engine::Plan;
use crate::engine::finding::Applied;
use crate::engine::plan::JoinKind;
use crate::model::Dataset;
use crate::sema::program::{Program, RuleId};
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
        } else if !(line.is_empty() && out.ends_with("\n\n")) {
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

/// Draws how a check runs: for each kind of subject its rules, and the joins that they share.
pub fn plan_page(program: &Program, plan: &Plan, data: &Dataset, options: PageOptions) -> String {
    let paint = options.paint();
    let ids = |rules: &[RuleId]| {
        let ids = rules.iter().filter_map(|rule| program.rules.get(rule.0 as usize)).map(|rule| &*rule.id);
        ids.collect::<Vec<_>>().join(options.pick(", ", "、"))
    };
    let mut out = String::new();
    for (number, group) in plan.groups.iter().enumerate() {
        let count = group.class.map(|class| data.items(class)).filter(|items| items.supplied).map(|items| items.len());
        let (subject, rules) = (escape::line(&group.subject), group.rules.len());
        let count = match (count, options.language) {
            (Some(count), Language::En) => format!(" · subjects: {count}"),
            (Some(count), Language::Zh) => format!(" · {count} 个对象"),
            (None, Language::En) => " · not supplied".to_owned(),
            (None, Language::Zh) => " · 未提供".to_owned(),
        };
        let heading = match options.language {
            Language::En => format!("{count} · rules: {rules}"),
            Language::Zh => format!("{count} · {rules} 条规则"),
        };
        out.push_str(&format!("{}{}\n", paint.tone(Tone::Strong, &subject), paint.tone(Tone::Quiet, &heading)));
        let mut lines = vec![(options.pick("rules", "规则").to_owned(), ids(&group.rules))];
        for join in plan.joins.iter().filter(|join| join.group == number) {
            let label = match join.kind {
                JoinKind::Matches => options.pick("matches", "匹配"),
                JoinKind::Pieces => options.pick("pieces", "图块"),
            };
            let index = join.class.is_some_and(|class| program.schema.class(class).is_layer());
            let index = if index { options.pick(" · by index", " · 用索引") } else { "" };
            lines.push((label.to_owned(), format!("{}{index} → {}", escape::line(&join.text), ids(&join.rules))));
        }
        out.push_str(&rows(&lines, 2, options.cells(), paint));
    }
    let lookups: Vec<(String, String)> = plan
        .registers
        .iter()
        .filter(|register| !register.rules.is_empty())
        .map(|register| (escape::line(&register.text), format!("→ {}", ids(&register.rules))))
        .collect();
    if !lookups.is_empty() {
        out.push_str(&format!("{}\n", paint.tone(Tone::Strong, options.pick("lookups", "查找"))));
        out.push_str(&rows(&lookups, 2, options.cells(), paint));
    }
    let idle = |wanted: Applied| {
        let idle: Vec<RuleId> = plan
            .applied
            .iter()
            .enumerate()
            .filter(|(_, applied)| **applied == wanted)
            .map(|(at, _)| RuleId(at as u32))
            .collect();
        ids(&idle)
    };
    for applied in [Applied::NotInForce, Applied::OtherRegion] {
        let idle = idle(applied);
        if !idle.is_empty() {
            let label = words::applied(applied).in_language(options.language).to_owned();
            out.push_str(&rows(&[(label, idle)], 0, options.cells(), paint));
        }
    }
    let shared = plan.joins.iter().filter(|join| join.rules.len() > 1).count();
    let joins = plan.joins.len();
    let end = match options.language {
        Language::En => format!("joins: {joins}, shared by several rules: {shared}"),
        Language::Zh => format!("共 {joins} 个连接，其中 {shared} 个由多条规则共用"),
    };
    out + &paint.tone(Tone::Quiet, &end) + "\n"
}
