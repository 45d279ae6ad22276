//! One layer of a submission: from a file to typed features with valid shapes.
//!
//! Never fails: a file that cannot be read leaves the layer unsupplied, one that breaks off leaves it incomplete, and an issue
//! says why.

use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;

use super::error::{Cause, ReadError};
use super::features::LayerReader;
use super::fields::{field_names, is_wanted};
use super::formats::{self, Format, Source};
use super::ids::Ids;
use super::issues::{Issues, issue};
use super::manifest::LayerSpec;
use super::shapes::Stated;
use super::workspace::Workspace;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Severity, Text};
use crate::geometry::crs::Crs;
use crate::model::{ClassId, FieldId, Issue, Items, Schema};
use crate::source::{FileId, Files, Marks, Place};
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
    /// Of that, bringing shapes into the submission's coordinate system: of all threads, added up.
    pub projection: u64,
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
    let mut ids = Ids::default();
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
    read.items.shrink();
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
    ids: &mut Ids,
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
    let names = field_names(schema, class, &mapping(spec, schema, class), format.id_property());
    let filtered = |name: &str| {
        let mut named = false;
        let fields = |field: &str| named |= field.eq_ignore_ascii_case(name);
        spec.filter.as_ref().inspect(|filter| filter.fields(&mut { fields }));
        named
    };
    let wanted = |name: &str| is_wanted(&names, name) || filtered(name);
    source.wanted = Some(&wanted);
    loop {
        let filter = spec.filter.as_ref();
        let mut reader = LayerReader::new(schema, (class, found.file), names.clone(), filter, items, ids);
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
                *ids = Ids::of(items);
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

/// Returns what states the coordinate system: the manifest, else the file.
pub(super) fn stated(spec: &LayerSpec, file: Option<String>) -> Stated {
    match (&spec.crs, file) {
        (Some(crs), _) => Stated::ByManifest(crs.value.clone()),
        (None, Some(crs)) => Stated::ByFile(crs),
        (None, None) => Stated::Nothing,
    }
}
