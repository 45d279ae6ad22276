//! The files of a run, by number.

use std::sync::Arc;

use super::{Lines, Location, Marks, Span};

/// The number of a file in [`Files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

#[derive(Debug, Clone)]
struct File {
    name: Arc<str>,
    text: Arc<str>,
    lines: Lines,
    marks: Marks,
}

/// All files of a run: rule texts with their text, data files by name only.
#[derive(Debug, Clone, Default)]
pub struct Files {
    files: Vec<File>,
}

impl Files {
    /// Adds a text under the name that people know it by, and returns its number.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let text: Arc<str> = text.into();
        let id = FileId(self.files.len() as u32);
        self.files.push(File { name: name.into(), lines: Lines::of(&text), text, marks: Marks::Text });
        id
    }

    /// Adds a file whose text is not kept, such as a data file.
    pub fn add_name(&mut self, name: impl Into<Arc<str>>) -> FileId {
        self.add(name, "")
    }

    /// Adds a data file whose places count what `marks` says.
    pub fn add_data(&mut self, name: impl Into<Arc<str>>, marks: Marks) -> FileId {
        let id = self.add(name, "");
        self.files[id.0 as usize].marks = marks;
        id
    }

    /// Returns what the lines and columns of a file's places count.
    pub fn marks(&self, file: FileId) -> Marks {
        self.files[file.0 as usize].marks
    }

    /// Returns the name of a file.
    pub fn name(&self, file: FileId) -> &Arc<str> {
        &self.files[file.0 as usize].name
    }

    /// Returns the text of a file, empty if it is not kept.
    pub fn text(&self, file: FileId) -> &Arc<str> {
        &self.files[file.0 as usize].text
    }

    /// Returns the text of a span, clamped to the file and to character boundaries.
    pub fn slice(&self, span: Span) -> &str {
        let text = &self.files[span.file.0 as usize].text;
        let clamp = |at: u32| text.floor_char_boundary((at as usize).min(text.len()));
        &text[clamp(span.start)..clamp(span.end)]
    }

    /// Returns the line and column at which a span starts.
    pub fn location(&self, span: Span) -> Location {
        let file = &self.files[span.file.0 as usize];
        file.lines.location(&file.text, span.start as usize)
    }

    /// Returns the numbers of all files in the order they were added.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..self.files.len() as u32).map(FileId)
    }
}
