//! When a rule is in force, and whether two rules of one id meet.

use jiff::civil::Date;

use super::analysis::Analysis;
use super::program::Rule;
use crate::diagnostic::{Diagnostic, codes::language as codes};
use crate::source::Span;
use crate::syntax::ast;
use crate::text;

/// First and last day, both counted; open where `None`.
pub(super) type Period = (Option<Date>, Option<Date>);

/// Tells whether two periods share a day.
pub(super) fn meet(one: Period, other: Period) -> bool {
    let before =
        |end: Option<Date>, start: Option<Date>| matches!((end, start), (Some(end), Some(start)) if end < start);
    !before(one.1, other.0) && !before(other.1, one.0)
}

impl Analysis<'_> {
    /// Returns when a rule is in force: as it says itself, else while all its sources are.
    pub(super) fn period(&mut self, rule: &ast::Rule, sources: &[u32]) -> Period {
        let taken = sources.iter().map(|&source| &self.program.sources[source as usize]);
        let from = taken.clone().filter_map(|source| source.effective).max();
        let repealed = taken.filter_map(|source| source.repealed).min();
        let last = repealed.and_then(|day| day.yesterday().ok());
        let period = match &rule.effective {
            None => (from, last),
            Some(effective) => {
                let from = self.constant_date(&effective.from);
                (from, effective.to.as_ref().and_then(|to| self.constant_date(to)))
            }
        };
        if let (Some(first), Some(end)) = period
            && end < first
        {
            self.report_empty_period(rule, first, end);
        } else if let (Some(_), Some(repealed)) = (&rule.effective, repealed)
            && period.1.is_none_or(|end| end >= repealed)
        {
            let span = rule.basis.first().map_or(rule.id.span, |basis| basis.span);
            let message = text!(
                en: "the rule outlasts its source, which was repealed on {repealed}",
                zh: "规则的施行期超出了来源的废止日 {repealed}"
            );
            let help = text!(
                en: "end the rule the day before, or name the source that took its place",
                zh: "请将规则止于前一日，或改用取代它的来源"
            );
            self.report(Diagnostic::warning(&codes::REPEALED_SOURCE, message).label(span).help(help));
        }
        period
    }

    fn report_empty_period(&mut self, rule: &ast::Rule, first: Date, end: Date) {
        let id = &rule.id.text;
        if let Some(effective) = &rule.effective {
            let message = text!(
                en: "the period ends on {end}, before it begins on {first}",
                zh: "施行期止于 {end}，早于起始日 {first}"
            );
            let help = text!(en: "swap the two days", zh: "请对调两个日期");
            let span = effective.from.span;
            self.report(Diagnostic::error(&codes::REVERSED_RANGE, message).label(span).help(help));
            return;
        }
        let span = rule.basis.first().map_or(rule.id.span, |basis| basis.span);
        let message = text!(
            en: "rule `{id}` is never in force: a source is repealed before another takes effect on {first}",
            zh: "规则“{id}”从不生效：一个来源在另一来源于 {first} 施行前已废止"
        );
        let help = text!(
            en: "name sources that are in force together, or give the rule its own `effective from … to …`",
            zh: "请引用同时有效的来源，或为规则写明“施行 自 … 至 …”"
        );
        self.report(Diagnostic::warning(&codes::REPEALED_SOURCE, message).label(span).help(help));
    }

    /// Reports a rule whose id another has in a period that meets its own; tells whether there is one.
    pub(super) fn repeats_id(&mut self, id: &str, period: Period, span: Span) -> bool {
        let meets = |rule: &&Rule| &*rule.id == id && meet((rule.from, rule.to), period);
        let Some(earlier) = self.program.rules.iter().find(meets).map(|rule| rule.span) else { return false };
        let message = text!(en: "there are two rules `{id}` at the same time", zh: "同一时期有两条规则“{id}”");
        let help = text!(
            en: "give one another id, or periods that do not meet: `effective from … to …`",
            zh: "请为其中一条改编号，或使两者的施行期不相接：“施行 自 … 至 …”"
        );
        let diagnostic = Diagnostic::error(&codes::DUPLICATE_RULE, message)
            .label(span)
            .label_with(earlier, text!(en: "first here", zh: "先在这里声明"))
            .help(help);
        self.report(diagnostic);
        true
    }
}
