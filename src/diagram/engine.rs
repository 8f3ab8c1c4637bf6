//! One picture: several attempts in different styles, the best sound one wins. It does not split.

use super::assemble;
use super::graph::{self, Links, Role, Spec, SpecNode};
use super::layout::{Layout, Style, Vertex};
use super::model::{Cluster, Edge, Model, Node, Options};
use super::paint::{self, Picture, Routed};
use super::split;
use super::text;
use super::verify;
use super::{order, place, ports, rank};

/// Attempts that are refined.
const REFINED: usize = 4;

/// Styles of one width that differ in how callers are joined and in the direction of ordering.
const KINDS: usize = 6;

/// What an attempt costs: crossings weigh most, then rows.
fn cost(r: &Routed, style: &Style) -> i64 {
    let n = |v: usize| i64::try_from(v).unwrap_or(i64::MAX / 100);
    10 * n(r.crossings) + 3 * n(r.rows()) + if style.pad == 0 { 15 } else { 0 } + if style.wrap < 60 { 10 } else { 0 }
}

/// Frames are drawn unless a title could not be told from lines.
pub(super) fn frames(spec: &Spec, options: &Options) -> bool {
    !(options.ascii && spec.clusters.iter().any(|c| c.contains(['-', '+', '|'])))
}

/// How many styles are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    Full,
    /// For the parts of a split.
    Quick,
}

impl Effort {
    /// Crossings that end the search for a style with less.
    fn few(self, spec: &Spec) -> usize {
        match self {
            Effort::Full => 0,
            Effort::Quick => spec.edges.len() / 4,
        }
    }

    /// How many of the best attempts are untangled.
    fn untangled(self) -> usize {
        match self {
            Effort::Full => REFINED,
            Effort::Quick => 1,
        }
    }
}

/// A routed attempt, kept for refinement.
struct Attempt {
    cost: i64,
    style: Style,
    layout: Layout,
    routed: Routed,
    /// Painted as soon as it is the best; many attempts never are.
    picture: Option<Picture>,
}

/// The best picture of a graph within the width, if there is one. With full effort it is readable and read back; the parts of a split
/// are read back when all are found.
pub(super) fn picture(spec: &Spec, options: &Options, frames: bool, effort: Effort) -> Option<Picture> {
    let mut best: Vec<Attempt> = Vec::new();
    let mut before = Before::default();
    let mut natural = None;
    for (k, style) in styles(spec, options, frames, effort).into_iter().enumerate() {
        let calm = best.first().is_some_and(|b| b.routed.crossings <= effort.few(spec));
        let tangled = best.first().is_some_and(|b| 2 * b.routed.crossings > 3 * spec.edges.len().max(8));
        if tangled && k > 3 {
            return None;
        }
        // How callers are best joined shows in the first styles; without crossings there is nothing to join for.
        let unlike = |b: &Attempt| b.style.fan_in != style.fan_in || (calm && b.style.upward != style.upward);
        if (calm || k >= KINDS) && best.first().is_some_and(unlike) {
            continue;
        }
        if calm && natural.is_some_and(|wrap| wrap != style.wrap) {
            break;
        }
        natural = natural.or(Some(style.wrap));
        let most = if best.len() < REFINED { usize::MAX } else { best.last().map_or(usize::MAX, |b| allowed(b.cost)) };
        let Some(mut a) = attempt(spec, &style, most, &mut before) else {
            continue;
        };
        let at = best.partition_point(|b| b.cost <= a.cost);
        if at < REFINED && (at > 0 || a.painted()) {
            best.insert(at, a);
            best.truncate(REFINED);
        }
    }
    for a in best.iter_mut().take(effort.untangled()).filter(|a| a.routed.crossings > 1) {
        let mut l = a.layout.clone();
        if let Some(r) = finish(&mut l, &a.style, true, allowed(a.cost)) {
            a.improve(l, r);
        }
    }
    best.sort_by_key(|a| a.cost);
    let readable = |p: &Picture| effort == Effort::Quick || split::readable(p, spec);
    let sound = |p: &Picture| effort == Effort::Quick || sound(spec, options, frames, &p.text);
    best.into_iter()
        .filter_map(|mut a| a.picture.take().or_else(|| paint::paint(&a.layout, &a.style, &a.routed)))
        .find(|p| readable(p) && sound(p))
}

/// Whether a reader finds in the text what was to be drawn, and nothing else.
pub(super) fn sound(spec: &Spec, options: &Options, frames: bool, text: &str) -> bool {
    verify::sound(text, &model(spec, frames), options)
}

/// What a reader must find in the picture.
fn model(spec: &Spec, frames: bool) -> Model {
    let id = |v: usize| v.to_string();
    let cluster = |n: &SpecNode| n.cluster.filter(|_| frames).map(id);
    let boxes = spec.nodes.iter().enumerate().filter(|(_, n)| n.role == Role::Box);
    let stub = |v: usize| spec.nodes.get(v).is_none_or(|n| n.role != Role::Box);
    let text = |t: &String| Some(t.clone()).filter(|t| !t.is_empty());
    let used = |c: &usize| spec.nodes.iter().any(|n| spec.nest.within(n.cluster, *c));
    Model {
        nodes: boxes
            .map(|(v, n)| Node {
                id: id(v),
                label: n.label.clone(),
                cluster: cluster(n),
                note: text(&n.note),
                ..Node::default()
            })
            .collect(),
        edges: spec
            .edges
            .iter()
            .filter(|e| !stub(e.from) && !stub(e.to))
            .map(|e| Edge { from: id(e.from), to: id(e.to), label: text(&e.label), flat: false })
            .collect(),
        clusters: (0..spec.clusters.len())
            .filter(|c| frames && used(c))
            .map(|c| Cluster {
                id: id(c),
                label: spec.clusters.get(c).cloned().unwrap_or_default(),
                cluster: spec.nest.around(c).map(id),
            })
            .collect(),
    }
}

impl Attempt {
    /// Paints it where that is still to be done; false when it cannot be drawn soundly.
    fn painted(&mut self) -> bool {
        if self.picture.is_none() {
            self.picture = paint::paint(&self.layout, &self.style, &self.routed);
        }
        self.picture.is_some()
    }

    /// Takes another layout where that costs less and can be drawn.
    fn improve(&mut self, layout: Layout, routed: Routed) -> bool {
        let cost = cost(&routed, &self.style);
        if cost >= self.cost {
            return false;
        }
        let picture = paint::paint(&layout, &self.style, &routed);
        let sound = picture.is_some();
        if sound {
            *self = Attempt { cost, style: self.style, layout, routed, picture };
        }
        sound
    }
}

/// Most crossings that a picture of less cost can have.
fn allowed(cost: i64) -> usize {
    usize::try_from(cost / 10).unwrap_or(0)
}

fn finish(l: &mut Layout, style: &Style, untangle: bool, most: usize) -> Option<Routed> {
    l.vertices.iter_mut().for_each(|v| v.x = 0);
    if !place::place(l, style) {
        return None;
    }
    ports::ports(l);
    if untangle {
        ports::untangle(l, style.width);
    }
    paint::routed(l, style, most)
}

/// Label width, padding and gap of the styles for small and for large pictures.
const SMALL: &[(i32, i32, i32)] = &[(1000, 1, 3), (14, 1, 3), (12, 1, 2), (10, 0, 2), (9, 0, 1)];
const LARGE: &[(i32, i32, i32)] = &[(1000, 1, 3), (12, 1, 2), (9, 0, 1)];

/// Styles to try, the most natural first. Large pictures get fewer tries.
fn styles(spec: &Spec, options: &Options, frames: bool, effort: Effort) -> Vec<Style> {
    let width = i32::try_from(options.width.clamp(24, 1000)).unwrap_or(100);
    let small = effort == Effort::Full && spec.nodes.len() + spec.edges.len() < 60;
    let base = natural(width, options.ascii, frames);
    let fan_ins: &[usize] = match spec.nodes.len() {
        0..=6 => &[0],
        7..=24 if effort == Effort::Full => &[0, 4, 6],
        _ => &[0, 4],
    };
    let directions: &[bool] = if small { &[false, true] } else { &[false] };
    let widest = spec.nodes.iter().map(|n| text::widest(&n.label)).max().unwrap_or(0);
    let mut out: Vec<Style> = Vec::new();
    for &(wrap, pad, gap) in if small { SMALL } else { LARGE } {
        let wrap = i32::min(wrap, width - 6);
        if out.last().is_some_and(|s| s.wrap.min(widest) == wrap.min(widest) && (s.pad, s.gap) == (pad, gap)) {
            continue;
        }
        let roomy = out.is_empty() && small;
        let budgets: &[(i32, i32)] = match effort {
            Effort::Full if roomy => &[(20, 2), (18, 2), (16, 3), (12, 2)],
            Effort::Full => &[(20, 2), (18, 3)],
            Effort::Quick => &[(20, 2)],
        };
        for &(part, lane) in budgets {
            let budget = width * part / 20;
            for &fan_in in fan_ins {
                out.extend(directions.iter().map(|&upward| Style {
                    wrap,
                    pad,
                    gap,
                    budget,
                    lane,
                    fan_in,
                    upward,
                    ..base
                }));
            }
        }
    }
    out.extend([(14.min(width - 6), 1, 3), (9, 0, 1)].map(|(wrap, pad, gap)| Style {
        flats: false,
        wrap,
        pad,
        gap,
        ..base
    }));
    out
}

/// What decides a layout: styles that agree in it give the same picture.
#[derive(PartialEq, Eq)]
struct Likeness {
    wrap: i32,
    pad: i32,
    gap: i32,
    skeleton: Skeleton,
}

/// What decides the order of the rows.
#[derive(Clone, PartialEq, Eq)]
struct Skeleton {
    upward: bool,
    flats: bool,
    ranks: Vec<usize>,
    joined: Vec<bool>,
}

/// Links and measured boxes of a style, with what of it they depend on.
struct Measured {
    key: (i32, i32, bool),
    links: Links,
    vertices: Vec<Vertex>,
}

/// What earlier attempts leave for the next.
#[derive(Default)]
struct Before {
    seen: Vec<Likeness>,
    measured: Option<Measured>,
    /// Rows in order.
    ordered: Vec<(Skeleton, Vec<Vec<usize>>)>,
}

impl Before {
    fn measured(&mut self, spec: &Spec, style: &Style) -> (Links, Vec<Vertex>) {
        let key = (style.wrap, style.pad, style.flats);
        if let Some(known) = self.measured.as_ref().filter(|m| m.key == key) {
            return (known.links.clone(), known.vertices.clone());
        }
        let links = graph::links(spec, style.flats, &[]);
        let vertices = assemble::vertices(spec, &links, style);
        self.measured = Some(Measured { key, links: links.clone(), vertices: vertices.clone() });
        (links, vertices)
    }
}

impl Before {
    /// Orders the rows, or takes their order over from an attempt that differs in sizes only.
    fn order(&mut self, l: &mut Layout, style: &Style, (round, ranks, joined): (usize, &[usize], &[bool])) {
        let same =
            |s: &Skeleton| (s.upward, s.flats) == (style.upward, style.flats) && s.ranks == ranks && s.joined == joined;
        if let Some((_, rows)) = self.ordered.iter().find(|o| round == 0 && same(&o.0)) {
            l.rows.clone_from(rows);
            return;
        }
        order::order(l, 16, style.upward);
        if round == 0 {
            let (ranks, joined) = (ranks.to_vec(), joined.to_vec());
            let skeleton = Skeleton { upward: style.upward, flats: style.flats, ranks, joined };
            self.ordered.push((skeleton, l.rows.clone()));
        }
    }
}

fn attempt(spec: &Spec, style: &Style, most: usize, before: &mut Before) -> Option<Attempt> {
    let mut barred = Vec::new();
    for round in 0..8 {
        let (links, vertices) = if round == 0 {
            before.measured(spec, style)
        } else {
            let links = graph::links(spec, style.flats, &barred);
            let vertices = assemble::vertices(spec, &links, style);
            (links, vertices)
        };
        let sizes: Vec<i32> = vertices.iter().map(|v| v.w + v.ext + style.gap).collect();
        let budget = rank::Budget { width: style.budget + style.gap, lane: style.lane };
        let ranks = rank::assign(&links.steep, &links.group, &sizes, &budget);
        let joined = assemble::joined(&links, &vertices, style);
        if round == 0 {
            let Style { wrap, pad, gap, upward, flats, .. } = *style;
            let skeleton = Skeleton { upward, flats, ranks: ranks.clone(), joined: joined.clone() };
            let like = Likeness { wrap, pad, gap, skeleton };
            if before.seen.contains(&like) {
                return None;
            }
            before.seen.push(like);
        }
        let mut layout = assemble::build(spec, &links, &ranks, vertices, (style, &joined));
        if layout.flats.is_empty() && !place::possible(&layout, style) {
            return None;
        }
        before.order(&mut layout, style, (round, &ranks, &joined));
        let parted = order::parted(&layout);
        if parted.is_empty() {
            let routed = finish(&mut layout, style, false, most)?;
            return Some(Attempt { cost: cost(&routed, style), style: *style, layout, routed, picture: None });
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
