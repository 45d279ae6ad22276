//! Programs and data made by hand.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::engine::finding::Results;
use crate::engine::{Settings, plan, run};
use crate::geometry::{BoundingBox, Coord, Kind, Shape};
use crate::model::{
    Class, ClassId, ClassKind, Dataset, Field, FieldId, GeometryState, ItemRef, Items, Names, Type, Value,
};
use crate::sema::functions::Function;
use crate::sema::program::*;
use crate::source::{FileId, Place, Span};

pub(super) const PARCEL: ClassId = ClassId(1);
pub(super) const FARM: ClassId = ClassId(2);
pub(super) const PACKAGE: ClassId = ClassId(3);
/// `far : number?` of both layers.
pub(super) const FAR: FieldId = FieldId(1);
/// `core : bool?` of both layers.
pub(super) const CORE: FieldId = FieldId(2);
/// `parcels : list<ref<parcel>>` of the package.
pub(super) const PARCELS: FieldId = FieldId(1);
/// `geometry : geometry = union(parcels)` of the package.
pub(super) const GEOMETRY: FieldId = FieldId(2);

pub(super) const P: Slot = Slot(0);
pub(super) const F: Slot = Slot(1);

pub(super) fn span() -> Span {
    Span { file: FileId(0), start: 0, end: 0 }
}

fn names(name: &str) -> Names {
    Names { name: name.into(), second: None }
}

fn field(name: &str, ty: Type, computed: bool) -> Field {
    Field {
        names: names(name),
        ty,
        optional: true,
        limit: None,
        aliases: vec![],
        missing: vec![],
        computed,
        span: None,
    }
}

/// A program with two layers and a record, and no rules.
pub(super) fn program() -> Program {
    let mut program = Program::default();
    for name in ["parcel", "farm"] {
        let fields =
            vec![field("id", Type::Text, false), field("far", Type::NUMBER, false), field("core", Type::Bool, false)];
        let kind = ClassKind::Layer(Some(Kind::Polygon));
        program.schema.classes.push(Class { names: names(name), aliases: Vec::new(), kind, fields, span: None });
    }
    let fields = vec![
        field("id", Type::Text, false),
        field("parcels", Type::List(Box::new(Type::Item(PARCEL))), false),
        field("geometry", Type::Geometry(None), true),
    ];
    program.schema.classes.push(Class {
        names: names("package"),
        aliases: Vec::new(),
        kind: ClassKind::Record,
        fields,
        span: None,
    });
    let own = expr(ExprKind::Variable(P), Type::Item(PACKAGE));
    let parcels = expr(ExprKind::Field(Box::new(own), PARCELS), Type::List(Box::new(Type::Item(PARCEL))));
    let value = expr(ExprKind::Call(Function::Union, vec![parcels]), Type::Geometry(None));
    program.computed.push(Computed { class: PACKAGE, field: GEOMETRY, frame: 1, value });
    program
}

pub(super) fn expr(kind: ExprKind, ty: Type) -> Expr {
    Expr { kind, ty, span: span() }
}

pub(super) fn number(value: &str) -> Expr {
    expr(ExprKind::Constant(Value::Number(value.parse::<Decimal>().expect("a number"))), Type::NUMBER)
}

pub(super) fn m2(value: &str) -> Expr {
    Expr { ty: Type::AREA, ..number(value) }
}

pub(super) fn metres(value: &str) -> Expr {
    Expr { ty: Type::LENGTH, ..number(value) }
}

pub(super) fn layer(class: ClassId) -> Expr {
    expr(ExprKind::Class(class), Type::All(class))
}

pub(super) fn variable(slot: Slot, class: ClassId) -> Expr {
    expr(ExprKind::Variable(slot), Type::Item(class))
}

pub(super) fn of(slot: Slot, class: ClassId, field: FieldId, ty: Type) -> Expr {
    expr(ExprKind::Field(Box::new(variable(slot, class)), field), ty)
}

pub(super) fn far(slot: Slot, class: ClassId) -> Expr {
    of(slot, class, FAR, Type::NUMBER)
}

pub(super) fn core(slot: Slot, class: ClassId) -> Expr {
    of(slot, class, CORE, Type::Bool)
}

pub(super) fn compare(order: Order, left: Expr, right: Expr) -> Expr {
    expr(ExprKind::Compare(order, Box::new(left), Box::new(right)), Type::Bool)
}

pub(super) fn not(one: Expr) -> Expr {
    expr(ExprKind::Not(Box::new(one)), Type::Bool)
}

pub(super) fn pieces(left: Expr, right: Expr) -> Expr {
    let ty = Type::Pieces { of: Some(FARM), kind: Some(Kind::Polygon) };
    expr(ExprKind::Intersection(Box::new(left), Box::new(right)), ty)
}

pub(super) fn without(left: Expr, right: Expr) -> Expr {
    let ty = Type::Pieces { of: None, kind: Some(Kind::Polygon) };
    expr(ExprKind::Without(Box::new(left), Box::new(right)), ty)
}

pub(super) fn area(of: Expr) -> Expr {
    expr(ExprKind::Call(Function::Area, vec![of]), Type::AREA)
}

/// `(class where condition)`, with `it` in the slot.
pub(super) fn filtered(class: ClassId, slot: Slot, condition: Expr) -> Expr {
    let kind = ExprKind::Filter { over: Box::new(layer(class)), slot, condition: Box::new(condition) };
    expr(kind, Type::All(class))
}

pub(super) fn binding(slot: Slot, name: &str, class: ClassId) -> Binding {
    Binding {
        slot,
        name: name.into(),
        over: layer(class),
        ty: Type::Item(class),
        relation: None,
        condition: None,
        pairs_with: None,
    }
}

/// `… overlapping target [by at least …]`
pub(super) fn overlapping(binding: Binding, target: Expr, at_least: Vec<AtLeast>) -> Binding {
    Binding { relation: Some(Relation { kind: RelationKind::Overlapping, target, at_least }), ..binding }
}

pub(super) fn constraint(kind: ConstraintKind, condition: Expr) -> Constraint {
    Constraint {
        label: None,
        kind,
        condition,
        unless: None,
        message: Template::default(),
        severity: Severity::Prohibited,
        remedies: vec![],
        feedback: vec![],
        quantities: vec![],
        evidence: vec![],
        text: "".into(),
        span: span(),
    }
}

pub(super) fn rule(id: &str, bindings: Vec<Binding>, lets: Vec<Let>, constraints: Vec<Constraint>) -> Rule {
    Rule {
        id: id.into(),
        title: id.into(),
        docs: vec![],
        module: "m".into(),
        pack: "p".into(),
        basis: vec![],
        departments: vec![],
        severity: Severity::Prohibited,
        confidence: Confidence::Verified,
        from: None,
        to: None,
        applies: vec![],
        frame: 8,
        bindings,
        lets,
        constraints,
        span: span(),
        text: span(),
    }
}

pub(super) fn rectangle(x1: f64, y1: f64, x2: f64, y2: f64) -> Shape {
    Shape::rectangle(&bounds(x1, y1, x2, y2))
}

pub(super) fn bounds(x1: f64, y1: f64, x2: f64, y2: f64) -> BoundingBox {
    BoundingBox { min: Coord { x: x1, y: y1 }, max: Coord { x: x2, y: y2 } }
}

/// What is known of the shape of a feature.
pub(super) enum Ground {
    Known(Shape),
    Invalid(BoundingBox),
    Missing,
}

/// Data in which the layers and the record are supplied and empty.
pub(super) fn data(program: &Program) -> Dataset {
    let mut data = Dataset::new(&program.schema);
    for class in [PARCEL, FARM, PACKAGE] {
        *data.items_mut(class) = Items::supplied(program.schema.class(class), Kind::Polygon);
    }
    data
}

/// Adds a feature with `far` and `core`.
pub(super) fn add(data: &mut Dataset, class: ClassId, id: &str, ground: Ground, values: [Value; 2]) -> ItemRef {
    let [far, core] = values;
    let values = [Value::Text(id.into()), far, core];
    let place = Place::file(FileId(0));
    let items = data.items_mut(class);
    let index = match ground {
        Ground::Known(shape) => items.push(id, place, None, values, GeometryState::Valid, Some(shape.view())),
        Ground::Invalid(bounds) => items.push(id, place, None, values, GeometryState::Invalid(bounds), None),
        Ground::Missing => items.push(id, place, None, values, GeometryState::Missing, None),
    };
    ItemRef { class, index }
}

/// Adds a feature with a known shape and no values.
pub(super) fn add_shape(data: &mut Dataset, class: ClassId, id: &str, shape: Shape) -> ItemRef {
    add(data, class, id, Ground::Known(shape), [Value::Missing, Value::Missing])
}

pub(super) fn add_package(data: &mut Dataset, id: &str, parcels: &[ItemRef]) {
    let parcels: Arc<[Value]> = parcels.iter().map(|parcel| Value::Item(*parcel)).collect();
    let values = [Value::Text(id.into()), Value::List(parcels)];
    let items = data.items_mut(PACKAGE);
    items.push(id, Place::file(FileId(0)), None, values, GeometryState::Missing, None);
}

pub(super) fn decimal(value: i64) -> Value {
    Value::Number(Decimal::from(value))
}

/// Runs all rules in the plane.
pub(super) fn check(program: &Program, data: &Dataset) -> Results {
    let settings = Settings::default();
    run(program, &plan(program, &settings), data, &settings, &|_, _| {})
}

/// Returns the findings as `verdict id` lines.
pub(super) fn lines(results: &Results) -> Vec<String> {
    results.findings.iter().map(|finding| format!("{:?} {}", finding.verdict, finding.id)).collect()
}
