//! Did-you-mean.

/// Returns the candidate nearest to `word` by edit distance, if one is near enough to be meant; candidates may be of both languages.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let limit = (length / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < length.max(candidate.chars().count()))
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        assert_eq!(closest("parcle", ["parcel", "package"]), Some("parcel"));
        assert_eq!(closest("永久基本农用", ["永久基本农田", "生态保护红线"]), Some("永久基本农田"));
        assert_eq!(closest("x", ["parcel", "y"]), None);
        assert_eq!(closest("farm", ["forest"]), None);
    }
}
