//! What `guiju.yaml` says: which files are which layers and records, and by which rules they are checked.
//!
//! Takes the text, gives the manifest with the span of every value, and every mistake at once. Opens no file.

use jiff::civil::Date;

use super::convert::parse_date;
use super::filter::{Filter, parse_filter};
use super::form::{Form, Spanned};
use super::formats::Format;
use super::node::{Data, Node};
use super::yaml::parse_yaml;
use crate::diagnostic::codes::manifest as codes;
use crate::diagnostic::{Diagnostic, Text, closest};
use crate::model::{ClassKind, Schema};
use crate::source::{FileId, Span};
use crate::text;

/// How areas are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AreaMode {
    /// On the ellipsoid, the legal area.
    #[default]
    Ellipsoidal,
    /// In the projected plane.
    Plane,
}

/// Where a layer is and how to read it.
#[derive(Debug, Clone)]
pub struct LayerSpec {
    /// The layer's name, by either name of its declaration.
    pub name: Spanned<String>,
    /// The file.
    pub path: Spanned<String>,
    /// The layer inside the file (`path#layer`).
    pub inner: Option<String>,
    /// The encoding of its texts.
    pub encoding: Option<Spanned<String>>,
    /// Declared field and the name that the file uses for it.
    pub fields: Vec<(Spanned<String>, Spanned<String>)>,
    /// Which features are taken.
    pub filter: Option<Filter>,
    /// The coordinate system, where the file does not state it or states it wrongly.
    pub crs: Option<Spanned<String>>,
    /// The format, where the extension does not tell.
    pub format: Option<Spanned<String>>,
}

impl LayerSpec {
    /// Returns the plain form: a layer by name, and a file that says the rest.
    pub fn of(name: Spanned<String>, path: Spanned<String>) -> Self {
        let inner = split_layer(&path.value).1.map(str::to_owned);
        let path = Spanned { value: split_layer(&path.value).0.to_owned(), span: path.span };
        LayerSpec { name, path, inner, encoding: None, fields: Vec::new(), filter: None, crs: None, format: None }
    }
}

/// Divides `path#layer` into the path and the layer inside the file: at the first `#` behind an extension, since names of files
/// hold the sign too (`1#地块.shp`).
pub fn split_layer(path: &str) -> (&str, Option<&str>) {
    let is_file = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        extension.starts_with(|one: char| one.is_ascii_alphabetic())
            && extension.bytes().all(|one| one.is_ascii_alphanumeric())
    };
    let parts = path.match_indices('#').map(|(at, _)| (&path[..at], &path[at + 1..]));
    match parts.into_iter().find(|(file, inner)| is_file(file) && !inner.is_empty()) {
        Some((file, inner)) => (file, Some(inner)),
        None => (path, None),
    }
}

/// Where records of a kind come from.
#[derive(Debug, Clone)]
pub enum RecordSource {
    /// Files, by a path or a pattern.
    Path(Spanned<String>),
    /// A record in the manifest itself.
    Inline(Node<'static>),
}

/// Records of a kind, and where they come from.
#[derive(Debug, Clone)]
pub struct RecordSpec {
    /// The record kind, by either name of its declaration.
    pub name: Spanned<String>,
    /// The sources in order.
    pub sources: Vec<RecordSource>,
}

/// A report to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputSpec {
    /// The format's name.
    pub format: Spanned<String>,
    /// Where it is written.
    pub path: Option<Spanned<String>>,
}

/// The manifest of a submission.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The text it was read from.
    pub file: FileId,
    /// The submission's own record as written, with fields that packs add; `records::read_submission` types it.
    pub submission: Option<Node<'static>>,
    /// The submission's id.
    pub id: Option<Spanned<String>>,
    /// The submission's name.
    pub name: Option<Spanned<String>>,
    /// Its administrative division, six digits.
    pub region: Option<Spanned<String>>,
    /// The day whose rules are in force.
    pub as_of: Option<Spanned<Date>>,
    /// The coordinate system that everything is brought into.
    pub crs: Option<Spanned<String>>,
    /// How areas are measured.
    pub area: AreaMode,
    /// Packs: names of built-in ones, or folders.
    pub rules: Vec<Spanned<String>>,
    /// Parameters and their values as written.
    pub params: Vec<(Spanned<String>, Spanned<String>)>,
    /// The layers.
    pub layers: Vec<LayerSpec>,
    /// The records.
    pub records: Vec<RecordSpec>,
    /// Tables whose rows come from the submission instead of the pack: name and path.
    pub tables: Vec<(Spanned<String>, Spanned<String>)>,
    /// Waivers: a file, or a list in the manifest.
    pub waivers: Vec<RecordSource>,
    /// The reports to write.
    pub outputs: Vec<OutputSpec>,
}

const KEYS: &[&str] =
    &["guiju", "submission", "crs", "area", "rules", "params", "layers", "records", "tables", "waivers", "outputs"];
const LAYER_KEYS: &[&str] = &["path", "layer", "encoding", "fields", "where", "crs", "format"];

/// Reads a manifest, with every mistake in it; `formats` are those that `outputs:` takes.
pub fn parse_manifest(file: FileId, source: &str, formats: &[&str]) -> (Manifest, Vec<Diagnostic>) {
    let mut form = Form::new(file);
    let root = root_of(&mut form, source);
    form.only(&root, KEYS);
    check_version(&mut form, &root);
    let submission = root.get("submission").filter(|node| !node.is_blank());
    form.map(submission);
    let empty = Node { data: Data::Null, start: 0, end: 0 };
    let fields = submission.unwrap_or(&empty);
    let manifest = Manifest {
        file,
        submission: submission.cloned().map(Node::into_owned),
        id: form.text_at(fields, "id"),
        name: form.text_at(fields, "name"),
        region: region(&mut form, fields),
        as_of: as_of(&mut form, fields),
        crs: form.text_at(&root, "crs"),
        area: area_mode(&mut form, &root),
        rules: texts(&mut form, root.get("rules")),
        params: text_map(&mut form, root.get("params")),
        layers: layers(&mut form, root.get("layers")),
        records: records(&mut form, root.get("records")),
        tables: text_map(&mut form, root.get("tables")),
        waivers: sources(&mut form, root.get("waivers")),
        outputs: outputs(&mut form, root.get("outputs"), formats),
    };
    missing_keys(&mut form, &manifest);
    (manifest, form.diagnostics)
}

/// Parses the one document of a manifest or `pack.yaml`; an unreadable text gives an empty map.
pub(super) fn root_of<'a>(form: &mut Form, source: &'a str) -> Node<'a> {
    let empty = Node { data: Data::Map(Vec::new()), start: 0, end: 0 };
    let mut documents = match parse_yaml(source) {
        Ok(documents) => documents,
        Err(error) => {
            let span = Span::new(form.file, error.start, error.end);
            form.diagnostics.push(Diagnostic::error(&codes::BROKEN_MANIFEST, error.text).label(span));
            return empty;
        }
    };
    if documents.len() > 1 {
        let message = text!(en: "a manifest is one document, this is a second", zh: "清单只能有一个文档，此处是第二个");
        let second = documents[1].span(form.file);
        form.diagnostics.push(Diagnostic::error(&codes::WRONG_FORM, message).label(second));
    }
    match documents.drain(..).next() {
        Some(node) => {
            form.map(Some(&node));
            node
        }
        None => empty,
    }
}

fn check_version(form: &mut Form, root: &Node<'_>) {
    match root.get("guiju") {
        Some(node) if node.text().map(str::trim) == Some("1") => {}
        Some(node) => {
            let found = node.shown();
            let message = text!(
                en: "version `{found}` of the manifest is not known, only `1`",
                zh: "不支持清单版本“{found}”，目前只有 1"
            );
            let span = node.span(form.file);
            form.diagnostics.push(Diagnostic::error(&codes::MANIFEST_VERSION, message).label(span));
        }
        // A text that is no YAML was reported as such.
        None if !form.diagnostics.is_empty() => {}
        None => {
            let message = text!(en: "the manifest does not state its version", zh: "清单没有写明版本");
            let help = text!(en: "begin it with `guiju: 1`", zh: "请在开头写上 guiju: 1");
            let span = Span::new(form.file, 0, 0);
            form.diagnostics.push(Diagnostic::error(&codes::MANIFEST_VERSION, message).label(span).help(help));
        }
    }
}

fn missing_keys(form: &mut Form, manifest: &Manifest) {
    let start = Span::new(form.file, 0, 0);
    let mut missing = |key: &str, needed: bool, en: &str, zh: &str| {
        let message = text!(en: "the manifest lacks `{key}`: {en}", zh: "清单缺少“{key}”：{zh}");
        let found = if needed {
            Diagnostic::error(&codes::MISSING_KEY, message)
        } else {
            Diagnostic::warning(&codes::MISSING_KEY, message)
        };
        form.diagnostics.push(found.label(start));
    };
    if form_is_broken(&manifest.rules, &manifest.layers, &manifest.submission) {
        return;
    }
    if manifest.crs.is_none() {
        missing("crs", true, "the coordinate system that layers are brought into", "各图层统一到的坐标系");
    }
    if manifest.rules.is_empty() {
        missing("rules", true, "the packs that the submission is checked by", "用于检查的规则包");
    }
    if manifest.id.is_none() {
        missing("submission.id", false, "the report cannot name the submission", "报告无法标识本次申报");
    }
    if manifest.region.is_none() {
        missing("submission.region", false, "which regional rules apply stays unknown", "无法判定适用哪些地方规则");
    }
}

/// An empty or unreadable manifest has one mistake, not six.
fn form_is_broken(rules: &[Spanned<String>], layers: &[LayerSpec], submission: &Option<Node<'static>>) -> bool {
    rules.is_empty() && layers.is_empty() && submission.is_none()
}

fn region(form: &mut Form, fields: &Node<'_>) -> Option<Spanned<String>> {
    let region = form.text_at(fields, "region")?;
    if region.value.len() == 6 && region.value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(region);
    }
    let found = &region.value;
    let message = text!(en: "`{found}` is not an administrative code", zh: "“{found}”不是行政区划代码");
    let help = text!(en: "six digits, such as 360400", zh: "应为六位数字，如 360400");
    form.bad_setting(region.span, message, Some(help));
    None
}

fn as_of(form: &mut Form, fields: &Node<'_>) -> Option<Spanned<Date>> {
    let written = form.text_at(fields, "as_of")?;
    if let Some(value) = parse_date(&written.value) {
        return Some(Spanned { value, span: written.span });
    }
    let found = &written.value;
    let message = text!(en: "`{found}` is not a date", zh: "“{found}”不是日期");
    let help = text!(en: "year, month and day, such as 2026-01-15", zh: "应为年月日，如 2026-01-15");
    form.bad_setting(written.span, message, Some(help));
    None
}

fn area_mode(form: &mut Form, root: &Node<'_>) -> AreaMode {
    let Some(written) = form.text_at(root, "area") else { return AreaMode::default() };
    match written.value.as_str() {
        "ellipsoidal" => AreaMode::Ellipsoidal,
        "plane" => AreaMode::Plane,
        other => {
            let message = text!(en: "`{other}` is no way to measure areas", zh: "“{other}”不是面积计算方式");
            let help = text!(en: "`ellipsoidal` or `plane`", zh: "可用 ellipsoidal（椭球面积）或 plane（平面面积）");
            form.bad_setting(written.span, message, Some(help));
            AreaMode::default()
        }
    }
}

fn texts(form: &mut Form, node: Option<&Node<'_>>) -> Vec<Spanned<String>> {
    let mut found = Vec::new();
    for item in form.list(node) {
        found.extend(form.path(item));
    }
    found
}

fn text_map(form: &mut Form, node: Option<&Node<'_>>) -> Vec<(Spanned<String>, Spanned<String>)> {
    let mut found = Vec::new();
    for (key, value) in form.map(node) {
        if let (Some(key), Some(value)) = (form.text(key), form.text(value)) {
            found.push((key, value));
        }
    }
    found
}

fn layers(form: &mut Form, node: Option<&Node<'_>>) -> Vec<LayerSpec> {
    let mut found = Vec::new();
    for (key, value) in form.map(node) {
        let Some(name) = form.text(key) else { continue };
        found.extend(layer(form, name, value));
    }
    found
}

fn layer(form: &mut Form, name: Spanned<String>, node: &Node<'_>) -> Option<LayerSpec> {
    if !matches!(node.data, Data::Map(_)) {
        let path = form.path(node)?;
        return Some(LayerSpec::of(name, path));
    }
    form.only(node, LAYER_KEYS);
    let Some(path) = node.get("path") else {
        let layer = &name.value;
        let message = text!(en: "layer `{layer}` lacks `path`", zh: "图层“{layer}”缺少 path");
        form.diagnostics.push(Diagnostic::error(&codes::MISSING_KEY, message).label(name.span));
        return None;
    };
    let path = form.path(path)?;
    let mut spec = LayerSpec::of(name, path);
    if let Some(inner) = form.text_at(node, "layer") {
        spec.inner = Some(inner.value);
    }
    spec.encoding = form.text_at(node, "encoding");
    spec.crs = form.text_at(node, "crs");
    spec.fields = text_map(form, node.get("fields"));
    spec.format = form.text_at(node, "format");
    if let Some(format) = &spec.format
        && !Format::NAMES.iter().any(|(name, _)| *name == format.value)
    {
        let (word, all) =
            (format.value.clone(), Format::NAMES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "));
        let message = text!(en: "there is no layer format `{word}`", zh: "没有图层格式“{word}”");
        form.bad_setting(format.span, message, Some(text!(en: "one of: {all}", zh: "可用：{all}")));
    }
    if let Some(condition) = form.text_at(node, "where") {
        match parse_filter(&condition.value) {
            Ok(filter) => spec.filter = Some(filter),
            Err(reason) => {
                form.diagnostics.push(Diagnostic::error(&codes::BAD_FILTER, reason).label(condition.span));
            }
        }
    }
    Some(spec)
}

fn records(form: &mut Form, node: Option<&Node<'_>>) -> Vec<RecordSpec> {
    let mut found = Vec::new();
    for (key, value) in form.map(node) {
        if let Some(name) = form.text(key) {
            found.push(RecordSpec { name, sources: sources(form, Some(value)) });
        }
    }
    found
}

fn sources(form: &mut Form, node: Option<&Node<'_>>) -> Vec<RecordSource> {
    let mut found = Vec::new();
    for item in form.list(node) {
        match item.data {
            Data::Map(_) => found.push(RecordSource::Inline(item.clone().into_owned())),
            Data::Scalar(_) => found.extend(form.path(item).map(RecordSource::Path)),
            Data::Null | Data::List(_) => form.wrong_form(item, Text::new("a path or a record", "路径或档案")),
        }
    }
    found
}

fn outputs(form: &mut Form, node: Option<&Node<'_>>, formats: &[&str]) -> Vec<OutputSpec> {
    let mut found = Vec::new();
    for item in form.list(node) {
        if !matches!(item.data, Data::Map(_)) {
            form.wrong_form(item, Text::new("a map with `format` and `path`", "含 format 和 path 的映射"));
            continue;
        }
        form.only(item, &["format", "path"]);
        let path = form.text_at(item, "path");
        match form.text_at(item, "format") {
            Some(format) if !formats.contains(&format.value.as_str()) => {
                let (wanted, known) = (&format.value, formats.join("、"));
                let known_en = formats.join(", ");
                let message = text!(
                    en: "results are not written as `{wanted}` by this version",
                    zh: "本版本尚不能以“{wanted}”格式写出结果"
                );
                let help = text!(en: "this version writes {known_en}", zh: "本版本可写：{known}");
                form.diagnostics
                    .push(Diagnostic::warning(&codes::NOT_SUPPORTED, message).label(format.span).help(help));
            }
            Some(format) => found.push(OutputSpec { format, path }),
            None => {
                let message = text!(en: "an output lacks `format`", zh: "输出缺少 format");
                let span = item.span(form.file);
                form.diagnostics.push(Diagnostic::error(&codes::MISSING_KEY, message).label(span));
            }
        }
    }
    found
}

/// Reports layers, records, tables and fields that the rules do not declare.
pub fn check_names(manifest: &Manifest, schema: &Schema) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut class = |name: &Spanned<String>, fits: fn(ClassKind) -> bool, en: &str, zh: &str| {
        let class = schema.find_class(&name.value).map(|id| schema.class(id)).filter(|class| fits(class.kind));
        if class.is_none() {
            let word = &name.value;
            let message = text!(en: "no {en} named `{word}` is declared", zh: "没有声明名为“{word}”的{zh}");
            let names = schema
                .classes
                .iter()
                .filter(|class| fits(class.kind))
                .flat_map(|class| std::iter::once(&*class.names.name).chain(class.names.second.as_deref()));
            let help =
                closest(word, names).map(|meant| text!(en: "did you mean `{meant}`?", zh: "是否应为“{meant}”？"));
            found.push(Diagnostic::error(&codes::UNDECLARED_CLASS, message).label(name.span).help(help));
        }
        class
    };
    let mut fields = Vec::new();
    for layer in &manifest.layers {
        if let Some(class) = class(&layer.name, |kind| matches!(kind, ClassKind::Layer(_)), "layer", "图层") {
            fields.extend(layer.fields.iter().map(|(field, _)| (class, field)));
        }
    }
    for record in &manifest.records {
        class(&record.name, |kind| matches!(kind, ClassKind::Record), "record", "档案");
    }
    for (table, _) in &manifest.tables {
        class(table, |kind| matches!(kind, ClassKind::Table), "table", "对照表");
    }
    for (class, field) in fields {
        if class.field(&field.value).is_none() {
            let (word, layer) = (&field.value, class.names.shown());
            let message = text!(en: "layer `{layer}` has no field `{word}`", zh: "图层“{layer}”没有字段“{word}”");
            let names = class
                .fields
                .iter()
                .flat_map(|field| std::iter::once(&*field.names.name).chain(field.names.second.as_deref()));
            let help =
                closest(word, names).map(|meant| text!(en: "did you mean `{meant}`?", zh: "是否应为“{meant}”？"));
            found.push(Diagnostic::error(&codes::UNDECLARED_FIELD, message).label(field.span).help(help));
        }
    }
    found
}
