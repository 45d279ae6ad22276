use super::*;
use crate::syntax::ast::{Binding, Expr, ExprKind, ItemKind, RelationKind, TemplatePart};

const EXAMPLES: &[(&str, &str)] = &[
    ("schema", include_str!("../../../fixtures/language/example-pack/schema.gj")),
    ("control_lines", include_str!("../../../fixtures/language/example-pack/control_lines.gj")),
    ("control_lines.zh", include_str!("../../../fixtures/language/example-pack/control_lines.zh.gj")),
    ("coordination", include_str!("../../../fixtures/language/example-pack/coordination.gj")),
    ("package", include_str!("../../../fixtures/language/example-pack/package.gj")),
];

fn drawn(text: &str) -> Vec<String> {
    let (_, diagnostics) = parse(FileId(0), text);
    diagnostics
        .iter()
        .map(|d| {
            let span = d.labels[0].span;
            let help = d.help.as_ref().map_or(String::new(), |help| format!(" ({})", help.en));
            let line = text[..span.start as usize].matches('\n').count() + 1;
            format!(
                "{line}: {} [{}] {}{help}",
                d.code.name,
                &text[span.start as usize..span.end as usize],
                d.message.en
            )
        })
        .collect()
}

#[test]
fn examples_parse_without_diagnostics() {
    for (name, text) in EXAMPLES {
        assert_eq!(drawn(text), Vec::<String>::new(), "{name}");
    }
}

/// The expression after `forbid` in a small module, fully bracketed; there must be no diagnostics.
fn shape(expression: &str) -> String {
    let text = format!("module m\nrule R-1 {{\nforbid {expression}\nmessage \"x\"\n}}\n");
    let (module, diagnostics) = parse(FileId(0), &text);
    assert!(diagnostics.is_empty(), "{:?}", drawn(&text));
    let ItemKind::Rule(rule) = &module.items[0].kind else { panic!("no rule") };
    assert!(rule.constraints[0].message.is_some());
    let condition = &rule.constraints[0].condition;
    assert_eq!(&text[condition.span.start as usize..condition.span.end as usize], expression.trim_end(), "span");
    bracketed(condition)
}

fn bracketed(expr: &Expr) -> String {
    let b = bracketed;
    match &expr.kind {
        ExprKind::Error => "ERROR".into(),
        ExprKind::Number { raw, unit } => {
            format!("{raw}{}", unit.as_ref().map_or(String::new(), |unit| format!(" {}", unit.text)))
        }
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Date(text) => format!("date {text}"),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Field(of, name) => format!("{}.{}", b(of), name.text),
        ExprKind::List(items) => format!("[{}]", items.iter().map(b).collect::<Vec<_>>().join(", ")),
        ExprKind::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", key.text, b(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        ExprKind::Call { function, arguments } => {
            let words = function.words.iter().map(|word| word.text.to_string()).collect::<Vec<_>>();
            format!("{}({})", words.join("."), arguments.iter().map(b).collect::<Vec<_>>().join(", "))
        }
        ExprKind::Aggregate { function, element, bindings } => {
            let bindings = bindings.iter().map(binding).collect::<Vec<_>>().join(" ");
            format!("{}({} each {bindings})", function.text, b(element))
        }
        ExprKind::Quantifier { kind, binding: over, condition } => {
            format!("({kind:?} {}: {})", binding(over), b(condition))
        }
        ExprKind::Filter { over, condition } => format!("({} where {})", b(over), b(condition)),
        ExprKind::Level { of, level } => format!("({} level {})", b(of), b(level)),
        ExprKind::Negate(value) => format!("(-{})", b(value)),
        ExprKind::Not(value) => format!("(not {})", b(value)),
        ExprKind::And(left, right) => format!("({} and {})", b(left), b(right)),
        ExprKind::Or(left, right) => format!("({} or {})", b(left), b(right)),
        ExprKind::Compare { operator, left, right, .. } => format!("({} {operator:?} {})", b(left), b(right)),
        ExprKind::Is { value, state } => format!("({} is {state:?})", b(value)),
        ExprKind::WithinDistance { left, distance, right } => {
            format!("({} within {} of {})", b(left), b(distance), b(right))
        }
        ExprKind::Range { low, high } => {
            let end = |end: &Option<Box<Expr>>| end.as_ref().map_or(String::new(), |end| b(end));
            format!("({} .. {})", end(low), end(high))
        }
        ExprKind::Arithmetic { operator, left, right, .. } => format!("({} {operator:?} {})", b(left), b(right)),
        ExprKind::Intersection(left, right) => format!("({} & {})", b(left), b(right)),
        ExprKind::Without(left, right) => format!("({} without {})", b(left), b(right)),
    }
}

fn binding(binding: &Binding) -> String {
    let mut text = format!("{} in {}", binding.name.text, bracketed(&binding.over));
    if let Some(relation) = &binding.relation {
        let kind = match &relation.kind {
            RelationKind::WithinDistance(distance) => format!("within {} of", bracketed(distance)),
            RelationKind::Overlapping | RelationKind::Touching | RelationKind::Within | RelationKind::Containing => {
                format!("{:?}", relation.kind)
            }
        };
        text += &format!(" {kind} {}", bracketed(&relation.target));
        for portion in &relation.at_least {
            let of = portion.of.as_ref().map_or(String::new(), |of| format!(" of {}", bracketed(of)));
            text += &format!(" >= {}{of}", bracketed(&portion.quantity));
        }
    }
    text + &binding.condition.as_ref().map_or(String::new(), |condition| format!(" where {}", bracketed(condition)))
}

#[test]
fn precedence_is_that_of_the_language() {
    let cases = [
        ("a or b and not c == d", "(a or (b and (not (c Equal d))))"),
        ("not not a and b", "((not (not a)) and b)"),
        ("a == b .. c", "(a Equal (b .. c))"),
        ("a in 1 m .. 2 m + 3 m", "(a In (1 m .. (2 m Add 3 m)))"),
        ("a in ..5", "(a In ( .. 5))"),
        ("a in 5 ..", "(a In (5 .. ))"),
        ("a + b * c & d without e & f - g", "((a Add (b Multiply (((c & d) without e) & f))) Subtract g)"),
        ("a - b - c", "((a Subtract b) Subtract c)"),
        ("a / b * c", "((a Divide b) Multiply c)"),
        ("-a.b & c", "((-a.b) & c)"),
        ("(a or b) and c", "((a or b) and c)"),
        ("p & (zone where it.kind == eco)", "(p & (zone where (it.kind Equal eco)))"),
        ("u & (parcel where it.use in 07) & f without g", "(((u & (parcel where (it.use In 07))) & f) without g)"),
        ("a within 1 km of b & c", "(a within 1 km of (b & c))"),
        ("a within b", "(a Within b)"),
        ("a is missing or b is present", "((a is Missing) or (b is Present))"),
        ("a and any x in xs where x.k: b and c or d", "(a and (Any x in xs where x.k: ((b and c) or d)))"),
        ("none x in xs: any y in x.ys: x == y", "(None x in xs: (Any y in x.ys: (x Equal y)))"),
        (
            "any d in dp overlapping p by at least 5% of p or 100 m2 where d.use in 07: d.f >= p.f",
            "(Any d in dp Overlapping p >= 5 % of p >= 100 m2 where (d.use In 07): (d.f GreaterOrEqual p.f))",
        ),
        ("any d in dp within s.depth * 2 of p: true", "(Any d in dp within (s.depth Multiply 2) of p: true)"),
        (
            "sum(x.area for each x in p & L where x.ok for each y in x.zs) > 5",
            "(sum(x.area each x in (p & L) where x.ok y in x.zs) Greater 5)",
        ),
        ("min(a, s.f(b).low)", "min(a, s.f(b).low)"),
        ("land_use level 1 has 07", "((land_use level 1) Has 07)"),
        ("p.use in [12, 08H2A, \"x\",]", "(p.use In [12, 08H2A, \"x\"])"),
        ("p.use in d.use and p.in == d.where", "((p.use In d.use) and (p.in Equal d.where))"),
        ("date - 2024-12-04 > 40年", "((date Subtract date 2024-12-04) Greater 40 年)"),
        ("a >= 1200 万元 * 105％", "(a GreaterOrEqual (1200 万元 Multiply 105 ％))"),
        ("a occupies b or a ≠ 2.50", "((a Occupies b) or (a NotEqual 2.50))"),
        ("非 甲 属于 乙 且 丙 缺失", "((not (甲 In 乙)) and (丙 is Missing))"),
        (
            "存在 甲 属于 乙 压盖 丙 其中 真： 甲.丁 ≥ 5亩",
            "(Any 甲 in 乙 Overlapping 丙 where true: (甲.丁 GreaterOrEqual 5 亩))",
        ),
    ];
    for (text, expected) in &cases {
        assert_eq!(shape(text), *expected, "{text}");
    }
}

#[test]
fn full_width_marks_are_their_twins_and_keep_their_places() {
    assert_eq!(
        shape("合计（甲.面积 对每个 甲 属于 乙 & 丙）×2 ＋ 1 － 3÷4 ＞＝ ［1、2，3］"),
        "((((合计(甲.面积 each 甲 in (乙 & 丙)) Multiply 2) Add 1) Subtract (3 Divide 4)) GreaterOrEqual [1, 2, 3])"
    );
    let text = "模块 甲\n图层 地块 ： 面 ｛ 名称 ： 文本？ 用途 ： 代码＜分类＞ ｝\n";
    let (module, diagnostics) = parse(FileId(0), text);
    assert_eq!(diagnostics, []);
    let ItemKind::Layer { kind, fields, .. } = &module.items[0].kind else { panic!("no layer") };
    assert_eq!((&*kind.text, fields.len()), ("polygon", 2));
    assert!(fields[0].ty.optional);
    let span = fields[1].span;
    assert_eq!(&text[span.start as usize..span.end as usize], "用途 ： 代码＜分类＞");
}

#[test]
fn messages_hold_expressions_with_true_places() {
    let text = r#"module m
rule R-1 {
    forbid a
    message "甲{{乙}}\"{area(p & L) : 亩}\n{p.list has \"x}\"}{ any x in xs: x.b }丙"
}
"#;
    let (module, diagnostics) = parse(FileId(0), text);
    assert_eq!(diagnostics, []);
    let ItemKind::Rule(rule) = &module.items[0].kind else { panic!("no rule") };
    let message = rule.constraints[0].message.as_ref().unwrap();
    let drawn: Vec<String> = message
        .parts
        .iter()
        .map(|part| match part {
            TemplatePart::Text(text) => format!("{text:?}"),
            TemplatePart::Value { value, format } => {
                let at = &text[value.span.start as usize..value.span.end as usize];
                format!("{} <{at}> {:?}", bracketed(value), format.as_ref().map(|format| &*format.text))
            }
        })
        .collect();
    assert_eq!(
        drawn,
        [
            r#""甲{乙}\"""#,
            "area((p & L)) <area(p & L)> Some(\"亩\")",
            r#""\n""#,
            r#"(p.list Has "x}") <p.list has \"x}\"> None"#,
            "(Any x in xs: x.b) <any x in xs: x.b> None",
            r#""丙""#,
        ]
    );
}

#[test]
fn fields_may_be_called_like_keywords_and_units() {
    let text = "module m
record r {
    /// First.
    /// Second.
    use 规划用途 : code<land_use> from A, \"B\" missing 9999
    years 年限 : duration? // not above the next
    /// Not this: a note stands between.
    // note
    from : text from C
    missing : text missing \"\", -1
    level 层级 : number? = f(it)
    level2 : text
    in : list<ref<r>> or : bool,
    source : text }
";
    let (module, diagnostics) = parse(FileId(0), text);
    assert_eq!(diagnostics, [], "{:?}", drawn(text));
    let ItemKind::Record { fields, .. } = &module.items[0].kind else { panic!("no record") };
    let names: Vec<&str> = fields.iter().map(|field| &*field.name.name.text).collect();
    assert_eq!(names, ["use", "years", "from", "missing", "level", "level2", "in", "or", "source"]);
    assert_eq!(fields[0].docs.iter().map(|line| &**line).collect::<Vec<_>>(), ["First.", "Second."]);
    assert_eq!(fields[0].aliases.len(), 2);
    assert_eq!(fields[2].docs.len(), 1);
    assert_eq!(fields[3].missing.len(), 2);
    assert_eq!(module.comments.len(), 2);
    let span = fields[1].span;
    assert_eq!(&text[span.start as usize..span.end as usize], "years 年限 : duration?");
}

#[test]
fn ten_mistakes_give_ten_places() {
    let text = r#"module m

ruel X-1 "a" {
    severity prohibited
}

layer parcel 地块 : polygon {
    id   标识码 : text
    name 名称   text
    far : number? from
    area 面积 : area
}

enum tier { a 甲 b 乙, c 丙 }

rule R-1 "b" {
    basis law 第三十五条
    severity prohibit
    对每个甲 属于 地块
    let x = (1 m2 + 2
    forbid a = b
    mesage "x"
    unless p.use == 5 metres
    message "{a + } b"
    require a < b < c
    message "never closed
    remedy subtract L from p
}

test R-1 {
    given parcel { id: "P1", }
    expect conflict;
}

use other.schema
"#;
    insta::assert_snapshot!(drawn(text).join("\n"));
    let (module, _) = parse(FileId(0), text);
    assert_eq!(module.items.len(), 5);
    let ItemKind::Rule(rule) = &module.items[2].kind else { panic!("no rule") };
    assert_eq!((rule.constraints.len(), rule.bindings.len(), rule.lets.len()), (2, 1, 1));
    assert_eq!(&*rule.bindings[0].name.text, "甲");
    assert_eq!(rule.constraints[1].remedies.len(), 1);
}

#[test]
fn lost_braces_cost_one_block() {
    let open = "module m\nrecord r {\n    id : text\n\nrecord s {\n    id : text\n}\n\nenum e { a, b }\n";
    insta::assert_snapshot!(drawn(open).join("\n"), @"2: unclosed-bracket [{] `{` is not closed (add `}`)");
    assert_eq!(parse(FileId(0), open).0.items.len(), 3);
    let closed = "module m\nrecord r {\n    id : text\n}\n}\nrecord s { id : text }\n";
    insta::assert_snapshot!(drawn(closed).join("\n"));
    assert_eq!(parse(FileId(0), closed).0.items.len(), 2);
    let object = "module m\ntest R-1 {\n    given a { id: 1\n    expect pass\n}\nuse x\n";
    insta::assert_snapshot!(drawn(object).join("\n"));
    assert_eq!(parse(FileId(0), object).0.items.len(), 2);
}

#[test]
fn modules_come_first_and_once() {
    insta::assert_snapshot!(drawn("use a.b\n").join("\n"));
    insta::assert_snapshot!(drawn("use a.b\nmodule m\nmodule n\n").join("\n"));
    insta::assert_snapshot!(drawn("").join("\n"));
}

#[test]
fn deep_nesting_is_refused() {
    let around = |inner: &str| format!("module m\nrule R-1 {{\nforbid {inner}\nmessage \"x\"\n}}\nuse other\n");
    let bombs = [
        around(&format!("{}a{}", "(".repeat(4_000), ")".repeat(4_000))),
        around(&format!("{}a", "[".repeat(4_000))),
        around(&format!("{}a", "not ".repeat(4_000))),
        around(&format!("a{}", " + a".repeat(4_000))),
        around(&format!("a{}", " or a".repeat(4_000))),
        around(&format!("a{}", ".a".repeat(4_000))),
        around(&format!("{}a", "- ".repeat(4_000))),
        around(&format!("{}a", "any x in xs: ".repeat(4_000))),
        format!("module m\nrecord r {{ a : {}text }}\nuse other\n", "list<".repeat(4_000)),
        around(&format!("a\nmessage \"{{{}a}}\"", "(".repeat(4_000))),
    ];
    for bomb in bombs {
        let (module, diagnostics) = parse(FileId(0), &bomb);
        let codes: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
        assert!(codes.contains(&"nested-too-deeply"), "{codes:?} {}", &bomb[..60]);
        assert!(matches!(&module.items.last().unwrap().kind, ItemKind::Use { .. }), "{}", &bomb[..60]);
    }
    let deep = around(&format!("{}a{}", "(".repeat(30), ")".repeat(30)));
    assert_eq!(drawn(&deep), Vec::<String>::new());
    let deep = around(&format!("{}a", "any x in xs: ".repeat(30)));
    assert_eq!(drawn(&deep), Vec::<String>::new());
}

/// The deepest that is allowed needs less than half of a thread's usual stack of 2 MiB.
#[test]
fn the_deepest_nesting_fits_the_stack() {
    let shapes = [
        ("(", "a", ")"),
        ("any x in xs: ", "a", ""),
        ("any x in xs where ", "a", ": b"),
        ("f(x for each x in [", "a", "])"),
    ];
    for (open, inner, close) in shapes {
        let levels = scan::MAX_NESTING / open.matches(['(', '[']).count().max(1) - 2;
        let text = format!("module m\ndefine f(a: x) = {}{inner}{}\n", open.repeat(levels), close.repeat(levels));
        let read = move || assert_eq!(drawn(&text), Vec::<String>::new());
        std::thread::Builder::new().stack_size(1 << 20).spawn(read).unwrap().join().unwrap();
    }
}

#[test]
fn habits_of_other_languages_get_a_hint() {
    let text = "module m
rule R-1 {
    forbid p.x == 2 && p.y
    message \"a\"
    forbid p.x is not missing
    forbid x not in y
    forbid a == 2024年12月4日
    forbid a == ３
    forbid a != b;
    message \"x {p.y : 亩亩} {} {a\"
}
enum e {
    a 甲
    b 乙,
}
模块2 {
}
";
    insta::assert_snapshot!(drawn(text).join("\n"));
}

#[test]
fn chinese_words_are_set_apart_by_spaces() {
    let text = "模块 m
规则 R-1 {
    对每个甲属于地块其中甲.用途属于建设用地
    禁止面积（甲） > 1 亩
    除非 甲.用途属于 建设用地 且 甲.x == 1
    说明 \"x\"
}
";
    insta::assert_snapshot!(drawn(text).join("\n"));
}

/// Every span of a parse lies in the text and on character boundaries.
fn check_spans(text: &str) {
    let (module, diagnostics) = parse(FileId(0), text);
    let sound = |span: Span| {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(start <= end && text.is_char_boundary(start) && text.is_char_boundary(end), "{span:?}");
    };
    module.items.iter().for_each(|item| sound(item.span));
    module.comments.iter().for_each(|comment| sound(comment.span));
    diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels).for_each(|label| sound(label.span));
    assert!(diagnostics.iter().all(|diagnostic| !diagnostic.labels.is_empty()));
    // Every span of the tree, from how it prints.
    let printed = format!("{module:?}");
    for part in printed.split("Span { file: FileId(0), start: ").skip(1) {
        let mut numbers = part.split([' ', ',', '}']).filter_map(|part| part.parse().ok());
        let (start, end) = (numbers.next().unwrap(), numbers.next().unwrap());
        assert!(start <= end && text.is_char_boundary(start) && text.is_char_boundary(end), "{start}..{end}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_parses_to_sound_spans(text in "(module m\n)?(rule R|layer 甲|[{}()\\[\\]\"“”，：＝ \n/a-c0-9.]|对每个|\\PC){0,40}") {
        check_spans(&text);
    }

    #[test]
    fn damaged_examples_parse_to_sound_spans(
        which in 0..EXAMPLES.len(), at in 0.0..1.0f64, length in 0..40usize, insert in "([{}()\"“”=,:\n ]|and|且|\\PC){0,3}",
    ) {
        let text = EXAMPLES[which].1;
        let start = text.floor_char_boundary((text.len() as f64 * at) as usize);
        let end = text.floor_char_boundary((start + length).min(text.len())).max(start);
        check_spans(&format!("{}{insert}{}", &text[..start], &text[end..]));
    }
}

#[test]
fn every_page_example_has_the_mistake_of_its_page() {
    // All of this room but `file-too-long`, as a file of 16 MiB cannot be shown.
    let shown = [
        &codes::UNEXPECTED_TOKEN,
        &codes::UNEXPECTED_CHARACTER,
        &codes::UNCLOSED_STRING,
        &codes::UNCLOSED_BRACKET,
        &codes::UNKNOWN_DECLARATION,
        &codes::UNKNOWN_CLAUSE,
        &codes::UNKNOWN_KEYWORD,
        &codes::UNKNOWN_UNIT,
        &codes::WORDS_RUN_TOGETHER,
        &codes::SINGLE_EQUALS,
        &codes::CHAINED_COMPARISON,
        &codes::NESTED_TOO_DEEPLY,
        &codes::MISSING_MODULE,
        &codes::MISPLACED_MODULE,
        &codes::MISPLACED_CLAUSE,
        &codes::REPEATED_CLAUSE,
        &codes::UNKNOWN_ESCAPE,
        &codes::STRAY_BRACE,
    ];
    for code in shown {
        let (_, rest) = code.page.split_once("```gj\n").unwrap();
        let example = rest.split_once("```").unwrap().0;
        let (_, diagnostics) = parse(FileId(0), example);
        let names: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
        assert_eq!(names, [code.name], "{:?}", drawn(example));
    }
}

#[test]
fn a_file_of_more_than_16_mib_is_refused() {
    let (module, diagnostics) = parse(FileId(0), &" ".repeat(MAX_BYTES + 1));
    assert_eq!((module.items.len(), diagnostics[0].code.name), (0, "file-too-long"));
}

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
