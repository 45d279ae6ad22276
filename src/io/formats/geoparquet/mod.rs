//! GeoParquet, a batch of rows at a time: shapes in well-known binary or as lists of positions, any compression.
//!
//! Columns that hold no properties (boxes, other geometries, bytes), or none that are of use, are not read from the file.

mod metadata;
mod pages;
mod shapes;
mod values;

use arrow_array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;

use super::wkb::WkbReader;
use super::{RawFeature, Rest, Source, curves_drawn};
use crate::geometry::Kind;
use crate::geometry::validity::RawShape;
use crate::io::error::Cause;
use crate::io::limits::{FEATURES, PROPERTIES};
use crate::io::node::{Data, Node};
use crate::source::Location;
use crate::text;
use metadata::{GeometryColumn, geometry_column};
use shapes::Shapes;

/// Rows that are held at a time.
const BATCH: usize = 1_024;

/// Reads all rows in order, as far as they can be read.
///
/// # Errors
/// If it is no GeoParquet or its description is damaged.
pub(super) fn read(source: &Source<'_>, feature: &mut dyn FnMut(RawFeature<'_>)) -> Result<Rest, Cause> {
    let file = source.workspace.open_file(source.path).map_err(|error| error.cause)?;
    // What a writer noted of its own types is not needed to read the values.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let broken = |error: ParquetError| {
        let why = crate::io::convert::shortened(&error.to_string());
        Cause::Broken(text!(en: "it is no Parquet, or breaks off ({why})", zh: "不是 Parquet 或文件不完整（{why}）"))
    };
    let metadata = ArrowReaderMetadata::load(&file, options).map_err(broken)?;
    // Texts and shapes are looked at where their page was unpacked to, not copied out of it.
    let options = ArrowReaderOptions::new().with_schema(values::as_views(metadata.schema()));
    let metadata = ArrowReaderMetadata::try_new(metadata.metadata().clone(), options).map_err(broken)?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
    let notes = builder.metadata().file_metadata().key_value_metadata();
    let geo = notes.into_iter().flatten().find(|note| note.key == "geo").and_then(|note| note.value.clone());
    let schema = builder.schema().clone();
    let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let (column, besides) = geometry_column(geo.as_deref(), &names, source.layer)?;
    let is_kept = |at: usize| {
        let field = schema.field(at);
        *field.name() == column.name || (values::is_read(field.data_type()) && !besides.contains(field.name()))
    };
    let kept: Vec<usize> = (0..names.len()).filter(|&at| is_kept(at)).take(PROPERTIES).collect();
    let read: Vec<usize> =
        kept.iter().copied().filter(|&at| names[at] == column.name || source.wants(&names[at])).collect();
    let shape = read.iter().position(|&at| names[at] == column.name).ok_or_else(|| misfit(&column))?;
    let announced = builder.metadata().file_metadata().num_rows();
    let roots = builder.parquet_schema();
    let rows = pages::rows_at_a_time(
        source.workspace.open_file(source.path).map_err(|error| error.cause)?,
        source.workspace.size(source.path).map_err(|error| error.cause)?,
        builder.metadata(),
        |leaf| leaf < roots.num_columns() && read.contains(&roots.get_column_root_idx(leaf)),
        BATCH,
    )?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), read.iter().copied());
    let batches = builder.with_projection(mask).with_batch_size(rows).build().map_err(|error| {
        let why = crate::io::convert::shortened(&error.to_string());
        Cause::Broken(text!(en: "its rows cannot be read ({why})", zh: "其数据行无法读取（{why}）"))
    })?;
    let declared = kept.iter().filter(|&&at| names[at] != column.name);
    let declared = declared.map(|&at| (names[at].clone(), Some(values::holds(schema.field(at).data_type())))).collect();
    let mut reader = Reader {
        names: kept.iter().map(|at| (names[*at].as_str(), read.iter().position(|one| one == at))).collect(),
        shape,
        count: 0,
        wkb: WkbReader::default(),
        raw: RawShape::new(Kind::Polygon),
        rest: Rest { crs: column.crs.clone(), encoding: "UTF-8", columns: declared, ..Rest::default() },
    };
    for batch in batches {
        match batch {
            Ok(batch) => {
                if !reader.rows(&batch, &column, feature)? {
                    break;
                }
            }
            Err(error) => {
                let why = crate::io::convert::shortened(&error.to_string());
                reader
                    .rest
                    .break_off(reader.count, &text!(en: "the file is damaged ({why})", zh: "文件已损坏（{why}）"));
                break;
            }
        }
    }
    if !reader.rest.lossy && i64::try_from(reader.count).is_ok_and(|count| count < announced) {
        reader.rest.break_off(
            reader.count,
            &text!(en: "the file announces {announced} rows", zh: "文件写明有 {announced} 行"),
        );
    }
    if reader.wkb.curved > 0 {
        reader.rest.remarks.push(curves_drawn(reader.wkb.curved));
    }
    reader.rest.heights += reader.wkb.heights;
    Ok(reader.rest)
}

fn misfit(column: &GeometryColumn) -> Cause {
    let name = crate::io::convert::shortened(&column.name);
    Cause::Broken(text!(
        en: "its geometry column `{name}` is not what its description says",
        zh: "其几何列“{name}”与说明不符"
    ))
}

struct Reader<'n> {
    /// The names of the columns, and which of those that are read each is.
    names: Vec<(&'n str, Option<usize>)>,
    /// Which of those that are read holds the shapes.
    shape: usize,
    count: u64,
    wkb: WkbReader,
    raw: RawShape,
    rest: Rest,
}

impl Reader<'_> {
    /// Hands on the rows of a batch; tells whether to go on.
    fn rows(
        &mut self,
        batch: &RecordBatch,
        column: &GeometryColumn,
        feature: &mut dyn FnMut(RawFeature<'_>),
    ) -> Result<bool, Cause> {
        let columns = batch.columns();
        let shapes = columns.get(self.shape).and_then(|array| Shapes::of(array, column.encoding));
        let shapes = shapes.ok_or_else(|| misfit(column))?;
        let (mut properties, mut read) = (Vec::with_capacity(self.names.len()), Vec::new());
        for (at, (name, from)) in self.names.iter().enumerate().filter(|(_, (_, from))| *from != Some(self.shape)) {
            let place = at + 1;
            if let Some(array) = from.and_then(|from| columns.get(from)) {
                read.push((properties.len(), values::Values::of(array), place));
            }
            properties.push((Node::scalar(*name, place, place), Node { data: Data::Null, start: place, end: place }));
        }
        for row in 0..batch.num_rows() {
            if self.count >= FEATURES as u64 {
                self.rest.break_off(
                    self.count,
                    &text!(en: "more than the limit of {FEATURES} features", zh: "要素超过 {FEATURES} 个的上限"),
                );
                return Ok(false);
            }
            self.count += 1;
            let record = u32::try_from(self.count).unwrap_or(u32::MAX);
            let geometry = shapes.read(row, &mut self.wkb, &mut self.raw);
            self.rest.heights += u64::from(shapes.has_heights(row));
            for (property, values, place) in &read {
                properties[*property].1.data = values.get(row, *place);
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
        Ok(true)
    }
}
