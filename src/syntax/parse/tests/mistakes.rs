//! What is said of texts that are wrong, and what is read of them all the same.

use super::*;

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
