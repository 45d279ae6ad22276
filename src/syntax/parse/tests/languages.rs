//! Both languages, whole.

use super::*;

const ENGLISH: &str = r#"module m
use a.b as c
source law 法 { title "t" number "n" issuer "i" issued 2020-01-01 effective 2020-01-01 repealed 2024-01-01 url "u" }
codes land 地 from "x.csv"
set s1 甲 = land { 06, "07", 08H2A, } except { 0601 }
enum tier { high 高, low 低, }
param limit : area = 1 m2 stricter when lower
param share : ratio = 5 % stricter when higher
layer parcel : polygon { id : text from BSM missing "" }
layer road : line { id : text? }
layer well : point { id : text }
layer mixed : any { id : text }
table term from "t.csv" { years : duration }
record right { id : text in : range<length> all : list<ref<right>> g : geometry = union(all) }
define f(p: parcel, l: layer) = area(p & l) / area(p)
rule R-1 "t" {
    basis law "1", "2"
    department water, c.fire
    severity prohibited
    effective from 2020-01-01 to 2021-01-01
    applies in "360000", 410000
    confidence seed
    for each p in parcel where p.id is present and not p.x is empty
    for each d in plan overlapping p by at least 5% of p or 100 m2 where d.use in 07
    for each e in plan touching p
    for each g in plan within p
    for each h in plan containing p
    for each i in plan within 500 m of p
    for each j in land level 1
    let t = p & (plan where it.core) without l2
    forbid first: area(t) > limit or p occupies l2 or p has 1
    unless p.x is missing
    message "{p.id}"
    severity conditional
    remedy subtract plan from p with margin 5 m
    remedy clip p to plan
    feedback plan "x"
    require any x in xs: true
    require all x in xs: false
    oblige none x in xs: p covers x or p overlaps x or p within x or p touches x or p contains x
    require p intersects x or p disjoint x or p crosses x or p equals x
    require p within 1 km of x
}
tighten param limit = 0.5 m2
tighten R-1 {
    basis law "3"
    no unless
    no unless of first
    severity prohibited of first
    require more: p.x == 1
    message "x"
}
test R-1 "t" {
    given parcel { id: "P1", list: [{ a: 1 }, { a: 2 }], geometry: box(0 m, 0 m, 1 m, 1 m) }
    given plan missing
    expect conflict of first for "P1" where area(t) == 1 m2 with exception unknown
    expect not applicable
    expect pass
}
"#;

/// Every production once, with English words only and with Chinese keywords only, gives the same tree.
#[test]
fn both_languages_give_the_same_tree() {
    let words = [
        ("module", "模块"),
        ("use", "引用"),
        ("as", "作为"),
        ("source", "来源"),
        ("title", "名称"),
        ("number", "文号"),
        ("issuer", "机关"),
        ("issued", "发布"),
        ("repealed", "废止"),
        ("url", "网址"),
        ("codes", "代码"),
        ("from", "自"),
        ("set", "集合"),
        ("except", "除去"),
        ("enum", "枚举"),
        ("param", "参数"),
        ("stricter when lower", "越低越严"),
        ("stricter when higher", "越高越严"),
        ("layer", "图层"),
        ("polygon", "面"),
        ("line", "线"),
        ("point", "点"),
        ("missing", "缺失"),
        ("table", "对照表"),
        ("record", "档案"),
        ("define", "定义"),
        ("rule", "规则"),
        ("basis", "依据"),
        ("department", "部门"),
        ("severity", "等级"),
        ("prohibited", "禁止级"),
        ("conditional", "限制级"),
        ("effective", "施行"),
        ("to", "至"),
        ("applies in", "适用 于"),
        ("confidence", "可信度"),
        ("seed", "种子"),
        ("for each", "对每个"),
        ("in", "属于"),
        ("where", "其中"),
        ("is present", "已填"),
        ("is missing", "缺失"),
        ("is empty", "为空"),
        ("and", "且"),
        ("or", "或"),
        ("not", "非"),
        ("overlapping", "压盖"),
        ("touching", "相邻"),
        ("within", "位于"),
        ("containing", "包含"),
        ("by at least", "至少"),
        ("of", "之于"),
        ("level", "级别"),
        ("let", "令"),
        ("without", "扣减"),
        ("forbid", "禁止"),
        ("require", "应当"),
        ("oblige", "责令"),
        ("unless", "除非"),
        ("message", "说明"),
        ("remedy", "整改"),
        ("subtract", "扣除"),
        ("with margin", "留距"),
        ("clip", "裁剪"),
        ("feedback", "反馈"),
        ("any", "存在"),
        ("all", "全部"),
        ("none", "没有"),
        ("true", "真"),
        ("false", "假"),
        ("occupies", "占用"),
        ("has", "包括"),
        ("covers", "覆盖"),
        ("overlaps", "重叠"),
        ("touches", "邻接"),
        ("contains", "包含"),
        ("intersects", "相交"),
        ("disjoint", "相离"),
        ("crosses", "穿越"),
        ("equals", "等同"),
        ("tighten", "收紧"),
        ("no unless", "取消除非"),
        ("test", "测试"),
        ("given", "给定"),
        ("expect", "预期"),
        ("for", "对于"),
        ("conflict", "冲突"),
        ("with exception unknown", "例外未证明"),
        ("not applicable", "不适用"),
        ("pass", "通过"),
    ];
    let mut pairs = words;
    pairs.sort_by_key(|(english, _)| std::cmp::Reverse(english.len()));
    let mut chinese = String::new();
    let mut rest = ENGLISH;
    while let Some(character) = rest.chars().next() {
        let letter = |c: char| c.is_alphanumeric() || c == '_';
        let inside = chinese.ends_with(letter) || chinese.ends_with('.');
        let found = pairs
            .iter()
            .find(|(english, _)| !inside && rest.strip_prefix(english).is_some_and(|after| !after.starts_with(letter)));
        let (written, taken) = match found {
            Some((english, chinese)) => (*chinese, english.len()),
            None => (&rest[..character.len_utf8()], character.len_utf8()),
        };
        chinese.push_str(written);
        rest = &rest[taken..];
    }
    let chinese = chinese.replace("mixed : 存在", "mixed : 任意");
    assert_eq!(drawn(ENGLISH), Vec::<String>::new());
    assert_eq!(drawn(&chinese), Vec::<String>::new());
    // Names that are also keywords were translated with them; spans differ.
    let tree = |text: &str| {
        let mut printed = format!("{:?}", parse(FileId(0), text).0.items);
        while let Some(start) = printed.find("Span { file") {
            let end = start + printed[start..].find('}').unwrap();
            printed.replace_range(start..=end, "@");
        }
        printed
    };
    let names = |printed: String| {
        printed.replace("\"属于\"", "\"in\"").replace("\"全部\"", "\"all\"").replace("\"图层\"", "\"layer\"")
    };
    assert_eq!(names(tree(&chinese)), tree(ENGLISH));
}
