//! Graphviz DOT.

use super::{edges, lines, members, quoted};
use crate::diagram::model::{Model, Node};
use crate::diagram::text;

/// A `digraph` with one `cluster_` subgraph per cluster.
pub fn dot(model: &Model) -> String {
    let mut out = "digraph architecture {\n  rankdir=TB;\n  node [shape=box];\n".to_owned();
    let node = |i: usize, n: &Node| format!("n{i} [label={}{}];\n", quoted(&lines(n), "\\n"), shape(n));
    for (i, n) in members(model, None) {
        out += &format!("  {}", node(i, n));
    }
    for (c, cluster) in model.clusters.iter().enumerate() {
        out += &format!("  subgraph cluster_{c} {{\n    label={};\n", quoted(&[text::clean(&cluster.label)], "\\n"));
        for (i, n) in members(model, Some(c)) {
            out += &format!("    {}", node(i, n));
        }
        out += "  }\n";
    }
    for (a, b, label) in edges(model) {
        let text = if label.is_empty() { String::new() } else { format!(" [label={}]", quoted(&[label], "\\n")) };
        out += &format!("  n{a} -> n{b}{text};\n");
    }
    out + "}\n"
}

fn shape(n: &Node) -> &'static str {
    match n.kind.as_str() {
        "database" | "storage" => ", shape=cylinder",
        "queue" | "bus" | "topic" => ", shape=cds",
        _ => "",
    }
}
