//! A text as editors address it: lines and characters of a negotiated encoding, to byte offsets and back.

use std::ops::Range;

use serde_json::{Value as Json, json};

/// What a client counts characters of a line in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 units, which every client understands.
    #[default]
    Utf16,
    /// Code points.
    Utf32,
}

impl Encoding {
    /// The best encoding that a client offers; bytes cost nothing.
    #[must_use]
    pub fn negotiate(offered: &[&str]) -> Self {
        let known = [("utf-8", Self::Utf8), ("utf-32", Self::Utf32), ("utf-16", Self::Utf16)];
        known.into_iter().find(|(name, _)| offered.contains(name)).map_or(Self::Utf16, |(_, encoding)| encoding)
    }

    /// The name in the protocol.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    const fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text with the beginnings of its lines; a line ends after `\n`, `\r\n` or `\r`.
#[derive(Clone, Debug, Default)]
pub struct Text {
    text: String,
    starts: Vec<usize>,
}

impl Text {
    /// Indexes a text.
    #[must_use]
    pub fn new(text: String) -> Self {
        let mut starts = vec![0];
        let bytes = text.as_bytes();
        let ends = bytes
            .iter()
            .enumerate()
            .filter(|(at, byte)| **byte == b'\n' || (**byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')));
        starts.extend(ends.map(|(at, _)| at + 1));
        Self { text, starts }
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How many lines there are; at least one.
    #[must_use]
    pub const fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of a line (from 0) without its end; the end of the text when there is no such line.
    #[must_use]
    pub fn line(&self, line: usize) -> Range<usize> {
        let Some(start) = self.starts.get(line).copied() else { return self.text.len()..self.text.len() };
        let next = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let text = self.text.get(start..next).unwrap_or("");
        start..start + text.trim_end_matches(['\n', '\r']).len()
    }

    /// The text of a line without its end.
    #[must_use]
    pub fn line_text(&self, line: usize) -> &str {
        self.text.get(self.line(line)).unwrap_or("")
    }

    /// The line (from 0) that holds a byte.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The byte at a place; what is past the end of a line is its end.
    #[must_use]
    pub fn offset(&self, line: usize, character: usize, encoding: Encoding) -> usize {
        let range = self.line(line);
        let mut left = character;
        let mut at = range.start;
        for c in self.text.get(range.clone()).unwrap_or("").chars() {
            let width = encoding.width(c);
            if left < width {
                break;
            }
            left -= width;
            at += c.len_utf8();
        }
        at
    }

    /// The byte at a position of the protocol; none when it is none.
    #[must_use]
    pub fn at(&self, position: &Json, encoding: Encoding) -> Option<usize> {
        let number = |key: &str| usize::try_from(position.get(key)?.as_u64()?).ok();
        Some(self.offset(number("line")?, number("character")?, encoding))
    }

    /// The position of a byte.
    #[must_use]
    pub fn position(&self, offset: usize, encoding: Encoding) -> Json {
        let offset = offset.min(self.text.len());
        let line = self.line_of(offset);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let rest = self.text.get(start..).unwrap_or("");
        let before = rest.char_indices().take_while(|(at, c)| start + at + c.len_utf8() <= offset);
        let character: usize = before.map(|(_, c)| encoding.width(c)).sum();
        json!({"line": line, "character": character})
    }

    /// The range of bytes.
    #[must_use]
    pub fn range(&self, bytes: Range<usize>, encoding: Encoding) -> Json {
        json!({"start": self.position(bytes.start, encoding), "end": self.position(bytes.end.max(bytes.start), encoding)})
    }

    /// The bytes of a range of the protocol; none when it is none.
    #[must_use]
    pub fn bytes(&self, range: &Json, encoding: Encoding) -> Option<Range<usize>> {
        let (start, end) = (self.at(range.get("start")?, encoding)?, self.at(range.get("end")?, encoding)?);
        Some(start.min(end)..end.max(start))
    }
}

/// The smallest replacement that turns one text into another: the bytes of the old one, and what comes there.
#[must_use]
pub fn difference<'n>(old: &str, new: &'n str) -> (Range<usize>, &'n str) {
    let same = |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(one, two)| one == two).count();
    let mut head = same(&mut old.bytes().zip(new.bytes()));
    while !old.is_char_boundary(head) || !new.is_char_boundary(head) {
        head -= 1;
    }
    let most = old.len().min(new.len()) - head;
    let mut tail = same(&mut old.bytes().rev().zip(new.bytes().rev()).take(most));
    while !old.is_char_boundary(old.len() - tail) || !new.is_char_boundary(new.len() - tail) {
        tail -= 1;
    }
    (head..old.len() - tail, new.get(head..new.len() - tail).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_every_encoding_and_back() {
        let text = Text::new("a\r\n🛍é x\rlast".to_owned());
        assert_eq!((text.lines(), text.line_text(1), text.line_text(2)), (3, "🛍é x", "last"));
        for (encoding, columns) in [(Encoding::Utf8, 6), (Encoding::Utf16, 3), (Encoding::Utf32, 2)] {
            let place = text.position(3 + 6, encoding);
            assert_eq!(place, json!({"line": 1, "character": columns}), "{encoding:?}");
            assert_eq!(text.at(&place, encoding), Some(9));
        }
        assert_eq!(text.offset(1, 999, Encoding::Utf16), text.line(1).end);
        assert_eq!(text.offset(99, 0, Encoding::Utf16), text.as_str().len());
        // Inside of a character means its beginning.
        assert_eq!(text.offset(1, 1, Encoding::Utf16), 3);
    }

    #[test]
    fn the_best_encoding_is_taken() {
        assert_eq!(Encoding::negotiate(&["utf-16", "utf-8"]), Encoding::Utf8);
        assert_eq!(Encoding::negotiate(&["utf-32"]), Encoding::Utf32);
        assert_eq!(Encoding::negotiate(&[]), Encoding::Utf16);
    }

    #[test]
    fn differences_are_smallest_and_never_cut_characters() {
        assert_eq!(difference("abc", "abXc"), (2..2, "X"));
        assert_eq!(difference("aé", "aè"), (1..3, "è"));
        assert_eq!(difference("aaa", "aa"), (2..3, ""));
        assert_eq!(difference("same", "same"), (4..4, ""));
    }
}
