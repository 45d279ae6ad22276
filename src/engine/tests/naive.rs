//! Indexes, shared joins, masks and caches change nothing: on random data the plan finds what going through everything finds.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rayon::ThreadPoolBuilder;

use super::build::*;
use crate::engine::finding::{Evidence, Finding, Named, Results};
use crate::engine::run::run_with;
use crate::engine::{Settings, difference, plan, run_within};
use crate::geometry::crs::Crs;
use crate::geometry::measure::AreaMethod;
use crate::geometry::overlay;
use crate::model::{ClassId, Dataset, Type, Value};
use crate::sema::functions::Function;
use crate::sema::program::*;

/// Rules of every shape of join: pieces, filtered pieces, matches with bounds, distances, pairs, aggregates, quantifiers.
pub(super) fn rules() -> Program {
    let mut program = program();
    let it = Slot(4);
    let p = || binding(P, "p", PARCEL);
    let forbid = |condition| constraint(ConstraintKind::Forbid, condition);
    let over = |expr, limit| compare(Order::Greater, area(expr), m2(limit));
    let taken = || pieces(variable(P, PARCEL), layer(FARM));
    let mut evident = forbid(over(taken(), "3"));
    evident.evidence = vec![taken()];
    program.rules.push(rule("A", vec![p()], vec![], vec![evident]));

    let cored = filtered(FARM, it, core(it, FARM));
    program.rules.push(rule("B", vec![p()], vec![], vec![forbid(over(pieces(variable(P, PARCEL), cored), "3"))]));
    let dependent = filtered(FARM, it, compare(Order::Greater, far(it, FARM), far(P, PARCEL)));
    program.rules.push(rule("C", vec![p()], vec![], vec![forbid(over(pieces(variable(P, PARCEL), dependent), "3"))]));

    let bounds = vec![AtLeast::Quantity(m2("4")), AtLeast::ShareOf(number("0.3"), variable(P, PARCEL))];
    let joined = overlapping(binding(F, "f", FARM), variable(P, PARCEL), bounds);
    let joined = Binding { condition: Some(core(F, FARM)), ..joined };
    let mut above = forbid(compare(Order::Greater, far(P, PARCEL), far(F, FARM)));
    above.unless = Some(core(P, PARCEL));
    program.rules.push(rule("D", vec![p(), joined], vec![], vec![above]));

    let kind = RelationKind::WithinDistance(metres("2"));
    let relation = Relation { kind, target: variable(P, PARCEL), at_least: vec![] };
    let near = Binding { relation: Some(relation), ..binding(F, "f", FARM) };
    program.rules.push(rule("E", vec![p(), near.clone()], vec![], vec![forbid(core(F, FARM))]));

    let pair = overlapping(binding(F, "b", PARCEL), variable(P, PARCEL), vec![]);
    let pair = Binding {
        pairs_with: Some(P),
        condition: Some(compare(Order::GreaterOrEqual, far(P, PARCEL), far(F, PARCEL))),
        ..pair
    };
    let apart = forbid(compare(Order::Equal, core(P, PARCEL), core(F, PARCEL)));
    program.rules.push(rule("F", vec![p(), pair], vec![], vec![apart]));

    let each = Binding { slot: it, ..near };
    let sum = ExprKind::Aggregate {
        kind: Aggregate::Sum,
        bindings: vec![each.clone()],
        element: Box::new(area(variable(it, FARM))),
    };
    program.rules.push(rule(
        "G",
        vec![p()],
        vec![],
        vec![forbid(compare(Order::Greater, expr(sum, Type::AREA), m2("30")))],
    ));
    let any = |kind| {
        let kind = ExprKind::Quantifier { kind, binding: Box::new(each.clone()), condition: Box::new(core(it, FARM)) };
        expr(kind, Type::Bool)
    };
    let quantified = [Quantifier::Any, Quantifier::All, Quantifier::None];
    let quantified = quantified.map(|kind| constraint(ConstraintKind::Require, any(kind))).to_vec();
    program.rules.push(rule("H", vec![p()], vec![], quantified));

    let spatial = |predicate| {
        let kind = ExprKind::Spatial(predicate, Box::new(variable(P, PARCEL)), Box::new(layer(FARM)));
        constraint(ConstraintKind::Forbid, expr(kind, Type::Bool))
    };
    use Spatial::*;
    let all = [Intersects, Disjoint, Touches, Within, Contains, Covers, Crosses, Overlaps, Equals, Occupies];
    program.rules.push(rule("I", vec![p()], vec![], all.map(spatial).to_vec()));

    let rest = without(variable(P, PARCEL), layer(FARM));
    let shared = expr(ExprKind::Call(Function::Share, vec![variable(P, PARCEL), layer(FARM)]), Type::Ratio);
    let share = compare(Order::Greater, shared, number("0.3"));
    program.rules.push(rule("J", vec![p()], vec![], vec![forbid(over(rest, "20")), forbid(share)]));

    // What is divided by an area of which only wide bounds are known is to be as wide.
    let times = ExprKind::Arithmetic(
        Operator::Divide,
        Box::new(area(variable(P, PARCEL))),
        Box::new(area(pieces(variable(P, PARCEL), layer(FARM)))),
    );
    let times = compare(Order::Greater, expr(times, Type::Ratio), number("2.5"));
    program.rules.push(rule("N", vec![p()], vec![], vec![forbid(times)]));

    for (id, kind) in [("K", RelationKind::Containing), ("L", RelationKind::Within)] {
        let relation = Relation { kind, target: variable(P, PARCEL), at_least: vec![] };
        let related = Binding { relation: Some(relation), ..binding(F, "f", FARM) };
        program.rules.push(rule(id, vec![p(), related], vec![], vec![forbid(core(F, FARM))]));
    }
    let one_by_one = |predicate| {
        let kind = ExprKind::Spatial(predicate, Box::new(variable(P, PARCEL)), Box::new(variable(F, FARM)));
        let back = ExprKind::Spatial(predicate, Box::new(variable(F, FARM)), Box::new(variable(P, PARCEL)));
        [forbid(expr(kind, Type::Bool)), forbid(expr(back, Type::Bool))]
    };
    let met = Binding { slot: F, ..each.clone() };
    program.rules.push(rule("M", vec![p(), met], vec![], all.into_iter().flat_map(one_by_one).collect()));
    program
}

#[derive(Debug, Clone)]
pub(super) struct Thing {
    pub(super) class: ClassId,
    pub(super) x: u8,
    pub(super) y: u8,
    pub(super) width: u8,
    pub(super) height: u8,
    pub(super) far: Option<u8>,
    pub(super) core: Option<bool>,
    pub(super) known: u8,
}

pub(super) fn things() -> impl Strategy<Value = Vec<Thing>> {
    proptest::collection::vec(one_thing(), 0..14)
}

fn one_thing() -> impl Strategy<Value = Thing> {
    let class = prop_oneof![Just(PARCEL), Just(FARM)];
    let thing =
        (class, 0..20_u8, 0..20_u8, 1..8_u8, 1..8_u8, proptest::option::of(0..4_u8), any::<Option<bool>>(), 0..12_u8);
    thing.prop_map(|(class, x, y, width, height, far, core, known)| Thing {
        class,
        x,
        y,
        width,
        height,
        far,
        core,
        known,
    })
}

pub(super) fn dataset(program: &Program, things: &[Thing], supplied: bool) -> Dataset {
    let mut data = data(program);
    for (number, thing) in things.iter().enumerate() {
        let far = thing.far.map_or(Value::Missing, |far| decimal(far.into()));
        let core = thing.core.map_or(Value::Missing, Value::Bool);
        let (x, y) = (f64::from(thing.x), f64::from(thing.y));
        let (right, top) = (x + f64::from(thing.width), y + f64::from(thing.height));
        let ground = match thing.known {
            0 => Ground::Missing,
            1 => Ground::Invalid(bounds(x, y, right, top)),
            _ => Ground::Known(rectangle(x, y, right, top)),
        };
        if supplied || thing.class == PARCEL {
            add(&mut data, thing.class, &format!("{:02}", number * 7 % 15), ground, [far, core]);
        }
    }
    data.items_mut(FARM).supplied = supplied;
    data
}

fn run(program: &Program, data: &Dataset, shortcuts: bool) -> Results {
    run_by(program, data, &Settings::default(), shortcuts)
}

fn run_by(program: &Program, data: &Dataset, settings: &Settings, shortcuts: bool) -> Results {
    run_with(program, &plan(program, settings), data, settings, &|_, _| {}, shortcuts)
}

/// Returns a piece with the areas of another.
fn as_plain(piece: &Evidence, plain: &Evidence) -> Evidence {
    let Evidence { area_m2, area_error_m2, share_of_subject, share_of_feature, .. } = plain.clone();
    Evidence { area_m2, area_error_m2, share_of_subject, share_of_feature, ..piece.clone() }
}

fn agree(things: &[Thing], supplied: bool, settings: &Settings) -> Result<(), TestCaseError> {
    let program = rules();
    let data = dataset(&program, things, supplied);
    let planned = run_by(&program, &data, settings, true);
    let plain = run_by(&program, &data, settings, false);
    prop_assert_eq!(lines(&planned), lines(&plain));
    prop_assert_eq!(&planned.rules, &plain.rules);
    for (one, other) in planned.findings.iter().zip(&plain.findings) {
        prop_assert_eq!(&one.missing, &other.missing, "{}", one.id);
        prop_assert_eq!(one.evidence.len(), other.evidence.len(), "{}", one.id);
        for (piece, plain) in one.evidence.iter().zip(&other.evidence) {
            // An area without a shape is nearer to the truth than that of the shape on the grid.
            prop_assert!(piece.area_error_m2 <= plain.area_error_m2, "{}", one.id);
            prop_assert!((piece.area_m2 - plain.area_m2).abs() <= plain.area_error_m2, "{}", one.id);
            prop_assert_eq!(as_plain(piece, plain), plain.clone(), "{}", one.id);
        }
    }
    // Where findings are not described, rough areas decide more.
    let named = run_by(&program, &data, &Settings { described: false, ..settings.clone() }, true);
    let names = |finding: &Finding| {
        let Finding { id, rule, severity, verdict, .. } = finding.clone();
        Named { id, rule, severity, verdict }
    };
    let mut all: Vec<Named> = planned.findings.iter().map(names).collect();
    all.sort_by(|one, other| (one.rule, &one.id).cmp(&(other.rule, &other.id)));
    prop_assert_eq!((named.named, named.rules), (all, planned.rules.clone()));
    // The accounting closes: each rule examines each parcel once.
    let parcels = things.iter().filter(|thing| thing.class == PARCEL).count() as u64;
    prop_assert!(planned.rules.iter().all(|rule| rule.counts.total() == parcels));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn shortcuts_change_nothing(things in things(), supplied in proptest::bool::weighted(0.9)) {
        agree(&things, supplied, &Settings::default())?;
    }

    #[test]
    fn shortcuts_change_nothing_on_the_ellipsoid(things in things(), supplied in proptest::bool::weighted(0.9)) {
        let crs = Crs::from_epsg(4549).expect("a zone of CGCS2000");
        let settings = Settings { method: AreaMethod::Ellipsoidal(crs), ..Settings::default() };
        agree(&things, supplied, &settings)?;
    }

    #[test]
    fn areas_taken_are_those_of_the_geometry(things in things()) {
        let program = rules();
        let known: Vec<Thing> = things.into_iter().map(|thing| Thing { known: 9, ..thing }).collect();
        let data = dataset(&program, &known, true);
        let results = run(&program, &data, true);
        let (parcels, farms) = (data.items(PARCEL), data.items(FARM));
        let shapes: Vec<_> = (0..farms.len() as u32).map(|farm| farms.shape(farm)).collect();
        let all = overlay::union(&shapes);
        let over = (0..parcels.len() as u32).filter(|&parcel| {
            let taken = overlay::intersection_area(parcels.shape(parcel), all.view(), &AreaMethod::Plane);
            // Whole metres: 3 m² cannot be told from the limit, 4 m² is past it.
            taken.value > 3.5
        });
        prop_assert_eq!(results.rules[0].counts.conflict, over.count() as u64);
    }
}

/// Some of these things changed, the others as they were; a list of changes may be longer than that of things.
fn edited(things: &[Thing], changes: &[Option<Thing>]) -> Vec<Thing> {
    let kept = |at: usize| changes.get(at).cloned().flatten();
    let mut edited: Vec<Thing> =
        things.iter().enumerate().map(|(at, one)| kept(at).unwrap_or_else(|| one.clone())).collect();
    edited.extend((things.len()..14).filter_map(kept));
    edited
}

fn everything_known(results: &Results) -> BTreeMap<String, Finding> {
    results.findings.iter().map(|finding| (finding.id.to_string(), finding.clone())).collect()
}

/// Checks that a partial run leaves out nothing but what a whole run finds in both states, and finds nothing else.
fn partial_is_sound(before: &[Thing], now: &[Thing], supplied: (bool, bool)) -> Result<u64, TestCaseError> {
    let program = rules();
    let (old, new) = (dataset(&program, before, supplied.0), dataset(&program, now, supplied.1));
    let settings = Settings::default();
    let plan = plan(&program, &settings);
    let difference = difference(&program, &old, &new);
    let within = |data, scope| run_within(&program, &plan, data, &settings, scope, &|_, _| {});
    let partial = within(&new, &difference.new);
    let (found, whole, earlier) = (
        everything_known(&partial),
        everything_known(&run(&program, &new, true)),
        everything_known(&run(&program, &old, true)),
    );
    for (id, finding) in &found {
        prop_assert_eq!(Some(finding), whole.get(id));
    }
    for (id, finding) in whole.iter().filter(|(id, _)| !found.contains_key(*id)) {
        let same = earlier.get(id).map(|one| (one.verdict, &one.quantities, one.evidence.len()));
        prop_assert_eq!(Some((finding.verdict, &finding.quantities, finding.evidence.len())), same, "{}", id);
    }
    // What is cured is looked at in the earlier state, so that it can be told.
    let told = everything_known(&within(&old, &difference.old));
    for (id, _) in earlier.iter().filter(|(id, _)| !whole.contains_key(*id)) {
        prop_assert!(told.contains_key(id), "{}", id);
    }
    for rule in &partial.rules {
        prop_assert!(rule.counts.total() <= now.iter().filter(|thing| thing.class == PARCEL).count() as u64);
    }
    Ok(partial.counts.total())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_partial_run_leaves_out_only_what_comes_out_as_before(
        before in things(),
        changes in proptest::collection::vec(proptest::option::weighted(0.2, one_thing()), 14),
        supplied in (proptest::bool::weighted(0.95), proptest::bool::weighted(0.95)),
    ) {
        partial_is_sound(&before, &edited(&before, &changes), supplied)?;
    }
}

#[test]
fn a_partial_run_looks_at_what_a_change_can_reach_and_at_nothing_else() {
    let thing =
        |class, x, far| Thing { class, x, y: 0, width: 4, height: 4, far: Some(far), core: Some(true), known: 9 };
    let before: Vec<Thing> = [(PARCEL, 0), (FARM, 2), (PARCEL, 100), (FARM, 102), (PARCEL, 200)]
        .map(|(class, x)| thing(class, x, 1))
        .to_vec();
    let examined = |now: &[Thing]| partial_is_sound(&before, now, (true, true)).expect("sound");
    let with = |at: usize, thing: Thing| {
        let mut now = before.clone();
        now[at] = thing;
        now
    };
    assert_eq!(examined(&before), 0);
    let rules = rules();
    let all = rules.rules.len() as u64;
    // Of the rules, I asks for all of the layer and J without relation to one place in part.
    let own = examined(&with(4, thing(PARCEL, 200, 2)));
    assert_eq!(own, all, "the changed parcel, by every rule");
    let farm = examined(&with(1, thing(FARM, 3, 1)));
    assert!(
        farm >= all && farm < 2 * all + 3,
        "{farm}: the parcel at the farm, and the other two where a rule asks for all farms"
    );
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let program = rules();
    let things: Vec<Thing> = (0..60_u8)
        .map(|at| Thing {
            class: if at % 3 == 0 { FARM } else { PARCEL },
            x: at.wrapping_mul(37) % 40,
            y: at.wrapping_mul(53) % 40,
            width: 3 + at % 5,
            height: 2 + at % 7,
            far: (at % 4 != 3).then_some(at % 5),
            core: (at % 5 != 4).then_some(at % 2 == 0),
            known: at % 11,
        })
        .collect();
    let data = dataset(&program, &things, true);
    let results = [1, 4].map(|threads| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| run(&program, &data, true))
    });
    assert_eq!(results[0], results[1]);
    assert!(results[0].findings.len() > 50);
}
