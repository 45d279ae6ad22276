//! The rules of the result set and the program that they would compile to, built by hand.

use std::sync::Arc;

use jiff::civil::date;
use rust_decimal::Decimal;

use crate::geometry::Kind;
use crate::model::*;
use crate::sema::program::{
    Binding, Confidence, Constraint, ConstraintKind, Expr, ExprKind, Order, Param, Program, Remedy as RemedyOf, Rule,
    Severity, Slot, Source, Template, TemplatePart, Test,
};
use crate::source::{FileId, Span};

pub(in crate::report) const RULES: &str = r#"module national.control_lines

/// Construction must not take permanent basic farmland.
///
/// Only a state key project that cannot avoid it may,
/// and only with the State Council's approval.
rule CL-101 "建设占用永久基本农田" {
    basis      land_law "第三十五条"
    department natural_resources
    severity   prohibited

    for each p in parcel
    let taken = p & permanent_basic_farmland
    forbid area(taken) > sliver_area
    unless p.far is missing
        or p.far < 1
    message "{p.name} 占用永久基本农田 {area(taken)}（{area(taken) : 亩}），占地块 {share(p, permanent_basic_farmland)}"
    remedy  subtract permanent_basic_farmland from p
    remedy  "调整用地范围避让；确需占用的，先论证必要性并补划"
}

rule CL-110 "占用耕地的补充责任" {
    oblige replenish: area(k) > 0 m2
    require settled: k.far <= 2
}

rule CL-900 "尚未施行的规则" {
    forbid k.far > 3
}

test CL-101 "一条边压盖一千平方米" {}
"#;

pub(in crate::report) const PARCEL: ClassId = ClassId(1);
pub(in crate::report) const FARMLAND: ClassId = ClassId(2);
pub(super) const PACKAGE: ClassId = ClassId(3);

fn arc(text: &str) -> Arc<str> {
    text.into()
}

fn names(name: &str, second: &str) -> Names {
    Names { name: name.into(), second: Some(second.into()) }
}

fn field(name: &str, second: &str, ty: Type, alias: &str) -> Field {
    let aliases = if alias.is_empty() { Vec::new() } else { vec![alias.into()] };
    Field {
        names: names(name, second),
        ty,
        optional: true,
        limit: None,
        aliases,
        missing: Vec::new(),
        computed: false,
        span: None,
    }
}

/// Returns the span of a stretch of the rules' text.
pub(in crate::report) fn span(of: &str) -> Span {
    let start = RULES.find(of).unwrap_or_else(|| panic!("`{of}` is not in the rules"));
    Span::new(FileId(0), start, start + of.len())
}

fn expr(of: &str, kind: ExprKind, ty: Type) -> Expr {
    Expr { kind, ty, span: span(of) }
}

fn schema() -> Schema {
    let layer = |name, second, fields| Class {
        names: names(name, second),
        kind: ClassKind::Layer(Some(Kind::Polygon)),
        aliases: Vec::new(),
        fields,
        span: None,
    };
    let mut schema = Schema::default();
    schema.classes.push(layer(
        "parcel",
        "地块",
        vec![
            field("id", "标识码", Type::Text, "BSM"),
            field("name", "名称", Type::Text, ""),
            field("far", "容积率", Type::NUMBER, "RJL"),
        ],
    ));
    schema.classes.push(layer(
        "permanent_basic_farmland",
        "永久基本农田",
        vec![field("id", "标识码", Type::Text, "BSM")],
    ));
    let parcels = field("parcels", "地块", Type::List(Box::new(Type::Item(PARCEL))), "");
    schema.classes.push(Class {
        names: names("package", "资产包"),
        kind: ClassKind::Record,
        aliases: Vec::new(),
        fields: vec![parcels],
        span: None,
    });
    schema.enums.push(Enumeration {
        names: names("department", "部门"),
        values: vec![names("natural_resources", "自然资源"), names("agriculture", "农业农村")],
    });
    let entry = CodeEntry { code: "0701".into(), name: "城镇住宅用地".into(), parent: None, level: 1 };
    schema.codes.push(CodeList::new(names("land_use", "用地用海分类"), vec![entry]));
    schema
}

fn rule(id: &str, title: &str, constraints: Vec<Constraint>, text: Span) -> Rule {
    let over = expr("parcel", ExprKind::Class(PARCEL), Type::All(PARCEL));
    let binding = Binding {
        slot: Slot(0),
        name: "p".into(),
        over,
        ty: Type::Item(PARCEL),
        relation: None,
        condition: None,
        pairs_with: None,
    };
    Rule {
        id: id.into(),
        title: title.into(),
        docs: Vec::new(),
        module: "national.control_lines".into(),
        pack: "national".into(),
        basis: vec![(0, vec!["第三十五条".into()])],
        departments: vec![(EnumId(0), 0)],
        severity: Severity::Prohibited,
        confidence: Confidence::Verified,
        from: None,
        to: None,
        applies: Vec::new(),
        frame: 2,
        bindings: vec![binding],
        lets: Vec::new(),
        constraints,
        span: text,
        text,
    }
}

fn constraint(label: Option<&str>, kind: ConstraintKind, condition: Expr, severity: Severity) -> Constraint {
    let text = RULES[condition.span.start as usize..condition.span.end as usize].into();
    let span = condition.span;
    Constraint {
        label: label.map(Into::into),
        kind,
        condition,
        unless: None,
        message: Template::default(),
        severity,
        remedies: Vec::new(),
        feedback: Vec::new(),
        quantities: Vec::new(),
        evidence: Vec::new(),
        text,
        span,
    }
}

fn compare(whole: &str, left: (&str, ExprKind), order: Order, right: (&str, ExprKind), ty: Type) -> Expr {
    let (left, right) = (expr(left.0, left.1, ty.clone()), expr(right.0, right.1, ty));
    expr(whole, ExprKind::Compare(order, Box::new(left), Box::new(right)), Type::Bool)
}

pub(super) fn program() -> Program {
    let farmland = || expr("permanent_basic_farmland", ExprKind::Class(FARMLAND), Type::All(FARMLAND));
    let subject = || expr("p in parcel", ExprKind::Variable(Slot(0)), Type::Item(PARCEL));
    let taken = ExprKind::Intersection(Box::new(subject()), Box::new(farmland()));
    let area = compare(
        "area(taken) > sliver_area",
        ("area(taken)", taken),
        Order::Greater,
        ("sliver_area", ExprKind::Param(0)),
        Type::AREA,
    );
    let mut first = constraint(None, ConstraintKind::Forbid, area, Severity::Prohibited);
    first.unless = Some(expr("p.far is missing\n        or p.far < 1", ExprKind::Variable(Slot(0)), Type::Bool));
    first.remedies = vec![
        RemedyOf::Subtract {
            from: Expr { span: span("p\n    remedy  \"调整").shrunk(1), ..subject() },
            what: farmland(),
            margin: None,
        },
        RemedyOf::Text(Template {
            parts: vec![TemplatePart::Text("调整用地范围避让；确需占用的，先论证必要性并补划".into())],
        }),
    ];
    let far = |whole: &str| {
        let (left, right) = whole.split_once(if whole.contains("<=") { " <= " } else { " > " }).expect("a comparison");
        let number = ExprKind::Constant(Value::Number(right.trim_end_matches(" m2").parse().unwrap_or_default()));
        let order = if whole.contains("<=") { Order::LessOrEqual } else { Order::Greater };
        compare(whole, (left, ExprKind::Variable(Slot(0))), order, (right, number), Type::NUMBER)
    };
    let replenish = constraint(Some("replenish"), ConstraintKind::Oblige, far("area(k) > 0 m2"), Severity::Conditional);
    let settled = constraint(Some("settled"), ConstraintKind::Require, far("k.far <= 2"), Severity::Conditional);
    let later = constraint(None, ConstraintKind::Forbid, far("k.far > 3"), Severity::Advisory);
    let whole = |start: &str, end: &str| span(start).to(span(end));
    let mut rules = vec![
        rule("CL-101", "建设占用永久基本农田", vec![first], whole("rule CL-101", "先论证必要性并补划\"\n}")),
        rule("CL-110", "占用耕地的补充责任", vec![replenish, settled], whole("rule CL-110", "k.far <= 2\n}")),
        rule("CL-900", "尚未施行的规则", vec![later], whole("rule CL-900", "k.far > 3\n}")),
    ];
    rules[0].text = span("/// Construction must not").to(rules[0].text);
    rules[0].docs = [
        "Construction must not take permanent basic farmland.",
        "",
        "Only a state key project that cannot avoid it may,",
        "and only with the State Council's approval.",
    ]
    .map(arc)
    .to_vec();
    rules[1].severity = Severity::Conditional;
    rules[1].confidence = Confidence::Unverified;
    rules[1].departments.push((EnumId(0), 1));
    rules[2].severity = Severity::Advisory;
    rules[2].confidence = Confidence::Proposal;
    rules[2].from = Some(date(2030, 1, 1));
    Program {
        schema: schema(),
        sources: vec![Source {
            names: names("land_law", "土地管理法"),
            title: "中华人民共和国土地管理法".into(),
            number: Some("主席令第三十二号".into()),
            issuer: None,
            issued: Some(date(2019, 8, 26)),
            effective: Some(date(2020, 1, 1)),
            repealed: None,
            url: None,
        }],
        params: vec![Param {
            names: names("sliver_area", "零星面积"),
            ty: Type::AREA,
            value: Value::Number(Decimal::ONE),
            stricter_when_lower: Some(true),
            docs: Vec::new(),
            span: span("sliver_area"),
        }],
        rules,
        tests: vec![Test {
            rule: "CL-101".into(),
            title: "一条边压盖一千平方米".into(),
            given: Vec::new(),
            unsupplied: Vec::new(),
            expects: Vec::new(),
            span: span("test CL-101"),
        }],
        ..Program::default()
    }
}

trait Shrunk {
    fn shrunk(self, length: u32) -> Self;
}

impl Shrunk for Span {
    /// Keeps the first bytes only.
    fn shrunk(self, length: u32) -> Self {
        Span { end: self.start + length, ..self }
    }
}
