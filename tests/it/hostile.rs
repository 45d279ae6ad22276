//! Does a submission whose every name tries to do harm harm any format of a result?

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn hostile() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/submissions/hostile")
}

fn guiju(words: &[&str]) -> (Option<i32>, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_guiju")).args(words).output().unwrap();
    (run.status.code(), String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned())
}

/// Returns every format that `--format` takes, from what the help says of it.
fn formats() -> Vec<String> {
    let (_, help) = guiju(&["check", "--help", "--lang", "en"]);
    let (_, rest) = help.split_once("[possible values: terminal,").unwrap();
    let (names, _) = rest.split_once(']').unwrap();
    names.split(',').map(|name| name.trim().to_owned()).collect()
}

fn is_wild(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') || (c.is_control() && !c.is_whitespace())
}

/// Returns the files of a folder and of those in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

fn text(path: &Path) -> String {
    String::from_utf8(std::fs::read(path).unwrap()).unwrap()
}

fn json(path: &Path) -> Value {
    let text = text(path);
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{}", path.display());
    serde_json::from_str(&text).unwrap()
}

/// Returns the texts in a package, by name.
fn parts(path: &Path) -> Vec<(String, String)> {
    let mut package = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let names: Vec<String> = package.file_names().map(|name| name.unwrap().into_owned()).collect();
    let is_xml = |name: &String| [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end));
    let mut read = |name: String| {
        let mut text = String::new();
        package.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        (name, text)
    };
    names.into_iter().filter(is_xml).map(&mut read).collect()
}

/// What XML says is text: it runs nothing, loads nothing and computes nothing.
fn assert_harmless_xml(name: &str, text: &str) {
    assert!(!text.contains(is_wild), "{name}");
    let tree = resvg::usvg::roxmltree::Document::parse(text).expect("well-formed XML");
    for node in tree.descendants().filter(|node| node.is_element()) {
        let tag = node.tag_name().name();
        let runs = ["script", "foreignObject", "image", "iframe", "f", "hyperlink", "object", "instrText"];
        // Fields tell numbers of pages and where headings stand; an entry of the contents leads to its heading in the same document.
        let field = tag == "instrText" && node.text().is_some_and(|text| !text.contains("http"));
        let attribute = |name: &str| node.attributes().any(|one| one.name() == name);
        let within = tag == "hyperlink" && attribute("anchor") && !attribute("id");
        assert!(field || within || !runs.contains(&tag), "{name}: <{tag}>");
        let outside =
            node.attributes().any(|one| one.value().contains("example.invalid") || one.name().starts_with("on"));
        assert!(!outside && node.attribute("TargetMode") != Some("External"), "{name}: <{tag}>");
    }
}

/// Fails where a file of a format does harm, or its reader does not take it.
fn assert_harmless(format: &str, path: &Path) {
    let name = path.display().to_string();
    match format {
        "json" => assert!(!json(path)["findings"].as_array().unwrap().is_empty()),
        "geojson" | "remedies" => assert!(!json(path)["features"].as_array().unwrap().is_empty()),
        "sarif" => assert!(!json(path)["runs"][0]["results"].as_array().unwrap().is_empty()),
        "gitlab" => assert!(!json(path).as_array().unwrap().is_empty()),
        "html" => {
            let page = text(path);
            // The data, the library and the page's own script; a browser opens it in tests/browser.
            assert_eq!(page.matches("<script").count(), 3);
            let (_, rest) = page.split_once("id=\"data\">").unwrap();
            assert!(!rest.split_once("</script>").unwrap().0.contains(['<', '>', '&']));
        }
        "junit" => assert!(junit_parser::from_reader(text(path).as_bytes()).unwrap().failures > 0),
        "github" => {
            let ours = ["::error file=", "::warning file=", "::notice file="];
            let text = text(path);
            let commands: Vec<&str> = text.lines().map(str::trim_start).filter(|line| line.contains("::")).collect();
            assert!(!commands.is_empty() && commands.iter().all(|line| ours.iter().any(|it| line.starts_with(it))));
            assert!(!text.contains(is_wild) && !text.contains("##["));
        }
        "markdown" => {
            let text = text(path);
            assert!(!text.contains(is_wild));
            for event in pulldown_cmark::Parser::new_ext(&text, pulldown_cmark::Options::ENABLE_TABLES) {
                use pulldown_cmark::{Event, Tag};
                // Cells of a table have no other way to break a line.
                let ours = matches!(&event, Event::InlineHtml(html) if &**html == "<br>");
                let runs = matches!(
                    event,
                    Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Link { .. } | Tag::Image { .. })
                );
                assert!(ours || !runs, "{event:?}");
            }
        }
        "txt" => {
            let bytes = std::fs::read(path).unwrap();
            let (text, _, lossy) = encoding_rs::GBK.decode(&bytes);
            assert!(!lossy && !text.contains(|c: char| c.is_control() && !matches!(c, '\r' | '\n')));
            let (_, parcels) = text.split_once("[地块坐标]\r\n").unwrap();
            for line in parcels.lines() {
                let fields: Vec<&str> = line.split(',').collect();
                let is_parcel = fields.len() == 9 && fields[8] == "@";
                let is_point = fields.len() == 4 && fields[0].starts_with('J') && !line.contains('@');
                assert!(is_parcel || is_point, "{line}");
            }
            assert!(parcels.lines().any(|line| line.ends_with('@')));
        }
        "gpkg" => {
            let database = rusqlite::Connection::open(path).unwrap();
            let count = |table: &str| -> i64 {
                database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
            };
            assert!(["conflicts", "subjects", "remedies"].into_iter().all(|table| count(table) > 0));
        }
        "shp" => {
            let mut package = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
            for at in 0..package.len() {
                let entry = package.by_index(at).unwrap();
                let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
                assert!(entry.name().unwrap().chars().all(safe) && entry.size() > 0, "{:?}", entry.name());
            }
            assert!(package.by_name("conflicts.dbf").is_ok());
        }
        "svg" => assert_harmless_xml(&name, &text(path)),
        "png" => {
            let dots = resvg::tiny_skia::Pixmap::decode_png(&std::fs::read(path).unwrap()).unwrap();
            assert!(dots.width() > 500 && dots.pixels().iter().any(|dot| dot.red() != 255), "{name}");
        }
        "docx" | "xlsx" => {
            parts(path).iter().for_each(|(part, text)| assert_harmless_xml(&format!("{name} {part}"), text))
        }
        other => panic!("nobody looks whether {other} is harmed"),
    }
}

#[test]
fn no_format_is_harmed_and_each_is_looked_at() {
    let formats = formats();
    assert!(formats.len() >= 16, "{formats:?}");
    for language in ["zh", "en"] {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("out");
        let (out, submission) = (folder.to_str().unwrap(), hostile());
        // Pictures of dots say what those of lines say, in more time: one language is enough.
        let asked: Vec<&str> =
            formats.iter().map(String::as_str).filter(|name| *name != "png" || language == "zh").collect();
        // The first is printed, too.
        let asked = [&["terminal"], &asked[..]].concat().join(",");
        let (status, said) = guiju(&[
            "check",
            "--quiet",
            "--lang",
            language,
            "--format",
            &asked,
            "--out",
            out,
            submission.to_str().unwrap(),
        ]);
        assert!(status == Some(1) && !said.contains(is_wild), "{said}");
        let beside = std::fs::read_dir(above.path()).unwrap().count();
        assert_eq!(beside, 1, "nothing is written beside the folder that was named");
        let of_end = |path: &Path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            assert!(name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.')), "{name}");
            let by_name =
                ["github.txt", "gl-code-quality-report.json", "report.json", "conflicts.geojson", "remedies.geojson"];
            let named = ["github", "gitlab", "json", "geojson", "remedies"];
            let end = path.extension().unwrap().to_string_lossy().into_owned();
            match by_name.iter().position(|known| *known == name) {
                Some(at) => named[at].to_owned(),
                None => match end.as_str() {
                    "xml" => "junit".to_owned(),
                    "md" => "markdown".to_owned(),
                    "zip" => "shp".to_owned(),
                    _ => end,
                },
            }
        };
        let mut seen = std::collections::BTreeSet::new();
        for path in files(&folder) {
            let format = of_end(&path);
            assert_harmless(&format, &path);
            seen.insert(format);
        }
        let missing: Vec<_> =
            formats.iter().filter(|name| !seen.contains(*name) && (*name != "png" || language == "zh")).collect();
        assert!(missing.is_empty(), "not written: {missing:?}");
        let plates = files(&folder.join("plates")).len();
        assert!(plates > 50, "{plates} plates");
    }
}
