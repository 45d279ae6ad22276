//! Places in data as people and machines read them: a line and column of a text, a record, the cell of a sheet.
//!
//! Takes a place and what its numbers count, gives the fields of the report and their words. Knows nothing of any format.

use super::escape;
use super::result::{Issue, Origin, Subject};
use crate::diagnostic::{Language, Severity};
use crate::model;
use crate::source::{Files, Marks, Place};

/// A place within a file, by what its format has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// Line of a text, from 1.
    pub line: Option<u32>,
    /// Character in the line, from 1.
    pub column: Option<u32>,
    /// Record, from 1.
    pub record: Option<u32>,
    /// Cell of a sheet, such as `B7`.
    pub cell: Option<String>,
}

impl Spot {
    /// Returns the place as its file's marks count it; nothing for the file as a whole.
    pub(super) fn of(files: &Files, place: Place) -> Self {
        let counted = |number: u32| (number > 0).then_some(number);
        match files.marks(place.file) {
            Marks::Text => Spot { line: counted(place.line), column: counted(place.column), ..Spot::default() },
            Marks::Records => Spot { record: counted(place.line), ..Spot::default() },
            Marks::Cells => Spot { cell: counted(place.line).map(|row| cell(row, place.column)), ..Spot::default() },
        }
    }

    /// Returns the place in words behind the name of its file, without a column.
    pub(super) fn behind(&self, path: &str, language: Language) -> String {
        shown(path, self.line, None, self.record, self.cell.as_deref(), language)
    }
}

impl Subject {
    /// Returns where the subject stands, in words; `None` if it stands in no file.
    pub(super) fn place(&self, language: Language) -> Option<String> {
        let path = self.path.as_deref()?;
        Some(shown(path, self.line, self.column, self.record, self.cell.as_deref(), language))
    }

    /// Returns where the subject stands, in words and without a column; `None` if that is not known.
    pub(super) fn line_place(&self, language: Language) -> Option<String> {
        let path = self.path.as_deref()?;
        let known = self.line.is_some() || self.record.is_some() || self.cell.is_some();
        known.then(|| shown(path, self.line, None, self.record, self.cell.as_deref(), language))
    }
}

impl Origin {
    /// Returns where a value stands, in words.
    pub(super) fn place(&self, language: Language) -> String {
        shown(&self.path, self.line, None, self.record, self.cell.as_deref(), language)
    }
}

/// Returns an issue as one line for a terminal: how bad it is, where it stands, what it is.
pub fn issue_line(issue: &model::Issue, files: &Files, language: Language) -> String {
    let word = match (issue.severity, language) {
        (Severity::Error, Language::En) => "error: ",
        (Severity::Error, Language::Zh) => "错误：",
        (Severity::Warning, Language::En) => "warning: ",
        (Severity::Warning, Language::Zh) => "警告：",
        (Severity::Note, Language::En) => "note: ",
        (Severity::Note, Language::Zh) => "提示：",
    };
    let place = Spot::of(files, issue.place).behind(files.name(issue.place.file), language);
    let colon = if language == Language::Zh { "：" } else { ": " };
    format!("{word}{}{colon}{}", escape::line(&place), escape::line(issue.text.in_language(language)))
}

impl Issue {
    /// Returns where the fault stands, in words.
    pub(super) fn place(&self, language: Language) -> String {
        shown(&self.path, self.line, self.column, self.record, self.cell.as_deref(), language)
    }
}

fn shown(
    path: &str,
    line: Option<u32>,
    column: Option<u32>,
    record: Option<u32>,
    cell: Option<&str>,
    language: Language,
) -> String {
    match (line, column, record, cell, language) {
        (Some(line), Some(column), ..) => format!("{path}:{line}:{column}"),
        (Some(line), None, ..) => format!("{path}:{line}"),
        (None, _, Some(record), _, Language::En) => format!("{path} record {record}"),
        (None, _, Some(record), _, Language::Zh) => format!("{path} 第 {record} 条"),
        (None, _, None, Some(cell), Language::En) => format!("{path} cell {cell}"),
        (None, _, None, Some(cell), Language::Zh) => format!("{path} 单元格 {cell}"),
        (None, _, None, None, _) => path.to_owned(),
    }
}

/// Returns the address of a cell, `B7`; without a column that of the row's first.
fn cell(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column.max(1);
    while left > 0 {
        letters.push(char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &row.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_what_their_format_has() {
        let mut files = Files::default();
        let mut spot = |marks, line, column| {
            let file = files.add_data("data", marks);
            Spot::of(&files, Place { file, line, column })
        };
        let text = spot(Marks::Text, 12, 3);
        assert_eq!(
            (text.line, text.column, text.behind("a.json", Language::En)),
            (Some(12), Some(3), "a.json:12".into())
        );
        let record = spot(Marks::Records, 12, 3);
        assert_eq!((record.line, record.column, record.record), (None, None, Some(12)));
        assert_eq!(record.behind("a.shp", Language::En), "a.shp record 12");
        assert_eq!(record.behind("a.shp", Language::Zh), "a.shp 第 12 条");
        assert_eq!(spot(Marks::Cells, 7, 2).behind("a.xlsx", Language::Zh), "a.xlsx 单元格 B7");
        assert_eq!(spot(Marks::Cells, 7, 28).cell.as_deref(), Some("AB7"));
        assert_eq!(spot(Marks::Cells, 7, 0).cell.as_deref(), Some("A7"));
        assert_eq!(spot(Marks::Records, 0, 0).behind("a.shp", Language::En), "a.shp");
    }
}
