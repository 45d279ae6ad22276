//! GeoJSON, feature by feature in one pass over the text.
//!
//! Takes a FeatureCollection, a Feature, a bare geometry, an array of these, or several of them one after the other. Gives
//! each feature with its properties as text and its coordinates unchecked. Knows nothing of layers and coordinate systems.

mod coordinates;
mod escapes;
mod json;
mod numbers;
mod window;

pub(in crate::io) use coordinates::raw_shape;

use std::io::Read;

use super::{RawFeature, RawGeometry, Remark, Rest, Source};
use crate::diagnostic::Severity;
use crate::diagnostic::codes::issue as codes;
use crate::io::error::Cause;
use crate::io::hashed::Hashed;
use crate::io::limits::{FEATURES, PROPERTIES};
use crate::io::node::Node;
use crate::io::stream::TextStream;
use crate::text;
use coordinates::{Drawn, Parts, geometry};
use json::{JsonError, Key, Member, Scanner, nodes};
use window::Window;

/// Reads all features of a file in order, as far as it can be read. No more of it is held than a block and the largest feature.
///
/// # Errors
/// If the file cannot be read, or is no text.
pub(super) fn read(source: &Source<'_>, feature: &mut dyn FnMut(RawFeature<'_>)) -> Result<Rest, Cause> {
    let file = source.workspace.open_file(source.path).map_err(|error| error.cause)?;
    let file = Hashed::new(Box::new(file) as Box<dyn Read>, source.workspace.is_hashing());
    let mut rest = read_text(TextStream::open(file, source.encoding, source.assumed)?, feature)?;
    rest.remarks.extend(super::guessed_encoding(rest.encoding, source.assumed.is_some()));
    Ok(rest)
}

/// Reads all features of a text in order, as far as it can be read.
fn read_text(stream: TextStream<'_>, feature: &mut dyn FnMut(RawFeature<'_>)) -> Result<Rest, Cause> {
    let mut reader = Reader {
        scanner: Scanner::over(Window::new(stream)),
        drawn: Drawn::new(),
        members: Vec::new(),
        count: 0,
        rest: Rest::default(),
        feature,
    };
    let result = reader.sequence();
    let (mut rest, count, window) = (reader.rest, reader.count, reader.scanner.into_supply());
    if let Err(error) = result {
        let (en, zh) = (&error.text.en, &error.text.zh);
        let text = text!(
            en: "{en}; the {count} features before it were read, the rest of the layer is unknown",
            zh: "{zh}；已读取此前 {count} 个要素，图层其余部分未知"
        );
        let location = window.locate(error.at);
        rest.remarks.push(Remark { code: &codes::BROKEN_JSON, severity: Severity::Error, text, location });
        rest.lossy = true;
    }
    let ended = window.into_stream()?.end()?;
    rest.encoding = ended.encoding;
    rest.sha256 = Some(ended.sha256);
    Ok(rest)
}

struct Reader<'s, 'f> {
    scanner: Scanner<Window<'s>>,
    drawn: Drawn,
    /// Its properties.
    members: Vec<Member>,
    count: usize,
    rest: Rest,
    feature: &'f mut dyn FnMut(RawFeature<'_>),
}

impl Reader<'_, '_> {
    fn sequence(&mut self) -> Result<(), JsonError> {
        while self.scanner.take(0x1e) {}
        loop {
            match self.scanner.peek() {
                Some(b'[') => {
                    let (at, before) = (self.scanner.here(), self.count);
                    self.elements()?;
                    if self.count == before && !self.rest.lossy {
                        self.empty_list(at);
                    }
                }
                Some(b'{') => self.top()?,
                Some(_) | None => return Err(self.scanner.unexpected("`{` or `[`")),
            }
            self.scanner.keep_from_here();
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
        // Until it is known to be a collection, all of it may be asked for again.
        self.scanner.keep_from_here();
        let start = self.scanner.here();
        let mut kind = None;
        let (mut collection, mut single) = (false, false);
        self.scanner.expect(b'{')?;
        let mut more = !self.scanner.take(b'}');
        while more {
            let key = self.scanner.key()?;
            self.scanner.expect(b':')?;
            if collection || kind.as_deref() == Some("FeatureCollection") {
                self.scanner.keep_from_here();
            }
            let first = self.scanner.peek();
            match key {
                Key::Type if first == Some(b'"') => kind = Some(self.scanner.type_name()?),
                Key::Crs => {
                    let (from, to) = self.scanner.span(1)?;
                    let text = self.scanner.supply().slice(from, to);
                    let crs = Scanner::within(text, from).value(1)?;
                    self.rest.crs = crs_of(&crs).or(self.rest.crs.take());
                }
                Key::Features if first == Some(b'[') => {
                    collection = true;
                    self.elements()?;
                }
                Key::Geometry | Key::Coordinates | Key::Geometries if kind.as_deref() != Some("FeatureCollection") => {
                    single = true;
                    self.scanner.skip(1)?;
                }
                _ => self.scanner.skip(1)?,
            }
            more = self.scanner.goes_on(b'}')?;
        }
        if !collection && single {
            self.scanner.go_to(start);
            self.one()?;
        } else if !collection {
            self.stray(start);
        }
        Ok(())
    }

    fn elements(&mut self) -> Result<(), JsonError> {
        self.scanner.expect(b'[')?;
        let mut more = !self.scanner.take(b']');
        while more {
            let first = self.scanner.peek();
            self.scanner.keep_from_here();
            if first == Some(b'{') {
                self.one()?;
            } else {
                self.stray(self.scanner.here());
                self.scanner.skip(1)?;
            }
            more = self.scanner.goes_on(b']')?;
        }
        Ok(())
    }

    /// Takes one feature or bare geometry.
    fn one(&mut self) -> Result<(), JsonError> {
        let at = self.scanner.here();
        if self.count >= FEATURES {
            let text = text!(en: "more than the limit of {FEATURES} features", zh: "要素超过 {FEATURES} 个的上限");
            return Err(JsonError { text, at });
        }
        let (mut id, mut found) = (None, RawGeometry::None);
        self.members.clear();
        let members = &mut self.members;
        let mut bare = Parts::default();
        let mut known = false;
        self.drawn.is_high = false;
        let drawn = &mut self.drawn;
        self.scanner.object(|scanner, key| {
            match key {
                Key::Geometry => {
                    known = true;
                    found = geometry(scanner, drawn)?;
                }
                Key::Properties if scanner.peek() == Some(b'{') => {
                    known = true;
                    scanner.pass_members(2, PROPERTIES, members)?;
                }
                Key::Id => id = Some(scanner.span(2)?),
                Key::Type | Key::Coordinates | Key::Geometries => bare.take(scanner, key, drawn)?,
                _ => scanner.skip(2)?,
            }
            Ok(())
        })?;
        let end = self.scanner.here();
        if bare.found() {
            found = bare.settle(&mut self.scanner, drawn)?;
            self.scanner.go_to(end);
        } else if !known && !bare.is_feature() {
            self.stray(at);
            return Ok(());
        }
        let location = self.scanner.supply().go_to(at);
        let window: &Window<'_> = self.scanner.supply();
        let within = |(from, to): (usize, usize)| Scanner::within(window.slice(from, to), from);
        let properties = nodes(&self.members, window.slice(at, end), at, 2)?;
        self.count += 1;
        self.rest.heights += u64::from(self.drawn.is_high);
        (self.feature)(RawFeature {
            location,
            locate: &|byte| window.locate(byte),
            id: id.map(|span| within(span).value(2)).transpose()?,
            properties: &properties,
            geometry: found,
            shape: &self.drawn.shape,
        });
        Ok(())
    }

    /// Books a list without a feature: unlike an empty collection it does not say that it is one of features.
    fn empty_list(&mut self, at: usize) {
        let text = text!(
            en: "this list is empty; a layer without features is a FeatureCollection whose `features` are none",
            zh: "此列表为空；没有要素的图层应写作 features 为空的 FeatureCollection"
        );
        let location = self.scanner.supply().go_to(at);
        self.rest.remarks.push(Remark { code: &codes::NOT_A_FEATURE, severity: Severity::Warning, text, location });
    }

    /// Books an element that is no feature.
    fn stray(&mut self, at: usize) {
        let text = text!(en: "here a feature was expected", zh: "此处应为要素");
        let location = self.scanner.supply().go_to(at);
        self.rest.remarks.push(Remark { code: &codes::NOT_A_FEATURE, severity: Severity::Error, text, location });
        self.rest.lossy = true;
    }
}

/// Returns what the `crs` member states that collections had before 2016.
fn crs_of(crs: &Node<'_>) -> Option<String> {
    if crs.is_blank() {
        return None;
    }
    let properties = crs.get("properties");
    let name = properties.and_then(|properties| properties.get("name").or_else(|| properties.get("code")));
    Some(match name.or(Some(crs)).and_then(Node::text) {
        Some(name) => name.to_owned(),
        None => crs.shown().into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text and writes down what there is, one feature a word: where it stands, its id, its properties, its geometry.
    ///
    /// However the text is cut into blocks, it must be the same.
    fn read(source: &str) -> (Vec<String>, String) {
        let whole = read_in_blocks(source, source.len());
        for block in 4..40 {
            assert_eq!(read_in_blocks(source, block), whole, "{source} in blocks of {block}");
        }
        whole
    }

    fn read_in_blocks(source: &str, block: usize) -> (Vec<String>, String) {
        let mut found = Vec::new();
        let mut feature = |feature: RawFeature<'_>| {
            let parts = feature.shape.view().parts().len();
            let geometry = match feature.geometry {
                RawGeometry::None => "none".to_owned(),
                RawGeometry::Shape => format!("{:?}{parts}", feature.shape.kind()),
                RawGeometry::Collection(_) => "collection".to_owned(),
                RawGeometry::Bad(text, _) => text.en,
            };
            let id = feature.id.map_or(String::new(), |id| id.shown().into_owned());
            found.push(format!("{}:{id}:{}:{geometry}", feature.location.column, feature.properties.len()));
        };
        let input = Hashed::new(Box::new(source.as_bytes()) as Box<dyn Read>, true);
        let stream = TextStream::in_blocks(input, None, None, block).unwrap();
        let rest = read_text(stream, &mut feature).unwrap();
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
        let told = "this list is empty; a layer without features is a FeatureCollection whose `features` are none@2 ";
        check(" []", &[], told);
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
            r#"{"geometry":{"type":"GeometryCollection","geometries":[{"coordinates":[1,2],"type":"Point"},{"type":"LineString","coordinates":[[1,2],[3,4]]}]}}"#,
            r#"{"geometry":{"geometries":[{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]},{"type":"MultiPoint","coordinates":[[3,4]]}]}}"#,
            r#"{"geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,"2"]}]}}"#,
            r#"{"geometry":{"type":"GeometryCollection","geometries":[5]}}"#,
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
        let (found, told) = read(r#"[{"geometry":null},{"properties":{"a":"\x"},"geometry":null}]"#);
        assert!(found.len() == 1 && told.contains("the 1 features before it were read"), "{told}");
        let told = read("").1;
        assert!(told.starts_with("the text ends where `{` or `[` should follow;") && told.ends_with("@1 "), "{told}");
    }
}
