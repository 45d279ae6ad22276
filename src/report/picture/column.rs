//! What a sheet says beside its map: heading, facts, legend, foot.

use super::canvas::{Anchor, Canvas};
use super::view::{BLACK, GREY, View};
use super::{is_subject, remedies};
use crate::diagnostic::Language;
use crate::report::palette::{self, Rgb, Role, Style};
use crate::report::result::{Finding, Report, Verdict};
use crate::report::scene::Scene;
use crate::report::{escape, layout, number, words};
use crate::text;

/// A sheet in millimetres.
pub(super) const SHEET: [f64; 2] = [200.0, 140.0];

/// The left edge of the column beside the map, and its width.
pub(super) const COLUMN: [f64; 2] = [145.0, 52.0];

pub(super) fn heading(canvas: &mut Canvas, title: &str, below: &str) {
    let width = SHEET[0] - 10.0;
    canvas.text([5.0, 9.0], 5.0, Anchor::Start, true, BLACK, &cut(title, width, 5.0));
    let mut y = 14.2;
    for line in lines(below, width, 3.1).into_iter().take(2) {
        canvas.text([5.0, y], 3.1, Anchor::Start, false, BLACK, &line);
        y += 4.0;
    }
}

/// Letters a paragraph in the column beside the map and returns where the next begins.
pub(super) fn paragraph(canvas: &mut Canvas, mut y: f64, size: f64, bold: bool, text: &str) -> f64 {
    for line in lines(text, COLUMN[1], size).into_iter().take(5) {
        canvas.text([COLUMN[0], y], size, Anchor::Start, bold, BLACK, &line);
        y += size * 1.45;
    }
    y + 0.4
}

/// Breaks a text into lines of so many millimetres; a wide character is as wide as the type is high.
fn lines(text: &str, width: f64, size: f64) -> Vec<String> {
    layout::wrapped(&escape::line(text), (width / size * 2.0) as usize)
}

pub(super) fn cut(text: &str, width: f64, size: f64) -> String {
    escape::cut(text, (width / size * 2.0) as usize)
}

/// Returns what is known of the ground of a finding.
pub(super) fn facts(finding: &Finding, report: &Report, language: Language) -> Vec<String> {
    let subject = finding.subject.name.as_deref().unwrap_or(&finding.subject.id);
    let kind = report.layer(&finding.subject.kind, language);
    let mut out = vec![format!("{kind} {subject}")];
    if let Some(piece) = finding.evidence.first() {
        if let (Some(layer), Some(feature)) = (&piece.layer, &piece.feature) {
            let layer = report.layer(layer, language);
            out.push(
                text!(en: "meets {layer} {feature}", zh: "涉及{layer} {feature}").in_language(language).to_owned(),
            );
        }
        let measure = match piece.length_m {
            Some(length) => number::length(length),
            None => number::area(finding.evidence.iter().map(|piece| piece.area_m2).sum()),
        };
        let pieces = finding.evidence.len();
        let noun = if pieces == 1 { "piece" } else { "pieces" };
        let places = text!(en: "{pieces} {noun}, {measure}", zh: "{pieces} 处，{measure}");
        out.push(places.in_language(language).to_owned());
        if let Some(width) = piece.width_m {
            let width = number::length(width);
            out.push(text!(en: "{width} deep", zh: "最大内切宽度 {width}").in_language(language).to_owned());
        }
        let [east, north] = piece.point;
        out.push(format!("X {north:.3}"));
        out.push(format!("Y {east:.3}"));
    }
    if let Some(comparison) = &finding.comparison {
        out.push(comparison.clone());
    }
    out
}

/// Letters what the colours mean.
pub(super) fn legend(
    canvas: &mut Canvas,
    mut y: f64,
    scene: &Scene,
    view: &View,
    finding: Option<&Finding>,
    report: &Report,
    language: Language,
) {
    let bottom = SHEET[1] - 14.0;
    let in_words = |text: crate::diagnostic::Text| text.in_language(language).to_owned();
    let mut entries: Vec<(Style, String)> = Vec::new();
    if let Some(finding) = finding {
        entries.push((palette::SUBJECT, report.layer(&finding.subject.kind, language).to_owned()));
    }
    let has_conflict = finding.is_none_or(|finding| !finding.evidence.is_empty());
    if has_conflict {
        let name = match finding.map_or(Verdict::Conflict, |finding| finding.verdict) {
            Verdict::Conflict => text!(en: "ground of the conflict", zh: "冲突范围"),
            _ => text!(en: "ground concerned", zh: "涉及范围"),
        };
        entries.push((palette::CONFLICT, in_words(name)));
    }
    if finding.is_some_and(|finding| remedies(finding).next().is_some()) {
        entries.push((palette::REMEDY, in_words(text!(en: "outline that would comply", zh: "建议调整后范围"))));
    }
    for layer in scene.layers.iter().rev() {
        let mut seen = layer.features.iter().filter(|feature| {
            feature.bounds.intersects(&view.ground)
                && !finding.is_some_and(|finding| is_subject(finding, layer, feature))
        });
        let Some(first) = seen.next() else { continue };
        let colours = matches!(layer.role, Role::LandUse | Role::LandSurvey | Role::PlanningZone | Role::Other);
        let name = layer.named.text.in_language(language);
        let mut codes: Vec<(&str, Rgb)> =
            std::iter::once(first).chain(seen).filter_map(|f| Some((f.code.as_deref()?, f.fill?))).collect();
        if !colours || codes.is_empty() {
            entries.push((layer.style, name.to_owned()));
            continue;
        }
        codes.sort_unstable_by_key(|(code, _)| *code);
        codes.dedup_by_key(|(code, _)| *code);
        codes.truncate(6);
        entries.extend(codes.into_iter().map(|(code, fill)| {
            let style = Style { fill: Some(fill), ..layer.style };
            (style, format!("{name} {code}"))
        }));
    }
    for (style, name) in entries {
        if y > bottom {
            break;
        }
        let box_of = |x: f64, y: f64| vec![vec![[x, y], [x + 7.0, y], [x + 7.0, y + 3.0], [x, y + 3.0]]];
        canvas.area(&box_of(COLUMN[0], y), &style);
        canvas.text([COLUMN[0] + 9.0, y + 2.4], 2.6, Anchor::Start, false, BLACK, &cut(&name, COLUMN[1] - 9.0, 2.6));
        y += 4.4;
    }
}

/// Letters the scale, the coordinate system, the submission and what the sheet is.
pub(super) fn foot(canvas: &mut Canvas, report: &Report, view: &View, language: Language) {
    let scale = number::measured(view.scale, 0).replace(',', " ");
    let submission = &report.submission;
    let line = format!("1:{scale} · {} · {} · {} {}", submission.crs, submission.as_of, submission.id, submission.name);
    canvas.text([5.0, SHEET[1] - 7.5], 2.6, Anchor::Start, false, BLACK, &cut(&line, SHEET[0] - 10.0, 2.6));
    let notice = words::notice();
    let notice = cut(notice.in_language(language), SHEET[0] - 10.0, 2.4);
    canvas.text([5.0, SHEET[1] - 3.5], 2.4, Anchor::Start, false, GREY, &notice);
}
