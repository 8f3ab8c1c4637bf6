//! The plan file as data: what stands in it now, ticks, notes and edits included.

use super::inline;
use crate::document::next::dependencies;
use crate::document::status::{self, State};
use crate::document::task::named;
use crate::document::{Document, Field, Task, marker};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything with an id in a plan file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Data {
    /// `archplan.export/1`.
    pub schema: &'static str,
    /// The first heading.
    pub title: String,
    /// All checkboxes with an id, in file order; a person's own tasks too.
    pub tasks: Vec<TaskView>,
    /// Ids that were retired.
    pub retired: Vec<RetiredView>,
    /// Ids that a person deleted.
    pub deleted: Vec<String>,
}

/// A task as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TaskView {
    /// Such as `TASK-4.3`.
    pub id: String,
    /// The key that the id is bound to; null for a person's own task.
    pub key: Option<String>,
    /// The title, without marks.
    pub title: String,
    /// How far it is.
    pub state: State,
    /// Whether the box is ticked.
    pub ticked: bool,
    /// Whether it stands below `### Retired`.
    pub retired: bool,
    /// Whether a person changed the generated text; null for a person's own task.
    pub edited: Option<bool>,
    /// The heading above.
    pub section: String,
    /// `Core`, `Scale` or `Optimize`.
    pub phase: Option<String>,
    /// The wave of work, from 1.
    pub wave: Option<u32>,
    /// The stage at which it counts, from 1.
    pub stage: Option<u32>,
    /// Ids that must be done before.
    pub after: Vec<String>,
    /// The fields in file order as words, by name.
    pub fields: Vec<FieldView>,
    /// The facts it rests on, with the values it was written for.
    pub facts: BTreeMap<String, String>,
    /// Lines that a person added below it.
    pub notes: Vec<String>,
}

/// A field of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldView {
    /// Its name.
    pub name: String,
    /// Its words.
    pub text: String,
}

/// A retired id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RetiredView {
    /// The id, never given again.
    pub id: String,
    /// Its key.
    pub key: String,
    /// What came in its place.
    pub successor: Option<String>,
}

/// The plan file as data.
pub fn data(document: &Document) -> Data {
    let ledger = document.ledger();
    let named = |(key, entry): (&String, &crate::document::Retired)| RetiredView {
        id: entry.id.clone(),
        key: key.clone(),
        successor: entry.successor.clone(),
    };
    let id = |key: &String| ledger.ids.get(key).unwrap_or(key).to_owned();
    Data {
        schema: "archplan.export/1",
        title: super::title(document),
        tasks: document.tasks.iter().filter(|task| !task.id.is_empty()).map(|task| view(document, task)).collect(),
        retired: ledger.retired.iter().map(named).collect(),
        deleted: ledger.deleted.iter().map(id).collect(),
    }
}

/// The plan file as one JSON document.
pub fn json(document: &Document) -> String {
    let text = serde_json::to_string_pretty(&data(document)).unwrap_or_default();
    format!("{text}\n")
}

fn view(document: &Document, task: &Task) -> TaskView {
    let heading = task.heading.and_then(|index| document.headings.get(index));
    let field = |name: &str| task.field(name).map(inline::plain);
    let number = |name: &str| field(name).and_then(|text| text.split_whitespace().next()?.parse().ok());
    TaskView {
        id: task.id.clone(),
        key: Some(task.key.clone()).filter(|key| !key.is_empty()),
        title: inline::plain(&task.title),
        state: status::state(task),
        ticked: task.ticked,
        retired: task.retired,
        edited: (!task.key.is_empty()).then(|| document.generated(task).is_none()),
        section: heading.map_or_else(String::new, |heading| inline::plain(&heading.text)),
        phase: field("Phase"),
        wave: number("Wave"),
        stage: number("Stage"),
        after: dependencies(task).into_iter().collect(),
        fields: task.fields.iter().flat_map(fields).collect(),
        facts: task.facts.iter().cloned().collect(),
        notes: notes(document, task),
    }
}

/// The fields of one line: `**After**: A · **Wave**: 2` holds two.
fn fields(field: &Field) -> Vec<FieldView> {
    let mut parts: Vec<(String, String)> = vec![(field.name.clone(), String::new())];
    for (index, part) in field.text.split(" · ").enumerate() {
        match (named(part).filter(|_| index > 0), parts.last_mut()) {
            (Some((name, text)), _) => parts.push((name.to_owned(), text.to_owned())),
            (None, Some((_, text))) if index > 0 => text.push_str(&format!(" · {part}")),
            (None, Some((_, text))) => text.push_str(part),
            (None, None) => {}
        }
    }
    parts.into_iter().map(|(name, text)| FieldView { name, text: inline::plain(&text) }).collect()
}

/// The lines of a task that belong neither to its head nor to a field or an offer.
fn notes(document: &Document, task: &Task) -> Vec<String> {
    let covered = |line: &usize| {
        task.head_lines.contains(line)
            || task.offers.contains(line)
            || task.fields.iter().any(|field| field.lines.contains(line))
    };
    let words = |line: usize| {
        let mut text = document.line(line).trim().to_owned();
        if let Some((span, _)) = marker::comment(&text, "ap:") {
            text.replace_range(span, "");
        }
        text.trim_start_matches(['-', '*', '+']).trim().to_owned()
    };
    task.lines.clone().filter(|line| !covered(line)).map(words).filter(|text| !text.is_empty()).collect()
}
