//! `archplan completions`: what a shell needs to complete commands and flags.

use anyhow::Result;
use clap::{Args, CommandFactory};

use super::Exit;

/// Print completions for a shell
#[derive(Args)]
#[command(after_help = "Example:
  archplan completions bash > ~/.local/share/bash-completion/completions/archplan")]
pub struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,
}

/// Runs the command for the program's arguments.
///
/// # Errors
/// Standard output cannot be written.
pub fn run<Arguments: CommandFactory>(args: CompletionsArgs) -> Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "archplan", &mut text);
    super::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Fine)
}
