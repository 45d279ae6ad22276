//! Documents to records: YAML or JSON, one or many in a file, nested or not; and rows of CSV through the same door.
//!
//! A nested record becomes an item of its own kind that knows its parent; the field that holds it refers to it. Text where a
//! record may stand is an id, left dangling for `link` to resolve.

mod document;

use std::path::Path;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Severity, Text};
use crate::geometry::crs::Crs;
use crate::io::csv::{Cell, CsvTable, parse_csv};
use crate::io::error::ReadError;
use crate::io::fields::FieldReader;
use crate::io::ids::Ids;
use crate::io::issues::{Issues, issue};
use crate::io::layer::InputInfo;
use crate::io::limits::TEXT_BYTES;
use crate::io::manifest::{Manifest, RecordSource, RecordSpec};
use crate::io::node::{Data, Node};
use crate::io::rows::{Owner, move_units, owner, owner_column, take_others};
use crate::io::sheet::{is_sheet, read_sheet, split};
use crate::io::workspace::Workspace;
use crate::io::yaml::parse_yaml;
use crate::model::{ClassId, ClassKind, Dataset, Issue, ItemRef, Items, SUBMISSION, Schema, Type, Value};
use crate::source::{FileId, Files, Lines, Location, Marks, Place, Span};
use crate::text;

/// What was read besides the records themselves, which are in the dataset.
#[derive(Debug, Default)]
pub struct RecordsRead {
    /// What is wrong with them.
    pub issues: Vec<Issue>,
    /// The files.
    pub inputs: Vec<InputInfo>,
}

/// Reads the records that a manifest names into `dataset`; geometries in them are in `target` already.
pub fn read_records(
    workspace: &Workspace,
    specs: &[RecordSpec],
    manifest: FileId,
    schema: &Schema,
    target: Crs,
    files: &mut Files,
    dataset: &mut Dataset,
) -> RecordsRead {
    let mut reader = Reader::new(schema, target, dataset);
    let mut inputs = Vec::new();
    for spec in specs {
        let Some(class) = schema.find_class(&spec.name.value) else { continue };
        if class == SUBMISSION || schema.class(class).kind != ClassKind::Record {
            continue;
        }
        for source in &spec.sources {
            match source {
                RecordSource::Inline(node) => {
                    reader.supply(class);
                    let files: &Files = files;
                    let locate = |byte| files.location(Span::new(manifest, byte, byte));
                    reader.document(class, node, manifest, &locate);
                }
                RecordSource::Path(path) => match workspace.expand(split(&path.value).0) {
                    Ok(paths) => {
                        for one in &paths {
                            inputs.push(reader.file(workspace, class, one, split(&path.value).1, files));
                        }
                        if paths.is_empty() {
                            let pattern = &path.value;
                            let text = text!(en: "no file matches `{pattern}`", zh: "没有文件匹配“{pattern}”");
                            reader.unreadable(class, text, files.location(path.span), manifest);
                        }
                    }
                    Err(error) => reader.unreadable(class, error.text(), files.location(path.span), manifest),
                },
            }
        }
    }
    RecordsRead { issues: reader.finish(), inputs }
}

/// Reads the manifest's `submission` as the one record of its class, with the fields that packs add to it.
pub fn read_submission(
    manifest: &Manifest,
    schema: &Schema,
    target: Crs,
    files: &Files,
    dataset: &mut Dataset,
) -> Vec<Issue> {
    let mut reader = Reader::new(schema, target, dataset);
    reader.supply(SUBMISSION);
    let empty = Node { data: Data::Map(Vec::new()), start: 0, end: 0 };
    let node = manifest.submission.as_ref().unwrap_or(&empty);
    let locate = |byte| files.location(Span::new(manifest.file, byte, byte));
    reader.document(SUBMISSION, node, manifest.file, &locate);
    reader.finish()
}

/// Reads a table's rows from a file of the submission, in place of those that its pack brings.
pub fn read_table(
    workspace: &Workspace,
    path: &str,
    class: ClassId,
    schema: &Schema,
    target: Crs,
    files: &mut Files,
    dataset: &mut Dataset,
) -> Vec<Issue> {
    *dataset.items_mut(class) = Items::unsupplied(schema.class(class));
    let (name, sheet) = split(path);
    let mut reader = Reader::new(schema, target, dataset);
    reader.file(workspace, class, Path::new(name), sheet, files);
    reader.finish()
}

/// Reads the rows of a table into its class; a row's id is its cells joined with `+`.
pub fn read_rows(table: CsvTable, class: ClassId, schema: &Schema, target: Crs, dataset: &mut Dataset) -> Vec<Issue> {
    let mut reader = Reader::new(schema, target, dataset);
    reader.supply(class);
    reader.rows(table, class);
    reader.finish()
}

struct Reader<'s, 'd> {
    schema: &'s Schema,
    target: Crs,
    dataset: &'d mut Dataset,
    fields: Vec<Option<FieldReader<'s>>>,
    ids: Vec<Ids>,
    /// Rows that say by id which record they belong to.
    owned: Vec<Owned>,
    issues: Issues,
}

/// A row that says which record it belongs to.
struct Owned {
    row: ItemRef,
    owner: Owner,
    id: String,
    place: Place,
}

impl<'s, 'd> Reader<'s, 'd> {
    fn new(schema: &'s Schema, target: Crs, dataset: &'d mut Dataset) -> Self {
        let classes = schema.classes.len();
        Reader {
            schema,
            target,
            dataset,
            fields: (0..classes).map(|_| None).collect(),
            ids: (0..classes).map(|_| Ids::default()).collect(),
            owned: Vec::new(),
            issues: Issues::default(),
        }
    }

    fn finish(mut self) -> Vec<Issue> {
        self.give_to_owners();
        for fields in self.fields.into_iter().flatten() {
            fields.finish_items(&mut self.issues);
        }
        self.issues.finish()
    }

    /// Puts rows into the lists of the records that they name.
    fn give_to_owners(&mut self) {
        let mut known: FxHashMap<ClassId, FxHashMap<String, u32>> = FxHashMap::default();
        let mut lists: IndexMap<(Owner, u32), Vec<Value>, FxBuildHasher> = IndexMap::default();
        for Owned { row, owner, id, place } in std::mem::take(&mut self.owned) {
            let items = self.dataset.items(owner.class);
            let by_id = || (0..items.len() as u32).map(|index| (items.id(index).into_owned(), index)).collect();
            let Some(&index) = known.entry(owner.class).or_insert_with(by_id).get(&*id) else {
                let kind = self.schema.class(owner.class).names.shown();
                let text =
                    text!(en: "no {kind} `{id}`, to which this row would belong", zh: "没有{kind}“{id}”，该行无所归属");
                let found = issue(&codes::DANGLING_REFERENCE, Severity::Error, text, place);
                self.issues.push(Issue { class: Some(row.class), item_ref: Some(row), ..found });
                continue;
            };
            let list = lists.entry((owner, index)).or_insert_with(|| match items.value(index, owner.field) {
                Value::List(known) => known.to_vec(),
                _ => Vec::new(),
            });
            list.push(Value::Item(row));
            let parent = ItemRef { class: owner.class, index };
            self.dataset.items_mut(row.class).set_parent(row.index, parent);
        }
        for ((owner, index), list) in lists {
            self.dataset.items_mut(owner.class).set_value(index, owner.field, Value::List(list.into()));
        }
    }

    fn supply(&mut self, class: ClassId) {
        self.dataset.items_mut(class).supplied = true;
    }

    fn fields(&mut self, class: ClassId) -> &mut FieldReader<'s> {
        let schema = self.schema;
        self.fields[class.0 as usize].get_or_insert_with(|| FieldReader::of_records(schema, class))
    }

    /// A source that cannot be read leaves its class incomplete: there may be records in it.
    fn unreadable(&mut self, class: ClassId, text: Text, location: Location, file: FileId) {
        let place = Place { file, line: location.line, column: location.column };
        self.dataset.items_mut(class).complete = false;
        let found = issue(&codes::UNREADABLE_FILE, Severity::Error, text, place);
        self.issues.push(Issue { class: Some(class), ..found });
    }

    fn file(
        &mut self,
        workspace: &Workspace,
        class: ClassId,
        path: &Path,
        sheet: Option<&str>,
        files: &mut Files,
    ) -> InputInfo {
        let shown = path.to_string_lossy().into_owned();
        let marks = if is_sheet(&shown) { Marks::Cells } else { Marks::Text };
        let file = match sheet {
            Some(sheet) => files.add_data(format!("{shown}#{sheet}"), marks),
            None => files.add_data(shown.as_str(), marks),
        };
        let (issues, items) = (self.issues.count(), self.dataset.items(class).len());
        let mut input = InputInfo::of(shown, class);
        if let Err(error) = self.file_into(workspace, class, path, sheet, file, &mut input) {
            self.unreadable(class, error.text(), Location { line: 0, column: 0 }, file);
        }
        input.issues = self.issues.count() - issues;
        input.features = self.dataset.items(class).len() - items;
        input
    }

    fn file_into(
        &mut self,
        workspace: &Workspace,
        class: ClassId,
        path: &Path,
        sheet: Option<&str>,
        file: FileId,
        input: &mut InputInfo,
    ) -> Result<(), ReadError> {
        if is_sheet(&path.to_string_lossy()) {
            let read = workspace.read(path, Some(TEXT_BYTES))?;
            input.sha256 = read.sha256;
            let known = |name: &str| self.column(class, name).is_some();
            let table = read_sheet(file, read.bytes, sheet, known).map_err(|cause| ReadError::new(path, cause))?;
            self.supply(class);
            self.rows(table, class);
            return Ok(());
        }
        let read = workspace.read_text(path, None)?;
        input.sha256 = read.sha256;
        input.encoding = read.decoded.encoding;
        let source = &read.decoded.text;
        self.supply(class);
        if read.decoded.guessed {
            let encoding = read.decoded.encoding;
            let text = text!(
                en: "the file is not UTF-8 and was read as {encoding}",
                zh: "文件不是 UTF-8，已按 {encoding} 读取"
            );
            let found = issue(&codes::ENCODING_GUESSED, Severity::Note, text, Place::file(file));
            self.issues.push(Issue { class: Some(class), ..found });
        }
        if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv")) {
            let (table, issues) = parse_csv(file, source);
            issues.into_iter().for_each(|found| self.issues.push(Issue { class: Some(class), ..found }));
            self.rows(table, class);
            return Ok(());
        }
        let lines = Lines::of(source);
        let locate = |byte| lines.location(source, byte);
        match parse_yaml(source) {
            Ok(documents) => {
                if documents.iter().all(|document| matches!(document.data, Data::Null)) {
                    let text = text!(en: "there is no record in it; an empty list is written `[]`", zh: "其中没有档案；空列表请写作 []");
                    let place = Place { file, line: 1, column: 1 };
                    let found = issue(&codes::NOT_A_RECORD, Severity::Error, text, place);
                    self.issues.push(Issue { class: Some(class), ..found });
                }
                for document in &documents {
                    self.document(class, document, file, &locate);
                }
            }
            Err(error) => {
                let Location { line, column } = locate(error.start);
                let place = Place { file, line, column };
                self.dataset.items_mut(class).complete = false;
                let found = issue(&codes::BROKEN_YAML, Severity::Error, error.text, place);
                self.issues.push(Issue { class: Some(class), ..found });
            }
        }
        Ok(())
    }

    fn next_name(&self, class: ClassId) -> String {
        format!("#{}", self.dataset.items(class).len() + 1)
    }

    /// Returns what a column of this name says of a class: a field's value, or the id of what a row belongs to.
    fn column(&mut self, class: ClassId, name: &str) -> Option<Type> {
        let schema = self.schema;
        let field = self.fields(class).served(name).iter().min_by_key(|(_, rank)| *rank).map(|(field, _)| *field);
        let ty = field.map(|field| schema.class(class).fields[field.0 as usize].ty.clone());
        ty.or_else(|| owner(name, class, schema).map(|_| Type::Text))
    }

    fn rows(&mut self, mut table: CsvTable, class: ClassId) {
        self.dataset.items_mut(class).complete &= table.whole;
        move_units(&mut table, |name| self.column(class, name));
        if self.schema.class(class).kind == ClassKind::Record {
            for place in take_others(&mut table) {
                let text = text!(en: "a row of totals or remarks was left out", zh: "合计或备注行已略去");
                self.issues
                    .push(Issue { class: Some(class), ..issue(&codes::NOT_A_RECORD, Severity::Note, text, place) });
            }
        }
        let column = owner_column(&table, class, self.schema);
        let owning = column.map(|(at, owner)| (table.take_column(at), owner));
        for (number, row) in table.rows.iter().enumerate() {
            // A cell's number in its row stands for its first byte.
            let locate = |cell: usize| {
                row.get(cell)
                    .map_or(Location { line: 0, column: 0 }, |cell| Location { line: cell.line, column: cell.column })
            };
            let entries = table.header.iter().zip(row).enumerate().map(|(at, ((name, _), cell))| {
                (Node::scalar(name.as_str(), at, at), Node::scalar(cell.text.as_str(), at, at))
            });
            let node = Node { data: Data::Map(entries.collect()), start: 0, end: 0 };
            let name = match self.schema.class(class).kind {
                ClassKind::Table => row.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("+"),
                ClassKind::Record | ClassKind::Layer(_) => self.next_name(class),
            };
            let row = self.record(class, &node, None, name, table.file, &locate);
            if let (Some(row), Some((cells, owner))) = (row, &owning)
                && !cells[number].text.is_empty()
            {
                let Cell { text, line, column } = &cells[number];
                let place = Place { file: table.file, line: *line, column: *column };
                self.owned.push(Owned { row, owner: *owner, id: text.clone(), place });
            }
        }
    }
}
