//! Compares what was read with the model: boxes, edges, notes, frames, stubs.

use super::Finding;
use super::boxes::Rect;
use super::lines::Sheet;
use super::nets::{Reading, StubEnd};
use crate::diagram::model::{Cluster, Model, Node};
use std::collections::{BTreeMap, BTreeSet};

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
    let said = legend(sheets, model, findings);
    frames(sheets, model, (&names, &said), findings);
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
    cluster(s, s.around(s.boxes.get(i)?)?, model)
}

/// The cluster that a frame shows: its title and those of the frames around it are the same; of twins the one with a node drawn in it.
fn cluster(s: &Sheet, frame: &Rect, model: &Model) -> Option<String> {
    let named = |frame: &Rect, c: &Cluster| same_label(&frame.lines, std::slice::from_ref(&c.label));
    let mut fits: Vec<&Cluster> = Vec::new();
    for c in model.clusters.iter().filter(|c| named(frame, c)) {
        let (mut outer, mut of) = (s.around(frame), outer(c, model));
        while let (Some(f), Some(c)) = (outer, of.filter(|c| outer.is_some_and(|f| named(f, c)))) {
            (outer, of) = (s.around(f), self::outer(c, model));
        }
        if outer.is_none() && of.is_none() {
            fits.push(c);
        }
    }
    let inside: Vec<&Rect> = s.boxes.iter().filter(|b| s.around(b) == Some(frame)).collect();
    let member = |c: &&&Cluster| {
        let nodes = || model.nodes.iter().filter(|n| n.cluster.as_ref() == Some(&c.id));
        inside.iter().any(|b| nodes().any(|n| same_label(&b.lines, &n.label)))
    };
    let of = if fits.len() > 1 { fits.iter().find(member) } else { None };
    of.or(fits.first()).map(|c| c.id.clone())
}

/// The cluster directly around a cluster.
fn outer<'a>(c: &Cluster, model: &'a Model) -> Option<&'a Cluster> {
    let id = c.cluster.as_ref()?;
    model.clusters.iter().find(|k| k.id == *id)
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

/// Text below the boxes may only say which nodes stand in which cluster; gives the nodes of which it does.
fn legend(sheets: &Sheets, model: &Model, findings: &mut Vec<Finding>) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for (part, _, r) in sheets {
        let text = words(&r.legend.join(" "));
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let Some((nodes, after)) = model.clusters.iter().find_map(|c| statement(rest, c, model)) else {
                findings.push(Finding { part: *part, ..Finding::whole("text", format!("unexplained text '{rest}'")) });
                break;
            };
            said.extend(nodes);
            rest = after;
        }
    }
    said
}

/// Reads `Outer > Inner: Node, Node` off the beginning of a text, for one cluster.
fn statement<'a>(text: &'a str, c: &Cluster, model: &Model) -> Option<(Vec<String>, &'a str)> {
    let mut title = words(&c.label);
    let mut around = outer(c, model);
    for _ in &model.clusters {
        let Some(c) = around else { break };
        title = format!("{} > {title}", words(&c.label));
        around = outer(c, model);
    }
    let mut rest = text.strip_prefix(&title)?.strip_prefix(": ")?;
    let mut out = Vec::new();
    loop {
        let named = |n: &&Node| {
            let after = rest.strip_prefix(&words(&n.label.join(" ")));
            n.cluster.as_ref() == Some(&c.id)
                && after.is_some_and(|a| a.is_empty() || a.starts_with(", ") || a.starts_with(' '))
        };
        let length = |n: &&Node| words(&n.label.join(" ")).len();
        let node = model.nodes.iter().filter(named).max_by_key(length)?;
        rest = rest.strip_prefix(&words(&node.label.join(" ")))?;
        out.extend(model.nodes.iter().filter(named_like(node)).map(|n| n.id.clone()));
        match rest.strip_prefix(", ") {
            Some(next) => rest = next,
            None => return Some((out, rest.trim_start())),
        }
    }
}

/// Nodes of one cluster with one label.
fn named_like<'a>(node: &'a Node) -> impl Fn(&&'a Node) -> bool {
    move |n| n.cluster == node.cluster && n.label == node.label
}

/// Names of boxes, and the nodes whose cluster stands in words.
type Known<'a> = (&'a BTreeMap<Place, String>, &'a BTreeSet<String>);

/// Where there are frames or words for them, every box of a cluster stands in its frame or its words, and no other does.
fn frames(sheets: &Sheets, model: &Model, (names, said): Known, findings: &mut Vec<Finding>) {
    if said.is_empty() && sheets.iter().all(|s| s.1.frames.is_empty()) {
        return;
    }
    for (k, (part, s, _)) in sheets.iter().enumerate() {
        for f in &s.frames {
            if cluster(s, f, model).is_none() {
                let text = format!("frame '{}' is not a cluster of the model, or stands in another", f.lines.join(" "));
                findings.push(Finding { part: *part, ..Finding::at("frame", (f.top, f.left), &text) });
            }
        }
        for i in 0..s.boxes.len() {
            let Some(n) = names.get(&(k, i)).and_then(|id| model.nodes.iter().find(|n| n.id == *id)) else {
                continue;
            };
            let frame = cluster_of(s, i, model);
            let known = n.cluster.clone().filter(|c| model.clusters.iter().any(|k| k.id == *c));
            if frame != known && !(frame.is_none() && said.contains(&n.id)) {
                findings.push(Finding {
                    part: *part,
                    ..Finding::whole("frame", format!("{} stands in {frame:?}, belongs to {known:?}", n.id))
                });
            }
        }
    }
}
