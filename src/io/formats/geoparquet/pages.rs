//! What the pages of a file may unfold to, found out before one of them is unpacked.
//!
//! A page says in its header how large it becomes. The library believes it, or does not look: so the headers are walked first, and where a
//! codec does not keep to the promise, the page is unpacked into nothing. Source: the Parquet format's `parquet.thrift`, PageHeader, in
//! Thrift's compact protocol.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use crate::io::error::Cause;
use crate::io::formats::system;
use crate::text;

/// How many times the bytes of its file may be held at a time.
const REPEATED: u64 = 20;

/// The bytes that any file may come to at a time.
const FREE: u64 = 16 << 20;

/// The bytes that are unpacked at a time where they are only counted.
const BUFFER: usize = 1 << 14;

/// The deepest nesting of a header.
const DEPTH: u32 = 16;

/// `DICTIONARY_PAGE` of `PageType`.
const DICTIONARY: i64 = 2;

/// Returns how many rows may be held at a time, at most `rows`.
///
/// # Errors
/// If a page, or what has to be held beside it, unfolds to far more than the file, or a header is damaged.
pub(super) fn rows_at_a_time(
    file: File,
    size: u64,
    metadata: &ParquetMetaData,
    is_kept: impl Fn(usize) -> bool,
    rows: usize,
) -> Result<usize, Cause> {
    let most = FREE.saturating_add(size.saturating_mul(REPEATED));
    let mut input = BufReader::new(file);
    // A value of a dictionary may be all of it, and each row may have it.
    let mut a_row = 1;
    for (number, group) in metadata.row_groups().iter().enumerate() {
        let (mut held, mut dictionaries) = (0u64, 0u64);
        for (at, column) in group.columns().iter().enumerate() {
            if !is_kept(at) {
                continue;
            }
            let largest = Pages { input: &mut input, column, most }.walk().map_err(|problem| match problem {
                Problem::System(error) => system(error),
                Problem::Damaged => damaged(number, column),
                Problem::Large(bytes) => large(number, column, bytes),
                Problem::Codec => codec(column),
            })?;
            held = held.saturating_add(largest.page).saturating_add(largest.dictionary);
            dictionaries = dictionaries.saturating_add(largest.dictionary);
            if held > most {
                return Err(large(number, column, held));
            }
        }
        a_row = a_row.max(dictionaries);
    }
    Ok(usize::try_from(most / a_row).unwrap_or(rows).clamp(1, rows))
}

fn place(group: usize, column: &ColumnChunkMetaData) -> (usize, String) {
    (group + 1, crate::io::convert::shortened(&column.column_path().string()))
}

fn damaged(group: usize, column: &ColumnChunkMetaData) -> Cause {
    let (group, column) = place(group, column);
    Cause::Broken(text!(
        en: "the head of a page is damaged (row group {group}, column `{column}`)",
        zh: "数据页的页头已损坏（第 {group} 个行组，“{column}”列）"
    ))
}

fn large(group: usize, column: &ColumnChunkMetaData, bytes: u64) -> Cause {
    let (group, column) = place(group, column);
    Cause::Broken(text!(
        en: "its pages unfold to {bytes} bytes at a time, far more than the file holds (row group {group}, column `{column}`)",
        zh: "数据页展开后一次占 {bytes} 字节，远超文件本身的大小（第 {group} 个行组，“{column}”列）"
    ))
}

fn codec(column: &ColumnChunkMetaData) -> Cause {
    let codec = column.compression().to_string();
    let codec = codec.split('(').next().unwrap_or(&codec);
    Cause::Broken(text!(
        en: "it is packed by {codec}, which is not read; write it anew with ZSTD",
        zh: "它以 {codec} 压缩，不能读取；请改用 ZSTD 重新写出"
    ))
}

/// The largest pages of a column.
#[derive(Default)]
struct Largest {
    page: u64,
    dictionary: u64,
}

enum Problem {
    System(std::io::Error),
    Damaged,
    Large(u64),
    Codec,
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::UnexpectedEof { Problem::Damaged } else { Problem::System(error) }
    }
}

/// The pages of a column in a row group, one behind the other.
struct Pages<'f> {
    input: &'f mut BufReader<File>,
    column: &'f ColumnChunkMetaData,
    most: u64,
}

impl Pages<'_> {
    fn walk(&mut self) -> Result<Largest, Problem> {
        // The old LZ4 unpacks whatever there is, and hardly anybody writes it.
        if matches!(self.column.compression(), Compression::LZ4 | Compression::LZO) {
            return Err(Problem::Codec);
        }
        let (mut at, length) = self.column.byte_range();
        let end = at.saturating_add(length);
        self.input.seek(SeekFrom::Start(at))?;
        let mut largest = Largest::default();
        while at < end {
            let mut header = Header { input: self.input, read: 0 };
            let Head { kind, unfolded, packed, levels } = header.whole()?;
            at += header.read;
            let (Ok(unfolded), Ok(packed)) = (u64::try_from(unfolded), u64::try_from(packed)) else {
                return Err(Problem::Damaged);
            };
            if packed > end - at.min(end) {
                return Err(Problem::Damaged);
            }
            if unfolded > self.most {
                return Err(Problem::Large(unfolded));
            }
            self.pass(packed, unfolded, levels)?;
            at += packed;
            let of_kind = if kind == DICTIONARY { &mut largest.dictionary } else { &mut largest.page };
            *of_kind = unfolded.max(*of_kind);
        }
        Ok(largest)
    }

    /// Goes over the body of a page; where its codec would unpack whatever there is, it must not be more than was said.
    fn pass(&mut self, packed: u64, unfolded: u64, levels: u64) -> Result<(), Problem> {
        let gzip = match self.column.compression() {
            Compression::GZIP(_) => true,
            Compression::BROTLI(_) => false,
            _ => return Ok(self.input.seek_relative(i64::try_from(packed).map_err(|_| Problem::Damaged)?)?),
        };
        let mut body = self.input.by_ref().take(packed);
        // In pages of the second version, what tells nulls stands in front as it is.
        count(body.by_ref().take(levels));
        // What is not of the codec is for the library to say.
        let found = if gzip {
            count(flate2::bufread::MultiGzDecoder::new(&mut body).take(unfolded + 1))
        } else {
            count(brotli::Decompressor::new(&mut body, BUFFER).take(unfolded + 1))
        };
        let left = i64::try_from(body.limit()).map_err(|_| Problem::Damaged)?;
        self.input.seek_relative(left)?;
        let found = levels.saturating_add(found);
        if found > unfolded { Err(Problem::Large(found)) } else { Ok(()) }
    }
}

/// Returns how many bytes can be read.
fn count(mut input: impl Read) -> u64 {
    std::io::copy(&mut input, &mut std::io::sink()).unwrap_or(0)
}

/// What the header of a page says: its kind, the size it unfolds to and the size it has, and how much of it is never packed.
struct Head {
    kind: i64,
    unfolded: i64,
    packed: i64,
    levels: u64,
}

/// The header of a page, byte by byte.
struct Header<'f> {
    input: &'f mut BufReader<File>,
    read: u64,
}

impl Header<'_> {
    /// Reads to the end of the header.
    fn whole(&mut self) -> Result<Head, Problem> {
        let (mut found, mut levels) = ([None; 3], 0u64);
        let mut id = 0i64;
        loop {
            let (kind, next) = self.field(id)?;
            id = next;
            match (kind, id) {
                (0, _) => break,
                (5, 1..=3) => found[(id - 1) as usize] = Some(self.signed()?),
                (12, 8) => levels = self.levels()?,
                _ => self.skip(kind, 0)?,
            }
        }
        let [Some(kind), Some(unfolded), Some(packed)] = found else { return Err(Problem::Damaged) };
        Ok(Head { kind, unfolded, packed, levels })
    }

    /// Reads the header of a page of the second version for how long its levels are together.
    fn levels(&mut self) -> Result<u64, Problem> {
        let (mut id, mut levels) = (0, 0u64);
        loop {
            let (kind, next) = self.field(id)?;
            id = next;
            match (kind, id) {
                (0, _) => return Ok(levels),
                (5, 5 | 6) => {
                    let length = u64::try_from(self.signed()?).map_err(|_| Problem::Damaged)?;
                    levels = levels.saturating_add(length);
                }
                _ => self.skip(kind, 0)?,
            }
        }
    }

    fn byte(&mut self) -> Result<u8, Problem> {
        let byte = self.input.fill_buf()?.first().copied().ok_or(Problem::Damaged)?;
        self.input.consume(1);
        self.read += 1;
        Ok(byte)
    }

    fn varint(&mut self) -> Result<u64, Problem> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Problem::Damaged)
    }

    fn signed(&mut self) -> Result<i64, Problem> {
        let number = self.varint()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// Reads the head of a field behind the one numbered `id`: its type, 0 at the end, and its number.
    fn field(&mut self, id: i64) -> Result<(u8, i64), Problem> {
        let byte = self.byte()?;
        let (delta, kind) = (byte >> 4, byte & 0x0f);
        match (kind, delta) {
            (0, _) => Ok((0, 0)),
            (_, 0) => Ok((kind, self.signed()?)),
            _ => Ok((kind, id.saturating_add(i64::from(delta)))),
        }
    }

    fn pass(&mut self, bytes: u64) -> Result<(), Problem> {
        let passed = count(self.input.by_ref().take(bytes));
        self.read += passed;
        if passed == bytes { Ok(()) } else { Err(Problem::Damaged) }
    }

    /// Goes over a value of a type.
    fn skip(&mut self, kind: u8, depth: u32) -> Result<(), Problem> {
        if depth > DEPTH {
            return Err(Problem::Damaged);
        }
        match kind {
            1 | 2 => Ok(()),
            3 => self.pass(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.pass(8),
            8 => {
                let length = self.varint()?;
                self.pass(length)
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
                for _ in 0..count {
                    // A boolean in a list has a byte of its own.
                    let kind = head & 0x0f;
                    if matches!(kind, 1 | 2) { self.pass(1)? } else { self.skip(kind, depth + 1)? }
                }
                Ok(())
            }
            12 => {
                let mut id = 0;
                loop {
                    let (kind, next) = self.field(id)?;
                    if kind == 0 {
                        return Ok(());
                    }
                    id = next;
                    self.skip(kind, depth + 1)?;
                }
            }
            // Maps stand in no header.
            _ => Err(Problem::Damaged),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests write and read their own files")]

    use std::sync::Arc;

    use arrow_array::{ArrayRef, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use parquet::basic::{BrotliLevel, GzipLevel, ZstdLevel};
    use parquet::file::properties::WriterProperties;

    use super::*;

    /// Writes one column of texts; gives how many rows are read at a time, or why it is refused.
    fn rows(
        values: Vec<String>,
        codec: Compression,
        dictionary: bool,
        turn: impl Fn(&mut Vec<u8>),
    ) -> Result<usize, String> {
        let column: ArrayRef = Arc::new(StringArray::from(values));
        let batch = RecordBatch::try_from_iter([("text", column)]).unwrap();
        let settings = WriterProperties::builder()
            .set_compression(codec)
            .set_dictionary_enabled(dictionary)
            .set_dictionary_page_size_limit(1 << 30)
            .set_statistics_enabled(parquet::file::properties::EnabledStatistics::None);
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(settings.build())).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        turn(&mut bytes);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        std::fs::write(&path, &bytes).unwrap();
        let open = || File::open(&path).unwrap();
        let metadata = ParquetRecordBatchReaderBuilder::try_new(open()).unwrap().metadata().clone();
        rows_at_a_time(open(), bytes.len() as u64, &metadata, |_| true, 1_024).map_err(|cause| cause.to_string())
    }

    fn zeros(megabytes: usize) -> String {
        "0".repeat(megabytes << 20)
    }

    #[test]
    fn pages_that_unfold_to_far_more_than_the_file_are_refused_unread() {
        let (zstd, gzip) = (Compression::ZSTD(ZstdLevel::default()), Compression::GZIP(GzipLevel::default()));
        let whole = |_: &mut Vec<u8>| {};
        let brotli = Compression::BROTLI(BrotliLevel::default());
        for codec in [zstd, gzip, brotli, Compression::SNAPPY, Compression::UNCOMPRESSED] {
            assert_eq!(rows(vec!["甲".to_owned(); 100], codec, true, whole), Ok(1_024), "{codec}");
        }
        for codec in [zstd, gzip, brotli] {
            let why = rows(vec![zeros(24)], codec, false, whole).unwrap_err();
            assert!(why.contains("far more than the file holds (row group 1, column `text`)"), "{codec}: {why}");
        }
        // What the file has room for is read.
        assert_eq!(rows(vec![zeros(8)], zstd, false, whole), Ok(1_024));
    }

    #[test]
    fn a_page_that_says_less_than_it_unfolds_to_is_refused() {
        let size = (24u64 << 20) + 4;
        let varint = |number: u64, length: usize| {
            let last = length - 1;
            let byte = |at: usize| (number >> (7 * at)) as u8 & 0x7f | if at < last { 0x80 } else { 0 };
            (0..length).map(byte).collect::<Vec<u8>>()
        };
        // The size stands in the header as twice itself.
        let (said, less) = (varint(2 * size, 4), varint(2 * 4_096, 4));
        for codec in [Compression::GZIP(GzipLevel::default()), Compression::BROTLI(BrotliLevel::default())] {
            let why = rows(vec![zeros(24)], codec, false, |bytes| {
                let at = bytes.windows(4).position(|window| window == said).unwrap();
                bytes[at..at + 4].copy_from_slice(&less);
            });
            assert!(why.as_ref().is_err_and(|why| why.contains("unfold to 4097 bytes")), "{why:?}");
        }
    }

    #[test]
    fn few_rows_are_held_where_each_may_have_the_whole_dictionary() {
        let found = rows(vec![zeros(4); 50], Compression::ZSTD(ZstdLevel::default()), true, |_| {}).unwrap();
        assert!((1..=6).contains(&found), "{found}");
    }
}
