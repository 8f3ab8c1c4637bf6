//! Boxes, labels, notes, self loops, frames: what stands still while lines run.
#![expect(clippy::indexing_slicing, reason = "rows are numbered by the layout that made the bands")]

use super::canvas::{Canvas, FRAME};
use super::glyph::{self, E, S, W};
use super::layout::{Kind, Layout, Style, Vertex};
use super::paint::{Bands, Frame, edge_row};
use super::text;

pub(super) fn draw_frame(canvas: &mut Canvas, f: &Frame) {
    let net = FRAME + f.index;
    canvas.horizontal(net, f.top, f.left, f.right);
    canvas.horizontal(net, f.bottom, f.left, f.right);
    canvas.vertical(net, f.left, f.top, f.bottom);
    canvas.vertical(net, f.right, f.top, f.bottom);
}

/// The title in the top border, left of the first line that passes there or else in the first gap that is wide enough.
pub(super) fn draw_title(canvas: &mut Canvas, l: &Layout, f: &Frame) {
    let mut stops: Vec<i32> = Vec::new();
    for x in f.left + 1..f.right {
        if canvas.passed(f.top, x) {
            stops.push(x);
        }
    }
    stops.push(f.right);
    let need = text::width(&f.title) + 2;
    let mut from = f.left + 2;
    for stop in stops {
        if stop - from >= need {
            canvas.text(f.top, from, &format!(" {} ", f.title), true);
            return;
        }
        from = stop + 1;
    }
    canvas.sound = l.titles.is_empty();
}

pub(super) fn draw_vertex(canvas: &mut Canvas, v: &Vertex, bands: &Bands, style: &Style) {
    let y = bands.top[v.rank];
    let lines = i32::try_from(v.lines.len()).unwrap_or(0);
    match v.kind {
        Kind::Box => {
            canvas.rectangle(y, v.x, v.h, v.w);
            let first = y + 1 + (v.h - 2 - lines) / 2;
            for (line, k) in v.lines.iter().zip(0i32..) {
                canvas.text(first + k, v.x + (v.w - text::width(line)) / 2, line, true);
            }
            draw_loops(canvas, v, y);
            draw_note(canvas, v, y, style);
        }
        Kind::Label => {
            for (line, k) in v.lines.iter().zip(0i32..) {
                let x = v.center() - (text::width(line) - 1) / 2;
                canvas.text(edge_row(v, bands, false) + k, x, line, false);
            }
        }
        Kind::Arrive => v.lines.iter().for_each(|line| canvas.text(edge_row(v, bands, true), v.x, line, false)),
        Kind::Leave => {
            canvas.head(y, v.x + 1, S);
            v.lines.iter().for_each(|line| canvas.text(y + 1, v.x, line, false));
        }
        Kind::Trunk | Kind::Spacer => {}
    }
}

fn draw_loops(canvas: &mut Canvas, v: &Vertex, y: i32) {
    let loops = i32::try_from(v.loops.len()).unwrap_or(0);
    let right = v.x + v.w - 1;
    for (label, k) in v.loops.iter().zip(0i32..) {
        let row = y + v.h - 3 * (loops - k);
        canvas.tee(row, right, E);
        canvas.head(row + 1, right, W);
        canvas.horizontal(FRAME - 1, row, right, right + 3);
        canvas.vertical(FRAME - 1, right + 3, row, row + 1);
        canvas.horizontal(FRAME - 1, row + 1, right, right + 3);
        if !label.is_empty() {
            canvas.text(row, right + 5, label, false);
        }
    }
}

fn draw_note(canvas: &mut Canvas, v: &Vertex, y: i32, style: &Style) {
    let mark = glyph::note_mark(style.ascii);
    let x = v.end() - text::widest(&v.note) - text::width(mark);
    for (line, k) in v.note.iter().zip(0i32..) {
        let row = y + note_row(v) + k;
        if k == 0 {
            canvas.text(row, x, mark, false);
        }
        canvas.text(row, x + text::width(mark), line, false);
    }
}

/// Rows of a box together with its note.
pub(super) fn text_rows(v: &Vertex) -> i32 {
    note_row(v) + i32::try_from(v.note.len()).unwrap_or(0)
}

/// The row of a box on which its note begins.
fn note_row(v: &Vertex) -> i32 {
    let n = i32::try_from(v.note.len()).unwrap_or(0);
    if v.shelf > 0 {
        return v.shelf + 1;
    }
    i32::from(n <= v.h - 2)
}
