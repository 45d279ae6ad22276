//! Packs from texts, for the tests of this room.

mod expressions;
mod programs;

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

/// Declarations that the tests' expressions and rules speak of.
pub(super) const GROUND: &str = r#"module sample
source law { title "Law" issued 2020-01-01 }
enum department { planning }
enum tier 层级 { national 国家, other 其他 }
codes land_use 用地 from "codes/land_use.csv"
set housing = land_use { 07 }
param small : area = 1 m2
param most : number = 2
layer road : line { id : text }
layer station : point { id : text }
layer parcel 地块 : polygon {
    id : text
    use 用途 : code<land_use>
    tier : tier?
    far : number?
    height : length?
    price : money?
    green : ratio?
    since : date?
    term : duration?
    floors : range<length>?
    tags : list<text>
    uses : list<code<land_use>>
    owner : ref<person>?
    built : bool?
}
record step { id : text needs : list<text> }
record person { id : text name : text steps : list<step> parcels : list<ref<parcel>> geometry : geometry = union(parcels) }
define share_of(p: parcel, l: layer) = area(p & l) / area(p)
define is_of(p: parcel, t: tier) = p.tier == t
"#;
