//! The geometry of a GeoJSON feature: its members in any order, its coordinates by its type.
//!
//! What is JSON but no geometry harms the one feature only.

use super::json::{JsonError, Key, Scanner};
use super::numbers;
use super::window::Supply;
use crate::diagnostic::Text;
use crate::geometry::validity::RawShape;
use crate::geometry::{Coord, Kind};
use crate::io::formats::RawGeometry;
use crate::io::limits::RING_VERTICES;
use crate::io::node::{Data, Node};
use crate::text;

/// The members of a geometry, in whatever order they come.
#[derive(Default)]
pub(super) struct Parts {
    kind: Option<String>,
    /// Coordinates that were read because the kind came first.
    read: Option<RawGeometry>,
    coordinates: Option<usize>,
    collection: Option<usize>,
}

impl Parts {
    /// Tells whether there are coordinates, or geometries of a collection.
    pub(super) fn found(&self) -> bool {
        self.coordinates.is_some() || self.collection.is_some()
    }

    /// Tells whether the object calls itself a feature.
    pub(super) fn is_feature(&self) -> bool {
        self.kind.as_deref() == Some("Feature")
    }

    /// Takes the value of a member.
    pub(super) fn take<S: Supply>(
        &mut self,
        scanner: &mut Scanner<S>,
        key: Key,
        raw: &mut RawShape,
    ) -> Result<(), JsonError> {
        let first = scanner.peek();
        let at = scanner.here();
        match key {
            Key::Type if first == Some(b'"') => self.kind = Some(scanner.word_string()?),
            Key::Coordinates => {
                self.coordinates = Some(at);
                match &self.kind {
                    Some(kind) if kind != "Feature" => self.read = Some(coordinates(scanner, kind, raw)?),
                    Some(_) | None => scanner.skip(3)?,
                }
            }
            Key::Geometries => {
                self.collection = Some(at);
                scanner.skip(3)?;
            }
            _ => scanner.skip(3)?,
        }
        Ok(())
    }

    /// Returns the geometry once all members are known; may move the scanner.
    pub(super) fn settle<S: Supply>(
        self,
        scanner: &mut Scanner<S>,
        raw: &mut RawShape,
    ) -> Result<RawGeometry, JsonError> {
        match (self.kind, self.read, self.coordinates, self.collection) {
            (_, Some(read), _, _) => Ok(read),
            (_, None, _, Some(at)) => Ok(RawGeometry::Collection(at)),
            (Some(kind), None, Some(at), None) => {
                scanner.go_to(at);
                coordinates(scanner, &kind, raw)
            }
            (None, None, Some(at), None) => {
                Ok(RawGeometry::Bad(text!(en: "the geometry does not state its type", zh: "几何没有写明类型"), at))
            }
            (_, None, None, None) => Ok(RawGeometry::None),
        }
    }
}

/// Takes the value of a feature's `geometry`; its coordinates go into `raw`.
pub(super) fn geometry<S: Supply>(scanner: &mut Scanner<S>, raw: &mut RawShape) -> Result<RawGeometry, JsonError> {
    let first = scanner.peek();
    if first != Some(b'{') {
        let at = scanner.here();
        scanner.skip(2)?;
        // `null`, or what some programs write for it.
        let text = text!(en: "the geometry is not an object", zh: "几何不是对象");
        return Ok(if matches!(first, Some(b'n' | b'N')) { RawGeometry::None } else { RawGeometry::Bad(text, at) });
    }
    let mut parts = Parts::default();
    scanner.object(|scanner, key| parts.take(scanner, key, raw))?;
    let end = scanner.here();
    let found = parts.settle(scanner, raw);
    scanner.go_to(end);
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

fn coordinates<S: Supply>(scanner: &mut Scanner<S>, kind: &str, raw: &mut RawShape) -> Result<RawGeometry, JsonError> {
    scanner.peek();
    let start = scanner.here();
    let read = match kind {
        "Point" => raw_of(raw, Kind::Point, |raw| point(scanner, raw)),
        "MultiPoint" => raw_of(raw, Kind::Point, |raw| positions(scanner, &mut |coord| raw.push_point(coord))),
        "LineString" => raw_of(raw, Kind::Line, |raw| line(scanner, raw)),
        "MultiLineString" => raw_of(raw, Kind::Line, |raw| list(scanner, |scanner| line(scanner, raw))),
        "Polygon" => raw_of(raw, Kind::Polygon, |raw| polygon(scanner, raw)),
        "MultiPolygon" => raw_of(raw, Kind::Polygon, |raw| list(scanner, |scanner| polygon(scanner, raw))),
        _ => {
            let text = text!(en: "`{kind}` is no type of geometry", zh: "“{kind}”不是几何类型");
            Err(Fail::Form(text, start))
        }
    };
    let (text, at) = match read {
        Ok(()) if raw.is_void() => return Ok(RawGeometry::None),
        Ok(()) => return Ok(RawGeometry::Shape),
        Err(Fail::Form(text, at)) => (text, at),
        Err(Fail::Json(error)) => (error.text, error.at),
    };
    // The text may still be JSON: go on behind it.
    scanner.go_to(start);
    scanner.skip(3)?;
    Ok(RawGeometry::Bad(text, at))
}

fn raw_of(raw: &mut RawShape, kind: Kind, read: impl FnOnce(&mut RawShape) -> Result<(), Fail>) -> Result<(), Fail> {
    raw.reset(kind);
    read(raw)
}

fn list<S: Supply>(
    scanner: &mut Scanner<S>,
    mut item: impl FnMut(&mut Scanner<S>) -> Result<(), Fail>,
) -> Result<(), Fail> {
    open(scanner)?;
    if scanner.take(b']') {
        return Ok(());
    }
    loop {
        item(scanner)?;
        if scanner.take(b']') {
            return Ok(());
        }
        scanner.expect(b',')?;
    }
}

fn open<S: Supply>(scanner: &mut Scanner<S>) -> Result<(), Fail> {
    if scanner.take(b'[') {
        return Ok(());
    }
    let text = text!(en: "the coordinates are not nested as their type asks", zh: "坐标的嵌套与几何类型不符");
    Err(Fail::Form(text, scanner.here()))
}

fn polygon<S: Supply>(scanner: &mut Scanner<S>, raw: &mut RawShape) -> Result<(), Fail> {
    list(scanner, |scanner| {
        positions(scanner, &mut |coord| raw.push(coord))?;
        raw.end_ring();
        Ok(())
    })?;
    raw.end_part();
    Ok(())
}

fn line<S: Supply>(scanner: &mut Scanner<S>, raw: &mut RawShape) -> Result<(), Fail> {
    positions(scanner, &mut |coord| raw.push(coord))?;
    raw.end_ring();
    raw.end_part();
    Ok(())
}

fn positions<S: Supply>(scanner: &mut Scanner<S>, take: &mut impl FnMut(Coord)) -> Result<(), Fail> {
    let at = scanner.here();
    let mut count = 0;
    open(scanner)?;
    if scanner.take(b']') {
        return Ok(());
    }
    loop {
        let (plain, length) = numbers::positions(scanner.rest(), RING_VERTICES - count, take);
        scanner.pass(length);
        take(position(scanner)?);
        count += plain + 1;
        if count > RING_VERTICES {
            let text = text!(
                en: "more than the limit of {RING_VERTICES} vertices in one ring",
                zh: "一个环的顶点超过 {RING_VERTICES} 个的上限"
            );
            return Err(Fail::Form(text, at));
        }
        if scanner.take(b']') {
            return Ok(());
        }
        scanner.expect(b',')?;
    }
}

fn point<S: Supply>(scanner: &mut Scanner<S>, raw: &mut RawShape) -> Result<(), Fail> {
    scanner.peek();
    let back = scanner.here();
    open(scanner)?;
    if scanner.take(b']') {
        return Ok(());
    }
    scanner.go_to(back);
    raw.push_point(position(scanner)?);
    Ok(())
}

/// Takes a position: x, y, and up to two numbers more, which are dropped.
#[inline]
fn position<S: Supply>(scanner: &mut Scanner<S>) -> Result<Coord, Fail> {
    open(scanner)?;
    let at = scanner.here();
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
fn number<S: Supply>(scanner: &mut Scanner<S>) -> Result<f64, Fail> {
    match scanner.peek() {
        Some(b'-' | b'0'..=b'9') => Ok(scanner.double()?),
        Some(_) | None => {
            let text = text!(en: "a coordinate is not a number", zh: "坐标值不是数值");
            Err(Fail::Form(text, scanner.here()))
        }
    }
}

/// Returns the coordinates of a geometry that stands as a tree, such as in YAML; `None` if it is none.
pub(in crate::io) fn raw_shape(node: &Node<'_>) -> Option<RawShape> {
    let coordinates = node.get("coordinates")?;
    let line = |node: &Node<'_>| tree_list(node, tree_position);
    let polygon = |node: &Node<'_>| tree_list(node, line);
    let shape = match node.get("type")?.text()? {
        "Point" => RawShape::points([tree_position(coordinates)?]),
        "MultiPoint" => RawShape::points(line(coordinates)?),
        "LineString" => RawShape::lines([line(coordinates)?]),
        "MultiLineString" => RawShape::lines(polygon(coordinates)?),
        "Polygon" => RawShape::polygons([polygon(coordinates)?]),
        "MultiPolygon" => RawShape::polygons(tree_list(coordinates, polygon)?),
        _ => return None,
    };
    if shape.is_void() { None } else { Some(shape) }
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
