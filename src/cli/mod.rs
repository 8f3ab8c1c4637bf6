//! Arguments, files, terminal and exit codes: the only layer that touches the outside world.

pub mod accept;
pub mod done;
pub mod merge;
pub mod next;
pub mod plan_file;
pub mod show;
pub mod status;
pub mod undo;
pub mod update_file;
pub mod verify;
pub mod write;

use clap::Parser;
use std::process::ExitCode;

/// Exit status for usage errors and unreadable input.
const UNUSABLE: u8 = 2;

/// Requirements in, a backend architecture plan out.
#[derive(Parser, Debug)]
#[command(version)]
enum Command {
    /// Progress by group, wave and phase
    Status(status::Args),
    /// What can start now
    Next(next::Args),
    /// One task with all that one needs to do it
    Show(show::Args),
    /// Tick a task
    Done(done::Args),
    /// Take a tick back
    Undo(undo::Args),
    /// Confirm the tick of a suspect task
    Accept(accept::Args),
    /// Check the `Done when` of tasks
    Verify(verify::Args),
    /// The git merge driver for plans
    Merge(merge::Args),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let result = match Command::parse() {
        Command::Status(args) => status::run(args),
        Command::Next(args) => next::run(args),
        Command::Show(args) => show::run(args),
        Command::Done(args) => done::run(args),
        Command::Undo(args) => undo::run(args),
        Command::Accept(args) => accept::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Merge(args) => merge::run(args),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(UNUSABLE)
    })
}
