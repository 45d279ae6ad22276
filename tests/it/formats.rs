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

/// Takes away what may differ: where things stand in the files that were exchanged, and columns under the names that the format leaves.
fn placeless(value: &mut Value, paths: &[String]) {
    match value {
        Value::Object(members) => {
            if members.get("path").and_then(Value::as_str).is_some_and(|path| paths.iter().any(|one| one == path)) {
                for place in ["path", "line", "column", "record", "cell"] {
                    members.shift_remove(place);
                }
            }
            members.shift_remove("attributes");
            members.values_mut().for_each(|member| placeless(member, paths));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| placeless(item, paths)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Takes away the places that texts name: `a.geojson:149`, `a.gpkg record 149`, `a.gpkg 第 149 条`, `a.xlsx cell B7`.
fn without_places(text: &str, path: &str) -> String {
    let mut parts = text.split(path);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let part =
            [" record", " 第", " cell", " 单元格"].iter().find_map(|word| part.strip_prefix(word)).unwrap_or(part);
        let part = part.trim_start_matches([':', ' ']);
        let part = part
            .trim_start_matches(|one: char| one.is_ascii_uppercase())
            .trim_start_matches(|one: char| one == ':' || one == ' ' || one.is_ascii_digit());
        kept.push_str(part.trim_start_matches('条'));
    }
    kept
}

/// The sample in a folder of its own; some of its files may come in another format.
struct Sample {
    scratch: tempfile::TempDir,
    /// The paths of the files that were exchanged, as they are now.
    exchanged: Vec<String>,
}

impl Sample {
    fn new() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        copy(&root().join("fixtures/submissions/bali-lake"), scratch.path());
        Sample { scratch, exchanged: Vec::new() }
    }

    /// Runs the program in the folder; gives its standard output.
    fn guiju(&self, words: &[&str], status: i32) -> Vec<u8> {
        let run = Command::cargo_bin("guiju").unwrap().args(words).current_dir(self.scratch.path()).output().unwrap();
        assert_eq!(run.status.code(), Some(status), "{words:?}: {}", String::from_utf8_lossy(&run.stderr));
        run.stdout
    }

    /// Returns the path of each layer and kind of record as the manifest has it.
    fn sources(&self) -> Vec<(String, String)> {
        let manifest = std::fs::read_to_string(self.scratch.path().join("guiju.yaml")).unwrap();
        let entries = manifest.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(": "));
        entries.filter(|(_, path)| path.contains('/')).map(|(name, path)| (name.to_owned(), path.to_owned())).collect()
    }

    /// Has the manifest name another file for a layer or kind of record.
    fn exchange(&mut self, name: &str, path: &str, entry: &str) {
        let manifest = self.scratch.path().join("guiju.yaml");
        let text = std::fs::read_to_string(&manifest).unwrap();
        let (_, old) = self.sources().into_iter().find(|(known, _)| known == name).unwrap();
        let turned = text.replace(&format!("  {name}: {old}\n"), &format!("  {name}: {entry}\n"));
        assert_ne!(turned, text, "{name}");
        std::fs::write(manifest, turned).unwrap();
        self.exchanged.extend([old, path.to_owned()]);
    }

    /// Writes a layer in another format and has the manifest name that.
    fn convert(&mut self, layer: &str, extension: &str, more: &[&str]) {
        let (_, old) = self.sources().into_iter().find(|(known, _)| known == layer).unwrap();
        let new = format!("{}.{extension}", old.split_once('.').unwrap().0);
        let words = [&["convert", &old, "-o", &new], more].concat();
        self.guiju(&words, 0);
        self.exchange(layer, &new, &new);
    }

    /// Checks it; gives the findings without the places of what `wanted` or this sample has in another format.
    fn findings(&self, exchanged: &[String]) -> Vec<String> {
        let out = self.guiju(&["check", "--format", "json", "--no-out", "--lang", "en"], 1);
        let report: Value = serde_json::from_slice(&out).unwrap();
        let written = |mut finding: Value| {
            placeless(&mut finding, exchanged);
            let text = finding.to_string();
            exchanged.iter().fold(text, |text, path| without_places(&text, path))
        };
        report["findings"].as_array().unwrap().iter().cloned().map(written).collect()
    }

    /// Compares its findings with those of the sample as it is.
    fn assert_same(&self, what: &str, plain: &Sample) {
        let (wanted, found) = (plain.findings(&self.exchanged), self.findings(&self.exchanged));
        assert!(wanted.len() > 20, "{}", wanted.len());
        for (one, other) in wanted.iter().zip(&found) {
            assert_eq!(one, other, "{what}");
        }
        assert_eq!(wanted.len(), found.len(), "{what}");
    }
}

#[test]
fn findings_are_the_same_whichever_format_the_parcels_come_in() {
    let plain = Sample::new();
    for name in [
        "parcels.gpkg",
        "parcels.fgb",
        "parcels.parquet",
        "parcels-native.parquet",
        "parcels-gbk.zip",
        "parcels-utf8.zip",
    ] {
        let mut sample = Sample::new();
        std::fs::copy(root().join("fixtures/formats").join(name), sample.scratch.path().join(name)).unwrap();
        sample.exchange("parcel", name, name);
        sample.assert_same(name, &plain);
    }
}

/// The layers that the manifest names, and none of its records.
fn layers(sample: &Sample) -> Vec<String> {
    let paths = sample.sources().into_iter().filter(|(_, path)| path.ends_with(".geojson"));
    paths.map(|(name, _)| name).collect()
}

#[test]
fn findings_are_the_same_whichever_format_all_layers_are_converted_to() {
    let plain = Sample::new();
    for (extension, more) in
        [("json", &[][..]), ("shp", &["--to-encoding", "GBK"]), ("zip", &["--to-encoding", "UTF-8"])]
    {
        let mut sample = Sample::new();
        layers(&sample).iter().for_each(|layer| sample.convert(layer, extension, more));
        sample.assert_same(extension, &plain);
    }
    // All in one GeoPackage, as its layers.
    let mut sample = Sample::new();
    let sources: Vec<(String, String)> =
        sample.sources().into_iter().filter(|(_, path)| path.ends_with(".geojson")).collect();
    let mut words = vec!["convert"];
    words.extend(sources.iter().map(|(_, path)| path.as_str()));
    words.extend(["-o", "all.gpkg"]);
    sample.guiju(&words, 0);
    for (layer, path) in &sources {
        let inner = path.rsplit('/').next().unwrap().trim_end_matches(".geojson");
        sample.exchange(layer, "all.gpkg", &format!("all.gpkg#{inner}"));
    }
    sample.assert_same("gpkg", &plain);
}

#[test]
fn findings_are_the_same_from_texts_and_spreadsheets() {
    let plain = Sample::new();
    let mut sample = Sample::new();
    // What a coordinate text holds of a layer is its ids and, as the case may be, its classes.
    for layer in ["permanent_basic_farmland_earlier", "permanent_basic_farmland_reserve"] {
        sample.convert(layer, "txt", &[]);
    }
    for layer in layers(&sample) {
        let (_, old) = sample.sources().into_iter().find(|(known, _)| *known == layer).unwrap();
        let text = std::fs::read_to_string(sample.scratch.path().join(&old)).unwrap();
        let crs = &text[text.find("EPSG::").unwrap() + 6..][..4];
        let new = old.replace(".geojson", ".csv");
        sample.guiju(&["convert", &old, "-o", &new, "--to-encoding", "GB18030"], 0);
        sample.exchange(&layer, &new, &format!("{{ path: {new}, crs: \"EPSG:{crs}\" }}"));
    }
    let book = workbook(sample.scratch.path(), &["project", "county_total"], &sample.sources());
    std::fs::write(sample.scratch.path().join("records/book.xlsx"), book).unwrap();
    for record in ["project", "county_total"] {
        let path = format!("records/book.xlsx#{record}");
        sample.exchange(record, &path, &path);
    }
    sample.assert_same("texts and spreadsheets", &plain);
}

/// Puts records that stand in YAML into the sheets of a workbook, one a kind, a column a field.
pub(crate) fn workbook(folder: &Path, kinds: &[&str], sources: &[(String, String)]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for kind in kinds {
        let (_, path) = sources.iter().find(|(name, _)| name == kind).unwrap();
        let text = std::fs::read_to_string(folder.join(path)).unwrap();
        let records: Vec<serde_json::Map<String, Value>> = serde_yaml::from_str(&text).unwrap();
        let mut names: Vec<&String> = Vec::new();
        records.iter().flat_map(|record| record.keys()).for_each(|name| {
            if !names.contains(&name) {
                names.push(name);
            }
        });
        let sheet = book.add_worksheet().set_name(*kind).unwrap();
        for (column, name) in names.iter().enumerate() {
            sheet.write_string(0, column as u16, name.as_str()).unwrap();
            for (row, record) in records.iter().enumerate() {
                let (row, column) = (row as u32 + 1, column as u16);
                let cell = record.get(*name).unwrap_or(&Value::Null);
                if let Some(number) = cell.as_f64() {
                    sheet.write_number(row, column, number).unwrap();
                } else if let Some(text) = cell.as_str() {
                    sheet.write_string(row, column, text).unwrap();
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// Reads a coordinate text as a layer; gives the plane area of each parcel, with the number that the text has for it.
fn areas(folder: &Path, file: &str) -> Vec<(String, f64)> {
    use guiju::geometry::measure::{AreaMethod, area};
    use guiju::model::{Class, ClassId, ClassKind, Names, Schema};
    use guiju::source::{FileId, Files, Span};
    let workspace = guiju::io::Workspace::open(folder).unwrap();
    let spanned = |value: &str| guiju::io::Spanned { value: value.to_owned(), span: Span::new(FileId(0), 0, 0) };
    let mut spec = guiju::io::LayerSpec::of(spanned("parcel"), spanned("x"));
    spec.path = spanned(file);
    let mut schema = Schema::default();
    let class = ClassId(schema.classes.len() as u16);
    let names = Names { name: "parcel".into(), second: None };
    let kind = ClassKind::Layer(None);
    schema.classes.push(Class { names, aliases: Vec::new(), kind, fields: Vec::new(), span: None });
    let target = guiju::geometry::crs::Crs::parse("EPSG:4527").unwrap();
    let specs = [(&spec, class)];
    let read = guiju::io::read_layers(&workspace, &specs, &schema, target, &mut Files::default(), &|_| ()).remove(0);
    let faults: Vec<_> =
        read.issues.iter().filter(|issue| issue.severity == guiju::diagnostic::Severity::Error).collect();
    assert!(faults.is_empty(), "{faults:?}");
    let bytes = std::fs::read(folder.join(file)).unwrap();
    let (text, _, _) = encoding_rs::GBK.decode(&bytes);
    let heads = text.lines().filter(|line| line.ends_with(",@"));
    let numbers: Vec<String> = heads.map(|line| line.split(',').nth(2).unwrap().to_owned()).collect();
    assert_eq!(numbers.len(), read.items.len());
    let of = |at| area(read.items.shape(at), &AreaMethod::Plane).value;
    numbers.into_iter().zip((0..).map(of)).collect()
}

/// Returns the plane area of a MultiPolygon of a report, shells less holes, and the length of its rings.
fn measured(coordinates: &Value) -> (f64, f64) {
    let (mut doubled, mut length) = (0.0, 0.0);
    for ring in coordinates.as_array().unwrap().iter().flat_map(|part| part.as_array().unwrap()) {
        let points: Vec<[f64; 2]> = serde_json::from_value(ring.clone()).unwrap();
        // From the first point, so that the products keep their digits.
        let from = |[x, y]: [f64; 2]| [x - points[0][0], y - points[0][1]];
        for pair in points.windows(2) {
            let ([ax, ay], [bx, by]) = (from(pair[0]), from(pair[1]));
            doubled += ax * by - bx * ay;
            length += (bx - ax).hypot(by - ay);
        }
    }
    (doubled.abs() / 2.0, length)
}

#[test]
fn coordinate_texts_of_conflicts_and_remedies_are_read_back() {
    let out = tempfile::tempdir().unwrap();
    let run = Command::cargo_bin("guiju")
        .unwrap()
        .args(["check", "--quiet", "--format", "terminal,json,txt", "--out"])
        .args([out.path(), &root().join("fixtures/submissions/bali-lake")])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    let report: Value = serde_json::from_slice(&std::fs::read(out.path().join("report.json")).unwrap()).unwrap();
    let mut wanted = [Vec::new(), Vec::new()];
    for finding in report["findings"].as_array().unwrap() {
        let id = finding["id"].as_str().unwrap();
        let shapes = |list: &Value| -> Vec<(String, Value)> {
            let list = list.as_array().unwrap().iter().enumerate();
            let areas = list.filter(|(_, one)| one["geometry"]["type"] == "MultiPolygon");
            // Of some parcels a cure leaves nothing.
            let areas = areas.filter(|(_, one)| one["geometry"]["coordinates"] != serde_json::json!([]));
            areas.map(|(at, one)| (format!("{id}/{}", at + 1), one["geometry"]["coordinates"].clone())).collect()
        };
        if finding["verdict"] == "conflict" {
            wanted[0].extend(shapes(&finding["evidence"]));
        }
        wanted[1].extend(shapes(&finding["remedies"]));
    }
    for (file, wanted) in ["conflicts.txt", "remedies.txt"].into_iter().zip(wanted) {
        let found = areas(out.path(), file);
        assert!(found.len() > 10 && found.len() == wanted.len(), "{file}: {} of {}", found.len(), wanted.len());
        for ((number, area), (id, coordinates)) in found.iter().zip(&wanted) {
            let (expected, length) = measured(coordinates);
            assert_eq!(number, id, "{file}");
            // Points are written to the millimetre or finer.
            assert!((area - expected).abs() <= 0.0005 * length + 1e-6, "{file} {id}: {area} is not {expected}");
        }
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
