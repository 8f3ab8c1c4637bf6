//! Finds the closed rectangles of a drawing: boxes with a label, and frames around boxes.

use super::super::glyph::{E, N, S, W};
use super::grid::{At, Grid};

/// A rectangle: first and last row and column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rect {
    pub top: i32,
    pub left: i32,
    pub bottom: i32,
    pub right: i32,
    /// Label lines of a box; title of a frame.
    pub lines: Vec<String>,
}

impl Rect {
    pub fn holds(&self, p: At) -> bool {
        self.top <= p.0 && p.0 <= self.bottom && self.left <= p.1 && p.1 <= self.right
    }

    pub fn inside(&self, o: &Rect) -> bool {
        o.top < self.top && o.left < self.left && o.bottom > self.bottom && o.right > self.right
    }

    pub fn overlaps(&self, o: &Rect) -> bool {
        self.top <= o.bottom && o.top <= self.bottom && self.left <= o.right && o.left <= self.right
    }

    /// The outward direction at a border cell; 0 at corners and elsewhere.
    pub fn side(&self, p: At) -> u8 {
        if !self.holds(p) {
            return 0;
        }
        let (row, col) = (p.0 == self.top || p.0 == self.bottom, p.1 == self.left || p.1 == self.right);
        match (row, col) {
            (true, false) if p.0 == self.top => N,
            (true, false) => S,
            (false, true) if p.1 == self.left => W,
            (false, true) => E,
            _ => 0,
        }
    }

    pub fn border(&self) -> impl Iterator<Item = At> + '_ {
        let rows = (self.left..=self.right).flat_map(|x| [(self.top, x), (self.bottom, x)]);
        rows.chain((self.top + 1..self.bottom).flat_map(|y| [(y, self.left), (y, self.right)]))
    }
}

/// Boxes whose label is known or at least plain text, smallest first so that none contains another.
pub(super) fn boxes(g: &Grid, known: &dyn Fn(&[String]) -> bool) -> Vec<Rect> {
    let mut out: Vec<Rect> = Vec::new();
    for mut r in rectangles(g, false) {
        r.lines = (r.top + 1..r.bottom)
            .map(|y| g.slice(y, r.left + 1, r.right - 1).trim().to_owned())
            .filter(|l| !l.is_empty())
            .collect();
        let strokes = (r.top + 1..r.bottom).any(|y| (r.left + 1..r.right).any(|x| stroke(g, (y, x))));
        let plain = !strokes && !r.lines.is_empty();
        if (plain || known(&r.lines)) && !out.iter().any(|o| o.overlaps(&r)) {
            out.push(r);
        }
    }
    out.sort_by_key(|r| (r.top, r.left));
    out
}

/// A character that can only be part of a line: in ASCII a dash or bar that goes on.
fn stroke(g: &Grid, p: At) -> bool {
    if !g.ascii {
        return g.raw(p) != 0;
    }
    match g.char(p) {
        '|' => true,
        '-' => matches!(g.char((p.0, p.1 + 1)), '-' | '+'),
        '+' => matches!(g.char((p.0, p.1 + 1)), '-'),
        _ => false,
    }
}

/// Rectangles around boxes with a title in the top border.
pub(super) fn frames(g: &Grid, boxes: &[Rect]) -> Vec<Rect> {
    let mut out: Vec<Rect> = Vec::new();
    for mut r in rectangles(g, true) {
        let cuts = r.border().any(|p| boxes.iter().any(|b| b.holds(p)));
        if cuts || !boxes.iter().any(|b| b.inside(&r)) || out.iter().any(|o| o.overlaps(&r) && !o.inside(&r)) {
            continue;
        }
        let title: String =
            (r.left + 1..r.right).filter(|&x| g.raw((r.top, x)) == 0).map(|x| g.text((r.top, x))).collect();
        if title.trim().is_empty() {
            continue;
        }
        r.lines = vec![title.trim().to_owned()];
        out.push(r);
    }
    out
}

/// Closed rectangles, smallest first. A frame's border may be crossed and its top hold text.
fn rectangles(g: &Grid, frame: bool) -> Vec<Rect> {
    let mut out = Vec::new();
    for top in 0..g.rows() {
        for left in 0..g.length(top) {
            if !corner(g, (top, left), E | S) {
                continue;
            }
            let rights = ends(g, (top, left), frame, true);
            let bottoms = ends(g, (top, left), frame, false);
            for &bottom in &bottoms {
                for &right in &rights {
                    let r = Rect { top, left, bottom, right, lines: Vec::new() };
                    if bottom - top > 1 && right - left > 1 && closed(g, &r, frame) {
                        out.push(r);
                    }
                }
            }
        }
    }
    out.sort_by_key(|r| ((r.bottom - r.top) * (r.right - r.left), r.top, r.left));
    out
}

fn corner(g: &Grid, p: At, arms: u8) -> bool {
    if g.ascii { g.char(p) == '+' } else { g.raw(p) == arms }
}

/// A cell can be part of a border that runs `along`.
fn border(g: &Grid, p: At, along: u8, frame: bool) -> bool {
    if g.raw(p) & along == along {
        return true;
    }
    let across = if along == E | W { N | S } else { E | W };
    (frame && along == E | W && g.raw(p) == across) || (!frame && g.points(p) & across != 0)
}

/// Where the border that starts at a corner may end.
fn ends(g: &Grid, from: At, frame: bool, across: bool) -> Vec<i32> {
    let mut out = Vec::new();
    let (along, arms) = if across { (E | W, W | S) } else { (N | S, N | E) };
    let limit = if across { g.columns } else { g.rows() };
    for k in 1..limit {
        let p = if across { (from.0, from.1 + k) } else { (from.0 + k, from.1) };
        let end = corner(g, p, arms);
        if end {
            out.push(if across { p.1 } else { p.0 });
        }
        let title = frame && across && g.raw(p) == 0 && p.1 < g.columns;
        if (end && !g.ascii) || !(border(g, p, along, frame) || title) {
            break;
        }
    }
    out
}

fn closed(g: &Grid, r: &Rect, frame: bool) -> bool {
    corner(g, (r.bottom, r.right), N | W)
        && (r.top + 1..r.bottom).all(|y| border(g, (y, r.right), N | S, frame))
        && (r.left + 1..r.right).all(|x| border(g, (r.bottom, x), E | W, frame))
}
