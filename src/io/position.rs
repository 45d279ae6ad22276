//! Byte offsets of a long text to lines and columns, moving forward only.

use crate::source::Location;

/// A place in a text that knows its line and column.
///
/// Going through a text from offset to offset costs one pass over it in all, however long its lines are.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    offset: usize,
    line: u32,
    column: u32,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Cursor { text, offset: 0, line: 1, column: 1 }
    }

    /// Goes forward to an offset; one that lies behind already is ignored.
    pub(super) fn advance(&mut self, offset: usize) {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        if offset <= self.offset {
            return;
        }
        let passed = &self.text[self.offset..offset];
        let lines = memchr::memchr_iter(b'\n', passed.as_bytes()).count() as u32;
        match passed.rfind('\n') {
            Some(last) => {
                self.line += lines;
                self.column = passed[last + 1..].chars().count() as u32 + 1;
            }
            None => self.column += passed.chars().count() as u32,
        }
        self.offset = offset;
    }

    /// Returns the line and column.
    pub(super) fn location(&self) -> Location {
        Location { line: self.line, column: self.column }
    }

    /// Returns the line and column of an offset from here on.
    pub(super) fn at(&self, offset: usize) -> Location {
        let mut there = self.clone();
        there.advance(offset);
        there.location()
    }
}
