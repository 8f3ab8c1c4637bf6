//! `P005` duplicate-id.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P005", "duplicate-id", Severity::Error, include_str!("p005_duplicate_id.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (index, task) in cx.tasks() {
        let Some(first) = cx.by_id.get(task.id.as_str()).copied().filter(|first| *first != index) else { continue };
        let Some(first) = cx.document.tasks.get(first) else { continue };
        let message = format!("`{}` is the id of two tasks", task.id);
        let finding = Finding::new(RULE.named(), cx.id(task), &task.id, message).label(cx.id(first), "first here");
        out.push(finding.fix("give one of them the next free number of its group"));
    }
}
