//! Many short texts in one buffer: what a text takes is its bytes and where they end.

/// Texts by their number, from 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    text: String,
    /// Where each ends in the buffer; the next begins there.
    ends: Vec<usize>,
}

impl Texts {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    pub(super) fn get(&self, at: usize) -> &str {
        &self.text[self.start(at)..self.ends[at]]
    }

    /// Replaces a text, which moves all behind it.
    pub(super) fn set(&mut self, at: usize, text: &str) {
        let (start, end) = (self.start(at), self.ends[at]);
        self.text.replace_range(start..end, text);
        self.ends[at..].iter_mut().for_each(|one| *one = *one - end + start + text.len());
    }

    /// Drops all texts but the first `texts`.
    pub(super) fn truncate(&mut self, texts: usize) {
        self.ends.truncate(texts);
        self.text.truncate(self.start(self.ends.len()));
    }

    /// Gives memory back that was kept for growth.
    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    fn start(&self, at: usize) -> usize {
        if at == 0 { 0 } else { self.ends[at - 1] }
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
}
