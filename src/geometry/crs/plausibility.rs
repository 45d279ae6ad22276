//! Whether coordinates look like the system they are said to be in.

use super::{Crs, Datum, Projection};
use crate::geometry::{BoundingBox, Coord};

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

/// What a system was presumed on, where nothing states one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// Coordinates are degrees.
    Degrees,
    /// Coordinates fit the system that is wanted.
    Wanted,
    /// Eastings carry this zone number in front.
    Prefix(u32),
    /// Eastings carry no zone number where those of the wanted system do, or do where those do not: its meridian was taken.
    Meridian,
    /// Nothing: coordinates fit no system that could be thought of, and the wanted one was taken.
    Nothing,
}

/// Returns the system that coordinates within `boxes` are to be presumed in where nothing states one, and on what ground.
///
/// The half of the boxes decides: one stray feature must not.
pub fn presumed(wanted: Crs, boxes: impl Iterator<Item = BoundingBox> + Clone) -> (Crs, Ground) {
    let most = |holds: &dyn Fn(&BoundingBox) -> bool| {
        let (found, all) =
            boxes.clone().fold((0, 0), |(found, all), area| (found + usize::from(holds(&area)), all + 1));
        2 * found > all
    };
    let degrees =
        |area: &BoundingBox| [area.min.x, area.max.x, area.min.y, area.max.y].iter().all(|it| it.abs() <= 180.0);
    if boxes.clone().next().is_none() || most(&degrees) {
        return (Crs::CGCS2000, Ground::Degrees);
    }
    let fits = |crs: Crs| {
        most(&|area| match plausibility(crs, area) {
            None => true,
            Some(Suspicion::SwappedAxes) => plausibility(crs, &swapped(area)).is_none(),
            Some(_) => false,
        })
    };
    if fits(wanted) {
        return (wanted, Ground::Wanted);
    }
    let prefix = |area: &BoundingBox| {
        let x = zone_of(middle(area.min.x, area.max.x)).and_then(Zone::prefix);
        x.or_else(|| zone_of(middle(area.min.y, area.max.y)).and_then(Zone::prefix))
    };
    let mut zones = boxes.clone().filter_map(|area| prefix(&area));
    if let Some(zone) = zones.find(|zone| most(&|area| prefix(area) == Some(*zone))) {
        let found = Crs::all().find(|crs| crs.zone_prefix() == Some(zone));
        if let Some(crs) = found.filter(|crs| fits(*crs)) {
            let same = wanted.with_prefix(Some(zone)) == Some(crs);
            return (crs, if same { Ground::Meridian } else { Ground::Prefix(zone) });
        }
    }
    match wanted.with_prefix(None) {
        Some(crs) if fits(crs) => (crs, Ground::Meridian),
        Some(_) | None => (wanted, Ground::Nothing),
    }
}

/// Returns what is suspicious about coordinates within `bounds` under `crs`; `None` if they look right or there are none.
pub fn plausibility(crs: Crs, bounds: &BoundingBox) -> Option<Suspicion> {
    if bounds.is_empty() {
        return None;
    }
    let turned = swapped(bounds);
    let as_degrees =
        |area: &BoundingBox| area.min.x >= -180.0 && area.max.x <= 180.0 && area.min.y >= -90.0 && area.max.y <= 90.0;
    let extent = extent(crs);
    if inside(bounds, &extent) {
        return None;
    }
    if crs.is_geographic() {
        if inside(&turned, &extent) {
            return Some(Suspicion::SwappedAxes);
        }
        return Some(if as_degrees(bounds) { Suspicion::OutsideExtent } else { Suspicion::NotGeographic });
    }
    if as_degrees(bounds) || as_degrees(&turned) {
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
    Some(if inside(&turned, &extent) { Suspicion::SwappedAxes } else { Suspicion::OutsideExtent })
}

/// Returns the box in which coordinates of the system are to be expected, drawn generously.
fn extent(crs: Crs) -> BoundingBox {
    let (x, y) = crs.family().reach;
    let (easting, northing) = match crs.projection() {
        Projection::Geographic | Projection::WebMercator => (0.0, 0.0),
        Projection::TransverseMercator { easting, northing, .. }
        | Projection::LambertConic { easting, northing, .. }
        | Projection::SwissOblique { easting, northing, .. } => (easting, northing),
    };
    let at = |x, y| Coord { x, y } * (1.0 / crs.unit());
    BoundingBox { min: at(easting + x.0, northing + y.0), max: at(easting + x.1, northing + y.1) }
}

fn inside(inner: &BoundingBox, outer: &BoundingBox) -> bool {
    inner.min.x >= outer.min.x && inner.max.x <= outer.max.x && inner.min.y >= outer.min.y && inner.max.y <= outer.max.y
}

/// Returns a box with x and y exchanged.
pub fn swapped(bounds: &BoundingBox) -> BoundingBox {
    let turned = |c: Coord| Coord { x: c.y, y: c.x };
    BoundingBox { min: turned(bounds.min), max: turned(bounds.max) }
}

fn middle(low: f64, high: f64) -> f64 {
    low + (high - low) / 2.0
}
