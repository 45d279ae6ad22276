//! Where a piece of data stands.

use super::FileId;

/// The file and, where the format has lines, the line and column of a feature, record or value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// Line from 1; 0 where the format has no lines.
    pub line: u32,
    /// Character in the line from 1; 0 where the format has no lines.
    pub column: u32,
}

impl Place {
    /// Returns the place that names a file only.
    pub fn file(file: FileId) -> Self {
        Place { file, line: 0, column: 0 }
    }
}
