//! Does the page hold the report, and can nothing in it get out of its data block?

use insta::assert_snapshot;
use serde_json::Value;

use super::fixture::{Fixture, hostile};
use crate::diagnostic::Language;
use crate::report::Report;
use crate::report::html;

const BLOCK: &str = "<script type=\"application/json\" id=\"data\">";

fn page(fixture: &Fixture, report: &Report, language: Language) -> String {
    let scene = fixture.scene();
    html::render(report, &scene, language).expect("a page")
}

fn block(page: &str) -> &str {
    let (_, rest) = page.split_once(BLOCK).expect("a data block");
    rest.split_once("</script>").expect("its end").0
}

#[test]
fn the_data_block_says_what_the_report_says() {
    let fixture = Fixture::new();
    let page = page(&fixture, &fixture.report(), Language::Zh);
    let block: Value = serde_json::from_str(block(&page)).expect("JSON");
    assert_snapshot!(serde_json::to_string_pretty(&block).expect("JSON"));
}

#[test]
fn nothing_that_was_read_can_end_the_block_or_open_an_element() {
    let fixture = Fixture::new();
    let mut report = fixture.report();
    let tricks = "</script><script>alert(1)</script><!--<script>]]>&amp;\u{2028}{{script}}{{data}}";
    report.submission.name = format!("{tricks}{}", hostile());
    report.rules[0].text = tricks.to_owned();
    for finding in &mut report.findings {
        finding.message = format!("{tricks}{}", hostile());
        finding.subject.id = tricks.to_owned();
    }
    let page = page(&fixture, &report, Language::En);
    let inside = block(&page);
    assert!(!inside.contains(['<', '>', '&', '\u{2028}']), "{inside}");
    let read: Value = serde_json::from_str(inside).expect("JSON");
    assert_eq!(read["about"]["submission"]["name"], report.submission.name);
    assert_eq!(read["findings"][0]["message"], report.findings[0].message);
    // The block, the library and the page's own script.
    assert_eq!(page.matches("<script").count(), 3);
    let title = page.split_once("<title>").expect("a title").1.split_once("</title>").expect("its end").0;
    assert!(!title.contains(['<', '>']) && title.contains("&lt;/script&gt;"), "{title}");
}

#[test]
fn the_page_admits_its_own_scripts_and_nothing_from_elsewhere() {
    let fixture = Fixture::new();
    let page = page(&fixture, &fixture.report(), Language::Zh);
    let policy = page.split_once("Content-Security-Policy\" content=\"").expect("a policy").1;
    let policy = policy.split_once('"').expect("its end").0;
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    assert!(!page.contains('\r') && !page.contains("sourceMappingURL"));
    assert!(!page.contains(" src=") && !page.contains("<link"), "an element that loads something");
    assert!(page.contains("BSD 2-Clause License"), "the library's licence");
}

#[test]
fn the_same_report_gives_the_same_page() {
    let fixture = Fixture::new();
    let report = fixture.report();
    assert!(page(&fixture, &report, Language::Zh) == page(&fixture, &report, Language::Zh));
    assert!(page(&fixture, &report, Language::Zh) != page(&fixture, &report, Language::En));
}

#[test]
fn ten_thousand_findings_make_a_page_that_is_sent_by_mail() {
    let fixture = Fixture::new();
    let mut report = fixture.report();
    // Those of a name as long as a page aside: nobody has ten thousand of these.
    let some: Vec<_> = report.findings.iter().filter(|finding| finding.message.len() < 300).cloned().collect();
    assert!(some.len() > 2);
    report.findings = some.iter().cycle().take(10_000).cloned().collect();
    for (at, finding) in report.findings.iter_mut().enumerate() {
        finding.id = format!("{}~{at}", finding.id);
    }
    let page = page(&fixture, &report, Language::Zh);
    let bytes = page.len();
    assert!(page.contains("~9999\"") && bytes < 15_000_000, "{bytes} bytes");
}
