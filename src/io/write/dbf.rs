//! The table of a Shapefile (dBASE III): columns of fixed width, names of ten bytes, texts of 254.

use encoding_rs::{Encoding, GBK};

use super::unique;
use crate::diagnostic::Text;
use crate::model::{Cell, Column, ColumnKind, FeatureTable};
use crate::text;

/// Bytes in the name of a column.
const NAME: usize = 10;
/// Bytes in a text.
const WIDEST: usize = 254;
/// Bytes in a number that every reader takes.
const NUMBER: usize = 24;
/// Digits behind the point that a column may have.
const DECIMALS: usize = 15;
/// Columns that a table may have.
const COLUMNS: usize = 255;
/// The day of the last change, which the format asks for: always the same, as the same table is to be the same bytes.
const CHANGED: [u8; 3] = [95, 7, 26];
/// The byte that says GBK; other encodings are told by the file beside it.
const GBK_BYTE: u8 = 0x4D;

/// What the format could not hold.
#[derive(Debug, Default)]
pub(super) struct Losses {
    /// Columns under another name: before, after.
    pub(super) renamed: Vec<(String, String)>,
    /// Texts that were cut.
    pub(super) cut: u64,
    /// Characters that the encoding has not.
    pub(super) unknown: u64,
    /// Numbers that lost digits.
    pub(super) rounded: u64,
    /// Texts without a letter, which are the same as none.
    pub(super) empty: u64,
}

/// One column as it is laid out.
struct Laid {
    name: Vec<u8>,
    letter: u8,
    width: usize,
    decimals: usize,
}

/// Writes the cells of a table.
///
/// # Errors
/// If there are more columns or wider rows than the format counts.
pub(super) fn dbf(table: &FeatureTable, encoding: &'static Encoding) -> Result<(Vec<u8>, Losses), Text> {
    let mut losses = Losses::default();
    let mut taken = Vec::new();
    let key = Column { name: "id".to_owned(), kind: ColumnKind::Integer };
    // A table without any column is none to most readers.
    let numbered = table.columns.is_empty();
    let columns: Vec<Laid> = match numbered {
        true => vec![Laid { name: key.name.into_bytes(), letter: b'N', width: 10, decimals: 0 }],
        false => (0..table.columns.len()).map(|at| laid(table, at, encoding, &mut taken, &mut losses)).collect(),
    };
    let row_length = 1 + columns.iter().map(|column| column.width).sum::<usize>();
    let head_length = 32 + 32 * columns.len() + 1;
    let (Ok(rows), Ok(row_size), true) =
        (u32::try_from(table.rows.len()), u16::try_from(row_length), columns.len() <= COLUMNS)
    else {
        let (count, name) = (columns.len(), &table.name);
        return Err(text!(
            en: "`{name}` has {count} columns in rows of {row_length} bytes; a Shapefile holds {COLUMNS} columns in 65535 bytes",
            zh: "“{name}”有 {count} 列，每行 {row_length} 字节；Shapefile 至多 {COLUMNS} 列、65535 字节"
        ));
    };
    let mut out = vec![3];
    out.extend(CHANGED);
    out.extend(rows.to_le_bytes());
    out.extend((head_length as u16).to_le_bytes());
    out.extend(row_size.to_le_bytes());
    out.resize(29, 0);
    out.push(if encoding == GBK { GBK_BYTE } else { 0 });
    out.resize(32, 0);
    for column in &columns {
        let start = out.len();
        out.extend(&column.name);
        out.resize(start + 11, 0);
        out.push(column.letter);
        out.resize(start + 16, 0);
        out.extend([column.width as u8, column.decimals as u8]);
        out.resize(start + 32, 0);
    }
    out.push(b'\r');
    for (number, row) in table.rows.iter().enumerate() {
        out.push(b' ');
        if numbered {
            out.extend(format!("{:>10}", number + 1).bytes());
        }
        for (cell, column) in row.cells.iter().zip(&columns) {
            push(&mut out, cell, column, encoding, &mut losses);
        }
    }
    out.push(0x1A);
    Ok((out, losses))
}

/// Lays out a column: its width is that of its widest value.
fn laid(
    table: &FeatureTable,
    at: usize,
    encoding: &'static Encoding,
    taken: &mut Vec<String>,
    losses: &mut Losses,
) -> Laid {
    let column = &table.columns[at];
    let bytes = |text: &str| encoded(text, encoding, &mut 0);
    let name = unique(&column.name, taken, |name, tail| {
        let name = if name.trim().is_empty() { "field" } else { name };
        format!("{}{tail}", fitting(name, encoding, NAME - tail.len()))
    });
    if name != column.name {
        losses.renamed.push((column.name.clone(), name.clone()));
    }
    let cells = || table.rows.iter().filter_map(|row| row.cells.get(at));
    let widest = |text: &dyn Fn(&Cell) -> usize| cells().map(text).max().unwrap_or(0);
    let as_text = |cell: &Cell| cell.text().map_or(0, |text| bytes(&text).len());
    let text_width = || widest(&as_text).clamp(1, WIDEST);
    let (letter, width, decimals) = match column.kind {
        ColumnKind::Text => (b'C', text_width(), 0),
        ColumnKind::Boolean => (b'L', 1, 0),
        ColumnKind::Date => (b'D', 8, 0),
        ColumnKind::Integer => (b'N', widest(&as_text).max(1), 0),
        ColumnKind::Number => {
            let decimals = cells().filter_map(Cell::text).filter_map(|text| Some(text.split_once('.')?.1.len()));
            let decimals = decimals.max().unwrap_or(0).min(DECIMALS);
            let width = |decimals: usize| widest(&|cell| number(cell, decimals).map_or(0, |text| text.len())).max(1);
            // Fewer digits where there is no room for all; a text where even whole numbers are too long.
            match (0..=decimals).rev().find(|decimals| width(*decimals) <= NUMBER) {
                Some(decimals) => (b'N', width(decimals), decimals),
                None => (b'C', text_width(), 0),
            }
        }
    };
    Laid { name: bytes(&name), letter, width, decimals }
}

/// Returns a number with so many digits behind the point; `None` for null.
fn number(cell: &Cell, decimals: usize) -> Option<String> {
    match cell {
        Cell::Number(number) => Some(format!("{number:.decimals$}")),
        Cell::Integer(number) => Some(number.to_string()),
        Cell::Null | Cell::Text(_) | Cell::Boolean(_) => None,
    }
}

fn push(out: &mut Vec<u8>, cell: &Cell, column: &Laid, encoding: &'static Encoding, losses: &mut Losses) {
    let width = column.width;
    match (column.letter, cell) {
        (b'L', Cell::Boolean(value)) => out.push(if *value { b'T' } else { b'F' }),
        (b'L', _) => out.push(b'?'),
        (b'D', cell) => {
            let day: String = cell.text().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
            out.extend(format!("{day:<width$.width$}").bytes());
        }
        (b'N', cell) => {
            let exact = |text: &String| matches!(cell, Cell::Number(number) if text.parse() != Ok(*number));
            losses.rounded += u64::from(number(cell, column.decimals).filter(exact).is_some());
            out.extend(format!("{:>width$}", number(cell, column.decimals).unwrap_or_default()).bytes());
        }
        (_, cell) => {
            losses.empty += u64::from(matches!(cell, Cell::Text(text) if text.is_empty()));
            let text = cell.text().unwrap_or_default();
            let mut bytes = encoded(&text, encoding, &mut losses.unknown);
            if bytes.len() > width {
                losses.cut += 1;
                bytes = encoded(&fitting(&text, encoding, width), encoding, &mut 0);
            }
            let end = out.len() + width;
            out.extend(bytes);
            out.resize(end, b' ');
        }
    }
}

/// Returns as much of a text as fits into so many bytes, whole characters only.
fn fitting(text: &str, encoding: &'static Encoding, width: usize) -> String {
    let mut length = 0;
    let fits = |letter: &char| {
        length += encoded(letter.encode_utf8(&mut [0; 4]), encoding, &mut 0).len();
        length <= width
    };
    text.chars().take_while(fits).collect()
}

/// Returns a text in an encoding: `?` for each character that it has not, which is counted, and a blank for what would end the text.
pub(super) fn encoded(text: &str, encoding: &'static Encoding, unknown: &mut u64) -> Vec<u8> {
    let text = text.replace('\0', " ");
    let (bytes, _, lossy) = encoding.encode(&text);
    if !lossy {
        return bytes.into_owned();
    }
    let mut out = Vec::with_capacity(text.len());
    for letter in text.chars() {
        let mut buffer = [0; 4];
        match encoding.encode(letter.encode_utf8(&mut buffer)) {
            (bytes, _, false) => out.extend_from_slice(&bytes),
            (_, _, true) => {
                *unknown += 1;
                out.push(b'?');
            }
        }
    }
    out
}
