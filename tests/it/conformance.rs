//! Cases of published geometry suites: each valid one right, each invalid one named, none ends in a panic or without an end.
//!
//! Runs the subset in `fixtures/geometry/conformance.csv`, or the file in `GUIJU_CONFORMANCE`, both written by `tests/bench/conformance.py`; where they are
//! from stands in `fixtures/geometry/README.md`. Prints a table, which for all cases is `docs/conformance.md`.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::Duration;

use guiju::geometry::measure::{self, AreaMethod};
use guiju::geometry::overlay::{self, GRID_STEP_M};
use guiju::geometry::relate::{Predicate, holds};
use guiju::geometry::validity::{Fault, FaultKind, check};
use guiju::geometry::{Kind, Shape, ShapeRef, wkt};

/// No case may take longer; most take microseconds.
const LONGEST: Duration = Duration::from_secs(60);

const DRAWN_TWICE: &str = "a line that runs over itself is kept as it is drawn";

/// What came out of a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Right,
    /// What was asked is refused, and why.
    Refused(String),
    /// The answer is another, which is meant so, and why.
    Otherwise(&'static str),
    Wrong(String),
}

#[derive(Debug, Clone)]
struct Case {
    suite: String,
    name: String,
    operation: String,
    a: String,
    b: String,
    expected: String,
}

fn cases() -> Vec<Case> {
    let path = std::env::var("GUIJU_CONFORMANCE")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/geometry/conformance.csv").to_owned());
    let mut reader = csv::Reader::from_path(&path).expect("a file of cases");
    let case = |row: csv::StringRecord| Case {
        suite: row[0].to_owned(),
        name: row[1].to_owned(),
        operation: row[2].to_owned(),
        a: row[3].to_owned(),
        b: row[4].to_owned(),
        expected: row[5].to_owned(),
    };
    reader.records().map(|row| case(row.expect("a row"))).collect()
}

/// Returns a shape if it is valid as it stands, else why it is not.
fn valid(text: &str) -> Result<Shape, String> {
    let raw = wkt::read(text).map_err(|why| {
        if text.starts_with("GEOMETRYCOLLECTION") { "a collection".to_owned() } else { why.to_string() }
    })?;
    let checked = check(&raw);
    match (faults_of_ogc(&checked.faults).next(), checked.shape) {
        (Some(fault), _) => Err(format!("invalid: {:?}", fault.kind)),
        (None, Some(shape)) => Ok(shape),
        (None, None) => Err("empty".to_owned()),
    }
}

/// Returns the faults that OGC calls invalid: it leaves directions open, and lets points follow themselves.
fn faults_of_ogc(faults: &[Fault]) -> impl Iterator<Item = &Fault> {
    faults.iter().filter(|fault| !matches!(fault.kind, FaultKind::WrongDirection | FaultKind::RepeatedPoint))
}

/// Tells whether a line runs along a stretch twice: its union with itself is then shorter.
fn runs_over_itself(shape: ShapeRef<'_>) -> bool {
    let length = |shape: ShapeRef<'_>| measure::length(shape, &AreaMethod::Plane).value;
    let edges = shape.rings().flat_map(|line| {
        line.windows(2).map(|pair| {
            let mut edge = Shape::empty(Kind::Line);
            edge.push_ring(pair.iter().copied());
            edge.end_part();
            edge
        })
    });
    let edges: Vec<Shape> = edges.collect();
    let once = overlay::union(&edges.iter().map(Shape::view).collect::<Vec<_>>());
    shape.kind() == Kind::Line && length(once.view()) < length(shape) - 1e-6
}

fn outcome(case: &Case) -> Outcome {
    if case.operation == "isvalid" {
        return validity(case);
    }
    let shapes: Result<Vec<Shape>, String> =
        std::iter::once(case.a.as_str()).chain(case.b.split('|')).filter(|text| !text.is_empty()).map(valid).collect();
    let shapes = match shapes {
        Ok(shapes) => shapes,
        Err(why) => return Outcome::Refused(why),
    };
    let views: Vec<ShapeRef<'_>> = shapes.iter().map(Shape::view).collect();
    if matches!(case.operation.as_str(), "intersection" | "union" | "difference" | "symmetric_difference") {
        return combined(case, &views);
    }
    let &[a, b] = views.as_slice() else { return Outcome::Refused("one shape only".to_owned()) };
    let said = match case.operation.as_str() {
        "intersects" => holds(Predicate::Intersects, a, b),
        "disjoint" => holds(Predicate::Disjoint, a, b),
        "touches" => holds(Predicate::Touches, a, b),
        "within" => holds(Predicate::Within, a, b),
        "contains" => holds(Predicate::Contains, a, b),
        "covers" => holds(Predicate::Covers, a, b),
        "coveredby" => holds(Predicate::Covers, b, a),
        "crosses" => holds(Predicate::Crosses, a, b),
        "overlaps" => holds(Predicate::Overlaps, a, b),
        "equalstopo" => holds(Predicate::Equals, a, b),
        "distance" => return apart(case, a, b),
        other => match other.strip_prefix("within ").and_then(|limit| limit.parse::<f64>().ok()) {
            Some(limit) => measure::distance(a, b).value <= limit,
            None => return Outcome::Refused(format!("no operation {other}")),
        },
    };
    if said.to_string() == case.expected {
        return Outcome::Right;
    }
    if a.is_empty() || b.is_empty() {
        return Outcome::Otherwise("an empty shape equals, covers and lies in nothing");
    }
    if [a, b].into_iter().any(runs_over_itself) {
        return Outcome::Otherwise(DRAWN_TWICE);
    }
    Outcome::Wrong(format!("{said}, expected {}", case.expected))
}

fn validity(case: &Case) -> Outcome {
    let Ok(raw) = wkt::read(&case.a) else { return Outcome::Refused("a collection, or no shape".to_owned()) };
    let faults = check(&raw).faults;
    if let Some(fault) = faults.iter().find(|fault| matches!(fault.kind, FaultKind::OutOfRange | FaultKind::NotFinite))
    {
        return Outcome::Refused(format!("invalid: {:?}", fault.kind));
    }
    match (faults_of_ogc(&faults).next().is_none(), case.expected.as_str()) {
        (true, "true") | (false, "false") => Outcome::Right,
        (is_valid, _) => Outcome::Wrong(format!("valid {is_valid}: {faults:?}")),
    }
}

fn apart(case: &Case, a: ShapeRef<'_>, b: ShapeRef<'_>) -> Outcome {
    let (found, expected) = (measure::distance(a, b), case.expected.parse::<f64>().expect("a distance"));
    if a.is_empty() || b.is_empty() {
        return Outcome::Otherwise("an empty shape is infinitely far from all, not 0");
    }
    let off = (found.value - expected).abs();
    if off <= found.error + 1e-9 * expected {
        Outcome::Right
    } else {
        Outcome::Wrong(format!("{found:?}, expected {expected}"))
    }
}

fn combined(case: &Case, shapes: &[ShapeRef<'_>]) -> Outcome {
    let [first, rest @ ..] = shapes else { return Outcome::Refused("nothing given".to_owned()) };
    let kinds = |kind| shapes.iter().any(|shape| shape.kind() == kind);
    let mixed = rest.iter().any(|shape| shape.kind() != first.kind());
    let fold = |operation: fn(ShapeRef<'_>, ShapeRef<'_>) -> Shape| {
        rest.iter().fold(first.to_shape(), |all, next| operation(all.view(), *next))
    };
    let found = match case.operation.as_str() {
        "union" | "symmetric_difference" if mixed => {
            return Outcome::Refused("a union of shapes of different dimension".to_owned());
        }
        "union" => overlay::union(shapes),
        "symmetric_difference" => fold(overlay::symmetric_difference),
        "difference" => overlay::without(*first, rest),
        _ => fold(overlay::intersection),
    };
    let faults = check(&wkt::read(&wkt::write(found.view())).expect("text of ours")).faults;
    if !faults.is_empty() {
        return Outcome::Wrong(format!("not valid: {faults:?}"));
    }
    let expected: Vec<f64> = case.expected.split(':').map(|part| part.parse().expect("a number")).collect();
    let border = shapes.iter().map(|shape| measure::length(*shape, &AreaMethod::Plane).value).fold(0.0, f64::max);
    let (value, allowed, wanted) = match found.kind() {
        Kind::Polygon => {
            let area = measure::area(found.view(), &AreaMethod::Plane);
            (area.value, area.error + 2.0 * GRID_STEP_M * border, expected[0])
        }
        Kind::Line => {
            let length = measure::length(found.view(), &AreaMethod::Plane);
            (length.value, length.error + 8.0 * GRID_STEP_M * found.view().coords().len().max(4) as f64, expected[1])
        }
        Kind::Point => (found.view().coords().len() as f64, 0.0, expected[2]),
    };
    if (value - wanted).abs() <= allowed + 1e-12 * wanted {
        Outcome::Right
    } else if kinds(Kind::Line) && kinds(Kind::Polygon) && value < wanted {
        Outcome::Otherwise("stretches along a border lie in neither interior")
    } else if shapes.iter().copied().any(runs_over_itself) {
        Outcome::Otherwise(DRAWN_TWICE)
    } else {
        Outcome::Wrong(format!("{value}, expected {wanted}, allowed {allowed:e}: {}", wkt::write(found.view())))
    }
}

#[test]
fn published_cases_come_out_right_or_refused() {
    let cases = cases();
    let (done, outcomes) = mpsc::channel();
    let queue = cases.clone();
    std::thread::spawn(move || {
        for case in &queue {
            let found = std::panic::catch_unwind(|| outcome(case));
            if done.send(found.unwrap_or_else(|_| Outcome::Wrong("a panic".to_owned()))).is_err() {
                return;
            }
        }
    });
    let mut table: BTreeMap<(String, String), [usize; 4]> = BTreeMap::new();
    let mut reasons: BTreeMap<(String, Outcome), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in &cases {
        let found = outcomes.recv_timeout(LONGEST).unwrap_or_else(|why| panic!("{why}: {case:?}"));
        let counts = table.entry((case.suite.clone(), family(&case.operation).to_owned())).or_default();
        counts[0] += 1;
        match found {
            Outcome::Right => counts[1] += 1,
            Outcome::Refused(_) | Outcome::Otherwise(_) => {
                counts[if matches!(found, Outcome::Refused(_)) { 2 } else { 3 }] += 1;
                *reasons.entry((case.suite.clone(), found)).or_default() += 1;
            }
            Outcome::Wrong(why) => wrong
                .push(format!("{} {} {}: {why}\n  {}\n  {}", case.suite, case.name, case.operation, case.a, case.b)),
        }
    }
    println!("| suite | what | run | right | refused | otherwise |\n|---|---|---|---|---|---|");
    for ((suite, what), [run, right, refused, otherwise]) in &table {
        println!("| {suite} | {what} | {run} | {right} | {refused} | {otherwise} |");
    }
    println!();
    for ((suite, why), count) in &reasons {
        println!("- {suite}: {count} × {why:?}");
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(table.values().map(|counts| counts[1]).sum::<usize>() > 1_000);
}

fn family(operation: &str) -> &str {
    match operation {
        "isvalid" => "validity",
        "intersection" | "union" | "difference" | "symmetric_difference" => operation,
        "distance" => "distance",
        other if other.starts_with("within ") => "distance",
        _ => "predicates",
    }
}
