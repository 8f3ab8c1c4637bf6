//! `P035` missing-ledger.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P035", "missing-ledger", Severity::Warning, include_str!("p035_missing_ledger.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let made = cx.document.tasks.iter().find(|task| task.mark.is_some());
    if let Some(task) = made.filter(|_| cx.document.written.ids.is_empty()) {
        let finding = Finding::new(RULE.named(), cx.id(task), "ledger", "the plan has lost its ledger of ids");
        out.push(finding.fix("run `archplan new`, which writes it from the ids that stand in the file"));
    }
}
