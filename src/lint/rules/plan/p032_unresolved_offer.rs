//! `P032` unresolved-offer.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule =
    Rule::new("P032", "unresolved-offer", Severity::Warning, include_str!("p032_unresolved_offer.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for task in cx.document.tasks.iter().filter(|task| !task.retired) {
        if let Some(line) = task.offers.first() {
            let message = format!("`{}` has new text on offer below its own", task.id);
            let finding = Finding::new(RULE.named(), cx.line(*line), &task.id, message).label(cx.id(task), "this task");
            out.push(finding.fix("keep one of the two and delete the other"));
        }
    }
    for offer in &cx.document.offers {
        let message = format!("the block `{}` has new text on offer below its own", offer.key);
        let finding = Finding::new(RULE.named(), cx.line(offer.lines.start), &offer.key, message);
        out.push(finding.fix("keep one of the two and delete the other"));
    }
}
