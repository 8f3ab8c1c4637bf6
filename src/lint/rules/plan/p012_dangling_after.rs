//! `P012` dangling-after.

use crate::diagnostic::Severity;
use crate::document::Task;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P012", "dangling-after", Severity::Error, include_str!("p012_dangling_after.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (index, task) in cx.tasks() {
        if cx.field(index, "After").is_none() && !task.id.starts_with("QA-") {
            continue;
        }
        for id in cx.after.get(index).into_iter().flatten() {
            out.references += 1;
            if !cx.by_id.contains_key(id.as_str()) {
                let finding = finding(cx, task, id, out);
                out.push(finding);
            }
        }
    }
}

fn finding(cx: &Context<'_>, task: &Task, id: &str, out: &mut Sink) -> Finding {
    let field = if task.field("After").is_some() { "After" } else { "Satisfied by" };
    let span = cx.in_field(task, field, id);
    let retired = cx.document.written.retired.values().find(|retired| retired.id == id);
    let finding =
        Finding::new(RULE.named(), span, &task.id, format!("`{}` waits for `{id}`, which is not in the plan", task.id));
    let finding = finding.detail(id);
    if let Some(next) = retired.and_then(|retired| retired.successor.as_deref()) {
        let next = cx.document.written.ids.get(next).unwrap_or(next);
        let finding = finding.fix(format!("`{id}` was retired; write `{next}`, which came in its place"));
        return finding.edit(true, span, next);
    }
    if retired.is_some() {
        return finding.fix(format!("`{id}` was retired without a successor; take it out"));
    }
    match out.near(id, cx.by_id.keys().copied()) {
        Some(near) => finding.fix(format!("did you mean `{near}`?")).edit(false, span, near),
        None => finding.fix("name a task of this plan, or write `nothing`"),
    }
}
