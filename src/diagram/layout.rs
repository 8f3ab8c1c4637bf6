//! The layered picture: vertices on rows, nets with their pins, trunks where a net passes a row. Filled by this module from links and
//! rows; ordered, placed and routed by its neighbours.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::nest::Nest;
use super::text;

/// How one attempt draws.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub ascii: bool,
    /// Most columns of a row.
    pub width: i32,
    /// Most columns of a label's line.
    pub wrap: i32,
    /// Blanks between label and border.
    pub pad: i32,
    /// Columns between boxes.
    pub gap: i32,
    /// Columns that the row scheduler may fill.
    pub budget: i32,
    /// Columns that it keeps free for a passing line.
    pub lane: i32,
    /// A node with that many plain callers gets them on one joined line; 0: never.
    pub fan_in: usize,
    /// Draw frames.
    pub frames: bool,
    /// Let links lie flat.
    pub flats: bool,
    /// Order the rows from the bottom first.
    pub upward: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Box,
    Arrive,
    Leave,
    Label,
    Trunk,
    /// Keeps a frame's place on a row where none of its nodes stands.
    Spacer,
}

/// Words of a vertex, shared by the copies of a layout.
pub(super) type Lines = std::rc::Rc<[String]>;

#[derive(Debug, Clone)]
pub(super) struct Vertex {
    pub kind: Kind,
    pub lines: Lines,
    pub loops: Lines,
    pub note: Lines,
    /// Rows below the upper border that flat links use.
    pub shelf: i32,
    /// Columns of box or text; what stands to the right of it takes `ext` more.
    pub w: i32,
    pub ext: i32,
    pub h: i32,
    pub cluster: Option<usize>,
    pub rank: usize,
    pub x: i32,
}

impl Vertex {
    /// One column without words: a trunk or a spacer.
    pub fn slim(kind: Kind, cluster: Option<usize>, rank: usize) -> Vertex {
        let none = Lines::default;
        Vertex { kind, lines: none(), loops: none(), note: none(), shelf: 0, w: 1, ext: 0, h: 1, cluster, rank, x: 0 }
    }

    pub fn center(&self) -> i32 {
        self.x + (self.w - 1) / 2
    }

    pub fn end(&self) -> i32 {
        self.x + self.w + self.ext
    }
}

/// Where a net meets the upper or lower side of a vertex.
#[derive(Debug, Clone)]
pub(super) struct Pin {
    pub vertex: usize,
    /// On the lower side of its vertex.
    pub below: bool,
    pub head: bool,
    pub net: usize,
    pub col: i32,
}

/// The pins of one net in one channel. One of the two sides has exactly one.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub net: usize,
    pub tops: Vec<usize>,
    pub bottoms: Vec<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Flat {
    pub a: usize,
    pub b: usize,
    pub heads: (bool, bool),
    pub label: String,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    pub vertices: Vec<Vertex>,
    /// Vertices of each row, left to right.
    pub rows: Vec<Vec<usize>>,
    pub pins: Vec<Pin>,
    /// Segments between each row and the next.
    pub channels: Vec<Vec<Segment>>,
    pub flats: Vec<Flat>,
    pub nets: usize,
    /// First and last row of each cluster; none when it has no nodes here.
    pub spans: Vec<Option<(usize, usize)>>,
    pub titles: Vec<String>,
    pub nest: std::rc::Rc<Nest>,
    /// Columns between two frames.
    pub between_frames: i32,
}

/// A net before trunks: one hub, far ends all below it or all above it.
pub(super) struct Net {
    pub hub: usize,
    pub hub_head: bool,
    pub far: Vec<(usize, bool)>,
    pub label: String,
}

impl Layout {
    /// Numbers the rows without gaps.
    pub fn compress(&mut self) {
        let mut used: Vec<usize> = self.vertices.iter().map(|v| v.rank).collect();
        used.sort_unstable();
        used.dedup();
        for v in &mut self.vertices {
            v.rank = used.binary_search(&v.rank).unwrap_or(0);
        }
    }

    pub fn find_spans(&mut self) {
        for v in &self.vertices {
            for &c in self.nest.path(v.cluster.filter(|_| v.kind != Kind::Label)) {
                let span = self.spans[c].get_or_insert((v.rank, v.rank));
                *span = (span.0.min(v.rank), span.1.max(v.rank));
            }
        }
        for v in 0..self.vertices.len() {
            if self.vertices[v].kind == Kind::Label {
                self.vertices[v].cluster = self.standing(self.vertices[v].cluster, self.vertices[v].rank);
            }
        }
    }

    /// The innermost of the clusters around a place whose frame reaches over a row.
    fn standing(&self, place: Option<usize>, rank: usize) -> Option<usize> {
        self.nest.path(place).iter().rev().copied().find(|&c| self.covers(c, rank))
    }

    fn covers(&self, c: usize, rank: usize) -> bool {
        self.spans[c].is_some_and(|(first, last)| first <= rank && rank <= last)
    }

    /// Columns that frames take on one side of a vertex.
    pub fn margin(&self, v: &Vertex) -> i32 {
        2 * self.nest.depth(v.cluster)
    }

    /// Lays a net through the channels, with a trunk (or its label) on every row between.
    pub fn thread(&mut self, net: usize, n: &Net, label: Option<usize>) {
        let hub_rank = self.vertices[n.hub].rank;
        let down = n.far.iter().all(|f| self.vertices[f.0].rank > hub_rank);
        let last = n.far.iter().map(|f| self.vertices[f.0].rank);
        let last = if down { last.max() } else { last.min() }.unwrap_or(hub_rank);
        let mut near = self.pin(n.hub, down, n.hub_head, net);
        let mut rank = hub_rank;
        while rank != last {
            let next = if down { rank + 1 } else { rank - 1 };
            let here: Vec<(usize, bool)> = n.far.iter().copied().filter(|f| self.vertices[f.0].rank == next).collect();
            let mut ends: Vec<usize> = here.iter().map(|f| self.pin(f.0, !down, f.1, net)).collect();
            let mut on = None;
            if next != last {
                let carrier = label.filter(|&l| self.vertices[l].rank == next);
                let v = carrier.unwrap_or_else(|| self.trunk(n, next, down));
                ends.push(self.pin(v, !down, false, net));
                on = Some(self.pin(v, down, false, net));
            }
            let (tops, bottoms) = if down { (vec![near], ends) } else { (ends, vec![near]) };
            self.channels[rank.min(next)].push(Segment { net, tops, bottoms });
            near = on.unwrap_or(near);
            rank = next;
        }
    }

    fn pin(&mut self, vertex: usize, below: bool, head: bool, net: usize) -> usize {
        self.pins.push(Pin { vertex, below, head, net, col: 0 });
        self.pins.len() - 1
    }

    /// A trunk stands inside a frame when all that it still has to reach is inside, or while it has not yet left its own.
    fn trunk(&mut self, n: &Net, rank: usize, down: bool) -> usize {
        let beyond = |v: usize| {
            if down { self.vertices[v].rank > rank } else { self.vertices[v].rank < rank }
        };
        let mut clusters: Vec<Option<usize>> =
            n.far.iter().filter(|f| beyond(f.0)).map(|f| self.vertices[f.0].cluster).collect();
        clusters.sort_unstable();
        clusters.dedup();
        let goal = clusters.iter().copied().reduce(|a, b| self.nest.common(a, b)).flatten();
        let goal = self.standing(goal, rank);
        let own = self.standing(self.vertices[n.hub].cluster, rank);
        self.vertices.push(Vertex::slim(Kind::Trunk, goal.or(own), rank));
        self.vertices.len() - 1
    }

    /// A box is wide enough for its arrows, two columns each.
    pub fn widen(&mut self) {
        let mut count = vec![(0i32, 0i32); self.vertices.len()];
        for p in &self.pins {
            let c = &mut count[p.vertex];
            if p.below { c.1 += 1 } else { c.0 += 1 }
        }
        for (v, (above, below)) in self.vertices.iter_mut().zip(count) {
            if v.kind == Kind::Box {
                v.w = v.w.max(2 * above.max(below) + 1);
            }
        }
    }

    /// A frame has room for its title and a line beside it: the one box on its first row grows, or else its widest.
    pub fn widen_for_titles(&mut self) {
        for (c, title) in self.titles.iter().enumerate() {
            let Some((first, _)) = self.spans[c] else {
                continue;
            };
            let members: Vec<usize> = (0..self.vertices.len())
                .filter(|&v| self.nest.within(self.vertices[v].cluster, c) && self.vertices[v].kind == Kind::Box)
                .collect();
            let top: Vec<usize> = members.iter().copied().filter(|&v| self.vertices[v].rank == first).collect();
            let inner = |v: usize| self.nest.depth(self.vertices[v].cluster) - self.nest.depth(Some(c));
            let size = |v: usize| self.vertices[v].w + self.vertices[v].ext + 4 * inner(v);
            let chosen = match top.as_slice() {
                [only] if self.pins.iter().any(|p| p.vertex == *only && !p.below) => Some(*only),
                _ => members.iter().copied().max_by_key(|&v| (size(v), usize::MAX - v)),
            };
            let Some(v) = chosen else { continue };
            let need = text::width(title) + 5;
            let more = need - size(v);
            if more > 0 {
                self.vertices[v].w += more;
            }
        }
    }

    pub fn add_spacers(&mut self) {
        for c in self.nest.inner_first() {
            let Some((first, last)) = self.spans[c] else {
                continue;
            };
            for rank in first..=last {
                if !self.vertices.iter().any(|v| v.rank == rank && self.nest.within(v.cluster, c)) {
                    self.vertices.push(Vertex::slim(Kind::Spacer, Some(c), rank));
                }
            }
        }
    }
}
