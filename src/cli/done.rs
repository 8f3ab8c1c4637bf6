//! `archplan done ID`: ticks a task. `undo` and `accept` share its arguments.

use super::plan_file::{self, Form, PlanFile};
use super::write;
use crate::document;
use crate::document::status::{self, State};
use crate::merge::{self, Refused};
use anyhow::{Result, bail};
use schemars::JsonSchema;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The name of the answer as data.
pub const SCHEMA: &str = "archplan.task/1";

/// Arguments of `archplan done`, `undo` and `accept`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  archplan done TASK-3.1                         ticks it
  archplan undo TASK-3.1                         takes the tick back
  archplan accept TASK-4.3                       its tick holds for the new numbers too")]
pub struct Args {
    /// The id or the key of the task
    id: String,
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// How to answer
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// What a task is after the command.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    /// The id.
    id: String,
    /// The title.
    title: String,
    /// How far it is now.
    state: State,
    /// Whether the plan changed.
    changed: bool,
}

/// Ticks a task.
pub fn run(args: Args) -> Result<ExitCode> {
    change(&args, |text, id| merge::tick(text, id, true))
}

/// Applies a change to one task of the plan and says what it is now. A plan from standard input goes to standard output.
pub fn change(args: &Args, edit: impl Fn(&str, &str) -> Result<String, Refused>) -> Result<ExitCode> {
    plan_file::answered(args.format, SCHEMA, answer(args, edit))
}

fn answer(args: &Args, edit: impl Fn(&str, &str) -> Result<String, Refused>) -> Result<ExitCode> {
    let piped = args.plan.as_deref() == Some(Path::new("-"));
    if piped && args.format == Form::Json {
        bail!("--format json needs a plan file: standard output is taken by the plan");
    }
    let PlanFile { path, document } = plan_file::open(args.plan.as_deref())?;
    let text = match edit(&document.text, &args.id) {
        Ok(text) => text,
        Err(Refused::Unknown(near)) => return Err(plan_file::unknown(&args.id, &near)),
        Err(Refused::NotSuspect) => bail!("{} is not suspect; there is nothing to accept", args.id),
    };
    plan_file::save(&path, &document.text, &text)?;
    let after = document::read(&text);
    let Some(task) = after.task(&args.id).or_else(|| after.task(&args.id.to_uppercase())) else {
        return Err(plan_file::unknown(&args.id, &[]));
    };
    let (state, changed) = (status::state(task), text != document.text);
    let note = if changed { "" } else { " (no change)" };
    let line = format!("{} {}: {}{note}\n", task.id, task.title, state.word());
    match args.format {
        Form::Json => {
            let (id, title) = (task.id.clone(), task.title.clone());
            plan_file::print_json(SCHEMA, &Answer { id, title, state, changed })?;
        }
        Form::Text if piped => eprint!("{line}"),
        Form::Text => write::stdout(&line)?,
    }
    Ok(ExitCode::SUCCESS)
}
