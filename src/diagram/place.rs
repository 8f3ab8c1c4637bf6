//! Columns: every row by isotonic regression of the columns it would like, within the width and around the frames; then the pins on
//! the borders the same way.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::layout::{Kind, Layout, Style, Vertex};
use super::rooms::{Room, Rooms};
use super::text;

/// Sweeps down and up again by the neighbours on one side, then by those on both.
const ROUND_TRIPS: usize = 5;
const LAST_SWEEPS: usize = 4;

/// Gives every vertex its column; false when the picture does not fit the width.
pub(super) fn place(l: &mut Layout, style: &Style) -> bool {
    let gaps = gaps(l, style);
    let mut rooms = Rooms::new(l);
    if !pack(l, &gaps, &mut rooms, style) {
        return false;
    }
    let around = neighbours(l);
    let mut work = Settling::default();
    // A round trip that moves nothing would go on moving nothing.
    let mut still = 0;
    for _ in 0..ROUND_TRIPS {
        still = if work.sweep(l, (Some(&around.0), None), true, (&gaps, &mut rooms, style)) { 0 } else { still + 1 };
        still = if work.sweep(l, (None, Some(&around.1)), false, (&gaps, &mut rooms, style)) { 0 } else { still + 1 };
        if still > 1 {
            break;
        }
    }
    for sweep in 0..LAST_SWEEPS {
        if !work.sweep(l, (Some(&around.0), Some(&around.1)), sweep % 2 == 0, (&gaps, &mut rooms, style)) {
            break;
        }
    }
    straighten(l, &around, (&gaps, &mut rooms, style));
    let least = l.vertices.iter().map(|v| v.x - l.margin(v)).min().unwrap_or(0);
    l.vertices.iter_mut().for_each(|v| v.x -= least);
    true
}

/// Whether the rows may fit the width in some order: boxes side by side keep their gap, everything else a blank at least.
pub(super) fn possible(l: &Layout, style: &Style) -> bool {
    l.rows.iter().all(|row| {
        let size: i32 = row.iter().map(|&v| l.vertices[v].w + l.vertices[v].ext).sum();
        let boxes = row.iter().filter(|&&v| l.vertices[v].kind == Kind::Box).count();
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX / 64);
        let apart = count((2 * boxes).saturating_sub(row.len() + 1));
        size + count(row.len().saturating_sub(1)) + apart * (style.gap - 1) <= style.width
    })
}

/// Blanks needed before each vertex of a row, after its left neighbour.
fn gaps(l: &Layout, style: &Style) -> Vec<i32> {
    let mut out = vec![0; l.vertices.len()];
    for row in &l.rows {
        for w in row.windows(2) {
            out[w[1]] = gap(l, w[0], w[1], style);
        }
        if let Some(&first) = row.first() {
            out[first] = l.margin(&l.vertices[first]);
        }
    }
    for f in &l.flats {
        let row = &l.rows[l.vertices[f.a].rank];
        let at = |v: usize| row.iter().position(|&w| w == v).unwrap_or(0);
        let left = at(f.a).min(at(f.b));
        if let Some(&next) = row.get(left + 1) {
            let (closed, opened) = l.nest.between(l.vertices[row[left]].cluster, l.vertices[next].cluster);
            let label = text::width(&f.label);
            out[next] = out[next].max(label + 4 + i32::from(label == 0) + 2 * (closed + opened));
        }
    }
    out
}

fn gap(l: &Layout, a: usize, b: usize, style: &Style) -> i32 {
    let (a, b) = (&l.vertices[a], &l.vertices[b]);
    let slim = |v: &Vertex| matches!(v.kind, Kind::Trunk | Kind::Spacer);
    let (closed, opened) = l.nest.between(a.cluster, b.cluster);
    let frames = 2 * (closed + opened);
    let remark = if a.note.is_empty() || !slim(b) { 0 } else { 2 };
    let between = match (a.kind, b.kind) {
        _ if closed > 0 && opened > 0 => l.between_frames,
        _ if frames > 0 => 1,
        (Kind::Box, Kind::Box) => style.gap,
        _ if slim(a) || slim(b) => 1 + i32::from(matches!(a.kind, Kind::Label) || matches!(b.kind, Kind::Label)),
        _ => 2,
    };
    between + frames + remark
}

/// The leftmost lawful columns; false when they pass the width.
fn pack(l: &mut Layout, gaps: &[i32], rooms: &mut Rooms, style: &Style) -> bool {
    for _ in 0..=l.spans.len() * 4 + 4 {
        let mut moved = false;
        for row in 0..l.rows.len() {
            let mut end = 0;
            let others = rooms.of(row);
            for i in 0..l.rows[row].len() {
                let v = l.rows[row][i];
                let low = rooms.bounds(l, &others, v, style).0;
                let x = (end + gaps[v]).max(l.vertices[v].x).max(low);
                moved |= x != l.vertices[v].x;
                l.vertices[v].x = x;
                end = l.vertices[v].end();
            }
            rooms.note(l, row);
        }
        if !moved {
            break;
        }
    }
    l.vertices.iter().all(|v| v.end() + l.margin(v) <= style.width) && lawful(l, gaps)
}

fn lawful(l: &Layout, gaps: &[i32]) -> bool {
    l.rows.iter().all(|row| row.windows(2).all(|w| l.vertices[w[1]].x >= l.vertices[w[0]].end() + gaps[w[1]]))
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

/// Sets vertices right above and below each other where a line joins just these two and nothing stands in the way: first the upper
/// one moves, then the lower one.
fn straighten(l: &mut Layout, around: &(Around, Around), (gaps, rooms, style): (&[i32], &mut Rooms, &Style)) {
    for up in [true, false] {
        for k in 0..l.rows.len() {
            let row = if up { l.rows.len() - 1 - k } else { k };
            for at in 0..l.rows[row].len() {
                let v = l.rows[row][at];
                let (mine, theirs) = if up { (&around.1, &around.0) } else { (&around.0, &around.1) };
                if let [(w, _)] = mine[v].as_slice()
                    && theirs[*w].len() == 1
                {
                    let x = l.vertices[*w].center() - (l.vertices[v].w - 1) / 2;
                    shift(l, (row, at), x, (gaps, rooms, style));
                }
            }
        }
    }
}

/// Moves a vertex to a column where that is lawful.
fn shift(l: &mut Layout, (row, at): (usize, usize), x: i32, (gaps, rooms, style): (&[i32], &mut Rooms, &Style)) {
    let members = &l.rows[row];
    let v = members[at];
    let before = at.checked_sub(1).map_or(i32::MIN, |i| l.vertices[members[i]].end() + gaps[v]);
    let size = l.vertices[v].w + l.vertices[v].ext;
    let after = members.get(at + 1).map_or(i32::MAX, |&w| l.vertices[w].x - gaps[w] - size);
    if x == l.vertices[v].x || x < before || x > after {
        return;
    }
    let (low, high) = rooms.bounds(l, &rooms.of(row), v, style);
    if low <= x && x <= high {
        l.vertices[v].x = x;
        rooms.note(l, row);
    }
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
        (gaps, rooms, style): (&[i32], &mut Rooms, &Style),
    ) -> bool {
        let rows = l.rows.len();
        let mut moved = false;
        for k in 0..rows {
            let row = if down { k } else { rows - 1 - k };
            let members = std::mem::take(&mut l.rows[row]);
            let others = rooms.of(row);
            let changed = self.settle(l, &members, around, (gaps, (rooms, &others), style));
            l.rows[row] = members;
            if changed {
                rooms.note(l, row);
            }
            moved |= changed;
        }
        moved
    }

    /// Moves a row to its wishes as far as order, gaps and bounds allow.
    fn settle(
        &mut self,
        l: &mut Layout,
        members: &[usize],
        around: (Option<&Around>, Option<&Around>),
        (gaps, (rooms, others), style): (&[i32], (&Rooms, &[Room]), &Style),
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
            let (low, high) = rooms.bounds(l, others, v, style);
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
