//! What has to be supplied before the undecided can be decided, each thing once with the findings that wait for it.

use std::collections::BTreeMap;

use super::result::{Missing, Report, Text, Verdict};

/// Something to get.
#[derive(Debug, Clone, PartialEq)]
pub struct Needed {
    /// What: a layer, a field of one, or an expression of the rule.
    pub what: String,
    /// Why it is unknown.
    pub reason: Text,
    /// Where it belongs.
    pub place: Option<Text>,
    /// The numbers from 1 of the findings that wait for it, in order.
    pub findings: Vec<usize>,
}

/// Returns what is missing, in the order of the findings that first ask for it.
pub fn needed(report: &Report) -> Vec<Needed> {
    let mut all: Vec<Needed> = Vec::new();
    let mut known: BTreeMap<(&str, &str, Option<&str>), usize> = BTreeMap::new();
    for (at, finding) in report.findings.iter().enumerate() {
        let asked = match finding.verdict {
            Verdict::Conflict | Verdict::Undetermined | Verdict::Obligation => {
                finding.missing.iter().chain(&finding.exception.missing)
            }
            Verdict::Excepted | Verdict::Pass | Verdict::NotApplicable => [].iter().chain(&[]),
        };
        for Missing { what, reason, place } in asked {
            let key = (what.as_str(), reason.en.as_str(), place.as_ref().map(|place| place.en.as_str()));
            let index = *known.entry(key).or_insert_with(|| {
                let (what, reason, place) = (what.clone(), reason.clone(), place.clone());
                all.push(Needed { what, reason, place, findings: Vec::new() });
                all.len() - 1
            });
            if all[index].findings.last() != Some(&(at + 1)) {
                all[index].findings.push(at + 1);
            }
        }
    }
    all
}

/// Returns numbers as `1、3、5–9`, the first of them where there are very many.
pub fn numbers(findings: &[usize], separator: &str) -> String {
    const SHOWN: usize = 12;
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &number in findings {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            Some(_) | None => runs.push((number, number)),
        }
    }
    let written = runs.iter().take(SHOWN).map(|(from, to)| match to - from {
        0 => from.to_string(),
        1 => format!("{from}{separator}{to}"),
        _ => format!("{from}–{to}"),
    });
    let mut out = written.collect::<Vec<_>>().join(separator);
    if runs.len() > SHOWN {
        out += " …";
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_row_are_drawn_together() {
        assert_eq!(numbers(&[1, 3, 4, 7, 8, 9], "、"), "1、3、4、7–9");
        assert_eq!(numbers(&(0..40).map(|at| at * 2).collect::<Vec<_>>(), ","), "0,2,4,6,8,10,12,14,16,18,20,22 …");
    }
}
