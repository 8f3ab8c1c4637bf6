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
use crate::plan::{self, Ids, Plan};
use crate::render::explain;
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
    if let Some(text) = explain::explain(&catalogue, &plan, what) {
        let kind = match what {
            _ if plan.values.get(what).is_some() => "fact",
            "pattern" => "pattern",
            _ if plan.selections.iter().any(|selection| selection.topic == what) => "topic",
            _ => "task",
        };
        let chain = if kind == "fact" { plan.values.chain(what) } else { Vec::new() };
        return answer(kind, text, chain.into_iter().map(|step| link(&plan, step)).collect());
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
