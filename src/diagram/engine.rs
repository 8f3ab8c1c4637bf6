//! One picture: several attempts in different styles, the best sound one wins. It does not split.

use super::assemble;
use super::graph::{self, Spec};
use super::layout::{Layout, Style};
use super::model::Options;
use super::paint::{self, Picture};
use super::{order, place, ports, rank};

/// Attempts that are refined, and how many moves each may try.
const REFINED: usize = 4;
const TRIES: usize = 60;

/// What an attempt costs: crossings weigh most, then rows.
fn cost(p: &Picture, style: &Style) -> i64 {
    let n = |v: usize| i64::try_from(v).unwrap_or(i64::MAX / 100);
    10 * n(p.crossings)
        + 3 * n(p.rows)
        + if style.pad == 0 { 15 } else { 0 }
        + if style.wrap < 60 { 10 } else { 0 }
}

/// Frames are drawn unless a title could not be told from lines.
pub(super) fn frames(spec: &Spec, options: &Options) -> bool {
    !(options.ascii && spec.clusters.iter().any(|c| c.contains(['-', '+', '|'])))
}

/// A sound attempt, kept for refinement.
struct Attempt {
    cost: i64,
    style: Style,
    layout: Layout,
    picture: Picture,
}

/// The best picture of a graph within the width, if there is one.
pub(super) fn picture(spec: &Spec, options: &Options, frames: bool) -> Option<Picture> {
    let mut best: Vec<Attempt> = Vec::new();
    let mut natural = None;
    for (k, style) in styles(spec, options, frames).into_iter().enumerate() {
        let calm = best.first().is_some_and(|b| b.picture.crossings == 0);
        let tangled = best
            .first()
            .is_some_and(|b| b.picture.crossings > 2 * spec.edges.len().max(8));
        if (calm && natural.is_some_and(|wrap| wrap != style.wrap)) || (tangled && k > 3) {
            break;
        }
        natural = natural.or(Some(style.wrap));
        let Some(a) = attempt(spec, &style) else {
            continue;
        };
        let at = best.partition_point(|b| b.cost <= a.cost);
        if at < REFINED {
            best.insert(at, a);
            best.truncate(REFINED);
        }
    }
    for a in best.iter_mut().filter(|a| a.picture.crossings > 1) {
        let mut l = a.layout.clone();
        if let Some(p) = finish(&mut l, &a.style, true) {
            let cost = cost(&p, &a.style);
            if cost < a.cost {
                (a.cost, a.picture) = (cost, p);
            }
        }
    }
    best.sort_by_key(|a| a.cost);
    if spec.nodes.len() <= 24 {
        best.iter_mut()
            .take(2)
            .filter(|a| a.picture.crossings > 2)
            .for_each(refine);
    }
    best.into_iter().min_by_key(|a| a.cost).map(|a| a.picture)
}

/// Moves single vertices along their rows while the finished picture gets better.
fn refine(a: &mut Attempt) {
    let mut tries = TRIES;
    let mut better = true;
    while std::mem::take(&mut better) {
        for row in 0..a.layout.rows.len() {
            let len = a.layout.rows.get(row).map_or(0, Vec::len);
            for (from, to) in (0..len)
                .flat_map(|i| (0..len).map(move |j| (i, j)))
                .filter(|(i, j)| i != j && *i != j + 1)
            {
                if tries == 0 || a.picture.crossings == 0 {
                    return;
                }
                tries -= 1;
                let mut l = a.layout.clone();
                if !order::moved(&mut l, row, from, to) {
                    continue;
                }
                let Some(p) = finish(&mut l, &a.style, true) else {
                    continue;
                };
                let cost = cost(&p, &a.style);
                if cost < a.cost {
                    (a.cost, a.picture, a.layout) = (cost, p, l);
                    better = true;
                }
            }
        }
    }
}

fn finish(l: &mut Layout, style: &Style, untangle: bool) -> Option<Picture> {
    l.vertices.iter_mut().for_each(|v| v.x = 0);
    if !place::place(l, style) {
        return None;
    }
    ports::ports(l);
    if untangle {
        ports::untangle(l, style.width);
    }
    paint::paint(l, style, true)
}

/// Styles to try, the most natural first. Large pictures get fewer tries.
fn styles(spec: &Spec, options: &Options, frames: bool) -> Vec<Style> {
    let width = i32::try_from(options.width.clamp(24, 1000)).unwrap_or(100);
    let size = spec.nodes.len() + spec.edges.len();
    let base = natural(width, options.ascii, frames);
    let fan_ins: &[usize] = if spec.nodes.len() > 6 { &[0, 4] } else { &[0] };
    let budgets: &[(i32, i32)] = if size < 60 {
        &[(1, 2), (4, 3), (3, 2)]
    } else {
        &[(1, 2), (4, 3)]
    };
    let directions: &[bool] = if size < 60 { &[false, true] } else { &[false] };
    let mut out = Vec::new();
    for (wrap, pad, gap) in [
        (width - 6, 1, 3),
        (14, 1, 3),
        (12, 1, 2),
        (10, 0, 2),
        (9, 0, 1),
    ] {
        for &(part, lane) in budgets {
            let budget = if part == 1 { width } else { width * part / 5 };
            for &fan_in in fan_ins {
                for &upward in directions {
                    out.push(Style {
                        wrap: wrap.min(width - 6),
                        pad,
                        gap,
                        budget,
                        lane,
                        fan_in,
                        upward,
                        ..base
                    });
                }
            }
        }
    }
    out.push(Style {
        flats: false,
        wrap: 14.min(width - 6),
        ..base
    });
    out.push(Style {
        flats: false,
        wrap: 9,
        pad: 0,
        gap: 1,
        ..base
    });
    out
}

fn attempt(spec: &Spec, style: &Style) -> Option<Attempt> {
    let mut barred = Vec::new();
    for _ in 0..8 {
        let links = graph::links(spec, style.flats, &barred);
        let vertices = assemble::vertices(spec, &links, style);
        let sizes: Vec<i32> = vertices.iter().map(|v| v.w + v.ext + style.gap).collect();
        let budget = rank::Budget {
            width: style.budget + style.gap,
            lane: style.lane,
        };
        let ranks = rank::assign(&links.steep, &links.group, &sizes, &budget);
        let mut l = assemble::build(spec, &links, &ranks, vertices, style);
        order::order(&mut l, 16, style.upward);
        let parted = order::parted(&l);
        if parted.is_empty() {
            let picture = finish(&mut l, style, false)?;
            return Some(Attempt {
                cost: cost(&picture, style),
                style: *style,
                layout: l,
                picture,
            });
        }
        barred.extend(parted);
    }
    None
}

/// The style with the most room.
fn natural(width: i32, ascii: bool, frames: bool) -> Style {
    Style {
        ascii,
        width,
        wrap: width - 6,
        pad: 1,
        gap: 3,
        budget: width,
        lane: 3,
        fan_in: 0,
        frames,
        flats: true,
        upward: false,
    }
}
