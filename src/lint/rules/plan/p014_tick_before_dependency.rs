//! `P014` tick-before-dependency.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule =
    Rule::new("P014", "tick-before-dependency", Severity::Error, include_str!("p014_tick_before_dependency.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (index, task) in cx.tasks().filter(|(_, task)| task.ticked && !task.id.starts_with("QA-")) {
        let open = |id: &&String| cx.state(id).is_some_and(|state| !state.is_settled());
        for id in cx.after.get(index).into_iter().flatten().filter(open) {
            let message = format!("`{}` is ticked, but waits for `{id}`, which is open", task.id);
            let mut finding = Finding::new(RULE.named(), cx.id(task), &task.id, message).detail(id);
            if let Some(other) = cx.task(id) {
                finding = finding.label(cx.id(other), "open");
            }
            out.push(finding.fix(format!("tick {id} when it is done, or take it out of `After`")));
        }
    }
}
