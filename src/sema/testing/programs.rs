//! Programs that texts become, and what is wrong with texts.

#![allow(clippy::disallowed_methods, reason = "tests read their fixtures themselves")]

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
fn every_page_shows_its_mistake() {
    let own = include_str!("../../diagnostic/codes/language.rs");
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
    assert_eq!(rows[0].values[2], Value::Number(10_000.into()));
    assert_eq!(rows[1].values[1], Value::Duration(crate::model::Duration { months: 6, days: 0 }));
    assert_eq!(rows[1].values[2], Value::Missing);
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
            let texts = modules
                .iter()
                .map(|(other, text)| (other.as_str(), if other == name { changed.as_str() } else { text.as_str() }));
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
