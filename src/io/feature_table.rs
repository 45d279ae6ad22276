//! A layer of a file as a plain table, with the kinds of its columns and its coordinates as they stand: what is converted.
//!
//! Nothing is repaired and nothing is left out in silence. A shape keeps its faults, so that a check says the same of the copy; only the
//! direction of rings is settled, which formats want differently. Knows nothing of schemas.

use std::path::Path;

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::error::ReadError;
use super::formats::{self, Format, RawFeature, RawGeometry, Rest, Source};
use super::issues::{Issues, issue};
use super::node::{Data, Node};
use super::quantities::parse_date;
use super::shapes::{Settled, Stated, settle};
use super::workspace::Workspace;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Code, Severity, Text};
use crate::geometry::crs::{Crs, Ground, presumed};
use crate::geometry::{BoundingBox, Kind, Shape};
use crate::model::{Cell, ClassId, Column, ColumnKind, FeatureTable, Issue, Row};
use crate::source::{FileId, Files, Location, Place};
use crate::text;

/// The system whose zone is tried first where a file states none; any with a zone in its eastings does.
const TRIED: u32 = 4527;

/// How a layer is to be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct FeatureTableOptions<'a> {
    /// Which layer of a file that holds several.
    pub layer: Option<&'a str>,
    /// The encoding of its texts, where the file does not tell it.
    pub encoding: Option<&'a str>,
    /// Its coordinate system, instead of what the file states.
    pub crs: Option<&'a str>,
    /// The coordinate system that its coordinates are to be brought into.
    pub to_crs: Option<Crs>,
    /// Whether the column is kept that only numbers the rows of the file.
    pub keep_key: bool,
}

/// A layer that was read as a table.
#[derive(Debug)]
pub struct FeatureTableRead {
    /// The table. Its shapes may be of several kinds; its own is the most frequent.
    pub table: FeatureTable,
    /// What is to be said about it.
    pub issues: Vec<Issue>,
}

/// Returns the layers of a file; `None` stands for the one of a format that has no names for them.
///
/// # Errors
/// If the file is of no format that is read, or holds no layer.
pub fn layers(workspace: &Workspace, path: &Path) -> Result<Vec<Option<String>>, ReadError> {
    formats::layers(workspace, path)
}

/// Reads a layer of a file as a table; the file is added to `files`.
///
/// # Errors
/// If nothing of it can be read.
pub fn read_feature_table(
    workspace: &Workspace,
    path: &Path,
    options: &FeatureTableOptions<'_>,
    files: &mut Files,
) -> Result<FeatureTableRead, ReadError> {
    let failed = |cause| ReadError::new(path, cause);
    let format = Format::detect(workspace, path, None).map_err(failed)?;
    let name = path.to_string_lossy().replace('\\', "/");
    let file = files.add_data(name.as_str(), format.marks());
    let mut source =
        Source { workspace, path, layer: options.layer, encoding: options.encoding, assumed: None, wanted: None };
    let (mut reader, rest) = loop {
        let mut reader = TableReader::new(format, file);
        match formats::read(format, &source, &mut |feature| reader.feature(&feature)) {
            Ok(rest) => break (reader, rest),
            // What is not UTF-8 may show when features have been read already: then all is read anew.
            Err(cause) => source.assume(cause).map_err(failed)?,
        }
    };
    let title = super::inspect::stem(&name, options.layer).to_owned();
    reader.tell_lost();
    let (crs, settled) = reader.settle(&rest, options);
    reader.move_shapes(&settled);
    let mut columns = reader.columns(&rest);
    let key = rest.key.as_ref().filter(|_| !options.keep_key);
    if let Some(at) = key.and_then(|key| columns.iter().position(|column| column.name == *key)) {
        columns.remove(at);
        reader.rows.iter_mut().for_each(|row| drop(row.cells.remove(at)));
    }
    let kind = reader.kind();
    for remark in rest.remarks {
        reader.tell(remark.code, remark.severity, remark.text, remark.location);
    }
    let table = FeatureTable {
        title: Text::new(title.clone(), title.clone()),
        name: title,
        crs,
        kind: Some(kind),
        columns,
        rows: reader.rows,
        style: None,
    };
    Ok(FeatureTableRead { table, issues: reader.issues.finish() })
}

/// Divides a table into one for each kind of shape, for formats that hold one kind in a layer; features without a shape stay with the
/// most frequent.
pub fn by_kind(table: FeatureTable) -> Vec<FeatureTable> {
    let main = table.kind;
    let kind_of = |row: &Row| row.shape.as_ref().map(Shape::kind).or(main);
    let mut kinds: Vec<Option<Kind>> = table.rows.iter().map(kind_of).collect();
    kinds.push(main);
    kinds.sort();
    kinds.dedup();
    if kinds.len() == 1 {
        return vec![table];
    }
    let mut parts: Vec<FeatureTable> = Vec::new();
    for kind in &kinds {
        let end = match kind {
            Some(Kind::Point) => "_point",
            Some(Kind::Line) => "_line",
            Some(Kind::Polygon) | None => "_polygon",
        };
        let (name, title) = (format!("{}{end}", table.name), table.title.clone());
        let (columns, crs, style) = (table.columns.clone(), table.crs, table.style);
        parts.push(FeatureTable { name, title, crs, kind: *kind, columns, rows: Vec::new(), style });
    }
    for row in table.rows {
        let kind = row.shape.as_ref().map(Shape::kind).or(main);
        if let Some(part) = parts.iter_mut().find(|part| part.kind == kind) {
            part.rows.push(row);
        }
    }
    parts
}

/// What the values of a column have been so far, in a format that tells texts from numbers by quotes.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    quoted: bool,
    bare: bool,
    nested: bool,
}

struct TableReader {
    format: Format,
    file: FileId,
    /// The columns met, and what their values have been.
    seen: IndexMap<String, Seen>,
    /// The features; until the columns are settled, a cell is a text or null, and there are as many as columns were met so far.
    rows: Vec<Row>,
    issues: Issues,
    /// Features whose shape is lost: how many, the first and why.
    lost: Option<(u64, Location, Text)>,
    /// Lists and maps that were written as texts.
    nested: u64,
}

impl TableReader {
    fn new(format: Format, file: FileId) -> Self {
        TableReader {
            format,
            file,
            seen: IndexMap::new(),
            rows: Vec::new(),
            issues: Issues::default(),
            lost: None,
            nested: 0,
        }
    }

    fn tell(&mut self, code: &'static Code, severity: Severity, text: Text, location: Location) {
        let place = Place { file: self.file, line: location.line, column: location.column };
        self.issues.push(issue(code, severity, text, place));
    }

    fn feature(&mut self, feature: &RawFeature<'_>) {
        let mut cells = vec![Cell::Null; self.seen.len()];
        let id = feature.id.as_ref().map(|id| (Node::scalar("id", id.start, id.start), id.clone()));
        // A member `id` beside the properties is one of them, unless they have one.
        let own = feature.properties.iter().any(|(key, _)| key.text() == Some("id"));
        for (key, value) in id.iter().filter(|_| !own).chain(feature.properties) {
            self.value(key.text().unwrap_or_default(), value, &mut cells);
        }
        let location = feature.location;
        let mut lose = |why: Text| match &mut self.lost {
            Some((count, ..)) => *count += 1,
            None => self.lost = Some((1, location, why)),
        };
        let shape = match &feature.geometry {
            RawGeometry::None => None,
            RawGeometry::Shape => {
                let coords = feature.shape.view().coords();
                let finite = coords.iter().all(|coord| coord.x.is_finite() && coord.y.is_finite());
                if !finite {
                    lose(text!(en: "a coordinate is not a finite number", zh: "坐标不是有限数"));
                }
                finite.then(|| feature.shape.view().to_shape())
            }
            RawGeometry::Collection(_) => {
                lose(text!(en: "it is a collection of several geometries", zh: "它是多种图形的集合"));
                None
            }
            RawGeometry::Bad(why, _) => {
                lose(why.clone());
                None
            }
        };
        self.rows.push(Row { shape: shape.filter(|shape| !shape.is_empty()), cells });
    }

    fn value(&mut self, key: &str, value: &Node<'_>, cells: &mut Vec<Cell>) {
        let at = match self.seen.get_index_of(key) {
            Some(at) => at,
            None => self.seen.insert_full(key.to_owned(), Seen::default()).0,
        };
        if cells.len() <= at {
            cells.resize(at + 1, Cell::Null);
        }
        let seen = &mut self.seen[at];
        cells[at] = match &value.data {
            Data::Null => Cell::Null,
            Data::Scalar(text) => {
                let quoted = value.is_quoted();
                seen.quoted |= quoted;
                seen.bare |= !quoted;
                Cell::Text(text.as_ref().to_owned())
            }
            Data::List(_) | Data::Map(_) => {
                seen.nested = true;
                self.nested += 1;
                Cell::Text(listed(value).unwrap_or_else(|| json(value).to_string()))
            }
        };
    }

    /// Says what of the features is lost or changed.
    fn tell_lost(&mut self) {
        let whole = Location { line: 0, column: 0 };
        if let Some((count, location, why)) = self.lost.take() {
            let text = Text::new(
                format!("{count} features keep no shape, this the first: {}", why.en),
                format!("{count} 个要素的图形未保留，此为第一个：{}", why.zh),
            );
            self.tell(&codes::BAD_COORDINATES, Severity::Error, text, location);
        }
        if self.nested > 0 {
            let nested = self.nested;
            let text = text!(
                en: "{nested} values are lists or maps, which tables do not have: lists became texts like `a、b`, the rest texts in JSON's notation",
                zh: "{nested} 个值是列表或映射，表格无法容纳：列表已写为“甲、乙”，其余写为 JSON 文本"
            );
            self.tell(&codes::UNREADABLE_VALUE, Severity::Note, text, whole);
        }
    }

    /// Settles the system of the coordinates as they will be written, and how they get there.
    fn settle(&mut self, rest: &Rest, options: &FeatureTableOptions<'_>) -> (Option<Crs>, Settled) {
        let shapes = self.rows.iter().filter_map(|row| row.shape.as_ref());
        let boxes: Vec<BoundingBox> = shapes.map(|shape| shape.view().bounds()).collect();
        let place = Place::file(self.file);
        let stated = match (options.crs, &rest.crs) {
            (Some(name), _) => Stated::ByManifest(name.to_owned()),
            (None, Some(name)) => Stated::ByFile(name.clone()),
            (None, None) => match self.told_by_coordinates(&boxes) {
                Some(crs) => Stated::ByFile(crs.to_string()),
                None => return (options.to_crs.filter(|_| boxes.is_empty()), Settled::nowhere()),
            },
        };
        let named = match &stated {
            Stated::ByManifest(name) | Stated::ByFile(name) => Crs::parse(name).ok(),
            Stated::Nothing => None,
        };
        let class = ClassId(0);
        let first = named.unwrap_or(Crs::CGCS2000);
        let found = settle(&stated, boxes.iter().copied(), first, place, class, &mut Issues::default()).crs;
        let target = options.to_crs.or(found).unwrap_or(first);
        let settled = settle(&stated, boxes.iter().copied(), target, place, class, &mut self.issues);
        (settled.crs.map(|_| target), settled)
    }

    /// Returns the system that coordinates tell by themselves: degrees, or a zone in front of eastings.
    fn told_by_coordinates(&mut self, boxes: &[BoundingBox]) -> Option<Crs> {
        let (crs, ground) = presumed(Crs::from_epsg(TRIED)?, boxes.iter().copied());
        let whole = Location { line: 0, column: 0 };
        match ground {
            // RFC 7946 means WGS 84.
            Ground::Degrees if self.format == Format::GeoJson => return Some(Crs::WGS84),
            Ground::Degrees | Ground::Prefix(_) | Ground::Wanted => {
                let name = crs.name();
                let text = text!(
                    en: "the file states no coordinate system; its coordinates tell {name}",
                    zh: "文件没有写明坐标系；按坐标判断为 {name}"
                );
                self.tell(&codes::CRS_NOT_STATED, Severity::Warning, text, whole);
                return Some(crs);
            }
            Ground::Meridian | Ground::Nothing => {}
        }
        let text = text!(
            en: "the file states no coordinate system, and its coordinates tell none: none is written; `--crs` states it",
            zh: "文件没有写明坐标系，坐标也无法判断：输出不写坐标系；可用 --crs 写明"
        );
        self.tell(&codes::CRS_NOT_STATED, Severity::Warning, text, whole);
        None
    }

    /// Brings shapes into the system that they will be written in, with shells counter-clockwise.
    fn move_shapes(&mut self, settled: &Settled) {
        let mut astray = 0u64;
        for row in &mut self.rows {
            let Some(mut shape) = row.shape.take() else { continue };
            if settled.swap {
                shape.coords_mut().iter_mut().for_each(|coord| std::mem::swap(&mut coord.x, &mut coord.y));
            }
            if settled.moves() {
                match settled.moved(shape.view()) {
                    Some(moved) => shape = moved,
                    None => {
                        astray += 1;
                        continue;
                    }
                }
            }
            shape.direct_rings();
            row.shape = Some(shape);
        }
        if astray > 0 {
            let text = text!(
                en: "{astray} shapes have no place in the system asked for and were left out",
                zh: "{astray} 个图形无法转换到所要的坐标系，未写出"
            );
            self.tell(&codes::OUTSIDE_EXTENT, Severity::Error, text, Location { line: 0, column: 0 });
        }
    }

    /// Returns what most shapes are made of.
    fn kind(&self) -> Kind {
        let count =
            |kind| self.rows.iter().filter_map(|row| row.shape.as_ref()).filter(|one| one.kind() == kind).count();
        let kinds = [Kind::Point, Kind::Line, Kind::Polygon];
        kinds.into_iter().max_by_key(|kind| count(*kind)).unwrap_or(Kind::Polygon)
    }

    /// Settles what each column holds, and makes its cells so.
    fn columns(&mut self, rest: &Rest) -> Vec<Column> {
        for (name, _) in &rest.columns {
            self.seen.entry(name.clone()).or_default();
        }
        let seen = std::mem::take(&mut self.seen);
        let order = |name: &String| rest.columns.iter().position(|(declared, _)| declared == name);
        self.rows.iter_mut().for_each(|row| row.cells.resize(seen.len(), Cell::Null));
        let mut columns = Vec::with_capacity(seen.len());
        for (at, (name, seen)) in seen.iter().enumerate() {
            let declared = order(name).map(|declared| rest.columns[declared].1);
            let (wanted, is_declared) = match (declared, self.format) {
                (Some(Some(kind)), _) => (kind, true),
                (Some(None), _) => (ColumnKind::Integer, false),
                (None, Format::GeoJson) if seen.bare && !seen.quoted && !seen.nested => (ColumnKind::Integer, false),
                (None, _) => (ColumnKind::Text, true),
            };
            let kind = self.fill(at, wanted, is_declared, name);
            columns.push(Column { name: name.clone(), kind });
        }
        columns
    }

    /// Makes the cells of a column what it is to hold, or the next that all of them can be: its name is for what is said of it.
    fn fill(&mut self, at: usize, wanted: ColumnKind, is_declared: bool, name: &str) -> ColumnKind {
        let next = match wanted {
            ColumnKind::Text => &[ColumnKind::Text][..],
            ColumnKind::Integer if is_declared => &[ColumnKind::Integer, ColumnKind::Number, ColumnKind::Text],
            ColumnKind::Integer => &[ColumnKind::Integer, ColumnKind::Number, ColumnKind::Boolean, ColumnKind::Text],
            ColumnKind::Number => &[ColumnKind::Number, ColumnKind::Text],
            ColumnKind::Boolean => &[ColumnKind::Boolean, ColumnKind::Text],
            ColumnKind::Date => &[ColumnKind::Date, ColumnKind::Text],
        };
        let fits = |kind: ColumnKind| self.rows.iter().all(|row| cell(&row.cells[at], kind).is_some());
        let kind = next.iter().copied().find(|kind| fits(*kind)).unwrap_or(ColumnKind::Text);
        for row in &mut self.rows {
            if let Some(made) = cell(&row.cells[at], kind) {
                row.cells[at] = made;
            }
        }
        if is_declared && kind != wanted && kind == ColumnKind::Text {
            let name = super::convert::shortened(name);
            let text = text!(
                en: "the column `{name}` holds what its type does not keep exactly: it was taken as text",
                zh: "字段“{name}”的值超出其类型能精确保存的范围：按文本处理"
            );
            self.tell(&codes::UNREADABLE_VALUE, Severity::Note, text, Location { line: 0, column: 0 });
        }
        kind
    }
}

/// Returns a text or null as a cell of a kind; `None` if it cannot be one without a loss.
fn cell(held: &Cell, kind: ColumnKind) -> Option<Cell> {
    let Cell::Text(text) = held else { return Some(held.clone()) };
    let blank = || text.trim().is_empty().then_some(Cell::Null);
    match kind {
        ColumnKind::Text => Some(held.clone()),
        ColumnKind::Integer => blank().or_else(|| text.trim().parse().ok().map(Cell::Integer)),
        ColumnKind::Number => blank().or_else(|| number(text.trim()).map(Cell::Number)),
        ColumnKind::Boolean => match text.as_str() {
            "true" => Some(Cell::Boolean(true)),
            "false" => Some(Cell::Boolean(false)),
            _ => blank(),
        },
        ColumnKind::Date => blank().or_else(|| parse_date(text.trim()).map(|day| Cell::Text(day.to_string()))),
    }
}

/// Returns a number that a double keeps with all its digits.
fn number(text: &str) -> Option<f64> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite())?;
    match (text.parse::<Decimal>(), number.to_string().parse::<Decimal>()) {
        (Ok(written), Ok(kept)) => (written == kept).then_some(number),
        // In scientific notation, or too large for a decimal.
        _ => Some(number),
    }
}

/// Returns a list of plain values as tables have it: `甲、乙`; `None` for one whose values could not be told apart.
fn listed(node: &Node<'_>) -> Option<String> {
    let Data::List(items) = &node.data else { return None };
    fn plain<'n>(item: &'n Node<'_>) -> Option<&'n str> {
        item.text().filter(|text| !text.is_empty() && !text.contains(['、', ',', '，', ';', '；']))
    }
    let texts: Option<Vec<String>> = items.iter().map(|item| plain(item).map(str::to_owned)).collect();
    texts.filter(|texts| !texts.is_empty()).map(|texts| texts.join("、"))
}

/// Returns a tree as JSON.
fn json(node: &Node<'_>) -> serde_json::Value {
    use serde_json::Value;
    match &node.data {
        Data::Null => Value::Null,
        Data::Scalar(text) if node.is_quoted() => Value::String(text.as_ref().to_owned()),
        Data::Scalar(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.as_ref().to_owned())),
        Data::List(items) => Value::Array(items.iter().map(json).collect()),
        Data::Map(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.shown().into_owned(), json(value))).collect())
        }
    }
}
