//! A cure that was tried comes out as a whole run does in which the thing has that shape.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::build::*;
use super::naive::{Thing, dataset, rules, things};
use crate::engine::finding::{Remedy as Cure, Results, Verdict};
use crate::engine::{Settings, complete, plan, run};
use crate::geometry::{Kind, Shape};
use crate::model::{Dataset, GeometryState, Items, Type};
use crate::sema::functions::Function;
use crate::sema::program::*;

/// The rules of the naive run, with a cure where parcels take farms, and one where they overlap each other.
fn curing() -> Program {
    let mut program = rules();
    let subtract = |what: Expr| Remedy::Subtract { from: variable(P, PARCEL), what, margin: None };
    for rule in &mut program.rules {
        match &*rule.id {
            "A" => rule.constraints[0].remedies = vec![subtract(layer(FARM))],
            "F" => rule.constraints[0].remedies = vec![subtract(variable(F, PARCEL))],
            _ => {}
        }
    }
    program
}

/// Returns the data with another shape for one parcel.
fn with_shape(program: &Program, data: &Dataset, parcel: u32, shape: &Shape) -> Dataset {
    let mut changed = data.clone();
    let old = data.items(PARCEL);
    let fields = program.schema.class(PARCEL).fields.len() as u16;
    let mut items = Items::supplied(program.schema.class(PARCEL), Kind::Polygon);
    for index in 0..old.len() as u32 {
        let values = (0..fields).map(|field| old.value(index, crate::model::FieldId(field)).clone());
        let own = match (index == parcel, old.geometry_state(index)) {
            (true, _) => Some(shape.view()),
            (false, GeometryState::Valid) => Some(old.shape(index)),
            (false, _) => None,
        };
        let state = if own.is_some() { GeometryState::Valid } else { old.geometry_state(index) };
        items.push(old.id(index), old.place(index), None, values, state, own);
    }
    *changed.items_mut(PARCEL) = items;
    changed
}

/// Conflicts and undetermined checks that count for a parcel, as `verdict id`.
fn about(results: &Results, parcel: u32) -> BTreeSet<String> {
    let own = crate::engine::finding::Bound::Item(crate::model::ItemRef { class: PARCEL, index: parcel });
    let counts = |finding: &&crate::engine::finding::Finding| {
        let pair = finding.id.starts_with("F/");
        let mine = finding.bindings[0] == own || (pair && finding.bindings.get(1) == Some(&own));
        mine && matches!(finding.verdict, Verdict::Conflict | Verdict::Undetermined)
    };
    results.findings.iter().filter(counts).map(|finding| format!("{:?} {}", finding.verdict, finding.id)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_trial_comes_out_as_a_run_on_the_changed_data(things in things()) {
        let program = curing();
        let things: Vec<Thing> = things.into_iter().map(|thing| Thing { known: thing.known.max(1), ..thing }).collect();
        let data = dataset(&program, &things, true);
        for finding in &check(&program, &data).findings {
            for remedy in &finding.remedies {
                let Cure::Geometry { of, shape, left_parts, left_over, .. } = remedy else { continue };
                prop_assert_eq!(left_over.is_none(), *left_parts == 0);
                let Some(left) = left_over else { continue };
                let tried: BTreeSet<String> = left.iter().map(|one| format!("{:?} {}", one.verdict, one.id)).collect();
                let changed = check(&program, &with_shape(&program, &data, of.index, shape));
                prop_assert_eq!(tried, about(&changed, of.index), "{}", &finding.id);
            }
        }
    }
}

#[test]
fn a_cure_that_breaks_another_rule_says_so() {
    let mut program = program();
    let taken = || pieces(variable(P, PARCEL), layer(FARM));
    let mut free = constraint(ConstraintKind::Forbid, compare(Order::Greater, area(taken()), m2("1")));
    free.remedies = vec![Remedy::Subtract { from: variable(P, PARCEL), what: layer(FARM), margin: None }];
    let large =
        constraint(ConstraintKind::Require, compare(Order::GreaterOrEqual, area(variable(P, PARCEL)), m2("9500")));
    program.rules.push(rule("FREE", vec![binding(P, "p", PARCEL)], vec![], vec![free]));
    program.rules.push(rule("LARGE", vec![binding(P, "p", PARCEL)], vec![], vec![large]));
    let mut data = data(&program);
    add_shape(&mut data, PARCEL, "small", rectangle(0.0, 0.0, 100.0, 100.0));
    add_shape(&mut data, PARCEL, "wide", rectangle(0.0, 500.0, 200.0, 600.0));
    add_shape(&mut data, FARM, "F1", rectangle(90.0, 0.0, 99.7, 100.0));
    add_shape(&mut data, FARM, "F2", rectangle(190.0, 500.0, 200.0, 600.0));
    let results = check(&program, &data);
    let cures: Vec<_> = results.findings.iter().filter_map(|finding| finding.remedies.first()).collect();
    let [Cure::Geometry { left_over: Some(small), poor_parts, .. }, Cure::Geometry { left_over: Some(wide), .. }] =
        cures[..]
    else {
        panic!("{cures:?}")
    };
    let told: Vec<_> = small.iter().map(|one| (&*one.id, one.verdict, one.new)).collect();
    assert_eq!(told, [("LARGE/parcel:small", Verdict::Conflict, true)]);
    assert!(wide.is_empty());
    // The strip beyond the field is 0.3 m wide.
    assert_eq!(poor_parts.len(), 1);
    assert!((poor_parts[0].area_m2 - 30.0).abs() < 1e-3 && (poor_parts[0].width_m - 0.3).abs() < 1e-2);

    let settings = Settings { most_trials: 1, ..Settings::default() };
    let few = run(&program, &plan(&program, &settings), &data, &settings, &|_, _| {});
    let tried = few.findings.iter().flat_map(|finding| &finding.remedies);
    let tried: Vec<bool> = tried.map(|remedy| matches!(remedy, Cure::Geometry { left_over: Some(_), .. })).collect();
    assert_eq!(tried, [true, false]);
}

#[test]
fn what_was_worked_out_from_the_shape_is_worked_out_again() {
    let mut program = program();
    let taken = || pieces(variable(P, PARCEL), layer(FARM));
    let mut free = constraint(ConstraintKind::Forbid, compare(Order::Greater, area(taken()), m2("1")));
    free.remedies = vec![Remedy::Subtract { from: variable(P, PARCEL), what: layer(FARM), margin: None }];
    program.rules.push(rule("FREE", vec![binding(P, "p", PARCEL)], vec![], vec![free]));
    // The package's shape is filled in before the run, as the union of its parcels.
    let held = overlapping(binding(F, "k", PACKAGE), variable(P, PARCEL), vec![]);
    let whole = expr(ExprKind::Call(Function::Area, vec![variable(F, PACKAGE)]), Type::AREA);
    let large = constraint(ConstraintKind::Require, compare(Order::GreaterOrEqual, whole, m2("9500")));
    program.rules.push(rule("LARGE", vec![binding(P, "p", PARCEL), held], vec![], vec![large]));
    let mut data = data(&program);
    let parcel = add_shape(&mut data, PARCEL, "P", rectangle(0.0, 0.0, 100.0, 100.0));
    add_package(&mut data, "K", &[parcel]);
    add_shape(&mut data, FARM, "F", rectangle(90.0, 0.0, 200.0, 100.0));
    complete(&program, &mut data);
    let results = check(&program, &data);
    let Some(Cure::Geometry { left_over: Some(left), .. }) = results.findings[0].remedies.first() else {
        panic!("{:?}", results.findings)
    };
    let told: Vec<_> = left.iter().map(|one| (&*one.id, one.verdict)).collect();
    assert_eq!(told, [("LARGE/parcel:P/package:K", Verdict::Conflict)]);
}
