//! FlatGeobuf, feature by feature in one pass; its index is passed over.
//!
//! The library gives the tables of the format, each checked against its own bytes before it is looked into. How much is read at a time
//! is settled here: a length that lies costs nothing.

use flatgeobuf::{
    Column, ColumnType, Geometry, GeometryType, Header, size_prefixed_root_as_feature, size_prefixed_root_as_header,
};

use super::binary::Stream;
use super::rings::{push_arc, push_line, push_ring};
use super::{RawFeature, RawGeometry, Remark, Rest, Source, is_height};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Severity, Text};
use crate::geometry::validity::RawShape;
use crate::geometry::{Coord, Kind};
use crate::io::error::Cause;
use crate::io::hashed::Hashed;
use crate::io::limits::{FEATURES, PROPERTIES, RING_VERTICES};
use crate::io::node::{Data, Node};
use crate::model::ColumnKind;
use crate::source::Location;
use crate::text;

/// The most bytes of a header.
const HEADER: usize = 16 << 20;

/// The most bytes of a feature.
const FEATURE: usize = 1 << 30;

/// How deep geometries may lie in each other.
const DEPTH: u32 = 8;

/// Reads all features in order, as far as they can be read.
///
/// # Errors
/// If it is no FlatGeobuf or its header is damaged.
pub(super) fn read(source: &Source<'_>, feature: &mut dyn FnMut(RawFeature<'_>)) -> Result<Rest, Cause> {
    let file = source.workspace.open_file(source.path).map_err(|error| error.cause)?;
    let mut file = Hashed::new(file, source.workspace.is_hashing());
    let mut stream = Stream::new(&mut file);
    let broken = || Cause::Broken(text!(en: "its header is damaged", zh: "文件头已损坏"));
    let magic = stream.array::<8>().map_err(super::system)?;
    if !matches!(magic, Some([b'f', b'g', b'b', 1..=3, b'f', b'g', b'b', _])) {
        return Err(Cause::Broken(text!(
            en: "it is no FlatGeobuf of version 3 or before",
            zh: "不是第 3 版及以前的 FlatGeobuf"
        )));
    }
    let mut aligned = Aligned::default();
    let bytes = aligned.next(&mut stream, HEADER).map_err(super::system)?.flatten().ok_or_else(broken)?;
    let header = size_prefixed_root_as_header(bytes).map_err(|_| broken())?;
    let index = index_size(header.features_count(), header.index_node_size()).ok_or_else(broken)?;
    let passed = stream.skip(index).map_err(super::system)?;
    let known = |column: Column<'_>| Known::of(column, source);
    let columns: Vec<Known> = header.columns().map(|columns| columns.iter().map(known).collect()).unwrap_or_default();
    let declared = columns.iter().map(|column| (column.name.clone(), Some(holds(column.kind)))).collect();
    let mut reader = Reader {
        columns,
        kind: header.geometry_type(),
        announced: header.features_count(),
        count: 0,
        curved: 0,
        raw: RawShape::new(Kind::Polygon),
        line: Vec::new(),
        rest: Rest { crs: crs(&header), encoding: "UTF-8", columns: declared, ..Rest::default() },
    };
    if passed {
        reader.features(source, &mut stream, feature).map_err(super::system)?;
    }
    reader.rest.sha256 = Some(file.end().map_err(super::system)?);
    Ok(reader.finish())
}

/// A table with its length in front, where the library wants it: at an address that eight divides.
#[derive(Default)]
struct Aligned(Vec<u8>);

impl Aligned {
    /// Takes the next table of at most so many bytes; `None` behind the last, `Some(None)` if it breaks off.
    fn next(&mut self, stream: &mut Stream<'_>, most: usize) -> std::io::Result<Option<Option<&[u8]>>> {
        let Some(length) = stream.array::<4>()? else { return Ok(None) };
        let count = u32::from_le_bytes(length) as usize;
        let table = if count <= most { stream.take(count)? } else { None };
        let Some(table) = table else { return Ok(Some(None)) };
        let held = &mut self.0;
        held.clear();
        held.reserve(8 + 4 + count);
        let start = held.as_ptr().align_offset(8).min(8);
        held.resize(start, 0);
        held.extend(length);
        held.extend_from_slice(table);
        Ok(Some(Some(&held[start..])))
    }
}

/// Returns the bytes of the index: a tree of 40 bytes a node over as many leaves as there are features.
fn index_size(features: u64, node_size: u16) -> Option<u64> {
    if features == 0 || node_size == 0 {
        return Some(0);
    }
    let node_size = u64::from(node_size.max(2));
    let (mut level, mut nodes) = (features, features);
    while level > 1 {
        level = level.div_ceil(node_size);
        nodes = nodes.checked_add(level)?;
    }
    // A single feature has a root of its own.
    nodes.checked_add(u64::from(features == 1))?.checked_mul(40)
}

/// Returns the coordinate system that the header states: its code, else its definition, else its name.
fn crs(header: &Header<'_>) -> Option<String> {
    let crs = header.crs()?;
    let filled = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let organization = crs.org().unwrap_or("EPSG");
    let code = (crs.code() > 0).then(|| crs.code().to_string()).or_else(|| filled(crs.code_string()));
    let by_code = code.map(|code| format!("{organization}:{code}"));
    let defined = filled(crs.wkt());
    by_code
        .filter(|name| defined.is_none() || crate::geometry::crs::Crs::parse(name).is_ok())
        .or(defined)
        .or_else(|| filled(crs.name()))
}

/// A column.
struct Known {
    name: String,
    kind: ColumnType,
    wanted: bool,
}

impl Known {
    fn of(column: Column<'_>, source: &Source<'_>) -> Self {
        let name = column.name();
        Known { name: name.to_owned(), kind: column.type_(), wanted: source.wants(name) }
    }
}

struct Reader {
    columns: Vec<Known>,
    /// What all features are made of; unknown where each says so itself.
    kind: GeometryType,
    announced: u64,
    count: u64,
    curved: u64,
    raw: RawShape,
    line: Vec<Coord>,
    rest: Rest,
}

/// Why a geometry is none.
enum Fail {
    Text(Text),
    Collection,
}

impl Reader {
    fn features(
        &mut self,
        source: &Source<'_>,
        stream: &mut Stream<'_>,
        feature: &mut dyn FnMut(RawFeature<'_>),
    ) -> std::io::Result<()> {
        let mut aligned = Aligned::default();
        while let Some(bytes) = aligned.next(stream, FEATURE)? {
            if self.count >= FEATURES as u64 {
                let text = text!(en: "more than the limit of {FEATURES} features", zh: "要素超过 {FEATURES} 个的上限");
                self.rest.break_off(self.count, &text);
                return Ok(());
            }
            let Some(Ok(found)) = bytes.map(size_prefixed_root_as_feature) else {
                let text = text!(en: "the file breaks off or is damaged", zh: "文件不完整或已损坏");
                self.rest.break_off(self.count, &text);
                return Ok(());
            };
            self.count += 1;
            let record = u32::try_from(self.count).unwrap_or(u32::MAX);
            let geometry = match found.geometry() {
                Some(geometry) => {
                    self.rest.heights += u64::from(has_heights(geometry, 0));
                    self.geometry(geometry)
                }
                None => RawGeometry::None,
            };
            let own: Option<Vec<Known>> =
                found.columns().map(|columns| columns.iter().map(|column| Known::of(column, source)).collect());
            let columns = own.as_ref().unwrap_or(&self.columns);
            let bytes = found.properties().map(|bytes| bytes.bytes()).unwrap_or_default();
            let (properties, sound) = properties(columns, bytes);
            if !sound {
                let text = text!(
                    en: "the values of this feature break off or are damaged",
                    zh: "该要素的属性数据不完整或已损坏"
                );
                let location = Location { line: record, column: 0 };
                self.rest.remarks.push(Remark {
                    code: &codes::BROKEN_RECORD,
                    severity: Severity::Error,
                    text,
                    location,
                });
            }
            feature(RawFeature {
                location: Location { line: record, column: 0 },
                locate: &|column| Location { line: record, column: column as u32 },
                id: None,
                properties: &properties,
                geometry,
                shape: &self.raw,
            });
        }
        Ok(())
    }

    fn geometry(&mut self, geometry: Geometry<'_>) -> RawGeometry {
        self.raw.reset(Kind::Point);
        let kind = if self.kind == GeometryType::Unknown { geometry.type_() } else { self.kind };
        match self.part(geometry, kind, None, 0) {
            Ok(_) if self.raw.is_void() => RawGeometry::None,
            Ok(_) => RawGeometry::Shape,
            Err(Fail::Collection) => RawGeometry::Collection(0),
            Err(Fail::Text(text)) => RawGeometry::Bad(text, 0),
        }
    }

    /// Reads a geometry of this type and its members; `kind` is what the shape was found to be made of so far.
    fn part(
        &mut self,
        geometry: Geometry<'_>,
        of: GeometryType,
        kind: Option<Kind>,
        depth: u32,
    ) -> Result<Option<Kind>, Fail> {
        if depth > DEPTH {
            return Err(Fail::Text(
                text!(en: "nested deeper than the limit of {DEPTH}", zh: "嵌套超过 {DEPTH} 层的上限"),
            ));
        }
        let own = match of {
            GeometryType::Point | GeometryType::MultiPoint => Some(Kind::Point),
            GeometryType::LineString
            | GeometryType::MultiLineString
            | GeometryType::CircularString
            | GeometryType::CompoundCurve
            | GeometryType::MultiCurve => Some(Kind::Line),
            GeometryType::Polygon
            | GeometryType::MultiPolygon
            | GeometryType::CurvePolygon
            | GeometryType::MultiSurface
            | GeometryType::Triangle => Some(Kind::Polygon),
            GeometryType::GeometryCollection => None,
            GeometryType(other) => {
                return Err(Fail::Text(
                    text!(en: "geometry type {other} is not read", zh: "几何类型 {other} 无法读取"),
                ));
            }
        };
        if own.is_some() && kind.is_some() && own != kind {
            return Err(Fail::Collection);
        }
        if let (Some(own), None) = (own, kind) {
            self.raw.reset(own);
        }
        let mut kind = kind.or(own);
        let members = geometry.parts().filter(|parts| !parts.is_empty());
        match (of, members) {
            (GeometryType::CurvePolygon, Some(members)) => {
                for (at, member) in members.iter().enumerate() {
                    self.line.clear();
                    self.curve(member, member.type_(), depth + 1)?;
                    push_ring(&mut self.raw, &self.line, at == 0);
                }
                self.raw.end_part();
                self.curved += 1;
            }
            (GeometryType::CircularString | GeometryType::CompoundCurve, _) => {
                self.line.clear();
                self.curve(geometry, of, depth)?;
                push_line(&mut self.raw, &self.line);
                self.curved += 1;
            }
            (_, Some(members)) => {
                let of_member = |member: Geometry<'_>| match of {
                    GeometryType::MultiPolygon => GeometryType::Polygon,
                    GeometryType::MultiLineString => GeometryType::LineString,
                    _ => member.type_(),
                };
                for member in members.iter() {
                    kind = self.part(member, of_member(member), kind, depth + 1)?;
                }
            }
            (_, None) => self.simple(geometry, kind.unwrap_or(Kind::Point))?,
        }
        Ok(kind)
    }

    /// Reads a geometry without members.
    fn simple(&mut self, geometry: Geometry<'_>, kind: Kind) -> Result<(), Fail> {
        let Some(xy) = geometry.xy() else { return Ok(()) };
        let (coords, _) = xy.bytes().as_chunks::<16>();
        let count = coords.len();
        if count > RING_VERTICES {
            return Err(Fail::Text(text!(
                en: "more than the limit of {RING_VERTICES} vertices in one shape",
                zh: "一个图形的顶点超过 {RING_VERTICES} 个的上限"
            )));
        }
        if kind == Kind::Point {
            let there = coords.iter().map(coord).filter(|point| !(point.x.is_nan() && point.y.is_nan()));
            there.for_each(|point| self.raw.push_point(point));
            return Ok(());
        }
        let mut from = 0;
        let mut is_shell = true;
        let ends = geometry.ends();
        let known = ends.iter().flat_map(|ends| ends.iter()).map(|end| end as usize);
        let only = ends.is_none_or(|ends| ends.is_empty()).then_some(count);
        for end in known.chain(only) {
            let Some(ring) = coords.get(from..end) else {
                return Err(Fail::Text(
                    text!(en: "the parts of the shape do not follow each other", zh: "图形各部分的终点次序不对"),
                ));
            };
            self.line.clear();
            self.line.extend(ring.iter().map(coord));
            from = end;
            if kind == Kind::Line {
                push_line(&mut self.raw, &self.line);
            } else if !self.line.is_empty() {
                push_ring(&mut self.raw, &self.line, is_shell);
                is_shell = false;
            }
        }
        self.raw.end_part();
        Ok(())
    }

    /// Appends a line, arcs or a chain of both to the line at hand.
    fn curve(&mut self, geometry: Geometry<'_>, of: GeometryType, depth: u32) -> Result<(), Fail> {
        let broken = || Fail::Text(text!(en: "what should be a curve is none", zh: "应为曲线处不是曲线"));
        if depth > DEPTH {
            return Err(broken());
        }
        let bytes = geometry.xy().map(|xy| xy.bytes()).unwrap_or_default();
        let mut coords = bytes.as_chunks::<16>().0.iter().map(coord);
        match of {
            GeometryType::LineString => {
                let joint = self.line.last().copied();
                self.line.extend(coords.skip_while(|point| Some(*point) == joint));
            }
            GeometryType::CircularString => {
                let Some(mut from) = coords.next() else { return Ok(()) };
                if self.line.last() != Some(&from) {
                    self.line.push(from);
                }
                while let Some(middle) = coords.next() {
                    let Some(to) = coords.next() else {
                        self.line.push(middle);
                        break;
                    };
                    push_arc(&mut self.line, from, middle, to);
                    if self.line.len() > RING_VERTICES {
                        return Err(broken());
                    }
                    from = to;
                }
            }
            GeometryType::CompoundCurve => {
                for member in geometry.parts().iter().flat_map(|parts| parts.iter()) {
                    self.curve(member, member.type_(), depth + 1)?;
                }
            }
            _ => return Err(broken()),
        }
        Ok(())
    }

    fn finish(mut self) -> Rest {
        if !self.rest.lossy && self.count < self.announced {
            let announced = self.announced;
            self.rest.break_off(
                self.count,
                &text!(en: "the file announces {announced} features", zh: "文件写明有 {announced} 个要素"),
            );
        }
        if self.curved > 0 {
            self.rest.remarks.push(super::curves_drawn(self.curved));
        }
        self.rest
    }
}

/// Tells whether a geometry or one of its members has heights.
fn has_heights(geometry: Geometry<'_>, depth: u32) -> bool {
    let own = geometry.z().is_some_and(|heights| heights.iter().any(is_height));
    let mut members = geometry.parts().into_iter().flat_map(|parts| parts.iter());
    own || (depth < DEPTH && members.any(|member| has_heights(member, depth + 1)))
}

#[inline]
fn coord(bytes: &[u8; 16]) -> Coord {
    let number = |at: usize| f64::from_le_bytes(bytes[at..].first_chunk().copied().unwrap_or_default());
    Coord { x: number(0), y: number(8) }
}

/// Reads the values of a feature, each behind the number of its column; tells whether they are sound.
fn properties<'r>(columns: &'r [Known], mut bytes: &'r [u8]) -> (Vec<(Node<'r>, Node<'r>)>, bool) {
    let mut found = Vec::with_capacity(columns.len().min(PROPERTIES));
    while !bytes.is_empty() && found.len() < PROPERTIES {
        let Some((number, rest)) = bytes.split_first_chunk() else { return (found, false) };
        let at = usize::from(u16::from_le_bytes(*number));
        let Some(column) = columns.get(at) else { return (found, false) };
        let Some((data, rest)) = value(column.kind, rest, column.wanted) else { return (found, false) };
        let at = at + 1;
        found.push((Node::scalar(column.name.as_str(), at, at), Node { data, start: at, end: at }));
        bytes = rest;
    }
    (found, true)
}

/// Returns what the values of a type are.
fn holds(kind: ColumnType) -> ColumnKind {
    match kind {
        ColumnType::Bool => ColumnKind::Boolean,
        ColumnType::Float | ColumnType::Double => ColumnKind::Number,
        ColumnType::Byte
        | ColumnType::UByte
        | ColumnType::Short
        | ColumnType::UShort
        | ColumnType::Int
        | ColumnType::UInt
        | ColumnType::Long
        | ColumnType::ULong => ColumnKind::Integer,
        _ => ColumnKind::Text,
    }
}

/// Takes a value of a type, and leaves it out where it is not wanted; `None` if the bytes break off.
fn value(kind: ColumnType, bytes: &[u8], wanted: bool) -> Option<(Data<'_>, &[u8])> {
    let whole = |number: String| Data::Scalar(number.into());
    macro_rules! take {
        ($number:ty, $then:expr) => {{
            let (number, rest) = bytes.split_first_chunk()?;
            (if wanted { ($then)(<$number>::from_le_bytes(*number)) } else { Data::Null }, rest)
        }};
    }
    Some(match kind {
        ColumnType::Byte => take!(i8, |number: i8| whole(number.to_string())),
        ColumnType::UByte => take!(u8, |number: u8| whole(number.to_string())),
        ColumnType::Bool => take!(u8, |flag: u8| whole((flag != 0).to_string())),
        ColumnType::Short => take!(i16, |number: i16| whole(number.to_string())),
        ColumnType::UShort => take!(u16, |number: u16| whole(number.to_string())),
        ColumnType::Int => take!(i32, |number: i32| whole(number.to_string())),
        ColumnType::UInt => take!(u32, |number: u32| whole(number.to_string())),
        ColumnType::Long => take!(i64, |number: i64| whole(number.to_string())),
        ColumnType::ULong => take!(u64, |number: u64| whole(number.to_string())),
        // The shortest text of a small float is what was meant; its exact value has digits that nobody wrote.
        ColumnType::Float => {
            take!(f32, |number: f32| if number.is_finite() { whole(number.to_string()) } else { Data::Null })
        }
        ColumnType::Double => take!(f64, super::number),
        ColumnType::String | ColumnType::Json | ColumnType::DateTime | ColumnType::Binary => {
            let (length, rest) = bytes.split_first_chunk()?;
            let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            let is_text = wanted && kind != ColumnType::Binary;
            (if is_text { Data::Scalar(String::from_utf8_lossy(text)) } else { Data::Null }, rest)
        }
        _ => return None,
    })
}
