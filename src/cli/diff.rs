//! `archplan diff`: two requirements files or two plans, as decisions, numbers, cost and tasks.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use super::Exit;
use super::scenario::{self, Format, Source};
use crate::document::{self, Document};
use crate::merge;
use crate::plan::difference::{self, Difference, Row, TaskRow, rows};
use crate::render;

/// What differs between two requirements files, or between two plans
#[derive(Args)]
#[command(after_help = "Examples:
  archplan diff old.req.yaml new.req.yaml                what the change does
  archplan diff old.req.yaml new.req.yaml --format md    for a pull request
  git show HEAD:req.yaml | archplan diff - req.yaml --exit-code
  archplan diff old/TODO_backend-architect.md TODO_backend-architect.md")]
pub struct DiffArgs {
    /// Requirements or plan before; `-` reads standard input
    old: PathBuf,
    /// Requirements or plan after
    new: PathBuf,
    /// Exit 1 when anything differs
    #[arg(long)]
    exit_code: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The name of the answer as data.
pub const SCHEMA: &str = "archplan.diff/1";

/// Runs the command.
///
/// # Errors
/// Unreadable input, a plan against requirements.
pub fn run(args: &DiffArgs) -> Result<Exit> {
    scenario::answered(args.format, SCHEMA, answer(args))
}

fn answer(args: &DiffArgs) -> Result<Exit> {
    let (old, new) = (Source::open(&args.old)?, Source::open(&args.new)?);
    let found = match (plan_of(&old), plan_of(&new)) {
        (Some(old), Some(new)) => between_documents(&old, &new),
        (None, None) => {
            let mut plans = Vec::new();
            for source in [&old, &new] {
                match source.plan(&[])? {
                    Ok(plan) => plans.push(plan),
                    Err(reading) => {
                        source.refuse(&reading, args.format, SCHEMA)?;
                        return Ok(Exit::Usage);
                    }
                }
            }
            match plans.as_slice() {
                [old, new] => difference::between(old, new),
                _ => Difference::default(),
            }
        }
        (old, _) => bail!(
            "{} is a plan and {} is none; compare two plans or two requirements files",
            if old.is_some() { args.old.display() } else { args.new.display() },
            if old.is_some() { args.new.display() } else { args.old.display() },
        ),
    };
    if args.format == Format::Json {
        scenario::data(SCHEMA, &found)?;
    } else {
        super::print(&render::difference::difference(args.format.form(), &found))?;
    }
    Ok(if args.exit_code && !found.is_empty() { Exit::Found } else { Exit::Fine })
}

fn plan_of(source: &Source) -> Option<Document> {
    let text = source.text()?;
    merge::is_plan(text).then(|| document::read(text))
}

/// Two plan files: what their tables and tasks say, ticks included.
fn between_documents(old: &Document, new: &Document) -> Difference {
    let decisions = |document: &Document| {
        let mut out = cells(document, "decisions.topics", 0, 1);
        let summary = body(document, "summary");
        let pattern = summary.lines().find_map(|line| line.strip_prefix("**")?.split_once("**")).map(|(name, _)| name);
        out.extend(pattern.map(|name| ("pattern".to_string(), name.to_string())));
        out
    };
    let stated = |document: &Document| {
        let facts = document.tasks.iter().flat_map(|task| &task.facts);
        let mut out: Vec<(String, String)> = facts.map(|(path, value)| (path.clone(), value.clone())).collect();
        out.sort();
        out.dedup_by(|a, b| a.0 == b.0);
        out
    };
    let summary = rows(&cells(old, "summary", 0, 1), &cells(new, "summary", 0, 1));
    Difference {
        stated: rows(&stated(old), &stated(new)),
        decisions: rows(&decisions(old), &decisions(new)).into_iter().chain(summary).collect(),
        numbers: Vec::new(),
        cost: rows(&cells(old, "cost", 1, 4), &cells(new, "cost", 1, 4)),
        tasks: tasks(old, new),
        findings: rows(&cells(old, "context.findings", 0, 2), &cells(new, "context.findings", 0, 2)),
    }
}

fn body(document: &Document, key: &str) -> String {
    let block = document.blocks.iter().find(|block| block.key == key);
    block.map(|block| document.raw(block.body.clone()).to_string()).unwrap_or_default()
}

/// Two columns of the table in a block, without its head.
fn cells(document: &Document, key: &str, name: usize, value: usize) -> Vec<(String, String)> {
    let body = body(document, key);
    let lines = body.lines().map(str::trim).filter(|line| line.starts_with('|')).skip(2);
    lines
        .filter_map(|line| {
            let row: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            Some(((*row.get(name)?).to_string(), (*row.get(value)?).to_string()))
        })
        .collect()
}

fn tasks(old: &Document, new: &Document) -> Vec<TaskRow> {
    let mut out = Vec::new();
    for (from, other, change) in [(new, old, "added"), (old, new, "removed")] {
        let gone = from.tasks.iter().filter(|task| other.tasks.iter().all(|there| name(there) != name(task)));
        out.extend(gone.map(|task| row(task, change, Vec::new())));
    }
    for task in &new.tasks {
        let Some(before) = old.tasks.iter().find(|there| name(there) == name(task)) else { continue };
        let text = |task: &document::Task| {
            let fields = task.fields.iter().map(|field| (field.name.clone(), field.text.clone()));
            fields.collect::<Vec<_>>()
        };
        let mut fields: Vec<String> = rows(&text(before), &text(task)).into_iter().map(|row: Row| row.what).collect();
        if before.title != task.title {
            fields.insert(0, "title".to_string());
        }
        if before.ticked != task.ticked {
            fields.push(if task.ticked { "ticked" } else { "no longer ticked" }.to_string());
        }
        if !fields.is_empty() {
            out.push(row(task, "changed", fields));
        }
    }
    out
}

/// The key; the id of a task that a person wrote.
fn name(task: &document::Task) -> &str {
    if task.key.is_empty() { &task.id } else { &task.key }
}

fn row(task: &document::Task, change: &'static str, fields: Vec<String>) -> TaskRow {
    TaskRow { change, id: task.id.clone(), key: task.key.clone(), title: task.title.clone(), fields }
}
