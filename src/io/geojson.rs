//! GeoJSON, feature by feature in one pass over the text.
//!
//! Takes a FeatureCollection, a Feature, a bare geometry, an array of these, or several of them one after the other. Gives
//! each feature with its properties as text and its coordinates unchecked. Knows nothing of layers and coordinate systems.

use std::borrow::Cow;

use super::json::{JsonError, Scanner};
use super::limits::{FEATURES, PROPERTIES, RING_VERTICES};
use super::node::{Data, Node};
use crate::diagnostic::Text;
use crate::geometry::Coord;
use crate::geometry::validity::RawShape;
use crate::text;

/// A feature as it stands in the text.
#[derive(Debug)]
pub struct RawFeature<'a> {
    /// First byte.
    pub at: usize,
    /// The `id` member.
    pub id: Option<Node<'a>>,
    /// The properties in the order of the text; a repeated key is kept twice.
    pub properties: Vec<(Node<'a>, Node<'a>)>,
    /// Its shape.
    pub geometry: RawGeometry,
}

/// What stands as a feature's geometry.
#[derive(Debug)]
pub enum RawGeometry {
    /// Nothing, `null`, or no coordinates.
    None,
    /// Coordinates, unchecked.
    Shape(RawShape),
    /// A GeometryCollection, from this byte.
    Collection(usize),
    /// Something that is no geometry, from this byte.
    Bad(Text, usize),
}

/// What there is besides the features.
#[derive(Debug, Default)]
pub struct Rest<'a> {
    /// The `crs` member of the collection.
    pub crs: Option<Node<'a>>,
    /// Elements that are no features: their first bytes.
    pub strays: Vec<usize>,
    /// Where the text stops being JSON; what stands behind is not read.
    pub error: Option<JsonError>,
}

/// Reads all features of a text in order, as far as it can be read.
pub fn read_geojson<'a>(source: &'a str, mut feature: impl FnMut(RawFeature<'a>)) -> Rest<'a> {
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
        if bare.coordinates.is_some() || bare.collection.is_some() {
            let end = self.scanner.at;
            found.geometry = bare.settle(&mut self.scanner)?;
            self.scanner.at = end;
        } else if !known && bare.kind.as_deref() != Some("Feature") {
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

/// The members of a geometry, in whatever order they come.
#[derive(Default)]
struct Parts<'a> {
    kind: Option<Cow<'a, str>>,
    /// Coordinates that were read because the kind came first.
    read: Option<RawGeometry>,
    coordinates: Option<usize>,
    collection: Option<usize>,
}

impl<'a> Parts<'a> {
    fn take(&mut self, scanner: &mut Scanner<'a>, key: &str) -> Result<(), JsonError> {
        scanner.peek();
        let at = scanner.at;
        match key {
            "type" if scanner.peek() == Some(b'"') => self.kind = Some(scanner.string()?),
            "coordinates" => {
                self.coordinates = Some(at);
                match &self.kind {
                    Some(kind) if kind != "Feature" => self.read = Some(coordinates(scanner, kind)?),
                    Some(_) | None => scanner.skip(3)?,
                }
            }
            "geometries" => {
                self.collection = Some(at);
                scanner.skip(3)?;
            }
            _ => scanner.skip(3)?,
        }
        Ok(())
    }

    /// Returns the geometry once all members are known; may move the scanner.
    fn settle(self, scanner: &mut Scanner<'a>) -> Result<RawGeometry, JsonError> {
        match (self.kind, self.read, self.coordinates, self.collection) {
            (_, Some(read), _, _) => Ok(read),
            (_, None, _, Some(at)) => Ok(RawGeometry::Collection(at)),
            (Some(kind), None, Some(at), None) => {
                scanner.at = at;
                coordinates(scanner, &kind)
            }
            (None, None, Some(at), None) => {
                Ok(RawGeometry::Bad(text!(en: "the geometry does not state its type", zh: "几何没有写明类型"), at))
            }
            (_, None, None, None) => Ok(RawGeometry::None),
        }
    }
}

fn geometry(scanner: &mut Scanner<'_>) -> Result<RawGeometry, JsonError> {
    if scanner.peek() != Some(b'{') {
        let at = scanner.at;
        let node = scanner.value(2)?;
        let text = text!(en: "the geometry is not an object", zh: "几何不是对象");
        return Ok(if node.is_blank() { RawGeometry::None } else { RawGeometry::Bad(text, at) });
    }
    let mut parts = Parts::default();
    scanner.object(|scanner, key, _| parts.take(scanner, &key))?;
    let end = scanner.at;
    let found = parts.settle(scanner);
    scanner.at = end;
    found
}

/// Why coordinates cannot be read: the text is no JSON, or it is but not what the kind of geometry asks for.
enum Fail {
    Json(JsonError),
    Form(Text, usize),
}

impl From<JsonError> for Fail {
    fn from(error: JsonError) -> Self {
        Fail::Json(error)
    }
}

fn coordinates(scanner: &mut Scanner<'_>, kind: &str) -> Result<RawGeometry, JsonError> {
    scanner.peek();
    let start = scanner.at;
    let read = match kind {
        "Point" => point(scanner),
        "MultiPoint" => positions(scanner).map(RawShape::Points),
        "LineString" => positions(scanner).map(|line| RawShape::Lines(vec![line])),
        "MultiLineString" => list(scanner, positions).map(RawShape::Lines),
        "Polygon" => list(scanner, positions).map(|rings| RawShape::Polygons(vec![rings])),
        "MultiPolygon" => list(scanner, |inner| list(inner, positions)).map(RawShape::Polygons),
        _ => {
            let text = text!(en: "`{kind}` is no type of geometry", zh: "“{kind}”不是几何类型");
            Err(Fail::Form(text, start))
        }
    };
    match read {
        Ok(shape) if is_void(&shape) => Ok(RawGeometry::None),
        Ok(shape) => Ok(RawGeometry::Shape(shape)),
        Err(Fail::Form(text, at)) => {
            // The text may still be JSON: go on behind it.
            scanner.at = start;
            scanner.skip(3)?;
            Ok(RawGeometry::Bad(text, at))
        }
        Err(Fail::Json(error)) => {
            scanner.at = start;
            scanner.skip(3)?;
            Ok(RawGeometry::Bad(error.text, error.at))
        }
    }
}

/// Tells whether there is no coordinate at all, as in `"coordinates": []`.
fn is_void(shape: &RawShape) -> bool {
    match shape {
        RawShape::Points(points) => points.is_empty(),
        RawShape::Lines(lines) => lines.iter().all(Vec::is_empty),
        RawShape::Polygons(polygons) => polygons.iter().flatten().all(Vec::is_empty),
    }
}

fn list<T>(
    scanner: &mut Scanner<'_>,
    mut item: impl FnMut(&mut Scanner<'_>) -> Result<T, Fail>,
) -> Result<Vec<T>, Fail> {
    let mut found = Vec::new();
    open(scanner)?;
    if scanner.take(b']') {
        return Ok(found);
    }
    loop {
        found.push(item(scanner)?);
        if scanner.take(b']') {
            return Ok(found);
        }
        scanner.expect(b',')?;
    }
}

fn open(scanner: &mut Scanner<'_>) -> Result<(), Fail> {
    if scanner.take(b'[') {
        return Ok(());
    }
    let text = text!(en: "the coordinates are not nested as their type asks", zh: "坐标的嵌套与几何类型不符");
    Err(Fail::Form(text, scanner.at))
}

fn positions(scanner: &mut Scanner<'_>) -> Result<Vec<Coord>, Fail> {
    let at = scanner.at;
    let mut found = Vec::new();
    open(scanner)?;
    if scanner.take(b']') {
        return Ok(found);
    }
    loop {
        found.push(position(scanner)?);
        if found.len() > RING_VERTICES {
            let text = text!(
                en: "more than the limit of {RING_VERTICES} vertices in one ring",
                zh: "一个环的顶点超过 {RING_VERTICES} 个的上限"
            );
            return Err(Fail::Form(text, at));
        }
        if scanner.take(b']') {
            return Ok(found);
        }
        scanner.expect(b',')?;
    }
}

fn point(scanner: &mut Scanner<'_>) -> Result<RawShape, Fail> {
    let back = scanner.at;
    open(scanner)?;
    if scanner.take(b']') {
        return Ok(RawShape::Points(Vec::new()));
    }
    scanner.at = back;
    Ok(RawShape::Points(vec![position(scanner)?]))
}

/// Takes a position: x, y, and up to two numbers more, which are dropped.
#[inline]
fn position(scanner: &mut Scanner<'_>) -> Result<Coord, Fail> {
    open(scanner)?;
    let at = scanner.at;
    let x = number(scanner)?;
    if !scanner.take(b',') {
        return Err(Fail::Form(text!(en: "a position has fewer than two numbers", zh: "坐标点少于两个数"), at));
    }
    let y = number(scanner)?;
    let mut more = 0;
    while scanner.take(b',') {
        more += 1;
        // A missing height or measure is often written `null` or `NaN`, and matters to nobody here.
        if scanner.peek() == Some(b'n') {
            scanner.skip(4)?;
        } else {
            number(scanner)?;
        }
        if more > 2 {
            return Err(Fail::Form(text!(en: "a position has more than four numbers", zh: "坐标点多于四个数"), at));
        }
    }
    scanner.expect(b']')?;
    Ok(Coord { x, y })
}

#[inline]
fn number(scanner: &mut Scanner<'_>) -> Result<f64, Fail> {
    match scanner.peek() {
        Some(b'-' | b'0'..=b'9') => Ok(scanner.double()?),
        Some(_) | None => Err(Fail::Form(text!(en: "a coordinate is not a number", zh: "坐标值不是数值"), scanner.at)),
    }
}

/// Returns the coordinates of a geometry that stands as a tree, such as in YAML; `None` if it is none.
pub fn raw_shape(node: &Node<'_>) -> Option<RawShape> {
    let coordinates = node.get("coordinates")?;
    let shape = match node.get("type")?.text()? {
        "Point" => RawShape::Points(vec![tree_position(coordinates)?]),
        "MultiPoint" => RawShape::Points(tree_list(coordinates, tree_position)?),
        "LineString" => RawShape::Lines(vec![tree_list(coordinates, tree_position)?]),
        "MultiLineString" => RawShape::Lines(tree_list(coordinates, |line| tree_list(line, tree_position))?),
        "Polygon" => RawShape::Polygons(vec![tree_list(coordinates, |ring| tree_list(ring, tree_position))?]),
        "MultiPolygon" => RawShape::Polygons(tree_list(coordinates, |polygon| {
            tree_list(polygon, |ring| tree_list(ring, tree_position))
        })?),
        _ => return None,
    };
    if is_void(&shape) { None } else { Some(shape) }
}

fn tree_list<T>(node: &Node<'_>, item: impl Fn(&Node<'_>) -> Option<T>) -> Option<Vec<T>> {
    match &node.data {
        Data::List(items) => items.iter().map(item).collect(),
        Data::Null | Data::Scalar(_) | Data::Map(_) => None,
    }
}

fn tree_position(node: &Node<'_>) -> Option<Coord> {
    match tree_list(node, |number| number.text()?.trim().parse::<f64>().ok())?.as_slice() {
        [x, y] | [x, y, _] | [x, y, _, _] => Some(Coord { x: *x, y: *y }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        check(&format!(r#"{{"type":"FeatureCollection","properties":{{}},"geometry":1,"features":[]}}"#), &[], "");
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
