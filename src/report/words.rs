//! What the tool calls its own things, in both languages.

use super::result::{
    Applied, AreaMethod, BaselineCounts, ChangedSince, Confidence, FailOn, Severity, Text, Verdict, WaiverState,
};
use super::review::ChangeKind;
use crate::diagnostic::Language;
use crate::text;

/// Returns the name of a verdict.
pub fn verdict(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Conflict => text!(en: "conflict", zh: "冲突"),
        Verdict::Undetermined => text!(en: "undetermined", zh: "无法判定"),
        Verdict::Excepted => text!(en: "excepted", zh: "例外成立"),
        Verdict::Obligation => text!(en: "obligation", zh: "附带责任"),
        Verdict::Pass => text!(en: "pass", zh: "通过"),
        Verdict::NotApplicable => text!(en: "not applicable", zh: "不适用"),
    }
}

/// Returns the name of a severity.
pub fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Prohibited => text!(en: "prohibited", zh: "禁止级"),
        Severity::Conditional => text!(en: "conditional", zh: "限制级"),
        Severity::Advisory => text!(en: "advisory", zh: "提示级"),
    }
}

/// Returns the name of the severity from which a conflict bars acceptance.
pub fn fail_on(fail_on: FailOn) -> Text {
    match fail_on {
        FailOn::Prohibited => severity(Severity::Prohibited),
        FailOn::Conditional => severity(Severity::Conditional),
        FailOn::Advisory => severity(Severity::Advisory),
        FailOn::Never => text!(en: "never", zh: "不设门槛"),
    }
}

/// Returns how sure a legal basis is.
pub fn confidence(confidence: Confidence) -> Text {
    match confidence {
        Confidence::Verified => text!(en: "verified", zh: "已核原文"),
        Confidence::Seed => text!(en: "from a source document", zh: "出自项目文件"),
        Confidence::Unverified => text!(en: "not verified", zh: "未核实"),
        Confidence::Proposal => text!(en: "proposal without legal force", zh: "建议，无法律效力"),
    }
}

/// Returns whether a rule was run.
pub fn applied(applied: Applied) -> Text {
    match applied {
        Applied::Yes => text!(en: "run", zh: "已检查"),
        Applied::NotInForce => text!(en: "not in force on that day", zh: "基准日未施行"),
        Applied::OtherRegion => text!(en: "for other regions", zh: "不适用于本行政区"),
    }
}

/// Returns how areas are measured.
pub fn area(method: AreaMethod) -> Text {
    match method {
        AreaMethod::Ellipsoidal => text!(en: "ellipsoidal areas", zh: "椭球面积"),
        AreaMethod::Plane => text!(en: "plane areas", zh: "平面面积"),
    }
}

/// Returns what a partial check looked at.
pub fn changed_since(since: &ChangedSince) -> Text {
    let (revision, commit) = (&since.revision, since.commit.get(..12).unwrap_or(&since.commit));
    match (since.complete, since.items) {
        (false, Some(items)) => text!(
            en: "partial check: only what {added} new, {changed} changed and {removed} vanished items since `{revision}` ({commit}) can reach",
            zh: "部分检查：只看“{revision}”（{commit}）以来新增 {added}、变更 {changed}、删除 {removed} 项所能影响的对象",
            added = items.added, changed = items.changed, removed = items.removed
        ),
        (true, _) | (false, None) => text!(
            en: "everything was looked at: rules or settings differ from `{revision}` ({commit}), or there is nothing to compare with",
            zh: "已全部检查：规则或设置与“{revision}”（{commit}）不同，或没有可比较的状态"
        ),
    }
}

/// Returns what a report is, and what it is not.
pub fn notice() -> Text {
    text!(
        en: "a technical pre-check by these rules, of these versions, on these inputs; not an approval",
        zh: "依所列版本的规则对所列数据所作的技术预检，不是审批意见"
    )
}

/// Returns how a finding has changed.
pub fn change(kind: ChangeKind) -> Text {
    match kind {
        ChangeKind::New => text!(en: "new", zh: "新增"),
        ChangeKind::Worse => text!(en: "worse", zh: "加重"),
        ChangeKind::Better => text!(en: "better", zh: "减轻"),
        ChangeKind::Gone => text!(en: "gone", zh: "消除"),
        ChangeKind::Old => text!(en: "as before", zh: "未变"),
    }
}

/// Returns what has become of a finding that is no more: of one whose rule is not run nothing is known.
pub fn gone(rule_not_run: bool) -> Text {
    match rule_not_run {
        false => change(ChangeKind::Gone),
        true => text!(en: "its rule is not run any more", zh: "其规则不再运行"),
    }
}

/// Says what a waiver is worth, as the end of a sentence about it.
pub fn waiver_state(state: WaiverState) -> Text {
    match state {
        WaiverState::Holds => text!(en: "holds", zh: "有效"),
        WaiverState::Expired => text!(en: "has expired and waives nothing", zh: "已过期，不起豁免作用"),
        WaiverState::OutOfScope => {
            text!(en: "does not cover all of the ground and waives nothing", zh: "冲突范围超出其适用范围，不起豁免作用")
        }
        WaiverState::Unused => text!(en: "speaks of no conflict that is left", zh: "没有与之对应的冲突"),
    }
}

/// Says how many findings compare how.
pub fn counted(counts: &BaselineCounts, language: Language) -> String {
    let BaselineCounts { new, old, worse, better, gone } = *counts;
    match language {
        Language::En => format!("{new} new, {worse} worse, {better} better, {gone} gone, {old} as before"),
        Language::Zh => format!("新增 {new}，加重 {worse}，减轻 {better}，消除 {gone}，未变 {old}"),
    }
}

/// Returns whether a submission was accepted.
pub fn accepted(accepted: bool) -> Text {
    match accepted {
        true => text!(en: "accepted", zh: "通过"),
        false => text!(en: "not accepted", zh: "不通过"),
    }
}

/// Returns the heading of the earlier of two reports.
pub fn then() -> Text {
    text!(en: "then:", zh: "原：")
}

/// Returns the heading of the later of two reports.
pub fn now() -> Text {
    text!(en: "now:", zh: "现：")
}
