//! One layer of a submission: from a file to typed features with valid shapes.
//!
//! Never fails: a file that cannot be read leaves the layer unsupplied, one that breaks off leaves it incomplete, and an issue
//! says why.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::error::{Cause, ReadError};
use super::fields::{At, FieldReader, id_text};
use super::filter::FilterState;
use super::formats::{self, Format, RawFeature, RawGeometry, Rest, Source};
use super::ids::unique_id;
use super::issues::{Issues, issue};
use super::manifest::LayerSpec;
use super::node::Node;
use super::pending::{Pending, PendingGeometry, Shaped};
use super::shapes::{Owner, Stated, settle};
use super::workspace::Workspace;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Code, Severity, Text};
use crate::geometry::crs::Crs;
use crate::geometry::{BoundingBox, Kind};
use crate::model::{ClassId, ClassKind, FieldId, Issue, ItemRef, Items, Schema, Value};
use crate::source::{FileId, Files, Location, Marks, Place};
use crate::text;

/// What was read as an input of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputInfo {
    /// The path as the manifest has it.
    pub path: String,
    /// The layer or record kind that it holds.
    pub class: ClassId,
    /// The SHA-256 of its bytes; empty if it could not be read.
    pub sha256: String,
    /// How many features or records were taken from it.
    pub features: usize,
    /// Its coordinate system as an EPSG code, if it could be settled.
    pub crs: Option<u32>,
    /// How many issues it has.
    pub issues: usize,
    /// The encoding of its text.
    pub encoding: &'static str,
}

/// A layer as it was read.
#[derive(Debug)]
pub struct LayerRead {
    /// Its features.
    pub items: Items,
    /// What is wrong with them.
    pub issues: Vec<Issue>,
    /// The files.
    pub inputs: Vec<InputInfo>,
}

/// How many bytes of a file tell its format: sections may precede the one that names a coordinate text.
pub(super) const HEAD: u64 = 4_096;

/// How many shapes are checked before they are stored.
const BATCH: usize = 1 << 16;

/// Reads a layer into the coordinate system `target`. Its path may be a pattern: the files that match it, sorted, are one layer. Each is
/// added to `files` by name.
pub fn read_layer(
    workspace: &Workspace,
    spec: &LayerSpec,
    class: ClassId,
    schema: &Schema,
    target: Crs,
    files: &mut Files,
) -> LayerRead {
    let mut read = LayerRead { items: Items::unsupplied(schema.class(class)), issues: Vec::new(), inputs: Vec::new() };
    let unreadable =
        |text, place| Issue { class: Some(class), ..issue(&codes::UNREADABLE_FILE, Severity::Error, text, place) };
    let paths = match workspace.expand(&spec.path.value) {
        Ok(paths) => paths,
        Err(error) => {
            let place = Place::file(files.add_name(spec.path.value.as_str()));
            read.issues.push(unreadable(error.text(), place));
            return read;
        }
    };
    if paths.is_empty() {
        let pattern = &spec.path.value;
        let text = text!(en: "no file matches `{pattern}`", zh: "没有文件匹配“{pattern}”");
        read.issues.push(unreadable(text, Place::file(files.add_name(pattern.as_str()))));
    }
    let mut ids = FxHashMap::default();
    let mut lost = false;
    for path in paths {
        let name = path.to_string_lossy().replace('\\', "/");
        let mut input =
            InputInfo { path: name, class, sha256: String::new(), features: 0, crs: None, issues: 0, encoding: "" };
        let (file, found) =
            read_file(workspace, spec, schema, target, &path, files, &mut input, &mut read.items, &mut ids);
        match found {
            Ok(issues) => {
                input.issues = issues.count();
                read.issues.extend(issues.finish());
            }
            Err(cause) => {
                lost = true;
                input.issues = 1;
                read.issues.push(unreadable(ReadError::new(path, cause).text(), Place::file(file)));
            }
        }
        read.inputs.push(input);
    }
    read.items.complete &= !lost;
    read
}

/// Reads one file of a layer onto the end of `items`; `ids` are those given away so far.
#[expect(clippy::too_many_arguments, reason = "what a file is read with and what it is read into")]
fn read_file(
    workspace: &Workspace,
    spec: &LayerSpec,
    schema: &Schema,
    target: Crs,
    path: &Path,
    files: &mut Files,
    input: &mut InputInfo,
    items: &mut Items,
    ids: &mut FxHashMap<Arc<str>, u32>,
) -> (FileId, Result<Issues, Cause>) {
    let (class, before) = (input.class, items.len());
    let format = format(workspace, spec, path);
    let file = files.add_data(input.path.as_str(), format.as_ref().map_or(Marks::Text, |format| format.marks()));
    let mut reader = LayerReader {
        fields: FieldReader::new(schema, class, &mapping(spec, schema, class)),
        file,
        class,
        filter: spec.filter.as_ref().map(FilterState::new),
        pending: Vec::new(),
        first: before as u32,
        ids,
        count: 0,
        issues: Issues::default(),
    };
    let source = Source {
        workspace,
        path,
        layer: spec.inner.as_deref(),
        encoding: spec.encoding.as_ref().map(|encoding| encoding.value.as_str()),
    };
    let read = format.and_then(|format| {
        input.sha256 = workspace.sha256(path).map_err(|error| error.cause)?;
        formats::read(format, &source, &mut |feature| reader.feature(&feature)).map(|rest| (format, rest))
    });
    let issues = read.map(|(format, rest)| {
        input.encoding = rest.encoding;
        reader.finish(format, spec, schema, target, rest, input, items)
    });
    input.features = items.len() - before;
    (file, issues)
}

/// Returns the format of a file.
pub(super) fn format(workspace: &Workspace, spec: &LayerSpec, path: &Path) -> Result<Format, Cause> {
    let head = workspace.head(path, HEAD).map_err(|error| error.cause)?;
    Format::of(path, &head, spec.format.as_ref().map(|format| format.value.as_str()))
}

pub(super) fn mapping(spec: &LayerSpec, schema: &Schema, class: ClassId) -> Vec<(FieldId, String)> {
    let fields = spec.fields.iter();
    fields.filter_map(|(field, name)| Some((schema.class(class).field(&field.value)?, name.value.clone()))).collect()
}

struct LayerReader<'s, 'f> {
    fields: FieldReader<'s>,
    file: FileId,
    class: ClassId,
    filter: Option<FilterState<'f>>,
    pending: Vec<Pending>,
    /// The number that the file's first feature gets.
    first: u32,
    /// The ids given away, and how often each was asked for.
    ids: &'f mut FxHashMap<Arc<str>, u32>,
    /// Features met, taken or not.
    count: u32,
    issues: Issues,
}

impl LayerReader<'_, '_> {
    /// Settles what waited for the whole file, and stores its features.
    #[expect(clippy::too_many_arguments, reason = "what a file says and what it is read into")]
    fn finish(
        mut self,
        format: Format,
        spec: &LayerSpec,
        schema: &Schema,
        target: Crs,
        rest: Rest,
        input: &mut InputInfo,
        items: &mut Items,
    ) -> Issues {
        let lossy = rest.lossy;
        let stated = stated(spec, rest.crs);
        for remark in rest.remarks {
            let place = self.place_of(remark.location);
            self.tell(remark.code, remark.severity, remark.text, place);
        }
        let filtered = self.say_filter();
        let place = Place::file(self.file);
        if format == Format::GeoJson && matches!(stated, Stated::ByFile(_)) {
            let text = text!(
                en: "the file states its coordinate system in a `crs` member, as GeoJSON did before 2016: it was followed",
                zh: "文件以 2016 年以前 GeoJSON 的 crs 成员写明坐标系，已照此读取"
            );
            self.tell(&codes::LEGACY_CRS, Severity::Note, text, place);
        }
        let boxes: Vec<BoundingBox> = self
            .pending
            .iter()
            .filter_map(|feature| match &feature.geometry {
                PendingGeometry::Raw(raw) => raw.bounds(),
                PendingGeometry::None | PendingGeometry::Unusable => None,
            })
            .collect();
        let settled = settle(&stated, &boxes, target, place, self.class, &mut self.issues);
        input.crs = settled.crs.map(Crs::epsg);
        let class = schema.class(self.class);
        let kind = if items.is_empty() { self.kind() } else { items.store().kind() };
        if items.is_empty() {
            let complete = items.complete;
            *items = Items::supplied(class, kind);
            items.complete = complete;
        }
        items.complete &= !lossy && filtered;
        let mut issues = self.issues;
        let mut pending = self.pending.into_iter();
        loop {
            let batch: Vec<Pending> = pending.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                break;
            }
            // Shapes are checked side by side; what comes of it is put together in the order of the file.
            let first = items.len() as u32;
            let shaped: Vec<_> = batch
                .into_par_iter()
                .enumerate()
                .map(|(at, feature)| {
                    feature.shaped(ItemRef { class: self.class, index: first + at as u32 }, kind, &settled)
                })
                .collect();
            for Shaped { id, place, values, state, shape, issues: found } in shaped {
                items.push(id, place, None, values, state, shape.as_ref().map(|shape| shape.view()));
                found.into_iter().for_each(|found| issues.push(found));
            }
        }
        self.fields.finish(place, &mut issues);
        issues
    }

    /// Takes a feature: reads its values now, and keeps its coordinates until the file's system is settled.
    fn feature(&mut self, feature: &RawFeature<'_>) {
        let number = self.count;
        self.count += 1;
        if let Some(filter) = &mut self.filter
            && !filter.takes(feature.properties)
        {
            return;
        }
        let place = self.place_of(feature.location);
        let locate = feature.locate;
        let at = At { place, item: self.next(), locate };
        let assigned = self.fields.assign(feature.properties);
        let repeated = repeated_keys(feature.properties);
        let id_field = self.fields.class.field("id").map(|field| field.0 as usize);
        let id_property = id_field.and_then(|field| assigned[field]).map(|at| &feature.properties[at]);
        let id_member = feature.id.as_ref().map(|id| (Node::scalar("id", id.start, id.start), id.clone()));
        let own = id_property.filter(|(_, value)| !value.is_blank()).or(id_member.as_ref());
        let id = self.unique(own.and_then(|(_, node)| id_text(node)), number, place);
        let mut values = Vec::with_capacity(assigned.len());
        for (field, slot) in assigned.into_iter().enumerate() {
            let mut property = slot.map(|at| &feature.properties[at]);
            if Some(field) == id_field && property.is_none_or(|(_, value)| value.is_blank()) {
                property = id_member.as_ref();
            }
            let ambiguous = slot.is_some_and(|at| repeated.contains(&at));
            values.push(match property {
                Some((_, node)) if ambiguous => Value::Unreadable(self.fields.converter.intern(&node.shown())),
                property => self.fields.value(field, property, &id, &at, &mut self.issues),
            });
        }
        self.fields.count_item();
        for &at in &repeated {
            let (key, node) = &feature.properties[at];
            let (name, location) = (key.shown(), locate(node.start));
            let text = text!(
                en: "the property `{name}` stands twice in `{id}`, and which one counts cannot be known",
                zh: "“{id}”中属性“{name}”重复，无法判断以哪个为准"
            );
            let place = self.place_of(location);
            let found = issue(&codes::DUPLICATE_KEY, Severity::Error, text, place);
            let field = Some(key.shown().into());
            self.issues.push(Issue {
                class: Some(self.class),
                item: Some(id.clone()),
                item_ref: Some(self.next()),
                field,
                ..found
            });
        }
        let geometry = self.geometry(feature, place, &id);
        self.pending.push(Pending { id, place, values, geometry });
    }

    fn geometry(&mut self, feature: &RawFeature<'_>, place: Place, id: &Arc<str>) -> PendingGeometry {
        let owner = Owner { place, item: self.next(), id };
        match &feature.geometry {
            RawGeometry::Shape => PendingGeometry::Raw(feature.shape.clone()),
            RawGeometry::None => {
                let text = text!(en: "`{id}` has no coordinates", zh: "“{id}”没有坐标");
                self.issues.push(owner.issue(&codes::MISSING_GEOMETRY, Severity::Error, text, None));
                PendingGeometry::None
            }
            RawGeometry::Collection(start) => {
                let text = text!(
                    en: "the geometry of `{id}` is a collection; make it one feature for each kind",
                    zh: "“{id}”的几何是几何集合；请按类型拆分为多个要素"
                );
                let found = owner.issue(&codes::GEOMETRY_COLLECTION, Severity::Error, text, None);
                self.issues.push(Issue { place: self.place_of((feature.locate)(*start)), ..found });
                PendingGeometry::Unusable
            }
            RawGeometry::Bad(text, start) => {
                let found = owner.issue(&codes::BAD_COORDINATES, Severity::Error, text.clone(), None);
                self.issues.push(Issue { place: self.place_of((feature.locate)(*start)), ..found });
                PendingGeometry::Unusable
            }
        }
    }

    /// Returns the id that findings name: the feature's own, `~2` … behind it where it repeats, its number where it has none.
    fn unique(&mut self, own: Option<String>, number: u32, place: Place) -> Arc<str> {
        let Some(own) = own else {
            return self.give_away(format!("#{}", self.first + number + 1));
        };
        if !self.ids.contains_key(own.as_str()) {
            return self.give_away(own);
        }
        let text = text!(en: "the id `{own}` stands here a second time", zh: "标识码“{own}”重复");
        let found = issue(&codes::DUPLICATE_ID, Severity::Error, text, place);
        let id = self.give_away(own);
        self.issues.push(Issue {
            class: Some(self.class),
            item: Some(id.clone()),
            item_ref: Some(self.next()),
            ..found
        });
        id
    }

    /// Returns the number that the feature at hand gets.
    fn next(&self) -> ItemRef {
        ItemRef { class: self.class, index: self.first + self.pending.len() as u32 }
    }

    fn give_away(&mut self, wanted: String) -> Arc<str> {
        unique_id(self.ids, wanted)
    }

    /// Says what of the `where` could not be decided; tells whether every feature was.
    fn say_filter(&mut self) -> bool {
        let Some(filter) = self.filter.take() else { return true };
        let place = Place::file(self.file);
        let any = self.count > 0;
        for (field, _) in filter.named.iter().filter(|(_, found)| !found && any) {
            let text = text!(
                en: "no feature has the property `{field}` that `where` names",
                zh: "没有要素具有 where 条件所用的属性“{field}”"
            );
            self.tell(&codes::FILTER_FIELD, Severity::Error, text, place);
        }
        if filter.unknown > 0 {
            let count = filter.unknown;
            let text = text!(
                en: "{count} features were left out because a property that `where` names is missing",
                zh: "{count} 个要素因缺少 where 条件所用属性而略去"
            );
            self.tell(&codes::FILTER_UNKNOWN, Severity::Warning, text, place);
        }
        filter.unknown == 0
    }

    fn tell(&mut self, code: &'static Code, severity: Severity, text: Text, place: Place) {
        self.issues.push(Issue { class: Some(self.class), ..issue(code, severity, text, place) });
    }

    fn place_of(&self, location: Location) -> Place {
        Place { file: self.file, line: location.line, column: location.column }
    }

    /// Returns what the layer's shapes are made of: as declared, else as most of the features are, polygons first.
    fn kind(&self) -> Kind {
        if let ClassKind::Layer(Some(kind)) = self.fields.class.kind {
            return kind;
        }
        let count = |kind: Kind| {
            let fits = |one: &&Pending| matches!(&one.geometry, PendingGeometry::Raw(raw) if raw.kind() == kind);
            self.pending.iter().filter(fits).count()
        };
        let kinds = [Kind::Point, Kind::Line, Kind::Polygon];
        kinds.into_iter().max_by_key(|&kind| count(kind)).unwrap_or(Kind::Polygon)
    }
}

/// Returns the positions of properties whose key stands more than once.
fn repeated_keys(properties: &[(Node<'_>, Node<'_>)]) -> Vec<usize> {
    let few = properties.len() <= 32;
    let repeats = |at: usize| properties[..at].iter().any(|(key, _)| key.text() == properties[at].0.text());
    if few && !(0..properties.len()).any(repeats) {
        return Vec::new();
    }
    let mut order: Vec<usize> = (0..properties.len()).collect();
    order.sort_by(|&a, &b| properties[a].0.text().cmp(&properties[b].0.text()));
    let same = |pair: &[usize]| properties[pair[0]].0.text() == properties[pair[1]].0.text();
    let mut found: Vec<usize> = order.windows(2).filter(|pair| same(pair)).flatten().copied().collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns what states the coordinate system: the manifest, else the file.
pub(super) fn stated(spec: &LayerSpec, file: Option<String>) -> Stated {
    match (&spec.crs, file) {
        (Some(crs), _) => Stated::ByManifest(crs.value.clone()),
        (None, Some(crs)) => Stated::ByFile(crs),
        (None, None) => Stated::Nothing,
    }
}

pub(super) fn kind_name(kind: Kind) -> Text {
    match kind {
        Kind::Point => Text::new("points", "点"),
        Kind::Line => Text::new("lines", "线"),
        Kind::Polygon => Text::new("polygons", "面"),
    }
}
