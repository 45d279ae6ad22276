//! Polygons: their faults, and the shape that is free of them.
//!
//! The rule of repair: the area of a ring must be the same however one reads it (odd turns, any turns, as drawn); a
//! polygon is its shell less the union of its holes, which must lie within; a shape is the union of its polygons.

use rustc_hash::FxHashSet;

use super::contacts::{Meeting, Meetings, free_point, meetings, same_ring};
use super::rings::{Ring, clean};
use super::web::Web;
use super::{Checked, Fault, FaultKind, Soundness, inspect};
use crate::geometry::edges::{Contact, signed_area};
use crate::geometry::overlay::{Fill, dissolve, subtract};
use crate::geometry::{Coord, Kind, Shape, ShapeRef};

/// Areas are the same if they differ by less than this part of the largest of them, besides what the grid does.
const SAME_AREA: f64 = 1e-9;

/// The faults of a shape, as they come to light.
struct Findings {
    faults: Vec<Fault>,
    /// For each fault its polygon, in step with `faults`; `None` for those that need no overlay.
    polygons: Vec<Option<usize>>,
    /// The kinds booked for each ring.
    seen: FxHashSet<(FaultKind, usize)>,
    /// Polygons that must be built anew.
    dirty: Vec<bool>,
    /// Rings that meet themselves.
    tangled: Vec<bool>,
    /// Whether polygons meet each other in a way that may share an area.
    mixed: bool,
    /// Whether polygons share an edge or cross.
    merged: bool,
}

impl Findings {
    /// Adds a fault unless the ring has one of its kind.
    fn add(&mut self, kind: FaultKind, ring: usize, polygon: usize, point: Coord) {
        if self.seen.insert((kind, ring)) {
            self.faults.push(Fault::at(kind, point, true));
            self.polygons.push(Some(polygon));
        }
        let of_shells = [FaultKind::ShellsOverlap, FaultKind::ShellsAdjoin, FaultKind::NestedShells];
        self.dirty[polygon] |= !of_shells.contains(&kind);
    }

    /// Marks the faults of a polygon as not repaired, those of `kinds` only.
    fn give_up(&mut self, polygon: usize, kinds: &[FaultKind]) {
        for (fault, of) in self.faults.iter_mut().zip(&self.polygons) {
            if *of == Some(polygon) && kinds.contains(&fault.kind) {
                fault.repaired = false;
            }
        }
    }

    /// Books a change of area on the first fault of a polygon of one of `kinds`, or else on its first.
    fn book(&mut self, polygon: Option<usize>, kinds: &[FaultKind], change: f64) {
        let of = |index: &usize| polygon.is_none() || self.polygons[*index] == polygon;
        let named = (0..self.faults.len()).filter(of).find(|index| kinds.contains(&self.faults[*index].kind));
        let any = (0..self.faults.len()).find(|index| polygon.is_some() && self.polygons[*index] == polygon);
        if let Some(index) = named.or(any) {
            self.faults[index].area_change += change;
        }
    }
}

/// Returns the valid shape of polygons and their faults.
pub(super) fn polygons(raw: ShapeRef<'_>) -> Checked {
    let mut faults = Vec::new();
    let mut cleaned = Shape::empty(Kind::Polygon);
    // Of each ring that is left its polygon, and whether it is the shell.
    let mut places: Vec<(usize, bool)> = Vec::new();
    let mut ring: Vec<Coord> = Vec::new();
    let count = raw.parts().len();
    for (polygon, of) in raw.parts().enumerate() {
        for (index, coords) in of.rings().enumerate() {
            ring.clear();
            ring.extend_from_slice(coords);
            if clean(&mut ring, index == 0, &mut faults) {
                cleaned.push_ring(ring.iter().copied());
                places.push((polygon, index == 0));
            }
        }
        cleaned.end_part();
    }
    if faults.iter().any(|fault| !fault.repaired) {
        return Checked { shape: None, faults };
    }
    // What had faults in single rings seldom has others.
    if !faults.is_empty() && inspect(cleaned.view()) == Soundness::Sound {
        return Checked { shape: Some(cleaned), faults };
    }
    let rings = cleaned.view().rings().zip(places);
    let rings: Vec<Ring<'_>> = rings.map(|(coords, (polygon, is_shell))| Ring { polygon, is_shell, coords }).collect();
    let mut found = Findings {
        polygons: vec![None; faults.len()],
        faults,
        seen: FxHashSet::default(),
        dirty: vec![false; count],
        tangled: vec![false; rings.len()],
        mixed: false,
        merged: false,
    };
    let views: Vec<&[Coord]> = rings.iter().map(|ring| ring.coords).collect();
    let web = Web::new(&views);
    let Meetings { list: meetings, are_all } = meetings(&web);
    for meeting in &meetings {
        classify(meeting, &rings, &mut found);
    }
    if !are_all {
        return scribble(&meetings, found);
    }
    let crossing = crossing_pairs(&meetings);
    find_touching_cycles(&meetings, &crossing, &rings, &mut found);
    if !find_nesting(&web, &meetings, &crossing, &rings, &mut found) {
        found.faults.iter_mut().for_each(|fault| fault.repaired = false);
        let are_shells = rings.iter().filter(|ring| ring.is_shell).count() * 2 > rings.len();
        let kind = if are_shells { FaultKind::NestedShells } else { FaultKind::NestedHoles };
        found.faults.push(Fault::at(kind, rings[0].coords[0], false));
        return Checked { shape: None, faults: found.faults };
    }
    let shape = assemble(&rings, count, &mut found);
    // What a repair leaves nothing of was not meant so.
    if shape.as_ref().is_some_and(Shape::is_empty) && !rings.is_empty() {
        found.faults.iter_mut().for_each(|fault| fault.repaired = false);
        return Checked { shape: None, faults: found.faults };
    }
    Checked { shape, faults: found.faults }
}

/// Returns the faults, none of them repaired, of what meets so often that the repair would take out of all proportion.
fn scribble(meetings: &[Meeting], found: Findings) -> Checked {
    let mut faults = found.faults;
    // Parts that only touch have none so far.
    if let (true, Some(first)) = (faults.is_empty(), meetings.first()) {
        faults.push(Fault::at(FaultKind::SelfTouch, first.point, false));
    }
    faults.iter_mut().for_each(|fault| fault.repaired = false);
    Checked { shape: None, faults }
}

/// Books what a single meeting tells.
fn classify(meeting: &Meeting, rings: &[Ring<'_>], found: &mut Findings) {
    let (one, other) = (&rings[meeting.first], &rings[meeting.second]);
    let touch = matches!(meeting.contact, Contact::Touch(_));
    if meeting.first == meeting.second {
        found.tangled[meeting.first] = true;
        let kind = if touch { FaultKind::SelfTouch } else { FaultKind::SelfIntersection };
        found.add(kind, meeting.first, one.polygon, meeting.point);
    } else if one.polygon != other.polygon {
        // Touching alone is no fault, but edges may cross in a vertex.
        found.mixed = true;
        if !touch {
            found.merged = true;
            let crosses = matches!(meeting.contact, Contact::Cross(_));
            let kind = if crosses { FaultKind::ShellsOverlap } else { FaultKind::ShellsAdjoin };
            found.add(kind, meeting.second, other.polygon, meeting.point);
        }
    } else if !touch {
        let kind = match (one.is_shell, meeting.contact) {
            (true, Contact::Cross(_)) => FaultKind::HoleOutsideShell,
            (true, Contact::Overlap(_) | Contact::Touch(_) | Contact::Apart) => FaultKind::SelfTouch,
            (false, _) if same_ring(one, other) => FaultKind::DuplicateRing,
            (false, _) => FaultKind::HolesOverlap,
        };
        found.add(kind, meeting.second, one.polygon, meeting.point);
    }
}

/// Returns the pairs of rings that cross or share an edge, sorted: what they do besides follows from that.
fn crossing_pairs(meetings: &[Meeting]) -> Vec<(usize, usize)> {
    let more = meetings.iter().filter(|meeting| !matches!(meeting.contact, Contact::Touch(_)));
    let mut pairs: Vec<(usize, usize)> = more.map(|meeting| (meeting.first, meeting.second)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Finds rings of one polygon that touch in a circle, and so cut its interior in two (or cross in a vertex).
fn find_touching_cycles(meetings: &[Meeting], crossing: &[(usize, usize)], rings: &[Ring<'_>], found: &mut Findings) {
    let mut touches: Vec<(usize, Coord)> = Vec::new();
    for meeting in meetings {
        let same_polygon = rings[meeting.first].polygon == rings[meeting.second].polygon;
        let pair = (meeting.first, meeting.second);
        if pair.0 != pair.1 && same_polygon && crossing.binary_search(&pair).is_err() {
            touches.extend([(meeting.first, meeting.point), (meeting.second, meeting.point)]);
        }
    }
    let order = |a: &(usize, Coord), b: &(usize, Coord)| {
        a.1.x.total_cmp(&b.1.x).then(a.1.y.total_cmp(&b.1.y)).then(a.0.cmp(&b.0))
    };
    touches.sort_by(order);
    touches.dedup();
    // A point and the rings through it join what they touch; a ring that is joined already closes a circle.
    let mut parents: Vec<usize> = (0..rings.len()).collect();
    for through in touches.chunk_by(|a, b| a.1 == b.1) {
        let mut joined: Vec<usize> = Vec::new();
        for &(ring, point) in through {
            let root = root_of(&mut parents, ring);
            let same_polygon = joined.iter().find(|other| rings[**other].polygon == rings[ring].polygon).copied();
            if joined.contains(&root) {
                found.add(FaultKind::SelfTouch, ring, rings[ring].polygon, point);
            } else if let Some(other) = same_polygon {
                parents[root] = other;
            } else {
                joined.push(root);
            }
        }
    }
}

fn root_of(parents: &mut [usize], mut ring: usize) -> usize {
    while parents[ring] != ring {
        parents[ring] = parents[parents[ring]];
        ring = parents[ring];
    }
    ring
}

/// Finds holes outside their shell or in another hole, and parts in parts, of rings that don't cross. Tells whether that could be done: rings within rings
/// may be too many.
fn find_nesting(
    web: &Web<'_>,
    meetings: &[Meeting],
    crossing: &[(usize, usize)],
    rings: &[Ring<'_>],
    found: &mut Findings,
) -> bool {
    if rings.len() < 2 {
        return true;
    }
    let mut touched: Vec<(f64, f64)> = meetings.iter().map(|meeting| (meeting.point.x, meeting.point.y)).collect();
    touched.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let shells: Vec<Option<usize>> = (0..found.dirty.len())
        .map(|polygon| {
            let at = rings.partition_point(|ring| ring.polygon < polygon);
            rings.get(at).is_some_and(|ring| ring.polygon == polygon).then_some(at)
        })
        .collect();
    // Rings that meet nowhere are looked at all together.
    let nesting = if meetings.is_empty() { web.nesting() } else { Some(Vec::new()) };
    let Some(nesting) = nesting else { return false };
    for (index, ring) in rings.iter().enumerate() {
        let point = free_point(ring, &touched);
        let crosses = |other: usize| crossing.binary_search(&(index.min(other), index.max(other))).is_ok();
        let around = nesting.get(index).cloned().unwrap_or_else(|| web.around(point).into());
        let around = around.into_iter().map(|other| other as usize);
        let around: Vec<usize> = around.filter(|other| *other != index && !crosses(*other)).collect();
        if ring.is_shell {
            let of = |other: &usize| rings[*other].polygon;
            let nested = around
                .iter()
                .filter(|other| rings[**other].is_shell && of(other) != ring.polygon)
                .any(|shell| !around.iter().any(|hole| !rings[*hole].is_shell && of(hole) == of(shell)));
            if nested {
                found.mixed = true;
                found.merged = true;
                found.add(FaultKind::NestedShells, index, ring.polygon, point);
            }
            continue;
        }
        let same = |other: &&usize| rings[**other].polygon == ring.polygon && !rings[**other].is_shell;
        if shells[ring.polygon].is_some_and(|shell| !crosses(shell) && !around.contains(&shell)) {
            found.add(FaultKind::HoleOutsideShell, index, ring.polygon, point);
        } else if around.iter().any(|other| same(&other)) {
            found.add(FaultKind::NestedHoles, index, ring.polygon, point);
        }
    }
    true
}

/// Builds the shape, anew where polygons are dirty; `None` if that can't be done without doubt.
fn assemble(rings: &[Ring<'_>], count: usize, found: &mut Findings) -> Option<Shape> {
    let step = grid_step(rings);
    let mut parts: Vec<Shape> = Vec::new();
    for polygon in 0..count {
        let from = rings.partition_point(|ring| ring.polygon < polygon);
        let to = rings.partition_point(|ring| ring.polygon <= polygon);
        if found.dirty[polygon] {
            parts.extend(rebuild(rings, from..to, polygon, step, found));
        } else {
            let mut part = Shape::empty(Kind::Polygon);
            for ring in &rings[from..to] {
                part.push_ring(ring.coords.iter().copied());
            }
            part.end_part();
            parts.push(part);
        }
    }
    if found.faults.iter().any(|fault| !fault.repaired) {
        return None;
    }
    if found.mixed {
        let merged =
            dissolve(parts.iter().flat_map(|part| part.view().rings().collect::<Vec<_>>()), Fill::Positive, step);
        let change = area(&merged) - parts.iter().map(area).sum::<f64>();
        let overlaps = [FaultKind::ShellsOverlap, FaultKind::NestedShells];
        let known = found.faults.iter().any(|fault| overlaps.contains(&fault.kind));
        let allowed = tolerance(&parts, step);
        if !known && change.abs() > allowed {
            let point =
                parts.iter().find_map(|part| part.view().coords().first().copied()).unwrap_or(Coord { x: 0.0, y: 0.0 });
            found.faults.push(Fault::at(FaultKind::ShellsOverlap, point, true));
            found.polygons.push(Some(0));
            found.merged = true;
        }
        if found.merged {
            // Parts that only adjoin keep their area, whatever the grid does to it.
            found.book(None, &overlaps, change);
            return Some(merged);
        }
    }
    let mut shape = Shape::empty(Kind::Polygon);
    for part in &parts {
        shape.append(part.view());
    }
    Some(shape)
}

/// Returns one polygon as its shell less its holes; `None` if that leaves doubt, which is booked.
fn rebuild(
    rings: &[Ring<'_>],
    of: std::ops::Range<usize>,
    polygon: usize,
    step: f64,
    found: &mut Findings,
) -> Option<Shape> {
    let mut shell = Shape::empty(Kind::Polygon);
    let mut holes: Vec<Vec<Coord>> = Vec::new();
    let mut drawn = 0.0;
    for index in of {
        let ring = &rings[index];
        let region = if found.tangled[index] {
            let Some(region) = untangled(ring, step) else {
                found.give_up(polygon, &[FaultKind::SelfIntersection, FaultKind::SelfTouch]);
                return None;
            };
            region
        } else {
            let mut region = Shape::empty(Kind::Polygon);
            let reversed = ring.coords.iter().rev().copied();
            if ring.is_shell {
                region.push_ring(ring.coords.iter().copied())
            } else {
                region.push_ring(reversed)
            }
            region.end_part();
            region
        };
        let area = area(&region);
        if ring.is_shell {
            drawn += area;
            shell = region;
        } else {
            drawn -= area;
            holes.extend(region.view().rings().map(<[Coord]>::to_vec));
        }
    }
    let shell_rings: Vec<Vec<Coord>> = shell.view().rings().map(<[Coord]>::to_vec).collect();
    let outside = subtract(&holes, &shell_rings, step);
    let allowed = tolerance(std::slice::from_ref(&shell), step);
    if area(&outside) > allowed {
        let point = outside.view().coords().first().copied().unwrap_or(Coord { x: 0.0, y: 0.0 });
        found.add(FaultKind::HoleOutsideShell, usize::MAX - polygon, polygon, point);
        found.give_up(polygon, &[FaultKind::HoleOutsideShell]);
        return None;
    }
    let region = subtract(&shell_rings, &holes, step);
    let change = area(&region) - drawn;
    let kinds = [FaultKind::HolesOverlap, FaultKind::NestedHoles, FaultKind::DuplicateRing];
    found.book(Some(polygon), &kinds, if change.abs() > allowed { change } else { 0.0 });
    Some(region)
}

/// Returns what a ring that meets itself encloses, if all ways to read it agree on the area.
fn untangled(ring: &Ring<'_>, step: f64) -> Option<Shape> {
    let one = || std::iter::once(ring.coords);
    let odd = dissolve(one(), Fill::EvenOdd, step);
    let any = dissolve(one(), Fill::NonZero, step);
    let drawn = signed_area(ring.coords).abs();
    let allowed = tolerance(std::slice::from_ref(&any), step);
    let same = (area(&odd) - drawn).abs() <= allowed && (area(&any) - drawn).abs() <= allowed;
    same.then_some(odd)
}

fn area(shape: &Shape) -> f64 {
    shape.view().rings().map(signed_area).sum()
}

/// Returns by how much areas may differ that are the same.
fn tolerance(shapes: &[Shape], step: f64) -> f64 {
    let rings = || shapes.iter().flat_map(|shape| shape.view().rings().collect::<Vec<_>>());
    let perimeter: f64 =
        rings().flat_map(|ring| ring.windows(2)).map(|pair| (pair[1] - pair[0]).x.hypot((pair[1] - pair[0]).y)).sum();
    4.0 * step * perimeter + SAME_AREA * rings().map(|ring| signed_area(ring).abs()).sum::<f64>()
}

/// Returns the step of the grid on which repairs are made: a unit in the last place of the largest coordinate.
fn grid_step(rings: &[Ring<'_>]) -> f64 {
    let largest =
        rings.iter().flat_map(|ring| ring.coords).map(|coord| coord.x.abs().max(coord.y.abs())).fold(1e-9, f64::max);
    2f64.powi(largest.log2().floor() as i32 - 52)
}
