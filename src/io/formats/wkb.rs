//! Well-known binary, as GeoPackage and GeoParquet hold their shapes: ISO and extended, either byte order, with heights, measures and
//! arcs. Heights and measures are left out; arcs become lines.

use super::rings::{push_arc, push_line, push_ring, push_ring_of};
use super::{RawGeometry, is_height};
use crate::diagnostic::Text;
use crate::geometry::validity::RawShape;
use crate::geometry::{Coord, Kind};
use crate::io::limits::RING_VERTICES;
use crate::text;

/// How deep geometries may lie in each other; the deepest that means something is a curve in a ring in a surface in a collection.
const DEPTH: u32 = 8;

/// Reads shapes, one after the other.
#[derive(Default)]
pub(super) struct WkbReader {
    /// How many shapes had arcs.
    pub curved: u64,
    /// How many shapes had heights.
    pub heights: u64,
    /// The ring or line at hand.
    line: Vec<Coord>,
    arcs: bool,
    /// Whether the shape at hand has heights.
    high: bool,
}

/// Why bytes are no shape.
enum Fail {
    Text(Text),
    /// A collection of several kinds.
    Collection,
}

type Read<T> = Result<T, Fail>;

impl WkbReader {
    /// Reads a shape into `raw`.
    pub(super) fn read(&mut self, bytes: &[u8], raw: &mut RawShape) -> RawGeometry {
        raw.reset(Kind::Point);
        (self.arcs, self.high) = (false, false);
        let mut cursor = Cursor { bytes, big: false, axes: 2, has_z: false };
        match self.geometry(&mut cursor, raw, None, 0) {
            Ok(_) if raw.is_void() => RawGeometry::None,
            Ok(_) => {
                self.curved += u64::from(self.arcs);
                self.heights += u64::from(self.high);
                RawGeometry::Shape
            }
            Err(Fail::Collection) => RawGeometry::Collection(0),
            Err(Fail::Text(text)) => RawGeometry::Bad(text, 0),
        }
    }

    /// Reads one geometry and its members; `kind` is what the shape was found to be made of so far.
    fn geometry(
        &mut self,
        cursor: &mut Cursor<'_>,
        raw: &mut RawShape,
        kind: Option<Kind>,
        depth: u32,
    ) -> Read<Option<Kind>> {
        let code = cursor.head(depth)?;
        let own = match code {
            1 | 4 => Some(Kind::Point),
            2 | 5 | 8 | 9 | 11 => Some(Kind::Line),
            3 | 6 | 10 | 12 | 17 => Some(Kind::Polygon),
            7 => None,
            15 | 16 => {
                return Err(Fail::Text(text!(
                    en: "a body in space is not an area; draw its footprint",
                    zh: "三维体不是面；请绘制其投影范围"
                )));
            }
            _ => return Err(Fail::Text(text!(en: "{code} is no type of geometry", zh: "{code} 不是几何类型"))),
        };
        let is_new = own.is_some() && kind.is_none();
        if own.is_some() && kind.is_some() && own != kind {
            return Err(Fail::Collection);
        }
        if is_new && let Some(own) = own {
            raw.reset(own);
        }
        let mut kind = kind.or(own);
        match code {
            1 => {
                let point = self.coord(cursor)?;
                // Numbers that are none stand for a point that is nowhere.
                if !(point.x.is_nan() && point.y.is_nan()) {
                    raw.push_point(point);
                }
            }
            2 | 8 | 9 => {
                self.line.clear();
                self.curve(code, cursor, depth)?;
                if !self.line.is_empty() {
                    push_line(raw, &self.line);
                }
            }
            3 | 10 | 17 => {
                let rings = cursor.count(4)?;
                let mut is_shell = true;
                for _ in 0..rings {
                    let of = if code == 10 { cursor.head(depth + 1)? } else { 2 };
                    // Nearly all rings are read from where they stand.
                    if of == 2 && cursor.axes == 2 && !cursor.big {
                        let count = cursor.vertices()?;
                        if count > 0 {
                            let points = cursor.take(16 * count)?.as_chunks::<16>().0.iter();
                            push_ring_of(raw, points.map(|point| coord(point, false)), is_shell);
                            is_shell = false;
                        }
                        continue;
                    }
                    self.line.clear();
                    self.curve(of, cursor, depth + 1)?;
                    if !self.line.is_empty() {
                        push_ring(raw, &self.line, is_shell);
                        is_shell = false;
                    }
                }
                raw.end_part();
            }
            _ => {
                for _ in 0..cursor.count(5)? {
                    kind = self.geometry(cursor, raw, kind, depth + 1)?;
                }
            }
        }
        Ok(kind)
    }

    /// Appends a line, arcs or a chain of both to the line at hand.
    fn curve(&mut self, code: u32, cursor: &mut Cursor<'_>, depth: u32) -> Read<()> {
        match code {
            2 | 8 => {
                let count = cursor.vertices()?;
                if code == 2 {
                    return self.points(count, cursor);
                }
                self.arcs = true;
                self.arcs(count, cursor)
            }
            9 => {
                for _ in 0..cursor.count(9)? {
                    let of = cursor.head(depth + 1)?;
                    if !matches!(of, 2 | 8) {
                        return Err(not_a_curve(of));
                    }
                    self.curve(of, cursor, depth + 1)?;
                }
                Ok(())
            }
            _ => Err(not_a_curve(code)),
        }
    }

    fn coord(&mut self, cursor: &mut Cursor<'_>) -> Read<Coord> {
        let bytes = cursor.take(8 * cursor.axes)?;
        self.high |= cursor.has_z && is_height(number(bytes, 16, cursor.big));
        Ok(coord(bytes, cursor.big))
    }

    fn points(&mut self, count: usize, cursor: &mut Cursor<'_>) -> Read<()> {
        let width = 8 * cursor.axes;
        let bytes = cursor.take(count * width)?;
        let big = cursor.big;
        self.high |= cursor.has_z && bytes.chunks_exact(width).any(|point| is_height(number(point, 16, big)));
        if let (Some(joint), from) = (self.line.last().copied(), self.line.len()) {
            // A chain repeats the point at which its members meet.
            self.line.extend(bytes.chunks_exact(width).map(|point| coord(point, big)));
            let repeated = self.line[from..].iter().take_while(|point| **point == joint).count();
            self.line.drain(from..from + repeated);
        } else if width == 16 && !big {
            self.line.extend(bytes.as_chunks::<16>().0.iter().map(|point| coord(point, false)));
        } else {
            self.line.extend(bytes.chunks_exact(width).map(|point| coord(point, big)));
        }
        Ok(())
    }

    fn arcs(&mut self, count: usize, cursor: &mut Cursor<'_>) -> Read<()> {
        if count == 0 {
            return Ok(());
        }
        let mut from = self.coord(cursor)?;
        if self.line.last() != Some(&from) {
            self.line.push(from);
        }
        for _ in 0..(count - 1) / 2 {
            let (middle, to) = (self.coord(cursor)?, self.coord(cursor)?);
            push_arc(&mut self.line, from, middle, to);
            if self.line.len() > RING_VERTICES {
                return Err(Fail::Text(text!(en: "the arcs are too many", zh: "圆弧过多")));
            }
            from = to;
        }
        // A point that is left makes no arc.
        if count.is_multiple_of(2) {
            let last = self.coord(cursor)?;
            self.line.push(last);
        }
        Ok(())
    }
}

fn not_a_curve(code: u32) -> Fail {
    Fail::Text(text!(en: "geometry type {code} stands where a curve should", zh: "应为曲线处是几何类型 {code}"))
}

struct Cursor<'b> {
    bytes: &'b [u8],
    big: bool,
    /// Numbers of a position in the geometry at hand.
    axes: usize,
    /// Whether the third of them is a height.
    has_z: bool,
}

impl<'b> Cursor<'b> {
    fn take(&mut self, count: usize) -> Read<&'b [u8]> {
        match self.bytes.split_at_checked(count) {
            Some((taken, rest)) => {
                self.bytes = rest;
                Ok(taken)
            }
            None => Err(Fail::Text(text!(en: "the shape breaks off", zh: "图形数据不完整"))),
        }
    }

    fn number(&mut self) -> Read<u32> {
        let bytes = self.take(4)?.first_chunk().copied().unwrap_or_default();
        Ok(if self.big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// Takes how many members follow, each of `least` bytes or more: never more than there is room for.
    fn count(&mut self, least: usize) -> Read<usize> {
        let count = self.number()? as usize;
        if count.saturating_mul(least) > self.bytes.len() {
            return Err(Fail::Text(text!(en: "the shape breaks off", zh: "图形数据不完整")));
        }
        Ok(count)
    }

    /// Takes how many vertices follow, of which a ring or line has not more than the limit.
    fn vertices(&mut self) -> Read<usize> {
        let count = self.count(8 * self.axes)?;
        if count > RING_VERTICES {
            return Err(Fail::Text(text!(
                en: "more than the limit of {RING_VERTICES} vertices in one ring",
                zh: "一个环的顶点超过 {RING_VERTICES} 个的上限"
            )));
        }
        Ok(count)
    }

    /// Takes the head of a geometry: byte order, type, and the system that some writers add.
    fn head(&mut self, depth: u32) -> Read<u32> {
        if depth > DEPTH {
            return Err(Fail::Text(
                text!(en: "nested deeper than the limit of {DEPTH}", zh: "嵌套超过 {DEPTH} 层的上限"),
            ));
        }
        self.big = match self.take(1)? {
            [0] => true,
            [1] => false,
            _ => return Err(Fail::Text(text!(en: "it is no well-known binary", zh: "不是 WKB 图形"))),
        };
        let written = self.number()?;
        if written & 0x2000_0000 != 0 {
            self.number()?;
        }
        let code = written & 0x0fff_ffff;
        let (z, m) = (written & 0x8000_0000 != 0, written & 0x4000_0000 != 0);
        let iso = match code / 1000 {
            0 => 0,
            1 | 2 => 1,
            3 => 2,
            _ => return Err(Fail::Text(text!(en: "{code} is no type of geometry", zh: "{code} 不是几何类型"))),
        };
        self.axes = 2 + usize::max(iso, usize::from(z) + usize::from(m));
        self.has_z = z || matches!(code / 1000, 1 | 3);
        Ok(code % 1000)
    }
}

/// Returns the first two numbers of a position.
#[inline]
fn coord(bytes: &[u8], big: bool) -> Coord {
    Coord { x: number(bytes, 0, big), y: number(bytes, 8, big) }
}

#[inline]
fn number(bytes: &[u8], at: usize, big: bool) -> f64 {
    let bytes = bytes[at..].first_chunk().copied().unwrap_or_default();
    if big { f64::from_be_bytes(bytes) } else { f64::from_le_bytes(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes well-known binary: `head` for the beginning of a geometry, numbers behind it.
    fn head(code: u32) -> Vec<u8> {
        [&[1u8][..], &code.to_le_bytes()].concat()
    }

    fn count(bytes: Vec<u8>, count: u32) -> Vec<u8> {
        [bytes, count.to_le_bytes().to_vec()].concat()
    }

    fn numbers(bytes: Vec<u8>, numbers: &[f64]) -> Vec<u8> {
        [bytes, numbers.iter().flat_map(|number| number.to_le_bytes()).collect()].concat()
    }

    fn told(bytes: &[u8]) -> String {
        let mut raw = RawShape::new(Kind::Point);
        let mut reader = WkbReader::default();
        match reader.read(bytes, &mut raw) {
            RawGeometry::Shape => {
                let rings: Vec<usize> = raw.view().rings().map(<[Coord]>::len).collect();
                format!("{:?} {} {rings:?}", raw.kind(), raw.view().parts().len())
            }
            RawGeometry::None => "none".to_owned(),
            RawGeometry::Collection(_) => "collection".to_owned(),
            RawGeometry::Bad(text, _) => text.en,
        }
    }

    fn polygon(code: u32, axes: usize) -> Vec<u8> {
        let corners = [[0.0, 0.0], [0.0, 9.0], [9.0, 9.0], [0.0, 0.0]];
        let ring: Vec<f64> = corners.iter().flat_map(|[x, y]| [*x, *y, 5.0, 6.0].into_iter().take(axes)).collect();
        numbers(count(count(head(code), 1), 4), &ring)
    }

    #[test]
    fn all_types_are_read_in_all_dialects() {
        for (code, axes) in [(3, 2), (1003, 3), (2003, 3), (3003, 4), (0x8000_0003, 3), (0xc000_0003, 4)] {
            assert_eq!(told(&polygon(code, axes)), "Polygon 1 [4]", "{code}");
        }
        let with_system = [&[1u8][..], &0x2000_0001u32.to_le_bytes(), &4527u32.to_le_bytes()].concat();
        assert_eq!(told(&numbers(with_system, &[1.0, 2.0])), "Point 1 [1]");
        let big = [&[0u8][..], &1u32.to_be_bytes(), &1f64.to_be_bytes(), &2f64.to_be_bytes()].concat();
        assert_eq!(told(&big), "Point 1 [1]");
        assert_eq!(told(&numbers(head(1), &[f64::NAN, f64::NAN])), "none");
        assert_eq!(told(&[count(head(6), 2), polygon(3, 2), polygon(3, 2)].concat()), "Polygon 2 [4, 4]");
        assert_eq!(told(&[count(head(7), 1), polygon(3, 2)].concat()), "Polygon 1 [4]");
        assert_eq!(told(&count(head(7), 0)), "none");
        let point = numbers(head(1), &[1.0, 2.0]);
        assert_eq!(told(&[count(head(7), 2), polygon(3, 2), point].concat()), "collection");
    }

    #[test]
    fn arcs_become_lines() {
        let arc = |code| numbers(count(head(code), 3), &[0.0, 0.0, 1000.0, 1000.0, 2000.0, 0.0]);
        let back = numbers(count(head(2), 2), &[2000.0, 0.0, 0.0, 0.0]);
        let line =
            |text: String| text.rsplit_once('[').and_then(|(_, last)| last[..last.len() - 1].parse::<usize>().ok());
        assert!(line(told(&arc(8))).is_some_and(|points| points > 500), "{}", told(&arc(8)));
        let chain = [count(head(9), 2), arc(8), back].concat();
        let surface = told(&[count(head(10), 1), chain].concat());
        assert!(
            surface.starts_with("Polygon 1 [") && line(surface.clone()).is_some_and(|points| points > 500),
            "{surface}"
        );
    }

    #[test]
    fn what_lies_is_refused() {
        assert_eq!(told(&count(head(6), u32::MAX)), "the shape breaks off");
        assert_eq!(told(&polygon(3, 2)[..40]), "the shape breaks off");
        assert_eq!(told(&head(99)), "99 is no type of geometry");
        assert_eq!(told(&[7, 0]), "it is no well-known binary");
        let deep: Vec<u8> = (0..99).flat_map(|_| count(head(7), 1)).collect();
        assert_eq!(told(&deep), "nested deeper than the limit of 8");
    }
}
