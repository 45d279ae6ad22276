//! GeoPackage 1.3: all tables in one file, with their styles for QGIS. Source: OGC 12-128r18.
//!
//! The database is made in memory. Nothing of a table is put into SQL but names, quoted; values are bound.

use std::collections::HashSet;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};

use super::style::qml;
use super::unique;
use super::wkb::geopackage_blob;
use crate::diagnostic::Text;
use crate::geometry::{BoundingBox, Kind};
use crate::model::{Cell, ColumnKind, FeatureTable, Row};
use crate::text;

/// `GPKG` in the head of the file.
const APPLICATION: i32 = 0x4750_4B47;
/// Version 1.3.
const VERSION: i32 = 10_300;
/// The format asks for a time of change; the same result is to be the same bytes.
const CHANGED: &str = "1970-01-01T00:00:00.000Z";
/// The system of coordinates that are in none that is known.
const UNDEFINED: i32 = -1;

const SCHEMA: &str = "
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE,
  min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
";

/// QGIS looks for styles in this table, which it calls by this name and these columns.
const STYLES: &str = "
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
  description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
";

/// Writes tables as the layers of one GeoPackage.
///
/// # Errors
/// If the database cannot be made: more columns than it holds, or no memory.
pub fn geopackage(tables: &[FeatureTable]) -> Result<Vec<u8>, Text> {
    database(tables)
        .map_err(|error| text!(en: "cannot make the GeoPackage: {error}", zh: "无法生成 GeoPackage：{error}"))
}

fn database(tables: &[FeatureTable]) -> rusqlite::Result<Vec<u8>> {
    let mut database = Connection::open_in_memory()?;
    database.pragma_update(None, "application_id", APPLICATION)?;
    database.pragma_update(None, "user_version", VERSION)?;
    let work = database.transaction()?;
    work.execute_batch(SCHEMA)?;
    let mut systems: Vec<_> = tables.iter().filter_map(|table| table.crs).collect();
    systems.push(crate::geometry::crs::Crs::WGS84);
    systems.sort_by_key(|crs| crs.epsg());
    systems.dedup();
    for crs in systems {
        let code = crs.epsg();
        work.execute(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, 'EPSG', ?2, ?3, NULL)",
            params![crs.name(), code, crs.to_wkt()],
        )?;
    }
    let (mut layers, mut names) = (Vec::new(), Vec::new());
    for table in tables {
        let name = unique(&plain(&table.name, "layer"), &mut names, |name, tail| format!("{name}{tail}"));
        layers.push((table, layer(&work, table, &name)?, name));
    }
    if tables.iter().any(|table| table.style.is_some()) {
        work.execute_batch(STYLES)?;
        let described = "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change)
                         VALUES ('layer_styles', 'attributes', 'layer_styles', ?1)";
        work.execute(described, [CHANGED])?;
        for (table, geometry, name) in &layers {
            let (Some(style), Some(geometry), Some(kind)) = (&table.style, geometry, table.kind) else { continue };
            work.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
                   styleSLD, useAsDefault, description, owner, update_time) VALUES ('', '', ?1, ?2, 'guiju', ?3, '', 1, ?4, '', ?5)",
                params![name, geometry, qml(style, kind), format!("{} {}", table.title.zh, table.title.en), CHANGED],
            )?;
        }
    }
    work.commit()?;
    Ok(database.serialize("main")?.to_vec())
}

/// Makes the table of a layer and fills it; gives the name of its column of shapes.
fn layer(work: &Connection, table: &FeatureTable, name: &str) -> rusqlite::Result<Option<String>> {
    let fit = |name: &str, tail: &str| format!("{name}{tail}");
    let mut taken = Vec::new();
    // A column of keys that came from a GeoPackage stays its key.
    let own_key = table.columns.iter().position(|column| column.name == "fid").filter(|at| is_key(table, *at));
    let kept: Vec<usize> = (0..table.columns.len()).filter(|at| Some(*at) != own_key).collect();
    let columns: Vec<String> =
        kept.iter().map(|&at| unique(&plain(&table.columns[at].name, "field"), &mut taken, fit)).collect();
    let key = unique("fid", &mut taken, fit);
    let geometry = table.kind.map(|_| unique("geom", &mut taken, fit));
    let srs = table.crs.map_or(UNDEFINED, |crs| crs.epsg() as i32);
    let single = table.is_single();
    let kind = match table.kind {
        Some(Kind::Point) if single => "POINT",
        Some(Kind::Point) => "MULTIPOINT",
        Some(Kind::Line) => "MULTILINESTRING",
        Some(Kind::Polygon) | None => "MULTIPOLYGON",
    };
    let mut made = vec![format!("{} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", quoted(&key))];
    made.extend(geometry.iter().map(|geometry| format!("{} {kind}", quoted(geometry))));
    made.extend(columns.iter().zip(&kept).map(|(name, &at)| {
        let kind = match table.columns[at].kind {
            ColumnKind::Text => "TEXT",
            ColumnKind::Integer => "INTEGER",
            ColumnKind::Number => "REAL",
            ColumnKind::Boolean => "BOOLEAN",
            ColumnKind::Date => "DATE",
        };
        format!("{} {kind}", quoted(name))
    }));
    work.execute_batch(&format!("CREATE TABLE {} ({})", quoted(name), made.join(", ")))?;
    let shapes = table.rows.iter().filter_map(|row| row.shape.as_ref());
    let bounds = shapes.fold(BoundingBox::EMPTY, |all, shape| all.merged(&shape.view().bounds()));
    let edge = |number: f64| (!bounds.is_empty() && geometry.is_some()).then_some(number);
    work.execute(
        "INSERT INTO gpkg_contents VALUES (?1, ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            name,
            if geometry.is_some() { "features" } else { "attributes" },
            description(table),
            CHANGED,
            edge(bounds.min.x),
            edge(bounds.min.y),
            edge(bounds.max.x),
            edge(bounds.max.y),
            geometry.is_some().then_some(srs),
        ],
    )?;
    if let Some(geometry) = &geometry {
        work.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, ?3, ?4, 0, 0)",
            params![name, geometry, kind, srs],
        )?;
    }
    let marks = vec!["?"; columns.len() + 1 + usize::from(geometry.is_some())].join(", ");
    let mut insert = work.prepare(&format!("INSERT INTO {} VALUES ({marks})", quoted(name)))?;
    for row in &table.rows {
        let shape = geometry.is_some().then(|| shape(row, single, srs));
        let key = own_key.map_or(Sql::Null, |at| value(&row.cells[at]));
        let cells = kept.iter().map(|&at| value(&row.cells[at]));
        insert.execute(params_from_iter(std::iter::once(key).chain(shape).chain(cells)))?;
    }
    Ok(geometry)
}

/// Returns what the layer holds, for people: in both languages, where they differ.
fn description(table: &FeatureTable) -> String {
    let Text { en, zh } = &table.title;
    if en == zh { en.clone() } else { format!("{zh} {en}") }
}

/// Tells whether a column holds a whole number for each row, and each once.
fn is_key(table: &FeatureTable, at: usize) -> bool {
    let mut met = HashSet::new();
    table.rows.iter().all(|row| matches!(row.cells[at], Cell::Integer(number) if met.insert(number)))
}

fn shape(row: &Row, single: bool, srs: i32) -> Sql {
    let shape = row.shape.as_ref().filter(|shape| !shape.is_empty());
    shape.map_or(Sql::Null, |shape| Sql::Blob(geopackage_blob(shape, single, srs)))
}

fn value(cell: &Cell) -> Sql {
    match cell {
        Cell::Null => Sql::Null,
        Cell::Text(text) => Sql::Text(text.clone()),
        Cell::Integer(number) => Sql::Integer(*number),
        Cell::Number(number) => Sql::Real(*number),
        Cell::Boolean(value) => Sql::Integer(i64::from(*value)),
    }
}

/// Returns a name as SQL takes it whatever it holds.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns a name without what SQL cannot hold, and not one of those that the format or the database keeps for itself.
fn plain(name: &str, fallback: &str) -> String {
    let kept: String = name.chars().filter(|letter| !letter.is_control()).collect();
    let lower = kept.to_ascii_lowercase();
    let reserved =
        ["gpkg_", "sqlite_", "rtree_"].iter().any(|start| lower.starts_with(start)) || lower == "layer_styles";
    match () {
        () if kept.trim().is_empty() => fallback.to_owned(),
        () if reserved => format!("_{kept}"),
        () => kept,
    }
}
