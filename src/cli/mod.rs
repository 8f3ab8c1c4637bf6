//! Arguments, files, terminal and exit codes: the only layer that touches the outside world.

pub mod lint;
pub mod schema;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well: 0.
    Fine,
    /// There are findings: 1.
    Findings,
    /// The run could not do its work: 2.
    Unusable,
}

/// Requirements in, a backend architecture plan out.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks requirements
    Lint(lint::Args),
    /// Prints a JSON Schema
    Schema(schema::Args),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        Command::Lint(args) => lint::run(args),
        Command::Schema(args) => schema::run(args),
    };
    let exit = done.unwrap_or_else(|error| {
        eprintln!("archplan: {error:#}");
        Exit::Unusable
    });
    ExitCode::from(match exit {
        Exit::Fine => 0,
        Exit::Findings => 1,
        Exit::Unusable => 2,
    })
}

/// Writes to standard output; a reader that has left is no error.
///
/// # Errors
/// Standard output cannot be written.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
