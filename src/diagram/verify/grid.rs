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

/// Something for some cells of a sheet, such as the number of the box that they belong to.
#[derive(Debug)]
pub(super) struct Cells<T> {
    columns: i32,
    all: Vec<Option<T>>,
}

impl<T> Default for Cells<T> {
    fn default() -> Self {
        Cells { columns: 0, all: Vec::new() }
    }
}

impl<T: Clone> Cells<T> {
    /// Nothing yet, for a sheet of this size.
    pub fn of(grid: &Grid) -> Self {
        let size = usize::try_from(grid.rows().max(0)).unwrap_or(0) * usize::try_from(grid.columns.max(0)).unwrap_or(0);
        Cells { columns: grid.columns, all: vec![None; size] }
    }
}

impl<T> Cells<T> {
    fn index(&self, p: At) -> Option<usize> {
        if p.0 < 0 || p.1 < 0 || p.1 >= self.columns {
            return None;
        }
        usize::try_from(i64::from(p.0) * i64::from(self.columns) + i64::from(p.1)).ok()
    }

    /// The place of a cell; none outside of the sheet.
    pub fn slot(&mut self, p: At) -> Option<&mut Option<T>> {
        let index = self.index(p)?;
        self.all.get_mut(index)
    }

    pub fn insert(&mut self, p: At, value: T) {
        if let Some(slot) = self.slot(p) {
            *slot = Some(value);
        }
    }

    pub fn get(&self, p: At) -> Option<&T> {
        self.all.get(self.index(p)?)?.as_ref()
    }

    pub fn has(&self, p: At) -> bool {
        self.get(p).is_some()
    }

    /// Cells that hold something, row by row.
    pub fn iter(&self) -> impl Iterator<Item = (At, &T)> {
        let columns = self.columns;
        let at = move |i: usize| {
            let i = i32::try_from(i).unwrap_or(i32::MAX);
            (i / columns, i % columns)
        };
        self.all.iter().enumerate().filter_map(move |(i, slot)| Some((at(i), slot.as_ref()?)))
    }
}

/// What a cell shows.
#[derive(Debug, Clone, Default)]
struct Cell {
    /// Where its grapheme stands in the source; nowhere for the second half of a wide one.
    place: std::ops::Range<usize>,
    first: char,
    /// Arms by the glyph alone, and where it points as an arrowhead.
    arms: u8,
    points: u8,
}

/// Display cells of a text; the second half of a wide character is an empty cell.
#[derive(Debug, Default)]
pub(super) struct Grid {
    source: String,
    cells: Vec<Vec<Cell>>,
    pub ascii: bool,
    pub columns: i32,
}

impl Cell {
    fn of(grapheme: &str, at: usize, ascii: bool) -> Cell {
        let mut chars = grapheme.chars();
        let first = chars.next().unwrap_or_default();
        let arms = match (ascii, first) {
            (false, c) => glyph::arms(c),
            (true, '-') => E | W,
            (true, '|') => N | S,
            (true, '+') => N | E | S | W,
            _ => 0,
        };
        let points = if chars.next().is_none() { glyph::points(first, ascii) } else { 0 };
        Cell { place: at..at + grapheme.len(), first, arms, points }
    }
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
                if g == "\t" {
                    findings.push(Finding::at("text", (y, 0), "tab"));
                }
                if wide > 0 {
                    row.push(Cell::of(g, begin + at, ascii));
                }
                if wide == 2 {
                    row.push(Cell::default());
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
        self.cell(p).map_or(" ", |cell| self.source.get(cell.place.clone()).unwrap_or(" "))
    }

    fn cell(&self, p: At) -> Option<&Cell> {
        let (y, x) = (usize::try_from(p.0).ok()?, usize::try_from(p.1).ok()?);
        self.cells.get(y)?.get(x)
    }

    /// The first character of a cell; a blank outside, zero for a second half.
    pub fn char(&self, p: At) -> char {
        self.cell(p).map_or(' ', |cell| cell.first)
    }

    pub fn blank(&self, p: At) -> bool {
        self.cell(p).is_none_or(|cell| cell.first == ' ' && cell.place.len() == 1)
    }

    /// Arms by the glyph alone; a `+` has all four.
    pub fn raw(&self, p: At) -> u8 {
        self.cell(p).map_or(0, |cell| cell.arms)
    }

    /// Where an arrowhead glyph points; 0 for any other.
    pub fn points(&self, p: At) -> u8 {
        self.cell(p).map_or(0, |cell| cell.points)
    }

    /// The cells of a row between two columns, both included, as text.
    pub fn slice(&self, y: i32, from: i32, to: i32) -> String {
        (from..=to).map(|x| self.text((y, x))).collect()
    }
}
