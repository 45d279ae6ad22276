//! Byte offsets of a long text to lines and columns, moving forward only.

use crate::source::Location;

/// A place in a text that knows its line and column.
///
/// Going through a text from offset to offset costs one pass over it in all, however long its lines are. The text itself is not kept:
/// whoever moves the cursor hands over what it passes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor {
    line: u32,
    column: u32,
}

impl Cursor {
    /// Returns the start of a text.
    pub(super) fn new() -> Self {
        Cursor { line: 1, column: 1 }
    }

    /// Goes forward over a piece of the text.
    pub(super) fn pass(&mut self, passed: &str) {
        let bytes = passed.as_bytes();
        let last_line = match memchr::memrchr(b'\n', bytes) {
            Some(last) => {
                self.line += memchr::memchr_iter(b'\n', bytes).count() as u32;
                self.column = 1;
                &passed[last + 1..]
            }
            None => passed,
        };
        self.column += last_line.chars().count() as u32;
    }

    /// Returns the line and column.
    pub(super) fn location(self) -> Location {
        Location { line: self.line, column: self.column }
    }
}
