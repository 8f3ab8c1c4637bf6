//! `archplan lint`: the gate for requirements.

use std::fs;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args as Arguments, ValueEnum};

use super::Exit;
use crate::diagnostic::Severity;
use crate::lint::{self, Report, output};

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Source lines with carets
    Text,
    /// One line per finding
    Concise,
    /// One JSON document
    Json,
}

/// From which severity on findings fail the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Any finding
    Info,
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
}

/// Arguments of `archplan lint`.
#[derive(Clone, Debug, Arguments)]
pub struct Args {
    /// Files or directories; `-` is standard input; none means here and below
    pub paths: Vec<PathBuf>,
    /// How findings are printed
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// The least severity that fails the run
    #[arg(long, value_enum, default_value = "error")]
    pub fail_on: FailOn,
    /// The name of standard input in findings
    #[arg(long, default_value = "<stdin>")]
    pub stdin_filename: String,
}

/// Checks the files and prints what is wrong.
///
/// # Errors
/// A path cannot be read, nothing is to be checked, or the output cannot be written.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let reports = match reports(args) {
        Ok(reports) => reports,
        Err(error) if args.format == Format::Json => {
            let document = serde_json::json!({
                "schema": "archplan.findings/1", "checked": [], "findings": [], "error": format!("{error:#}"),
            });
            super::print(&format!("{document:#}\n"))?;
            return Err(error);
        }
        Err(error) => return Err(error),
    };
    match args.format {
        Format::Text => super::print(&output::text::print(&reports, colour()))?,
        Format::Concise => super::print(&output::concise::print(&reports))?,
        Format::Json => super::print(&format!("{:#}\n", output::json::print(&reports)))?,
    }
    let count = reports.iter().map(|report| report.findings.len()).sum::<usize>();
    if args.format == Format::Text {
        eprintln!("checked {}, found {count}", reports.len());
    }
    let bar = match args.fail_on {
        FailOn::Info => Severity::Info,
        FailOn::Warning => Severity::Warning,
        FailOn::Error => Severity::Error,
    };
    Ok(if lint::worst(&reports).is_some_and(|worst| worst >= bar) { Exit::Found } else { Exit::Fine })
}

fn reports(args: &Args) -> anyhow::Result<Vec<Report>> {
    let mut reports = Vec::new();
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() { &here[..] } else { &args.paths };
    for path in paths {
        if path == Path::new("-") {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
            reports.push(lint::requirements(&args.stdin_filename, &bytes));
            continue;
        }
        let mut files = Vec::new();
        if path.is_dir() {
            find(path, &mut files)?;
            if files.is_empty() {
                bail!("{}: nothing to check: no req.yaml or *.req.yaml here or below", path.display());
            }
        } else {
            files.push(path.clone());
        }
        for file in files {
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.strip_prefix("./").unwrap_or(&file);
            reports.push(lint::requirements(&name.display().to_string(), &bytes));
        }
    }
    Ok(reports)
}

/// Requirements files below a directory, sorted; hidden and build directories are passed over.
fn find(directory: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let read = || format!("cannot read {}", directory.display());
    let mut entries = fs::read_dir(directory).and_then(Iterator::collect::<Result<Vec<_>, _>>).with_context(read)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().with_context(read)?;
        let skipped = name.starts_with('.') || name == "target" || name == "node_modules";
        if kind.is_dir() && !skipped {
            find(&entry.path(), files)?;
        } else if kind.is_file() && (name == "req.yaml" || name.ends_with(".req.yaml")) {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// Whether standard output wants colours.
fn colour() -> bool {
    std::io::stdout().is_terminal() && anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}

/// Whether standard error takes colours.
pub(super) fn colour_of_errors() -> bool {
    std::io::stderr().is_terminal() && anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}
