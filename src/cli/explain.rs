//! `archplan explain`: the chain from stated lines to a number, a choice, a task; or what a rule means.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::{Exit, report};
use crate::catalogue::Catalogue;
use crate::facts::given::given;
use crate::facts::{Facts, Origin};
use crate::plan::{self, Ids, Plan};
use crate::text::suggest;

/// Explain a fact, topic, task or rule
#[derive(Args)]
#[command(after_help = "Examples:
  archplan explain traffic.peak req.yaml     the chain of a number down to stated lines
  archplan explain database req.yaml         a choice with its ranking
  archplan explain TASK-4.3 req.yaml         why a task is there
  archplan explain pattern req.yaml          the decision tree with the path taken
  archplan explain no-api-versioning         what a rule means")]
pub struct ExplainArgs {
    /// Fact path, topic, task id, or rule
    what: String,
    /// Requirements file; not needed for a rule
    req: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// Unreadable requirements.
pub fn run(args: ExplainArgs) -> Result<Exit> {
    let catalogue = super::knowledge::catalogue()?;
    if let Some(page) = rule(&catalogue, &args.what) {
        super::print(&page)?;
        return Ok(Exit::Fine);
    }
    let Some(path) = &args.req else {
        let own = crate::lint::rules::every().map(|rule| rule.name);
        let names = catalogue.rules.iter().map(|rule| rule.name.as_str()).chain(own);
        let hint = suggest(&args.what, names).map(|name| format!("; did you mean {name}?")).unwrap_or_default();
        eprintln!(
            "error: no rule `{}`{hint}\n  fix: facts, topics and tasks need the requirements: archplan explain {} req.yaml",
            args.what, args.what
        );
        return Ok(Exit::Usage);
    };
    let reading = report::requirements(path)?;
    let Some(requirements) = &reading.requirements else { return Ok(Exit::Usage) };
    let plan = plan::build(
        &catalogue,
        requirements,
        given(&reading),
        &path.display().to_string(),
        &mut Ids::default(),
        &plan::Options::default(),
    );
    match fact(&plan.values, &args.what)
        .or_else(|| pattern(&plan, &args.what))
        .or_else(|| topic(&plan, &args.what))
        .or_else(|| task(&plan, &args.what))
    {
        Some(text) => {
            super::print(&text)?;
            Ok(Exit::Fine)
        }
        None => {
            let names = plan
                .values
                .iter()
                .map(|(path, _)| path)
                .chain(plan.selections.iter().map(|selection| selection.topic.as_str()));
            let hint = suggest(&args.what, names).map(|name| format!("; did you mean {name}?")).unwrap_or_default();
            eprintln!(
                "error: `{}` is no known fact, topic, task or rule of this plan{hint}\n  fix: a key that is not stated and has no default is unknown",
                args.what
            );
            Ok(Exit::Usage)
        }
    }
}

fn rule(catalogue: &Catalogue, what: &str) -> Option<String> {
    let rule = crate::lint::rules::describe_one(catalogue, what)?;
    Some(format!("{}\n{}, since {}\n", rule.page, rule.severity, rule.since))
}

fn fact(facts: &Facts, what: &str) -> Option<String> {
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
                    Origin::Given { line, column } => format!("stated, line {line}, column {column}"),
                    Origin::Default => format!("default ({})", fact.rule),
                    Origin::Derived { formula, .. } => format!("= {formula}"),
                };
                format!("{path} = {value}   {origin}")
            }
        };
        out.push_str(&format!("{indent}{line}\n"));
    }
    Some(out)
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
