//! The requirements language: its types, its reader, its JSON Schema.
//!
//! It must not know how anything is decided.

mod field_type;
mod model;
mod structure;
mod words;

pub use field_type::FieldType;
pub use model::*;
pub use structure::*;
pub use words::*;

use crate::diagnostic::Diagnostic;
use crate::quantity::{Kind, Value};
use crate::text::{Source, Span};
use crate::yaml;

/// A leaf that the file states.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// Its path; list items by name, id, topic or target: `domains[catalog].peak`.
    pub path: String,
    /// Its path in the schema: `domains[].peak`.
    pub key: String,
    /// What it is.
    pub kind: Kind,
    /// Its value in canonical units.
    pub value: Value,
    /// Where the value stands.
    pub span: Span,
}

/// What came of reading a file.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The requirements, unless a finding is an error.
    pub requirements: Option<Requirements>,
    /// Every leaf in the file, in file order.
    pub stated: Vec<Stated>,
    /// Findings by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The tree, unless the text is no YAML.
    pub tree: Option<yaml::Node>,
    /// The file, then one source per `--set` edit; [`Span::source`] is an index of this list.
    pub sources: Vec<Source>,
}

/// Reads requirements; `name` is the file's name as given.
#[must_use]
pub fn read(name: &str, text: &str) -> Reading {
    read_with(name, text, &[])
}

/// Reads requirements after edits: each sets the value at a path (YAML text; `null` removes the key).
#[must_use]
pub fn read_with(_name: &str, _text: &str, _sets: &[(String, String)]) -> Reading {
    Reading::default()
}

/// The JSON Schema (2020-12) of the requirements, with descriptions and `x-quantity`.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Requirements).to_value()
}

/// A key of the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its path in the schema: `domains[].peak`.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// What it says, with unit and default.
    pub doc: String,
}

/// Every leaf key of the language, in the order of the reference.
#[must_use]
pub fn keys() -> Vec<Key> {
    Vec::new()
}
