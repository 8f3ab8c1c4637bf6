//! The same model for other tools: Mermaid, D2, Graphviz DOT, Structurizr DSL. Labels are quoted by each format's own rules; identifiers
//! are made here (`n0`, `c0`), so that no id of a model can break a file.

mod d2;
mod dot;
mod mermaid;
mod structurizr;

pub use d2::d2;
pub use dot::dot;
pub use mermaid::{mermaid, mermaid_blocks};
pub use structurizr::structurizr;

use super::model::{Cluster, Model, Node};
use super::text;

/// Edges whose ends exist, as node indices.
fn edges(model: &Model) -> Vec<(usize, usize, String)> {
    let index = |id: &str| model.nodes.iter().position(|n| n.id == id);
    model
        .edges
        .iter()
        .filter_map(|e| Some((index(&e.from)?, index(&e.to)?, text::clean(e.label.as_deref().unwrap_or("")))))
        .collect()
}

/// Nodes with their indices that stand in a cluster; `None`: in none.
fn members(model: &Model, cluster: Option<usize>) -> impl Iterator<Item = (usize, &Node)> {
    model.nodes.iter().enumerate().filter(move |(_, n)| {
        let own = n.cluster.as_ref().and_then(|c| model.clusters.iter().position(|k| k.id == *c));
        own == cluster
    })
}

/// Clusters directly inside of another with their indices; `None`: the outermost.
fn clusters(model: &Model, around: Option<usize>) -> Vec<(usize, &Cluster)> {
    let nest = model.nest();
    model.clusters.iter().enumerate().filter(|(c, _)| nest.around(*c) == around).collect()
}

/// Label lines without characters that no format holds.
fn lines(node: &Node) -> Vec<String> {
    let lines: Vec<String> = node.label.iter().map(|l| text::clean(l)).filter(|l| !l.is_empty()).collect();
    if lines.is_empty() { vec![text::clean(&node.id)] } else { lines }
}

/// A string in double quotes with backslash escapes.
fn quoted(lines: &[String], newline: &str) -> String {
    let escape = |l: &String| l.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", lines.iter().map(escape).collect::<Vec<_>>().join(newline))
}
