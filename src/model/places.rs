//! Where items stand, told together where one stands on the line after the other.

use crate::source::Place;

/// Places by their number, from 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// The first item of each run and its place; the next of the run stand on the lines that follow, in the same column.
    runs: Vec<(u32, Place)>,
    count: u32,
}

impl Places {
    pub(super) fn push(&mut self, place: Place) {
        let follows = self.runs.last().is_some_and(|run| self.of(run, self.count) == Some(place));
        if !follows {
            self.runs.push((self.count, place));
        }
        self.count += 1;
    }

    /// Returns the place of an item.
    ///
    /// # Panics
    /// If there is no such item.
    pub(super) fn get(&self, item: u32) -> Place {
        let run = self.runs[self.runs.partition_point(|(first, _)| *first <= item) - 1];
        self.of(&run, item).unwrap_or(run.1)
    }

    /// Drops all places but the first `count`.
    pub(super) fn truncate(&mut self, count: usize) {
        self.count = self.count.min(u32::try_from(count).unwrap_or(u32::MAX));
        self.runs.truncate(self.runs.partition_point(|(first, _)| *first < self.count));
    }

    /// Gives memory back that was kept for growth.
    pub(super) fn shrink(&mut self) {
        self.runs.shrink_to_fit();
    }

    fn of(&self, (first, place): &(u32, Place), item: u32) -> Option<Place> {
        Some(Place { line: place.line.checked_add(item - first)?, ..*place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn places_come_back_whether_they_follow_each_other_or_not() {
        let at = |file, line, column| Place { file: FileId(file), line, column };
        let all = [at(0, 1, 0), at(0, 2, 0), at(0, 2, 0), at(0, 3, 5), at(1, 4, 5), at(1, 5, 5), at(1, u32::MAX, 5)];
        let all = [&all[..], &[at(1, 1, 5), at(1, 2, 5)]].concat();
        let mut places = Places::default();
        all.iter().for_each(|place| places.push(*place));
        let got = |places: &Places| (0..places.count).map(|item| places.get(item)).collect::<Vec<_>>();
        assert_eq!(got(&places), all);
        assert_eq!(places.runs.len(), 6);
        places.truncate(5);
        places.push(at(1, 9, 9));
        assert_eq!(got(&places), [&all[..5], &[at(1, 9, 9)]].concat());
        places.truncate(0);
        places.push(at(0, 7, 7));
        assert_eq!(got(&places), [at(0, 7, 7)]);
    }
}
