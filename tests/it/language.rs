//! Does each text parse, resolve, type and read as expected?

use std::fs;
use std::path::Path;
use std::sync::Arc;

use guiju::checker::{PackTexts, compile, run_tests};
use guiju::diagnostic::{Diagnostic, Language, Severity, codes};
use guiju::report::terminal;
use guiju::sema::program::Program;
use guiju::sema::{Cell, CsvInput};
use guiju::source::Files;

/// Code lists that a text under test may name, beside what it declares itself.
const TABLES: &[(&str, &str)] = &[
    ("codes/land_use.csv", "code,name,parent\n07,居住用地,\n0701,城镇住宅用地,07\n10,工矿用地,\n1001,工业用地,10\n"),
    ("codes/empty.csv", "code,name,parent\n"),
    ("codes/broken.csv", "code,name,parent\n01,one,\n01,again,\n0201,orphan,02\n,blank,\n"),
    ("tables/bad.csv", "use,years,kind\n07,70,a\n0799,70年,a\n07,70年,c\n"),
    ("tables/term.csv", "use,years,note\n07,70年,\n1001,50年,工业\n"),
];

/// A second module of the pack, for `use`.
const SHARED: &str = "module shared.ground\nlayer forest 林地 : polygon { id : text }\nenum zone { core 核心, rest }\n";

fn table(files: &mut Files, path: &str, text: &str) -> (Arc<str>, CsvInput) {
    let file = files.add(path, text);
    let cell = |line: usize, column: usize, text: &str| Cell {
        text: text.into(),
        line: line as u32 + 1,
        column: column as u32 + 1,
    };
    let rows = text
        .lines()
        .enumerate()
        .map(|(line, row)| {
            let mut at = 0;
            row.split(',')
                .map(|word| {
                    let found = cell(line, at, word);
                    at += word.chars().count() + 1;
                    found
                })
                .collect()
        })
        .collect();
    (path.into(), CsvInput { file, rows })
}

/// Codes that no text or page shows, with the reason.
const NOT_SHOWN: &[(&str, &str)] = &[("file-too-long", "its example would be 16 MiB long")];

/// Compiles one text as a pack of its own.
fn check(name: &str, text: &str) -> (Program, Vec<Diagnostic>, Files) {
    let mut files = Files::default();
    let module = files.add(name, text);
    let shared = files.add("shared/ground.gj", SHARED);
    let tables = TABLES.iter().map(|(path, text)| table(&mut files, path, text)).collect();
    let pack = PackTexts { name: "case".into(), jurisdiction: 0, modules: vec![module, shared], tables };
    let (program, diagnostics) = compile(&[pack], &[], &files);
    (program, diagnostics, files)
}

/// Runs the tests of a program; tells which expectations were not met.
fn failures(program: &Program, files: &Files) -> String {
    let mut told = String::new();
    for outcome in run_tests(program, None) {
        for failure in &outcome.failures {
            let line = files.location(failure.span).line;
            told += &format!("{}:{line}: {} {}\n", files.name(failure.span.file), outcome.rule, failure.text.en);
        }
    }
    told
}

fn fixtures(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/language").join(folder);
    let mut found: Vec<_> = fs::read_dir(folder)
        .expect("fixtures")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "gj"))
        .map(|path| {
            let name = path.file_name().expect("name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("fixture"))
        })
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
}

/// Returns what a text says of itself: `//~ code` at the end of a line for each diagnostic whose first label starts on it. Where
/// that is a line of another file, `//~ file:line:code` does.
fn expected(name: &str, text: &str) -> Vec<(String, u32, String)> {
    let mut found = Vec::new();
    for (line, text) in text.lines().enumerate() {
        let Some((_, codes)) = text.split_once("//~") else { continue };
        for code in codes.split_whitespace() {
            found.push(match code.splitn(3, ':').collect::<Vec<_>>().as_slice() {
                [file, line, code] => ((*file).to_owned(), line.parse().expect("a line"), (*code).to_owned()),
                _ => (name.to_owned(), line as u32 + 1, code.to_owned()),
            });
        }
    }
    found
}

#[test]
fn wrong_texts_are_diagnosed_where_they_say() {
    let mut wrong = String::new();
    for (name, text) in fixtures("err") {
        let (_, diagnostics, files) = check(&name, &text);
        let mut found: Vec<(String, u32, String)> = diagnostics
            .iter()
            .map(|diagnostic| {
                let label = diagnostic
                    .labels
                    .first()
                    .unwrap_or_else(|| panic!("{name}: `{}` without place", diagnostic.code.name));
                let file = files.name(label.span.file).to_string();
                (file, files.location(label.span).line, diagnostic.code.name.to_owned())
            })
            .collect();
        found.sort();
        for one in expected(&name, &text) {
            match found.iter().position(|other| *other == one) {
                Some(at) => drop(found.remove(at)),
                None => wrong += &format!("{}:{}: no {}\n", one.0, one.1, one.2),
            }
        }
        for (file, line, code) in found {
            wrong += &format!("{file}:{line}: {code} is not expected\n");
        }
        for (language, suffix) in [(Language::En, "en"), (Language::Zh, "zh")] {
            let drawn = terminal::diagnostics(&diagnostics, &files, language, false, 100);
            insta::assert_snapshot!(format!("{}.{suffix}", name.trim_end_matches(".gj")), drawn);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_code_has_a_text_that_shows_it() {
    let shown: Vec<String> =
        fixtures("err").iter().flat_map(|(name, text)| expected(name, text)).map(|(_, _, code)| code).collect();
    let named = codes::language::ALL.iter().map(|code| code.name);
    let lacking: Vec<&str> = named
        .filter(|name| !shown.iter().any(|code| code == name) && !NOT_SHOWN.iter().any(|(code, _)| code == name))
        .collect();
    assert_eq!(lacking, Vec::<&str>::new());
}

#[test]
fn right_texts_are_not_diagnosed_and_their_tests_pass() {
    let mut wrong = String::new();
    for (name, text) in fixtures("ok") {
        let (program, diagnostics, files) = check(&name, &text);
        wrong += &terminal::diagnostics(&diagnostics, &files, Language::En, false, 100);
        assert!(!program.rules.is_empty() && !program.tests.is_empty(), "{name} says nothing\n{wrong}");
        wrong += &failures(&program, &files);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Returns the first fenced block of a page in this language.
fn example<'a>(page: &'a str, language: &str) -> Option<&'a str> {
    let start = page.find(&format!("```{language}\n"))? + language.len() + 4;
    Some(&page[start..start + page[start..].find("\n```")? + 1])
}

#[test]
fn every_page_about_the_language_shows_its_own_mistake() {
    assert!(NOT_SHOWN.iter().all(|(name, _)| codes::language::ALL.iter().any(|code| code.name == *name)));
    for code in codes::language::ALL.iter().filter(|code| NOT_SHOWN.iter().all(|(name, _)| *name != code.name)) {
        let page = code.page;
        assert!(page.starts_with(&format!("# {}\n", code.name)), "{}: the page's first line", code.name);
        assert!(page.contains("\n## English\n") && page.contains("\n## 中文\n"), "{}: both languages", code.name);
        let text = example(page, "gj").unwrap_or_else(|| panic!("{}: no example", code.name));
        let (_, diagnostics, files) = check(code.name, text);
        let names: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
        assert_eq!(
            names,
            [code.name],
            "the example of `{}`:\n{}",
            code.name,
            terminal::diagnostics(&diagnostics, &files, Language::En, false, 100)
        );
    }
}

#[test]
fn diagnostics_are_worded_alike() {
    for (name, text) in fixtures("err") {
        for diagnostic in check(&name, &text).1 {
            let en = &diagnostic.message.en;
            assert!(!en.ends_with('.') && !diagnostic.message.zh.ends_with('。'), "no final stop: {en}");
            assert!(!en.starts_with(char::is_uppercase), "lower case: {en}");
            for word in ["Option", "Vec<", "Some(", "None", "Error(", "ClassId", "Dimension {"] {
                assert!(!en.contains(word) && !diagnostic.message.zh.contains(word), "the user's words: {en}");
            }
            assert!(!matches!(diagnostic.severity, Severity::Error) || !diagnostic.labels.is_empty(), "located: {en}");
        }
    }
}
