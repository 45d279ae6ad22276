//! One sheet as a table: a head that stays in sight, filters, rows of typed cells.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::report::escape;

/// The most characters of a cell, in UTF-16 units, as Excel counts them.
const CELL: usize = 32_767;

/// The most rows of a sheet below its head.
pub(super) const ROWS: usize = 1_000_000;

/// The most characters of a sheet's name.
const NAME: usize = 31;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Count(u64),
    /// A number with so many decimals.
    Number(f64, u8),
    /// A share, shown as a percentage.
    Share(f64),
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Cell::Text(text.into())
    }

    pub(super) fn number(number: Option<f64>, decimals: u8) -> Self {
        number.filter(|number| number.is_finite()).map_or(Cell::Empty, |number| Cell::Number(number, decimals))
    }

    pub(super) fn share(share: Option<f64>) -> Self {
        share.filter(|share| share.is_finite()).map_or(Cell::Empty, Cell::Share)
    }
}

/// A sheet to be written.
pub(super) struct Sheet {
    pub(super) name: String,
    /// Names of the columns and their widths in characters.
    pub(super) columns: Vec<(String, f64)>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// What is said below the rows.
    pub(super) notes: Vec<String>,
    /// Whether the rows can be filtered.
    pub(super) filtered: bool,
}

impl Sheet {
    pub(super) fn written(self) -> Result<Worksheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(self.name.chars().take(NAME).collect::<String>())?;
        let plain = Format::new().set_align(FormatAlign::Top).set_text_wrap();
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color(0x00DC_E6F1)
            .set_border_bottom(FormatBorder::Thin);
        let number = |format: &str| Format::new().set_align(FormatAlign::Top).set_num_format(format);
        let count = number("#,##0");
        let decimals = ["#,##0", "#,##0.0", "#,##0.00", "0.000", "#,##0.0000"].map(number);
        let share = number("0.00%");
        for (at, (name, width)) in self.columns.iter().enumerate() {
            let column = at as u16;
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(0, column, clean(name), &head)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_landscape();
        sheet.set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        for (at, row) in self.rows.iter().take(ROWS).enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let (row, column) = (at as u32 + 1, column as u16);
                match cell {
                    Cell::Empty => {}
                    Cell::Text(text) => {
                        sheet.write_string_with_format(row, column, clean(text), &plain)?;
                    }
                    Cell::Count(number) => {
                        sheet.write_number_with_format(row, column, *number as f64, &count)?;
                    }
                    Cell::Number(number, places) => {
                        let format = decimals.get(usize::from(*places)).unwrap_or(&count);
                        sheet.write_number_with_format(row, column, *number, format)?;
                    }
                    Cell::Share(number) => {
                        sheet.write_number_with_format(row, column, *number, &share)?;
                    }
                }
            }
        }
        let last = self.rows.len().min(ROWS) as u32;
        if self.filtered && last > 0 && !self.columns.is_empty() {
            sheet.autofilter(0, 0, last, self.columns.len() as u16 - 1)?;
        }
        for (at, note) in self.notes.iter().enumerate() {
            sheet.write_string(last + 2 + at as u32, 0, clean(note))?;
        }
        Ok(sheet)
    }
}

/// Returns a text that a cell can hold: harmless, and cut with `…` where it is too long.
fn clean(text: &str) -> String {
    let text = escape::line(text);
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > CELL {
            // One unit is kept for the mark of the cut.
            let end = text[..at].char_indices().next_back().map_or(0, |(last, _)| last);
            return format!("{}…", &text[..end]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_what_excel_takes() {
        for text in ["甲".repeat(40_000), "\u{1F600}".repeat(20_000), format!("{}\u{1F600}", "a".repeat(32_766))] {
            let cut = clean(&text);
            assert!(cut.encode_utf16().count() <= CELL && cut.ends_with('…'));
        }
        let whole = "甲".repeat(CELL);
        assert_eq!(clean(&whole), whole);
        assert_eq!(clean("=cmd()\u{0}\u{1b}[2J"), "=cmd()??[2J");
    }
}
