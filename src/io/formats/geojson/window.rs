//! The part of a text that is being read: it grows at the end as more is asked for, and lets go at the start of what is done with.

use std::cell::Cell;

use crate::io::error::Cause;
use crate::io::position::Cursor;
use crate::io::stream::TextStream;
use crate::source::Location;

/// Text to scan.
pub(super) trait Supply {
    /// Returns the text at hand.
    fn text(&self) -> &str;

    /// Drops the first `done` bytes, and appends more at the end; `false` if there is no more.
    fn more(&mut self, done: usize) -> bool;
}

impl Supply for &str {
    fn text(&self) -> &str {
        self
    }

    fn more(&mut self, done: usize) -> bool {
        *self = &self[done..];
        false
    }
}

/// A window on a stream.
pub(super) struct Window<'f> {
    stream: TextStream<'f>,
    text: String,
    /// The offset in the whole text of the first byte of `text`.
    base: usize,
    /// Lines and columns at `place`.
    cursor: Cursor,
    place: usize,
    /// The same where a location was last asked for: one behind the other, each is found from the one before.
    located: Cell<(Cursor, usize)>,
    /// Why there is no more, if that is not the end.
    failed: Option<Cause>,
}

impl<'f> Window<'f> {
    pub(super) fn new(stream: TextStream<'f>) -> Self {
        let (cursor, place) = (Cursor::new(), 0);
        Window {
            stream,
            text: String::new(),
            base: 0,
            cursor,
            place,
            located: Cell::new((cursor, place)),
            failed: None,
        }
    }

    /// Goes on to an offset in the whole text, which lies in the window; returns its line and column.
    pub(super) fn go_to(&mut self, offset: usize) -> Location {
        (self.cursor, self.place) = self.passed((self.cursor, self.place), offset);
        self.cursor.location()
    }

    /// Returns the line and column of an offset in the whole text, from where it went last.
    pub(super) fn locate(&self, offset: usize) -> Location {
        let start = (self.cursor, self.place);
        let last = self.located.get();
        let found = self.passed(if (start.1..=offset).contains(&last.1) { last } else { start }, offset);
        self.located.set(found);
        found.0.location()
    }

    /// Returns the text between two offsets in the whole text.
    pub(super) fn slice(&self, from: usize, to: usize) -> &str {
        &self.text[from - self.base..to - self.base]
    }

    /// Returns the stream; an error if it broke off.
    pub(super) fn into_stream(self) -> Result<TextStream<'f>, Cause> {
        match self.failed {
            Some(cause) => Err(cause),
            None => Ok(self.stream),
        }
    }

    /// Returns the lines and columns at an offset, and where that is: a character's start, by those at a place before.
    fn passed(&self, (mut cursor, place): (Cursor, usize), offset: usize) -> (Cursor, usize) {
        if offset <= place {
            return (cursor, place);
        }
        let to = self.text.floor_char_boundary((offset - self.base).min(self.text.len()));
        cursor.pass(&self.text[place - self.base..to]);
        (cursor, self.base + to)
    }
}

impl Supply for Window<'_> {
    fn text(&self) -> &str {
        &self.text
    }

    fn more(&mut self, done: usize) -> bool {
        // Dropped first, so that little is moved.
        self.go_to(self.base + done);
        self.text.drain(..done);
        self.base += done;
        if self.failed.is_some() {
            return false;
        }
        let length = self.text.len();
        self.stream.more(&mut self.text).unwrap_or_else(|cause| {
            self.text.truncate(length);
            self.failed = Some(cause);
            false
        })
    }
}
