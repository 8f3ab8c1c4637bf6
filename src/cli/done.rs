//! `archplan done ID`: ticks a task. `undo` and `accept` share its arguments.

use super::plan_file::{self, Form, PlanFile};
use crate::document;
use crate::document::status::{self, State};
use crate::merge::{self, Refused};
use anyhow::Result;
use serde::Serialize;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `archplan done`, `undo` and `accept`.
#[derive(clap::Args, Debug)]
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

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    title: &'a str,
    state: State,
    changed: bool,
}

/// Ticks a task.
pub fn run(args: Args) -> Result<ExitCode> {
    change(&args, |text, id| merge::tick(text, id, true))
}

/// Applies a change to one task of the plan and says what it is now.
pub fn change(
    args: &Args,
    edit: impl Fn(&str, &str) -> Result<String, Refused>,
) -> Result<ExitCode> {
    let PlanFile { path, document } = plan_file::open(args.plan.as_deref())?;
    let text = match edit(&document.text, &args.id) {
        Ok(text) => text,
        Err(Refused::Unknown(near)) => return Err(plan_file::unknown(&args.id, &near)),
        Err(Refused::NotSuspect) => {
            anyhow::bail!("{} is not suspect; there is nothing to accept", args.id)
        }
    };
    plan_file::save(&path, &document.text, &text)?;
    let after = document::read(&text);
    let Some(task) = after
        .task(&args.id)
        .or_else(|| after.task(&args.id.to_uppercase()))
    else {
        return Err(plan_file::unknown(&args.id, &[]));
    };
    let state = status::state(task);
    let changed = text != document.text;
    match args.format {
        Form::Json => plan_file::print_json(
            "archplan.task/1",
            &Answer {
                id: &task.id,
                title: &task.title,
                state,
                changed,
            },
        )?,
        Form::Text => eprintln!(
            "{} {}: {}{}",
            task.id,
            task.title,
            state.word(),
            if changed { "" } else { " (no change)" }
        ),
    }
    Ok(ExitCode::SUCCESS)
}
