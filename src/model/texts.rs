//! Many short texts in one buffer: what a text takes is its bytes and where they end.

/// Texts by their number, from 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    text: String,
    /// The lower 32 bits of where each ends in the buffer; the next begins there.
    ends: Vec<u32>,
    /// For each time that the ends came to a further 2³² bytes, the first text that does.
    wraps: Vec<usize>,
}

impl Texts {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.push_end(self.text.len());
    }

    pub(super) fn get(&self, at: usize) -> &str {
        &self.text[self.start(at)..self.end(at)]
    }

    /// Replaces a text, which moves all behind it.
    pub(super) fn set(&mut self, at: usize, text: &str) {
        let (start, end) = (self.start(at), self.end(at));
        self.text.replace_range(start..end, text);
        let ends: Vec<usize> = (at..self.len()).map(|one| self.end(one) - end + start + text.len()).collect();
        self.cut_ends(at);
        ends.into_iter().for_each(|end| self.push_end(end));
    }

    /// Drops all texts but the first `texts`.
    pub(super) fn truncate(&mut self, texts: usize) {
        self.cut_ends(texts);
        self.text.truncate(self.start(self.ends.len()));
    }

    /// Gives memory back that was kept for growth.
    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    fn push_end(&mut self, end: usize) {
        let end = end as u64;
        for _ in self.wraps.len() as u64..end >> 32 {
            self.wraps.push(self.ends.len());
        }
        self.ends.push(end as u32);
    }

    fn cut_ends(&mut self, texts: usize) {
        self.ends.truncate(texts);
        self.wraps.truncate(self.wraps.partition_point(|first| *first < texts));
    }

    fn start(&self, at: usize) -> usize {
        if at == 0 { 0 } else { self.end(at - 1) }
    }

    fn end(&self, at: usize) -> usize {
        let wraps = self.wraps.partition_point(|first| *first <= at) as u64;
        ((wraps << 32) + u64::from(self.ends[at])) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_appended_replaced_and_dropped() {
        let mut texts = Texts::default();
        ["地块", "", "a"].iter().for_each(|text| texts.push(text));
        let all = |texts: &Texts| (0..texts.len()).map(|at| texts.get(at).to_owned()).collect::<Vec<_>>();
        assert_eq!(all(&texts), ["地块", "", "a"]);
        for (at, text) in [(1, "longer"), (0, "甲"), (2, ""), (1, "b")] {
            texts.set(at, text);
            assert_eq!(texts.get(at), text);
        }
        assert_eq!(all(&texts), ["甲", "b", ""]);
        texts.truncate(1);
        texts.push("c");
        assert_eq!(all(&texts), ["甲", "c"]);
        texts.truncate(0);
        assert!(all(&texts).is_empty() && texts.text.is_empty());
    }

    #[test]
    fn ends_are_told_beyond_four_gigabytes() {
        let mut texts = Texts::default();
        let four = 1usize << 32;
        let ends = [5, four - 1, four, four + 7, 3 * four + 1, 3 * four + 1, 4 * four];
        ends.iter().for_each(|end| texts.push_end(*end));
        let got = |texts: &Texts| (0..texts.len()).map(|at| texts.end(at)).collect::<Vec<_>>();
        assert_eq!(got(&texts), ends);
        texts.cut_ends(3);
        texts.push_end(2 * four);
        assert_eq!(got(&texts), [5, four - 1, four, 2 * four]);
    }
}
