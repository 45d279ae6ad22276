//! One result set built by hand: a plain conflict, a hostile one, an undetermined one, an exception, a duty, issues.

use std::sync::Arc;

use jiff::civil::date;
use rust_decimal::Decimal;

use super::rules::{FARMLAND, PACKAGE, PARCEL, RULES, program};
use crate::diagnostic::{Code, Severity as IssueSeverity};
use crate::engine::finding::*;
use crate::geometry::{BoundingBox, Coord, Kind, Shape};
use crate::model::*;
use crate::report::scene::{self, Findspots, Scene};
use crate::report::terminal::Excerpt;
use crate::report::{self, AreaMethod, Attributes, Context, FailOn, Input, Pack, Report, Subject};
use crate::sema::program::{Program, RuleId, Severity};
use crate::source::{FileId, Files, Place};
use crate::text;

/// A name that tries everything: colour, cursor, bidi, line break, hidden characters, and length.
pub(in crate::report) fn hostile() -> String {
    format!("恶意\u{1b}[2J\u{1b}]0;x\u{7}\u{202e}gpj.exe\u{200b}\r\n::error::假\t{}", "很长的名称".repeat(60))
}

pub(in crate::report) static CODE: Code =
    Code { name: "ring-self-intersection", en: "a ring crosses itself", zh: "环自相交", page: "" };

pub(in crate::report) struct Fixture {
    pub(in crate::report) files: Files,
    pub(in crate::report) program: Program,
    pub(in crate::report) data: Dataset,
    pub(in crate::report) results: Results,
    pub(in crate::report) issues: Vec<Issue>,
}

/// A rectangle by its lower left corner and its size, in the easting and northing of zone 39.
pub(in crate::report) fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Shape {
    let min = Coord { x: 39_500_000.0 + x, y: 3_300_000.0 + y };
    Shape::rectangle(&BoundingBox { min, max: Coord { x: min.x + width, y: min.y + height } })
}

fn data(program: &Program, files: [FileId; 3]) -> Dataset {
    let schema = &program.schema;
    let mut data = Dataset::new(schema);
    *data.items_mut(PARCEL) = Items::supplied(schema.class(PARCEL), Kind::Polygon);
    *data.items_mut(FARMLAND) = Items::supplied(schema.class(FARMLAND), Kind::Polygon);
    *data.items_mut(PACKAGE) = Items::supplied(schema.class(PACKAGE), Kind::Polygon);
    let square = rectangle(0.0, 0.0, 100.0, 100.0);
    for (id, name, line) in [("P-07", "甲地块".to_owned(), 210), ("P-08", hostile(), 211)] {
        let values = [Value::Text(id.into()), Value::Text(name.into())];
        let place = Place { file: files[0], line, column: 5 };
        data.items_mut(PARCEL).push(id, place, None, values, GeometryState::Valid, Some(square.view()));
    }
    let place = Place::file(files[1]);
    let values = [Value::Text("F-12".into())];
    data.items_mut(FARMLAND).push("F-12", place, None, values, GeometryState::Valid, Some(square.view()));
    let place = Place { file: files[2], line: 1, column: 1 };
    let parcels = Value::List([Value::Item(ItemRef { class: PARCEL, index: 0 })].into());
    data.items_mut(PACKAGE).push("PKG-01", place, None, [parcels], GeometryState::Missing, None);
    data
}

fn measure(value: f64, dimension: Dimension) -> Shown {
    Shown::Measure { value, error: 0.0004, dimension, ratio: false, at_least: false }
}

fn evidence(shape: Shape, area_m2: f64) -> Evidence {
    let bounds = shape.view().bounds();
    let point = Coord { x: (bounds.min.x + bounds.max.x) / 2.0, y: (bounds.min.y + bounds.max.y) / 2.0 };
    Evidence {
        feature: Some(ItemRef { class: FARMLAND, index: 0 }),
        area_m2,
        area_error_m2: 0.0004,
        area_plane_m2: area_m2 + 0.25,
        length_m: None,
        share_of_subject: Some(area_m2 / 10_000.0),
        share_of_feature: Some(area_m2 / 11_000.0),
        width_m: Some((bounds.max.x - bounds.min.x).min(bounds.max.y - bounds.min.y)),
        sliver: area_m2 < 10.0,
        point,
        bounds,
        shape: Arc::new(shape),
    }
}

fn finding(id: &str, rule: u32, constraint: u16, verdict: Verdict, severity: Severity, parcel: u32) -> Finding {
    Finding {
        id: id.into(),
        rule: RuleId(rule),
        constraint,
        verdict,
        severity,
        bindings: vec![Bound::Item(ItemRef { class: PARCEL, index: parcel })],
        message: Vec::new(),
        quantities: Vec::new(),
        margin: None,
        condition: None,
        unless: None,
        exception: Exception::None,
        missing: Vec::new(),
        evidence: Vec::new(),
        remedies: Vec::new(),
        feedback: Vec::new(),
    }
}

fn findings() -> Vec<Finding> {
    let parcel = |index| ItemRef { class: PARCEL, index };
    let (text, value) = (|text: &str| MessagePart::Text(text.into()), MessagePart::Value);
    let area = |number| measure(number, Dimension::AREA);
    let quantities = |number| {
        let limit = Shown::Number { value: Decimal::ONE, dimension: Dimension::AREA, ratio: false };
        vec![
            Quantity { name: "area(taken)".into(), value: area(number) },
            Quantity { name: "sliver_area".into(), value: limit },
        ]
    };
    let share = Shown::Measure { value: 0.1, error: 1e-9, dimension: Dimension::NONE, ratio: true, at_least: false };
    let plain = Finding {
        message: vec![
            text("甲地块 占用永久基本农田 "),
            value(area(1000.0), None),
            text("（"),
            value(area(1000.0), Some(Unit::Mu)),
            text("），占地块 "),
            value(share, None),
        ],
        quantities: quantities(1000.0),
        margin: Some(area(999.0)),
        exception: Exception::NotShown(vec![Missing::Field(parcel(0), FieldId(2))]),
        evidence: vec![evidence(rectangle(90.0, 0.0, 10.0, 100.0), 1000.0)],
        remedies: vec![
            Remedy::Geometry {
                of: parcel(0),
                removed_m2: 1000.0,
                left_m2: 9000.0,
                left_parts: 1,
                shape: Arc::new(rectangle(0.0, 0.0, 90.0, 100.0)),
                poor_parts: vec![PoorPart {
                    area_m2: 1.5,
                    width_m: 0.3,
                    point: Coord { x: 39_500_001.0, y: 3_300_002.0 },
                }],
                left_over: Some(vec![LeftOver {
                    id: "CL-110/parcel:P-07#settled".into(),
                    rule: RuleId(1),
                    constraint: 1,
                    verdict: Verdict::Undetermined,
                    new: true,
                }]),
            },
            Remedy::Text(vec![text("调整用地范围避让；确需占用的，先论证必要性并补划")]),
        ],
        ..finding("CL-101/parcel:P-07", 0, 0, Verdict::Conflict, Severity::Prohibited, 0)
    };
    let mut pieces: Vec<Evidence> =
        (0..5).map(|at| evidence(rectangle(0.0, 20.0 * f64::from(at), 30.0, 10.0), 300.0)).collect();
    pieces.push(evidence(rectangle(50.0, 0.0, 0.01, 100.0), 1.0));
    let wild = Finding {
        message: vec![
            value(Shown::Text(hostile().into()), None),
            text(" 占用永久基本农田 "),
            value(area(1501.0), None),
        ],
        quantities: quantities(1501.0),
        bindings: vec![Bound::Item(parcel(1)), Bound::Item(ItemRef { class: FARMLAND, index: 0 })],
        evidence: pieces,
        feedback: vec![Feedback {
            to: FARMLAND,
            text: vec![text("核对 "), value(Shown::Text(hostile().into()), None)],
        }],
        ..finding("CL-101/parcel:P-08", 0, 0, Verdict::Conflict, Severity::Prohibited, 1)
    };
    let open = Finding {
        message: vec![text("甲地块 容积率 "), value(Shown::Missing, None), text(" 高于 2")],
        missing: vec![
            Missing::Class(PACKAGE),
            Missing::Field(parcel(0), FieldId(2)),
            Missing::Geometry(parcel(1)),
            Missing::WithinError("area(taken) >\n    sliver_area".into()),
        ],
        ..finding("CL-110/parcel:P-07#settled", 1, 1, Verdict::Undetermined, Severity::Conditional, 0)
    };
    let excepted = Finding {
        exception: Exception::Holds,
        ..finding("CL-101/parcel:P-09", 0, 0, Verdict::Excepted, Severity::Prohibited, 0)
    };
    let duty = Finding {
        exception: Exception::NotShown(vec![Missing::Field(parcel(1), FieldId(2))]),
        message: vec![text("资产包 应补充耕地 "), value(area(20_000.0), Some(Unit::Hectare))],
        ..finding("CL-110/parcel:P-08#replenish", 1, 0, Verdict::Obligation, Severity::Conditional, 1)
    };
    vec![plain, wild, excepted, open, duty]
}

impl Fixture {
    /// Builds it.
    pub(in crate::report) fn new() -> Self {
        let mut files = Files::default();
        files.add("national/control_lines.gj", RULES);
        let data_files =
            ["data/parcels.geojson", "control/YJJBNT.shp", "packages/一.yaml"].map(|name| files.add_name(name));
        let program = program();
        let data = data(&program, data_files);
        let first = Counts { conflict: 2, excepted: 1, pass: 125, ..Counts::default() };
        let second = Counts { undetermined: 1, obligation: 1, not_applicable: 1200, ..Counts::default() };
        let mut counts = first;
        counts.merge(&second);
        let rule = |rule, applied, counts| RuleResult { rule: RuleId(rule), applied, counts };
        let results = Results {
            rules: vec![
                rule(0, Applied::Yes, first),
                rule(1, Applied::Yes, second),
                rule(2, Applied::NotInForce, Counts::default()),
            ],
            findings: findings(),
            named: Vec::new(),
            counts,
        };
        let issues = (0..5)
            .map(|at| Issue {
                code: &CODE,
                severity: IssueSeverity::Error,
                text: text!(en: "the ring crosses itself", zh: "环在该点自相交"),
                place: Place { file: data_files[0], line: 300 + at, column: 9 },
                class: Some(PARCEL),
                item: Some(if at == 1 { hostile().into() } else { format!("P-{at}").into() }),
                item_ref: None,
                field: None,
                point: Some(Coord { x: 39_500_000.0, y: 3_300_000.5 }),
            })
            .collect();
        Fixture { files, program, data, results, issues }
    }

    /// Builds the report of it.
    pub(in crate::report) fn report(&self) -> Report {
        let context = Context {
            id: "JJ-2026-001".to_owned(),
            name: "八里湖片区自然资源资产组合供应方案".to_owned(),
            region: "360400".to_owned(),
            as_of: date(2026, 1, 15),
            epsg: 4527,
            to_lonlat: &to_lonlat,
            area: AreaMethod::Ellipsoidal,
            inputs: vec![Input {
                path: "data/parcels.geojson".to_owned(),
                layer: Some("parcel".to_owned()),
                sha256: "ab".repeat(32),
                features: 128,
                issues: 5,
            }],
            packs: vec![Pack { name: "national".to_owned(), version: "2026.1".to_owned(), sha256: "cd".repeat(32) }],
            params: vec![crate::report::ParamSetting { name: "sliver_area".to_owned(), value: "1 m2".to_owned() }],
            fail_on: FailOn::Prohibited,
            new_only: false,
            attributes: &|_| Attributes::default(),
            changed_since: None,
        };
        report::assemble(&self.program, &self.data, self.results.clone(), &self.issues, &self.files, &context)
    }

    /// Returns what maps of the report draw besides findings.
    pub(in crate::report) fn scene(&self) -> Scene {
        scene::scene(&self.program, &self.data, &Findspots::of(&self.program, &self.data, &self.results))
    }
}

/// Stands in for the data file.
pub(in crate::report) fn excerpt(subject: &Subject) -> Option<Excerpt> {
    let text = r#"    { "type": "Feature", "properties": { "BSM": "P-07", "MC": "甲地块" }, "geometry": { "type": "Polygon" } },"#;
    subject.line.map(|_| Excerpt { text: text.to_owned(), column: 5 })
}

/// Stands in for the projection: right enough for numbers to look at.
pub(in crate::report) fn to_lonlat(coord: Coord) -> Option<Coord> {
    Some(Coord { x: 117.0 + (coord.x - 39_500_000.0) / 96_500.0, y: coord.y / 110_738.0 })
}
