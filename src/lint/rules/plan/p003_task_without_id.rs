//! `P003` task-without-id.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P003", "task-without-id", Severity::Warning, include_str!("p003_task_without_id.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let mut section = "";
    for index in 0..cx.document.lines.len() {
        let text = cx.document.line(index);
        if cx.scan.code.get(index).copied().unwrap_or(false) {
            continue;
        }
        if let Some(title) = text.strip_prefix("## ") {
            section = title.trim();
        }
        let boxed = ["- [ ] ", "- [x] ", "* [ ] ", "* [x] "].iter().find_map(|start| text.strip_prefix(start));
        let Some(rest) = boxed.filter(|_| TASKS.iter().any(|title| section.starts_with(title))) else { continue };
        let at = cx.document.parts.partition_point(|part| part.lines.end <= index);
        let task = cx.document.parts.get(at).is_some_and(|part| {
            matches!(part.kind, crate::document::Kind::Task(task) if part.lines.start == index
                && cx.document.tasks.get(task).is_some_and(|task| !task.id.is_empty()))
        });
        let tried = rest.starts_with("**") && rest.contains('-');
        if !task && !tried {
            let message = "a tick box among the tasks has no id".to_owned();
            let words: String = rest.chars().take(40).collect();
            let finding = Finding::new(RULE.named(), cx.line(index), cx.subject(index), message).detail(words);
            out.push(finding.fix("give it the next free id of its group, or indent it below the task it belongs to"));
        }
    }
}

/// Sections in which every tick box is a task.
const TASKS: [&str; 5] =
    ["Architecture Plan", "Architecture Items", "Tasks", "Proposed Code Changes", "Quality Assurance"];
