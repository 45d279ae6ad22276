//! Tables of spreadsheets (.xlsx): the sheet and the row that hold the names of the fields, and the rows below.
//!
//! A place is a cell: its row as the line, its column as the column. Cells give the values that the file holds; formulas are not run. What a
//! small file may unfold to is bounded.

use std::io::Read;

use calamine::{Data, DataRef, Reader, SheetVisible, Xlsx};

use super::csv::{Cell, CsvTable};
use super::error::Cause;
use super::limits::{CELLS, STRING_BYTES, TEXT_BYTES};
use super::rows::bare;
use crate::diagnostic::Text;
use crate::source::{FileId, Place};
use crate::text;

/// In how many rows from the top the names are looked for.
const HEADER_ROWS: usize = 50;

/// The rows of a sheet that hold anything: their number from 0, and their cells by column.
type Rows = Vec<(u32, Vec<(u32, String)>)>;

/// The name of a sheet and the texts of its rows.
pub(super) type SheetTexts = (String, Vec<Vec<String>>);

/// Returns a path and the sheet behind its `#`, for a path that names a spreadsheet.
pub(super) fn split(path: &str) -> (&str, Option<&str>) {
    let parts = path.match_indices('#').map(|(at, _)| (&path[..at], &path[at + 1..]));
    match parts.into_iter().find(|(file, sheet)| is_sheet(file) && !sheet.is_empty()) {
        Some((file, sheet)) => (file, Some(sheet)),
        None => (path, None),
    }
}

/// Tells by its name whether a file is a spreadsheet.
pub(super) fn is_sheet(path: &str) -> bool {
    path.to_lowercase().ends_with(".xlsx")
}

/// Reads a table: of `sheet`, else of the sheet in view whose row of names has the most that are `known`.
///
/// # Errors
/// If the file is no spreadsheet, unfolds to too much, lacks the sheet, or has no row with a name that is known.
pub(super) fn read_sheet(
    file: FileId,
    bytes: Vec<u8>,
    sheet: Option<&str>,
    mut known: impl FnMut(&str) -> bool,
) -> Result<CsvTable, Cause> {
    check_size(&bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut best: Option<(usize, usize, Rows)> = None;
    let shown = visible(&book);
    for name in book.sheet_names() {
        if sheet.map_or(!shown.contains(&name), |wanted| wanted != name) {
            continue;
        }
        let rows = rows(&mut book, &name)?;
        let score = |row: &(u32, Vec<(u32, String)>), known: &mut dyn FnMut(&str) -> bool| {
            row.1.iter().filter(|(_, text)| known(text) || bare(text).is_some_and(|bare| known(&bare))).count()
        };
        for at in 0..rows.len().min(HEADER_ROWS) {
            let score = score(&rows[at], &mut known);
            if score > best.as_ref().map_or(0, |(most, ..)| *most) {
                best = Some((score, at, rows.clone()));
            }
        }
    }
    let Some((_, header, rows)) = best else {
        let names = book.sheet_names().join("、");
        let advice = text!(
            en: "no row of it names a field; its sheets are: {names}",
            zh: "其中没有一行是字段名；工作表有：{names}"
        );
        return Err(Cause::Format(Text::new("a spreadsheet without a table", "没有表格的电子表格"), advice));
    };
    Ok(table(file, &rows, header))
}

/// Returns the texts of the first rows of every sheet in view.
///
/// # Errors
/// As [`read_sheet`], but for what its sheets hold.
pub(super) fn sheets(bytes: Vec<u8>) -> Result<Vec<SheetTexts>, Cause> {
    check_size(&bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut found = Vec::new();
    for name in visible(&book) {
        let rows = rows(&mut book, &name)?.into_iter().take(HEADER_ROWS);
        found.push((name, rows.map(|(_, cells)| cells.into_iter().map(|(_, text)| text).collect()).collect()));
    }
    Ok(found)
}

/// Returns the names of the sheets that are not hidden; of all, where all are.
fn visible<R: Read + std::io::Seek>(book: &Xlsx<R>) -> Vec<String> {
    let in_view = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = in_view.map(|sheet| sheet.name.clone()).collect();
    if names.is_empty() { book.sheet_names() } else { names }
}

/// Refuses a file that unfolds to more than the bound, whatever it says of itself.
fn check_size(bytes: &[u8]) -> Result<(), Cause> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut left = TEXT_BYTES;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| broken(&error))?;
        let is_strings = String::from_utf8_lossy(entry.name_raw()).to_lowercase().ends_with("sharedstrings.xml");
        let mut entry = entry.take(left + 1);
        let read = if is_strings { count_strings(&mut entry) } else { std::io::copy(&mut entry, &mut std::io::sink()) };
        let read = read.map_err(|error| broken(&error))?;
        left = left.checked_sub(read).ok_or(Cause::TooLarge(TEXT_BYTES))?;
    }
    Ok(())
}

/// Reads the table of strings through and gives its length; fails where it announces more strings than it has room for: memory is set
/// aside for as many.
fn count_strings(strings: &mut dyn Read) -> std::io::Result<u64> {
    const COUNT: &[u8] = b"uniqueCount";
    /// The least that a string takes: `<si/>`.
    const LEAST: u64 = 5;
    let (mut held, mut read, mut announced) = (Vec::new(), 0, 0);
    loop {
        let block = std::io::copy(&mut (&mut *strings).take(1 << 16), &mut held)?;
        read += block;
        for at in memchr::memmem::find_iter(&held, COUNT) {
            let digits = held[at + COUNT.len()..].iter().filter(|byte| !matches!(byte, b'=' | b'"' | b'\'' | b' '));
            let digits = digits.take_while(|byte| byte.is_ascii_digit());
            let number = digits.fold(0u64, |all, digit| all.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
            announced = announced.max(number);
        }
        if block == 0 {
            break;
        }
        // The words may stand across two blocks.
        held.drain(..held.len().saturating_sub(64));
    }
    if announced > read / LEAST {
        return Err(std::io::Error::other(format!("{announced} strings announced in {read} bytes")));
    }
    Ok(read)
}

fn broken(error: &dyn std::fmt::Display) -> Cause {
    let error = error.to_string();
    let advice = text!(en: "open it in a spreadsheet program and save it anew ({error})", zh: "请用表格软件打开并另存（{error}）");
    Cause::Format(Text::new("a damaged spreadsheet", "损坏的电子表格"), advice)
}

fn rows<R: Read + std::io::Seek>(book: &mut Xlsx<R>, name: &str) -> Result<Rows, Cause> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|error| broken(&error))?;
    let mut rows: Rows = Vec::new();
    let mut count = 0;
    while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
        let text = shown(cell.get_value());
        if text.is_empty() {
            continue;
        }
        count += 1;
        if count > CELLS {
            return Err(Cause::TooManyCells(CELLS));
        }
        let (row, column) = cell.get_position();
        match rows.last_mut() {
            Some((last, found)) if *last == row => found.push((column, text)),
            Some(_) | None => rows.push((row, vec![(column, text)])),
        }
    }
    drop(cells);
    let mut fill = |rows: &mut Rows, row: u32, column: u32, text: &str| {
        count += 1;
        if count > CELLS {
            return Err(Cause::TooManyCells(CELLS));
        }
        let found = rows.binary_search_by_key(&row, |(row, _)| *row);
        if let Ok(at) = found
            && let Err(place) = rows[at].1.binary_search_by_key(&column, |(column, _)| *column)
        {
            rows[at].1.insert(place, (column, text.to_owned()));
        }
        Ok(found.is_ok())
    };
    // A formula whose value the file does not hold is shown as it is: what it comes to is not known.
    let mut formulas = book.worksheet_cells_reader(name).map_err(|error| broken(&error))?;
    let mut without_values: Rows = Vec::new();
    while let Some(cell) = formulas.next_formula().map_err(|error| broken(&error))? {
        let (row, column) = cell.get_position();
        let text = format!("={}", cell.get_value().trim_start_matches('='));
        if text.len() > 1 && !fill(&mut rows, row, column, &text)? {
            match without_values.last_mut() {
                Some((last, found)) if *last == row => found.push((column, text)),
                Some(_) | None => without_values.push((row, vec![(column, text)])),
            }
        }
    }
    drop(formulas);
    rows.extend(without_values);
    rows.sort_by_key(|(row, _)| *row);
    // What stands in cells merged over several rows holds for each of these rows.
    for region in book.merge_cells_by_sheet_name(name).map_err(|error| broken(&error))? {
        let ((first, column), (last, _)) = (region.start, region.end);
        let Ok(at) = rows.binary_search_by_key(&first, |(row, _)| *row) else { continue };
        let cell = rows[at].1.iter().find(|(found, _)| *found == column);
        let Some(text) = cell.map(|(_, text)| text.clone()) else { continue };
        let below: Vec<u32> = rows[at + 1..].iter().map(|(row, _)| *row).take_while(|row| *row <= last).collect();
        for row in below {
            fill(&mut rows, row, column, &text)?;
        }
    }
    Ok(rows)
}

/// Returns a cell as people would type it: dates as 2026-01-15, numbers without a tail of rounding.
fn shown(value: &DataRef<'_>) -> String {
    let mut text = match value {
        DataRef::Empty => String::new(),
        DataRef::SharedString(text) => (*text).trim().to_owned(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.trim().to_owned(),
        DataRef::Float(number) => number_text(*number),
        DataRef::Int(number) => number.to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(span) => number_text(span.as_f64()),
        DataRef::Error(_) => Data::from(value.clone()).to_string(),
    };
    text.truncate(text.floor_char_boundary(STRING_BYTES));
    text
}

/// Returns a number with at most fifteen digits, as spreadsheets show it: 0.1 + 0.2 is 0.3.
fn number_text(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

/// Makes a table of the rows below the header; a row that only adds up others is left out by those who read it.
fn table(file: FileId, rows: &Rows, header: usize) -> CsvTable {
    let (number, names) = &rows[header];
    let place = |row: u32, column: u32| Place { file, line: row + 1, column: column + 1 };
    let below = rows[header + 1..].iter().map(|(row, cells)| {
        let cell = |(column, _): &(u32, String)| {
            let text = cells.iter().find(|(at, _)| at == column).map(|(_, text)| text.clone());
            Cell { text: text.unwrap_or_default(), line: row + 1, column: column + 1 }
        };
        names.iter().map(cell).collect::<Vec<_>>()
    });
    CsvTable {
        file,
        above: rows[..header].iter().flat_map(|(_, cells)| cells).map(|(_, text)| text.clone()).collect(),
        whole: true,
        header: names.iter().map(|(column, name)| (name.clone(), place(*number, *column))).collect(),
        rows: below.filter(|row| row.iter().any(|cell| !cell.text.is_empty())).collect(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::io::Write;

    /// Writes a workbook; a cell that is a number is written as one, one that begins with `=` as a formula without its value, and `^` is
    /// merged with the cell above it.
    pub(in crate::io) fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let mut add = |name: &str, text: String| {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        };
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        add(
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        );
        let (mut names, mut targets) = (String::new(), String::new());
        for (number, (name, rows)) in sheets.iter().enumerate() {
            names.push_str(&format!(r#"<sheet name="{name}" sheetId="{}" r:id="s{number}"/>"#, number + 1));
            targets.push_str(&format!(
                r#"<Relationship Id="s{number}" Type="{office}/worksheet" Target="worksheets/s{number}.xml"/>"#
            ));
            let (mut body, mut merged) = (String::new(), String::new());
            for (row, cells) in rows.iter().enumerate() {
                body.push_str(&format!(r#"<row r="{}">"#, row + 1));
                for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                    let name = char::from(b'A' + column as u8);
                    let at = format!("{name}{}", row + 1);
                    if *text == "^" {
                        merged.push_str(&format!(r#"<mergeCell ref="{name}{row}:{at}"/>"#));
                        continue;
                    }
                    body.push_str(&match text.parse::<f64>() {
                        _ if text.starts_with('=') => format!(r#"<c r="{at}"><f>{}</f></c>"#, &text[1..]),
                        Ok(_) => format!(r#"<c r="{at}"><v>{text}</v></c>"#),
                        Err(_) => format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#),
                    });
                }
                body.push_str("</row>");
            }
            add(
                &format!("xl/worksheets/s{number}.xml"),
                format!(
                    r#"<worksheet xmlns="{main}"><sheetData>{body}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"#
                ),
            );
        }
        add(
            "xl/workbook.xml",
            format!(r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{names}</sheets></workbook>"#),
        );
        add("xl/_rels/workbook.xml.rels", format!(r#"<Relationships xmlns="{package}">{targets}</Relationships>"#));
        archive.finish().unwrap().into_inner()
    }

    const NOTES: &[&[&str]] = &[&["说明"], &["本表由规划科填写"]];
    const COSTS: &[&[&str]] =
        &[&["资产包收支表"], &[], &["", "项目", "金额"], &["", "征地", "0.30000000000000004"], &["合计", "", "1"]];

    fn known(name: &str) -> bool {
        ["项目", "金额"].contains(&name)
    }

    #[test]
    fn the_table_is_where_its_names_are() {
        let bytes = workbook(&[("说明", NOTES), ("收支", COSTS)]);
        let table = read_sheet(FileId(0), bytes.clone(), None, known).unwrap();
        let shown = |row: &Vec<Cell>| {
            row.iter().map(|cell| format!("{}@{}:{}", cell.text, cell.line, cell.column)).collect::<Vec<_>>()
        };
        assert_eq!(
            table.header.iter().map(|(name, place)| (name.as_str(), place.line, place.column)).collect::<Vec<_>>(),
            [("项目", 3, 2), ("金额", 3, 3)]
        );
        assert_eq!(table.rows.iter().map(shown).collect::<Vec<_>>(), [["征地@4:2", "0.3@4:3"], ["@5:2", "1@5:3"]]);
        assert!(read_sheet(FileId(0), bytes.clone(), Some("收支"), known).is_ok());
        assert!(matches!(read_sheet(FileId(0), bytes, Some("说明"), known), Err(Cause::Format(..))));
    }

    #[test]
    fn merged_cells_hold_for_their_rows_and_formulas_without_a_value_are_shown() {
        let rows: &[&[&str]] = &[&["id", "sum"], &["A", "1"], &["^", "=B2*2"], &["B", "3"]];
        let table = read_sheet(FileId(0), workbook(&[("one", rows)]), None, |name| name == "id").unwrap();
        let texts: Vec<&str> = table.rows.iter().flatten().map(|cell| cell.text.as_str()).collect();
        assert_eq!(texts, ["A", "1", "A", "=B2*2", "B", "3"]);
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        for bytes in [&b""[..], b"PK\x03\x04", b"id,name\n"] {
            assert!(matches!(read_sheet(FileId(0), bytes.to_vec(), None, known), Err(Cause::Format(..))));
        }
        let whole = workbook(&[("收支", COSTS)]);
        for at in (0..whole.len()).step_by(7) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            let _ = read_sheet(FileId(0), damaged, None, known);
            let _ = read_sheet(FileId(0), whole[..at].to_vec(), None, known);
        }
    }

    #[test]
    fn a_workbook_that_announces_more_strings_than_it_holds_is_refused() {
        let told = |strings: &str| count_strings(&mut strings.as_bytes()).ok();
        let held = r#"<sst count="9" uniqueCount="2"><si><t>a</t></si><si><t>b</t></si></sst>"#;
        assert_eq!(told(held), Some(held.len() as u64));
        assert_eq!(told(&held.replace("\"2\"", "\"4000000000\"")), None);
        assert_eq!(told(&held.replace("\"2\"", " = '99999999999999999999999'")), None);
        // Announced where one block ends and the next begins.
        for blanks in (1 << 16) - 40..1 << 16 {
            assert_eq!(
                told(&format!("{}{}", " ".repeat(blanks), held.replace("\"2\"", "\"4000000000\""))),
                None,
                "{blanks}"
            );
        }
    }

    #[test]
    fn a_workbook_that_unfolds_without_end_is_refused() {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let blank = vec![b' '; 1 << 20];
        for _ in 0..=(TEXT_BYTES >> 20) {
            archive.write_all(&blank).unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 2 << 20, "small as it lies: {}", bytes.len());
        assert!(matches!(read_sheet(FileId(0), bytes, None, known), Err(Cause::TooLarge(_))));
    }

    #[test]
    fn a_path_names_a_sheet_behind_its_file() {
        assert_eq!(split("records/b.xlsx#收支"), ("records/b.xlsx", Some("收支")));
        assert_eq!(split("records/b.XLSX"), ("records/b.XLSX", None));
        assert_eq!(split("records/a#1.yaml"), ("records/a#1.yaml", None));
        assert_eq!(split("1#地块.xlsx#2#楼"), ("1#地块.xlsx", Some("2#楼")));
    }
}
