//! Did-you-mean.

/// The candidate nearest to a word: Damerau-Levenshtein distance of at most 1 + a quarter of its length, case and
/// `-`/`_` ignored first. Ties go to the first candidate. `None` when nothing is near.
pub fn suggest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let plain = |text: &str| text.to_lowercase().replace('_', "-");
    // Nothing of interest is longer, and the distance costs the product of both lengths.
    if word.len() > 100 {
        return None;
    }
    let wanted = plain(word);
    let most = 1 + wanted.chars().count() / 4;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other = plain(candidate);
        // As many letters must be added or taken away as the lengths differ by.
        if other.chars().count().abs_diff(wanted.chars().count()) > most {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&wanted, &other);
        let near = distance <= most && distance < other.chars().count();
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let known = ["average", "peak", "shape", "response_size"];
        assert_eq!(suggest("avarage", known), Some("average"));
        assert_eq!(suggest("Shape", known), Some("shape"));
        assert_eq!(suggest("response-size", known), Some("response_size"));
        assert_eq!(suggest("zzzz", known), None);
        assert_eq!(suggest("a", ["b"]), None);
    }
}
