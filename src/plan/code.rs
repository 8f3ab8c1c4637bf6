//! Embedded files and the tasks that carry them.

use serde::Serialize;

use super::tasks::{Task, blank, fill, paths, proofs};
use crate::artefact::{Artefact, Made};
use crate::catalogue::ArtefactDepth;
use crate::facts::Facts;
use crate::identity::Ids;
use crate::text::markdown;

/// Files that a task names one by one.
const NAMED: usize = 4;

/// An embedded file of the JSON contract.
#[derive(Clone, Debug, Serialize)]
pub struct Embedded {
    /// Path below the root of the repository.
    pub path: String,
    /// What checks it, such as `openapi`.
    pub kind: String,
    /// Id of its task.
    pub task: String,
    /// `644` or `755`.
    pub mode: u32,
    /// Length of the content.
    pub bytes: usize,
    /// The whole text.
    pub content: String,
}

/// A CODE task for every artefact, and the files.
pub(super) fn tasks(made: &Made, facts: &Facts, ids: &mut Ids) -> (Vec<Task>, Vec<Embedded>) {
    let (mut tasks, mut embedded) = (Vec::new(), Vec::new());
    for artefact in &made.artefacts {
        let Some(task) = task(artefact, facts, ids) else { continue };
        embedded.extend(artefact.files.iter().map(|file| Embedded {
            path: file.path.clone(),
            kind: file.kind.clone(),
            task: task.id.clone(),
            mode: if file.executable { 755 } else { 644 },
            bytes: file.content.len(),
            content: file.content.clone(),
        }));
        tasks.push(task);
    }
    (tasks, embedded)
}

fn task(artefact: &Artefact, facts: &Facts, ids: &mut Ids) -> Option<Task> {
    let (entry, scope) = (artefact.entry, artefact.scope.as_deref());
    let group = entry.task.rsplit_once('.').map(|(group, _)| group)?;
    let declared = scope.is_none().then_some(entry.task.as_str());
    let id = ids.id(&artefact.key, declared, group);
    let mut task = blank(id, artefact.key.clone(), fill(&entry.title, facts, scope)?, entry.phase.clone(), "derived");
    let paths_of: Vec<String> = artefact.files.iter().map(|file| format!("`{}`", markdown::code(&file.path))).collect();
    let more = paths_of.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown = paths_of.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    task.fields.push(("Adds".into(), format!("{shown}{more}")));
    for (label, text) in entry.fields.iter() {
        task.fields.extend(fill(text, facts, scope).map(|text| (label.clone(), text)));
    }
    let texts = entry.fields.iter().map(|(_, text)| text).chain([&entry.title]);
    task.facts = paths(&entry.facts, texts, facts, scope);
    task.rules = vec![format!("artefacts/{}", entry.key)];
    task.done_when = artefact.files.iter().take(NAMED).map(|file| super::Done::file(&file.path)).collect();
    task.done_when.extend(proofs(&entry.done_when, facts, scope));
    task.after_keys.clone_from(&entry.after);
    task.full = entry.depth == ArtefactDepth::Full;
    Some(task)
}
