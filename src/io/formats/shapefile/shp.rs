//! The shapes of a Shapefile, record by record.
//!
//! Where records lie is told by the index beside them; without it they follow each other. Heights and measures are left out.

use std::io::{self, Read, SeekFrom};

use super::parts::ReadSeek;
use crate::geometry::validity::{RawShape, directed};
use crate::geometry::{Coord, Kind};
use crate::io::formats::binary::Stream;
use crate::io::formats::{RawGeometry, is_height};
use crate::io::limits::RING_VERTICES;
use crate::text;

/// The bytes before the first record.
const HEADER: u64 = 100;

/// The first bytes of the file.
const MAGIC: [u8; 4] = [0, 0, 0x27, 0x0a];

/// Where the records lie, as the index says: the first word of two bytes of each, 0 for a record without shape.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Index(Vec<u32>);

impl Index {
    /// Reads the index; `None` if it is none.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let records = bytes.get(HEADER as usize..)?;
        if bytes[..4] != MAGIC {
            return None;
        }
        // Behind the end that the file states there may be what was deleted.
        let stated = (2 * u32_be(&bytes[24..28]) as usize).saturating_sub(HEADER as usize);
        let records = if stated > 0 { &records[..stated.min(records.len())] } else { records };
        Some(Index(records.chunks_exact(8).map(u32_be).collect()))
    }

    /// Returns how many records there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the first byte of a record, 0 for one without shape; `None` behind the last.
    fn start(&self, record: usize) -> Option<u64> {
        self.0.get(record).map(|words| 2 * u64::from(*words))
    }

    /// Returns the first bytes of all records.
    pub(super) fn starts(&self) -> impl Iterator<Item = u64> {
        (0..self.len()).filter_map(|record| self.start(record))
    }

    /// Tells whether it can be the index of a file whose records start there, one for each row of its table.
    pub(super) fn fits(&self, starts: &[u64]) -> bool {
        let is_start = |start: u64| start == 0 || starts.binary_search(&start).is_ok();
        self.len() == starts.len() && self.starts().all(is_start)
    }

    /// Tells whether the records lie in order, so that one pass over the file meets all.
    pub(super) fn in_order(&self) -> bool {
        let there = || self.starts().filter(|start| *start > 0);
        there().zip(there().skip(1)).all(|(one, next)| next >= one + 8)
    }
}

/// What is next in the file.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// A record; its bytes are lent.
    Record,
    /// Nothing more.
    End,
    /// Something that is no record.
    Broken,
}

/// The records of a file.
pub(super) struct Records<'r> {
    stream: Stream<'r>,
    /// Where the last record ends, as the file says of itself.
    end: u64,
    next: usize,
    index: Option<Index>,
    /// The bytes of the record at hand, without its header; empty for one without shape.
    pub content: Vec<u8>,
}

/// Returns the records of a file that is read in one pass; `None` if it is no Shapefile.
pub(super) fn records<'r>(mut stream: Stream<'r>, index: Option<Index>) -> io::Result<Option<Records<'r>>> {
    let Some(header) = stream.array::<100>()? else { return Ok(None) };
    if header[..4] != MAGIC {
        return Ok(None);
    }
    let end = 2 * u64::from(u32_be(&header[24..28]));
    Ok(Some(Records { stream, end, next: 0, index, content: Vec::new() }))
}

/// Returns where records start in a file that is made of so many, numbered from 1, one right behind the other; `None` for another.
pub(super) fn starts(mut stream: Stream<'_>, count: u32) -> io::Result<Option<Vec<u64>>> {
    let Some(header) = stream.array::<100>()? else { return Ok(None) };
    let mut starts = Vec::new();
    for number in 1..=count {
        starts.push(stream.at());
        let Some(header) = stream.array::<8>()? else { return Ok(None) };
        let Some(length) = content_length(header).filter(|_| u32_be(&header) == number) else { return Ok(None) };
        if !stream.skip(length as u64)? {
            return Ok(None);
        }
    }
    Ok(Some(starts).filter(|_| stream.at() == 2 * u64::from(u32_be(&header[24..28]))))
}

impl Records<'_> {
    /// Goes to the next record.
    pub(super) fn step(&mut self) -> io::Result<Step> {
        self.content.clear();
        match &self.index {
            Some(index) => {
                let Some(start) = index.start(self.next) else { return Ok(Step::End) };
                self.next += 1;
                if start == 0 {
                    return Ok(Step::Record);
                }
                let there = start.checked_sub(self.stream.at());
                match there {
                    Some(gap) if self.stream.skip(gap)? => {}
                    Some(_) | None => return Ok(Step::Broken),
                }
            }
            // Behind the end that the file states there may be what was deleted.
            None if self.end > HEADER && self.stream.at() >= self.end => return Ok(Step::End),
            None => {}
        }
        let Some(header) = self.stream.array::<8>()? else {
            return Ok(if self.index.is_some() { Step::Broken } else { Step::End });
        };
        self.take(header)
    }

    fn take(&mut self, header: [u8; 8]) -> io::Result<Step> {
        let Some(length) = content_length(header) else { return Ok(Step::Broken) };
        match self.stream.take(length)? {
            Some(content) if is_shape(content) => {
                self.content.extend_from_slice(content);
                Ok(Step::Record)
            }
            Some(_) | None => Ok(Step::Broken),
        }
    }
}

/// Reads the record at `start` of a file whose records are not in order.
pub(super) fn record_at(file: &mut dyn ReadSeek, start: u64, content: &mut Vec<u8>) -> io::Result<Step> {
    content.clear();
    if start == 0 {
        return Ok(Step::Record);
    }
    file.seek(SeekFrom::Start(start))?;
    let mut header = [0; 8];
    match file.read_exact(&mut header) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(Step::Broken),
        other => other?,
    }
    let Some(length) = content_length(header) else { return Ok(Step::Broken) };
    file.take(length as u64).read_to_end(content)?;
    Ok(if content.len() == length && is_shape(content) { Step::Record } else { Step::Broken })
}

/// Returns the bytes behind a record's header.
fn content_length(header: [u8; 8]) -> Option<usize> {
    let words = u32_be(&header[4..]);
    // The largest file has 2 GB, and the smallest record the kind of its shape.
    (2..=1 << 30).contains(&words).then_some(2 * words as usize)
}

fn is_shape(content: &[u8]) -> bool {
    content
        .get(..4)
        .is_some_and(|kind| matches!(u32_le(kind), 0 | 1 | 3 | 5 | 8 | 11 | 13 | 15 | 18 | 21 | 23 | 25 | 28 | 31))
}

/// Room for the rings of a shape, used again and again.
#[derive(Default)]
pub(super) struct Rings {
    coords: Vec<Coord>,
    ends: Vec<usize>,
}

/// Reads the content of a record.
pub(super) fn shape(content: &[u8], raw: &mut RawShape, rings: &mut Rings) -> RawGeometry {
    let bad = |text| RawGeometry::Bad(text, 0);
    let short = || bad(text!(en: "the record is shorter than its shape", zh: "记录长度不足以容纳图形"));
    let Some(kind) = content.get(..4).map(u32_le) else { return RawGeometry::None };
    match kind {
        0 => return RawGeometry::None,
        1 | 11 | 21 => {
            raw.reset(Kind::Point);
            let Some(bytes) = content.get(4..20) else { return short() };
            coords(bytes).for_each(|point| raw.push_point(point));
        }
        8 | 18 | 28 => {
            raw.reset(Kind::Point);
            let Some(count) = content.get(36..40).map(u32_le) else { return short() };
            let Some(bytes) = content.get(40..40 + 16 * count as usize) else { return short() };
            coords(bytes).for_each(|point| raw.push_point(point));
        }
        3 | 5 | 13 | 15 | 23 | 25 => {
            let Some(counts) = content.get(36..44) else { return short() };
            let (parts, points) = (u32_le(&counts[..4]) as usize, u32_le(&counts[4..]) as usize);
            let Some(starts) = content.get(44..44 + 4 * parts) else { return short() };
            let from = 44 + 4 * parts;
            let Some(bytes) = content.get(from..from + 16 * points) else { return short() };
            let starts = || starts.chunks_exact(4).map(|start| u32_le(start) as usize);
            if starts().zip(starts().skip(1)).any(|(one, next)| next < one) || starts().any(|start| start > points) {
                return bad(
                    text!(en: "the parts of the shape do not follow each other", zh: "图形各部分的起点次序不对"),
                );
            }
            // Points before the first part are of none.
            let Rings { coords: all, ends } = rings;
            all.clear();
            ends.clear();
            if let Some(first) = starts().next() {
                all.extend(coords(&bytes[16 * first..]));
                ends.extend(starts().skip(1).chain([points]).map(|end| end - first));
                ends.dedup();
                if ends.first() == Some(&0) {
                    ends.remove(0);
                }
            }
            if all.len() > RING_VERTICES {
                return bad(text!(
                    en: "more than the limit of {RING_VERTICES} vertices in one shape",
                    zh: "一个图形的顶点超过 {RING_VERTICES} 个的上限"
                ));
            }
            if ends.is_empty() {
                return RawGeometry::None;
            }
            if matches!(kind, 5 | 15 | 25) {
                if !directed(all, ends, raw) {
                    return bad(text!(en: "too many rings to be told apart", zh: "环过多，无法区分内外"));
                }
            } else {
                raw.reset(Kind::Line);
                let mut from = 0;
                for &end in ends.iter() {
                    raw.extend(all[from..end].iter().copied());
                    raw.end_ring();
                    raw.end_part();
                    from = end;
                }
            }
        }
        31 => {
            return bad(text!(
                en: "a multipatch is a body in space, not an area; draw its footprint",
                zh: "多面体（MultiPatch）是三维体，不是面；请绘制其投影范围"
            ));
        }
        _ => return bad(text!(en: "{kind} is no kind of shape", zh: "{kind} 不是图形类型")),
    }
    if raw.is_void() { RawGeometry::None } else { RawGeometry::Shape }
}

/// Tells whether the shape in the content of a record has heights: they stand behind its points, and behind their own least and greatest.
pub(super) fn has_heights(content: &[u8]) -> bool {
    let number = |at: usize| content.get(at..at + 4).map_or(0, |bytes| u32_le(bytes) as usize);
    let (first, count) = match number(0) {
        11 => (20, 1),
        18 => (40 + 16 * number(36) + 16, number(36)),
        13 | 15 => (44 + 4 * number(36) + 16 * number(40) + 16, number(40)),
        _ => return false,
    };
    let heights = content.get(first..).unwrap_or_default().as_chunks::<8>().0;
    heights.iter().take(count).any(|bytes| is_height(f64::from_le_bytes(*bytes)))
}

fn coords(bytes: &[u8]) -> impl Iterator<Item = Coord> + '_ {
    bytes.as_chunks::<16>().0.iter().map(|point| {
        let [x, y] = [0, 8].map(|at| {
            let mut number = [0; 8];
            number.copy_from_slice(&point[at..at + 8]);
            f64::from_le_bytes(number)
        });
        Coord { x, y }
    })
}

fn u32_be(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

fn u32_le(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
}
