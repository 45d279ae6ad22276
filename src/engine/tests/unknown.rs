//! What is unknown stays unknown, with its reasons, and no more than that.

use super::build::*;
use crate::engine::finding::{Bound, Missing, Verdict};
use crate::engine::run::run_with;
use crate::engine::{Settings, plan};
use crate::geometry::{Coord, Kind, Shape};
use crate::model::{ItemRef, Type, Value};
use crate::sema::program::*;

fn farm(index: u32) -> ItemRef {
    ItemRef { class: FARM, index }
}

fn taking(order: Order, limit: &str) -> Rule {
    let taken = pieces(variable(P, PARCEL), layer(FARM));
    let limit = constraint(ConstraintKind::Forbid, compare(order, area(taken), m2(limit)));
    rule("R", vec![binding(P, "p", PARCEL)], vec![], vec![limit])
}

/// A parcel, a farm that takes 1000 m² of it, and a farm of which only a box is known.
fn half_known(order: Order, limit: &str, gap: f64) -> (Verdict, Vec<Missing>) {
    let mut program = program();
    program.rules.push(taking(order, limit));
    let mut data = data(&program);
    add_shape(&mut data, PARCEL, "P1", rectangle(0.0, 0.0, 100.0, 100.0));
    add_shape(&mut data, FARM, "F1", rectangle(90.0, 0.0, 200.0, 100.0));
    let unknown = [Value::Missing, Value::Missing];
    add(&mut data, FARM, "F2", Ground::Invalid(bounds(gap, 0.0, gap + 50.0, 50.0)), unknown.clone());
    add(&mut data, FARM, "F3", Ground::Missing, unknown);
    let results = check(&program, &data);
    results.findings.first().map_or((Verdict::Pass, vec![]), |finding| (finding.verdict, finding.missing.clone()))
}

#[test]
fn known_ground_decides_where_it_can() {
    let invalid = vec![Missing::Geometry(farm(1))];
    assert_eq!(half_known(Order::Greater, "500", 0.0), (Verdict::Conflict, vec![]));
    assert_eq!(half_known(Order::Greater, "5000", 0.0), (Verdict::Undetermined, invalid.clone()));
    assert_eq!(half_known(Order::Less, "500", 0.0), (Verdict::Pass, vec![]));
    assert_eq!(half_known(Order::Less, "5000", 0.0), (Verdict::Undetermined, invalid));
    // What the box does not reach is none of the parcel's business, nor is what has no coordinates.
    assert_eq!(half_known(Order::Greater, "5000", 500.0), (Verdict::Pass, vec![]));
}

#[test]
fn a_layer_that_was_not_supplied_is_unknown_and_an_empty_one_is_known() {
    let mut program = program();
    program.rules.push(taking(Order::Greater, "1"));
    let overlap = vec![binding(P, "p", PARCEL), overlapping(binding(F, "f", FARM), variable(P, PARCEL), vec![])];
    let above = constraint(ConstraintKind::Forbid, compare(Order::Greater, far(P, PARCEL), far(F, FARM)));
    program.rules.push(rule("S", overlap, vec![], vec![above]));
    let mut data = data(&program);
    add_shape(&mut data, PARCEL, "P1", rectangle(0.0, 0.0, 100.0, 100.0));
    let empty = check(&program, &data);
    assert_eq!((empty.rules[0].counts.pass, empty.rules[1].counts.not_applicable), (1, 1));

    data.items_mut(FARM).supplied = false;
    let results = check(&program, &data);
    assert_eq!(lines(&results), ["Undetermined R/parcel:P1", "Undetermined S/parcel:P1/farm:?"]);
    assert!(results.findings.iter().all(|finding| finding.missing == [Missing::Class(FARM)]));

    data.items_mut(FARM).supplied = true;
    *data.items_mut(PARCEL) = crate::model::Items::unsupplied(program.schema.class(PARCEL));
    let results = check(&program, &data);
    assert_eq!(results.findings[0].bindings, [Bound::Unknown]);
    assert_eq!((results.rules[0].counts.undetermined, results.rules[0].counts.total()), (1, 1));
}

#[test]
fn a_subject_without_a_shape_is_undetermined_not_passed() {
    let mut program = program();
    program.rules.push(taking(Order::Greater, "1"));
    let mut data = data(&program);
    add(&mut data, PARCEL, "P1", Ground::Missing, [Value::Missing, Value::Missing]);
    add(&mut data, PARCEL, "P2", Ground::Invalid(bounds(0.0, 0.0, 9.0, 9.0)), [Value::Missing, Value::Missing]);
    add(&mut data, PARCEL, "P3", Ground::Invalid(bounds(50.0, 0.0, 59.0, 9.0)), [Value::Missing, Value::Missing]);
    add_shape(&mut data, FARM, "F1", rectangle(0.0, 0.0, 10.0, 10.0));
    let results = check(&program, &data);
    // P3 is not known, but lies where no farm is.
    assert_eq!(lines(&results), ["Undetermined R/parcel:P1", "Undetermined R/parcel:P2"]);
    assert_eq!(results.counts.pass, 1);
}

#[test]
fn missing_fields_name_themselves_and_can_be_asked_for() {
    let mut program = program();
    let absent = |slot, class| not(expr(ExprKind::IsPresent(Box::new(far(slot, class))), Type::Bool));
    let below = compare(Order::LessOrEqual, far(P, PARCEL), number("2"));
    let bindings = || vec![binding(P, "p", PARCEL)];
    program.rules.push(rule("A", bindings(), vec![], vec![constraint(ConstraintKind::Require, below.clone())]));
    let either = expr(ExprKind::Or(vec![absent(P, PARCEL), below]), Type::Bool);
    program.rules.push(rule("B", bindings(), vec![], vec![constraint(ConstraintKind::Require, either)]));
    let present = not(absent(P, PARCEL));
    program.rules.push(rule("C", bindings(), vec![], vec![constraint(ConstraintKind::Require, present)]));
    let mut data = data(&program);
    let known = || Ground::Known(rectangle(0.0, 0.0, 1.0, 1.0));
    add(&mut data, PARCEL, "P1", known(), [Value::Missing, Value::Missing]);
    add(&mut data, PARCEL, "P2", known(), [Value::Unreadable("x".into()), Value::Missing]);
    let results = check(&program, &data);
    assert_eq!(
        lines(&results),
        [
            "Undetermined A/parcel:P1",
            "Undetermined A/parcel:P2",
            // An absent far is no far; one that cannot be read is there, and unknown.
            "Undetermined B/parcel:P2",
            "Conflict C/parcel:P1",
        ]
    );
    let item = |index| ItemRef { class: PARCEL, index };
    assert_eq!(results.findings[0].missing, [Missing::Field(item(0), FAR)]);
    assert_eq!(results.findings[1].missing, [Missing::Unreadable(item(1), FAR)]);
}

#[test]
fn a_where_that_is_unknown_lets_nothing_slip() {
    let mut program = program();
    let chosen = Binding { condition: Some(core(P, PARCEL)), ..binding(P, "p", PARCEL) };
    let above = constraint(ConstraintKind::Forbid, compare(Order::Greater, far(P, PARCEL), number("2")));
    program.rules.push(rule("R", vec![chosen], vec![], vec![above]));
    let mut data = data(&program);
    let known = || Ground::Known(rectangle(0.0, 0.0, 1.0, 1.0));
    add(&mut data, PARCEL, "P1", known(), [decimal(3), Value::Missing]);
    add(&mut data, PARCEL, "P2", known(), [decimal(1), Value::Missing]);
    add(&mut data, PARCEL, "P3", known(), [decimal(3), Value::Bool(false)]);
    add(&mut data, PARCEL, "P4", known(), [decimal(3), Value::Bool(true)]);
    let results = check(&program, &data);
    assert_eq!(lines(&results), ["Undetermined R/parcel:P1", "Conflict R/parcel:P4"]);
    let counts = results.rules[0].counts;
    assert_eq!((counts.pass, counts.not_applicable, counts.total()), (1, 1, 4));
}

#[test]
fn sums_of_areas_are_at_least_what_is_known_and_other_sums_are_not() {
    let mut program = program();
    let near = || {
        let condition = core(Slot(3), FARM);
        Binding { condition: Some(condition), ..binding(Slot(3), "f", FARM) }
    };
    let sum = |element: Expr, ty: Type| {
        let kind = ExprKind::Aggregate { kind: Aggregate::Sum, bindings: vec![near()], element: Box::new(element) };
        expr(kind, ty)
    };
    let areas = sum(area(variable(Slot(3), FARM)), Type::AREA);
    let fars = sum(far(Slot(3), FARM), Type::NUMBER);
    let over = |total: Expr, limit: Expr| constraint(ConstraintKind::Forbid, compare(Order::Greater, total, limit));
    let bindings = || vec![binding(P, "p", PARCEL)];
    program.rules.push(rule("A", bindings(), vec![], vec![over(areas.clone(), m2("50")), over(areas, m2("500"))]));
    program.rules.push(rule("B", bindings(), vec![], vec![over(fars, number("1"))]));
    let mut data = data(&program);
    let known = || Ground::Known(rectangle(0.0, 0.0, 10.0, 10.0));
    add(&mut data, PARCEL, "P1", known(), [Value::Missing, Value::Missing]);
    add(&mut data, FARM, "F1", known(), [decimal(5), Value::Bool(true)]);
    add(&mut data, FARM, "F2", known(), [decimal(5), Value::Missing]);
    let results = check(&program, &data);
    assert_eq!(lines(&results), ["Conflict A/parcel:P1", "Undetermined A/parcel:P1#2", "Undetermined B/parcel:P1"]);
    assert_eq!(results.findings[1].missing, [Missing::Field(farm(1), CORE)]);
}

#[test]
fn what_is_taken_away_by_something_unknown_is_not_surely_left() {
    let mut program = program();
    let rest = area(without(variable(P, PARCEL), layer(FARM)));
    let over = |limit| constraint(ConstraintKind::Forbid, compare(Order::Greater, rest.clone(), m2(limit)));
    program.rules.push(rule("R", vec![binding(P, "p", PARCEL)], vec![], vec![over("50"), over("70"), over("95")]));
    let mut data = data(&program);
    add_shape(&mut data, PARCEL, "P1", rectangle(0.0, 0.0, 10.0, 10.0));
    add_shape(&mut data, FARM, "F1", rectangle(0.0, 0.0, 1.0, 10.0));
    let unknown = [Value::Missing, Value::Missing];
    add(&mut data, FARM, "F2", Ground::Invalid(bounds(7.0, 0.0, 10.0, 10.0)), unknown);
    let results = check(&program, &data);
    assert_eq!(lines(&results), ["Conflict R/parcel:P1", "Undetermined R/parcel:P1#2", "Undetermined R/parcel:P1#3"]);
}

#[test]
fn a_comparison_within_the_measuring_error_is_unknown_save_in_tests() {
    let mut program = program();
    let same = compare(Order::Equal, area(variable(P, PARCEL)), m2("100"));
    program.rules.push(rule(
        "R",
        vec![binding(P, "p", PARCEL)],
        vec![],
        vec![constraint(ConstraintKind::Require, same)],
    ));
    let mut data = data(&program);
    add_shape(&mut data, PARCEL, "P1", rectangle(0.0, 0.0, 10.0, 10.0));
    let results = check(&program, &data);
    assert_eq!(results.findings[0].missing, [Missing::WithinError("area(p) == 100 m2".into())]);
    let settings = crate::engine::Settings::for_test();
    let tried = crate::engine::trial::try_rule(&program, &data, &settings, RuleId(0), &[]);
    assert_eq!(tried.subjects[0].verdict, Verdict::Pass);
}

#[test]
fn a_layer_that_breaks_off_may_hold_more() {
    let mut program = program();
    program.rules.push(taking(Order::Greater, "500"));
    program.rules.push(taking(Order::Greater, "5000"));
    program.rules[1].id = "S".into();
    let mut data = data(&program);
    add_shape(&mut data, PARCEL, "P1", rectangle(0.0, 0.0, 100.0, 100.0));
    add_shape(&mut data, FARM, "F1", rectangle(90.0, 0.0, 200.0, 100.0));
    data.items_mut(FARM).complete = false;
    // What is known suffices for the first; the rest of the layer may decide the second.
    let results = check(&program, &data);
    assert_eq!(lines(&results), ["Conflict R/parcel:P1", "Undetermined S/parcel:P1"]);
    assert_eq!(results.findings[1].missing, [Missing::PartlyRead(FARM)]);

    data.items_mut(FARM).complete = true;
    data.items_mut(PARCEL).complete = false;
    let results = check(&program, &data);
    assert_eq!(lines(&results), ["Undetermined R/parcel:?", "Conflict R/parcel:P1", "Undetermined S/parcel:?"]);
    assert_eq!(results.rules[1].counts.total(), 2);
}

/// A polygon of as many teeth, each half a metre wide and with a gap as wide beside it; upright, or else lying.
fn comb(teeth: u32, upright: bool) -> Shape {
    let long = f64::from(teeth);
    let mut coords = vec![Coord { x: long, y: -1.0 }, Coord { x: long, y: -0.5 }];
    for tooth in (0..teeth).rev().map(f64::from) {
        coords.extend(
            [(tooth + 0.5, -0.5), (tooth + 0.5, long), (tooth, long), (tooth, -0.5)].map(|(x, y)| Coord { x, y }),
        );
    }
    coords.extend([Coord { x: 0.0, y: -1.0 }, Coord { x: long, y: -1.0 }]);
    if !upright {
        coords = coords.iter().rev().map(|at| Coord { x: at.y, y: at.x }).collect();
    }
    let mut shape = Shape::empty(Kind::Polygon);
    shape.push_ring(coords);
    shape.end_part();
    shape
}

#[test]
fn borders_that_cross_too_often_leave_ground_unknown() {
    for (teeth, expected) in [(20, "Conflict R/parcel:P1"), (400, "Undetermined R/parcel:P1")] {
        let mut program = program();
        program.rules.push(taking(Order::Greater, "90"));
        let mut data = data(&program);
        add_shape(&mut data, PARCEL, "P1", comb(teeth, true));
        let farm = add_shape(&mut data, FARM, "F1", comb(teeth, false));
        // By the layer, and each pair by itself.
        for shortcuts in [true, false] {
            let settings = Settings::default();
            let results = run_with(&program, &plan(&program, &settings), &data, &settings, &|_, _| {}, shortcuts);
            assert_eq!(lines(&results), [expected]);
            let missing = if teeth < 100 { Vec::new() } else { vec![Missing::Tangled(Some(farm))] };
            assert_eq!(results.findings[0].missing, missing);
        }
    }
}

#[test]
fn things_whose_borders_are_tangled_have_no_union() {
    let mut program = program();
    program.rules.push(taking(Order::Greater, "1000000"));
    program.rules.push(taking(Order::Greater, "100"));
    program.rules[1].id = "S".into();
    let mut data = data(&program);
    add_shape(&mut data, PARCEL, "P1", rectangle(-2.0, -2.0, 500.0, 500.0));
    add_shape(&mut data, FARM, "F1", comb(400, true));
    add_shape(&mut data, FARM, "F2", comb(400, false));
    // At most the sum of both, and at least the larger.
    assert_eq!(lines(&check(&program, &data)), ["Conflict S/parcel:P1"]);
    program.rules[0] = taking(Order::Greater, "150000");
    let results = check(&program, &data);
    assert_eq!(lines(&results), ["Undetermined R/parcel:P1", "Conflict S/parcel:P1"]);
}
