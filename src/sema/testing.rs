//! Packs from texts, for the tests of this room.

use std::sync::Arc;

use super::{Cell, CsvInput, PackInput, Program, analyze};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Files;
use crate::syntax;

/// Returns the cells of a CSV text without quotes.
fn cells(files: &mut Files, name: &str, text: &str) -> CsvInput {
    let file = files.add(name, text);
    let rows = text.lines().enumerate().map(|(line, row)| {
        let mut column = 1;
        let cells = row.split(',').map(|cell| {
            let read = Cell { text: cell.into(), line: line as u32 + 1, column };
            column += cell.chars().count() as u32 + 1;
            read
        });
        cells.collect()
    });
    CsvInput { file, rows: rows.collect() }
}

/// Parses and analyzes one pack of these modules and CSV files; mistakes of the parser come first.
pub(super) fn analyze_pack(modules: &[(&str, &str)], csvs: &[(&str, &str)]) -> (Program, Vec<Diagnostic>, Files) {
    let mut files = Files::default();
    let mut diagnostics = Vec::new();
    let mut trees = Vec::new();
    for (name, text) in modules {
        let file = files.add(*name, *text);
        let (tree, found) = syntax::parse(file, text);
        trees.push(tree);
        diagnostics.extend(found);
    }
    let csvs: Vec<(Arc<str>, CsvInput)> =
        csvs.iter().map(|(path, text)| ((*path).into(), cells(&mut files, path, text))).collect();
    let pack = PackInput { name: "sample".into(), jurisdiction: 0, modules: trees, csvs };
    let (program, found) = analyze(&[pack], &[], &files);
    diagnostics.extend(found);
    (program, diagnostics, files)
}

/// The CSV files that every test may name.
pub(super) const CSVS: &[(&str, &str)] = &[
    ("codes/land_use.csv", "code,name,parent\n07,居住用地,\n0701,城镇住宅用地,07\n10,工矿用地,\n1001,工业用地,10\n"),
    ("codes/empty.csv", "code,name,parent\n"),
];

/// Returns diagnostics as lines: severity, code, place, message and help in English.
pub(super) fn lines(diagnostics: &[Diagnostic], files: &Files) -> Vec<String> {
    let line = |diagnostic: &Diagnostic| {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let place = diagnostic.labels.first().map(|label| {
            let location = files.location(label.span);
            format!(
                "{}:{}:{} `{}`",
                files.name(label.span.file),
                location.line,
                location.column,
                files.slice(label.span)
            )
        });
        let help = diagnostic.help.as_ref().map(|help| help.en.as_str()).unwrap_or_default();
        let code = diagnostic.code.name;
        format!("{severity} {code} {}: {} ({help})", place.unwrap_or_default(), diagnostic.message.en)
    };
    diagnostics.iter().map(line).collect()
}

mod tests {
    use super::*;
    use crate::diagnostic::codes;
    use crate::model::{Type, Value};
    use crate::sema::program::{ExprKind, GivenValue, Members, Severity as Grade};

    /// Texts by name.
    type Texts = Vec<(String, String)>;

    fn analyzed(text: &str) -> (Program, Vec<String>) {
        let (program, diagnostics, files) = analyze_pack(&[("sample.gj", text)], CSVS);
        (program, lines(&diagnostics, &files))
    }

    /// Declarations that the expressions of the tables below speak of.
    const GROUND: &str = r#"module sample
source law { title "Law" issued 2020-01-01 }
enum department { planning }
enum tier 层级 { national 国家, other 其他 }
codes land_use 用地 from "codes/land_use.csv"
set housing = land_use { 07 }
param small : area = 1 m2
param most : number = 2
layer road : line { id : text }
layer station : point { id : text }
layer parcel 地块 : polygon {
    id : text
    use 用途 : code<land_use>
    tier : tier?
    far : number?
    height : length?
    price : money?
    green : ratio?
    since : date?
    term : duration?
    floors : range<length>?
    tags : list<text>
    uses : list<code<land_use>>
    owner : ref<person>?
    built : bool?
}
record step { id : text needs : list<text> }
record person { id : text name : text steps : list<step> parcels : list<ref<parcel>> geometry : geometry = union(parcels) }
define share_of(p: parcel, l: layer) = area(p & l) / area(p)
define is_of(p: parcel, t: tier) = p.tier == t
"#;

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

    /// Reads the modules and CSV files of a pack's folder in this repository, by path inside the pack.
    fn folder(pack: &str) -> (Texts, Texts) {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(pack);
        let (mut modules, mut csvs, mut open) = (Vec::new(), Vec::new(), vec![root.clone()]);
        while let Some(at) = open.pop() {
            for entry in std::fs::read_dir(at).unwrap() {
                let found = entry.unwrap().path();
                let name = found.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                match found.extension().and_then(|extension| extension.to_str()) {
                    _ if found.is_dir() => open.push(found),
                    Some("gj") => modules.push((name, std::fs::read_to_string(&found).unwrap())),
                    Some("csv") => csvs.push((name, std::fs::read_to_string(&found).unwrap())),
                    Some(_) | None => {}
                }
            }
        }
        modules.sort();
        csvs.sort();
        (modules, csvs)
    }

    #[test]
    fn whole_packs_are_sound_and_complete() {
        for pack in ["fixtures/language/example-pack", "rules/national"] {
            let (modules, csvs) = folder(pack);
            let declared = |words: [&str; 2]| {
                let lines = modules.iter().flat_map(|(_, text)| text.lines());
                lines.filter(|line| words.iter().any(|word| line.starts_with(word))).count()
            };
            let (rules, tests) = (declared(["rule ", "规则 "]), declared(["test ", "测试 "]));
            let modules: Vec<_> = modules.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            let csvs: Vec<_> = csvs.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            let (program, diagnostics, files) = analyze_pack(&modules, &csvs);
            assert_eq!(lines(&diagnostics, &files), Vec::<String>::new());
            assert_eq!((program.rules.len(), program.tests.len()), (rules, tests));
            assert!(rules > 10);
        }
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
            ("p.use == 99", "unknown-code"),
            ("p.use in [07, 99, 98]", "unknown-code unknown-code"),
            ("p.tier == national", "yes or no"),
            ("国家 == p.tier", "yes or no"),
            ("p.tier in [national, other]", "yes or no"),
            ("p.tier == tier.other", "yes or no"),
            ("p.tier == \"national\"", "type-mismatch"),
            ("p.tier == provincial", "unknown-value"),
            ("national", "unknown-name"),
            ("07", "code-without-list"),
            ("p.use in []", "empty-set"),
            ("p.use < 08", "unknown-code"),
            ("p.use < 07", "type-mismatch"),
            ("submission.region in 360000", "yes or no"),
            ("submission.region in 36", "unknown-code"),
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
            ("p.owner.nam", "unknown-field"),
            ("p.用途", "code of land_use"),
            ("p.area", "unknown-field"),
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
            ("sum(x.length for each x in p & parcel)", "unknown-field"),
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
            ("acyclic(p.owner.steps, id, need)", "unknown-field"),
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

    #[test]
    fn every_page_shows_its_mistake() {
        let own = include_str!("../diagnostic/codes/language.rs");
        let own = &own[own.find("// sema").unwrap()..];
        let mut shown = 0;
        for code in codes::language::ALL.iter().filter(|code| own.contains(&format!("= \"{}\"", code.name))) {
            let example = code.page.split("```gj\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
            let (_, diagnostics, files) = analyze_pack(&[("sample.gj", example)], CSVS);
            let names: Vec<_> = diagnostics.iter().map(|found| found.code.name).collect();
            assert_eq!(names, [code.name], "{}", lines(&diagnostics, &files).join("\n"));
            assert!(diagnostics[0].help.is_some(), "{} has no help", code.name);
            shown += 1;
        }
        assert!(shown > 40);
    }

    #[test]
    fn ten_mistakes_give_ten_diagnostics() {
        let text = r#"module sample
use national.schema
source law { title "Law" issued 2020-13-01 }
enum tier { high, low, high }
codes land_use from "codes/land_use.csv"
layer parcel : polygon { id : txt use : code<land_use> far : number? }
param small : area = 1 m
rule R-1 "title" {
    basis law "1"
    severity advisory
    for each p in parcel where p.use in 0799
    let size = area(p)
    forbid a: size > 5 m
    message "{p.id} {p.fr}"
    forbid b: size > small and p.id == p.far
    forbid c: size and p.far > 1
    message "{p.far : ha}"
}
test R-1 "no" { given parcel { use: 07, id: 7 } expect conflict of d }
"#;
        let (program, found) = analyzed(text);
        insta::assert_snapshot!(found.join("\n"));
        assert!(program.rules.is_empty() && program.tests.is_empty());
    }

    const RULE: &str = r#"
rule R-1 "title" {
    basis law "1"
    department planning
    severity conditional
    for each p in parcel where p.use in housing
    for each q in parcel overlapping p
    let taken = p & (parcel where it.far > most)
    let size = area(taken)
    let limit = small * 2
    let both = size + area(p & q)
    forbid big: both > limit and p.far <= most and not (q.far is missing)
    unless p.tier == national
    message "{p.id} {size : 亩} {{x}}"
    severity prohibited
    remedy subtract road from p with margin 5 m
    remedy "不得占用 {size}"
    feedback parcel "{q.id}"
}
test R-1 "one" {
    given submission { as_of: 2026-01-15, region: 360400 }
    given parcel { id: "P1", use: 0701, far: 1.5, owner: "X", tags: ["a"], uses: [07, 10], geometry: box(0 m, 0 m, 1 m, 1 m) }
    given person { id: "X", steps: [{ id: "S1", needs: [] }], parcels: ["P1"] }
    given road missing
    expect conflict of big for "P1" where (any x in taken: x.area > 1 m2) and size > 0 m2 with exception unknown
}
"#;

    #[test]
    fn a_rule_becomes_what_the_engine_reads() {
        let (program, found) = analyzed(&format!("{GROUND}{RULE}"));
        assert_eq!(found, Vec::<String>::new());
        let rule = &program.rules[0];
        assert_eq!(rule.bindings[1].pairs_with, Some(rule.bindings[0].slot));
        assert_eq!(rule.lets.iter().map(|found| found.depth).collect::<Vec<_>>(), [1, 1, 0, 2]);
        assert_eq!(rule.from.map(|day| day.to_string()).as_deref(), Some("2020-01-01"));
        let constraint = &rule.constraints[0];
        assert_eq!(constraint.severity, Grade::Prohibited);
        let ExprKind::And(parts) = &constraint.condition.kind else { panic!("{:?}", constraint.condition.kind) };
        assert_eq!(parts.len(), 3);
        let texts: Vec<_> = constraint.quantities.iter().map(|quantity| &*quantity.text).collect();
        assert_eq!(texts, ["both", "limit", "p.far", "most"]);
        let taken = rule.lets[0].slot;
        assert!(matches!(constraint.evidence[0].kind, ExprKind::Variable(slot) if slot == taken));
        assert!(matches!(constraint.evidence[1].kind, ExprKind::Intersection(..)));
        assert_eq!(constraint.evidence.len(), 2);
        assert_eq!(constraint.remedies.len(), 2);
        let test = &program.tests[0];
        assert_eq!((test.given.len(), test.unsupplied.len(), test.expects[0].constraint), (3, 1, Some(0)));
        assert!(rule.frame > 7, "the test's own variable needs a slot");
        let steps = test.given[2].fields.iter().find(|(_, value)| matches!(value, GivenValue::List(_)));
        assert!(steps.is_some());
        assert!(matches!(&program.sets[0].members, Members::Codes { include, .. } if include.len() == 1));
        assert_eq!(program.params[0].value, Value::Number(1.into()));
    }

    #[test]
    fn functions_are_read_once_for_each_kind_of_argument() {
        let rule = |id: &str, call: &str| {
            format!(
                "rule {id} \"title\" {{\n basis law \"1\"\n severity advisory\n for each p in parcel\n forbid {call} > 1\n \
                 message \"{{p.id}}\"\n}}\n"
            )
        };
        let text = [
            GROUND.to_owned(),
            rule("R-1", "share_of(p, (parcel where it != p))"),
            rule("R-2", "share_of(p, parcel)"),
            rule("R-3", "share_of(p, person)"),
        ]
        .concat();
        let (program, found) = analyzed(&text);
        assert_eq!(found, Vec::<String>::new());
        let used: Vec<_> = program.defines.iter().filter(|define| &*define.names.name == "share_of").collect();
        assert_eq!(used.len(), 2);
        assert!(program.defines.iter().all(|define| define.body.ty != Type::Error));
    }

    #[test]
    fn computed_fields_stand_behind_those_they_rest_on() {
        let text = "module sample\nlayer parcel : polygon { id : text }\n\
             record right { id : text holder : ref<package> geometry : geometry = union(holder) size : area = area(geometry) }\n\
             record package { id : text parcels : list<ref<parcel>> geometry : geometry = union(parcels) }\n";
        let (program, found) = analyzed(text);
        assert_eq!(found, Vec::<String>::new());
        let order: Vec<_> = program
            .computed
            .iter()
            .map(|computed| {
                let class = program.schema.class(computed.class);
                format!("{}.{}", class.names.name, class.fields[computed.field.0 as usize].names.name)
            })
            .collect();
        assert_eq!(order, ["package.geometry", "right.geometry", "right.size"]);
    }

    #[test]
    fn names_come_from_modules_that_are_used() {
        let schema = "module a.schema\nlayer parcel 地块 : polygon { id : text }\nenum tier { high, low }\n";
        let other = "module a.other\nlayer forest : polygon { id : text }\nenum tier { near, far }\n";
        let rules = "module a.rules\nuse a.schema\nuse a.other as o\nsource law { title \"L\" }\n\
             rule R-1 \"t\" {\n basis law \"1\"\n severity advisory\n for each p in 地块\n for each f in o.forest overlapping p\n \
             forbid area(p & f) > 1 m2 or tier.high == tier.low or o.tier.near == o.tier.near\n message \"{p.id}\"\n}\n";
        let (program, diagnostics, files) = analyze_pack(&[("a.gj", schema), ("b.gj", other), ("c.gj", rules)], CSVS);
        let codes: Vec<_> = diagnostics.iter().map(|found| found.code.name).collect();
        // Two comparisons of constants; no name is unknown.
        assert_eq!(codes, ["constant-condition"; 2], "{}", lines(&diagnostics, &files).join("\n"));
        assert_eq!(program.rules.len(), 1);
    }

    #[test]
    fn tables_become_rows_of_values() {
        let text = "module sample\ncodes land_use from \"codes/land_use.csv\"\nenum kind { a 甲, b }\n\
             table limits from \"limits.csv\" { use : code<land_use> years : duration size : area? kind : kind uses : list<code<land_use>> }\n";
        let limits = "use,years,size,kind,uses,note\n07,70年,15 亩,甲,0701;10,x\n10,6个月,,b,,\n99,1,2,c,07,\n";
        let csvs: Vec<_> = CSVS.iter().copied().chain([("limits.csv", limits)]).collect();
        let (program, diagnostics, files) = analyze_pack(&[("sample.gj", text)], &csvs);
        let rows = &program.tables[0].rows;
        assert_eq!(rows[0][2], Value::Number(10_000.into()));
        assert_eq!(rows[1][1], Value::Duration(crate::model::Duration { months: 6, days: 0 }));
        assert_eq!(rows[1][2], Value::Missing);
        insta::assert_snapshot!(lines(&diagnostics, &files).join("\n"));
    }

    #[test]
    fn functions_that_call_each_other_are_no_functions() {
        let text = "module sample\nlayer parcel : polygon { id : text }\ndefine f(g: geometry) = h([g])\n\
             define h(g: geometry) = area(g) + f(g)\n";
        let (_, found) = analyzed(text);
        assert_eq!(found.len(), 1, "{}", found.join("\n"));
        assert!(found[0].starts_with("error recursive-define"));
    }

    #[test]
    fn the_manifest_gives_params_their_values() {
        let mut files = Files::default();
        let mut module = |text: &str| {
            let file = files.add("sample.gj", text);
            syntax::parse(file, text).0
        };
        let value = |tree: &crate::syntax::ast::Module| match &tree.items[0].kind {
            crate::syntax::ast::ItemKind::Param { name, value, .. } => {
                crate::sema::ParamOverride { name: name.name.text.clone(), value: value.clone(), span: value.span }
            }
            _ => panic!("no param"),
        };
        let tree = module("module sample\nparam sliver 零星面积 : area = 1 m2\n");
        let given = ["零星面积 : area = 0.5公顷", "sliver : area = 3 m", "slivre : area = 3 m2"];
        let overrides: Vec<_> = given.iter().map(|text| value(&module(&format!("module x\nparam {text}\n")))).collect();
        let pack = PackInput { name: "sample".into(), jurisdiction: 0, modules: vec![tree], csvs: Vec::new() };
        let (program, diagnostics) = analyze(&[pack], &overrides, &files);
        assert_eq!(program.params[0].value, Value::Number(5_000.into()));
        let codes: Vec<_> = diagnostics.iter().map(|found| found.code.name).collect();
        assert_eq!(codes, ["dimension-mismatch", "unknown-name"]);
    }

    #[test]
    fn a_pack_that_lacks_a_line_is_still_read() {
        let (modules, csvs) = folder("fixtures/language/example-pack");
        let csvs: Vec<_> = csvs.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let step = std::env::var("EVERY_LINE").map_or(17, |_| 1);
        for (at, (name, text)) in modules.iter().enumerate() {
            for left_out in (at..text.lines().count()).step_by(step) {
                let kept = text.lines().enumerate().filter(|(line, _)| *line != left_out).map(|(_, line)| line);
                let changed = kept.collect::<Vec<_>>().join("\n");
                let texts = modules.iter().map(|(other, text)| {
                    (other.as_str(), if other == name { changed.as_str() } else { text.as_str() })
                });
                let (program, diagnostics, files) = analyze_pack(&texts.collect::<Vec<_>>(), &csvs);
                assert!(program.rules.len() <= 16);
                assert!(diagnostics.iter().all(|found| {
                    found.labels.iter().all(|label| !files.slice(label.span).is_empty() || label.span.is_empty())
                }));
            }
        }
    }

    #[test]
    fn a_module_may_be_all_chinese() {
        let text = "模块 样例\n来源 法 { 名称 \"法\" 施行 2020-01-01 }\n枚举 部门 { 规划 }\n图层 地块 : 面 { 标识码 : 文本 高度 : 长度? }\n\
             档案 资产包 { 标识码 : 文本 地块组 : 列表<引用<地块>> 几何 : 几何 = 合并(地块组) }\n\
             规则 甲-1 \"题\" {\n 依据 法 \"一\"\n 部门 规划\n 等级 禁止级\n 对每个 甲 属于 资产包\n 令 重 ＝ 甲 & 地块\n\
             禁止 面积（重） ＞ 2 亩 且 面积（甲.几何） ＞ 合计（乙.面积 对每个 乙 属于 重 其中 乙.要素.高度 ＞ 1 米）\n\
             说明 \"{甲.标识码} {面积(重) : 亩}\"\n}\n";
        let (program, found) = analyzed(text);
        assert_eq!(found, Vec::<String>::new());
        assert_eq!(program.computed.len(), 1);
        assert_eq!(program.rules[0].constraints[0].quantities.len(), 3);
    }

    #[test]
    fn a_rule_before_and_after_an_amendment_may_keep_its_id() {
        let rule = |period: &str, label: &str| {
            format!(
                "rule R-1 \"t\" {{\n basis law \"1\"\n severity advisory\n effective {period}\n \
                 require {label}: submission.region is present\n message \"{{submission.as_of}}\"\n}}\n"
            )
        };
        let text = [
            "module sample\nsource law { title \"L\" issued 2000-01-01 }\n",
            &rule("from 2020-01-01", "new"),
            &rule("from 2000-01-01 to 2019-12-31", "old"),
            "test R-1 \"before\" { given submission { as_of: 2010-01-01 } expect undetermined of old }\n",
            "test R-1 \"after\" { given submission { as_of: 2020-01-01, region: 360400 } expect pass of new }\n",
            "test R-1 \"no day\" { expect pass of new }\n",
            "test R-1 \"wrong\" { given submission { as_of: 2019-12-31 } expect pass of new }\n",
        ]
        .concat();
        let (program, found) = analyzed(&text);
        assert_eq!(found.len(), 1, "{}", found.join("\n"));
        assert!(found[0].starts_with("error unknown-label"));
        assert_eq!(program.rules.iter().map(|rule| rule.from.is_some()).collect::<Vec<_>>(), [true, true]);
        assert!(program.rules[0].from < program.rules[1].from);
        assert!(program.rules[0].bindings.is_empty() && program.rules[0].frame == 1);
        assert_eq!(program.tests.len(), 3);
    }

    #[test]
    fn messages_read_alike_in_both_languages() {
        let mut seen = 0;
        for code in codes::language::ALL {
            let Some(example) = code.page.split("```gj\n").nth(1).and_then(|rest| rest.split("```").next()) else {
                continue;
            };
            let (_, diagnostics, _) = analyze_pack(&[("sample.gj", example)], CSVS);
            for found in &diagnostics {
                let texts = std::iter::once(&found.message).chain(&found.help);
                for text in texts {
                    assert!(!text.en.ends_with('.') && !text.zh.ends_with('。'), "{}", text.en);
                    assert!(text.en.chars().next().is_some_and(|first| !first.is_uppercase()), "{}", text.en);
                    assert!(!text.zh.contains('`') && !text.zh.is_empty(), "{}", text.zh);
                    seen += 1;
                }
            }
        }
        assert!(seen > 80);
    }
}
