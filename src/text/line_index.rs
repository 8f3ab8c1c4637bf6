//! From byte offsets to lines and columns.

/// A place for people and for editors; lines and columns count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Column in UTF-16 units, from 0, as language servers count.
    pub utf16: usize,
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> LineIndex<'t> {
    /// Indexes a text; a line ends after `\n`.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self { text, starts }
    }

    /// The place of a byte offset; an offset past the end is the end, one inside a character is its beginning.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        position(self.text, line, start, offset)
    }

    /// The byte offset where a line (from 1) begins.
    #[must_use]
    pub fn line_start(&self, line: usize) -> Option<usize> {
        self.starts.get(line.checked_sub(1)?).copied()
    }
}

/// Places of offsets in the order of the text, which need no index; one that goes back begins again.
#[derive(Clone, Debug)]
pub struct LineWalk<'t> {
    text: &'t str,
    at: usize,
    /// The line of that byte, from 1, and where it begins.
    line: usize,
    start: usize,
}

impl<'t> LineWalk<'t> {
    /// At the beginning of a text.
    #[must_use]
    pub const fn new(text: &'t str) -> Self {
        Self { text, at: 0, line: 1, start: 0 }
    }

    /// The same as [`LineIndex::position`].
    pub fn position(&mut self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        if offset < self.at {
            *self = Self::new(self.text);
        }
        let passed = self.text.as_bytes().get(self.at..offset).unwrap_or_default();
        // Most steps are of a few bytes, too few for a search.
        for (at, byte) in passed.iter().enumerate() {
            if *byte == b'\n' {
                self.line += 1;
                self.start = self.at + at + 1;
            }
        }
        self.at = offset;
        position(self.text, self.line, self.start, offset)
    }
}

/// The place of an offset in a line that begins at `start`.
fn position(text: &str, line: usize, start: usize, offset: usize) -> Position {
    if let Some(before) = text.get(start..offset).filter(|before| before.is_ascii()) {
        return Position { line, column: before.len() + 1, utf16: before.len() };
    }
    let rest = text.get(start..).unwrap_or("");
    let before = || {
        rest.char_indices()
            .take_while(|(at, c)| start + at + c.len_utf8() <= offset)
            .map(|(_, c)| c)
            // A byte order mark opens the file and is no column.
            .filter(|c| !(start == 0 && *c == '\u{feff}'))
    };
    Position { line, column: before().count() + 1, utf16: before().map(char::len_utf16).sum() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_utf16_units() {
        let index = LineIndex::new("a\n🛍é x\n");
        let place = index.position(2 + 4 + 2 + 1);
        assert_eq!((place.line, place.column, place.utf16), (2, 4, 4));
        assert_eq!(index.position(0).line, 1);
        assert_eq!(index.position(999).line, 3);
        assert_eq!(index.line_start(2), Some(2));
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        assert_eq!(LineIndex::new("\u{feff}ab").position(4).column, 2);
    }
    #[test]
    fn a_walk_finds_the_places_that_an_index_finds() {
        let text = "a\n🛍é x\n\n  b: c\r\nlast";
        let (index, mut walk) = (LineIndex::new(text), LineWalk::new(text));
        for offset in (0..text.len() + 3).chain([2, 1, 9, 0]) {
            assert_eq!(walk.position(offset), index.position(offset), "{offset}");
        }
    }
}
