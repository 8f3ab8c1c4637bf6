//! Why something is as it is, as text: a number, the pattern, a choice, a task.

use crate::catalogue::Catalogue;
use crate::facts::{Facts, Origin};
use crate::plan::Plan;

/// The explanation of a fact path, `pattern`, a topic, or a task by id or key; none when the plan has nothing of that name.
#[must_use]
pub fn explain(catalogue: &Catalogue, plan: &Plan, what: &str) -> Option<String> {
    fact(catalogue, &plan.values, what)
        .or_else(|| pattern(plan, what))
        .or_else(|| topic(plan, what))
        .or_else(|| task(plan, what))
}

/// The chain from a fact down to what was stated, one line each; none when the fact is not there.
#[must_use]
pub fn fact(catalogue: &Catalogue, facts: &Facts, what: &str) -> Option<String> {
    facts.get(what)?;
    let mut out = String::new();
    for (depth, path) in facts.chain(what) {
        let indent = "  ".repeat(depth);
        let line = match facts.get(&path) {
            None => format!("{path}: unknown, neither stated nor with a default"),
            Some(fact) => {
                let value = match fact.range().filter(|range| !range.is_exact()) {
                    Some(range) => {
                        let show = |number: f64| crate::quantity::human(fact.kind, number);
                        format!("{} ({} to {})", show(range.expected), show(range.low), show(range.high))
                    }
                    None => fact.human(),
                };
                let origin = match &fact.origin {
                    Origin::Given { line, column, .. } => format!("stated, line {line}, column {column}"),
                    Origin::Default => format!("default ({})", fact.rule),
                    Origin::Derived { formula, .. } => format!("= {formula}"),
                };
                format!("{path} = {value}   {origin}")
            }
        };
        out.push_str(&format!("{indent}{line}\n"));
        if let Some(Origin::Derived { formula, .. }) = facts.get(&path).map(|fact| &fact.origin) {
            out.push_str(&numbers(catalogue, formula, &indent));
        }
    }
    Some(out)
}

/// The numbers of the catalogue that a formula names, with range and source.
fn numbers(catalogue: &Catalogue, formula: &str, indent: &str) -> String {
    let words: Vec<&str> = formula.split(|c: char| c.is_whitespace() || "(),;:".contains(c)).collect();
    let named = words.windows(2).filter(|pair| pair.first() == Some(&"number")).filter_map(|pair| pair.get(1));
    let line = |number: &crate::catalogue::Number| {
        let range = number.range();
        format!(
            "{indent}  number {} = {} {} ({} to {})   {}; {}, {}\n",
            number.id,
            range.expected,
            number.unit,
            range.low,
            range.high,
            number.source,
            number.as_of,
            number.confidence
        )
    };
    named.filter_map(|id| catalogue.numbers.get(*id)).map(line).collect()
}

fn pattern(plan: &Plan, what: &str) -> Option<String> {
    if what != "pattern" {
        return None;
    }
    let mut out = format!("pattern = {}\n", plan.decision.pattern);
    for node in &plan.decision.tree {
        let outcome = node.outcome.as_deref().unwrap_or("goes on");
        out.push_str(&format!(
            "  {:<3} {} -> {outcome}\n      {}\n      when {}\n",
            node.answer, node.question, node.because, node.condition
        ));
    }
    if let Some(next) = &plan.decision.runner_up {
        out.push_str(&format!("runner-up: {} ({})\n", next.pattern, next.because));
    }
    Some(out)
}

fn topic(plan: &Plan, what: &str) -> Option<String> {
    let selection = plan.selections.iter().find(|selection| selection.topic == what)?;
    let mut out =
        format!("{} = {} ({})\n", selection.topic, selection.choice.as_deref().unwrap_or("none"), selection.decided);
    for reason in &selection.because {
        out.push_str(&format!("  because {reason}\n"));
    }
    for row in &selection.ranking {
        let scores = row.scores.iter().map(|(id, score)| format!("{id} {score:.2}")).collect::<Vec<_>>().join(", ");
        let cost = row.monthly.map_or_else(|| "unknown".to_string(), |monthly| format!("${monthly:.0} per month"));
        out.push_str(&format!("  {:.3} {}: {scores}; {cost}\n", row.total, row.option));
    }
    for other in &selection.rejected {
        out.push_str(&format!("  not {}: {}\n", other.option, other.because));
    }
    Some(out)
}

fn task(plan: &Plan, what: &str) -> Option<String> {
    let task = plan.tasks.iter().find(|task| task.id == what || task.key == what)?;
    let mut out = format!("{} [{}], {} of {}\n", task.id, task.title, task.key, task.rules.join(", "));
    for path in &task.facts {
        out.push_str(&format!("  {path} = {}\n", plan.values.human(path)));
    }
    if !task.after.is_empty() {
        out.push_str(&format!("  after {}\n", task.after.join(", ")));
    }
    Some(out)
}
