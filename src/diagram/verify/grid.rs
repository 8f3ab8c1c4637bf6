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

/// Something for some cells of a sheet, such as the number of the box that they belong to. Few cells hold something: each has the number of
/// what it holds, from 1, which keeps a sheet small.
#[derive(Debug)]
pub(super) struct Cells<T> {
    columns: i32,
    numbers: Vec<u32>,
    held: Vec<T>,
}

impl<T> Default for Cells<T> {
    fn default() -> Self {
        Cells { columns: 0, numbers: Vec::new(), held: Vec::new() }
    }
}

impl<T> Cells<T> {
    /// Nothing yet, for a sheet of this size.
    pub fn of(grid: &Grid) -> Self {
        let size = usize::try_from(grid.rows().max(0)).unwrap_or(0) * usize::try_from(grid.columns.max(0)).unwrap_or(0);
        Cells { columns: grid.columns, numbers: vec![0; size], held: Vec::new() }
    }

    fn index(&self, p: At) -> Option<usize> {
        if p.0 < 0 || p.1 < 0 || p.1 >= self.columns {
            return None;
        }
        usize::try_from(i64::from(p.0) * i64::from(self.columns) + i64::from(p.1)).ok()
    }

    /// Where a cell's own stands among what is held.
    fn place(&self, p: At) -> Option<usize> {
        let number = *self.numbers.get(self.index(p)?)?;
        usize::try_from(number).ok()?.checked_sub(1)
    }

    /// What a cell holds, made when it holds nothing; none outside of the sheet.
    pub fn slot(&mut self, p: At) -> Option<&mut T>
    where
        T: Default,
    {
        if !self.has(p) {
            self.insert(p, T::default());
        }
        let place = self.place(p)?;
        self.held.get_mut(place)
    }

    pub fn insert(&mut self, p: At, value: T) {
        if let Some(place) = self.place(p) {
            if let Some(held) = self.held.get_mut(place) {
                *held = value;
            }
        } else if let Some(number) = self.index(p).and_then(|i| self.numbers.get_mut(i)) {
            self.held.push(value);
            *number = u32::try_from(self.held.len()).unwrap_or(0);
        }
    }

    pub fn get(&self, p: At) -> Option<&T> {
        self.held.get(self.place(p)?)
    }

    pub fn has(&self, p: At) -> bool {
        self.index(p).and_then(|i| self.numbers.get(i)).is_some_and(|number| *number != 0)
    }

    /// Cells that hold something, row by row.
    pub fn iter(&self) -> impl Iterator<Item = (At, &T)> {
        let columns = self.columns;
        let at = move |i: usize| {
            let i = i32::try_from(i).unwrap_or(i32::MAX);
            (i / columns, i % columns)
        };
        let held = |number: u32| self.held.get(usize::try_from(number).ok()?.checked_sub(1)?);
        self.numbers.iter().enumerate().filter_map(move |(i, number)| Some((at(i), held(*number)?)))
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
    /// A grapheme; of several characters it points nowhere.
    fn grapheme(grapheme: &str, at: usize, ascii: bool) -> Cell {
        let mut chars = grapheme.chars();
        let cell = Cell::of(chars.next().unwrap_or_default(), at, grapheme.len(), ascii);
        if chars.next().is_none() { cell } else { Cell { points: 0, ..cell } }
    }

    fn of(first: char, at: usize, size: usize, ascii: bool) -> Cell {
        let arms = match (ascii, first) {
            (false, c) => glyph::arms(c),
            (true, '-') => E | W,
            (true, '|') => N | S,
            (true, '+') => N | E | S | W,
            _ => 0,
        };
        Cell { place: at..at + size, first, arms, points: glyph::points(first, ascii) }
    }
}

/// The cells of a line that begins at a place of the source.
fn cells(line: &str, begin: usize, ascii: bool) -> Vec<Cell> {
    let mut row = Vec::with_capacity(line.len());
    // Of these each is a grapheme of its own and one column wide; most lines hold nothing else.
    let plain = |c: char| matches!(c, '\t' | ' '..='~' | '─'..='┼') || glyph::points(c, false) != 0;
    if line.chars().all(plain) {
        row.extend(line.char_indices().map(|(at, c)| Cell::of(c, at + begin, c.len_utf8(), ascii)));
        return row;
    }
    for (at, g) in line.grapheme_indices(true) {
        let wide = if g.len() == 1 { 1 } else { g.width().min(2) };
        if wide > 0 {
            row.push(Cell::grapheme(g, begin + at, ascii));
        }
        if wide == 2 {
            row.push(Cell::default());
        }
    }
    row
}

impl Grid {
    /// Reads a text and reports what no drawing may hold: tabs, trailing blanks, rows over the width.
    pub fn read(text: &str, width: usize, findings: &mut Vec<Finding>) -> Grid {
        let ascii = !text.chars().any(|c| glyph::arms(c) != 0);
        let mut out = Grid { source: text.to_owned(), cells: Vec::new(), ascii, columns: 0 };
        let mut begin = 0;
        for (y, ended) in (0i32..).zip(text.split_inclusive('\n')) {
            let line = ended.trim_end_matches('\n').trim_end_matches('\r');
            if line.contains('\t') {
                findings.push(Finding::at("text", (y, 0), "tab"));
            }
            let row = cells(line, begin, ascii);
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

    /// Columns of one row.
    pub fn length(&self, row: i32) -> i32 {
        let cells = usize::try_from(row).ok().and_then(|y| self.cells.get(y));
        cells.map_or(0, |cells| i32::try_from(cells.len()).unwrap_or(i32::MAX))
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
