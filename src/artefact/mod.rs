//! Artefacts: the files that a plan embeds, rendered from one model of the requirements and the decisions. It knows nothing of plans and
//! Markdown, and of tasks what is handed in: their proofs.

mod build;
mod ceilings;
mod delivery;
mod entities;
mod layout;
pub mod model;
pub mod patch;
pub mod quote;
mod retention;
mod schedule;
mod structure;
mod template;

use std::cell::OnceCell;

use serde_json::Value as Json;

use crate::catalogue::{ArtefactDepth, ArtefactEntry, Catalogue, FileEntry, Scope};
use crate::engine::availability::Availability;
use crate::engine::recovery::Recovery;
use crate::facts::{Fact, Facts};
use crate::quantity::Value;
use crate::requirements::Requirements;
use crate::text::slug;

pub use model::{Check, Model};

/// Files that belong together, of one entry and one item.
#[derive(Clone, Debug)]
pub struct Artefact<'c> {
    /// What asks for it.
    pub entry: &'c ArtefactEntry,
    /// Its permanent key.
    pub key: String,
    /// Path of the item's facts, none for the whole plan.
    pub scope: Option<String>,
    /// Its files in order.
    pub files: Vec<File>,
}

/// An embedded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path below the root of the repository.
    pub path: String,
    /// What checks it.
    pub kind: String,
    /// Whether it can be run.
    pub executable: bool,
    /// Its text, the last line ended.
    pub content: String,
}

/// What was made, and what is wrong with templates.
#[derive(Clone, Debug, Default)]
pub struct Made<'c> {
    /// In the order of their ids.
    pub artefacts: Vec<Artefact<'c>>,
    /// The model that they were made from.
    pub model: Model,
    /// Faults of templates; tests keep this empty for the embedded ones.
    pub faults: Vec<String>,
}

/// What artefacts are made from.
pub struct Source<'a> {
    /// The stated lists and names.
    pub requirements: &'a Requirements,
    /// Every value.
    pub facts: &'a Facts,
    /// The composition with its alerts.
    pub availability: &'a Availability,
    /// Objectives and arithmetic.
    pub recovery: &'a Recovery,
}

/// How many of the files are written out; a file that is not has its path and an empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Written {
    /// Every file.
    #[default]
    All,
    /// Those that a plan of standard depth prints.
    Core,
    /// No file.
    None,
}

impl Written {
    fn covers(self, entry: &ArtefactEntry) -> bool {
        match self {
            Self::All => true,
            Self::Core => entry.depth != ArtefactDepth::Full,
            Self::None => false,
        }
    }
}

/// Makes every artefact whose condition holds; `checks` are what its tasks name as proofs. A path that an earlier artefact has is left out
/// and reported.
#[must_use]
pub fn make<'c>(catalogue: &'c Catalogue, source: &Source, written: Written, checks: Vec<Check>) -> Made<'c> {
    let mut made = Made::default();
    let model = Model { checks, ..build::model(source) };
    let engine = template::Engine::new(&model, source.facts, &catalogue.templates);
    let items = Items::of(source.requirements);
    let mut paths = std::collections::BTreeSet::new();
    for entry in &catalogue.artefacts {
        for item in items.in_scope(entry.each) {
            let scope = &item.scope;
            if !entry.when.holds(source.facts, scope.as_deref()) {
                continue;
            }
            let key = if scope.is_some() { format!("{}.{}", entry.key, slug(&item.name)) } else { entry.key.clone() };
            let written = written.covers(entry);
            let mut files = Vec::new();
            for file in &entry.files {
                for found in render(file, source.facts, &items, &engine, &Outer { item, written }) {
                    match found {
                        Ok(file) if written && file.content.is_empty() => {}
                        Ok(file) if !patch::is_safe(&file.path) => {
                            made.faults.push(format!("{}: `{}` does not stay below the root", entry.id, file.path));
                        }
                        Ok(file) if !paths.insert(file.path.to_lowercase()) => {
                            made.faults.push(format!("{}: `{}` is made twice", entry.id, file.path));
                        }
                        Ok(file) => files.push(file),
                        Err(fault) => made.faults.push(format!("{}: {fault}", entry.id)),
                    }
                }
            }
            if !files.is_empty() {
                made.artefacts.push(Artefact { entry, key, scope: scope.clone(), files });
            }
        }
    }
    drop(engine);
    Made { model, ..made }
}

/// What the files of an artefact share.
struct Outer<'a> {
    item: &'a Item,
    written: bool,
}

/// The files of one file entry.
fn render(
    entry: &FileEntry,
    facts: &Facts,
    items: &Items,
    engine: &template::Engine,
    outer: &Outer<'_>,
) -> Vec<Result<File, String>> {
    let one = |item: &Item| -> Option<Result<File, String>> {
        if !entry.when.holds(facts, item.scope.as_deref()) {
            return None;
        }
        let file = || {
            let path = engine.text(&entry.path, item)?;
            let content = if outer.written { tidy(&engine.file(&entry.template, item)?) } else { String::new() };
            Ok(File { path, kind: entry.kind.clone(), executable: entry.mode == 755, content })
        };
        Some(file())
    };
    if entry.each == Scope::Plan {
        return one(outer.item).into_iter().collect();
    }
    items.in_scope(entry.each).iter().filter_map(one).collect()
}

/// No white space at the ends of lines, which patches and formatters lose, one line ending at the end.
fn tidy(text: &str) -> String {
    let mut out: String = text.trim_start_matches('\n').lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
    out.truncate(out.trim_end().len());
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// The items of every scope.
struct Items([Vec<Item>; Scope::ALL.len()]);

/// An item of a scope.
struct Item {
    /// Path of its facts; none for the plan.
    scope: Option<String>,
    /// As stated.
    name: String,
    /// What it is, and which of them in the model.
    place: (Scope, usize),
    json: OnceCell<Json>,
    view: OnceCell<minijinja::Value>,
}

impl Items {
    fn of(requirements: &Requirements) -> Self {
        Self(Scope::ALL.map(|kind| {
            let named = match kind {
                Scope::Plan => vec![(None, String::new())],
                _ => crate::engine::findings::items(requirements, kind),
            };
            let item = |(at, (scope, name))| Item {
                scope,
                name,
                place: (kind, at),
                json: OnceCell::new(),
                view: OnceCell::new(),
            };
            named.into_iter().enumerate().map(item).collect()
        }))
    }

    fn in_scope(&self, scope: Scope) -> &[Item] {
        let rows = Scope::ALL.iter().zip(&self.0);
        rows.filter(|(of, _)| **of == scope).map(|(_, items)| items.as_slice()).next().unwrap_or_default()
    }
}

impl Item {
    /// What the model knows of it.
    fn json(&self, model: &Model) -> &Json {
        self.json.get_or_init(|| match self.place {
            (Scope::Plan | Scope::Decision, _) => Json::Null,
            (Scope::Domain, at) => json(model.domains.get(at)),
            (Scope::Entity, at) => json(model.entities.get(at)),
            (Scope::Integration, at) => json(model.integrations.get(at)),
            (Scope::Workload, at) => json(model.workloads.get(at)),
            (Scope::Event, at) => json(model.events.get(at)),
        })
    }

    /// The same as templates see it: through JSON, so that they can ask for the length of what is listed and print what is none.
    fn view(&self, model: &Model) -> minijinja::Value {
        self.view.get_or_init(|| minijinja::Value::from(minijinja::value::Serde(self.json(model)))).clone()
    }
}

fn json<T: serde::Serialize>(item: Option<&T>) -> Json {
    item.and_then(|item| serde_json::to_value(item).ok()).unwrap_or_default()
}

/// A fact as templates see it: a range by its expected value.
fn value(fact: &Fact) -> Json {
    match (&fact.value, fact.expected()) {
        (Value::Bool(flag), _) => Json::Bool(*flag),
        (Value::Text(text), _) => Json::String(text.to_string()),
        (Value::List(words), _) => words.iter().cloned().map(Json::String).collect(),
        (_, Some(number)) => number_json(number),
        _ => Json::Null,
    }
}

/// Whole numbers without a fraction.
fn number_json(number: f64) -> Json {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and far below 2^53")]
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return Json::from(number as i64);
    }
    serde_json::Number::from_f64(number).map_or(Json::Null, Json::Number)
}
