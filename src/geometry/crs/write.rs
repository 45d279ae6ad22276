//! Definitions of coordinate systems written as text, for files that state their system so: what `definition` reads back as the same.
//!
//! The first version of well-known text is the one that every program takes. Sources: OGC 01-009, and the names that ESRI's products give.

use super::{Crs, Datum, Projection};

/// In whose words a definition is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Ogc,
    Esri,
}

impl Words {
    /// Returns the form of the two that is wanted.
    fn of<'a>(self, ogc: &'a str, esri: &'a str) -> &'a str {
        match self {
            Words::Ogc => ogc,
            Words::Esri => esri,
        }
    }

    fn node(self, keyword: &str, name: &str, rest: &[String]) -> String {
        let rest: String = rest.iter().map(|item| format!(",{item}")).collect();
        format!("{keyword}[\"{name}\"{rest}]")
    }

    /// Returns a number; ESRI's always have a point.
    fn number(self, number: f64) -> String {
        let text = format!("{number:.9}");
        let text = text.trim_end_matches('0');
        match (self, text.strip_suffix('.')) {
            (Words::Esri, Some(_)) => format!("{text}0"),
            (Words::Ogc, Some(whole)) => whole.to_owned(),
            (Words::Ogc | Words::Esri, None) => text.to_owned(),
        }
    }
}

/// Radians in a degree, as definitions have it.
const DEGREE: &str = "0.0174532925199433";

/// Names of a datum in either words, and of its ellipsoid.
struct Named {
    datum: [&'static str; 2],
    ellipsoid: [&'static str; 2],
}

fn named(datum: Datum) -> Named {
    let grs80 = ["GRS 1980", "GRS_1980"];
    let (datum, ellipsoid) = match datum {
        Datum::Cgcs2000 => (["China_2000", "D_China_2000"], ["CGCS2000", "CGCS2000"]),
        Datum::Wgs84 => (["WGS_1984", "D_WGS_1984"], ["WGS 84", "WGS_1984"]),
        Datum::Twd97 => (["Taiwan_Datum_1997", "D_TWD_1997"], grs80),
        Datum::Jgd2011 => (["Japanese_Geodetic_Datum_2011", "D_JGD_2011"], grs80),
        Datum::Etrs89 => (["European_Terrestrial_Reference_System_1989", "D_ETRS_1989"], grs80),
        Datum::Rgf93 => (["Reseau_Geodesique_Francais_1993", "D_RGF_1993"], grs80),
        Datum::Ch1903Plus => (["CH1903+", "D_CH1903+"], ["Bessel 1841", "Bessel_1841"]),
        Datum::Nad83 => (["North_American_Datum_1983", "D_North_American_1983"], grs80),
    };
    Named { datum, ellipsoid }
}

impl Crs {
    /// Returns the definition as OGC's well-known text of the first version, with EPSG codes.
    pub fn to_wkt(self) -> String {
        self.written(Words::Ogc)
    }

    /// Returns the definition in ESRI's dialect, as `.prj` files have it.
    pub fn to_esri_wkt(self) -> String {
        self.written(Words::Esri)
    }

    fn name_in(self, words: Words) -> String {
        let mut names = self.names();
        let first = names.next().unwrap_or_default();
        match words {
            Words::Ogc => first,
            Words::Esri => names.next().unwrap_or(first),
        }
    }

    fn written(self, words: Words) -> String {
        let authority = |code: u32| match words {
            Words::Ogc => vec![format!("AUTHORITY[\"EPSG\",\"{code}\"]")],
            Words::Esri => Vec::new(),
        };
        let geographic = Crs::all().find(|crs| crs.is_geographic() && crs.datum() == self.datum()).unwrap_or(self);
        let ellipsoid = self.ellipsoid();
        let Named { datum: [datum, esri_datum], ellipsoid: [spheroid, esri_spheroid] } = named(self.datum());
        let spheroid = words.node(
            "SPHEROID",
            words.of(spheroid, esri_spheroid),
            &[words.number(ellipsoid.a), words.number(1.0 / ellipsoid.f)],
        );
        let mut items = vec![
            words.node("DATUM", words.of(datum, esri_datum), &[spheroid]),
            words.node("PRIMEM", "Greenwich", &[words.number(0.0)]),
            words.node("UNIT", words.of("degree", "Degree"), &[DEGREE.to_owned()]),
        ];
        items.extend(authority(geographic.epsg()));
        let base = words.node("GEOGCS", &geographic.name_in(words), &items);
        let Some((method, parameters)) = self.method(words) else { return base };
        let mut items = vec![base, words.node("PROJECTION", method, &[])];
        items.extend(parameters.iter().map(|(name, value)| words.node("PARAMETER", name, &[words.number(*value)])));
        let unit = match self.unit() {
            1.0 => words.node("UNIT", words.of("metre", "Meter"), &[words.number(1.0)]),
            metres => words.node("UNIT", words.of("US survey foot", "Foot_US"), &[format!("{metres:.16}")]),
        };
        items.push(unit);
        if self.projection() == Projection::WebMercator && words == Words::Ogc {
            // The first version has no word for a sphere on an ellipsoid's coordinates.
            let proj = "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null \
                        +wktext +no_defs";
            items.push(words.node("EXTENSION", "PROJ4", &[format!("\"{proj}\"")]));
        }
        items.extend(authority(self.epsg()));
        words.node("PROJCS", &self.name_in(words), &items)
    }

    /// Returns the method of projection and its parameters, in degrees and the system's unit; `None` where there is none.
    fn method(self, words: Words) -> Option<(&'static str, Vec<(&'static str, f64)>)> {
        let (ogc, esri, parameters, false_origin): (_, _, Vec<(&'static str, f64)>, _) = match self.projection() {
            Projection::Geographic => return None,
            Projection::TransverseMercator { latitude, meridian, scale, easting, northing } => (
                "Transverse_Mercator",
                if self.datum() == Datum::Cgcs2000 { "Gauss_Kruger" } else { "Transverse_Mercator" },
                vec![("latitude_of_origin", latitude), ("central_meridian", meridian), ("scale_factor", scale)],
                (easting, northing),
            ),
            Projection::LambertConic { latitude, meridian, parallels, easting, northing } => (
                "Lambert_Conformal_Conic_2SP",
                "Lambert_Conformal_Conic",
                vec![
                    ("latitude_of_origin", latitude),
                    ("central_meridian", meridian),
                    ("standard_parallel_1", parallels.0),
                    ("standard_parallel_2", parallels.1),
                ],
                (easting, northing),
            ),
            Projection::SwissOblique { latitude, meridian, easting, northing } => (
                "Hotine_Oblique_Mercator_Azimuth_Center",
                "Hotine_Oblique_Mercator_Azimuth_Center",
                vec![
                    ("latitude_of_center", latitude),
                    ("longitude_of_center", meridian),
                    ("azimuth", 90.0),
                    ("rectified_grid_angle", 90.0),
                    ("scale_factor", 1.0),
                ],
                (easting, northing),
            ),
            Projection::WebMercator => (
                "Mercator_1SP",
                "Mercator_Auxiliary_Sphere",
                match words {
                    Words::Ogc => vec![("central_meridian", 0.0), ("scale_factor", 1.0)],
                    Words::Esri => {
                        vec![("central_meridian", 0.0), ("standard_parallel_1", 0.0), ("auxiliary_sphere_type", 0.0)]
                    }
                },
                (0.0, 0.0),
            ),
        };
        let (easting, northing) = (false_origin.0 / self.unit(), false_origin.1 / self.unit());
        let mut all = parameters;
        all.extend([("false_easting", easting), ("false_northing", northing)]);
        Some((words.of(ogc, esri), all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_is_read_back_from_its_definition_in_either_words() {
        for crs in Crs::all() {
            assert_eq!(Crs::from_wkt(&crs.to_wkt()), Ok(crs), "{}", crs.to_wkt());
            assert_eq!(Crs::from_wkt(&crs.to_esri_wkt()), Ok(crs), "{}", crs.to_esri_wkt());
        }
    }

    #[test]
    fn a_definition_says_what_the_registry_says() {
        let zone = Crs::from_epsg(4527).map(Crs::to_esri_wkt);
        insta::assert_snapshot!(zone.unwrap_or_default());
        insta::assert_snapshot!(Crs::from_epsg(4527).map(Crs::to_wkt).unwrap_or_default());
    }
}
