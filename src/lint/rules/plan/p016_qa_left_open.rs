//! `P016` qa-left-open.

use crate::diagnostic::Severity;
use crate::document::status::State;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P016", "qa-left-open", Severity::Info, include_str!("p016_qa_left_open.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (index, task) in cx.tasks().filter(|(_, task)| task.id.starts_with("QA-")) {
        let after = cx.after.get(index).map_or(&[][..], Vec::as_slice);
        let done = !after.is_empty() && after.iter().all(|id| cx.state(id) == Some(State::Done));
        if done && cx.states.get(index) == Some(&State::Open) {
            let message = format!("all {} task(s) of `{}` are ticked, the row is not", after.len(), task.id);
            out.push(Finding::new(RULE.named(), cx.id(task), &task.id, message).fix("check the row, and tick it"));
        }
    }
}
