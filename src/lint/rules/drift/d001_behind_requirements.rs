//! `D001` behind-requirements.

use crate::diagnostic::{Edit, Repair, Severity};
use crate::document::Task;
use crate::lint::Finding;
use crate::lint::context::Sink;
use crate::lint::drift::Compared;
use crate::lint::drift::Drift;
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule =
    Rule::new("D001", "behind-requirements", Severity::Warning, include_str!("d001_behind_requirements.md"));

/// Looks for it.
pub fn check(drift: &Drift<'_>, out: &mut Sink) {
    let compared = &drift.compared;
    let cx = compared.cx;
    let mut blocks = Vec::new();
    for name in &compared.merged.refreshed {
        match cx.document.task(name) {
            Some(task) => out.push(of_task(drift, compared, task)),
            None => blocks.extend(cx.document.blocks.iter().find(|block| block.key == *name)),
        }
    }
    if let Some((first, rest)) = blocks.split_first() {
        let keys: Vec<&str> = blocks.iter().map(|block| block.key.as_str()).collect();
        let message =
            format!("{} generated part(s) are not what the requirements say now: {}", keys.len(), keys.join(", "));
        let mut finding = Finding::new(RULE.named(), cx.line(first.lines.start), "blocks", message);
        for block in rest.iter().take(4) {
            finding = finding.label(cx.line(block.lines.start), "this one too");
        }
        let merged = compared.updated();
        let edits = blocks.iter().filter_map(|block| {
            let new = merged.blocks.iter().find(|other| other.key == block.key)?;
            Some(edit(compared, block.lines.clone(), merged.raw(new.lines.clone())))
        });
        finding.repair = Some(Repair { safe: false, edits: edits.collect() });
        out.push(finding.fix("run `archplan new`: what you wrote stays"));
    }
}

fn of_task(drift: &Drift<'_>, compared: &Compared<'_>, task: &Task) -> Finding {
    let changes = compared.changes(task);
    let said: Vec<String> = changes.iter().map(|c| format!("{} was {}, now {}", c.path, c.old, c.new)).collect();
    let why = if said.is_empty() { "the plan says something else now".to_owned() } else { said.join("; ") };
    let message = format!("`{}` is behind the requirements: {why}", task.id);
    let mut finding = Finding::new(RULE.named(), compared.cx.id(task), &task.id, message);
    for change in &changes {
        finding = finding.fact(&change.path, &change.new);
        if let Some((path, span)) = drift.stated_behind(&change.path) {
            let text =
                if path == change.path { format!("now {}", change.new) } else { format!("`{path}` is behind it") };
            finding = finding.label(span, text);
        }
    }
    let merged = compared.updated();
    if let Some(new) = merged.task(&task.id) {
        let edits = vec![edit(compared, task.lines.clone(), merged.raw(new.lines.clone()))];
        finding.repair = Some(Repair { safe: false, edits });
    }
    finding.fix("run `archplan new`: ticks, notes and own text stay")
}

/// Lines of the plan in exchange for those that an update would write.
fn edit(compared: &Compared<'_>, lines: std::ops::Range<usize>, text: &str) -> Edit {
    let span = compared.cx.document.span(lines);
    Edit { span: compared.cx.span(span.start, span.end), text: text.to_owned() }
}
