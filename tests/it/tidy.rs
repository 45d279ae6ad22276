//! Is the house in order?

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use guiju::diagnostic::codes;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_code_has_one_name_and_every_page_a_code() {
    let names: Vec<&str> = codes::all().map(|code| code.name).collect();
    let distinct: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), distinct.len(), "a code is declared twice");
    let pages: BTreeSet<String> = fs::read_dir(root().join("src/diagnostic/pages"))
        .expect("pages")
        .map(|entry| entry.expect("entry").path().file_stem().expect("name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(pages, distinct.into_iter().map(str::to_owned).collect());
}

#[test]
fn every_code_is_used() {
    fn read(folder: &Path, all: &mut String) {
        for entry in fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            match path.is_dir() {
                true => read(&path, all),
                false
                    if path.extension().is_some_and(|extension| extension == "rs")
                        && !path.to_string_lossy().contains("/codes/") =>
                {
                    all.push_str(&fs::read_to_string(&path).expect("source"));
                }
                false => {}
            }
        }
    }
    let mut all = String::new();
    read(&root().join("src"), &mut all);
    for code in codes::all() {
        let constant = code.name.to_uppercase().replace('-', "_");
        assert!(all.contains(&constant), "`{}` is declared and never used", code.name);
    }
}

#[test]
fn pages_speak_both_languages() {
    for code in codes::all() {
        for heading in ["## English", "## 中文"] {
            assert!(code.page.contains(heading), "the page of `{}` has no `{heading}`", code.name);
        }
    }
}
