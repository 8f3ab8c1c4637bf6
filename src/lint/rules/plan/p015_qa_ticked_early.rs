//! `P015` qa-ticked-early.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P015", "qa-ticked-early", Severity::Error, include_str!("p015_qa_ticked_early.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (index, task) in cx.tasks().filter(|(_, task)| task.ticked && task.id.starts_with("QA-")) {
        let open: Vec<&str> = cx
            .after
            .get(index)
            .into_iter()
            .flatten()
            .filter(|id| cx.state(id).is_some_and(|state| !state.is_settled()))
            .map(String::as_str)
            .collect();
        if open.is_empty() {
            continue;
        }
        let message =
            format!("`{}` is ticked while {} of its tasks are open: {}", task.id, open.len(), open.join(", "));
        let mut finding = Finding::new(RULE.named(), cx.id(task), &task.id, message);
        for id in open.iter().take(8) {
            finding = cx.task(id).map(|other| finding.clone().label(cx.id(other), "open")).unwrap_or(finding);
        }
        out.push(finding.fix("tick the tasks when they are done, then the row"));
    }
}
