//! Shapefile: .shp, .shx, .dbf, .prj and .cpg of one table. Source: ESRI Shapefile Technical Description, July 1998.

use encoding_rs::Encoding;

use super::dbf::{Losses, dbf};
use super::{Written, clockwise};
use crate::diagnostic::Text;
use crate::geometry::{BoundingBox, Coord, Kind, Shape};
use crate::model::FeatureTable;
use crate::text;

const FILE_CODE: i32 = 9994;
const VERSION: i32 = 1000;
const HEAD: usize = 100;

/// Writes a table; one without shapes is a `.dbf` alone.
///
/// # Errors
/// If the format cannot hold it: 255 columns and 4 GB are its bounds.
pub(super) fn shapefile(table: &FeatureTable, encoding: &'static Encoding) -> Result<Written, Text> {
    let (cells, losses) = dbf(table, encoding)?;
    let mut files = Vec::new();
    if let Some(kind) = table.kind {
        let (shapes, index) = shapes(table, kind)?;
        files.extend([("shp", shapes), ("shx", index)]);
    }
    files.push(("dbf", cells));
    files.extend(table.crs.map(|crs| ("prj", crs.to_esri_wkt().into_bytes())));
    files.push(("cpg", encoding.name().to_uppercase().into_bytes()));
    Ok(Written { files, notes: notes(table, &losses, encoding) })
}

fn notes(table: &FeatureTable, losses: &Losses, encoding: &'static Encoding) -> Vec<Text> {
    let (name, mut notes) = (&table.name, Vec::new());
    if !losses.renamed.is_empty() {
        let renamed: Vec<String> = losses.renamed.iter().map(|(from, to)| format!("{from} → {to}")).collect();
        let renamed = renamed.join(", ");
        notes.push(text!(
            en: "names of columns have room for ten bytes in the Shapefile `{name}`: {renamed}",
            zh: "Shapefile“{name}”的字段名至多十个字节：{renamed}"
        ));
    }
    if losses.cut > 0 {
        let cut = losses.cut;
        notes.push(text!(
            en: "{cut} texts in the Shapefile `{name}` were cut to 254 bytes",
            zh: "Shapefile“{name}”中有 {cut} 个文本已截短为 254 字节"
        ));
    }
    if losses.rounded > 0 {
        let rounded = losses.rounded;
        notes.push(text!(
            en: "{rounded} numbers in the Shapefile `{name}` were rounded to what its columns hold",
            zh: "Shapefile“{name}”中有 {rounded} 个数值已按字段位数取整"
        ));
    }
    if losses.empty > 0 {
        let empty = losses.empty;
        notes.push(text!(
            en: "{empty} empty texts in the Shapefile `{name}` read back as no value: it knows no difference",
            zh: "Shapefile“{name}”中有 {empty} 个空文本，读回时为空值：该格式不作区分"
        ));
    }
    if losses.unknown > 0 {
        let (unknown, encoding) = (losses.unknown, encoding.name());
        notes.push(text!(
            en: "{unknown} characters in the Shapefile `{name}` are none of {encoding} and became question marks",
            zh: "Shapefile“{name}”中有 {unknown} 个字符不在 {encoding} 编码内，已写为问号"
        ));
    }
    notes
}

/// Returns the shapes and their index.
fn shapes(table: &FeatureTable, kind: Kind) -> Result<(Vec<u8>, Vec<u8>), Text> {
    let code = match kind {
        Kind::Point if table.is_single() => 1,
        Kind::Point => 8,
        Kind::Line => 3,
        Kind::Polygon => 5,
    };
    let (mut body, mut index) = (Vec::new(), Vec::new());
    let mut bounds = BoundingBox::EMPTY;
    for (number, row) in table.rows.iter().enumerate() {
        let record = match row.shape.as_ref().filter(|shape| !shape.is_empty()) {
            Some(shape) => {
                bounds = bounds.merged(&shape.view().bounds());
                record(shape, code)
            }
            None => 0i32.to_le_bytes().to_vec(),
        };
        let (at, length) = (words(table, HEAD + body.len())?, words(table, record.len())?);
        let number = i32::try_from(number + 1).map_err(|_| too_large(table))?;
        for number in [number, length] {
            body.extend(number.to_be_bytes());
        }
        for number in [at, length] {
            index.extend(number.to_be_bytes());
        }
        body.extend(record);
    }
    let shapes = [head(words(table, HEAD + body.len())?, code, &bounds), body].concat();
    let index = [head(words(table, HEAD + index.len())?, code, &bounds), index].concat();
    Ok((shapes, index))
}

/// Returns a length in 16-bit words, as the format counts.
fn words(table: &FeatureTable, bytes: usize) -> Result<i32, Text> {
    i32::try_from(bytes / 2).map_err(|_| too_large(table))
}

fn too_large(table: &FeatureTable) -> Text {
    let name = &table.name;
    text!(en: "`{name}` is larger than the 4 GB that a Shapefile holds", zh: "“{name}”超过 Shapefile 的 4 GB 上限")
}

fn head(words: i32, code: i32, bounds: &BoundingBox) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD);
    out.extend(FILE_CODE.to_be_bytes());
    out.resize(24, 0);
    out.extend(words.to_be_bytes());
    out.extend(VERSION.to_le_bytes());
    out.extend(code.to_le_bytes());
    push_box(&mut out, bounds);
    out.resize(HEAD, 0);
    out
}

fn push_box(out: &mut Vec<u8>, bounds: &BoundingBox) {
    let all = match bounds.is_empty() {
        true => [0.0; 4],
        false => [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y],
    };
    all.into_iter().for_each(|number| out.extend(number.to_le_bytes()));
}

fn record(shape: &Shape, code: i32) -> Vec<u8> {
    let mut out = code.to_le_bytes().to_vec();
    let view = shape.view();
    let position = |out: &mut Vec<u8>, coord: &Coord| {
        out.extend(coord.x.to_le_bytes());
        out.extend(coord.y.to_le_bytes());
    };
    if code == 1 {
        view.coords().iter().take(1).for_each(|coord| position(&mut out, coord));
        return out;
    }
    push_box(&mut out, &view.bounds());
    let rings: Vec<Vec<Coord>> = clockwise(shape).into_iter().flatten().collect();
    // Shapes count their coordinates in 32 bits, and whole records are checked against the format's bounds.
    let count = |out: &mut Vec<u8>, count: usize| out.extend((count as i32).to_le_bytes());
    if shape.kind() != Kind::Point {
        count(&mut out, rings.len());
    }
    count(&mut out, view.coords().len());
    if shape.kind() != Kind::Point {
        let mut start = 0;
        for ring in &rings {
            count(&mut out, start);
            start += ring.len();
        }
    }
    rings.iter().flatten().for_each(|coord| position(&mut out, coord));
    out
}
