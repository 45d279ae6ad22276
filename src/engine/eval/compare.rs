//! Comparisons, membership and ranges.

use std::borrow::Cow;
use std::cmp::Ordering;

use smallvec::{SmallVec, smallvec};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::Evaluator;
use super::arithmetic::{compare_durations, number_of};
use crate::engine::finding::Missing;
use crate::engine::frame::Frame;
use crate::engine::phrase::phrase;
use crate::engine::truth;
use crate::engine::value::{Evaluated, Measured, Reasons, Tri};
use crate::model::{CodeRef, CodesId, Truth, region_covers};
use crate::sema::program::{Expr, Members, Order};

/// Why two values cannot be compared.
pub(in crate::engine) enum Uncompared {
    /// The measuring error of the two is larger than their difference.
    WithinError,
    /// Months against days.
    CalendarDependent,
    /// One side may be more.
    AtLeast(Reasons),
    /// They have no order.
    Misfit,
}

impl<'a> Evaluator<'_, 'a> {
    /// Compares two values; `expr` is what the reason names where that cannot be decided.
    pub(in crate::engine) fn compare(
        &self,
        order: Order,
        one: &Evaluated<'a>,
        other: &Evaluated<'a>,
        expr: &'a Expr,
        frame: &Frame<'a>,
    ) -> Tri {
        let wanted = |ordering: Ordering| match order {
            Order::Equal => ordering.is_eq(),
            Order::NotEqual => ordering.is_ne(),
            Order::Less => ordering.is_lt(),
            Order::LessOrEqual => ordering.is_le(),
            Order::Greater => ordering.is_gt(),
            Order::GreaterOrEqual => ordering.is_ge(),
        };
        if let Some(reasons) = Reasons::join(one.unknown(), other.unknown()) {
            return Truth::Unknown(reasons);
        }
        let within = self.world.settings.equal_within;
        let same = matches!(order, Order::Equal | Order::NotEqual);
        if let (true, Some(within), Some(a), Some(b)) = (same, within, number_of(one), number_of(other))
            && (matches!(one, Evaluated::Measure(_)) || matches!(other, Evaluated::Measure(_)))
            && a.at_least.is_none()
            && b.at_least.is_none()
        {
            return truth::of(((a.value - b.value).abs() <= within) == (order == Order::Equal));
        }
        if let Some((a, b)) = numbers(one, other) {
            return match order_numbers(&a, &b) {
                Ok(ordering) => truth::of(wanted(ordering)),
                Err(uncompared) => match (&a.at_least, &b.at_least) {
                    // What is at least so much is decided where any larger number would be decided the same.
                    (Some(_), None) | (None, Some(_)) => {
                        let (larger, known) = match &a.at_least {
                            Some(_) => (Ordering::Greater, order_numbers(&bare(&a), &b)),
                            None => (Ordering::Less, order_numbers(&a, &bare(&b))),
                        };
                        match known {
                            Ok(known) if known == larger => truth::of(wanted(larger)),
                            // Equal or beyond: `>=` holds for the known part and for all that may be added.
                            Ok(Ordering::Equal) if wanted(Ordering::Equal) == wanted(larger) => {
                                truth::of(wanted(larger))
                            }
                            Ok(_) | Err(_) => Truth::Unknown(self.reasons(uncompared, expr, frame)),
                        }
                    }
                    (Some(_), Some(_)) | (None, None) => Truth::Unknown(self.reasons(uncompared, expr, frame)),
                },
            };
        }
        match order {
            Order::Equal => self.equal(one, other, expr, frame),
            Order::NotEqual => truth::not(self.equal(one, other, expr, frame)),
            Order::Less | Order::LessOrEqual | Order::Greater | Order::GreaterOrEqual => match order_of(one, other) {
                Ok(ordering) => truth::of(wanted(ordering)),
                Err(uncompared) => Truth::Unknown(self.reasons(uncompared, expr, frame)),
            },
        }
    }

    /// Returns whether two values are the same.
    pub(in crate::engine) fn equal(
        &self,
        one: &Evaluated<'a>,
        other: &Evaluated<'a>,
        expr: &'a Expr,
        frame: &Frame<'a>,
    ) -> Tri {
        match equal(one, other) {
            Ok(same) => truth::of(same),
            Err(Uncompared::AtLeast(reasons)) => Truth::Unknown(reasons),
            Err(uncompared) => Truth::Unknown(self.reasons(uncompared, expr, frame)),
        }
    }

    /// Returns whether a value is in a set, list, range or layer, or is a code that another covers.
    pub(in crate::engine) fn is_in(
        &self,
        item: &Evaluated<'a>,
        of: &Evaluated<'a>,
        expr: &'a Expr,
        frame: &Frame<'a>,
    ) -> Tri {
        if let Some(reasons) = Reasons::join(item.unknown(), of.unknown()) {
            return Truth::Unknown(reasons);
        }
        match (of, item) {
            (Evaluated::Set(members), Evaluated::Code(code)) => truth::of(self.set_holds(members, *code)),
            (Evaluated::Set(Members::Values { include, .. }), Evaluated::Enum(_, value)) => {
                truth::of(include.contains(value))
            }
            (Evaluated::Code(ancestor), Evaluated::Code(code)) => truth::of(self.covers(*ancestor, *code)),
            (Evaluated::Codes(list, level), Evaluated::Code(code)) => {
                truth::of(code.list == *list && level.is_none_or(|level| self.level(*code) == u32::from(level)))
            }
            (Evaluated::Values(list), Evaluated::Enum(of, _)) => truth::of(list == of),
            (Evaluated::Range(ends), _) => {
                let bound = |end: &Option<Evaluated<'a>>, order| match end {
                    Some(end) => self.compare(order, item, end, expr, frame),
                    None => Truth::True,
                };
                let low = bound(&ends.0, Order::GreaterOrEqual);
                truth::and(low, bound(&ends.1, Order::LessOrEqual))
            }
            (Evaluated::Selection(selection), Evaluated::Item(item)) => match item.class == selection.class {
                true => self.admits(selection, *item),
                false => {
                    self.world.unread(selection.class).map_or(Truth::False, |one| Truth::Unknown(Reasons::one(one)))
                }
            },
            (Evaluated::Selection(_), Evaluated::Dangling(_)) => Truth::False,
            _ => {
                let many = self.iterate(of);
                let found = truth::any(many.items.iter().map(|(one, doubt)| {
                    let same = match (one, item) {
                        (Evaluated::Code(ancestor), Evaluated::Code(code)) => truth::of(self.covers(*ancestor, *code)),
                        _ => self.equal(one, item, expr, frame),
                    };
                    truth::and(truth::doubted(doubt.as_ref()), same)
                }));
                truth::or(found, many.more.map_or(Truth::False, Truth::Unknown))
            }
        }
    }

    /// Returns whether two ranges share more than an end.
    pub(super) fn ranges_overlap(
        &self,
        one: &Evaluated<'a>,
        other: &Evaluated<'a>,
        expr: &'a Expr,
        frame: &Frame<'a>,
    ) -> Tri {
        if let Some(reasons) = Reasons::join(one.unknown(), other.unknown()) {
            return Truth::Unknown(reasons);
        }
        let (Evaluated::Range(one), Evaluated::Range(other)) = (one, other) else {
            return Truth::Unknown(self.no_value(expr, frame));
        };
        let before = |low: &Option<Evaluated<'a>>, high: &Option<Evaluated<'a>>| match (low, high) {
            (Some(low), Some(high)) => self.compare(Order::Less, low, high, expr, frame),
            (None, _) | (_, None) => Truth::True,
        };
        truth::and(before(&one.0, &other.1), before(&other.0, &one.1))
    }

    /// Returns whether a set holds a code: some member covers it and no exception does.
    pub(super) fn set_holds(&self, members: &Members, code: CodeRef) -> bool {
        match members {
            Members::Codes { list, include, except } => {
                code.list == *list
                    && include.iter().any(|member| self.covers(*member, code))
                    && !except.iter().any(|member| self.covers(*member, code))
            }
            Members::Values { .. } => false,
        }
    }

    /// Returns whether a code is or stands above another.
    pub(in crate::engine) fn covers(&self, ancestor: CodeRef, code: CodeRef) -> bool {
        if ancestor.list != code.list {
            return false;
        }
        match ancestor.list {
            CodesId::REGION => region_covers(ancestor.entry, code.entry),
            list => self.world.program.schema.code_list(list).covers(ancestor.entry, code.entry),
        }
    }

    /// Returns the codes that cover a code, itself among them.
    pub(super) fn covering(&self, code: CodeRef) -> impl Iterator<Item = CodeRef> {
        let entries: SmallVec<[u32; 4]> = match code.list {
            CodesId::REGION => {
                let region = code.entry;
                let mut regions = smallvec![region, region / 100 * 100, region / 10_000 * 10_000, 0];
                regions.dedup();
                regions
            }
            list => {
                let entries = &self.world.program.schema.code_list(list).entries;
                let parent = |&at: &u32| entries.get(at as usize).and_then(|entry| entry.parent);
                std::iter::successors(Some(code.entry), parent).collect()
            }
        };
        entries.into_iter().map(move |entry| CodeRef { list: code.list, entry })
    }

    /// Returns how deep a code stands, from 1; of regions: province, city, county; the whole country is 0.
    pub(in crate::engine) fn level(&self, code: CodeRef) -> u32 {
        match code.list {
            CodesId::REGION => match code.entry {
                0 => 0,
                entry if entry.is_multiple_of(10_000) => 1,
                entry if entry.is_multiple_of(100) => 2,
                _ => 3,
            },
            list => {
                let entries = &self.world.program.schema.code_list(list).entries;
                entries.get(code.entry as usize).map_or(0, |entry| u32::from(entry.level))
            }
        }
    }

    fn reasons(&self, uncompared: Uncompared, expr: &'a Expr, frame: &Frame<'a>) -> Reasons {
        let text = || phrase(self.world.program, expr, Some(frame));
        match uncompared {
            Uncompared::WithinError => Reasons::one(Missing::WithinError(text())),
            Uncompared::CalendarDependent => Reasons::one(Missing::CalendarDependent(text())),
            Uncompared::AtLeast(reasons) => reasons,
            Uncompared::Misfit => self.no_value(expr, frame),
        }
    }
}

/// Returns both as measures, where one of them is.
fn numbers<'a>(one: &Evaluated<'a>, other: &Evaluated<'a>) -> Option<(Measured, Measured)> {
    let exact = matches!((one, other), (Evaluated::Number(_), Evaluated::Number(_)));
    if exact { None } else { Some((number_of(one)?, number_of(other)?)) }
}

fn bare(measure: &Measured) -> Measured {
    Measured { at_least: None, ..measure.clone() }
}

/// Orders two measures, unless they are closer than the sum of their errors.
pub(in crate::engine) fn order_numbers(one: &Measured, other: &Measured) -> Result<Ordering, Uncompared> {
    if let Some(reasons) = Reasons::join(one.at_least.clone(), other.at_least.clone()) {
        return Err(Uncompared::AtLeast(reasons));
    }
    let (difference, bound) = (one.value - other.value, one.error + other.error);
    if difference == 0.0 && bound == 0.0 {
        return Ok(Ordering::Equal);
    }
    // Written so that a NaN on either side is within error.
    if difference.abs() > bound { Ok(difference.total_cmp(&0.0)) } else { Err(Uncompared::WithinError) }
}

/// Orders two values of a type that has an order.
pub(in crate::engine) fn order_of(one: &Evaluated<'_>, other: &Evaluated<'_>) -> Result<Ordering, Uncompared> {
    match (one, other) {
        (Evaluated::Number(one), Evaluated::Number(other)) => Ok(one.cmp(other)),
        (Evaluated::Date(one), Evaluated::Date(other)) => Ok(one.cmp(other)),
        (Evaluated::Duration(one), Evaluated::Duration(other)) => {
            compare_durations(*one, *other).ok_or(Uncompared::CalendarDependent)
        }
        (Evaluated::Text(one), Evaluated::Text(other)) => Ok(normal(one).cmp(&normal(other))),
        (Evaluated::Enum(_, one), Evaluated::Enum(_, other)) => Ok(one.cmp(other)),
        (Evaluated::Bool(one), Evaluated::Bool(other)) => Ok(one.cmp(other)),
        _ => match (number_of(one), number_of(other)) {
            (Some(one), Some(other)) => order_numbers(&one, &other),
            _ => Err(Uncompared::Misfit),
        },
    }
}

/// Tells whether two known values are the same.
pub(in crate::engine) fn equal(one: &Evaluated<'_>, other: &Evaluated<'_>) -> Result<bool, Uncompared> {
    if let Some(reasons) = Reasons::join(one.unknown(), other.unknown()) {
        return Err(Uncompared::AtLeast(reasons));
    }
    match (one, other) {
        (Evaluated::Code(one), Evaluated::Code(other)) => Ok(one == other),
        (Evaluated::Enum(of, one), Evaluated::Enum(of_other, other)) => Ok(of == of_other && one == other),
        (Evaluated::Item(one), Evaluated::Item(other)) => Ok(one == other),
        (Evaluated::Dangling(missing), Evaluated::Dangling(_)) => {
            Err(Uncompared::AtLeast(Reasons::one(missing.clone())))
        }
        (Evaluated::Dangling(_), Evaluated::Item(_)) | (Evaluated::Item(_), Evaluated::Dangling(_)) => Ok(false),
        (Evaluated::Range(one), Evaluated::Range(other)) => {
            let end = |one: &Option<Evaluated<'_>>, other: &Option<Evaluated<'_>>| match (one, other) {
                (Some(one), Some(other)) => equal(one, other),
                (None, None) => Ok(true),
                (Some(_), None) | (None, Some(_)) => Ok(false),
            };
            Ok(end(&one.0, &other.0)? && end(&one.1, &other.1)?)
        }
        (Evaluated::List(one), Evaluated::List(other)) => {
            if one.len() != other.len() {
                return Ok(false);
            }
            for (one, other) in one.iter().zip(other.iter()) {
                if !equal(one, other)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        _ => order_of(one, other).map(Ordering::is_eq),
    }
}

/// Returns text as it is compared: without white space at its ends, in NFKC.
pub(in crate::engine) fn normal(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    if trimmed.is_ascii() || is_nfkc_quick(trimmed.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(trimmed);
    }
    let folded: String = trimmed.nfkc().collect();
    Cow::Owned(folded.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ClassId;

    fn measured(value: f64, error: f64) -> Measured {
        Measured { value, error, at_least: None }
    }

    #[test]
    fn measures_closer_than_their_errors_are_not_ordered() {
        assert!(matches!(order_numbers(&measured(1.0, 0.1), &measured(2.0, 0.1)), Ok(Ordering::Less)));
        assert!(matches!(order_numbers(&measured(1.0, 0.6), &measured(2.0, 0.6)), Err(Uncompared::WithinError)));
        assert!(matches!(order_numbers(&measured(0.0, 0.0), &measured(0.0, 0.0)), Ok(Ordering::Equal)));
        assert!(matches!(order_numbers(&measured(f64::NAN, 0.0), &measured(0.0, 0.0)), Err(Uncompared::WithinError)));
        let more = Measured { at_least: Some(Reasons::one(Missing::Class(ClassId(1)))), ..measured(9.0, 0.0) };
        assert!(matches!(order_numbers(&more, &measured(0.0, 0.0)), Err(Uncompared::AtLeast(_))));
    }

    #[test]
    fn text_is_compared_after_trimming_and_folding_width() {
        assert_eq!(normal("  ＡＢ１ "), normal("AB1"));
        assert_eq!(normal("国务院\u{3000}"), normal("国务院"));
        assert_ne!(normal("a"), normal("A"));
    }
}
