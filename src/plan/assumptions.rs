//! Assumptions: defaults that a computation or a decision used; questions: what would change a decision.

use serde::Serialize;

use crate::catalogue::Catalogue;
use crate::engine::flips::Flip;
use crate::engine::tree::Decision;
use crate::facts::{Facts, Origin};

/// A default that decided something.
#[derive(Clone, Debug, Serialize)]
pub struct Assumption {
    /// `A1`...
    pub id: String,
    /// The key that was not stated.
    pub path: String,
    /// The value taken, as people write it.
    pub value: String,
    /// Where the value comes from.
    pub because: String,
    /// What it decides.
    pub decides: Vec<String>,
}

/// Something to find out.
#[derive(Clone, Debug, Serialize)]
pub struct Question {
    /// `Q1`...
    pub id: String,
    /// The key to state.
    pub path: String,
    /// The question.
    pub ask: String,
    /// What the answer can change.
    pub flips: Vec<Flip>,
}

/// Both lists, in the order of the language.
pub(super) fn collect(catalogue: &Catalogue, facts: &Facts, decision: &Decision) -> (Vec<Assumption>, Vec<Question>) {
    let used = used(facts, decision);
    let mut assumptions = Vec::new();
    for default in &catalogue.defaults {
        let Some(fact) = facts.get(&default.path) else { continue };
        let because = match &fact.origin {
            Origin::Given { .. } => continue,
            Origin::Default => fact.rule.to_string(),
            Origin::Derived { formula, .. } => formula.to_string(),
        };
        let matters = used.contains(&default.path.as_str());
        if matters {
            let id = format!("A{}", assumptions.len() + 1);
            assumptions.push(Assumption {
                id,
                path: default.path.clone(),
                value: fact.human(),
                because,
                decides: vec![default.effect.clone()],
            });
        }
    }
    (assumptions, questions(facts, decision))
}

/// Paths that a formula or a question of the tree rests on.
fn used<'a>(facts: &'a Facts, decision: &'a Decision) -> Vec<&'a str> {
    let mut out: Vec<&str> = Vec::new();
    for (_, fact) in facts.iter() {
        if let Origin::Derived { inputs, .. } = &fact.origin {
            out.extend(inputs.iter().map(String::as_str));
        }
    }
    out.extend(decision.flips.iter().flat_map(|flip| &flip.change).map(|change| change.path.as_str()));
    out
}

/// Unknown or assumed facts whose value can change the pattern: those that flip it first.
fn questions(facts: &Facts, decision: &Decision) -> Vec<Question> {
    let mut out: Vec<Question> = Vec::new();
    for flip in &decision.flips {
        let Some(change) = flip.change.first() else { continue };
        if facts.is_stated(&change.path) {
            continue;
        }
        let to = flip.to.clone().unwrap_or_default();
        let value = change.to.as_str().map_or_else(|| change.to.to_string(), String::from);
        let now = if facts.get(&change.path).is_some() {
            format!("assumed {}", facts.human(&change.path))
        } else {
            "not stated".to_string()
        };
        let ask = format!("What is `{}`? It is {now}; {value} leads to {to}.", change.path);
        out.push(Question {
            id: format!("Q{}", out.len() + 1),
            path: change.path.clone(),
            ask,
            flips: vec![flip.clone()],
        });
    }
    out
}
