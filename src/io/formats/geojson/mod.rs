//! GeoJSON, feature by feature in one pass over the text.
//!
//! Takes a FeatureCollection, a Feature, a bare geometry, an array of these, or several of them one after the other. Gives
//! each feature with its properties as text and its coordinates unchecked. Knows nothing of layers and coordinate systems.

mod coordinates;
mod json;

pub(in crate::io) use coordinates::raw_shape;

use super::{RawFeature, RawGeometry, Remark, Rest, Source};
use crate::diagnostic::Severity;
use crate::diagnostic::codes::issue as codes;
use crate::geometry::Kind;
use crate::geometry::validity::RawShape;
use crate::io::decode::decode;
use crate::io::error::Cause;
use crate::io::limits::{FEATURES, PROPERTIES};
use crate::io::node::Node;
use crate::io::position::Cursor;
use crate::text;
use coordinates::{Parts, geometry};
use json::{JsonError, Scanner};

/// Reads all features of a file in order, as far as it can be read.
///
/// # Errors
/// If the file cannot be read, or is no text.
pub(super) fn read(source: &Source<'_>, feature: &mut dyn FnMut(RawFeature<'_>)) -> Result<Rest, Cause> {
    let read = source.workspace.read(source.path, None).map_err(|error| error.cause)?;
    let decoded = decode(read.bytes, source.encoding)?;
    let mut rest = read_text(&decoded.text, feature);
    rest.encoding = decoded.encoding;
    rest.remarks.extend(super::guessed_encoding(&decoded));
    Ok(rest)
}

/// Reads all features of a text in order, as far as it can be read.
fn read_text(source: &str, feature: &mut dyn FnMut(RawFeature<'_>)) -> Rest {
    let mut reader = Reader {
        scanner: Scanner::new(source),
        cursor: Cursor::new(source),
        shape: RawShape::new(Kind::Polygon),
        count: 0,
        rest: Rest::default(),
        feature,
    };
    let result = reader.sequence();
    let (mut rest, count) = (reader.rest, reader.count);
    if let Err(error) = result {
        let (en, zh) = (&error.text.en, &error.text.zh);
        let text = text!(
            en: "{en}; the {count} features before it were read, the rest of the layer is unknown",
            zh: "{zh}；已读取此前 {count} 个要素，图层其余部分未知"
        );
        let location = Cursor::new(source).at(error.at);
        rest.remarks.push(Remark { code: &codes::BROKEN_JSON, severity: Severity::Error, text, location });
        rest.lossy = true;
    }
    rest
}

struct Reader<'a, 'f> {
    scanner: Scanner<'a>,
    /// Where the feature at hand starts.
    cursor: Cursor<'a>,
    /// The coordinates of the feature at hand.
    shape: RawShape,
    count: usize,
    rest: Rest,
    feature: &'f mut dyn FnMut(RawFeature<'_>),
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
            self.stray(start);
            return Ok(());
        }
        loop {
            let key = self.scanner.string()?;
            self.scanner.expect(b':')?;
            match &*key {
                "type" => kind = self.scanner.value(1)?.text().map(str::to_owned),
                "crs" => {
                    let crs = self.scanner.value(1)?;
                    self.state_crs(&crs);
                }
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
            self.stray(start);
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
                self.stray(self.scanner.at);
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
        let (mut id, mut members, mut found) = (None, Vec::new(), RawGeometry::None);
        let mut bare = Parts::default();
        let mut known = false;
        let shape = &mut self.shape;
        self.scanner.object(|scanner, key, _| {
            match &*key {
                "geometry" => {
                    known = true;
                    found = geometry(scanner, shape)?;
                }
                "properties" if scanner.peek() == Some(b'{') => {
                    known = true;
                    members = properties(scanner)?;
                }
                "id" => id = Some(scanner.value(2)?),
                "type" | "coordinates" | "geometries" => bare.take(scanner, &key, shape)?,
                _ => scanner.skip(2)?,
            }
            Ok(())
        })?;
        if bare.found() {
            let end = self.scanner.at;
            found = bare.settle(&mut self.scanner, shape)?;
            self.scanner.at = end;
        } else if !known && !bare.is_feature() {
            self.stray(at);
            return Ok(());
        }
        self.count += 1;
        self.cursor.advance(at);
        (self.feature)(RawFeature {
            location: self.cursor.location(),
            locate: &|byte| self.cursor.at(byte),
            id,
            properties: &members,
            geometry: found,
            shape: &self.shape,
        });
        Ok(())
    }

    /// Books an element that is no feature.
    fn stray(&mut self, at: usize) {
        self.cursor.advance(at);
        let text = text!(en: "here a feature was expected", zh: "此处应为要素");
        let location = self.cursor.location();
        self.rest.remarks.push(Remark { code: &codes::NOT_A_FEATURE, severity: Severity::Error, text, location });
        self.rest.lossy = true;
    }

    /// Takes the `crs` member that collections had before 2016.
    fn state_crs(&mut self, crs: &Node<'_>) {
        if crs.is_blank() {
            return;
        }
        let properties = crs.get("properties");
        let name = properties.and_then(|properties| properties.get("name").or_else(|| properties.get("code")));
        self.rest.crs = Some(match name.or(Some(crs)).and_then(Node::text) {
            Some(name) => name.to_owned(),
            None => crs.shown().into_owned(),
        });
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

    /// Reads a text and writes down what there is, one feature a word: where it stands, its id, its properties, its geometry.
    fn read(source: &str) -> (Vec<String>, String) {
        let mut found = Vec::new();
        let rest = read_text(source, &mut |feature| {
            let parts = feature.shape.view().parts().len();
            let geometry = match feature.geometry {
                RawGeometry::None => "none".to_owned(),
                RawGeometry::Shape => format!("{:?}{parts}", feature.shape.kind()),
                RawGeometry::Collection(_) => "collection".to_owned(),
                RawGeometry::Bad(text, _) => text.en,
            };
            let id = feature.id.map_or(String::new(), |id| id.shown().into_owned());
            found.push(format!("{}:{id}:{}:{geometry}", feature.location.column, feature.properties.len()));
        });
        let mut told = rest.crs.unwrap_or_default();
        for remark in rest.remarks {
            told.push_str(&format!("{}@{} ", remark.text.en, remark.location.column));
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
        check(&format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#), &["41:7:1:Polygon1"], "");
        check(&format!(r#"{{"features":[{feature}],"crs":{{"a":"b"}}}}"#), &["14:7:1:Polygon1"], "{a: b}");
        check(r#"{"type":"FeatureCollection","properties":{},"geometry":1,"features":[]}"#, &[], "");
        check(&feature, &["1:7:1:Polygon1"], "");
        check(SQUARE, &["1::0:Polygon1"], "");
        check(&format!("[{SQUARE}, {feature}]"), &["2::0:Polygon1", "81:7:1:Polygon1"], "");
        check(&format!("{feature}\n\u{1e}{SQUARE}\n"), &["1:7:1:Polygon1", "2::0:Polygon1"], "");
        check(r#"{"coordinates":[[0,0],[1,1]],"type":"LineString"}"#, &["1::0:Line1"], "");
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
        let geometries: Vec<&str> = found.iter().filter_map(|one| one.split(":0:").nth(1)).collect();
        let source = features.join(",");
        let stray = source.find(r#"5,{"a":1}"#).map(|at| at + 2).unwrap_or_default();
        let told = "here a feature was expected";
        assert_eq!(rest, format!("{told}@{stray} {told}@{} ", stray + 2));
        insta::assert_debug_snapshot!(geometries);
    }

    #[test]
    fn what_stands_before_a_break_is_kept() {
        let source = r#"{"type":"FeatureCollection","features":[{"geometry":null},{"geometry":{"type":"Poi"#;
        let (found, told) = read(source);
        assert_eq!(found, ["41::0:none"]);
        assert!(told.starts_with("this text is not closed; the 1 features") && told.ends_with("@79 "), "{told}");
        let (found, told) = read(r#"[{"geometry":null},{"geometry":null}} "#);
        assert!(found.len() == 2 && told.starts_with("expected `,` or `]`, found `}`;") && told.ends_with("@37 "));
        let told = read("").1;
        assert!(told.starts_with("the text ends where `{` or `[` should follow;") && told.ends_with("@1 "), "{told}");
    }
}
