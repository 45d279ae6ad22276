//! What there is to know of each datum: its names, its ellipsoid, and how its positions come to those of the others.

use super::{Datum, Ellipsoid};

/// What there is to know of a datum.
pub(super) struct Frame {
    /// Names in definitions as text, without case, spaces and marks.
    pub(super) names: &'static [&'static str],
    pub(super) ellipsoid: Ellipsoid,
    /// What is to be added to geocentric coordinates, in metres, to come to the frames that are taken as one.
    pub(super) shift: [f64; 3],
    /// The most that positions then differ from those in CGCS2000, in metres.
    pub(super) within_m: f64,
}

const GRS80: Ellipsoid = Ellipsoid { a: 6_378_137.0, f: 1.0 / 298.257_222_101 };
const NONE: [f64; 3] = [0.0; 3];

/// Returns what there is to know of a datum. Accuracies are those that the EPSG registry gives for the way to WGS 84.
pub(super) fn frame(datum: Datum) -> Frame {
    let (names, ellipsoid, shift, within_m): (&'static [&'static str], _, _, _) = match datum {
        Datum::Cgcs2000 => (
            &["china2000", "dchina2000", "chinageodeticcoordinatesystem2000", "cgcs2000", "dcgcs2000"],
            GRS80,
            NONE,
            0.0,
        ),
        Datum::Wgs84 => (
            &["wgs1984", "dwgs1984", "wgs84", "worldgeodeticsystem1984", "worldgeodeticsystem1984ensemble"],
            Ellipsoid { a: 6_378_137.0, f: 1.0 / 298.257_223_563 },
            NONE,
            1.0,
        ),
        Datum::Twd97 => (&["taiwandatum1997", "twd1997", "dtwd1997", "twd97"], GRS80, NONE, 1.0),
        Datum::Jgd2011 => (&["japanesegeodeticdatum2011", "jgd2011", "djgd2011"], GRS80, NONE, 1.0),
        Datum::Etrs89 => (
            &[
                "europeanterrestrialreferencesystem1989",
                "europeanterrestrialreferencesystem1989ensemble",
                "etrs1989",
                "detrs1989",
                "etrs89",
            ],
            GRS80,
            NONE,
            1.0,
        ),
        Datum::Rgf93 => (
            &["reseaugeodesiquefrancais1993", "reseaugeodesiquefrancais1993v1", "rgf1993", "drgf1993", "rgf93"],
            GRS80,
            NONE,
            1.0,
        ),
        Datum::Ch1903Plus => (
            &["ch1903+", "dch1903+"],
            Ellipsoid { a: 6_377_397.155, f: 1.0 / 299.152_812_8 },
            [674.374, 15.056, 405.346],
            1.0,
        ),
        Datum::Nad83 => {
            (&["northamericandatum1983", "northamerican1983", "dnorthamerican1983", "nad83"], GRS80, NONE, 2.0)
        }
    };
    Frame { names, ellipsoid, shift, within_m }
}
