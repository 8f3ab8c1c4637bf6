//! The list form of one node: calls from other parts arrive at its left, calls to them leave at its right, one row each. It fits any
//! width.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::canvas::Canvas;
use super::glyph::{self, E, W};
use super::graph::Spec;
use super::model::Options;
use super::split::{Cut, stub_text};
use super::text;

struct Row {
    stub: String,
    label: String,
}

/// Draws one node with its stubs, self loops and note, its cluster in words.
pub(super) fn list(spec: &Spec, home: &[usize], cuts: &[Cut], node: usize, options: &Options) -> String {
    let width = i32::try_from(options.width.clamp(24, 1000)).unwrap_or(100);
    let (arriving, leaving) = rows(spec, home, cuts, node, options, 0);
    let bare = text::widest(&stubs(&arriving)) + text::widest(&stubs(&leaving)) + labels(&leaving) + 10;
    let room = (width - bare - 10).max(0) / 3;
    let (arriving, mut leaving) = rows(spec, home, cuts, node, options, if room < 8 { 0 } else { room + 5 });
    let mut below = String::new();
    if bare > width {
        below = labels_below(&mut leaving, width);
    }
    let left = if arriving.is_empty() { 0 } else { text::widest(&stubs(&arriving)) + 4 };
    let right = if leaving.is_empty() { 0 } else { text::widest(&stubs(&leaving)) + labels(&leaving) + 5 };
    let lines = text::wrap(&spec.nodes[node].label, (width - left - right.max(6) - 4).clamp(2, 40));
    let w = text::widest(&lines) + 4;
    let loops: Vec<&str> =
        spec.edges.iter().filter(|e| e.from == node && e.to == node).map(|e| e.label.as_str()).collect();
    let note = text::wrap_words(&spec.nodes[node].note, (width - left - w - 3).max(4));
    let size = |n: usize| i32::try_from(n).unwrap_or(0);
    let side = size(leaving.len()) + 3 * size(loops.len()) + size(note.len());
    let h = 2 + side.max(size(arriving.len())).max(size(lines.len()));
    let mut canvas = Canvas::new(h, width.max(left + w + right), options.ascii);
    canvas.rectangle(0, left, h, w);
    let first = (h - size(lines.len())) / 2;
    for (line, k) in lines.iter().zip(0i32..) {
        canvas.text(first + k, left + (w - text::width(line)) / 2, line, true);
    }
    for (row, y) in arriving.iter().zip(1i32..) {
        canvas.text(y, 0, &row.stub, false);
        canvas.horizontal(0, y, text::width(&row.stub) - 1, left - 1);
        canvas.head(y, left - 1, E);
    }
    let border = left + w - 1;
    for (row, y) in leaving.iter().zip(1i32..) {
        leave(&mut canvas, row, y, border, border + labels(&leaving) + 4);
    }
    let y = draw_loops(&mut canvas, &loops, (size(leaving.len()) + 1, border, width), &mut below);
    let mark = glyph::note_mark(options.ascii);
    for (line, k) in note.iter().zip(0i32..) {
        if k == 0 {
            canvas.text(y, border + 2, mark, false);
        }
        canvas.text(y + k, border + 2 + text::width(mark), line, false);
    }
    let drawn = canvas.finish().map(|f| f.0).unwrap_or_default() + &below;
    match spec.nodes[node].cluster.filter(|_| super::engine::frames(spec, options)) {
        Some(cluster) => drawn + &super::in_words(spec, cluster, &[&spec.nodes[node]], width),
        None => drawn,
    }
}

fn rows(spec: &Spec, home: &[usize], cuts: &[Cut], node: usize, options: &Options, room: i32) -> (Vec<Row>, Vec<Row>) {
    let (mut arriving, mut leaving) = (Vec::new(), Vec::new());
    for cut in cuts {
        if cut.from == node {
            leaving.push(Row {
                stub: stub_text(spec, cut.number, &cut.to, room, options.ascii),
                label: cut.label.clone(),
            });
        } else if cut.to.iter().any(|&v| home[v] == home[node]) {
            arriving.push(Row {
                stub: stub_text(spec, cut.number, &[cut.from], room, options.ascii),
                label: String::new(),
            });
        }
    }
    (arriving, leaving)
}

/// Labels for which no line is long enough, as text below the drawing.
fn labels_below(rows: &mut [Row], width: i32) -> String {
    let mut out = String::new();
    for row in rows.iter_mut().filter(|r| !r.label.is_empty()) {
        for line in text::wrap(&[format!("{}: {}", row.stub, row.label)], width) {
            out.push_str(&line);
            out.push('\n');
        }
        row.label.clear();
    }
    out
}

fn stubs(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|r| r.stub.clone()).collect()
}

/// Columns for the labels of leaving lines.
fn labels(rows: &[Row]) -> i32 {
    rows.iter().map(|r| text::width(&r.label)).max().unwrap_or(0)
}

fn leave(canvas: &mut Canvas, row: &Row, y: i32, border: i32, head: i32) {
    canvas.tee(y, border, E);
    if row.label.is_empty() {
        canvas.horizontal(0, y, border, head);
    } else {
        canvas.text(y, border + 3, &row.label, false);
        canvas.horizontal(0, y, border, border + 3);
        canvas.horizontal(0, y, border + 2 + text::width(&row.label), head);
    }
    canvas.head(y, head, E);
    canvas.text(y, head + 2, &row.stub, false);
}

/// Self loops below each other; a label without room goes below the drawing. Returns the next free row.
fn draw_loops(canvas: &mut Canvas, loops: &[&str], at: (i32, i32, i32), below: &mut String) -> i32 {
    let (mut y, border, width) = at;
    for label in loops.iter().copied() {
        let fits = border + 6 + text::width(label) <= width;
        self_loop(canvas, if fits { label } else { "" }, y, border);
        if !fits {
            text::wrap(&[label.to_owned()], width).iter().for_each(|l| *below += &format!("{l}\n"));
        }
        y += 3;
    }
    y
}

fn self_loop(canvas: &mut Canvas, label: &str, y: i32, border: i32) {
    canvas.tee(y, border, E);
    canvas.head(y + 1, border, W);
    canvas.horizontal(0, y, border, border + 3);
    canvas.vertical(0, border + 3, y, y + 1);
    canvas.horizontal(0, y + 1, border, border + 3);
    if !label.is_empty() {
        canvas.text(y, border + 5, label, false);
    }
}
