//! `guiju explain`: a rule's page, why a finding is what it is, or what a code means.

use crate::cli::Status;
use crate::cli::arguments::ExplainOptions;
use crate::cli::load;
use crate::cli::output::Talk;
use crate::diagnostic::{closest, codes};
use crate::report::{self, terminal};
use crate::sema::program::RuleId;
use crate::source::Files;
use crate::text;

/// Prints the pages of the rules with this id (there may be several, before and after an amendment), or of this code.
pub(in crate::cli) fn run(options: &ExplainOptions, talk: &Talk) -> Status {
    let topic = options.topic.trim();
    if let Some(code) = codes::all().find(|code| code.name == topic) {
        talk.result(report::code_page(code, super::page_options(talk)));
        return Status::Clean;
    }
    // No id of a rule holds a stroke; that of a finding does.
    if topic.contains('/') {
        return finding(topic, options, talk);
    }
    let mut files = Files::default();
    let rules = match load::rules(&options.rules, &mut files, talk) {
        Ok(rules) => rules,
        Err(status) => return status,
    };
    let program = &rules.program;
    let mut found = false;
    for (number, _) in program.rules.iter().enumerate().filter(|(_, rule)| rule.id.eq_ignore_ascii_case(topic)) {
        talk.result(report::rule_page(program, RuleId(number as u32), &files, super::page_options(talk)));
        found = true;
    }
    if found {
        return Status::Clean;
    }
    let names = program.rules.iter().map(|rule| &*rule.id).chain(codes::all().map(|code| code.name));
    let known = closest(topic, names);
    talk.fail(&match known {
        Some(known) => text!(
            en: "no rule or code named `{topic}`; did you mean `{known}`?",
            zh: "没有编号或代码为“{topic}”的规则或说明；是否指“{known}”？"
        ),
        None => text!(
            en: "no rule or code named `{topic}`; `guiju rules` lists the rules",
            zh: "没有编号或代码为“{topic}”的规则或说明；guiju rules 列出全部规则"
        ),
    });
    Status::WrongInput
}

/// Prints why a finding of a saved report is what it is.
fn finding(id: &str, options: &ExplainOptions, talk: &Talk) -> Status {
    let report = match super::read_report(&options.report, talk) {
        Ok(report) => report,
        Err(status) => return status,
    };
    if let Some(found) = report.findings.iter().find(|finding| finding.id == id) {
        let drawing = terminal::Options {
            language: talk.language,
            color: talk.color,
            width: talk.width,
            notes: false,
            remedies_path: None,
            excerpt: &|_| None,
        };
        talk.result(terminal::explain(&report, found, &drawing));
        return Status::Clean;
    }
    let path = options.report.display();
    let known = closest(id, report.findings.iter().map(|finding| finding.id.as_str()));
    talk.fail(&match known {
        Some(known) => text!(
            en: "{path} has no finding `{id}`; did you mean `{known}`?",
            zh: "{path} 中没有结果“{id}”；是否指“{known}”？"
        ),
        None => text!(
            en: "{path} has no finding `{id}`: the check passed, was not made, or is named otherwise",
            zh: "{path} 中没有结果“{id}”：该项检查已通过、未进行或编号不同"
        ),
    });
    Status::WrongInput
}
