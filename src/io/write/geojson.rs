//! GeoJSON: one feature on each line, numbers in the shortest form that reads back as the same.

use serde_json::{Map, Value, json};

use crate::geometry::{Coord, Kind, Shape, ShapeRef};
use crate::model::{Cell, FeatureTable};

/// Writes a table. Coordinates in a plane are said to be so by the `crs` member that programs knew before 2016.
pub(super) fn geojson(table: &FeatureTable) -> Vec<u8> {
    let crs = match table.crs.filter(|crs| *crs != crate::geometry::crs::Crs::WGS84) {
        Some(crs) => {
            let urn = format!("urn:ogc:def:crs:EPSG::{}", crs.epsg());
            format!("\"crs\":{},", json!({ "type": "name", "properties": { "name": urn } }))
        }
        None => String::new(),
    };
    let mut out = format!("{{\"type\":\"FeatureCollection\",\"name\":{},{crs}\"features\":[", json!(table.name));
    for (at, row) in table.rows.iter().enumerate() {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        let mut properties = Map::new();
        for (column, cell) in table.columns.iter().zip(&row.cells) {
            properties.insert(column.name.clone(), value(cell));
        }
        let geometry = row.shape.as_ref().filter(|shape| !shape.is_empty()).map_or("null".to_owned(), geometry);
        out.push_str(&format!(
            "{{\"type\":\"Feature\",\"properties\":{},\"geometry\":{geometry}}}",
            Value::Object(properties)
        ));
    }
    out.push_str("\n]}\n");
    out.into_bytes()
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Integer(number) => json!(number),
        Cell::Number(number) => json!(number),
        Cell::Boolean(value) => json!(value),
    }
}

fn geometry(shape: &Shape) -> String {
    let view = shape.view();
    let single = view.parts().len() == 1;
    let part = |part: ShapeRef<'_>| match part.kind() {
        Kind::Point => part.coords().first().map(position).unwrap_or_default(),
        Kind::Line => list(part.coords().iter().map(position)),
        Kind::Polygon => list(part.rings().map(|ring| list(ring.iter().map(position)))),
    };
    let name = match shape.kind() {
        Kind::Point => "Point",
        Kind::Line => "LineString",
        Kind::Polygon => "Polygon",
    };
    let parts = view.parts().map(part);
    match single {
        true => format!("{{\"type\":\"{name}\",\"coordinates\":{}}}", parts.collect::<String>()),
        false => format!("{{\"type\":\"Multi{name}\",\"coordinates\":{}}}", list(parts)),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn position(coord: &Coord) -> String {
    format!("[{},{}]", coord.x, coord.y)
}
