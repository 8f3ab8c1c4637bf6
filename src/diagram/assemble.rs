//! From links and rows to a layered picture: vertices with their sizes, nets, half rows for labels.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::graph::{Link, Links, Role, Spec};
use super::layout::{Flat, Kind, Layout, Net, Style, Vertex};
use super::nest::Nest;
use super::text;

/// The vertices of a picture's nodes, not yet on rows.
pub(super) fn vertices(spec: &Spec, links: &Links, style: &Style) -> Vec<Vertex> {
    let mut out: Vec<Vertex> = spec.nodes.iter().map(|n| node_vertex(n.role, &n.label, n.cluster, style)).collect();
    for (v, (node, loops)) in out.iter_mut().zip(spec.nodes.iter().zip(&links.loops)) {
        v.loops = loops.as_slice().into();
        if !node.note.is_empty() {
            let room = if style.wrap > 14 { style.width * 2 / 5 } else { style.width / 4 };
            v.note = text::wrap_words(&node.note, room.max(12)).into();
        }
    }
    let plain = |v: usize, l: &Link| l.upper == v || l.lower == v;
    for (v, vertex) in out.iter_mut().enumerate().filter(|(_, x)| x.kind == Kind::Box) {
        let side = |other: &dyn Fn(&Link) -> usize| {
            let mut ends: Vec<usize> = links.flat.iter().filter(|l| plain(v, l)).map(other).collect();
            ends.sort_unstable();
            let most = ends.chunk_by(|a, b| a == b).map(<[usize]>::len).max().unwrap_or(0);
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
    Vertex { lines: lines.into(), w, h, ..Vertex::slim(kind, cluster, 0) }
}

/// Room at the right for self loops and note; `flats` links need rows of their own.
fn finish_box(v: &mut Vertex, flats: i32, ascii: bool) {
    v.shelf = flats;
    let loops = i32::try_from(v.loops.len()).unwrap_or(0);
    let note = i32::try_from(v.note.len()).unwrap_or(0);
    v.h = v.h.max(2 + flats + (3 * loops - 1).max(0) + i32::from(note > 0 && flats > 0));
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
    (style, joined): (&Style, &[bool]),
) -> Layout {
    let nets = nets(links, joined);
    for (v, r) in vertices.iter_mut().zip(ranks) {
        v.rank = 2 * r;
    }
    let labels = add_labels(&nets, &mut vertices, &spec.nest, style);
    let mut out = Layout {
        vertices,
        titles: spec.clusters.clone(),
        nest: spec.nest.clone().into(),
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
        .map(|l| Flat { a: l.upper, b: l.lower, heads: (l.both || l.up, l.both || !l.up), label: l.label.clone() })
        .collect();
    let across = |f: &&Flat| out.vertices[f.a].cluster != out.vertices[f.b].cluster;
    let label = out.flats.iter().filter(across).map(|f| text::width(&f.label)).max().unwrap_or(0);
    out.between_frames = if label > 0 { label + 4 } else { (style.gap - 1).max(1) };
    out.rows = vec![Vec::new(); rows];
    out.add_spacers();
    for (v, vertex) in out.vertices.iter().enumerate() {
        out.rows[vertex.rank].push(v);
    }
    out
}

/// Which steep links run on one joined line with the other plain callers of their target.
pub(super) fn joined(links: &Links, vertices: &[Vertex], style: &Style) -> Vec<bool> {
    let plain = |l: &Link| l.label.is_empty() && !l.both && !l.up;
    let mut callers = vec![Vec::new(); vertices.len()];
    for l in links.steep.iter().filter(|l| plain(l) && vertices[l.upper].kind == Kind::Box) {
        if !callers[l.lower].contains(&l.upper) {
            callers[l.lower].push(l.upper);
        }
    }
    let joined = |l: &Link| {
        let stub = vertices[l.lower].kind == Kind::Leave || vertices[l.upper].kind == Kind::Arrive;
        plain(l) && !stub && style.fan_in > 0 && callers[l.lower].len() >= style.fan_in
    };
    links.steep.iter().map(joined).collect()
}

/// One net per source and direction; labelled and two-way links alone; callers of one node where they are joined.
fn nets(links: &Links, joined: &[bool]) -> Vec<Net> {
    let mut out: Vec<Net> = Vec::new();
    let mut shared: std::collections::BTreeMap<(usize, u8), usize> = std::collections::BTreeMap::new();
    for (l, joined) in links.steep.iter().zip(joined) {
        let (from, to) = if l.up { (l.lower, l.upper) } else { (l.upper, l.lower) };
        if !l.label.is_empty() || l.both {
            out.push(Net { hub: from, hub_head: l.both, far: vec![(to, true)], label: l.label.clone() });
            continue;
        }
        let again = |net: &Net, v: usize| net.far.iter().any(|f| f.0 == v);
        let (key, hub, far) = if *joined {
            ((to, 2), (to, true), (from, false))
        } else {
            ((from, u8::from(l.up)), (from, false), (to, true))
        };
        match shared.get(&key) {
            Some(&i) if !again(&out[i], far.0) => out[i].far.push(far),
            _ => {
                shared.insert(key, out.len());
                out.push(Net { hub: hub.0, hub_head: hub.1, far: vec![far], label: String::new() });
            }
        }
    }
    out
}

/// A vertex for each label, on the half row next to the upper end.
fn add_labels(nets: &[Net], vertices: &mut Vec<Vertex>, nest: &Nest, style: &Style) -> Vec<Option<usize>> {
    let mut out = Vec::new();
    for net in nets.iter() {
        if net.label.is_empty() {
            out.push(None);
            continue;
        }
        let (a, b) = (net.hub, net.far.first().map_or(net.hub, |f| f.0));
        let upper = if vertices[a].rank < vertices[b].rank { a } else { b };
        let lines = text::wrap_words(&net.label, (style.wrap + 4).max(14));
        let h = i32::try_from(lines.len()).unwrap_or(1);
        out.push(Some(vertices.len()));
        let cluster = nest.common(vertices[a].cluster, vertices[b].cluster);
        let rank = vertices[upper].rank + 1;
        vertices.push(Vertex {
            w: text::widest(&lines),
            h,
            lines: lines.into(),
            ..Vertex::slim(Kind::Label, cluster, rank)
        });
    }
    out
}
