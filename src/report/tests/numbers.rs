//! Numbers and values as people read them.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::fixture::Fixture;
use crate::engine::finding::Shown;
use crate::model::{CodeRef, CodesId, Dimension, Duration, EnumId, Unit};
use crate::report::number::*;

fn shown(value: Shown, unit: Option<Unit>) -> String {
    let fixture = Fixture::new();
    Printer { schema: &fixture.program.schema, data: &fixture.data }.shown(&value, unit)
}

fn exact(value: &str, dimension: Dimension) -> Shown {
    Shown::Number { value: value.parse().expect("a decimal"), dimension, ratio: false }
}

fn measure(value: f64, dimension: Dimension) -> Shown {
    Shown::Measure { value, error: 0.001, dimension, ratio: false, at_least: false }
}

#[test]
fn customary_units() {
    assert_eq!(shown(measure(1000.0, Dimension::AREA), None), "1,000.00 ㎡");
    assert_eq!(shown(measure(1000.0, Dimension::AREA), Some(Unit::Mu)), "1.50 亩");
    assert_eq!(shown(exact("1000", Dimension::AREA), Some(Unit::Mu)), "1.50 亩");
    assert_eq!(shown(measure(1234.56, Dimension::AREA), Some(Unit::Hectare)), "0.1235 公顷");
    assert_eq!(shown(measure(10.0, Dimension::LENGTH), None), "10.00 m");
    assert_eq!(shown(exact("12345678.9", Dimension::MONEY), None), "1,234.57 万元");
    assert_eq!(shown(exact("2.5", Dimension::NONE), None), "2.5");
    assert_eq!(shown(exact("1234567", Dimension::NONE), None), "1,234,567");
    let ratio = Shown::Number { value: Decimal::new(1, 1), dimension: Dimension::NONE, ratio: true };
    assert_eq!(shown(ratio, None), "10.00%");
    assert_eq!(shown(exact("0.3", Dimension::NONE), Some(Unit::Percent)), "30.00%");
    assert_eq!(shown(exact("7", Dimension::MONEY.over(Dimension::AREA)), None), "7 元/m2");
    // A unit of another dimension is not used.
    assert_eq!(shown(exact("7", Dimension::LENGTH), Some(Unit::Mu)), "7.00 m");
}

#[test]
fn halves_go_away_from_zero_on_the_decimal_digits() {
    assert_eq!(measured(0.125, 2), "0.13");
    assert_eq!(measured(1.005, 2), "1.01");
    assert_eq!(measured(-1.005, 2), "-1.01");
    assert_eq!(measured(2.675, 2), "2.68");
    assert_eq!(measured(999.995, 2), "1,000.00");
    assert_eq!(measured(-0.001, 2), "0.00");
    assert_eq!(measured(-0.0, 2), "0.00");
    assert_eq!(grouped("-0.004".parse().expect("a decimal"), 2), "0.00");
    assert_eq!(measured(1e-300, 2), "0.00");
    assert_eq!(measured(1e300, 2), "1e300");
    assert_eq!(measured(f64::NAN, 2), MISSING);
}

#[test]
fn unknown_and_partly_known() {
    assert_eq!(shown(Shown::Missing, None), "（缺）");
    let at_least =
        Shown::Measure { value: 5000.0, error: 0.01, dimension: Dimension::AREA, ratio: false, at_least: true };
    assert_eq!(shown(at_least, None), "≥ 5,000.00 ㎡");
    assert_eq!(shown(measure(f64::INFINITY, Dimension::AREA), None), "（缺）");
}

#[test]
fn other_values() {
    let code = Shown::Code(CodeRef { list: CodesId(1), entry: 0 });
    assert_eq!(shown(code, None), "0701 城镇住宅用地");
    assert_eq!(shown(Shown::Code(CodeRef { list: CodesId::REGION, entry: 110_000 }), None), "110000");
    assert_eq!(shown(Shown::Enum(EnumId(0), 1), None), "农业农村");
    assert_eq!(shown(Shown::Duration(Duration { months: 480, days: 0 }), None), "40 年");
    assert_eq!(shown(Shown::Duration(Duration { months: 18, days: 3 }), None), "1 年 6 个月 3 天");
    assert_eq!(shown(Shown::Duration(Duration::default()), None), "0 天");
    let end = |value: &str| Some(Box::new(exact(value, Dimension::NONE)));
    assert_eq!(shown(Shown::Range(end("1"), end("2.5")), None), "1 至 2.5");
    assert_eq!(shown(Shown::Range(None, end("2.5")), None), "不大于 2.5");
    assert_eq!(shown(Shown::List(vec![Shown::Bool(true), Shown::Text("甲".into())]), None), "是、甲");
}

proptest! {
    #[test]
    fn measured_numbers_are_within_half_a_unit(number in -1e12f64..1e12) {
        let printed: f64 = measured(number, 2).replace(',', "").parse().expect("a number");
        prop_assert!((printed - number).abs() <= 0.005 + number.abs() * 1e-15);
    }
}
