//! `D003` no-longer-asked-for.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::Sink;
use crate::lint::drift::Drift;
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule =
    Rule::new("D003", "no-longer-asked-for", Severity::Warning, include_str!("d003_no_longer_asked_for.md"));

/// Looks for it.
pub fn check(drift: &Drift<'_>, out: &mut Sink) {
    let compared = &drift.compared;
    let cx = compared.cx;
    for name in &compared.merged.retired {
        let Some(task) = cx.document.task(name) else { continue };
        let mut finding = Finding::new(
            RULE.named(),
            cx.id(task),
            &task.id,
            format!("`{}` [{}] is no longer asked for", task.id, task.title),
        );
        for (path, old) in &task.facts {
            if let Some((stated, span)) = drift.stated_behind(path) {
                finding = finding.label(span, format!("`{stated}` changed; the task was made for {path} = {old}"));
            }
        }
        let fix = if task.ticked {
            "run `archplan new`: it is kept below `Retired`"
        } else {
            "run `archplan new`, which takes it out"
        };
        out.push(finding.fix(fix));
    }
}
