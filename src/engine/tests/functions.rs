//! Every built-in function, at work in an expression.

use super::build::*;
use crate::engine::eval::Evaluator;
use crate::engine::value::Evaluated;
use crate::engine::world::World;
use crate::engine::{Settings, describe};
use crate::model::{CodeEntry, CodeList, CodeRef, CodesId, Names, Type, Value};
use crate::sema::functions::Function;
use crate::sema::program::*;

fn call(function: Function, arguments: Vec<Expr>, ty: Type) -> Expr {
    expr(ExprKind::Call(function, arguments), ty)
}

fn rect(corners: [&str; 4]) -> Expr {
    call(Function::Box, corners.map(metres).to_vec(), Type::Geometry(None))
}

fn text(value: &str) -> Expr {
    expr(ExprKind::Constant(Value::Text(value.into())), Type::Text)
}

fn day(year: i16, month: i8, day: i8) -> Expr {
    expr(ExprKind::Constant(Value::Date(jiff::civil::date(year, month, day))), Type::Date)
}

fn boxed<T>(value: T) -> Box<T> {
    Box::new(value)
}

fn texts() -> Type {
    Type::List(boxed(Type::Text))
}

fn list(all: &[&str]) -> Expr {
    expr(ExprKind::List(all.iter().map(|one| number(one)).collect()), Type::List(Box::new(Type::NUMBER)))
}

/// Returns what an expression comes to, in short.
fn outcome(expr: &Expr) -> String {
    let mut program = program();
    let entry = |code: &str, parent, level| CodeEntry { code: code.into(), name: code.into(), parent, level };
    let names = Names { name: "land_use".into(), second: None };
    program.schema.codes.push(CodeList::new(names, vec![entry("07", None, 1), entry("0701", Some(0), 2)]));
    let data = data(&program);
    let settings = Settings::default();
    let world = World::new(&program, &data, &settings, &[]);
    let value = Evaluator::new(&world).eval(expr, &mut world.bare_frame());
    short(&world, &value)
}

fn short(world: &World<'_>, value: &Evaluated<'_>) -> String {
    match value {
        Evaluated::Unknown(reasons) => format!("{:?}", reasons.to_vec()),
        Evaluated::Number(number) => number.normalize().to_string(),
        Evaluated::Measure(measure) => format!("~{:.3}", measure.value),
        Evaluated::Bool(value) => value.to_string(),
        Evaluated::Text(text) => format!("{text:?}"),
        Evaluated::Date(date) => date.to_string(),
        Evaluated::List(values) => values.iter().map(|value| short(world, value)).collect::<Vec<_>>().join(" "),
        Evaluated::Region(region) => {
            let mut bounds = region.shape.bounds();
            for coord in [&mut bounds.min, &mut bounds.max] {
                (coord.x, coord.y) = ((coord.x * 1e3).round() / 1e3 + 0.0, (coord.y * 1e3).round() / 1e3 + 0.0);
            }
            format!("{},{}..{},{}", bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y)
        }
        other => format!("{:?}", describe::shown(world, other, &Type::Bool)),
    }
}

#[test]
fn every_function_gives_what_its_line_says() {
    use Function::*;
    let square = || rect(["0", "0", "10", "10"]);
    let beside = || rect(["13", "0", "20", "10"]);
    let over = || rect(["5", "0", "20", "10"]);
    let shape = Type::Geometry(None);
    let two = |function, a: Expr, b: Expr, ty: &Type| call(function, vec![a, b], ty.clone());
    let line = call(Line, ["0", "0", "3", "4"].map(metres).to_vec(), shape.clone());
    let point = call(Point, ["1", "2"].map(metres).to_vec(), shape.clone());
    let polygon = call(Polygon, ["0", "0", "0", "4", "4", "0"].map(metres).to_vec(), shape.clone());
    let ring = without(square(), rect(["4", "4", "6", "6"]));
    let code = expr(ExprKind::Constant(Value::Code(CodeRef { list: CodesId(1), entry: 1 })), Type::Code(CodesId(1)));
    let region = expr(ExprKind::Constant(Value::Code(CodeRef { list: CodesId::REGION, entry: 360_400 })), Type::Text);
    let missing = || expr(ExprKind::Constant(Value::Missing), Type::NUMBER);
    let ids = || expr(ExprKind::List(vec![text("a"), text("b")]), texts());
    let needs = |back: &str| {
        let lists = [vec![text("b")], vec![text(back)]];
        let lists = lists.map(|list| expr(ExprKind::List(list), texts())).to_vec();
        expr(ExprKind::List(lists), texts())
    };
    let one = |function, argument: Expr| call(function, vec![argument], Type::NUMBER);
    let cases: Vec<(Function, Expr, &str)> = vec![
        (Area, one(Area, square()), "~100.000"),
        (Perimeter, one(Perimeter, square()), "~40.000"),
        (Length, one(Length, line.clone()), "~5.000"),
        (Distance, two(Distance, square(), beside(), &Type::LENGTH), "~3.000"),
        (Width, one(Width, rect(["0", "0", "10", "2"])), "~2.000"),
        (Share, two(Share, square(), over(), &Type::Ratio), "~0.500"),
        (Union, two(Union, square(), over(), &shape), "0,0..20,10"),
        (Boundary, one(Length, one(Boundary, square())), "~40.000"),
        (Buffer, two(Buffer, square(), metres("1"), &shape), "-1,-1..11,11"),
        (Inset, two(Inset, square(), metres("1"), &shape), "1,1..9,9"),
        (SymmetricDifference, one(Area, two(SymmetricDifference, square(), over(), &shape)), "~150.000"),
        (Centroid, one(Centroid, square()), "5,5..5,5"),
        (Parts, one(Count, one(Parts, two(Union, square(), beside(), &shape))), "2"),
        (Holes, one(Holes, ring), "4,4..6,6"),
        (Compactness, one(Compactness, square()), "~0.785"),
        (Box, square(), "0,0..10,10"),
        (Polygon, one(Area, polygon), "~8.000"),
        (Line, line, "0,0..3,4"),
        (Point, point, "1,2..1,2"),
        (Sum, one(Sum, list(&["1", "2.5"])), "3.5"),
        (Sum, one(Sum, list(&[])), "0"),
        (Count, one(Count, list(&["1", "2.5"])), "2"),
        (Min, two(Min, number("3"), number("2"), &Type::NUMBER), "2"),
        (Max, one(Max, list(&["1", "2.5"])), "2.5"),
        (Max, one(Max, list(&[])), "[EmptyAggregate(\"max([])\")]"),
        (Mean, one(Mean, list(&["1", "2"])), "1.5"),
        (Cumulative, one(Cumulative, list(&["1", "2", "-4"])), "1 3 -1"),
        (Abs, one(Abs, number("-2")), "2"),
        (Round, two(Round, number("2.345"), number("2"), &Type::NUMBER), "2.35"),
        (Default, two(Default, missing(), number("7"), &Type::NUMBER), "7"),
        (Default, two(Default, number("1"), number("7"), &Type::NUMBER), "1"),
        (Date, call(Date, ["2024", "2", "29"].map(number).to_vec(), Type::Date), "2024-02-29"),
        (Date, call(Date, ["2023", "2", "29"].map(number).to_vec(), Type::Date), "[NoSuchDay(\"date(2023, 2, 29)\")]"),
        (DaysBetween, two(DaysBetween, day(2024, 1, 1), day(2025, 1, 1), &Type::NUMBER), "366"),
        (YearsBetween, two(YearsBetween, day(2024, 1, 2), day(2025, 1, 1), &Type::NUMBER), "0"),
        (Year, one(Year, day(2024, 1, 2)), "2024"),
        (StartsWith, two(StartsWith, text("国土空间"), text("国土"), &Type::Bool), "true"),
        (Matches, two(Matches, text("国土空间"), text("国*间"), &Type::Bool), "true"),
        (Trim, one(Trim, text(" a ")), "\"a\""),
        (Level, one(Level, code), "2"),
        (Level, one(Level, region), "2"),
        (Acyclic, call(Acyclic, vec![ids(), ids(), needs("a")], Type::Bool), "false"),
        (Acyclic, call(Acyclic, vec![ids(), ids(), needs("c")], Type::Bool), "true"),
    ];
    for (function, expr, expected) in &cases {
        assert_eq!(outcome(expr), *expected, "{}", function.name());
    }
    let tried: Vec<Function> = cases.iter().map(|case| case.0).collect();
    let untried: Vec<_> = Function::ALL.iter().filter(|function| !tried.contains(function)).collect();
    assert!(untried.is_empty(), "{untried:?}");
}

#[test]
fn durations_and_days_are_added_by_the_calendar() {
    let duration = |months, days| {
        let value = Value::Duration(crate::model::Duration { months, days });
        expr(ExprKind::Constant(value), Type::Duration)
    };
    let shift = |date, by, back| expr(ExprKind::DateShift { date: boxed(date), by: boxed(by), back }, Type::Date);
    assert_eq!(outcome(&shift(day(2024, 1, 31), duration(1, 0), false)), "2024-02-29");
    assert_eq!(outcome(&shift(day(2024, 3, 1), duration(0, 1), true)), "2024-02-29");
    assert!(outcome(&shift(day(9999, 12, 31), duration(0, 1), false)).contains("NoSuchDay"));
    let between = |order| compare(order, duration(1, 0), duration(0, 30));
    assert!(outcome(&between(Order::Less)).contains("CalendarDependent"));
}

#[test]
fn ranges_hold_their_ends_and_overlap_by_more_than_one() {
    let range = |low: Option<&str>, high: Option<&str>| {
        let end = |end: Option<&str>| end.map(|end| boxed(number(end)));
        expr(ExprKind::Range(end(low), end(high)), Type::Range(boxed(Type::NUMBER)))
    };
    let within =
        |value: &str, range: Expr| outcome(&expr(ExprKind::In(boxed(number(value)), boxed(range)), Type::Bool));
    assert_eq!(within("1", range(Some("1"), Some("2"))), "true");
    assert_eq!(within("2", range(Some("1"), None)), "true");
    assert_eq!(within("0", range(Some("1"), None)), "false");
    let overlap = |one, other| {
        let kind = ExprKind::RangeOverlaps(boxed(one), boxed(other));
        outcome(&expr(kind, Type::Bool))
    };
    assert_eq!(overlap(range(Some("0"), Some("5")), range(Some("5"), Some("9"))), "false");
    assert_eq!(overlap(range(Some("0"), Some("6")), range(Some("5"), None)), "true");
}
