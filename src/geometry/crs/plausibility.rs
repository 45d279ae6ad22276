//! Whether coordinates look like the system they are said to be in.

use super::{Crs, Datum, Projection};
use crate::geometry::BoundingBox;

/// Why coordinates don't look like the system they are said to be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspicion {
    /// Northing stands first, or latitude before longitude.
    SwappedAxes,
    /// Eastings carry another zone number, or one where none is due, or none where one is.
    WrongZone {
        /// The zone number that belongs there.
        expected_prefix: Option<u32>,
        /// The zone number found.
        found_prefix: Option<u32>,
    },
    /// Coordinates look like degrees, but the system is projected.
    NotProjected,
    /// Coordinates look like metres, but the system is geographic.
    NotGeographic,
    /// Coordinates lie outside the land the system serves.
    OutsideExtent,
}

/// What one number tells about a Gauss-Kruger coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// An easting with a zone number in front: 13 to 23 are zones of 6 degrees, 25 to 45 of 3 degrees.
    Prefixed(u32),
    /// An easting without a zone number.
    Plain,
    /// A northing of China.
    Northing,
}

impl Zone {
    /// Returns the zone number, if there is one.
    pub fn prefix(self) -> Option<u32> {
        match self {
            Zone::Prefixed(zone) => Some(zone),
            Zone::Plain | Zone::Northing => None,
        }
    }
}

/// Returns what a number in metres tells: eight digits are an easting with its zone, six an easting, seven a northing.
pub fn zone_of(value: f64) -> Option<Zone> {
    match value {
        13e6..24e6 | 25e6..46e6 => Some(Zone::Prefixed((value / 1e6) as u32)),
        1e5..=9e5 => Some(Zone::Plain),
        1.5e6..=6.2e6 => Some(Zone::Northing),
        _ => None,
    }
}

/// Returns the EPSG code of the 3-degree zone, with the zone in its eastings, that holds a longitude in degrees.
pub fn zone_at(longitude: f64) -> Option<Crs> {
    let zone = (longitude / 3.0).round();
    if (25.0..=45.0).contains(&zone) { Crs::from_epsg(4488 + zone as u32) } else { None }
}

/// Returns what is suspicious about coordinates within `bounds` under `crs`; `None` if they look right or there are none.
pub fn plausibility(crs: Crs, bounds: &BoundingBox) -> Option<Suspicion> {
    if bounds.is_empty() {
        return None;
    }
    let swapped = swap(bounds);
    let as_degrees =
        |area: &BoundingBox| area.min.x >= -180.0 && area.max.x <= 180.0 && area.min.y >= -90.0 && area.max.y <= 90.0;
    let extent = extent(crs);
    if inside(bounds, &extent) {
        return None;
    }
    if crs.is_geographic() {
        if inside(&swapped, &extent) {
            return Some(Suspicion::SwappedAxes);
        }
        return Some(if as_degrees(bounds) { Suspicion::OutsideExtent } else { Suspicion::NotGeographic });
    }
    if as_degrees(bounds) || as_degrees(&swapped) {
        return Some(Suspicion::NotProjected);
    }
    if crs.datum() == Datum::Cgcs2000 {
        let (x, y) = (middle(bounds.min.x, bounds.max.x), middle(bounds.min.y, bounds.max.y));
        let easting = |zone: Option<Zone>| matches!(zone, Some(Zone::Prefixed(_) | Zone::Plain));
        if zone_of(x) == Some(Zone::Northing) && easting(zone_of(y)) {
            return Some(Suspicion::SwappedAxes);
        }
        if let Some(zone @ (Zone::Prefixed(_) | Zone::Plain)) = zone_of(x)
            && zone.prefix() != crs.zone_prefix()
        {
            return Some(Suspicion::WrongZone { expected_prefix: crs.zone_prefix(), found_prefix: zone.prefix() });
        }
    }
    Some(if inside(&swapped, &extent) { Suspicion::SwappedAxes } else { Suspicion::OutsideExtent })
}

/// Returns the box in which coordinates of the system are to be expected, drawn generously.
fn extent(crs: Crs) -> BoundingBox {
    let (x, y) = match (crs.datum(), crs.projection()) {
        (Datum::Cgcs2000, Projection::Geographic) => ((73.0, 135.5), (3.0, 54.0)),
        // A county keeps one zone for all its data, so three degrees off the meridian are in use.
        (Datum::Cgcs2000, Projection::TransverseMercator { easting, .. }) => {
            ((easting - 400_000.0, easting + 400_000.0), (330_000.0, 5_990_000.0))
        }
        (Datum::Twd97, Projection::Geographic) => ((114.0, 123.5), (10.0, 27.0)),
        (Datum::Twd97, Projection::TransverseMercator { .. }) => ((-200_000.0, 650_000.0), (1_100_000.0, 3_000_000.0)),
        (Datum::Wgs84, Projection::TransverseMercator { .. }) => ((100_000.0, 900_000.0), (0.0, 10_000_000.0)),
        (Datum::Wgs84, Projection::Geographic) => ((-180.0, 180.0), (-90.0, 90.0)),
        (Datum::Cgcs2000 | Datum::Wgs84 | Datum::Twd97, Projection::WebMercator) => {
            ((-20_037_509.0, 20_037_509.0), (-20_048_967.0, 20_048_967.0))
        }
    };
    let at = |x, y| crate::geometry::Coord { x, y };
    BoundingBox { min: at(x.0, y.0), max: at(x.1, y.1) }
}

fn inside(inner: &BoundingBox, outer: &BoundingBox) -> bool {
    inner.min.x >= outer.min.x && inner.max.x <= outer.max.x && inner.min.y >= outer.min.y && inner.max.y <= outer.max.y
}

fn swap(bounds: &BoundingBox) -> BoundingBox {
    let turned = |c: crate::geometry::Coord| crate::geometry::Coord { x: c.y, y: c.x };
    BoundingBox { min: turned(bounds.min), max: turned(bounds.max) }
}

fn middle(low: f64, high: f64) -> f64 {
    low + (high - low) / 2.0
}
