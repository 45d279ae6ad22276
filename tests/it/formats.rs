//! Does a check say the same whichever format a layer comes in?

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true if path.ends_with("out") || path.ends_with("generator") => {}
            true => copy(&path, &target),
            false => drop(std::fs::copy(path, target).unwrap()),
        }
    }
}

/// Takes away what may differ: where things stand in the file of the parcels, and its columns under the names that the format leaves.
fn placeless(value: &mut Value, parcels: &str) {
    match value {
        Value::Object(members) => {
            if members.get("path").and_then(Value::as_str) == Some(parcels) {
                for place in ["path", "line", "column", "record"] {
                    members.shift_remove(place);
                }
            }
            members.shift_remove("attributes");
            members.values_mut().for_each(|member| placeless(member, parcels));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| placeless(item, parcels)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Checks the sample with its parcels in a file of another format; gives the findings without places.
fn findings(parcels: Option<PathBuf>) -> Vec<String> {
    let scratch = tempfile::tempdir().unwrap();
    copy(&root().join("fixtures/submissions/bali-lake"), scratch.path());
    let mut path = "data/parcels.geojson".to_owned();
    if let Some(parcels) = parcels {
        let name = parcels.file_name().unwrap().to_string_lossy().into_owned();
        std::fs::copy(&parcels, scratch.path().join(&name)).unwrap();
        let manifest = std::fs::read_to_string(scratch.path().join("guiju.yaml")).unwrap();
        let turned = manifest.replace("parcel: data/parcels.geojson", &format!("parcel: {name}"));
        assert_ne!(manifest, turned);
        std::fs::write(scratch.path().join("guiju.yaml"), turned).unwrap();
        path = name;
    }
    let run = Command::cargo_bin("guiju")
        .unwrap()
        .args(["check", "--format", "json", "--no-out", "--lang", "en"])
        .arg(scratch.path())
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    let written = |mut finding: Value| {
        placeless(&mut finding, &path);
        // Texts name the place of what is missing: `a.geojson:149`, `a.gpkg record 149`, `a.gpkg 第 149 条`.
        let text = finding.to_string();
        let mut parts = text.split(&path);
        let mut kept = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let place = |one: char| one == ':' || one == ' ' || one.is_ascii_digit();
            let part = part.trim_start_matches(" record").trim_start_matches(" 第").trim_start_matches(place);
            kept.push_str(part.trim_start_matches("条"));
        }
        kept
    };
    report["findings"].as_array().unwrap().iter().cloned().map(written).collect()
}

#[test]
fn findings_are_the_same_whichever_format_the_parcels_come_in() {
    let wanted = findings(None);
    assert!(wanted.len() > 20, "{}", wanted.len());
    for name in [
        "parcels.gpkg",
        "parcels.fgb",
        "parcels.parquet",
        "parcels-native.parquet",
        "parcels-gbk.zip",
        "parcels-utf8.zip",
    ] {
        let found = findings(Some(root().join("fixtures/formats").join(name)));
        for (one, other) in wanted.iter().zip(&found) {
            assert_eq!(one, other, "{name}");
        }
        assert_eq!(wanted.len(), found.len(), "{name}");
    }
}

/// The ends of files that are read along with another, or that are no data.
const BESIDE: &[&str] = &[
    "dbf", "shx", "prj", "cpg", "qix", "sbn", "sbx", "xml", "md", "txt", "TXT", "LGPL", "aux", "license", "LICENSE",
    "pbf",
];

/// Every file of the public suites is read, or refused with a message for people; the table of outcomes is `docs/formats.md`.
///
/// The suites are not part of the repository: `GUIJU_SUITES` names the folder that holds them, and without it nothing is tried.
/// `GUIJU_BLESS=1` writes the table anew.
#[test]
fn files_of_the_suites_come_out_as_recorded() {
    let Ok(suites) = std::env::var("GUIJU_SUITES") else { return };
    let suites = PathBuf::from(suites);
    let mut files = Vec::new();
    collect(&suites, &suites, &mut files);
    files.sort();
    let mut table = String::from("| file | outcome |\n|---|---|\n");
    for file in &files {
        let size = std::fs::metadata(suites.join(file)).unwrap().len();
        let (outcome, grown) = outcome(&suites, file);
        // What any run takes is not laid to the file.
        assert!(grown <= 20 * size + (24 << 20), "{file}: {grown} bytes of memory for a file of {size}");
        table.push_str(&format!("| {} | {} |\n", file.replace('|', "\\|"), outcome.replace('|', "\\|")));
    }
    let page = root().join("docs/formats.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (head, known) = text.split_once("| file | outcome |").unwrap();
    if std::env::var_os("GUIJU_BLESS").is_some() {
        std::fs::write(&page, format!("{head}{table}")).unwrap();
    } else {
        assert_eq!(format!("| file | outcome |{known}"), table);
    }
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let end = path.extension().map(|end| end.to_string_lossy().into_owned()).unwrap_or_default();
        let named = !end.is_empty() && !BESIDE.contains(&end.as_str());
        if path.is_dir() {
            collect(root, &path, found);
        } else if named {
            found.push(path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"));
        }
    }
}

/// Reads a file as a layer without fields; gives what came of it, and by how much the process grew.
fn outcome(suites: &Path, file: &str) -> (String, u64) {
    use guiju::model::{Class, ClassId, ClassKind, Names, Schema};
    use guiju::source::{FileId, Files, Span};
    let workspace = guiju::io::Workspace::open(suites).unwrap();
    let spanned = |value: &str| guiju::io::Spanned { value: value.to_owned(), span: Span::new(FileId(0), 0, 0) };
    let mut spec = guiju::io::LayerSpec::of(spanned("layer"), spanned("x"));
    spec.path = spanned(file);
    let mut schema = Schema::default();
    let class = ClassId(schema.classes.len() as u16);
    let names = Names { name: "layer".into(), second: None };
    schema.classes.push(Class {
        names,
        aliases: Vec::new(),
        kind: ClassKind::Layer(None),
        fields: Vec::new(),
        span: None,
    });
    // The system counts the most memory held from here on.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before = memory("VmRSS:");
    let started = std::time::Instant::now();
    let target = guiju::geometry::crs::Crs::parse("EPSG:4490").unwrap();
    let specs = [(&spec, class)];
    let read = guiju::io::read_layers(&workspace, &specs, &schema, target, &mut Files::default(), &|_| ()).remove(0);
    assert!(started.elapsed().as_secs() < 60, "{file} takes {:?}", started.elapsed());
    let grown = memory("VmHWM:").saturating_sub(before);
    let mut counts = std::collections::BTreeMap::new();
    for issue in &read.issues {
        *counts.entry(issue.code.name).or_insert(0u32) += 1;
    }
    if let Some(issue) = read.issues.iter().find(|issue| issue.code.name == "unreadable-file") {
        return (format!("refused: {}", issue.text.en), grown);
    }
    let input = &read.inputs[0];
    let crs = input.crs.map(|epsg| format!(", EPSG:{epsg}")).unwrap_or_default();
    let encoding = if input.encoding.is_empty() { String::new() } else { format!(", {}", input.encoding) };
    let valid = (0..read.items.len() as u32)
        .filter(|&at| read.items.geometry_state(at) == guiju::model::GeometryState::Valid)
        .count();
    let told: Vec<String> = counts.iter().map(|(code, count)| format!("{code} × {count}")).collect();
    let told = if told.is_empty() { String::new() } else { format!("; {}", told.join(", ")) };
    (format!("{} features, {valid} valid{crs}{encoding}{told}", read.items.len()), grown)
}

fn memory(key: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or("0");
    1024 * line.trim().split(' ').next().and_then(|number| number.parse::<u64>().ok()).unwrap_or(0)
}
