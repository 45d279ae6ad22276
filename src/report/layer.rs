//! Findings as GIS layers: the ground of conflicts, and the shapes that would cure them, as GeoJSON.
//!
//! Coordinates are written with 4 decimals in metres (0.1 mm, as plan databases keep them) and 9 in degrees. In the submission's CRS
//! the collection carries the `crs` member of GeoJSON 2008, which GIS programs still read; in longitude and latitude it is RFC 7946.

use serde_json::{Map, Value, json};

use super::escape;
use super::result::{Evidence, Finding, Geometry, Remedy, Report, Verdict};
use crate::geometry::Coord;

/// In which coordinates a layer is written.
#[derive(Clone, Copy)]
pub enum Frame<'a> {
    /// The submission's CRS: easting, northing.
    Submission,
    /// Longitude and latitude in degrees; a shape with a point that has none is left without geometry.
    LonLat(&'a dyn Fn(Coord) -> Option<Coord>),
}

/// A feature of a layer: its id, what it says, its shape.
pub(super) type Drawn<'a> = (String, Map<String, Value>, &'a Geometry);

/// Returns the ground of every conflict, one feature for each piece, as a FeatureCollection.
pub fn conflicts(report: &Report, frame: Frame<'_>) -> String {
    collection(report, "conflicts", pieces(report), frame)
}

/// Returns every shape that would cure a conflict, as a FeatureCollection.
pub fn remedies(report: &Report, frame: Frame<'_>) -> String {
    collection(report, "remedies", cures(report), frame)
}

/// Returns each piece of the ground of conflicts.
pub(super) fn pieces(report: &Report) -> impl Iterator<Item = Drawn<'_>> {
    let conflicts = report.findings.iter().filter(|finding| finding.verdict == Verdict::Conflict);
    conflicts.flat_map(|finding| {
        finding.evidence.iter().enumerate().map(move |(at, piece)| {
            (format!("{}/{}", finding.id, at + 1), piece_properties(finding, piece), &piece.geometry)
        })
    })
}

/// Returns each shape that would cure a conflict.
pub(super) fn cures(report: &Report) -> impl Iterator<Item = Drawn<'_>> {
    report.findings.iter().flat_map(|finding| {
        finding.remedies.iter().enumerate().filter_map(move |(at, remedy)| match remedy {
            Remedy::Geometry {
                text,
                of,
                removed_m2,
                left_m2,
                left_parts,
                checked,
                remaining,
                poor_parts,
                attributes,
                geometry,
                ..
            } => {
                // What the thing says of itself stands as it does in the data; what is said of the cure gives way.
                let mut properties = attributes.clone();
                let add = |properties: &mut Map<String, Value>, name: &str, value: Value| {
                    let taken = properties.contains_key(name);
                    properties.insert(if taken { format!("guiju_{name}") } else { name.to_owned() }, value);
                };
                about(finding).into_iter().for_each(|(name, value)| add(&mut properties, &name, value));
                let left: Vec<String> = remaining
                    .iter()
                    .map(|one| format!("{} {}", one.finding, super::words::verdict(one.verdict).en))
                    .collect();
                let said = [
                    ("replaces_kind", json!(of.kind)),
                    ("replaces", json!(of.id)),
                    ("remedy_en", json!(text.en)),
                    ("remedy_zh", json!(text.zh)),
                    ("removed_m2", json!(removed_m2)),
                    ("left_m2", json!(left_m2)),
                    ("left_parts", json!(left_parts)),
                    ("poor_parts", json!(poor_parts.len())),
                    ("checked", json!(checked)),
                    ("remaining", json!(left.join("; "))),
                ];
                said.into_iter().for_each(|(name, value)| add(&mut properties, name, value));
                Some((format!("{}/{}", finding.id, at + 1), properties, geometry))
            }
            Remedy::Text { .. } => None,
        })
    })
}

/// Returns what every feature says of its finding.
fn about(finding: &Finding) -> Map<String, Value> {
    let subject = &finding.subject;
    let mut properties = Map::new();
    properties.insert("finding".into(), json!(finding.id));
    properties.insert("rule".into(), json!(finding.rule));
    properties.insert("title".into(), json!(finding.title));
    properties.insert("severity".into(), json!(finding.severity));
    properties.insert("verdict".into(), json!(finding.verdict));
    properties.insert("departments".into(), json!(finding.departments.join(",")));
    properties.insert("subject_kind".into(), json!(subject.kind));
    properties.insert("subject".into(), json!(subject.id));
    properties.insert("subject_name".into(), json!(subject.name));
    properties.insert("message".into(), json!(finding.message));
    properties
}

fn piece_properties(finding: &Finding, piece: &Evidence) -> Map<String, Value> {
    let mut properties = about(finding);
    properties.insert("layer".into(), json!(piece.layer));
    properties.insert("feature".into(), json!(piece.feature));
    properties.insert("area_m2".into(), json!(piece.area_m2));
    properties.insert("area_error_m2".into(), json!(piece.area_error_m2));
    properties.insert("length_m".into(), json!(piece.length_m));
    properties.insert("share_of_subject".into(), json!(piece.share_of_subject));
    properties.insert("share_of_feature".into(), json!(piece.share_of_feature));
    properties.insert("width_m".into(), json!(piece.width_m));
    properties.insert("sliver".into(), json!(piece.sliver));
    properties
}

/// Writes one feature on one line.
fn feature(id: &str, properties: Map<String, Value>, geometry: &Geometry, frame: Frame<'_>) -> String {
    let geometry = shape(geometry, frame).unwrap_or_else(|| "null".to_owned());
    format!(
        r#"{{"type":"Feature","id":{},"properties":{},"geometry":{geometry}}}"#,
        json!(id),
        Value::Object(properties)
    )
}

fn collection<'a>(report: &Report, name: &str, features: impl Iterator<Item = Drawn<'a>>, frame: Frame<'_>) -> String {
    let crs = match frame {
        Frame::Submission => {
            let code = report.submission.crs.strip_prefix("EPSG:").unwrap_or(&report.submission.crs);
            let urn = format!("urn:ogc:def:crs:EPSG::{code}");
            format!(r#""crs":{},"#, json!({ "type": "name", "properties": { "name": urn } }))
        }
        Frame::LonLat(_) => String::new(),
    };
    let features: Vec<String> =
        features.map(|(id, properties, geometry)| feature(&id, properties, geometry, frame)).collect();
    let lines = if features.is_empty() { String::new() } else { format!("\n{}\n", features.join(",\n")) };
    escape::json(format!("{{\"type\":\"FeatureCollection\",\"name\":\"{name}\",{crs}\"features\":[{lines}]}}\n"))
}

fn shape(geometry: &Geometry, frame: Frame<'_>) -> Option<String> {
    let ring = |ring: &Vec<[f64; 2]>| list(ring.iter().map(|point| position(*point, frame)));
    let (kind, coordinates) = match geometry {
        Geometry::MultiPoint(points) => ("MultiPoint", ring(points)?),
        Geometry::MultiLineString(lines) => ("MultiLineString", list(lines.iter().map(ring))?),
        Geometry::MultiPolygon(parts) => ("MultiPolygon", list(parts.iter().map(|part| list(part.iter().map(ring))))?),
    };
    Some(format!(r#"{{"type":"{kind}","coordinates":{coordinates}}}"#))
}

fn list(items: impl Iterator<Item = Option<String>>) -> Option<String> {
    Some(format!("[{}]", items.collect::<Option<Vec<_>>>()?.join(",")))
}

fn position([x, y]: [f64; 2], frame: Frame<'_>) -> Option<String> {
    let (coord, decimals) = match frame {
        Frame::Submission => (Coord { x, y }, 4),
        Frame::LonLat(to_lonlat) => (to_lonlat(Coord { x, y })?, 9),
    };
    let finite = coord.x.is_finite() && coord.y.is_finite();
    finite.then(|| format!("[{},{}]", fixed(coord.x, decimals), fixed(coord.y, decimals)))
}

/// Writes a number with this many decimals, never a negative zero.
fn fixed(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| matches!(c, '0' | '.')) => digits.to_owned(),
        _ => text,
    }
}
