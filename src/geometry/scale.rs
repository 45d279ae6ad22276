//! How many square metres of the ellipsoid a square metre of the projected plane stands for.
//!
//! The areal factor of transverse Mercator is the inverse square of its point scale, for which the series of L. P. Lee and J. C. B. Redfearn is taken:
//! `k = k0 (1 + q/2 + q² (1 + 4η²) / 24 + …)` with `q = x²/ρν`, x the distance from the central meridian divided by k0, and the radii at the
//! latitude of the northing on that meridian. What follows in the series is below q³/100, and is counted in the bound.

use super::BoundingBox;
use super::crs::{Crs, Projection};
use super::measure::{AreaMethod, Measure};

/// Returns about what a plane area within a box is on the ellipsoid, without knowing its shape.
///
/// `area` is in square metres of the run's plane and `within` holds all of it; in the plane it comes back as it is. The factor is taken in the
/// middle of the box, and the bound grows by how much it may differ elsewhere in it: some 1e-7 of the area for a parcel. Where that leaves
/// a comparison open, measure the shape. The error is infinite where the projection is none of transverse Mercator
/// that counts from the equator.
pub fn approximate_ellipsoidal(area: Measure, within: &BoundingBox, method: &AreaMethod) -> Measure {
    let crs = match method {
        AreaMethod::Plane => return area,
        AreaMethod::Ellipsoidal(crs) => *crs,
    };
    let unknown = Measure { value: area.value, error: f64::INFINITY };
    let Some(scale) = Scale::of(crs) else { return unknown };
    if within.is_empty() {
        return if area.value == 0.0 { area } else { unknown };
    }
    let middle = (within.min + within.max) * 0.5;
    let from = scale.easting;
    let (west, east) = ((within.min.x - from).abs(), (within.max.x - from).abs());
    // The factor falls with the distance from the meridian.
    let farthest = west.max(east);
    let nearest = if within.min.x <= from && from <= within.max.x { 0.0 } else { west.min(east) };
    let (factor, rest) = scale.factor((middle.x - from).abs(), middle.y);
    let ((most, _), (least, _)) = (scale.factor(nearest, middle.y), scale.factor(farthest, middle.y));
    let across = (most - factor).max(factor - least);
    // Radii change by less than 1.4 % in a radian of latitude, and the factor by twice that share of q.
    let reach = (within.max.y - within.min.y) / 2.0;
    let along = 0.028 * scale.q(farthest, middle.y) * reach / scale.a;
    let error = area.error * most + area.value.abs() * (across + along + rest + 4.0 * f64::EPSILON);
    Measure { value: area.value * factor, error }
}

/// What the factor depends on.
struct Scale {
    a: f64,
    e2: f64,
    k0: f64,
    easting: f64,
    northing: f64,
}

impl Scale {
    fn of(crs: Crs) -> Option<Self> {
        let ellipsoid = crs.ellipsoid();
        match crs.projection() {
            // Its northings count from the equator.
            Projection::TransverseMercator { latitude: 0.0, scale, easting, northing, .. } => {
                let e2 = ellipsoid.f * (2.0 - ellipsoid.f);
                Some(Scale { a: ellipsoid.a, e2, k0: scale, easting, northing })
            }
            Projection::Geographic
            | Projection::TransverseMercator { .. }
            | Projection::LambertConic { .. }
            | Projection::SwissOblique { .. }
            | Projection::WebMercator => None,
        }
    }

    /// Returns the latitude of a northing on the central meridian, in radians.
    fn latitude(&self, northing: f64) -> f64 {
        let (e2, e4) = (self.e2, self.e2 * self.e2);
        let around = 1.0 - e2 / 4.0 - 3.0 * e4 / 64.0 - 5.0 * e4 * e2 / 256.0;
        let rectified = (northing - self.northing) / (self.k0 * self.a * around);
        let root = (1.0 - e2).sqrt();
        let n = (1.0 - root) / (1.0 + root);
        rectified
            + (1.5 * n - 27.0 / 32.0 * n * n * n) * (2.0 * rectified).sin()
            + 21.0 / 16.0 * n * n * (4.0 * rectified).sin()
    }

    /// Returns the product of both radii of curvature over the square of the semi-major axis, and the square of eta.
    fn curvature(&self, northing: f64) -> (f64, f64) {
        let (sin, cos) = self.latitude(northing).sin_cos();
        let w2 = 1.0 - self.e2 * sin * sin;
        ((1.0 - self.e2) / (w2 * w2), self.e2 / (1.0 - self.e2) * cos * cos)
    }

    fn q(&self, away: f64, northing: f64) -> f64 {
        let x = away / self.k0 / self.a;
        x * x / self.curvature(northing).0
    }

    /// Returns the areal factor at a distance from the central meridian, and what its series leaves out.
    fn factor(&self, away: f64, northing: f64) -> (f64, f64) {
        let (radii, eta2) = self.curvature(northing);
        let x = away / self.k0 / self.a;
        let q = x * x / radii;
        let k = self.k0 * (1.0 + q / 2.0 + q * q * (1.0 + 4.0 * eta2) / 24.0);
        (1.0 / (k * k), q * q * q / 100.0 + 1e-11)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::measure::area;
    use crate::geometry::{Coord, Shape};

    #[test]
    fn the_bound_covers_the_official_formula() {
        // Three-degree and six-degree zones, UTM and TWD97, near the meridian and far from it, from parcels to districts.
        for (code, easting, northing) in [
            (4527, 39_500_000.0, 3_400_000.0),
            (4527, 39_400_000.0, 3_290_000.0),
            (4527, 39_640_000.0, 4_500_000.0),
            (4547, 380_000.0, 2_100_000.0),
            (4507, 250_000.0, 3_000_000.0),
            (32650, 180_000.0, 4_400_000.0),
            (3826, 330_000.0, 2_700_000.0),
        ] {
            let crs = Crs::from_epsg(code).unwrap();
            for (width, height) in [(50.0, 80.0), (400.0, 300.0), (5_000.0, 200.0), (20_000.0, 20_000.0)] {
                let min = Coord { x: easting, y: northing };
                let within = BoundingBox { min, max: min + Coord { x: width, y: height } };
                let shape = Shape::rectangle(&within);
                let plane = Measure::exact(width * height);
                let about = approximate_ellipsoidal(plane, &within, &AreaMethod::Ellipsoidal(crs));
                let exact = area(shape.view(), &AreaMethod::Ellipsoidal(crs));
                let off = (about.value - exact.value).abs();
                assert!(off <= about.error + exact.error, "{code} {width}: {about:?} {exact:?}");
                // And without what the measure of the shape allows itself for its grid.
                assert!(off <= about.error + 1e-9 * exact.value + 1e-4, "{code} {width}: {about:?} {exact:?}");
                let share = if width > 1_000.0 { 4e-4 } else { 4e-6 };
                assert!(about.error <= share * exact.value, "{code} {width}: {about:?}");
            }
        }
    }

    #[test]
    fn what_has_no_factor_says_so() {
        let within = BoundingBox { min: Coord { x: 0.0, y: 0.0 }, max: Coord { x: 1.0, y: 1.0 } };
        let one = Measure { value: 1.0, error: 0.25 };
        assert_eq!(approximate_ellipsoidal(one, &within, &AreaMethod::Plane), one);
        for code in [4490, 3857] {
            let crs = Crs::from_epsg(code).unwrap();
            assert_eq!(approximate_ellipsoidal(one, &within, &AreaMethod::Ellipsoidal(crs)).error, f64::INFINITY);
        }
    }
}
