//! Short words in short texts: for those the searcher of the standard library prepares longer than it looks.

/// Where a word first stands in a text.
#[must_use]
pub fn find(text: &str, word: &str) -> Option<usize> {
    let first = word.chars().next()?;
    let starts = |at: &usize| text.get(*at..).is_some_and(|rest| rest.starts_with(word));
    text.match_indices(first).map(|(at, _)| at).find(starts)
}

/// What stands before and behind the first place of a word in a text.
#[must_use]
pub fn split<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let at = find(text, word)?;
    Some((text.get(..at)?, text.get(at + word.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::{find, split};

    #[test]
    fn words_are_found_as_the_standard_library_finds_them() {
        let texts = ["", "{", "{{", "a{{b}}", "{{{", "é{{ü}}{{", "(s", "(s)", "((s)", "<!-<!--"];
        for (text, word) in texts.iter().flat_map(|text| ["{{", "}}", "(s)", "<!--"].map(|word| (*text, word))) {
            assert_eq!(
                (find(text, word), split(text, word)),
                (text.find(word), text.split_once(word)),
                "{word} in {text}"
            );
        }
    }
}
