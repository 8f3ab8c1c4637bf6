//! `P017` qa-without-tasks.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule =
    Rule::new("P017", "qa-without-tasks", Severity::Warning, include_str!("p017_qa_without_tasks.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (index, task) in cx.tasks().filter(|(_, task)| task.id.starts_with("QA-")) {
        if !cx.brief && cx.after.get(index).is_none_or(Vec::is_empty) {
            let message = format!("`{}` names no task that satisfies it", task.id);
            let fix = "add `  - **Satisfied by**: TASK-4.1` with the tasks that make it true";
            out.push(Finding::new(RULE.named(), cx.id(task), &task.id, message).fix(fix));
        }
    }
}
