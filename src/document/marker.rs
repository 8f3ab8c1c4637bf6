//! The comments in which a plan file keeps its own state: `ap:`, `ap-begin:`, `ap-end:`, `ap-offer:`, `ap-done:` and the ledger's.

use crate::text::{digest, find};
use std::ops::Range;

/// A fact that a task rests on: its path and its printed value.
pub type Fact = (String, String);

/// What the comment on a task line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The key that names the task for ever.
    pub key: String,
    /// The digest of the generated text; none before sealing.
    pub digest: Option<String>,
    /// The values of the facts that the task rests on, in the order written.
    pub facts: Vec<Fact>,
}

/// The first comment with this name in a line: its byte span in the line and the text inside, trimmed.
pub fn comment<'a>(line: &'a str, name: &str) -> Option<(Range<usize>, &'a str)> {
    let mut from = 0;
    loop {
        let start = from + find(line.get(from..)?, "<!--")?;
        let inside = start + "<!--".len();
        let length = find(line.get(inside..)?, "-->")?;
        let text = line.get(inside..inside + length)?.trim();
        if let Some(rest) = text.strip_prefix(name)
            && (rest.is_empty() || rest.starts_with(char::is_whitespace))
        {
            return Some((start..inside + length + "-->".len(), rest.trim()));
        }
        from = inside;
    }
}

/// The text inside a comment with this name that stands alone on its line.
pub fn alone<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let text = line.trim();
    let (span, inside) = comment(text, name)?;
    (span == (0..text.len())).then_some(inside)
}

impl Mark {
    /// Reads the inside of an `ap:` comment; none without a key.
    pub fn parse(inside: &str) -> Option<Self> {
        let mut words = inside.split_whitespace().peekable();
        let key = words.next()?.to_owned();
        let digest = words.next_if(|w| digest::is_short(w)).map(str::to_owned);
        Some(Self { key, digest, facts: facts(words) })
    }

    /// The whole comment.
    pub fn print(&self) -> String {
        let mut out = format!("<!-- ap: {}", self.key);
        for word in self.digest.iter() {
            out.push(' ');
            out.push_str(word);
        }
        for fact in &self.facts {
            out.push(' ');
            out.push_str(&print_fact(fact));
        }
        out.push_str(" -->");
        out
    }
}

/// Reads words of the form `path=value`; a word without `=` is a fact with an empty value.
pub fn facts<'a>(words: impl Iterator<Item = &'a str>) -> Vec<Fact> {
    words
        .map(|word| {
            let (path, value) = word.split_once('=').unwrap_or((word, ""));
            (decode(path), decode(value))
        })
        .collect()
}

/// Prints a fact as one word that is safe inside a comment: `traffic.peak=240/s`.
pub fn print_fact(fact: &Fact) -> String {
    format!("{}={}", encode(&fact.0), encode(&fact.1))
}

/// Encodes a value as one word that is safe inside a comment: white space, `=`, `<`, `>`, repeated dashes and a `%` that would read as an
/// escape become `%` and two hexadecimal digits for each byte.
pub fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut before = ' ';
    for (at, c) in value.char_indices() {
        let escape = c == '%' && value.get(at + 1..at + 3).is_some_and(hexadecimal);
        if c.is_whitespace() || c.is_control() || escape || matches!(c, '=' | '<' | '>') || (c == '-' && before == '-')
        {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

/// The value that [`encode`] encoded; a wrong escape stands for itself.
pub fn decode(word: &str) -> String {
    if !word.contains('%') {
        return word.to_owned();
    }
    let mut out = Vec::with_capacity(word.len());
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('%') {
        out.extend_from_slice(before.as_bytes());
        match after.get(..2).filter(|hex| hexadecimal(hex)).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = after.get(2..).unwrap_or("");
            }
            None => {
                out.push(b'%');
                rest = after;
            }
        }
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8(out).unwrap_or_else(|_| word.to_owned())
}

fn hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_of_a_task_reads_back() {
        let line = "- [ ] **T**: <!-- note --> <!-- ap: item.orders 5f3a9c traffic.peak=240/s team.name=a%20b -->  ";
        let (span, inside) = comment(line, "ap:").unwrap();
        let mark = Mark::parse(inside).unwrap();
        assert_eq!((mark.key.as_str(), mark.digest.as_deref()), ("item.orders", Some("5f3a9c")));
        assert_eq!(mark.facts[1], ("team.name".into(), "a b".into()));
        assert_eq!(mark.print(), line.get(span).unwrap());
        assert!(comment("<!-- ap-begin: x -->", "ap:").is_none() && comment("<!-- ap: open", "ap:").is_none());
    }

    #[test]
    fn any_value_survives_encoding_and_no_comment_ends_early() {
        for value in
            ["a b", "50%", "x=y", "-->", "--", "é\u{a0}ü", "%zz", "a\nb", "1 - 2", "%25", "%+5", "5% a", "%a b"]
        {
            let word = encode(value);
            assert_eq!(decode(&word), value);
            assert!(!word.contains("--") && !word.contains('>') && !word.contains(char::is_whitespace), "{word}");
        }
        assert_eq!((decode("100%"), encode("99.9%")), ("100%".into(), "99.9%".into()));
    }
}
