//! Do the document and the spreadsheet open in an office program, and do they say what the check found?
//!
//! Needs LibreOffice and poppler, which `.ci/run` installs; where they are missing there is nothing to open the files with.

use std::io::Read;
use std::path::Path;
use std::process::Command;

/// Tells whether a program is there.
fn has(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Returns a file as PDF, as its text, and how many pages that has.
fn opened(file: &Path, folder: &Path) -> (String, usize) {
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let status = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
        .args([folder, file])
        .output()
        .expect("LibreOffice runs")
        .status;
    assert!(status.success());
    let pdf = folder.join(file.with_extension("pdf").file_name().expect("a name"));
    let read = |program: &str, more: &[&str]| {
        let output = Command::new(program).arg(&pdf).args(more).output().expect("poppler runs");
        assert!(output.status.success(), "{program} {}", pdf.display());
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let info = read("pdfinfo", &[]);
    let pages = info.lines().find_map(|line| line.strip_prefix("Pages:")).and_then(|pages| pages.trim().parse().ok());
    (read("pdftotext", &["-layout", "-"]), pages.expect("a number of pages"))
}

#[test]
fn the_opinion_and_the_spreadsheet_open_in_an_office_program() {
    if !["soffice", "pdfinfo", "pdftotext"].iter().all(|program| has(program)) {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let submission = super::cli::on_farmland();
    for format in ["docx", "xlsx"] {
        let checked = Command::new(env!("CARGO_BIN_EXE_guiju"))
            .args(["check", "--quiet", "--lang", "zh", "--format", format, "--out"])
            .args([folder.path(), &submission.path("")])
            .output()
            .expect("guiju runs");
        assert_eq!(checked.status.code(), Some(1), "{}", String::from_utf8_lossy(&checked.stderr));
    }
    let (opinion, pages) = opened(&folder.path().join("opinion.docx"), folder.path());
    assert!(pages >= 4, "{pages} pages");
    for words in ["联合审查意见", "审查结论", "甲地块 占用永久基本农田 1,000.00", "第三十五条", "3300100.000", "附件二"]
    {
        assert!(opinion.contains(words), "the opinion lacks {words}:\n{opinion}");
    }
    let (sheets, pages) = opened(&folder.path().join("findings.xlsx"), folder.path());
    assert!(pages >= 3, "{pages} pages");
    for words in ["技术预检", "检查对象合计", "CL-101", "3300100.000"] {
        assert!(sheets.contains(words), "the spreadsheet lacks {words}:\n{sheets}");
    }
}

/// Returns the XML of a package, by name.
fn parts(file: &Path) -> Vec<(String, String)> {
    let mut package = zip::ZipArchive::new(std::fs::File::open(file).expect("written")).expect("a package");
    let names: Vec<String> = package.file_names().map(|name| name.expect("a name").into_owned()).collect();
    let is_xml = |name: &String| [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end));
    let mut read = |name: String| {
        let mut text = String::new();
        package.by_name(&name).expect("a part").read_to_string(&mut text).expect("text");
        (name, text)
    };
    names.into_iter().filter(is_xml).map(&mut read).collect()
}

#[test]
fn a_hostile_submission_harms_nobody_who_opens_its_documents() {
    let hostile = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/submissions/hostile");
    for language in ["zh", "en"] {
        let above = tempfile::tempdir().expect("a folder");
        let folder = above.path().join("out");
        let checked = Command::new(env!("CARGO_BIN_EXE_guiju"))
            .args(["check", "--quiet", "--lang", language, "--format", "docx,xlsx,svg", "--out"])
            .args([&folder, &hostile])
            .output()
            .expect("guiju runs");
        assert_eq!(checked.status.code(), Some(1), "{}", String::from_utf8_lossy(&checked.stderr));
        let beside = std::fs::read_dir(above.path()).expect("a folder").count();
        assert_eq!(beside, 1, "nothing is written beside the folder that was named");

        let mut texts = parts(&folder.join("opinion.docx"));
        texts.extend(parts(&folder.join("findings.xlsx")));
        let plates: Vec<_> = std::fs::read_dir(folder.join("plates")).expect("plates").flatten().collect();
        assert!(plates.len() > 50, "{} plates", plates.len());
        for path in plates.iter().map(std::fs::DirEntry::path).chain([folder.join("overview.svg")]) {
            texts.push((path.display().to_string(), std::fs::read_to_string(path).expect("text")));
        }
        for (name, text) in texts {
            let wild = |c: char| {
                (c.is_control() && !c.is_whitespace()) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            assert!(!text.contains(wild), "{name}");
            // What a text says is text: it runs nothing, loads nothing and computes nothing.
            let tree = resvg::usvg::roxmltree::Document::parse(&text).expect("well-formed XML");
            for node in tree.descendants().filter(|node| node.is_element()) {
                let tag = node.tag_name().name();
                let runs = ["script", "foreignObject", "image", "iframe", "f", "hyperlink", "object", "instrText"];
                let page_number = tag == "instrText" && node.text().is_some_and(|text| !text.contains("http"));
                // An entry of the contents leads to its heading in the same document.
                let attribute = |name: &str| node.attributes().any(|one| one.name() == name);
                let within = tag == "hyperlink" && attribute("anchor") && !attribute("id");
                assert!(page_number || within || !runs.contains(&tag), "{name}: <{tag}>");
                let outside = node
                    .attributes()
                    .any(|one| one.value().contains("example.invalid") || one.name().starts_with("on"));
                assert!(!outside && node.attribute("TargetMode") != Some("External"), "{name}: <{tag}>");
            }
        }
    }
}
