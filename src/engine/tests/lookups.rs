//! Going only through the things that registers leave comes to what going through all of them comes to, and takes fewer.

use std::sync::Arc;

use proptest::prelude::*;

use super::build::*;
use crate::engine::run::run_with;
use crate::engine::{Settings, plan, run_timed};
use crate::geometry::Kind;
use crate::model::{
    Class, ClassId, ClassKind, CodeEntry, CodeList, CodeRef, CodesId, Dataset, Field, FieldId, GeometryState, ItemRef,
    Items, Names, Type, Value,
};
use crate::sema::program::*;
use crate::source::{FileId, Place};

const DEED: ClassId = ClassId(4);
const KINDS: CodesId = CodesId(1);
const IT: Slot = Slot(4);

/// The fields of a deed, which are also what is compared; deeds refer to each other.
fn fields() -> Vec<(&'static str, Type)> {
    let list = |ty: Type| Type::List(Box::new(ty));
    let (item, code) = (Type::Item(DEED), Type::Code(KINDS));
    vec![
        ("id", Type::Text),
        ("peer", item.clone()),
        ("peers", list(item)),
        ("kind", code.clone()),
        ("kinds", list(code)),
        ("label", Type::Text),
        ("labels", list(Type::Text)),
        ("weight", Type::NUMBER),
        ("core", Type::Bool),
    ]
}

fn program_of_deeds() -> Program {
    let mut program = program();
    let names = |name: &str| Names { name: name.into(), second: None };
    let field = |(name, ty): (&str, Type)| Field {
        names: names(name),
        ty,
        optional: true,
        limit: None,
        aliases: vec![],
        missing: vec![],
        computed: false,
        span: None,
    };
    let fields = fields().into_iter().map(field).collect();
    let deed = Class { names: names("deed"), aliases: vec![], kind: ClassKind::Record, fields, span: None };
    program.schema.classes.push(deed);
    // 0 covers 1 covers 2; 3 covers 4.
    let entry = |(at, parent): (usize, Option<u32>)| CodeEntry {
        code: format!("{at:02}").into(),
        name: "".into(),
        parent,
        level: 1,
    };
    let entries = [None, Some(0), Some(1), None, Some(3)].into_iter().enumerate().map(entry).collect();
    program.schema.codes.push(CodeList::new(names("kind"), entries));
    program
}

/// A field of the deed in a slot, or what leads on from there.
fn get(slot: Slot, path: &[&str]) -> Expr {
    path.iter().fold(variable(slot, DEED), |base, name| {
        let at = fields().iter().position(|(field, _)| field == name).expect("a field");
        expr(ExprKind::Field(Box::new(base), FieldId(at as u16)), fields()[at].1.clone())
    })
}

/// The ways to say that a deed `e` has something of `s`.
fn terms(e: Slot, s: Slot) -> Vec<Expr> {
    let same = |one, other| compare(Order::Equal, one, other);
    let two =
        |kind: fn(Box<Expr>, Box<Expr>) -> ExprKind, one, other| expr(kind(Box::new(one), Box::new(other)), Type::Bool);
    let is_in = |one, list| two(ExprKind::In, one, list);
    let has = |list, one| two(ExprKind::Has, list, one);
    vec![
        same(get(e, &["peer"]), get(s, &[])),
        same(get(s, &[]), get(e, &[])),
        same(get(s, &["peer"]), get(e, &["peer"])),
        same(get(e, &["kind"]), get(s, &["kind"])),
        same(get(e, &["label"]), get(s, &["label"])),
        same(get(s, &["weight"]), get(e, &["weight"])),
        same(get(e, &["core"]), get(s, &["core"])),
        same(get(e, &["peer", "label"]), get(s, &["peer", "label"])),
        same(get(e, &["weight"]), number("1.0")),
        has(get(e, &["peers"]), get(s, &[])),
        has(get(e, &["peers"]), get(s, &["peer"])),
        has(get(s, &["peers"]), get(e, &[])),
        has(get(s, &["peers"]), get(e, &["peer"])),
        has(get(e, &["kinds"]), get(s, &["kind"])),
        has(get(s, &["kinds"]), get(e, &["kind"])),
        has(get(s, &["labels"]), get(e, &["label"])),
        is_in(get(s, &[]), get(e, &["peers"])),
        is_in(get(e, &["peer"]), get(s, &["peers"])),
        is_in(get(s, &["kind"]), get(e, &["kind"])),
        is_in(get(e, &["kind"]), get(s, &["kind"])),
        is_in(get(s, &["kind"]), get(e, &["kinds"])),
        is_in(get(e, &["kind"]), get(s, &["kinds"])),
        is_in(get(e, &["label"]), get(s, &["labels"])),
        two(ExprKind::CodeCovers, get(e, &["kind"]), get(s, &["kind"])),
        has(get(e, &["peer", "peers"]), get(s, &[])),
    ]
}

/// How terms stand in a condition.
fn condition(shape: u8, one: Expr, other: Expr, core: Expr) -> Expr {
    let and = |all| expr(ExprKind::And(all), Type::Bool);
    let or = |all| expr(ExprKind::Or(all), Type::Bool);
    let unequal = |one: Expr| match one.kind {
        ExprKind::Compare(Order::Equal, a, b) => expr(ExprKind::Compare(Order::NotEqual, a, b), Type::Bool),
        _ => not(one),
    };
    match shape {
        0 => one,
        1 => not(one),
        2 => and(vec![core, one]),
        3 => and(vec![one, other]),
        4 => or(vec![core, unequal(one)]),
        5 => not(and(vec![one, core])),
        6 => not(or(vec![unequal(one), unequal(other)])),
        7 => and(vec![core, not(unequal(one)), or(vec![other, not(get(IT, &["core"]))])]),
        _ => or(vec![one, other]),
    }
}

/// The places where a condition on `e` can stand in a rule about each `s`.
fn constraint_with(place: u8, condition: Expr) -> (Vec<Binding>, Expr) {
    let s = binding(P, "s", DEED);
    let e = binding(IT, "e", DEED);
    let quantifier = |kind, binding, condition| {
        let kind = ExprKind::Quantifier { kind, binding: Box::new(binding), condition: Box::new(condition) };
        expr(kind, Type::Bool)
    };
    let aggregate = |kind, binding, element, ty| {
        expr(ExprKind::Aggregate { kind, bindings: vec![binding], element: Box::new(element) }, ty)
    };
    let core = get(IT, &["core"]);
    let kept = Binding { condition: Some(condition.clone()), ..e.clone() };
    let filtered = filtered(DEED, IT, condition.clone());
    let empty = |of| expr(ExprKind::IsEmpty(Box::new(of)), Type::Bool);
    let more = |of| compare(Order::Greater, of, number("1"));
    let stated = match place {
        0 => quantifier(Quantifier::Any, e, condition),
        1 => quantifier(Quantifier::All, e, condition),
        2 => quantifier(Quantifier::None, e, condition),
        3 => quantifier(Quantifier::Any, kept, core),
        4 => quantifier(Quantifier::All, kept, core),
        5 => more(aggregate(Aggregate::Count, kept, variable(IT, DEED), Type::NUMBER)),
        6 => more(aggregate(Aggregate::Sum, kept, get(IT, &["weight"]), Type::NUMBER)),
        7 => more(aggregate(Aggregate::Only, kept, get(IT, &["weight"]), Type::NUMBER)),
        8 => empty(filtered),
        9 => {
            let over = Binding { over: filtered, slot: F, ..e };
            quantifier(Quantifier::All, over, get(F, &["core"]))
        }
        10 => {
            let kind = ExprKind::Call(crate::sema::functions::Function::Union, vec![filtered]);
            compare(Order::Greater, area(expr(kind, Type::Geometry(None))), m2("1"))
        }
        11 => return (vec![s, Binding { pairs_with: Some(P), ..kept }], core),
        _ => return (vec![s, kept], core),
    };
    (vec![s], stated)
}

fn value(ty: &Type, at: u8) -> Value {
    match (ty, at) {
        (_, 0) => Value::Missing,
        (_, 1) => Value::Unreadable("?".into()),
        (Type::Item(_), 2) => Value::Dangling("nobody".into()),
        (Type::Item(class), at) => Value::Item(ItemRef { class: *class, index: u32::from(at) - 3 }),
        (Type::Code(list), at) => Value::Code(CodeRef { list: *list, entry: u32::from(at) % 5 }),
        (Type::Text, at) => Value::Text(["A", " a", "Ａ", "b "][at as usize % 4].into()),
        (Type::Bool, at) => Value::Bool(at % 2 == 0),
        (_, at) => Value::Number(["1", "1.0", "2", "3"][at as usize % 4].parse().expect("a number")),
    }
}

#[derive(Debug, Clone)]
struct Deed {
    values: Vec<u8>,
    lists: Vec<Option<Vec<u8>>>,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let of = prop_oneof![1 => 0..3_u8, 8 => 3..8_u8];
    let list = proptest::option::weighted(0.9, proptest::collection::vec(of.clone(), 0..4));
    let deed = (proptest::collection::vec(of, 9), proptest::collection::vec(list, 9));
    proptest::collection::vec(deed.prop_map(|(values, lists)| Deed { values, lists }), 5..9)
}

fn dataset(program: &Program, deeds: &[Deed], supplied: bool) -> Dataset {
    let mut data = data(program);
    *data.items_mut(DEED) = Items::supplied(program.schema.class(DEED), Kind::Polygon);
    data.items_mut(DEED).complete = supplied;
    for (number, deed) in deeds.iter().enumerate() {
        let id: Arc<str> = format!("D{}", number * 3 % 7).into();
        let mut values = vec![Value::Text(Arc::clone(&id))];
        for (at, (_, ty)) in fields().iter().enumerate().skip(1) {
            values.push(match ty {
                Type::List(member) => match &deed.lists[at] {
                    Some(list) => Value::List(list.iter().map(|one| value(member, *one)).collect()),
                    None => Value::Missing,
                },
                ty => value(ty, deed.values[at]),
            });
        }
        data.items_mut(DEED).push(&id, Place::file(FileId(0)), None, values, GeometryState::Missing, None);
    }
    data
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn registers_change_nothing(
        deeds in deeds(),
        rules in proptest::collection::vec((0..25_usize, 0..25_usize, 0..9_u8, 0..13_u8, proptest::bool::weighted(0.8)), 4),
        supplied in proptest::bool::weighted(0.8),
    ) {
        let mut program = program_of_deeds();
        for (number, (one, other, shape, place, of_subject)) in rules.into_iter().enumerate() {
            let of = if of_subject { P } else { IT };
            let terms = terms(IT, of);
            let condition = condition(shape, terms[one].clone(), terms[other].clone(), get(of, &["core"]));
            let (bindings, stated) = constraint_with(place, condition);
            let mut forbidden = constraint(ConstraintKind::Forbid, stated.clone());
            forbidden.quantities = vec![Quantity { text: "it".into(), value: stated.clone() }];
            let required = constraint(ConstraintKind::Require, stated);
            program.rules.push(rule(&format!("R{number}"), bindings, vec![], vec![forbidden, required]));
        }
        let data = dataset(&program, &deeds, supplied);
        let settings = Settings::default();
        let plan = plan(&program, &settings);
        let run = |shortcuts| run_with(&program, &plan, &data, &settings, &|_, _| {}, shortcuts);
        prop_assert_eq!(run(true), run(false));
    }
}

/// A rule in which each deed asks for others, and deeds that each name one other.
fn one_of_many(count: u32, condition: Expr, place: u8) -> (Program, Dataset) {
    let mut program = program_of_deeds();
    let (bindings, stated) = constraint_with(place, condition);
    program.rules.push(rule("R", bindings, vec![], vec![constraint(ConstraintKind::Require, stated)]));
    let mut data = data(&program);
    *data.items_mut(DEED) = Items::supplied(program.schema.class(DEED), Kind::Polygon);
    for number in 0..count {
        let next = Value::Item(ItemRef { class: DEED, index: (number + 1) % count });
        let id = format!("D{number}");
        let mut values = vec![Value::Missing; fields().len()];
        values[0] = Value::Text(id.as_str().into());
        values[1] = next.clone();
        values[2] = Value::List([next, Value::Dangling("nobody".into())].into());
        values[5] = Value::Text(id.as_str().into());
        values[8] = Value::Bool(true);
        data.items_mut(DEED).push(&id, Place::file(FileId(0)), None, values, GeometryState::Missing, None);
    }
    (program, data)
}

#[test]
fn of_many_records_only_those_that_name_a_subject_are_gone_through() {
    let has = |list, item| expr(ExprKind::Has(Box::new(list), Box::new(item)), Type::Bool);
    let conditions = [
        has(get(IT, &["peers"]), variable(P, DEED)),
        compare(Order::Equal, get(IT, &["peer"]), variable(P, DEED)),
        compare(Order::Equal, get(IT, &["label"]), get(P, &["label"])),
        has(get(P, &["peers"]), variable(IT, DEED)),
        not(compare(Order::NotEqual, get(IT, &["peer", "label"]), get(P, &["label"]))),
    ];
    let other = compare(Order::NotEqual, get(IT, &["peer"]), variable(P, DEED));
    // Of `all`, those that fail are asked for.
    let cases = conditions
        .iter()
        .flat_map(|condition| [0, 2, 3, 5, 8, 9, 10, 11, 12].map(|place| (condition, place)))
        .chain([(&other, 1)]);
    for (condition, place) in cases {
        let (program, data) = one_of_many(300, condition.clone(), place);
        let settings = Settings::default();
        let (_, timings) = run_timed(&program, &plan(&program, &settings), &data, &settings);
        let [register] = timings.registers.as_slice() else { panic!("one register") };
        // Once for each deed, and again where a finding is described.
        assert!(register.asked >= 300 && register.asked <= 1200, "place {place}: {register:?}");
        assert_eq!(register.things, register.asked, "place {place}: one each");
    }
}

#[test]
fn what_depends_on_no_subject_is_asked_once() {
    let given = expr(ExprKind::Constant(Value::Text("D7".into())), Type::Text);
    let condition = compare(Order::Equal, get(IT, &["label"]), given);
    for place in [0, 2, 3] {
        let (program, data) = one_of_many(300, condition.clone(), place);
        let settings = Settings::default();
        let (_, timings) = run_timed(&program, &plan(&program, &settings), &data, &settings);
        assert_eq!(timings.registers[0].asked, 1, "place {place}");
    }
}

#[test]
fn rules_share_a_register_and_a_plan_names_it() {
    let has = |list, item| expr(ExprKind::Has(Box::new(list), Box::new(item)), Type::Bool);
    let (mut program, data) = one_of_many(20, has(get(IT, &["peers"]), variable(P, DEED)), 0);
    let called = expr(ExprKind::CallDefine(0, vec![variable(P, DEED)]), Type::Bool);
    program.defines.push(Define {
        names: Names { name: "named".into(), second: None },
        parameters: 1,
        frame: 8,
        body: program.rules[0].constraints[0].condition.clone(),
    });
    program.rules.push(rule(
        "S",
        vec![binding(P, "s", DEED)],
        vec![],
        vec![constraint(ConstraintKind::Forbid, not(called))],
    ));
    let settings = Settings::default();
    let plan = plan(&program, &settings);
    assert_eq!(plan.to_string(), "deed: 2 rules\ndeed by peers (2 rules)\n");
    let (_, timings) = run_timed(&program, &plan, &data, &settings);
    assert_eq!(timings.registers[0].asked, 40);
}
