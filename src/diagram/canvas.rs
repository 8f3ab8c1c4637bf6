//! A grid of cells that knows which net each arm belongs to, so that two nets can only meet as a bridge. It knows nothing of layout.
#![expect(clippy::indexing_slicing, reason = "every access is behind the bounds check of `Canvas::cell`")]

use super::glyph::{self, E, N, S, W};
use super::text;
use unicode_segmentation::UnicodeSegmentation;

/// Net numbers from here on are frames, which lines may pass.
pub(super) const FRAME: usize = 0xffff_0000;

/// Text of a cell. Cells are small, because a picture has thousands.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Letter {
    #[default]
    None,
    /// The second half of a wide character.
    Half,
    One(char),
    /// A grapheme of several characters, by its place among those of the canvas.
    Many(u32),
}

#[derive(Debug, Clone, Default)]
struct Cell {
    /// Net and arms of the vertical line here.
    vert: Option<(u32, u8)>,
    horz: Option<(u32, u8)>,
    /// Arms of a box's border.
    border: u8,
    head: u8,
    text: Letter,
}

/// The picture while it is painted. `sound` turns false when two things claim one cell.
#[derive(Debug)]
pub(super) struct Canvas {
    cells: Vec<Vec<Cell>>,
    graphemes: Vec<String>,
    ascii: bool,
    pub sound: bool,
}

impl Canvas {
    pub fn new(rows: i32, cols: i32, ascii: bool) -> Canvas {
        let row = vec![Cell::default(); usize::try_from(cols).unwrap_or(0)];
        Canvas { cells: vec![row; usize::try_from(rows).unwrap_or(0)], graphemes: Vec::new(), ascii, sound: true }
    }

    fn cell(&mut self, y: i32, x: i32) -> Option<&mut Cell> {
        let (r, c) = (usize::try_from(y).unwrap_or(usize::MAX), usize::try_from(x).unwrap_or(usize::MAX));
        if r < self.cells.len() && c < self.cells[r].len() {
            return Some(&mut self.cells[r][c]);
        }
        self.sound = false;
        None
    }

    fn letter(&mut self, grapheme: &str) -> Letter {
        let mut chars = grapheme.chars();
        if let (Some(one), None) = (chars.next(), chars.next()) {
            return Letter::One(one);
        }
        self.graphemes.push(grapheme.to_owned());
        Letter::Many(u32::try_from(self.graphemes.len() - 1).unwrap_or(u32::MAX))
    }

    /// A closed rectangle with empty inside.
    pub fn rectangle(&mut self, y: i32, x: i32, h: i32, w: i32) {
        for row in y..y + h {
            for col in x..x + w {
                let vertical = if col == x || col == x + w - 1 {
                    (u8::from(row > y) * N) | (u8::from(row < y + h - 1) * S)
                } else {
                    0
                };
                let horizontal = if row == y || row == y + h - 1 {
                    (u8::from(col > x) * W) | (u8::from(col < x + w - 1) * E)
                } else {
                    0
                };
                let Some(c) = self.cell(row, col) else {
                    continue;
                };
                let taken = c.vert.is_some() || c.horz.is_some() || c.border != 0 || c.text != Letter::None;
                c.border = vertical | horizontal;
                if c.border == 0 {
                    c.text = Letter::One(' ');
                }
                self.sound &= !taken;
            }
        }
    }

    /// Text from a column on; `over` may stand in a box or on a frame, other text only on free cells.
    pub fn text(&mut self, y: i32, x: i32, line: &str, over: bool) {
        let mut col = x;
        for g in line.graphemes(true) {
            let wide = text::cell(g);
            if wide == 0 {
                continue;
            }
            let letter = self.letter(g);
            for k in 0..wide {
                let Some(c) = self.cell(y, col + k) else {
                    return;
                };
                let taken = c.vert.is_some()
                    || c.head != 0
                    || (!over && (c.horz.is_some() || c.border != 0 || c.text != Letter::None));
                c.text = if k == 0 { letter } else { Letter::Half };
                c.horz = None;
                self.sound &= !taken;
            }
            col += wide;
        }
    }

    /// A vertical line between two rows; ends that are a border or text stay as they are.
    pub fn vertical(&mut self, net: usize, x: i32, y0: i32, y1: i32) {
        let (top, bottom) = (y0.min(y1), y0.max(y1));
        for y in top..=bottom {
            let arms = (u8::from(y > top) * N) | (u8::from(y < bottom) * S);
            let end = y == top || y == bottom;
            self.arm(net, y, x, arms, end, true);
        }
    }

    /// A horizontal line between two columns.
    pub fn horizontal(&mut self, net: usize, y: i32, x0: i32, x1: i32) {
        let (left, right) = (x0.min(x1), x0.max(x1));
        for x in left..=right {
            let arms = (u8::from(x > left) * W) | (u8::from(x < right) * E);
            let end = x == left || x == right;
            self.arm(net, y, x, arms, end, false);
        }
    }

    /// A line that runs through the whole cell.
    pub fn through(&mut self, net: usize, y: i32, x: i32) {
        self.arm(net, y, x, N | S, false, true);
    }

    fn arm(&mut self, net: usize, y: i32, x: i32, arms: u8, end: bool, vertical: bool) {
        let Some(c) = self.cell(y, x) else { return };
        if c.border != 0 || c.text != Letter::None || c.head != 0 {
            self.sound &= end;
            return;
        }
        let net = u32::try_from(net).unwrap_or(u32::MAX);
        let slot = if vertical { &mut c.vert } else { &mut c.horz };
        match slot {
            None => *slot = Some((net, arms)),
            Some((n, a)) if *n == net => *a |= arms,
            Some(_) => self.sound = false,
        }
    }

    /// A line leaves a box here, towards `arm`.
    pub fn tee(&mut self, y: i32, x: i32, arm: u8) {
        if let Some(c) = self.cell(y, x) {
            let free = c.border != 0 && c.border & arm == 0 && c.head == 0;
            c.border |= arm;
            self.sound &= free;
        }
    }

    /// An arrowhead, in a border or at the end of a line.
    pub fn head(&mut self, y: i32, x: i32, direction: u8) {
        if let Some(c) = self.cell(y, x) {
            let free = c.head == 0 && c.text == Letter::None && c.border & direction == 0;
            c.head = direction;
            self.sound &= free;
        }
    }

    /// Rows as text, and how often lines of different nets cross. None when the picture is not sound.
    pub fn finish(self) -> Option<(String, usize)> {
        if !self.sound {
            return None;
        }
        let (mut out, mut crossings) = (String::new(), 0);
        for row in &self.cells {
            let mut line = String::new();
            for c in row {
                match c.text {
                    Letter::Half => {}
                    Letter::One(t) => line.push(t),
                    Letter::Many(i) => line.push_str(self.graphemes.get(usize::try_from(i).ok()?)?),
                    Letter::None if c.head != 0 => line.push(glyph::head(c.head, self.ascii)),
                    Letter::None if c.border != 0 => line.push(glyph::line(c.border, self.ascii)),
                    Letter::None => {
                        let (glyph, crossed) = self.wire(c)?;
                        line.push(glyph);
                        crossings += crossed;
                    }
                }
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        Some((out, crossings))
    }

    fn wire(&self, c: &Cell) -> Option<(char, usize)> {
        let line = |net: u32| usize::try_from(net).is_ok_and(|net| net < FRAME);
        match (c.vert, c.horz) {
            (None, None) => Some((' ', 0)),
            (Some((_, a)), None) | (None, Some((_, a))) => Some((glyph::line(a, self.ascii), 0)),
            (Some((v, a)), Some((h, b))) if v == h => Some((glyph::line(a | b, self.ascii), 0)),
            (Some((v, a)), Some((h, b))) if a == N | S && b == E | W => {
                Some((glyph::line(N | S, self.ascii), usize::from(line(v) && line(h))))
            }
            _ => None,
        }
    }
}

impl Canvas {
    /// A vertical line runs through this cell.
    pub fn passed(&self, y: i32, x: i32) -> bool {
        let (r, c) = (usize::try_from(y).unwrap_or(usize::MAX), usize::try_from(x).unwrap_or(usize::MAX));
        self.cells.get(r).and_then(|row| row.get(c)).is_some_and(|c| c.vert.is_some())
    }
}
