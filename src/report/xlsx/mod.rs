//! The result as a spreadsheet: summary, findings, conflicts by rule and package, duties, documents to get, coordinates, faults of the data.
//!
//! Numbers are numbers with formats; text is text, never a formula, whatever it begins with. What a cell or a sheet cannot hold is cut and
//! said. The bytes depend on the report and the language alone.

mod sheets;
mod table;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::result::Report;
use crate::diagnostic::{Language, Text};
use crate::text;

/// Returns the workbook.
///
/// # Errors
/// Where it grows beyond what the format holds.
pub fn render(report: &Report, language: Language) -> Result<Vec<u8>, Text> {
    written(report, language)
        .map_err(|error| text!(en: "cannot write the spreadsheet: {error}", zh: "无法写入电子表格：{error}"))
}

fn written(report: &Report, language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The writer would put the present moment there.
    let long_ago = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_author("Guiju").set_creation_datetime(&long_ago));
    for sheet in sheets::all(report, language) {
        workbook.push_worksheet(sheet.written()?);
    }
    workbook.save_to_buffer()
}
