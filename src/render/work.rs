//! Checkboxes: layers, items, tasks, the quality list, and the trace.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::view::view;
use serde_json::Value as Json;

use super::{Depth, Page};
use crate::document::marker::print_fact;
use crate::facts::Facts;
use crate::plan::{Done, Task};
use crate::text::markdown::{code, prose};

/// Whether a plan of this depth holds a task: a brief one no code and what comes first, only a full one all code.
pub(super) fn is_printed(page: &Page, task: &Task) -> bool {
    let code = task.id.starts_with("CODE");
    match page.depth {
        Depth::Brief => !code && (task.phase == "core" || task.id.starts_with("ARCH")),
        Depth::Standard => !(code && task.full),
        Depth::Full => true,
    }
}

pub(super) fn view(page: &Page, marks: &Marks) -> Json {
    let section = |name: &str| {
        page.plan
            .tasks
            .iter()
            .filter(|task| task.section == name)
            .filter(|entry| is_printed(page, entry))
            .map(|entry| task(page, entry, marks))
            .collect::<Vec<_>>()
    };
    let headings = [
        "Requirements Analysis",
        "Architecture Design",
        "Implementation Planning",
        "Performance Engineering",
        "Deployment and Operations",
        "Migration",
    ];
    let groups: Vec<Json> = headings
        .iter()
        .map(|name| view!({"name": name, "tasks": section(name)}))
        .filter(|group| group.get("tasks").and_then(Json::as_array).is_some_and(|tasks| !tasks.is_empty()))
        .collect();
    view!({
        "layers": section("Architecture Plan"),
        "items": section("Architecture Items"),
        "groups": groups,
        "qa": page.plan.qa.iter().map(|row| view!({"id": &row.id, "text": row.text.replace('|', "\\|"), "tasks": row.tasks.join(", ")})).collect::<Vec<_>>(),
    })
}

/// A task as the template prints it.
pub(super) fn task(page: &Page, task: &Task, marks: &Marks) -> Json {
    let facts = &page.plan.values;
    let mut fields: Vec<(String, String)> = task.fields.clone();
    if !fields.iter().any(|(name, _)| name == "Why") {
        let why = why(task, facts);
        if !why.is_empty() {
            fields.push(("Why".into(), why));
        }
    }
    let mut phase = task.phase.clone();
    if let Some(first) = phase.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let held = |id: &&String| page.plan.tasks.iter().any(|other| other.id == **id && is_printed(page, other));
    let before: Vec<&str> = task.after.iter().filter(held).map(String::as_str).collect();
    let after = if before.is_empty() { "nothing".to_string() } else { before.join(", ") };
    fields.push((
        "After".into(),
        format!("{after} · **Wave**: {} · **Phase**: {phase} · **Stage**: {}", task.wave, task.stage),
    ));
    if !task.done_when.is_empty() {
        fields.push(("Done when".into(), task.done_when.iter().map(proof).collect::<Vec<_>>().join("; ")));
    }
    let fields = match page.depth {
        Depth::Brief => brief(fields, task),
        Depth::Standard => folded(fields, super::compact(page), task.fields.iter().any(|(name, _)| name == "Why")),
        Depth::Full => fields,
    };
    view!({
        "id": &task.id, "title": &task.title, "key": &task.key, "mark": marks.of(task),
        "fields": fields.into_iter().map(|(name, text)| view!({"name": name, "text": text.replace('\n', " ")})).collect::<Vec<_>>(),
    })
}

/// Short fields share a line: layer, clause and owner of a control; where little is stated also the order and the proof, and a reason
/// stands only where the catalogue has one of its own.
fn folded(fields: Vec<(String, String)>, compact: bool, reasoned: bool) -> Vec<(String, String)> {
    let control = fields.iter().any(|(name, _)| name == "Layer");
    let mut out: Vec<(String, String)> = Vec::new();
    for (name, text) in fields {
        let host = match name.as_str() {
            "Evidence" if compact => continue,
            "Why" if compact && !reasoned => continue,
            "Clause" | "Owner" => "Layer",
            "Done when" if compact && control => "Layer",
            "After" if compact && control => "Layer",
            "After" if compact && reasoned => "Why",
            "Done when" if compact && reasoned => "Why",
            "Done when" if compact => "After",
            _ => "",
        };
        match out.iter_mut().find(|(other, _)| other == host) {
            Some((_, line)) => line.push_str(&format!(" · **{name}**: {text}")),
            None => out.push((name, text)),
        }
    }
    out
}

/// One line: what to do, or the parts of a layer without their details, then the order.
fn brief(fields: Vec<(String, String)>, task: &Task) -> Vec<(String, String)> {
    let layer = task.id.starts_with("ARCH-PLAN");
    let mut line: Option<(String, String)> = None;
    for (name, text) in fields {
        if matches!(name.as_str(), "Layer" | "Why" | "Clause" | "Evidence" | "Owner" | "Done when" | "Features") {
            continue;
        }
        let text = if layer && name != "After" { text.split("; ").next().unwrap_or_default() } else { &text };
        match &mut line {
            Some((_, rest)) => rest.push_str(&format!(" · **{name}**: {text}")),
            None => line = Some((name, text.to_string())),
        }
    }
    line.into_iter().collect()
}

fn proof(done: &Done) -> String {
    match done.kind.as_str() {
        "file" => format!("file `{}` exists", code(&done.what)),
        "command" => format!("`{}` exits {}", code(&done.what), done.exits.unwrap_or(0)),
        "block" => format!("block `{}` is in this file", code(&done.what)),
        _ => prose_of_ours(&done.what),
    }
}

/// Review texts are ours except for names in them: angle brackets and bars are escaped, code spans stay.
fn prose_of_ours(text: &str) -> String {
    text.replace('<', "&lt;").replace('|', "\\|")
}

/// Values that explain nothing: the thing that a task is about is absent or left to the default.
const SILENT: [&str; 6] = ["0", "0%", "none", "auto", "no", "single"];

/// Beginnings of computed facts that name what a plan has and are no reason for it.
const DESCRIBED: [&str; 7] = [
    "selection.",
    "project.",
    "artefacts",
    "situations",
    "api.sign_in_path",
    "infrastructure.by_hand",
    "operations.rehearsal",
];

/// The stated facts behind a task, at most three, else the computed ones.
fn why(task: &Task, facts: &Facts) -> String {
    let stated = task.facts.iter().filter(|path| facts.is_stated(path));
    let named = |path: &&String| DESCRIBED.iter().any(|described| path.starts_with(described));
    let other = task.facts.iter().filter(|path| !facts.is_stated(path) && !named(path));
    let shown = stated
        .chain(other)
        .filter_map(|path| facts.get(path).map(|fact| (path, fact.human())))
        .filter(|(path, value)| facts.is_stated(path) || !SILENT.contains(&value.as_str()))
        .filter(|(_, value)| !value.is_empty() && value.chars().count() <= 60)
        .take(3);
    shown.map(|(path, value)| format!("`{}` = {}", code(path), prose(&value))).collect::<Vec<_>>().join(", ")
}

/// What tasks rest on, as their marks name it; many tasks rest on the same facts.
pub(super) struct Marks<'f> {
    facts: &'f Facts,
    printed: RefCell<BTreeMap<String, Option<String>>>,
}

impl<'f> Marks<'f> {
    pub(super) fn new(facts: &'f Facts) -> Self {
        Self { facts, printed: RefCell::default() }
    }

    /// Stated numbers and words, at most four.
    fn of(&self, task: &Task) -> String {
        let mut printed = self.printed.borrow_mut();
        let values = task.facts.iter().filter(|path| self.facts.is_stated(path)).filter_map(|path| {
            let value = || Some(print_fact(&(path.clone(), self.facts.get(path)?.marked()?)));
            printed.entry(path.clone()).or_insert_with(value).clone()
        });
        values.take(4).collect::<Vec<_>>().join(" ")
    }
}

/// Stated values that name the file and the project and decide nothing: rows at depth full only.
const NAMES: [&str; 2] = ["archplan", "project.name"];

/// Features to tasks, facts to uses; of the tasks those that this plan holds.
pub(super) fn trace(page: &Page) -> Json {
    let trace = &page.plan.trace;
    let absent: BTreeSet<&str> =
        page.plan.tasks.iter().filter(|task| !is_printed(page, task)).map(|task| task.id.as_str()).collect();
    let held = |by: &&String| !absent.contains(by.as_str());
    let facts: Vec<Json> = trace
        .facts
        .iter()
        .filter(|row| page.depth == Depth::Full || !(row.path.contains('[') || NAMES.contains(&row.path.as_str())))
        .map(|row| {
            let uses: Vec<&String> = row.used_by.iter().filter(held).collect();
            let used = uses
                .iter()
                .take(6)
                .map(|by| if by.contains('[') { format!("`{}`", code(by)) } else { (*by).clone() })
                .collect::<Vec<_>>()
                .join(", ");
            let more = uses.len().saturating_sub(6);
            let more = if more > 0 { format!(", {more} more") } else { String::new() };
            view!({"path": code(&row.path), "used": format!("{used}{more}")})
        })
        .collect();
    view!({
        "features": trace.features.iter().map(|row| view!({"id": prose(&row.id), "tasks": row.tasks.iter().filter(held).cloned().collect::<Vec<_>>().join(", ")})).collect::<Vec<_>>(),
        "facts": facts,
        "unused": trace.unused.iter().map(|path| code(path)).collect::<Vec<_>>(),
    })
}
