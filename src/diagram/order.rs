//! Order of the vertices on each row: barycentre sweeps from the declared order and adjacent exchanges, frames kept together and in
//! one order on all rows, flat neighbours side by side.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::layout::{Kind, Layout};

/// Orders all rows. More `sweeps` cost time and may save crossings.
pub(super) fn order(l: &mut Layout, sweeps: usize, upward: bool) {
    let mut o = Order::new(l);
    for row in 0..l.rows.len() {
        o.sort(l, row, None);
    }
    let mut best = l.rows.clone();
    let mut least = usize::MAX;
    let mut idle = 0;
    for sweep in 0..sweeps {
        let n = l.rows.len();
        if (sweep % 2 == 0) != upward {
            (1..n).for_each(|r| o.sort(l, r, Some(true)));
        } else {
            (0..n.saturating_sub(1)).rev().for_each(|r| o.sort(l, r, Some(false)));
        }
        if l.vertices.len() < 400 {
            o.exchange(l);
        }
        let now = crossings(l, &o.position);
        if now < least {
            (least, idle) = (now, 0);
            best.clone_from(&l.rows);
        } else {
            idle += 1;
        }
        if least == 0 || idle > 2 {
            break;
        }
    }
    l.rows = best;
}

/// Pairs of nodes whose flat link has another box between them.
pub(super) fn parted(l: &Layout) -> Vec<(usize, usize)> {
    let blocks = |v: &usize| !matches!(l.vertices[*v].kind, Kind::Trunk | Kind::Spacer);
    let mut out = Vec::new();
    for f in &l.flats {
        let row: Vec<usize> = l.rows[l.vertices[f.a].rank].iter().copied().filter(blocks).collect();
        let at = |v: usize| row.iter().position(|&w| w == v).unwrap_or(usize::MAX / 2);
        if at(f.a).abs_diff(at(f.b)) != 1 {
            out.push((f.a, f.b));
        }
    }
    out
}

struct Order {
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
    position: Vec<usize>,
    /// Chain of flat neighbours that a vertex belongs to (its first member), and its place there.
    chain: Vec<Option<(usize, usize)>>,
    /// What each vertex of the row in hand is sorted by.
    key: Vec<f64>,
}

impl Order {
    fn new(l: &Layout) -> Order {
        let n = l.vertices.len();
        let (mut above, mut below) = (vec![Vec::new(); n], vec![Vec::new(); n]);
        for s in l.channels.iter().flatten() {
            for &t in &s.tops {
                for &b in &s.bottoms {
                    below[l.pins[t].vertex].push(l.pins[b].vertex);
                    above[l.pins[b].vertex].push(l.pins[t].vertex);
                }
            }
        }
        let mut o = Order { above, below, position: vec![0; n], chain: chains(l), key: vec![0.0; n] };
        (0..l.rows.len()).for_each(|r| o.note(l, r));
        o
    }

    fn note(&mut self, l: &Layout, row: usize) {
        for (i, &v) in l.rows[row].iter().enumerate() {
            self.position[v] = i;
        }
    }

    /// Sorts a row by the mean position of its neighbours above or below; `None` only makes the order lawful.
    fn sort(&mut self, l: &mut Layout, row: usize, by_above: Option<bool>) {
        let mut members = std::mem::take(&mut l.rows[row]);
        for &v in &members {
            self.key[v] = self.mean(v, by_above);
        }
        if !l.flats.is_empty() {
            self.share_chain_keys(&members);
        }
        let unit = self.frame_keys(l, &members);
        let key = &self.key;
        let place =
            |v: usize| self.chain[v].map_or((self.position[v], 0), |(first, at)| (self.position[first], at + 1));
        // Where two vertices part: the outermost frames that are not the same, or the vertices themselves.
        let standing = |v: usize, level: usize| {
            let frame = l.nest.path(l.vertices[v].cluster).get(level);
            frame.map_or((key[v], usize::MAX), |&c| (unit[c], c))
        };
        members.sort_by(|&v, &w| {
            let level = usize::try_from(l.nest.depth(l.nest.common(l.vertices[v].cluster, l.vertices[w].cluster)));
            let level = level.unwrap_or(0);
            let (a, b) = (standing(v, level), standing(w, level));
            a.0.total_cmp(&b.0)
                .then(a.1.cmp(&b.1))
                .then(key[v].total_cmp(&key[w]))
                .then(place(v).cmp(&place(w)))
                .then(v.cmp(&w))
        });
        l.rows[row] = members;
        self.note(l, row);
    }

    /// What the members of each frame are sorted by together, rising with the number of the frame among its neighbours.
    fn frame_keys(&self, l: &Layout, members: &[usize]) -> Vec<f64> {
        let mut unit = vec![0.0f64; l.spans.len()];
        let mut clusters: Vec<usize> =
            members.iter().flat_map(|&v| l.nest.path(l.vertices[v].cluster)).copied().collect();
        clusters.sort_unstable();
        clusters.dedup();
        // One floor for the frames within each frame, and one for the outermost.
        let mut floors = vec![f64::MIN; unit.len() + 1];
        for c in clusters {
            let keys = || members.iter().filter(|&&v| l.nest.within(l.vertices[v].cluster, c)).map(|&v| self.key[v]);
            let mean = keys().sum::<f64>() / to_f64(keys().count().max(1));
            let floor = &mut floors[l.nest.around(c).map_or(0, |outer| outer + 1)];
            *floor = if mean > *floor { mean } else { *floor + 1e-6 };
            unit[c] = *floor;
        }
        unit
    }

    fn mean(&self, v: usize, by_above: Option<bool>) -> f64 {
        let around = match by_above {
            Some(true) => &self.above[v],
            Some(false) => &self.below[v],
            None => return to_f64(self.position[v]),
        };
        if around.is_empty() {
            return to_f64(self.position[v]);
        }
        around.iter().map(|&w| to_f64(self.position[w])).sum::<f64>() / to_f64(around.len())
    }

    fn share_chain_keys(&mut self, members: &[usize]) {
        for &first in members.iter().filter(|&&v| self.chain[v] == Some((v, 0))) {
            let chain: Vec<usize> =
                members.iter().copied().filter(|&v| self.chain[v].is_some_and(|c| c.0 == first)).collect();
            let mean = chain.iter().map(|&v| self.key[v]).sum::<f64>() / to_f64(chain.len().max(1));
            chain.iter().for_each(|&v| self.key[v] = mean);
        }
    }

    /// Exchanges neighbours while that saves crossings.
    fn exchange(&mut self, l: &mut Layout) {
        for _ in 0..6 {
            let mut better = false;
            for row in 0..l.rows.len() {
                for i in 1..l.rows[row].len() {
                    let (v, w) = (l.rows[row][i - 1], l.rows[row][i]);
                    let fixed = l.vertices[v].cluster != l.vertices[w].cluster
                        || self.chain[v].is_some()
                        || self.chain[w].is_some();
                    if fixed {
                        continue;
                    }
                    let (above, below) = (self.crossed(&self.above, v, w), self.crossed(&self.below, v, w));
                    if above.1 + below.1 < above.0 + below.0 {
                        l.rows[row].swap(i - 1, i);
                        (self.position[v], self.position[w]) = (i, i - 1);
                        better = true;
                    }
                }
            }
            if !better {
                return;
            }
        }
    }

    /// Crossings between the lines of `a` and `b` when `a` stands left, and when `b` does.
    fn crossed(&self, around: &[Vec<usize>], a: usize, b: usize) -> (usize, usize) {
        let p = &self.position;
        let (mut left, mut right) = (0, 0);
        for &x in &around[a] {
            for &y in &around[b] {
                left += usize::from(p[y] < p[x]);
                right += usize::from(p[x] < p[y]);
            }
        }
        (left, right)
    }
}

fn to_f64(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Chains of flat links within one frame, each from the end declared first.
fn chains(l: &Layout) -> Vec<Option<(usize, usize)>> {
    let n = l.vertices.len();
    let mut beside = vec![Vec::new(); n];
    for f in &l.flats {
        if l.vertices[f.a].cluster == l.vertices[f.b].cluster && !beside[f.a].contains(&f.b) {
            beside[f.a].push(f.b);
            beside[f.b].push(f.a);
        }
    }
    let mut out = vec![None; n];
    for start in 0..n {
        if beside[start].len() != 1 || out[start].is_some() {
            continue;
        }
        let mut path = vec![start];
        let mut at = start;
        out[start] = Some((start, 0));
        while let Some(&next) = beside[at].iter().find(|&&w| out[w].is_none()) {
            out[next] = Some((start, path.len()));
            path.push(next);
            at = next;
        }
        let forward = |w: &[usize]| l.flats.iter().any(|f| f.a == w[0] && f.b == w[1] && f.heads.1);
        let agree = path.windows(2).filter(|w| forward(w)).count();
        if agree * 2 < path.len() - 1 {
            path.reverse();
        }
        for (i, &v) in path.iter().enumerate() {
            out[v] = Some((path[0], i));
        }
    }
    out
}

/// Crossings of straight lines between neighbouring rows.
fn crossings(l: &Layout, position: &[usize]) -> usize {
    let mut total = 0;
    for (row, channel) in l.channels.iter().enumerate() {
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for s in channel {
            for &t in &s.tops {
                pairs.extend(s.bottoms.iter().map(|&b| (position[l.pins[t].vertex], position[l.pins[b].vertex])));
            }
        }
        pairs.sort_unstable();
        let mut tree = vec![0usize; l.rows[row + 1].len() + 1];
        for chunk in pairs.chunk_by(|a, b| a.0 == b.0) {
            for &(_, b) in chunk {
                total += above(&tree, b + 1);
            }
            for &(_, b) in chunk {
                add(&mut tree, b);
            }
        }
    }
    total
}

fn add(tree: &mut [usize], at: usize) {
    let mut i = tree.len() - 1 - at;
    if i == 0 {
        return;
    }
    while i < tree.len() {
        tree[i] += 1;
        i += i & i.wrapping_neg();
    }
}

/// Entries at `from` or further right, in a Fenwick tree kept from the right.
fn above(tree: &[usize], from: usize) -> usize {
    if from >= tree.len() {
        return 0;
    }
    let mut i = tree.len() - 1 - from;
    let mut sum = 0;
    while i > 0 {
        sum += tree[i];
        i -= i & i.wrapping_neg();
    }
    sum
}
