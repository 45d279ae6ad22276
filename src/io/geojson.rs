//! GeoJSON, feature by feature in one pass over the text.
//!
//! Takes a FeatureCollection, a Feature, a bare geometry, an array of these, or several of them one after the other. Gives
//! each feature with its properties as text and its coordinates unchecked. Knows nothing of layers and coordinate systems.

use super::coordinates::{Parts, RawGeometry, geometry};
use super::json::{JsonError, Scanner};
use super::limits::{FEATURES, PROPERTIES};
use super::node::Node;
use crate::text;

/// A feature as it stands in the text.
#[derive(Debug)]
pub(super) struct RawFeature<'a> {
    /// First byte.
    pub at: usize,
    /// The `id` member.
    pub id: Option<Node<'a>>,
    /// The properties in the order of the text; a repeated key is kept twice.
    pub properties: Vec<(Node<'a>, Node<'a>)>,
    /// Its shape.
    pub geometry: RawGeometry,
}

/// What there is besides the features.
#[derive(Debug, Default)]
pub(super) struct Rest<'a> {
    /// The `crs` member of the collection.
    pub crs: Option<Node<'a>>,
    /// Elements that are no features: their first bytes.
    pub strays: Vec<usize>,
    /// Where the text stops being JSON; what stands behind is not read.
    pub error: Option<JsonError>,
}

/// Reads all features of a text in order, as far as it can be read.
pub(super) fn read_geojson<'a>(source: &'a str, mut feature: impl FnMut(RawFeature<'a>)) -> Rest<'a> {
    let mut reader = Reader { scanner: Scanner::new(source), count: 0, rest: Rest::default(), feature: &mut feature };
    let result = reader.sequence();
    let mut rest = reader.rest;
    rest.error = result.err();
    rest
}

struct Reader<'a, 'f> {
    scanner: Scanner<'a>,
    count: usize,
    rest: Rest<'a>,
    feature: &'f mut dyn FnMut(RawFeature<'a>),
}

impl<'a> Reader<'a, '_> {
    fn sequence(&mut self) -> Result<(), JsonError> {
        loop {
            match self.scanner.peek() {
                Some(b'[') => self.elements()?,
                Some(b'{') => self.top()?,
                Some(_) | None => return Err(self.scanner.unexpected("`{` or `[`")),
            }
            // Texts of one object a line are common; so is the record separator between them.
            while self.scanner.take(0x1e) {}
            if self.scanner.peek().is_none() {
                return Ok(());
            }
        }
    }

    /// Takes a collection, or an object that is a feature itself.
    fn top(&mut self) -> Result<(), JsonError> {
        self.scanner.peek();
        let start = self.scanner.at;
        let mut kind = None;
        let (mut collection, mut single) = (false, false);
        self.scanner.expect(b'{')?;
        if self.scanner.take(b'}') {
            self.rest.strays.push(start);
            return Ok(());
        }
        loop {
            let key = self.scanner.string()?;
            self.scanner.expect(b':')?;
            match &*key {
                "type" => kind = self.scanner.value(1)?.text().map(str::to_owned),
                "crs" => self.rest.crs = Some(self.scanner.value(1)?),
                "features" if self.scanner.peek() == Some(b'[') => {
                    collection = true;
                    self.elements()?;
                }
                "geometry" | "coordinates" | "geometries" if kind.as_deref() != Some("FeatureCollection") => {
                    single = true;
                    self.scanner.skip(1)?;
                }
                _ => self.scanner.skip(1)?,
            }
            if self.scanner.take(b'}') {
                break;
            }
            if !self.scanner.take(b',') {
                return Err(self.scanner.unexpected("`,` or `}`"));
            }
        }
        if !collection && single {
            self.scanner.at = start;
            self.one()?;
        } else if !collection {
            self.rest.strays.push(start);
        }
        Ok(())
    }

    fn elements(&mut self) -> Result<(), JsonError> {
        self.scanner.expect(b'[')?;
        if self.scanner.take(b']') {
            return Ok(());
        }
        loop {
            if self.scanner.peek() == Some(b'{') {
                self.one()?;
            } else {
                self.rest.strays.push(self.scanner.at);
                self.scanner.skip(1)?;
            }
            if self.scanner.take(b']') {
                return Ok(());
            }
            if !self.scanner.take(b',') {
                return Err(self.scanner.unexpected("`,` or `]`"));
            }
        }
    }

    /// Takes one feature or bare geometry.
    fn one(&mut self) -> Result<(), JsonError> {
        self.scanner.peek();
        let at = self.scanner.at;
        if self.count >= FEATURES {
            let text = text!(en: "more than the limit of {FEATURES} features", zh: "要素超过 {FEATURES} 个的上限");
            return Err(JsonError { text, at });
        }
        self.count += 1;
        let mut found = RawFeature { at, id: None, properties: Vec::new(), geometry: RawGeometry::None };
        let mut bare = Parts::default();
        let mut known = false;
        self.scanner.object(|scanner, key, _| {
            match &*key {
                "geometry" => {
                    known = true;
                    found.geometry = geometry(scanner)?;
                }
                "properties" if scanner.peek() == Some(b'{') => {
                    known = true;
                    found.properties = properties(scanner)?;
                }
                "id" => found.id = Some(scanner.value(2)?),
                "type" | "coordinates" | "geometries" => bare.take(scanner, &key)?,
                _ => scanner.skip(2)?,
            }
            Ok(())
        })?;
        if bare.found() {
            let end = self.scanner.at;
            found.geometry = bare.settle(&mut self.scanner)?;
            self.scanner.at = end;
        } else if !known && !bare.is_feature() {
            self.rest.strays.push(at);
            return Ok(());
        }
        (self.feature)(found);
        Ok(())
    }
}

fn properties<'a>(scanner: &mut Scanner<'a>) -> Result<Vec<(Node<'a>, Node<'a>)>, JsonError> {
    let mut found = Vec::new();
    scanner.object(|scanner, key, at| {
        if found.len() >= PROPERTIES {
            let text = text!(
                en: "more than the limit of {PROPERTIES} properties in one feature",
                zh: "一个要素的属性超过 {PROPERTIES} 个的上限"
            );
            return Err(JsonError { text, at });
        }
        let end = at + key.len() + 2;
        found.push((Node::scalar(key, at, end), scanner.value(3)?));
        Ok(())
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::validity::RawShape;

    /// Reads a text and writes down what there is, one feature a word.
    fn read(source: &str) -> (Vec<String>, String) {
        let mut found = Vec::new();
        let rest = read_geojson(source, |feature| {
            let geometry = match feature.geometry {
                RawGeometry::None => "none".to_owned(),
                RawGeometry::Shape(RawShape::Points(points)) => format!("points{}", points.len()),
                RawGeometry::Shape(RawShape::Lines(lines)) => format!("lines{}", lines.len()),
                RawGeometry::Shape(RawShape::Polygons(polygons)) => format!("polygons{}", polygons.len()),
                RawGeometry::Collection(_) => "collection".to_owned(),
                RawGeometry::Bad(text, _) => text.en,
            };
            let id = feature.id.map_or(String::new(), |id| id.shown().into_owned());
            found.push(format!("{}:{id}:{}:{geometry}", feature.at, feature.properties.len()));
        });
        let mut told = rest.error.map_or(String::new(), |error| format!("{}@{}", error.text.en, error.at));
        if let Some(crs) = rest.crs {
            told.push_str(&crs.shown());
        }
        for stray in rest.strays {
            told.push_str(&format!("stray{stray}"));
        }
        (found, told)
    }

    fn check(source: &str, features: &[&str], told: &str) {
        let (found, rest) = read(source);
        assert_eq!((found, rest), (features.iter().map(|&one| one.to_owned()).collect(), told.to_owned()), "{source}");
    }

    const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[0,0],[1,0,5],[1,1,5,6],[0,1,null],[0,0]]]}"#;

    #[test]
    fn all_outer_forms_are_read() {
        let feature = format!(r#"{{"type":"Feature","id":7,"properties":{{"a":1}},"geometry":{SQUARE}}}"#);
        check(&format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#), &["40:7:1:polygons1"], "");
        check(&format!(r#"{{"features":[{feature}],"crs":{{"a":"b"}}}}"#), &["13:7:1:polygons1"], "{a: b}");
        check(r#"{"type":"FeatureCollection","properties":{},"geometry":1,"features":[]}"#, &[], "");
        check(&feature, &["0:7:1:polygons1"], "");
        check(SQUARE, &["0::0:polygons1"], "");
        check(&format!("[{SQUARE}, {feature}]"), &["1::0:polygons1", "80:7:1:polygons1"], "");
        check(&format!("{feature}\n\u{1e}{SQUARE}\n"), &["0:7:1:polygons1", "137::0:polygons1"], "");
        check(r#"{"coordinates":[[0,0],[1,1]],"type":"LineString"}"#, &["0::0:lines1"], "");
    }

    #[test]
    fn what_is_no_geometry_harms_its_feature_only() {
        let features = [
            r#"{"type":"Feature","geometry":null}"#,
            r#"{"geometry":{"type":"Point","coordinates":[]}}"#,
            r#"{"geometry":{"type":"Point","coordinates":["1",2]}}"#,
            r#"{"geometry":{"type":"Point","coordinates":[1]}}"#,
            r#"{"geometry":{"type":"Polygon","coordinates":[[1,2],[3,4]]}}"#,
            r#"{"geometry":{"type":"Circle","coordinates":[]}}"#,
            r#"{"geometry":{"type":"GeometryCollection","geometries":[]}}"#,
            r#"{"geometry":{"coordinates":[1,2]}}"#,
            r#"{"geometry":"x"}"#,
            r#"{"geometry":{"coordinates":[1,2,3],"type":"Point"}}"#,
            "5",
            r#"{"a":1}"#,
        ];
        let (found, rest) = read(&format!("[{}]", features.join(",")));
        let geometries: Vec<&str> = found.iter().filter_map(|one| one.split("0:").nth(1)).collect();
        let source = features.join(",");
        let stray = source.find(r#"5,{"a":1}"#).map(|at| at + 1).unwrap_or_default();
        assert_eq!(rest, format!("stray{stray}stray{}", stray + 2));
        insta::assert_debug_snapshot!(geometries);
    }

    #[test]
    fn what_stands_before_a_break_is_kept() {
        let source = r#"{"type":"FeatureCollection","features":[{"geometry":null},{"geometry":{"type":"Poi"#;
        check(source, &["40::0:none"], "this text is not closed@78");
        let (found, told) = read(r#"[{"geometry":null},{"geometry":null}} "#);
        assert_eq!((found.len(), &*told), (2, "expected `,` or `]`, found `}`@36"));
        assert_eq!(read("").1, "the text ends where `{` or `[` should follow; the file is cut short@0");
    }
}
