//! Columns of the pins on the borders: straight below or above their other end where that lies over the box, else spread evenly.
#![expect(
    clippy::indexing_slicing,
    reason = "indices are made here, against vectors of the same length"
)]

use super::layout::{Kind, Layout};
use super::place::isotonic;
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
    let order: Vec<usize> = l
        .rows
        .iter()
        .flatten()
        .copied()
        .filter(|&v| l.vertices[v].kind == Kind::Box)
        .collect();
    for round in 0..4 {
        for k in 0..order.len() {
            let v = if round % 2 == 0 {
                order[k]
            } else {
                order[order.len() - 1 - k]
            };
            for side in &sides[v] {
                spread(l, v, side, &far, floor[v]);
            }
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
        let inside: Vec<usize> = l.rows[first]
            .iter()
            .copied()
            .filter(|&v| l.vertices[v].cluster == Some(c))
            .collect();
        let left = l
            .vertices
            .iter()
            .filter(|v| v.cluster == Some(c))
            .map(|v| v.x)
            .min()
            .unwrap_or(0)
            - 2;
        if let [only] = inside.as_slice() {
            out[*only] = Some(left + text::width(&l.titles[c]) + 5);
        }
    }
    out
}

fn spread(l: &mut Layout, v: usize, side: &[usize], far: &[Vec<usize>], floor: Option<i32>) {
    if side.is_empty() {
        return;
    }
    let me = &l.vertices[v];
    let (low, high) = (me.x + 1, me.x + me.w - 2);
    let low = match floor {
        Some(f) if !l.pins[side[0]].below && f + 2 * (count(side) - 1) <= high => low.max(f),
        _ => low,
    };
    let aim = |p: usize| {
        let cols: Vec<i32> = far[p].iter().map(|&q| l.pins[q].col).collect();
        cols.iter().map(|&c| f64::from(c)).sum::<f64>() / f64::from(count(&cols).max(1))
    };
    let mut sorted: Vec<(f64, usize)> = side.iter().map(|&p| (aim(p), p)).collect();
    sorted.sort_by(|a, b| {
        a.0.total_cmp(&b.0)
            .then(l.pins[a.1].net.cmp(&l.pins[b.1].net))
    });
    let k = count(side);
    let wishes: Vec<(f64, f64)> = sorted
        .iter()
        .zip(0i32..)
        .map(|(&(aim, p), i)| {
            let even =
                f64::from(low - 1) + f64::from((high - low + 2) * (i + 1)) / f64::from(k + 1);
            let over = f64::from(low) <= aim && aim <= f64::from(high);
            let want = if over && far[p].len() == 1 { aim } else { even };
            (want - f64::from(2 * i), if over { 2.0 } else { 1.0 })
        })
        .collect();
    for ((y, (_, p)), i) in isotonic(&wishes).into_iter().zip(sorted).zip(0i32..) {
        l.pins[p].col = y.clamp(low, (high - 2 * (k - 1)).max(low)) + 2 * i;
    }
}

fn count<T>(list: &[T]) -> i32 {
    i32::try_from(list.len()).unwrap_or(0)
}
