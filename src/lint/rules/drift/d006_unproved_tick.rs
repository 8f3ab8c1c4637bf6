//! `D006` unproved-tick.

use crate::diagnostic::Severity;
use crate::document::verify::{self, Predicate};
use crate::lint::Finding;
use crate::lint::context::Sink;
use crate::lint::drift::Beside;
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("D006", "unproved-tick", Severity::Warning, include_str!("d006_unproved_tick.md"));

/// Looks for it.
pub fn check(beside: &Beside<'_>, out: &mut Sink) {
    let cx = beside.cx;
    for check in verify::checks(cx.document, None).into_iter().filter(|check| check.ticked) {
        let Predicate::File { path, contains } = &check.predicate else { continue };
        out.references += 1;
        let Some(task) = cx.task(&check.id) else { continue };
        let message = match contains {
            _ if !beside.tree.has(path) => format!("`{}` is ticked, and `{path}` is not in the repository", task.id),
            Some(wanted) if beside.tree.text(path).is_some_and(|text| !text.contains(wanted.as_str())) => {
                format!("`{}` is ticked, and `{path}` does not hold `{wanted}`", task.id)
            }
            _ => continue,
        };
        let span = cx.in_field(task, "Done when", path);
        let finding = Finding::new(RULE.named(), span, &task.id, message).detail(path).label(cx.id(task), "ticked");
        out.push(finding.fix(format!("finish it, or `archplan undo {}`", task.id)));
    }
}
