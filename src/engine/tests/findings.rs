//! Whole runs: verdicts, identity, evidence, margin, remedies, order.

use super::build::*;
use crate::engine::finding::{Finding, MessagePart, Named, Remedy as Cure, Shown, Verdict};
use crate::engine::{Settings, complete, constant, plan, run, trial};
use crate::model::{Dimension, Truth, Type, Unit, Value};
use crate::sema::functions::Function;
use crate::sema::program::*;

/// `for each p in parcel  let taken = p & farm  forbid area(taken) > 1 m2`
fn taking() -> Rule {
    let taken = || expr(ExprKind::Variable(Slot(2)), Type::Pieces { of: Some(FARM), kind: None });
    let one = Let { slot: Slot(2), name: "taken".into(), value: pieces(variable(P, PARCEL), layer(FARM)), depth: 1 };
    let mut forbid = constraint(ConstraintKind::Forbid, compare(Order::Greater, area(taken()), m2("1")));
    forbid.evidence = vec![taken()];
    forbid.quantities = vec![Quantity { text: "area(taken)".into(), value: area(taken()) }];
    forbid.message.parts = vec![
        TemplatePart::Text("taken ".into()),
        TemplatePart::Value(area(taken()), Some(Unit::Mu)),
        TemplatePart::Value(far(P, PARCEL), None),
    ];
    forbid.remedies = vec![Remedy::Subtract { from: variable(P, PARCEL), what: layer(FARM), margin: None }];
    rule("CL-101", vec![binding(P, "p", PARCEL)], vec![one], vec![forbid])
}

#[test]
fn ground_taken_is_measured_once_shown_and_cured() {
    let mut program = program();
    program.rules.push(taking());
    let mut data = data(&program);
    add_shape(&mut data, PARCEL, "P1", rectangle(0.0, 0.0, 100.0, 100.0));
    add_shape(&mut data, PARCEL, "P2", rectangle(1000.0, 0.0, 1100.0, 100.0));
    // Two farms that overlap each other: the ground counts once.
    add_shape(&mut data, FARM, "F1", rectangle(90.0, 0.0, 200.0, 100.0));
    add_shape(&mut data, FARM, "F2", rectangle(95.0, 0.0, 200.0, 50.0));
    let results = check(&program, &data);
    assert_eq!(lines(&results), ["Conflict CL-101/parcel:P1"]);
    assert_eq!((results.counts.conflict, results.counts.pass, results.counts.total()), (1, 1, 2));
    let finding = &results.findings[0];
    let Shown::Measure { value, at_least: false, dimension: Dimension::AREA, .. } = finding.quantities[0].value else {
        panic!("{:?}", finding.quantities)
    };
    assert!((value - 1000.0).abs() < 1e-6, "{value}");
    let Some(Shown::Measure { value, .. }) = finding.margin else { panic!("{:?}", finding.margin) };
    assert!((value - 999.0).abs() < 1e-6);
    let sizes: Vec<(Option<u32>, i64)> = finding
        .evidence
        .iter()
        .map(|piece| (piece.feature.map(|item| item.index), piece.area_m2.round() as i64))
        .collect();
    assert_eq!(sizes, [(Some(0), 1000), (Some(1), 250)]);
    let piece = &finding.evidence[0];
    assert!((piece.share_of_subject.expect("known") - 0.1).abs() < 1e-9 && !piece.sliver);
    assert!((piece.width_m.expect("an area") - 10.0).abs() < 0.01);
    assert_eq!(finding.message[2], MessagePart::Value(Shown::Missing, None));
    let [Cure::Geometry { removed_m2, left_m2, left_parts, .. }] = finding.remedies.as_slice() else {
        panic!("{:?}", finding.remedies)
    };
    assert!((removed_m2 - 1000.0).abs() < 1e-6 && (left_m2 - 9000.0).abs() < 1e-6 && *left_parts == 1);
}

#[test]
fn thin_pieces_are_slivers_and_borders_are_none() {
    let mut program = program();
    let mut rule = taking();
    rule.constraints[0].condition = compare(Order::Greater, area(pieces(variable(P, PARCEL), layer(FARM))), m2("0"));
    program.rules.push(rule);
    let mut data = data(&program);
    add_shape(&mut data, PARCEL, "P1", rectangle(0.0, 0.0, 100.0, 100.0));
    add_shape(&mut data, FARM, "border", rectangle(-50.0, 0.0, 0.0, 100.0));
    add_shape(&mut data, FARM, "thin", rectangle(99.95, 0.0, 150.0, 100.0));
    let results = check(&program, &data);
    let evidence = &results.findings[0].evidence;
    assert_eq!(evidence.len(), 1);
    assert!(evidence[0].sliver && (evidence[0].area_m2 - 5.0).abs() < 1e-3);
}

#[test]
fn findings_that_nobody_reads_are_named_with_their_verdicts_only() {
    let mut program = program();
    let mut rule = taking();
    rule.constraints[0].condition = compare(Order::Greater, area(pieces(variable(P, PARCEL), layer(FARM))), m2("0"));
    program.rules.push(rule);
    let mut data = data(&program);
    add_shape(&mut data, PARCEL, "P1", rectangle(0.0, 0.0, 100.0, 100.0));
    add_shape(&mut data, FARM, "thin", rectangle(99.95, 0.0, 150.0, 100.0));
    let settings = Settings { described: false, ..Settings::default() };
    let named = run(&program, &plan(&program, &settings), &data, &settings, &|_, _| {});
    let described = check(&program, &data);
    assert_eq!((&named.counts, &named.rules), (&described.counts, &described.rules));
    let Finding { id, rule, severity, verdict, .. } = described.findings[0].clone();
    assert_eq!(named.named, [Named { id, rule, severity, verdict }]);
    assert!(named.findings.is_empty() && described.named.is_empty());
}

#[test]
fn constraints_are_named_by_label_or_number_and_findings_ordered() {
    let mut program = program();
    let bindings = || vec![binding(P, "p", PARCEL), overlapping(binding(F, "f", FARM), variable(P, PARCEL), vec![])];
    let over = || constraint(ConstraintKind::Forbid, compare(Order::Greater, far(P, PARCEL), far(F, FARM)));
    let labelled = Constraint { label: Some("upper".into()), ..over() };
    program.rules.push(rule("A-1", bindings(), vec![], vec![over(), over(), labelled]));
    let mild = Constraint { severity: Severity::Advisory, ..over() };
    program.rules.push(rule("A-2", bindings(), vec![], vec![mild]));
    let mut data = data(&program);
    let known = |x: f64| Ground::Known(rectangle(x, 0.0, x + 10.0, 10.0));
    add(&mut data, PARCEL, "P2", known(0.0), [decimal(3), Value::Missing]);
    add(&mut data, PARCEL, "P1", known(5.0), [decimal(3), Value::Missing]);
    add(&mut data, FARM, "F1", known(2.0), [decimal(2), Value::Missing]);
    let results = check(&program, &data);
    assert_eq!(
        lines(&results),
        [
            "Conflict A-1/parcel:P1/farm:F1",
            "Conflict A-1/parcel:P1/farm:F1#2",
            "Conflict A-1/parcel:P1/farm:F1#upper",
            "Conflict A-1/parcel:P2/farm:F1",
            "Conflict A-1/parcel:P2/farm:F1#2",
            "Conflict A-1/parcel:P2/farm:F1#upper",
            "Conflict A-2/parcel:P1/farm:F1",
            "Conflict A-2/parcel:P2/farm:F1",
        ]
    );
    // Evidence without any `&`: what the last variable shares with the target of its relation.
    assert_eq!(results.findings[0].evidence.len(), 1);
    assert!(matches!(results.findings[0].margin, Some(Shown::Number { .. })));
}

#[test]
fn the_plan_shares_joins_between_rules() {
    let mut program = program();
    let bindings = || vec![binding(P, "p", PARCEL), overlapping(binding(F, "f", FARM), variable(P, PARCEL), vec![])];
    let over = || constraint(ConstraintKind::Forbid, compare(Order::Greater, far(P, PARCEL), far(F, FARM)));
    program
        .rules
        .extend([rule("A-1", bindings(), vec![], vec![over()]), rule("A-2", bindings(), vec![], vec![over()])]);
    program.rules.extend([taking(), Rule { id: "CL-102".into(), ..taking() }]);
    let plan = plan(&program, &Settings::default());
    assert_eq!(
        plan.to_string(),
        "parcel: 4 rules\n    farm overlapping subject (2 rules)\n    subject & farm (2 rules)\n"
    );
}

#[test]
fn day_and_place_decide_which_rules_run() {
    let mut program = program();
    let day = jiff::civil::date;
    let dated = Rule { from: Some(day(2024, 1, 1)), to: Some(day(2024, 12, 31)), ..taking() };
    let placed = Rule { applies: vec![360_000], ..taking() };
    program.rules.extend([dated, placed]);
    let applied = |as_of, region| plan(&program, &Settings { as_of, region, ..Settings::default() }).applied;
    use crate::engine::finding::Applied::{NotInForce, OtherRegion, Yes};
    assert_eq!(applied(Some(day(2024, 12, 31)), Some(360_400)), [Yes, Yes]);
    assert_eq!(applied(Some(day(2025, 1, 1)), Some(110_000)), [NotInForce, OtherRegion]);
    assert_eq!(applied(None, None), [Yes, Yes]);
}

#[test]
fn a_trial_lays_every_check_open() {
    let mut program = program();
    program.rules.push(taking());
    let mut data = data(&program);
    add_shape(&mut data, PARCEL, "P1", rectangle(0.0, 0.0, 100.0, 100.0));
    add_shape(&mut data, FARM, "F1", rectangle(90.0, 0.0, 200.0, 100.0));
    let taken = expr(ExprKind::Variable(Slot(2)), Type::Pieces { of: Some(FARM), kind: None });
    let asked = [compare(Order::Equal, area(taken.clone()), m2("1000")), compare(Order::Equal, area(taken), m2("999"))];
    let settings = Settings::for_test();
    let conditions: Vec<&Expr> = asked.iter().collect();
    let tried = trial::try_rule(&program, &data, &settings, RuleId(0), &conditions);
    assert_eq!((tried.subjects[0].verdict, &*tried.subjects[0].id), (Verdict::Conflict, "P1"));
    assert_eq!(tried.checks[0].asked, [Truth::True, Truth::False]);
}

#[test]
fn computed_geometry_is_filled_and_constants_are_values() {
    let program = program();
    let mut data = data(&program);
    let one = add_shape(&mut data, PARCEL, "P1", rectangle(0.0, 0.0, 10.0, 10.0));
    let two = add_shape(&mut data, PARCEL, "P2", rectangle(10.0, 0.0, 20.0, 10.0));
    add_package(&mut data, "K1", &[one, two]);
    complete(&program, &mut data);
    let Value::Geometry(shape) = data.items(PACKAGE).value(0, GEOMETRY) else { panic!("filled") };
    assert_eq!(shape.view().bounds(), bounds(0.0, 0.0, 20.0, 10.0));

    let corners = ["0", "0", "100", "50"].map(metres).to_vec();
    let made = constant(&program, &expr(ExprKind::Call(Function::Box, corners), Type::Geometry(None)));
    assert_eq!(made, Some(Value::Geometry(rectangle(0.0, 0.0, 100.0, 50.0).into())));
    assert_eq!(constant(&program, &number("2.50")), Some(Value::Number("2.5".parse().expect("a number"))));
}

#[test]
fn bindings_run_over_lists_and_codes_and_name_them() {
    use crate::model::{CodeEntry, CodeList, CodesId, Names};
    let mut program = program();
    let entry = |code: &str, parent, level| CodeEntry { code: code.into(), name: code.into(), parent, level };
    let names = Names { name: "land_use".into(), second: None };
    program.schema.codes.push(CodeList::new(names, vec![entry("07", None, 1), entry("0701", Some(0), 2)]));
    let parcels = of(P, PACKAGE, PARCELS, Type::List(Box::new(Type::Item(PARCEL))));
    let members = Binding { over: parcels, ..binding(F, "p", PARCEL) };
    let codes = Binding {
        over: expr(ExprKind::Codes(CodesId(1), Some(1)), Type::Codes(CodesId(1))),
        ty: Type::Code(CodesId(1)),
        ..binding(Slot(2), "c", PARCEL)
    };
    let high = constraint(ConstraintKind::Forbid, compare(Order::Greater, far(F, PARCEL), number("2")));
    program.rules.push(rule("K", vec![binding(P, "k", PACKAGE), members, codes], vec![], vec![high]));
    let whole = area(variable(P, PACKAGE));
    let large = constraint(ConstraintKind::Oblige, compare(Order::GreaterOrEqual, whole, m2("20")));
    program.rules.push(rule("L", vec![binding(P, "k", PACKAGE)], vec![], vec![large]));

    let mut data = data(&program);
    let known = |x: f64| Ground::Known(rectangle(x, 0.0, x + 5.0, 5.0));
    let one = add(&mut data, PARCEL, "P1", known(0.0), [decimal(3), Value::Missing]);
    let two = add(&mut data, PARCEL, "P2", known(5.0), [decimal(1), Value::Missing]);
    let gone = add(&mut data, PARCEL, "P3", Ground::Missing, [decimal(1), Value::Missing]);
    add_package(&mut data, "K1", &[one, two]);
    add_package(&mut data, "K2", &[]);
    add_package(&mut data, "K3", &[one, gone]);
    let expected = [
        "Conflict K/package:K1/parcel:P1/land_use:07",
        "Conflict K/package:K3/parcel:P1/land_use:07",
        "Obligation L/package:K1",
        // One parcel of 25 m² is known, so the package has at least as much.
        "Obligation L/package:K3",
    ];
    assert_eq!(lines(&check(&program, &data)), expected);
    complete(&program, &mut data);
    let results = check(&program, &data);
    assert_eq!(lines(&results), expected);
    assert_eq!((results.rules[0].counts.not_applicable, results.rules[1].counts.pass), (1, 1));
}

#[test]
fn a_rule_about_the_submission_examines_one() {
    let mut program = program();
    let day = expr(
        ExprKind::Field(
            Box::new(expr(ExprKind::Submission, Type::Item(crate::model::SUBMISSION))),
            crate::model::FieldId(3),
        ),
        Type::Date,
    );
    let limit = expr(ExprKind::Constant(Value::Date(jiff::civil::date(2026, 1, 1))), Type::Date);
    let late = constraint(ConstraintKind::Forbid, compare(Order::Less, day, limit));
    program.rules.push(rule("S", vec![], vec![], vec![late]));
    let data = data(&program);
    let mut settings = Settings::default();
    let run =
        |settings: &Settings| crate::engine::run(&program, &plan(&program, settings), &data, settings, &|_, _| {});
    // Neither the record nor the day is known.
    assert_eq!(lines(&run(&settings)), ["Undetermined S/submission:?"]);
    settings.as_of = Some(jiff::civil::date(2026, 1, 1));
    let results = run(&settings);
    assert_eq!((results.counts.pass, results.counts.total()), (1, 1));
}
