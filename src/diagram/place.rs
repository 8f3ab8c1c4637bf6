//! Columns: every row by isotonic regression of the columns it would like, within the width and around the frames; then the pins on
//! the borders the same way.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::layout::{Kind, Layout, Style, Vertex};
use super::text;

/// Sweeps down and up again by the neighbours on one side, then by those on both.
const ROUND_TRIPS: usize = 5;
const LAST_SWEEPS: usize = 4;

/// Gives every vertex its column; false when the picture does not fit the width.
pub(super) fn place(l: &mut Layout, style: &Style) -> bool {
    let gaps = gaps(l, style);
    let sides = sides(l);
    if !pack(l, &gaps, &sides, style) {
        return false;
    }
    let around = neighbours(l);
    let mut work = Settling::default();
    // A round trip that moves nothing would go on moving nothing.
    let mut still = 0;
    for _ in 0..ROUND_TRIPS {
        still = if work.sweep(l, (Some(&around.0), None), true, (&gaps, &sides, style)) { 0 } else { still + 1 };
        still = if work.sweep(l, (None, Some(&around.1)), false, (&gaps, &sides, style)) { 0 } else { still + 1 };
        if still > 1 {
            break;
        }
    }
    for sweep in 0..LAST_SWEEPS {
        if !work.sweep(l, (Some(&around.0), Some(&around.1)), sweep % 2 == 0, (&gaps, &sides, style)) {
            break;
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
fn pack(l: &mut Layout, gaps: &[i32], sides: &Sides, style: &Style) -> bool {
    for _ in 0..=l.spans.len() * 4 + 4 {
        let mut moved = false;
        for row in 0..l.rows.len() {
            let mut end = 0;
            for i in 0..l.rows[row].len() {
                let v = l.rows[row][i];
                let low = bounds(l, sides, v, style).0;
                let x = (end + gaps[v]).max(l.vertices[v].x).max(low);
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
fn bounds(l: &Layout, sides: &Sides, v: usize, style: &Style) -> (i32, i32) {
    let me = &l.vertices[v];
    let margin = frame_left(me);
    let (mut low, mut high) = (margin, style.width - me.w - me.ext - margin);
    for (c, span) in l.spans.iter().enumerate() {
        let Some((first, last)) = *span else { continue };
        if me.rank < first || me.rank > last {
            continue;
        }
        let inside = me.cluster == Some(c);
        let mine = sides[c][v];
        for rank in (first..=last).filter(|&r| r != me.rank) {
            for &w in &l.rows[rank] {
                let other = &l.vertices[w];
                let within = other.cluster == Some(c);
                let side = sides[c][w];
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

/// For each cluster, on which side of its members a vertex of the same row stands: -1 left, 0 inside, 1 right.
type Sides = Vec<Vec<i8>>;

fn sides(l: &Layout) -> Sides {
    let mut out = vec![vec![1; l.vertices.len()]; l.spans.len()];
    for (c, side) in out.iter_mut().enumerate() {
        for row in &l.rows {
            let mine = |v: &usize| l.vertices[*v].cluster == Some(c);
            let first = row.iter().position(mine).unwrap_or(0);
            row.iter().take(first).for_each(|&v| side[v] = -1);
            row.iter().filter(|v| mine(v)).for_each(|&v| side[v] = 0);
        }
    }
    out
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

/// What settling a row needs, kept between rows.
#[derive(Default)]
struct Settling {
    /// For each vertex the left column it would like, less its offset, and how much.
    wishes: Vec<(f64, f64)>,
    offset: Vec<i32>,
    low: Vec<i32>,
    high: Vec<i32>,
    blocks: Blocks,
    columns: Vec<i32>,
}

impl Settling {
    /// Settles all rows; true when a vertex moved.
    fn sweep(
        &mut self,
        l: &mut Layout,
        around: (Option<&Around>, Option<&Around>),
        down: bool,
        how: (&[i32], &Sides, &Style),
    ) -> bool {
        let rows = l.rows.len();
        let mut moved = false;
        for k in 0..rows {
            let row = if down { k } else { rows - 1 - k };
            let members = std::mem::take(&mut l.rows[row]);
            moved |= self.settle(l, &members, around, how);
            l.rows[row] = members;
        }
        moved
    }

    /// Moves a row to its wishes as far as order, gaps and bounds allow.
    fn settle(
        &mut self,
        l: &mut Layout,
        members: &[usize],
        around: (Option<&Around>, Option<&Around>),
        (gaps, sides, style): (&[i32], &Sides, &Style),
    ) -> bool {
        self.offset.clear();
        self.low.clear();
        self.high.clear();
        self.wishes.clear();
        let mut at = 0;
        for (i, &v) in members.iter().enumerate() {
            if i > 0 {
                let before = &l.vertices[members[i - 1]];
                at += before.w + before.ext + gaps[v];
            }
            let (low, high) = if l.spans.is_empty() {
                (0, style.width - l.vertices[v].w - l.vertices[v].ext)
            } else {
                bounds(l, sides, v, style)
            };
            let (wish, weight) = wish(l, v, around);
            self.wishes.push((wish - f64::from(at), weight));
            self.offset.push(at);
            self.low.push(low - at);
            self.high.push(high - at);
        }
        for i in 1..members.len() {
            self.low[i] = self.low[i].max(self.low[i - 1]);
            let k = members.len() - 1 - i;
            self.high[k] = self.high[k].min(self.high[k + 1]);
        }
        isotonic(&self.wishes, &mut self.blocks, &mut self.columns);
        let mut moved = false;
        for (i, &y) in self.columns.iter().enumerate() {
            let x = y.min(self.high[i]).max(self.low[i]) + self.offset[i];
            moved |= l.vertices[members[i]].x != x;
            l.vertices[members[i]].x = x;
        }
        moved
    }
}

/// The left column that a vertex would like and how much.
fn wish(l: &Layout, v: usize, around: (Option<&Around>, Option<&Around>)) -> (f64, f64) {
    let me = &l.vertices[v];
    let (mut sum, mut weight) = (0.0, 0.0);
    for around in [around.0, around.1].into_iter().flatten() {
        for &(w, k) in &around[v] {
            sum += f64::from(k) * f64::from(l.vertices[w].center());
            weight += f64::from(k);
        }
    }
    if weight > 0.0 { (sum / weight - f64::from((me.w - 1) / 2), weight) } else { (f64::from(me.x), 0.1) }
}

/// Scratch of `isotonic`: mean, weight and length of each block.
pub(super) type Blocks = Vec<(f64, f64, usize)>;

/// The non-decreasing integers nearest to the targets, by pooling adjacent violators.
pub(super) fn isotonic(targets: &[(f64, f64)], blocks: &mut Blocks, out: &mut Vec<i32>) {
    blocks.clear();
    out.clear();
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
    out.extend(blocks.iter().flat_map(|b| std::iter::repeat_n(round(b.0), b.2)));
}
