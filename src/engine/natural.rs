//! Ids in the order that people count: `E-3` before `E-10`.

use std::cmp::Ordering;

/// A text whose stretches of digits are ordered by their value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Natural<'t>(pub(super) &'t str);

impl Ord for Natural<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut one, mut two) = (self.0.as_bytes(), other.0.as_bytes());
        while let (Some(&a), Some(&b)) = (one.first(), two.first()) {
            if a.is_ascii_digit() && b.is_ascii_digit() {
                let (left, right) = (number(one), number(two));
                let (low, high) = (trimmed(left), trimmed(right));
                // Of two numbers without leading noughts the longer is the larger.
                let order = low.len().cmp(&high.len()).then_with(|| low.cmp(high));
                if order != Ordering::Equal {
                    return order;
                }
                (one, two) = (&one[left.len()..], &two[right.len()..]);
            } else if a != b {
                return a.cmp(&b);
            } else {
                (one, two) = (&one[1..], &two[1..]);
            }
        }
        // `1` and `01` are different ids all the same.
        one.len().cmp(&two.len()).then_with(|| self.0.cmp(other.0))
    }
}

impl PartialOrd for Natural<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn number(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    &text[..end]
}

fn trimmed(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    &digits[zeros..]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn digits_count_by_their_value() {
        let mut ids = ["E-10", "E-3", "E-03", "E", "E-3b", "E-3a10", "E-3a9", "甲10", "甲9", "F-1"];
        ids.sort_by_key(|id| Natural(id));
        assert_eq!(ids, ["E", "E-03", "E-3", "E-3a9", "E-3a10", "E-3b", "E-10", "F-1", "甲9", "甲10"]);
    }

    proptest! {
        #[test]
        fn it_is_an_order(mut ids in prop::collection::vec("[0-2a]{0,5}", 3)) {
            let [one, two, three] = [Natural(&ids[0]), Natural(&ids[1]), Natural(&ids[2])];
            prop_assert_eq!(one.cmp(&two), two.cmp(&one).reverse());
            prop_assert!(!(one <= two && two <= three) || one <= three);
            prop_assert_eq!(one.cmp(&two) == Ordering::Equal, ids[0] == ids[1]);
            ids.sort_by(|a, b| Natural(a).cmp(&Natural(b)));
        }

        #[test]
        fn numbers_are_in_order(one in 0u64.., two in 0u64..) {
            prop_assert_eq!(Natural(&format!("P-{one}")).cmp(&Natural(&format!("P-{two}"))), one.cmp(&two));
        }
    }
}
