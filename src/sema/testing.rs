//! Packs from texts, for the tests of this room.

use std::sync::Arc;

use super::{Cell, CsvInput, PackInput, Program, analyze};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Files;
use crate::syntax;

/// Returns the cells of a CSV text without quotes.
fn cells(files: &mut Files, name: &str, text: &str) -> CsvInput {
    let file = files.add(name, text);
    let rows = text.lines().enumerate().map(|(line, row)| {
        let mut column = 1;
        let cells = row.split(',').map(|cell| {
            let read = Cell { text: cell.into(), line: line as u32 + 1, column };
            column += cell.chars().count() as u32 + 1;
            read
        });
        cells.collect()
    });
    CsvInput { file, rows: rows.collect() }
}

/// Parses and analyzes one pack of these modules and CSV files; mistakes of the parser come first.
pub(super) fn analyze_pack(modules: &[(&str, &str)], csvs: &[(&str, &str)]) -> (Program, Vec<Diagnostic>, Files) {
    let mut files = Files::default();
    let mut diagnostics = Vec::new();
    let mut trees = Vec::new();
    for (name, text) in modules {
        let file = files.add(*name, *text);
        let (tree, found) = syntax::parse(file, text);
        trees.push(tree);
        diagnostics.extend(found);
    }
    let csvs: Vec<(Arc<str>, CsvInput)> =
        csvs.iter().map(|(path, text)| ((*path).into(), cells(&mut files, path, text))).collect();
    let pack = PackInput { name: "sample".into(), jurisdiction: 0, modules: trees, csvs };
    let (program, found) = analyze(&[pack], &[], &files);
    diagnostics.extend(found);
    (program, diagnostics, files)
}

/// The CSV files that every test may name.
pub(super) const CSVS: &[(&str, &str)] = &[
    ("codes/land_use.csv", "code,name,parent\n07,居住用地,\n0701,城镇住宅用地,07\n10,工矿用地,\n1001,工业用地,10\n"),
    ("codes/empty.csv", "code,name,parent\n"),
    ("codes/repeated.csv", "code,name\n07,居住用地\n07,商业用地\n"),
];

/// Returns diagnostics as lines: severity, code, place, message and help in English.
pub(super) fn lines(diagnostics: &[Diagnostic], files: &Files) -> Vec<String> {
    let line = |diagnostic: &Diagnostic| {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let place = diagnostic.labels.first().map(|label| {
            let location = files.location(label.span);
            format!(
                "{}:{}:{} `{}`",
                files.name(label.span.file),
                location.line,
                location.column,
                files.slice(label.span)
            )
        });
        let help = diagnostic.help.as_ref().map(|help| help.en.as_str()).unwrap_or_default();
        let code = diagnostic.code.name;
        format!("{severity} {code} {}: {} ({help})", place.unwrap_or_default(), diagnostic.message.en)
    };
    diagnostics.iter().map(line).collect()
}

mod tests {
    use super::*;

    /// Reads a pack's folder.
    fn folder(path: &std::path::Path) -> (Vec<(String, String)>, Vec<(String, String)>) {
        let mut modules = Vec::new();
        let mut csvs = Vec::new();
        let mut open = vec![path.to_owned()];
        while let Some(at) = open.pop() {
            for entry in std::fs::read_dir(at).unwrap() {
                let found = entry.unwrap().path();
                let name = found.strip_prefix(path).unwrap().to_string_lossy().into_owned();
                match found.extension().and_then(|extension| extension.to_str()) {
                    _ if found.is_dir() => open.push(found),
                    Some("gj") => modules.push((name, std::fs::read_to_string(&found).unwrap())),
                    Some("csv") => csvs.push((name, std::fs::read_to_string(&found).unwrap())),
                    Some(_) | None => {}
                }
            }
        }
        modules.sort();
        csvs.sort();
        (modules, csvs)
    }

    #[test]
    fn probe() {
        let Ok(path) = std::env::var("PROBE") else { return };
        let (modules, csvs) = folder(path.as_ref());
        let modules: Vec<_> = modules.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let csvs: Vec<_> = csvs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let (program, diagnostics, files) = analyze_pack(&modules, &csvs);
        println!("{} rules {} tests", program.rules.len(), program.tests.len());
        println!("{}", lines(&diagnostics, &files).join("\n"));
    }
}
