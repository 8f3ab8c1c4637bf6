//! Columns: every row by isotonic regression of the columns it would like, within the width and around the frames; then the pins on
//! the borders the same way.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::layout::{Kind, Layout, Style, Vertex};
use super::text;

/// Gives every vertex its column; false when the picture does not fit the width.
pub(super) fn place(l: &mut Layout, style: &Style) -> bool {
    let gaps = gaps(l, style);
    if !pack(l, &gaps, style) {
        return false;
    }
    let (above, below) = neighbours(l);
    let rows = l.rows.len();
    for sweep in 0..14 {
        let down = sweep % 2 == 0;
        for k in 0..rows {
            let row = if down { k } else { rows - 1 - k };
            let last = sweep >= 10;
            let wish = wishes(
                l,
                row,
                if down || last { Some(&above) } else { None },
                if !down || last { Some(&below) } else { None },
            );
            settle(l, row, &wish, &gaps, style);
        }
    }
    let least = l.vertices.iter().map(|v| v.x - frame_left(v)).min().unwrap_or(0);
    l.vertices.iter_mut().for_each(|v| v.x -= least);
    true
}

/// Columns that a frame takes left of a vertex.
fn frame_left(v: &Vertex) -> i32 {
    if v.cluster.is_some() { 2 } else { 0 }
}

/// Blanks needed before each vertex of a row, after its left neighbour.
fn gaps(l: &Layout, style: &Style) -> Vec<i32> {
    let mut out = vec![0; l.vertices.len()];
    for row in &l.rows {
        for w in row.windows(2) {
            out[w[1]] = gap(l, w[0], w[1], style);
        }
        if let Some(&first) = row.first() {
            out[first] = frame_left(&l.vertices[first]);
        }
    }
    for f in &l.flats {
        let row = &l.rows[l.vertices[f.a].rank];
        let at = |v: usize| row.iter().position(|&w| w == v).unwrap_or(0);
        let left = at(f.a).min(at(f.b));
        if let Some(&next) = row.get(left + 1) {
            let frames = gap(l, row[left], next, style) - style.gap;
            let label = text::width(&f.label);
            out[next] = out[next].max(label + 4 + i32::from(label == 0) + frames.max(0));
        }
    }
    out
}

fn gap(l: &Layout, a: usize, b: usize, style: &Style) -> i32 {
    let (a, b) = (&l.vertices[a], &l.vertices[b]);
    let slim = |v: &Vertex| matches!(v.kind, Kind::Trunk | Kind::Spacer);
    let frames =
        if a.cluster == b.cluster { 0 } else { 2 * (i32::from(a.cluster.is_some()) + i32::from(b.cluster.is_some())) };
    let remark = if a.note.is_empty() || !slim(b) { 0 } else { 2 };
    let between = match (a.kind, b.kind) {
        _ if frames > 2 => l.between_frames,
        _ if frames > 0 => 1,
        (Kind::Box, Kind::Box) => style.gap,
        _ if slim(a) || slim(b) => 1 + i32::from(matches!(a.kind, Kind::Label) || matches!(b.kind, Kind::Label)),
        _ => 2,
    };
    between + frames + remark
}

/// The leftmost lawful columns; false when they pass the width.
fn pack(l: &mut Layout, gaps: &[i32], style: &Style) -> bool {
    for _ in 0..=l.spans.len() * 4 + 4 {
        let mut moved = false;
        for row in 0..l.rows.len() {
            let mut end = 0;
            for i in 0..l.rows[row].len() {
                let v = l.rows[row][i];
                let x = (end + gaps[v]).max(l.vertices[v].x).max(bounds(l, v, style).0);
                moved |= x != l.vertices[v].x;
                l.vertices[v].x = x;
                end = l.vertices[v].end();
            }
        }
        if !moved {
            break;
        }
    }
    l.vertices.iter().all(|v| v.end() + frame_left(v) <= style.width) && lawful(l, gaps)
}

fn lawful(l: &Layout, gaps: &[i32]) -> bool {
    l.rows.iter().all(|row| row.windows(2).all(|w| l.vertices[w[1]].x >= l.vertices[w[0]].end() + gaps[w[1]]))
}

/// The columns between which a vertex may stand because of frames that reach over several rows.
fn bounds(l: &Layout, v: usize, style: &Style) -> (i32, i32) {
    let me = &l.vertices[v];
    let margin = frame_left(me);
    let (mut low, mut high) = (margin, style.width - me.w - me.ext - margin);
    for (c, span) in l.spans.iter().enumerate() {
        let Some((first, last)) = *span else { continue };
        if me.rank < first || me.rank > last {
            continue;
        }
        let inside = me.cluster == Some(c);
        let mine = position(l, v, c);
        for rank in (first..=last).filter(|&r| r != me.rank) {
            for &w in &l.rows[rank] {
                let other = &l.vertices[w];
                let within = other.cluster == Some(c);
                let side = position(l, w, c);
                let apart = if me.cluster.is_some() && other.cluster.is_some() { l.between_frames } else { 1 };
                let space = apart + frame_left(me) + frame_left(other);
                if inside == within {
                    continue;
                }
                if (inside && side < 0) || (within && mine >= 0) {
                    low = low.max(other.end() + space);
                } else {
                    high = high.min(other.x - space - me.w - me.ext);
                }
            }
        }
    }
    (low, high)
}

/// On which side of a cluster's members a vertex of the same row stands: -1 left, 0 inside, 1 right.
fn position(l: &Layout, v: usize, c: usize) -> i32 {
    let me = &l.vertices[v];
    if me.cluster == Some(c) {
        return 0;
    }
    let row = &l.rows[me.rank];
    let mine = row.iter().position(|&w| w == v);
    let first = row.iter().position(|&w| l.vertices[w].cluster == Some(c));
    if mine < first { -1 } else { 1 }
}

/// Neighbours of each vertex in one direction, with weights.
type Around = Vec<Vec<(usize, i32)>>;

fn neighbours(l: &Layout) -> (Around, Around) {
    let n = l.vertices.len();
    let (mut above, mut below) = (vec![Vec::new(); n], vec![Vec::new(); n]);
    for s in l.channels.iter().flatten() {
        for &t in &s.tops {
            for &b in &s.bottoms {
                let (u, v) = (l.pins[t].vertex, l.pins[b].vertex);
                let slim = |v: usize| i32::from(matches!(l.vertices[v].kind, Kind::Trunk | Kind::Label));
                let weight = 1 + 2 * slim(u) + 2 * slim(v);
                below[u].push((v, weight));
                above[v].push((u, weight));
            }
        }
    }
    (above, below)
}

/// For each vertex of a row the left column it would like and how much.
fn wishes(l: &Layout, row: usize, above: Option<&Around>, below: Option<&Around>) -> Vec<(f64, f64)> {
    l.rows[row]
        .iter()
        .map(|&v| {
            let me = &l.vertices[v];
            let (mut sum, mut weight) = (0.0, 0.0);
            for around in [above, below].into_iter().flatten() {
                for &(w, k) in &around[v] {
                    sum += f64::from(k) * f64::from(l.vertices[w].center());
                    weight += f64::from(k);
                }
            }
            let half = f64::from((me.w - 1) / 2);
            if weight > 0.0 { (sum / weight - half, weight) } else { (f64::from(me.x), 0.1) }
        })
        .collect()
}

/// Moves a row to its wishes as far as order, gaps and bounds allow.
fn settle(l: &mut Layout, row: usize, wish: &[(f64, f64)], gaps: &[i32], style: &Style) {
    let members = l.rows[row].clone();
    let mut offset = Vec::new();
    let mut at = 0;
    for (i, &v) in members.iter().enumerate() {
        if i > 0 {
            let before = &l.vertices[members[i - 1]];
            at += before.w + before.ext + gaps[v];
        }
        offset.push(at);
    }
    let mut low = Vec::new();
    let mut high = Vec::new();
    for (i, &v) in members.iter().enumerate() {
        let (a, b) = if l.spans.is_empty() {
            (0, style.width - l.vertices[v].w - l.vertices[v].ext)
        } else {
            bounds(l, v, style)
        };
        low.push(a - offset[i]);
        high.push(b - offset[i]);
    }
    for i in 1..members.len() {
        low[i] = low[i].max(low[i - 1]);
        let k = members.len() - 1 - i;
        high[k] = high[k].min(high[k + 1]);
    }
    let targets: Vec<(f64, f64)> = wish.iter().zip(&offset).map(|(w, o)| (w.0 - f64::from(*o), w.1)).collect();
    for (i, y) in isotonic(&targets).into_iter().enumerate() {
        let x = y.min(high[i]).max(low[i]);
        l.vertices[members[i]].x = x + offset[i];
    }
}

/// The non-decreasing integers nearest to the targets, by pooling adjacent violators.
pub(super) fn isotonic(targets: &[(f64, f64)]) -> Vec<i32> {
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for &(t, w) in targets {
        blocks.push((t, w, 1));
        while let [.., a, b] = blocks.as_slice() {
            if a.0 <= b.0 {
                break;
            }
            let weight = a.1 + b.1;
            let merged = ((a.0 * a.1 + b.0 * b.1) / weight, weight, a.2 + b.2);
            blocks.truncate(blocks.len() - 2);
            blocks.push(merged);
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "columns are far below the limits of i32")]
    let round = |t: f64| (t - 0.001).round() as i32;
    blocks.iter().flat_map(|b| std::iter::repeat_n(round(b.0), b.2)).collect()
}
