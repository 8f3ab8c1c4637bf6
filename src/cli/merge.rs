//! `archplan merge BASE OURS THEIRS`: the git merge driver for plans; writes the result over OURS.
//!
//! Set up with `git config merge.archplan.driver "archplan merge %O %A %B"` and `TODO_backend-architect.md merge=archplan` in
//! `.gitattributes`.

use super::write;
use crate::merge;
use anyhow::Result;
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit status when a person must choose.
const CHOOSE: u8 = 3;

/// Arguments of `archplan merge`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  git config merge.archplan.driver 'archplan merge %O %A %B'
  echo 'TODO_backend-architect.md merge=archplan' >> .gitattributes")]
pub struct Args {
    /// The common ancestor (%O)
    base: PathBuf,
    /// Our version (%A); the result is written here
    ours: PathBuf,
    /// Their version (%B)
    theirs: PathBuf,
}

/// Runs the command.
pub fn run(args: Args) -> Result<ExitCode> {
    let (base, ours, theirs) = (write::read(&args.base)?, write::read(&args.ours)?, write::read(&args.theirs)?);
    let (text, conflicts) = match merge::three_way(&base, &ours, &theirs) {
        Ok(text) => (text, 0),
        Err(merge::Conflicted { text, count }) => (text, count),
    };
    if text != ours {
        write::replace(&args.ours, &text)?;
    }
    if conflicts == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{}: {conflicts} places where both sides changed the same text are marked", args.ours.display());
    Ok(ExitCode::from(CHOOSE))
}
