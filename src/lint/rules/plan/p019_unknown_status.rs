//! `P019` unknown-status.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P019", "unknown-status", Severity::Warning, include_str!("p019_unknown_status.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (_, task) in cx.tasks() {
        let Some(status) = task.field("Status") else { continue };
        let word = status.trim_start_matches(['*', '_', '`']);
        let word = word.split(|c: char| !(c.is_alphabetic() || c == '-')).next().unwrap_or("");
        let span = cx.in_field(task, "Status", word);
        if task.ticked && matches!(word, "in-progress" | "blocked" | "deferred") {
            let message = format!("`{}` is ticked and its status says {word}", task.id);
            out.push(Finding::new(RULE.named(), span, &task.id, message).fix("take one of the two back"));
        } else if !STATES.contains(&word) {
            let message = format!("`{}` has the status `{word}`, which nothing counts", task.id);
            let finding = Finding::new(RULE.named(), span, &task.id, message);
            let near = crate::text::suggest(word, STATES.iter().copied());
            let fix = near
                .map_or_else(|| format!("use one of {}", STATES.join(", ")), |near| format!("did you mean `{near}`?"));
            let finding = finding.fix(fix);
            out.push(match near {
                Some(near) => finding.edit(false, span, near),
                None => finding,
            });
        }
    }
}

/// The words that a status begins with.
const STATES: [&str; 5] = ["in-progress", "blocked", "deferred", "not-applicable", "suspect"];
