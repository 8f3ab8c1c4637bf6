//! `D005` edited-and-changed.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::Sink;
use crate::lint::drift::Drift;
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule =
    Rule::new("D005", "edited-and-changed", Severity::Warning, include_str!("d005_edited_and_changed.md"));

/// Looks for it.
pub fn check(drift: &Drift<'_>, out: &mut Sink) {
    let compared = &drift.compared;
    let cx = compared.cx;
    for conflict in &compared.merged.conflicts {
        let task = cx.document.task(&conflict.id);
        let offered = task.is_some_and(|task| !task.offers.is_empty())
            || cx.document.offers.iter().any(|offer| offer.key == conflict.key);
        if offered {
            // P032 speaks of what is on offer already.
            continue;
        }
        let block = cx.document.blocks.iter().find(|block| block.key == conflict.key);
        let place = task.map(|task| cx.id(task)).or_else(|| block.map(|block| cx.line(block.lines.start)));
        let message = format!("`{}` was edited here and has changed in the plan: {}", conflict.id, conflict.what);
        let mut finding = Finding::new(RULE.named(), place.unwrap_or(cx.line(0)), &conflict.id, message);
        for change in task.map(|task| compared.changes(task)).unwrap_or_default() {
            if let Some((path, span)) = drift.stated_behind(&change.path) {
                finding = finding.label(span, format!("`{path}` is behind the change"));
            }
        }
        out.push(finding.fix("run `archplan new --on-conflict keep|take|both`"));
    }
}
