//! The normal form of generated Markdown, of which digests are taken: what formatters change without changing the meaning does not
//! show in it (white space, wrapping, bullet and emphasis glyphs, table padding, escapes, fence style, closing `#`).

use super::lines::{self, Fence};
use crate::text::digest::Fnv;

/// A digest of Markdown lines in normal form.
#[derive(Debug, Default)]
pub struct Normal {
    digest: Fnv,
    started: bool,
    fence: Option<Fence>,
    buffer: Vec<u8>,
}

impl Normal {
    /// Adds one line of a block, keeping track of code fences.
    pub fn line(&mut self, line: &str) {
        match self.fence {
            Some(fence) if fence.closed_by(line) => {
                self.fence = None;
                self.digest.write(b"\n```");
            }
            Some(_) => {
                self.digest.write(b"\n");
                self.digest.write(line.trim_end().as_bytes());
            }
            None => {
                self.fence = Fence::opened_by(line);
                if self.fence.is_some() {
                    self.digest.write(b"\n```");
                    self.digest.write(line.trim().trim_start_matches(['`', '~']).trim().as_bytes());
                    self.started = true;
                } else {
                    self.prose(line);
                }
            }
        }
    }

    /// Adds one line of text outside of code fences.
    pub fn prose(&mut self, line: &str) {
        self.buffer.clear();
        form(line, &mut self.buffer);
        if self.buffer.is_empty() {
            return;
        }
        if self.started {
            self.digest.write(b" ");
        }
        self.started = true;
        self.digest.write(&self.buffer);
    }

    /// The digest of what was added so far, as six hexadecimal digits.
    pub fn short(&self) -> String {
        self.digest.short()
    }
}

/// Writes the normal form of one line outside of code fences; nothing for a blank line.
pub fn form(line: &str, out: &mut Vec<u8>) {
    let text = line.trim();
    if lines::is_rule(text) {
        out.extend_from_slice(b"---");
    } else if let Some(rest) = lines::bullet(text) {
        let glyph: &[u8] = if text.starts_with(|c: char| c.is_ascii_digit()) { b"1. " } else { b"- " };
        out.extend_from_slice(glyph);
        inline(rest, out);
    } else if text.starts_with('#') {
        inline(text.trim_end_matches('#').trim_end(), out);
    } else if text.starts_with('|') {
        row(text, out);
    } else {
        inline(text, out);
    }
}

/// The digest of the lines of a block.
pub fn block<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut normal = Normal::default();
    for line in lines {
        normal.line(line);
    }
    normal.short()
}

/// One line of running text: single spaces, `*` for `_`, no backslash before punctuation, the common entities as characters.
fn inline(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len());
    let (mut at, mut gap) = (0_usize, false);
    while let Some(&byte) = bytes.get(at) {
        at = at.saturating_add(1);
        if byte.is_ascii_whitespace() {
            gap = true;
            continue;
        }
        if gap {
            out.push(b' ');
            gap = false;
        }
        match byte {
            b'\\' => match bytes.get(at) {
                Some(next) if next.is_ascii_punctuation() => {
                    out.push(star(*next));
                    at = at.saturating_add(1);
                }
                Some(_) => out.push(byte),
                None => {}
            },
            b'&' => {
                let (glyph, length) = entity(bytes.get(at..).unwrap_or(&[]));
                out.push(glyph);
                at = at.saturating_add(length);
            }
            _ => out.push(star(byte)),
        }
    }
}

/// One row of a table: cells without padding, delimiter cells with one dash.
fn row(text: &str, out: &mut Vec<u8>) {
    if text.bytes().all(|b| matches!(b, b'|' | b':' | b'-' | b' ' | b'\t')) {
        for byte in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
            if byte != b'-' || out.last() != Some(&b'-') {
                out.push(byte);
            }
        }
        return;
    }
    for (index, cell) in text.trim_end_matches('|').split('|').enumerate() {
        if index > 0 {
            out.push(b'|');
        }
        inline(cell.trim(), out);
    }
    out.push(b'|');
}

fn star(byte: u8) -> u8 {
    if byte == b'_' { b'*' } else { byte }
}

/// The character that an entity stands for and the bytes it takes after the `&`.
fn entity(rest: &[u8]) -> (u8, usize) {
    const NAMED: [(&[u8], u8); 4] = [(b"lt;", b'<'), (b"gt;", b'>'), (b"amp;", b'&'), (b"quot;", b'"')];
    NAMED.iter().find(|(name, _)| rest.starts_with(name)).map_or((b'&', 0), |(name, glyph)| (*glyph, name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(text: &str) -> String {
        block(text.lines())
    }

    #[test]
    fn formatting_does_not_show() {
        for (a, b) in [
            ("- one *two*  \n- three", "* one _two_\n+   three"),
            ("| a | b |\n|---|:-:|\n| 1 | 2 |", "| a   |  b  |\n| --- | :---: |\n| 1   |  2  |"),
            ("```text\nx  y\n```", "\n~~~ text\nx  y\n~~~~\n\n"),
            ("a b\nc\n\nd", "a\nb c d"),
            ("snake_case [x]", "snake\\_case \\[x\\]"),
            ("a &lt; b", "a < b"),
            ("## T ##\n***\n1. a\n2. b", "## T\n---\n1) a\n1) b"),
        ] {
            assert_eq!(digest(a), digest(b), "{a:?} against {b:?}");
        }
    }

    #[test]
    fn meaning_does_show() {
        for (a, b) in [
            ("- one", "- two"),
            ("```text\nx y\n```", "```text\nx  y\n```"),
            ("| a | b |", "| ab | |"),
            ("|---|---|", "|---|--:|"),
            ("- a", "1. a"),
            ("a", "# a"),
            ("ab", "a b"),
        ] {
            assert_ne!(digest(a), digest(b), "{a:?} against {b:?}");
        }
    }
}
