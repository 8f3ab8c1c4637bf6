//! `P004` foreign-id.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P004", "foreign-id", Severity::Info, include_str!("p004_foreign_id.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (_, task) in cx.tasks().filter(|(_, task)| task.key.is_empty()) {
        let family = task.id.rsplit_once('-').map_or("", |(family, _)| family);
        if !FAMILIES.contains(&family) {
            let message = format!("`{}` belongs to no family of the plan", task.id);
            let fix = format!("use one of {} with the next free number", FAMILIES.join(", "));
            out.push(Finding::new(RULE.named(), cx.id(task), &task.id, message).fix(fix));
        }
    }
}

/// The families of ids.
const FAMILIES: [&str; 5] = ["ARCH-PLAN", "ARCH-ITEM", "TASK", "CODE", "QA"];
