//! The table of coordinate systems: every one that is supported, and those that are refused by name.
//!
//! Codes, names and parameters are those of the EPSG registry, second names those that ESRI products write. A row stands for all
//! systems that differ by a number only, such as the zones of one kind.

use std::ops::RangeInclusive;

use super::{Datum, Projection, Refusal};

/// Systems that differ by a number only.
#[derive(Debug)]
pub(super) struct Family {
    /// Code of the first; the others follow it.
    first: u32,
    /// How many there are.
    count: u32,
    /// Number of the first, and the step to the next.
    numbers: (u32, u32),
    /// The EPSG registry's name, ESRI's, then others in use; `{}` is the number, `{roman}` the number in Roman numerals.
    names: &'static [&'static str],
    pub(super) datum: Datum,
    /// Metres in a unit of the coordinates; 1 where they are degrees.
    pub(super) unit: f64,
    projection: fn(f64) -> Projection,
    /// Where coordinates are to be expected, drawn generously: x and y in metres from the false origin, or in degrees.
    pub(super) reach: ((f64, f64), (f64, f64)),
}

/// A US survey foot in metres.
const US_FOOT: f64 = 1200.0 / 3937.0;

/// A county keeps one zone for all its data, so three degrees off the meridian are in use.
const CHINA: ((f64, f64), (f64, f64)) = ((-400_000.0, 400_000.0), (330_000.0, 5_990_000.0));
const EVERYWHERE: ((f64, f64), (f64, f64)) = ((-180.0, 180.0), (-90.0, 90.0));
const NORTH: ((f64, f64), (f64, f64)) = ((-400_000.0, 400_000.0), (0.0, 10_000_000.0));
const SOUTH: ((f64, f64), (f64, f64)) = ((-400_000.0, 400_000.0), (-10_000_000.0, 0.0));
const TAIWAN: ((f64, f64), (f64, f64)) = ((-450_000.0, 400_000.0), (1_100_000.0, 3_000_000.0));
const JAPAN: ((f64, f64), (f64, f64)) = ((-500_000.0, 500_000.0), (-900_000.0, 900_000.0));
const CAROLINA: ((f64, f64), (f64, f64)) = ((-550_000.0, 400_000.0), (-50_000.0, 400_000.0));
const MASSACHUSETTS: ((f64, f64), (f64, f64)) = ((-250_000.0, 250_000.0), (-50_000.0, 300_000.0));

/// Origins of the plane rectangular systems of Japan, I to XIX: latitude and longitude.
const JAPAN_ORIGINS: [(f64, f64); 19] = [
    (33.0, 129.5),
    (33.0, 131.0),
    (36.0, 132.0 + 1.0 / 6.0),
    (33.0, 133.5),
    (36.0, 134.0 + 1.0 / 3.0),
    (36.0, 136.0),
    (36.0, 137.0 + 1.0 / 6.0),
    (36.0, 138.5),
    (36.0, 139.0 + 5.0 / 6.0),
    (40.0, 140.0 + 5.0 / 6.0),
    (44.0, 140.25),
    (44.0, 142.25),
    (44.0, 144.25),
    (26.0, 142.0),
    (26.0, 127.5),
    (26.0, 124.0),
    (26.0, 131.0),
    (20.0, 136.0),
    (26.0, 154.0),
];

const ROMAN: [&str; 20] = [
    "", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
    "XVIII", "XIX",
];

fn zone(meridian: f64, scale: f64, easting: f64) -> Projection {
    Projection::TransverseMercator { latitude: 0.0, meridian, scale, easting, northing: 0.0 }
}

fn utm(zone: f64, prefix: f64, northing: f64) -> Projection {
    let easting = prefix * 1e6 + 500_000.0;
    Projection::TransverseMercator { latitude: 0.0, meridian: 6.0 * zone - 183.0, scale: 0.9996, easting, northing }
}

fn japan(zone: f64) -> Projection {
    let (latitude, meridian) = JAPAN_ORIGINS[zone as usize - 1];
    Projection::TransverseMercator { latitude, meridian, scale: 0.9999, easting: 0.0, northing: 0.0 }
}

/// Lambert's conic on the parallels whole degree − 0.75° and + 0.75°, one for each degree of France.
fn conic_zone(degree: f64) -> Projection {
    Projection::LambertConic {
        latitude: degree,
        meridian: 3.0,
        parallels: (degree - 0.75, degree + 0.75),
        easting: 1_700_000.0,
        northing: (degree - 41.0) * 1e6 + 200_000.0,
    }
}

/// In feet the registry rounds the easting otherwise than in metres.
fn carolina(easting: f64) -> Projection {
    Projection::LambertConic {
        latitude: 33.75,
        meridian: -79.0,
        parallels: (34.0 + 1.0 / 3.0, 36.0 + 1.0 / 6.0),
        easting,
        northing: 0.0,
    }
}

fn massachusetts(easting: f64) -> Projection {
    Projection::LambertConic {
        latitude: 41.0,
        meridian: -71.5,
        parallels: (41.0 + 43.0 / 60.0, 42.0 + 41.0 / 60.0),
        easting,
        northing: 750_000.0,
    }
}

const GEOGRAPHIC: Family = Family {
    first: 0,
    count: 1,
    numbers: (0, 1),
    names: &[],
    datum: Datum::Wgs84,
    unit: 1.0,
    projection: |_| Projection::Geographic,
    reach: EVERYWHERE,
};
const PLANE: Family = GEOGRAPHIC;

/// Every system that is supported. Of two that give the same coordinates the one that is to be preferred stands first.
pub(super) static FAMILIES: &[Family] = &[
    Family {
        first: 4490,
        names: &[
            "CGCS2000",
            "GCS_China_Geodetic_Coordinate_System_2000",
            "China Geodetic Coordinate System 2000",
            "2000国家大地坐标系",
            "国家2000大地坐标系",
            "国家大地坐标系2000",
        ],
        datum: Datum::Cgcs2000,
        reach: ((73.0, 135.5), (3.0, 54.0)),
        ..GEOGRAPHIC
    },
    Family {
        first: 4513,
        count: 21,
        numbers: (25, 1),
        names: &["CGCS2000 / 3-degree Gauss-Kruger zone {}", "CGCS2000_3_Degree_GK_Zone_{}"],
        datum: Datum::Cgcs2000,
        projection: |n| zone(3.0 * n, 1.0, n * 1e6 + 500_000.0),
        reach: CHINA,
        ..PLANE
    },
    Family {
        first: 4534,
        count: 21,
        numbers: (75, 3),
        names: &["CGCS2000 / 3-degree Gauss-Kruger CM {}E", "CGCS2000_3_Degree_GK_CM_{}E"],
        datum: Datum::Cgcs2000,
        projection: |meridian| zone(meridian, 1.0, 500_000.0),
        reach: CHINA,
        ..PLANE
    },
    Family {
        first: 4491,
        count: 11,
        numbers: (13, 1),
        names: &["CGCS2000 / Gauss-Kruger zone {}", "CGCS2000_GK_Zone_{}"],
        datum: Datum::Cgcs2000,
        projection: |n| zone(6.0 * n - 3.0, 1.0, n * 1e6 + 500_000.0),
        reach: CHINA,
        ..PLANE
    },
    Family {
        first: 4502,
        count: 11,
        numbers: (75, 6),
        names: &["CGCS2000 / Gauss-Kruger CM {}E", "CGCS2000_GK_CM_{}E"],
        datum: Datum::Cgcs2000,
        projection: |meridian| zone(meridian, 1.0, 500_000.0),
        reach: CHINA,
        ..PLANE
    },
    Family { first: 4326, names: &["WGS 84", "GCS_WGS_1984"], ..GEOGRAPHIC },
    Family {
        first: 32601,
        count: 60,
        numbers: (1, 1),
        names: &["WGS 84 / UTM zone {}N", "WGS_1984_UTM_Zone_{}N"],
        projection: |n| utm(n, 0.0, 0.0),
        reach: NORTH,
        ..PLANE
    },
    Family {
        first: 32701,
        count: 60,
        numbers: (1, 1),
        names: &["WGS 84 / UTM zone {}S", "WGS_1984_UTM_Zone_{}S"],
        projection: |n| utm(n, 0.0, 10_000_000.0),
        reach: SOUTH,
        ..PLANE
    },
    Family {
        first: 3857,
        names: &["WGS 84 / Pseudo-Mercator", "WGS_1984_Web_Mercator_Auxiliary_Sphere"],
        projection: |_| Projection::WebMercator,
        reach: ((-20_037_509.0, 20_037_509.0), (-20_048_967.0, 20_048_967.0)),
        ..PLANE
    },
    Family {
        first: 3824,
        names: &["TWD97", "GCS_TWD_1997"],
        datum: Datum::Twd97,
        reach: ((114.0, 123.5), (10.0, 27.0)),
        ..GEOGRAPHIC
    },
    Family {
        first: 3825,
        names: &["TWD97 / TM2 zone 119", "TWD_1997_TM_Penghu"],
        datum: Datum::Twd97,
        projection: |_| zone(119.0, 0.9999, 250_000.0),
        reach: TAIWAN,
        ..PLANE
    },
    Family {
        first: 3826,
        names: &["TWD97 / TM2 zone 121", "TWD_1997_TM_Taiwan"],
        datum: Datum::Twd97,
        projection: |_| zone(121.0, 0.9999, 250_000.0),
        reach: TAIWAN,
        ..PLANE
    },
    Family {
        first: 6668,
        names: &["JGD2011", "GCS_JGD_2011"],
        datum: Datum::Jgd2011,
        reach: ((120.0, 157.0), (17.0, 48.0)),
        ..GEOGRAPHIC
    },
    Family {
        first: 6669,
        count: 19,
        numbers: (1, 1),
        names: &["JGD2011 / Japan Plane Rectangular CS {roman}", "JGD_2011_Japan_Zone_{}"],
        datum: Datum::Jgd2011,
        projection: japan,
        reach: JAPAN,
        ..PLANE
    },
    Family {
        first: 4258,
        names: &["ETRS89", "GCS_ETRS_1989"],
        datum: Datum::Etrs89,
        reach: ((-40.0, 50.0), (25.0, 85.0)),
        ..GEOGRAPHIC
    },
    Family {
        first: 25828,
        count: 10,
        numbers: (28, 1),
        names: &["ETRS89 / UTM zone {}N", "ETRS_1989_UTM_Zone_{}N"],
        datum: Datum::Etrs89,
        projection: |n| utm(n, 0.0, 0.0),
        reach: NORTH,
        ..PLANE
    },
    Family {
        first: 4647,
        names: &["ETRS89 / UTM zone 32N (zE-N)", "ETRS_1989_UTM_Zone_N32"],
        datum: Datum::Etrs89,
        projection: |_| utm(32.0, 32.0, 0.0),
        reach: NORTH,
        ..PLANE
    },
    Family {
        first: 5650,
        names: &["ETRS89 / UTM zone 33N (zE-N)", "ETRS_1989_UTM_Zone_33N_zE-N"],
        datum: Datum::Etrs89,
        projection: |_| utm(33.0, 33.0, 0.0),
        reach: NORTH,
        ..PLANE
    },
    Family {
        first: 3873,
        count: 13,
        numbers: (19, 1),
        names: &["ETRS89 / GK{}FIN", "ETRS_1989_GK{}FIN"],
        datum: Datum::Etrs89,
        projection: |n| zone(n, 1.0, n * 1e6 + 500_000.0),
        reach: NORTH,
        ..PLANE
    },
    Family {
        first: 4171,
        names: &["RGF93 v1", "GCS_RGF_1993", "RGF93", "GCS_RGF93"],
        datum: Datum::Rgf93,
        reach: ((-12.0, 12.0), (40.0, 53.0)),
        ..GEOGRAPHIC
    },
    Family {
        first: 2154,
        names: &["RGF93 v1 / Lambert-93", "RGF_1993_Lambert_93", "RGF93 / Lambert-93"],
        datum: Datum::Rgf93,
        projection: |_| Projection::LambertConic {
            latitude: 46.5,
            meridian: 3.0,
            parallels: (44.0, 49.0),
            easting: 700_000.0,
            northing: 6_600_000.0,
        },
        reach: ((-800_000.0, 700_000.0), (-700_000.0, 700_000.0)),
        ..PLANE
    },
    Family {
        first: 3942,
        count: 9,
        numbers: (42, 1),
        names: &["RGF93 v1 / CC{}", "RGF_1993_CC{}", "RGF93 / CC{}"],
        datum: Datum::Rgf93,
        projection: conic_zone,
        reach: ((-800_000.0, 700_000.0), (-400_000.0, 400_000.0)),
        ..PLANE
    },
    Family {
        first: 4150,
        names: &["CH1903+", "GCS_CH1903+"],
        datum: Datum::Ch1903Plus,
        reach: ((5.5, 11.0), (45.5, 48.0)),
        ..GEOGRAPHIC
    },
    Family {
        first: 2056,
        names: &["CH1903+ / LV95", "CH1903+_LV95"],
        datum: Datum::Ch1903Plus,
        projection: |_| Projection::SwissOblique {
            latitude: 46.0 + 57.0 / 60.0 + 8.66 / 3600.0,
            meridian: 7.0 + 26.0 / 60.0 + 22.5 / 3600.0,
            easting: 2_600_000.0,
            northing: 1_200_000.0,
        },
        reach: ((-180_000.0, 300_000.0), (-180_000.0, 150_000.0)),
        ..PLANE
    },
    Family {
        first: 4269,
        names: &["NAD83", "GCS_North_American_1983"],
        datum: Datum::Nad83,
        reach: ((-180.0, -40.0), (10.0, 88.0)),
        ..GEOGRAPHIC
    },
    Family {
        first: 2264,
        names: &["NAD83 / North Carolina (ftUS)", "NAD_1983_StatePlane_North_Carolina_FIPS_3200_Feet"],
        datum: Datum::Nad83,
        unit: US_FOOT,
        projection: |_| carolina(2_000_000.0 * US_FOOT),
        reach: CAROLINA,
        ..PLANE
    },
    Family {
        first: 32119,
        names: &["NAD83 / North Carolina", "NAD_1983_StatePlane_North_Carolina_FIPS_3200"],
        datum: Datum::Nad83,
        projection: |_| carolina(609_601.22),
        reach: CAROLINA,
        ..PLANE
    },
    Family {
        first: 2249,
        names: &["NAD83 / Massachusetts Mainland (ftUS)", "NAD_1983_StatePlane_Massachusetts_Mainland_FIPS_2001_Feet"],
        datum: Datum::Nad83,
        unit: US_FOOT,
        projection: |_| massachusetts(656_166.667 * US_FOOT),
        reach: MASSACHUSETTS,
        ..PLANE
    },
    Family {
        first: 26986,
        names: &["NAD83 / Massachusetts Mainland", "NAD_1983_StatePlane_Massachusetts_Mainland_FIPS_2001"],
        datum: Datum::Nad83,
        projection: |_| massachusetts(200_000.0),
        reach: MASSACHUSETTS,
        ..PLANE
    },
];

/// Codes that stand for a supported system: with a height, which is not used, or an older one.
pub(super) const SAME_AS: &[(u32, u32)] = &[
    (4480, 4490),
    (4979, 4326),
    (6667, 6668),
    (6697, 6668),
    (4937, 4258),
    (4965, 4171),
    (3785, 3857),
    (900_913, 3857),
];

impl Family {
    /// Returns the codes.
    pub(super) fn codes(&self) -> RangeInclusive<u32> {
        self.first..=self.first + self.count - 1
    }

    /// Returns the number of the system with a code.
    fn number(&self, code: u32) -> u32 {
        self.numbers.0 + (code - self.first) * self.numbers.1
    }

    /// Returns the projection of the system with a code.
    pub(super) fn projection(&self, code: u32) -> Projection {
        (self.projection)(f64::from(self.number(code)))
    }

    /// Returns the names of the system with a code, the EPSG registry's first.
    pub(super) fn names(&self, code: u32) -> impl Iterator<Item = String> + use<'_> {
        let number = self.number(code);
        let roman = ROMAN.get(number as usize).copied().unwrap_or_default();
        self.names.iter().map(move |name| name.replace("{}", &number.to_string()).replace("{roman}", roman))
    }
}

/// A system that is known and not taken.
pub(super) struct Refused {
    /// What it is called.
    pub(super) name: &'static str,
    /// Its codes, that of its geographic system first.
    pub(super) codes: &'static [RangeInclusive<u32>],
    /// What its names hold, without case, spaces and marks.
    pub(super) words: &'static [&'static str],
    pub(super) why: Refusal,
}

/// Systems that are refused by name. The first that fits counts.
pub(super) const REFUSED: &[Refused] = &[
    Refused {
        name: "New Beijing",
        codes: &[4555..=4555, 4568..=4589, 4652..=4656, 4766..=4800, 4812..=4812, 4822..=4822],
        words: &["newbeijing", "新北京"],
        why: Refusal::Parameters,
    },
    Refused {
        name: "Beijing 1954",
        codes: &[4214..=4214, 2401..=2442, 21_413..=21_423, 21_453..=21_463, 21_473..=21_483],
        words: &["beijing1954", "beijing54", "bj54", "北京54", "北京1954", "1954北京", "1954年北京", "北京坐标系"],
        why: Refusal::Parameters,
    },
    Refused {
        name: "Xi'an 1980",
        codes: &[4610..=4610, 2327..=2390],
        words: &[
            "xian1980",
            "xian80",
            "西安80",
            "西安1980",
            "1980西安",
            "1980年西安",
            "80西安",
            "西安坐标系",
            "1980国家大地",
        ],
        why: Refusal::Parameters,
    },
    Refused { name: "GCJ-02", codes: &[], words: &["gcj02", "火星坐标", "国测局"], why: Refusal::Scrambled },
    Refused { name: "BD-09", codes: &[], words: &["bd09", "百度坐标", "百度经纬度"], why: Refusal::Scrambled },
    Refused {
        name: "TWD67",
        codes: &[3821..=3821, 3827..=3828],
        words: &["twd67", "twd1967", "taiwandatum1967"],
        why: Refusal::Coarse,
    },
    Refused { name: "Tokyo", codes: &[4301..=4301, 30_161..=30_179], words: &["tokyo"], why: Refusal::Coarse },
    Refused {
        name: "NAD27",
        codes: &[4267..=4267, 26_701..=26_722, 26_729..=26_799, 32_001..=32_060],
        words: &["nad27", "nad1927", "northamerican1927", "northamericandatum1927"],
        why: Refusal::Coarse,
    },
    Refused { name: "CH1903", codes: &[4149..=4149, 21_780..=21_781], words: &["ch1903lv03"], why: Refusal::Coarse },
    Refused {
        name: "DHDN",
        codes: &[4314..=4314, 31_466..=31_469],
        words: &["dhdn", "deutscheshauptdreiecksnetz"],
        why: Refusal::Coarse,
    },
];
