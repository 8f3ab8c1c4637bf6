//! Follows the lines of a drawing from cell to cell: which arms meet which, which labels they pass, where they end.

use super::super::glyph::{E, N, S, W, opposite};
use super::Finding;
use super::boxes::{self, Rect};
use super::grid::{At, Cells, DIRECTIONS, Grid, step};

/// A run of text outside of boxes.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub at: At,
    pub end: i32,
    pub text: String,
    /// Number and name, when it is a stub.
    pub stub: Option<(u32, String)>,
    pub used: bool,
}

/// Where a line ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Goal {
    Box(usize),
    Stub(usize),
}

/// An end of a line: the cell it comes from, what it meets, whether with an arrowhead, and the labels on the last stretch.
#[derive(Debug, Clone)]
pub(super) struct End {
    pub cell: At,
    pub goal: Goal,
    pub head: bool,
    pub labels: Vec<usize>,
}

/// What one part of a drawing holds.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub grid: Grid,
    pub boxes: Vec<Rect>,
    pub frames: Vec<Rect>,
    pub runs: Vec<Run>,
    pub arms: Cells<u8>,
    pub heads: Cells<u8>,
    /// The next cells along the lines, with the texts passed on the way.
    pub links: Cells<Vec<(At, Vec<usize>)>>,
    pub ends: Vec<End>,
    pub crossings: usize,
    pub owner: Cells<usize>,
    pub run_at: Cells<usize>,
    pub frame_at: Cells<usize>,
    pub title_at: Cells<usize>,
    /// Cells of boxes, frames and titles.
    taken: Cells<()>,
    met: Vec<At>,
    /// The first row of words below a drawing in ASCII, where a dash is a dash.
    words: i32,
    pub touched: Vec<At>,
    pub passed: Vec<At>,
}

/// What a walk from a cell finds.
enum Found {
    Cell(At),
    Box(usize, At),
    Stub(usize),
    Nothing,
}

impl Sheet {
    /// Reads a part; `known` tells whether some lines are a label of the model.
    pub fn read(text: &str, width: usize, known: &dyn Fn(&[String]) -> bool, findings: &mut Vec<Finding>) -> Sheet {
        let grid = Grid::read(text, width, findings);
        let boxes = boxes::boxes(&grid, known);
        let frames = boxes::frames(&grid, &boxes);
        let mut s = Sheet {
            boxes,
            frames,
            arms: Cells::of(&grid),
            heads: Cells::of(&grid),
            links: Cells::of(&grid),
            owner: Cells::of(&grid),
            run_at: Cells::of(&grid),
            frame_at: Cells::of(&grid),
            title_at: Cells::of(&grid),
            taken: Cells::of(&grid),
            grid,
            ..Sheet::default()
        };
        s.words = s.first_of_words();
        s.claim();
        s.find_runs();
        s.find_arms(findings);
        s.trace(findings);
        s.check_borders(findings);
        s
    }

    /// The last rows that begin with a word, below all boxes.
    fn first_of_words(&self) -> i32 {
        let bottom = self.boxes.iter().map(|b| b.bottom).max().unwrap_or(i32::MAX);
        let word = |y: &i32| {
            let row = self.grid.slice(*y, 0, self.grid.columns);
            !row.starts_with([' ', '|', '+', '-', '(', '<', '^']) && !row.starts_with("v ")
        };
        let rows = (0..self.grid.rows()).rev().take_while(|y| self.grid.ascii && *y > bottom && word(y));
        rows.last().unwrap_or(i32::MAX)
    }

    fn claim(&mut self) {
        for (i, b) in self.boxes.iter().enumerate() {
            for y in b.top..=b.bottom {
                for x in b.left..=b.right {
                    self.owner.insert((y, x), i);
                    self.taken.insert((y, x), ());
                }
            }
        }
        for (i, f) in self.frames.iter().enumerate() {
            for p in f.border() {
                let title = p.0 == f.top && self.grid.raw(p) == 0;
                self.taken.insert(p, ());
                if title {
                    self.title_at.insert(p, i);
                } else {
                    self.frame_at.insert(p, i);
                }
            }
        }
    }

    /// The frame that stands closest around a box or another frame.
    pub fn around(&self, r: &Rect) -> Option<&Rect> {
        self.frames.iter().filter(|f| r.inside(f)).min_by_key(|f| (f.bottom - f.top) * (f.right - f.left))
    }

    /// A character outside of boxes that is part of a line.
    fn is_line(&self, p: At) -> bool {
        let g = &self.grid;
        if !g.ascii {
            return g.raw(p) != 0 || g.points(p) != 0;
        }
        if p.0 >= self.words {
            return false;
        }
        let (left, right) = (g.char((p.0, p.1 - 1)), g.char((p.0, p.1 + 1)));
        let wordy = |c: char| c != ' ' && !"-+|<>".contains(c);
        match g.char(p) {
            '|' => true,
            '+' => {
                let beside = "-+|<>".contains(left) || "-+|<>".contains(right);
                let (up, down) = (g.char((p.0 - 1, p.1)), g.char((p.0 + 1, p.1)));
                beside || "|+^v".contains(up) || "|+^v".contains(down)
            }
            '-' if left == '<' && right == ' ' && !self.owner.has((p.0, p.1 - 2)) => false,
            '-' => !(wordy(left) && wordy(right)),
            _ => {
                let d = g.points(p);
                let back = g.char(step(p, opposite(d)));
                let upright = d & (N | S) != 0;
                d != 0
                    && !(upright && (left.is_alphanumeric() || right.is_alphanumeric()))
                    && (if upright { "|+" } else { "-+|" }).contains(back)
                    && (self.owner.has(step(p, d)) || self.stub_near(step(p, d), d))
            }
        }
    }

    fn stub_near(&self, p: At, d: u8) -> bool {
        let p = if self.grid.blank(p) { step(p, d) } else { p };
        let row = self.grid.slice(p.0, p.1 - 5, p.1 + 6);
        !self.grid.blank(p) && row.contains('(') && row.contains(')')
    }

    fn find_runs(&mut self) {
        for y in 0..self.grid.rows() {
            let mut x = 0;
            let columns = self.grid.length(y);
            while x < columns {
                let free = |x: i32| x < columns && !self.taken.has((y, x)) && !self.is_line((y, x));
                if self.grid.blank((y, x)) || !free(x) {
                    x += 1;
                    continue;
                }
                let from = x;
                while free(x) && (!self.grid.blank((y, x)) || (free(x + 1) && !self.grid.blank((y, x + 1)))) {
                    x += 1;
                }
                let text = self.grid.slice(y, from, x - 1);
                let stub = stub(&text);
                (from..x).for_each(|k| {
                    self.run_at.insert((y, k), self.runs.len());
                });
                self.runs.push(Run { at: (y, from), end: x - 1, text, stub, used: false });
            }
        }
    }

    fn find_arms(&mut self, findings: &mut Vec<Finding>) {
        for y in 0..self.grid.rows() {
            for x in 0..self.grid.length(y) {
                let p = (y, x);
                let d = self.grid.points(p);
                if let Some(&i) = self.owner.get(p) {
                    if d != 0 && self.boxes.get(i).is_some_and(|b| b.side(p) != 0) {
                        self.heads.insert(p, d);
                    }
                } else if !self.taken.has(p) && !self.run_at.has(p) && self.is_line(p) {
                    if d != 0 {
                        self.heads.insert(p, d);
                    }
                    self.arms.insert(p, if d != 0 { opposite(d) } else { self.grid.raw(p) });
                }
            }
        }
        if self.grid.ascii {
            self.resolve(findings);
        }
    }

    /// Follows a line from a cell in one direction, over bridges, frames and labels.
    fn walk(&mut self, p: At, d: u8, labels: &mut Vec<usize>) -> Found {
        let mut q = p;
        loop {
            q = step(q, d);
            if let Some(&i) = self.owner.get(q) {
                return Found::Box(i, q);
            }
            if let Some(&f) = self.frame_at.get(q) {
                let side = self.frames.get(f).map_or(0, |f| f.side(q));
                if side == 0 || (side != d && side != opposite(d)) {
                    return Found::Nothing;
                }
                self.passed.push(q);
                continue;
            }
            if let Some(&a) = self.arms.get(q) {
                if a & opposite(d) != 0 {
                    return Found::Cell(q);
                }
                if d & (E | W) != 0 && a == N | S && !self.heads.has(q) {
                    self.met.push(q);
                    continue;
                }
                return Found::Nothing;
            }
            if let Some(&i) = self.run_at.get(q) {
                if self.runs.get(i).is_some_and(|r| r.stub.is_some()) {
                    return Found::Stub(i);
                }
                if !labels.contains(&i) {
                    labels.push(i);
                }
                continue;
            }
            let beyond =
                self.run_at.get(step(q, d)).copied().filter(|&i| self.runs.get(i).is_some_and(|r| r.stub.is_some()));
            match beyond {
                Some(i) if self.heads.get(p) == Some(&d) && step(p, d) == q && self.grid.blank(q) => {
                    return Found::Stub(i);
                }
                _ => return Found::Nothing,
            }
        }
    }

    fn trace(&mut self, findings: &mut Vec<Finding>) {
        let mut starts: Vec<(At, u8, bool)> = Vec::new();
        for (p, &a) in self.arms.iter() {
            starts.extend(DIRECTIONS.iter().filter(|d| a & **d != 0).map(|&d| (p, d, false)));
            starts.extend(self.heads.get(p).map(|&d| (p, d, true)));
            if a.count_ones() < 2 && !self.heads.has(p) {
                findings.push(Finding::at("line", p, "a line ends in nothing"));
            }
        }
        for (p, d, pointing) in starts {
            let mut labels = Vec::new();
            match self.walk(p, d, &mut labels) {
                Found::Cell(q) if !pointing => {
                    if let Some(slot) = self.links.slot(p) {
                        slot.push((q, labels));
                    }
                }
                Found::Stub(i) => self.ends.push(End { cell: p, goal: Goal::Stub(i), head: false, labels }),
                Found::Box(i, q) => self.meet(p, d, pointing, (i, q), labels, findings),
                _ => findings.push(Finding::at(if pointing { "arrow" } else { "line" }, p, "open end")),
            }
        }
        self.met.sort_unstable();
        self.met.dedup();
        self.crossings = self.met.len();
    }

    fn meet(&mut self, p: At, d: u8, pointing: bool, at: (usize, At), labels: Vec<usize>, findings: &mut Vec<Finding>) {
        let (i, q) = at;
        let Some(b) = self.boxes.get(i) else { return };
        let tee = if self.grid.ascii { self.grid.char(q) == '+' } else { self.grid.raw(q) & opposite(d) != 0 };
        let head = self.heads.get(q) == Some(&d);
        if b.side(q) != opposite(d)
            || (!pointing && !head && !tee)
            || (pointing && (self.heads.has(q) || tee || step(p, d) != q))
        {
            findings.push(Finding::at("line", p, "a line touches a box without tee or arrowhead"));
            return;
        }
        self.touched.push(q);
        self.ends.push(End { cell: p, goal: Goal::Box(i), head: pointing || head, labels });
    }
}

/// Number and name of `(3) Name`.
fn stub(text: &str) -> Option<(u32, String)> {
    let (number, name) = text.strip_prefix('(')?.split_once(')')?;
    let name = if name.is_empty() { name } else { name.strip_prefix(' ')? };
    number.parse().ok().map(|n| (n, name.to_owned()))
}
