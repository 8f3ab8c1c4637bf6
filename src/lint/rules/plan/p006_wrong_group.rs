//! `P006` wrong-group.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P006", "wrong-group", Severity::Error, include_str!("p006_wrong_group.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (_, task) in cx.tasks() {
        let headings = cx.headings_of(task);
        let place = PLACES.iter().find(|(heading, _)| headings.iter().any(|text| text.starts_with(heading)));
        let Some((heading, group)) = place.filter(|_| !headings.contains(&"Retired")) else { continue };
        let fits = task.id.strip_prefix(group).is_some_and(|rest| rest.starts_with(['-', '.']));
        let family = |other: &str| task.id.strip_prefix(family(other)).is_some_and(|rest| rest.starts_with('-'));
        if !fits && PLACES.iter().any(|(_, other)| family(other)) {
            let message = format!("`{}` stands under `{heading}`, where ids begin with `{group}`", task.id);
            let span = cx.id(task);
            let finding = Finding::new(RULE.named(), span, &task.id, message);
            let other = PLACES
                .iter()
                .find(|(_, other)| task.id.strip_prefix(other).is_some_and(|rest| rest.starts_with(['-', '.'])));
            let there = other.map_or_else(String::new, |(heading, _)| format!("move it below `{heading}`, or "));
            out.push(finding.fix(format!("{there}give it an id of `{group}`")));
        }
    }
}

/// The family of a group: `TASK` of `TASK-4`.
fn family(group: &str) -> &str {
    group.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-')
}

/// Which ids stand below which heading.
const PLACES: [(&str, &str); 11] = [
    ("Security Measures", "TASK-6"),
    ("Requirements Analysis", "TASK-1"),
    ("Architecture Design", "TASK-2"),
    ("Implementation Planning", "TASK-3"),
    ("Performance Engineering", "TASK-4"),
    ("Deployment and Operations", "TASK-5"),
    ("Migration", "TASK-7"),
    ("Architecture Plan", "ARCH-PLAN"),
    ("Architecture Items", "ARCH-ITEM"),
    ("Proposed Code Changes", "CODE"),
    ("Quality Assurance", "QA"),
];
