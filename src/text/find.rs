//! Short words in texts: in short ones the searcher of the standard library prepares longer than it looks, in long ones it looks at a
//! character where a vector of them can be looked at.

/// Where a word first stands in a text.
#[must_use]
pub fn find(text: &str, word: &str) -> Option<usize> {
    let first = *word.as_bytes().first()?;
    let starts = |at: &usize| text.get(*at..).is_some_and(|rest| rest.starts_with(word));
    memchr::memchr_iter(first, text.as_bytes()).find(starts)
}

/// Whether a word stands anywhere in a long text.
#[must_use]
pub fn holds(text: &str, word: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some()
}

/// What stands before and behind the first place of a word in a text.
#[must_use]
pub fn split<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let at = find(text, word)?;
    Some((text.get(..at)?, text.get(at + word.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::{find, holds, split};

    #[test]
    fn words_are_found_as_the_standard_library_finds_them() {
        let texts = ["", "{", "{{", "a{{b}}", "{{{", "é{{ü}}{{", "(s", "(s)", "((s)", "<!-<!--"];
        for (text, word) in texts.iter().flat_map(|text| ["{{", "}}", "(s)", "<!--"].map(|word| (*text, word))) {
            assert_eq!(
                (find(text, word), split(text, word), holds(text, word)),
                (text.find(word), text.split_once(word), text.contains(word)),
                "{word} in {text}"
            );
        }
    }
}
