//! Do the pictures, the document and the spreadsheet say what the report says, and nothing that harms who opens them?

use std::fmt::Write;
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};

use super::fixture::{Fixture, hostile};
use crate::diagnostic::Language;
use crate::report::scene::Scene;
use crate::report::{At, Baseline, Report, Verdict, WaiverState, WaiverUse, docx, picture, xlsx};

fn drawn(fixture: &Fixture) -> (Report, Scene) {
    (fixture.report(), fixture.scene())
}

/// Returns a part of a package.
fn part(package: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(package)).expect("a package");
    let mut text = String::new();
    zip.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
    text
}

/// Returns the elements of XML with their texts, one on a line, without attributes; fails if it is not well formed.
fn outline(xml: &str, keep: &[&str]) -> String {
    let tree = resvg::usvg::roxmltree::Document::parse(xml).expect("well-formed XML");
    let mut out = String::new();
    for node in tree.descendants().filter(|node| keep.contains(&node.tag_name().name())) {
        let text: String =
            node.descendants().filter_map(|inner| if inner.is_text() { inner.text() } else { None }).collect();
        let style = node.descendants().find(|inner| inner.tag_name().name() == "pStyle");
        let style = style.and_then(|style| style.attributes().next()).map_or("", |style| style.value());
        let _ = writeln!(out, "{style}: {text}");
    }
    out
}

#[test]
fn a_plate_shows_subject_overlap_and_remedy() {
    let (report, scene) = drawn(&Fixture::new());
    insta::assert_snapshot!(picture::plate(&report, &scene, &report.findings[0], Language::Zh));
}

#[test]
fn pictures_are_well_formed_and_name_every_finding_with_ground() {
    let (report, scene) = drawn(&Fixture::new());
    for language in [Language::Zh, Language::En] {
        let overview = picture::overview(&report, &scene, language);
        assert!(outline(&overview, &["text"]).contains("CL-101 甲地块"));
        let names: Vec<String> = picture::plates(&report, &scene, language)
            .map(|(name, svg)| {
                assert!(!outline(&svg, &["text"]).is_empty());
                name
            })
            .collect();
        let expected: Vec<String> = report
            .findings
            .iter()
            .enumerate()
            .map(|(at, finding)| format!("{:04}-{}-{}", at + 1, finding.rule, finding.subject.id))
            .collect();
        assert_eq!(names, expected);
    }
}

#[test]
fn without_ground_the_overview_says_so() {
    let mut fixture = Fixture::new();
    fixture.results.findings.clear();
    let (report, scene) = drawn(&fixture);
    let overview = picture::overview(&report, &scene, Language::En);
    assert!(outline(&overview, &["text"]).contains("No finding has ground to draw."));
    assert!(
        docx::render(&report, &scene, docx::PAPER, Language::Zh).is_ok() && xlsx::render(&report, Language::Zh).is_ok()
    );
}

#[test]
fn a_map_lettered_with_figures_needs_no_font() {
    let (report, scene) = drawn(&Fixture::new());
    let (svg, scale) = picture::map(&scene, &report.findings[0], [120.0, 66.0]);
    assert!(!svg.contains("<text") && scale == 2500.0, "1:{scale}");
    let png = picture::png::Painter::without_fonts().png(&svg, 60.0).expect("drawn");
    assert_eq!(&png[12..16], b"IHDR");
    let width = u32::from_be_bytes([png[16], png[17], png[18], png[19]]);
    assert_eq!(width, 283, "120 mm at 60 dots per inch");
    assert_eq!(&png[37..41], b"pHYs");
}

#[test]
fn the_document_has_its_sections_items_and_coordinates() {
    let (report, scene) = drawn(&Fixture::new());
    let package = docx::render(&report, &scene, docx::PAPER, Language::Zh).expect("written");
    insta::assert_snapshot!("document_zh", outline(&part(&package, "word/document.xml"), &["p"]));
    let package = docx::render(&report, &scene, docx::PAPER, Language::En).expect("written");
    insta::assert_snapshot!("document_en", outline(&part(&package, "word/document.xml"), &["p"]));
    for name in ["word/styles.xml", "word/settings.xml", "word/fontTable.xml", "word/footer1.xml", "docProps/core.xml"]
    {
        let part = part(&package, name);
        assert!(resvg::usvg::roxmltree::Document::parse(&part).is_ok(), "{name}");
    }
}

#[test]
fn every_style_that_the_document_uses_is_there() {
    let (report, scene) = drawn(&Fixture::new());
    let package = docx::render(&report, &scene, docx::PAPER, Language::Zh).expect("written");
    let (document, styles) = (part(&package, "word/document.xml"), part(&package, "word/styles.xml"));
    let used: std::collections::BTreeSet<&str> =
        document.split("<w:pStyle w:val=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(used.len() > 8);
    for style in used {
        assert!(styles.contains(&format!("w:styleId=\"{style}\"")), "{style}");
    }
}

fn sheets(package: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(package)).expect("a workbook")
}

#[test]
fn the_spreadsheet_reads_back() {
    let (report, _) = drawn(&Fixture::new());
    let mut book = sheets(xlsx::render(&report, Language::Zh).expect("written"));
    let mut out = String::new();
    for name in book.sheet_names().clone() {
        let _ = writeln!(out, "== {name}");
        for row in book.worksheet_range(&name).expect("a sheet").rows() {
            let cells: Vec<String> = row.iter().map(|cell| crate::report::escape::cut(&cell.to_string(), 60)).collect();
            let _ = writeln!(out, "{}", cells.join(" | ").trim_end());
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn numbers_are_numbers_and_nothing_is_a_formula() {
    let mut report = Fixture::new().report();
    report.findings[0].message = "=HYPERLINK(\"http://example.invalid\",\"x\")".to_owned();
    report.findings[0].subject.name = Some("@SUM(A1)".repeat(10_000));
    let package = xlsx::render(&report, Language::En).expect("written");
    for at in 1..=7 {
        let sheet = part(&package, &format!("xl/worksheets/sheet{at}.xml"));
        assert!(!sheet.contains("<f>") && !sheet.contains("<f ") && !sheet.contains("<hyperlink"), "sheet {at}");
    }
    let mut book = sheets(package);
    let findings = book.worksheet_range("Findings").expect("a sheet");
    assert_eq!(findings.get((1, 10)), Some(&Data::Float(1000.0)));
    assert_eq!(findings.get((1, 9)), Some(&Data::String("=HYPERLINK(\"http://example.invalid\",\"x\")".to_owned())));
    let Some(Data::String(name)) = findings.get((1, 8)) else { panic!("a name") };
    assert_eq!(name.encode_utf16().count(), 32_767);
}

#[test]
fn the_same_report_is_the_same_bytes() {
    let fixture = Fixture::new();
    let (report, scene) = drawn(&fixture);
    let (again, scene_again) = drawn(&fixture);
    let document = |report, scene| docx::render(report, scene, docx::PAPER, Language::Zh).expect("written");
    assert!(document(&report, &scene) == document(&again, &scene_again));
    let book = |report| xlsx::render(report, Language::Zh).expect("written");
    assert!(book(&report) == book(&again));
}

#[test]
fn hostile_names_harm_no_format() {
    let mut report = Fixture::new().report();
    let wild = format!("{}<script>alert(1)</script>]]>&\u{0}\u{FFFE}", hostile());
    for finding in &mut report.findings {
        finding.message.clone_from(&wild);
        finding.title.clone_from(&wild);
        finding.subject.name = Some(wild.clone());
        finding.subject.package = Some(wild.clone());
    }
    report.submission.name.clone_from(&wild);
    let fixture = Fixture::new();
    let scene = fixture.scene();
    for language in [Language::Zh, Language::En] {
        let mut texts: Vec<String> = picture::plates(&report, &scene, language).map(|(_, svg)| svg).collect();
        texts.push(picture::overview(&report, &scene, language));
        texts.push(part(&docx::render(&report, &scene, docx::PAPER, language).expect("written"), "word/document.xml"));
        texts.push(part(&xlsx::render(&report, language).expect("written"), "xl/sharedStrings.xml"));
        for text in texts {
            assert!(!text.contains("<script") && !text.contains('\u{202e}') && !text.contains('\u{1b}'));
            assert!(resvg::usvg::roxmltree::Document::parse(&text).is_ok());
        }
    }
}

#[test]
fn more_than_paper_holds_is_counted_and_said() {
    let mut report = Fixture::new().report();
    let one = report.findings[0].clone();
    report.findings = (0..12).map(|_| one.clone()).collect();
    let fixture = Fixture::new();
    let scene = fixture.scene();
    let limits = docx::Limits { items: 10, maps: 2, tables: 3, points: 1000, rows: 5 };
    let package = docx::render(&report, &scene, limits, Language::En).expect("written");
    let text = outline(&part(&package, "word/document.xml"), &["p"]);
    assert!(text.contains("Note: 2 more findings of this kind are listed in the spreadsheet only."));
    assert!(text.contains("Note: The boundary points of 9 more conflicts are in the spreadsheet only."));
    let mut zip = zip::ZipArchive::new(Cursor::new(&package[..])).expect("a package");
    assert!(zip.by_name("word/media/map3.png").is_ok() && zip.by_name("word/media/map4.png").is_err());
}

#[test]
fn waivers_that_waive_nothing_are_told() {
    let mut report = Fixture::new().report();
    let text = |report: &Report| {
        let scene = drawn(&Fixture::new()).1;
        let package = docx::render(report, &scene, docx::PAPER, Language::En).expect("written");
        outline(&part(&package, "word/document.xml"), &["p"])
    };
    assert!(!text(&report).contains("Waivers without effect") && !text(&report).contains("the gate counts"));
    let waiver = |state, document: &str| WaiverUse {
        rule: "CL-101".to_owned(),
        label: None,
        subject: "P-01".to_owned(),
        document: document.to_owned(),
        issuer: "江西省人民政府".to_owned(),
        reason: "国家重点项目".to_owned(),
        expires: "2026-01-01".to_owned(),
        state,
        findings: Vec::new(),
        at: At { path: "waivers.yaml".to_owned(), line: Some(3), column: Some(3) },
    };
    report.waivers = vec![
        waiver(WaiverState::Holds, "No. 1"),
        waiver(WaiverState::Expired, "No. 2"),
        waiver(WaiverState::Unused, "No. 3"),
    ];
    report.gate.new_only = true;
    report.findings[0].baseline = Some(Baseline::Old);
    let told = text(&report);
    assert!(told.contains("Waivers without effect") && !told.contains("No. 1"), "{told}");
    for (document, why) in
        [("No. 2", "has expired and waives nothing"), ("No. 3", "speaks of no conflict that is left")]
    {
        assert!(told.contains(document) && told.contains(why), "{told}");
    }
    let conflicts = report.findings.iter().filter(|finding| finding.verdict == Verdict::Conflict).count();
    let counting = conflicts - 1;
    let said = format!("Of {conflicts} conflicts the gate counts {counting}: 0 are waived, 1 were there");
    assert!(told.contains(&said), "{told}");
}
