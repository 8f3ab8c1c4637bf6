//! Rows of the nodes under a width budget: list scheduling by height, so that a sparse graph fits any sensible width.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::graph::Link;

/// What the scheduler has to keep to.
pub(super) struct Budget {
    /// Most columns of a row.
    pub width: i32,
    /// Columns for a line that passes a row.
    pub lane: i32,
}

/// The row of each node. `size` is the width of each node with its gap; `group` names nodes that share a row.
pub(super) fn assign(links: &[Link], group: &[usize], size: &[i32], budget: &Budget) -> Vec<usize> {
    let n = group.len();
    let mut work = Work::new(links, group, size);
    let mut row = 0;
    while work.left > 0 {
        work.fill(row, budget);
        row += 1;
    }
    work.sink_roots(budget);
    let mut used: Vec<usize> = (0..n).map(|v| work.rank[group[v]]).collect();
    used.sort_unstable();
    used.dedup();
    (0..n).map(|v| used.iter().position(|&r| r == work.rank[group[v]]).unwrap_or(0)).collect()
}

struct Work {
    below: Vec<Vec<usize>>,
    waiting: Vec<usize>,
    height: Vec<usize>,
    size: Vec<i32>,
    members: Vec<usize>,
    rank: Vec<usize>,
    placed: Vec<bool>,
    left: usize,
}

impl Work {
    fn new(links: &[Link], group: &[usize], size: &[i32]) -> Work {
        let n = group.len();
        let (mut below, mut waiting, mut total) = (vec![Vec::new(); n], vec![0; n], vec![0; n]);
        for l in links {
            let (a, b) = (group[l.upper], group[l.lower]);
            if !below[a].contains(&b) {
                below[a].push(b);
                waiting[b] += 1;
            }
        }
        for v in 0..n {
            total[group[v]] += size[v];
        }
        let members: Vec<usize> = (0..n).filter(|&v| group[v] == v).collect();
        let left = members.len();
        let height = heights(&below, &waiting);
        Work { below, waiting, height, size: total, members, rank: vec![0; n], placed: vec![false; n], left }
    }

    /// Places what is ready and fits, the longest way to go first.
    fn fill(&mut self, row: usize, budget: &Budget) {
        let mut ready: Vec<usize> =
            self.members.iter().copied().filter(|&v| !self.placed[v] && self.waiting[v] == 0).collect();
        ready.sort_by_key(|&v| (std::cmp::Reverse(self.height[v]), v));
        let mut used = 0;
        let mut chosen = Vec::new();
        for v in ready {
            let lanes = self.lanes(&chosen, v);
            if chosen.is_empty() || used + self.size[v] + budget.lane * lanes <= budget.width {
                used += self.size[v];
                chosen.push(v);
            }
        }
        for &v in &chosen {
            self.placed[v] = true;
            self.rank[v] = row;
            self.left -= 1;
        }
        for v in chosen {
            for k in 0..self.below[v].len() {
                let w = self.below[v][k];
                self.waiting[w] -= 1;
            }
        }
    }

    /// Lines that pass this row: sources above with a target still to come.
    fn lanes(&self, chosen: &[usize], v: usize) -> i32 {
        let open = |u: &&usize| {
            self.placed[**u] && self.below[**u].iter().any(|w| !self.placed[*w] && *w != v && !chosen.contains(w))
        };
        i32::try_from(self.members.iter().filter(open).count()).unwrap_or(i32::MAX / 64)
    }

    /// A node that nobody calls moves down to just above the first that it calls.
    fn sink_roots(&mut self, budget: &Budget) {
        let mut called = vec![false; self.rank.len()];
        for w in self.below.iter().flatten() {
            called[*w] = true;
        }
        for k in 0..self.members.len() {
            let v = self.members[k];
            let Some(first) = self.below[v].iter().map(|&w| self.rank[w]).min() else {
                continue;
            };
            let room = |r: usize| {
                let used: i32 = self.members.iter().filter(|&&u| self.rank[u] == r).map(|&u| self.size[u]).sum();
                used + self.size[v] <= budget.width
            };
            if !called[v] && first > self.rank[v] + 1 && room(first - 1) {
                self.rank[v] = first - 1;
            }
        }
    }
}

fn heights(below: &[Vec<usize>], waiting: &[usize]) -> Vec<usize> {
    let mut waiting = waiting.to_vec();
    let mut order: Vec<usize> = (0..below.len()).filter(|&v| waiting[v] == 0).collect();
    let mut at = 0;
    while at < order.len() {
        let v = order[at];
        at += 1;
        for &w in &below[v] {
            waiting[w] -= 1;
            if waiting[w] == 0 {
                order.push(w);
            }
        }
    }
    let mut height = vec![0; below.len()];
    for &v in order.iter().rev() {
        height[v] = below[v].iter().map(|&w| height[w] + 1).max().unwrap_or(0);
    }
    height
}
