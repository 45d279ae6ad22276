//! How long a stage takes, by the clock and by the processor.

use std::time::Instant;

use crate::report::Spent;

/// Measures one stage after the other.
#[derive(Debug)]
pub(super) struct Stopwatch {
    at: Instant,
    processor: Option<u64>,
}

impl Stopwatch {
    pub(super) fn start() -> Self {
        Stopwatch { at: Instant::now(), processor: processor() }
    }

    /// Returns what was spent since the start, or since this was last asked.
    pub(super) fn lap(&mut self) -> Spent {
        let now = Stopwatch::start();
        let wall = now.at.duration_since(self.at).as_nanos() as u64;
        let processor = now.processor.zip(self.processor).map(|(now, before)| now.saturating_sub(before));
        *self = now;
        Spent { wall, processor }
    }
}

/// Returns the processor time of all threads of the process so far, in nanoseconds, where the system tells.
#[cfg(unix)]
fn processor() -> Option<u64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(u64::try_from(time.tv_sec).ok()? * 1_000_000_000 + u64::try_from(time.tv_nsec).ok()?)
}

#[cfg(not(unix))]
fn processor() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_time_by_the_clock_and_by_the_processor() {
        let begun = Instant::now();
        let mut watch = Stopwatch::start();
        let mut sum = 0_u64;
        // The processor's clock may tick as seldom as a hundred times a second.
        while watch.at.elapsed().as_millis() < 40 {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        let spent = watch.lap();
        assert!(spent.wall >= 40_000_000 && sum > 0);
        assert!(!cfg!(unix) || spent.processor.is_some_and(|nanos| nanos > 0));
        // Laps follow each other: none is in the next.
        let next = watch.lap();
        assert!(u128::from(spent.wall + next.wall) <= begun.elapsed().as_nanos());
    }
}
