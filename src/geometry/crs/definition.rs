//! Definitions of coordinate systems as text: WKT of both versions, ESRI's dialect of it, and PROJJSON.
//!
//! Takes a text, reads what it says of name, code, datum and projection, and gives the supported system that agrees with it.

use serde_json::Value;

use super::datums::frame;
use super::parse::{bare, by_name, of_code, refused_name};
use super::wkt::{Node, tree};
use super::{Crs, CrsError, Projection};

/// Angles agree that differ by no more than this, in degrees: 0.5 mm on the ground are lost by programs that write eight digits.
const ANGLE: f64 = 5e-8;

/// Lengths agree that differ by no more than this, in metres.
const LENGTH: f64 = 1e-3;

/// Units and scales agree that differ by no more than this, as a share.
const SHARE: f64 = 1e-8;

/// Ellipsoids are one whose inverse flattening differs by less: those of WGS 84 and GRS 1980 differ by 0.1 mm at the pole.
const FLATTENING: f64 = 1e-4;

/// What a definition says.
#[derive(Debug, Default)]
struct Described {
    name: String,
    /// The EPSG code of the whole.
    code: Option<u32>,
    /// Name of the geographic system that it is built on.
    geographic: String,
    datum: String,
    /// Semi-major axis in metres, inverse flattening.
    ellipsoid: Option<(f64, f64)>,
    /// Longitude of the prime meridian, in degrees.
    prime_meridian: f64,
    /// Metres in a unit of the coordinates, or 1 for degrees.
    unit: f64,
    /// `None` where the projection is none of those that are known.
    projection: Option<Projection>,
}

/// Returns the system that a text defines; see [`Crs::from_wkt`].
pub(super) fn read(text: &str) -> Result<Crs, CrsError> {
    let (name, described) = if text.trim_start().starts_with('{') {
        let json: Option<Value> = serde_json::from_str(text).ok();
        let name = json.as_ref().and_then(|json| json.get("name")?.as_str().map(str::to_owned));
        (name, json.as_ref().and_then(from_json))
    } else {
        let tree = tree(text);
        let name = tree.as_ref().and_then(|tree| tree.text(0).map(str::to_owned));
        (name, tree.as_ref().and_then(from_wkt))
    };
    match described {
        Some(described) => described.system(),
        None => Err(CrsError::Unknown(name.unwrap_or_else(|| text.to_owned()))),
    }
}

impl Described {
    fn system(&self) -> Result<Crs, CrsError> {
        for name in [&self.name, &self.geographic, &self.datum] {
            if let Some(refused) = refused_name(name) {
                return Err(refused);
            }
        }
        let named = match self.code.and_then(of_code) {
            Some(Err(refused)) => return Err(refused),
            Some(Ok(crs)) => Some(crs),
            None => by_name(&self.name),
        };
        let agreeing = named.filter(|crs| self.agrees(*crs)).or_else(|| Crs::all().find(|crs| self.agrees(*crs)));
        agreeing.ok_or_else(|| CrsError::Unknown(self.name.clone()))
    }

    fn agrees(&self, crs: Crs) -> bool {
        let frame = frame(crs.datum());
        let datum = bare(&self.datum);
        let ellipsoid = self.ellipsoid.is_none_or(|(a, inverse)| {
            (a - frame.ellipsoid.a).abs() < LENGTH && (inverse - 1.0 / frame.ellipsoid.f).abs() < FLATTENING
        });
        let projection = self.projection.is_some_and(|projection| projection.agrees(crs.projection()));
        ellipsoid
            && projection
            && self.prime_meridian.abs() < ANGLE
            && (self.unit / crs.unit() - 1.0).abs() < SHARE
            && frame.names.contains(&datum.as_str())
    }
}

impl Projection {
    /// Tells whether two projections give the same coordinates.
    fn agrees(self, other: Projection) -> bool {
        let same = |one: &[f64], other: &[f64], within: f64| {
            one.iter().zip(other).all(|(one, other)| (one - other).abs() <= within)
        };
        match (self, other) {
            (Projection::Geographic, Projection::Geographic) | (Projection::WebMercator, Projection::WebMercator) => {
                true
            }
            (
                Projection::TransverseMercator { latitude, meridian, scale, easting, northing },
                Projection::TransverseMercator { latitude: lat, meridian: lon, scale: k, easting: e, northing: n },
            ) => {
                same(&[latitude, meridian], &[lat, lon], ANGLE)
                    && same(&[scale], &[k], SHARE)
                    && same(&[easting, northing], &[e, n], LENGTH)
            }
            (
                Projection::LambertConic { latitude, meridian, parallels: (one, two), easting, northing },
                Projection::LambertConic { latitude: lat, meridian: lon, parallels, easting: e, northing: n },
            ) => {
                same(&[latitude, meridian, one.min(two), one.max(two)], &[lat, lon, parallels.0, parallels.1], ANGLE)
                    && same(&[easting, northing], &[e, n], LENGTH)
            }
            (
                Projection::SwissOblique { latitude, meridian, easting, northing },
                Projection::SwissOblique { latitude: lat, meridian: lon, easting: e, northing: n },
            ) => same(&[latitude, meridian], &[lat, lon], ANGLE) && same(&[easting, northing], &[e, n], LENGTH),
            _ => false,
        }
    }

    /// Returns the projection of a method; `parameter` gives parameters, in degrees and metres, by any of their names.
    fn of(method: &str, parameter: impl Fn(&[&str]) -> Option<f64>) -> Option<Self> {
        let latitude = parameter(&[
            "latitudeoforigin",
            "latitudeofnaturalorigin",
            "latitudeoffalseorigin",
            "latitudeofcenter",
            "latitudeofprojectioncentre",
        ]);
        let latitude = latitude.unwrap_or(0.0);
        let meridian = parameter(&[
            "centralmeridian",
            "longitudeofnaturalorigin",
            "longitudeoffalseorigin",
            "longitudeofcenter",
            "longitudeofprojectioncentre",
        ]);
        let meridian = meridian.unwrap_or(0.0);
        let scale = parameter(&["scalefactor", "scalefactoratnaturalorigin", "scalefactoratprojectioncentre"]);
        let scale = scale.unwrap_or(1.0);
        let easting = parameter(&["falseeasting", "eastingatfalseorigin", "eastingatprojectioncentre"]).unwrap_or(0.0);
        let northing = parameter(&["falsenorthing", "northingatfalseorigin", "northingatprojectioncentre"]);
        let northing = northing.unwrap_or(0.0);
        match bare(method).as_str() {
            "transversemercator" | "gausskruger" => {
                Some(Projection::TransverseMercator { latitude, meridian, scale, easting, northing })
            }
            "lambertconformalconic" | "lambertconformalconic2sp" | "lambertconicconformal2sp" if scale == 1.0 => {
                let parallels = (
                    parameter(&["standardparallel1", "latitudeof1ststandardparallel"])?,
                    parameter(&["standardparallel2", "latitudeof2ndstandardparallel"])?,
                );
                Some(Projection::LambertConic { latitude, meridian, parallels, easting, northing })
            }
            "hotineobliquemercatorazimuthcenter" | "hotineobliquemercatorvariantb" if scale == 1.0 => {
                let across = |angle: Option<f64>| angle.is_none_or(|angle| (angle - 90.0).abs() < ANGLE);
                let swiss = across(parameter(&["azimuth", "azimuthatprojectioncentre"]))
                    && across(parameter(&["rectifiedgridangle", "anglefromrectifiedtoskewgrid"]));
                swiss.then_some(Projection::SwissOblique { latitude, meridian, easting, northing })
            }
            "swissobliquecylindrical" | "swissobliquemercator" => {
                Some(Projection::SwissOblique { latitude, meridian, easting, northing })
            }
            "mercatorauxiliarysphere" | "popularvisualisationpseudomercator"
                if [latitude, meridian, easting, northing] == [0.0; 4] =>
            {
                Some(Projection::WebMercator)
            }
            _ => None,
        }
    }
}

const PROJECTED: &[&str] = &["PROJCS", "PROJCRS", "PROJECTEDCRS"];
const GEOGRAPHIC: &[&str] =
    &["GEOGCS", "GEOGCRS", "GEOGRAPHICCRS", "GEODCRS", "GEODETICCRS", "BASEGEOGCRS", "BASEGEODCRS"];
const WITH_MORE: &[&str] = &["COMPD_CS", "COMPOUNDCRS", "BOUNDCRS", "SOURCECRS"];
const UNITS: &[&str] = &["UNIT", "LENGTHUNIT", "ANGLEUNIT", "SCALEUNIT"];

fn from_wkt(node: &Node<'_>) -> Option<Described> {
    if node.is(WITH_MORE) {
        return node
            .find(PROJECTED)
            .or_else(|| node.find(GEOGRAPHIC))
            .or_else(|| node.find(WITH_MORE))
            .and_then(from_wkt);
    }
    let projected = node.is(PROJECTED);
    let geographic = if projected { node.find(GEOGRAPHIC)? } else { node };
    if !geographic.is(GEOGRAPHIC) || geographic.find(&["CS"]).is_some_and(|cs| cs.text(0) == Some("Cartesian")) {
        return None;
    }
    let datum = geographic.find(&["DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"])?;
    let ellipsoid = datum.find(&["SPHEROID", "ELLIPSOID"]);
    let unit_of = |node: &Node<'_>| node.find(UNITS).and_then(|unit| unit.number(1));
    let of_axes = |node: &Node<'_>| unit_of(node).or_else(|| node.find(&["AXIS"]).and_then(unit_of));
    let mut described = Described {
        name: node.text(0)?.to_owned(),
        code: node
            .find(&["AUTHORITY", "ID"])
            .filter(|id| id.text(0) == Some("EPSG"))
            .and_then(|id| id.text(1)?.parse().ok()),
        geographic: geographic.text(0)?.to_owned(),
        datum: datum.text(0)?.to_owned(),
        ellipsoid: ellipsoid.and_then(|ellipsoid| Some((ellipsoid.number(1)?, ellipsoid.number(2)?))),
        prime_meridian: geographic.find(&["PRIMEM", "PRIMEMERIDIAN"]).and_then(|prime| prime.number(1)).unwrap_or(0.0),
        unit: 1.0,
        projection: Some(Projection::Geographic),
    };
    if !projected {
        // Degrees, or nothing that can be taken.
        let degrees = of_axes(geographic).is_none_or(|unit| (unit.to_degrees() - 1.0).abs() < SHARE);
        return degrees.then_some(described);
    }
    described.unit = of_axes(node).unwrap_or(1.0);
    let (method, holder) = match node.find(&["CONVERSION"]) {
        Some(conversion) => (conversion.find(&["METHOD", "PROJECTION"])?.text(0)?, conversion),
        None => (node.find(&["PROJECTION"])?.text(0)?, node),
    };
    let parameters: Vec<(String, f64, Option<f64>)> = holder
        .all(&["PARAMETER"])
        .filter_map(|parameter| Some((bare(parameter.text(0)?), parameter.number(1)?, unit_of(parameter))))
        .collect();
    // The first version gives the sphere of web maps in words of another program.
    let sphere =
        node.find(&["EXTENSION"]).is_some_and(|words| words.text(1).is_some_and(|it| it.contains("+nadgrids=@null")));
    let method = if sphere && bare(method) == "mercator1sp" { "Popular Visualisation Pseudo Mercator" } else { method };
    described.projection = described.projected(method, &parameters);
    Some(described)
}

impl Described {
    /// Returns the projection of a method with parameters: bare name, value, and metres or radians in its unit if one is given.
    fn projected(&self, method: &str, parameters: &[(String, f64, Option<f64>)]) -> Option<Projection> {
        Projection::of(method, |names| {
            let (name, value, unit) = parameters.iter().find(|(name, ..)| names.contains(&name.as_str()))?;
            let length = name.contains("easting") || name.contains("northing");
            Some(match unit {
                _ if name.contains("scale") => *value,
                Some(metres) if length => value * metres,
                None if length => value * self.unit,
                Some(radians) => value * radians.to_degrees(),
                None => *value,
            })
        })
    }
}

fn from_json(json: &Value) -> Option<Described> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let number = |value: &Value, key: &str| value.get(key).and_then(Value::as_f64);
    let kind = text(json, "type")?;
    let projected = match kind.as_str() {
        "CompoundCRS" => return json.get("components")?.as_array()?.iter().find_map(from_json),
        "BoundCRS" => return from_json(json.get("source_crs")?),
        "ProjectedCRS" => true,
        "GeographicCRS" => false,
        _ => return None,
    };
    let geographic = if projected { json.get("base_crs")? } else { json };
    let datum = geographic.get("datum").or_else(|| geographic.get("datum_ensemble"))?;
    let ellipsoid = datum
        .get("ellipsoid")
        .and_then(|ellipsoid| Some((number(ellipsoid, "semi_major_axis")?, number(ellipsoid, "inverse_flattening")?)));
    let id = json.get("id").filter(|id| id.get("authority").is_some_and(|name| name == "EPSG"));
    let mut described = Described {
        name: text(json, "name")?,
        code: id.and_then(|id| u32::try_from(id.get("code")?.as_u64()?).ok()),
        geographic: text(geographic, "name")?,
        datum: text(datum, "name")?,
        ellipsoid,
        prime_meridian: datum.get("prime_meridian").and_then(|prime| number(prime, "longitude")).unwrap_or(0.0),
        unit: 1.0,
        projection: Some(Projection::Geographic),
    };
    let axis = json.get("coordinate_system").and_then(|system| system.get("axis")?.get(0));
    let unit = match axis.and_then(|axis| axis.get("unit")) {
        Some(unit) => Some(json_unit(unit)?),
        None => None,
    };
    if !projected {
        let degrees = unit.is_none_or(|unit| (unit.to_degrees() - 1.0).abs() < SHARE);
        return degrees.then_some(described);
    }
    described.unit = unit.unwrap_or(1.0);
    let conversion = json.get("conversion")?;
    let parameters: Vec<(String, f64, Option<f64>)> = conversion
        .get("parameters")?
        .as_array()?
        .iter()
        .filter_map(|one| Some((bare(&text(one, "name")?), number(one, "value")?, one.get("unit").and_then(json_unit))))
        .collect();
    described.projection = described.projected(&text(conversion.get("method")?, "name")?, &parameters);
    Some(described)
}

/// Returns how many metres, radians or ones a unit is.
fn json_unit(unit: &Value) -> Option<f64> {
    match unit.as_str() {
        Some("metre" | "unity") => Some(1.0),
        Some("degree") => Some(1.0_f64.to_radians()),
        Some(_) => None,
        None => unit.get("conversion_factor")?.as_f64(),
    }
}
