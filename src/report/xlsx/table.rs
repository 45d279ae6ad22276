//! One sheet as a table: a head that stays in sight, filters, rows of typed cells.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::report::{escape, layout};

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
    /// A count among texts.
    Total(u64),
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
    /// How many columns go on paper, where all of them would be too small to read.
    pub(super) printed: Option<u16>,
}

/// The height of a line, and the most that a row takes, in points.
const LINE_PT: f64 = 15.0;
const HIGHEST_PT: f64 = 409.0;

/// The margins of a printed page in inches: left, right, top, bottom, head, foot.
const MARGINS: [f64; 6] = [0.4, 0.4, 0.6, 0.6, 0.3, 0.3];

impl Sheet {
    pub(super) fn written(self) -> Result<Worksheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(self.name.chars().take(NAME).collect::<String>())?;
        let plain = Format::new().set_align(FormatAlign::Top).set_text_wrap();
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
            .set_align(FormatAlign::Center)
            .set_background_color(0x00DC_E6F1)
            .set_border_bottom(FormatBorder::Thin);
        let number = |format: &str| Format::new().set_align(FormatAlign::Top).set_num_format(format);
        let count = number("#,##0").set_align(FormatAlign::Center);
        let total = number("#,##0").set_align(FormatAlign::Left);
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
        sheet.set_print_gridlines(true);
        let [left, right, top, bottom, head_room, foot_room] = MARGINS;
        sheet.set_margins(left, right, top, bottom, head_room, foot_room);
        sheet.set_header("&L&A");
        sheet.set_footer("&C&P / &N");
        let last = self.rows.len().min(ROWS) as u32;
        if let Some(columns) = self.printed {
            sheet.set_print_area(0, 0, last, columns.saturating_sub(1))?;
        }
        for (at, row) in self.rows.iter().take(ROWS).enumerate() {
            // Not every program makes room for wrapped text by itself.
            let lines = row.iter().zip(&self.columns).map(|(cell, (_, width))| lines(cell, *width)).max().unwrap_or(1);
            if lines > 1 {
                sheet.set_row_height(at as u32 + 1, (lines as f64 * LINE_PT).min(HIGHEST_PT))?;
            }
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
                    Cell::Total(number) => {
                        sheet.write_number_with_format(row, column, *number as f64, &total)?;
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
        if self.filtered && last > 0 && !self.columns.is_empty() {
            sheet.autofilter(0, 0, last, self.columns.len() as u16 - 1)?;
        }
        for (at, text) in self.notes.iter().enumerate() {
            sheet.write_string(last + 2 + at as u32, 0, clean(text))?;
        }
        Ok(sheet)
    }
}

/// Returns how many lines a cell takes in a column of so many characters.
fn lines(cell: &Cell, width: f64) -> usize {
    match cell {
        // Wrapping leaves some of each line empty.
        Cell::Text(text) => (layout::width(text) as f64 * 1.1 / width).ceil() as usize,
        Cell::Empty | Cell::Count(_) | Cell::Total(_) | Cell::Number(..) | Cell::Share(_) => 1,
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
