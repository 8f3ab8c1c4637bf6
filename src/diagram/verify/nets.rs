//! From connected lines to edges: one source and any arrowheads, many sources and one arrowhead, or an arrowhead at both ends.

use super::Finding;
use super::grid::{At, Cells};
use super::lines::{End, Goal, Run, Sheet};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Edges, stubs and notes of one part; ends are box indices.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub edges: Vec<(usize, usize, String)>,
    pub leaving: Vec<StubEnd>,
    pub arriving: Vec<StubEnd>,
    pub notes: BTreeMap<usize, String>,
    /// Rows of text below the boxes: the legend of clusters without frames.
    pub legend: Vec<String>,
}

/// One side of a numbered stub.
#[derive(Debug, Clone)]
pub(super) struct StubEnd {
    pub number: u32,
    pub at: usize,
    pub label: String,
    pub name: String,
}

/// Reads the nets of a part.
pub(super) fn read(s: &mut Sheet, findings: &mut Vec<Finding>) -> Reading {
    let mut out = Reading::default();
    let beside = beside(s);
    let roots = roots(s);
    let mut by: BTreeMap<At, Vec<End>> = BTreeMap::new();
    for e in s.ends.clone() {
        by.entry(roots.get(e.cell).copied().unwrap_or(e.cell)).or_default().push(e);
    }
    for root in roots.iter().filter(|(p, root)| p == *root).map(|(p, _)| p) {
        if !by.contains_key(&root) {
            findings.push(Finding::at("net", root, "a line belongs to no box"));
        }
    }
    let mut before = Ways::of(&s.grid);
    for (root, ends) in by {
        let Some((hub, far)) = parties(&ends) else {
            findings.push(Finding::at("net", root, "nobody can tell who calls whom here"));
            continue;
        };
        walk(s, &hub, &mut before);
        for e in far {
            let label = label(s, &before, &beside, (&hub, &e));
            record(s, &hub, &e, label, &mut out);
        }
    }
    notes(s, &mut out, findings);
    out
}

/// The one end that all edges of a net share, and the others.
fn parties(ends: &[End]) -> Option<(End, Vec<End>)> {
    let stub = |e: &&End| matches!(e.goal, Goal::Stub(_));
    let sources: Vec<End> = ends.iter().filter(|e| !stub(e) && !e.head).cloned().collect();
    let heads: Vec<End> = ends.iter().filter(|e| !stub(e) && e.head).cloned().collect();
    let stubs: Vec<End> = ends.iter().filter(stub).cloned().collect();
    match (sources.as_slice(), heads.as_slice(), stubs.as_slice()) {
        ([], [one, other], []) => Some((one.clone(), vec![other.clone()])),
        ([_, _, ..], [head], []) => Some((head.clone(), sources.clone())),
        ([source], _, _) if !heads.is_empty() || !stubs.is_empty() => {
            Some((source.clone(), heads.iter().chain(&stubs).cloned().collect()))
        }
        ([], [_, ..], [stub]) => Some((stub.clone(), heads.clone())),
        _ => None,
    }
}

fn record(s: &mut Sheet, hub: &End, far: &End, label: String, out: &mut Reading) {
    let (from, to) = if hub.head && !far.head { (far, hub) } else { (hub, far) };
    let mut side = |run: usize, at: usize, label: String| {
        let r = s.runs.get_mut(run)?;
        r.used = true;
        let (number, name) = r.stub.clone()?;
        Some(StubEnd { number, at, label, name })
    };
    match (&from.goal, &to.goal) {
        (Goal::Box(a), Goal::Box(b)) => {
            out.edges.push((*a, *b, label.clone()));
            if hub.head && far.head {
                out.edges.push((*b, *a, label));
            }
        }
        (Goal::Box(a), Goal::Stub(r)) => out.leaving.extend(side(*r, *a, label)),
        (Goal::Stub(r), Goal::Box(b)) => out.arriving.extend(side(*r, *b, label)),
        (Goal::Stub(_), Goal::Stub(_)) => {}
    }
}

/// The first cell of the net that each cell belongs to.
fn roots(s: &Sheet) -> Cells<At> {
    let mut out = Cells::of(&s.grid);
    for (start, _) in s.arms.iter() {
        if out.has(start) {
            continue;
        }
        out.insert(start, start);
        let mut todo = vec![start];
        while let Some(p) = todo.pop() {
            for (q, _) in s.links.get(p).into_iter().flatten() {
                if !out.has(*q) {
                    out.insert(*q, start);
                    todo.push(*q);
                }
            }
        }
    }
    out
}

/// Texts that no line runs through, by the line cell beside which they stand.
fn beside(s: &Sheet) -> BTreeMap<At, Vec<usize>> {
    let through: BTreeSet<usize> = s
        .links
        .iter()
        .flat_map(|(_, links)| links)
        .flat_map(|l| l.1.iter())
        .chain(s.ends.iter().flat_map(|e| e.labels.iter()))
        .copied()
        .collect();
    let mut out: BTreeMap<At, Vec<usize>> = BTreeMap::new();
    for (i, r) in s.runs.iter().enumerate() {
        if through.contains(&i) || r.stub.is_some() || note(&r.text).is_some() {
            continue;
        }
        let near = [1, 2].map(|k| (r.at.0, r.at.1 - k)).into_iter().chain([1, 2].map(|k| (r.at.0, r.end + k)));
        if let Some(p) = near.into_iter().find(|p| s.arms.has(*p)) {
            out.entry(p).or_default().push(i);
        }
    }
    out
}

/// Where a walk from the hub of each net came from, and the texts passed on that step.
type Ways = Cells<Option<(At, Vec<usize>)>>;

/// Adds the ways from a hub; no two nets share a cell.
fn walk(s: &Sheet, hub: &End, before: &mut Ways) {
    before.insert(hub.cell, None);
    let mut todo = VecDeque::from([hub.cell]);
    while let Some(p) = todo.pop_front() {
        for (q, labels) in s.links.get(p).into_iter().flatten() {
            if !before.has(*q) {
                before.insert(*q, Some((p, labels.clone())));
                todo.push_back(*q);
            }
        }
    }
}

/// The text on the way between the hub and a far end of a net.
fn label(s: &mut Sheet, before: &Ways, beside: &BTreeMap<At, Vec<usize>>, (hub, far): (&End, &End)) -> String {
    let mut ids: BTreeSet<usize> = hub.labels.iter().chain(&far.labels).copied().collect();
    let mut at = Some(far.cell);
    while let Some(p) = at {
        ids.extend(beside.get(&p).into_iter().flatten());
        at = before.get(p).and_then(Option::as_ref).map(|(q, labels)| {
            ids.extend(labels);
            *q
        });
    }
    let mut runs: Vec<(At, String)> = Vec::new();
    for i in ids {
        if let Some(r) = s.runs.get_mut(i) {
            r.used = true;
            runs.push((r.at, r.text.clone()));
        }
    }
    runs.sort();
    runs.into_iter().map(|r| r.1).collect::<Vec<_>>().join(" ")
}

fn note(text: &str) -> Option<&str> {
    text.strip_prefix("← ").or_else(|| text.strip_prefix("<- "))
}

/// Notes right of their boxes; what is then left between the boxes is stray.
fn notes(s: &Sheet, out: &mut Reading, findings: &mut Vec<Finding>) {
    let bottom = s.boxes.iter().map(|b| b.bottom).max().unwrap_or(-1);
    let mut open: Vec<(usize, At)> = Vec::new();
    for r in s.runs.iter().filter(|r| !r.used) {
        let near = |b: &super::boxes::Rect| b.top <= r.at.0 && r.at.0 <= b.bottom && b.right < r.at.1;
        let owner = s.boxes.iter().enumerate().filter(|(_, b)| near(b)).max_by_key(|(_, b)| b.right).map(|(i, _)| i);
        if let (Some(text), Some(i)) = (note(&r.text), owner) {
            out.notes.insert(i, text.trim().to_owned());
            let indent = i32::try_from(r.text.chars().count() - text.trim().chars().count()).unwrap_or(2);
            let indent =
                if text.trim().len() == text.len() { if r.text.starts_with('←') { 2 } else { 3 } } else { indent };
            open.push((i, (r.at.0 + 1, r.at.1 + indent)));
        } else if let Some(k) = open.iter().position(|o| o.1 == r.at) {
            if let Some((i, at)) = open.get_mut(k) {
                at.0 += 1;
                let text: &mut String = out.notes.entry(*i).or_default();
                text.push(' ');
                text.push_str(&r.text);
            }
        } else if r.at.0 > bottom {
            out.legend.push(r.text.clone());
        } else {
            findings.push(Finding::at("text", r.at, &format!("stray text '{}'", describe(r))));
        }
    }
}

fn describe(r: &Run) -> &str {
    &r.text
}
