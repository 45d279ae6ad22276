//! Pairs of one layer: each once, the verdict for both.

use super::build::*;
use crate::geometry::Shape;
use crate::model::Value;
use crate::sema::program::*;

const B: Slot = Slot(1);

fn pair_rule(condition: Option<Expr>) -> Rule {
    let second = overlapping(binding(B, "b", PARCEL), variable(P, PARCEL), vec![]);
    let second = Binding { pairs_with: Some(P), condition, ..second };
    let apart = constraint(ConstraintKind::Forbid, compare(Order::GreaterOrEqual, far(B, PARCEL), number("0")));
    rule("R", vec![binding(P, "a", PARCEL), second], vec![], vec![apart])
}

fn square(x: f64) -> Shape {
    rectangle(x, 0.0, x + 10.0, 10.0)
}

#[test]
fn each_pair_is_taken_once_lower_id_first_and_counts_for_both() {
    let mut program = program();
    program.rules.push(pair_rule(None));
    let mut data = data(&program);
    for (id, x) in [("P3", 0.0), ("P1", 5.0), ("P2", 8.0), ("P4", 100.0)] {
        add(&mut data, PARCEL, id, Ground::Known(square(x)), [decimal(1), Value::Missing]);
    }
    let results = check(&program, &data);
    let expected = ["P1/parcel:P2", "P1/parcel:P3", "P2/parcel:P3"].map(|pair| format!("Conflict R/parcel:{pair}"));
    assert_eq!(lines(&results), expected);
    let counts = results.rules[0].counts;
    assert_eq!((counts.conflict, counts.not_applicable, counts.total()), (3, 1, 4));
}

#[test]
fn the_other_order_is_taken_where_the_first_is_false() {
    let mut program = program();
    // Only pairs in which the first stands above the second.
    program.rules.push(pair_rule(Some(compare(Order::Greater, far(P, PARCEL), far(B, PARCEL)))));
    let mut data = data(&program);
    add(&mut data, PARCEL, "P1", Ground::Known(square(0.0)), [decimal(1), Value::Missing]);
    add(&mut data, PARCEL, "P2", Ground::Known(square(5.0)), [decimal(2), Value::Missing]);
    add(&mut data, PARCEL, "P3", Ground::Known(square(12.0)), [decimal(0), Value::Missing]);
    let results = check(&program, &data);
    assert_eq!(lines(&results), ["Conflict R/parcel:P2/parcel:P1", "Conflict R/parcel:P2/parcel:P3"]);
    assert_eq!(results.rules[0].counts.conflict, 3);
}
