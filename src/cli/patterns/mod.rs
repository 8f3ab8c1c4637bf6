//! `archplan patterns`: the catalogue as a person reads it, an own catalogue checked, and what the catalogue covers.

mod coverage;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args as Arguments, Subcommand};
use serde_json::{Value, json};

use super::{Exit, knowledge};
use crate::catalogue::Catalogue;
use crate::catalogue::own;
use crate::text::suggest;

/// The catalogue: list, show, check, coverage
#[derive(Arguments)]
#[command(after_help = "Examples:
  archplan patterns list technologies      ids of one kind
  archplan patterns show task.ops.release  one entry as it decides
  archplan patterns check acme/            an own catalogue, exit 2 on errors
  archplan patterns coverage               which row of the seed inventory is covered by what
  archplan patterns coverage req.yaml      which entries never fire for these requirements")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Ids and names of all entries, or of one kind
    List {
        /// technologies, topics, overlays, tasks, controls, rules, numbers, prices, patterns, stages, criteria, defaults, qa
        kind: Option<String>,
        /// One JSON document
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// One entry as JSON
    Show {
        /// Its id, key or code
        id: String,
    },
    /// Check the embedded catalogue, or own ones
    Check {
        /// Folders of own catalogues, weakest first
        folders: Vec<PathBuf>,
    },
    /// Rows of the seed inventory and what covers them; with requirements: entries that never fire
    Coverage {
        /// Requirements files
        requirements: Vec<PathBuf>,
        /// One JSON document
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// An entry: kind, id, name.
pub(super) struct Listed {
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) name: String,
}

/// Runs the command.
///
/// # Errors
/// An unknown kind or id, an own catalogue with errors, unreadable requirements.
pub fn run(args: Args) -> Result<Exit> {
    match args.what {
        What::List { kind, format } => list(kind.as_deref(), format),
        What::Show { id } => show(&id),
        What::Check { folders } => check(&folders),
        What::Coverage { requirements, format } if requirements.is_empty() => coverage::rows(format == Format::Json),
        What::Coverage { requirements, format } => coverage::silent(&requirements, format == Format::Json),
    }
}

/// Every entry that has an id, by kind.
pub(super) fn entries(catalogue: &Catalogue) -> Vec<Listed> {
    let mut out = Vec::new();
    let mut add =
        |kind: &'static str, id: &str, name: &str| out.push(Listed { kind, id: id.to_owned(), name: name.to_owned() });
    for (name, nodes) in &catalogue.trees {
        nodes.iter().for_each(|node| add("decision-tree", &format!("{name}/{}", node.id), &node.question));
    }
    catalogue.patterns.iter().for_each(|entry| add("patterns", &entry.id, &entry.name));
    catalogue.stages.iter().for_each(|entry| add("stages", &entry.number.to_string(), &entry.name));
    catalogue.criteria.iter().for_each(|entry| add("criteria", &entry.id, &entry.doc));
    catalogue.overlays.iter().for_each(|entry| add("overlays", &entry.id, &entry.name));
    catalogue.topics.iter().for_each(|entry| add("topics", &entry.id, &entry.name));
    for (topic, entries) in &catalogue.technologies {
        entries.iter().for_each(|entry| add("technologies", &format!("{topic}/{}", entry.id), &entry.name));
    }
    catalogue.tasks.iter().for_each(|entry| add("tasks", &entry.key, &entry.doc));
    catalogue.controls.iter().for_each(|entry| add("controls", &entry.key, &entry.clauses.join("; ")));
    catalogue.rules.iter().for_each(|entry| add("rules", &entry.code, &entry.name));
    catalogue.qa.iter().for_each(|entry| add("qa", &entry.id, &entry.tasks.join(" ")));
    catalogue.numbers.values().for_each(|entry| add("numbers", &entry.id, &entry.doc));
    catalogue.prices.keys().for_each(|provider| add("prices", provider, "price book"));
    catalogue.defaults.iter().for_each(|entry| add("defaults", &entry.path, &entry.effect));
    out
}

fn list(kind: Option<&str>, format: Format) -> Result<Exit> {
    let catalogue = knowledge::catalogue()?;
    let all = entries(&catalogue);
    let rows: Vec<&Listed> = all.iter().filter(|row| kind.is_none_or(|kind| row.kind == kind)).collect();
    if let Some(kind) = kind.filter(|_| rows.is_empty()) {
        let mut kinds: Vec<&str> = all.iter().map(|row| row.kind).collect();
        kinds.dedup();
        let hint =
            suggest(kind, kinds.iter().copied()).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        bail!("no kind of entry `{kind}`{hint}\n  fix: one of {}", kinds.join(", "));
    }
    if format == Format::Json {
        let entries: Vec<Value> =
            rows.iter().map(|row| json!({"kind": row.kind, "id": row.id, "name": row.name})).collect();
        super::print(&format!("{:#}\n", json!({"schema": "archplan.patterns/1", "entries": entries})))?;
        return Ok(Exit::Fine);
    }
    let mut out = String::new();
    let mut last = "";
    for row in rows {
        if row.kind != last {
            out.push_str(&format!("{}{}\n", if last.is_empty() { "" } else { "\n" }, row.kind));
            last = row.kind;
        }
        out.push_str(&format!("  {}  {}\n", row.id, row.name));
    }
    super::print(&out)?;
    Ok(Exit::Fine)
}

fn show(id: &str) -> Result<Exit> {
    let found = own::entry(id);
    match found.as_slice() {
        [] => {
            let catalogue = knowledge::catalogue()?;
            let all = entries(&catalogue);
            let hint = suggest(id, all.iter().map(|row| row.id.as_str()))
                .map(|near| format!("; did you mean {near}?"))
                .unwrap_or_default();
            bail!("no entry `{id}`{hint}\n  fix: `archplan patterns list` names them all");
        }
        [one] => super::print(&format!("{one:#}\n"))?,
        several => super::print(&format!("{:#}\n", Value::Array(several.to_vec())))?,
    }
    Ok(Exit::Fine)
}

fn check(folders: &[PathBuf]) -> Result<Exit> {
    if folders.is_empty() {
        let catalogue = Catalogue::complete().map_err(anyhow::Error::msg)?;
        super::print(&format!("the embedded catalogue is sound: {} entries\n", entries(&catalogue).len()))?;
        return Ok(Exit::Fine);
    }
    let layers = knowledge::layers(folders)?;
    let files: usize = layers.iter().map(Vec::len).sum();
    match own::with(&layers) {
        Ok(catalogue) => {
            crate::render::check(&catalogue).map_err(anyhow::Error::msg)?;
            let files = crate::text::plural::count(files as f64, "file");
            super::print(&format!("sound: {files}, {} entries with the embedded ones\n", entries(&catalogue).len()))?;
            Ok(Exit::Fine)
        }
        Err(problems) => {
            eprint!("{}", knowledge::printed(&problems));
            Ok(Exit::Usage)
        }
    }
}
