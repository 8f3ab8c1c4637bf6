//! YAML as a tree with places: byte spans of every key and value, comments kept.
//!
//! One document, no tags or merge keys; an alias may only repeat a value or a list of plain values. It must not know what the keys mean.

mod leaf;
mod parse;
mod schema;
mod shape;
mod sound;
#[cfg(test)]
mod tests;

pub use parse::{MOST_BYTES, MOST_DEPTH, Parsed, parse};
pub use schema::{Bounds, Form, Key, Shape};
pub use shape::{Checked, Grammar, Stated, check};
pub use sound::Sound;

use std::borrow::Cow;

use compact_str::CompactString;

use crate::diagnostic::rules::Named;
use crate::diagnostic::{Edit, Ground, Label, Repair};
use crate::text::Span;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The bytes of the value.
    pub span: Span,
    /// The value.
    pub data: Data,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Nothing after the colon or dash, `~` or `null`.
    Null,
    /// Anything that is neither list nor mapping.
    Scalar {
        /// The text, escapes and folding undone, without quotes.
        text: CompactString,
        /// Whether it stood in quotes or in a block, and so is text and nothing else.
        quoted: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping, in file order.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key's text.
    pub key: CompactString,
    /// The key's place.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// A comment with its place; the span begins at `#`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The bytes of the comment, without the line break.
    pub span: Span,
    /// The text after `#`.
    pub text: String,
}

/// What is wrong at a place, before anybody knows the file's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rule that speaks.
    pub rule: Named,
    /// Where.
    pub span: Span,
    /// One sentence without a full stop.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// Further places.
    pub labels: Vec<Label>,
    /// The facts that the fault rests on.
    pub facts: Vec<Ground>,
    /// Edits that mend it.
    pub repair: Option<Repair>,
}

impl Fault {
    /// A fault with neither labels nor facts.
    #[must_use]
    pub fn new(rule: Named, span: Span, message: String, fix: impl Into<String>) -> Self {
        Self { rule, span, message, fix: fix.into(), labels: Vec::new(), facts: Vec::new(), repair: None }
    }

    /// The same with the word that was meant; safe when both differ in case and dashes only.
    #[must_use]
    pub fn meant(mut self, written: &str, near: Option<&str>) -> Self {
        let plain = |word: &str| word.to_lowercase().replace(['_', ' '], "-");
        self.repair = near.map(|near| Repair {
            safe: plain(written) == plain(near),
            edits: vec![Edit { span: self.span, text: near.to_owned() }],
        });
        self
    }

    /// The same with a further place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The same with a fact behind it.
    #[must_use]
    pub fn fact(mut self, path: impl Into<String>, value: impl Into<String>) -> Self {
        self.facts.push(Ground { path: path.into(), value: value.into() });
        self
    }
}

impl Node {
    /// The entry of a mapping with this key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.data {
            Data::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// The value of a mapping's key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The items of a list; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The name by which paths call an item of a list: its name, id, topic or target, else its index.
    #[must_use]
    pub fn label(&self, index: usize) -> Cow<'_, str> {
        ["name", "id", "topic", "to"]
            .iter()
            .find_map(|key| self.get(key).and_then(Self::text))
            .map_or_else(|| Cow::Owned(index.to_string()), Cow::Borrowed)
    }

    /// The value at a path such as `domains[catalog].peak`; list items by name or index.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Self> {
        let mut node = self;
        for step in steps(path)? {
            node = match step {
                Step::Key(key) => node.get(&key)?,
                Step::Item(name) => find(node.items(), &name).and_then(|at| node.items().get(at))?,
            };
        }
        Some(node)
    }
}

/// The index of the item that a path means: by name first, then by number.
#[must_use]
pub fn find(items: &[Node], name: &str) -> Option<usize> {
    items
        .iter()
        .enumerate()
        .position(|(at, item)| item.label(at) == name)
        .or_else(|| name.parse().ok().filter(|at| *at < items.len()))
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a mapping.
    Key(String),
    /// An item of a list.
    Item(String),
}

/// The steps of a path; `None` when it is no path.
#[must_use]
pub fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = path;
    loop {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        if key.is_empty() {
            return None;
        }
        steps.push(Step::Key(key.to_owned()));
        rest = after;
        while let Some(inner) = rest.strip_prefix('[') {
            let (item, after) = inner.split_once(']')?;
            steps.push(Step::Item(item.to_owned()));
            rest = after;
        }
        match rest.strip_prefix('.') {
            Some(after) => rest = after,
            None if rest.is_empty() => return Some(steps),
            None => return None,
        }
    }
}
