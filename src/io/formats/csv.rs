//! CSV whose shapes stand as well-known text in one of its columns; values are texts.

use super::{RawFeature, RawGeometry, Remark, Rest, Source, is_height};
use crate::diagnostic::Text;
use crate::geometry::validity::RawShape;
use crate::geometry::{Kind, wkt};
use crate::io::csv::{Cell, CsvTable, parse_csv};
use crate::io::error::Cause;
use crate::io::node::{Data, Node};
use crate::source::{FileId, Location};
use crate::text;

/// What a column of shapes is called.
const SHAPES: [&str; 6] = ["WKT", "geometry", "geom", "the_geom", "wkt_geom", "几何"];

/// Returns which of the columns holds shapes.
pub(in crate::io) fn shape_column<'n>(mut names: impl Iterator<Item = &'n str>) -> Option<usize> {
    names.position(|name| SHAPES.iter().any(|known| known.eq_ignore_ascii_case(name.trim())))
}

/// Reads all rows of a file in order.
///
/// # Errors
/// If the file cannot be read, is no text, or has no column of shapes.
pub(super) fn read(source: &Source<'_>, feature: &mut dyn FnMut(RawFeature<'_>)) -> Result<Rest, Cause> {
    let read = source.workspace.read_text(source.path, source.encoding).map_err(|error| error.cause)?;
    // Places are told by lines; the number of the file is given by who asks.
    let (table, issues) = parse_csv(FileId(0), &read.decoded.text);
    let Some(shapes) = shape_column(table.header.iter().map(|(name, _)| name.as_str())) else {
        let names = SHAPES.join(", ");
        return Err(Cause::Format(
            Text::new("a table without shapes", "没有图形的表格"),
            text!(
                en: "a layer in CSV has its shapes as well-known text in a column called one of {names}; a table of records belongs under `records:`",
                zh: "CSV 图层须有一列以 WKT 文本写明图形，列名为 {names} 之一；档案表请写在 records: 之下"
            ),
        ));
    };
    let lossy = !table.whole;
    let mut rest = Rest { encoding: read.decoded.encoding, sha256: Some(read.sha256), lossy, ..Rest::default() };
    rest.remarks.extend(super::guessed_encoding(read.decoded.encoding, read.decoded.guessed));
    rest.remarks.extend(issues.into_iter().map(|issue| {
        let location = Location { line: issue.place.line, column: issue.place.column };
        Remark { code: issue.code, severity: issue.severity, text: issue.text, location }
    }));
    for row in &table.rows {
        rest.heights += u64::from(row.get(shapes).is_some_and(|cell| has_heights(&cell.text)));
        hand_on(&table, row, shapes, feature);
    }
    Ok(rest)
}

/// Tells whether a well-known text has heights: a third number in its positions that is no measure.
fn has_heights(shape: &str) -> bool {
    let mut pieces = shape.split([',', '(', ')']);
    let is_measured = pieces.next().is_some_and(|name| name.trim_end().to_ascii_uppercase().ends_with(" M"));
    let third = |position: &str| position.split_whitespace().nth(2)?.parse().ok();
    !is_measured && pieces.filter_map(third).any(is_height)
}

/// Hands on the feature of a row; the `start` of its nodes is the number of their column, from 1.
fn hand_on(table: &CsvTable, row: &[Cell], shapes: usize, feature: &mut dyn FnMut(RawFeature<'_>)) {
    let place = |column: usize| {
        let cell = row.get(column.saturating_sub(1));
        cell.map_or(Location { line: 0, column: 0 }, |cell| Location { line: cell.line, column: cell.column })
    };
    let mut properties = Vec::with_capacity(row.len());
    for (at, ((name, _), cell)) in table.header.iter().zip(row).enumerate().filter(|(at, _)| *at != shapes) {
        let at = at + 1;
        let data = if cell.text.is_empty() { Data::Null } else { Data::Scalar(cell.text.as_str().into()) };
        properties.push((Node::scalar(name.as_str(), at, at), Node { data, start: at, end: at }));
    }
    let nothing = || RawShape::new(Kind::Polygon);
    let text = row.get(shapes).map_or("", |cell| cell.text.as_str());
    let (shape, geometry) = match wkt::read(text) {
        _ if text.is_empty() => (nothing(), RawGeometry::None),
        Ok(shape) if shape.is_void() => (shape, RawGeometry::None),
        Ok(shape) => (shape, RawGeometry::Shape),
        Err(error) => {
            let why = error.to_string();
            let bad = text!(en: "what should be a shape is {why}", zh: "几何列的值不是 WKT 图形（{why}）");
            (nothing(), RawGeometry::Bad(bad, shapes + 1))
        }
    };
    feature(RawFeature {
        location: place(1),
        locate: &place,
        id: None,
        properties: &properties,
        geometry,
        shape: &shape,
    });
}
