//! A drawing back into a model, from its text alone.

use super::super::model::{Cluster, Edge, Model, Node, Options};
use super::boxes::Rect;
use super::lines::Sheet;
use super::nets::{self, Reading};
use std::collections::{BTreeMap, BTreeSet};

/// Reads drawings: one model for each fenced block, or one for the whole text when it has no fences. Parts of a split drawing, apart by
/// blank lines, become one model; the survey before them is left out. What is no sound drawing of boxes gives no model. Ids are made
/// from the labels; kinds are not drawn and so not known.
pub fn read(text: &str, options: &Options) -> Vec<Model> {
    blocks(text).iter().filter_map(|block| model(block, options)).collect()
}

fn blocks(text: &str) -> Vec<String> {
    let fence = |l: &str| l.starts_with("```") || l.starts_with("~~~");
    if !text.lines().any(fence) {
        return vec![text.to_owned()];
    }
    let (mut out, mut open) = (Vec::new(), None::<String>);
    for line in text.lines() {
        match (&mut open, fence(line)) {
            (None, true) => open = Some(String::new()),
            (Some(_), true) => out.extend(open.take()),
            (Some(block), false) => *block += &format!("{line}\n"),
            (None, false) => {}
        }
    }
    out
}

fn model(block: &str, options: &Options) -> Option<Model> {
    let mut sheets = Vec::new();
    for part in super::parts(block) {
        let mut findings = Vec::new();
        let mut sheet = Sheet::read(&part, options.width.max(24), &|_| false, &mut findings);
        let reading = nets::read(&mut sheet, &mut findings);
        if !findings.is_empty() {
            return None;
        }
        sheets.push((sheet, reading));
    }
    let said = |r: &Reading| {
        let titles = r.legend.iter().filter_map(|row| row.split_once(": "));
        titles.filter_map(|t| t.0.split(" > ").next().map(str::to_owned)).collect::<Vec<_>>()
    };
    let framed: BTreeSet<String> =
        sheets.iter().flat_map(|(s, r)| s.frames.iter().map(title).chain(said(r)).collect::<Vec<_>>()).collect();
    let survey =
        |s: &Sheet| s.frames.is_empty() && s.boxes.iter().any(|b| framed.contains(&unwrapped(&b.lines).join(" ")));
    if sheets.len() > 1 {
        sheets.retain(|s| !survey(&s.0));
    }
    let mut out = Model::default();
    let mut names = BTreeMap::new();
    for (k, (sheet, reading)) in sheets.iter().enumerate() {
        nodes(k, sheet, reading, &mut names, &mut out);
    }
    edges(&sheets, &names, &mut out);
    let rows: Vec<String> = sheets.iter().flat_map(|s| s.1.legend.iter().cloned()).collect();
    legend(&rows, &mut out);
    (!out.nodes.is_empty()).then_some(out)
}

fn title(frame: &Rect) -> String {
    frame.lines.join(" ")
}

/// Clusters in words below the drawing, `Outer > Inner: Node, Node`, each from the beginning of a row.
fn legend(rows: &[String], out: &mut Model) {
    let mut first = 0;
    while first < rows.len() {
        let found = (first + 1..=rows.len()).find_map(|end| {
            let text = rows.get(first..end)?.join(" ");
            let said = |(at, _): (usize, &str)| Some((text.get(..at)?.to_owned(), members(text.get(at + 2..)?, out)?));
            text.match_indices(": ").find_map(said).map(|said| (end, said))
        });
        let Some((end, (titles, nodes))) = found else {
            first += 1;
            continue;
        };
        let mut around = None;
        for title in titles.split(" > ") {
            around = Some(known(title.to_owned(), around, out));
        }
        out.nodes.iter_mut().filter(|n| nodes.contains(&n.id)).for_each(|n| n.cluster.clone_from(&around));
        first = end;
    }
}

/// The nodes that a list of labels names, each in no cluster yet; blanks do not count.
fn members(list: &str, model: &Model) -> Option<Vec<String>> {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let nodes: Vec<(&str, String)> =
        model.nodes.iter().filter(|n| n.cluster.is_none()).map(|n| (n.id.as_str(), bare(&n.label.concat()))).collect();
    let (mut out, list): (Vec<String>, _) = (Vec::new(), bare(list));
    let mut rest = list.as_str();
    loop {
        let fits = |(id, label): &&(&str, String)| {
            let after = rest.strip_prefix(label.as_str());
            !out.iter().any(|o| o == id) && after.is_some_and(|after| after.is_empty() || after.starts_with(','))
        };
        let (id, label) = nodes.iter().filter(fits).min_by_key(|(_, label)| std::cmp::Reverse(label.len()))?;
        out.push((*id).to_owned());
        rest = rest.strip_prefix(label.as_str())?;
        let Some(next) = rest.strip_prefix(',') else {
            return Some(out);
        };
        rest = next;
    }
}

type Names = BTreeMap<(usize, usize), String>;

fn nodes(part: usize, sheet: &Sheet, reading: &Reading, names: &mut Names, out: &mut Model) {
    for (i, b) in sheet.boxes.iter().enumerate() {
        let cluster = sheet.around(b).map(|frame| cluster(sheet, frame, out));
        let label = unwrapped(&b.lines);
        let id = unused(&label.join(" "), &out.nodes.iter().map(|n| n.id.as_str()).collect::<Vec<_>>());
        names.insert((part, i), id.clone());
        let note = reading.notes.get(&i).cloned();
        out.nodes.push(Node { id, label, kind: "service".to_owned(), cluster, note });
    }
}

/// The id of a frame's cluster, which is made when it is new, as are those around it.
fn cluster(sheet: &Sheet, frame: &Rect, out: &mut Model) -> String {
    let around = sheet.around(frame).map(|outer| cluster(sheet, outer, out));
    known(title(frame), around, out)
}

/// The id of the cluster with a title inside of another.
fn known(label: String, around: Option<String>, out: &mut Model) -> String {
    if let Some(known) = out.clusters.iter().find(|c| c.label == label && c.cluster == around) {
        return known.id.clone();
    }
    let id = unused(&label, &out.clusters.iter().map(|c| c.id.as_str()).collect::<Vec<_>>());
    out.clusters.push(Cluster { id: id.clone(), label, cluster: around });
    id
}

/// The lines of a label without the breaks inside of a word.
fn unwrapped(lines: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in lines {
        match out.last_mut().filter(|before| before.ends_with(['-', '_', '/'])) {
            Some(before) => before.push_str(line),
            None => out.push(line.clone()),
        }
    }
    out
}

/// Letters and digits of a label with hyphens between, and a number where it is taken.
fn unused(label: &str, taken: &[&str]) -> String {
    let words: Vec<String> =
        label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let name = if words.is_empty() { "node".to_owned() } else { words.join("-") };
    let mut out = name.clone();
    let mut number = 2;
    while taken.contains(&out.as_str()) {
        out = format!("{name}-{number}");
        number += 1;
    }
    out
}

fn edges(sheets: &[(Sheet, Reading)], names: &Names, out: &mut Model) {
    let mut push = |from: (usize, usize), to: (usize, usize), label: &str| {
        if let (Some(from), Some(to)) = (names.get(&from), names.get(&to)) {
            let label = Some(label.to_owned()).filter(|label| !label.is_empty());
            out.edges.push(Edge { from: from.clone(), to: to.clone(), label, flat: false });
        }
    };
    for (k, (_, reading)) in sheets.iter().enumerate() {
        reading.edges.iter().for_each(|(a, b, label)| push((k, *a), (k, *b), label));
        for left in &reading.leaving {
            for (j, (_, other)) in sheets.iter().enumerate() {
                for into in other.arriving.iter().filter(|into| into.number == left.number) {
                    push((k, left.at), (j, into.at), &left.label);
                }
            }
        }
    }
}
