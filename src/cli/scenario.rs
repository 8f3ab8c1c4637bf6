//! What the commands on changed requirements share: reading with edits, building, the three forms of an answer.

use std::path::Path;

use anyhow::{Result, bail};
use clap::ValueEnum;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::report;
use crate::facts::given::given;
use crate::plan::{self, Ids, Plan};
use crate::render::difference::Form;
use crate::requirements::{self, Reading};

/// The form of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document with everything
    Json,
    /// Markdown for a pull request
    Md,
}

impl Format {
    /// The form of a text; plain where the answer is data.
    pub fn form(self) -> Form {
        if self == Self::Md { Form::Markdown } else { Form::Text }
    }
}

/// A requirements file that several readings are made of.
pub struct Source {
    name: String,
    bytes: Vec<u8>,
}

impl Source {
    /// Reads the file, or standard input for `-`.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn open(path: &Path) -> Result<Self> {
        let name = if path == Path::new("-") { "<stdin>".to_string() } else { path.display().to_string() };
        Ok(Self { name, bytes: report::bytes(path)? })
    }

    /// The text of the file; none when it is no text.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// The file with these edits.
    pub fn reading(&self, sets: &[(String, String)]) -> Reading {
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => requirements::read_with(&self.name, text, sets),
            Err(_) => requirements::read_bytes(&self.name, &self.bytes),
        }
    }

    /// The plan of the file with these edits; the reading when it has errors.
    ///
    /// # Errors
    /// The catalogue is broken, which tests keep from happening.
    pub fn plan(&self, sets: &[(String, String)]) -> Result<std::result::Result<Plan, Box<Reading>>> {
        let catalogue = super::knowledge::catalogue()?;
        let reading = self.reading(sets);
        let Some(requirements) = &reading.requirements else { return Ok(Err(Box::new(reading))) };
        let options = plan::Options::default();
        Ok(Ok(plan::build(&catalogue, requirements, given(&reading), &self.name, &mut Ids::default(), &options)))
    }

    /// Says on standard error what is wrong with a reading, and in data as the one document.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn refuse(&self, reading: &Reading, format: Format, schema: &str) -> Result<()> {
        report::diagnostics(reading);
        if format == Format::Json {
            let mut document = report::refused(reading);
            if let Some(name) = document.get_mut("schema") {
                *name = Json::from(schema);
            }
            super::print(&format!("{document:#}\n"))?;
        }
        Ok(())
    }
}

/// `path=value` of a `--set`.
///
/// # Errors
/// There is no `=`.
pub fn set(text: &str) -> Result<(String, String)> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() => Ok((path.trim().to_string(), value.trim().to_string())),
        _ => bail!("`--set {text}` is no edit; write a path and a value: --set team.developers=20"),
    }
}

/// Prints one JSON document with its schema first.
///
/// # Errors
/// Standard output cannot be written.
pub fn data<T: Serialize>(schema: &str, value: &T) -> Result<()> {
    let mut document = json!({"schema": schema});
    if let (Some(out), Json::Object(fields)) = (document.as_object_mut(), serde_json::to_value(value)?) {
        out.extend(fields);
    }
    super::print(&format!("{document:#}\n"))
}

/// Passes a result on; in data an error is one document too.
///
/// # Errors
/// The result's own.
pub fn answered<T>(format: Format, schema: &str, result: Result<T>) -> Result<T> {
    if let (Err(error), Format::Json) = (&result, format) {
        super::print(&format!("{:#}\n", json!({"schema": schema, "error": format!("{error:#}")})))?;
    }
    result
}
