//! What a sheet shows: the map of one finding or of all.

use super::canvas::{Anchor, Canvas, Lettering, Paths};
use super::column::{COLUMN, SHEET, cut, facts, foot, heading, legend, paragraph};
use super::view::{BLACK, View};
use super::{MAX_PLATES, is_subject, remedies, shape};
use crate::diagnostic::Language;
use crate::geometry::{BoundingBox, Coord, Kind};
use crate::report::boundary::boundary_points;
use crate::report::palette::{self, Rgb, Role, Style};
use crate::report::result::{Evidence, Finding, Report, Verdict};
use crate::report::scene::{Feature, Layer, Part, Scene};
use crate::report::words;
use crate::text;

/// The frame of the map on a sheet: room for the figures of the graticule on the left and below.
const FRAME: [f64; 4] = [19.0, 22.0, 121.0, 98.0];

/// Ground smaller than this share of the whole subject is shown in detail, the whole in a corner.
const DETAIL: f64 = 0.1;

/// The most findings that are numbered on the overview, and listed beside it.
const NUMBERED: usize = 99;
const LISTED: usize = 14;

/// The most pieces of ground that the overview hatches and marks one by one.
const MARKED: usize = 400;

/// The most boundary points that are numbered on a plate, and how far apart on paper, in millimetres.
const POINTS: usize = 16;
const NUMBER_MM: f64 = 4.0;

/// How far the mark of a finding may stand from its place on the overview, in millimetres, where others stand in its way.
const ASIDE_MM: f64 = 16.0;

const WHITE: Rgb = Rgb(255, 255, 255);

/// Tells whether a finding has ground to show.
pub fn has_ground(finding: &Finding, scene: &Scene) -> bool {
    !ground(finding, scene).is_empty()
}

/// Returns the plate of a finding that has ground: map, legend, facts.
pub fn plate(report: &Report, scene: &Scene, finding: &Finding, language: Language) -> String {
    let mut canvas = Canvas::new(SHEET[0], SHEET[1], Lettering::Text);
    let in_words = |text: crate::diagnostic::Text| text.in_language(language).to_owned();
    let title = format!("{} {}", finding.rule, finding.title);
    heading(&mut canvas, &title, &finding.message);
    let view = draw_finding(&mut canvas, scene, finding, FRAME);
    let mut y = 24.0;
    let verdict =
        format!("{} · {}", in_words(words::verdict(finding.verdict)), in_words(words::severity(finding.severity)));
    y = paragraph(&mut canvas, y, 3.2, true, &verdict);
    if let Some(rule) = report.rule_of(finding) {
        for basis in rule.basis.iter().take(2) {
            y = paragraph(&mut canvas, y, 2.6, false, &format!("《{}》{}", basis.title, basis.article));
        }
    }
    y += 1.5;
    for fact in facts(finding, report, language) {
        y = paragraph(&mut canvas, y, 2.6, false, &fact);
    }
    legend(&mut canvas, y + 3.0, scene, &view, Some(finding), report, language);
    foot(&mut canvas, report, &view, language);
    canvas.finish(&title)
}

/// Returns the map of a finding that has ground, lettered with figures only, and its scale, for a document that says the rest: `size` in millimetres.
pub fn map(scene: &Scene, finding: &Finding, size: [f64; 2]) -> (String, f64) {
    let mut canvas = Canvas::new(size[0], size[1], Lettering::Figures);
    let frame = [16.5, 2.0, size[0] - 19.5, size[1] - 8.5];
    let view = draw_finding(&mut canvas, scene, finding, frame);
    (canvas.finish(&finding.id), view.scale)
}

/// Returns the map of all findings, the worst of them numbered and listed; where none has ground, a sheet that says so.
pub fn overview(report: &Report, scene: &Scene, language: Language) -> String {
    let mut canvas = Canvas::new(SHEET[0], SHEET[1], Lettering::Text);
    let title = text!(en: "Overview of findings", zh: "检查结果总览图");
    let title = title.in_language(language);
    heading(&mut canvas, title, &format!("{} {}", report.submission.id, report.submission.name));
    let Some((view, numbered)) = draw_all(&mut canvas, report, scene, FRAME) else {
        let none = text!(en: "No finding has ground to draw.", zh: "检查结果均无可绘制的范围。");
        canvas.text([5.0, 30.0], 4.0, Anchor::Start, false, BLACK, none.in_language(language));
        return canvas.finish(title);
    };
    let mut y = 24.0;
    for (number, finding, _) in numbered.iter().take(LISTED) {
        canvas.disc([COLUMN[0] + 1.8, y - 0.9], 1.8, mark(finding.verdict));
        canvas.text([COLUMN[0] + 1.8, y], 2.4, Anchor::Middle, true, WHITE, &number.to_string());
        let subject = finding.subject.name.as_deref().unwrap_or(&finding.subject.id);
        let line = cut(&format!("{} {subject}", finding.rule), COLUMN[1] - 5.0, 2.6);
        canvas.text([COLUMN[0] + 5.0, y], 2.6, Anchor::Start, false, BLACK, &line);
        y += 4.0;
    }
    let more = report.findings.len().saturating_sub(numbered.len().min(LISTED));
    if more > 0 {
        let rest = text!(en: "and {more} more in the list of findings", zh: "另有 {more} 项见检查结果清单");
        y = paragraph(&mut canvas, y, 2.6, false, rest.in_language(language));
    }
    let with_ground = report.findings.iter().filter(|finding| has_ground(finding, scene)).count();
    if with_ground > MAX_PLATES {
        let plates = text!(
            en: "plates: the worst {MAX_PLATES} of {with_ground} findings with ground",
            zh: "分幅图：{with_ground} 项中最重的 {MAX_PLATES} 项"
        );
        y = paragraph(&mut canvas, y, 2.6, false, plates.in_language(language));
    }
    legend(&mut canvas, y + 2.0, scene, &view, None, report, language);
    foot(&mut canvas, report, &view, language);
    canvas.finish(title)
}

/// Returns the same map by itself, lettered with figures only, for a document that says the rest: `size` in millimetres.
pub fn overview_map(report: &Report, scene: &Scene, size: [f64; 2]) -> Option<String> {
    let mut canvas = Canvas::new(size[0], size[1], Lettering::Figures);
    draw_all(&mut canvas, report, scene, [19.0, 2.0, size[0] - 22.0, size[1] - 8.5])?;
    Some(canvas.finish(&report.submission.id))
}

/// A finding that the overview numbers: its number in the report, and where it is marked.
type Numbered<'r> = (usize, &'r Finding, Coord);

/// Draws the ground of all findings in a frame; returns the view, and the findings that are numbered with their numbers and places.
fn draw_all<'r>(
    canvas: &mut Canvas,
    report: &'r Report,
    scene: &Scene,
    frame: [f64; 4],
) -> Option<(View, Vec<Numbered<'r>>)> {
    let all = report.findings.iter().map(|finding| ground(finding, scene));
    let shown = all.fold(BoundingBox::EMPTY, |all, bounds| all.merged(&bounds));
    if shown.is_empty() {
        return None;
    }
    let view = View::of(&shown, frame);
    canvas.begin_clip(frame[0], frame[1], frame[2], frame[3]);
    context(canvas, scene, &view, None);
    let conflicts = report.findings.iter().filter(|finding| finding.verdict == Verdict::Conflict);
    let pieces: Vec<&Evidence> = conflicts.flat_map(|finding| &finding.evidence).collect();
    match pieces.len() <= MARKED {
        true => pieces.iter().for_each(|piece| conflict(canvas, &view, piece)),
        false => {
            let areas = pieces.iter().map(|piece| shape(&piece.geometry)).filter(|shape| shape.kind() == Kind::Polygon);
            let all: Paths = areas.flat_map(|shape| view.drawn(shape.view())).collect();
            canvas.area(&all, &Style { hatch: None, line_mm: 0.15, ..palette::CONFLICT });
        }
    }
    let numbered: Vec<Numbered<'_>> = report
        .findings
        .iter()
        .enumerate()
        .filter_map(|(at, finding)| Some((at + 1, finding, spot(finding, scene)?)))
        .take(NUMBERED)
        .collect();
    marks(canvas, &view, &numbered);
    canvas.end_clip();
    furniture(canvas, &view);
    Some((view, numbered))
}

/// Marks findings with their numbers, the worst at their places; one in whose way another stands moves aside, with a line to its place.
fn marks(canvas: &mut Canvas, view: &View, numbered: &[Numbered<'_>]) {
    let radius = |number: usize| if number > 9 { 2.1 } else { 1.8 };
    let [left, top, width, height] = view.frame;
    let mut placed: Vec<([f64; 2], f64)> = Vec::new();
    let mut marks = Vec::new();
    for (number, finding, at) in numbered {
        let (place, radius) = (view.place(*at), radius(*number));
        let is_free = |at: [f64; 2]| {
            let inside = at[0] - radius > left
                && at[0] + radius < left + width
                && at[1] - radius > top
                && at[1] + radius < top + height;
            inside && placed.iter().all(|(other, taken)| distance(*other, at) > radius + taken)
        };
        // Where no place is free the marks lie upon each other.
        let stands = around(place).find(|at| is_free(*at)).unwrap_or(place);
        placed.push((stands, radius));
        marks.push((*number, mark(finding.verdict), place, stands, radius));
    }
    for (_, colour, place, stands, _) in marks.iter().filter(|(_, _, place, stands, _)| place != stands) {
        canvas.line(*place, *stands, *colour, 0.25);
        canvas.disc(*place, 0.5, *colour);
    }
    // The worst is drawn last, on top of the others.
    for (number, colour, _, stands, radius) in marks.into_iter().rev() {
        canvas.disc(stands, radius, colour);
        canvas.text([stands[0], stands[1] + 0.9], 2.5, Anchor::Middle, true, WHITE, &number.to_string());
    }
}

/// Returns a place and others around it, the nearest first.
fn around([x, y]: [f64; 2]) -> impl Iterator<Item = [f64; 2]> {
    let rings = (1..).map(|ring| f64::from(ring) * 1.5).take_while(|away| *away <= ASIDE_MM);
    let aside = rings.flat_map(move |away| {
        (0..16).map(move |part| {
            let angle = std::f64::consts::TAU * (f64::from(part) + 0.5) / 16.0;
            [x + away * angle.cos(), y + away * angle.sin()]
        })
    });
    std::iter::once([x, y]).chain(aside)
}

fn distance(one: [f64; 2], other: [f64; 2]) -> f64 {
    (one[0] - other[0]).hypot(one[1] - other[1])
}

/// Returns the ground that a finding shows: its evidence and its subject.
fn ground(finding: &Finding, scene: &Scene) -> BoundingBox {
    let evidence = evidence_bounds(finding);
    subject(finding, scene).map_or(evidence, |(_, subject)| evidence.merged(&subject.bounds))
}

fn evidence_bounds(finding: &Finding) -> BoundingBox {
    finding.evidence.iter().fold(BoundingBox::EMPTY, |all, piece| {
        let [west, south, east, north] = piece.bbox;
        all.merged(&BoundingBox { min: Coord { x: west, y: south }, max: Coord { x: east, y: north } })
    })
}

fn subject<'s>(finding: &Finding, scene: &'s Scene) -> Option<(&'s Layer, &'s Feature)> {
    scene.find(&finding.subject.kind, &finding.subject.id)
}

/// Returns where a finding is marked: on its largest piece of ground, else in the middle of its subject.
fn spot(finding: &Finding, scene: &Scene) -> Option<Coord> {
    if let Some(piece) = finding.evidence.first() {
        return Some(Coord { x: piece.point[0], y: piece.point[1] });
    }
    subject(finding, scene).map(|(_, subject)| (subject.bounds.min + subject.bounds.max) * 0.5)
}

fn span(bounds: &BoundingBox) -> f64 {
    (bounds.max.x - bounds.min.x).max(bounds.max.y - bounds.min.y)
}

fn draw_finding(canvas: &mut Canvas, scene: &Scene, finding: &Finding, frame: [f64; 4]) -> View {
    let (whole, evidence) = (ground(finding, scene), evidence_bounds(finding));
    let detail = !evidence.is_empty() && span(&evidence) < DETAIL * span(&whole);
    let shown = if detail { evidence.grown(span(&evidence).max(1.0)) } else { whole };
    let view = View::of(&shown, frame);
    canvas.begin_clip(frame[0], frame[1], frame[2], frame[3]);
    context(canvas, scene, &view, Some(finding));
    if let Some((_, subject)) = subject(finding, scene) {
        view.draw(canvas, subject.shape.view(), &palette::SUBJECT);
    }
    finding.evidence.iter().for_each(|piece| conflict(canvas, &view, piece));
    for remedy in remedies(finding) {
        view.draw(canvas, shape(remedy).view(), &palette::REMEDY);
    }
    if let Some(piece) = finding.evidence.first() {
        boundary_numbers(canvas, &view, piece);
    }
    canvas.end_clip();
    furniture(canvas, &view);
    if detail {
        inset(canvas, scene, finding, &whole, &view);
    }
    view
}

/// Draws the layers of the scene in the frame, save for what the finding is about. Areas of one look that follow each other are one path.
fn context(canvas: &mut Canvas, scene: &Scene, view: &View, finding: Option<&Finding>) {
    let mut open: Option<(Style, Paths)> = None;
    for (layer, feature) in scene.within(view.ground) {
        if finding.is_some_and(|finding| is_subject(finding, layer, feature)) {
            continue;
        }
        let style = feature_style(layer, feature, view, finding.is_none());
        if feature.shape.kind() != Kind::Polygon {
            view.draw(canvas, feature.shape.view(), &style);
            continue;
        }
        let paths = view.drawn(feature.shape.view());
        match &mut open {
            Some((alike, all)) if *alike == style => all.extend(paths),
            Some(_) | None => {
                if let Some((style, all)) = open.replace((style, paths)) {
                    canvas.area(&all, &style);
                }
            }
        }
    }
    if let Some((style, all)) = open {
        canvas.area(&all, &style);
    }
}

/// Features smaller than this on paper, in millimetres, are drawn with thinner lines, so that many of them don't make one blot.
const SMALL_MM: f64 = 12.0;

/// Returns how a feature is drawn: its code's colour where it has one; on the overview subjects stand out.
fn feature_style(layer: &Layer, feature: &Feature, view: &View, overview: bool) -> Style {
    let style = match layer.role {
        // What is proposed keeps its own look, so that it is not taken for a plan.
        Role::Parcel | Role::Unit => layer.style,
        _ => Style { fill: feature.fill.or(layer.style.fill), ..layer.style },
    };
    let on_paper = span(&feature.bounds) * 1000.0 / view.scale;
    let thinner = if on_paper < SMALL_MM / 3.0 {
        0.35
    } else if on_paper < SMALL_MM {
        0.7
    } else {
        1.0
    };
    let style = Style { line_mm: style.line_mm * thinner, ..style };
    match overview && feature.part == Part::Subject {
        true => Style { line: palette::SUBJECT.line, line_mm: style.line_mm.max(0.25), ..style },
        false => style,
    }
}

/// Draws a piece of the ground of a conflict; one too small to see is marked with a ring.
fn conflict(canvas: &mut Canvas, view: &View, piece: &Evidence) {
    view.draw(canvas, shape(&piece.geometry).view(), &palette::CONFLICT);
    let [west, south, east, north] = piece.bbox;
    let on_paper = (east - west).max(north - south) * 1000.0 / view.scale;
    if on_paper < 2.5 {
        let at = view.place(Coord { x: piece.point[0], y: piece.point[1] });
        let ring = (0..=24).map(|step| {
            let angle = std::f64::consts::TAU * f64::from(step) / 24.0;
            [at[0] + 2.2 * angle.cos(), at[1] + 2.2 * angle.sin()]
        });
        canvas.lines(&[ring.collect()], &palette::CONFLICT);
    }
}

/// Numbers the boundary points of the largest piece as its coordinate table does; of many points only the first.
fn boundary_numbers(canvas: &mut Canvas, view: &View, piece: &Evidence) {
    let points = boundary_points(&piece.geometry);
    let shown = if points.len() <= POINTS + 1 { points.len() } else { 1 };
    let mut last = 0;
    let mut numbered: Vec<[f64; 2]> = Vec::new();
    for point in points.iter().take(shown).filter(|point| {
        let new = point.number > last;
        last = point.number.max(last);
        new
    }) {
        let at = view.place(Coord { x: point.easting, y: point.northing });
        canvas.disc(at, 0.7, palette::CONFLICT.line);
        // Of points that lie together on paper one is numbered; the table has them all.
        if numbered.iter().any(|other| distance(*other, at) < NUMBER_MM) {
            continue;
        }
        numbered.push(at);
        let middle = view.place(Coord { x: piece.point[0], y: piece.point[1] });
        // Away from the middle of the piece, so that the number stands outside it.
        let (x, anchor) = if at[0] < middle[0] { (at[0] - 1.2, Anchor::End) } else { (at[0] + 1.2, Anchor::Start) };
        let y = if at[1] < middle[1] { at[1] - 0.6 } else { at[1] + 2.4 };
        canvas.text([x, y], 2.6, anchor, true, palette::CONFLICT.line, &format!("J{}", point.number));
    }
}

/// Draws the whole subject small in the lower left corner, with the frame of the map in it.
fn inset(canvas: &mut Canvas, scene: &Scene, finding: &Finding, whole: &BoundingBox, view: &View) {
    let [left, top, _, height] = view.frame;
    let frame = [left + 2.0, top + height - 30.0, 34.0, 28.0];
    canvas.rectangle(frame[0], frame[1], frame[2], frame[3], Some(WHITE), Some((BLACK, 0.25)));
    let small = View::of(whole, frame);
    canvas.begin_clip(frame[0], frame[1], frame[2], frame[3]);
    if let Some((_, subject)) = subject(finding, scene) {
        small.draw(canvas, subject.shape.view(), &Style { line_mm: 0.3, ..palette::SUBJECT });
    }
    let [west, south] = small.place(view.ground.min);
    let [east, north] = small.place(view.ground.max);
    canvas.rectangle(west, north, east - west, south - north, None, Some((palette::CONFLICT.line, 0.4)));
    canvas.end_clip();
}

fn furniture(canvas: &mut Canvas, view: &View) {
    view.graticule(canvas);
    view.north_arrow(canvas);
    view.scale_bar(canvas);
}

/// Returns the colour of the mark that carries a finding's number.
pub fn mark(verdict: Verdict) -> Rgb {
    match verdict {
        Verdict::Conflict => Rgb(190, 0, 30),
        Verdict::Undetermined => Rgb(190, 110, 0),
        Verdict::Excepted => Rgb(90, 90, 150),
        Verdict::Obligation => Rgb(0, 95, 160),
        Verdict::Pass | Verdict::NotApplicable => Rgb(0, 112, 60),
    }
}
