//! Raw coordinates to valid shapes in the submission's coordinate system.
//!
//! The system of a file is settled once, from what the manifest and the file state and from what its coordinates look like.
//! What cannot be settled makes a shape invalid, never wrong.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::issues::{Issues, issue};
use super::systems::{assumed, crs_error, unstated};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Code, Severity, Text};
use crate::geometry::crs::{Crs, Suspicion, Transformer, plausibility, presumed, swapped};
use crate::geometry::validity::{Checked, Fault, FaultKind, RawShape, check};
use crate::geometry::{BoundingBox, Coord, Kind, Shape, ShapeRef};
use crate::model::{ClassId, GeometryState, Issue, ItemRef};
use crate::source::Place;
use crate::text;

/// The box of a shape that lies nobody knows where. Finite, for the sake of indexes.
pub const ANYWHERE: BoundingBox = BoundingBox { min: Coord { x: -1e9, y: -1e9 }, max: Coord { x: 1e9, y: 1e9 } };

/// What states the coordinate system of a file.
#[derive(Debug, Clone)]
pub(super) enum Stated {
    /// The manifest.
    ByManifest(String),
    /// The file itself.
    ByFile(String),
    /// Nothing; the format's own rule says longitude and latitude.
    Nothing,
}

/// How the coordinates of a file become those of the submission.
pub(super) struct Settled {
    /// The system of the file, if it could be settled.
    pub crs: Option<Crs>,
    /// Whether x and y change places first.
    pub swap: bool,
    transformer: Option<Clocked>,
}

/// A way from one system to another, and what going it took so far.
struct Clocked {
    transformer: Transformer,
    /// Nanoseconds by the clock, all threads added up.
    spent: AtomicU64,
}

impl Clocked {
    fn shape(&self, shape: ShapeRef<'_>) -> Option<Shape> {
        let started = Instant::now();
        let moved = self.transformer.shape(shape);
        self.spent.fetch_add(started.elapsed().as_nanos() as u64, Ordering::Relaxed);
        moved
    }
}

/// Settles the system of a file, telling `issues` what was assumed. `boxes` are those of its features, `target` the system wanted.
pub(super) fn settle(
    stated: &Stated,
    boxes: impl Iterator<Item = BoundingBox> + Clone,
    target: Crs,
    place: Place,
    class: ClassId,
    issues: &mut Issues,
) -> Settled {
    let mut tell =
        |code, severity, text| issues.push(Issue { class: Some(class), ..issue(code, severity, text, place) });
    let unsettled = Settled { crs: None, swap: false, transformer: None };
    let mut crs = match stated {
        Stated::ByManifest(name) | Stated::ByFile(name) => match Crs::parse(name) {
            Ok(crs) => crs,
            Err(error) => {
                tell(&codes::UNKNOWN_CRS, Severity::Error, crs_error(&error));
                return unsettled;
            }
        },
        Stated::Nothing => {
            let (crs, ground) = presumed(target, boxes.clone());
            if let Some(text) = unstated(crs, ground) {
                tell(&codes::CRS_NOT_STATED, Severity::Warning, text);
            }
            crs
        }
    };
    let mut found = prevailing(crs, boxes.clone());
    let swap = found == Some(Suspicion::SwappedAxes);
    if swap {
        found = prevailing(crs, boxes.clone().map(|area| swapped(&area)));
        let text = text!(
            en: "northing stands before easting (or latitude before longitude): the two were swapped",
            zh: "坐标为北坐标（纬度）在前：已互换"
        );
        tell(&codes::SWAPPED_AXES, Severity::Warning, text);
    }
    match found {
        None | Some(Suspicion::OutsideExtent | Suspicion::SwappedAxes) => {}
        Some(Suspicion::WrongZone { expected_prefix, found_prefix }) => {
            let carried = |zone: Option<u32>| match zone {
                Some(zone) => (format!("zone {zone}"), format!("带号为 {zone}")),
                None => ("no zone number".to_owned(), "没有带号".to_owned()),
            };
            let (expected, found, name) = (carried(expected_prefix), carried(found_prefix), crs.name());
            let mut text = Text::new(
                format!("eastings carry {}, but those of {name} carry {}", found.0, expected.0),
                format!("横坐标{}，而 {name} 应当{}", found.1, expected.1),
            );
            let Some(same) = crs.with_prefix(found_prefix) else {
                tell(&codes::WRONG_ZONE, Severity::Error, text);
                return unsettled;
            };
            let name = same.name();
            text.en.push_str(&format!("; the central meridian is the same, so they were read as {name}"));
            text.zh.push_str(&format!("；中央经线相同，按 {name} 读取"));
            tell(&codes::WRONG_ZONE, Severity::Warning, text);
            crs = same;
        }
        Some(suspicion @ (Suspicion::NotProjected | Suspicion::NotGeographic)) => {
            let name = crs.name();
            let text = match suspicion {
                Suspicion::NotProjected => text!(
                    en: "coordinates look like degrees, but {name} is projected",
                    zh: "坐标像经纬度，而 {name} 是投影坐标系"
                ),
                _ => text!(
                    en: "coordinates look like metres, but {name} is longitude and latitude",
                    zh: "坐标像平面坐标，而 {name} 是经纬度"
                ),
            };
            tell(&codes::CRS_MISMATCH, Severity::Error, text);
            return unsettled;
        }
    }
    if crs == target {
        return Settled { crs: Some(crs), swap, transformer: None };
    }
    match Transformer::new(crs, target) {
        Ok(transformer) => {
            // Undeclared degrees were taken as CGCS2000 where RFC 7946 says WGS 84: the same assumption.
            let from = if matches!(stated, Stated::Nothing) && crs.is_geographic() { Crs::WGS84 } else { crs };
            let assumption = Crs::transform_note(from, target).filter(|_| boxes.clone().next().is_some());
            if let Some(assumption) = assumption {
                tell(&codes::CRS_ASSUMPTION, Severity::Note, assumed(assumption, from, target));
            }
            Settled { crs: Some(crs), swap, transformer: Some(Clocked { transformer, spent: AtomicU64::new(0) }) }
        }
        Err(error) => {
            tell(&codes::UNKNOWN_CRS, Severity::Error, crs_error(&error));
            unsettled
        }
    }
}

/// Returns what shapes are made of, in words.
pub(super) fn kind_name(kind: Kind) -> Text {
    match kind {
        Kind::Point => Text::new("points", "点"),
        Kind::Line => Text::new("lines", "线"),
        Kind::Polygon => Text::new("polygons", "面"),
    }
}

/// Returns what more than half of the features raise: one stray feature must not condemn a file.
fn prevailing(crs: Crs, boxes: impl Iterator<Item = BoundingBox>) -> Option<Suspicion> {
    let most = boxes.size_hint().1;
    let mut all = 0;
    let mut counts: Vec<(Option<Suspicion>, usize)> = Vec::new();
    for area in boxes {
        let found = plausibility(crs, &area);
        all += 1;
        match counts.iter_mut().find(|(known, _)| *known == found) {
            // However many are to come, these are more than half.
            Some((_, count)) if most.is_some_and(|most| 2 * *count > most) => return found,
            Some((_, count)) => *count += 1,
            None => counts.push((found, 1)),
        }
    }
    counts.into_iter().find(|(_, count)| 2 * count > all).and_then(|(found, _)| found)
}

/// The feature that a shape is of, for its issues.
pub(super) struct Owner<'i> {
    /// Where it stands.
    pub place: Place,
    /// The feature.
    pub item: ItemRef,
    /// Its id.
    pub id: Cow<'i, str>,
}

impl Owner<'_> {
    /// Returns an issue of the feature.
    pub(super) fn issue(&self, code: &'static Code, severity: Severity, text: Text, point: Option<Coord>) -> Issue {
        Issue {
            class: Some(self.item.class),
            item: Some((&*self.id).into()),
            item_ref: Some(self.item),
            point,
            ..issue(code, severity, text, self.place)
        }
    }
}

impl Settled {
    /// Returns what leaves coordinates as they are, in `crs`.
    pub(super) fn as_is(crs: Crs) -> Self {
        Settled { crs: Some(crs), swap: false, transformer: None }
    }

    /// Tells whether coordinates within a box lie where those of the system do and are as they will be used.
    pub(super) fn keeps(&self, area: &BoundingBox) -> bool {
        self.transformer.is_none() && self.crs.is_some_and(|crs| plausibility(crs, area).is_none())
    }

    /// Returns what leaves coordinates as they are, in no system that is known.
    pub(super) fn nowhere() -> Self {
        Settled { crs: None, swap: false, transformer: None }
    }

    /// Returns a shape in the system wanted, faults and all; `None` where it has no place there.
    pub(super) fn moved(&self, shape: ShapeRef<'_>) -> Option<Shape> {
        match &self.transformer {
            Some(clocked) => clocked.shape(shape),
            None => Some(shape.to_shape()),
        }
    }

    /// Returns the time that bringing shapes into the system wanted took so far, in nanoseconds of all threads.
    pub(super) fn projecting(&self) -> u64 {
        self.transformer.as_ref().map_or(0, |clocked| clocked.spent.load(Ordering::Relaxed))
    }

    /// Tells whether coordinates become others.
    pub(super) fn moves(&self) -> bool {
        self.transformer.is_some()
    }

    /// Returns the valid shape of raw coordinates in the submission's system, and its state; tells what was wrong.
    pub(super) fn shape(
        &self,
        raw: RawShape,
        owner: &Owner<'_>,
        issues: &mut Issues,
    ) -> (GeometryState, Option<Shape>) {
        self.shape_by(check, raw, owner, issues)
    }

    /// Does what [`Settled::shape`] does, for a shape that was looked at so far that `check` tells the rest.
    pub(super) fn shape_by(
        &self,
        check: fn(&RawShape) -> Checked,
        mut raw: RawShape,
        owner: &Owner<'_>,
        issues: &mut Issues,
    ) -> (GeometryState, Option<Shape>) {
        let anywhere = GeometryState::Invalid(ANYWHERE);
        let Some(crs) = self.crs else { return (anywhere, None) };
        if self.swap {
            raw.swap_axes();
        }
        let area = raw.bounds();
        if let Some(area) = &area
            && plausibility(crs, area).is_some()
        {
            let name = crs.name();
            let text = text!(
                en: "the coordinates lie outside the land that {name} serves",
                zh: "坐标在 {name} 适用范围之外"
            );
            issues.push(owner.issue(&codes::OUTSIDE_EXTENT, Severity::Error, text, self.to_target(area.min)));
            return (anywhere, None);
        }
        let checked = check(&raw);
        for fault in &checked.faults {
            issues.push(self.fault_issue(fault, crs, owner));
        }
        let moved = checked.shape.and_then(|shape| match &self.transformer {
            Some(clocked) => clocked.shape(shape.view()),
            None => Some(shape),
        });
        if let Some(shape) = moved {
            return (GeometryState::Valid, Some(shape));
        }
        if checked.faults.iter().all(|fault| fault.repaired) {
            let text =
                text!(en: "the coordinates have no place in the submission's system", zh: "坐标无法转换到申报坐标系");
            issues.push(owner.issue(&codes::OUTSIDE_EXTENT, Severity::Error, text, None));
        }
        (area.and_then(|area| self.box_in_target(&area)).map_or(anywhere, GeometryState::Invalid), None)
    }

    fn to_target(&self, coord: Coord) -> Option<Coord> {
        match &self.transformer {
            Some(clocked) => clocked.transformer.forward(coord),
            None => Some(coord),
        }
    }

    /// Returns a box that surely holds the box of the file once it is transformed.
    fn box_in_target(&self, area: &BoundingBox) -> Option<BoundingBox> {
        if self.transformer.is_none() {
            return Some(*area);
        }
        const STEPS: i32 = 8;
        let mut corners = Vec::new();
        for column in 0..=STEPS {
            for row in 0..=STEPS {
                let part = |low: f64, high: f64, step: i32| low + (high - low) * f64::from(step) / f64::from(STEPS);
                let coord = Coord { x: part(area.min.x, area.max.x, column), y: part(area.min.y, area.max.y, row) };
                corners.push(self.to_target(coord)?);
            }
        }
        let found = BoundingBox::around(&corners);
        // Edges bend between the points that were moved, by far less than a tenth of the box.
        Some(found.grown(0.1 * (found.max.x - found.min.x).max(found.max.y - found.min.y)))
    }

    /// Adds what is wrong with rings that only had to be turned.
    pub(super) fn tell_turned(&self, faults: &[(usize, Fault)], owner: &Owner<'_>, issues: &mut Issues) {
        faults.iter().for_each(|(_, fault)| self.tell_harmless(fault, owner, issues));
    }

    /// Adds that a point followed itself, which was taken out.
    pub(super) fn tell_repeated(&self, point: Coord, owner: &Owner<'_>, issues: &mut Issues) {
        let fault = Fault { kind: FaultKind::RepeatedPoint, point, repaired: true, area_change: 0.0 };
        self.tell_harmless(&fault, owner, issues);
    }

    /// Adds a fault that was repaired and changed nothing.
    fn tell_harmless(&self, fault: &Fault, owner: &Owner<'_>, issues: &mut Issues) {
        let Some(crs) = self.crs else { return };
        let (code, _) = fault_code(fault.kind);
        issues.push_made(code, Severity::Note, owner.item.class, None, || self.fault_issue(fault, crs, owner));
    }

    fn fault_issue(&self, fault: &Fault, crs: Crs, owner: &Owner<'_>) -> Issue {
        let (code, what) = fault_code(fault.kind);
        let (severity, en, zh) = if fault.repaired {
            let small = fault.area_change == 0.0 || crs.is_geographic();
            let change = if small { String::new() } else { format!("{:+.4}", fault.area_change) };
            let (en, zh) = if small {
                ("; repaired".to_owned(), "；已修复".to_owned())
            } else {
                (
                    format!("; repaired, which changed the area by {change} m2"),
                    format!("；已修复，面积变化 {change} ㎡"),
                )
            };
            let harmless = matches!(fault.kind, FaultKind::WrongDirection | FaultKind::RepeatedPoint) || small;
            (if harmless { Severity::Note } else { Severity::Warning }, en, zh)
        } else {
            let (en, zh) = ("; the shape cannot be used", "；该图形无法使用");
            (Severity::Error, en.to_owned(), zh.to_owned())
        };
        let text = Text::new(what.en + &en, what.zh + &zh);
        owner.issue(code, severity, text, self.to_target(fault.point))
    }
}

fn fault_code(kind: FaultKind) -> (&'static Code, Text) {
    let (code, en, zh) = match kind {
        FaultKind::NotFinite => (&codes::BAD_COORDINATES, "a coordinate is not a finite number", "坐标不是有限数"),
        FaultKind::OutOfRange => (&codes::BAD_COORDINATES, "a coordinate is too large to be one", "坐标数值过大"),
        FaultKind::TooFewPoints => (&codes::BAD_RING, "a ring or line has too few points", "环或线的点数不足"),
        FaultKind::ZeroArea => (&codes::BAD_RING, "a ring encloses nothing", "环不围成面积"),
        FaultKind::Unclosed => (&codes::UNCLOSED_RING, "a ring does not end where it starts", "环未闭合"),
        FaultKind::RepeatedPoint => (&codes::REPEATED_POINT, "a point follows itself", "有重复点"),
        FaultKind::WrongDirection => (&codes::RING_DIRECTION, "a ring runs in the wrong direction", "环方向不对"),
        FaultKind::Spike => (&codes::SPIKE, "a ring runs out and back along one line", "环有尖刺"),
        FaultKind::SelfTouch => (&codes::RING_SELF_TOUCH, "a ring touches itself", "环自接触"),
        FaultKind::SelfIntersection => (&codes::RING_SELF_INTERSECTION, "a ring crosses itself", "环自相交"),
        FaultKind::HoleOutsideShell => (&codes::MISPLACED_HOLE, "a hole lies outside its shell", "洞在外环之外"),
        FaultKind::NestedHoles => (&codes::MISPLACED_HOLE, "a hole lies in another", "洞在另一洞之内"),
        FaultKind::HolesOverlap => (&codes::MISPLACED_HOLE, "two holes overlap", "两个洞相互重叠"),
        FaultKind::DuplicateRing => (&codes::MISPLACED_HOLE, "a hole is there twice", "洞重复"),
        FaultKind::NestedShells => (&codes::OVERLAPPING_PARTS, "a part lies in another", "一部分在另一部分之内"),
        FaultKind::ShellsAdjoin => (&codes::OVERLAPPING_PARTS, "two parts share an edge", "两部分有公共边"),
        FaultKind::ShellsOverlap => (&codes::OVERLAPPING_PARTS, "two parts overlap", "两部分相互重叠"),
    };
    (code, Text::new(en, zh))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Files, Place};

    /// Settles a file of one square, and returns the system with what was told: code, severity, English.
    fn settled(stated: Stated, min: (f64, f64), target: u32) -> (Option<u32>, bool, Vec<String>) {
        let mut files = Files::default();
        let place = Place { file: files.add("a.geojson", ""), line: 0, column: 0 };
        let size = if min.0.abs() <= 180.0 { 0.001 } else { 100.0 };
        let min = Coord { x: min.0, y: min.1 };
        let area = BoundingBox { min, max: min + Coord { x: size, y: size } };
        let mut issues = Issues::default();
        let target = Crs::from_epsg(target).unwrap();
        let found = settle(&stated, [area].into_iter(), target, place, ClassId(1), &mut issues);
        let told = issues.finish().into_iter();
        let told = told.map(|issue| format!("{} {:?}: {}", issue.code.name, issue.severity, issue.text.en)).collect();
        (found.crs.map(Crs::epsg), found.swap, told)
    }

    #[test]
    fn systems_are_settled_with_a_word_on_how() {
        let by = |name: &str| Stated::ByFile(name.to_owned());
        let nothing = || Stated::Nothing;
        let cases = [
            ("stated, fits", by("EPSG:4527"), (39_400_000.0, 3_290_000.0), 4527),
            ("stated without prefix, has one", by("EPSG:4548"), (39_400_000.0, 3_290_000.0), 4527),
            ("stated with prefix, has none", by("CGCS2000_3_Degree_GK_Zone_39"), (400_000.0, 3_290_000.0), 4527),
            ("of another zone", by("EPSG:4526"), (39_400_000.0, 3_290_000.0), 4527),
            ("northing first", by("EPSG:4527"), (3_290_000.0, 39_400_000.0), 4527),
            ("northing first, without prefix", by("EPSG:4527"), (3_290_000.0, 400_000.0), 4527),
            ("latitude first", by("EPSG:4490"), (29.7, 115.9), 4527),
            ("WGS 84", by("EPSG:4326"), (115.9, 29.7), 4527),
            ("a zone apart", by("EPSG:4526"), (38_600_000.0, 3_290_000.0), 4527),
            ("US feet", by("EPSG:2264"), (1_130_771.0, 572_552.0), 32617),
            ("Switzerland", by("CH1903+ / LV95"), (2_600_000.0, 1_200_000.0), 25832),
            ("refused", by("Beijing_1954_3_Degree_GK_Zone_39"), (39_400_000.0, 3_290_000.0), 4527),
            ("disguised", by("GCJ-02"), (115.9, 29.7), 4527),
            ("coarse", by("EPSG:31467"), (3_500_000.0, 5_500_000.0), 25832),
            ("unknown", by("EPSG:99999"), (39_400_000.0, 3_290_000.0), 4527),
            ("not stated, degrees", nothing(), (115.9, 29.7), 4527),
            ("not stated, the submission's", nothing(), (39_400_000.0, 3_290_000.0), 4527),
            ("not stated, another zone", nothing(), (38_600_000.0, 3_290_000.0), 4527),
            ("not stated, northing first", nothing(), (3_290_000.0, 38_600_000.0), 4527),
            ("not stated, no prefix", nothing(), (400_000.0, 3_290_000.0), 4527),
        ];
        let mut lines = Vec::new();
        for (what, stated, min, target) in cases {
            let (crs, swapped, told) = settled(stated, min, target);
            let crs = crs.map_or("none".to_owned(), |code| code.to_string());
            lines.push(format!("{what}: {crs}{}", if swapped { ", swapped" } else { "" }));
            lines.extend(told.into_iter().map(|line| format!("    {line}")));
        }
        insta::assert_snapshot!(lines.join("\n"));
    }
}
