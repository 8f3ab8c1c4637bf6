//! `archplan status`: progress by group, wave and phase.

use super::plan_file::{self, Form};
use super::write;
use crate::document::status::{self, Progress, Status};
use anyhow::Result;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

/// Cells of the progress bar.
const BAR: usize = 20;

/// The name of the answer as data.
pub const SCHEMA: &str = "archplan.status/1";

/// Arguments of `archplan status`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  archplan status                                by group, wave and phase
  archplan status other/TODO_backend-architect.md --format json")]
pub struct Args {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: Option<PathBuf>,
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
    let status = status::status(&file.document);
    match args.format {
        Form::Json => plan_file::print_json(SCHEMA, &status)?,
        Form::Text => write::stdout(&text(&status, std::io::stdout().is_terminal()))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn text(status: &Status, bars: bool) -> String {
    let mut out = row(&status.all, "tasks done", bars, 0);
    for (title, rows, word) in
        [("By group", &status.groups, ""), ("By wave", &status.waves, "wave "), ("By phase", &status.phases, "")]
    {
        if rows.is_empty() {
            continue;
        }
        out.push_str(&format!("\n{title}\n"));
        let width = rows.iter().map(|r| r.name.chars().count() + word.len()).max().unwrap_or(0);
        for progress in rows {
            out.push_str(&row(progress, &format!("{word}{}", progress.name), bars, width));
        }
    }
    for (title, ids) in [
        ("Suspect, confirm with `archplan accept ID`", &status.suspect),
        ("In conflict", &status.conflicts),
        ("Blocked", &status.blocked),
    ] {
        if !ids.is_empty() {
            out.push_str(&format!("\n{title}: {}\n", ids.join(", ")));
        }
    }
    out
}

fn row(progress: &Progress, name: &str, bars: bool, width: usize) -> String {
    let Progress { done, total, .. } = progress;
    let percent = (done * 100).checked_div(*total).unwrap_or(100);
    let bar = if bars {
        let full = (done * BAR).checked_div(*total).unwrap_or(BAR);
        format!("  {}{}", "█".repeat(full), "░".repeat(BAR - full))
    } else {
        String::new()
    };
    if width == 0 {
        format!("{done} of {total} {name} ({percent} %){bar}\n")
    } else {
        format!("  {name:width$}  {done:>4} of {total:<4} {percent:>3} %{bar}\n")
    }
}
