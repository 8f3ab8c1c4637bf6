//! `P021` no-done-when.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P021", "no-done-when", Severity::Warning, include_str!("p021_no_done_when.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (index, task) in cx.tasks().filter(|(_, task)| !cx.brief && !task.id.starts_with("QA-")) {
        if cx.field(index, "Done when").is_none_or(|text| text.trim().is_empty()) {
            let message = format!("`{}` does not say when it is done", task.id);
            let fix = "add `  - **Done when**: file `path` exists; `command` exits 0`";
            out.push(Finding::new(RULE.named(), cx.id(task), &task.id, message).fix(fix));
        }
    }
}
