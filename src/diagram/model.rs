//! What a diagram shows: nodes, edges, clusters. Data only; it must not know how anything is drawn.

use super::nest::Nest;
use serde::{Deserialize, Deserializer, Serialize};

/// A graph to draw. The JSON and YAML form has the keys of these fields; optional keys may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The boxes, in the order in which siblings stand from left to right where that costs no crossing.
    pub nodes: Vec<Node>,
    /// The arrows. Equal edges twice are parallel; two opposite edges with the same label are one two-way link.
    #[serde(default)]
    pub edges: Vec<Edge>,
    /// The frames around nodes.
    #[serde(default)]
    pub clusters: Vec<Cluster>,
}

impl Model {
    /// Which cluster stands in which, by index.
    pub(super) fn nest(&self) -> Nest {
        let index = |id: &String| self.clusters.iter().position(|c| c.id == *id);
        Nest::new(&self.clusters.iter().map(|c| c.cluster.as_ref().and_then(index)).collect::<Vec<_>>())
    }

    /// What is wrong with the model itself: ids that stand twice, names of nodes and clusters that do not exist, clusters within
    /// themselves. A drawing leaves such edges and frames out.
    pub fn faults(&self) -> Vec<String> {
        let mut out = Vec::new();
        let node = |id: &str| self.nodes.iter().any(|n| n.id == id);
        for (i, n) in self.nodes.iter().enumerate() {
            if self.nodes.iter().take(i).any(|other| other.id == n.id) {
                out.push(format!("node `{}` stands twice", n.id));
            }
            if let Some(c) = n.cluster.as_ref().filter(|c| !self.clusters.iter().any(|k| k.id == **c)) {
                out.push(format!("node `{}` is in cluster `{c}`, which does not exist", n.id));
            }
        }
        let nest = self.nest();
        for (c, cluster) in self.clusters.iter().enumerate() {
            match &cluster.cluster {
                Some(outer) if !self.clusters.iter().any(|k| k.id == *outer) => {
                    out.push(format!("cluster `{}` is in cluster `{outer}`, which does not exist", cluster.id));
                }
                Some(_) if nest.around(c).is_none() => out.push(format!("cluster `{}` stands in itself", cluster.id)),
                _ => {}
            }
        }
        for e in &self.edges {
            for end in [&e.from, &e.to].into_iter().filter(|end| !node(end)) {
                out.push(format!("edge {} -> {}: there is no node `{end}`", e.from, e.to));
            }
        }
        out
    }
}

/// One box.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Unique name that edges use.
    pub id: String,
    /// Text in the box, one entry a line (a plain string is one line); wrapped further where room is short.
    #[serde(deserialize_with = "lines")]
    pub label: Vec<String>,
    /// `service`, `database`, `queue`, `cache`, `client`, …: used by the exports for shapes.
    #[serde(default = "service")]
    pub kind: String,
    /// Id of the cluster that the node stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Remark beside the box (`← text`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One arrow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// Id of the node that it leaves.
    pub from: String,
    /// Id of the node that it enters; the same as `from` for a self loop.
    pub to: String,
    /// Text on the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// A wish that both ends stand side by side on one row; followed where nothing else forbids it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flat: bool,
}

/// A frame around the nodes and clusters that name it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// Unique name that nodes and inner clusters use.
    pub id: String,
    /// Title in the frame.
    pub label: String,
    /// Id of the cluster that this one stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
}

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Most display columns that a line may have; below 24 counts as 24.
    pub width: usize,
    /// Draw with 7-bit characters instead of box-drawing ones.
    pub ascii: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { width: 100, ascii: false }
    }
}

/// One picture: the whole model, or one part of it when it was split.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Drawing {
    /// The rows, each ended by a newline, without trailing blanks.
    pub text: String,
    /// Ids of the nodes drawn as boxes.
    pub nodes: Vec<String>,
    /// The edges drawn; an edge cut by a split is listed in both of its parts.
    pub edges: Vec<Edge>,
    /// True for the survey before the parts of a split: clusters are collapsed into one box each.
    pub overview: bool,
}

fn service() -> String {
    "service".to_owned()
}

fn lines<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Lines {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Lines::deserialize(from)? {
        Lines::One(line) => line.lines().map(str::to_owned).collect(),
        Lines::Many(lines) => lines,
    })
}
