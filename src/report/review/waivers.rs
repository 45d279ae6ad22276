//! Exceptions that were granted, held against the conflicts of a report.
//!
//! A waived conflict stays in the report with its waiver. A waiver that has expired, or whose ground does not hold all of the conflict's,
//! waives nothing and says so; so does one that no conflict needs any more.

use std::sync::Arc;

use jiff::civil::Date;

use super::ground::Ground;
use crate::diagnostic::codes::waiver as codes;
use crate::diagnostic::{Code, Severity};
use crate::geometry::{Kind, Shape, construct};
use crate::report::number;
use crate::report::result::{At, Finding, Issue, Report, Text, Verdict, Waiver, WaiverState, WaiverUse};
use crate::text;

/// By how much a conflict may reach beyond the ground of its waiver, in metres: documents give coordinates to the centimetre or so.
const SCOPE_MARGIN_M: f64 = 0.01;

/// An exception that was granted.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The rule that it excepts from.
    pub rule: String,
    /// The label of the constraint, if it is for one only.
    pub label: Option<String>,
    /// The subject that it is for: its id, with or without its kind.
    pub subject: String,
    /// Who granted it.
    pub issuer: String,
    /// The number of the document that grants it.
    pub document: String,
    /// Why.
    pub reason: String,
    /// Last day it holds.
    pub expires: Date,
    /// The ground that it is for; any, if it names none.
    pub scope: Option<Arc<Shape>>,
    /// Where it stands.
    pub at: At,
}

/// What a waiver is worth for one conflict.
struct Worth {
    state: WaiverState,
    /// How much of the ground lies beyond its scope, if any does and it can be said.
    outside_m2: Option<f64>,
}

/// Puts waivers into a report as they stand on a day, and settles the gate again.
pub fn waive(report: &mut Report, granted: &[Granted], as_of: Date) {
    let mut uses = Vec::with_capacity(granted.len());
    let mut issues = Vec::new();
    for waiver in granted {
        let concerned: Vec<usize> =
            (0..report.findings.len()).filter(|&at| speaks_of(waiver, &report.findings[at], report)).collect();
        let mut worths = Vec::with_capacity(concerned.len());
        for &at in &concerned {
            let finding = &mut report.findings[at];
            let worth = worth(waiver, finding, as_of);
            if worth.state == WaiverState::OutOfScope {
                issues.push(out_of_scope(waiver, &finding.id, worth.outside_m2));
            }
            // The first that holds stands; while none does, the first of all.
            if finding.waiver.is_none() || (worth.state == WaiverState::Holds && !finding.is_waived()) {
                finding.waiver = Some(carried(waiver, &worth));
            }
            worths.push(worth.state);
        }
        let state = settled(waiver, &worths, as_of);
        match state {
            WaiverState::Expired => issues.push(expired(waiver, as_of, concerned.len())),
            WaiverState::Unused => issues.push(unused(waiver, report)),
            WaiverState::Holds | WaiverState::OutOfScope => {}
        }
        uses.push(WaiverUse {
            rule: waiver.rule.clone(),
            label: waiver.label.clone(),
            subject: waiver.subject.clone(),
            document: waiver.document.clone(),
            issuer: waiver.issuer.clone(),
            reason: waiver.reason.clone(),
            expires: waiver.expires.to_string(),
            state,
            findings: concerned.iter().map(|&at| report.findings[at].id.clone()).collect(),
            at: waiver.at.clone(),
        });
    }
    report.waivers = uses;
    report.add_issues(issues);
    report.settle_gate();
}

/// Tells whether a waiver is about a conflict.
fn speaks_of(waiver: &Granted, finding: &Finding, report: &Report) -> bool {
    finding.verdict == Verdict::Conflict && is_of(waiver, finding, report)
}

fn is_of(waiver: &Granted, finding: &Finding, report: &Report) -> bool {
    let subject = &finding.subject;
    let by_kind = || {
        let kind = waiver.subject.strip_suffix(subject.id.as_str()).and_then(|kind| kind.strip_suffix([':', '：']));
        kind.is_some_and(|kind| {
            kind == subject.kind
                || report.layers.iter().any(|named| named.name == subject.kind && named.text.zh == kind)
        })
    };
    finding.rule == waiver.rule
        && (waiver.label.is_none() || waiver.label == finding.label)
        && (waiver.subject == subject.id || by_kind())
}

fn worth(waiver: &Granted, finding: &Finding, as_of: Date) -> Worth {
    let plain = |state| Worth { state, outside_m2: None };
    if waiver.expires < as_of {
        return plain(WaiverState::Expired);
    }
    let Some(scope) = &waiver.scope else { return plain(WaiverState::Holds) };
    let ground = Ground::of(finding);
    // Of ground that is not all known, or not there, nobody can say that it lies within.
    let in_part = finding.quantities.iter().any(|quantity| quantity.amount.at_least);
    if ground.is_empty() || ground.broken || in_part {
        return plain(WaiverState::OutOfScope);
    }
    let of = |areas: Shape| Ground { areas, lines: Shape::empty(Kind::Line), broken: false };
    let covers = |grown: Shape| ground.without(&of(grown)).is_empty();
    if construct::buffer(scope.view(), SCOPE_MARGIN_M).is_some_and(covers) {
        return plain(WaiverState::Holds);
    }
    let area = ground.without(&of(scope.view().to_shape())).extent().area_m2;
    Worth { state: WaiverState::OutOfScope, outside_m2: (area > 0.0).then_some(area) }
}

fn settled(waiver: &Granted, worths: &[WaiverState], as_of: Date) -> WaiverState {
    if waiver.expires < as_of {
        return WaiverState::Expired;
    }
    match worths {
        [] => WaiverState::Unused,
        some if some.contains(&WaiverState::Holds) => WaiverState::Holds,
        _ => WaiverState::OutOfScope,
    }
}

fn carried(waiver: &Granted, worth: &Worth) -> Waiver {
    Waiver {
        document: waiver.document.clone(),
        issuer: Some(waiver.issuer.clone()),
        expires: Some(waiver.expires.to_string()),
        reason: Some(waiver.reason.clone()),
        valid: worth.state == WaiverState::Holds,
        state: worth.state,
        outside_m2: worth.outside_m2,
        at: waiver.at.clone(),
    }
}

fn issue(waiver: &Granted, code: &'static Code, text: Text) -> Issue {
    Issue {
        code: code.name.to_owned(),
        severity: Severity::Warning,
        text,
        path: waiver.at.path.clone(),
        layer: None,
        feature: Some(waiver.subject.clone()),
        field: None,
        line: waiver.at.line,
        column: waiver.at.column,
        record: None,
        cell: None,
        point: None,
        point_lonlat: None,
    }
}

fn expired(waiver: &Granted, as_of: Date, conflicts: usize) -> Issue {
    let (document, rule, day) = (&waiver.document, &waiver.rule, waiver.expires);
    let text = match conflicts {
        0 => text!(
            en: "the waiver {document} for {rule} held until {day}, which is before {as_of}; no conflict needs it any more",
            zh: "{document} 对 {rule} 的豁免有效期至 {day}，早于基准日 {as_of}；已没有冲突需要它"
        ),
        _ => text!(
            en: "the waiver {document} for {rule} held until {day}, which is before {as_of}: the conflict stands",
            zh: "{document} 对 {rule} 的豁免有效期至 {day}，早于基准日 {as_of}：冲突仍然成立"
        ),
    };
    issue(waiver, &codes::WAIVER_EXPIRED, text)
}

fn out_of_scope(waiver: &Granted, finding: &str, outside_m2: Option<f64>) -> Issue {
    let document = &waiver.document;
    let text = match outside_m2 {
        Some(area) => {
            let area = number::area(area);
            text!(
                en: "{area} of {finding} lie beyond the ground of the waiver {document}: the conflict stands",
                zh: "{finding} 有 {area} 超出 {document} 的豁免范围：冲突仍然成立"
            )
        }
        None => text!(
            en: "the ground of {finding} is not known to lie within that of the waiver {document}: the conflict stands",
            zh: "无法确认 {finding} 的范围在 {document} 的豁免范围之内：冲突仍然成立"
        ),
    };
    issue(waiver, &codes::WAIVER_OUT_OF_SCOPE, text)
}

/// Says what became of the check that a waiver was for.
fn unused(waiver: &Granted, report: &Report) -> Issue {
    let (document, rule, subject) = (&waiver.document, &waiver.rule, &waiver.subject);
    let known = report.rules.iter().any(|summary| summary.id == *rule);
    let left = report.findings.iter().find(|finding| is_of(waiver, finding, report)).map(|finding| finding.verdict);
    let text = match (known, left) {
        (false, _) => {
            text!(en: "the waiver {document} names the rule {rule}, which there is not", zh: "{document} 所豁免的规则 {rule} 不存在")
        }
        (true, Some(Verdict::Undetermined)) => text!(
            en: "the waiver {document} is not used: whether {subject} breaks {rule} could not be decided",
            zh: "{document} 的豁免未用到：{subject} 是否违反 {rule} 无法判定"
        ),
        (true, _) => text!(
            en: "the waiver {document} is not used: no conflict of {subject} with {rule}",
            zh: "{document} 的豁免未用到：{subject} 与 {rule} 没有冲突"
        ),
    };
    issue(waiver, &codes::WAIVER_UNUSED, text)
}
