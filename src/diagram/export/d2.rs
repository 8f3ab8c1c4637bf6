//! D2.

use super::{clusters, edges, lines, members, quoted};
use crate::diagram::model::{Model, Node};
use crate::diagram::text;

/// D2 source with one container per cluster.
pub fn d2(model: &Model) -> String {
    let mut out = "direction: down\n".to_owned();
    container(model, None, "", &mut out);
    for (a, b, label) in edges(model) {
        let text = if label.is_empty() { String::new() } else { format!(": {}", safe(&[label])) };
        out += &format!("{} -> {}{text}\n", path(model, a), path(model, b));
    }
    out
}

/// What stands in a container: nodes, then containers.
fn container(model: &Model, around: Option<usize>, indent: &str, out: &mut String) {
    for (i, n) in members(model, around) {
        *out += &format!("{indent}n{i}: {}{}\n", safe(&lines(n)), shape(n));
    }
    for (c, cluster) in clusters(model, around) {
        *out += &format!("{indent}c{c}: {} {{\n", safe(&[text::clean(&cluster.label)]));
        container(model, Some(c), &format!("{indent}  "), out);
        *out += &format!("{indent}}}\n");
    }
}

/// `${` would be a variable in a D2 string.
fn safe(lines: &[String]) -> String {
    quoted(lines, "\\n").replace('$', "\\$")
}

/// A node's name with those of its containers.
fn path(model: &Model, i: usize) -> String {
    let inside = (0..model.clusters.len()).find(|&c| members(model, Some(c)).any(|m| m.0 == i));
    let around: String = model.nest().path(inside).iter().map(|c| format!("c{c}.")).collect();
    format!("{around}n{i}")
}

fn shape(n: &Node) -> &'static str {
    match n.kind.as_str() {
        "database" | "storage" => " {shape: cylinder}",
        "queue" | "bus" | "topic" => " {shape: queue}",
        "client" | "person" | "user" => " {shape: person}",
        _ => "",
    }
}
