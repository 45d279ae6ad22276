//! Do findings carry the names, verdicts and words that the language promises?

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// Id, verdict, message and what is missing of every finding of `fixtures/submissions/corners`, in order.
const FINDINGS: &[(&str, &str, &str, &str)] = &[
    ("C-1/parcel:P1", "conflict", "P1 3", ""),
    ("C-1/parcel:P1#2", "conflict", "甲 3", ""),
    ("C-1/parcel:P2", "undetermined", "P2 （缺）", "parcel.far"),
    ("C-1/parcel:P2#2", "undetermined", "（缺） （缺）", "parcel.far"),
    ("C-1/parcel:P2~2", "undetermined", "P2 （缺）", "parcel.far"),
    ("C-1/parcel:P2~2#2", "undetermined", "重号 （缺）", "parcel.far"),
    ("C-2/parcel:P1/parcel:P2", "conflict", "P1 P2 5,000.00 ㎡", ""),
    ("C-3/parcel:P1#low", "conflict", "P1 3", ""),
    ("C-3/parcel:P2#low", "undetermined", "P2 （缺）", "parcel.far"),
    ("C-3/parcel:P2~2#given", "conflict", "P2 未填容积率", ""),
    ("C-4/limit:a+1+12", "conflict", "a 12", ""),
    ("C-5/book:K1/line:2", "conflict", "K1 乙 15", ""),
    ("C-5/book:K1/line:3", "undetermined", "K1 丙 （缺）", "line.amount"),
    ("C-6/parcel:P1/land_use:07", "conflict", "P1 07 居住用地", ""),
    ("C-6/parcel:P2/land_use:07", "undetermined", "P2 07 居住用地", "parcel.far"),
    ("C-6/parcel:P2~2/land_use:10", "undetermined", "P2 10 工矿用地", "parcel.far"),
    ("C-7/parcel:P1#much", "conflict", "P1 压盖 ≥ 6,000.00 ㎡", ""),
    ("C-7/parcel:P1#little", "undetermined", "P1 压盖 ≥ 6,000.00 ㎡", "plan.geometry"),
    ("C-7/parcel:P2#much", "undetermined", "P2 压盖 ≥ 1,000.00 ㎡", "plan.geometry"),
    ("C-7/parcel:P2#little", "undetermined", "P2 压盖 ≥ 1,000.00 ㎡", "plan.geometry"),
    ("C-8/parcel:P4#taken", "undetermined", "P4 （缺）", "unsupplied"),
    ("C-8/parcel:P4#joined", "undetermined", "P4", "unsupplied"),
];

fn report() -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/submissions/corners");
    let mut command = Command::cargo_bin("guiju").unwrap();
    let run = command.args(["check", "--format", "json", "--no-out", "--lang", "zh"]).arg(folder).output().unwrap();
    serde_json::from_slice(&run.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&run.stderr)))
}

fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().unwrap_or_else(|| panic!("no `{key}` in {of}"))
}

#[test]
fn findings_are_named_and_worded_as_the_language_says() {
    let report = report();
    let found: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let missing = finding["missing"].as_array().unwrap().iter().map(|missing| text(missing, "what"));
            let missing = missing.collect::<Vec<_>>().join(", ");
            (text(finding, "id"), text(finding, "verdict"), text(finding, "message"), missing)
        })
        .collect();
    let found: Vec<_> = found.iter().map(|(id, verdict, said, missing)| (*id, *verdict, *said, &**missing)).collect();
    assert_eq!(found, FINDINGS);
}

#[test]
fn every_subject_is_counted_once() {
    let report = report();
    let examined: Vec<u64> = report["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            let counted =
                rule["counts"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum::<u64>();
            assert_eq!(rule["examined"].as_u64(), Some(counted), "{}", rule["id"]);
            counted
        })
        .collect();
    assert_eq!(examined, [4, 4, 4, 2, 1, 4, 4, 4]);
}

#[test]
fn faults_of_the_data_are_issues() {
    let report = report();
    let issues = report["issues"].as_array().unwrap().iter().filter(|issue| issue["severity"] != "note");
    let found: Vec<_> = issues.map(|issue| (text(issue, "code"), text(issue, "feature"))).collect();
    assert_eq!(found, [("unreadable-value", "P2"), ("duplicate-id", "P2~2"), ("ring-self-intersection", "D2")]);
}

#[test]
fn a_comparison_says_how_values_compare_also_where_the_opposite_is_required() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/submissions/bali-lake");
    let mut command = Command::cargo_bin("guiju").unwrap();
    let run = command.args(["check", "--format", "json", "--no-out", "--lang", "zh"]).arg(folder).output().unwrap();
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for finding in report["findings"].as_array().unwrap() {
        let Some(comparison) = finding["comparison"].as_str().filter(|_| finding["verdict"] == "conflict") else {
            continue;
        };
        let words: Vec<&str> = comparison.split(' ').collect();
        let at = words.iter().position(|word| "<≤>≥".contains(*word)).unwrap();
        let (one, sign, other) = (words[0], words[at], words[at + 1]);
        let number = |shown: &str| shown.replace(',', "").trim_end_matches('%').parse::<f64>().unwrap();
        let (one, other) = (number(one), number(other));
        let holds = match sign {
            "<" => one < other,
            "≤" => one <= other,
            ">" => one > other,
            "≥" => one >= other,
            _ => panic!("{comparison}"),
        };
        assert!(holds, "{}: {comparison}", text(finding, "id"));
        seen.insert(sign.to_owned());
    }
    assert!(seen.contains(">") && seen.contains("<"), "{seen:?}");
}
