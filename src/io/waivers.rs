//! Exceptions that were granted, from `waivers.yaml` or from the manifest itself.
//!
//! Takes the files that the manifest names; gives each waiver with the place where it stands, its ground in the submission's coordinate
//! system. A waiver opens the gate, so that it is taken whole or not at all: what lacks a reason, a document or a last day is a
//! mistake. Whether a waiver holds is not known here.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use super::convert::parse_date;
use super::error::{Cause, ReadError};
use super::form::{Form, Spanned};
use super::formats::{self, Format, RawGeometry, Source, raw_shape};
use super::issues::Issues;
use super::layer::stated;
use super::manifest::{LayerSpec, Manifest, RecordSource};
use super::node::{Data, Node};
use super::shapes::{Owner, Settled, settle};
use super::workspace::Workspace;
use super::yaml::parse_yaml;
use crate::diagnostic::codes::manifest as codes;
use crate::diagnostic::{Diagnostic, Severity, Text};
use crate::geometry::crs::Crs;
use crate::geometry::validity::RawShape;
use crate::geometry::{Kind, Shape, ShapeRef, overlay};
use crate::model::{ItemRef, SUBMISSION};
use crate::source::{FileId, Files, Place, Span};
use crate::text;

/// An exception that was granted.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiver {
    /// The rule that it excepts from.
    pub rule: String,
    /// The label of the constraint, if it is for one only (`CL-101#upper`).
    pub label: Option<String>,
    /// The subject that it is for: its id, with or without its kind (`parcel:P-07`).
    pub subject: String,
    /// Who granted it.
    pub authority: String,
    /// The number of the document that grants it.
    pub document: String,
    /// Why.
    pub reason: String,
    /// Last day it holds.
    pub expires: Date,
    /// The ground that it is for, in the submission's coordinate system; any, if it names none.
    pub scope: Option<Arc<Shape>>,
    /// Where it stands.
    pub span: Span,
}

/// A file of waivers, as an input of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiversFile {
    /// The path as the manifest has it.
    pub path: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// How many waivers it holds; for the ground of one, how many features.
    pub count: usize,
}

/// What was read of waivers.
#[derive(Debug, Default)]
pub struct WaiversRead {
    /// The waivers, in the order of the manifest and the files.
    pub waivers: Vec<Waiver>,
    /// Every mistake in them.
    pub diagnostics: Vec<Diagnostic>,
    /// The files, those with the ground of waivers among them.
    pub inputs: Vec<WaiversFile>,
}

const KEYS: &[&str] = &["rule", "subject", "authority", "document", "reason", "expires", "scope"];

/// Reads the waivers that a manifest names; their ground comes into the coordinate system `target`.
pub fn read_waivers(workspace: &Workspace, manifest: &Manifest, target: Crs, files: &mut Files) -> WaiversRead {
    let mut read = WaiversRead::default();
    for source in &manifest.waivers {
        match source {
            RecordSource::Inline(node) => {
                let mut reader = Reader { workspace, target, form: Form::new(manifest.file), inputs: Vec::new() };
                read.waivers.extend(reader.waiver(node));
                read.take(reader);
            }
            RecordSource::Path(path) => match workspace.expand(&path.value) {
                Ok(paths) if paths.is_empty() => {
                    let pattern = &path.value;
                    let text = text!(en: "no file matches `{pattern}`", zh: "没有文件匹配“{pattern}”");
                    read.diagnostics.push(Diagnostic::error(&codes::BAD_SETTING, text).label(path.span));
                }
                Ok(paths) => {
                    for found in paths {
                        if let Err(error) = read.file(workspace, &found, target, files) {
                            let problem = Diagnostic::error(&codes::BAD_SETTING, error.text()).label(path.span);
                            read.diagnostics.push(problem);
                        }
                    }
                }
                Err(error) => {
                    read.diagnostics.push(Diagnostic::error(&codes::BAD_SETTING, error.text()).label(path.span));
                }
            },
        }
    }
    read
}

impl WaiversRead {
    fn take(&mut self, reader: Reader<'_>) {
        self.diagnostics.extend(reader.form.diagnostics);
        self.inputs.extend(reader.inputs);
    }

    /// Reads a file: a list of waivers, or one alone.
    fn file(&mut self, workspace: &Workspace, path: &Path, target: Crs, files: &mut Files) -> Result<(), ReadError> {
        let text = workspace.read_text(path, None)?;
        let name = path.to_string_lossy().replace('\\', "/");
        let file = files.add(name.as_str(), text.decoded.text);
        let before = self.waivers.len();
        let mut reader = Reader { workspace, target, form: Form::new(file), inputs: Vec::new() };
        match parse_yaml(files.text(file)) {
            Ok(documents) => {
                for document in &documents {
                    for node in reader.form.list(Some(document)) {
                        self.waivers.extend(reader.waiver(node));
                    }
                }
            }
            Err(error) => {
                let span = Span::new(file, error.start, error.end);
                self.diagnostics.push(Diagnostic::error(&codes::BROKEN_MANIFEST, error.text).label(span));
            }
        }
        let count = self.waivers.len() - before;
        self.inputs.push(WaiversFile { path: name, sha256: text.sha256, count });
        self.take(reader);
        Ok(())
    }
}

struct Reader<'w> {
    workspace: &'w Workspace,
    target: Crs,
    form: Form,
    inputs: Vec<WaiversFile>,
}

impl Reader<'_> {
    /// Reads one waiver; `None` if anything is wrong with it.
    fn waiver(&mut self, node: &Node<'_>) -> Option<Waiver> {
        if !matches!(node.data, Data::Map(_)) {
            self.form.wrong_form(
                node,
                Text::new("a waiver: a map with `rule`, `subject` …", "豁免（含 rule、subject 等键的映射）"),
            );
            return None;
        }
        let before = self.form.diagnostics.len();
        self.form.only(node, KEYS);
        let rule = self.required(node, "rule");
        let subject = self.required(node, "subject");
        let authority = self.required(node, "authority");
        let document = self.required(node, "document");
        let reason = self.required(node, "reason");
        let expires = self.required(node, "expires").and_then(|written| self.day(&written));
        let scope = node.get("scope").filter(|scope| !scope.is_blank()).map(|scope| self.scope(scope));
        if self.form.diagnostics.len() > before {
            return None;
        }
        let rule = rule?.value;
        let (rule, label) = match rule.split_once('#') {
            Some((rule, label)) => (rule.trim().to_owned(), Some(label.trim().to_owned())),
            None => (rule, None),
        };
        Some(Waiver {
            rule,
            label,
            subject: subject?.value,
            authority: authority?.value,
            document: document?.value,
            reason: reason?.value,
            expires: expires?,
            scope: scope.flatten(),
            span: node.span(self.form.file),
        })
    }

    fn required(&mut self, node: &Node<'_>, key: &str) -> Option<Spanned<String>> {
        if node.get(key).is_some_and(|value| !value.is_blank()) {
            return self.form.text_at(node, key);
        }
        let message = text!(en: "the waiver lacks `{key}`", zh: "豁免缺少“{key}”");
        let help = text!(
            en: "a waiver opens the gate: it is taken only with rule, subject, authority, document, reason and last day",
            zh: "豁免会放行冲突：须写明规则、对象、批准机关、文号、理由和有效期"
        );
        // The first line of the waiver is where the reader looks, not the whole of it.
        let first = node.entries().first().map_or(node, |(key, _)| key);
        let found = Diagnostic::error(&codes::MISSING_KEY, message).label(first.span(self.form.file)).help(help);
        self.form.diagnostics.push(found);
        None
    }

    fn day(&mut self, written: &Spanned<String>) -> Option<Date> {
        let day = parse_date(&written.value);
        if day.is_none() {
            let found = &written.value;
            let message = text!(en: "`{found}` is not a date", zh: "“{found}”不是日期");
            let help = text!(en: "year, month and day, such as 2026-12-31", zh: "应为年月日，如 2026-12-31");
            self.form.bad_setting(written.span, message, Some(help));
        }
        day
    }

    /// Reads the ground of a waiver: a GeoJSON geometry of polygons in the submission's system, or a file that holds some.
    fn scope(&mut self, node: &Node<'_>) -> Option<Arc<Shape>> {
        let span = node.span(self.form.file);
        let read = match &node.data {
            Data::Scalar(path) => self.scope_file(&path.replace('\\', "/")),
            Data::Map(_) | Data::List(_) | Data::Null => match raw_shape(node) {
                Some(raw) => shapes(vec![raw], &Settled::as_is(self.target), self.form.file),
                None => Err(text!(
                    en: "`scope` is neither a GeoJSON geometry nor the path of a file",
                    zh: "scope 既不是 GeoJSON 几何，也不是文件路径"
                )),
            },
        };
        let problem = match read {
            Ok(shape) if shape.kind() == Kind::Polygon && !shape.is_empty() => return Some(Arc::new(shape)),
            Ok(_) => text!(en: "the ground of a waiver is made of polygons", zh: "豁免范围须为面"),
            Err(problem) => problem,
        };
        self.form.diagnostics.push(Diagnostic::error(&codes::BAD_SETTING, problem).label(span));
        None
    }

    fn scope_file(&mut self, path: &str) -> Result<Shape, Text> {
        let placed = |why: Text| Text::new(format!("{path}: {}", why.en), format!("{path}：{}", why.zh));
        let failed = |cause: Cause| ReadError::new(path, cause).text();
        let path_of = Path::new(path);
        let format = Format::detect(self.workspace, path_of, None).map_err(failed)?;
        let mut source = Source {
            workspace: self.workspace,
            path: path_of,
            layer: None,
            encoding: None,
            assumed: None,
            wanted: None,
        };
        let (mut raw, mut stray): (Vec<RawShape>, Option<Text>);
        let rest = loop {
            (raw, stray) = (Vec::new(), None);
            let read = formats::read(format, &source, &mut |feature| match feature.geometry {
                RawGeometry::Shape => raw.push(feature.shape.clone()),
                RawGeometry::None => {}
                RawGeometry::Collection(_) => stray = Some(text!(en: "a collection of geometries", zh: "几何集合")),
                RawGeometry::Bad(why, _) => stray = Some(why),
            });
            match read {
                Ok(rest) => break rest,
                Err(cause) => source.assume(cause).map_err(failed)?,
            }
        };
        if let Some(problem) = stray {
            return Err(placed(problem));
        }
        if rest.lossy {
            return Err(placed(text!(en: "the file cannot be read to its end", zh: "文件无法完整读取")));
        }
        let nowhere = Span::new(self.form.file, 0, 0);
        let named = |value: &str| Spanned { value: value.to_owned(), span: nowhere };
        let stated = stated(&LayerSpec::of(named("scope"), named(path)), rest.crs);
        let boxes: Vec<_> = raw.iter().filter_map(RawShape::bounds).collect();
        let mut issues = Issues::default();
        let place = Place::file(self.form.file);
        let settled = settle(&stated, boxes.iter().copied(), self.target, place, SUBMISSION, &mut issues);
        if let Some(fault) = issues.finish().into_iter().find(|issue| issue.severity == Severity::Error) {
            return Err(placed(fault.text));
        }
        let sha256 = self.workspace.sha256(Path::new(path)).map_err(|error| error.text())?;
        self.inputs.push(WaiversFile { path: path.to_owned(), sha256, count: raw.len() });
        shapes(raw, &settled, self.form.file)
    }
}

/// Returns the union of raw shapes, all of which must be valid.
fn shapes(raw: Vec<RawShape>, settled: &Settled, file: FileId) -> Result<Shape, Text> {
    let owner = Owner { place: Place::file(file), item: ItemRef { class: SUBMISSION, index: 0 }, id: "scope".into() };
    let mut found = Vec::with_capacity(raw.len());
    for raw in raw {
        let mut issues = Issues::default();
        match settled.shape(raw, &owner, &mut issues).1 {
            Some(shape) if shape.kind() == Kind::Polygon => found.push(shape),
            Some(_) => return Err(text!(en: "the ground of a waiver is made of polygons", zh: "豁免范围须为面")),
            None => {
                let faults = issues.finish().into_iter();
                let why = faults.map(|issue| issue.text).next();
                return Err(why.unwrap_or_else(|| text!(en: "the shape cannot be used", zh: "该图形无法使用")));
            }
        }
    }
    let views: Vec<ShapeRef<'_>> = found.iter().map(Shape::view).collect();
    Ok(overlay::union(&views))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::io::parse_manifest;

    const WHOLE: &str = "- rule: CL-101#upper\n  subject: parcel:P-07\n  authority: 省自然资源厅\n  document: 赣自然资函〔2026〕7号\n  reason: 国家重点项目\n  expires: 2026-12-31\n";
    const SQUARE: &str =
        "[[[39500000, 3300000], [39500100, 3300000], [39500100, 3300100], [39500000, 3300100], [39500000, 3300000]]]";

    /// Reads one `waivers.yaml`, with `scope.geojson` beside it.
    fn read(waivers: &str, scope: &str) -> (WaiversRead, Files) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("waivers.yaml"), waivers).unwrap();
        fs::write(folder.path().join("scope.geojson"), scope).unwrap();
        let workspace = Workspace::open(folder.path()).unwrap();
        let mut files = Files::default();
        let source = "guiju: 1\nwaivers: waivers.yaml\n";
        let file = files.add("guiju.yaml", source);
        let (manifest, _) = parse_manifest(file, source, &[]);
        let crs = Crs::parse("EPSG:4527").unwrap();
        let read = read_waivers(&workspace, &manifest, crs, &mut files);
        (read, files)
    }

    fn told(waivers: &str, scope: &str) -> Vec<(&'static str, String, String)> {
        let (read, files) = read(waivers, scope);
        let place = |found: &Diagnostic| {
            let location = files.location(found.labels[0].span);
            format!("{}:{}:{}", files.name(found.labels[0].span.file), location.line, location.column)
        };
        read.diagnostics.iter().map(|found| (found.code.name, place(found), found.message.en.clone())).collect()
    }

    #[test]
    fn a_whole_waiver_is_read() {
        let (read, _) = read(WHOLE, "");
        assert_eq!(read.diagnostics, []);
        let waiver = &read.waivers[0];
        assert_eq!((waiver.rule.as_str(), waiver.label.as_deref()), ("CL-101", Some("upper")));
        assert_eq!((waiver.expires, waiver.scope.as_ref()), (jiff::civil::date(2026, 12, 31), None));
        assert_eq!((read.inputs[0].path.as_str(), read.inputs[0].count), ("waivers.yaml", 1));
    }

    #[test]
    fn what_lacks_a_reason_or_a_last_day_is_a_mistake_in_its_place() {
        let lacking = |line: &str| {
            let text: String =
                WHOLE.lines().filter(|one| !one.contains(line)).map(|one| one.to_owned() + "\n").collect();
            told(&text, "")
        };
        for key in ["reason", "expires", "authority", "document", "subject"] {
            let wanted = ("missing-key", "waivers.yaml:1:3".to_owned(), format!("the waiver lacks `{key}`"));
            assert_eq!(lacking(key), [wanted]);
        }
        let [(code, place, _)] = &told(&WHOLE.replace("2026-12-31", "2026-02-30"), "")[..] else {
            panic!("one mistake")
        };
        assert_eq!((*code, place.as_str()), ("bad-setting", "waivers.yaml:6:12"));
        assert_eq!(told(&WHOLE.replace("reason", "reasn"), "")[0].0, "unknown-key");
        assert_eq!(told("just words\n", "")[0].0, "wrong-form");
        assert_eq!(told("- [", "")[0].0, "broken-manifest");
    }

    #[test]
    fn its_ground_stands_in_it_or_in_a_file() {
        let inline = format!("{WHOLE}  scope: {{ type: Polygon, coordinates: {SQUARE} }}\n");
        let file = format!("{WHOLE}  scope: scope.geojson\n");
        let feature = format!(
            r#"{{"type": "Feature", "properties": {{}}, "geometry": {{"type": "Polygon", "coordinates": {SQUARE}}}}}"#
        );
        let area = |waivers: &str, scope: &str| {
            let (read, _) = read(waivers, scope);
            assert_eq!(read.diagnostics, []);
            let scope = read.waivers[0].scope.clone().unwrap();
            crate::geometry::measure::area(scope.view(), &crate::geometry::measure::AreaMethod::Plane).value
        };
        assert!((area(&inline, "") - 10_000.0).abs() < 1e-3);
        assert!((area(&file, &feature) - 10_000.0).abs() < 1e-3);
        assert_eq!(told(&file, "{")[0].1, "waivers.yaml:7:10");
        assert_eq!(told(&file, &feature.replace("Polygon", "MultiPoint"))[0].0, "bad-setting");
        assert_eq!(told(&format!("{WHOLE}  scope: ../../etc/passwd\n"), "")[0].0, "bad-setting");
        let bow_tie = inline.replace(SQUARE, "[[[39500000, 3300000], [39500100, 3300100], [39500100, 3300000], [39500000, 3300100], [39500000, 3300000]]]");
        assert_eq!(told(&bow_tie, "")[0].0, "bad-setting");
    }
}
