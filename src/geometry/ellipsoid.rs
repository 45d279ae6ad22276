//! Areas and lengths on the ellipsoid.
//!
//! Area follows the official formula of China's land surveys (图幅理论面积与图斑椭球面积计算公式及要求): the trapezoid between an edge
//! and a reference meridian, as a series in the latitude. Edges are straight in the plane, so they are cut into short pieces first.

use super::Coord;
use super::crs::Ellipsoid;

/// The trapezoid series of one ellipsoid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trapezoid {
    /// Twice the square of the semi-minor axis.
    twice_b2: f64,
    /// The coefficients A to E.
    series: [f64; 5],
}

impl Trapezoid {
    /// Returns the series for an ellipsoid.
    pub(super) fn new(ellipsoid: Ellipsoid) -> Self {
        let b = ellipsoid.a * (1.0 - ellipsoid.f);
        let e2 = ellipsoid.f * (2.0 - ellipsoid.f);
        let (e4, e6, e8) = (e2 * e2, e2 * e2 * e2, e2 * e2 * e2 * e2);
        let series = [
            1.0 + 3.0 / 6.0 * e2 + 30.0 / 80.0 * e4 + 35.0 / 112.0 * e6 + 630.0 / 2304.0 * e8,
            1.0 / 6.0 * e2 + 15.0 / 80.0 * e4 + 21.0 / 112.0 * e6 + 420.0 / 2304.0 * e8,
            3.0 / 80.0 * e4 + 7.0 / 112.0 * e6 + 180.0 / 2304.0 * e8,
            1.0 / 112.0 * e6 + 45.0 / 2304.0 * e8,
            5.0 / 2304.0 * e8,
        ];
        Trapezoid { twice_b2: 2.0 * b * b, series }
    }

    /// Returns the signed area, in square metres, between an edge and the meridian `reference`; all in radians, x the longitude.
    pub(super) fn area(&self, from: Coord, to: Coord, reference: f64) -> f64 {
        let across = (from.x - reference + (to.x - reference)) / 2.0;
        let half = (to.y - from.y) / 2.0;
        let middle = (from.y + to.y) / 2.0;
        let [a, b, c, d, e] = self.series;
        let term = |k: f64| (k * half).sin() * (k * middle).cos();
        let sum = a * term(1.0) - b * term(3.0) + c * term(5.0) - d * term(7.0) + e * term(9.0);
        self.twice_b2 * across * sum
    }
}

/// Returns the length in metres of a short edge (under some kilometres) on the ellipsoid; ends in radians, x the longitude.
///
/// The mid-latitude formula: its relative error is about (length / 6.4e6 m)², 1e-9 at 200 m being far below rounding.
pub(super) fn short_length(ellipsoid: Ellipsoid, from: Coord, to: Coord) -> f64 {
    let e2 = ellipsoid.f * (2.0 - ellipsoid.f);
    let (sin, cos) = ((from.y + to.y) / 2.0).sin_cos();
    let w2 = 1.0 - e2 * sin * sin;
    let across = ellipsoid.a / w2.sqrt();
    let along = across * (1.0 - e2) / w2;
    (along * (to.y - from.y)).hypot(across * cos * (to.x - from.x))
}
