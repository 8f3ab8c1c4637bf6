//! The JSON Schema of the language, from the types and their doc comments; and the same as static tables.
//!
//! The tables come from `schema.json`, which a test keeps equal to the schema of the types.

use std::sync::OnceLock;

use serde_json::{Map, Value as Json};

use super::Requirements;
use crate::quantity::Kind;
use crate::yaml::{Bounds, Form, Key, Shape};

/// The JSON Schema (2020-12) of the requirements, with descriptions and `x-quantity`; made once in a run.
#[must_use]
pub fn schema() -> &'static Json {
    static SCHEMA: OnceLock<Json> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let mut schema = schemars::schema_for!(Requirements).to_value();
        tidy(&mut schema);
        schema
    })
}

/// A leaf key of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeafKey {
    /// Its path in the schema: `domains[].peak`.
    pub path: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What it says, with unit and default.
    pub doc: &'static str,
    /// The words it allows; none where it takes any text.
    pub words: &'static [&'static str],
}

include!(concat!(env!("OUT_DIR"), "/shapes.rs"));

/// Every leaf key of the language, in the order of the reference.
#[must_use]
pub fn keys() -> &'static [LeafKey] {
    static KEYS: OnceLock<Vec<LeafKey>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let mut keys = Vec::new();
        leaves(ROOT, &mut keys);
        keys
    })
}

fn leaves(below: &'static [Key], keys: &mut Vec<LeafKey>) {
    for Key { doc, shape, .. } in below {
        let further = shape.form.keys();
        if !further.is_empty() {
            leaves(further, keys);
            continue;
        }
        let (kind, words): (_, &[&str]) = match shape.form {
            Form::List(Shape { form: Form::Words(words), .. }) => (Kind::Words, words),
            Form::List(_) | Form::Object(_) => (Kind::Words, &[]),
            Form::Quantity(kind) => (kind, &[]),
            Form::Whole => (Kind::Int, &[]),
            Form::Number => (Kind::Number, &[]),
            Form::Bool => (Kind::Bool, &[]),
            Form::Words(words) => (Kind::Word, words),
            Form::Text(_) => (Kind::Text, &[]),
        };
        keys.push(LeafKey { path: shape.path, kind, doc, words });
    }
}

/// The keys of the root, as the reader walks them.
pub(super) fn root() -> &'static [Key] {
    ROOT
}

/// Optional keys are left out, never null; empty defaults say nothing.
fn tidy(node: &mut Json) {
    match node {
        Json::Object(object) => {
            without_null(object);
            object.remove("default");
            object.values_mut().for_each(tidy);
        }
        Json::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn without_null(object: &mut Map<String, Json>) {
    let null = Json::from("null");
    if let Some(Json::Array(types)) = object.get_mut("type") {
        types.retain(|name| *name != null);
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    let is_null = |schema: &Json| schema.get("type") == Some(&null);
    let optional = object.get("anyOf").and_then(Json::as_array).is_some_and(|forms| forms.iter().any(is_null));
    if optional && let Some(Json::Array(forms)) = object.remove("anyOf") {
        for form in forms.into_iter().filter(|form| !is_null(form)) {
            if let Json::Object(form) = form {
                object.extend(form);
            }
        }
    }
}
