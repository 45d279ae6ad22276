//! Ids, and what refers to them.

use super::{MANIFEST, feature, parcels, read_files};
use crate::model::{Issue, Value};

#[test]
fn references_are_told_where_they_stand() {
    let projects = "- id: PRJ-01\n  tier: other\n  rights:\n    - R-1\n    - id: R-2\n      parcel: P-9\n    - R-3\n";
    let outcome = read_files(&[("projects.yaml", projects.as_bytes())]);
    let told = outcome.told();
    for place in
        ["projects.yaml:4:7 dangling-reference [PRJ-01.rights]", "projects.yaml:7:7 dangling-reference [PRJ-01.rights]"]
    {
        assert!(told.contains(place), "{told}");
    }
    // A right belongs to a parcel, of which there is no layer.
    assert!(told.contains("projects.yaml:6:15 dangling-reference [-.parcel]"), "{told}");
}

#[test]
fn the_id_that_was_meant_is_looked_for_a_hundred_times() {
    let rows: Vec<String> = (0..300)
        .map(|at| feature(&format!(r#""id": "P-{at}", "use": "0701", "project": "PROJECT-2026-{at:03}""#)))
        .collect();
    let page = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}", rows.join(",\n"));
    let outcome = read_files(&[
        ("parcels.geojson", page.as_bytes()),
        ("projects.yaml", b"- { id: PROJECT-2026-ABC, tier: other }\n"),
    ]);
    let dangling: Vec<&Issue> = outcome.issues.iter().filter(|found| found.code.name == "dangling-reference").collect();
    assert_eq!(dangling.len(), 300);
    let column = rows[0].find("\"PROJECT").map(|at| at as u32 + 1);
    assert_eq!((dangling[0].place.line, Some(dangling[0].place.column)), (2, column));
    let helped = dangling.iter().filter(|found| found.text.en.contains("did you mean")).count();
    assert_eq!(helped, 100);
}

#[test]
fn ids_beside_the_properties_are_ids() {
    let corners = "J1,1,3300000,39500000\nJ2,1,3300100,39500000\nJ3,1,3300100,39500100\nJ4,1,3300000,39500100\n";
    let text = format!(
        "[属性描述]\n带号=39\n几度分带=3\n[地块坐标]\n4,1.0,DK-7,甲,面,,,,@\n{corners}4,1.0,,乙,面,,,,@\n{corners}"
    );
    let manifest = format!("{MANIFEST}layers: {{ parcel: {{ path: parcels.txt, fields: {{ use: 地类编码 }} }} }}\n");
    let outcome = read_files(&[("guiju.yaml", manifest.as_bytes()), ("parcels.txt", text.as_bytes())]);
    assert_eq!(
        (&*outcome.items("parcel").id(0), &*outcome.items("parcel").id(1)),
        ("DK-7", "#2"),
        "{}",
        outcome.told()
    );
    assert_eq!(outcome.value("parcel", 0, "id"), Value::Text("DK-7".into()));
    assert!(!outcome.codes().contains(&"missing-field") && outcome.told().contains("[#2.id]"), "{}", outcome.told());
    let member = feature("\"use\": \"0701\"").replacen("\"properties\"", "\"id\": 12, \"properties\"", 1);
    let outcome = parcels(&member);
    assert_eq!((&*outcome.items("parcel").id(0), outcome.codes()), ("12", vec!["legacy-crs"]));
}
