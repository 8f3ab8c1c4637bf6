//! `archplan next`: what can start now.

use super::plan_file::{self, Form};
use super::write;
use crate::document::next::{self, Next};
use anyhow::Result;
use std::path::PathBuf;
use std::process::ExitCode;

/// The name of the answer as data.
pub const SCHEMA: &str = "archplan.next/1";

/// Arguments of `archplan next`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  archplan next                                  what can start now, most important first
  archplan next --format json")]
pub struct Args {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// How many tasks to name at most (0: all)
    #[arg(long, short = 'n', default_value_t = 10)]
    limit: usize,
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
    let mut next = next::next(&file.document);
    let all = next.ready.len();
    if args.limit > 0 {
        next.ready.truncate(args.limit);
    }
    match args.format {
        Form::Json => plan_file::print_json(SCHEMA, &next)?,
        Form::Text => write::stdout(&text(&next, all))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn text(next: &Next, all: usize) -> String {
    let mut out = String::new();
    for task in &next.ready {
        let mut notes = Vec::new();
        notes.extend(task.in_progress.then(|| "in progress".to_owned()));
        notes.extend(task.phase.clone());
        notes.extend(task.wave.map(|w| format!("wave {w}")));
        notes.extend(match task.unblocks {
            0 => None,
            1 => Some("1 task waits for it".to_owned()),
            n => Some(format!("{n} tasks wait for it")),
        });
        let notes = if notes.is_empty() { String::new() } else { format!("  ({})", notes.join(", ")) };
        out.push_str(&format!("{}  {}{notes}\n", task.id, task.title));
    }
    if all > next.ready.len() {
        out.push_str(&format!("and {} more (--limit 0 lists all)\n", all - next.ready.len()));
    }
    if all == 0 {
        out.push_str(if next.waiting == 0 {
            "every task is done\n"
        } else {
            "nothing can start: every open task waits for another\n"
        });
    } else if next.waiting > 0 {
        out.push_str(&format!(
            "{} open {} for others\n",
            next.waiting,
            if next.waiting == 1 { "task waits" } else { "tasks wait" }
        ));
    }
    if !next.unknown.is_empty() {
        out.push_str(&format!("not in this plan, taken as done: {}\n", next.unknown.join(", ")));
    }
    out
}
