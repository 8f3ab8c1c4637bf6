//! From a picture's nodes and edges to links with a direction: two-way edges joined, self loops set aside, cycles opened, and the links
//! chosen that lie flat between neighbours of one row. It knows no columns.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::nest::Nest;

/// What stands at a place of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// A node of the model.
    Box,
    /// A numbered stub whose line comes from another part.
    Arrive,
    /// A numbered stub whose line goes on in another part.
    Leave,
}

/// A box or stub of one picture.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SpecNode {
    pub role: Role,
    pub label: Vec<String>,
    pub note: String,
    pub cluster: Option<usize>,
}

/// An edge of one picture; an empty label is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SpecEdge {
    pub from: usize,
    pub to: usize,
    pub label: String,
    pub flat: bool,
}

/// One picture to draw.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spec {
    pub nodes: Vec<SpecNode>,
    pub edges: Vec<SpecEdge>,
    /// Titles of the frames.
    pub clusters: Vec<String>,
    pub nest: Nest,
}

/// One line to draw between two different nodes.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// The end above, once the direction is settled.
    pub upper: usize,
    pub lower: usize,
    /// The arrow points up.
    pub up: bool,
    /// Arrowheads at both ends.
    pub both: bool,
    pub label: String,
    wish: bool,
}

/// The links of a picture.
#[derive(Debug, Clone, Default)]
pub(super) struct Links {
    /// Links between different rows.
    pub steep: Vec<Link>,
    /// Links within one row, between neighbours.
    pub flat: Vec<Link>,
    /// Labels of each node's self loops.
    pub loops: Vec<Vec<String>>,
    /// Group of each node; the members of a group share a row.
    pub group: Vec<usize>,
}

/// Sorts out the edges of a picture. `barred` links (pairs of nodes) may not lie flat.
pub(super) fn links(spec: &Spec, flats: bool, barred: &[(usize, usize)]) -> Links {
    let n = spec.nodes.len();
    let mut out = Links { loops: vec![Vec::new(); n], group: (0..n).collect(), ..Links::default() };
    let all = pair_up(spec, &mut out.loops);
    let chosen = if flats { choose_flat(&all, n, barred) } else { vec![false; all.len()] };
    for (link, flat) in all.into_iter().zip(chosen) {
        if flat {
            join(&mut out.group, link.upper, link.lower);
            out.flat.push(link);
        } else {
            out.steep.push(link);
        }
    }
    open_cycles(&mut out.steep, &out.group);
    out
}

/// Rows by longest path; the links must be free of cycles.
pub(super) fn longest_paths(links: &[Link], group: &[usize]) -> Vec<usize> {
    let n = group.len();
    let (mut below, mut waiting) = (vec![Vec::new(); n], vec![0usize; n]);
    for l in links {
        let (a, b) = (group[l.upper], group[l.lower]);
        if a != b {
            below[a].push(b);
            waiting[b] += 1;
        }
    }
    let mut rank = vec![0; n];
    let mut ready: Vec<usize> = (0..n).filter(|&v| waiting[v] == 0).collect();
    while let Some(a) = ready.pop() {
        for &b in &below[a] {
            rank[b] = rank[b].max(rank[a] + 1);
            waiting[b] -= 1;
            if waiting[b] == 0 {
                ready.push(b);
            }
        }
    }
    (0..n).map(|v| rank[group[v]]).collect()
}

fn pair_up(spec: &Spec, loops: &mut [Vec<String>]) -> Vec<Link> {
    let mut used = vec![false; spec.edges.len()];
    let mut out = Vec::new();
    for (i, e) in spec.edges.iter().enumerate() {
        if used[i] {
            continue;
        }
        if e.from == e.to {
            loops[e.from].push(e.label.clone());
            continue;
        }
        let back = (i + 1..spec.edges.len()).find(|&j| {
            let o = &spec.edges[j];
            !used[j] && o.from == e.to && o.to == e.from && o.label == e.label
        });
        if let Some(j) = back {
            used[j] = true;
        }
        out.push(Link {
            upper: e.from,
            lower: e.to,
            up: false,
            both: back.is_some(),
            label: e.label.clone(),
            wish: e.flat || back.is_some_and(|j| spec.edges[j].flat),
        });
    }
    out
}

/// Two-way links, links that wish it, and labelled links between nodes that are called anyway lie flat where their ends would stand on
/// one row without them.
fn choose_flat(all: &[Link], n: usize, barred: &[(usize, usize)]) -> Vec<bool> {
    let called = |v: usize, but: usize| all.iter().any(|l| l.lower == v && l.upper != but);
    let mut flat: Vec<bool> = all
        .iter()
        .map(|l| {
            let labelled = !l.label.is_empty() && called(l.upper, l.lower) && called(l.lower, l.upper);
            (l.both || l.wish || labelled)
                && !barred.contains(&(l.upper, l.lower))
                && !barred.contains(&(l.lower, l.upper))
        })
        .collect();
    for i in 0..all.len() {
        let same = |j: &usize| {
            flat[*j]
                && all[*j].upper.min(all[*j].lower) == all[i].upper.min(all[i].lower)
                && all[*j].upper.max(all[*j].lower) == all[i].upper.max(all[i].lower)
        };
        flat[i] = flat[i] || (0..all.len()).any(|j| same(&j));
    }
    loop {
        let mut rest: Vec<Link> = all.iter().zip(&flat).filter(|(_, f)| !**f).map(|(l, _)| l.clone()).collect();
        let alone: Vec<usize> = (0..n).collect();
        open_cycles(&mut rest, &alone);
        let rank = longest_paths(&rest, &alone);
        let mut beside = vec![Vec::new(); n];
        let mut group = alone;
        let mut changed = false;
        for (l, f) in all.iter().zip(flat.iter_mut()).filter(|(_, f)| **f) {
            let (a, b) = (l.upper, l.lower);
            let known = beside[a].contains(&b);
            let free = known || (beside[a].len() < 2 && beside[b].len() < 2 && group[a] != group[b]);
            if rank[a] != rank[b] || !free || linked(&rest, &group, a, b) {
                *f = false;
                changed = true;
            } else if !known {
                beside[a].push(b);
                beside[b].push(a);
                join(&mut group, a, b);
            }
        }
        if !changed {
            return flat;
        }
    }
}

/// A steep link runs between the groups of two nodes.
fn linked(rest: &[Link], group: &[usize], a: usize, b: usize) -> bool {
    let (ga, gb) = (group[a], group[b]);
    rest.iter().any(|l| {
        let (u, v) = (group[l.upper], group[l.lower]);
        (u == ga && v == gb) || (u == gb && v == ga)
    })
}

fn join(group: &mut [usize], a: usize, b: usize) {
    let (to, from) = (group[a].min(group[b]), group[a].max(group[b]));
    for g in group.iter_mut().filter(|g| **g == from) {
        *g = to;
    }
}

/// Turns the links that close a cycle, found depth first in declaration order, roots first.
fn open_cycles(links: &mut [Link], group: &[usize]) {
    let n = group.len();
    let mut out = vec![Vec::new(); n];
    let mut called = vec![false; n];
    for (i, l) in links.iter().enumerate() {
        out[group[l.upper]].push(i);
        called[group[l.lower]] = true;
    }
    let mut state = vec![0u8; n];
    let mut turned = vec![false; links.len()];
    let roots = (0..n).filter(|&v| !called[v]).chain((0..n).filter(|&v| called[v]));
    for root in roots {
        if state[root] != 0 {
            continue;
        }
        state[root] = 1;
        let mut stack = vec![(root, 0)];
        while let Some((v, next)) = stack.pop() {
            let Some(&i) = out[v].get(next) else {
                state[v] = 2;
                continue;
            };
            stack.push((v, next + 1));
            let w = group[links[i].lower];
            match state[w] {
                0 => {
                    state[w] = 1;
                    stack.push((w, 0));
                }
                1 => turned[i] = true,
                _ => {}
            }
        }
    }
    for (l, _) in links.iter_mut().zip(turned).filter(|(_, t)| *t) {
        std::mem::swap(&mut l.upper, &mut l.lower);
        l.up = !l.up;
    }
}
