//! A text as a grid of display cells, and which of its characters are strokes. It knows no graph.

use super::super::glyph::{self, E, N, S, W};
use super::Finding;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Row and column from 0.
pub(super) type At = (i32, i32);

pub(super) const DIRECTIONS: [u8; 4] = [N, E, S, W];

/// One step in the direction of an arm.
pub(super) fn step(p: At, arm: u8) -> At {
    match arm {
        N => (p.0 - 1, p.1),
        S => (p.0 + 1, p.1),
        E => (p.0, p.1 + 1),
        _ => (p.0, p.1 - 1),
    }
}

/// Display cells of a text; the second half of a wide character is an empty cell.
#[derive(Debug, Default)]
pub(super) struct Grid {
    source: String,
    /// Where the grapheme of each cell stands in the source.
    cells: Vec<Vec<std::ops::Range<usize>>>,
    pub ascii: bool,
    pub columns: i32,
}

impl Grid {
    /// Reads a text and reports what no drawing may hold: tabs, trailing blanks, rows over the width.
    pub fn read(text: &str, width: usize, findings: &mut Vec<Finding>) -> Grid {
        let ascii = !text.chars().any(|c| glyph::arms(c) != 0);
        let mut out = Grid { source: text.to_owned(), cells: Vec::new(), ascii, columns: 0 };
        let mut begin = 0;
        for (y, ended) in (0i32..).zip(text.split_inclusive('\n')) {
            let line = ended.trim_end_matches('\n').trim_end_matches('\r');
            let mut row = Vec::with_capacity(line.len());
            for (at, g) in line.grapheme_indices(true) {
                let wide = if g.len() == 1 { 1 } else { g.width().min(2) };
                let place = begin + at..begin + at + g.len();
                if g == "\t" {
                    findings.push(Finding::at("text", (y, 0), "tab"));
                }
                if wide > 0 {
                    row.push(place);
                }
                if wide == 2 {
                    row.push(0..0);
                }
            }
            let columns = i32::try_from(row.len()).unwrap_or(i32::MAX);
            if row.len() > width {
                findings.push(Finding::at("width", (y, columns), &format!("{columns} columns, limit {width}")));
            }
            if line.ends_with([' ', '\t']) {
                findings.push(Finding::at("text", (y, columns), "trailing blank"));
            }
            out.columns = out.columns.max(columns);
            out.cells.push(row);
            begin += ended.len();
        }
        out
    }

    pub fn rows(&self) -> i32 {
        i32::try_from(self.cells.len()).unwrap_or(0)
    }

    /// The grapheme of a cell; a blank outside, empty for a second half.
    pub fn text(&self, p: At) -> &str {
        let (Ok(y), Ok(x)) = (usize::try_from(p.0), usize::try_from(p.1)) else {
            return " ";
        };
        self.cells.get(y).and_then(|r| r.get(x)).map_or(" ", |at| self.source.get(at.clone()).unwrap_or(" "))
    }

    pub fn char(&self, p: At) -> char {
        self.text(p).chars().next().unwrap_or('\u{0}')
    }

    pub fn blank(&self, p: At) -> bool {
        self.text(p) == " "
    }

    /// Arms by the glyph alone; a `+` has all four.
    pub fn raw(&self, p: At) -> u8 {
        let c = self.char(p);
        match (self.ascii, c) {
            (false, c) => glyph::arms(c),
            (true, '-') => E | W,
            (true, '|') => N | S,
            (true, '+') => N | E | S | W,
            _ => 0,
        }
    }

    /// Where an arrowhead glyph points; 0 for any other.
    pub fn points(&self, p: At) -> u8 {
        if self.text(p).chars().count() == 1 { glyph::points(self.char(p), self.ascii) } else { 0 }
    }

    /// The cells of a row between two columns, both included, as text.
    pub fn slice(&self, y: i32, from: i32, to: i32) -> String {
        (from..=to).map(|x| self.text((y, x))).collect()
    }
}
