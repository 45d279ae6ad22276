//! CSV (RFC 4180) with the place of every cell: the code lists and tables of packs, and records.

use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Severity, Text};
use crate::model::Issue;
use crate::source::{FileId, Place};
use crate::text;

use super::decode::with_line_feeds;
use super::issues::issue;
use super::limits::{PROPERTIES, STRING_BYTES};

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its text, quotes resolved and blanks at the ends dropped.
    pub text: String,
    /// Line from 1.
    pub line: u32,
    /// Character from 1.
    pub column: u32,
}

/// A table with a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvTable {
    /// The file.
    pub file: FileId,
    /// The names of the columns and where they stand.
    pub header: Vec<(String, Place)>,
    /// The rows, each as long as the header. Blank lines are left out.
    pub rows: Vec<Vec<Cell>>,
    /// What stands above the header: a title, the unit of the amounts.
    pub above: Vec<String>,
    /// Whether each row could be told from the next.
    pub whole: bool,
}

impl CsvTable {
    /// Takes a column out of the table and returns its cells.
    pub(super) fn take_column(&mut self, column: usize) -> Vec<Cell> {
        self.header.remove(column);
        self.rows.iter_mut().map(|row| row.remove(column)).collect()
    }
}

/// Parses a table: commas; tabs if the header has tabs and no comma; semicolons, as spreadsheets write where the comma is that of decimals,
/// if it has more of these. Rows that are too long or too short are issues and cut or filled.
pub fn parse_csv(file: FileId, source: &str) -> (CsvTable, Vec<Issue>) {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let source = &*with_line_feeds(source);
    let first = source.lines().next().unwrap_or_default();
    let count = |sign: char| first.matches(sign).count();
    let separator = match (count(','), count(';'), count('\t')) {
        (0, _, tabs) if tabs > 0 => '\t',
        (commas, semicolons, _) if semicolons > commas => ';',
        _ => ',',
    };
    let mut issues = Vec::new();
    let (rows, whole) = rows(file, source, separator, &mut issues);
    let mut rows = rows.into_iter();
    let place = |cell: &Cell| Place { file, line: cell.line, column: cell.column };
    let mut header: Vec<(String, Place)> =
        rows.next().unwrap_or_default().into_iter().map(|cell| (cell.text.clone(), place(&cell))).collect();
    let stated = header.len();
    if stated > PROPERTIES {
        let text = text!(
            en: "the table has more than the limit of {PROPERTIES} columns; those behind were left out",
            zh: "表格超过 {PROPERTIES} 列的上限，其后各列已略去"
        );
        issues.push(issue(&codes::BROKEN_CSV, Severity::Error, text, header[PROPERTIES].1));
        header.truncate(PROPERTIES);
    }
    for (at, (name, place)) in header.iter().enumerate() {
        if !name.is_empty() && header[..at].iter().any(|(other, _)| other == name) {
            let text = text!(
                en: "the column `{name}` stands twice, and which one counts cannot be known",
                zh: "“{name}”列重复，无法判断以哪一列为准"
            );
            issues.push(issue(&codes::DUPLICATE_KEY, Severity::Error, text, *place));
        }
    }
    if header.iter().all(|(name, _)| name.is_empty()) {
        let text = text!(en: "there is nothing in it; the names of the columns should stand first", zh: "文件为空；首行应为列名");
        issues.push(issue(&codes::BROKEN_CSV, Severity::Error, text, Place { file, line: 1, column: 1 }));
    }
    let width = header.len();
    let mut kept: Vec<Vec<Cell>> = Vec::new();
    for mut row in rows {
        let (found, line) = (row.len(), row.first().map_or(0, |cell| cell.line));
        // Spreadsheets write empty cells to the right of a table.
        let excess = row.get(stated..).unwrap_or_default().iter().any(|cell| !cell.text.is_empty());
        if excess || found < stated {
            let text = text!(
                en: "the row has {found} cells, the header {stated}",
                zh: "该行有 {found} 个单元格，表头有 {stated} 个"
            );
            issues.push(issue(&codes::BROKEN_CSV, Severity::Error, text, Place { file, line, column: 1 }));
        }
        let end = row.last().map_or((line, 1), |cell| (cell.line, cell.column));
        row.resize(width, Cell { text: String::new(), line: end.0, column: end.1 });
        kept.push(row);
    }
    (CsvTable { file, header, rows: kept, above: Vec::new(), whole }, issues)
}

/// Returns the rows, and whether each could be told from the next.
fn rows(file: FileId, source: &str, separator: char, issues: &mut Vec<Issue>) -> (Vec<Vec<Cell>>, bool) {
    let (mut rows, mut whole) = (Vec::new(), true);
    let mut row: Vec<Cell> = Vec::new();
    let (mut line, mut column) = (1, 1);
    let mut characters = source.chars().peekable();
    let mut tell = |line, column, text: Text| {
        issues.push(issue(&codes::BROKEN_CSV, Severity::Error, text, Place { file, line, column }));
    };
    while characters.peek().is_some() {
        let (start_line, start_column) = (line, column);
        let mut text = String::new();
        let mut quoted = false;
        let mut closed = false;
        // The end of the row, or of the cell.
        let mut end_of_row = true;
        while let Some(one) = characters.next() {
            column += 1;
            if one == '\n' {
                line += 1;
                column = 1;
            }
            if quoted && !closed {
                if one != '"' {
                    text.push(one);
                } else if characters.peek() == Some(&'"') {
                    characters.next();
                    column += 1;
                    text.push('"');
                } else {
                    closed = true;
                }
            } else if one == '"' && !quoted && text.trim().is_empty() {
                text.clear();
                quoted = true;
            } else if one == separator {
                end_of_row = false;
                break;
            } else if one == '\n' {
                break;
            } else if !closed || !one.is_whitespace() {
                text.push(one);
            }
        }
        if quoted && !closed {
            whole = false;
            tell(start_line, start_column, text!(en: "this quote is not closed", zh: "引号没有闭合"));
        }
        if text.len() > STRING_BYTES {
            text.truncate(text.floor_char_boundary(STRING_BYTES));
            let message = text!(
                en: "the cell is longer than the limit of {STRING_BYTES} bytes and was cut",
                zh: "单元格超过 {STRING_BYTES} 字节的上限，已截断"
            );
            tell(start_line, start_column, message);
        }
        row.push(Cell { text: text.trim().to_owned(), line: start_line, column: start_column });
        // A separator at the very end opens one more, empty cell.
        if !end_of_row && characters.peek().is_none() {
            row.push(Cell { text: String::new(), line, column });
            end_of_row = true;
        }
        if end_of_row || characters.peek().is_none() {
            let blank = row.iter().all(|cell| cell.text.is_empty());
            let done = std::mem::take(&mut row);
            if !blank {
                rows.push(done);
            }
        }
    }
    (rows, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_their_place() {
        let (table, issues) = parse_csv(FileId(0), "\u{feff}代码,名称\r\n01, \"耕,\n\"\"地\" \n\n0101,水田,,\n02\n");
        let shown: Vec<String> = table
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|cell| format!("{}@{}:{}", cell.text, cell.line, cell.column))
                    .collect::<Vec<_>>()
                    .join("|")
            })
            .collect();
        assert_eq!(table.header.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["代码", "名称"]);
        assert_eq!(shown, ["01@2:1|耕,\n\"地@2:4", "0101@5:1|水田@5:6", "02@6:1|@6:1"]);
        assert_eq!(issues.len(), 1);
        assert_eq!((issues[0].code.name, issues[0].place.line), ("broken-csv", 6));
    }

    #[test]
    fn odd_tables_are_read() {
        let (table, issues) = parse_csv(FileId(0), "a;b,c;d\n1,5;2;3");
        assert_eq!((table.header.len(), table.rows[0][0].text.as_str(), issues.len()), (3, "1,5", 0));
        let (table, issues) = parse_csv(FileId(0), "a\tb\n1\t2");
        assert_eq!((table.rows[0][1].text.as_str(), issues.len()), ("2", 0));
        assert!(parse_csv(FileId(0), "").0.header.is_empty());
        assert_eq!(parse_csv(FileId(0), "a,b\n\"1,2\n").1.len(), 2);
        assert_eq!(parse_csv(FileId(0), "a,b\n1,").0.rows[0].len(), 2);
        let (table, issues) = parse_csv(FileId(0), "a,b\r1,2\r3,4\r");
        assert_eq!((table.rows.len(), table.whole, issues.len()), (2, true, 0));
        assert!(!parse_csv(FileId(0), "a,b\n1,\"2\n3,4\n").0.whole);
        let columns: String = (0..200_000).map(|column| format!("c{column},")).collect();
        let (table, issues) = parse_csv(FileId(0), &format!("{columns}\n{}", ",".repeat(200_000)));
        assert_eq!((table.header.len(), issues.len()), (PROPERTIES, 1));
    }
}
