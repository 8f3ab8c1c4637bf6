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

/// The bit of a letter in a set of letters, large or small; none for other bytes.
const fn letter(byte: u8) -> u32 {
    if byte.is_ascii_alphabetic() { 1 << (byte.to_ascii_lowercase() - b'a') } else { 0 }
}

/// The bit of a byte that is a part of words.
const PART: u32 = 1 << 31;

/// For every byte whether it is a part of words, and the second letters of the claims that begin with it: most lines of a plan are looked
/// at, and hold no claim.
#[expect(clippy::indexing_slicing, reason = "computed by the compiler, which would refuse it")]
const CLASSES: [u32; 256] = {
    let mut classes = [0; 256];
    let mut byte = b'-';
    while byte <= b'z' {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            classes[byte as usize] = PART;
        }
        byte += 1;
    }
    let mut at = 0;
    while at < CLAIMS.len() {
        let claim = CLAIMS[at].as_bytes();
        classes[claim[0] as usize] |= letter(claim[1]);
        classes[claim[0].to_ascii_uppercase() as usize] |= letter(claim[1]);
        at += 1;
    }
    classes
};

/// The first claim of a line without a number on it.
#[must_use]
pub fn find(text: &str) -> Option<(Range<usize>, &'static str)> {
    let bytes = text.as_bytes();
    let mut before = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let class = CLASSES.get(usize::from(*byte)).copied().unwrap_or(0);
        let second = if before & PART == 0 { class & !PART } else { 0 };
        before = class;
        if second == 0 || second & letter(bytes.get(at + 1).copied().unwrap_or(0)) == 0 {
            continue;
        }
        let first = byte.to_ascii_lowercase();
        let claim = CLAIMS.iter().filter(|claim| claim.as_bytes().first() == Some(&first)).find(|claim| {
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
