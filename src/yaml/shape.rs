//! Checks a tree against the keys it may have, all faults at once, and turns quantities into canonical numbers.

use std::rc::Rc;

use super::schema::{Form, Key, Shape};
use super::sound::Sound;
use super::{Data, Entry, Fault, Node};
use crate::diagnostic::rules;
use crate::quantity::{Kind, Units, Value, short};
use crate::text::{Span, suggest};

/// Faults after which a file is given up; nobody reads more.
const MOST_FAULTS: usize = 200;

/// A leaf that the file states.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// Its path; list items by name, id, topic or target: `domains[catalog].peak`.
    pub path: Rc<str>,
    /// Its path in the schema: `domains[].peak`.
    pub key: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Its value in canonical units.
    pub value: Value,
    /// Where the value stands.
    pub span: Span,
}

/// What came of checking a tree.
#[derive(Clone, Debug, Default)]
pub struct Checked<'t> {
    /// The tree with canonical numbers, ready for serde.
    pub value: Sound<'t>,
    /// Every sound leaf, in file order.
    pub stated: Vec<Stated>,
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
}

/// Checks a text with a grammar of its own, by the grammar's name; the error says how to write it.
pub type Grammar<'f> = &'f dyn Fn(&str, &str) -> Result<(), String>;

/// Checks a tree against the keys of its root.
#[must_use]
pub fn check<'t>(root: &'t Node, keys: &'static [Key], units: &Units, grammar: Grammar<'_>) -> Checked<'t> {
    let place = Place::default();
    let mut walker = Walker { keys, units, grammar, currency: None, place, stated: Vec::new(), faults: Vec::new() };
    let bounds = super::Bounds { least: None, most: None, below: None, positive: false };
    let value = walker.value(root, &Shape { path: "", form: Form::Object(keys), bounds });
    if walker.full() {
        let span = walker.faults.last().map_or(root.span, |last| last.span);
        walker.faults.push(Fault::new(
            rules::MANY_ERRORS,
            span,
            format!("more than {MOST_FAULTS} errors; the rest of the file was not read"),
            "mend these first",
        ));
    }
    Checked { value, stated: walker.stated, faults: walker.faults }
}

/// Where the walker stands: one text that grows and shrinks on the way, because files have many more places than findings.
#[derive(Default)]
pub(super) struct Place {
    path: String,
}

impl Place {
    fn enter_key(&mut self, key: &str) {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(key);
    }

    fn enter_item(&mut self, name: &str) {
        self.path.extend(["[", &short(name), "]"]);
    }

    pub(super) fn name(&self) -> String {
        if self.path.is_empty() { "the file".to_owned() } else { format!("`{}`", self.path) }
    }
}

pub(super) struct Walker<'s> {
    keys: &'static [Key],
    pub(super) units: &'s Units,
    pub(super) grammar: Grammar<'s>,
    pub(super) currency: Option<(String, Span)>,
    pub(super) place: Place,
    stated: Vec<Stated>,
    faults: Vec<Fault>,
}

impl Walker<'_> {
    fn full(&self) -> bool {
        self.faults.len() >= MOST_FAULTS
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        if !self.full() {
            self.faults.push(fault);
        }
    }

    /// Does something below a key of where the walker stands.
    pub(super) fn at_key<T>(&mut self, key: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        self.below(|place| place.enter_key(key), work)
    }

    fn at_item<T>(&mut self, name: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        self.below(|place| place.enter_item(name), work)
    }

    fn below<T>(&mut self, enter: impl FnOnce(&mut Place), work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.place.path.len();
        enter(&mut self.place);
        let out = work(self);
        self.place.path.truncate(before);
        out
    }

    fn value<'t>(&mut self, node: &'t Node, shape: &Shape) -> Sound<'t> {
        if self.full() {
            return Sound::Nothing;
        }
        if node.data == Data::Null {
            return self.nothing(node, shape);
        }
        match shape.form {
            Form::Object(keys) => self.object(node, keys),
            Form::List(item) => self.array(node, shape, item),
            Form::Quantity(Kind::Date) => self.date(node, shape),
            Form::Quantity(kind) => self.quantity(node, kind, shape),
            Form::Whole => self.number(node, Kind::Int, shape),
            Form::Number => self.number(node, Kind::Number, shape),
            Form::Bool => self.boolean(node, shape),
            Form::Words(words) => self.word(node, shape, words),
            Form::Text(grammar) => self.text(node, shape, grammar),
        }
    }

    fn nothing<'t>(&mut self, node: &Node, shape: &Shape) -> Sound<'t> {
        self.fault(Fault::new(
            rules::WRONG_TYPE,
            node.span,
            format!("{} has no value", self.place.name()),
            format!("write {}, or delete the key", shape.form.expected()),
        ));
        Sound::Nothing
    }

    pub(super) fn wrong<'t>(&mut self, node: &Node, what: &str, how: &str) -> Sound<'t> {
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
        Sound::Nothing
    }

    fn object<'t>(&mut self, node: &'t Node, keys: &'static [Key]) -> Sound<'t> {
        let Data::Map(entries) = &node.data else {
            return self.wrong(node, "a mapping", "`key: value` lines below it");
        };
        let mut object = Vec::with_capacity(entries.len());
        for entry in entries {
            if let Some(key) = keys.iter().find(|key| key.name == entry.key) {
                let value = self.at_key(key.name, |walker| walker.value(&entry.value, &key.shape));
                object.push((key.name, value));
            } else {
                self.unknown(entry, keys);
            }
        }
        for key in keys.iter().filter(|key| key.required && node.entry(key.name).is_none()) {
            self.missing(node, key);
        }
        Sound::Map(object)
    }

    fn unknown(&mut self, entry: &Entry, keys: &[Key]) {
        if self.full() {
            return;
        }
        let keys = || keys.iter().map(|key| key.name);
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
        let has = |section: &&Key| section.shape.form.keys().iter().any(|own| own.name == key);
        let found: Vec<String> = self.keys.iter().filter(has).map(|section| format!("`{}`", section.name)).collect();
        if found.is_empty() { String::new() } else { format!("it belongs to {}; ", found.join(", ")) }
    }

    fn missing(&mut self, node: &Node, key: &Key) {
        let first = match &node.data {
            Data::Map(entries) => entries.first().map(|entry| entry.key_span),
            _ => None,
        };
        self.fault(Fault::new(
            rules::MISSING_KEY,
            first.unwrap_or(node.span),
            format!("{} lacks `{}`", self.place.name(), key.name),
            format!("add `{}`: {}", key.name, key.doc),
        ));
    }

    fn array<'t>(&mut self, node: &'t Node, shape: &Shape, item: &Shape) -> Sound<'t> {
        let plain = !matches!(item.form, Form::Object(_));
        let Data::List(items) = &node.data else {
            let how = if plain { "`[one, two]`, or one `- item` line each" } else { "one `- key: value` block each" };
            return self.wrong(node, "a list", how);
        };
        if plain {
            return self.words(node, shape, items, item);
        }
        let value = |(at, node): (usize, &'t Node)| self.at_item(&node.label(at), |walker| walker.value(node, item));
        Sound::List(items.iter().enumerate().map(value).collect())
    }

    /// A list of plain values is one leaf.
    fn words<'t>(&mut self, node: &Node, shape: &Shape, items: &'t [Node], item: &Shape) -> Sound<'t> {
        let before = (self.stated.len(), self.faults.len());
        let value = |(at, node): (usize, &'t Node)| self.at_item(&at.to_string(), |walker| walker.value(node, item));
        let values: Vec<Sound> = items.iter().enumerate().map(value).collect();
        self.stated.truncate(before.0);
        let text = |value: &Sound| if let Sound::Text(text) = value { Some((*text).to_owned()) } else { None };
        let words: Vec<String> = values.iter().filter_map(text).collect();
        self.repeated(items);
        if self.faults.len() == before.1 {
            self.state(node, shape, Kind::Words, Value::List(words));
        }
        Sound::List(values)
    }

    fn repeated(&mut self, items: &[Node]) {
        if items.len() < 2 {
            return;
        }
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

    pub(super) fn state(&mut self, node: &Node, shape: &Shape, kind: Kind, value: Value) {
        self.stated.push(Stated {
            path: self.place.path.as_str().into(),
            key: shape.path,
            kind,
            value,
            span: node.span,
        });
    }
}
