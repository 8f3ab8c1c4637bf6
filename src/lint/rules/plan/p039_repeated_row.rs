//! `P039` repeated-row.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P039", "repeated-row", Severity::Warning, include_str!("p039_repeated_row.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (index, task) in cx.tasks().filter(|(_, task)| task.id.starts_with("QA-")) {
        let words = task.title.to_lowercase();
        if words.split_whitespace().count() < 4 {
            continue;
        }
        match seen.get(&words).and_then(|first| cx.document.tasks.get(*first)) {
            Some(first) => {
                let message = format!("`{}` says the same as `{}`", task.id, first.id);
                let finding =
                    Finding::new(RULE.named(), cx.id(task), &task.id, message).label(cx.id(first), "the same words");
                out.push(finding.detail(&first.id).fix("keep one of the two"));
            }
            None => drop(seen.insert(words, index)),
        }
    }
}
