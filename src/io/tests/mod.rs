//! Whole submissions, read from a folder as a check reads them.

mod pages;
mod references;

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::layer::LayerRead;
use super::sheet::tests::workbook as sheet_workbook;
use super::*;
use crate::diagnostic::Diagnostic;
use crate::geometry::Kind;
use crate::geometry::crs::Crs;
use crate::model::{
    Class, ClassKind, CodeEntry, CodeList, CodesId, Dataset, EnumId, Enumeration, Field, GeometryState, Issue, Limit,
    Names, Schema, Type, Value,
};
use crate::source::Files;

fn names(both: &str) -> Names {
    let (name, second) = both.split_once(' ').unwrap_or((both, ""));
    Names { name: name.into(), second: (!second.is_empty()).then(|| second.into()) }
}

/// Builds a field from `name 名称? < ALIAS,ALIAS`; `?` makes it optional.
fn field(declared: &str, ty: Type) -> Field {
    let (both, aliases) = declared.split_once(" < ").unwrap_or((declared, ""));
    Field {
        names: names(both.trim_end_matches('?')),
        ty,
        optional: both.ends_with('?'),
        limit: None,
        aliases: aliases.split(',').filter(|alias| !alias.is_empty()).map(Into::into).collect(),
        missing: vec!["-9999".into()],
        computed: false,
        span: None,
    }
}

fn limit(declared: &str, ty: Type, limit: Limit) -> Field {
    Field { limit: Some(limit), missing: vec!["9999".into()], ..field(declared, ty) }
}

pub(super) fn schema() -> Schema {
    let mut schema = Schema::default();
    let code = |code: &str, name: &str, parent: Option<u32>| CodeEntry {
        code: code.into(),
        name: name.into(),
        parent,
        level: 1 + u8::from(parent.is_some()),
    };
    let land_use = vec![
        code("07", "居住用地", None),
        code("0701", "城镇住宅用地", Some(0)),
        code("0702", "社区服务设施用地", Some(0)),
    ];
    schema.codes.push(CodeList::new(names("land_use 用地分类"), land_use));
    let values = vec![names("national 国家重大"), names("other 其他")];
    schema.enums.push(Enumeration { names: names("tier 项目层级"), values });
    let first = schema.classes.len() as u16;
    let [parcel, project, right] = [0, 1, 2].map(|at| crate::model::ClassId(first + at));
    let many = |ty: Type| Type::List(Box::new(ty));
    let mut class = |both: &str, kind, fields| {
        schema.classes.push(Class { names: names(both), aliases: Vec::new(), kind, fields, span: None })
    };
    class(
        "parcel 地块",
        ClassKind::Layer(Some(Kind::Polygon)),
        vec![
            field("id 标识码 < BSM,DKBH", Type::Text),
            field("use 用途 < YDYHFLDM", Type::Code(CodesId(1))),
            field("project 所属项目?", Type::Item(project)),
            field("green_ratio 绿地率?", Type::Ratio),
            field("region 行政区?", Type::Code(CodesId::REGION)),
            field("stated_area 登记面积?", Type::AREA),
            field("granted 拟出让?", Type::Bool),
            field("approvals 批准文件?", many(Type::Text)),
            limit("far_max 容积率上限? < RJLSX,RJL", Type::NUMBER, Limit::Upper),
            limit("far_min 容积率下限? < RJLXX,RJL", Type::NUMBER, Limit::Lower),
            limit("green_min 绿地率下限? < LDL", Type::Ratio, Limit::Lower),
            limit("height_max 限高? < JZGD", Type::LENGTH, Limit::Upper),
            limit("floors 层数?", Type::Range(Box::new(Type::NUMBER)), Limit::Upper),
        ],
    );
    class(
        "project 项目",
        ClassKind::Record,
        vec![
            field("id 标识码", Type::Text),
            field("tier 层级", Type::Enum(EnumId(0))),
            field("starts 开工日期?", Type::Date),
            field("rights 权利?", many(Type::Item(right))),
            field("budget 预算?", Type::MONEY),
        ],
    );
    class(
        "right 权利",
        ClassKind::Record,
        vec![
            field("id 标识码?", Type::Text),
            field("parcel 地块", Type::Item(parcel)),
            field("term 年限?", Type::Duration),
            field("vertical 竖向范围?", Type::Range(Box::new(Type::LENGTH))),
            field("extent 范围?", Type::Geometry(None)),
        ],
    );
    class(
        "max_term 最高年限",
        ClassKind::Table,
        vec![field("use", Type::Code(CodesId(1))), field("years", Type::Duration)],
    );
    schema
}

struct Outcome {
    dataset: Dataset,
    schema: Schema,
    diagnostics: Vec<Diagnostic>,
    issues: Vec<Issue>,
    files: Files,
}

impl Outcome {
    fn codes(&self) -> Vec<&'static str> {
        let found = self.diagnostics.iter().map(|found| found.code.name);
        found.chain(self.issues.iter().map(|found| found.code.name)).collect()
    }

    fn items(&self, class: &str) -> &crate::model::Items {
        self.dataset.items(self.schema.find_class(class).unwrap())
    }

    fn value(&self, class: &str, item: u32, field: &str) -> Value {
        let id = self.schema.find_class(class).unwrap();
        self.dataset.items(id).value(item, self.schema.class(id).field(field).unwrap())
    }

    /// Writes the issues down, one a line.
    fn told(&self) -> String {
        let line = |found: &Issue| {
            let place = format!("{}:{}:{}", self.files.name(found.place.file), found.place.line, found.place.column);
            let item = found.item.as_deref().unwrap_or("-");
            let field = found.field.as_deref().unwrap_or("-");
            format!("{place} {} [{item}.{field}] {}", found.code.name, found.text.en)
        };
        self.issues.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Reads a whole submission as a check does.
fn read(root: &Path) -> Outcome {
    let schema = schema();
    let workspace = Workspace::open(root).unwrap();
    let mut files = Files::default();
    let text = workspace.read_text(Path::new("guiju.yaml"), None).unwrap().decoded.text;
    let file = files.add("guiju.yaml", text.as_str());
    let (manifest, mut diagnostics) = parse_manifest(file, &text, &["json", "geojson"]);
    diagnostics.extend(check_names(&manifest, &schema));
    let target = Crs::from_epsg(4527).unwrap();
    let mut dataset = Dataset::new(&schema);
    let mut issues = read_submission(&manifest, &schema, target, &files, &mut dataset);
    let records = read_records(&workspace, &manifest.records, file, &schema, target, &mut files, &mut dataset);
    issues.extend(records.issues);
    let known = manifest.layers.iter().filter_map(|spec| Some((spec, schema.find_class(&spec.name.value)?)));
    let specs: Vec<_> = known.collect();
    let read = read_layers(&workspace, &specs, &schema, target, &mut files, &|_| {});
    for ((_, class), LayerRead { items, issues: found, .. }) in specs.into_iter().zip(read) {
        issues.extend(found);
        *dataset.items_mut(class) = items;
    }
    issues.extend(link(&mut dataset, &schema));
    Outcome { dataset, schema, diagnostics, issues, files }
}

const MANIFEST: &str =
    "guiju: 1\nsubmission: { id: S, region: \"360400\", as_of: 2026-01-15 }\ncrs: EPSG:4527\nrules: [national]\n";

/// Reads a submission of a few files; a manifest for `parcels.geojson` and `projects.*` is made unless there is one.
fn read_files(given: &[(&str, &[u8])]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let has = |name: &str| given.iter().any(|(path, _)| *path == name);
    let mut manifest = MANIFEST.to_owned();
    if has("parcels.geojson") {
        manifest.push_str("layers: { parcel: parcels.geojson }\n");
    }
    if has("parcels.gpkg") {
        manifest.push_str("layers: { parcel: parcels.gpkg }\n");
    }
    if has("parcels.shp") {
        manifest.push_str("layers: { parcel: parcels.shp }\n");
    }
    if has("projects.yaml") || has("projects.csv") {
        manifest.push_str("records: { project: 'projects.*' }\n");
    }
    fs::write(folder.path().join("guiju.yaml"), manifest).unwrap();
    for (path, bytes) in given {
        fs::write(folder.path().join(path), bytes).unwrap();
    }
    read(folder.path())
}

/// Reads parcels of these features.
fn parcels(features: &str) -> Outcome {
    let text = format!(
        "{{\"type\":\"FeatureCollection\",\"crs\":{{\"properties\":{{\"name\":\"EPSG:4527\"}}}},\"features\":[\n{features}\n]}}"
    );
    read_files(&[("parcels.geojson", text.as_bytes())])
}

fn feature(properties: &str) -> String {
    let square = "[[[39500000,3300000],[39500100,3300000],[39500100,3300100],[39500000,3300100],[39500000,3300000]]]";
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{{properties}}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":{square}}}}}"
    )
}

#[test]
fn values_are_typed_by_the_schema() {
    let outcome = parcels(&feature(
        r#""bsm": 12.50, "用途": "0701", "green_ratio": "35%", "stated_area": "１.５公顷", "granted": "是", "approvals": "甲、乙", "region": -9999"#,
    ));
    assert_eq!(
        outcome.told(),
        "parcels.geojson:0:0 legacy-crs [-.-] the file states its coordinate system in a `crs` member, as GeoJSON did before 2016: it was followed"
    );
    let shown: Vec<String> =
        (0..8).map(|at| format!("{:?}", outcome.items("parcel").value(0, crate::model::FieldId(at)))).collect();
    insta::assert_debug_snapshot!(shown);
    assert_eq!(outcome.items("parcel").id(0), "12.50");
    assert_eq!(outcome.items("parcel").geometry_state(0), GeometryState::Valid);
}

/// Spellings of limits found in plans of several countries, with what is made of each: `RJL` serves the upper and the lower limit, `LDL`
/// a lower one of a ratio, `JZGD` an upper one of a length.
#[test]
fn limits_of_plans_are_read_as_they_come() {
    let spellings = [
        (
            "RJL",
            "2.5|2,5|２．５|200%|≤2.5|<=2.5|≦2.5|＜2.5|不大于2.5|2.5以下|≥1.0|＞1.0|不低于 1.0|1.0以上|1.5-2.0|1.5~2.0|1.5～2.0|1.5—2.0|1.5至2.0|1.5..2.0|2.0-1.5|1.0≤R≤2.5|1.0＜容积率≤2.5|≥1.0且≤2.5|≥1.0，≤2.5|≤2.0，≤2.5|1.0-9999|9999||—|-|/|无|不限|不予規定|不作规定|N/A|2.0/2.5|180(200)|2.0、2.5|住宅2.0|按现状|以现状为准|待定|约2.5|2.5m|2.5*|−1|≯2.5|≮1.0|1.5‐2.0|0|0.0|≤0|0-2|-9999",
        ),
        ("LDL", "0.3|30|30%|35％|≥30|≥30%|30%以上|30-35%|≤20%|60%*|60%|不低于30%|无|0.5-35|35-1|0|9999|120%"),
        ("JZGD", "24|24m|24米|≤24|≤24m|24-36m|24～36米|不超过 100 米|24m以下（含）|≤24m（局部30m）|-1.5|3F|≤24层|0|0m"),
    ];
    let shown = |value: &Value| match value {
        Value::Number(number) => number.normalize().to_string(),
        Value::Missing => "none".to_owned(),
        _ => "unknown".to_owned(),
    };
    let mut lines = Vec::new();
    for (property, texts) in spellings {
        for text in texts.split('|') {
            let outcome = parcels(&feature(&format!(r#""BSM": "P", "use": "0701", "{property}": "{text}""#)));
            let value = |field| shown(&outcome.value("parcel", 0, field));
            let values = match property {
                "RJL" => format!("at least {}, at most {}", value("far_min"), value("far_max")),
                "LDL" => format!("at least {}", value("green_min")),
                _ => format!("at most {}", value("height_max")),
            };
            lines.push(format!("{property} `{text}`: {values}"));
            let told = outcome.issues.iter().filter(|issue| issue.field.is_some());
            lines.extend(told.map(|issue| format!("    {:?} {}", issue.severity, issue.text.en)));
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_range_takes_a_bare_number_as_the_limit_it_is_declared_as() {
    for (text, expected) in [("3", (None, Some(3))), ("2-3", (Some(2), Some(3))), ("≥2", (Some(2), None))] {
        let outcome = parcels(&feature(&format!(r#""BSM": "P", "use": "0701", "floors": "{text}""#)));
        let Value::Range(ends) = outcome.value("parcel", 0, "floors") else { panic!("{text}") };
        let end = |end: Option<i64>| end.map_or(Value::Missing, |number| Value::Number(number.into()));
        assert_eq!(*ends, (end(expected.0), end(expected.1)), "{text}");
    }
}

/// The dedicated properties come first, and a property that both name tells what they leave open.
#[test]
fn a_shared_property_fills_what_its_own_leave_open() {
    let outcome = parcels(&feature(r#""BSM": "P", "use": "0701", "RJLSX": "2.0", "RJL": "1.2-2.5""#));
    let number = |text: &str| Value::Number(text.parse().unwrap());
    assert_eq!(outcome.value("parcel", 0, "far_max"), number("2.0"));
    assert_eq!(outcome.value("parcel", 0, "far_min"), number("1.2"));
}

#[test]
fn faults_of_values_are_told_with_their_place() {
    let outcome = parcels(
        &[
            feature("\"id\": \"P-1\",\n \"use\": 701, \"granted\": \"maybe\",\n \"stated_area\": \"5 m\""),
            feature(r#""id": "P-1", "use": "0703", "region": "3604", "project": "X", "green_ratio": 35"#),
            feature(r#""use": {"code": "0701"}, "green_ratio": 36, "approvals": {"a": 1}"#),
        ]
        .join(",\n"),
    );
    insta::assert_snapshot!(outcome.told());
    let ids: Vec<_> = (0..3).map(|at| outcome.items("parcel").id(at)).collect();
    assert_eq!(ids, ["P-1", "P-1~2", "#3"]);
}

#[test]
fn records_nest_and_refer() {
    let projects = "\
- 标识码: PRJ-01
  层级: 国家重大
  开工日期: 2026年3月1日
  budget: 1200 万元
  rights:
    - { id: R1, parcel: P-1, term: 40年, vertical: -5..3 m }
    - parcel: P-2
      extent: { type: Point, coordinates: [39500000, 3300000] }
- id: PRJ-02
  tier: other
  rights: []
";
    let parcels = format!("[{}]", feature(r#""id": "P-1", "use": "0701", "project": "PRJ-02""#));
    let outcome = read_files(&[("projects.yaml", projects.as_bytes()), ("parcels.geojson", parcels.as_bytes())]);
    insta::assert_snapshot!(outcome.told());
    let right = outcome.items("right");
    assert_eq!((right.len(), &*right.id(0), &*right.id(1)), (2, "R1", "PRJ-01/rights#2"));
    assert_eq!(right.parent(1).map(|parent| parent.index), Some(0));
    assert!(matches!(outcome.value("right", 0, "parcel"), Value::Item(_)));
    assert!(matches!(outcome.value("right", 1, "parcel"), Value::Dangling(_)));
    assert!(matches!(outcome.value("right", 1, "extent"), Value::Geometry(_)));
    assert!(matches!(outcome.value("parcel", 0, "project"), Value::Item(_)));
    assert_eq!(outcome.value("project", 1, "rights"), Value::List([].into()));
}

#[test]
fn rows_of_a_workbook_belong_to_the_record_they_name() {
    let projects: &[&[&str]] = &[&["标识码", "层级", "预算（万元）"], &["PRJ-01", "其他", "300"], &["合计", "", "300"]];
    let rights: &[&[&str]] =
        &[&["项目", "地块", "年限"], &["PRJ-01", "P-1", "40年"], &["PRJ-01", "P-2", "50年"], &["PRJ-09", "P-1", ""]];
    let book = sheet_workbook(&[("项目", projects), ("权利", rights)]);
    let manifest = format!("{MANIFEST}records: {{ project: 'book.xlsx#项目', right: 'book.xlsx#权利' }}\n");
    let outcome = read_files(&[("guiju.yaml", manifest.as_bytes()), ("book.xlsx", &book)]);
    insta::assert_snapshot!(outcome.told());
    assert_eq!(outcome.value("project", 0, "budget"), Value::Number(3_000_000.into()));
    let Value::List(rights) = outcome.value("project", 0, "rights") else { panic!("a list") };
    assert_eq!((rights.len(), outcome.items("right").len(), outcome.items("project").len()), (2, 3, 1));
    assert_eq!(outcome.items("right").parent(1).map(|parent| parent.index), Some(0));
}

#[test]
fn a_broken_layer_is_incomplete_and_an_unreadable_one_unsupplied() {
    let whole = format!("[{}, {}]", feature(r#""id": "P-1", "use": "0701""#), feature(r#""id": "P-2", "use": "0701""#));
    let outcome = read_files(&[("parcels.geojson", &whole.as_bytes()[..whole.len() - 9])]);
    let items = outcome.items("parcel");
    assert_eq!((items.len(), items.supplied, items.complete), (1, true, false));
    let outcome = read_files(&[("guiju.yaml", format!("{MANIFEST}layers: {{ parcel: ../x.geojson }}").as_bytes())]);
    assert!(!outcome.items("parcel").supplied);
    assert!(outcome.told().contains("outside the submission's folder"), "{}", outcome.told());
    let vct = format!("{MANIFEST}layers: {{ parcel: a.vct }}");
    let outcome = read_files(&[("guiju.yaml", vct.as_bytes()), ("a.vct", b"x")]);
    assert!(outcome.told().contains("export it as a File Geodatabase"), "{}", outcome.told());
}

#[test]
fn table_rows_are_read_by_the_same_code() {
    let schema = schema();
    let mut files = Files::default();
    let source = "use,years,note\n0701,70年,居住\n0702,50,x\n";
    let file = files.add("max_term.csv", source);
    let (table, _) = parse_csv(file, source);
    let mut dataset = Dataset::new(&schema);
    let class = schema.find_class("max_term").unwrap();
    let issues = read_rows(table, class, &schema, Crs::from_epsg(4527).unwrap(), &mut dataset);
    assert_eq!(
        issues.iter().map(|found| (found.code.name, found.place.line, found.place.column)).collect::<Vec<_>>(),
        [("unreadable-value", 3, 6)]
    );
    assert_eq!(dataset.items(class).id(0), "0701+70年+居住");
}

#[test]
fn the_whole_form_of_a_manifest_is_read() {
    let source = include_str!("../testdata/guiju.yaml");
    let mut files = Files::default();
    let file = files.add("guiju.yaml", source);
    let (manifest, diagnostics) = parse_manifest(file, source, &["json", "geojson"]);
    // Two formats that are not written yet.
    assert_eq!(diagnostics.iter().map(|found| found.code.name).collect::<Vec<_>>(), ["not-supported"; 2]);
    assert_eq!(manifest.region.as_ref().map(|region| region.value.as_str()), Some("360400"));
    assert_eq!(manifest.rules.len(), 2);
    assert_eq!(files.slice(manifest.params[0].1.span), "0.5 m2");
    let layers: Vec<String> = manifest
        .layers
        .iter()
        .map(|layer| format!("{} {} {:?} {}", layer.name.value, layer.path.value, layer.inner, layer.filter.is_some()))
        .collect();
    insta::assert_debug_snapshot!(layers);
    assert_eq!((manifest.records.len(), manifest.waivers.len(), manifest.outputs.len()), (2, 1, 0));
}

#[test]
fn a_pack_is_read_from_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("jiujiang");
    fs::create_dir_all(root.join("codes")).unwrap();
    let write = |path: &str, text: &str| fs::write(root.join(path), text).unwrap();
    write("pack.yaml", "name: jiujiang\nversion: 2026.10\njurisdiction: 360400\nrequires: [national]\nlicence: x\n");
    write("b.gj", "module jiujiang.b");
    write("a.gj", "module jiujiang.a");
    write("codes/zone.csv", "code,name\n01,甲\n");
    let mut files = Files::default();
    let workspace = Workspace::open(folder.path()).unwrap();
    let pack = find_pack(&workspace, "jiujiang", &mut files).unwrap();
    assert_eq!((pack.version.as_str(), pack.jurisdiction.as_str()), ("2026.10", "360400"));
    assert_eq!(pack.modules.iter().map(|module| module.path.as_str()).collect::<Vec<_>>(), ["a.gj", "b.gj"]);
    assert_eq!(pack.table("codes/zone.csv").map(|table| table.rows.len()), Some(1));
    assert_eq!(pack.diagnostics.iter().map(|found| found.code.name).collect::<Vec<_>>(), ["unknown-key"]);
    let again = read_pack(&root, &mut files).unwrap();
    assert_eq!(pack.sha256, again.sha256);
    assert!(
        matches!(find_pack(&workspace, "none", &mut files), Err(error) if matches!(error.cause, Cause::NoSuchPack))
    );
    assert!(matches!(find_pack(&workspace, "..", &mut files), Err(error) if matches!(error.cause, Cause::Outside)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_mutation_of_a_layer_panics(at in 0usize..600, take in 0usize..20, put in "[\\[\\]{}\",:0-9eE.+\\\\u甲 -]{0,6}") {
        let whole = format!("[{}, {}]", feature(r#""id": "P-1", "use": "0701""#), feature(r#""id": "P-1", "approvals": ["a"]"#));
        let from = whole.floor_char_boundary(at);
        let to = whole.floor_char_boundary(from + take);
        let mutated = format!("{}{put}{}", &whole[..from], &whole[to..]);
        let outcome = read_files(&[("parcels.geojson", mutated.as_bytes())]);
        prop_assert!(outcome.items("parcel").supplied);
    }

    #[test]
    fn no_text_panics_a_reader(text in "\\PC{0,60}|[&*!|>\\[\\]{}#:,'\"\n -]{0,40}") {
        let _ = parse_yaml(&text);
        let _ = parse_filter(&text);
        let _ = parse_csv(crate::source::FileId(0), &text);
        let _ = parse_amount(&text);
        let _ = parse_date(&text);
        let _ = parse_duration(&text);
        let mut files = Files::default();
        let file = files.add("guiju.yaml", text.as_str());
        let _ = parse_manifest(file, &text, &["json"]);
    }
}

#[test]
fn a_file_that_turns_out_not_to_be_utf8_is_read_anew() {
    // Longer than what is read at a time, so that features have been taken when it shows; ids repeat, those of the file before too.
    let feature = |name: &str| {
        let ring = "[[39500000,3300000],[39500100,3300000],[39500100,3300100],[39500000,3300000]]";
        format!(
            r#"{{"type":"Feature","properties":{{"id":"P","use":"0701","approvals":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#
        )
    };
    let plain: Vec<String> = (0..6_000).map(|_| feature("a")).collect();
    let text = format!("[{},\n{}]", plain.join(",\n"), feature("地块"));
    assert!(text.len() > 1 << 20);
    let gbk = encoding_rs::GB18030.encode(&text).0.into_owned();
    let manifest = format!("{MANIFEST}layers: {{ parcel: '*.geojson' }}\n");
    let first = format!("[{}]", feature("a"));
    let found =
        read_files(&[("guiju.yaml", manifest.as_bytes()), ("a.geojson", first.as_bytes()), ("b.geojson", &gbk)]);
    let class = found.schema.find_class("parcel").unwrap();
    let items = found.dataset.items(class);
    assert_eq!((items.len(), items.store().len()), (6_002, 6_002));
    assert_eq!((&*items.id(0), &*items.id(1), &*items.id(6_001)), ("P", "P~2", "P~6002"));
    let approvals = found.schema.class(class).field("approvals").unwrap();
    assert_eq!(items.value(6_001, approvals), Value::List([Value::Text("地块".into())].into()));
    assert!(found.issues.iter().any(|issue| issue.code.name == "encoding-guessed"));
}

#[test]
fn a_layer_inside_a_file_stands_behind_the_sign_that_follows_an_extension() {
    for (written, path, layer) in [
        ("control.gpkg#YJJBNT", "control.gpkg", Some("YJJBNT")),
        ("1#地块.shp", "1#地块.shp", None),
        ("地块#1.geojson", "地块#1.geojson", None),
        ("2.1#片/1#楼.gpkg#3#楼", "2.1#片/1#楼.gpkg", Some("3#楼")),
        ("county.gdb#DLTB", "county.gdb", Some("DLTB")),
        ("data/control#", "data/control#", None),
    ] {
        assert_eq!(crate::io::split_layer(written), (path, layer), "{written}");
    }
}
