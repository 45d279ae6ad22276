//! Do the document and the spreadsheet open in an office program, and do they say what the check found?
//!
//! Needs LibreOffice and poppler, which `.ci/run` installs; where they are missing there is nothing to open the files with.

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
        let printed = String::from_utf8(checked.stdout).expect("a document goes to its file, its bytes not into a log");
        assert!(printed.starts_with("不通过："), "{printed}");
    }
    let (opinion, pages) = opened(&folder.path().join("opinion.docx"), folder.path());
    assert!(pages >= 4, "{pages} pages");
    // A program breaks lines where it likes; the contents tell the page of the first section.
    let joined: String = opinion.split_whitespace().collect();
    for words in ["联合审查意见", "审查结论", "占用永久基本农田", "第三十五条", "3300100.000", "附件二"]
    {
        assert!(joined.contains(words), "the opinion lacks {words}:\n{opinion}");
    }
    let contents = opinion.lines().find(|line| line.contains("一、审查结论"));
    assert!(contents.is_some_and(|line| line.trim_end().ends_with(".2")), "{contents:?}");
    let (sheets, pages) = opened(&folder.path().join("findings.xlsx"), folder.path());
    assert!(pages >= 3, "{pages} pages");
    for words in ["技术预检", "检查对象合计", "CL-101", "3300100.000"] {
        assert!(sheets.contains(words), "the spreadsheet lacks {words}:\n{sheets}");
    }
}
