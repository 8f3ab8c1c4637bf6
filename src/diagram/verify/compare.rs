//! Compares what was read with the model: boxes, edges, notes, frames, stubs.

use super::Finding;
use super::lines::Sheet;
use super::nets::{Reading, StubEnd};
use crate::diagram::model::Model;
use std::collections::BTreeMap;

/// A box anywhere in the drawing: part and box.
type Place = (usize, usize);
type Sheets = [(usize, Sheet, Reading)];
type Count = BTreeMap<(String, String, String), i32>;

/// Drawn lines equal a label if joining them, with or without a blank at each break, gives it.
pub(super) fn same_label(lines: &[String], want: &[String]) -> bool {
    let joined = words(&want.join(" "));
    let mut rest = joined.as_str();
    for line in lines {
        rest = rest.strip_prefix(' ').unwrap_or(rest);
        let Some(after) = rest.strip_prefix(line.as_str()) else {
            return false;
        };
        rest = after;
    }
    rest.is_empty()
}

pub(super) fn compare(sheets: &Sheets, model: &Model, findings: &mut Vec<Finding>) {
    let mut edges: Vec<(Place, Place, String)> = Vec::new();
    for (k, (_, _, r)) in sheets.iter().enumerate() {
        edges.extend(r.edges.iter().map(|(a, b, l)| ((k, *a), (k, *b), l.clone())));
    }
    stubs(sheets, model, &mut edges, findings);
    let mut names = assign(sheets, model, findings);
    untwin(&mut names, model, &edges);
    let have =
        count(edges.iter().filter_map(|(a, b, l)| Some((names.get(a)?.clone(), names.get(b)?.clone(), l.clone()))));
    let want =
        count(model.edges.iter().map(|e| (e.from.clone(), e.to.clone(), words(e.label.as_deref().unwrap_or("")))));
    differ(&want, &have, "missing", findings);
    differ(&have, &want, "not in the model", findings);
    for n in &model.nodes {
        if !names.values().any(|v| *v == n.id) {
            findings.push(Finding::whole("node", format!("node {} has no box", n.id)));
        }
    }
    notes(sheets, model, &names, findings);
    legend(sheets, model, findings);
    frames(sheets, model, &names, findings);
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn count(edges: impl Iterator<Item = (String, String, String)>) -> Count {
    let mut out = Count::new();
    for e in edges {
        *out.entry(e).or_default() += 1;
    }
    out
}

fn differ(more: &Count, less: &Count, what: &str, findings: &mut Vec<Finding>) {
    for (e, n) in more {
        let k = n - less.get(e).copied().unwrap_or(0);
        if k > 0 {
            findings.push(Finding::whole("edge", format!("{what}: {} -> {} '{}' x{k}", e.0, e.1, e.2)));
        }
    }
}

/// Ends of one stub, each with its part.
type Sides<'a> = Vec<(usize, &'a StubEnd)>;

/// Joins what leaves one part with what arrives in others.
fn stubs(sheets: &Sheets, model: &Model, edges: &mut Vec<(Place, Place, String)>, findings: &mut Vec<Finding>) {
    let mut all: BTreeMap<u32, (Sides, Sides)> = BTreeMap::new();
    for (k, (_, _, r)) in sheets.iter().enumerate() {
        r.leaving.iter().for_each(|s| all.entry(s.number).or_default().0.push((k, s)));
        r.arriving.iter().for_each(|s| all.entry(s.number).or_default().1.push((k, s)));
    }
    for (number, (out, into)) in all {
        let ([(k, from)], false) =
            (out.as_slice(), into.is_empty() || into.iter().all(|i| out.iter().any(|o| o.0 == i.0)))
        else {
            findings.push(Finding::whole(
                "stub",
                format!("stub ({number}): {} leaving, {} arriving", out.len(), into.len()),
            ));
            continue;
        };
        let label = |at: &(usize, &StubEnd)| {
            sheets.get(at.0).and_then(|s| s.1.boxes.get(at.1.at)).map(|b| b.lines.clone()).unwrap_or_default()
        };
        let full = |lines: Vec<String>| {
            let node = model.nodes.iter().find(|n| same_label(&lines, &n.label));
            node.map_or_else(|| lines.join(" "), |n| words(&n.label.join(" ")))
        };
        let mut far: Vec<String> = into.iter().map(|i| full(label(i))).collect();
        far.sort();
        far.dedup();
        let near = full(label(&(*k, *from)));
        let wrong = |said: &str, is: &str| !said.is_empty() && said != is;
        if wrong(&from.name, &far.join(", ")) || into.iter().any(|i| wrong(&i.1.name, &near)) {
            findings.push(Finding::whole("stub", format!("stub ({number}) names the wrong end")));
        }
        for (j, to) in into {
            let label = if to.label.is_empty() { &from.label } else { &to.label };
            edges.push(((*k, from.at), (j, to.at), label.clone()));
        }
    }
}

/// Gives each box its node: by label, then by frame, then by order.
fn assign(sheets: &Sheets, model: &Model, findings: &mut Vec<Finding>) -> BTreeMap<Place, String> {
    let mut out = BTreeMap::new();
    let mut used: Vec<bool> = vec![false; model.nodes.len()];
    for (k, (part, s, _)) in sheets.iter().enumerate() {
        let mut order: Vec<usize> = (0..s.boxes.len()).collect();
        order.sort_by_key(|&i| s.boxes.get(i).map(|b| (b.left, b.top)));
        for i in order {
            let Some(b) = s.boxes.get(i) else { continue };
            let frame = cluster_of(s, i, model);
            let fits = |m: &usize, framed: bool| {
                let free = used.get(*m).is_some_and(|u| !u);
                model
                    .nodes
                    .get(*m)
                    .is_some_and(|n| free && same_label(&b.lines, &n.label) && (!framed || n.cluster == frame))
            };
            let pick = (0..model.nodes.len())
                .find(|m| fits(m, true))
                .or_else(|| (0..model.nodes.len()).find(|m| fits(m, false)));
            if let Some((m, n)) = pick.and_then(|m| Some((m, model.nodes.get(m)?))) {
                used.get_mut(m).into_iter().for_each(|u| *u = true);
                out.insert((k, i), n.id.clone());
            } else {
                let text = format!("box '{}' is not in the model, or drawn again", b.lines.join(" "));
                findings.push(Finding { part: *part, ..Finding::at("node", (b.top, b.left), &text) });
            }
        }
    }
    out
}

/// Exchanges boxes of equal label while that brings the edges nearer to the model.
fn untwin(names: &mut BTreeMap<Place, String>, model: &Model, edges: &[(Place, Place, String)]) {
    let want =
        count(model.edges.iter().map(|e| (e.from.clone(), e.to.clone(), words(e.label.as_deref().unwrap_or("")))));
    let label = |id: &String| model.nodes.iter().find(|n| n.id == *id).map(|n| words(&n.label.join(" ")));
    let cost = |names: &BTreeMap<Place, String>| {
        let have =
            count(edges.iter().filter_map(|(a, b, l)| Some((names.get(a)?.clone(), names.get(b)?.clone(), l.clone()))));
        have.iter().map(|(e, n)| (n - want.get(e).copied().unwrap_or(0)).max(0)).sum::<i32>()
    };
    let mut best = cost(names);
    let places: Vec<Place> = names.keys().copied().collect();
    let labels: Vec<Option<String>> = names.values().map(label).collect();
    let mut better = best > 0;
    while std::mem::take(&mut better) {
        for (i, (&p, lp)) in places.iter().zip(&labels).enumerate() {
            for (&q, _) in places.iter().zip(&labels).skip(i + 1).filter(|(_, lq)| *lq == lp) {
                swap(names, p, q);
                let now = cost(names);
                if now < best {
                    best = now;
                    better = best > 0;
                } else {
                    swap(names, p, q);
                }
            }
        }
    }
}

fn swap(names: &mut BTreeMap<Place, String>, p: Place, q: Place) {
    if let (Some(a), Some(b)) = (names.remove(&p), names.remove(&q)) {
        names.insert(p, b);
        names.insert(q, a);
    }
}

/// The cluster whose frame stands closest around a box.
fn cluster_of(s: &Sheet, i: usize, model: &Model) -> Option<String> {
    let b = s.boxes.get(i)?;
    let frame = s.frames.iter().filter(|f| b.inside(f)).min_by_key(|f| (f.bottom - f.top) * (f.right - f.left))?;
    model.clusters.iter().find(|c| same_label(&frame.lines, std::slice::from_ref(&c.label))).map(|c| c.id.clone())
}

fn notes(sheets: &Sheets, model: &Model, names: &BTreeMap<Place, String>, findings: &mut Vec<Finding>) {
    for (p, id) in names {
        let (Some((part, _, r)), Some(n)) = (sheets.get(p.0), model.nodes.iter().find(|n| n.id == *id)) else {
            continue;
        };
        let have = words(r.notes.get(&p.1).map_or("", String::as_str));
        let want = words(n.note.as_deref().unwrap_or(""));
        if have != want {
            findings.push(Finding {
                part: *part,
                ..Finding::whole("note", format!("note of {id}: '{have}', model '{want}'"))
            });
        }
    }
}

/// Text below the boxes may only say which nodes stand in which cluster, where there are no frames.
fn legend(sheets: &Sheets, model: &Model, findings: &mut Vec<Finding>) {
    let title = |c: &crate::diagram::model::Cluster| {
        let members = model.nodes.iter().filter(|n| n.cluster.as_ref() == Some(&c.id));
        let names: Vec<String> = members.map(|n| words(&n.label.join(" "))).collect();
        format!("{}: {}", words(&c.label), names.join(", "))
    };
    let want = model.clusters.iter().map(title).collect::<Vec<_>>().join(" ");
    for (part, s, r) in sheets {
        let have = words(&r.legend);
        if !have.is_empty() && (have != want || !s.frames.is_empty()) {
            findings.push(Finding { part: *part, ..Finding::whole("text", format!("unexplained text '{have}'")) });
        }
    }
}

/// Where there are frames, every box of a framed cluster stands in its frame and no other does.
fn frames(sheets: &Sheets, model: &Model, names: &BTreeMap<Place, String>, findings: &mut Vec<Finding>) {
    for (k, (part, s, _)) in sheets.iter().enumerate().filter(|(_, s)| !s.1.frames.is_empty()) {
        for f in &s.frames {
            if !model.clusters.iter().any(|c| same_label(&f.lines, std::slice::from_ref(&c.label))) {
                let text = format!("frame '{}' is not a cluster of the model", f.lines.join(" "));
                findings.push(Finding { part: *part, ..Finding::at("frame", (f.top, f.left), &text) });
            }
        }
        for i in 0..s.boxes.len() {
            let Some(n) = names.get(&(k, i)).and_then(|id| model.nodes.iter().find(|n| n.id == *id)) else {
                continue;
            };
            let frame = cluster_of(s, i, model);
            let known = n.cluster.clone().filter(|c| model.clusters.iter().any(|k| k.id == *c));
            if frame != known {
                findings.push(Finding {
                    part: *part,
                    ..Finding::whole("frame", format!("{} stands in {frame:?}, belongs to {known:?}", n.id))
                });
            }
        }
    }
}
