//! The table of a Shapefile: dBASE, row by row, each value as text.
//!
//! Numbers stay as they are written, so that an identifier of twenty digits keeps them all.

use std::borrow::Cow;
use std::io;

use super::charset::Charset;
use crate::io::formats::binary::Stream;
use crate::io::node::{Data, Node};
use crate::model::ColumnKind;

/// The most columns that are read; dBASE has 255 at most, its successors 2,046.
const COLUMNS: usize = 4_096;

/// A column of the table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    /// The bytes of the name.
    pub name: Vec<u8>,
    /// The letter of the type.
    pub kind: u8,
    /// Where it starts in a row, in bytes.
    pub start: usize,
    /// How many bytes it takes.
    pub width: usize,
    /// How many digits stand behind the point of a number.
    pub decimals: u8,
}

/// What the table says of itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Header {
    /// How many rows it claims to have.
    pub rows: u32,
    /// The bytes of a row.
    pub width: usize,
    /// The byte that stands for its encoding.
    pub language: u8,
    /// The columns in order.
    pub columns: Vec<Column>,
}

/// Reads the header and leaves the stream at the first row; `None` if it is none.
pub(super) fn header(stream: &mut Stream<'_>) -> io::Result<Option<Header>> {
    let Some(fixed) = stream.array::<32>()? else { return Ok(None) };
    let rows = u32::from_le_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]);
    let length = u64::from(u16::from_le_bytes([fixed[8], fixed[9]]));
    let width = usize::from(u16::from_le_bytes([fixed[10], fixed[11]]));
    let mut columns = Vec::new();
    let mut start = 1;
    while stream.at() + 32 <= length && columns.len() < COLUMNS {
        let Some(first) = stream.array::<1>()? else { return Ok(None) };
        // A carriage return ends the list.
        if first[0] == 0x0d {
            break;
        }
        let Some(rest) = stream.array::<31>()? else { return Ok(None) };
        let mut name = vec![first[0]];
        name.extend(&rest[..10]);
        name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
        let kind = rest[10].to_ascii_uppercase();
        // Long texts keep the upper byte of their length where numbers have their decimals.
        let high = if kind == b'C' { usize::from(rest[16]) } else { 0 };
        let wide = usize::from(rest[15]) + (high << 8);
        let decimals = if high == 0 { rest[16] } else { 0 };
        columns.push(Column { name, kind, start, width: wide, decimals });
        start += wide;
    }
    // Some writers leave the upper byte unclean: what does not fit the row is not meant.
    if start != width {
        start = 1;
        for column in &mut columns {
            column.width &= 0xff;
            column.start = start;
            start += column.width;
        }
    }
    if width == 0 || length < 32 || !stream.skip(length.saturating_sub(stream.at()))? {
        return Ok(None);
    }
    Ok(Some(Header { rows, width, language: fixed[29], columns }))
}

impl Header {
    /// Takes the next row; `None` behind the last.
    pub(super) fn row<'s>(&self, stream: &'s mut Stream<'_>) -> io::Result<Option<&'s [u8]>> {
        stream.take(self.width)
    }
}

/// Tells whether a row is one that was deleted and not yet removed.
pub(super) fn is_deleted(row: &[u8]) -> bool {
    row.first() == Some(&b'*')
}

impl Column {
    /// Returns the bytes of the value in a row, without the padding behind it.
    pub(super) fn bytes<'r>(&self, row: &'r [u8]) -> &'r [u8] {
        let from = self.start.min(row.len());
        let bytes = &row[from..(from + self.width).min(row.len())];
        if self.is_binary() {
            return bytes;
        }
        let bytes = &bytes[..bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len())];
        bytes.trim_ascii_end()
    }

    /// Tells whether the values are texts of the table's encoding.
    pub(super) fn is_text(&self) -> bool {
        !matches!(self.kind, b'N' | b'F' | b'D' | b'L') && !self.is_binary()
    }

    /// Returns what the values are.
    pub(super) fn holds(&self) -> ColumnKind {
        match self.kind {
            b'N' | b'F' if self.decimals == 0 => ColumnKind::Integer,
            b'N' | b'F' => ColumnKind::Number,
            b'I' | b'+' if self.is_binary() => ColumnKind::Integer,
            b'O' | b'B' | b'Y' if self.is_binary() => ColumnKind::Number,
            b'L' => ColumnKind::Boolean,
            b'D' => ColumnKind::Date,
            _ => ColumnKind::Text,
        }
    }

    fn is_binary(&self) -> bool {
        matches!((self.kind, self.width), (b'I' | b'+', 4) | (b'O' | b'B' | b'Y' | b'T' | b'@', 8))
    }

    /// Returns the value in a row; `at` is the column's number, `damaged` counts what is no text of the encoding.
    pub(super) fn value<'r>(&self, row: &'r [u8], at: usize, charset: &Charset, damaged: &mut u64) -> Node<'r> {
        let bytes = self.bytes(row);
        let data = match self.kind {
            _ if self.is_binary() => binary(self.kind, bytes),
            b'N' | b'F' => number(bytes),
            b'D' => match bytes.trim_ascii() {
                b"00000000" | b"0" => Data::Null,
                day => text(String::from_utf8_lossy(day)),
            },
            b'L' => match bytes {
                b"Y" | b"y" | b"T" | b"t" => Data::Scalar("true".into()),
                b"N" | b"n" | b"F" | b"f" => Data::Scalar("false".into()),
                _ => Data::Null,
            },
            _ => text(charset.text(bytes, self.width, damaged)),
        };
        Node { data, start: at, end: at }
    }
}

/// The most decimal digits that a double surely keeps.
const DIGITS: usize = 15;

/// Returns a number as written; asterisks fill a column that is too narrow for its number, and stand for none. A fraction of more
/// digits than a double keeps was printed from one, and is the shortest text of that: `5368.869999999999891` was 5368.87.
fn number(bytes: &[u8]) -> Data<'_> {
    let bytes = bytes.trim_ascii();
    if bytes.starts_with(b"*") {
        return Data::Null;
    }
    let written = String::from_utf8_lossy(bytes);
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    match written.parse::<f64>() {
        Ok(double) if digits > DIGITS && written.contains('.') => crate::io::formats::number(double),
        _ => text(written),
    }
}

fn text(text: Cow<'_, str>) -> Data<'_> {
    if text.is_empty() { Data::Null } else { Data::Scalar(text) }
}

/// Returns a number that a successor of dBASE keeps in binary; its points in time are left out.
fn binary(kind: u8, bytes: &[u8]) -> Data<'static> {
    let four = || bytes.try_into().map(i32::from_le_bytes).ok().map(|number| number.to_string());
    let eight: Option<[u8; 8]> = bytes.try_into().ok();
    let written = match kind {
        b'I' | b'+' => four(),
        b'O' | b'B' => {
            eight.map(f64::from_le_bytes).filter(|number| number.is_finite()).map(|number| number.to_string())
        }
        b'Y' => eight.map(i64::from_le_bytes).map(|number| {
            let sign = if number < 0 { "-" } else { "" };
            format!("{sign}{}.{:04}", number.unsigned_abs() / 10_000, number.unsigned_abs() % 10_000)
        }),
        _ => None,
    };
    written.map_or(Data::Null, |written| Data::Scalar(written.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_text_as_written_and_none_is_none() {
        let utf8 = Charset::known("UTF-8").unwrap();
        let told = |kind: u8, bytes: &[u8]| {
            let column = Column { name: Vec::new(), kind, start: 1, width: bytes.len(), decimals: 0 };
            let row: Vec<u8> = [b" ", bytes].concat();
            column.value(&row, 1, &utf8, &mut 0).shown().into_owned()
        };
        assert_eq!(told(b'N', b"  12345678901234567890"), "12345678901234567890");
        assert_eq!(told(b'N', b"***********"), "null");
        assert_eq!(told(b'N', b"    5368.869999999999891"), "5368.87");
        assert_eq!(told(b'N', b" 9900.000000000000000"), "9900");
        assert_eq!(told(b'F', b"           "), "null");
        assert_eq!(told(b'C', b"0101  \0junk"), "0101");
        assert_eq!(told(b'C', b" 0101"), " 0101");
        assert_eq!(told(b'D', b"20240229"), "20240229");
        assert_eq!(told(b'D', b"00000000"), "null");
        assert_eq!(
            (told(b'L', b"T"), told(b'L', b"?"), told(b'L', b"n")),
            ("true".into(), "null".into(), "false".into())
        );
        assert_eq!(told(b'I', &(-7i32).to_le_bytes()), "-7");
        assert_eq!(told(b'B', &0.5f64.to_le_bytes()), "0.5");
        assert_eq!(told(b'Y', &(-15_000i64).to_le_bytes()), "-1.5000");
    }
}
