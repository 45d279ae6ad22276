//! What a folder of files may be: which file is which layer, which table or document which record.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use super::{pieces, stem, survey};
use crate::diagnostic::Text;
use crate::geometry::BoundingBox;
use crate::io::csv::parse_csv;
use crate::io::error::{Cause, ReadError};
use crate::io::fields::{own_names, rank};
use crate::io::formats::{self, shape_column};
use crate::io::limits::{GLOB_FILES, NESTING_DEPTH, TEXT_BYTES};
use crate::io::node::{Data, Node};
use crate::io::rows::owner;
use crate::io::sheet::{is_sheet, sheets};
use crate::io::workspace::Workspace;
use crate::io::yaml::parse_yaml;
use crate::model::{ClassId, ClassKind, ClassMatch, SUBMISSION, Schema};
use crate::source::FileId;
use crate::text;

/// What a folder holds.
#[derive(Debug, Clone, Default)]
pub struct FolderView {
    /// Files that are taken as layers, in the order of the schema.
    pub layers: Vec<LayerGuess>,
    /// Files that are taken as records, in the order of the schema.
    pub records: Vec<RecordGuess>,
    /// Files that are not taken: what is like a layer that another file is taken for already, with that layer, and what is like none.
    pub spare: Vec<(String, Option<ClassId>)>,
    /// Files that look like data and cannot be read, with the reason.
    pub unread: Vec<(String, Text)>,
    /// County codes in the data, the most frequent first.
    pub regions: Vec<String>,
}

/// A file and the layer that it may be.
#[derive(Debug, Clone)]
pub struct LayerGuess {
    /// The path inside the folder, with the layer inside the file behind `#`.
    pub path: String,
    /// The layer.
    pub likeness: ClassMatch,
    /// The EPSG code of its coordinate system, as stated or as its coordinates tell.
    pub crs: Option<u32>,
    /// Whether the file states it.
    pub crs_stated: bool,
    /// The box around its coordinates, as they were read.
    pub bounds: Option<BoundingBox>,
    /// How many files the path names: more than one where it is a pattern for pieces of the layer.
    pub files: usize,
    /// How many files that are called as the layer are not taken.
    pub rivals: usize,
}

/// A file, or several by a pattern, and the kind of record in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordGuess {
    /// The path, pattern or sheet.
    pub path: String,
    /// The kind of record.
    pub class: ClassId,
}

/// The extensions of files that hold features.
const FEATURES: [&str; 24] = [
    "geojson",
    "json",
    "geojsonl",
    "geojsons",
    "ndjson",
    "shp",
    "zip",
    "shz",
    "gpkg",
    "fgb",
    "parquet",
    "geoparquet",
    "txt",
    "gdb",
    "dxf",
    "dwg",
    "kml",
    "kmz",
    "gml",
    "mif",
    "tab",
    "mdb",
    "vct",
    "xls",
];
/// The extensions of files that hold records.
const RECORDS: [&str; 4] = ["yaml", "yml", "csv", "xlsx"];
/// Names of fields that hold an administrative code.
const REGION_FIELDS: [&str; 3] = ["XZQDM", "region", "行政区代码"];

/// Looks at every file below a folder and guesses what it is; hidden ones, results in `out` and rule packs are passed over.
///
/// # Errors
/// If the folder cannot be read.
pub fn survey_folder(workspace: &Workspace, schema: &Schema) -> Result<FolderView, ReadError> {
    let mut view = FolderView::default();
    let mut regions: Vec<(String, u64)> = Vec::new();
    let mut guesses: Vec<Guess> = Vec::new();
    let mut features = Vec::new();
    for path in paths(workspace)? {
        let name = path.to_string_lossy().replace('\\', "/");
        let extension = path.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
        if RECORDS.contains(&&*extension) {
            match records(workspace, &path, &name, schema) {
                Ok(Some(found)) if found.is_empty() => view.spare.push((name, None)),
                Ok(Some(found)) => view.records.extend(found),
                Ok(None) => features.push((path, name)),
                Err(error) => view.unread.push((name, error.text())),
            }
        } else if FEATURES.contains(&&*extension) {
            features.push((path, name));
        }
    }
    for (path, name) in features {
        let layers = match formats::layers(workspace, &path) {
            Ok(layers) => layers,
            Err(error) => {
                view.unread.push((name, error.text()));
                continue;
            }
        };
        for layer in layers {
            let path = path.as_path();
            let name = layer.as_ref().map_or(name.clone(), |layer| format!("{name}#{layer}"));
            match survey(workspace, path, layer.as_deref(), None, schema) {
                Ok((found, _)) if found.features > 0 => {
                    for field in found.fields.iter().filter(|field| REGION_FIELDS.contains(&&*field.name)) {
                        let codes = field.samples.iter().filter_map(|code| code.get(..6));
                        let codes = codes.filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()));
                        codes.for_each(|code| count(&mut regions, code, field.filled));
                    }
                    guesses.push(Guess {
                        path: name,
                        likely: found.matches,
                        crs: found.crs.as_ref().map(|(code, _)| *code),
                        crs_stated: found.stated_crs.is_some(),
                        bounds: found.bounds,
                    });
                }
                Ok((_, fault)) => {
                    let none = || text!(en: "there are no features in it", zh: "其中没有要素");
                    view.unread.push((name, fault.unwrap_or_else(none)));
                }
                Err(error) => view.unread.push((name, error.text())),
            }
        }
    }
    let expand = |pattern: &str| workspace.expand(pattern).unwrap_or_default();
    assign(guesses, &mut view, &expand);
    view.records = grouped(std::mem::take(&mut view.records), &expand);
    view.unread.sort_by(|a, b| a.0.cmp(&b.0));
    regions.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    view.regions = regions.into_iter().map(|(code, _)| code).collect();
    Ok(view)
}

fn count(regions: &mut Vec<(String, u64)>, code: &str, filled: u64) {
    match regions.iter_mut().find(|(known, _)| known == code) {
        Some((_, times)) => *times += filled,
        None => regions.push((code.to_owned(), filled)),
    }
}

/// A file and the layers that it may be, the likeliest first.
struct Guess {
    path: String,
    likely: Vec<ClassMatch>,
    crs: Option<u32>,
    crs_stated: bool,
    bounds: Option<BoundingBox>,
}

impl Guess {
    /// Returns the layer that it is called as.
    fn called(&self) -> Option<ClassId> {
        self.likely.first().filter(|best| best.by_name).map(|best| best.class)
    }

    /// Returns the name of the file, or of the layer inside it.
    fn name(&self) -> &str {
        self.path.rsplit(['/', '#']).next().unwrap_or(&self.path)
    }

    /// Tells whether another file may be a piece of the same layer, by name and place.
    fn is_beside(&self, other: &Guess) -> bool {
        let same_ground = match (self.bounds, other.bounds) {
            (Some(one), Some(other_box)) if self.crs == other.crs => pieces::is_same_ground(&one, &other_box),
            _ => false,
        };
        let fields = |guess: &Guess| guess.likely.first().map(|best| best.lacking.len());
        self.called().is_some()
            && self.called() == other.called()
            && fields(self) == fields(other)
            && pieces::year(self.name()) == pieces::year(other.name())
            && !same_ground
            && pieces::pattern(&[&self.path, &other.path]).is_some()
    }
}

/// Gives each layer one file, or the pieces of it: files that are called as a layer choose first, the shortest name before the others and
/// the latest year before earlier ones. `expand` tells which files a pattern names.
fn assign(mut guesses: Vec<Guess>, view: &mut FolderView, expand: &dyn Fn(&str) -> Vec<PathBuf>) {
    guesses.sort_by_key(|guess| {
        let (best, name, year) = (guess.likely.first(), guess.name(), pieces::year(guess.name()));
        let letters = name.chars().filter(|one| !one.is_ascii_digit()).count();
        (
            !best.is_some_and(|best| best.by_name),
            best.map_or(usize::MAX, |best| best.lacking.len()),
            (letters, year.is_some(), Reverse(year), name.chars().count()),
            guess.path.clone(),
        )
    });
    let mut left = VecDeque::from(guesses);
    let mut rivals = Vec::new();
    while let Some(guess) = left.pop_front() {
        let taken = |one: &ClassMatch| view.layers.iter().any(|layer| layer.likeness.class == one.class);
        // What is called as one layer is no other only because that one is taken.
        let free = guess.likely.iter().find(|one| !taken(one)).filter(|free| free.by_name || guess.called().is_none());
        let Some(likeness) = free.cloned() else {
            rivals.extend(guess.called());
            view.spare.push((guess.path, guess.likely.first().map(|one| one.class)));
            continue;
        };
        let mut all: Vec<&str> = left.iter().filter(|other| guess.is_beside(other)).map(|one| &*one.path).collect();
        all.push(&guess.path);
        all.sort_unstable();
        let named = |pattern: &String| expand(pattern).iter().map(PathBuf::as_path).eq(all.iter().map(Path::new));
        let pattern = pieces::pattern(&all).filter(named);
        let files = if pattern.is_some() { all.len() } else { 1 };
        let path = match pattern {
            Some(pattern) => {
                let all: Vec<String> = all.into_iter().map(str::to_owned).collect();
                left.retain(|other| !all.contains(&other.path));
                pattern
            }
            None => guess.path,
        };
        let Guess { crs, crs_stated, bounds, .. } = guess;
        view.layers.push(LayerGuess { path, likeness, crs, crs_stated, bounds, files, rivals: 0 });
    }
    for layer in &mut view.layers {
        layer.rivals = rivals.iter().filter(|class| **class == layer.likeness.class).count();
    }
    view.layers.sort_by_key(|layer| layer.likeness.class);
    view.spare.sort();
}

/// Returns the files below the folder in order.
fn paths(workspace: &Workspace) -> Result<Vec<PathBuf>, ReadError> {
    let (mut found, mut open) = (Vec::new(), vec![(PathBuf::new(), 0)]);
    while let Some((folder, depth)) = open.pop() {
        let system = |error| ReadError::system(&folder, error);
        let entries = std::fs::read_dir(workspace.root().join(&folder)).map_err(system)?;
        let mut entries: Vec<_> = entries.collect::<Result<_, _>>().map_err(system)?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        // A folder with a pack.yaml is a rule pack; one that ends in .gdb is one file to people.
        if depth > 0 && entries.iter().any(|entry| entry.file_name() == "pack.yaml") {
            continue;
        }
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let inside = folder.join(entry.file_name());
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let geodatabase = name.to_lowercase().ends_with(".gdb");
            if name.starts_with('.') || name == "guiju.yaml" || (depth == 0 && name == "out") {
                continue;
            }
            if is_folder && !geodatabase {
                if depth < NESTING_DEPTH {
                    open.push((inside, depth + 1));
                }
            } else if found.len() < GLOB_FILES {
                found.push(inside);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Guesses the kinds of record in a file: one a sheet for a workbook. `None` for a table whose rows have shapes.
fn records(
    workspace: &Workspace,
    path: &Path,
    name: &str,
    schema: &Schema,
) -> Result<Option<Vec<RecordGuess>>, ReadError> {
    let failed = |cause| ReadError::new(path, cause);
    if is_sheet(name) {
        let bytes = workspace.read(path, Some(TEXT_BYTES))?.bytes;
        let sheets = sheets(bytes).map_err(failed)?;
        let guesses = sheets.iter().filter_map(|(sheet, rows)| {
            let best = rows.iter().filter_map(|row| likeliest(row.iter().map(String::as_str), sheet, schema));
            let (_, class) = best.max_by_key(|(known, class)| (*known, Reverse(*class)))?;
            Some(RecordGuess { path: format!("{name}#{sheet}"), class })
        });
        return Ok(Some(guesses.collect()));
    }
    let text = workspace.read_text(path, None)?.decoded.text;
    if name.to_lowercase().ends_with(".csv") {
        let (table, _) = parse_csv(FileId(0), &text);
        let header = table.header.iter().map(|(name, _)| name.as_str());
        if shape_column(header.clone()).is_some() {
            return Ok(None);
        }
        let found = likeliest(header, stem(name, None), schema);
        return Ok(Some(found.map(|(_, class)| RecordGuess { path: name.to_owned(), class }).into_iter().collect()));
    }
    let documents = parse_yaml(&text).map_err(|error| {
        let (Text { en, zh }, line) = (error.text, text[..error.start].matches('\n').count() + 1);
        failed(Cause::Broken(text!(en: "line {line}: {en}", zh: "第 {line} 行：{zh}")))
    })?;
    let first = documents.first().and_then(|document| match &document.data {
        Data::List(items) => items.first(),
        Data::Map(_) => Some(document),
        Data::Null | Data::Scalar(_) => None,
    });
    let keys = first.map(Node::entries).unwrap_or_default().iter().filter_map(|(key, _)| key.text());
    let folder = Path::new(name).parent().and_then(Path::file_name).map(|folder| folder.to_string_lossy().into_owned());
    let file = stem(name, None);
    let called = if schema.find_class(file.trim_end_matches('s')).is_some() {
        file.to_owned()
    } else {
        folder.unwrap_or_default()
    };
    let found = likeliest(keys, &called, schema);
    Ok(Some(found.map(|(_, class)| RecordGuess { path: name.to_owned(), class }).into_iter().collect()))
}

/// Returns the kind of record that has most of these names, and how many; at least two, and half of them. One that is `called` so wins.
fn likeliest<'n>(
    names: impl Iterator<Item = &'n str> + Clone,
    called: &str,
    schema: &Schema,
) -> Option<(usize, ClassId)> {
    let all = names.clone().filter(|name| !name.trim().is_empty()).count();
    let kinds =
        schema.class_ids().filter(|&class| class != SUBMISSION && schema.class(class).kind == ClassKind::Record);
    kinds
        .filter_map(|class| {
            let declared = schema.class(class);
            let is_known = |name: &str| {
                let name: String = name.split_whitespace().collect();
                let bare = name.split(['(', '（']).next().unwrap_or(&name);
                declared.fields.iter().any(|field| rank(&own_names(field), bare).is_some())
                    || owner(bare, class, schema).is_some()
            };
            let known = names.clone().filter(|name| is_known(name)).count();
            let named = declared.names.answers_to(called) || declared.names.answers_to(called.trim_end_matches('s'));
            (known >= 2 && 2 * known >= all).then_some((known + usize::from(named) * 100, class))
        })
        .max_by_key(|(known, class)| (*known, Reverse(*class)))
}

/// Puts several files of one kind in one folder together as a pattern; `expand` tells which files it names.
fn grouped(records: Vec<RecordGuess>, expand: &dyn Fn(&str) -> Vec<PathBuf>) -> Vec<RecordGuess> {
    let pattern = |path: &str| -> Option<String> {
        let (folder, file) = path.rsplit_once('/')?;
        let (_, extension) = file.rsplit_once('.')?;
        (!path.contains('#')).then(|| format!("{}/*.{extension}", pieces::literal(folder)))
    };
    let mut groups: BTreeMap<Option<String>, Vec<RecordGuess>> = BTreeMap::new();
    for record in records {
        groups.entry(pattern(&record.path)).or_default().push(record);
    }
    let mut found: Vec<RecordGuess> = Vec::new();
    for (pattern, like) in groups {
        let is_whole = |pattern: &String| {
            let same = like.len() > 1 && like.iter().all(|other| other.class == like[0].class);
            same && expand(pattern).len() == like.len()
        };
        match pattern.filter(is_whole) {
            Some(path) => found.push(RecordGuess { path, class: like[0].class }),
            None => found.extend(like),
        }
    }
    found.sort_by(|a, b| a.class.cmp(&b.class).then(a.path.cmp(&b.path)));
    found
}
