//! GeoPackage: one layer of an SQLite database, row by row.
//!
//! Layers are what `gpkg_geometry_columns` lists, views among them. The R-tree is not used: all rows are read.

mod database;

#[cfg(test)]
pub(super) mod tests;

use std::path::Path;

use rusqlite::OptionalExtension;
use rusqlite::types::ValueRef;

use super::wkb::WkbReader;
use super::{Held, RawFeature, RawGeometry, Remark, Rest, Source, choose, curves_drawn};
use crate::diagnostic::Severity;
use crate::diagnostic::codes::issue as codes;
use crate::geometry::Kind;
use crate::geometry::crs::Crs;
use crate::geometry::validity::RawShape;
use crate::io::error::Cause;
use crate::io::limits::{FEATURES, PROPERTIES};
use crate::io::node::{Data, Node};
use crate::io::workspace::Workspace;
use crate::model::ColumnKind;
use crate::source::Location;
use crate::text;
use database::{Database, quoted, refused, why};

/// How many times the bytes of its file a layer may come to: a view may repeat what is there, within reason.
const REPEATED: u64 = 20;

/// The bytes that any layer may come to.
const FREE: u64 = 16 << 20;

/// Reads all rows of a layer in order, as far as they can be read.
///
/// # Errors
/// If it is no GeoPackage, or which layer is meant cannot be told.
pub(super) fn read(source: &Source<'_>, feature: &mut dyn FnMut(RawFeature<'_>)) -> Result<Rest, Cause> {
    let path = source.workspace.resolve(source.path).map_err(|error| error.cause)?;
    let size = std::fs::metadata(&path).map_or(0, |data| data.len());
    let database = Database::open(&path).map_err(|error| refused(&error))?;
    let layer = Layer::find(&database, source)?;
    let mut rest = Rest { encoding: "UTF-8", ..Rest::default() };
    rest.crs = layer.crs(&database, &mut rest.remarks)?;
    if has_journal(source) {
        let text = text!(
            en: "a journal (-wal) lies beside the file: what was changed last stands there and was not read; close the GeoPackage in the program that has it open, and hand it in anew",
            zh: "文件旁有日志（-wal）：最近的修改在日志中，未读取；请在打开它的软件中关闭该 GeoPackage 后重新提交"
        );
        rest.remarks.push(Remark::whole(&codes::BROKEN_RECORD, Severity::Error, text));
        rest.lossy = true;
    }
    let mut reader = Reader {
        wkb: WkbReader::default(),
        raw: RawShape::new(Kind::Polygon),
        count: 0,
        left: FREE.saturating_add(size.saturating_mul(REPEATED)),
        rest,
    };
    reader.rows(source, &database, &layer, feature)?;
    if reader.wkb.curved > 0 {
        reader.rest.remarks.push(curves_drawn(reader.wkb.curved));
    }
    reader.rest.heights += reader.wkb.heights;
    Ok(reader.rest)
}

/// Returns the names of a file's layers.
///
/// # Errors
/// If it is no GeoPackage.
pub(super) fn layers(workspace: &Workspace, path: &Path) -> Result<Vec<String>, Cause> {
    let path = workspace.resolve(path).map_err(|error| error.cause)?;
    let database = Database::open(&path).map_err(|error| refused(&error))?;
    Ok(Layer::all(&database)?.into_iter().map(|layer| layer.table).collect())
}

/// Tells whether changes lie in a journal beside the file.
fn has_journal(source: &Source<'_>) -> bool {
    let mut name = source.path.as_os_str().to_owned();
    name.push("-wal");
    source.workspace.head(std::path::Path::new(&name), 1).is_ok_and(|bytes| !bytes.is_empty())
}

/// A layer of the database.
struct Layer {
    table: String,
    column: String,
    srs: Option<i64>,
    /// What the table of contents says instead, where the two differ.
    other_srs: Option<i64>,
}

impl Layer {
    /// Returns all layers in the order of the table of contents.
    fn all(database: &Database) -> Result<Vec<Self>, Cause> {
        let ask = |sql: &str| -> rusqlite::Result<Vec<Layer>> {
            let mut statement = database.connection().prepare(sql)?;
            let rows = statement.query_map([], |row| {
                let (srs, contents): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
                let other_srs = contents.filter(|other| srs.is_some() && srs != Some(*other));
                Ok(Layer { table: row.get(0)?, column: row.get(1)?, srs: srs.or(contents), other_srs })
            })?;
            rows.collect()
        };
        let is_missing = |error: &rusqlite::Error| error.to_string().contains("no such table");
        let found = ask("SELECT g.table_name, g.column_name, g.srs_id, c.srs_id FROM gpkg_geometry_columns g \
             LEFT JOIN gpkg_contents c ON lower(c.table_name) = lower(g.table_name) ORDER BY g.rowid")
        .or_else(|error| match is_missing(&error) {
            true => ask("SELECT table_name, column_name, srs_id, NULL FROM gpkg_geometry_columns ORDER BY rowid"),
            false => Err(error),
        });
        found.map_err(|error| match is_missing(&error) {
            true => Cause::Broken(text!(
                en: "it is an SQLite database and no GeoPackage: it lists no layers",
                zh: "这是 SQLite 数据库，不是 GeoPackage：其中没有图层目录"
            )),
            false => refused(&error),
        })
    }

    /// Finds the one layer, or the one that is named.
    fn find(database: &Database, source: &Source<'_>) -> Result<Self, Cause> {
        let mut layers = Layer::all(database)?;
        let held: Vec<String> = layers.iter().map(|layer| layer.table.clone()).collect();
        let answers = |layer: &Layer, exact: bool| match source.layer {
            None => true,
            Some(wanted) => layer.table == wanted || (!exact && layer.table.to_lowercase() == wanted.to_lowercase()),
        };
        let exact = layers.iter().any(|layer| answers(layer, true));
        layers.retain(|layer| answers(layer, exact));
        match <[Layer; 1]>::try_from(layers) {
            Ok([layer]) => Ok(layer),
            Err(_) => Err(choose(source, Held::Layers, &held.iter().map(String::as_str).collect::<Vec<_>>())),
        }
    }

    /// Returns the column of its table that is the number of the row.
    fn key(&self, database: &Database) -> Option<String> {
        let sql = "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 AND upper(type) = 'INTEGER'";
        let mut statement = database.connection().prepare(sql).ok()?;
        let names = statement.query_map([&self.table], |row| row.get(0)).ok()?;
        match names.collect::<rusqlite::Result<Vec<String>>>().ok()?.as_mut_slice() {
            [name] => Some(std::mem::take(name)),
            _ => None,
        }
    }

    /// Returns the coordinate system: its code, else its definition; `None` where the database says that it is unknown.
    fn crs(&self, database: &Database, remarks: &mut Vec<Remark>) -> Result<Option<String>, Cause> {
        let Some(srs) = self.srs else { return Ok(None) };
        if let Some(other) = self.other_srs {
            let text = text!(
                en: "the database states two coordinate systems for the layer, {srs} and {other}: {srs}, that of its geometry column, was followed",
                zh: "数据库为该图层写明了两个坐标系 {srs} 和 {other}：按几何列的 {srs} 读取"
            );
            remarks.push(Remark::whole(&codes::CRS_NOT_STATED, Severity::Warning, text));
        }
        // 0 and -1 stand for degrees and metres of nobody knows where.
        if srs <= 0 {
            return Ok(None);
        }
        let sql =
            "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
        let known = database.connection().query_row(sql, [srs], |row| {
            let text = |at: usize| row.get_ref(at).map(|value| value.as_str().unwrap_or_default().to_owned());
            Ok((text(0)?, row.get::<_, Option<i64>>(1)?, text(2)?))
        });
        let Some((organization, code, definition)) = known.optional().map_err(|error| refused(&error))? else {
            // A number that the database does not explain is nearly always that of EPSG.
            return Ok(Some(format!("EPSG:{srs}")));
        };
        let by_code = code.filter(|_| organization.eq_ignore_ascii_case("epsg")).map(|code| format!("EPSG:{code}"));
        let defined = Some(definition).filter(|text| text.contains('[') || text.contains('{'));
        let is_known = |name: &String| Crs::parse(name).is_ok();
        Ok(by_code.clone().filter(is_known).or(defined).or(by_code))
    }
}

struct Reader {
    wkb: WkbReader,
    raw: RawShape,
    count: usize,
    /// The bytes that the layer may still come to.
    left: u64,
    rest: Rest,
}

impl Reader {
    fn rows(
        &mut self,
        source: &Source<'_>,
        database: &Database,
        layer: &Layer,
        feature: &mut dyn FnMut(RawFeature<'_>),
    ) -> Result<(), Cause> {
        let sql = format!("SELECT * FROM {}", quoted(&layer.table));
        let mut statement = database.connection().prepare(&sql).map_err(|error| refused(&error))?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let kinds: Vec<bool> = statement.columns().map(|column| is_bool(column.decl_type())).collect();
        let declared = statement.columns().map(|column| column.decl_type().and_then(holds)).collect::<Vec<_>>();
        let Some(shape) = names.iter().position(|name| name.eq_ignore_ascii_case(&layer.column)) else {
            let column = crate::io::convert::shortened(&layer.column);
            return Err(Cause::Broken(text!(
                en: "its layer has no column `{column}`, where its shapes should stand",
                zh: "图层没有“{column}”列，而图形应在该列"
            )));
        };
        let wanted: Vec<bool> = names.iter().map(|name| source.wants(name)).collect();
        let columns = names.iter().cloned().zip(declared).enumerate().filter(|(at, _)| *at != shape);
        self.rest.columns = columns.map(|(_, column)| column).collect();
        self.rest.key = layer.key(database);
        let watch = database.watch();
        let mut rows = statement.query([]).map_err(|error| refused(&error))?;
        loop {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(()),
                Err(error) if self.count == 0 => return Err(refused(&error)),
                Err(error) => {
                    self.rest.break_off(self.count as u64, &why(&error));
                    return Ok(());
                }
            };
            watch.row();
            if self.count >= FEATURES {
                self.rest.break_off(
                    self.count as u64,
                    &text!(en: "more than the limit of {FEATURES} features", zh: "要素超过 {FEATURES} 个的上限"),
                );
                return Ok(());
            }
            let mut properties = Vec::with_capacity(names.len());
            let mut geometry = RawGeometry::None;
            let mut size = 0u64;
            for (at, name) in names.iter().enumerate().take(PROPERTIES) {
                // What nobody asks for is not taken out of the row.
                let value = match at == shape || wanted[at] {
                    true => row.get_ref(at).map_err(|error| refused(&error))?,
                    false => ValueRef::Null,
                };
                size += match value {
                    ValueRef::Blob(bytes) | ValueRef::Text(bytes) => bytes.len() as u64,
                    ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => 8,
                };
                if at == shape {
                    geometry = self.geometry(value);
                } else {
                    properties.push((Node::scalar(name.as_str(), at + 1, at + 1), node(value, kinds[at], at + 1)));
                }
            }
            if size > self.left {
                self.rest.break_off(
                    self.count as u64,
                    &text!(
                        en: "the layer comes to far more than the file holds",
                        zh: "图层内容远超文件本身的大小"
                    ),
                );
                return Ok(());
            }
            self.left -= size;
            self.count += 1;
            let record = self.count as u32;
            feature(RawFeature {
                location: Location { line: record, column: 0 },
                locate: &|column| Location { line: record, column: column as u32 },
                id: None,
                properties: &properties,
                geometry,
                shape: &self.raw,
            });
        }
    }

    /// Reads a shape: a head with flags and perhaps a box, and well-known binary behind it.
    fn geometry(&mut self, value: ValueRef<'_>) -> RawGeometry {
        let bad = |text| RawGeometry::Bad(text, 0);
        let bytes = match value {
            ValueRef::Null => return RawGeometry::None,
            ValueRef::Blob(bytes) => bytes,
            ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) => {
                return bad(text!(en: "what should be a shape is none", zh: "几何列的值不是图形"));
            }
        };
        let [b'G', b'P', _, flags, _, _, _, _, rest @ ..] = bytes else {
            // Some programs leave the head away.
            return self.wkb.read(bytes, &mut self.raw);
        };
        if flags & 0x20 != 0 {
            return bad(text!(en: "the shape is of a vendor's own type", zh: "图形是厂商扩展类型"));
        }
        let envelope = match (flags >> 1) & 7 {
            0 => 0,
            1 => 32,
            2 | 3 => 48,
            4 => 64,
            _ => return bad(text!(en: "the head of the shape is damaged", zh: "图形头已损坏")),
        };
        match rest.get(envelope..) {
            _ if flags & 0x10 != 0 => RawGeometry::None,
            Some(shape) => self.wkb.read(shape, &mut self.raw),
            None => bad(text!(en: "the shape breaks off", zh: "图形数据不完整")),
        }
    }
}

/// Returns what the values of a column of a declared type are; `None` for a type that the format does not have.
fn holds(declared: &str) -> Option<ColumnKind> {
    let name = declared.split('(').next().unwrap_or(declared).trim().to_ascii_uppercase();
    Some(match &*name {
        "BOOLEAN" => ColumnKind::Boolean,
        "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "INTEGER" => ColumnKind::Integer,
        "FLOAT" | "DOUBLE" | "REAL" => ColumnKind::Number,
        "DATE" => ColumnKind::Date,
        "TEXT" | "DATETIME" => ColumnKind::Text,
        _ => return None,
    })
}

fn is_bool(declared: Option<&str>) -> bool {
    declared.is_some_and(|declared| declared.eq_ignore_ascii_case("boolean"))
}

/// Returns a value as text; bytes are none.
fn node<'r>(value: ValueRef<'r>, is_bool: bool, at: usize) -> Node<'r> {
    let data = match value {
        ValueRef::Null | ValueRef::Blob(_) => Data::Null,
        ValueRef::Integer(number @ (0 | 1)) if is_bool => {
            Data::Scalar(if number == 1 { "true" } else { "false" }.into())
        }
        ValueRef::Integer(number) => Data::Scalar(number.to_string().into()),
        ValueRef::Real(number) => super::number(number),
        ValueRef::Text(text) => Data::Scalar(String::from_utf8_lossy(text)),
    };
    Node { data, start: at, end: at }
}
