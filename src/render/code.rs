//! Embedded files: each task's patch, or its files one by one.

use super::view::view;
use serde_json::Value as Json;

use super::{CodeForm, Page, work};
use crate::artefact::patch;
use crate::document::code;
use crate::plan::{Embedded, Task};
use crate::text::{markdown, slug};

/// The environment that the pipeline of the plan releases to before production.
pub(super) fn rehearsal<'p>(page: &'p Page) -> Option<&'p str> {
    let facts = &page.plan.values;
    let name = facts.word("operations.rehearsal")?;
    let stated = facts.words("operations.environments").iter().any(|environment| slug(environment) == name);
    (stated && facts.words("artefacts").iter().any(|entry| entry == "pipeline")).then_some(name)
}

/// Tasks with their blocks; none in a brief plan.
pub(super) fn view(page: &Page, form: CodeForm, marks: &work::Marks) -> Json {
    let shown = |task: &&Task| task.id.starts_with("CODE") && work::is_printed(page, task);
    let tasks: Vec<&Task> = page.plan.tasks.iter().filter(shown).collect();
    let mapping: Vec<Json> = page
        .plan
        .mapping
        .iter()
        .map(|(was, is)| view!({"was": markdown::prose(was), "is": markdown::code(is)}))
        .collect();
    let ids: Vec<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
    let embedded = page.plan.artefacts.iter().filter(|file| ids.contains(&file.task.as_str()));
    view!({
        "paths": embedded.map(|file| file.path.as_str()).collect::<Vec<_>>(),
        "tasks": tasks.iter().map(|task| entry(page, task, marks, form)).collect::<Vec<_>>(),
        "mapping": mapping,
    })
}

fn entry(page: &Page, task: &Task, marks: &work::Marks, form: CodeForm) -> Json {
    let files: Vec<&Embedded> = page.plan.artefacts.iter().filter(|file| file.task == task.id).collect();
    let body = match form {
        CodeForm::Diff => {
            let patches = files.iter().map(|file| patch::new_file(&file.path, file.mode == 755, &file.content));
            fenced("diff", &patches.collect::<String>())
        }
        CodeForm::Files => files.iter().map(|file| labelled(file)).collect::<Vec<_>>().join("\n\n"),
    };
    let lines: usize = files.iter().map(|file| file.content.lines().count()).sum();
    let mut view = work::task(page, task, marks);
    let key = task.key.strip_prefix(code::TASKS).unwrap_or(&task.key);
    let first = files.first().map(|file| file.path.as_str()).unwrap_or_default();
    let more = if files.len() > 1 { format!(" and {} more", files.len() - 1) } else { String::new() };
    if let Some(map) = view.as_object_mut() {
        map.insert("block".into(), format!("{}{key}", code::PREFIX).into());
        map.insert("summary".into(), format!("{first}{more}, {lines} lines").into());
        map.insert("body".into(), body.into());
    }
    view
}

/// One file under its label.
fn labelled(file: &Embedded) -> String {
    let mode = if file.mode == 755 { " (executable)" } else { "" };
    let info = file.path.rsplit_once('.').map_or("text", |(_, ending)| ending);
    format!("**`{}`**{mode}\n\n{}", file.path, fenced(info, &file.content))
}

/// A fence that is longer than any run of backticks inside.
fn fenced(info: &str, text: &str) -> String {
    let runs = text.lines().map(|line| line.trim_start_matches([' ', '+', '-']));
    let longest = runs.map(|line| line.len() - line.trim_start_matches('`').len()).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}{info}\n{text}{fence}")
}
