//! Where runs of members end, as the parts of features do: nothing is kept of the first runs as long as each has one member.

use std::ops::Range;

/// Runs by their number, from 0; each begins where the one before ends.
#[derive(Debug, Clone, Default)]
pub(super) struct Ends {
    /// How many runs, from the first on, have one member.
    ones: u32,
    /// Where those behind end.
    kept: Vec<u32>,
}

impl Ends {
    /// Appends a run that ends there.
    pub(super) fn push(&mut self, end: u32) {
        if self.kept.is_empty() && end == self.ones + 1 {
            self.ones = end;
        } else {
            self.kept.push(end);
        }
    }

    /// Returns how many runs there are.
    pub(super) fn len(&self) -> usize {
        self.ones as usize + self.kept.len()
    }

    /// Returns where a run starts; of the one behind the last, where that ends.
    #[inline]
    pub(super) fn before(&self, run: usize) -> u32 {
        let ones = self.ones as usize;
        if run <= ones { run as u32 } else { self.kept[run - ones - 1] }
    }

    /// Returns the members of a run.
    #[inline]
    pub(super) fn run(&self, run: usize) -> Range<u32> {
        self.before(run)..self.before(run + 1)
    }

    /// Drops all runs but the first `runs`.
    pub(super) fn truncate(&mut self, runs: usize) {
        self.kept.truncate(runs.saturating_sub(self.ones as usize));
        self.ones = self.ones.min(runs as u32);
    }

    /// Gives memory back that was kept for growth.
    pub(super) fn shrink(&mut self) {
        self.kept.shrink_to_fit();
    }

    /// Returns the memory that the runs take, in bytes.
    pub(super) fn bytes(&self) -> usize {
        std::mem::size_of_val(self.kept.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_come_back_whether_they_have_one_member_or_not() {
        let all = |ends: &Ends| (0..ends.len()).map(|run| ends.run(run)).collect::<Vec<_>>();
        for lengths in [&[1, 1, 1][..], &[1, 1, 0, 1, 1], &[0, 2, 1], &[1, 3, 1], &[2]] {
            let (mut ends, mut expected, mut end) = (Ends::default(), Vec::new(), 0);
            for length in lengths {
                expected.push(end..end + length);
                end += length;
                ends.push(end);
            }
            assert_eq!(all(&ends), expected);
            let is_kept = lengths.iter().any(|length| *length != 1);
            assert_eq!(ends.bytes() > 0, is_kept);
            for kept in 0..=lengths.len() {
                let mut ends = ends.clone();
                ends.truncate(kept);
                assert_eq!(all(&ends), expected[..kept]);
                let start = ends.before(kept);
                ends.push(start + 1);
                assert_eq!((ends.len(), ends.run(kept)), (kept + 1, start..start + 1));
            }
        }
    }
}
