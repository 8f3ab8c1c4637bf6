//! The layered picture: vertices on rows, nets with their pins, trunks where a net passes a row. Filled by this module from links and
//! rows; ordered, placed and routed by its neighbours.
#![expect(
    clippy::indexing_slicing,
    reason = "indices are made here, against vectors of the same length"
)]

use super::graph::{Link, Links, Role, Spec};
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

#[derive(Debug, Clone)]
pub(super) struct Vertex {
    pub kind: Kind,
    pub lines: Vec<String>,
    pub loops: Vec<String>,
    pub note: Vec<String>,
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
    /// Columns between two frames.
    pub between_frames: i32,
}

/// A net before trunks: one hub, far ends all below it or all above it.
struct Net {
    hub: usize,
    hub_head: bool,
    far: Vec<(usize, bool)>,
    label: String,
}

/// The vertices of a picture's nodes, not yet on rows.
pub(super) fn vertices(spec: &Spec, links: &Links, style: &Style) -> Vec<Vertex> {
    let mut out: Vec<Vertex> = spec
        .nodes
        .iter()
        .map(|n| node_vertex(n.role, &n.label, n.cluster, style))
        .collect();
    for (v, (node, loops)) in out.iter_mut().zip(spec.nodes.iter().zip(&links.loops)) {
        v.loops = loops.clone();
        if !node.note.is_empty() {
            let room = if style.wrap > 14 {
                style.width * 2 / 5
            } else {
                style.width / 4
            };
            v.note = text::wrap_words(&node.note, room.max(12));
        }
    }
    let plain = |v: usize, l: &Link| l.upper == v || l.lower == v;
    for (v, vertex) in out
        .iter_mut()
        .enumerate()
        .filter(|(_, x)| x.kind == Kind::Box)
    {
        let side = |other: &dyn Fn(&Link) -> usize| {
            let mut ends: Vec<usize> = links
                .flat
                .iter()
                .filter(|l| plain(v, l))
                .map(other)
                .collect();
            ends.sort_unstable();
            let most = ends
                .chunk_by(|a, b| a == b)
                .map(<[usize]>::len)
                .max()
                .unwrap_or(0);
            i32::try_from(most).unwrap_or(0)
        };
        let flats = side(&|l| if l.upper == v { l.lower } else { l.upper });
        finish_box(vertex, flats, style.ascii);
    }
    out
}

fn node_vertex(role: Role, label: &[String], cluster: Option<usize>, style: &Style) -> Vertex {
    let (kind, lines) = match role {
        Role::Box => (Kind::Box, text::wrap(label, style.wrap)),
        Role::Arrive => (Kind::Arrive, label.to_vec()),
        Role::Leave => (Kind::Leave, label.to_vec()),
    };
    let wide = text::widest(&lines);
    let tall = i32::try_from(lines.len()).unwrap_or(1);
    let (w, h) = match kind {
        Kind::Box => ((wide + 2 + 2 * style.pad).max(5), tall + 2),
        Kind::Leave => (wide, 2),
        _ => (wide, 1),
    };
    Vertex {
        kind,
        lines,
        loops: Vec::new(),
        note: Vec::new(),
        shelf: 0,
        w,
        ext: 0,
        h,
        cluster,
        rank: 0,
        x: 0,
    }
}

/// Room at the right for self loops and note; `flats` links need rows of their own.
fn finish_box(v: &mut Vertex, flats: i32, ascii: bool) {
    v.shelf = flats;
    let loops = i32::try_from(v.loops.len()).unwrap_or(0);
    let note = i32::try_from(v.note.len()).unwrap_or(0);
    v.h =
        v.h.max(2 + flats + (3 * loops - 1).max(0) + i32::from(note > 0 && flats > 0));
    if loops > 0 {
        let label = text::widest(&v.loops);
        v.ext += 3 + if label > 0 { label + 1 } else { 0 };
    }
    if note > 0 {
        v.ext += 3 + i32::from(ascii) + text::widest(&v.note) + if loops > 0 { 1 } else { 0 };
    }
}

/// Puts vertices on rows and nets between them.
pub(super) fn build(
    spec: &Spec,
    links: &Links,
    ranks: &[usize],
    mut vertices: Vec<Vertex>,
    style: &Style,
) -> Layout {
    let mut nets = nets(links, ranks, &vertices, style);
    for (v, r) in vertices.iter_mut().zip(ranks) {
        v.rank = 2 * r;
    }
    let labels = add_labels(&mut nets, &mut vertices, style);
    let mut out = Layout {
        vertices,
        titles: spec.clusters.clone(),
        nets: nets.len(),
        ..Layout::default()
    };
    out.spans = vec![None; spec.clusters.len()];
    out.compress();
    if style.frames {
        out.find_spans();
    } else {
        out.vertices.iter_mut().for_each(|v| v.cluster = None);
    }
    let rows = out.vertices.iter().map(|v| v.rank + 1).max().unwrap_or(0);
    out.channels = vec![Vec::new(); rows.saturating_sub(1)];
    for (i, net) in nets.iter().enumerate() {
        out.thread(i, net, labels[i]);
    }
    out.widen();
    out.widen_for_titles();
    out.flats = links
        .flat
        .iter()
        .map(|l| Flat {
            a: l.upper,
            b: l.lower,
            heads: (l.both || l.up, l.both || !l.up),
            label: l.label.clone(),
        })
        .collect();
    let across = |f: &&Flat| out.vertices[f.a].cluster != out.vertices[f.b].cluster;
    let label = out
        .flats
        .iter()
        .filter(across)
        .map(|f| text::width(&f.label))
        .max()
        .unwrap_or(0);
    out.between_frames = if label > 0 {
        label + 4
    } else {
        (style.gap - 1).max(1)
    };
    out.rows = vec![Vec::new(); rows];
    out.add_spacers();
    for (v, vertex) in out.vertices.iter().enumerate() {
        out.rows[vertex.rank].push(v);
    }
    out
}

/// One net per source and direction; labelled and two-way links alone; many plain callers of one node joined.
fn nets(links: &Links, ranks: &[usize], vertices: &[Vertex], style: &Style) -> Vec<Net> {
    let plain = |l: &Link| l.label.is_empty() && !l.both && !l.up;
    let n = ranks.len();
    let mut callers = vec![Vec::new(); n];
    for l in links
        .steep
        .iter()
        .filter(|l| plain(l) && vertices[l.upper].kind == Kind::Box)
    {
        if !callers[l.lower].contains(&l.upper) {
            callers[l.lower].push(l.upper);
        }
    }
    let joined = |l: &Link| {
        let stub = vertices[l.lower].kind == Kind::Leave || vertices[l.upper].kind == Kind::Arrive;
        plain(l) && !stub && style.fan_in > 0 && callers[l.lower].len() >= style.fan_in
    };
    let mut out: Vec<Net> = Vec::new();
    let mut shared: std::collections::BTreeMap<(usize, u8), usize> =
        std::collections::BTreeMap::new();
    for l in &links.steep {
        let (from, to) = if l.up {
            (l.lower, l.upper)
        } else {
            (l.upper, l.lower)
        };
        if !l.label.is_empty() || l.both {
            out.push(Net {
                hub: from,
                hub_head: l.both,
                far: vec![(to, true)],
                label: l.label.clone(),
            });
            continue;
        }
        let again = |net: &Net, v: usize| net.far.iter().any(|f| f.0 == v);
        let (key, hub, far) = if joined(l) {
            ((to, 2), (to, true), (from, false))
        } else {
            ((from, u8::from(l.up)), (from, false), (to, true))
        };
        match shared.get(&key) {
            Some(&i) if !again(&out[i], far.0) => out[i].far.push(far),
            _ => {
                shared.insert(key, out.len());
                out.push(Net {
                    hub: hub.0,
                    hub_head: hub.1,
                    far: vec![far],
                    label: String::new(),
                });
            }
        }
    }
    out
}

/// A vertex for each label, on the half row next to the upper end.
fn add_labels(nets: &mut [Net], vertices: &mut Vec<Vertex>, style: &Style) -> Vec<Option<usize>> {
    let mut out = Vec::new();
    for net in nets.iter() {
        if net.label.is_empty() {
            out.push(None);
            continue;
        }
        let (a, b) = (net.hub, net.far.first().map_or(net.hub, |f| f.0));
        let upper = if vertices[a].rank < vertices[b].rank {
            a
        } else {
            b
        };
        let lines = text::wrap_words(&net.label, (style.wrap + 4).max(14));
        let h = i32::try_from(lines.len()).unwrap_or(1);
        let (ca, cb) = (vertices[a].cluster, vertices[b].cluster);
        out.push(Some(vertices.len()));
        vertices.push(Vertex {
            kind: Kind::Label,
            w: text::widest(&lines),
            lines,
            loops: Vec::new(),
            note: Vec::new(),
            shelf: 0,
            ext: 0,
            h,
            cluster: if ca == cb { ca } else { None },
            rank: vertices[upper].rank + 1,
            x: 0,
        });
    }
    out
}

impl Layout {
    /// Numbers the rows without gaps.
    fn compress(&mut self) {
        let mut used: Vec<usize> = self.vertices.iter().map(|v| v.rank).collect();
        used.sort_unstable();
        used.dedup();
        for v in &mut self.vertices {
            v.rank = used.binary_search(&v.rank).unwrap_or(0);
        }
    }

    fn find_spans(&mut self) {
        for v in &self.vertices {
            let Some(c) = v.cluster.filter(|_| v.kind != Kind::Label) else {
                continue;
            };
            let span = self.spans[c].get_or_insert((v.rank, v.rank));
            *span = (span.0.min(v.rank), span.1.max(v.rank));
        }
        for v in self.vertices.iter_mut().filter(|v| v.kind == Kind::Label) {
            let inside = |c: usize| self.spans[c].is_some_and(|(a, b)| a <= v.rank && v.rank <= b);
            v.cluster = v.cluster.filter(|&c| inside(c));
        }
    }

    /// Lays a net through the channels, with a trunk (or its label) on every row between.
    fn thread(&mut self, net: usize, n: &Net, label: Option<usize>) {
        let hub_rank = self.vertices[n.hub].rank;
        let down = n.far.iter().all(|f| self.vertices[f.0].rank > hub_rank);
        let last = n.far.iter().map(|f| self.vertices[f.0].rank);
        let last = if down { last.max() } else { last.min() }.unwrap_or(hub_rank);
        let mut near = self.pin(n.hub, down, n.hub_head, net);
        let mut rank = hub_rank;
        while rank != last {
            let next = if down { rank + 1 } else { rank - 1 };
            let here: Vec<(usize, bool)> = n
                .far
                .iter()
                .copied()
                .filter(|f| self.vertices[f.0].rank == next)
                .collect();
            let mut ends: Vec<usize> = here
                .iter()
                .map(|f| self.pin(f.0, !down, f.1, net))
                .collect();
            let mut on = None;
            if next != last {
                let carrier = label.filter(|&l| self.vertices[l].rank == next);
                let v = carrier.unwrap_or_else(|| self.trunk(n, next, down));
                ends.push(self.pin(v, !down, false, net));
                on = Some(self.pin(v, down, false, net));
            }
            let (tops, bottoms) = if down {
                (vec![near], ends)
            } else {
                (ends, vec![near])
            };
            self.channels[rank.min(next)].push(Segment { net, tops, bottoms });
            near = on.unwrap_or(near);
            rank = next;
        }
    }

    fn pin(&mut self, vertex: usize, below: bool, head: bool, net: usize) -> usize {
        self.pins.push(Pin {
            vertex,
            below,
            head,
            net,
            col: 0,
        });
        self.pins.len() - 1
    }

    /// A trunk stands inside a frame when all that it still has to reach is inside, or while it has not yet left its own.
    fn trunk(&mut self, n: &Net, rank: usize, down: bool) -> usize {
        let beyond = |v: usize| {
            if down {
                self.vertices[v].rank > rank
            } else {
                self.vertices[v].rank < rank
            }
        };
        let mut clusters: Vec<Option<usize>> = n
            .far
            .iter()
            .filter(|f| beyond(f.0))
            .map(|f| self.vertices[f.0].cluster)
            .collect();
        clusters.sort_unstable();
        clusters.dedup();
        let covers = |c: &usize| self.spans[*c].is_some_and(|(a, b)| a <= rank && rank <= b);
        let own = self.vertices[n.hub]
            .cluster
            .filter(covers)
            .filter(|c| !clusters.contains(&Some(*c)) || clusters.len() == 1);
        let goal = match clusters.as_slice() {
            [Some(c)] => Some(*c).filter(covers),
            _ => None,
        };
        self.vertices.push(Vertex {
            kind: Kind::Trunk,
            lines: Vec::new(),
            loops: Vec::new(),
            note: Vec::new(),
            shelf: 0,
            w: 1,
            ext: 0,
            h: 1,
            cluster: goal.or(own),
            rank,
            x: 0,
        });
        self.vertices.len() - 1
    }

    /// A box is wide enough for its arrows, two columns each.
    fn widen(&mut self) {
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
    fn widen_for_titles(&mut self) {
        for (c, title) in self.titles.iter().enumerate() {
            let Some((first, _)) = self.spans[c] else {
                continue;
            };
            let members: Vec<usize> = (0..self.vertices.len())
                .filter(|&v| {
                    self.vertices[v].cluster == Some(c) && self.vertices[v].kind == Kind::Box
                })
                .collect();
            let top: Vec<usize> = members
                .iter()
                .copied()
                .filter(|&v| self.vertices[v].rank == first)
                .collect();
            let size = |v: usize| self.vertices[v].w + self.vertices[v].ext;
            let chosen = match top.as_slice() {
                [only] if self.pins.iter().any(|p| p.vertex == *only && !p.below) => Some(*only),
                _ => members
                    .iter()
                    .copied()
                    .max_by_key(|&v| (size(v), usize::MAX - v)),
            };
            let Some(v) = chosen else { continue };
            let need = text::width(title) + 5;
            if size(v) < need {
                self.vertices[v].w += need - size(v);
            }
        }
    }

    fn add_spacers(&mut self) {
        for c in 0..self.spans.len() {
            let Some((first, last)) = self.spans[c] else {
                continue;
            };
            for rank in first..=last {
                if !self
                    .vertices
                    .iter()
                    .any(|v| v.rank == rank && v.cluster == Some(c))
                {
                    self.vertices.push(Vertex {
                        kind: Kind::Spacer,
                        lines: Vec::new(),
                        loops: Vec::new(),
                        note: Vec::new(),
                        shelf: 0,
                        w: 1,
                        ext: 0,
                        h: 1,
                        cluster: Some(c),
                        rank,
                        x: 0,
                    });
                }
            }
        }
    }
}
