//! Where a piece of data stands.

use super::FileId;

/// What the line and column of a place count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Lines of a text and characters in them.
    Text,
    /// Records of a file without lines, and the fields of a record.
    Records,
    /// Rows and columns of a spreadsheet.
    Cells,
}

/// The file and, within it, the line and column of a feature, record or value; what these count is settled by [`Marks`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// Line, record or row from 1, as [`Marks`] says; 0 for the file as a whole.
    pub line: u32,
    /// Character, field or column from 1; 0 for all of the line.
    pub column: u32,
}

impl Place {
    /// Returns the place that names a file only.
    pub fn file(file: FileId) -> Self {
        Place { file, line: 0, column: 0 }
    }
}
