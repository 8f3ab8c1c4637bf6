//! Lines with byte spans, indentation and code fences. Knows nothing of plans.

/// One line: `start..end` is its text, `end..next` its line ending (none on a last line without one).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// First byte.
    pub start: usize,
    /// Byte after the text.
    pub end: usize,
    /// Byte after the line ending.
    pub next: usize,
}

/// The lines of a text; a byte order mark belongs to no line. The spans follow each other without gaps.
pub fn split(text: &str) -> Vec<Line> {
    let mut start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = Vec::new();
    for part in text.get(start..).unwrap_or("").split_inclusive('\n') {
        let next = start.saturating_add(part.len());
        let body = part.strip_suffix('\n').map_or(part, |p| p.strip_suffix('\r').unwrap_or(p));
        lines.push(Line { start, end: start.saturating_add(body.len()), next });
        start = next;
    }
    lines
}

/// The line ending that most lines have: `\n` or `\r\n`.
pub fn ending(lines: &[Line]) -> &'static str {
    let with_return = lines.iter().filter(|l| l.next == l.end + 2).count();
    let without = lines.iter().filter(|l| l.next == l.end + 1).count();
    if with_return > without { "\r\n" } else { "\n" }
}

/// The width of the white space at the start of a line; a tab reaches to the next multiple of four.
pub fn indent(line: &str) -> usize {
    let mut width = 0_usize;
    for byte in line.bytes() {
        match byte {
            b' ' => width = width.saturating_add(1),
            b'\t' => width = (width / 4).saturating_add(1).saturating_mul(4),
            _ => break,
        }
    }
    width
}

/// The text after a list bullet (`-`, `*`, `+`, `1.`, `1)`), without the white space around it.
pub fn bullet(line: &str) -> Option<&str> {
    let text = line.trim_start();
    let rest = match text.as_bytes().first()? {
        b'-' | b'*' | b'+' => text.get(1..)?,
        b'0'..=b'9' => text.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(['.', ')'])?,
        _ => return None,
    };
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| rest.trim())
}

/// An open code fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fence {
    glyph: char,
    length: usize,
    indent: usize,
}

impl Fence {
    /// The fence that this line opens, if it opens one.
    pub fn opened_by(line: &str) -> Option<Self> {
        let text = line.trim_start();
        let glyph = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = text.trim_start_matches(glyph);
        let length = text.len().saturating_sub(info.len());
        (length >= 3 && !(glyph == '`' && info.contains('`'))).then(|| Self { glyph, length, indent: indent(line) })
    }

    /// The glyph, and whether the fence is indented.
    pub fn kind(self) -> (char, bool) {
        (self.glyph, self.indent > 0)
    }

    /// How many glyphs open it.
    pub fn length(self) -> usize {
        self.length
    }

    /// Whether this line closes the fence.
    pub fn closed_by(self, line: &str) -> bool {
        let text = line.trim();
        !text.is_empty() && text.len() >= self.length && text.chars().all(|c| c == self.glyph)
    }

    /// Whether this line ends the list entry that an indented fence stands in, and so the fence.
    pub fn left_by(self, line: &str) -> bool {
        self.indent > 0 && !line.trim().is_empty() && indent(line) == 0
    }
}

/// Whether a line without indentation starts something of its own, so that it does not continue the paragraph above.
pub fn starts_block(line: &str) -> bool {
    let text = line.trim_start();
    bullet(line).is_some()
        || Fence::opened_by(line).is_some()
        || text.is_empty()
        || text.starts_with(['#', '>', '|', '<'])
        || is_rule(text)
}

/// As [`starts_block`], but a comment counts as running text: a formatter may wrap a line before one.
pub fn starts_block_other_than_comment(line: &str) -> bool {
    !line.trim_start().starts_with("<!--") && starts_block(line)
}

/// Whether a text is a thematic break (`---`, `***`, `_ _ _`).
pub fn is_rule(text: &str) -> bool {
    let mut glyphs = text.bytes().filter(|b| !b.is_ascii_whitespace());
    let Some(first) = glyphs.next().filter(|b| matches!(b, b'-' | b'*' | b'_')) else {
        return false;
    };
    let mut count = 1_usize;
    for glyph in glyphs {
        if glyph != first {
            return false;
        }
        count = count.saturating_add(1);
    }
    count >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_cover_the_text_whatever_the_endings() {
        let text = "\u{feff}a\r\nb\n\nc";
        let lines = split(text);
        assert_eq!(lines.iter().map(|l| text.get(l.start..l.end).unwrap()).collect::<Vec<_>>(), ["a", "b", "", "c"]);
        assert_eq!(
            lines.iter().map(|l| text.get(l.start..l.next).unwrap()).collect::<String>(),
            text.trim_start_matches('\u{feff}')
        );
        assert!(split("").is_empty());
    }

    #[test]
    fn fences_and_bullets_follow_commonmark() {
        assert!(
            Fence::opened_by("  ```sh")
                .is_some_and(|f| !f.closed_by("``") && f.closed_by("````") && !f.closed_by("``` x"))
        );
        assert!(Fence::opened_by("```a`b").is_none() && Fence::opened_by("~~").is_none());
        assert_eq!(
            (bullet("  * [ ] x"), bullet("12) y"), bullet("-x"), bullet("-")),
            (Some("[ ] x"), Some("y"), None, Some(""))
        );
        assert!(is_rule("- - -") && is_rule("____") && !is_rule("--") && !is_rule("-*-"));
        assert_eq!((indent("  a"), indent("\ta"), indent("  \ta")), (2, 4, 4));
    }
}
