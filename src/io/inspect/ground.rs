//! The ground of a layer: stated against drawn areas, and how features lie to each other.

use std::sync::Arc;

use crate::geometry::construct::{holes, parts};
use crate::geometry::crs::Crs;
use crate::geometry::measure::{AreaMethod, area, interior_point};
use crate::geometry::overlay::union;
use crate::geometry::prepared::{Prepared, Workspace, are_tangled, intersection_areas};
use crate::geometry::{BoundingBox, Kind, ShapeRef, Store};
use crate::io::quantities::{parse_amount, unit_named};
use crate::model::{AreaView, CoverageView, FieldId, GeometryState, Items, StatedArea, Value};

/// The units that a field of areas may be in, in m².
const UNITS: [(&str, f64); 4] = [("m2", 1.0), ("hm2", 10_000.0), ("mu", 2000.0 / 3.0), ("km2", 1_000_000.0)];
/// Areas agree if they differ by less than this part.
const AGREE: f64 = 0.01;
/// Largest layer whose features are held against each other, in vertices.
const VERTICES: usize = 3_000_000;
/// Most pairs of features that share ground before they are no longer told one by one.
const PAIRS: usize = 1_000_000;
/// Shared or missing ground of this size is let pass, in m².
const TRIFLE: f64 = 0.01;
/// How many places are named.
const NAMED: usize = 5;

/// Returns the drawn areas of polygons, and how those that the field `stated` gives fit them; `name` is what the file calls the field.
pub(super) fn areas(items: &Items, stated: FieldId, name: Option<&str>, crs: Crs) -> AreaView {
    let valid = |item: &u32| items.geometry_state(*item) == GeometryState::Valid;
    let method = AreaMethod::Ellipsoidal(crs);
    let drawn: Vec<(u32, f64)> =
        (0..items.len() as u32).filter(valid).map(|item| (item, area(items.shape(item), &method).value)).collect();
    let pairs: Vec<(u32, f64, f64)> =
        drawn.iter().filter_map(|&(item, drawn)| Some((item, number(&items.value(item, stated))?, drawn))).collect();
    let off = |stated: f64, drawn: f64| (stated - drawn).abs() / drawn.max(f64::MIN_POSITIVE);
    let fitting = |unit: f64| pairs.iter().filter(|(_, stated, drawn)| off(stated * unit, *drawn) < AGREE).count();
    let unit = UNITS.iter().rev().max_by_key(|(_, unit)| fitting(*unit));
    let stated = name.zip(unit).filter(|_| !pairs.is_empty()).map(|(name, (unit, metres))| {
        let wrong = pairs.iter().map(|&(item, stated, drawn)| (item, off(stated * metres, drawn)));
        let wrong: Vec<(u32, f64)> = wrong.filter(|(_, off)| *off >= AGREE).collect();
        let worst = wrong.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        StatedArea {
            field: name.to_owned(),
            unit,
            sum_m2: pairs.iter().map(|(_, stated, _)| stated * metres).sum(),
            off: wrong.len() as u64,
            worst: worst.map(|(item, off)| (items.id(*item).into(), *off)),
        }
    });
    let plane = drawn.iter().map(|(item, _)| area(items.shape(*item), &AreaMethod::Plane).value).sum();
    AreaView { drawn_m2: drawn.iter().map(|(_, drawn)| drawn).sum(), plane_m2: plane, stated }
}

/// Returns the number of a stated area; in m² if a unit stands behind it.
fn number(value: &Value) -> Option<f64> {
    let Value::Text(text) = value else { return None };
    let amount = parse_amount(text)?;
    let number = match unit_named(&amount.unit) {
        Some(unit) => unit.to_base(amount.number)?,
        None => amount.number,
    };
    f64::try_from(number).ok()
}

/// Returns where polygons of a layer overlap, and where they leave holes between them; `None` if there is too much to look at.
pub(super) fn coverage(items: &Items) -> Option<CoverageView> {
    let store = items.store();
    let shapes: Vec<ShapeRef<'_>> = (0..store.len()).map(|item| store.get(item)).collect();
    let bounds = shapes.iter().fold(BoundingBox::EMPTY, |all, shape| all.merged(&shape.bounds()));
    if store.coord_count() > VERTICES || are_tangled(&shapes, &bounds) {
        return None;
    }
    let mut found = CoverageView::default();
    let prepared = Prepared::of(store);
    let (mut work, mut shared) = (Workspace::default(), Vec::new());
    let mut pairs: Vec<(u32, u32, f64)> = Vec::new();
    for first in 0..store.len() as u32 {
        shared.clear();
        intersection_areas(store.get(first as usize), &prepared, &mut work, &mut shared);
        let later = shared.iter().filter(|(second, area)| *second > first && area.value > TRIFLE);
        pairs.extend(later.map(|(second, area)| (first, *second, area.value)));
        if pairs.len() > PAIRS {
            return None;
        }
    }
    found.overlaps = pairs.len() as u64;
    found.overlap_m2 = pairs.iter().map(|(.., area)| area).sum();
    pairs.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    let id = |item: u32| -> Arc<str> { items.id(item).into() };
    found.worst_overlaps = pairs.iter().take(NAMED).map(|&(a, b, area)| (id(a), id(b), area)).collect();
    gaps(&shapes, &mut found);
    Some(found)
}

/// Finds the holes of what all features cover together that are no hole of a single feature.
fn gaps(shapes: &[ShapeRef<'_>], found: &mut CoverageView) {
    let together = union(shapes);
    let own = |shape: &ShapeRef<'_>| holes(*shape);
    let mut own_holes = Store::new(Kind::Polygon);
    shapes.iter().flat_map(|shape| parts(own(shape).view())).for_each(|hole| own_holes.push(hole.view()));
    let own_holes = Prepared::owning(own_holes);
    let (mut work, mut shared) = (Workspace::default(), Vec::new());
    let mut gaps = Vec::new();
    for hole in parts(holes(together.view()).view()) {
        let size = area(hole.view(), &AreaMethod::Plane).value;
        shared.clear();
        intersection_areas(hole.view(), &own_holes, &mut work, &mut shared);
        let own: f64 = shared.iter().map(|(_, area)| area.value).sum();
        // A hole of one feature that others leave open is meant to be one.
        if size > TRIFLE && own < size / 2.0 {
            gaps.extend(interior_point(hole.view()).map(|point| (point, size)));
        }
    }
    found.gaps = gaps.len() as u64;
    found.gap_m2 = gaps.iter().map(|(_, size)| size).sum();
    gaps.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.x.total_cmp(&b.0.x)).then(a.0.y.total_cmp(&b.0.y)));
    gaps.truncate(NAMED);
    found.smallest_gaps = gaps;
}
