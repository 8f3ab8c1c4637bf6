//! Words that claim a quality. A line that also holds a number is believed.

use std::ops::Range;

/// Phrases by their first word, longest first.
const CLAIMS: [&str; 34] = [
    "as fast as possible",
    "as soon as possible",
    "blazing fast",
    "blazingly fast",
    "extremely fast",
    "very fast",
    "lightning fast",
    "fast page",
    "fast response",
    "fast api",
    "fast load",
    "are fast",
    "is fast",
    "low latency",
    "low-latency",
    "ultra-low latency",
    "high availability",
    "highly available",
    "always available",
    "high performance",
    "high-performance",
    "highly scalable",
    "infinitely scalable",
    "scales infinitely",
    "massively scalable",
    "high throughput",
    "high-throughput",
    "minimal downtime",
    "zero data loss",
    "near real-time",
    "near-real-time",
    "highly secure",
    "industry-leading",
    "enterprise-grade",
];

/// The first claim of a line without a number on it.
#[must_use]
pub fn find(text: &str) -> Option<(Range<usize>, &'static str)> {
    let bytes = text.as_bytes();
    let mut before = b' ';
    for (at, byte) in bytes.iter().enumerate() {
        let starts = !before.is_ascii_alphanumeric() && before != b'-';
        before = *byte;
        let lower = byte.to_ascii_lowercase();
        if !starts
            || !matches!(
                lower,
                b'a' | b'b' | b'e' | b'f' | b'h' | b'i' | b'l' | b'm' | b'n' | b's' | b'u' | b'v' | b'z'
            )
        {
            continue;
        }
        let claim = CLAIMS.iter().filter(|claim| claim.as_bytes().first() == Some(&lower)).find(|claim| {
            let here = bytes.get(at..at + claim.len());
            here.is_some_and(|here| here.eq_ignore_ascii_case(claim.as_bytes()))
                && !bytes.get(at + claim.len()).is_some_and(u8::is_ascii_alphabetic)
        });
        if let Some(claim) = claim {
            return (!has_number(text)).then_some((at..at + claim.len(), *claim));
        }
    }
    None
}

/// Whether a line holds a number that measures something: a digit that begins a word outside of ids, code and comments.
fn has_number(text: &str) -> bool {
    let text = text.split("<!--").next().unwrap_or("");
    text.split(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | '`' | '*' | '|' | '$' | '<' | '>' | '~')
    })
    .any(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_number_makes_a_claim_a_statement() {
        assert_eq!(find("A Low-Latency API").map(|(range, claim)| (range.start, claim)), Some((2, "low-latency")));
        assert_eq!(find("low latency: 200 ms"), None);
        assert_eq!(find("TASK-4.1 gives high availability").map(|(_, claim)| claim), Some("high availability"));
        assert_eq!(find("breakfast is served"), None);
    }
}
