//! The columns that frames leave: what stands beside a frame on one of its rows stays beside it on all. It moves nothing.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::layout::{Layout, Style, Vertex};

/// What rows of a frame leave for another row, in columns with all frames in between.
#[derive(Clone, Copy)]
pub(super) struct Room {
    cluster: usize,
    /// The frame's own columns: first, and first after it.
    own: (i32, i32),
    /// The columns between what stands left of the frame and right of it.
    free: (i32, i32),
}

/// What each row leaves, of each frame that reaches over it and others; kept while rows move.
pub(super) struct Rooms {
    sides: Sides,
    rows: Vec<Vec<Room>>,
}

impl Rooms {
    pub fn new(l: &Layout) -> Rooms {
        let mut out = Rooms { sides: sides(l), rows: vec![Vec::new(); l.rows.len()] };
        (0..l.rows.len()).for_each(|row| out.note(l, row));
        out
    }

    /// Measures a row anew.
    pub fn note(&mut self, l: &Layout, row: usize) {
        let mut rooms = std::mem::take(&mut self.rows[row]);
        rooms.clear();
        for (cluster, span) in l.spans.iter().enumerate() {
            if span.is_some_and(|(first, last)| first <= row && row <= last && first < last) {
                rooms.push(self.measure(l, cluster, row));
            }
        }
        self.rows[row] = rooms;
    }

    fn measure(&self, l: &Layout, cluster: usize, row: usize) -> Room {
        let around = l.nest.around(cluster);
        let mut room = Room { cluster, own: (i32::MAX / 2, i32::MIN / 2), free: (i32::MIN / 2, i32::MAX / 2) };
        for &w in &l.rows[row] {
            let other = &l.vertices[w];
            let side = self.sides[cluster][w];
            if side == 0 {
                let margin = 2 * (l.nest.depth(other.cluster) - l.nest.depth(around));
                room.own = (room.own.0.min(other.x - margin), room.own.1.max(other.end() + margin));
            } else if around.is_none_or(|outer| l.nest.within(other.cluster, outer)) {
                let margin = beside(l, other, around);
                if side < 0 {
                    room.free.0 = room.free.0.max(other.end() + margin);
                } else {
                    room.free.1 = room.free.1.min(other.x - margin);
                }
            }
        }
        room
    }

    /// What the other rows leave for one.
    pub fn of(&self, row: usize) -> Vec<Room> {
        let mut out = self.rows[row].clone();
        for room in &mut out {
            (room.own, room.free) = ((i32::MAX / 2, i32::MIN / 2), (i32::MIN / 2, i32::MAX / 2));
            let others = self.rows.iter().enumerate().filter(|(other, _)| *other != row);
            for other in others.flat_map(|(_, rooms)| rooms).filter(|other| other.cluster == room.cluster) {
                room.own = (room.own.0.min(other.own.0), room.own.1.max(other.own.1));
                room.free = (room.free.0.max(other.free.0), room.free.1.min(other.free.1));
            }
        }
        out
    }

    /// The columns between which a vertex may stand because of frames that reach over several rows.
    pub fn bounds(&self, l: &Layout, rooms: &[Room], v: usize, style: &Style) -> (i32, i32) {
        let me = &l.vertices[v];
        let (margin, size) = (l.margin(me), me.w + me.ext);
        let (mut low, mut high) = (margin, style.width - size - margin);
        for room in rooms {
            let around = l.nest.around(room.cluster);
            let side = self.sides[room.cluster][v];
            if side == 0 {
                let margin = 2 * (l.nest.depth(me.cluster) - l.nest.depth(around));
                low = low.max(room.free.0 + margin);
                high = high.min(room.free.1 - margin - size);
            } else if around.is_none_or(|outer| l.nest.within(me.cluster, outer)) {
                let margin = beside(l, me, around);
                if side > 0 {
                    low = low.max(room.own.1 + margin);
                } else {
                    high = high.min(room.own.0 - margin - size);
                }
            }
        }
        (low, high)
    }
}

/// Columns between a vertex and a frame that stands with it in the frame `around`: its own frames and a gap.
fn beside(l: &Layout, v: &Vertex, around: Option<usize>) -> i32 {
    let frames = l.nest.depth(v.cluster) - l.nest.depth(around);
    2 * frames + if frames > 0 { l.between_frames } else { 1 }
}

/// For each cluster, on which side of its members a vertex of the same row stands: -1 left, 0 inside, 1 right.
type Sides = Vec<Vec<i8>>;

fn sides(l: &Layout) -> Sides {
    let mut out = vec![vec![1; l.vertices.len()]; l.spans.len()];
    for (c, side) in out.iter_mut().enumerate() {
        for row in &l.rows {
            let mine = |v: &usize| l.nest.within(l.vertices[*v].cluster, c);
            let first = row.iter().position(mine).unwrap_or(0);
            row.iter().take(first).for_each(|&v| side[v] = -1);
            row.iter().filter(|v| mine(v)).for_each(|&v| side[v] = 0);
        }
    }
    out
}
