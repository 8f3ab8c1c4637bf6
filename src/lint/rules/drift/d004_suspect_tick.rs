//! `D004` suspect-tick.

use crate::diagnostic::Severity;
use crate::document::status::State;
use crate::lint::Finding;
use crate::lint::context::Sink;
use crate::lint::drift::Drift;
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("D004", "suspect-tick", Severity::Warning, include_str!("d004_suspect_tick.md"));

/// Looks for it.
pub fn check(drift: &Drift<'_>, out: &mut Sink) {
    let compared = &drift.compared;
    let cx = compared.cx;
    for (index, task) in cx.tasks().filter(|(_, task)| task.ticked) {
        let known = cx.states.get(index) == Some(&State::Suspect);
        if !known && !compared.merged.suspect.contains(&task.id) {
            continue;
        }
        let changes = compared.changes(task);
        let said: Vec<String> = changes.iter().map(|c| format!("{} = {}, now {}", c.path, c.old, c.new)).collect();
        let why = if said.is_empty() { "other numbers".to_owned() } else { said.join("; ") };
        let message = format!("`{}` was ticked for {why}", task.id);
        let mut finding = Finding::new(RULE.named(), cx.id(task), &task.id, message);
        for change in &changes {
            finding = finding.fact(&change.path, &change.new);
            if let Some((path, span)) = drift.stated_behind(&change.path) {
                finding = finding.label(span, format!("`{path}` is behind it"));
            }
        }
        out.push(
            finding.fix(format!("check it again, then `archplan accept {}` or `archplan undo {}`", task.id, task.id)),
        );
    }
}
