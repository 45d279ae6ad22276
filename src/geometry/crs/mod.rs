//! The coordinate systems this tool works in, by EPSG code.
//!
//! Takes codes, names and definitions as text (WKT, PROJJSON), gives a [`Crs`], what a set of coordinates looks like in it
//! ([`plausibility`]), what coordinates tell by themselves ([`presumed`]) and the way from one system to another ([`Transformer`]).
//! Which systems there are stands in one table; others are refused by name. Beijing 1954 and Xi'an 1980 are refused because their
//! shift to CGCS2000 needs official parameters, GCJ-02 and BD-09 because they are no coordinate systems but disguises.
//!
//! Geographic coordinates are (longitude, latitude) in degrees and projected ones (easting, northing) in the system's unit, whatever
//! axis order the EPSG database gives.

mod datums;
mod definition;
mod parse;
mod plausibility;
mod table;
mod transform;
mod wkt;
mod write;

pub use plausibility::{Ground, Suspicion, Zone, plausibility, presumed, swapped, zone_at, zone_of};
pub use transform::{MAX_PIECE_M, Transformer, to_lonlat};

pub(super) use transform::LonLat;

use std::fmt;

use datums::frame;
use table::{FAMILIES, Family, SAME_AS};

/// A supported coordinate system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Crs(u32);

/// A geodetic reference frame. All but those with a published shift lie within metres of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Datum {
    /// China Geodetic Coordinate System 2000.
    Cgcs2000,
    /// World Geodetic System 1984.
    Wgs84,
    /// Taiwan Datum 1997.
    Twd97,
    /// Japanese Geodetic Datum 2011.
    Jgd2011,
    /// European Terrestrial Reference System 1989.
    Etrs89,
    /// Réseau géodésique français 1993.
    Rgf93,
    /// The Swiss frame of 1995, on Bessel's ellipsoid.
    Ch1903Plus,
    /// North American Datum 1983.
    Nad83,
}

/// What had to be presumed to go from one system to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Assumption {
    /// The two datums were taken as one.
    SameDatum {
        /// The most that they may differ by, in metres.
        within_m: f64,
    },
    /// The published shift between the two was applied.
    Shifted {
        /// How far the result may be off, in metres.
        within_m: f64,
    },
}

/// Why a system that is known is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The shift to CGCS2000 needs official parameters.
    Parameters,
    /// Positions are moved by hundreds of metres on purpose, and no way back is published.
    Scrambled,
    /// The published shift is right to metres only.
    Coarse,
}

/// Why a coordinate system can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrsError {
    /// The text or code names no supported system.
    #[error("unknown coordinate system {0:?}")]
    Unknown(String),
    /// The system is known and not taken.
    #[error("{system} is refused")]
    Refused {
        /// Its code; that of its geographic system where only the datum is known.
        epsg: Option<u32>,
        /// What it is called.
        system: &'static str,
        /// Why.
        why: Refusal,
    },
}

/// How positions become coordinates. Angles are in degrees, lengths in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Projection {
    /// Longitude and latitude in degrees.
    Geographic,
    /// Transverse Mercator from an origin, with the scale on its meridian.
    TransverseMercator { latitude: f64, meridian: f64, scale: f64, easting: f64, northing: f64 },
    /// Lambert's conformal conic with two standard parallels.
    LambertConic { latitude: f64, meridian: f64, parallels: (f64, f64), easting: f64, northing: f64 },
    /// The oblique Mercator of Switzerland, with scale 1 at its centre.
    SwissOblique { latitude: f64, meridian: f64, easting: f64, northing: f64 },
    /// Spherical Mercator of web maps.
    WebMercator,
}

/// A reference ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ellipsoid {
    /// Semi-major axis in metres.
    pub(super) a: f64,
    /// Flattening.
    pub(super) f: f64,
}

impl Crs {
    /// CGCS2000, geographic.
    pub const CGCS2000: Crs = Crs(4490);

    /// WGS 84, geographic.
    pub const WGS84: Crs = Crs(4326);

    /// Returns the system of an EPSG code; `None` if it is not supported.
    pub fn from_epsg(code: u32) -> Option<Self> {
        let code = SAME_AS.iter().find(|(other, _)| *other == code).map_or(code, |(_, same)| *same);
        FAMILIES.iter().any(|family| family.codes().contains(&code)).then_some(Crs(code))
    }

    /// Returns the system a text names.
    ///
    /// Takes `EPSG:4527`, a bare code, the OGC forms (`urn:ogc:def:crs:EPSG::4527`, `http://www.opengis.net/def/crs/EPSG/0/4527`,
    /// `urn:ogc:def:crs:OGC:1.3:CRS84`), the names that the EPSG registry and ESRI products use, and what [`Crs::from_wkt`] takes.
    pub fn parse(text: &str) -> Result<Self, CrsError> {
        parse::parse(text)
    }

    /// Returns the system that a definition describes: WKT of either version, ESRI's dialect included, or PROJJSON.
    ///
    /// Its parameters decide. The code and the name that it gives only choose between systems that agree with them.
    pub fn from_wkt(text: &str) -> Result<Self, CrsError> {
        definition::read(text)
    }

    /// Returns every supported system.
    pub(super) fn all() -> impl Iterator<Item = Crs> {
        FAMILIES.iter().flat_map(Family::codes).map(Crs)
    }

    /// Returns the EPSG code.
    pub fn epsg(self) -> u32 {
        self.0
    }

    /// Returns the name, as the EPSG database has it.
    pub fn name(self) -> String {
        self.names().next().unwrap_or_default()
    }

    /// Returns every name that the system answers to.
    fn names(self) -> impl Iterator<Item = String> {
        self.family().names(self.0)
    }

    fn family(self) -> &'static Family {
        // The fallback is never taken: a code is looked up before it becomes a system.
        FAMILIES.iter().find(|family| family.codes().contains(&self.0)).unwrap_or(&FAMILIES[0])
    }

    /// Tells whether coordinates are longitude and latitude in degrees.
    pub fn is_geographic(self) -> bool {
        self.projection() == Projection::Geographic
    }

    /// Tells whether coordinates are metres of a plane that keeps shapes and, all but, sizes.
    pub fn is_metric_plane(self) -> bool {
        let sized = !matches!(self.projection(), Projection::Geographic | Projection::WebMercator);
        sized && self.unit() == 1.0
    }

    /// Returns the datum.
    pub fn datum(self) -> Datum {
        self.family().datum
    }

    /// Returns what a transformation between the two presumes; `None` if nothing.
    pub fn transform_note(from: Crs, to: Crs) -> Option<Assumption> {
        if from.datum() == to.datum() {
            return None;
        }
        let (from, to) = (frame(from.datum()), frame(to.datum()));
        let within_m = from.within_m.max(to.within_m);
        Some(if from.shift == to.shift { Assumption::SameDatum { within_m } } else { Assumption::Shifted { within_m } })
    }

    /// Returns the zone number that eastings carry in front, if they do.
    pub fn zone_prefix(self) -> Option<u32> {
        match self.projection() {
            Projection::TransverseMercator { easting, .. } if self.datum() == Datum::Cgcs2000 => {
                Some((easting / 1e6) as u32).filter(|zone| *zone > 0)
            }
            _ => None,
        }
    }

    /// Returns the system of the same datum, meridian and scale whose eastings carry `prefix` in front, or none.
    pub fn with_prefix(self, prefix: Option<u32>) -> Option<Crs> {
        let origin = |projection: Projection| match projection {
            Projection::TransverseMercator { latitude, meridian, scale, .. } => Some((latitude, meridian, scale)),
            _ => None,
        };
        let own = origin(self.projection())?;
        Crs::all().find(|crs| {
            crs.datum() == self.datum() && origin(crs.projection()) == Some(own) && crs.zone_prefix() == prefix
        })
    }

    /// Returns the ellipsoid of the datum.
    pub(super) fn ellipsoid(self) -> Ellipsoid {
        frame(self.datum()).ellipsoid
    }

    /// Returns the projection.
    pub(super) fn projection(self) -> Projection {
        self.family().projection(self.0)
    }

    /// Returns how many metres a unit of the coordinates is; 1 for degrees.
    fn unit(self) -> f64 {
        self.family().unit
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EPSG:{}", self.0)
    }
}

#[cfg(test)]
mod tests;
