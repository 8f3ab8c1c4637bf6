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
    let framed: BTreeSet<String> = sheets.iter().flat_map(|s| s.0.frames.iter().map(title)).collect();
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
    (!out.nodes.is_empty()).then_some(out)
}

fn title(frame: &Rect) -> String {
    frame.lines.join(" ")
}

type Names = BTreeMap<(usize, usize), String>;

fn nodes(part: usize, sheet: &Sheet, reading: &Reading, names: &mut Names, out: &mut Model) {
    for (i, b) in sheet.boxes.iter().enumerate() {
        let around = sheet.frames.iter().filter(|f| b.inside(f)).max_by_key(|f| (f.top, f.left));
        let cluster = around.map(title).map(|title| {
            let known = out.clusters.iter().find(|c| c.label == title).map(|c| c.id.clone());
            known.unwrap_or_else(|| {
                let id = unused(&title, &out.clusters.iter().map(|c| c.id.as_str()).collect::<Vec<_>>());
                out.clusters.push(Cluster { id: id.clone(), label: title });
                id
            })
        });
        let label = unwrapped(&b.lines);
        let id = unused(&label.join(" "), &out.nodes.iter().map(|n| n.id.as_str()).collect::<Vec<_>>());
        names.insert((part, i), id.clone());
        let note = reading.notes.get(&i).cloned();
        out.nodes.push(Node { id, label, kind: "service".to_owned(), cluster, note });
    }
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
