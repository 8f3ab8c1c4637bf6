//! `archplan schema`: the JSON Schema of the requirements and of every machine form.

use clap::{Args as Arguments, ValueEnum};
use schemars::{JsonSchema, schema_for};
use serde_json::{Value as Json, json};

use super::{Exit, compare, diff, done, explain, extract, flip, next, rules, show, status, verify, what_if};
use crate::{document, export, requirements};

/// The contract of the plan as data, written by hand: it is a promise, not a picture of the code.
const PLAN: &str = include_str!("../../templates/schemas/plan.json");

/// The findings of `lint`: one definition that every document with findings shares, so it is written by hand too.
const FINDINGS: &str = include_str!("../../templates/schemas/findings.json");

/// The drawings of `diagram`, and what is wrong with one: two documents of one command.
const DIAGRAM: &str = include_str!("../../templates/schemas/diagram.json");

/// What to describe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Subject {
    /// The requirements language.
    Requirements,
    /// `new --format json`.
    Plan,
    /// `export --to json`.
    Export,
    /// `status --format json`.
    Status,
    /// `next --format json`.
    Next,
    /// `show --format json`.
    Show,
    /// `verify --format json`.
    Verify,
    /// `done`, `undo` and `accept` with `--format json`.
    Task,
    /// `flip --format json`.
    Flip,
    /// `what-if --format json`.
    WhatIf,
    /// `compare --format json`.
    Compare,
    /// `diff --format json`.
    Diff,
    /// `lint --format json`.
    Findings,
    /// `explain --format json`.
    Explain,
    /// `extract --format json`.
    Extract,
    /// `diagram --format json`, with and without `--verify`.
    Diagram,
    /// `rules --format json`.
    Rules,
    /// The files of an own catalogue.
    Catalogue,
}

/// Arguments of `archplan schema`.
#[derive(Clone, Copy, Debug, Arguments)]
#[command(after_help = "Examples:
  archplan schema > req.schema.json     for editors
  archplan schema plan                  for programs that read `archplan new --format json`")]
pub struct Args {
    /// What to describe
    #[arg(default_value = "requirements")]
    pub subject: Subject,
}

/// Prints the schema.
///
/// # Errors
/// Standard output cannot be written.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let text = match args.subject {
        Subject::Requirements => format!("{:#}\n", requirements::schema()),
        Subject::Plan => PLAN.to_owned(),
        Subject::Export => answer::<export::Data>(None),
        Subject::Status => answer::<document::status::Status>(Some(status::SCHEMA)),
        Subject::Next => answer::<document::next::Next>(Some(next::SCHEMA)),
        Subject::Show => answer::<document::show::Brief>(Some(show::SCHEMA)),
        Subject::Verify => answer::<verify::Report>(Some(verify::SCHEMA)),
        Subject::Task => answer::<done::Answer>(Some(done::SCHEMA)),
        Subject::Flip => answer::<flip::Answer>(Some(flip::SCHEMA)),
        Subject::WhatIf => answer::<what_if::Answer>(Some(what_if::SCHEMA)),
        Subject::Compare => answer::<compare::Answer>(Some(compare::SCHEMA)),
        Subject::Diff => answer::<crate::plan::difference::Difference>(Some(diff::SCHEMA)),
        Subject::Findings => FINDINGS.to_owned(),
        Subject::Explain => answer::<explain::Answer>(Some(explain::SCHEMA)),
        Subject::Extract => answer::<extract::Report>(Some(extract::SCHEMA)),
        Subject::Diagram => DIAGRAM.to_owned(),
        Subject::Rules => answer::<rules::Listing>(Some(rules::SCHEMA)),
        Subject::Catalogue => format!("{:#}\n", crate::catalogue::own::schema()),
    };
    super::print(&text)?;
    Ok(Exit::Fine)
}

/// The schema of an answer, which says its own name under `schema`, or an error.
fn answer<T: JsonSchema>(name: Option<&str>) -> String {
    let mut schema = schema_for!(T).to_value();
    if let (Some(name), Some(object)) = (name, schema.as_object_mut()) {
        object.remove("title");
        let failure = json!({
            "type": "object", "description": "The command failed", "required": ["schema", "error"],
            "properties": {"schema": {"const": name}, "error": {"type": "string", "description": "What is wrong"}},
        });
        let mut whole: serde_json::Map<String, Json> = serde_json::Map::new();
        for key in ["$schema", "$defs"] {
            whole.extend(object.remove(key).map(|value| (key.to_owned(), value)));
        }
        if let Some(Json::Object(properties)) = object.get_mut("properties") {
            properties.insert("schema".to_owned(), json!({"const": name}));
        }
        if let Some(Json::Array(required)) = object.get_mut("required") {
            required.push("schema".into());
        }
        whole.insert("title".to_owned(), name.into());
        whole.insert("anyOf".to_owned(), json!([schema, failure]));
        schema = whole.into();
    }
    format!("{schema:#}\n")
}
