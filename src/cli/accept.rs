//! `archplan accept ID`: confirms the tick of a suspect task.

use super::done;
use crate::merge;
use anyhow::Result;
use std::process::ExitCode;

/// Arguments of `archplan accept`.
pub type Args = done::Args;

/// Runs the command.
pub fn run(args: Args) -> Result<ExitCode> {
    done::change(&args, merge::accept)
}
