//! Columns of the pins on the borders: straight below or above their other end where that lies over the box, else spread evenly.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::layout::{Kind, Layout, Vertex};
use super::place::{Blocks, isotonic};
use super::route::{Wire, crossings, route};
use super::text;

/// Gives every pin its column.
pub(super) fn ports(l: &mut Layout) {
    let far = other_ends(l);
    let floor = title_floors(l);
    let mut sides: Vec<[Vec<usize>; 2]> = vec![[Vec::new(), Vec::new()]; l.vertices.len()];
    for (i, p) in l.pins.iter().enumerate() {
        sides[p.vertex][usize::from(p.below)].push(i);
    }
    for p in &mut l.pins {
        let v = &l.vertices[p.vertex];
        p.col = match v.kind {
            Kind::Arrive | Kind::Leave => v.x + 1,
            _ => v.center(),
        };
    }
    let order: Vec<usize> = l.rows.iter().flatten().copied().filter(|&v| l.vertices[v].kind == Kind::Box).collect();
    let mut work = Spreading::default();
    for round in 0..4 {
        let mut moved = false;
        for k in 0..order.len() {
            let v = if round % 2 == 0 { order[k] } else { order[order.len() - 1 - k] };
            for side in &sides[v] {
                moved |= work.spread(l, v, side, &far, floor[v]);
            }
        }
        if !moved {
            break;
        }
    }
}

/// The pins at the other end of each pin's segment.
fn other_ends(l: &Layout) -> Vec<Vec<usize>> {
    let mut out = vec![Vec::new(); l.pins.len()];
    for s in l.channels.iter().flatten() {
        s.tops.iter().for_each(|&t| out[t].clone_from(&s.bottoms));
        s.bottoms.iter().for_each(|&b| out[b].clone_from(&s.tops));
    }
    out
}

/// Where a frame has one box on its first row, the first column right of its title that a line from above may use.
fn title_floors(l: &Layout) -> Vec<Option<i32>> {
    let mut out = vec![None; l.vertices.len()];
    for (c, span) in l.spans.iter().enumerate() {
        let Some((first, _)) = *span else { continue };
        let within = |v: &Vertex| l.nest.within(v.cluster, c);
        let inside: Vec<usize> = l.rows[first].iter().copied().filter(|&v| within(&l.vertices[v])).collect();
        let left = l.vertices.iter().filter(|v| within(v)).map(|v| v.x - l.margin(v)).min().unwrap_or(0);
        let left = left + 2 * l.nest.depth(Some(c)) - 2;
        if let [only] = inside.as_slice() {
            out[*only] = out[*only].max(Some(left + text::width(&l.titles[c]) + 5));
        }
    }
    out
}

/// What spreading the pins of a border needs, kept between borders.
#[derive(Default)]
struct Spreading {
    sorted: Vec<(f64, usize)>,
    wishes: Vec<(f64, f64)>,
    blocks: Blocks,
    columns: Vec<i32>,
}

impl Spreading {
    /// Spreads the pins of one side of a box; true when one moved.
    fn spread(&mut self, l: &mut Layout, v: usize, side: &[usize], far: &[Vec<usize>], floor: Option<i32>) -> bool {
        if side.is_empty() {
            return false;
        }
        let me = &l.vertices[v];
        let (low, high) = (me.x + 1, me.x + me.w - 2);
        let low = match floor {
            Some(f) if !l.pins[side[0]].below && f + 2 * (count(side) - 1) <= high => low.max(f),
            _ => low,
        };
        let aim =
            |p: usize| far[p].iter().map(|&q| f64::from(l.pins[q].col)).sum::<f64>() / f64::from(count(&far[p]).max(1));
        self.sorted.clear();
        self.sorted.extend(side.iter().map(|&p| (aim(p), p)));
        self.sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(l.pins[a.1].net.cmp(&l.pins[b.1].net)));
        let k = count(side);
        self.wishes.clear();
        self.wishes.extend(self.sorted.iter().zip(0i32..).map(|(&(aim, p), i)| {
            let even = f64::from(low - 1) + f64::from((high - low + 2) * (i + 1)) / f64::from(k + 1);
            let over = f64::from(low) <= aim && aim <= f64::from(high);
            let want = if over && far[p].len() == 1 { aim } else { even };
            (want - f64::from(2 * i), if over { 2.0 } else { 1.0 })
        }));
        isotonic(&self.wishes, &mut self.blocks, &mut self.columns);
        let mut moved = false;
        for ((y, (_, p)), i) in self.columns.iter().zip(&self.sorted).zip(0i32..) {
            let col = (*y).clamp(low, (high - 2 * (k - 1)).max(low)) + 2 * i;
            moved |= l.pins[*p].col != col;
            l.pins[*p].col = col;
        }
        moved
    }
}

/// Exchanges neighbouring pins of one border while that saves crossings in their channel.
pub(super) fn untangle(l: &mut Layout, width: i32) {
    for k in 0..l.channels.len() {
        if l.channels[k].len() < 2 || l.channels[k].len() > 14 {
            continue;
        }
        let mut wires = wires(l, k);
        let mut least = tangles(l, k, width, &mut wires);
        let mut pairs = neighbours(l, k);
        for _ in 0..3 {
            let before = least;
            for &(p, q) in &pairs {
                if least.0 == 0 {
                    break;
                }
                swap(l, p, q);
                let now = tangles(l, k, width, &mut wires);
                if now < least {
                    least = now;
                } else {
                    swap(l, p, q);
                }
            }
            if least == before {
                break;
            }
            pairs = neighbours(l, k);
        }
    }
}

fn swap(l: &mut Layout, p: usize, q: usize) {
    let (a, b) = (l.pins[p].col, l.pins[q].col);
    (l.pins[p].col, l.pins[q].col) = (b, a);
}

/// Neighbouring pins of one border in a channel.
fn neighbours(l: &Layout, channel: usize) -> Vec<(usize, usize)> {
    let mut pins: Vec<usize> =
        l.channels[channel].iter().flat_map(|s| s.tops.iter().chain(&s.bottoms)).copied().collect();
    pins.sort_by_key(|&p| (l.pins[p].vertex, l.pins[p].below, l.pins[p].col));
    pins.windows(2)
        .filter(|w| l.pins[w[0]].vertex == l.pins[w[1]].vertex && l.pins[w[0]].below == l.pins[w[1]].below)
        .map(|w| (w[0], w[1]))
        .collect()
}

/// Crossings and tracks of a channel, whose wires are brought up to date first.
fn tangles(l: &Layout, channel: usize, width: i32, wires: &mut Vec<Wire>) -> (usize, i32) {
    wires.truncate(l.channels[channel].len());
    for (wire, s) in wires.iter_mut().zip(&l.channels[channel]) {
        let column = |p: &usize| (*p, l.pins[*p].col);
        wire.renew(s.tops.iter().map(column), s.bottoms.iter().map(column));
    }
    match route(wires, width, &[], true) {
        Some(tracks) => (crossings(wires), tracks),
        None => (usize::MAX, i32::MAX),
    }
}

/// The wires of a channel.
pub(super) fn wires(l: &Layout, channel: usize) -> Vec<Wire> {
    let ends = |pins: &[usize]| pins.iter().map(|&p| (p, l.pins[p].col)).collect::<Vec<_>>();
    l.channels[channel].iter().map(|s| Wire::new(s.net, ends(&s.tops), ends(&s.bottoms))).collect()
}

fn count<T>(list: &[T]) -> i32 {
    i32::try_from(list.len()).unwrap_or(0)
}
