//! Byte offset to line and column.

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Line, from 1.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
}

/// Where the lines of a text start.
#[derive(Debug, Clone)]
pub struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// Returns the line starts of a text; a line ends at `\n`.
    pub fn of(text: &str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        Lines { starts: std::iter::once(0).chain(ends).collect() }
    }

    /// Returns the location of a byte offset in `text`, the text that the lines were made of; an offset behind the end is its end.
    pub fn location(&self, text: &str, offset: usize) -> Location {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let line = self.starts.partition_point(|&start| start as usize <= offset);
        let start = self.starts[line - 1] as usize;
        Location { line: line as u32, column: text[start..offset].chars().count() as u32 + 1 }
    }
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
}
