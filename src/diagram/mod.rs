//! Text diagrams: a graph model in, text out, and a verifier that reads the text back. It knows nothing of requirements or plans.

mod assemble;
mod canvas;
mod engine;
pub mod export;
mod figures;
mod glyph;
mod graph;
mod hub;
mod layout;
mod model;
mod nest;
mod order;
mod paint;
mod place;
mod ports;
mod rank;
mod rooms;
mod route;
mod shapes;
mod split;
mod text;
mod verify;

pub use figures::{Answer, Question, Wave, bars, tree, waves};
pub use model::{Cluster, Drawing, Edge, Model, Node, Options};
pub use verify::{Finding, read, verify, verify_form};

use graph::{Role, Spec, SpecEdge, SpecNode};

/// Draws a model within the width. Never fails and never writes a longer line: what does not fit, or would cross itself more than once
/// an edge, is split into parts, each with numbered stubs for the edges that lead to another part. Edges whose ends are not nodes of the
/// model are left out.
pub fn draw(model: &Model, options: &Options) -> Vec<Drawing> {
    if model.nodes.is_empty() {
        return Vec::new();
    }
    let spec = spec_of(model);
    let frames = engine::frames(&spec, options);
    let whole = spec.nodes.len() <= 60 && spec.edges.len() <= 2 * spec.nodes.len() + 10;
    let picture = if whole { engine::picture(&spec, options, frames, engine::Effort::Full) } else { None };
    if let Some(p) = picture {
        let text = if frames { p.text } else { p.text + &legend(&spec, options) };
        return vec![Drawing {
            text,
            nodes: model.nodes.iter().map(|n| n.id.clone()).collect(),
            edges: model.edges.clone(),
            overview: false,
        }];
    }
    let mut out = Vec::new();
    if let Some(text) = split::overview(&spec, options) {
        out.push(Drawing { text, overview: true, ..Drawing::default() });
    }
    let mut parts = split::split(&spec, options);
    if let Some(last) = parts.last_mut().filter(|_| !frames) {
        last.text += &legend(&spec, options);
    }
    for part in parts {
        let nodes: Vec<String> = part.nodes.iter().filter_map(|&v| model.nodes.get(v)).map(|n| n.id.clone()).collect();
        let here = |e: &&Edge| nodes.contains(&e.from) || nodes.contains(&e.to);
        let edges = model.edges.iter().filter(here).cloned().collect();
        out.push(Drawing { text: part.text, nodes, edges, overview: false });
    }
    out
}

/// Clusters in words, for a character set in which their titles could not be told from lines: `Outer > Inner: Node, Node`.
fn legend(spec: &Spec, options: &Options) -> String {
    let width = i32::try_from(options.width.clamp(24, 1000)).unwrap_or(100);
    let mut out = String::new();
    for c in 0..spec.clusters.len() {
        let members: Vec<&SpecNode> = spec.nodes.iter().filter(|n| n.cluster == Some(c)).collect();
        if !members.is_empty() {
            out += &in_words(spec, c, &members, width);
        }
    }
    out
}

/// Which nodes stand in a cluster, as rows within the width.
fn in_words(spec: &Spec, cluster: usize, members: &[&SpecNode], width: i32) -> String {
    let titles = spec.nest.path(Some(cluster)).iter().filter_map(|&c| spec.clusters.get(c)).map(String::as_str);
    let names: Vec<String> = members.iter().map(|n| n.label.join(" ")).collect();
    let text = format!("{}: {}", titles.collect::<Vec<_>>().join(" > "), names.join(", "));
    let long = text.split(' ').any(|word| text::width(word) > width);
    let lines = if long { text::wrap(&[text], width) } else { text::wrap_words(&text, width) };
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Label lines as drawn; a node without a label shows its id.
fn label_of(n: &Node) -> Vec<String> {
    let lines: Vec<String> = n.label.iter().map(|l| text::clean(l)).filter(|l| !l.is_empty()).collect();
    if lines.is_empty() { vec![text::clean(&n.id)] } else { lines }
}

fn spec_of(model: &Model) -> Spec {
    let index = |id: &str| model.nodes.iter().position(|n| n.id == id);
    Spec {
        nodes: model
            .nodes
            .iter()
            .map(|n| SpecNode {
                role: Role::Box,
                label: label_of(n),
                note: n.note.as_deref().map(text::clean).unwrap_or_default(),
                cluster: n.cluster.as_ref().and_then(|c| model.clusters.iter().position(|k| k.id == *c)),
            })
            .collect(),
        edges: model
            .edges
            .iter()
            .filter_map(|e| {
                let label = e.label.as_deref().map(text::clean).unwrap_or_default();
                Some(SpecEdge { from: index(&e.from)?, to: index(&e.to)?, label, flat: e.flat })
            })
            .collect(),
        clusters: model.clusters.iter().map(|c| text::clean(&c.label)).collect(),
        nest: model.nest(),
    }
}
