//! Well-known text, for fixtures, tests and messages: points, lines and polygons, single and multiple.

use std::fmt::Write;

use super::validity::RawShape;
use super::{Coord, Kind, ShapeRef};

/// Why a text is not well-known text, in a few English words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not well-known text: {0}")]
pub struct WktError(&'static str);

/// Returns the rings of a text, unchecked; any `Z` or `M` after x and y is dropped.
pub fn read(text: &str) -> Result<RawShape, WktError> {
    let open = text.find('(').unwrap_or(text.len());
    let name = text[..open].trim().to_ascii_uppercase();
    let mut words = name.split_whitespace();
    let kind = words.next().ok_or(WktError("no name"))?;
    let mut reader = Reader { rest: &text[open..] };
    if words.next() == Some("EMPTY") {
        reader.rest = "()";
    }
    let shape = match kind {
        "POINT" => RawShape::points(reader.coords()?),
        "MULTIPOINT" => RawShape::points(reader.points()?),
        "LINESTRING" => RawShape::lines(without_empty(vec![reader.coords()?])),
        "MULTILINESTRING" => RawShape::lines(without_empty(reader.list(Reader::coords)?)),
        "POLYGON" => RawShape::polygons([reader.list(Reader::coords)?]),
        "MULTIPOLYGON" => RawShape::polygons(reader.list(|inner| inner.list(Reader::coords))?),
        _ => return Err(WktError("unknown name")),
    };
    if reader.rest.trim().is_empty() { Ok(shape) } else { Err(WktError("text after the end")) }
}

/// Drops the lines that `EMPTY` leaves behind.
fn without_empty(mut lines: Vec<Vec<Coord>>) -> Vec<Vec<Coord>> {
    lines.retain(|line| !line.is_empty());
    lines
}

/// What is still to be read.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest.trim_start();
        let found = rest.strip_prefix(wanted);
        self.rest = found.unwrap_or(rest);
        found.is_some()
    }

    /// Reads `( item, item … )`.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T, WktError>) -> Result<Vec<T>, WktError> {
        if !self.take('(') {
            return Err(WktError("parenthesis expected"));
        }
        let mut items = Vec::new();
        if self.take(')') {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            if self.take(')') {
                return Ok(items);
            }
            if !self.take(',') {
                return Err(WktError("comma or parenthesis expected"));
            }
        }
    }

    fn coords(&mut self) -> Result<Vec<Coord>, WktError> {
        self.list(Self::coord)
    }

    /// Reads the points of a multi-point, each with or without parentheses of its own.
    fn points(&mut self) -> Result<Vec<Coord>, WktError> {
        self.list(|inner| {
            let wrapped = inner.take('(');
            let coord = inner.coord()?;
            if wrapped && !inner.take(')') { Err(WktError("parenthesis expected")) } else { Ok(coord) }
        })
    }

    fn coord(&mut self) -> Result<Coord, WktError> {
        let end = self.rest.find([',', ')']).ok_or(WktError("ends too early"))?;
        let mut numbers = self.rest[..end].split_whitespace().map(str::parse::<f64>);
        let mut next = || numbers.next().and_then(Result::ok).ok_or(WktError("number expected"));
        let coord = Coord { x: next()?, y: next()? };
        self.rest = &self.rest[end..];
        Ok(coord)
    }
}

/// Returns the text of a shape; of several parts, or none, in its `MULTI` form.
pub fn write(shape: ShapeRef<'_>) -> String {
    let rings = |part: ShapeRef<'_>| join(part.rings().map(ring));
    let single = shape.parts().len() == 1;
    let (name, parts) = match shape.kind() {
        Kind::Point => ("POINT", join(shape.rings().map(ring))),
        Kind::Line => ("LINESTRING", join(shape.rings().map(ring))),
        Kind::Polygon if single => ("POLYGON", rings(shape)),
        Kind::Polygon => ("POLYGON", join(shape.parts().map(|part| format!("({})", rings(part))))),
    };
    match (shape.is_empty(), single) {
        (true, _) => format!("{name} EMPTY"),
        (false, true) if shape.kind() != Kind::Polygon => format!("{name} {parts}"),
        (false, true) => format!("{name} ({parts})"),
        (false, false) => format!("MULTI{name} ({parts})"),
    }
}

fn ring(coords: &[Coord]) -> String {
    let mut text = String::from("(");
    for (index, coord) in coords.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        // Writing to a string can't fail.
        let _ = write!(text, "{comma}{} {}", coord.x, coord.y);
    }
    text.push(')');
    text
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::validity::check;

    #[test]
    fn text_survives_reading_and_writing() {
        for text in [
            "POINT (1 2)",
            "MULTIPOINT ((1 2), (3 4.5))",
            "LINESTRING (0 0, 1 1.25)",
            "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))",
            "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))",
            "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
            "POLYGON EMPTY",
        ] {
            let shape = read(text).map(|raw| check(&raw).shape);
            assert_eq!(shape.map(|shape| shape.map(|shape| write(shape.view()))), Ok(Some(text.to_owned())));
        }
    }

    #[test]
    fn wrong_text_is_refused() {
        for text in
            ["", "CIRCLE (1 2)", "POINT (1)", "POINT (1 2", "POLYGON (0 0, 1 1)", "POINT (1 2) x", "LINESTRING (a b)"]
        {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
