//! The ids of items: nothing is kept of those that only say which item they are.

use std::borrow::Cow;

use super::texts::Texts;

/// Ids by the number of their item, from 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Ids {
    /// How many items, from the first on, are called by their number: `#1`, `#2` …
    numbered: usize,
    /// The ids of those behind.
    named: Texts,
}

impl Ids {
    pub(super) fn len(&self) -> usize {
        self.numbered + self.named.len()
    }

    pub(super) fn push(&mut self, id: &str) {
        if self.named.len() == 0 && id.starts_with('#') && id == number(self.numbered) {
            self.numbered += 1;
        } else {
            self.named.push(id);
        }
    }

    pub(super) fn get(&self, at: usize) -> Cow<'_, str> {
        match at.checked_sub(self.numbered) {
            Some(named) => Cow::Borrowed(self.named.get(named)),
            None => Cow::Owned(number(at)),
        }
    }

    pub(super) fn set(&mut self, at: usize, id: &str) {
        if at < self.numbered {
            let all = std::mem::take(self);
            self.numbered = at;
            (at..all.len()).for_each(|item| self.named.push(&all.get(item)));
        }
        self.named.set(at - self.numbered, id);
    }

    /// Drops all ids but the first `ids`.
    pub(super) fn truncate(&mut self, ids: usize) {
        self.named.truncate(ids.saturating_sub(self.numbered));
        self.numbered = self.numbered.min(ids);
    }

    /// Gives memory back that was kept for growth.
    pub(super) fn shrink(&mut self) {
        self.named.shrink();
    }
}

/// Returns the id of an item that is called by its number.
fn number(at: usize) -> String {
    format!("#{}", at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(ids: &Ids) -> Vec<String> {
        (0..ids.len()).map(|at| ids.get(at).into_owned()).collect()
    }

    #[test]
    fn ids_come_back_whether_they_number_their_items_or_not() {
        for pushed in
            [&["#1", "#2", "#3", "A", "#5"][..], &["A", "#2"], &["#2", "#2"], &["#1", "#02", "#"], &["", "#2"]]
        {
            let mut ids = Ids::default();
            pushed.iter().for_each(|id| ids.push(id));
            assert_eq!(all(&ids), pushed);
            for at in 0..pushed.len() {
                let (mut ids, mut expected) = (ids.clone(), pushed.to_vec());
                ids.set(at, "B");
                expected[at] = "B";
                assert_eq!(all(&ids), expected);
                ids.truncate(at);
                ids.push("C");
                assert_eq!(all(&ids), [&expected[..at], &["C"]].concat());
            }
        }
    }

    #[test]
    fn nothing_is_kept_of_numbers() {
        let mut ids = Ids::default();
        (0..5).for_each(|at| ids.push(&number(at)));
        assert_eq!((ids.len(), ids.named.len()), (5, 0));
        ids.truncate(3);
        ids.push("#4");
        assert_eq!((ids.len(), ids.named.len()), (4, 0));
    }
}
