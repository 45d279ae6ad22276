//! Shapefiles: shapes, table, index, coordinate system and encoding, side by side or in one archive.
//!
//! Gives the shapes with the rows of the table as they stand, record by record in one pass over each file. Written here and not taken
//! from a library because texts must keep what a number type loses, a deleted row its shape, and a length that lies its harmlessness.

mod charset;
mod dbf;
mod parts;
mod shp;

#[cfg(test)]
pub(super) mod tests;

use std::io::Read;
use std::path::Path;

use super::binary::Stream;
use super::{RawFeature, RawGeometry, Remark, Rest, Source, system};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Severity, Text};
use crate::geometry::Kind;
use crate::geometry::validity::RawShape;
use crate::io::error::Cause;
use crate::io::limits::FEATURES;
use crate::io::node::Node;
use crate::io::workspace::Workspace;
use crate::model::ColumnKind;
use crate::source::Location;
use crate::text;
use charset::{Charset, Trial};
use parts::Parts;
use shp::{Index, Rings, Step};

/// Returns the names of the Shapefiles in an archive.
///
/// # Errors
/// If it is no archive.
pub(super) fn layers(workspace: &Workspace, path: &Path) -> Result<Vec<String>, Cause> {
    parts::archived(workspace, path)
}

/// Reads all records in order, as far as they can be read.
///
/// # Errors
/// If there are no shapes, or the file beside them is none of a Shapefile.
pub(super) fn read(source: &Source<'_>, feature: &mut dyn FnMut(RawFeature<'_>)) -> Result<Rest, Cause> {
    let parts = Parts::find(source)?;
    let mut rest = Rest { crs: parts.small("prj")?, sha256: Some(parts.sha256()?), ..Rest::default() };
    let index = match parts.bytes("shx")? {
        Some(bytes) => Index::of(&bytes),
        None => None,
    };
    if index.is_none() {
        let text = text!(
            en: "the index (.shx) is missing or damaged: records were read as they follow each other",
            zh: "缺少索引文件（.shx）或其已损坏：按记录先后顺序读取"
        );
        rest.remarks.push(Remark::whole(&codes::SIDE_FILE, Severity::Note, text));
    }
    let contradicted = match &index {
        Some(index) => is_contradicted(&parts, index)?,
        None => false,
    };
    if contradicted {
        let text = text!(
            en: "the index (.shx) is damaged: it contradicts the shapes, of which as many follow each other as the table has rows; these were read",
            zh: "索引文件（.shx）已损坏：它与图形数据不符，而图形逐条相连，条数与属性表行数一致；已按图形数据读取"
        );
        rest.remarks.push(Remark::whole(&codes::SIDE_FILE, Severity::Warning, text));
    }
    let index = index.filter(|_| !contradicted);
    let charset = charset(&parts, source, &mut rest)?;
    rest.encoding = charset.map_or("", Charset::name);
    parts.with("dbf", |table| {
        let mut table = table.map(Stream::new);
        let header = match &mut table {
            Some(stream) => dbf::header(stream).map_err(system)?,
            None => None,
        };
        let table = table.zip(header).map(|(stream, header)| Table::new(stream, header, charset));
        if table.is_none() {
            rest.remarks.push(Remark::whole(&codes::SIDE_FILE, Severity::Error, no_table(parts.has("dbf"))));
        }
        if let Some(table) = &table {
            rest.columns = table.columns();
        }
        let mut reader =
            Reader { table, count: 0, given: 0, deleted: 0, raw: RawShape::new(Kind::Polygon), feature, rest };
        shapes(&parts, index, &mut reader)?;
        reader.finish().map_err(system)
    })
}

/// Tells whether an index that does not fit the table can be done without: the shapes themselves fit it.
fn is_contradicted(parts: &Parts<'_>, index: &Index) -> Result<bool, Cause> {
    let rows = parts.with("dbf", |table| match table {
        Some(table) => Ok(dbf::header(&mut Stream::new(table)).map_err(system)?.map(|header| header.rows)),
        None => Ok(None),
    })?;
    let Some(rows) = rows else { return Ok(false) };
    if index.in_order() && index.len() == rows as usize {
        return Ok(false);
    }
    let starts = parts.with("shp", |shapes| match shapes {
        Some(shapes) => shp::starts(Stream::new(shapes), rows).map_err(system),
        None => Ok(None),
    })?;
    Ok(starts.is_some_and(|starts| !index.fits(&starts)))
}

fn no_table(there: bool) -> Text {
    if there {
        text!(en: "the table (.dbf) is damaged: no feature has values", zh: "属性表（.dbf）已损坏：要素均无属性值")
    } else {
        text!(en: "the table (.dbf) is missing: no feature has values", zh: "缺少属性表（.dbf）：要素均无属性值")
    }
}

/// Hands all shapes to the reader.
fn shapes(parts: &Parts<'_>, index: Option<Index>, reader: &mut Reader<'_, '_>) -> Result<(), Cause> {
    let no_shapes = || {
        Cause::Broken(
            text!(en: "it is no Shapefile, or breaks off in its header", zh: "不是 Shapefile，或文件头不完整"),
        )
    };
    let mut rings = Rings::default();
    if let Some(index) = index.as_ref().filter(|index| !index.in_order()) {
        return parts.with_seek(|file| {
            let mut content = Vec::new();
            for start in index.starts() {
                let step = shp::record_at(file, start, &mut content).map_err(system)?;
                let geometry = match step {
                    Step::Record => reader.shape(&content, &mut rings),
                    Step::Broken | Step::End => broken_record(),
                };
                if !reader.take(geometry)? {
                    break;
                }
            }
            Ok(())
        });
    }
    parts.with("shp", |file| {
        let Some(file) = file else { return Err(no_shapes()) };
        let Some(mut records) = shp::records(Stream::new(file), index).map_err(system)? else {
            return Err(no_shapes());
        };
        loop {
            let geometry = match records.step().map_err(system)? {
                Step::Record => reader.shape(&records.content, &mut rings),
                Step::End => return Ok(()),
                Step::Broken => {
                    reader.broken();
                    return Ok(());
                }
            };
            if !reader.take(geometry)? {
                return Ok(());
            }
        }
    })
}

fn broken_record() -> RawGeometry {
    RawGeometry::Bad(text!(en: "the record cannot be read", zh: "记录无法读取"), 0)
}

/// Settles the encoding of the table; `None` where there is none.
fn charset(parts: &Parts<'_>, source: &Source<'_>, rest: &mut Rest) -> Result<Option<Charset>, Cause> {
    if let Some(label) = source.encoding {
        let known = Charset::known(label).ok_or_else(|| Cause::UnknownEncoding(label.to_owned()))?;
        return Ok(Some(known));
    }
    let stated = parts.small("cpg")?;
    if let Some(known) = stated.as_deref().and_then(Charset::known) {
        return Ok(Some(known));
    }
    let found = parts.with("dbf", |table| match table {
        Some(table) => try_encodings(table).map_err(system),
        None => Ok(None),
    })?;
    let Some((charset, guessed)) = found else { return Ok(None) };
    if guessed {
        let encoding = charset.name();
        let text = match stated {
            Some(stated) => {
                let stated = crate::io::convert::shortened(&stated);
                text!(
                    en: "the file beside the table names the encoding `{stated}`, which is none for a table: its texts were read as {encoding}",
                    zh: "编码文件（.cpg）写明“{stated}”，不是可用的编码：属性表按 {encoding} 读取"
                )
            }
            None => text!(
                en: "nothing states the encoding of the table, which was read as {encoding}; state `encoding` in the manifest if that is wrong",
                zh: "属性表没有写明编码，已按 {encoding} 读取；如有误，请在清单中写明 encoding"
            ),
        };
        rest.remarks.push(Remark::whole(&codes::ENCODING_GUESSED, Severity::Note, text));
    }
    Ok(Some(charset))
}

/// Finds the encoding of a table by its own byte, else by trying; tells whether it is a guess.
fn try_encodings(table: &mut dyn Read) -> std::io::Result<Option<(Charset, bool)>> {
    let mut stream = Stream::new(table);
    let Some(header) = dbf::header(&mut stream)? else { return Ok(None) };
    if let Some(known) = Charset::of_byte(header.language) {
        return Ok(Some((known, false)));
    }
    let mut trial = Trial::new();
    header.columns.iter().for_each(|column| trial.look(&column.name, column.name.len() >= 10));
    let texts: Vec<_> = header.columns.iter().filter(|column| column.is_text()).collect();
    while let Some(row) = header.row(&mut stream)? {
        for column in &texts {
            let bytes = column.bytes(row);
            trial.look(bytes, bytes.len() == column.width);
        }
    }
    Ok(Some(trial.finish()))
}

/// The table, row by row.
struct Table<'r> {
    stream: Stream<'r>,
    header: dbf::Header,
    charset: Charset,
    names: Vec<String>,
    rows: u64,
    /// Values that are no text of the encoding.
    damaged: u64,
}

impl<'r> Table<'r> {
    fn new(stream: Stream<'r>, header: dbf::Header, charset: Option<Charset>) -> Self {
        let charset = charset.unwrap_or_default();
        let name =
            |column: &dbf::Column| charset.text(&column.name, column.name.len().max(10), &mut 0).trim().to_owned();
        let names = header.columns.iter().map(name).collect();
        Table { stream, header, charset, names, rows: 0, damaged: 0 }
    }
}

impl Table<'_> {
    /// Returns the names of the columns and what they hold.
    fn columns(&self) -> Vec<(String, Option<ColumnKind>)> {
        let kinds = self.header.columns.iter().map(dbf::Column::holds);
        self.names.iter().cloned().zip(kinds.map(Some)).collect()
    }
}

/// Puts shapes and rows together.
struct Reader<'r, 'f> {
    table: Option<Table<'r>>,
    /// Shapes met.
    count: u64,
    /// Features given away.
    given: u64,
    deleted: u64,
    raw: RawShape,
    feature: &'f mut dyn FnMut(RawFeature<'_>),
    rest: Rest,
}

impl Reader<'_, '_> {
    /// Reads the shape in the content of a record into `raw`.
    fn shape(&mut self, content: &[u8], rings: &mut Rings) -> RawGeometry {
        self.rest.heights += u64::from(shp::has_heights(content));
        shp::shape(content, &mut self.raw, rings)
    }

    /// Hands on the feature of the next shape, whose coordinates are in `raw`; tells whether to go on.
    fn take(&mut self, geometry: RawGeometry) -> Result<bool, Cause> {
        if self.given >= FEATURES as u64 {
            let text = text!(en: "more than the limit of {FEATURES} features", zh: "要素超过 {FEATURES} 个的上限");
            self.rest.break_off(self.given, &text);
            return Ok(false);
        }
        self.count += 1;
        let record = u32::try_from(self.count).unwrap_or(u32::MAX);
        let mut properties: Vec<(Node<'_>, Node<'_>)> = Vec::new();
        if let Some(table) = &mut self.table
            && let Some(row) = table.header.row(&mut table.stream).map_err(system)?
        {
            table.rows += 1;
            if dbf::is_deleted(row) {
                self.deleted += 1;
                return Ok(true);
            }
            properties.reserve(table.names.len());
            for (at, (column, name)) in table.header.columns.iter().zip(&table.names).enumerate() {
                let at = at + 1;
                let value = column.value(row, at, &table.charset, &mut table.damaged);
                properties.push((Node::scalar(name.as_str(), at, at), value));
            }
        }
        self.given += 1;
        (self.feature)(RawFeature {
            location: Location { line: record, column: 0 },
            locate: &|column| Location { line: record, column: column as u32 },
            id: None,
            properties: &properties,
            geometry,
            shape: &self.raw,
        });
        Ok(true)
    }

    /// Books that the shapes break off.
    fn broken(&mut self) {
        let text = text!(en: "the shapes break off or are damaged here", zh: "图形数据在此中断或损坏");
        self.rest.break_off(self.given, &text);
    }

    /// Says what of the table does not fit.
    fn finish(mut self) -> std::io::Result<Rest> {
        let Some(mut table) = self.table.take() else { return Ok(self.rest) };
        let shapes = self.count;
        let mut rows = table.rows;
        let mut spare = 0u64;
        while !self.rest.lossy
            && rows < u64::from(table.header.rows)
            && let Some(row) = table.header.row(&mut table.stream)?
        {
            rows += 1;
            spare += u64::from(!dbf::is_deleted(row));
        }
        if spare > 0 {
            let text = text!(
                en: "the table has {rows} rows for {shapes} shapes: {spare} features have no shape and were left out",
                zh: "属性表有 {rows} 行，而图形只有 {shapes} 个：{spare} 个要素没有图形，已略去"
            );
            self.rest.remarks.push(Remark::whole(&codes::SIDE_FILE, Severity::Error, text));
            self.rest.lossy = true;
        } else if rows < shapes {
            let text = text!(
                en: "the table has {rows} rows for {shapes} shapes: the rest have no values",
                zh: "属性表有 {rows} 行，而图形有 {shapes} 个：其余要素没有属性值"
            );
            self.rest.remarks.push(Remark::whole(&codes::SIDE_FILE, Severity::Error, text));
        }
        if self.deleted > 0 {
            let deleted = self.deleted;
            let text = text!(
                en: "{deleted} features are marked as deleted in the table and were left out",
                zh: "属性表中有 {deleted} 个要素标记为已删除，已略去"
            );
            self.rest.remarks.push(Remark::whole(&codes::SIDE_FILE, Severity::Note, text));
        }
        if table.damaged > 0 {
            let (damaged, encoding) = (table.damaged, table.charset.name());
            let text = text!(
                en: "{damaged} values are no text in {encoding}; state the right `encoding` in the manifest",
                zh: "{damaged} 个值不是 {encoding} 编码的文本；请在清单中写明正确的 encoding"
            );
            self.rest.remarks.push(Remark::whole(&codes::WRONG_ENCODING, Severity::Error, text));
        }
        Ok(self.rest)
    }
}
