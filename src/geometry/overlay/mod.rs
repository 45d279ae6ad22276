//! Intersection, union and difference on one fixed grid; the only file that names the overlay backend.
//!
//! Takes valid shapes in metres and gives valid shapes. The grid is the same for every call and anchored at the origin of the
//! coordinate system, so an edge is rounded the same way whatever it meets. The orientation tests on the grid are exact (64-bit
//! coordinates, 128-bit products). Shapes are cut down to their common window first, so that the cost follows what meets.
//!
//! Coordinates that are not finite or exceed [`MAX_COORD`] give an empty shape: reading refuses them before.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::Solver;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::string::clip::ClipRule;
use i_overlay::string::overlay::StringOverlay;

use super::edges::{Position, position, signed_area, winding};
use super::measure::{self, AreaMethod, Measure};
use super::window::{self, Windowed};
use super::{BoundingBox, Coord, Kind, Shape, ShapeRef, shared};

/// The step of the grid in metres: 2⁻²⁰, about a micrometre.
pub const GRID_STEP_M: f64 = 1.0 / 1_048_576.0;

/// The largest coordinate, in metres, that overlay takes.
pub const MAX_COORD: f64 = 1e9;

/// What is taken from two polygons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Both,
    FirstOnly,
    OnlyOne,
}

impl Rule {
    fn of_backend(self) -> OverlayRule {
        match self {
            Rule::Both => OverlayRule::Intersect,
            Rule::FirstOnly => OverlayRule::Difference,
            Rule::OnlyOne => OverlayRule::Xor,
        }
    }
}

/// What counts as inside rings that may wind around a point more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    /// An odd number of turns.
    EvenOdd,
    /// Any turns at all.
    NonZero,
    /// More turns counter-clockwise than clockwise.
    Positive,
}

/// Returns what two shapes share, of the lower of their dimensions: of two polygons an area, of a line and a polygon the stretches
/// inside (not those along the border), of two lines the stretches they share, of points those that lie on the other.
pub fn intersection(a: ShapeRef<'_>, b: ShapeRef<'_>) -> Shape {
    let kind = a.kind().min(b.kind());
    let common = a.bounds().common(&b.bounds());
    if common.is_empty() || !in_range(a) || !in_range(b) {
        return Shape::empty(kind);
    }
    match (a.kind(), b.kind()) {
        (Kind::Polygon, Kind::Polygon) => {
            let (cut_a, cut_b) = (window::polygon(a, &common), window::polygon(b, &common));
            match uncut(a, b, &cut_a, &cut_b) {
                Some(whole) => whole,
                None => combine(&cut_a.rings, &cut_b.rings, Rule::Both, GRID_STEP_M),
            }
        }
        (Kind::Line, Kind::Polygon) => clip(a, &window::polygon(b, &common), &common, false),
        (Kind::Polygon, Kind::Line) => clip(b, &window::polygon(a, &common), &common, false),
        (Kind::Line, Kind::Line) => shared::stretches(a, b, true),
        (Kind::Point, _) => shared::points(a, b, true),
        (_, Kind::Point) => shared::points(b, a, true),
    }
}

/// Returns what lies in any of the shapes, all of the kind of the first; others are left out.
///
/// Polygons are merged, lines lose the stretches that an earlier one has, points are kept once.
pub fn union(shapes: &[ShapeRef<'_>]) -> Shape {
    let Some(kind) = shapes.first().map(ShapeRef::kind) else { return Shape::empty(Kind::Polygon) };
    let shapes = shapes.iter().filter(|shape| shape.kind() == kind && in_range(**shape));
    match kind {
        Kind::Polygon => {
            let rings = shapes.flat_map(ShapeRef::rings);
            dissolve(rings, Fill::Positive, GRID_STEP_M)
        }
        Kind::Line => shapes.fold(Shape::empty(kind), |mut all, shape| {
            for part in shape.parts() {
                let rest = shared::stretches(part, all.view(), false);
                all.append(rest.view());
            }
            all
        }),
        Kind::Point => shapes.fold(Shape::empty(kind), |mut all, shape| {
            for part in shape.parts() {
                let rest = shared::points(part, all.view(), false);
                all.append(rest.view());
            }
            all
        }),
    }
}

/// Returns what lies in `a` and not in `b`, of the kind of `a`; what has a lower dimension takes nothing away.
pub fn difference(a: ShapeRef<'_>, b: ShapeRef<'_>) -> Shape {
    if !in_range(a) || !in_range(b) {
        return Shape::empty(a.kind());
    }
    let bounds = a.bounds();
    if a.kind() > b.kind() || !bounds.intersects(&b.bounds()) {
        return a.to_shape();
    }
    match (a.kind(), b.kind()) {
        (Kind::Polygon, Kind::Polygon) => {
            let rings: Vec<Vec<Coord>> = a.rings().map(<[Coord]>::to_vec).collect();
            combine(&rings, &window::polygon(b, &bounds).rings, Rule::FirstOnly, GRID_STEP_M)
        }
        (Kind::Line, Kind::Polygon) => clip(a, &window::polygon(b, &bounds), &bounds, true),
        (Kind::Line, Kind::Line) => shared::stretches(a, b, false),
        (Kind::Point, _) => shared::points(a, b, false),
        (Kind::Line | Kind::Polygon, _) => a.to_shape(),
    }
}

/// Returns what lies in `a` and in none of `others`; as [`difference`] with the union of those of the highest dimension among them, but without making
/// it where all are polygons.
pub fn without(a: ShapeRef<'_>, others: &[ShapeRef<'_>]) -> Shape {
    let Some(highest) = others.iter().map(ShapeRef::kind).max() else { return a.to_shape() };
    let others: Vec<ShapeRef<'_>> = others.iter().copied().filter(|other| other.kind() == highest).collect();
    if a.kind() != Kind::Polygon || highest != Kind::Polygon || !in_range(a) || !others.iter().all(|one| in_range(*one))
    {
        return difference(a, union(&others).view());
    }
    let bounds = a.bounds();
    let near = others.iter().filter(|other| bounds.intersects(&other.bounds()));
    let taken: Vec<Vec<Coord>> = near.flat_map(|other| window::polygon(*other, &bounds).rings).collect();
    if taken.is_empty() {
        return a.to_shape();
    }
    let rings: Vec<Vec<Coord>> = a.rings().map(<[Coord]>::to_vec).collect();
    combine(&rings, &taken, Rule::FirstOnly, GRID_STEP_M)
}

/// Returns what lies in exactly one of the two shapes; of different kinds, that of the higher dimension.
pub fn symmetric_difference(a: ShapeRef<'_>, b: ShapeRef<'_>) -> Shape {
    if a.kind() != b.kind() {
        return if a.kind() > b.kind() { a.to_shape() } else { b.to_shape() };
    }
    if a.kind() == Kind::Polygon && in_range(a) && in_range(b) {
        let rings = |shape: ShapeRef<'_>| shape.rings().map(<[Coord]>::to_vec).collect::<Vec<_>>();
        return combine(&rings(a), &rings(b), Rule::OnlyOne, GRID_STEP_M);
    }
    union(&[difference(a, b).view(), difference(b, a).view()])
}

/// Returns the area two polygons share; 0 for other kinds.
pub fn intersection_area(a: ShapeRef<'_>, b: ShapeRef<'_>, method: &AreaMethod) -> Measure {
    if a.kind() != Kind::Polygon || b.kind() != Kind::Polygon {
        return Measure::exact(0.0);
    }
    measure::area(intersection(a, b).view(), method)
}

/// Tells whether every coordinate is one that overlay takes.
pub(super) fn in_range(shape: ShapeRef<'_>) -> bool {
    // Without a way out early, so that several are looked at together.
    shape.coords().iter().fold(true, |all, coord| all & coord_in_range(coord))
}

/// Tells whether overlay takes a coordinate.
pub(super) fn coord_in_range(coord: &Coord) -> bool {
    coord.x.abs() <= MAX_COORD && coord.y.abs() <= MAX_COORD
}

/// Returns the intersection if there is nothing to cut: one window is without edges, so the other shape is inside it or outside.
fn uncut(a: ShapeRef<'_>, b: ShapeRef<'_>, cut_a: &Windowed, cut_b: &Windowed) -> Option<Shape> {
    let (whole, other) = match (cut_a.live, cut_b.live) {
        (_, 0) => (a, cut_b),
        (0, _) => (b, cut_a),
        _ => return None,
    };
    let common = a.bounds().common(&b.bounds());
    let middle = common.min + (common.max - common.min) * 0.5;
    let inside = winding(middle, other.rings.iter().map(Vec::as_slice)).is_some_and(|turns| turns > 0);
    // A window that is all inside one shape holds the other whole: else that one's border would pass through it.
    Some(if inside { whole.to_shape() } else { Shape::empty(Kind::Polygon) })
}

/// Returns the stretches of lines inside a polygon, of which a window around them is given, or outside it; those along its border are neither.
pub(super) fn clip(lines: ShapeRef<'_>, cut: &Windowed, common: &BoundingBox, outside: bool) -> Shape {
    let stretches = if outside { lines.rings().map(<[Coord]>::to_vec).collect() } else { window::lines(lines, common) };
    let mut clipped = Shape::empty(Kind::Line);
    for stretch in stretches {
        let mut overlay = StringOverlay::<i64>::new(cut.rings.iter().map(Vec::len).sum());
        for ring in &cut.rings {
            overlay.add_shape_contour_iter(on_grid(ring, GRID_STEP_M));
        }
        let mut path: Vec<IntPoint<i64>> = stretch.iter().map(|coord| grid_point(*coord, GRID_STEP_M)).collect();
        path.dedup();
        overlay.add_string_path(&path);
        let rule = ClipRule { invert: outside, boundary_included: outside };
        for found in overlay.clip_string_lines(FillRule::Positive, rule) {
            clipped.push_ring(found.into_iter().map(|point| from_grid(point, GRID_STEP_M)));
            clipped.end_part();
        }
    }
    clipped
}

/// The overlay backend with its buffers, for one overlay after another.
pub(super) struct Backend(Overlay<i64>);

impl Default for Backend {
    fn default() -> Self {
        Backend(overlay(0))
    }
}

impl std::fmt::Debug for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Backend")
    }
}

/// Returns what both sets of oriented rings enclose, on the run's grid.
pub(super) fn common(a: &[Vec<Coord>], b: &[Vec<Coord>], backend: &mut Backend) -> Shape {
    combine_by(&mut backend.0, a, b, Rule::Both, GRID_STEP_M)
}

/// Returns what the oriented rings `a` enclose and `b` do not, on a grid of `step`.
pub(super) fn subtract(a: &[Vec<Coord>], b: &[Vec<Coord>], step: f64) -> Shape {
    combine(a, b, Rule::FirstOnly, step)
}

/// Returns what a rule takes from two sets of oriented rings, on a grid of `step`.
fn combine(a: &[Vec<Coord>], b: &[Vec<Coord>], rule: Rule, step: f64) -> Shape {
    combine_by(&mut overlay(a.iter().chain(b).map(Vec::len).sum()), a, b, rule, step)
}

fn combine_by(overlay: &mut Overlay<i64>, a: &[Vec<Coord>], b: &[Vec<Coord>], rule: Rule, step: f64) -> Shape {
    overlay.clear();
    for ring in a {
        overlay.add_path_iter(on_grid(ring, step), ShapeType::Subject);
    }
    for ring in b {
        overlay.add_path_iter(on_grid(ring, step), ShapeType::Clip);
    }
    to_shape(overlay.overlay(rule.of_backend(), FillRule::Positive), step)
}

/// Returns what rings enclose under a fill rule, on a grid of `step`; the rings may cross themselves and each other.
pub(super) fn dissolve<'a>(rings: impl Iterator<Item = &'a [Coord]>, fill: Fill, step: f64) -> Shape {
    let mut overlay = overlay(0);
    for ring in rings {
        overlay.add_path_iter(on_grid(ring, step), ShapeType::Subject);
    }
    let fill = match fill {
        Fill::EvenOdd => FillRule::EvenOdd,
        Fill::NonZero => FillRule::NonZero,
        Fill::Positive => FillRule::Positive,
    };
    to_shape(overlay.overlay(OverlayRule::Subject, fill), step)
}

fn overlay(edges: usize) -> Overlay<i64> {
    let options = IntOverlayOptions { ogc: true, ..IntOverlayOptions::default() };
    Overlay::new_custom(edges, options, Solver::default())
}

/// Returns the grid points of a closed ring, each once.
fn on_grid(ring: &[Coord], step: f64) -> impl Iterator<Item = IntPoint<i64>> + '_ {
    ring[..ring.len().saturating_sub(1)].iter().map(move |coord| grid_point(*coord, step))
}

fn grid_point(coord: Coord, step: f64) -> IntPoint<i64> {
    // The step is a power of two, so that dividing and multiplying by it round nothing.
    IntPoint::new((coord.x / step).round() as i64, (coord.y / step).round() as i64)
}

fn from_grid(point: IntPoint<i64>, step: f64) -> Coord {
    Coord { x: point.x as f64 * step, y: point.y as f64 * step }
}

fn to_shape(found: Vec<Vec<Vec<IntPoint<i64>>>>, step: f64) -> Shape {
    let mut shells: Vec<(Vec<Coord>, Vec<Vec<Coord>>)> = Vec::new();
    let mut holes: Vec<(usize, Vec<Coord>)> = Vec::new();
    for part in found {
        for (index, ring) in part.into_iter().enumerate() {
            let first = ring.first().copied();
            let coords = ring.into_iter().chain(first).map(|point| from_grid(point, step)).collect();
            if index == 0 { shells.push((coords, Vec::new())) } else { holes.push((shells.len() - 1, coords)) }
        }
    }
    let owners = owners(&shells, &holes);
    for ((_, hole), owner) in holes.into_iter().zip(owners) {
        shells[owner].1.push(hole);
    }
    let mut shape = Shape::empty(Kind::Polygon);
    for (shell, holes) in shells {
        shape.push_ring(shell);
        for hole in holes {
            shape.push_ring(hole);
        }
        shape.end_part();
    }
    shape
}

/// Returns the shell of each hole: the least of those around it.
///
/// The backend names one too, but in shapes of several parts it now and then names one that lies elsewhere.
fn owners(shells: &[(Vec<Coord>, Vec<Vec<Coord>>)], holes: &[(usize, Vec<Coord>)]) -> Vec<usize> {
    if shells.len() < 2 || holes.is_empty() {
        return holes.iter().map(|(named, _)| *named).collect();
    }
    let measured: Vec<(BoundingBox, f64)> =
        shells.iter().map(|(shell, _)| (BoundingBox::around(shell), signed_area(shell))).collect();
    let around = |shell: &[Coord], hole: &[Coord]| {
        // A vertex may lie on the shell, but not all edges along it.
        let middle = hole.windows(2).next().map(|pair| (pair[0] + pair[1]) * 0.5);
        let probes = hole.iter().copied().chain(middle);
        probes.filter_map(|point| winding(point, std::iter::once(shell))).next().is_some_and(|turns| turns != 0)
    };
    let owner = |named: usize, hole: &[Coord]| {
        let bounds = BoundingBox::around(hole);
        let candidates = (0..shells.len()).filter(|shell| measured[*shell].0.common(&bounds) == bounds);
        let holding = candidates.filter(|shell| around(&shells[*shell].0, hole));
        holding.min_by(|a, b| measured[*a].1.total_cmp(&measured[*b].1)).unwrap_or(named)
    };
    holes.iter().map(|(named, hole)| owner(*named, hole)).collect()
}

/// Tells whether a point lies in or on a polygon, on a line within two grid steps, or is one of the points within two steps.
pub(super) fn covers_point(shape: ShapeRef<'_>, point: Coord) -> bool {
    let near = (2.0 * GRID_STEP_M).powi(2);
    match shape.kind() {
        Kind::Polygon => position(point, shape) != Position::Outside,
        Kind::Line => super::edges::edges(shape).any(|edge| super::distance::squared(&edge, point) <= near),
        Kind::Point => shape.coords().iter().any(|other| {
            let away = *other - point;
            away.x * away.x + away.y * away.y <= near
        }),
    }
}

#[cfg(test)]
mod tests;
