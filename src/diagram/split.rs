//! Splitting instead of squeezing: parts by cluster or by the smallest cut, cut edges as numbered stubs in both parts, and a list form
//! for a node that fits nowhere else.
#![expect(clippy::indexing_slicing, reason = "indices are made here, against vectors of the same length")]

use super::engine::{self, Effort};
use super::graph::{Role, Spec, SpecEdge, SpecNode};
use super::hub;
use super::model::Options;
use super::paint::Picture;
use super::text;
use std::collections::BTreeMap;

/// One part of a split: its nodes and its picture.
pub(super) struct Part {
    pub nodes: Vec<usize>,
    pub text: String,
}

/// A bundle of cut edges with one number: one source, the same label.
pub(super) struct Cut {
    /// From 0.
    pub number: usize,
    pub from: usize,
    pub label: String,
    pub to: Vec<usize>,
}

/// Splits a picture into parts that all fit.
pub(super) fn split(spec: &Spec, options: &Options) -> Vec<Part> {
    let mut parts = by_cluster(spec);
    let most = if spec.nodes.len() > 400 { 8 } else { 12 };
    while let Some(i) = parts.iter().position(|p| p.len() > most * 3) {
        halve(spec, &mut parts, i);
    }
    let mut known: BTreeMap<Spec, Option<String>> = BTreeMap::new();
    // Parts that were drawn and did not read back: divided further, a single node as a list.
    let mut wrong: Vec<Vec<usize>> = Vec::new();
    let mut numbers = Numbers::new();
    loop {
        let home = homes(spec, &parts);
        let cuts = cuts(spec, &home, &mut numbers);
        let mut out = Vec::new();
        let mut failed = Vec::new();
        for (i, nodes) in parts.iter().enumerate() {
            let part = part_spec(spec, options, &home, &cuts, i, nodes);
            let draw = || draw_part(&part, nodes.len(), options);
            let drawn = known.entry(part.clone()).or_insert_with(draw).clone();
            match drawn.filter(|_| !wrong.contains(nodes)) {
                Some(text) => out.push((Part { nodes: nodes.clone(), text }, Some(part))),
                None if nodes.len() == 1 => {
                    let text = hub::list(spec, &home, &cuts, nodes[0], options);
                    out.push((Part { nodes: nodes.clone(), text }, None));
                }
                None => failed.push(i),
            }
        }
        if failed.is_empty() {
            let sound = |part: &Spec, text: &str| engine::sound(part, options, engine::frames(part, options), text);
            let unsound = |(p, part): &&(Part, Option<Spec>)| part.as_ref().is_some_and(|part| !sound(part, &p.text));
            let found: Vec<Vec<usize>> = out.iter().filter(unsound).map(|(p, _)| p.nodes.clone()).collect();
            if found.is_empty() {
                return out.into_iter().map(|(part, _)| part).collect();
            }
            wrong.extend(found);
            continue;
        }
        for i in failed.into_iter().rev() {
            halve(spec, &mut parts, i);
        }
    }
}

/// A drawing counts as readable with at most one crossing an edge.
pub(super) fn readable(p: &Picture, spec: &Spec) -> bool {
    p.crossings <= spec.edges.len().max(4)
}

fn draw_part(part: &Spec, boxes: usize, options: &Options) -> Option<String> {
    if boxes > 1 && (part.nodes.len() > 45 || part.edges.len() > 60) {
        return None;
    }
    engine::picture(part, options, engine::frames(part, options), Effort::Quick)
        .filter(|p| boxes == 1 || readable(p, part))
        .map(|p| p.text)
}

/// The outermost cluster around a place.
fn outermost(spec: &Spec, place: Option<usize>) -> Option<usize> {
    spec.nest.path(place).first().copied()
}

/// Clusters first, the nodes outside of all clusters together.
fn by_cluster(spec: &Spec) -> Vec<Vec<usize>> {
    let mut parts: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (v, n) in spec.nodes.iter().enumerate() {
        parts.entry(outermost(spec, n.cluster)).or_default().push(v);
    }
    parts.into_values().collect()
}

fn homes(spec: &Spec, parts: &[Vec<usize>]) -> Vec<usize> {
    let mut home = vec![0; spec.nodes.len()];
    for (i, p) in parts.iter().enumerate() {
        p.iter().for_each(|&v| home[v] = i);
    }
    home
}

/// Cuts a part in two where few edges run between the halves.
fn halve(spec: &Spec, parts: &mut Vec<Vec<usize>>, i: usize) {
    let nodes = walk(spec, &parts[i]);
    let n = nodes.len();
    let mut side = vec![2u8; spec.nodes.len()];
    nodes.iter().enumerate().for_each(|(k, &v)| side[v] = u8::from(k >= n / 2));
    let around = |side: &[u8], v: usize| {
        let mut balance = 0i64;
        for e in &spec.edges {
            let other = if e.from == v {
                e.to
            } else if e.to == v {
                e.from
            } else {
                continue;
            };
            if other != v && side[other] < 2 {
                balance += if side[other] == side[v] { -1 } else { 1 };
            }
        }
        balance
    };
    for _ in 0..6 {
        let mut moved = false;
        for &v in &nodes {
            let size = nodes.iter().filter(|&&w| side[w] == side[v]).count();
            if around(&side, v) > 0 && size * 3 > n && size > 1 {
                side[v] = 1 - side[v];
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    let mut halves = [Vec::new(), Vec::new()];
    for &v in &parts[i] {
        halves[usize::from(side[v] == 1)].push(v);
    }
    let [a, b] = halves;
    parts[i] = a;
    parts.insert(i + 1, b);
}

/// The nodes in the order of a walk along edges, so that neighbours are near each other.
fn walk(spec: &Spec, nodes: &[usize]) -> Vec<usize> {
    let mut near = vec![Vec::new(); spec.nodes.len()];
    for e in &spec.edges {
        near[e.from].push(e.to);
        near[e.to].push(e.from);
    }
    let mut open = vec![false; spec.nodes.len()];
    nodes.iter().for_each(|&v| open[v] = true);
    let mut out = Vec::new();
    for &start in nodes {
        let mut stack = vec![start];
        while let Some(v) = stack.pop() {
            if !std::mem::take(&mut open[v]) {
                continue;
            }
            out.push(v);
            stack.extend(near[v].iter().rev().copied().filter(|&w| open[w]));
        }
    }
    out
}

/// Source, label, and target where there is a label.
type Kind = (usize, String, Option<usize>);

/// The numbers that cuts were given, by kind and how many of this kind came before. A cut keeps its number when further parts are
/// divided, so that a part that was drawn stays as it is.
type Numbers = BTreeMap<(Kind, usize), usize>;

/// Numbers the cut edges: plain ones of a source together, labelled and repeated ones alone.
fn cuts(spec: &Spec, home: &[usize], numbers: &mut Numbers) -> Vec<Cut> {
    let mut out: Vec<Cut> = Vec::new();
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    let mut alike: BTreeMap<Kind, usize> = BTreeMap::new();
    for e in spec.edges.iter().filter(|e| home[e.from] != home[e.to]) {
        let open = shared.get(&e.from).copied();
        if let Some(i) = open.filter(|&i| e.label.is_empty() && !out[i].to.contains(&e.to)) {
            out[i].to.push(e.to);
            continue;
        }
        if e.label.is_empty() {
            shared.insert(e.from, out.len());
        }
        let kind = (e.from, e.label.clone(), Some(e.to).filter(|_| !e.label.is_empty()));
        let before = alike.entry(kind.clone()).or_default();
        let next = numbers.len();
        let number = *numbers.entry((kind, *before)).or_insert(next);
        *before += 1;
        out.push(Cut { number, from: e.from, label: e.label.clone(), to: vec![e.to] });
    }
    out.sort_by_key(|cut| cut.number);
    out
}

/// `(3) Name of the other end`, without the name where it has no room or could be misread.
pub(super) fn stub_text(spec: &Spec, number: usize, ends: &[usize], room: i32, ascii: bool) -> String {
    let mut names: Vec<String> = ends.iter().map(|&v| spec.nodes[v].label.join(" ")).collect();
    names.sort();
    names.dedup();
    let name = names.join(", ");
    let line = |c: char| super::glyph::arms(c) != 0 || (ascii && "+|<>^".contains(c));
    let number = format!("({})", number + 1);
    if name.is_empty()
        || name.chars().any(line)
        || (ascii && (name.contains("- ") || name.contains(" -")))
        || text::width(&name) + text::width(&number) + 1 > room
    {
        return number;
    }
    format!("{number} {name}")
}

fn part_spec(spec: &Spec, options: &Options, home: &[usize], cuts: &[Cut], part: usize, nodes: &[usize]) -> Spec {
    let mut out = Spec { clusters: spec.clusters.clone(), nest: spec.nest.clone(), ..Spec::default() };
    let mut at = BTreeMap::new();
    for &v in nodes {
        at.insert(v, out.nodes.len());
        out.nodes.push(spec.nodes[v].clone());
    }
    let room = i32::try_from(options.width / 3).unwrap_or(30);
    for e in &spec.edges {
        if let (Some(&a), Some(&b)) = (at.get(&e.from), at.get(&e.to)) {
            out.edges.push(SpecEdge { from: a, to: b, ..e.clone() });
        }
    }
    for cut in cuts {
        let stub = |role, ends: &[usize]| SpecNode {
            role,
            label: vec![stub_text(spec, cut.number, ends, room, options.ascii)],
            note: String::new(),
            cluster: None,
        };
        let here: Vec<usize> = cut.to.iter().copied().filter(|&v| home[v] == part).collect();
        if let Some(&from) = at.get(&cut.from) {
            out.edges.push(SpecEdge { from, to: out.nodes.len(), label: cut.label.clone(), flat: false });
            out.nodes.push(stub(Role::Leave, &cut.to));
        } else if !here.is_empty() {
            for v in &here {
                if let Some(&to) = at.get(v) {
                    out.edges.push(SpecEdge { from: out.nodes.len(), to, label: String::new(), flat: false });
                }
            }
            out.nodes.push(stub(Role::Arrive, &[cut.from]));
        }
    }
    out
}

/// The outermost clusters collapsed into one box each, when there are several.
pub(super) fn overview(spec: &Spec, options: &Options) -> Option<String> {
    let mut boxes: Vec<Option<usize>> = vec![None; spec.clusters.len()];
    let mut out = Spec::default();
    let mut at = Vec::new();
    for n in &spec.nodes {
        let new = SpecNode { role: Role::Box, note: String::new(), cluster: None, label: n.label.clone() };
        match outermost(spec, n.cluster) {
            Some(c) => {
                let index = *boxes[c].get_or_insert(out.nodes.len());
                if index == out.nodes.len() {
                    out.nodes.push(SpecNode { label: vec![spec.clusters[c].clone()], ..new });
                }
                at.push(index);
            }
            None => {
                at.push(out.nodes.len());
                out.nodes.push(new);
            }
        }
    }
    if boxes.iter().flatten().count() < 2 || out.nodes.len() > 20 {
        return None;
    }
    for e in &spec.edges {
        let (from, to) = (at[e.from], at[e.to]);
        let known = out.edges.iter().any(|k: &SpecEdge| k.from == from && k.to == to);
        if from != to && !known {
            out.edges.push(SpecEdge { from, to, label: String::new(), flat: false });
        }
    }
    engine::picture(&out, options, false, Effort::Full).map(|p| p.text)
}
