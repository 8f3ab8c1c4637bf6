//! Changes to single tasks: tick, untick, accept. One task changes and no other byte.

use super::suspect;
use crate::document::{self, Document, Task};

/// Jaro-Winkler similarity above which a spelling is likely meant.
const LIKELY: f64 = 0.8;

/// Why a task was not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The plan has no task with this id or key; the ids that come closest.
    Unknown(Vec<String>),
    /// The task is not suspect.
    NotSuspect,
}

/// Ticks or unticks a task by id or key. The same text comes back when it was so already.
pub fn tick(text: &str, name: &str, ticked: bool) -> Result<String, Refused> {
    let document = document::read(text);
    let task = find(&document, name)?;
    if task.ticked == ticked {
        return Ok(text.to_owned());
    }
    let mut out = text.to_owned();
    out.replace_range(task.tick..task.tick + 1, if ticked { "x" } else { " " });
    if ticked {
        return Ok(out);
    }
    Ok(accept(&out, name).unwrap_or(out))
}

/// Confirms a suspect tick: takes the status away.
pub fn accept(text: &str, name: &str) -> Result<String, Refused> {
    let document = document::read(text);
    let task = find(&document, name)?;
    let Some((field, _)) = suspect::status(&document, task) else {
        return Err(Refused::NotSuspect);
    };
    let mut out = text.to_owned();
    out.replace_range(document.span(field.lines.clone()), "");
    Ok(out)
}

/// The ids of the plan that are spelled like a name, the likeliest first, three at most.
pub fn near(document: &Document, name: &str) -> Vec<String> {
    let name = name.to_uppercase();
    let score = |task: &Task| strsim::jaro_winkler(&name, &task.id);
    let mut found: Vec<(f64, &str)> = document.tasks.iter().map(|t| (score(t), t.id.as_str())).collect();
    found.retain(|(score, _)| *score > LIKELY);
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    found.into_iter().take(3).map(|(_, id)| id.to_owned()).collect()
}

fn find<'a>(document: &'a Document, name: &str) -> Result<&'a Task, Refused> {
    let found = document.task(name).or_else(|| document.task(&name.to_uppercase()));
    found.ok_or_else(|| Refused::Unknown(near(document, name)))
}
