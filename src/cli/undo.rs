//! `archplan undo ID`: takes a tick back.

use super::done;
use crate::merge;
use anyhow::Result;
use std::process::ExitCode;

/// Arguments of `archplan undo`.
pub type Args = done::Args;

/// Runs the command.
pub fn run(args: Args) -> Result<ExitCode> {
    done::change(&args, |text, id| merge::tick(text, id, false))
}
