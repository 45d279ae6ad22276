//! One layer of a submission: from a file to typed features with valid shapes.
//!
//! Never fails: a file that cannot be read leaves the layer unsupplied, one that breaks off leaves it incomplete, and an issue
//! says why.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::error::{Cause, ReadError};
use super::fields::{At, FieldReader, id_text, wanted};
use super::filter::FilterState;
use super::formats::{self, Format, RawFeature, RawGeometry, Rest, Source};
use super::ids::unique_id;
use super::issues::{Issues, issue};
use super::manifest::LayerSpec;
use super::node::Node;
use super::settling::{Read, settle_shapes};
use super::shapes::{ANYWHERE, Owner, Stated, settle};
use super::workspace::Workspace;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Code, Severity, Text};
use crate::geometry::crs::Crs;
use crate::geometry::{BoundingBox, Kind, ShapeRef};
use crate::model::{ClassId, ClassKind, FieldId, GeometryState, Issue, ItemRef, Items, Schema, Type, Value};
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
    /// What reading it cost.
    pub cost: ReadCost,
}

/// What reading a file cost, in nanoseconds by the clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReadCost {
    /// How many bytes were read.
    pub bytes: u64,
    /// From bytes to values and coordinates.
    pub read: u64,
    /// From coordinates to valid shapes in the submission's coordinate system.
    pub shapes: u64,
}

impl InputInfo {
    /// Returns what is known of a file before it is read.
    pub(super) fn of(path: String, class: ClassId) -> Self {
        let (sha256, cost) = (String::new(), ReadCost::default());
        InputInfo { path, class, sha256, features: 0, crs: None, issues: 0, encoding: "", cost }
    }
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

/// A layer of the manifest and the files it is read from.
struct Opened<'m> {
    spec: &'m LayerSpec,
    class: ClassId,
    files: Vec<Found>,
    /// Why there are none.
    issues: Vec<Issue>,
}

/// One file of a layer.
struct Found {
    path: PathBuf,
    name: String,
    file: FileId,
    format: Result<Format, Cause>,
}

/// Reads layers side by side into the coordinate system `target`; gives them in their order. The path of one may be a pattern: the files
/// that match it, sorted, are one layer. Each file is added to `files` by name. `done` is told which layer was read.
pub fn read_layers(
    workspace: &Workspace,
    specs: &[(&LayerSpec, ClassId)],
    schema: &Schema,
    target: Crs,
    files: &mut Files,
    done: &(dyn Fn(&LayerSpec) + Sync),
) -> Vec<LayerRead> {
    let opened: Vec<Opened<'_>> = specs.iter().map(|(spec, class)| open(workspace, spec, *class, files)).collect();
    let read = |opened: &Opened<'_>| {
        let read = read_layer(workspace, opened, schema, target);
        done(opened.spec);
        read
    };
    opened.par_iter().with_max_len(1).map(read).collect()
}

fn unreadable(class: ClassId, text: Text, place: Place) -> Issue {
    Issue { class: Some(class), ..issue(&codes::UNREADABLE_FILE, Severity::Error, text, place) }
}

/// Finds the files of a layer and gives them their numbers.
fn open<'m>(workspace: &Workspace, spec: &'m LayerSpec, class: ClassId, files: &mut Files) -> Opened<'m> {
    let mut opened = Opened { spec, class, files: Vec::new(), issues: Vec::new() };
    let pattern = &spec.path.value;
    let paths = match workspace.expand(pattern) {
        Ok(paths) => paths,
        Err(error) => {
            let place = Place::file(files.add_name(pattern.as_str()));
            opened.issues.push(unreadable(class, error.text(), place));
            return opened;
        }
    };
    if paths.is_empty() {
        let text = text!(en: "no file matches `{pattern}`", zh: "没有文件匹配“{pattern}”");
        opened.issues.push(unreadable(class, text, Place::file(files.add_name(pattern.as_str()))));
    }
    for path in paths {
        let name = path.to_string_lossy().replace('\\', "/");
        let format = format(workspace, spec, &path);
        let file = files.add_data(name.as_str(), format.as_ref().map_or(Marks::Text, |format| format.marks()));
        opened.files.push(Found { path, name, file, format });
    }
    opened
}

fn read_layer(workspace: &Workspace, opened: &Opened<'_>, schema: &Schema, target: Crs) -> LayerRead {
    let class = opened.class;
    let issues = opened.issues.clone();
    let mut read = LayerRead { items: Items::unsupplied(schema.class(class)), issues, inputs: Vec::new() };
    let mut ids = FxHashMap::default();
    let mut lost = false;
    for found in &opened.files {
        let name = found.name.clone();
        let mut input = InputInfo::of(name, class);
        match read_file(workspace, opened.spec, schema, target, found, &mut input, &mut read.items, &mut ids) {
            Ok(issues) => {
                input.issues = issues.count();
                read.issues.extend(issues.finish());
            }
            Err(cause) => {
                lost = true;
                input.issues = 1;
                let text = ReadError::new(&found.path, cause).text();
                read.issues.push(unreadable(class, text, Place::file(found.file)));
            }
        }
        read.inputs.push(input);
    }
    read.items.complete &= !lost;
    read.items.store_mut().shrink();
    read
}

/// Reads one file of a layer onto the end of `items`; `ids` are those given away so far.
#[expect(clippy::too_many_arguments, reason = "what a file is read with and what it is read into")]
fn read_file(
    workspace: &Workspace,
    spec: &LayerSpec,
    schema: &Schema,
    target: Crs,
    found: &Found,
    input: &mut InputInfo,
    items: &mut Items,
    ids: &mut FxHashMap<Arc<str>, u32>,
) -> Result<Issues, Cause> {
    let (class, before) = (input.class, items.len());
    let format = found.format.clone()?;
    let mut source = Source {
        workspace,
        path: &found.path,
        layer: spec.inner.as_deref(),
        encoding: spec.encoding.as_ref().map(|encoding| encoding.value.as_str()),
        assumed: None,
        wanted: None,
    };
    let mapping = mapping(spec, schema, class);
    let served = wanted(schema, class, &mapping);
    let filtered = |name: &str| {
        let mut named = false;
        let fields = |field: &str| named |= field.eq_ignore_ascii_case(name);
        spec.filter.as_ref().inspect(|filter| filter.fields(&mut { fields }));
        named
    };
    let wanted = |name: &str| served(name) || filtered(name);
    source.wanted = Some(&wanted);
    loop {
        let mut reader = LayerReader {
            fields: FieldReader::new(schema, class, &mapping),
            file: found.file,
            class,
            filter: spec.filter.as_ref().map(FilterState::new),
            first: before,
            kinds: Vec::new(),
            values: Vec::new(),
            items: &mut *items,
            ids: &mut *ids,
            count: 0,
            issues: Issues::default(),
        };
        let started = Instant::now();
        match formats::read(format, &source, &mut |feature| reader.feature(&feature)) {
            Ok(mut rest) => {
                input.cost.read = started.elapsed().as_nanos() as u64;
                input.encoding = rest.encoding;
                input.sha256 = match rest.sha256.take() {
                    Some(sha256) => sha256,
                    None => workspace.sha256(&found.path).map_err(|error| error.cause)?,
                };
                let started = Instant::now();
                let issues = reader.finish(format, spec, schema, target, rest, input);
                input.cost.shapes = started.elapsed().as_nanos() as u64;
                input.cost.bytes = workspace.size(&found.path).unwrap_or(0);
                input.features = items.len() - before;
                return Ok(issues);
            }
            Err(cause) => {
                items.truncate(before);
                ids.clear();
                ids.extend((0..before as u32).map(|item| (items.id(item).clone(), 1)));
                // What is not UTF-8 may show when features have been read already: then all is read anew.
                if let Err(cause) = source.assume(cause) {
                    input.sha256 = workspace.sha256(&found.path).unwrap_or_default();
                    return Err(cause);
                }
            }
        }
    }
}

/// Returns the format of a file.
pub(super) fn format(workspace: &Workspace, spec: &LayerSpec, path: &Path) -> Result<Format, Cause> {
    Format::detect(workspace, path, spec.format.as_ref().map(|format| format.value.as_str()))
}

pub(super) fn mapping(spec: &LayerSpec, schema: &Schema, class: ClassId) -> Vec<(FieldId, String)> {
    let fields = spec.fields.iter();
    fields.filter_map(|(field, name)| Some((schema.class(class).field(&field.value)?, name.value.clone()))).collect()
}

struct LayerReader<'s, 'f, 'i> {
    fields: FieldReader<'s>,
    file: FileId,
    class: ClassId,
    filter: Option<FilterState<'f>>,
    /// What the features are read onto the end of: their shapes as they stand in the file, until its coordinate system is settled.
    items: &'i mut Items,
    /// The number that the file's first feature gets.
    first: usize,
    /// What each of its features is made of.
    kinds: Vec<Kind>,
    /// The values of the feature at hand.
    values: Vec<Value>,
    /// The ids given away, and how often each was asked for.
    ids: &'i mut FxHashMap<Arc<str>, u32>,
    /// Features met, taken or not.
    count: u32,
    issues: Issues,
}

impl LayerReader<'_, '_, '_> {
    /// Settles what waited for the whole file, and stores its features.
    fn finish(
        mut self,
        format: Format,
        spec: &LayerSpec,
        schema: &Schema,
        target: Crs,
        rest: Rest,
        input: &mut InputInfo,
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
        let finite = |area: &BoundingBox| {
            !area.is_empty() && (area.max - area.min).x.is_finite() && (area.max - area.min).y.is_finite()
        };
        let bounds = (self.first..self.items.len()).map(|item| *self.items.store().bounds(item));
        let boxes: Vec<BoundingBox> = bounds.filter(finite).collect();
        let settled = settle(&stated, &boxes, target, place, self.class, &mut self.issues);
        input.crs = settled.crs.map(Crs::epsg);
        if self.first == 0 {
            let kind = self.kind(schema);
            self.items.set_kind(kind);
        }
        self.items.supplied = true;
        self.items.complete &= !lossy && filtered;
        let read = Read { class: self.class, first: self.first, kinds: &self.kinds };
        let mut issues = self.issues;
        settle_shapes(&read, settled, self.items, &mut issues);
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
        let item = self.next();
        let at = At { place, item, locate };
        let assigned = self.fields.assign(feature.properties);
        let id_field = self.fields.class.field("id").map(|field| field.0 as usize);
        let id_property = id_field.and_then(|field| assigned.slots[field]).map(|at| &feature.properties[at]);
        let id_member = feature.id.as_ref().map(|id| (Node::scalar("id", id.start, id.start), id.clone()));
        let own = id_property.filter(|(_, value)| !value.is_blank()).or(id_member.as_ref());
        let id = self.unique(own.and_then(|(_, node)| id_text(node)), number, place);
        let mut values = std::mem::take(&mut self.values);
        for (field, slot) in assigned.slots.iter().enumerate() {
            let mut property = slot.map(|at| &feature.properties[at]);
            if Some(field) == id_field && property.is_none_or(|(_, value)| value.is_blank()) {
                property = id_member.as_ref();
            }
            let ambiguous = slot.is_some_and(|at| assigned.repeated.contains(&at));
            values.push(match property {
                Some((_, node)) if ambiguous => Value::Unreadable(self.fields.converter.intern(&node.shown())),
                // Ids are all different: nothing is gained by looking for an equal one.
                Some((_, node)) if Some(field) == id_field && self.is_plain(field) && node.text() == Some(&*id) => {
                    Value::Text(id.clone())
                }
                property => self.fields.value(field, property, &id, &at, &mut self.issues),
            });
        }
        self.fields.count_item();
        for &at in &assigned.repeated {
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
                item_ref: Some(item),
                field,
                ..found
            });
        }
        let state = self.geometry(feature, place, &id);
        let shape: Option<ShapeRef<'_>> = (state == GeometryState::Valid).then(|| feature.shape.view());
        self.kinds.push(feature.shape.kind());
        self.items.push(id, place, None, values.drain(..), state, shape);
        self.values = values;
    }

    /// Tells whether a field takes any text as it is.
    fn is_plain(&self, field: usize) -> bool {
        let field = &self.fields.class.fields[field];
        field.ty == Type::Text && field.missing.is_empty()
    }

    /// Returns what is known of a feature's geometry: valid stands for coordinates that are yet to be checked.
    fn geometry(&mut self, feature: &RawFeature<'_>, place: Place, id: &Arc<str>) -> GeometryState {
        let owner = Owner { place, item: self.next(), id };
        match &feature.geometry {
            RawGeometry::Shape => GeometryState::Valid,
            RawGeometry::None => {
                let text = text!(en: "`{id}` has no coordinates", zh: "“{id}”没有坐标");
                self.issues.push(owner.issue(&codes::MISSING_GEOMETRY, Severity::Error, text, None));
                GeometryState::Missing
            }
            RawGeometry::Collection(start) => {
                let text = text!(
                    en: "the geometry of `{id}` is a collection; make it one feature for each kind",
                    zh: "“{id}”的几何是几何集合；请按类型拆分为多个要素"
                );
                let found = owner.issue(&codes::GEOMETRY_COLLECTION, Severity::Error, text, None);
                self.issues.push(Issue { place: self.place_of((feature.locate)(*start)), ..found });
                GeometryState::Invalid(ANYWHERE)
            }
            RawGeometry::Bad(text, start) => {
                let found = owner.issue(&codes::BAD_COORDINATES, Severity::Error, text.clone(), None);
                self.issues.push(Issue { place: self.place_of((feature.locate)(*start)), ..found });
                GeometryState::Invalid(ANYWHERE)
            }
        }
    }

    /// Returns the id that findings name: the feature's own, `~2` … behind it where it repeats, its number where it has none.
    fn unique(&mut self, own: Option<&str>, number: u32, place: Place) -> Arc<str> {
        let Some(own) = own else {
            return unique_id(self.ids, format!("#{}", self.first + number as usize + 1).into());
        };
        let id = unique_id(self.ids, own.into());
        if *id == *own {
            return id;
        }
        let text = text!(en: "the id `{own}` stands here a second time", zh: "标识码“{own}”重复");
        let found = issue(&codes::DUPLICATE_ID, Severity::Error, text, place);
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
        ItemRef { class: self.class, index: self.items.len() as u32 }
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
    fn kind(&self, schema: &Schema) -> Kind {
        if let ClassKind::Layer(Some(kind)) = schema.class(self.class).kind {
            return kind;
        }
        let count = |kind: Kind| {
            let fits =
                |(item, of): (u32, &Kind)| *of == kind && self.items.geometry_state(item) == GeometryState::Valid;
            (self.first as u32..).zip(&self.kinds).filter(|one| fits(*one)).count()
        };
        let kinds = [Kind::Point, Kind::Line, Kind::Polygon];
        kinds.into_iter().max_by_key(|&kind| count(kind)).unwrap_or(Kind::Polygon)
    }
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
