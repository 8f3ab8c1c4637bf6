//! The base pattern: the walk through a decision tree. The questions are data.

use serde::Serialize;

use super::explained;
use crate::catalogue::{Catalogue, Node};
use crate::facts::{Facts, Trace, Truth};

/// The pattern with the path to it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Decision {
    /// The pattern of the plan.
    pub pattern: String,
    /// The tree's own answer, also when people settled another.
    pub tree_answer: String,
    /// Settled by people.
    pub pinned: bool,
    /// Nodes asked, in order.
    pub tree: Vec<Asked>,
    /// The next answer down the tree, when the deciding node did not hold.
    pub runner_up: Option<RunnerUp>,
    /// Patterns not taken.
    pub rejected: Vec<Alternative>,
    /// What combines with the pattern.
    pub overlays: Vec<Taken>,
    /// What each domain and workload runs as.
    pub placement: Vec<super::placement::Placed>,
    /// Share of variations that keep the pattern.
    pub robustness: Option<super::counterfactual::Robustness>,
    /// Smallest single changes that change the pattern.
    pub flips: Vec<super::counterfactual::Flip>,
}

/// A node of the tree with its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    /// Permanent id.
    pub node: String,
    /// What it asks.
    pub question: String,
    /// `yes` or `no`.
    pub answer: &'static str,
    /// Answered no for want of a fact.
    pub unknown: bool,
    /// The pattern of a yes; none for a guard.
    pub outcome: Option<String>,
    /// The facts that it saw.
    pub because: String,
    /// Its condition on one line.
    pub condition: String,
    /// Distance of the deciding number from its threshold, relative.
    pub margin: Option<f64>,
    /// Facts that it lacks.
    pub lacks: Vec<String>,
}

/// An option with the reason for its place.
#[derive(Clone, Debug, Serialize)]
pub struct Alternative {
    /// The pattern.
    #[serde(rename = "option")]
    pub pattern: String,
    /// Why.
    pub because: String,
    /// The node or rule.
    pub rule: String,
}

/// The next answer down the tree.
#[derive(Clone, Debug, Serialize)]
pub struct RunnerUp {
    /// The pattern.
    pub pattern: String,
    /// Why it is next.
    pub because: String,
    /// The node.
    pub rule: String,
}

/// An overlay taken.
#[derive(Clone, Debug, Serialize)]
pub struct Taken {
    /// Its id.
    pub name: String,
    /// Why.
    pub because: String,
    /// The catalogue entry.
    pub rule: String,
}

/// The tree's answer with the nodes asked.
pub(super) fn walk(facts: &Facts, nodes: &[Node]) -> (String, Vec<Asked>) {
    let mut asked = Vec::new();
    let mut skipped: Vec<&str> = Vec::new();
    for node in nodes {
        if skipped.contains(&node.id.as_str()) {
            continue;
        }
        let answer = ask(facts, node);
        let yes = answer.answer == "yes";
        let outcome = answer.outcome.clone();
        asked.push(answer);
        match outcome {
            Some(pattern) if yes => return (pattern, asked),
            None if yes => skipped.extend(node.guards.iter().map(String::as_str)),
            _ => {}
        }
    }
    (LEAST.into(), asked)
}

/// The answer without the reasons, for re-runs.
pub(super) fn answer(facts: &Facts, catalogue: &Catalogue) -> Decision {
    let name = facts.word("preferences.decision_tree").unwrap_or("evidence");
    let nodes = catalogue.trees.get(name).map_or(&[][..], Vec::as_slice);
    let tree_answer = outcome(facts, nodes).to_string();
    let pin = facts.word("decisions[pattern].choose").filter(|choice| catalogue.pattern(choice).is_some());
    let pinned = pin.is_some();
    let pattern = pin.map_or_else(|| tree_answer.clone(), String::from);
    Decision { pattern, tree_answer, pinned, ..Decision::default() }
}

fn outcome<'n>(facts: &Facts, nodes: &'n [Node]) -> &'n str {
    let mut skipped: Vec<&str> = Vec::new();
    for node in nodes {
        if skipped.contains(&node.id.as_str()) || !node.when.holds(facts, None) {
            continue;
        }
        match &node.outcome {
            Some(pattern) => return pattern,
            None => skipped.extend(node.guards.iter().map(String::as_str)),
        }
    }
    LEAST
}

/// What an own tree that ends without an answer falls back to.
const LEAST: &str = "monolith";

fn ask(facts: &Facts, node: &Node) -> Asked {
    let truth = node.when.truth(facts, None);
    let trace = node.when.trace(facts, None);
    let yes = truth == Truth::Yes;
    let lacks = trace.iter().filter(|leaf| leaf.truth == Truth::Unknown).map(|leaf| leaf.path.clone()).collect();
    let because = if yes { explained(&node.because, facts, None) } else { seen(&trace) };
    let margin = trace.iter().filter_map(|leaf| leaf.margin).min_by(|a, b| a.abs().total_cmp(&b.abs()));
    Asked {
        node: node.id.clone(),
        question: node.question.to_string(),
        answer: if yes { "yes" } else { "no" },
        unknown: truth == Truth::Unknown,
        outcome: node.outcome.clone(),
        because,
        condition: node.when.source(),
        margin,
        lacks,
    }
}

/// What a no saw: the leaves that do not hold.
fn seen(trace: &[Trace]) -> String {
    let mut out: Vec<String> = Vec::new();
    for leaf in trace.iter().filter(|leaf| leaf.truth != Truth::Yes) {
        let text = match &leaf.seen {
            Some(value) => format!("`{}` is {value}", leaf.path),
            None => format!("`{}` is not known", leaf.path),
        };
        if !out.contains(&text) {
            out.push(text);
        }
    }
    out.join("; ")
}

/// The decision without its counterfactuals.
pub(super) fn decide(facts: &Facts, catalogue: &Catalogue) -> Decision {
    let name = facts.word("preferences.decision_tree").unwrap_or("evidence");
    let nodes = catalogue.trees.get(name).map_or(&[][..], Vec::as_slice);
    let (tree_answer, tree) = walk(facts, nodes);
    let pin =
        facts.word("decisions[pattern].choose").filter(|choice| catalogue.pattern(choice).is_some()).map(String::from);
    let pinned = pin.is_some();
    let pattern = pin.unwrap_or_else(|| tree_answer.clone());
    let runner_up = runner_up(facts, nodes, &tree, &pattern);
    let rejected = rejected(catalogue, &tree, &pattern, runner_up.as_ref());
    Decision { pattern, tree_answer, pinned, tree, runner_up, rejected, ..Decision::default() }
}

/// The first other answer that the tree would give if the deciding node were not there.
fn runner_up(facts: &Facts, nodes: &[Node], asked: &[Asked], pattern: &str) -> Option<RunnerUp> {
    let last = asked.last()?;
    let rest: Vec<Node> = nodes.iter().filter(|node| node.id != last.node).cloned().collect();
    let (answer, path) = walk(facts, &rest);
    let found = path.iter().rev().find(|node| node.answer == "yes");
    if answer != pattern {
        let rule = found.map_or_else(String::new, |node| node.node.clone());
        let because = format!(
            "the next question that holds once `{}` is set aside: {}",
            last.node,
            found.map_or("", |node| &node.question)
        );
        return Some(RunnerUp { pattern: answer, because, rule });
    }
    let near = asked
        .iter()
        .filter(|node| node.answer == "no" && node.outcome.as_deref().is_some_and(|outcome| outcome != pattern));
    let closest = near
        .min_by(|a, b| a.margin.map_or(f64::INFINITY, f64::abs).total_cmp(&b.margin.map_or(f64::INFINITY, f64::abs)))?;
    Some(RunnerUp {
        pattern: closest.outcome.clone()?,
        because: format!("closest node not taken: {}", closest.because),
        rule: closest.node.clone(),
    })
}

fn rejected(catalogue: &Catalogue, asked: &[Asked], pattern: &str, runner_up: Option<&RunnerUp>) -> Vec<Alternative> {
    let others = catalogue
        .patterns
        .iter()
        .filter(|entry| entry.id != pattern && runner_up.is_none_or(|up| up.pattern != entry.id));
    let reason = |id: &str| {
        let node = asked.iter().find(|node| node.answer == "no" && node.outcome.as_deref() == Some(id));
        node.map_or_else(
            || ("no question that leads to it was reached".to_string(), "order of the tree".to_string()),
            |node| (node.because.clone(), node.node.clone()),
        )
    };
    others
        .map(|entry| {
            let (because, rule) = reason(&entry.id);
            Alternative { pattern: entry.id.clone(), because, rule }
        })
        .collect()
}
