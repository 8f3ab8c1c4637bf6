//! What can stand at a place: keys, words, names of the same file, rules; in plans ids, states and rules.

use std::ops::Range;

use serde_json::{Value as Json, json};

use super::cursor::{Cursor, cursor};
use super::files::File;
use super::names::{Occurrence, Sort};
use super::navigate::in_file;
use super::{Answer, Server};
use crate::document::status::State;
use crate::facts::registry;
use crate::lint::kind::Kind;
use crate::lint::rules;
use crate::quantity::Kind as Quantity;
use crate::requirements;

/// Kinds of completions in the protocol.
const PROPERTY: u8 = 10;
const VALUE: u8 = 12;
const REFERENCE: u8 = 18;
const WORD: u8 = 20;

/// One proposal.
struct Proposal {
    label: String,
    detail: String,
    doc: String,
    kind: u8,
    text: String,
}

impl Proposal {
    fn new(label: &str, detail: impl Into<String>, kind: u8) -> Self {
        Self { label: label.to_owned(), detail: detail.into(), doc: String::new(), kind, text: label.to_owned() }
    }
}

impl Server<'_> {
    /// Answers `textDocument/completion`.
    pub(super) fn completion(&mut self, params: &Json) -> Answer {
        let (file, at) = self.place(params)?;
        let (word, proposals) = self.proposals(&file, at).unwrap_or((at..at, Vec::new()));
        let range = file.text.range(word, self.client.encoding);
        let items: Vec<Json> = proposals
            .into_iter()
            .enumerate()
            .map(|(order, found)| {
                json!({
                    "label": found.label,
                    "detail": found.detail,
                    "documentation": {"kind": "markdown", "value": found.doc},
                    "kind": found.kind,
                    "sortText": format!("{order:04}"),
                    "filterText": found.label,
                    "textEdit": {"range": range, "newText": found.text},
                })
            })
            .collect();
        Ok(json!({"isIncomplete": false, "items": items}))
    }

    fn proposals(&mut self, file: &File, at: usize) -> Option<(Range<usize>, Vec<Proposal>)> {
        let line = file.text.line(file.text.line_of(at));
        let before = file.text.as_str().get(line.start..at)?;
        if let Some(found) = self.rules(before, at) {
            return Some(found);
        }
        match file.kind {
            Kind::Plan => in_plan(file, before, at),
            Kind::Requirements => {
                let cursor = cursor(&file.text, at)?;
                let names = self.last_names(file);
                let proposals = if cursor.value || cursor.path.ends_with("[]") && !is_section(&cursor.path) {
                    self.values(&cursor, &names)
                } else {
                    keys(&cursor)
                };
                Some((cursor.word, proposals))
            }
            Kind::Other => None,
        }
    }

    /// The names of a file, or those of its last sound text.
    fn last_names(&mut self, file: &File) -> Vec<Occurrence> {
        let now = in_file(file);
        if !now.is_empty() {
            self.plans.names.insert(file.uri.clone(), now);
        }
        self.plans.names.get(&file.uri).cloned().unwrap_or_default()
    }

    /// Rules inside of `archplan: ignore[`.
    fn rules(&self, before: &str, at: usize) -> Option<(Range<usize>, Vec<Proposal>)> {
        let (_, rest) = before.rsplit_once("archplan: ignore[")?;
        let word = rest.rsplit(',').next()?.trim_start();
        (!rest.contains(']')).then(|| (at - word.len()..at, self.every_rule()))
    }

    fn every_rule(&self) -> Vec<Proposal> {
        let all = rules::described(self.catalogue).into_iter();
        all.map(|rule| Proposal { doc: rule.summary, ..Proposal::new(&rule.name, rule.code, REFERENCE) }).collect()
    }

    /// Words and names that a key takes.
    fn values(&self, cursor: &Cursor, names: &[Occurrence]) -> Vec<Proposal> {
        let path = cursor.path.trim_end_matches("[]");
        let words = registry::words_of(path);
        let key = requirements::keys().iter().find(|key| key.path == path);
        if !words.is_empty() {
            return words.iter().map(|word| Proposal::new(word, "", WORD)).collect();
        }
        if key.is_some_and(|key| key.kind == Quantity::Bool) {
            return ["true", "false"].map(|word| Proposal::new(word, "", VALUE)).into();
        }
        let given = |sort: &dyn Fn(&Sort) -> bool| -> Vec<Proposal> {
            let mut seen = std::collections::BTreeSet::new();
            let all = names.iter().filter(|name| name.given && sort(&name.sort) && seen.insert(name.name.clone()));
            all.map(|name| Proposal::new(&name.name, name.sort.list(), REFERENCE)).collect()
        };
        match path {
            "features[].domain" | "workloads[].domain" | "entities[].domain" | "domains[].calls[].to" => {
                given(&|sort| *sort == Sort::Domain)
            }
            "entities[].fields[].ref" => given(&|sort| *sort == Sort::Entity),
            "api.endpoints[].feature" => given(&|sort| *sort == Sort::Feature),
            "domains[].consumes" => given(&|sort| *sort == Sort::Event),
            "waivers[].target" => given(&|sort| sort.keeps_was()),
            "waivers[].rule" => self.every_rule(),
            "entities[].queries[].by" | "entities[].queries[].order" => {
                let near = names.iter().rfind(|name| {
                    matches!(name.sort, Sort::Field(_)) && name.given && name.bytes.start < cursor.word.start
                });
                near.map(|near| given(&|sort| *sort == near.sort)).unwrap_or_default()
            }
            "decisions[].topic" => {
                let topics = self.catalogue.topics.iter().map(|topic| Proposal::new(&topic.id, &topic.name, REFERENCE));
                std::iter::once(Proposal::new("pattern", "Base pattern", REFERENCE)).chain(topics).collect()
            }
            "decisions[].choose" => {
                let patterns = self.catalogue.patterns.iter().map(|pattern| (pattern.id.as_str(), "pattern"));
                let all = self.catalogue.technologies.iter();
                let all = all.flat_map(|(topic, list)| list.iter().map(|one| (one.id.as_str(), topic.as_str())));
                patterns.chain(all).map(|(id, topic)| Proposal::new(id, topic, REFERENCE)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Whether a path of the language has keys below it.
fn is_section(path: &str) -> bool {
    requirements::keys().iter().any(|key| key.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

/// The keys of a mapping that are not there yet.
fn keys(cursor: &Cursor) -> Vec<Proposal> {
    let mut out: Vec<Proposal> = Vec::new();
    let number = requirements::keys().iter().find(|key| key.path == cursor.path);
    if let Some(key) =
        number.filter(|key| !matches!(key.kind, Quantity::Text | Quantity::Word | Quantity::Words | Quantity::Bool))
    {
        let range =
            ["low", "expected", "high"].into_iter().filter(|name| !cursor.present.iter().any(|own| own == name));
        return range
            .map(|name| Proposal {
                text: format!("{name}: "),
                doc: key.doc.to_owned(),
                ..Proposal::new(name, "of a range", PROPERTY)
            })
            .collect();
    }
    for key in requirements::keys() {
        let own =
            if cursor.path.is_empty() { Some(key.path) } else { key.path.strip_prefix(&format!("{}.", cursor.path)) };
        let Some(own) = own else { continue };
        let end = own.find(['.', '[']).unwrap_or(own.len());
        let (name, rest) = own.split_at(end);
        if cursor.present.iter().any(|present| present == name) {
            continue;
        }
        if let Some(known) = out.iter_mut().find(|known| known.label == name) {
            known.doc.push_str(&format!(", `{}`", rest.trim_start_matches(['[', ']', '.'])));
            continue;
        }
        let mut found = Proposal::new(name, key.kind.as_str(), PROPERTY);
        found.text = format!("{name}: ");
        key.doc.clone_into(&mut found.doc);
        if !rest.is_empty() {
            let list = rest.starts_with('[');
            found.detail = if list { "list" } else { "section" }.to_owned();
            found.doc = format!("Keys: `{}`", rest.trim_start_matches(['[', ']', '.']));
            if let Some(indent) = cursor.indent {
                let dash = if list { "- " } else { "" };
                found.text = format!("{name}:\n{}{dash}", " ".repeat(indent + 2));
            }
        }
        out.push(found);
    }
    out
}

/// States of tasks after `**Status**:`, and ids wherever one begins.
fn in_plan(file: &File, before: &str, at: usize) -> Option<(Range<usize>, Vec<Proposal>)> {
    if let Some((_, word)) = before.rsplit_once("**Status**: ") {
        let states = [State::InProgress, State::Blocked, State::Deferred, State::NotApplicable];
        let forms = states.map(|state| match state {
            State::Deferred => Proposal::new("deferred until ", "when", VALUE),
            State::NotApplicable => Proposal::new("not-applicable because ", "why", VALUE),
            _ => Proposal::new(state.word(), "", VALUE),
        });
        return Some((at - word.len()..at, forms.into()));
    }
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let start = before.char_indices().rev().take_while(|(_, c)| part(*c)).last().map_or(before.len(), |(at, _)| at);
    let word = before.get(start..)?;
    let listed = before.get(..start)?.contains("**After**: ");
    if !listed && !word.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let tasks = file.document().tasks.iter().filter(|task| !task.retired && task.id.starts_with(word));
    let found = tasks.map(|task| Proposal::new(&task.id, task.title.clone(), REFERENCE)).collect();
    Some((at - word.len()..at, found))
}
