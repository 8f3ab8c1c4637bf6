//! Mermaid flowcharts. Hosts show long blocks reluctantly, so blocks stay under 2,000 characters.

use super::{clusters, edges, lines, members};
use crate::diagram::model::{Model, Node};
use crate::diagram::text;
use std::collections::BTreeSet;

/// Most characters of one block; with its fences it stays under 2,000.
const LIMIT: usize = 1980;

/// Flowchart source in fenced `mermaid` blocks, one block or, where one would reach 2,000 characters, several.
pub fn mermaid(model: &Model) -> String {
    let blocks: Vec<String> = mermaid_blocks(model).into_iter().map(|b| format!("```mermaid\n{b}```\n")).collect();
    blocks.join("\n")
}

/// The flowchart as blocks without fences. Every node and every edge is in exactly one block, a node that an edge needs elsewhere again.
pub fn mermaid_blocks(model: &Model) -> Vec<String> {
    let all: Vec<usize> = (0..edges(model).len()).collect();
    let nodes: BTreeSet<usize> = (0..model.nodes.len()).collect();
    let whole = block(model, &nodes, &all);
    if whole.chars().count() < LIMIT {
        return vec![whole];
    }
    let (mut out, mut taken, mut shown) = (Vec::new(), Vec::new(), BTreeSet::new());
    let ends = |taken: &[usize]| -> BTreeSet<usize> {
        edges(model).iter().enumerate().filter(|(i, _)| taken.contains(i)).flat_map(|(_, e)| [e.0, e.1]).collect()
    };
    for edge in all {
        taken.push(edge);
        if taken.len() > 1 && block(model, &ends(&taken), &taken).chars().count() >= LIMIT {
            taken.pop();
            shown.extend(ends(&taken));
            out.push(block(model, &ends(&taken), &taken));
            taken = vec![edge];
        }
    }
    if !taken.is_empty() {
        shown.extend(ends(&taken));
        out.push(block(model, &ends(&taken), &taken));
    }
    let mut rest: BTreeSet<usize> = BTreeSet::new();
    for v in nodes.into_iter().filter(|v| !shown.contains(v)) {
        rest.insert(v);
        if rest.len() > 1 && block(model, &rest, &[]).chars().count() >= LIMIT {
            rest.remove(&v);
            out.push(block(model, &rest, &[]));
            rest = BTreeSet::from([v]);
        }
    }
    if !rest.is_empty() {
        out.push(block(model, &rest, &[]));
    }
    out
}

fn block(model: &Model, nodes: &BTreeSet<usize>, taken: &[usize]) -> String {
    let mut out = "flowchart TB\n".to_owned();
    out += &subgraph(model, nodes, None, "  ");
    for (_, (a, b, label)) in edges(model).into_iter().enumerate().filter(|(i, _)| taken.contains(i)) {
        let text = if label.is_empty() { String::new() } else { format!("|{}|", quoted(&[label])) };
        out += &format!("  n{a} -->{text} n{b}\n");
    }
    out
}

/// What is shown of a subgraph: nodes, then subgraphs.
fn subgraph(model: &Model, nodes: &BTreeSet<usize>, around: Option<usize>, indent: &str) -> String {
    let shown = members(model, around).filter(|(i, _)| nodes.contains(i));
    let mut out: String = shown.map(|(i, n)| format!("{indent}{}\n", shape(i, n))).collect();
    for (c, cluster) in clusters(model, around) {
        let inside = subgraph(model, nodes, Some(c), &format!("{indent}  "));
        if !inside.is_empty() {
            let title = quoted(&[text::clean(&cluster.label)]);
            out += &format!("{indent}subgraph c{c}[{title}]\n{inside}{indent}end\n");
        }
    }
    out
}

fn shape(i: usize, n: &Node) -> String {
    let label = quoted(&lines(n));
    match n.kind.as_str() {
        "database" | "storage" => format!("n{i}[({label})]"),
        "queue" | "bus" | "topic" => format!("n{i}[[{label}]]"),
        "client" | "person" | "user" => format!("n{i}([{label}])"),
        _ => format!("n{i}[{label}]"),
    }
}

/// Mermaid knows no backslashes in strings: entities instead.
fn quoted(lines: &[String]) -> String {
    let escape = |l: &String| {
        l.replace('&', "#amp;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;").replace('`', "#96;")
    };
    format!("\"{}\"", lines.iter().map(escape).collect::<Vec<_>>().join("<br/>"))
}
