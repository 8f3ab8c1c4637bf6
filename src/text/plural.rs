//! Nouns after numbers: one instance, two instances.

use super::split;

/// A whole number with its noun; the plural takes an `s`.
#[must_use]
pub fn count(number: f64, noun: &str) -> String {
    let end = if (number - 1.0).abs() < 1e-9 { "" } else { "s" };
    format!("{number:.0} {noun}{end}")
}

/// Appends a text whose nouns end in `(s)`: the last number before each of them, also one in `out`, tells whether the `s` stays.
pub fn append(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((before, after)) = split(rest, "(s)") {
        out.push_str(before);
        if number_before(out) != Some(1.0) {
            out.push('s');
        }
        rest = after;
    }
    out.push_str(rest);
}

/// The nearest number among the last words of a text.
fn number_before(text: &str) -> Option<f64> {
    let words = text.split_whitespace().rev().take(4);
    words.map(|word| word.trim_matches(['(', ',', '`', ':'])).find_map(|word| word.replace(',', "").parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_decides() {
        assert_eq!((count(1.0, "team"), count(0.0, "team")), ("1 team".into(), "0 teams".into()));
        let mut out = String::from("1 external");
        append(&mut out, " system(s), 1,200 large node(s); each of 2 part(s) and 1 key(s), the word(s)");
        assert_eq!(out, "1 external system, 1,200 large nodes; each of 2 parts and 1 key, the word");
    }
}
