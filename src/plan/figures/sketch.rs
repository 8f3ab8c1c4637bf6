//! A graph model under construction. It knows what figures are made of, not what they show.

use crate::diagram::{Cluster, Edge, Model, Node};
use crate::text::markdown::figure as clean;

/// A model to which boxes, arrows and frames are added.
#[derive(Default)]
pub(super) struct Sketch {
    pub model: Model,
}

impl Sketch {
    /// A box with its lines; empty lines are left out.
    pub fn node(&mut self, id: &str, label: &[&str], kind: &str) {
        let label = label.iter().map(|line| clean(line)).filter(|line| !line.is_empty()).collect();
        self.model.nodes.push(Node { id: id.to_string(), label, kind: kind.to_string(), ..Node::default() });
    }

    /// A remark beside the box added last.
    pub fn note(&mut self, note: &str) {
        if let Some(node) = self.model.nodes.last_mut() {
            node.note = Some(clean(note)).filter(|note| !note.is_empty());
        }
    }

    /// The frame of the box added last; the frame is made when it is new.
    pub fn within(&mut self, id: &str, title: &str) {
        if !self.model.clusters.iter().any(|cluster| cluster.id == id) {
            self.model.clusters.push(Cluster { id: id.to_string(), label: clean(title), cluster: None });
        }
        if let Some(node) = self.model.nodes.last_mut() {
            node.cluster = Some(id.to_string());
        }
    }

    /// An arrow between boxes that exist; others are left out.
    pub fn edge(&mut self, from: &str, to: &str) {
        self.arrow(from, to, "", false);
    }

    /// An arrow with a text, side by side where `flat`.
    pub fn arrow(&mut self, from: &str, to: &str, label: &str, flat: bool) {
        if self.has(from) && self.has(to) {
            let label = Some(clean(label)).filter(|label| !label.is_empty());
            self.model.edges.push(Edge { from: from.to_string(), to: to.to_string(), label, flat });
        }
    }

    /// Whether there is such a box.
    pub fn has(&self, id: &str) -> bool {
        self.model.nodes.iter().any(|node| node.id == id)
    }

    /// Whether an arrow ends at the box.
    pub fn called(&self, id: &str) -> bool {
        self.model.edges.iter().any(|edge| edge.to == id)
    }
}
