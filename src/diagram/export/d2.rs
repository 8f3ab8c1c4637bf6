//! D2.

use super::{edges, lines, members, quoted};
use crate::diagram::model::{Model, Node};
use crate::diagram::text;

/// D2 source with one container per cluster.
pub fn d2(model: &Model) -> String {
    let mut out = "direction: down\n".to_owned();
    let node = |i: usize, n: &Node| format!("n{i}: {}{}\n", safe(&lines(n)), shape(n));
    for (i, n) in members(model, None) {
        out += &node(i, n);
    }
    for (c, cluster) in model.clusters.iter().enumerate() {
        out += &format!("c{c}: {} {{\n", safe(&[text::clean(&cluster.label)]));
        for (i, n) in members(model, Some(c)) {
            out += &format!("  {}", node(i, n));
        }
        out += "}\n";
    }
    for (a, b, label) in edges(model) {
        let text = if label.is_empty() { String::new() } else { format!(": {}", safe(&[label])) };
        out += &format!("{} -> {}{text}\n", path(model, a), path(model, b));
    }
    out
}

/// `${` would be a variable in a D2 string.
fn safe(lines: &[String]) -> String {
    quoted(lines, "\\n").replace('$', "\\$")
}

/// A node's name with its container's.
fn path(model: &Model, i: usize) -> String {
    let inside = (0..model.clusters.len()).find(|&c| members(model, Some(c)).any(|m| m.0 == i));
    inside.map_or_else(|| format!("n{i}"), |c| format!("c{c}.n{i}"))
}

fn shape(n: &Node) -> &'static str {
    match n.kind.as_str() {
        "database" | "storage" => " {shape: cylinder}",
        "queue" | "bus" | "topic" => " {shape: queue}",
        "client" | "person" | "user" => " {shape: person}",
        _ => "",
    }
}
