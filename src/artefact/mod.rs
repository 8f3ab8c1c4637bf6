//! Artefacts: the files that a plan embeds, rendered from one model of the requirements and the decisions. It knows nothing of tasks,
//! plans and Markdown.

mod build;
mod delivery;
mod entities;
pub mod model;
pub mod patch;
pub mod quote;
mod structure;
mod template;

use serde_json::Value as Json;

use crate::catalogue::{ArtefactEntry, Catalogue, FileEntry, Scope};
use crate::engine::availability::Availability;
use crate::engine::recovery::Recovery;
use crate::facts::{Fact, Facts};
use crate::quantity::Value;
use crate::requirements::Requirements;
use crate::text::slug;

pub use model::Model;

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

/// Makes every artefact whose condition holds. A path that an earlier artefact has is left out and reported.
#[must_use]
pub fn make<'c>(catalogue: &'c Catalogue, source: &Source) -> Made<'c> {
    let model = build::model(catalogue, source);
    let mut made = Made { model, ..Made::default() };
    let engine = match template::Engine::new(&made.model, source.facts, &catalogue.templates) {
        Ok(engine) => engine,
        Err(fault) => return Made { faults: vec![fault], ..made },
    };
    let mut paths = std::collections::BTreeSet::new();
    for entry in &catalogue.artefacts {
        for (scope, name, item) in items(source.requirements, &made.model, entry.each) {
            if !entry.when.holds(source.facts, scope.as_deref()) {
                continue;
            }
            let key = if scope.is_some() { format!("{}.{}", entry.key, slug(&name)) } else { entry.key.clone() };
            let mut files = Vec::new();
            for file in &entry.files {
                for found in render(file, source, &made.model, &engine, (scope.as_deref(), &item)) {
                    match found {
                        Ok(file) if file.content.is_empty() => {}
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
                made.artefacts.push(Artefact { entry, key, scope, files });
            }
        }
    }
    made
}

/// The files of one file entry.
fn render(
    entry: &FileEntry,
    source: &Source,
    model: &Model,
    engine: &template::Engine,
    outer: (Option<&str>, &Json),
) -> Vec<Result<File, String>> {
    let one = |scope: Option<&str>, item: &Json| -> Option<Result<File, String>> {
        if !entry.when.holds(source.facts, scope) {
            return None;
        }
        let file = || {
            let path = engine.text(&entry.path, item)?;
            let content = tidy(&engine.file(&entry.template, item)?);
            Ok(File { path, kind: entry.kind.clone(), executable: entry.mode == 755, content })
        };
        Some(file())
    };
    if entry.each == Scope::Plan {
        return one(outer.0, outer.1).into_iter().collect();
    }
    let items = items(source.requirements, model, entry.each);
    items.iter().filter_map(|(scope, _, item)| one(scope.as_deref(), item)).collect()
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

/// The items of a scope: path of their facts, name as stated, and what templates see of them.
fn items(requirements: &Requirements, model: &Model, scope: Scope) -> Vec<(Option<String>, String, Json)> {
    fn seen<T: serde::Serialize>(items: &[T]) -> Vec<Json> {
        items.iter().map(|item| serde_json::to_value(item).unwrap_or_default()).collect()
    }
    let views = match scope {
        Scope::Plan => return vec![(None, String::new(), Json::Null)],
        Scope::Domain => seen(&model.domains),
        Scope::Entity => seen(&model.entities),
        Scope::Integration => seen(&model.integrations),
        Scope::Workload => seen(&model.workloads),
        Scope::Event => seen(&model.events),
    };
    let named = crate::engine::findings::items(requirements, scope);
    named.into_iter().zip(views).map(|((path, name), view)| (path, name, view)).collect()
}

/// A fact as templates see it: a range by its expected value.
fn value(fact: &Fact) -> Json {
    match (&fact.value, fact.expected()) {
        (Value::Bool(flag), _) => Json::Bool(*flag),
        (Value::Text(text), _) => Json::String(text.clone()),
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
