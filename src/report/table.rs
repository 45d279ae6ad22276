//! Tables for a terminal: a heading, a rule under it, straight columns.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};

use super::layout::{Paint, Tone};

/// A column's heading, and whether it holds numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column<'a> {
    pub(super) head: &'a str,
    pub(super) numbers: bool,
}

/// The blanks behind a column; one more parts it from the next.
const GAP: u16 = 1;

/// Draws a table at most `cells` wide where its words allow; a cell of several lines is broken at its line breaks.
pub(super) fn table(columns: &[Column<'_>], rows: Vec<Vec<String>>, cells: usize, paint: Paint) -> String {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(cells.min(usize::from(u16::MAX)) as u16);
    table.set_header(columns.iter().map(|column| cell(column.head.to_owned(), *column)).collect::<Vec<_>>());
    for row in rows {
        table.add_row(row.into_iter().zip(columns).map(|(text, column)| cell(text, *column)).collect::<Vec<_>>());
    }
    for (column, drawn) in columns.iter().zip(table.column_iter_mut()) {
        drawn.set_padding((0, GAP));
        if column.numbers {
            drawn.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let mut out = String::new();
    let mut in_head = true;
    for line in table.lines() {
        let line = line.trim_end();
        let is_separator = in_head && !line.is_empty() && line.chars().all(|c| c == '─');
        let tone = if is_separator { Some(Tone::Quiet) } else { in_head.then_some(Tone::Strong) };
        out.push_str(&tone.map_or_else(|| line.to_owned(), |tone| paint.tone(tone, line)));
        out.push('\n');
        in_head &= !is_separator;
    }
    out
}

fn cell(text: String, column: Column<'_>) -> Cell {
    let alignment = if column.numbers { CellAlignment::Right } else { CellAlignment::Left };
    Cell::new(text).set_alignment(alignment)
}
