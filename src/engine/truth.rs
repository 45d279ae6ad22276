//! Kleene's three-valued logic; the reasons of the unknown travel with it.

use super::value::{Reasons, Tri};
use crate::model::Truth;

pub(super) fn of(condition: bool) -> Tri {
    if condition { Truth::True } else { Truth::False }
}

pub(super) fn not(truth: Tri) -> Tri {
    match truth {
        Truth::True => Truth::False,
        Truth::False => Truth::True,
        Truth::Unknown(reasons) => Truth::Unknown(reasons),
    }
}

/// False if one is false, else unknown if one is, else true.
pub(super) fn and(one: Tri, other: Tri) -> Tri {
    match (one, other) {
        (Truth::False, _) | (_, Truth::False) => Truth::False,
        (Truth::True, truth) | (truth, Truth::True) => truth,
        (Truth::Unknown(one), Truth::Unknown(other)) => Truth::Unknown(one.and(&other)),
    }
}

/// True if one is true, else unknown if one is, else false.
pub(super) fn or(one: Tri, other: Tri) -> Tri {
    match (one, other) {
        (Truth::True, _) | (_, Truth::True) => Truth::True,
        (Truth::False, truth) | (truth, Truth::False) => truth,
        (Truth::Unknown(one), Truth::Unknown(other)) => Truth::Unknown(one.and(&other)),
    }
}

/// Returns the truth of something that holds unless there is a doubt.
pub(super) fn doubted(doubt: Option<&Reasons>) -> Tri {
    doubt.map_or(Truth::True, |reasons| Truth::Unknown(reasons.clone()))
}

/// Returns the conjunction; what comes after a false one is not asked for.
pub(super) fn all(truths: impl IntoIterator<Item = Tri>) -> Tri {
    let mut unknown = Vec::new();
    for truth in truths {
        match truth {
            Truth::True => {}
            Truth::False => return Truth::False,
            Truth::Unknown(reasons) => unknown.push(reasons),
        }
    }
    Reasons::all(unknown).map_or(Truth::True, Truth::Unknown)
}

/// Returns the disjunction; what comes after a true one is not asked for.
pub(super) fn any(truths: impl IntoIterator<Item = Tri>) -> Tri {
    not(all(truths.into_iter().map(not)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::finding::Missing;
    use crate::model::ClassId;

    fn values() -> Vec<Tri> {
        let unknown = |class| Truth::Unknown(Reasons::one(Missing::Class(ClassId(class))));
        vec![Truth::True, Truth::False, unknown(1), unknown(2)]
    }

    #[test]
    fn the_laws_of_kleene_hold() {
        for a in values() {
            assert_eq!(not(not(a.clone())), a);
            assert_eq!(and(a.clone(), a.clone()), a);
            assert_eq!(and(a.clone(), Truth::True), a);
            assert_eq!(and(a.clone(), Truth::False), Truth::False);
            assert_eq!(or(a.clone(), Truth::False), a);
            assert_eq!(or(a.clone(), Truth::True), Truth::True);
            for b in values() {
                assert_eq!(and(a.clone(), b.clone()), and(b.clone(), a.clone()));
                assert_eq!(or(a.clone(), b.clone()), or(b.clone(), a.clone()));
                assert_eq!(not(and(a.clone(), b.clone())), or(not(a.clone()), not(b.clone())));
                for c in values() {
                    assert_eq!(and(a.clone(), and(b.clone(), c.clone())), all([a.clone(), b.clone(), c.clone()]));
                    assert_eq!(or(a.clone(), or(b.clone(), c.clone())), any([a.clone(), b.clone(), c.clone()]));
                }
            }
        }
    }
}
