//! The types of expressions.

use super::{CSVS, GROUND, analyze_pack};

/// Returns the English words for the type of an expression over `p in parcel`, or the codes of what is wrong with it.
fn type_of(expression: &str) -> String {
    let text = format!(
        "{GROUND}\nrule R-1 \"title\" {{\n basis law \"1\"\n department planning\n severity advisory\n for each p in parcel\n \
         let x = {expression}\n forbid x is present\n message \"{{p.id}}\"\n}}\n"
    );
    let (program, diagnostics, _) = analyze_pack(&[("sample.gj", &text)], CSVS);
    if !diagnostics.is_empty() {
        return diagnostics.iter().map(|found| found.code.name).collect::<Vec<_>>().join(" ");
    }
    crate::sema::describe::describe(&program.schema, &program.rules[0].lets[0].value.ty).en
}

#[test]
fn expressions_have_their_types() {
    let table = [
        // numbers and dimensions
        ("1 + 2", "number"),
        ("area(p)", "area"),
        ("area(p) / 2 m", "length"),
        ("area(p) * 50%", "area"),
        ("area(p) / area(p)", "number"),
        ("p.price / area(p)", "money per area"),
        ("p.height * p.height * p.height", "volume"),
        ("1 m2 * 1 m2", "number in m^4"),
        ("10% + 5%", "ratio"),
        ("1 - p.green", "number"),
        ("-area(p)", "area"),
        ("1200 万元", "money"),
        ("15亩", "area"),
        ("area(p) + 1", "dimension-mismatch"),
        ("area(p) + p.height", "dimension-mismatch"),
        ("area(p) > 5 m", "dimension-mismatch"),
        ("p.id + p.id", "type-mismatch"),
        ("1 / 0", "constant-condition"),
        // days
        ("p.since + p.term", "date"),
        ("p.since - 2 years", "date"),
        ("p.since - p.since", "duration"),
        ("p.term + 40年", "duration"),
        ("2024-12-04", "date"),
        ("2024-02-30", "bad-literal"),
        ("1.3 months", "bad-literal"),
        ("year(p.since)", "number"),
        ("p.term + 1", "type-mismatch"),
        // codes, enumerations, sets
        ("p.use in 07", "yes or no"),
        ("p.use == 0701", "yes or no"),
        ("0701 == p.use", "yes or no"),
        ("p.use == \"0701\"", "yes or no"),
        ("p.use in [07, 1001]", "yes or no"),
        ("p.use in housing", "yes or no"),
        ("p.use in p.uses", "yes or no"),
        ("0701 in p.uses", "yes or no"),
        ("p.uses has 0701", "yes or no"),
        ("p.use covers 0701", "yes or no"),
        ("level(p.use)", "number"),
        ("p.use == 99", "undefined-code"),
        ("p.use in [07, 99, 98]", "undefined-code undefined-code"),
        ("p.tier == national", "yes or no"),
        ("国家 == p.tier", "yes or no"),
        ("p.tier in [national, other]", "yes or no"),
        ("p.tier == tier.other", "yes or no"),
        ("p.tier == \"national\"", "type-mismatch"),
        ("p.tier == provincial", "undefined-value"),
        ("national", "unknown-name"),
        ("07", "code-without-list"),
        ("p.use in []", "empty-set"),
        ("p.use < 08", "undefined-code"),
        ("p.use < 07", "type-mismatch"),
        ("submission.region in 360000", "yes or no"),
        ("submission.region in 36", "undefined-code"),
        // lists, ranges, fields
        ("p.tags has \"a\"", "yes or no"),
        ("p.id has \"a\"", "type-mismatch"),
        ("p.floors overlaps (1 m .. 2 m)", "yes or no"),
        ("p.height in p.floors", "yes or no"),
        ("p.height in 1 m .. 2 m", "yes or no"),
        ("p.floors.low", "length"),
        ("p.floors in 1 m .. 2 m", "type-mismatch"),
        ("2 m .. 1 m", "reversed-range"),
        ("p.owner.name", "text"),
        ("p.owner == p.owner", "compared-with-itself"),
        ("p.owner.nam", "undefined-field"),
        ("p.用途", "code of land_use"),
        ("p.area", "undefined-field"),
        ("count(p.tags)", "number"),
        ("p.tags is empty", "yes or no"),
        ("p.id is empty", "type-mismatch"),
        ("p.far is missing", "yes or no"),
        ("default(p.far, 1)", "number"),
        ("default(p.tier, other)", "tier"),
        ("default(p.far, 1 m)", "dimension-mismatch"),
        ("min(p.far, most)", "number"),
        ("max(1 m, p.far)", "dimension-mismatch"),
        ("starts_with(p.id, \"a\")", "yes or no"),
        ("p.built and p.far > 1", "yes or no"),
        ("p.built and p.far", "not-a-condition"),
        // ground
        ("p & road", "pieces of ground"),
        ("area(p & parcel)", "area"),
        ("area(p & road)", "wrong-geometry"),
        ("length(p & road)", "length"),
        ("length(p)", "wrong-geometry"),
        ("perimeter(p)", "length"),
        ("p.geometry", "polygon"),
        ("p without road", "pieces of ground"),
        ("area(p.id)", "no-geometry"),
        ("area(p.owner)", "area"),
        ("area(parcel & parcel)", "compared-with-itself"),
        ("p within 1 km of road", "yes or no"),
        ("p within 1 m2 of road", "dimension-mismatch"),
        ("p occupies parcel", "yes or no"),
        ("p occupies road", "wrong-geometry"),
        ("p overlaps road", "yes or no"),
        ("buffer(p, 5 m)", "polygon"),
        ("share(p, road)", "ratio"),
        ("p.geometry == p.geometry", "type-mismatch"),
        ("union(p.owner.parcels)", "polygon"),
        ("area((parcel where it.use in 07 and it != p))", "area"),
        ("box(0 m, 0 m, 1 m, 1 m)", "polygon"),
        ("box(0, 0, 1, 1)", "dimension-mismatch dimension-mismatch dimension-mismatch dimension-mismatch"),
        // many
        ("sum(area(q) for each q in parcel overlapping p)", "area"),
        ("sum(x.area for each x in p & parcel)", "area"),
        ("sum(x.feature.far for each x in p & parcel)", "number"),
        ("sum(x.length for each x in p & parcel)", "undefined-field"),
        ("sum(q for each q in parcel)", "type-mismatch"),
        ("count(q for each q in parcel where q.use in p.use)", "number"),
        ("only(q.tier for each q in parcel where q.id == p.id)", "tier"),
        ("max(q.since for each q in parcel)", "date"),
        ("union(q for each q in parcel)", "polygon"),
        ("cumulative(q.price for each q in parcel)", "list of money"),
        ("any q in parcel overlapping p by at least 5% of p or 100 m2: q.far > 1", "yes or no"),
        ("any q in road overlapping p by at least 1 m2: q.id == \"a\"", "dimension-mismatch"),
        ("all c in land_use level 1: c covers p.use", "yes or no"),
        ("any c in land_use level 7: c covers p.use", "empty-set"),
        ("any t in tier: t == p.tier", "yes or no"),
        ("any q in p.id: q == p.id", "not-many"),
        ("acyclic(p.owner.steps, id, needs)", "yes or no"),
        ("acyclic(p.owner.steps, id, need)", "undefined-field"),
        // functions
        ("share_of(p, road)", "wrong-geometry"),
        ("share_of(p, parcel)", "number"),
        ("share_of(p)", "wrong-arguments"),
        ("share_of(road, parcel)", "type-mismatch"),
        ("is_of(p, national)", "yes or no"),
        ("area()", "wrong-arguments"),
        ("aera(p)", "unknown-function"),
        ("only(p)", "wrong-arguments"),
        ("parcle", "unknown-name"),
    ];
    let wrong: Vec<String> = table
        .iter()
        .map(|(expression, expected)| (expression, expected, type_of(expression)))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(expression, expected, found)| format!("{expression}: {found}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
