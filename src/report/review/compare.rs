//! Which finding of a report was there in an earlier one, and whether it has grown: by rule, features and ground, never by count.
//!
//! Findings of the same rule and constraint belong together where their ids agree and their grounds meet. What is left is asked for by
//! its ground alone, for ids change: a finding that mostly covers ground which an earlier one leaves free is that one under another name,
//! or a part of it. Ground that somebody else still takes is not free: a second parcel on the same field is new.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::ground::{Extent, Ground};
use crate::report::result::{
    Amount, Applied, Baseline, BaselineCounts, BaselineSummary, Earlier, Finding, Gone, Report, Severity, Text, Verdict,
};
use crate::text;

/// The share of the smaller ground that two findings of different ids must have in common to be one.
const COMMON_SHARE: f64 = 0.5;

/// Says of every finding of a report how it compares with an earlier report, which was read from `path`, and settles the gate again.
///
/// # Errors
/// Where the two lie in different coordinate systems, so that grounds cannot be compared.
pub fn compare(report: &mut Report, earlier: &Report, path: &str) -> Result<(), Text> {
    let (then, now) = (&earlier.submission.crs, &report.submission.crs);
    if then != now {
        return Err(text!(
            en: "{path} lies in {then} and this result in {now}: their grounds cannot be compared",
            zh: "{path} 采用 {then}，本次结果采用 {now}：范围无法比较"
        ));
    }
    let matched = Matched::new(&earlier.findings, &report.findings);
    let compared: Vec<(Baseline, Option<Earlier>)> = (0..report.findings.len())
        .map(|at| {
            let first = matched.before[at].first();
            (matched.baseline(at), first.map(|&old| described(&earlier.findings[old])))
        })
        .collect();
    let gone: Vec<Gone> = matched.gone().map(|old| told(&earlier.findings[old], report)).collect();
    let mut counts = BaselineCounts { gone: gone.len() as u64, ..BaselineCounts::default() };
    for (finding, (baseline, earlier)) in report.findings.iter_mut().zip(compared) {
        match baseline {
            Baseline::New => counts.new += 1,
            Baseline::Old => counts.old += 1,
            Baseline::Worse => counts.worse += 1,
            Baseline::Better => counts.better += 1,
        }
        finding.baseline = Some(baseline);
        finding.earlier = earlier;
    }
    report.baseline = Some(BaselineSummary {
        path: path.to_owned(),
        submission: earlier.submission.id.clone(),
        as_of: earlier.submission.as_of.clone(),
        counts,
        gone,
    });
    report.settle_gate();
    Ok(())
}

/// Returns a finding as a later report remembers it.
fn described(finding: &Finding) -> Earlier {
    Earlier {
        id: finding.id.clone(),
        verdict: finding.verdict,
        severity: finding.severity,
        area_m2: finding.evidence.iter().map(|piece| piece.area_m2).sum(),
        length_m: finding.evidence.iter().filter_map(|piece| piece.length_m).sum(),
        margin: finding.margin.clone(),
    }
}

fn told(finding: &Finding, report: &Report) -> Gone {
    let run = report.rules.iter().any(|rule| rule.id == finding.rule && rule.applied == Applied::Yes);
    Gone {
        rule: finding.rule.clone(),
        title: finding.title.clone(),
        kind: finding.subject.kind.clone(),
        subject: finding.subject.id.clone(),
        message: finding.message.clone(),
        rule_not_run: !run,
        earlier: described(finding),
    }
}

/// A finding with its ground worked out.
struct Placed<'f> {
    finding: &'f Finding,
    ground: Ground,
    extent: Extent,
    rounding: Extent,
}

impl<'f> Placed<'f> {
    fn new(finding: &'f Finding) -> Self {
        let ground = Ground::of(finding);
        let (extent, rounding) = (ground.extent(), ground.rounding());
        Placed { finding, ground, extent, rounding }
    }
}

/// Which earlier findings each finding was, and which findings each earlier one is.
struct Matched<'f> {
    old: Vec<Placed<'f>>,
    new: Vec<Placed<'f>>,
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
}

impl<'f> Matched<'f> {
    fn new(old: &'f [Finding], new: &'f [Finding]) -> Self {
        let mut matched = Matched {
            before: vec![Vec::new(); new.len()],
            after: vec![Vec::new(); old.len()],
            old: old.iter().map(Placed::new).collect(),
            new: new.iter().map(Placed::new).collect(),
        };
        matched.by_id();
        matched.by_ground();
        matched
    }

    fn join(&mut self, old: usize, new: usize) {
        self.before[new].push(old);
        self.after[old].push(new);
    }

    fn by_id(&mut self) {
        let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, old) in self.old.iter().enumerate() {
            ids.entry(&old.finding.id).or_insert(at);
        }
        let pairs: Vec<(usize, usize)> = (0..self.new.len())
            .filter_map(|new| Some((*ids.get(self.new[new].finding.id.as_str())?, new)))
            .filter(|&(old, new)| {
                let (one, other) = (&self.old[old].ground, &self.new[new].ground);
                one.is_empty() || other.is_empty() || meet(one, other)
            })
            .collect();
        pairs.into_iter().for_each(|(old, new)| self.join(old, new));
    }

    fn by_ground(&mut self) {
        let mut alike: BTreeMap<(&str, Option<&str>), Vec<usize>> = BTreeMap::new();
        for (at, old) in self.old.iter().enumerate() {
            if !old.ground.is_empty() {
                alike.entry(key(old.finding)).or_default().push(at);
            }
        }
        for new in 0..self.new.len() {
            if !self.before[new].is_empty() || self.new[new].ground.is_empty() {
                continue;
            }
            let Some(candidates) = alike.get(&key(self.new[new].finding)) else { continue };
            let bounds = self.new[new].ground.bounds();
            let near = candidates.iter().filter(|&&old| self.old[old].ground.bounds().intersects(&bounds));
            let mine: Vec<usize> = near.copied().filter(|&old| self.takes_over(old, new)).collect();
            mine.into_iter().for_each(|old| self.join(old, new));
        }
    }

    /// Tells whether a finding mostly covers what an earlier one leaves free, or lies mostly in it.
    fn takes_over(&self, old: usize, new: usize) -> bool {
        let (before, now) = (&self.old[old], &self.new[new]);
        let taken = Ground::union(self.after[old].iter().map(|&other| &self.new[other].ground));
        let free = before.ground.without(&taken);
        let rest = free.without(&now.ground).extent();
        let (free, rounding) = (free.extent(), before.rounding.plus(&now.rounding));
        // What an earlier finding lost by rounding is no ground to take over.
        if !free.exceeds(&rounding) {
            return false;
        }
        let common = Extent { area_m2: free.area_m2 - rest.area_m2, length_m: free.length_m - rest.length_m };
        common.share_of(&now.extent).max(common.share_of(&free)) >= COMMON_SHARE
    }

    fn gone(&self) -> impl Iterator<Item = usize> {
        self.after.iter().enumerate().filter(|(_, after)| after.is_empty()).map(|(old, _)| old)
    }

    fn baseline(&self, new: usize) -> Baseline {
        let before = &self.before[new];
        let now = &self.new[new];
        let Some(worst) = before.iter().map(|&old| rank(self.old[old].finding)).min() else { return Baseline::New };
        match rank(now.finding).cmp(&worst) {
            Ordering::Less => return Baseline::Worse,
            // What can no longer be decided is not known to be better.
            Ordering::Greater if now.finding.verdict == Verdict::Undetermined => return Baseline::Old,
            Ordering::Greater => return Baseline::Better,
            Ordering::Equal => {}
        }
        let all = Ground::union(before.iter().map(|&old| &self.old[old].ground));
        let rounding = before.iter().fold(now.rounding, |sum, &old| sum.plus(&self.old[old].rounding));
        let on_ground = !all.is_empty() && !now.ground.is_empty();
        // Of parts of what was one, or one that was several, margins say nothing.
        let alone = match before.as_slice() {
            &[only] if self.after[only].len() == 1 => Some(self.old[only].finding),
            _ => None,
        };
        let margin = alone
            .and_then(|old| margin_change(old.margin.as_ref()?, now.finding.margin.as_ref()?, rounding.area_m2))
            .unwrap_or(Ordering::Equal);
        if (on_ground && now.ground.without(&all).extent().exceeds(&rounding)) || margin == Ordering::Greater {
            return Baseline::Worse;
        }
        let kin = (0..self.new.len()).filter(|&at| self.before[at].iter().any(|old| before.contains(old)));
        let left = Ground::union(kin.map(|at| &self.new[at].ground));
        if (on_ground && all.without(&left).extent().exceeds(&rounding)) || margin == Ordering::Less {
            return Baseline::Better;
        }
        Baseline::Old
    }
}

fn key(finding: &Finding) -> (&str, Option<&str>) {
    (&finding.rule, finding.label.as_deref())
}

/// Orders findings by how bad they are, the worst first.
fn rank(finding: &Finding) -> (Verdict, Severity) {
    (finding.verdict, finding.severity)
}

fn meet(one: &Ground, other: &Ground) -> bool {
    one.bounds().intersects(&other.bounds()) && {
        let (all, rest) = (one.extent(), one.without(other).extent());
        rest.area_m2 < all.area_m2 || rest.length_m < all.length_m
    }
}

/// Tells whether a margin has grown or shrunk by more than the errors of the two and what a report rounds away.
fn margin_change(before: &Amount, now: &Amount, rounding_m2: f64) -> Option<Ordering> {
    let (old, new) = (before.value.as_f64()?, now.value.as_f64()?);
    if before.unit != now.unit {
        return None;
    }
    let rounded = match now.unit.as_deref() {
        Some("m2") => rounding_m2.max(0.005),
        Some("m") => 0.005,
        Some("ratio") => 0.000_05,
        Some(_) | None => 0.0,
    };
    let error = before.error.unwrap_or(0.0) + now.error.unwrap_or(0.0);
    let changed = (new - old).abs() > rounded.max(error);
    Some(if changed { new.total_cmp(&old) } else { Ordering::Equal })
}
