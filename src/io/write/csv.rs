//! CSV: a line of names, a line a feature; shapes as well-known text in a column `WKT`.

use encoding_rs::Encoding;

use super::dbf::encoded;
use super::{Written, unique};
use crate::diagnostic::Text;
use crate::geometry::wkt;
use crate::model::{Cell, FeatureTable};
use crate::text;

/// What tells spreadsheets that a text is UTF-8.
const MARK: &str = "\u{feff}";

/// Writes a table.
///
/// # Errors
/// None that is known: the writer goes to memory.
pub(super) fn csv(table: &FeatureTable, encoding: &'static Encoding) -> Result<Written, Text> {
    let mut out = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    let mut taken: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let shapes = table.kind.map(|_| unique("WKT", &mut taken, |name, tail| format!("{name}{tail}")));
    let mut marked = 0u64;
    let mut harmless = |text: &str| {
        let (text, is_marked) = harmless(text);
        marked += u64::from(is_marked);
        text
    };
    let names: Vec<String> = table.columns.iter().map(|column| harmless(&column.name)).collect();
    let mut written = out.write_record(names.iter().chain(&shapes));
    for row in &table.rows {
        let cells = row.cells.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            Cell::Null | Cell::Integer(_) | Cell::Number(_) | Cell::Boolean(_) => cell.text().unwrap_or_default(),
        });
        let shape =
            shapes.as_ref().map(|_| row.shape.as_ref().map(|shape| wkt::write(shape.view())).unwrap_or_default());
        written = written.and_then(|()| out.write_record(cells.chain(shape)));
    }
    let failed = |error: &dyn std::fmt::Display| text!(en: "cannot write CSV: {error}", zh: "无法写出 CSV：{error}");
    written.map_err(|error| failed(&error))?;
    let bytes = out.into_inner().map_err(|error| failed(&error))?;
    let lines = String::from_utf8(bytes).map_err(|error| failed(&error))?;
    let mark = if encoding == encoding_rs::UTF_8 { MARK } else { "" };
    let mut unknown = 0;
    let bytes = encoded(&format!("{mark}{lines}"), encoding, &mut unknown);
    let mut made = Written::one("csv", bytes);
    if unknown > 0 {
        let encoding = encoding.name();
        made.notes.push(text!(
            en: "{unknown} characters are none of {encoding} and became question marks",
            zh: "有 {unknown} 个字符不在 {encoding} 编码内，已写为问号"
        ));
    }
    if marked > 0 {
        let name = &table.name;
        made.notes.push(text!(
            en: "{marked} texts of `{name}` that a spreadsheet would take for formulas have an apostrophe in front",
            zh: "“{name}”中有 {marked} 个文本会被电子表格当作公式，已在前面加撇号"
        ));
    }
    Ok(made)
}

/// Returns a text that no spreadsheet takes for a formula, and whether it had to be made so.
fn harmless(text: &str) -> (String, bool) {
    let starts = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    (if starts { format!("'{text}") } else { text.to_owned() }, starts)
}
