//! What the parser makes of texts that are right, and that it survives any others.

mod languages;
mod mistakes;

use super::*;
use crate::syntax::ast::{Binding, Expr, ExprKind, ItemKind, Limit, RelationKind, TemplatePart};

const EXAMPLES: &[(&str, &str)] = &[
    ("schema", include_str!("../../../../fixtures/language/example-pack/schema.gj")),
    ("control_lines", include_str!("../../../../fixtures/language/example-pack/control_lines.gj")),
    ("control_lines.zh", include_str!("../../../../fixtures/language/example-pack/control_lines.zh.gj")),
    ("coordination", include_str!("../../../../fixtures/language/example-pack/coordination.gj")),
    ("package", include_str!("../../../../fixtures/language/example-pack/package.gj")),
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
    level 层级 : upper number? from E = f(it)
    upper : lower number lower 下限 : 取上限 range<number>?
    level2 : text
    in : list<ref<r>> or : bool,
    source : text }
";
    let (module, diagnostics) = parse(FileId(0), text);
    assert_eq!(diagnostics, [], "{:?}", drawn(text));
    let ItemKind::Record { fields, .. } = &module.items[0].kind else { panic!("no record") };
    let names: Vec<&str> = fields.iter().map(|field| &*field.name.name.text).collect();
    assert_eq!(names, ["use", "years", "from", "missing", "level", "upper", "lower", "level2", "in", "or", "source"]);
    assert_eq!(fields[0].docs.iter().map(|line| &**line).collect::<Vec<_>>(), ["First.", "Second."]);
    let limits: Vec<Option<Limit>> = fields[4..7].iter().map(|field| field.limit).collect();
    assert_eq!(limits, [Some(Limit::Upper), Some(Limit::Lower), Some(Limit::Upper)]);
    assert_eq!(fields[0].aliases.len(), 2);
    assert_eq!(fields[2].docs.len(), 1);
    assert_eq!(fields[3].missing.len(), 2);
    assert_eq!(module.comments.len(), 2);
    let span = fields[1].span;
    assert_eq!(&text[span.start as usize..span.end as usize], "years 年限 : duration?");
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
