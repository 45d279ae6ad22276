//! A second judge that shares no code with the engine: rectangles by arithmetic, truth as `Option<bool>`, every pair of features.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::build::*;
use super::naive::{Thing, dataset, rules, things};
use crate::engine::finding::Verdict;

/// Kleene's conjunction.
fn and(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        (None, _) | (_, None) => None,
    }
}

fn width(low: (u8, u8), high: (u8, u8)) -> i32 {
    (i32::from(low.0) + i32::from(low.1)).min(i32::from(high.0) + i32::from(high.1))
        - i32::from(low.0).max(i32::from(high.0))
}

/// Whole square metres that two rectangles share.
fn shared(one: &Thing, other: &Thing) -> i32 {
    let x = width((one.x, one.width), (other.x, other.width));
    let y = width((one.y, one.height), (other.y, other.height));
    if x > 0 && y > 0 { x * y } else { 0 }
}

fn apart(one: &Thing, other: &Thing) -> f64 {
    let gap = |size: i32| f64::from((-size).max(0));
    let x = gap(width((one.x, one.width), (other.x, other.width)));
    let y = gap(width((one.y, one.height), (other.y, other.height)));
    x.hypot(y)
}

fn compare(one: Option<u8>, other: Option<u8>, holds: fn(&u8, &u8) -> bool) -> Option<bool> {
    Some(holds(&one?, &other?))
}

/// The verdict of one check: `fails` and the doubt of its bindings, with an exception.
fn verdict(fails: Option<bool>, unless: Option<Option<bool>>, belongs: Option<bool>) -> Verdict {
    if fails == Some(false) {
        return Verdict::Pass;
    }
    match (unless, fails, belongs) {
        (Some(Some(true)), _, _) => Verdict::Excepted,
        (_, Some(true), Some(true)) => Verdict::Conflict,
        _ => Verdict::Undetermined,
    }
}

/// Rule D: farms that share at least 4 m² or 30 % and are core; `forbid p.far > f.far unless p.core`.
fn rule_d(parcels: &[(String, Thing)], farms: &[(String, Thing)]) -> BTreeMap<String, Verdict> {
    let mut found = BTreeMap::new();
    for (parcel_id, parcel) in parcels {
        for (farm_id, farm) in farms {
            let ground = shared(parcel, farm);
            let own = i32::from(parcel.width) * i32::from(parcel.height);
            // Whole numbers on the limit cannot be told from it by measured areas.
            let limit = |at: i32, needed: i32| if at == needed { None } else { Some(at > needed) };
            let enough = match (limit(ground, 4), limit(ground * 10, own * 3)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                (None, _) | (_, None) => None,
            };
            let belongs = and(and(Some(ground > 0), enough), farm.core);
            if belongs == Some(false) {
                continue;
            }
            let fails = compare(parcel.far, farm.far, |one, other| one > other);
            let outcome = verdict(fails, Some(parcel.core), belongs);
            if outcome != Verdict::Pass {
                found.insert(format!("D/parcel:{parcel_id}/farm:{farm_id}"), outcome);
            }
        }
    }
    found
}

/// Rule E: farms within 2 m; `forbid f.core`.
fn rule_e(parcels: &[(String, Thing)], farms: &[(String, Thing)]) -> BTreeMap<String, Verdict> {
    let mut found = BTreeMap::new();
    for (parcel_id, parcel) in parcels {
        for (farm_id, farm) in farms {
            let distance = apart(parcel, farm);
            let belongs = if distance == 2.0 { None } else { Some(distance < 2.0) };
            if belongs == Some(false) {
                continue;
            }
            let outcome = verdict(farm.core, None, belongs);
            if outcome != Verdict::Pass {
                found.insert(format!("E/parcel:{parcel_id}/farm:{farm_id}"), outcome);
            }
        }
    }
    found
}

/// Rule F: pairs of parcels that overlap, the first not lower than the second; `forbid a.core == b.core`.
fn rule_f(parcels: &[(String, Thing)]) -> BTreeMap<String, Verdict> {
    let mut found = BTreeMap::new();
    for (at, (one_id, one)) in parcels.iter().enumerate() {
        for (other_id, other) in &parcels[at + 1..] {
            if shared(one, other) == 0 {
                continue;
            }
            let (low, high) = if one_id < other_id { (one, other) } else { (other, one) };
            let (low_id, high_id) = if one_id < other_id { (one_id, other_id) } else { (other_id, one_id) };
            let in_order = compare(low.far, high.far, |one, other| one >= other);
            let (pair, belongs) = match in_order {
                Some(false) => (format!("{high_id}/parcel:{low_id}"), Some(true)),
                known => (format!("{low_id}/parcel:{high_id}"), known),
            };
            let same = low.core.and_then(|low| high.core.map(|high| low == high));
            let outcome = verdict(same, None, belongs);
            if outcome != Verdict::Pass {
                found.insert(format!("F/parcel:{pair}"), outcome);
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn another_judge_comes_to_the_same(things in things()) {
        let program = rules();
        let known: Vec<Thing> = things.into_iter().map(|thing| Thing { known: 9, ..thing }).collect();
        let data = dataset(&program, &known, true);
        let of = |class| {
            let items = data.items(class);
            let own = known.iter().filter(|thing| thing.class == class);
            own.enumerate().map(|(at, thing)| (items.id(at as u32).to_string(), thing.clone())).collect::<Vec<_>>()
        };
        let (parcels, farms) = (of(PARCEL), of(FARM));
        let results = check(&program, &data);
        let found = |rule: &str| -> BTreeMap<String, Verdict> {
            let own = results.findings.iter().filter(|finding| finding.id.starts_with(rule));
            own.map(|finding| (finding.id.to_string(), finding.verdict)).collect()
        };
        prop_assert_eq!(found("D/"), rule_d(&parcels, &farms));
        prop_assert_eq!(found("E/"), rule_e(&parcels, &farms));
        prop_assert_eq!(found("F/"), rule_f(&parcels));
    }
}
