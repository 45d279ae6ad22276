//! How many square metres of the ellipsoid a square metre of the projected plane stands for.
//!
//! The areal factor of transverse Mercator is the inverse square of its point scale, a series in `q = x²/ρν`, x being the distance from the central
//! meridian divided by its scale k0, and the radii those at the latitude of the northing on that meridian (L. P. Lee, J. C. B. Redfearn):
//! `(1 - q + (2 - η²)/3 q² - 17/45 q³ + …) / k0²`. Beside the exact factor (C. F. F. Karney, Transverse Mercator with an accuracy of a few
//! nanometers, 2011, of which `fixtures/geometry/areal_factors.csv` has values) it leaves out less than [`Band::rest`] says. What depends on
//! the northing is taken from parabolas over bands of it, so that an area needs no trigonometry.

use std::cell::RefCell;

use super::BoundingBox;
use super::crs::{Crs, Projection};
use super::measure::{AreaMethod, Measure};

/// Height of a band in metres.
const BAND_M: f64 = 32_768.0;

/// Beyond this `q`, some 1400 km from the central meridian, the series is not taken.
const FARTHEST: f64 = 0.05;

/// Bands kept by a thread.
const KEPT: usize = 64;

/// A band with its system and number.
type Kept = (Crs, i32, Band);

thread_local! {
    static BANDS: RefCell<Box<[Option<Kept>]>> = RefCell::new(vec![None; KEPT].into());
}

/// The areal factor of a transverse Mercator system within a band of northings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Band {
    /// Easting of the central meridian.
    pub(super) easting: f64,
    /// Northing of the middle.
    middle: f64,
    /// One over the square of the scale on the central meridian.
    pub(super) on_meridian: f64,
    /// Parabola of `q / x²`.
    first: [f64; 3],
    /// Parabola of the factor of `x⁴`.
    second: [f64; 3],
}

impl Band {
    /// Returns the band of a northing; `None` where the system is not transverse Mercator, or the place is none.
    pub(super) fn of(crs: Crs, northing: f64) -> Option<Self> {
        let number = (northing / BAND_M).floor();
        // Farther from its origin than a pole there is no northing.
        if number.abs() > 1_000.0 || number.is_nan() {
            return None;
        }
        let number = number as i32;
        BANDS.with_borrow_mut(|bands| {
            let place = bands.get_mut(number.rem_euclid(KEPT as i32) as usize)?;
            match place {
                Some((of, at, band)) if (*of, *at) == (crs, number) => Some(*band),
                _ => {
                    let band = Band::make(crs, (f64::from(number) + 0.5) * BAND_M)?;
                    *place = Some((crs, number, band));
                    Some(band)
                }
            }
        })
    }

    fn make(crs: Crs, middle: f64) -> Option<Self> {
        let Projection::TransverseMercator { latitude, scale, easting, northing, .. } = crs.projection() else {
            return None;
        };
        if !crs.is_metric_plane() {
            return None;
        }
        let ellipsoid = crs.ellipsoid();
        let meridian = Meridian::of(ellipsoid.a, ellipsoid.f * (2.0 - ellipsoid.f));
        let origin = meridian.rectified(latitude.to_radians());
        let at = |northing_of: f64| {
            let latitude = meridian.latitude(origin + (northing_of - northing) / (scale * meridian.radius));
            (latitude.abs() < 1.5).then(|| meridian.curvature(latitude))
        };
        let half = BAND_M / 2.0;
        let ends = [at(middle - half)?, at(middle)?, at(middle + half)?];
        let first = ends.map(|(radii, _)| 1.0 / (scale * scale * radii));
        let second = ends.map(|(radii, eta2)| (2.0 - eta2) / 3.0 / (scale * scale * radii).powi(2));
        let on_meridian = 1.0 / (scale * scale);
        Some(Band { easting, middle, on_meridian, first: parabola(first), second: parabola(second) })
    }

    /// Tells whether a northing lies in the band.
    pub(super) fn holds(&self, northing: f64) -> bool {
        (northing - self.middle).abs() <= BAND_M / 2.0
    }

    /// Returns what `x²` and `x⁴` are multiplied with at a northing.
    #[inline]
    pub(super) fn terms(&self, northing: f64) -> (f64, f64) {
        let y = northing - self.middle;
        let at = |[a, b, c]: [f64; 3]| a + y * (b + y * c);
        (at(self.first), at(self.second))
    }

    /// Returns what the series leaves out at a distance from the central meridian, as a share; infinite where it is not taken.
    pub(super) fn rest(&self, away: f64) -> f64 {
        let [first, ..] = self.first;
        let q = away * away * first;
        match q < FARTHEST {
            // The terms left out: of the eccentricity in q², of η² in q³, of q⁴; then the parabolas and rounding.
            true => q * q * (4e-5 + q * (0.02 + q * 0.25)) + 2e-12,
            false => f64::INFINITY,
        }
    }

    /// Returns the areal factor at a distance from the central meridian.
    fn factor(&self, away: f64, northing: f64) -> f64 {
        let (first, second) = self.terms(northing);
        let x2 = away * away;
        self.on_meridian * (1.0 - x2 * (first - x2 * (second - x2 * SIXTH * first * first * first)))
    }
}

/// The factor of q³.
pub(super) const SIXTH: f64 = 17.0 / 45.0;

/// Returns the parabola through values at both ends and in the middle of a band, from the middle.
fn parabola([low, middle, high]: [f64; 3]) -> [f64; 3] {
    let half = BAND_M / 2.0;
    [middle, (high - low) / (2.0 * half), (high - 2.0 * middle + low) / (2.0 * half * half)]
}

/// The meridian of an ellipsoid.
struct Meridian {
    a: f64,
    e2: f64,
    /// The third flattening.
    n: f64,
    /// Of the circle as long as the meridian.
    radius: f64,
}

impl Meridian {
    fn of(a: f64, e2: f64) -> Self {
        let (e4, root) = (e2 * e2, (1.0 - e2).sqrt());
        let radius = a * (1.0 - e2 / 4.0 - 3.0 * e4 / 64.0 - 5.0 * e4 * e2 / 256.0);
        Meridian { a, e2, n: (1.0 - root) / (1.0 + root), radius }
    }

    /// Returns the rectified latitude of a latitude; both in radians.
    fn rectified(&self, latitude: f64) -> f64 {
        let (n, n2) = (self.n, self.n * self.n);
        latitude - (1.5 * n - 9.0 / 16.0 * n * n2) * (2.0 * latitude).sin() + 15.0 / 16.0 * n2 * (4.0 * latitude).sin()
            - 35.0 / 48.0 * n * n2 * (6.0 * latitude).sin()
    }

    /// Returns the latitude of a rectified latitude; both in radians.
    fn latitude(&self, rectified: f64) -> f64 {
        let (n, n2) = (self.n, self.n * self.n);
        rectified
            + (1.5 * n - 27.0 / 32.0 * n * n2) * (2.0 * rectified).sin()
            + 21.0 / 16.0 * n2 * (4.0 * rectified).sin()
            + 151.0 / 96.0 * n * n2 * (6.0 * rectified).sin()
    }

    /// Returns the product of both radii of curvature at a latitude, in square metres, and the square of eta.
    fn curvature(&self, latitude: f64) -> (f64, f64) {
        let (sin, cos) = latitude.sin_cos();
        let w2 = 1.0 - self.e2 * sin * sin;
        (self.a * self.a * (1.0 - self.e2) / (w2 * w2), self.e2 / (1.0 - self.e2) * cos * cos)
    }
}

/// Returns about what a plane area within a box is on the ellipsoid, without knowing its shape.
///
/// `area` is in square metres of the run's plane and `within` holds all of it; in the plane it comes back as it is. The factor is taken in the
/// middle of the box, and the bound grows by how much it may differ elsewhere in it: some 1e-7 of the area for a parcel. Where that leaves
/// a comparison open, measure the shape. The error is infinite where the projection is none of transverse Mercator.
pub fn approximate_ellipsoidal(area: Measure, within: &BoundingBox, method: &AreaMethod) -> Measure {
    let crs = match method {
        AreaMethod::Plane => return area,
        AreaMethod::Ellipsoidal(crs) => *crs,
    };
    let unknown = Measure { value: area.value, error: f64::INFINITY };
    if within.is_empty() {
        return if area.value == 0.0 { area } else { unknown };
    }
    let middle = (within.min + within.max) * 0.5;
    let Some(band) = Band::of(crs, middle.y) else { return unknown };
    let from = band.easting;
    let (west, east) = ((within.min.x - from).abs(), (within.max.x - from).abs());
    // The factor falls with the distance from the meridian.
    let farthest = west.max(east);
    let nearest = if within.min.x <= from && from <= within.max.x { 0.0 } else { west.min(east) };
    let factor = band.factor((middle.x - from).abs(), middle.y);
    let (most, least) = (band.factor(nearest, middle.y), band.factor(farthest, middle.y));
    let across = (most - factor).max(factor - least);
    // Radii change by less than 1.4 % in a radian of latitude, and the factor by twice that share of q.
    let reach = (within.max.y - within.min.y) / 2.0;
    let (first, _) = band.terms(middle.y);
    let along = 0.028 * farthest * farthest * first * reach / crs.ellipsoid().a;
    let error = area.error * most + area.value.abs() * (across + along + band.rest(farthest) + 4.0 * f64::EPSILON);
    Measure { value: area.value * factor, error }
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
    fn factors_are_those_of_the_exact_series_within_what_it_says_is_left_out() {
        let (mut rows, mut largest) = (0, 0.0_f64);
        for row in include_str!("../../fixtures/geometry/areal_factors.csv").lines().skip(1) {
            let numbers: Vec<f64> = row.split(',').map(|number| number.parse().unwrap()).collect();
            let crs = Crs::from_epsg(numbers[0] as u32).unwrap();
            let band = Band::of(crs, numbers[2]).unwrap();
            let away = numbers[1] - band.easting;
            let off = (band.factor(away, numbers[2]) / numbers[3] - 1.0).abs();
            assert!(off <= band.rest(away), "{row}: {off} {}", band.rest(away));
            // Within a zone of three degrees there is nothing to see of it: 0.01 m² in a thousand square kilometres.
            if away.abs() <= 150_000.0 {
                largest = largest.max(off);
            }
            rows += 1;
        }
        assert!(rows > 150 && largest < 1e-11, "{rows} {largest}");
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
