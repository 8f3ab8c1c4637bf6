//! Paints a placed layout: rows to lines, boxes, frames, wires, labels, notes. What it paints is sound or it is nothing.
#![expect(
    clippy::indexing_slicing,
    reason = "indices are made here, against vectors of the same length"
)]

use super::canvas::{Canvas, FRAME};
use super::glyph::{self, E, N, S, W};
use super::layout::{Kind, Layout, Style, Vertex};
use super::ports;
use super::route::{self, Wire};
use super::text;

/// A finished attempt.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    pub text: String,
    pub crossings: usize,
    pub rows: usize,
}

/// Rows of the picture: where each band of vertices and each channel begins.
struct Bands {
    top: Vec<i32>,
    height: Vec<i32>,
    /// First track of the channel below each band.
    tracks: Vec<i32>,
    rows: i32,
}

struct Frame {
    top: i32,
    bottom: i32,
    left: i32,
    right: i32,
    title: String,
}

/// Routes and paints; none when the picture cannot be drawn soundly in this layout.
pub(super) fn paint(l: &Layout, style: &Style, share: bool) -> Option<Picture> {
    let sides: Vec<i32> = frames(l, None)
        .iter()
        .flat_map(|f| [f.left, f.right])
        .collect();
    let mut channels = Vec::new();
    let mut heights = Vec::new();
    for k in 0..l.channels.len() {
        let mut wires = ports::wires(l, k);
        let tracks = route::route(&mut wires, style.width, &sides, share)?;
        let labels = l.rows[k]
            .iter()
            .any(|&v| matches!(l.vertices[v].kind, Kind::Label | Kind::Arrive));
        heights.push((
            tracks,
            if tracks > 0 {
                tracks + 1 + i32::from(labels)
            } else {
                1
            },
            i32::from(labels && tracks > 0),
        ));
        channels.push(wires);
    }
    let bands = bands(l, &heights);
    let frames = frames(l, Some(&bands));
    let width = l
        .vertices
        .iter()
        .map(Vertex::end)
        .chain(frames.iter().map(|f| f.right + 1))
        .max()
        .unwrap_or(0);
    let wide = channels
        .iter()
        .flatten()
        .map(|w| w.span().1 + 1)
        .max()
        .unwrap_or(0);
    if width.max(wide) > style.width {
        return None;
    }
    let mut canvas = Canvas::new(bands.rows, width.max(wide), style.ascii);
    for f in &frames {
        draw_frame(&mut canvas, f);
    }
    for v in &l.vertices {
        draw_vertex(&mut canvas, v, &bands, style);
    }
    for (v, vertex) in l
        .vertices
        .iter()
        .enumerate()
        .filter(|(_, v)| v.kind == Kind::Trunk)
    {
        let net = l.pins.iter().find(|p| p.vertex == v).map_or(0, |p| p.net);
        let top = bands.top[vertex.rank];
        (top..top + bands.height[vertex.rank]).for_each(|y| canvas.through(net, y, vertex.x));
    }
    for (k, wires) in channels.iter().enumerate() {
        wires
            .iter()
            .for_each(|w| draw_wire(&mut canvas, l, &bands, wires, w, bands.tracks[k]));
    }
    draw_pins(&mut canvas, l, &bands);
    for i in 0..l.flats.len() {
        draw_flat(&mut canvas, l, &bands, i);
    }
    for f in &frames {
        draw_title(&mut canvas, l, f);
    }
    let (text, crossings) = canvas.finish()?;
    let text = squeeze(&text, style.ascii);
    Some(Picture {
        rows: text.lines().count(),
        text,
        crossings,
    })
}

fn bands(l: &Layout, heights: &[(i32, i32, i32)]) -> Bands {
    let opens = |r: usize| i32::from(l.spans.iter().flatten().any(|s| s.0 == r));
    let closes = |r: usize| i32::from(l.spans.iter().flatten().any(|s| s.1 == r));
    let mut out = Bands {
        top: Vec::new(),
        height: Vec::new(),
        tracks: Vec::new(),
        rows: 0,
    };
    let mut y = 0;
    for (r, row) in l.rows.iter().enumerate() {
        y += opens(r);
        let tall = |v: &Vertex| {
            if v.note.is_empty() {
                v.h
            } else {
                v.h.max(text_rows(v))
            }
        };
        let height = row.iter().map(|&v| tall(&l.vertices[v])).max().unwrap_or(1);
        out.top.push(y);
        out.height.push(height);
        y += height + closes(r);
        if let Some((_, rows, skip)) = heights.get(r) {
            out.tracks.push(y + skip);
            y += rows;
        }
    }
    out.rows = y;
    out
}

fn text_rows(v: &Vertex) -> i32 {
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

fn frames(l: &Layout, bands: Option<&Bands>) -> Vec<Frame> {
    let mut out = Vec::new();
    for (c, span) in l.spans.iter().enumerate() {
        let Some((first, last)) = *span else { continue };
        let members = || l.vertices.iter().filter(|v| v.cluster == Some(c));
        out.push(Frame {
            top: bands.map_or(0, |b| b.top[first] - 1),
            bottom: bands.map_or(0, |b| b.top[last] + b.height[last]),
            left: members().map(|v| v.x).min().unwrap_or(2) - 2,
            right: members().map(Vertex::end).max().unwrap_or(0) + 1,
            title: l.titles[c].clone(),
        });
    }
    out
}

fn draw_frame(canvas: &mut Canvas, f: &Frame) {
    canvas.horizontal(FRAME, f.top, f.left, f.right);
    canvas.horizontal(FRAME, f.bottom, f.left, f.right);
    canvas.vertical(FRAME, f.left, f.top, f.bottom);
    canvas.vertical(FRAME, f.right, f.top, f.bottom);
}

/// The title in the top border, left of the first line that passes there or else in the first gap that is wide enough.
fn draw_title(canvas: &mut Canvas, l: &Layout, f: &Frame) {
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

fn draw_vertex(canvas: &mut Canvas, v: &Vertex, bands: &Bands, style: &Style) {
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
        Kind::Arrive => v
            .lines
            .iter()
            .for_each(|line| canvas.text(edge_row(v, bands, true), v.x, line, false)),
        Kind::Leave => {
            canvas.head(y, v.x + 1, S);
            v.lines
                .iter()
                .for_each(|line| canvas.text(y + 1, v.x, line, false));
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

/// The row on which lines from above or below meet a vertex.
fn edge_row(v: &Vertex, bands: &Bands, below: bool) -> i32 {
    let (y, height) = (bands.top[v.rank], bands.height[v.rank]);
    match v.kind {
        Kind::Box if below => y + v.h - 1,
        Kind::Label => y + (height - v.h) / 2 + if below { v.h - 1 } else { 0 },
        Kind::Box | Kind::Leave => y,
        _ if below => y + height - 1,
        Kind::Arrive => y + height - 1,
        _ => y,
    }
}

fn draw_wire(canvas: &mut Canvas, l: &Layout, bands: &Bands, wires: &[Wire], w: &Wire, first: i32) {
    let row = |p: usize, below: bool| edge_row(&l.vertices[l.pins[p].vertex], bands, below);
    let Some(track) = w.track else {
        if let (Some(t), Some(b)) = (w.tops.first(), w.bottoms.first()) {
            canvas.vertical(w.net, t.1, row(t.0, true), row(b.0, false));
        }
        return;
    };
    let y = first + track;
    let (lo, hi) = w.span();
    canvas.horizontal(w.net, y, lo, hi);
    w.tops
        .iter()
        .for_each(|t| canvas.vertical(w.net, t.1, row(t.0, true), y));
    w.bottoms
        .iter()
        .for_each(|b| canvas.vertical(w.net, b.1, y, row(b.0, false)));
    if let Some((col, other)) = w.link {
        canvas.vertical(w.net, col, y, first + wires[other].track.unwrap_or(track));
    }
}

fn draw_pins(canvas: &mut Canvas, l: &Layout, bands: &Bands) {
    for p in &l.pins {
        let v = &l.vertices[p.vertex];
        if v.kind != Kind::Box {
            continue;
        }
        let y = edge_row(v, bands, p.below);
        match (p.head, p.below) {
            (true, below) => canvas.head(y, p.col, if below { N } else { S }),
            (false, below) => canvas.tee(y, p.col, if below { S } else { N }),
        }
    }
}

/// A link between neighbours of one row, its label right after the left box.
fn draw_flat(canvas: &mut Canvas, l: &Layout, bands: &Bands, i: usize) {
    let f = &l.flats[i];
    let (a, b, heads) = if l.vertices[f.a].x < l.vertices[f.b].x {
        (f.a, f.b, f.heads)
    } else {
        (f.b, f.a, (f.heads.1, f.heads.0))
    };
    let same = |g: &&super::layout::Flat| (g.a == f.a && g.b == f.b) || (g.a == f.b && g.b == f.a);
    let all = i32::try_from(l.flats.iter().filter(same).count()).unwrap_or(1);
    let index = i32::try_from(l.flats.iter().take(i).filter(same).count()).unwrap_or(0);
    let (left, right) = (&l.vertices[a], &l.vertices[b]);
    let loops = i32::try_from(left.loops.len()).unwrap_or(0);
    let note = i32::from(!left.note.is_empty());
    let room = if note > 0 {
        all
    } else {
        (left.h.min(right.h) - 2 - (3 * loops - 1).max(0)).max(all)
    };
    let y = bands.top[left.rank] + 1 + (room - all) / 2 + index;
    let (x0, x1) = (left.x + left.w - 1, right.x);
    let net = l.nets + i;
    if heads.0 {
        canvas.head(y, x0 + 1, W)
    } else {
        canvas.tee(y, x0, E)
    }
    if heads.1 {
        canvas.head(y, x1 - 1, E)
    } else {
        canvas.tee(y, x1, W)
    }
    let from = x0 + i32::from(heads.0);
    let to = x1 - i32::from(heads.1);
    if f.label.is_empty() {
        canvas.horizontal(net, y, from, to);
        return;
    }
    let size = text::width(&f.label);
    let free = |x: &i32| (*x - 1..=*x + size).all(|c| !canvas.passed(y, c));
    let middle = (x0 + x1 + 1 - size) / 2;
    let mut starts: Vec<i32> = (x0 + 2 + i32::from(heads.0)..x1 - 1 - size)
        .filter(free)
        .collect();
    starts.sort_by_key(|x| (x - middle).abs());
    let Some(&x) = starts.first() else {
        canvas.sound = false;
        return;
    };
    canvas.text(y, x, &f.label, false);
    canvas.horizontal(net, y, from, x);
    canvas.horizontal(net, y, x + size - 1, to);
}

/// Drops rows that only repeat the vertical lines of the row before.
fn squeeze(picture: &str, ascii: bool) -> String {
    let bar = if ascii { '|' } else { '│' };
    let mut out: Vec<&str> = Vec::new();
    for line in picture.lines() {
        let bare = !line.is_empty() && line.chars().all(|c| c == ' ' || c == bar);
        if bare && out.last() == Some(&line) && !ascii {
            continue;
        }
        out.push(line);
    }
    let mut joined = out.join("\n");
    joined.push('\n');
    joined
}
