//! The decision tree with the path taken.

use super::{Body, Figure, Options, Sight};
use crate::catalogue::Node;
use crate::diagram::{self, Answer, Question};
use crate::facts::{Condition, Facts};
use crate::text::markdown::figure as clean;

/// The nodes asked; with `whole` also those that the answer left unasked.
pub(super) fn figure(sight: &Sight, how: &diagram::Options, options: &Options, whole: bool) -> Figure {
    let name = sight.facts.word("preferences.decision_tree").unwrap_or("evidence");
    let nodes = sight.catalogue.trees.get(name).map_or(&[][..], Vec::as_slice);
    let (nodes, otherwise) = ending(nodes);
    let otherwise = pattern(sight, &otherwise);
    let asked: Vec<Question> =
        nodes.iter().map(|node| question(sight, node)).filter(|question| whole || question.taken).collect();
    let left = nodes.len().saturating_sub(asked.len());
    let reached = sight.decision.tree.last().is_some_and(|last| nodes.iter().any(|node| node.id == last.node));
    let otherwise = if left > 0 && reached {
        format!("{left} further question{} not asked: decided above", if left == 1 { "" } else { "s" })
    } else {
        otherwise
    };
    let text = diagram::tree("Which base pattern?", &asked, &otherwise, how);
    let name = if whole { "decision-tree-whole" } else { "decision-tree" };
    super::figure(name, Body::Text(text), options)
}

/// The name of a pattern.
fn pattern(sight: &Sight, id: &str) -> String {
    let named = sight.catalogue.patterns.iter().find(|pattern| pattern.id == id);
    named.map_or_else(|| id.to_string(), |pattern| pattern.name.clone())
}

/// A last node that always holds is no question but the answer to "none of these".
fn ending(nodes: &[Node]) -> (&[Node], String) {
    match nodes.split_last() {
        Some((last, before)) if last.when == Condition::Always || last.when.holds(&Facts::default(), None) => {
            (before, last.outcome.clone().unwrap_or_else(|| "monolith".into()))
        }
        _ => (nodes, "monolith".into()),
    }
}

fn question(sight: &Sight, node: &Node) -> Question {
    let asked = sight.decision.tree.iter().find(|asked| asked.node == node.id);
    let answer = match asked.map(|asked| asked.answer) {
        Some("yes") => Answer::Yes,
        Some(_) => Answer::No,
        None => Answer::NotAsked,
    };
    let outcome = node.outcome.as_deref().map_or_else(|| "autoscaled instances, next".into(), |id| pattern(sight, id));
    Question { question: clean(&node.question), answer, outcome, taken: asked.is_some() }
}
