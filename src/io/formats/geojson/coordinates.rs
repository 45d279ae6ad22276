//! The geometry of a GeoJSON feature: its members in any order, its coordinates by its type.
//!
//! What is JSON but no geometry harms the one feature only.

use std::borrow::Cow;

use super::json::{JsonError, Key, Scanner};
use super::numbers;
use super::window::Supply;
use crate::diagnostic::Text;
use crate::geometry::validity::RawShape;
use crate::geometry::{Coord, Kind};
use crate::io::formats::{RawGeometry, is_height};
use crate::io::limits::RING_VERTICES;
use crate::io::node::{Data, Node};
use crate::text;

/// How deep collections may lie in each other.
const COLLECTED: usize = 8;

/// The coordinates of the feature at hand.
pub(super) struct Drawn {
    pub shape: RawShape,
    /// Whether one of the positions has a height.
    pub is_high: bool,
    /// What the members of a collection are made of, as far as they were read.
    of: Option<Kind>,
}

impl Drawn {
    pub(super) fn new() -> Self {
        Drawn { shape: RawShape::new(Kind::Polygon), is_high: false, of: None }
    }

    #[inline]
    fn push(&mut self, coord: Coord, height: f64) {
        self.shape.push(coord);
        self.is_high |= is_height(height);
    }

    fn push_point(&mut self, coord: Coord, height: f64) {
        self.shape.push_point(coord);
        self.is_high |= is_height(height);
    }
}

/// The members of a geometry, in whatever order they come.
#[derive(Default)]
pub(super) struct Parts {
    kind: Option<Cow<'static, str>>,
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
        drawn: &mut Drawn,
    ) -> Result<(), JsonError> {
        let first = scanner.peek();
        let at = scanner.here();
        match key {
            Key::Type if first == Some(b'"') => self.kind = Some(scanner.type_name()?),
            Key::Coordinates => {
                self.coordinates = Some(at);
                match &self.kind {
                    Some(kind) if *kind != *"Feature" => {
                        drawn.of = None;
                        self.read = Some(coordinates(scanner, kind, drawn)?);
                    }
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
        drawn: &mut Drawn,
    ) -> Result<RawGeometry, JsonError> {
        match (self.kind, self.read, self.coordinates, self.collection) {
            (_, Some(read), _, _) => Ok(read),
            (_, None, _, Some(at)) => {
                scanner.go_to(at);
                drawn.of = None;
                Ok(match collected(scanner, drawn, 0)? {
                    Collected::One if drawn.of.is_none() || drawn.shape.is_void() => RawGeometry::None,
                    Collected::One => RawGeometry::Shape,
                    Collected::Several => RawGeometry::Collection(at),
                    Collected::Bad(text, at) => RawGeometry::Bad(text, at),
                })
            }
            (Some(kind), None, Some(at), None) => {
                scanner.go_to(at);
                drawn.of = None;
                coordinates(scanner, &kind, drawn)
            }
            (None, None, Some(at), None) => {
                Ok(RawGeometry::Bad(text!(en: "the geometry does not state its type", zh: "几何没有写明类型"), at))
            }
            (_, None, None, None) => Ok(RawGeometry::None),
        }
    }
}

/// Takes the value of a feature's `geometry`; its coordinates go into `drawn`.
pub(super) fn geometry<S: Supply>(scanner: &mut Scanner<S>, drawn: &mut Drawn) -> Result<RawGeometry, JsonError> {
    let first = scanner.peek();
    if first != Some(b'{') {
        let at = scanner.here();
        scanner.skip(2)?;
        // `null`, or what some programs write for it.
        let text = text!(en: "the geometry is not an object", zh: "几何不是对象");
        return Ok(if matches!(first, Some(b'n' | b'N')) { RawGeometry::None } else { RawGeometry::Bad(text, at) });
    }
    let mut parts = Parts::default();
    scanner.object(|scanner, key| parts.take(scanner, key, drawn))?;
    let end = scanner.here();
    let found = parts.settle(scanner, drawn);
    scanner.go_to(end);
    found
}

/// What the geometries of a collection are.
enum Collected {
    /// All of one kind, whose coordinates were drawn.
    One,
    /// Of several kinds.
    Several,
    /// One of them is no geometry, and where that stands.
    Bad(Text, usize),
}

/// Takes the geometries of a collection, and of collections in it, as long as they are of one kind.
fn collected<S: Supply>(scanner: &mut Scanner<S>, drawn: &mut Drawn, depth: usize) -> Result<Collected, JsonError> {
    let bad =
        |at| Collected::Bad(text!(en: "the collection is not a list of geometries", zh: "几何集合不是几何列表"), at);
    if scanner.peek() != Some(b'[') || depth > COLLECTED {
        return Ok(bad(scanner.here()));
    }
    scanner.expect(b'[')?;
    let mut more = !scanner.take(b']');
    while more {
        let first = scanner.peek();
        let start = scanner.here();
        if first != Some(b'{') {
            return Ok(bad(start));
        }
        let (mut kind, mut coordinates_at, mut members_at) = (None, None, None);
        scanner.object(|scanner, key| {
            let first = scanner.peek();
            let at = scanner.here();
            match key {
                Key::Type if first == Some(b'"') => kind = Some(scanner.type_name()?),
                Key::Coordinates => coordinates_at = Some(at),
                Key::Geometries => members_at = Some(at),
                _ => {}
            }
            if scanner.here() == at { scanner.skip(3) } else { Ok(()) }
        })?;
        let end = scanner.here();
        let read = match (kind, coordinates_at, members_at) {
            (_, _, Some(at)) => {
                scanner.go_to(at);
                collected(scanner, drawn, depth + 1)?
            }
            (Some(kind), Some(at), None) => {
                scanner.go_to(at);
                match coordinates(scanner, &kind, drawn)? {
                    RawGeometry::Shape | RawGeometry::None => Collected::One,
                    RawGeometry::Collection(_) => Collected::Several,
                    RawGeometry::Bad(text, at) => Collected::Bad(text, at),
                }
            }
            (_, _, None) => bad(start),
        };
        if !matches!(read, Collected::One) {
            return Ok(read);
        }
        scanner.go_to(end);
        more = scanner.goes_on(b']')?;
    }
    Ok(Collected::One)
}

/// Why coordinates cannot be read: the text is no JSON, or it is but not what the kind of geometry asks for.
enum Fail {
    Json(JsonError),
    Form(Text, usize),
    /// It is of another kind than those before it in a collection.
    Mixed,
}

impl From<JsonError> for Fail {
    fn from(error: JsonError) -> Self {
        Fail::Json(error)
    }
}

fn coordinates<S: Supply>(scanner: &mut Scanner<S>, kind: &str, drawn: &mut Drawn) -> Result<RawGeometry, JsonError> {
    scanner.peek();
    let start = scanner.here();
    let read = match kind {
        "Point" => draw(drawn, Kind::Point, |drawn| point(scanner, drawn)),
        "MultiPoint" => {
            draw(drawn, Kind::Point, |drawn| positions(scanner, &mut |coord, height| drawn.push_point(coord, height)))
        }
        "LineString" => draw(drawn, Kind::Line, |drawn| line(scanner, drawn)),
        "MultiLineString" => draw(drawn, Kind::Line, |drawn| list(scanner, |scanner| line(scanner, drawn))),
        "Polygon" => draw(drawn, Kind::Polygon, |drawn| polygon(scanner, drawn)),
        "MultiPolygon" => draw(drawn, Kind::Polygon, |drawn| list(scanner, |scanner| polygon(scanner, drawn))),
        _ => {
            let text = text!(en: "`{kind}` is no type of geometry", zh: "“{kind}”不是几何类型");
            Err(Fail::Form(text, start))
        }
    };
    let (text, at) = match read {
        Ok(()) if drawn.shape.is_void() => return Ok(RawGeometry::None),
        Ok(()) => return Ok(RawGeometry::Shape),
        Err(Fail::Form(text, at)) => (text, at),
        Err(Fail::Json(error)) => (error.text, error.at),
        Err(Fail::Mixed) => return Ok(RawGeometry::Collection(start)),
    };
    // The text may still be JSON: go on behind it.
    scanner.go_to(start);
    scanner.skip(3)?;
    Ok(RawGeometry::Bad(text, at))
}

fn draw(drawn: &mut Drawn, kind: Kind, read: impl FnOnce(&mut Drawn) -> Result<(), Fail>) -> Result<(), Fail> {
    match drawn.of.replace(kind) {
        None => {
            drawn.shape.reset(kind);
            drawn.is_high = false;
        }
        Some(known) if known == kind => {}
        Some(_) => return Err(Fail::Mixed),
    }
    read(drawn)
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

fn polygon<S: Supply>(scanner: &mut Scanner<S>, drawn: &mut Drawn) -> Result<(), Fail> {
    list(scanner, |scanner| {
        positions(scanner, &mut |coord, height| drawn.push(coord, height))?;
        drawn.shape.end_ring();
        Ok(())
    })?;
    drawn.shape.end_part();
    Ok(())
}

fn line<S: Supply>(scanner: &mut Scanner<S>, drawn: &mut Drawn) -> Result<(), Fail> {
    positions(scanner, &mut |coord, height| drawn.push(coord, height))?;
    drawn.shape.end_ring();
    drawn.shape.end_part();
    Ok(())
}

/// Takes a list of positions and hands on each with its height, which is 0 where there is none.
fn positions<S: Supply>(scanner: &mut Scanner<S>, take: &mut impl FnMut(Coord, f64)) -> Result<(), Fail> {
    let at = scanner.here();
    let mut count = 0;
    open(scanner)?;
    if scanner.take(b']') {
        return Ok(());
    }
    loop {
        let (plain, length) = numbers::positions(scanner.rest(), RING_VERTICES - count, take);
        scanner.pass(length);
        let (coord, height) = position(scanner)?;
        take(coord, height);
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

fn point<S: Supply>(scanner: &mut Scanner<S>, drawn: &mut Drawn) -> Result<(), Fail> {
    scanner.peek();
    let back = scanner.here();
    open(scanner)?;
    if scanner.take(b']') {
        return Ok(());
    }
    scanner.go_to(back);
    let (coord, height) = position(scanner)?;
    drawn.push_point(coord, height);
    Ok(())
}

/// Takes a position: x, y, and up to two numbers more, the first of which is its height.
#[inline]
fn position<S: Supply>(scanner: &mut Scanner<S>) -> Result<(Coord, f64), Fail> {
    open(scanner)?;
    let at = scanner.here();
    let x = number(scanner)?;
    if !scanner.take(b',') {
        return Err(Fail::Form(text!(en: "a position has fewer than two numbers", zh: "坐标点少于两个数"), at));
    }
    let y = number(scanner)?;
    let (mut more, mut height) = (0, 0.0);
    while scanner.take(b',') {
        more += 1;
        // A missing height or measure is often written `null` or `NaN`, and matters to nobody here.
        if scanner.peek() == Some(b'n') {
            scanner.skip(4)?;
        } else {
            let number = number(scanner)?;
            height = if more == 1 { number } else { height };
        }
        if more > 2 {
            return Err(Fail::Form(text!(en: "a position has more than four numbers", zh: "坐标点多于四个数"), at));
        }
    }
    scanner.expect(b']')?;
    Ok((Coord { x, y }, height))
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
