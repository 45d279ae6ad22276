//! A report as tables of features, for the formats of GIS desks: conflicts, subjects, remedies, issues.
//!
//! A layer holds shapes of one kind: conflicts on lines and at points stand in layers of their own, where there are any. Subjects have
//! the shapes of the data, uncut. How a table becomes a file is not known here.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::layer::{Drawn, cures, pieces};
use super::palette::{CONFLICT, REMEDY, Rgb, SUBJECT, Style};
use super::picture::shape;
use super::result::{Finding, Geometry, Remedy, Report, Subject, Verdict};
use super::words;
use crate::diagnostic::Text;
use crate::geometry::crs::Crs;
use crate::geometry::{Coord, Kind, Shape};
use crate::model::{Cell, Column, ColumnKind, Dataset, FeatureTable, GeometryState, ItemRef, LayerStyle, Row, Schema};

use ColumnKind::{Boolean, Integer, Number, Text as Words};

/// The columns that tell the finding.
const ABOUT: [(&str, ColumnKind); 10] = [
    ("finding", Words),
    ("rule", Words),
    ("title", Words),
    ("severity", Words),
    ("verdict", Words),
    ("departments", Words),
    ("subject_kind", Words),
    ("subject", Words),
    ("subject_name", Words),
    ("message", Words),
];
/// The columns of a piece of ground.
const PIECE: [(&str, ColumnKind); 9] = [
    ("layer", Words),
    ("feature", Words),
    ("area_m2", Number),
    ("area_error_m2", Number),
    ("length_m", Number),
    ("share_of_subject", Number),
    ("share_of_feature", Number),
    ("width_m", Number),
    ("sliver", Boolean),
];
/// The columns of a cure.
const CURE: [(&str, ColumnKind); 10] = [
    ("replaces_kind", Words),
    ("replaces", Words),
    ("remedy_en", Words),
    ("remedy_zh", Words),
    ("removed_m2", Number),
    ("left_m2", Number),
    ("left_parts", Integer),
    ("poor_parts", Integer),
    ("checked", Words),
    ("remaining", Words),
];
const SUBJECTS: [(&str, ColumnKind); 11] = [
    ("kind", Words),
    ("id", Words),
    ("name", Words),
    ("package", Words),
    ("unit", Words),
    ("severity", Words),
    ("conflicts", Integer),
    ("undetermined", Integer),
    ("others", Integer),
    ("findings", Words),
    ("path", Words),
];
const ISSUES: [(&str, ColumnKind); 10] = [
    ("code", Words),
    ("severity", Words),
    ("text_en", Words),
    ("text_zh", Words),
    ("path", Words),
    ("layer", Words),
    ("feature", Words),
    ("field", Words),
    ("line", Integer),
    ("col", Integer),
];
/// Issues are shown at the place where a shape fails.
const ISSUE: LayerStyle =
    LayerStyle { fill: Some(([255, 196, 0], 0.9)), line: [90, 60, 0], line_mm: 0.3, dash_mm: None };

/// Returns the layers of a report: conflicts, subjects, remedies, issues.
pub fn tables(report: &Report, schema: &Schema, data: &Dataset) -> Vec<FeatureTable> {
    let mut tables = conflicts(report);
    tables.extend(subjects(report, schema, data));
    tables.extend(drawn(report, "remedies", &cures_title(), cures(report).collect(), &CURE, &REMEDY));
    tables.push(issues(report));
    tables
}

/// Returns the ground of conflicts, one feature for each piece.
fn conflicts(report: &Report) -> Vec<FeatureTable> {
    drawn(report, "conflicts", &grounds_title(), pieces(report).collect(), &PIECE, &CONFLICT)
}

/// Returns the ground of conflicts and the shapes that would comply, as parcels of a coordinate text: each has the id that it has in the
/// layers, the name of what it is about, and what it is. Lines and points have no area to be stated and are no parcels.
pub fn parcels(report: &Report) -> [FeatureTable; 2] {
    let columns: Vec<Column> =
        ["id", "name", "地块用途"].map(|name| Column { name: name.to_owned(), kind: Words }).into();
    let table = |name: &str, title: Text, features: Vec<(String, String, &Geometry)>| {
        let areas = features.into_iter().filter(|(_, _, geometry)| matches!(geometry, Geometry::MultiPolygon(_)));
        let rows = areas.map(|(id, name, geometry)| Row {
            shape: Some(shape(geometry)),
            cells: vec![Cell::Text(id), Cell::Text(name), Cell::Text(title.zh.to_string())],
        });
        let rows = rows.collect();
        let (name, kind, columns) = (name.to_owned(), Some(Kind::Polygon), columns.clone());
        FeatureTable { name, crs: crs(report), kind, columns, rows, style: None, title }
    };
    let name = |finding: &Finding| finding.subject.name.clone().unwrap_or_else(|| finding.subject.id.clone());
    let conflicts = report.findings.iter().filter(|finding| finding.verdict == Verdict::Conflict);
    let grounds = conflicts.flat_map(|finding| {
        let pieces = finding.evidence.iter().enumerate();
        pieces.map(move |(at, piece)| (format!("{}/{}", finding.id, at + 1), name(finding), &piece.geometry))
    });
    let cures = report.findings.iter().flat_map(|finding| {
        finding.remedies.iter().enumerate().filter_map(move |(at, remedy)| match remedy {
            Remedy::Geometry { of, geometry, .. } => {
                let replaced = if of.id == finding.subject.id { name(finding) } else { of.id.clone() };
                Some((format!("{}/{}", finding.id, at + 1), replaced, geometry))
            }
            Remedy::Text { .. } => None,
        })
    });
    let (grounds, cures) = (grounds.collect(), cures.collect());
    [table("conflicts", grounds_title(), grounds), table("remedies", cures_title(), cures)]
}

fn grounds_title() -> Text {
    Text::new("Ground of conflicts", "冲突范围")
}

fn cures_title() -> Text {
    Text::new("Shapes that would comply", "整改范围")
}

fn crs(report: &Report) -> Option<Crs> {
    Crs::parse(&report.submission.crs).ok()
}

fn style(style: &Style) -> LayerStyle {
    let parts = |Rgb(r, g, b): Rgb| [r, g, b];
    LayerStyle {
        fill: style.fill.map(|fill| (parts(fill), style.fill_opacity)),
        line: parts(style.line),
        line_mm: style.line_mm,
        dash_mm: style.dash_mm,
    }
}

fn columns<'a>(known: impl IntoIterator<Item = &'a (&'a str, ColumnKind)>) -> Vec<Column> {
    known.into_iter().map(|(name, kind)| Column { name: (*name).to_owned(), kind: *kind }).collect()
}

/// Returns the tables of a layer: one for areas, always, and one for lines and for points where there are any.
fn by_kind(
    report: &Report,
    name: &str,
    title: &Text,
    columns: &[Column],
    rows: Vec<(Kind, Row)>,
    drawn: &Style,
) -> Vec<FeatureTable> {
    let kinds = [
        (Kind::Polygon, "", "", ""),
        (Kind::Line, "_lines", ", lines", "（线）"),
        (Kind::Point, "_points", ", points", "（点）"),
    ];
    let table = |(kind, tail, en, zh): (Kind, &str, &str, &str)| FeatureTable {
        name: format!("{name}{tail}"),
        title: Text::new(format!("{}{en}", title.en), format!("{}{zh}", title.zh)),
        crs: crs(report),
        kind: Some(kind),
        columns: columns.to_vec(),
        rows: rows.iter().filter(|(of, _)| *of == kind).map(|(_, row)| row.clone()).collect(),
        style: Some(style(drawn)),
    };
    let tables = kinds.into_iter().map(table);
    tables.filter(|table| table.kind == Some(Kind::Polygon) || !table.rows.is_empty()).collect()
}

/// Returns the tables of features as the layers in GeoJSON have them. What else they say of themselves gets columns of its own behind.
fn drawn(
    report: &Report,
    name: &str,
    title: &Text,
    features: Vec<Drawn<'_>>,
    own: &[(&str, ColumnKind)],
    style: &Style,
) -> Vec<FeatureTable> {
    let mut columns = columns(ABOUT.iter().chain(own));
    let mut places: HashMap<String, usize> =
        columns.iter().enumerate().map(|(at, column)| (column.name.clone(), at)).collect();
    for (_, properties, _) in &features {
        for (name, value) in properties {
            // A name of the data that is one of ours: ours have given way, so that what stands there is the data's.
            let place = *places.entry(name.clone()).or_insert_with(|| {
                columns.push(Column { name: name.clone(), kind: kind_of(value).unwrap_or(Words) });
                columns.len() - 1
            });
            if let (Some(kind), true) = (kind_of(value), columns[place].kind != Words) {
                columns[place].kind = together(columns[place].kind, kind);
            }
        }
    }
    let rows = features.iter().map(|(_, properties, geometry)| {
        let cells = columns.iter().map(|column| cell(properties, column)).collect();
        let shape = shape(geometry);
        (shape.kind(), Row { shape: Some(shape), cells })
    });
    by_kind(report, name, title, &columns, rows.collect(), style)
}

/// Returns what kind of column a value wants; `None` for nothing.
fn kind_of(value: &Value) -> Option<ColumnKind> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some(Boolean),
        Value::Number(number) if number.is_i64() => Some(Integer),
        Value::Number(_) => Some(Number),
        Value::String(_) | Value::Array(_) | Value::Object(_) => Some(Words),
    }
}

/// Returns the kind of a column that holds values of two kinds.
fn together(one: ColumnKind, other: ColumnKind) -> ColumnKind {
    match (one, other) {
        (one, other) if one == other => one,
        (Number, Integer) | (Integer, Number) => Number,
        _ => Words,
    }
}

fn cell(properties: &Map<String, Value>, column: &Column) -> Cell {
    let Some(value) = properties.get(&column.name) else { return Cell::Null };
    let found = match (column.kind, value) {
        (_, Value::Null) => Some(Cell::Null),
        (Boolean, value) => value.as_bool().map(Cell::Boolean),
        (Integer, value) => value.as_i64().map(Cell::Integer),
        (Number, value) => value.as_f64().map(Cell::Number),
        (Words | ColumnKind::Date, Value::String(text)) => Some(Cell::Text(text.clone())),
        (Words | ColumnKind::Date, value) => Some(Cell::Text(value.to_string())),
    };
    found.unwrap_or(Cell::Null)
}

fn text(text: Option<&str>) -> Cell {
    text.map_or(Cell::Null, |text| Cell::Text(text.to_owned()))
}

fn count(number: usize) -> Cell {
    i64::try_from(number).map_or(Cell::Null, Cell::Integer)
}

/// Returns what findings are about, each thing once, in the order of the findings: the gravest first.
fn subjects(report: &Report, schema: &Schema, data: &Dataset) -> Vec<FeatureTable> {
    let mut order: Vec<(&Subject, Vec<&Finding>)> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for finding in &report.findings {
        let subject = &finding.subject;
        let place = *places.entry((&subject.kind, &subject.id)).or_insert_with(|| {
            order.push((subject, Vec::new()));
            order.len() - 1
        });
        order[place].1.push(finding);
    }
    let mut found = Items::default();
    let rows = order.into_iter().map(|(subject, findings)| {
        let of = |verdict: Verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
        let (conflicts, undetermined) = (of(Verdict::Conflict), of(Verdict::Undetermined));
        let gravest = findings.iter().map(|finding| finding.severity).min();
        let ids: Vec<&str> = findings.iter().map(|finding| finding.id.as_str()).collect();
        let shape = found.shape(subject, schema, data);
        let cells = vec![
            text(Some(&subject.kind)),
            text(Some(&subject.id)),
            text(subject.name.as_deref()),
            text(subject.package.as_deref()),
            text(subject.unit.as_deref()),
            text(gravest.map(|severity| words::severity(severity).zh).as_deref()),
            count(conflicts),
            count(undetermined),
            count(findings.len() - conflicts - undetermined),
            text(Some(&ids.join("; "))),
            text(subject.path.as_deref()),
        ];
        (shape.as_ref().map_or(Kind::Polygon, Shape::kind), Row { shape, cells })
    });
    let title = Text::new("What findings are about", "审查对象");
    by_kind(report, "subjects", &title, &columns(&SUBJECTS), rows.collect(), &SUBJECT)
}

/// Where the items of a class are, by their ids; made when a class is first asked for.
#[derive(Default)]
struct Items {
    classes: HashMap<String, HashMap<String, ItemRef>>,
}

impl Items {
    fn shape(&mut self, subject: &Subject, schema: &Schema, data: &Dataset) -> Option<Shape> {
        let class = schema.find_class(&subject.kind)?;
        let items = data.items(class);
        let ids = self.classes.entry(subject.kind.clone()).or_insert_with(|| {
            (0..items.len() as u32).map(|index| (items.id(index).to_string(), ItemRef { class, index })).collect()
        });
        let item = ids.get(&subject.id)?;
        let valid = items.geometry_state(item.index) == GeometryState::Valid;
        valid.then(|| items.shape(item.index).to_shape())
    }
}

fn issues(report: &Report) -> FeatureTable {
    let rows = report.issues.iter().map(|issue| {
        let shape = issue.point.map(|[x, y]| {
            let mut shape = Shape::empty(Kind::Point);
            shape.push_ring([Coord { x, y }]);
            shape.end_part();
            shape
        });
        let number = |number: Option<u32>| number.map_or(Cell::Null, |number| Cell::Integer(i64::from(number)));
        let severity = serde_json::to_value(issue.severity).ok();
        let cells = vec![
            text(Some(&issue.code)),
            text(severity.as_ref().and_then(Value::as_str)),
            text(Some(&issue.text.en)),
            text(Some(&issue.text.zh)),
            text(Some(&issue.path)),
            text(issue.layer.as_deref()),
            text(issue.feature.as_deref()),
            text(issue.field.as_deref()),
            number(issue.line),
            number(issue.column),
        ];
        Row { shape, cells }
    });
    FeatureTable {
        name: "issues".to_owned(),
        title: Text::new("Faults of the data", "数据问题"),
        crs: crs(report),
        kind: Some(Kind::Point),
        columns: columns(&ISSUES),
        rows: rows.collect(),
        style: Some(ISSUE),
    }
}
