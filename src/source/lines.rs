//! Byte offset to line and column.

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Line, from 1.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
}

/// Bytes of text from one count of characters to the next: in a line that is longer, all before are not counted for each column.
const STEP: usize = 1 << 12;

/// Where the lines of a text start.
#[derive(Debug, Clone)]
pub struct Lines {
    starts: Vec<u32>,
    /// How many characters begin before each multiple of [`STEP`] bytes.
    counts: Vec<u32>,
}

impl Lines {
    /// Returns the line starts of a text; a line ends at `\n`.
    pub fn of(text: &str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        let starts = std::iter::once(0).chain(ends).collect();
        let begun = text.as_bytes().chunks(STEP).scan(0, |all, step| {
            *all += begins(step);
            Some(*all)
        });
        Lines { starts, counts: std::iter::once(0).chain(begun).collect() }
    }

    /// Returns the location of a byte offset in `text`, the text that the lines were made of; an offset behind the end is its end.
    pub fn location(&self, text: &str, offset: usize) -> Location {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let line = self.starts.partition_point(|&start| start as usize <= offset);
        let start = self.starts[line - 1] as usize;
        let bytes = text.as_bytes();
        let before = |at: usize| self.counts[at / STEP] + begins(&bytes[at - at % STEP..at]);
        let column = if offset - start < STEP { begins(&bytes[start..offset]) } else { before(offset) - before(start) };
        Location { line: line as u32, column: column + 1 }
    }
}

/// Returns how many characters begin in bytes of UTF-8.
fn begins(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_offsets_are_clamped() {
        let text = "甲乙\n丙 x";
        let lines = Lines::of(text);
        assert_eq!(lines.location(text, 3), Location { line: 1, column: 2 });
        assert_eq!(lines.location(text, 7), Location { line: 2, column: 1 });
        assert_eq!(lines.location(text, 11), Location { line: 2, column: 3 });
        assert_eq!(lines.location(text, 4), Location { line: 1, column: 2 });
        assert_eq!(lines.location(text, 99), Location { line: 2, column: 4 });
    }

    #[test]
    fn columns_of_long_lines_are_those_of_short_ones() {
        for before in ["", "ab\n", "甲\n乙\n"] {
            let text = format!("{before}{}", "甲b".repeat(2 * STEP));
            let lines = Lines::of(&text);
            let line = before.matches('\n').count() as u32 + 1;
            for (column, (offset, _)) in text[before.len()..].char_indices().enumerate() {
                let expected = Location { line, column: column as u32 + 1 };
                assert_eq!(lines.location(&text, before.len() + offset), expected);
            }
            let end = Location { line, column: 4 * STEP as u32 + 1 };
            assert_eq!(lines.location(&text, text.len()), end);
        }
    }
}
