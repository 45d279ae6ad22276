//! Matching of findings against an oracle that counts cells of a grid, and what a comparison says in particular cases.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{ChangeKind, compare, diff};
use crate::report::result::{Amount, Baseline, Evidence, Finding, Geometry, Report, Verdict};
use crate::report::tests::fixture::Fixture;

/// Cells of a grid of 10 m.
type Cells = BTreeSet<(u8, u8)>;

fn report(findings: Vec<Finding>) -> Report {
    let mut report = Fixture::new().report();
    report.findings = findings;
    report
}

/// A conflict over some cells of the grid, each a piece of evidence of its own.
fn on(id: &str, cells: impl IntoIterator<Item = (u8, u8)>) -> Finding {
    let mut finding = Fixture::new().report().findings.remove(0);
    let piece = finding.evidence[0].clone();
    let square = |(column, row): (u8, u8)| {
        let (x, y) = (39_500_000.0 + 10.0 * f64::from(column), 3_300_000.0 + 10.0 * f64::from(row));
        let ring = vec![[x, y], [x + 10.0, y], [x + 10.0, y + 10.0], [x, y + 10.0], [x, y]];
        Evidence { area_m2: 100.0, geometry: Geometry::MultiPolygon(vec![vec![ring]]), ..piece.clone() }
    };
    finding.evidence = cells.into_iter().map(square).collect();
    finding.id = format!("CL-101/parcel:{id}");
    finding.subject.id = id.to_owned();
    finding.margin = None;
    finding
}

fn block(columns: std::ops::Range<u8>) -> Vec<(u8, u8)> {
    columns.map(|column| (column, 0)).collect()
}

/// Compares two sets of findings; gives how each new one compares, and the ids of those gone.
fn compared(old: Vec<Finding>, new: Vec<Finding>) -> (Vec<Baseline>, Vec<String>) {
    let mut now = report(new);
    compare(&mut now, &report(old), "old.json").expect("one coordinate system");
    let gone = now.baseline.expect("a baseline").gone.into_iter().map(|gone| gone.earlier.id).collect();
    (now.findings.iter().filter_map(|finding| finding.baseline).collect(), gone)
}

fn cells() -> impl Strategy<Value = Cells> {
    prop::collection::btree_set((0u8..4, 0u8..3), 1..9)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn one_conflict_compares_as_its_cells_do(old in cells(), new in cells()) {
        let expected = if old.is_disjoint(&new) {
            Baseline::New
        } else if !new.is_subset(&old) {
            Baseline::Worse
        } else if new == old {
            Baseline::Old
        } else {
            Baseline::Better
        };
        let (found, gone) = compared(vec![on("P-1", old.clone())], vec![on("P-1", new.clone())]);
        prop_assert_eq!(found, vec![expected]);
        prop_assert_eq!(gone.len(), usize::from(old.is_disjoint(&new)));
    }

    #[test]
    fn another_id_on_the_same_ground_is_not_new(old in cells(), new in cells()) {
        let common = old.intersection(&new).count();
        let known = 2 * common >= old.len() || 2 * common >= new.len();
        let (found, gone) = compared(vec![on("P-1", old.clone())], vec![on("Q-9", new.clone())]);
        prop_assert_eq!(found[0] != Baseline::New, known && common > 0);
        prop_assert_eq!(gone.is_empty(), known && common > 0);
        prop_assert_eq!(found[0] == Baseline::Worse, known && common > 0 && !new.is_subset(&old));
    }

    #[test]
    fn nothing_has_changed_between_a_report_and_itself(sets in prop::collection::vec(cells(), 1..5)) {
        let findings = || sets.iter().enumerate().map(|(at, cells)| on(&format!("P-{at}"), cells.clone())).collect::<Vec<_>>();
        let (found, gone) = compared(findings(), findings());
        prop_assert!(found.iter().all(|one| *one == Baseline::Old) && gone.is_empty());
    }
}

#[test]
fn a_parcel_that_was_split_is_not_new() {
    let parts = vec![on("P-1a", block(0..3)), on("P-1b", block(3..10))];
    let (found, gone) = compared(vec![on("P-1", block(0..10))], parts);
    assert_eq!((found, gone.len()), (vec![Baseline::Old; 2], 0));
    // One part keeps the name.
    let parts = vec![on("P-1", block(0..3)), on("P-2", block(3..10))];
    let (found, _) = compared(vec![on("P-1", block(0..10))], parts);
    assert_eq!(found, [Baseline::Old; 2]);
    // Nor are parcels that were joined.
    let (found, gone) = compared(vec![on("P-1", block(0..3)), on("P-2", block(3..10))], vec![on("P-3", block(0..10))]);
    assert_eq!((found, gone.len()), (vec![Baseline::Old], 0));
}

#[test]
fn a_second_parcel_on_the_same_field_is_new() {
    let (found, _) = compared(vec![on("P-1", block(0..10))], vec![on("P-1", block(0..10)), on("P-2", block(0..10))]);
    assert_eq!(found, [Baseline::Old, Baseline::New]);
}

#[test]
fn names_that_changed_places_do_not_hide_new_ground() {
    let old = vec![on("P-1", block(0..3)), on("P-2", block(5..8))];
    let (found, gone) = compared(old.clone(), vec![on("P-2", block(0..3)), on("P-1", block(5..8))]);
    assert_eq!((found, gone.len()), (vec![Baseline::Old; 2], 0));
    // As many as before, but one lies elsewhere.
    let (found, gone) = compared(old, vec![on("P-1", block(0..3)), on("P-2", block(20..23))]);
    assert_eq!((found, gone), (vec![Baseline::Old, Baseline::New], vec!["CL-101/parcel:P-2".to_owned()]));
}

#[test]
fn rounded_coordinates_change_nothing() {
    let mut moved = on("P-1", block(0..10));
    for piece in &mut moved.evidence {
        let Geometry::MultiPolygon(parts) = &mut piece.geometry else { panic!("areas") };
        parts.iter_mut().flatten().flatten().for_each(|point| point[0] += 0.0004);
    }
    assert_eq!(compared(vec![on("P-1", block(0..10))], vec![moved]).0, [Baseline::Old]);
}

#[test]
fn without_ground_the_margin_tells() {
    let with = |value: f64, verdict| {
        let margin = Amount { value: value.into(), unit: None, error: None, at_least: false, shown: value.to_string() };
        Finding { margin: Some(margin), verdict, ..on("P-1", []) }
    };
    let conflict = |value| with(value, Verdict::Conflict);
    let compare = |old, new| compared(vec![old], vec![new]).0[0];
    assert_eq!(compare(conflict(0.5), conflict(0.5)), Baseline::Old);
    assert_eq!(compare(conflict(0.5), conflict(0.8)), Baseline::Worse);
    assert_eq!(compare(conflict(0.5), conflict(0.2)), Baseline::Better);
    assert_eq!(compare(with(0.5, Verdict::Undetermined), conflict(0.5)), Baseline::Worse);
    assert_eq!(compare(conflict(0.5), with(0.5, Verdict::Excepted)), Baseline::Better);
    // What cannot be decided any more is not known to be better.
    assert_eq!(compare(conflict(0.5), with(0.5, Verdict::Undetermined)), Baseline::Old);
}

#[test]
fn what_has_changed_is_told_in_order_and_read_back() {
    let mut old = report(vec![on("P-1", block(0..3)), on("P-2", block(5..8)), on("P-3", block(10..12))]);
    let new = report(vec![on("P-1", block(0..4)), on("P-2", block(5..8)), on("P-4", block(20..21))]);
    old.submission.as_of = "2025-01-15".to_owned();
    let diff = diff(&old, "old.json", &new, "new.json").expect("a comparison");
    let told: Vec<_> = diff.changes.iter().map(|change| (change.change, change.subject.as_str())).collect();
    let wanted =
        [(ChangeKind::New, "P-4"), (ChangeKind::Worse, "P-1"), (ChangeKind::Gone, "P-3"), (ChangeKind::Old, "P-2")];
    assert_eq!(told, wanted);
    assert_eq!(diff.notes.len(), 1, "{:?}", diff.notes);
    let json = crate::report::json::render_diff(&diff).expect("JSON");
    assert_eq!(serde_json::from_str::<super::Diff>(&json).expect("reads back"), diff);
}

#[test]
fn other_coordinates_cannot_be_compared() {
    let mut old = report(Vec::new());
    old.submission.crs = "EPSG:4528".to_owned();
    assert!(compare(&mut report(Vec::new()), &old, "old.json").is_err());
}

#[test]
fn of_a_rule_that_is_not_run_nothing_is_known_to_be_cured() {
    let mut now = report(Vec::new());
    now.rules.clear();
    compare(&mut now, &report(vec![on("P-1", block(0..1))]), "old.json").expect("one coordinate system");
    assert!(now.baseline.expect("a baseline").gone[0].rule_not_run);
}
