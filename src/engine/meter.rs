//! Where the time of a run goes: by rule, by join, by index. Only a run that is asked to measures itself.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::ground;
use super::plan::Plan;
use crate::geometry::prepared::Counters;
use crate::model::ClassId;

/// Where the time of a run went. Times are those of the threads, added up, in nanoseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timings {
    /// For each rule of the program the time for its subjects, that of the joins it asked for first left out.
    pub rules: Vec<u64>,
    /// For each join of the plan.
    pub joins: Vec<JoinTiming>,
    /// The layers that were made ready for joins, with the time it took.
    pub indexes: Vec<(ClassId, u64)>,
    /// For each register of the plan.
    pub registers: Vec<RegisterTiming>,
}

/// What a register cost, and what it spared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterTiming {
    /// Nanoseconds that it took to make it.
    pub nanos: u64,
    /// How often a condition went through what it told instead of through all.
    pub asked: u64,
    /// Things that it told of, all in all.
    pub things: u64,
}

/// What a join cost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JoinTiming {
    /// Nanoseconds of all threads.
    pub nanos: u64,
    /// Subjects that were joined.
    pub subjects: u64,
    /// Pairs of a subject and a thing that were found.
    pub pairs: u64,
    /// Pairs of a part and a feature whose boxes meet.
    pub candidates: u64,
    /// Edges looked at.
    pub edges: u64,
    /// Shapes that were built for the join itself.
    pub shapes: u64,
}

/// Adds up, from all threads.
#[derive(Debug)]
pub(super) struct Meter {
    rules: Vec<AtomicU64>,
    joins: Vec<[AtomicU64; 6]>,
    indexes: Vec<AtomicU64>,
    registers: Vec<[AtomicU64; 3]>,
}

/// A moment, and the counters of this thread then.
pub(super) struct Mark {
    at: Instant,
    counters: Counters,
}

impl Meter {
    pub(super) fn new(rules: usize, plan: &Plan, classes: usize) -> Self {
        let zeros = |count: usize| (0..count).map(|_| AtomicU64::new(0)).collect();
        Meter {
            rules: zeros(rules),
            joins: plan.joins.iter().map(|_| Default::default()).collect(),
            indexes: zeros(classes),
            registers: plan.registers.iter().map(|_| Default::default()).collect(),
        }
    }

    pub(super) fn mark() -> Mark {
        Mark { at: Instant::now(), counters: ground::counters() }
    }

    /// Books a join since `mark`; returns the time it took.
    pub(super) fn join(&self, join: usize, mark: &Mark, pairs: usize) -> u64 {
        let nanos = nanos_since(mark);
        let now = ground::counters();
        let counted = |count: fn(&Counters) -> u64| count(&now) - count(&mark.counters);
        let [time, subjects, found, candidates, edges, shapes] = &self.joins[join];
        for (sum, more) in [
            (time, nanos),
            (subjects, 1),
            (found, pairs as u64),
            (candidates, counted(|of| of.candidates)),
            (edges, counted(|of| of.edges)),
            (shapes, counted(|of| of.overlays)),
        ] {
            sum.fetch_add(more, Ordering::Relaxed);
        }
        nanos
    }

    /// Books a rule on one subject since `mark`; `elsewhere` is what was booked on joins meanwhile.
    pub(super) fn rule(&self, rule: usize, mark: &Mark, elsewhere: u64) {
        self.rules[rule].fetch_add(nanos_since(mark).saturating_sub(elsewhere), Ordering::Relaxed);
    }

    /// Books the index of a class since `mark`.
    pub(super) fn index(&self, class: ClassId, mark: &Mark) {
        self.indexes[class.0 as usize].fetch_add(nanos_since(mark), Ordering::Relaxed);
    }

    /// Books the making of a register since `mark`.
    pub(super) fn register(&self, register: usize, mark: &Mark) {
        if let Some([nanos, ..]) = self.registers.get(register) {
            nanos.fetch_add(nanos_since(mark), Ordering::Relaxed);
        }
    }

    /// Books that a register told of so many things.
    pub(super) fn lookup(&self, register: usize, count: usize) {
        if let Some([_, asked, things]) = self.registers.get(register) {
            asked.fetch_add(1, Ordering::Relaxed);
            things.fetch_add(count as u64, Ordering::Relaxed);
        }
    }

    pub(super) fn timings(&self) -> Timings {
        let get = |sum: &AtomicU64| sum.load(Ordering::Relaxed);
        let joins = self.joins.iter().map(|sums| {
            let [nanos, subjects, pairs, candidates, edges, shapes] = sums.each_ref().map(get);
            JoinTiming { nanos, subjects, pairs, candidates, edges, shapes }
        });
        let indexes = self.indexes.iter().enumerate().map(|(class, sum)| (ClassId(class as u16), get(sum)));
        let registers = self.registers.iter().map(|sums| {
            let [nanos, asked, things] = sums.each_ref().map(get);
            RegisterTiming { nanos, asked, things }
        });
        Timings {
            rules: self.rules.iter().map(get).collect(),
            joins: joins.collect(),
            indexes: indexes.filter(|(_, nanos)| *nanos > 0).collect(),
            registers: registers.collect(),
        }
    }
}

fn nanos_since(mark: &Mark) -> u64 {
    mark.at.elapsed().as_nanos() as u64
}
