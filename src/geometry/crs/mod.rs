//! The coordinate systems this tool works in, by EPSG code.
//!
//! Takes codes and names, gives a [`Crs`], what a set of coordinates looks like in it ([`plausibility`]) and the way from one to
//! another ([`Transformer`]). Covers CGCS2000 (geographic, and Gauss-Kruger zones of 3 and 6 degrees), TWD97, WGS 84 (geographic,
//! UTM) and Web Mercator. Beijing 1954 and Xi'an 1980 are refused: their shift to CGCS2000 needs official parameters.
//!
//! Geographic coordinates are (longitude, latitude) in degrees and projected ones (easting, northing) in metres, whatever axis
//! order the EPSG database gives.

mod parse;
mod plausibility;
mod transform;

pub use plausibility::{Suspicion, Zone, plausibility, zone_at, zone_of};
pub use transform::{MAX_PIECE_M, Transformer, to_lonlat};

pub(super) use transform::LonLat;

use std::fmt;

/// A supported coordinate system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Crs(u32);

/// A family of geodetic reference frames. All of them lie within decimetres of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Datum {
    /// China Geodetic Coordinate System 2000.
    Cgcs2000,
    /// World Geodetic System 1984.
    Wgs84,
    /// Taiwan Datum 1997.
    Twd97,
}

/// What had to be presumed to go from one system to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assumption {
    /// The two datums were taken as one; they differ by centimetres to decimetres.
    SameDatum {
        /// The datum of the source.
        from: Datum,
        /// The datum of the target.
        to: Datum,
    },
}

/// Why a coordinate system can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrsError {
    /// The text or code names no supported system.
    #[error("unknown coordinate system {0:?}")]
    Unknown(String),
    /// The system is known, but a shift from it needs official parameters.
    #[error("{datum} (EPSG:{epsg}) needs official transformation parameters")]
    Refused {
        /// Its code; that of its geographic system where only the datum is known.
        epsg: u32,
        /// The name of its datum.
        datum: &'static str,
    },
}

/// How positions become coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Projection {
    /// Longitude and latitude in degrees.
    Geographic,
    /// Transverse Mercator: central meridian in degrees, scale on it, false easting and northing in metres.
    TransverseMercator { meridian: f64, scale: f64, easting: f64, northing: f64 },
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

    /// Returns the system of an EPSG code; `None` if it is not supported.
    pub fn from_epsg(code: u32) -> Option<Self> {
        let supported = matches!(code, 4490..=4554 | 4326 | 3824..=3826 | 3857 | 32601..=32660 | 32701..=32760);
        supported.then_some(Crs(code))
    }

    /// Returns the system a text names.
    ///
    /// Takes `EPSG:4527`, a bare code, the OGC forms (`urn:ogc:def:crs:EPSG::4527`, `http://www.opengis.net/def/crs/EPSG/0/4527`,
    /// `urn:ogc:def:crs:OGC:1.3:CRS84`) and the names of the CGCS2000 zones as ESRI and as EPSG write them.
    pub fn parse(text: &str) -> Result<Self, CrsError> {
        parse::parse(text)
    }

    /// Returns the EPSG code.
    pub fn epsg(self) -> u32 {
        self.0
    }

    /// Returns the name, as the EPSG database has it.
    pub fn name(self) -> String {
        match self.0 {
            4490 => "CGCS2000".to_owned(),
            4491..=4501 => format!("CGCS2000 / Gauss-Kruger zone {}", self.0 - 4478),
            4502..=4512 => format!("CGCS2000 / Gauss-Kruger CM {}E", 75 + 6 * (self.0 - 4502)),
            4513..=4533 => format!("CGCS2000 / 3-degree Gauss-Kruger zone {}", self.0 - 4488),
            4534..=4554 => format!("CGCS2000 / 3-degree Gauss-Kruger CM {}E", 75 + 3 * (self.0 - 4534)),
            4326 => "WGS 84".to_owned(),
            3824 => "TWD97".to_owned(),
            3825 => "TWD97 / TM2 zone 119".to_owned(),
            3826 => "TWD97 / TM2 zone 121".to_owned(),
            3857 => "WGS 84 / Pseudo-Mercator".to_owned(),
            32601..=32660 => format!("WGS 84 / UTM zone {}N", self.0 - 32600),
            _ => format!("WGS 84 / UTM zone {}S", self.0.saturating_sub(32700)),
        }
    }

    /// Tells whether coordinates are longitude and latitude in degrees.
    pub fn is_geographic(self) -> bool {
        self.projection() == Projection::Geographic
    }

    /// Returns the datum.
    pub fn datum(self) -> Datum {
        match self.0 {
            4490..=4554 => Datum::Cgcs2000,
            3824..=3826 => Datum::Twd97,
            _ => Datum::Wgs84,
        }
    }

    /// Returns what a transformation between the two presumes; `None` if nothing.
    pub fn transform_note(from: Crs, to: Crs) -> Option<Assumption> {
        let (from, to) = (from.datum(), to.datum());
        (from != to).then_some(Assumption::SameDatum { from, to })
    }

    /// Returns the zone number that eastings carry in front, if they do.
    pub fn zone_prefix(self) -> Option<u32> {
        match self.0 {
            4491..=4501 => Some(self.0 - 4478),
            4513..=4533 => Some(self.0 - 4488),
            _ => None,
        }
    }

    /// Returns the ellipsoid of the datum.
    pub(super) fn ellipsoid(self) -> Ellipsoid {
        let inverse_flattening = match self.datum() {
            Datum::Cgcs2000 | Datum::Twd97 => 298.257_222_101,
            Datum::Wgs84 => 298.257_223_563,
        };
        Ellipsoid { a: 6_378_137.0, f: 1.0 / inverse_flattening }
    }

    /// Returns the projection.
    pub(super) fn projection(self) -> Projection {
        let gauss = |meridian: u32, prefix: u32| Projection::TransverseMercator {
            meridian: f64::from(meridian),
            scale: 1.0,
            easting: f64::from(prefix) * 1e6 + 500_000.0,
            northing: 0.0,
        };
        let twd97 =
            |meridian| Projection::TransverseMercator { meridian, scale: 0.9999, easting: 250_000.0, northing: 0.0 };
        let utm = |zone: u32, northing| Projection::TransverseMercator {
            meridian: 6.0 * f64::from(zone) - 183.0,
            scale: 0.9996,
            easting: 500_000.0,
            northing,
        };
        match self.0 {
            4491..=4501 => gauss(6 * (self.0 - 4478) - 3, self.0 - 4478),
            4502..=4512 => gauss(75 + 6 * (self.0 - 4502), 0),
            4513..=4533 => gauss(3 * (self.0 - 4488), self.0 - 4488),
            4534..=4554 => gauss(75 + 3 * (self.0 - 4534), 0),
            3825 => twd97(119.0),
            3826 => twd97(121.0),
            3857 => Projection::WebMercator,
            32601..=32660 => utm(self.0 - 32600, 0.0),
            32701..=32760 => utm(self.0 - 32700, 10_000_000.0),
            _ => Projection::Geographic,
        }
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EPSG:{}", self.0)
    }
}

#[cfg(test)]
mod tests;
