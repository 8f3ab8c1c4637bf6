//! `archplan show ID`: one task with all that one needs to do it.

use super::plan_file::{self, Form};
use super::write;
use crate::document::show;
use crate::merge;
use anyhow::Result;
use std::path::PathBuf;
use std::process::ExitCode;

/// The name of the answer as data.
pub const SCHEMA: &str = "archplan.show/1";

/// Arguments of `archplan show`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  archplan show TASK-3.1                         one task with its decisions, numbers and code
  archplan show CODE-1.1 --max-tokens 4000       no longer than a language model may read")]
pub struct Args {
    /// The id or the key of the task
    id: String,
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// Most tokens of a language model that the text may take (four bytes each)
    #[arg(long, value_name = "N")]
    max_tokens: Option<usize>,
    /// How to answer
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// Runs the command.
pub fn run(args: Args) -> Result<ExitCode> {
    plan_file::answered(args.format, SCHEMA, answer(&args))
}

fn answer(args: &Args) -> Result<ExitCode> {
    let file = plan_file::open(args.plan.as_deref())?;
    let Some(brief) = show::show(&file.document, &args.id, args.max_tokens) else {
        return Err(plan_file::unknown(&args.id, &merge::near(&file.document, &args.id)));
    };
    match args.format {
        Form::Json => plan_file::print_json(SCHEMA, &brief)?,
        Form::Text => write::stdout(&brief.markdown())?,
    }
    if brief.cut {
        eprintln!("shortened to {} tokens", args.max_tokens.unwrap_or_default());
    }
    Ok(ExitCode::SUCCESS)
}
