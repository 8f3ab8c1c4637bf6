//! Arguments, files, terminal and exit codes: the only layer that touches the outside world.

pub mod diagram;

use clap::Parser;

#[derive(Debug, Parser)]
#[command(name = "archplan")]
enum Command {
    /// Draws a graph model as text, or reads a drawing back.
    Diagram(diagram::DiagramArgs),
}

/// Runs the program.
pub fn main() -> std::process::ExitCode {
    let Command::Diagram(args) = Command::parse();
    diagram::run(&args).unwrap_or_else(|e| {
        eprintln!("archplan: {e:#}");
        std::process::ExitCode::from(2)
    })
}
