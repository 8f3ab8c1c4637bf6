//! `archplan explain`: the chain from stated lines to a number, a choice, a task; or what a rule means.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::plan_file::{Form, print_json};
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
    /// How to answer
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// The name of the answer as data.
pub const SCHEMA: &str = "archplan.explain/1";

/// The answer as data.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    /// What was asked for.
    what: String,
    /// `rule`, `fact`, `pattern`, `topic` or `task`.
    kind: &'static str,
    /// The answer for people.
    text: String,
    /// Of a fact: itself, then what it is computed from, down to what is stated.
    chain: Vec<Link>,
}

/// A value of a chain.
#[derive(Serialize, JsonSchema)]
struct Link {
    /// Steps from the fact that was asked for.
    depth: usize,
    /// Its path.
    path: String,
    /// Its value in the canonical unit; null when unknown.
    value: Json,
    /// Its value as people write it; empty when unknown.
    shown: String,
    /// `given`, `default`, `derived`; null when unknown.
    origin: Option<&'static str>,
    /// The line that states it.
    line: Option<usize>,
    /// The column that states it.
    column: Option<usize>,
    /// How it is computed.
    formula: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// Unreadable or invalid requirements, nothing of this name.
pub fn run(args: ExplainArgs) -> Result<Exit> {
    let found = answer(&args);
    if args.format == Form::Json {
        match &found {
            Ok(answer) => print_json(SCHEMA, answer)?,
            Err(error) => print_json(SCHEMA, &serde_json::json!({"error": format!("{error:#}")}))?,
        }
    }
    let answer = found?;
    if args.format == Form::Text {
        super::print(&answer.text)?;
    }
    Ok(Exit::Fine)
}

fn answer(args: &ExplainArgs) -> Result<Answer> {
    let catalogue = super::knowledge::catalogue()?;
    let what = args.what.as_str();
    let answer = |kind, text, chain| Ok(Answer { what: what.to_string(), kind, text, chain });
    if let Some(page) = rule(&catalogue, what) {
        return answer("rule", page, Vec::new());
    }
    let hint = |near: Option<&str>| near.map(|name| format!("; did you mean {name}?")).unwrap_or_default();
    let Some(path) = &args.req else {
        let own = crate::lint::rules::every().map(|rule| rule.name);
        let near = suggest(what, catalogue.rules.iter().map(|rule| rule.name.as_str()).chain(own));
        bail!(
            "no rule `{what}`{}\n  fix: facts, topics and tasks need the requirements: archplan explain {what} req.yaml",
            hint(near)
        );
    };
    let reading = report::requirements(path)?;
    let Some(requirements) = &reading.requirements else { bail!("{} has errors", path.display()) };
    let name = path.display().to_string();
    let options = plan::Options { written: plan::Written::None, ..plan::Options::default() };
    let plan = plan::build(&catalogue, requirements, given(&reading), &name, &mut Ids::default(), &options);
    if let Some(text) = fact(&catalogue, &plan.values, what) {
        return answer("fact", text, plan.values.chain(what).into_iter().map(|step| link(&plan, step)).collect());
    }
    let others = [("pattern", pattern(&plan, what)), ("topic", topic(&plan, what)), ("task", task(&plan, what))];
    if let Some((kind, text)) = others.into_iter().find_map(|(kind, text)| Some((kind, text?))) {
        return answer(kind, text, Vec::new());
    }
    let topics = plan.selections.iter().map(|selection| selection.topic.as_str());
    let near = suggest(what, plan.values.iter().map(|(path, _)| path).chain(topics));
    bail!(
        "`{what}` is no known fact, topic, task or rule of this plan{}\n  fix: a key that is not stated and has no default is unknown",
        hint(near)
    );
}

fn link(plan: &Plan, (depth, path): (usize, String)) -> Link {
    let view = plan.facts.iter().find(|view| view.path == path);
    Link {
        depth,
        value: view.map_or(Json::Null, |view| view.value.clone()),
        shown: plan.values.human(&path),
        origin: view.map(|view| view.origin),
        line: view.and_then(|view| view.line),
        column: view.and_then(|view| view.column),
        formula: view.and_then(|view| view.formula.clone()),
        path,
    }
}

fn rule(catalogue: &Catalogue, what: &str) -> Option<String> {
    let rule = crate::lint::rules::describe_one(catalogue, what)?;
    Some(format!("{}\n{}, since {}\n", rule.page, rule.severity, rule.since))
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

fn fact(catalogue: &Catalogue, facts: &Facts, what: &str) -> Option<String> {
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
        if let Some(Origin::Derived { formula, .. }) = facts.get(&path).map(|fact| &fact.origin) {
            out.push_str(&numbers(catalogue, formula, &indent));
        }
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
