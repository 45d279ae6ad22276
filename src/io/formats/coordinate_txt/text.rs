//! The text itself: sections, parcel lines and point lines, as people write them.
//!
//! No standard has the format; readers and writers agree on `[属性描述]` with `key=value` lines and on `[地块坐标]` with, for each parcel, a line
//! of fields that ends in `@` and a line for each point. Commas may be full-width, fields may be missing or more.

use crate::geometry::{Coord, Kind};
use crate::io::limits::PROPERTIES;
use crate::io::quantities::normalised;

/// What a file says of itself.
#[derive(Debug, Default)]
pub(super) struct Head<'a> {
    /// The `key=value` lines in front of the parcels.
    pub entries: Vec<(&'a str, &'a str)>,
    /// Whether there is a section `[属性描述]`; the variant for 进出平衡 has none.
    pub described: bool,
}

impl<'a> Head<'a> {
    /// Returns the value of a key; `None` where it is absent or empty.
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        let found = self.entries.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
        found.filter(|value| !value.is_empty())
    }
}

/// One parcel: its fields and its points, with the byte at which each stands.
#[derive(Debug)]
pub(super) struct Parcel<'a> {
    /// The fields before the `@`, with their first bytes.
    pub fields: Vec<(&'a str, usize)>,
    /// The points.
    pub points: Vec<Point>,
    /// First byte of its line.
    pub at: usize,
    /// First byte of a line among its points that is none and may have been one, or another parcel's: what it encloses is then unknown.
    pub broken: Option<usize>,
}

/// One point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// The number of its ring (圈号).
    pub ring: u32,
    /// The two numbers as they stand, in metres.
    pub pair: Coord,
}

/// What a line of the coordinates section is.
#[derive(Debug)]
pub(super) enum Line<'a> {
    /// The line that opens a parcel.
    Parcel(Parcel<'a>),
    /// A point of the parcel at hand.
    Point(Point),
    /// Neither.
    Stray,
}

/// Returns the lines of a text with their first bytes; line ends, blanks and control characters around are dropped.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let blank = |one: char| one.is_whitespace() || one.is_control() || one == '\u{feff}';
    let mut next = 0;
    text.split('\n').map(move |line| {
        let at = next + (line.len() - line.trim_start_matches(blank).len());
        next += line.len() + 1;
        (line.trim_matches(blank), at)
    })
}

/// Returns a number, be its digits full-width.
pub(super) fn number(text: &str) -> Option<f64> {
    normalised(text).parse().ok().filter(|number: &f64| number.is_finite())
}

/// The words by which a parcel line tells what its points make up.
pub(super) const KINDS: [(&str, Kind); 3] = [("面", Kind::Polygon), ("线", Kind::Line), ("点", Kind::Point)];

/// Returns the name of a section, for a line that opens one.
pub(super) fn section(line: &str) -> Option<&str> {
    let inner = line.strip_prefix(['[', '［', '【'])?.strip_suffix([']', '］', '】'])?;
    Some(inner.trim())
}

/// Reads a `key=value` line.
pub(super) fn entry(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(['=', '＝'])?;
    Some((key.trim(), value.trim()))
}

/// Reads a line of the coordinates section that stands at byte `at`.
pub(super) fn line(text: &str, at: usize) -> Line<'_> {
    // Spreadsheets put commas behind the `@`, one for each column that other lines have more.
    if let Some(before) = text.trim_end_matches([',', '，', ' ']).strip_suffix(['@', '＠']) {
        let mut fields = split(before, at);
        // The comma in front of the `@` closes the last field.
        if fields.last().is_some_and(|(last, _)| last.is_empty()) {
            fields.pop();
        }
        fields.truncate(PROPERTIES);
        return Line::Parcel(Parcel { fields, points: Vec::new(), at, broken: None });
    }
    let fields = split(text, at);
    match fields.as_slice() {
        // More may stand behind: a height, a remark. A parcel line that lost its `@` tells itself by the kind of geometry.
        [_, (ring, _), (first, _), (second, _), rest @ ..]
            if !rest.iter().any(|(more, _)| KINDS.iter().any(|(word, _)| more == word)) =>
        {
            match (normalised(ring).parse(), number(first), number(second)) {
                (Ok(ring), Some(x), Some(y)) => Line::Point(Point { ring, pair: Coord { x, y } }),
                _ => Line::Stray,
            }
        }
        _ => Line::Stray,
    }
}

/// Divides a line at commas, half-width or full-width; blanks around fields are dropped.
fn split(text: &str, at: usize) -> Vec<(&str, usize)> {
    let mut next = at;
    text.split([',', '，'])
        .map(|field| {
            let start = next + (field.len() - field.trim_start().len());
            next += field.len();
            next += text[next - at..].chars().next().map_or(0, char::len_utf8);
            (field.trim(), start)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_place() {
        let Line::Parcel(parcel) = line("5，0.1, 甲,,面,,,@", 10) else { panic!("a parcel") };
        let text = " 5，0.1, 甲,,面,,,@";
        for (field, at) in &parcel.fields {
            assert!(text[at - 9..].starts_with(field), "{field} at {at}");
        }
        assert_eq!(
            parcel.fields.iter().map(|(field, _)| *field).collect::<Vec<_>>(),
            ["5", "0.1", "甲", "", "面", "", ""]
        );
    }

    #[test]
    fn lines_are_told_apart() {
        assert!(matches!(line("J1,1,3288120.430,39402310.125", 0), Line::Point(Point { ring: 1, .. })));
        assert!(matches!(line("J1，2，3288120.430，39402310.125，", 0), Line::Point(Point { ring: 2, .. })));
        assert!(matches!(line("J1,1,3288120.430", 0), Line::Stray));
        assert!(matches!(line("J1,1,nan,1", 0), Line::Stray));
        assert!(matches!(
            line("Ｊ１，１，３２８８１２０．４３０，３９４０２３１０．１２５", 0),
            Line::Point(Point { ring: 1, .. })
        ));
        assert!(matches!(line("J1,1,3288120.430,39402310.125,12.5,界桩", 0), Line::Point(Point { ring: 1, .. })));
        assert!(matches!(line("5,1,2,3,面,,0701,,", 0), Line::Stray));
        assert!(matches!(line("5,1,2,3,面,,0701,,@,,", 0), Line::Parcel(_)));
        assert!(matches!(line("备注", 0), Line::Stray));
        assert_eq!(section("[地块坐标]"), Some("地块坐标"));
        assert_eq!(section("【地块坐标】"), Some("地块坐标"));
        assert_eq!(entry("带号 = 39"), Some(("带号", "39")));
        let filled = |text| lines(text).filter(|(line, _)| !line.is_empty()).collect::<Vec<_>>();
        assert_eq!(filled("a\r\n  b\n"), [("a", 0), ("b", 5)]);
        assert_eq!(filled("a\nb\n\u{1a}"), [("a", 0), ("b", 2)]);
    }
}
