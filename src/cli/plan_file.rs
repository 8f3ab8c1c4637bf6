//! The plan file that the small commands work on.

use super::write;
use crate::document::{self, Document};
use crate::merge;
use anyhow::{Result, bail};
use clap::ValueEnum;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub use crate::lint::kind::PLAN as DEFAULT;

/// Exit status for usage errors and unreadable input.
const UNUSABLE: u8 = 2;

/// The form of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people.
    #[default]
    Text,
    /// One JSON document.
    Json,
}

/// A plan file, read.
pub struct PlanFile {
    /// Where it stands.
    pub path: PathBuf,
    /// What it says.
    pub document: Document,
}

/// Opens the plan that is named, or the default one in the current directory. A file that is no plan is an error.
pub fn open(named: Option<&Path>) -> Result<PlanFile> {
    let path = named.unwrap_or(Path::new(DEFAULT)).to_owned();
    let text = write::read(&path)?;
    if !merge::is_plan(&text) {
        bail!("{} is not an archplan plan; make one with `archplan new`", path.display());
    }
    Ok(PlanFile { path, document: document::read(&text) })
}

/// Writes a changed plan; on standard input the text goes to standard output.
pub fn save(path: &Path, before: &str, text: &str) -> Result<()> {
    if path == Path::new("-") {
        return write::stdout(text);
    }
    if before == text { Ok(()) } else { write::replace(path, text) }
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    schema: &'a str,
    #[serde(flatten)]
    value: &'a T,
}

#[derive(Serialize)]
struct Failure {
    error: String,
}

/// Prints one JSON document.
pub fn print_json<T: Serialize>(schema: &str, value: &T) -> Result<()> {
    let text = serde_json::to_string_pretty(&Envelope { schema, value })?;
    write::stdout(&format!("{text}\n"))
}

/// Passes a result on; in JSON an error is one document too, and the exit status is 2.
pub fn answered(form: Form, schema: &str, result: Result<ExitCode>) -> Result<ExitCode> {
    match result {
        Err(error) if form == Form::Json => {
            print_json(schema, &Failure { error: format!("{error:#}") })?;
            Ok(ExitCode::from(UNUSABLE))
        }
        other => other,
    }
}

/// The error for an id that the plan does not have.
pub fn unknown(id: &str, near: &[String]) -> anyhow::Error {
    match near {
        [] => anyhow::anyhow!("the plan has no task {id}; `archplan status` lists the groups"),
        near => anyhow::anyhow!("the plan has no task {id}; did you mean {}?", near.join(" or ")),
    }
}
