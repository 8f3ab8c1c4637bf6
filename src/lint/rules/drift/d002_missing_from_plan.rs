//! `D002` missing-from-plan.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::Sink;
use crate::lint::drift::Drift;
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule =
    Rule::new("D002", "missing-from-plan", Severity::Warning, include_str!("d002_missing_from_plan.md"));

/// Looks for it.
pub fn check(drift: &Drift<'_>, out: &mut Sink) {
    let compared = &drift.compared;
    let cx = compared.cx;
    if compared.merged.added.is_empty() {
        return;
    }
    let new = drift.stated_since();
    for name in &compared.merged.added {
        let Some(task) = compared.fresh.task(name) else { continue };
        let heading = task.heading.and_then(|index| compared.fresh.headings.get(index));
        let beside = heading.and_then(|heading| cx.document.headings.iter().find(|own| own.text == heading.text));
        let place = beside.map_or(cx.line(0), |heading| cx.line(heading.line));
        let mut stated = task_facts(drift, name);
        if !stated.iter().any(|fact| new.contains(fact)) {
            stated.splice(0..0, new.iter().take(1).cloned());
        }
        let message = format!("`{}` [{}] is asked for and not in the plan", task.id, task.title);
        let mut finding = Finding::new(RULE.named(), place, &task.id, message).detail(&task.key);
        for (path, span) in stated.into_iter().take(2) {
            finding = finding.label(span, format!("`{path}` asks for it"));
        }
        out.push(finding.fix("run `archplan new`, which adds it"));
    }
}

/// What is stated of the facts that a task rests on.
fn task_facts(drift: &Drift<'_>, name: &str) -> Vec<(String, crate::text::Span)> {
    let task = drift.plan.tasks.iter().find(|task| task.id == name || task.key == name);
    task.into_iter().flat_map(|task| &task.facts).filter_map(|path| drift.stated_behind(path)).collect()
}
