//! Whole packs for tests: from their folders to programs.

use std::path::Path;
use std::sync::Arc;

use guiju::checker::{PackTexts, compile};
use guiju::diagnostic::{Diagnostic, Language};
use guiju::io::{self, CsvTable, Pack};
use guiju::report::terminal;
use guiju::sema::program::Program;
use guiju::sema::{Cell, CsvInput};
use guiju::source::Files;

/// Reads and compiles the pack in a folder of this repository.
pub(crate) fn compiled(folder: &str) -> (Program, Vec<Diagnostic>, Files) {
    let mut files = Files::default();
    let pack = io::read_pack(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut files).unwrap();
    assert!(pack.issues.is_empty() && pack.requires.is_empty(), "{folder}: {:?}", pack.issues);
    let (program, found) = compile(&[texts(&pack)], &[], &files);
    let diagnostics = pack.diagnostics.iter().cloned().chain(found).collect();
    (program, diagnostics, files)
}

/// Draws diagnostics as a terminal shows them.
pub(crate) fn drawn(diagnostics: &[Diagnostic], files: &Files) -> String {
    terminal::diagnostics(diagnostics, files, Language::En, false, 100)
}

fn texts(pack: &Pack) -> PackTexts {
    PackTexts {
        name: pack.name.as_str().into(),
        jurisdiction: pack.jurisdiction.parse().unwrap(),
        modules: pack.modules.iter().map(|module| module.file).collect(),
        tables: pack.tables.iter().map(|(path, table)| (Arc::from(path.as_str()), rows(table))).collect(),
    }
}

fn rows(table: &CsvTable) -> CsvInput {
    let header = table
        .header
        .iter()
        .map(|(text, place)| Cell { text: text.as_str().into(), line: place.line, column: place.column })
        .collect();
    let cells = |row: &Vec<io::Cell>| {
        row.iter().map(|cell| Cell { text: cell.text.as_str().into(), line: cell.line, column: cell.column }).collect()
    };
    let rows = std::iter::once(header).chain(table.rows.iter().map(cells)).collect();
    CsvInput { file: table.file, rows }
}
