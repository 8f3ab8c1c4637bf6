//! The JSON Schema of the language, from the types and their doc comments.

use std::sync::OnceLock;

use serde_json::{Map, Value as Json};

use super::Requirements;
use crate::quantity::Kind;

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
pub fn keys() -> &'static [Key] {
    static KEYS: OnceLock<Vec<Key>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let schema = schema();
        let mut keys = Vec::new();
        leaves(schema, schema, "", "", &mut keys);
        keys
    })
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

fn leaves(root: &Json, stated: &Json, path: &str, doc: &str, keys: &mut Vec<Key>) {
    let name = stated.get("$ref").and_then(Json::as_str);
    let schema = name.and_then(|name| root.pointer(name.trim_start_matches('#'))).unwrap_or(stated);
    let text = |key: &str| schema.get(key).and_then(Json::as_str);
    let kind = match (text("x-quantity").and_then(Kind::from_name), text("type")) {
        (Some(kind), _) => kind,
        (None, Some("object")) => {
            for (key, child) in schema.get("properties").and_then(Json::as_object).into_iter().flatten() {
                let dot = if path.is_empty() { "" } else { "." };
                let doc = child.get("description").and_then(Json::as_str).unwrap_or_default();
                leaves(root, child, &format!("{path}{dot}{key}"), doc, keys);
            }
            return;
        }
        (None, Some("array")) => {
            let nothing = Json::Null;
            let item = schema.get("items").unwrap_or(&nothing);
            if item.get("$ref").is_some_and(|_| is_object(root, item)) {
                return leaves(root, item, &format!("{path}[]"), doc, keys);
            }
            Kind::Words
        }
        (None, Some("integer")) => Kind::Int,
        (None, Some("number")) => Kind::Number,
        (None, Some("boolean")) => Kind::Bool,
        _ if schema.get("enum").is_some() => Kind::Word,
        _ => Kind::Text,
    };
    keys.push(Key { path: path.to_owned(), kind, doc: doc.to_owned() });
}

fn is_object(root: &Json, stated: &Json) -> bool {
    stated
        .get("$ref")
        .and_then(Json::as_str)
        .and_then(|name| root.pointer(name.trim_start_matches('#')))
        .and_then(|schema| schema.get("type"))
        .is_some_and(|kind| kind == "object")
}
