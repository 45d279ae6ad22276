//! What a GeoParquet file says of its geometry columns.

use serde_json::Value;

use crate::geometry::crs::Crs;
use crate::io::error::Cause;
use crate::text;

/// How the shapes of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Well-known binary.
    Wkb,
    /// Lists of positions, so many deep, as GeoArrow has them.
    Points,
    /// Positions, lists of them, and so on.
    Lines(usize),
    /// Rings, and lists of polygons.
    Polygons(usize),
}

/// The geometry column that is read.
#[derive(Debug, PartialEq)]
pub(super) struct GeometryColumn {
    pub name: String,
    pub encoding: Encoding,
    /// The coordinate system that is stated or follows from nothing being stated; `None` for one that is declared unknown.
    pub crs: Option<String>,
}

/// The names that geometry columns have where nothing names them.
const USUAL: [&str; 4] = ["geometry", "geom", "wkb_geometry", "the_geom"];

/// Finds the geometry column: the one that is wanted, else the primary one. Returns the columns besides that hold no properties: other
/// geometries and boxes.
pub(super) fn geometry_column(
    geo: Option<&str>,
    columns: &[String],
    wanted: Option<&str>,
) -> Result<(GeometryColumn, Vec<String>), Cause> {
    let none = || {
        let wanted = wanted.map(|name| format!(" `{name}`")).unwrap_or_default();
        Cause::Broken(text!(
            en: "it has no geometry column{wanted}: it is a table, not GeoParquet",
            zh: "其中没有几何列{wanted}：这是普通表格，不是 GeoParquet"
        ))
    };
    let geo = match geo {
        Some(text) => serde_json::from_str::<Value>(text).map_err(|_| {
            Cause::Broken(
                text!(en: "its description of the geometry (`geo`) is no JSON", zh: "其几何说明（geo）不是 JSON"),
            )
        })?,
        None => {
            let usual =
                |name: &&String| wanted.map_or(USUAL.contains(&name.as_str()), |wanted| name.as_str() == wanted);
            let name = columns.iter().find(usual).ok_or_else(none)?.clone();
            return Ok((GeometryColumn { name, encoding: Encoding::Wkb, crs: None }, Vec::new()));
        }
    };
    let described = geo.get("columns").and_then(Value::as_object);
    let primary = geo.get("primary_column").and_then(Value::as_str);
    let name = wanted.or(primary).ok_or_else(none)?;
    let column = described.and_then(|columns| columns.get(name)).ok_or_else(none)?;
    let encoding = column.get("encoding").and_then(Value::as_str).unwrap_or("WKB");
    let encoding = match encoding.to_ascii_lowercase().trim_start_matches("geoarrow.") {
        "wkb" => Encoding::Wkb,
        "point" => Encoding::Points,
        "linestring" => Encoding::Lines(1),
        "multipoint" => Encoding::Lines(0),
        "multilinestring" => Encoding::Lines(2),
        "polygon" => Encoding::Polygons(2),
        "multipolygon" => Encoding::Polygons(3),
        other => {
            let other = crate::io::convert::shortened(other);
            return Err(Cause::Broken(text!(
                en: "its shapes are written as `{other}`, which is not read; write them as WKB",
                zh: "其图形编码为“{other}”，不能读取；请改为 WKB"
            )));
        }
    };
    let mut besides: Vec<String> = described.iter().flat_map(|columns| columns.keys()).cloned().collect();
    besides.extend(described.iter().flat_map(|columns| columns.values()).filter_map(box_of));
    Ok((GeometryColumn { name: name.to_owned(), encoding, crs: crs_of(column.get("crs")) }, besides))
}

/// Returns the column that holds the boxes of a geometry column.
fn box_of(column: &Value) -> Option<String> {
    Some(column.pointer("/covering/bbox/xmin/0")?.as_str()?.to_owned())
}

/// Returns the coordinate system: longitude and latitude where nothing is said, as the format has it; the code of a definition, else
/// the definition.
fn crs_of(stated: Option<&Value>) -> Option<String> {
    let text = match stated {
        None => return Some("OGC:CRS84".to_owned()),
        Some(Value::Null) => return None,
        // Files before version 1 have well-known text.
        Some(Value::String(text)) => return Some(text.clone()),
        Some(definition) => definition,
    };
    let part =
        |name: &str| text.pointer(name).map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned));
    let by_code = part("/id/authority").zip(part("/id/code")).map(|(authority, code)| format!("{authority}:{code}"));
    Some(by_code.filter(|name| Crs::parse(name).is_ok()).unwrap_or_else(|| text.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(geo: Option<&str>, wanted: Option<&str>) -> Result<(GeometryColumn, Vec<String>), String> {
        let columns = ["id", "geometry"].map(str::to_owned);
        geometry_column(geo, &columns, wanted).map_err(|cause| match cause {
            Cause::Broken(text) => text.en,
            other => format!("{other}"),
        })
    }

    #[test]
    fn the_primary_column_is_read_and_its_system_settled() {
        let geo = |column: &str| {
            format!(
                r#"{{"version":"1.1.0","primary_column":"g","columns":{{"g":{column},"h":{{"encoding":"point"}}}}}}"#
            )
        };
        let crs = |column: &str| told(Some(&geo(column)), None).unwrap().0.crs;
        assert_eq!(crs(r#"{"encoding":"WKB"}"#).as_deref(), Some("OGC:CRS84"));
        assert_eq!(crs(r#"{"encoding":"WKB","crs":null}"#), None);
        assert_eq!(
            crs(r#"{"encoding":"WKB","crs":{"id":{"authority":"EPSG","code":4527}}}"#).as_deref(),
            Some("EPSG:4527")
        );
        assert_eq!(
            crs(r#"{"encoding":"WKB","crs":{"name":"X","id":{"authority":"FOO","code":1}}}"#).as_deref(),
            Some(r#"{"name":"X","id":{"authority":"FOO","code":1}}"#)
        );
        let (column, besides) =
            told(Some(&geo(r#"{"encoding":"multipolygon","covering":{"bbox":{"xmin":["box","xmin"]}}}"#)), None)
                .unwrap();
        assert_eq!((column.encoding, besides), (Encoding::Polygons(3), vec!["g".to_owned(), "h".into(), "box".into()]));
        assert_eq!(told(Some(&geo("{}")), Some("h")).unwrap().0.encoding, Encoding::Points);
        assert!(told(Some(&geo(r#"{"encoding":"svg"}"#)), None).unwrap_err().contains("`svg`"));
    }

    #[test]
    fn a_table_without_description_has_a_geometry_by_name_or_none() {
        assert_eq!(
            told(None, None).unwrap().0,
            GeometryColumn { name: "geometry".into(), encoding: Encoding::Wkb, crs: None }
        );
        assert!(told(None, Some("x")).unwrap_err().contains("no geometry column `x`"));
        assert!(told(Some("{"), None).unwrap_err().contains("no JSON"));
        assert!(told(Some("{}"), None).is_err());
    }
}
