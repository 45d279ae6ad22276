//! A finding as a row of the data block.

use std::collections::HashMap;

use serde::Serialize;

use super::outline::Outlines;
use crate::report::number;
use crate::report::result::{
    Baseline, Checked, Earlier, Evidence, ExceptionState, Finding, Missing, NotChecked, Remedy, Report, Severity,
    Subject, Text, Verdict, Waiver,
};

/// Texts that repeat, each once, by number.
#[derive(Default)]
pub(super) struct Texts<'a> {
    pub(super) list: Vec<&'a str>,
    numbers: HashMap<&'a str, usize>,
}

impl<'a> Texts<'a> {
    fn number(&mut self, text: &'a str) -> usize {
        *self.numbers.entry(text).or_insert_with(|| {
            self.list.push(text);
            self.list.len() - 1
        })
    }

    fn both(&mut self, text: &'a Text) -> [usize; 2] {
        [self.number(&text.en), self.number(&text.zh)]
    }
}

/// A finding; numbers of texts where the name ends in `_at`.
#[derive(Serialize)]
pub(super) struct FindingRow<'a> {
    id: &'a str,
    /// Its rule, by number in the report's list.
    rule: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    verdict: Verdict,
    severity: Severity,
    subject: SubjectRow<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bindings: Vec<SubjectRow<'a>>,
    message: &'a str,
    condition_at: usize,
    place_at: (usize, Option<u32>),
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    quantities: Vec<(usize, &'a str, Option<f64>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    margin: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<ExceptionRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<MissingRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ground: Vec<Piece<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remedies: Vec<RemedyRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    feedback: Vec<(usize, &'a str)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<&'a Waiver>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Baseline>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<&'a Earlier>,
    /// Whether it bars acceptance.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    bars: bool,
}

#[derive(Serialize)]
struct SubjectRow<'a> {
    kind_at: usize,
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    package_at: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_at: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_at: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

#[derive(Serialize)]
struct ExceptionRow {
    state: ExceptionState,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition_at: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<MissingRow>,
}

/// What, why in English and Chinese, where in English and Chinese.
type MissingRow = (usize, [usize; 2], Option<[usize; 2]>);

#[derive(Serialize)]
struct Piece<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    layer_at: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feature: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_at: Option<usize>,
    /// Square metres, or metres of a line, for order; `shown` is for people.
    size: f64,
    shown: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plane: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of_subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of_feature: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sliver: Option<[usize; 2]>,
    point: [f64; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    lonlat: Option<[f64; 2]>,
    outline: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum RemedyRow<'a> {
    Shape {
        text: &'a Text,
        kind_at: usize,
        id: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        checked: Option<Checked>,
        #[serde(skip_serializing_if = "Option::is_none")]
        not_checked: Option<NotChecked>,
        /// Rule, its title, verdict, and whether the cure brings it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        remaining: Vec<(usize, usize, Verdict, bool)>,
        /// Area and width of parts that are too small or too thin.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        poor: Vec<(String, String)>,
        outline: String,
    },
    Words {
        words_at: usize,
    },
}

impl<'a> FindingRow<'a> {
    /// Draws up the row of a finding.
    pub(super) fn of(report: &'a Report, finding: &'a Finding, outlines: Outlines, texts: &mut Texts<'a>) -> Self {
        let rule = report.rule_of(finding);
        let rule = rule.and_then(|rule| report.rules.iter().position(|other| std::ptr::eq(other, rule)));
        FindingRow {
            id: &finding.id,
            rule,
            label: finding.label.as_deref(),
            verdict: finding.verdict,
            severity: finding.severity,
            subject: subject(&finding.subject, texts),
            bindings: finding.bindings.iter().skip(1).map(|one| subject(one, texts)).collect(),
            message: &finding.message,
            condition_at: texts.number(&finding.condition),
            place_at: (texts.number(&finding.rule_at.path), finding.rule_at.line),
            comparison: finding.comparison.as_deref(),
            quantities: finding
                .quantities
                .iter()
                .map(|one| (texts.number(&one.name), &*one.amount.shown, one.amount.error))
                .collect(),
            margin: finding.margin.as_ref().map(|margin| &*margin.shown),
            exception: exception(finding, texts),
            missing: missing(&finding.missing, texts),
            ground: finding.evidence.iter().map(|piece| ground(piece, outlines, texts)).collect(),
            remedies: finding.remedies.iter().map(|one| remedy(one, outlines, texts)).collect(),
            feedback: finding.feedback.iter().map(|one| (texts.number(&one.to), &*one.text)).collect(),
            waiver: finding.waiver.as_ref(),
            baseline: finding.baseline,
            earlier: finding.earlier.as_ref(),
            bars: report.bars(finding),
        }
    }
}

fn subject<'a>(subject: &'a Subject, texts: &mut Texts<'a>) -> SubjectRow<'a> {
    SubjectRow {
        kind_at: texts.number(&subject.kind),
        id: &subject.id,
        name: subject.name.as_deref(),
        package_at: subject.package.as_deref().map(|one| texts.number(one)),
        unit_at: subject.unit.as_deref().map(|one| texts.number(one)),
        path_at: subject.path.as_deref().map(|one| texts.number(one)),
        line: subject.line,
    }
}

fn exception<'a>(finding: &'a Finding, texts: &mut Texts<'a>) -> Option<ExceptionRow> {
    let exception = &finding.exception;
    (exception.state != ExceptionState::None).then(|| ExceptionRow {
        state: exception.state,
        condition_at: exception.condition.as_deref().map(|one| texts.number(one)),
        missing: missing(&exception.missing, texts),
    })
}

fn missing<'a>(list: &'a [Missing], texts: &mut Texts<'a>) -> Vec<MissingRow> {
    list.iter()
        .map(|one| {
            (texts.number(&one.what), texts.both(&one.reason), one.place.as_ref().map(|place| texts.both(place)))
        })
        .collect()
}

fn ground<'a>(piece: &'a Evidence, outlines: Outlines, texts: &mut Texts<'a>) -> Piece<'a> {
    let shown = match piece.length_m {
        Some(length) => vec![number::length(length)],
        None => vec![number::area(piece.area_m2), number::mu(piece.area_m2)],
    };
    Piece {
        layer_at: piece.layer.as_deref().map(|one| texts.number(one)),
        feature: piece.feature.as_deref(),
        path_at: piece.path.as_deref().map(|one| texts.number(one)),
        size: rounded(piece.length_m.unwrap_or(piece.area_m2), 2),
        shown,
        // A bound under the second decimal changes nothing that is shown.
        error: (piece.area_error_m2 >= 0.005).then(|| number::area(piece.area_error_m2)),
        plane: piece.area_plane_m2.map(number::area),
        of_subject: piece.share_of_subject.map(number::percent),
        of_feature: piece.share_of_feature.map(number::percent),
        width: piece.width_m.map(number::length),
        sliver: piece.sliver_hint.as_ref().map(|hint| texts.both(hint)),
        point: piece.point.map(|at| rounded(at, 3)),
        lonlat: piece.point_lonlat.map(|at| at.map(|at| rounded(at, 8))),
        outline: outlines.write(&piece.geometry),
    }
}

/// Rounds to decimals: what the page shows of a number, it need not carry more of.
fn rounded(number: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    let rounded = (number * scale).round() / scale;
    if rounded.is_finite() { rounded } else { number }
}

fn remedy<'a>(remedy: &'a Remedy, outlines: Outlines, texts: &mut Texts<'a>) -> RemedyRow<'a> {
    match remedy {
        Remedy::Geometry { text, of, checked, not_checked, remaining, poor_parts, geometry, .. } => RemedyRow::Shape {
            text,
            kind_at: texts.number(&of.kind),
            id: &of.id,
            checked: *checked,
            not_checked: *not_checked,
            remaining: remaining
                .iter()
                .map(|one| (texts.number(&one.rule), texts.number(&one.title), one.verdict, one.new))
                .collect(),
            poor: poor_parts.iter().map(|part| (number::area(part.area_m2), number::length(part.width_m))).collect(),
            outline: outlines.write(geometry),
        },
        Remedy::Text { text } => RemedyRow::Words { words_at: texts.number(text) },
    }
}
