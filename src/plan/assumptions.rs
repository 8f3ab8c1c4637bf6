//! Assumptions: defaults that a computation or a decision used; questions: what would change a decision.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::catalogue::Catalogue;
use crate::engine::counterfactual::questions::Inquiry;
use crate::engine::counterfactual::{Flip, Found, said};
use crate::facts::{Facts, Origin};
use crate::text::plural::count;

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
    /// What it is for.
    pub effect: String,
    /// Decisions and numbers that another value moves, found by re-running.
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

/// Path of the fact that says how much is open.
pub const OPEN: &str = "questions.open";

/// Both lists: assumptions in the order of the language, questions by what their answer can change. Puts how much is open, at least
/// something where the caller knows it.
pub(super) fn collect(
    catalogue: &Catalogue,
    facts: &mut Facts,
    found: &Found,
    open: bool,
) -> (Vec<Assumption>, Vec<Question>) {
    let assumptions = assumed(catalogue, facts, found);
    let questions = questions(facts, &found.questions);
    #[expect(clippy::cast_precision_loss, reason = "a count of list items")]
    let count = (assumptions.len() + questions.len() + usize::from(open)) as f64;
    facts.derive(OPEN, count, "assumptions and open questions", &[]);
    (assumptions, questions)
}

fn assumed(catalogue: &Catalogue, facts: &Facts, found: &Found) -> Vec<Assumption> {
    let used = used(facts);
    let mut assumptions = Vec::new();
    for default in &catalogue.defaults {
        let Some(fact) = facts.get(&default.path) else { continue };
        let because = match &fact.origin {
            Origin::Given { .. } => continue,
            Origin::Default => fact.rule.to_string(),
            Origin::Derived { formula, .. } => formula.to_string(),
        };
        let moves = found.effects.iter().find(|effect| effect.path == default.path).map(|effect| effect.moves.clone());
        if used.contains(&default.path.as_str()) || moves.as_ref().is_some_and(|moves| !moves.is_empty()) {
            assumptions.push(Assumption {
                id: format!("A{}", assumptions.len() + 1),
                path: default.path.clone(),
                value: fact.human(),
                because,
                effect: default.effect.clone(),
                decides: moves.unwrap_or_default(),
            });
        }
    }
    assumptions
}

/// Paths that a formula rests on.
fn used(facts: &Facts) -> BTreeSet<&str> {
    let mut out = BTreeSet::new();
    for (_, fact) in facts.each() {
        if let Origin::Derived { inputs, .. } = &fact.origin {
            out.extend(inputs.iter().map(String::as_str));
        }
    }
    out
}

/// How many questions a plan asks.
const MOST: usize = 7;

/// How many answers a question names.
const NAMED: usize = 4;

/// Facts that nobody stated and whose value can change a decision, the one with most effect first.
fn questions(facts: &Facts, inquiries: &[Inquiry]) -> Vec<Question> {
    let asked = inquiries.iter().take(MOST).enumerate();
    asked
        .map(|(at, inquiry)| {
            let now = if facts.get(&inquiry.path).is_some() {
                format!("assumed {}", facts.human(&inquiry.path))
            } else {
                "not stated".to_string()
            };
            let named: Vec<String> = inquiry.flips.iter().take(NAMED).map(leads).collect();
            let more = inquiry.flips.len().saturating_sub(NAMED);
            let more = if more > 0 { format!("; {more} more") } else { String::new() };
            #[expect(clippy::cast_precision_loss, reason = "a count of topics")]
            let decisions = inquiry.decisions as f64;
            let ask = format!(
                "What is `{}`? It is {now} and counts in {}: {}{more}.",
                inquiry.path,
                count(decisions, "decision"),
                named.join("; ")
            );
            Question { id: format!("Q{}", at + 1), path: inquiry.path.clone(), ask, flips: inquiry.flips.clone() }
        })
        .collect()
}

/// "gcp leads to cloud-cdn as cdn".
fn leads(flip: &Flip) -> String {
    let to = flip.change.first().map(|change| said(&change.path, &change.to)).unwrap_or_default();
    let answer = flip.to.as_deref().unwrap_or("none");
    match &flip.topic {
        Some(topic) => format!("{to} leads to {answer} as {topic}"),
        None => format!("{to} leads to {answer}"),
    }
}
