//! Did-you-mean.

/// Returns the candidate nearest to `word` by edit distance, if one is near enough to be meant; candidates may be of both languages.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let limit = (length / 3).max(1);
    let word = word.to_lowercase();
    let lower_length = word.chars().count();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let candidate_lower = candidate.to_lowercase();
            // The distance is at least what the lengths differ by: most candidates need not be compared.
            let is_near = candidate_lower.chars().count().abs_diff(lower_length) <= limit;
            is_near.then(|| (strsim::damerau_levenshtein(&word, &candidate_lower), candidate))
        })
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
