//! What ends a run: the duties, the table of counts, and whether it is accepted.

use super::{MESSAGE_CELLS, Options};
use crate::diagnostic::Language;
use crate::report::escape;
use crate::report::layout::{Tone, padded, width, wrapped};
use crate::report::number;
use crate::report::result::{Applied, Counts, ExceptionState, FailOn, Finding, Report, RuleSummary, Standing};
use crate::report::table::{self, Column};
use crate::report::words;

/// Lists the duties that go with an approval.
pub(super) fn duties(report: &Report, duties: &[&Finding], options: &Options<'_>) -> String {
    if duties.is_empty() {
        return String::new();
    }
    let paint = options.paint();
    let title = format!("{} × {}", options.pick("duties that go with the approval", "附带责任清单"), duties.len());
    let mut out = paint.tone(Tone::Duty, &title) + "\n";
    let column = duties.iter().map(|duty| width(&escape::line(&duty.rule))).max().unwrap_or(0);
    for duty in duties {
        let who: Vec<&str> = duty.departments.iter().map(|name| report.department(name, options.language)).collect();
        let subject = &duty.subject;
        let about = format!("{} {}", report.layer(&subject.kind, options.language), subject.id);
        let mut text = format!("{about} · {} · {}", duty.message, who.join(options.pick(", ", "、")));
        if duty.exception.state == ExceptionState::NotShown {
            text = format!("{text} · {}", options.pick("exception not shown", "例外未证明"));
        }
        let text = escape::cut(&text, MESSAGE_CELLS);
        let mut rule = escape::line(&duty.rule);
        for line in wrapped(&text, options.cells().saturating_sub(column + 5)) {
            out.push_str(&format!("   {}  {line}\n", paint.tone(Tone::Place, &padded(&rule, column))));
            rule.clear();
        }
    }
    out
}

/// Draws the counts of each rule that was run, and their sum.
pub(super) fn table(report: &Report, options: &Options<'_>) -> String {
    let text = |en, zh| Column { head: options.pick(en, zh), numbers: false };
    let number = |en, zh| Column { head: options.pick(en, zh), numbers: true };
    let mut columns = vec![
        text("rule", "规则"),
        text("title", "名称"),
        number("seen", "检查"),
        number("conflict", "冲突"),
        number("undec.", "未判定"),
        number("except.", "例外"),
        number("duty", "责任"),
        number("pass", "通过"),
        number("n/a", "不适用"),
    ];
    let mut rows: Vec<Vec<String>> = report.rules.iter().filter(|rule| rule.applied == Applied::Yes).map(row).collect();
    if rows.is_empty() {
        return not_run(&report.rules, options);
    }
    if rows.len() > 1 {
        let total = report.counts.total();
        rows.push(line(options.pick("total", "合计").to_owned(), String::new(), total, &report.counts));
    }
    if options.cells() < TITLES_FROM {
        columns.remove(TITLE);
        rows.iter_mut().for_each(|row| drop(row.remove(TITLE)));
    }
    let mut out = table::table(&columns, rows, options.cells(), options.paint());
    out.push_str(&not_run(&report.rules, options));
    out
}

/// The cells from which the table has room for titles, and the column that they stand in.
const TITLES_FROM: usize = 76;
const TITLE: usize = 1;
/// The most rules that are named among those not run.
const NAMED: usize = 12;

fn row(rule: &RuleSummary) -> Vec<String> {
    line(escape::cut(&rule.id, 20), escape::cut(&rule.title, 60), rule.examined, &rule.counts)
}

fn line(id: String, title: String, examined: u64, counts: &Counts) -> Vec<String> {
    // A nought is drawn as a dot, so that the eye falls on what there is.
    let shown = |count: u64| if count == 0 { "·".to_owned() } else { number::grouped(count.into(), 0) };
    let Counts { conflict, undetermined, excepted, obligation, pass, not_applicable } = *counts;
    let numbers = [examined, conflict, undetermined, excepted, obligation, pass, not_applicable].map(shown);
    [id, title].into_iter().chain(numbers).collect()
}

/// Says how many rules were not run, and why.
fn not_run(rules: &[RuleSummary], options: &Options<'_>) -> String {
    let mut out = String::new();
    for why in [Applied::NotInForce, Applied::OtherRegion] {
        let ids: Vec<String> =
            rules.iter().filter(|rule| rule.applied == why).map(|rule| escape::cut(&rule.id, 20)).collect();
        if ids.is_empty() {
            continue;
        }
        let words = words::applied(why);
        let named = ids.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(" ");
        let more = if ids.len() > NAMED { " …" } else { "" };
        let colon = options.pick(": ", "：");
        let text = format!("{} × {}{colon}{named}{more}", words.in_language(options.language), ids.len());
        for line in wrapped(&text, options.cells()) {
            out.push_str(&format!("{}\n", options.paint().tone(Tone::Quiet, &line)));
        }
    }
    out
}

/// Says in one line whether the submission is accepted, and below it what that means.
pub(super) fn verdict(report: &Report, standing: &Standing, options: &Options<'_>) -> String {
    let gate = &report.gate;
    let Standing { barring, open, waived } = *standing;
    let threshold = words::fail_on(gate.fail_on);
    let threshold = threshold.in_language(options.language);
    let (tone, mut text) = match (options.language, gate.accepted) {
        (Language::En, true) => (Tone::Good, format!("accepted: no conflict at or above `{threshold}`")),
        (Language::En, false) => (Tone::Bad, format!("not accepted: {barring} at or above `{threshold}`")),
        (Language::Zh, true) => (Tone::Good, format!("通过：没有达到“{threshold}”门槛的冲突")),
        (Language::Zh, false) => (Tone::Bad, format!("不通过：{barring} 条冲突达到“{threshold}”门槛")),
    };
    if gate.accepted && gate.fail_on == FailOn::Never {
        text = options.pick("accepted: no threshold is set", "通过：未设门槛").to_owned();
    }
    if open > 0 {
        text.push_str(&match options.language {
            Language::En => format!("; {open} undetermined"),
            Language::Zh => format!("；{open} 条无法判定"),
        });
    }
    if waived > 0 {
        text.push_str(&match options.language {
            Language::En => format!("; {waived} waived"),
            Language::Zh => format!("；{waived} 条已豁免"),
        });
    }
    if gate.new_only {
        text.push_str(options.pick("; only new and worse conflicts count", "；只计新增和加重的冲突"));
    }
    let submission = &report.submission;
    let packs: Vec<String> = report.packs.iter().map(|pack| format!("{} {}", pack.name, pack.version)).collect();
    let what = [
        submission.id.clone(),
        submission.as_of.clone(),
        submission.crs.clone(),
        words::area(submission.area).in_language(options.language).to_owned(),
        packs.join(options.pick(", ", "、")),
    ];
    let what: Vec<String> = what.iter().filter(|part| !part.is_empty()).map(|part| escape::cut(part, 60)).collect();
    let set: Vec<String> =
        submission.params.iter().map(|one| escape::cut(&format!("{} = {}", one.name, one.value), 60)).collect();
    let set = match set.is_empty() {
        true => String::new(),
        false => format!(
            "{}{}",
            options.pick("set by the manifest: ", "清单设定的参数："),
            set.join(options.pick(", ", "、"))
        ),
    };
    let mut out =
        wrapped(&text, options.cells()).iter().map(|line| options.paint().tone(tone, line) + "\n").collect::<String>();
    let notice = report.notice.in_language(options.language).to_owned();
    let partial = submission.changed_since.as_ref().map(words::changed_since);
    let partial = partial.map(|text| text.in_language(options.language).to_owned()).unwrap_or_default();
    for text in [partial, what.join(" · "), set, notice].into_iter().filter(|text| !text.is_empty()) {
        for line in wrapped(&escape::line(&text), options.cells()) {
            out.push_str(&(options.paint().tone(Tone::Quiet, &line) + "\n"));
        }
    }
    out
}
