//! Text diagrams: a graph model in, text out, and a verifier that reads the text back. It knows nothing of requirements or plans.

mod canvas;
mod engine;
mod figures;
mod glyph;
mod graph;
mod layout;
mod model;
mod order;
mod paint;
mod place;
mod ports;
mod rank;
mod route;
mod text;

pub use figures::{Answer, Question, Wave, bars, tree, waves};
pub use model::{Cluster, Drawing, Edge, Model, Node, Options};

use graph::{Role, Spec, SpecEdge, SpecNode};

/// Draws a model within the width. Never fails and never writes a longer line: what does not fit is split into parts.
pub fn draw(model: &Model, options: &Options) -> Vec<Drawing> {
    let spec = spec_of(model);
    let Some(p) = engine::picture(&spec, options, true) else {
        return Vec::new();
    };
    vec![Drawing {
        text: p.text,
        nodes: model.nodes.iter().map(|n| n.id.clone()).collect(),
        edges: model.edges.clone(),
        overview: false,
    }]
}

fn spec_of(model: &Model) -> Spec {
    let index = |id: &str| model.nodes.iter().position(|n| n.id == id);
    Spec {
        nodes: model
            .nodes
            .iter()
            .map(|n| SpecNode {
                role: Role::Box,
                label: n
                    .label
                    .iter()
                    .map(|l| text::clean(l))
                    .filter(|l| !l.is_empty())
                    .collect(),
                note: n.note.as_deref().map(text::clean).unwrap_or_default(),
                cluster: n
                    .cluster
                    .as_ref()
                    .and_then(|c| model.clusters.iter().position(|k| k.id == *c)),
            })
            .collect(),
        edges: model
            .edges
            .iter()
            .filter_map(|e| {
                let label = e.label.as_deref().map(text::clean).unwrap_or_default();
                Some(SpecEdge {
                    from: index(&e.from)?,
                    to: index(&e.to)?,
                    label,
                    flat: e.flat,
                })
            })
            .collect(),
        clusters: model
            .clusters
            .iter()
            .map(|c| text::clean(&c.label))
            .collect(),
    }
}
