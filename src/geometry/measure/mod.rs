//! Area and length, in the plane and on the ellipsoid, each with its error bound; and other numbers about a shape.
//!
//! Takes valid shapes in the run's plane. Areas are in square metres, lengths in metres.
//!
//! **The bound.** Every vertex may lie one [`GRID_STEP_M`] off its true place, for overlay rounds to the grid; that moves an area by
//! at most the step times the length of the boundary, and a length by two steps for each edge. On top come
//! rounding (a few units in the last place of the coordinates, along the boundary). On the ellipsoid the area in a transverse Mercator plane has a closed
//! form, with a bound of its own ([`super::areal`]). In other planes the official trapezoids are added up, and on top comes the difference
//! between an edge that is straight in the plane and the chain of trapezoid edges of at most 10 m that stands for it: a parallel, the most
//! bent of those, deviates by its curvature times the square of the piece over twelve, for each metre of boundary.

pub use super::distance::distance;
pub use super::inside::{centroid, interior_point};
pub use super::scale::approximate_ellipsoidal;
pub use super::width::width;

use super::areal;
use super::crs::{Crs, LonLat};
use super::edges::signed_area;
use super::ellipsoid::{Trapezoid, short_length};
use super::overlay::GRID_STEP_M;
use super::{Coord, Kind, ShapeRef};

/// Longest piece, in metres, an edge is cut into for its ellipsoidal area.
const AREA_PIECE_M: f64 = 10.0;

/// Longest piece, in metres, an edge is cut into for its ellipsoidal length.
const LENGTH_PIECE_M: f64 = 200.0;

/// An edge is cut into no more pieces than this; one that would be is longer than a province and its bound says so.
const MAX_PIECES: f64 = 200_000.0;

/// What meridians away from the central one add to the curvature of parallels, in units of the tangent of the latitude.
const MERIDIAN_BEND: f64 = 0.1;

/// Position error of an inverse projection, in metres.
const PROJECTION_ERROR_M: f64 = 2e-8;

/// Metres in a degree of latitude, more or less.
const DEGREE_M: f64 = 111_320.0;

/// A number and how far from the truth it may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// The number, in the unit of the door that gave it.
    pub value: f64,
    /// The largest difference from the true value, in the same unit; not negative.
    pub error: f64,
}

impl Measure {
    /// Returns a number without error.
    pub fn exact(value: f64) -> Self {
        Measure { value, error: 0.0 }
    }
}

/// How a run measures areas and lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaMethod {
    /// In the projected plane.
    Plane,
    /// On the ellipsoid of this system, in which the coordinates are.
    Ellipsoidal(Crs),
}

/// Returns the area in square metres; 0 for points and lines.
///
/// On the ellipsoid a coordinate that has no longitude and latitude makes the value NaN and the error infinite.
pub fn area(shape: ShapeRef<'_>, method: &AreaMethod) -> Measure {
    if shape.kind() != Kind::Polygon || shape.is_empty() {
        return Measure::exact(0.0);
    }
    match method {
        AreaMethod::Plane => plane_area(shape),
        AreaMethod::Ellipsoidal(crs) => {
            areal::area(shape, *crs, rounding(shape)).unwrap_or_else(|| ellipsoidal_area(shape, *crs, AREA_PIECE_M))
        }
    }
}

/// Returns the length of lines, or of all rings of polygons, in metres; 0 for points.
pub fn length(shape: ShapeRef<'_>, method: &AreaMethod) -> Measure {
    if shape.kind() == Kind::Point || shape.is_empty() {
        return Measure::exact(0.0);
    }
    match method {
        AreaMethod::Plane => {
            let (value, edges) = plane_length(shape);
            Measure { value, error: edges * (2.0 * GRID_STEP_M + rounding(shape)) }
        }
        AreaMethod::Ellipsoidal(crs) => ellipsoidal_length(shape, *crs),
    }
}

/// Returns how round a polygon is: 4π times its area over the square of its perimeter, 1 for a circle; 0 if it has none.
pub fn compactness(shape: ShapeRef<'_>, method: &AreaMethod) -> f64 {
    let (area, perimeter) = (area(shape, method).value, length(shape, method).value);
    if perimeter > 0.0 { 4.0 * std::f64::consts::PI * area / (perimeter * perimeter) } else { 0.0 }
}

fn plane_area(shape: ShapeRef<'_>) -> Measure {
    let value = shape.rings().map(signed_area).sum();
    let (perimeter, _) = plane_length(shape);
    Measure { value, error: perimeter * (GRID_STEP_M + rounding(shape)) }
}

/// Returns the length in the plane and the number of edges.
fn plane_length(shape: ShapeRef<'_>) -> (f64, f64) {
    let edges = super::edges::edges(shape);
    edges.fold((0.0, 0.0), |(length, count), edge| {
        let along = edge.end - edge.start;
        (length + (along.x * along.x + along.y * along.y).sqrt(), count + 1.0)
    })
}

/// Returns what rounding may move a vertex by, in units of the coordinates.
fn rounding(shape: ShapeRef<'_>) -> f64 {
    let bounds = shape.bounds();
    let largest =
        [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y].into_iter().map(f64::abs).fold(0.0, f64::max);
    4.0 * f64::EPSILON * largest
}

/// Returns the area by the official trapezoids, with edges cut into pieces of at most `piece` metres.
fn ellipsoidal_area(shape: ShapeRef<'_>, crs: Crs, piece: f64) -> Measure {
    let unknown = Measure { value: f64::NAN, error: f64::INFINITY };
    let Some(lonlat) = LonLat::of(crs) else { return unknown };
    let trapezoid = Trapezoid::new(crs.ellipsoid());
    let geographic = crs.is_geographic();
    let unit = if geographic { DEGREE_M } else { 1.0 };
    let Some(reference) = shape.coords().first().and_then(|first| lonlat.lonlat(*first)) else { return unknown };
    let reference = reference.x.to_radians();

    let (mut value, mut bend, mut perimeter) = (0.0, 0.0, 0.0);
    for ring in shape.rings() {
        let mut ring_area = 0.0;
        for pair in ring.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let length = (to - from).x.hypot((to - from).y) * unit;
            // An edge that is straight in longitude and latitude is the trapezoid's own edge.
            let pieces = if geographic { 1.0 } else { (length / piece).ceil().clamp(1.0, MAX_PIECES) };
            let Some(mut last) = radians(&lonlat, from) else { return unknown };
            for step in 1..=pieces as u32 {
                let Some(next) = radians(&lonlat, from + (to - from) * (f64::from(step) / pieces)) else {
                    return unknown;
                };
                ring_area += trapezoid.area(last, next, reference);
                last = next;
            }
            perimeter += length;
            if !geographic {
                let one = length / pieces;
                bend += (last.y.tan().abs() + MERIDIAN_BEND) / crs.ellipsoid().a * one * one / 12.0 * length;
            }
        }
        value += ring_area;
    }
    let placed = GRID_STEP_M + rounding(shape) * unit + PROJECTION_ERROR_M;
    Measure { value, error: perimeter * placed + bend }
}

fn ellipsoidal_length(shape: ShapeRef<'_>, crs: Crs) -> Measure {
    let unknown = Measure { value: f64::NAN, error: f64::INFINITY };
    let Some(lonlat) = LonLat::of(crs) else { return unknown };
    let ellipsoid = crs.ellipsoid();
    let unit = if crs.is_geographic() { DEGREE_M } else { 1.0 };
    let (mut value, mut count) = (0.0, 0.0);
    for edge in super::edges::edges(shape) {
        let along = edge.end - edge.start;
        let pieces = (along.x.hypot(along.y) * unit / LENGTH_PIECE_M).ceil().clamp(1.0, MAX_PIECES);
        let Some(mut last) = radians(&lonlat, edge.start) else { return unknown };
        for step in 1..=pieces as u32 {
            let Some(next) = radians(&lonlat, edge.start + along * (f64::from(step) / pieces)) else { return unknown };
            value += short_length(ellipsoid, last, next);
            last = next;
        }
        count += 1.0;
    }
    let placed = GRID_STEP_M + rounding(shape) * unit + PROJECTION_ERROR_M;
    Measure { value, error: 2.0 * count * placed + 1e-9 * value }
}

fn radians(lonlat: &LonLat, coord: Coord) -> Option<Coord> {
    let degrees = lonlat.lonlat(coord)?;
    Some(Coord { x: degrees.x.to_radians(), y: degrees.y.to_radians() })
}

#[cfg(test)]
mod tests;
