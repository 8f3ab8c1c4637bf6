//! `archplan explain`: the chain from stated lines to a number, a choice, a task; or what a rule means.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::{Exit, report};
use crate::catalogue::Catalogue;
use crate::facts::given::given;
use crate::plan::{self, Ids};
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
    match explain::explain(&catalogue, &plan, &args.what) {
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
