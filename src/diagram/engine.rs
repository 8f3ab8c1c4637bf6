//! One picture: several attempts in different styles, the best sound one wins. It does not split.

use super::graph::{self, Spec};
use super::layout::{self, Style};
use super::model::Options;
use super::paint::{self, Picture};
use super::{order, place, ports, rank};

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

/// The best picture of a graph within the width, if there is one.
pub(super) fn picture(spec: &Spec, options: &Options, frames: bool) -> Option<Picture> {
    let mut best: Option<(i64, Picture)> = None;
    for style in styles(spec, options, frames) {
        let Some(p) = attempt(spec, &style) else {
            continue;
        };
        let c = cost(&p, &style);
        if best.as_ref().is_none_or(|b| c < b.0) {
            best = Some((c, p));
        }
    }
    best.map(|b| b.1)
}

fn styles(spec: &Spec, options: &Options, frames: bool) -> Vec<Style> {
    let width = i32::try_from(options.width.clamp(24, 1000)).unwrap_or(100);
    let small = spec.nodes.len() <= 50;
    let base = Style {
        ascii: options.ascii,
        width,
        wrap: width - 6,
        pad: 1,
        gap: 3,
        budget: width,
        lane: 3,
        fan_in: 0,
        frames,
        flats: true,
    };
    let hubs = spec.nodes.len() > 6;
    let mut out = Vec::new();
    for (wrap, pad, gap) in [
        (width - 6, 1, 3),
        (14, 1, 3),
        (12, 1, 2),
        (10, 0, 2),
        (9, 0, 1),
    ] {
        for (budget, lane) in [(width, 2), (width * 4 / 5, 3), (width * 3 / 5, 2)] {
            for fan_in in if hubs {
                [0, 4].as_slice()
            } else {
                [0].as_slice()
            } {
                out.push(Style {
                    wrap: wrap.min(width - 6),
                    pad,
                    gap,
                    budget,
                    lane,
                    fan_in: *fan_in,
                    ..base
                });
            }
        }
        if !small && out.len() > 6 {
            break;
        }
    }
    out
}

fn attempt(spec: &Spec, style: &Style) -> Option<Picture> {
    let mut barred = Vec::new();
    for _ in 0..8 {
        let links = graph::links(spec, style.flats, &barred);
        let vertices = layout::vertices(spec, &links, style);
        let sizes: Vec<i32> = vertices.iter().map(|v| v.w + v.ext + style.gap).collect();
        let budget = rank::Budget {
            width: style.budget + style.gap,
            lane: style.lane,
        };
        let ranks = rank::assign(&links.steep, &links.group, &sizes, &budget);
        let mut l = layout::build(spec, &links, &ranks, vertices, style);
        order::order(&mut l, 16);
        let parted = order::parted(&l);
        if !parted.is_empty() {
            barred.extend(parted);
            continue;
        }
        if !place::place(&mut l, style) {
            return None;
        }
        ports::ports(&mut l);
        return paint::paint(&l, style, true);
    }
    None
}
