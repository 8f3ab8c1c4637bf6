//! Checks a tree against a JSON Schema, all faults at once, and turns quantities into canonical numbers.
//!
//! Beside the standard keywords it knows `x-quantity` (the kind of a leaf), `x-positive` (zero is senseless),
//! `x-below` (a bound that is not reached) and `x-form` (text with a grammar of its own).

use serde_json::{Map, Value as Json};

use super::{Data, Entry, Fault, Node};
use crate::diagnostic::rules;
use crate::quantity::{self, Kind, Units, Value, short};
use crate::text::{Span, suggest};

/// Faults after which a file is given up; nobody reads more.
const MOST_FAULTS: usize = 200;

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

/// What came of checking a tree.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The tree with canonical numbers, ready for serde.
    pub value: Json,
    /// Every sound leaf, in file order.
    pub stated: Vec<Stated>,
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
}

/// Checks a text with a grammar of its own (`x-form`); the error says how to write it.
pub type Form<'f> = &'f dyn Fn(&str, &str) -> Result<(), String>;

/// Checks a tree against a schema.
#[must_use]
pub fn check(root: &Node, schema: &Json, units: &Units, form: Form<'_>) -> Checked {
    let place = Place { path: String::new(), key: String::new() };
    let mut walker = Walker { schema, units, form, currency: None, place, out: Checked::default() };
    walker.out.value = walker.value(root, schema);
    if walker.full() {
        let span = walker.out.faults.last().map_or(root.span, |last| last.span);
        walker.out.faults.push(Fault::new(
            rules::MANY_ERRORS,
            span,
            format!("more than {MOST_FAULTS} errors; the rest of the file was not read"),
            "mend these first",
        ));
    }
    walker.out
}

/// Where the walker stands: one text that grows and shrinks on the way, because files have many more places than findings.
pub(super) struct Place {
    path: String,
    pub(super) key: String,
}

impl Place {
    fn enter_key(&mut self, key: &str) {
        for text in [&mut self.path, &mut self.key] {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(key);
        }
    }

    fn enter_item(&mut self, name: &str) {
        self.path.extend(["[", &short(name), "]"]);
        self.key.push_str("[]");
    }

    pub(super) fn name(&self) -> String {
        if self.path.is_empty() { "the file".to_owned() } else { format!("`{}`", self.path) }
    }
}

pub(super) struct Walker<'s> {
    schema: &'s Json,
    pub(super) units: &'s Units,
    pub(super) form: Form<'s>,
    pub(super) currency: Option<(String, Span)>,
    pub(super) place: Place,
    out: Checked,
}

impl<'s> Walker<'s> {
    fn full(&self) -> bool {
        self.out.faults.len() >= MOST_FAULTS
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        if !self.full() {
            self.out.faults.push(fault);
        }
    }

    /// The schema behind `$ref`.
    fn resolve(&self, schema: &'s Json) -> &'s Json {
        let name = schema.get("$ref").and_then(Json::as_str).and_then(|name| name.strip_prefix("#/$defs/"));
        name.and_then(|name| self.schema.get("$defs")?.get(name)).unwrap_or(schema)
    }

    /// Does something below a key of where the walker stands.
    pub(super) fn at_key<T>(&mut self, key: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        self.below(|place| place.enter_key(key), work)
    }

    fn at_item<T>(&mut self, name: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        self.below(|place| place.enter_item(name), work)
    }

    fn below<T>(&mut self, enter: impl FnOnce(&mut Place), work: impl FnOnce(&mut Self) -> T) -> T {
        let before = (self.place.path.len(), self.place.key.len());
        enter(&mut self.place);
        let out = work(self);
        self.place.path.truncate(before.0);
        self.place.key.truncate(before.1);
        out
    }

    fn value(&mut self, node: &Node, stated: &'s Json) -> Json {
        if self.full() {
            return Json::Null;
        }
        let schema = self.resolve(stated);
        let text = |key: &str| schema.get(key).and_then(Json::as_str);
        let kind = text("x-quantity").and_then(Kind::from_name);
        if node.data == Data::Null {
            self.nothing(node, schema);
            return Json::Null;
        }
        match (kind, text("type")) {
            (Some(Kind::Date), _) => self.date(node),
            (Some(kind), _) => self.quantity(node, kind, stated),
            (None, Some("object")) => self.object(node, schema),
            (None, Some("array")) => self.array(node, schema),
            (None, Some("integer")) => self.number(node, Kind::Int, stated),
            (None, Some("number")) => self.number(node, Kind::Number, stated),
            (None, Some("boolean")) => self.boolean(node),
            _ => self.text(node, schema),
        }
    }

    fn nothing(&mut self, node: &Node, schema: &Json) {
        let what = expected(schema);
        self.fault(Fault::new(
            rules::WRONG_TYPE,
            node.span,
            format!("{} has no value", self.place.name()),
            format!("write {what}, or delete the key"),
        ));
    }

    pub(super) fn wrong(&mut self, node: &Node, what: &str, how: &str) -> Json {
        let found = match &node.data {
            Data::Null => "nothing".to_owned(),
            Data::Scalar { text, quoted: true } => format!("the text `{}`", short(text)),
            Data::Scalar { text, .. } => format!("`{}`", short(text)),
            Data::List(_) => "a list".to_owned(),
            Data::Map(_) => "a mapping".to_owned(),
        };
        self.fault(Fault::new(
            rules::WRONG_TYPE,
            node.span,
            format!("{} must be {what}, found {found}", self.place.name()),
            format!("write {how}"),
        ));
        Json::Null
    }

    fn object(&mut self, node: &Node, schema: &'s Json) -> Json {
        let Data::Map(entries) = &node.data else {
            return self.wrong(node, "a mapping", "`key: value` lines below it");
        };
        let known = schema.get("properties").and_then(Json::as_object);
        let mut object = Map::new();
        for entry in entries {
            if let Some(schema) = known.and_then(|known| known.get(&entry.key)) {
                let value = self.at_key(&entry.key, |walker| walker.value(&entry.value, schema));
                object.insert(entry.key.clone(), value);
            } else {
                self.unknown(entry, known);
            }
        }
        let required = schema.get("required").and_then(Json::as_array);
        for key in required.into_iter().flatten().filter_map(Json::as_str) {
            if node.entry(key).is_none() {
                self.missing(node, key, known);
            }
        }
        Json::Object(object)
    }

    fn unknown(&mut self, entry: &Entry, known: Option<&Map<String, Json>>) {
        if self.full() {
            return;
        }
        let keys = || known.into_iter().flat_map(Map::keys).map(String::as_str);
        let near = suggest(&entry.key, keys());
        let fix = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let elsewhere = self.elsewhere(&entry.key);
                let list = keys().collect::<Vec<_>>().join(", ");
                format!("{elsewhere}known here: {list}")
            }
        };
        let message = format!("unknown key `{}` in {}", short(&entry.key), self.place.name());
        self.fault(Fault::new(rules::UNKNOWN_KEY, entry.key_span, message, fix).meant(&entry.key, near));
    }

    /// The sections of the root that have such a key.
    fn elsewhere(&self, key: &str) -> String {
        let sections = self.schema.get("properties").and_then(Json::as_object);
        let found: Vec<String> = sections
            .into_iter()
            .flatten()
            .filter(|(_, schema)| {
                let schema = self.resolve(schema);
                let item = schema.get("items").map_or(schema, |item| self.resolve(item));
                item.get("properties").and_then(|all| all.get(key)).is_some()
            })
            .map(|(section, _)| format!("`{section}`"))
            .collect();
        if found.is_empty() { String::new() } else { format!("it belongs to {}; ", found.join(", ")) }
    }

    fn missing(&mut self, node: &Node, key: &str, known: Option<&Map<String, Json>>) {
        let described = known.and_then(|known| known.get(key)?.get("description")?.as_str());
        let doc = described.unwrap_or_default();
        let first = match &node.data {
            Data::Map(entries) => entries.first().map(|entry| entry.key_span),
            _ => None,
        };
        self.fault(Fault::new(
            rules::MISSING_KEY,
            first.unwrap_or(node.span),
            format!("{} lacks `{key}`", self.place.name()),
            format!("add `{key}`: {doc}"),
        ));
    }

    fn array(&mut self, node: &Node, schema: &'s Json) -> Json {
        let nothing = &Json::Null;
        let item = self.resolve(schema.get("items").unwrap_or(nothing));
        let plain = item.get("type").and_then(Json::as_str) != Some("object");
        let Data::List(items) = &node.data else {
            let how = if plain { "`[one, two]`, or one `- item` line each" } else { "one `- key: value` block each" };
            return self.wrong(node, "a list", how);
        };
        if plain {
            return self.words(node, items, item);
        }
        let value = |(at, node): (usize, &Node)| self.at_item(&node.label(at), |walker| walker.value(node, item));
        Json::Array(items.iter().enumerate().map(value).collect())
    }

    /// A list of plain values is one leaf.
    fn words(&mut self, node: &Node, items: &[Node], item: &'s Json) -> Json {
        let before = (self.out.stated.len(), self.out.faults.len());
        let value = |(at, node): (usize, &Node)| self.at_item(&at.to_string(), |walker| walker.value(node, item));
        let values: Vec<Json> = items.iter().enumerate().map(value).collect();
        self.out.stated.truncate(before.0);
        let words: Vec<String> = values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect();
        self.repeated(items);
        if self.out.faults.len() == before.1 {
            self.state(node, Kind::Words, Value::List(words));
        }
        Json::Array(values)
    }

    fn repeated(&mut self, items: &[Node]) {
        let mut seen: std::collections::BTreeMap<&str, Span> = std::collections::BTreeMap::new();
        for item in items {
            let Some(text) = item.text() else { continue };
            if let Some(first) = seen.get(text) {
                let fault = Fault::new(
                    rules::DUPLICATE_NAME,
                    item.span,
                    format!("{} names `{}` twice", self.place.name(), short(text)),
                    "delete one of them",
                );
                self.fault(fault.label(*first, "first here"));
            } else {
                seen.insert(text, item.span);
            }
        }
    }

    pub(super) fn state(&mut self, node: &Node, kind: Kind, value: Value) {
        let (path, key) = (self.place.path.clone(), self.place.key.clone());
        self.out.stated.push(Stated { path, key, kind, value, span: node.span });
    }
}

/// What a schema asks for, for messages.
pub(super) fn expected(schema: &Json) -> String {
    let kind = schema.get("x-quantity").and_then(Json::as_str).and_then(Kind::from_name);
    if let Some(kind) = kind {
        return format!("it like {}", quantity::how(kind));
    }
    let words = schema.get("enum").and_then(Json::as_array);
    if let Some(words) = words {
        let words: Vec<&str> = words.iter().filter_map(Json::as_str).collect();
        return format!("one of {}", words.join(", "));
    }
    match schema.get("type").and_then(Json::as_str) {
        Some("object") => "`key: value` lines below it",
        Some("array") => "a list",
        Some("integer") => "a whole number",
        Some("number") => "a number",
        Some("boolean") => "`true` or `false`",
        _ => "text",
    }
    .to_owned()
}
