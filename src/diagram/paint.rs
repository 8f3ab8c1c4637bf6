//! Paints a placed layout: rows to lines, boxes, frames, wires, labels, notes. What it paints is sound or it is nothing.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::canvas::Canvas;
use super::glyph::{E, N, S, W};
use super::layout::{Kind, Layout, Style, Vertex};
use super::ports;
use super::route::{self, Wire};
use super::shapes::{draw_frame, draw_title, draw_vertex, text_rows};
use super::text;

/// A finished attempt.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    pub text: String,
    pub crossings: usize,
}

/// Rows of the picture: where each band of vertices and each channel begins.
pub(super) struct Bands {
    pub top: Vec<i32>,
    pub height: Vec<i32>,
    /// First track of the channel below each band.
    tracks: Vec<i32>,
    rows: i32,
}

pub(super) struct Frame {
    pub top: i32,
    pub bottom: i32,
    pub left: i32,
    pub right: i32,
    pub title: String,
    /// Number of the cluster.
    pub index: usize,
}

impl Frame {
    fn overlaps(&self, o: &Frame) -> bool {
        self.top <= o.bottom && o.top <= self.bottom && self.left <= o.right && o.left <= self.right
    }
}

/// A layout with its wires routed: all that is known before anything is painted.
pub(super) struct Routed {
    channels: Vec<Vec<Wire>>,
    bands: Bands,
    /// Crossings of lines; the picture has as many.
    pub crossings: usize,
}

impl Routed {
    /// Rows, some of which the picture may drop.
    pub fn rows(&self) -> usize {
        usize::try_from(self.bands.rows).unwrap_or(0)
    }
}

/// Routes all channels; none when that cannot be done, or with more than `most` crossings.
pub(super) fn routed(l: &Layout, style: &Style, most: usize) -> Option<Routed> {
    let sides: Vec<i32> = frames(l, None).iter().flat_map(|f| [f.left, f.right]).collect();
    let (channels, heights) = wires(l, style, &sides)?;
    let crossings = channels.iter().map(|wires| route::crossings(wires)).sum::<usize>() + flat_crossings(l);
    (crossings <= most).then(|| Routed { bands: bands(l, &heights), channels, crossings })
}

/// Lines that pass between the boxes of flat links.
fn flat_crossings(l: &Layout) -> usize {
    let between = |f: &super::layout::Flat| {
        let (a, b) = (l.vertices[f.a].x, l.vertices[f.b].x);
        let inside = |v: &&usize| {
            let other = &l.vertices[**v];
            other.kind == Kind::Trunk && a.min(b) < other.x && other.x < a.max(b)
        };
        l.rows[l.vertices[f.a].rank].iter().filter(inside).count()
    };
    l.flats.iter().map(between).sum()
}

/// Paints; none when the picture cannot be drawn soundly in this layout.
pub(super) fn paint(l: &Layout, style: &Style, routed: &Routed) -> Option<Picture> {
    let Routed { channels, bands, .. } = routed;
    let frames = frames(l, Some(bands));
    let apart = |f: &Frame, g: &Frame| {
        l.nest.within(Some(f.index), g.index) || l.nest.within(Some(g.index), f.index) || !f.overlaps(g)
    };
    if frames.iter().any(|f| frames.iter().any(|g| f.index < g.index && !apart(f, g))) {
        return None;
    }
    let width = l.vertices.iter().map(Vertex::end).chain(frames.iter().map(|f| f.right + 1)).max().unwrap_or(0);
    let wide = channels.iter().flatten().map(|w| w.span().1 + 1).max().unwrap_or(0);
    if width.max(wide) > style.width {
        return None;
    }
    let mut canvas = Canvas::new(bands.rows, width.max(wide), style.ascii);
    compose(&mut canvas, l, style, (bands, &frames), channels);
    let (text, crossings) = canvas.finish()?;
    let text = squeeze(&text, style.ascii);
    Some(Picture { text, crossings })
}

/// Everything onto the canvas, boxes first.
fn compose(canvas: &mut Canvas, l: &Layout, style: &Style, at: (&Bands, &[Frame]), channels: &[Vec<Wire>]) {
    let (bands, frames) = at;
    for f in frames {
        draw_frame(canvas, f);
    }
    for v in &l.vertices {
        draw_vertex(canvas, v, bands, style);
    }
    draw_trunks(canvas, l, bands);
    for (k, wires) in channels.iter().enumerate() {
        wires.iter().for_each(|w| draw_wire(canvas, l, bands, wires, w, bands.tracks[k]));
    }
    draw_pins(canvas, l, bands);
    for i in 0..l.flats.len() {
        draw_flat(canvas, l, bands, i);
    }
    for f in frames {
        draw_title(canvas, l, f);
    }
}

/// Tracks, rows and rows before the first track of each channel.
type Heights = Vec<(i32, i32, i32)>;

/// The wires of all channels with their tracks, and the channels' heights.
fn wires(l: &Layout, style: &Style, sides: &[i32]) -> Option<(Vec<Vec<Wire>>, Heights)> {
    let (mut channels, mut heights) = (Vec::new(), Vec::new());
    for k in 0..l.channels.len() {
        let mut wires = ports::wires(l, k);
        let tracks = route::route(&mut wires, style.width, sides, true)?;
        let texts = |&v: &usize| matches!(l.vertices[v].kind, Kind::Label | Kind::Arrive);
        let labels = i32::from(tracks > 0 && l.rows[k].iter().any(texts));
        heights.push((tracks, tracks + 1 + labels, labels));
        channels.push(wires);
    }
    Some((channels, heights))
}

fn draw_trunks(canvas: &mut Canvas, l: &Layout, bands: &Bands) {
    for (v, vertex) in l.vertices.iter().enumerate().filter(|(_, v)| v.kind == Kind::Trunk) {
        let net = l.pins.iter().find(|p| p.vertex == v).map_or(0, |p| p.net);
        let top = bands.top[vertex.rank];
        (top..top + bands.height[vertex.rank]).for_each(|y| canvas.through(net, y, vertex.x));
    }
}

fn bands(l: &Layout, heights: &[(i32, i32, i32)]) -> Bands {
    let shells = shells(l);
    let opens = |r: usize| shells.iter().filter(|s| s.first == r).map(|s| s.above).max().unwrap_or(0);
    let closes = |r: usize| shells.iter().filter(|s| s.last == r).map(|s| s.below).max().unwrap_or(0);
    let mut out = Bands { top: Vec::new(), height: Vec::new(), tracks: Vec::new(), rows: 0 };
    let mut y = 0;
    for (r, row) in l.rows.iter().enumerate() {
        y += opens(r);
        let tall = |v: &Vertex| {
            if v.note.is_empty() { v.h } else { v.h.max(text_rows(v)) }
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

/// The rows of a frame, and how many borders stand above the first and below the last, its own included.
struct Shell {
    cluster: usize,
    first: usize,
    last: usize,
    above: i32,
    below: i32,
}

fn shells(l: &Layout) -> Vec<Shell> {
    let mut out: Vec<Shell> = Vec::new();
    for c in l.nest.inner_first() {
        let Some((first, last)) = l.spans.get(c).copied().flatten() else { continue };
        let inside = |s: &&Shell| l.nest.around(s.cluster) == Some(c);
        let above = out.iter().filter(inside).filter(|s| s.first == first).map(|s| s.above).max().unwrap_or(0) + 1;
        let below = out.iter().filter(inside).filter(|s| s.last == last).map(|s| s.below).max().unwrap_or(0) + 1;
        out.push(Shell { cluster: c, first, last, above, below });
    }
    out.sort_by_key(|s| s.cluster);
    out
}

fn frames(l: &Layout, bands: Option<&Bands>) -> Vec<Frame> {
    let mut out = Vec::new();
    for Shell { cluster, first, last, above, below } in shells(l) {
        let members = || l.vertices.iter().filter(|v| l.nest.within(v.cluster, cluster));
        let inner = |v: &Vertex| l.margin(v) - 2 * l.nest.depth(Some(cluster));
        out.push(Frame {
            top: bands.map_or(0, |b| b.top[first] - above),
            bottom: bands.map_or(0, |b| b.top[last] + b.height[last] + below - 1),
            left: members().map(|v| v.x - inner(v)).min().unwrap_or(2) - 2,
            right: members().map(|v| v.end() + inner(v)).max().unwrap_or(0) + 1,
            title: l.titles[cluster].clone(),
            index: cluster,
        });
    }
    out
}

/// The row on which lines from above or below meet a vertex.
pub(super) fn edge_row(v: &Vertex, bands: &Bands, below: bool) -> i32 {
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
    w.tops.iter().for_each(|t| canvas.vertical(w.net, t.1, row(t.0, true), y));
    w.bottoms.iter().for_each(|b| canvas.vertical(w.net, b.1, y, row(b.0, false)));
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
    let (a, b, heads) =
        if l.vertices[f.a].x < l.vertices[f.b].x { (f.a, f.b, f.heads) } else { (f.b, f.a, (f.heads.1, f.heads.0)) };
    let same = |g: &&super::layout::Flat| (g.a == f.a && g.b == f.b) || (g.a == f.b && g.b == f.a);
    let all = i32::try_from(l.flats.iter().filter(same).count()).unwrap_or(1);
    let index = i32::try_from(l.flats.iter().take(i).filter(same).count()).unwrap_or(0);
    let (left, right) = (&l.vertices[a], &l.vertices[b]);
    let loops = i32::try_from(left.loops.len()).unwrap_or(0);
    let note = i32::from(!left.note.is_empty());
    let room = if note > 0 { all } else { (left.h.min(right.h) - 2 - (3 * loops - 1).max(0)).max(all) };
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
    let mut starts: Vec<i32> = (x0 + 2 + i32::from(heads.0)..x1 - 1 - size).filter(free).collect();
    starts.sort_by_key(|x| (x - middle).abs());
    let Some(&x) = starts.first() else {
        canvas.sound = false;
        return;
    };
    canvas.text(y, x, &f.label, false);
    canvas.horizontal(net, y, from, x);
    canvas.horizontal(net, y, x + size - 1, to);
}

/// Drops rows that only repeat the vertical lines of the row before, and empty ones: a blank line would end the drawing.
fn squeeze(picture: &str, ascii: bool) -> String {
    let bar = if ascii { '|' } else { '│' };
    let mut out: Vec<&str> = Vec::new();
    for line in picture.lines().filter(|l| !l.is_empty()) {
        let bare = line.chars().all(|c| c == ' ' || c == bar);
        if bare && out.last() == Some(&line) && !ascii {
            continue;
        }
        out.push(line);
    }
    let mut joined = out.join("\n");
    joined.push('\n');
    joined
}
