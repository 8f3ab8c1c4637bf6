//! Horizontal tracks in the channel between two rows: which wire runs above which, so that nothing touches and little crosses.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use std::ops::Range;

/// The lines of one net in a channel: pins above and below, joined on one track.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    pub net: usize,
    /// Pins by index, with their columns.
    pub tops: Vec<(usize, i32)>,
    pub bottoms: Vec<(usize, i32)>,
    /// Column and wire in which this one goes on further down.
    pub link: Option<(i32, usize)>,
    linked_from: Option<i32>,
    /// Track from the top; none for a straight line.
    pub track: Option<i32>,
}

impl Wire {
    pub fn new(net: usize, tops: Vec<(usize, i32)>, bottoms: Vec<(usize, i32)>) -> Wire {
        Wire { net, tops, bottoms, link: None, linked_from: None, track: None }
    }

    /// The same net, not yet routed, with other columns.
    pub fn renew(&mut self, tops: impl Iterator<Item = (usize, i32)>, bottoms: impl Iterator<Item = (usize, i32)>) {
        self.tops.clear();
        self.tops.extend(tops);
        self.bottoms.clear();
        self.bottoms.extend(bottoms);
        (self.link, self.linked_from, self.track) = (None, None, None);
    }

    fn cols(&self) -> impl Iterator<Item = i32> + '_ {
        let links = self.link.iter().map(|l| l.0).chain(self.linked_from);
        self.tops.iter().chain(&self.bottoms).map(|p| p.1).chain(links)
    }

    /// First and last column.
    pub fn span(&self) -> (i32, i32) {
        let widened = |(low, high): (i32, i32), col: i32| (low.min(col), high.max(col));
        let mut cols = self.cols();
        let first = cols.next().unwrap_or(0);
        cols.fold((first, first), widened)
    }

    fn downs(&self) -> impl Iterator<Item = i32> + '_ {
        self.bottoms.iter().map(|p| p.1).chain(self.link.iter().map(|l| l.0))
    }

    fn ups(&self) -> impl Iterator<Item = i32> + '_ {
        self.tops.iter().map(|p| p.1).chain(self.linked_from)
    }
}

/// Gives the wires their tracks and returns how many there are; none when they cannot be untangled. `barred` columns take no new line.
pub(super) fn route(wires: &mut Vec<Wire>, width: i32, barred: &[i32], share: bool) -> Option<i32> {
    if wires.iter().all(|w| w.span().0 == w.span().1) {
        wires.iter_mut().for_each(|w| w.track = None);
        return Some(0);
    }
    let mut above = constraints(wires);
    let mut shapes = Shapes::new(wires);
    let mut costs = costs(&shapes);
    let mut order = topological(&shapes, &above, &costs);
    while order.is_none() {
        split(wires, &above, width, barred)?;
        above = constraints(wires);
        shapes = Shapes::new(wires);
        costs = self::costs(&shapes);
        order = topological(&shapes, &above, &costs);
    }
    let mut order = order?;
    improve(&above, &costs, &mut order);
    Some(stack(wires, &shapes, &above, &order, share))
}

/// Crossings of routed wires.
pub(super) fn crossings(wires: &[Wire]) -> usize {
    let mut total = 0;
    for b in wires {
        let (Some(track), (lo, hi)) = (b.track, b.span()) else {
            continue;
        };
        for a in wires.iter().filter(|a| a.net != b.net) {
            let inside = |c: i32| lo < c && c < hi;
            let own = a.track.unwrap_or(i32::MIN);
            total += a.tops.iter().filter(|t| inside(t.1) && (a.track.is_none() || own > track)).count();
            total += a.bottoms.iter().filter(|t| inside(t.1) && a.track.is_some() && own < track).count();
            total += a.link.iter().filter(|l| inside(l.0) && own < track).count();
        }
    }
    total
}

fn bent(wires: &[Wire]) -> Vec<usize> {
    (0..wires.len()).filter(|&i| wires[i].span().0 != wires[i].span().1).collect()
}

/// Pairs of wires of which the first must run above the second.
#[derive(Default)]
struct Above(Vec<(usize, usize)>);

impl Above {
    fn has(&self, upper: usize, lower: usize) -> bool {
        self.0.binary_search(&(upper, lower)).is_ok()
    }

    /// The wires that must run below a wire.
    fn below(&self, upper: usize) -> impl Iterator<Item = usize> {
        let first = self.0.partition_point(|p| p.0 < upper);
        self.0.iter().skip(first).take_while(move |p| p.0 == upper).map(|p| p.1)
    }
}

fn constraints(wires: &[Wire]) -> Above {
    let mut ends: Vec<(i32, usize)> =
        wires.iter().enumerate().flat_map(|(j, w)| w.bottoms.iter().map(move |b| (b.1, j))).collect();
    ends.sort_unstable();
    let mut out = Above::default();
    for (i, w) in wires.iter().enumerate() {
        for t in &w.tops {
            let last = ends.partition_point(|e| e.0 <= t.1);
            let under = last.checked_sub(1).map(|k| ends[k]).filter(|e| e.0 == t.1 && e.1 != i);
            out.0.extend(under.map(|e| (i, e.1)));
        }
        out.0.extend(w.link.map(|l| (i, l.1)));
    }
    out.0.sort_unstable();
    out.0.dedup();
    out
}

/// What the scheduler knows of a wire: its span, and where the columns in which it goes up and down are listed.
struct Shape {
    span: (i32, i32),
    ups: Range<usize>,
    downs: Range<usize>,
}

/// The shapes of all wires over one list of columns.
struct Shapes {
    of: Vec<Shape>,
    cols: Vec<i32>,
}

impl Shapes {
    fn new(wires: &[Wire]) -> Shapes {
        let mut cols = Vec::with_capacity(4 * wires.len());
        let shape = |w: &Wire| {
            let from = cols.len();
            cols.extend(w.ups());
            let middle = cols.len();
            cols.extend(w.downs());
            Shape { span: w.span(), ups: from..middle, downs: middle..cols.len() }
        };
        Shapes { of: wires.iter().map(shape).collect(), cols }
    }

    /// How many of some columns lie within a span.
    fn hits(&self, cols: &Range<usize>, (low, high): (i32, i32)) -> i32 {
        self.cols[cols.clone()].iter().map(|c| i32::from(low <= *c && *c <= high)).sum()
    }
}

/// Crossings of each two wires, by which of them runs above the other.
struct Costs {
    wires: usize,
    all: Vec<i32>,
}

impl Costs {
    fn of(&self, upper: usize, lower: usize) -> i32 {
        self.all[upper * self.wires + lower]
    }
}

fn costs(shapes: &Shapes) -> Costs {
    let apart = |a: &Shape, b: &Shape| a.span.1 < b.span.0 || b.span.1 < a.span.0;
    let cost = |a: &Shape, b: &Shape| match apart(a, b) {
        true => 0,
        false => shapes.hits(&a.downs, b.span) + shapes.hits(&b.ups, a.span),
    };
    let wires = shapes.of.len();
    let mut all = Vec::with_capacity(wires * wires);
    shapes.of.iter().for_each(|a| all.extend(shapes.of.iter().map(|b| cost(a, b))));
    Costs { wires, all }
}

/// An order of the bent wires that keeps the constraints, cheap ones first; none when they run in a circle.
fn topological(shapes: &Shapes, above: &Above, costs: &Costs) -> Option<Vec<usize>> {
    let shapes = &shapes.of;
    let mut left: Vec<usize> = (0..shapes.len()).filter(|&i| shapes[i].span.0 != shapes[i].span.1).collect();
    let mut waiting = vec![0; shapes.len()];
    left.iter().for_each(|&i| above.below(i).for_each(|j| waiting[j] += 1));
    let pair = |i: usize, j: usize| costs.of(i, j) - costs.of(j, i);
    let mut gain: Vec<i32> = (0..shapes.len()).map(|i| left.iter().map(|&j| pair(i, j)).sum()).collect();
    let mut out = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let next = left.iter().copied().filter(|&i| waiting[i] == 0).min_by_key(|&i| (gain[i], shapes[i].span, i))?;
        left.retain(|&i| i != next);
        left.iter().for_each(|&i| gain[i] -= pair(i, next));
        above.below(next).for_each(|j| waiting[j] -= 1);
        out.push(next);
    }
    Some(out)
}

/// Exchanges neighbours in the order while that saves crossings.
fn improve(above: &Above, costs: &Costs, order: &mut [usize]) {
    for _ in 0..order.len() {
        let mut better = false;
        for k in 1..order.len() {
            let (a, b) = (order[k - 1], order[k]);
            if costs.of(b, a) < costs.of(a, b) && !above.has(a, b) {
                order.swap(k - 1, k);
                better = true;
            }
        }
        if !better {
            return;
        }
    }
}

/// Packs the wires onto tracks from the top.
fn stack(wires: &mut [Wire], shapes: &Shapes, above: &Above, order: &[usize], share: bool) -> i32 {
    let mut tracks = 0;
    for (k, &i) in order.iter().enumerate() {
        let (lo, hi) = shapes.of[i].span;
        let mut track = 0;
        for &j in order.iter().take(k) {
            let (olo, ohi) = shapes.of[j].span;
            let over = wires[j].track.unwrap_or(0);
            if above.has(j, i) {
                track = track.max(over + 2);
            } else if !share || (lo - ohi < 4 && olo - hi < 4) {
                track = track.max(over + 1);
            }
        }
        wires[i].track = Some(track);
        tracks = tracks.max(track + 1);
    }
    tracks
}

/// Breaks a circle of constraints: one of its wires changes column halfway.
fn split(wires: &mut Vec<Wire>, above: &Above, width: i32, barred: &[i32]) -> Option<()> {
    let bent = bent(wires);
    let mut circle = bent.clone();
    loop {
        let before = circle.len();
        let keep: Vec<usize> = circle
            .iter()
            .copied()
            .filter(|&i| above.below(i).any(|j| circle.contains(&j)) && circle.iter().any(|&j| above.has(j, i)))
            .collect();
        circle = keep;
        if circle.len() == before {
            break;
        }
    }
    let i = circle
        .into_iter()
        .filter(|&i| wires[i].link.is_none() && wires[i].linked_from.is_none())
        .min_by_key(|&i| wires[i].span().1 - wires[i].span().0)?;
    let mut taken: Vec<i32> =
        wires.iter().flat_map(|w| w.cols().collect::<Vec<_>>()).chain(barred.iter().copied()).collect();
    taken.sort_unstable();
    let (lo, hi) = wires[i].span();
    let free = |c: &i32| taken.binary_search(c).is_err();
    let col = (0..width).filter(free).min_by_key(|&c| ((lo - c).max(c - hi).max(0), (c - (lo + hi) / 2).abs()))?;
    let mut lower = Wire::new(wires[i].net, Vec::new(), std::mem::take(&mut wires[i].bottoms));
    lower.linked_from = Some(col);
    wires[i].link = Some((col, wires.len()));
    wires.push(lower);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_of_constraints_is_broken() {
        let mut wires = vec![Wire::new(0, vec![(0, 1)], vec![(1, 5)]), Wire::new(1, vec![(2, 5)], vec![(3, 1)])];
        let tracks = route(&mut wires, 20, &[], true);
        assert!(tracks.is_some_and(|t| t >= 3), "{tracks:?}");
        assert_eq!(wires.len(), 3);
    }

    #[test]
    fn apart_wires_share_a_track() {
        let mut wires = vec![Wire::new(0, vec![(0, 1)], vec![(1, 5)]), Wire::new(1, vec![(2, 15)], vec![(3, 11)])];
        assert_eq!(route(&mut wires, 20, &[], true), Some(1));
    }
}
