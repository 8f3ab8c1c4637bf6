//! Graphviz DOT.

use super::{clusters, edges, lines, members, quoted};
use crate::diagram::model::{Model, Node};
use crate::diagram::text;

/// A `digraph` with one `cluster_` subgraph per cluster.
pub fn dot(model: &Model) -> String {
    let mut out = "digraph architecture {\n  rankdir=TB;\n  node [shape=box];\n".to_owned();
    subgraph(model, None, "  ", &mut out);
    for (a, b, label) in edges(model) {
        let text = if label.is_empty() { String::new() } else { format!(" [label={}]", quoted(&[label], "\\n")) };
        out += &format!("  n{a} -> n{b}{text};\n");
    }
    out + "}\n"
}

/// What stands in a subgraph: nodes, then subgraphs.
fn subgraph(model: &Model, around: Option<usize>, indent: &str, out: &mut String) {
    for (i, n) in members(model, around) {
        *out += &format!("{indent}n{i} [label={}{}];\n", quoted(&lines(n), "\\n"), shape(n));
    }
    for (c, cluster) in clusters(model, around) {
        let label = quoted(&[text::clean(&cluster.label)], "\\n");
        *out += &format!("{indent}subgraph cluster_{c} {{\n{indent}  label={label};\n");
        subgraph(model, Some(c), &format!("{indent}  "), out);
        *out += &format!("{indent}}}\n");
    }
}

fn shape(n: &Node) -> &'static str {
    match n.kind.as_str() {
        "database" | "storage" => ", shape=cylinder",
        "queue" | "bus" | "topic" => ", shape=cds",
        _ => "",
    }
}
