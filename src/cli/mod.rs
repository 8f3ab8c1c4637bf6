//! Arguments, files, terminal and exit codes: the only layer that touches the outside world.

mod accept;
mod assistant;
mod compare;
mod completions;
mod config_file;
mod diagram;
mod diff;
mod done;
mod exit;
mod explain;
mod export;
mod extract;
mod flip;
mod init;
mod knowledge;
mod lint;
mod lsp;
mod man;
mod mcp;
mod merge;
mod new;
mod next;
mod own_artefacts;
mod patterns;
mod plan_file;
mod report;
mod rules;
mod scenario;
mod schema;
mod show;
mod status;
mod undo;
mod update_file;
mod verify;
mod what_if;
mod write;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use exit::Exit;

/// Requirements in, a backend architecture plan out: decided, computed, explained, kept alive.
#[derive(Parser)]
#[command(name = "archplan", version, about, max_term_width = 100, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Own catalogue over the embedded one and those of archplan.toml; repeatable, the last one is strongest
    #[arg(long, global = true, value_name = "DIR", env = "ARCHPLAN_CATALOGUE")]
    catalogue: Vec<PathBuf>,
    /// The configuration file (default: the nearest archplan.toml here or above)
    #[arg(long, global = true, value_name = "FILE", env = "ARCHPLAN_CONFIG")]
    config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, global = true, conflicts_with = "config")]
    isolated: bool,
    /// Settings in JSON (`agents.backend_architect`); `archplan.json` is read without being named
    #[arg(long, global = true, value_name = "FILE")]
    settings: Option<PathBuf>,
}

impl Arguments {
    /// The words that stand before a command, for a run of this program by itself.
    fn passed(&self) -> Vec<OsString> {
        let catalogues = self.catalogue.iter().map(|folder| ("--catalogue", folder));
        let files = [("--settings", &self.settings), ("--config", &self.config)];
        let all = catalogues.chain(files.into_iter().filter_map(|(flag, file)| Some((flag, file.as_ref()?))));
        let words = all.flat_map(|(flag, path)| [flag.into(), path.clone().into_os_string()]);
        words.chain(self.isolated.then(|| "--isolated".into())).collect()
    }
}

const EXAMPLES: &str = "Examples:
  archplan init                         write a commented req.yaml
  archplan new req.yaml                 write or update TODO_backend-architect.md beside it
  archplan new req.yaml -o -            print a fresh plan
  archplan lint req.yaml                check requirements and plans, exit 1 on errors
  archplan explain traffic.peak req.yaml  where a number comes from
  archplan flip req.yaml                what would change a decision
  archplan what-if req.yaml --set team.developers=20

Exit codes: 0 fine; 1 findings or a difference; 2 usage, unreadable or invalid input; 3 a person must choose.";

#[derive(Subcommand)]
enum Command {
    /// Write a commented req.yaml; asks on a terminal, never otherwise
    Init(init::InitArgs),
    /// Create or update the plan beside the requirements
    New(new::NewArgs),
    /// Explain a fact, topic, task or rule
    Explain(explain::ExplainArgs),
    /// The smallest changes that change a decision
    Flip(flip::FlipArgs),
    /// What differs when some facts are stated differently
    WhatIf(what_if::WhatIfArgs),
    /// The same requirements with several values of a fact, side by side
    Compare(compare::CompareArgs),
    /// What differs between two requirements files or two plans
    Diff(diff::DiffArgs),
    /// Check requirements and plans; exit 1 on errors
    Lint(Box<lint::Args>),
    /// List every rule of lint
    Rules(rules::Args),
    /// Print a JSON Schema
    Schema(schema::Args),
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
    /// Write the files that a plan embeds
    Extract(extract::Args),
    /// The plan in another form: JSON, CSV, decision records, one HTML page
    Export(export::Args),
    /// The git merge driver for plans
    Merge(merge::Args),
    /// Draw a graph model as text, or export it
    Diagram(diagram::DiagramArgs),
    /// The catalogue: list, show, check, coverage
    Patterns(patterns::Args),
    /// The language server for editors, over standard input and output
    Lsp(lsp::Args),
    /// The commands as tools of language models, over standard input and output
    Mcp(mcp::Args),
    /// Print a manual page
    Man(man::Args),
    /// Print completions for a shell
    Completions(completions::CompletionsArgs),
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    // Editors ask for the version at every start: no need to build all commands for it.
    let mut words = std::env::args_os().skip(1);
    if let (Some(word), None) = (words.next(), words.next())
        && (word == "--version" || word == "-V")
    {
        let printed = print(concat!("archplan ", env!("CARGO_PKG_VERSION"), "\n"));
        return if printed.is_ok() { Exit::Fine.into() } else { Exit::Usage.into() };
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Fine };
            // Printing help into a closed pipe is no fault of ours.
            let _ = error.print();
            return code.into();
        }
    };
    let passed = arguments.passed();
    match assistant::load(arguments.settings.as_deref()) {
        Ok(settings) if settings.enabled == Some(false) => {
            eprintln!("archplan is switched off by its settings (agents.backend_architect.enabled)");
            return Exit::Fine.into();
        }
        Ok(_) => {}
        Err(error) => {
            report::failure(&error);
            return Exit::Usage.into();
        }
    }
    knowledge::set(arguments.catalogue);
    config_file::choose(arguments.config, arguments.isolated);
    match carry_out(arguments.command, &passed) {
        Ok(code) => code,
        Err(error) => {
            report::failure(&error);
            Exit::Usage.into()
        }
    }
}

/// Runs a command; `passed` are the words that stood before it.
fn carry_out(command: Command, passed: &[OsString]) -> anyhow::Result<ExitCode> {
    match command {
        Command::Init(args) => init::run(args).map(ExitCode::from),
        Command::New(args) => new::run(args),
        Command::Explain(args) => explain::run(args).map(ExitCode::from),
        Command::Flip(args) => flip::run(&args).map(ExitCode::from),
        Command::WhatIf(args) => what_if::run(&args).map(ExitCode::from),
        Command::Compare(args) => compare::run(&args).map(ExitCode::from),
        Command::Diff(args) => diff::run(&args).map(ExitCode::from),
        Command::Lint(args) => lint::run(&args).map(ExitCode::from),
        Command::Rules(args) => rules::run(&args).map(ExitCode::from),
        Command::Schema(args) => schema::run(&args).map(ExitCode::from),
        Command::Status(args) => status::run(args),
        Command::Next(args) => next::run(args),
        Command::Show(args) => show::run(args),
        Command::Done(args) => done::run(args),
        Command::Undo(args) => undo::run(args),
        Command::Accept(args) => accept::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Extract(args) => extract::run(args),
        Command::Export(args) => export::run(args),
        Command::Merge(args) => merge::run(args),
        Command::Diagram(args) => diagram::run(&args),
        Command::Patterns(args) => patterns::run(args).map(ExitCode::from),
        Command::Lsp(args) => lsp::run(&args).map(ExitCode::from),
        Command::Mcp(args) => mcp::run(&args, passed).map(ExitCode::from),
        Command::Man(args) => man::run::<Arguments>(&args).map(ExitCode::from),
        Command::Completions(args) => completions::run::<Arguments>(args).map(ExitCode::from),
    }
}

/// Writes to standard output; a reader that has left is no error.
///
/// # Errors
/// Standard output cannot be written.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
