//! `archplan verify`: checks the `Done when` of tasks. Commands run only with `--run`, each shown first.

use super::plan_file::{self, Form};
use super::write;
use crate::document::Document;
use crate::document::verify::{self, Check, Predicate};
use anyhow::{Result, bail};
use schemars::JsonSchema;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// The name of the answer as data.
pub const SCHEMA: &str = "archplan.verify/1";

/// Arguments of `archplan verify`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  archplan verify                                which files and blocks of `Done when` are there
  archplan verify --run --id TASK-3.1            runs its commands too, each shown first")]
pub struct Args {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// Only this task
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Run the commands too; each is shown first
    #[arg(long)]
    run: bool,
    /// Where the files are and commands run (default: the folder of the plan)
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// How to answer
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    Proved,
    Failed,
    NotCheckable,
}

#[derive(Serialize, JsonSchema)]
struct Row {
    #[serde(flatten)]
    check: Check,
    verdict: Verdict,
    because: String,
}

/// What `archplan verify` found.
#[derive(Serialize, JsonSchema)]
pub struct Report {
    /// Predicates that hold.
    proved: usize,
    /// Predicates that do not hold.
    failed: usize,
    /// Predicates that only people can judge, or that were not run.
    not_checkable: usize,
    /// All of them, in file order.
    checks: Vec<Row>,
}

/// Runs the command; exit status 1 when a ticked task's predicate fails.
pub fn run(args: Args) -> Result<ExitCode> {
    plan_file::answered(args.format, SCHEMA, answer(&args))
}

fn answer(args: &Args) -> Result<ExitCode> {
    let file = plan_file::open(args.plan.as_deref())?;
    let beside = file.path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let root = args.root.clone().unwrap_or_else(|| beside.to_owned());
    let id = args.id.as_ref().map(|id| id.to_uppercase());
    let checks = verify::checks(&file.document, id.as_deref());
    if checks.is_empty() {
        bail!(
            "nothing to check: no task has a `Done when`{}",
            id.map_or(String::new(), |id| format!(" with the id {id}"))
        );
    }
    let rows: Vec<Row> = checks.into_iter().map(|check| judge(&file.document, &root, args.run, check)).collect();
    let count = |verdict| rows.iter().filter(|r| r.verdict == verdict).count();
    let report = Report {
        proved: count(Verdict::Proved),
        failed: count(Verdict::Failed),
        not_checkable: count(Verdict::NotCheckable),
        checks: rows,
    };
    match args.format {
        Form::Json => plan_file::print_json(SCHEMA, &report)?,
        Form::Text => write::stdout(&text(&report))?,
    }
    let false_tick = report.checks.iter().any(|r| r.check.ticked && r.verdict == Verdict::Failed);
    Ok(if false_tick { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn text(report: &Report) -> String {
    let mut out = String::new();
    for Row { check, verdict, because } in &report.checks {
        let word = match (verdict, check.ticked) {
            (Verdict::Proved, _) => "proved",
            (Verdict::Failed, true) => "FAILED",
            (Verdict::Failed, false) => "not yet",
            (Verdict::NotCheckable, _) => "not checkable",
        };
        let tick = if check.ticked { "x" } else { " " };
        let Check { id, text, .. } = check;
        out.push_str(&format!("[{tick}] {id:<16} {word:<13}  {text}  ({because})\n"));
    }
    let Report { proved, failed, not_checkable, .. } = report;
    out.push_str(&format!("proved {proved}, failed {failed}, not checkable {not_checkable}\n"));
    out
}

fn judge(document: &Document, root: &Path, may_run: bool, check: Check) -> Row {
    let (verdict, because) = match &check.predicate {
        Predicate::File { path, contains } => file(root, path, contains.as_deref()),
        Predicate::Block { key } => match document.blocks.iter().any(|b| b.key == *key) {
            true => (Verdict::Proved, "the block stands in the plan".to_owned()),
            false => (Verdict::Failed, "the plan has no such block".to_owned()),
        },
        Predicate::Command { .. } if !may_run => (Verdict::NotCheckable, "commands run only with --run".to_owned()),
        Predicate::Command { line, exits, prints } => command(root, line, *exits, prints.as_deref()),
        Predicate::Words => (Verdict::NotCheckable, "words for people".to_owned()),
    };
    Row { check, verdict, because }
}

fn file(root: &Path, path: &str, contains: Option<&str>) -> (Verdict, String) {
    if Path::new(path).is_absolute() || path.split(['/', '\\']).any(|part| part == "..") {
        return (Verdict::NotCheckable, "the path leaves the root".to_owned());
    }
    let place = root.join(path);
    match contains {
        None if place.exists() => (Verdict::Proved, "it is there".to_owned()),
        None => (Verdict::Failed, "it is not there".to_owned()),
        Some(wanted) => match std::fs::read(&place) {
            Ok(bytes) if String::from_utf8_lossy(&bytes).contains(wanted) => {
                (Verdict::Proved, "the text is there".to_owned())
            }
            Ok(_) => (Verdict::Failed, "the text is not there".to_owned()),
            Err(error) => (Verdict::Failed, error.to_string()),
        },
    }
}

fn command(root: &Path, line: &str, exits: i32, prints: Option<&str>) -> (Verdict, String) {
    eprintln!("$ {line}");
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let output = Command::new(shell).arg(flag).arg(line).current_dir(root).stdin(Stdio::null()).output();
    match output {
        Err(error) => (Verdict::Failed, error.to_string()),
        Ok(output) if output.status.code() != Some(exits) => (Verdict::Failed, output.status.to_string()),
        Ok(output) => match prints {
            Some(wanted) if !String::from_utf8_lossy(&output.stdout).contains(wanted) => {
                (Verdict::Failed, format!("does not print `{wanted}`"))
            }
            _ => (Verdict::Proved, output.status.to_string()),
        },
    }
}
