//! `P036` dangling-reference.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::document::{Kind, next};
use crate::lint::Finding;
use crate::lint::context::whole;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule =
    Rule::new("P036", "dangling-reference", Severity::Warning, include_str!("p036_dangling_reference.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let retired: BTreeMap<&str, Option<&str>> =
        cx.document.written.retired.values().map(|row| (row.id.as_str(), row.successor.as_deref())).collect();
    if cx.brief {
        return;
    }
    let parts = cx.document.parts.iter().filter(|part| part.kind != Kind::Ledger);
    let prose = |index: &usize| !cx.scan.code.get(*index).copied().unwrap_or(false);
    for index in parts.flat_map(|part| part.lines.clone()).filter(prose) {
        let text = cx.document.line(index);
        // `**After**` has a rule of its own; ids that were retired may be spoken of where that is said.
        if !speaks_of_tasks(text) || text.contains("**After**") || text.contains("**Satisfied by**") {
            continue;
        }
        for id in next::ids_in(text).into_iter().filter(|id| FAMILIES.iter().any(|family| id.starts_with(family))) {
            out.references += 1;
            if cx.by_id.contains_key(id.as_str()) || id.starts_with("QA-") && id.contains('.') {
                continue;
            }
            let Some(at) = whole(text, &id).filter(|_| !text.contains("etired")) else { continue };
            let (message, fix) = match retired.get(id.as_str()) {
                Some(Some(next)) => (format!("`{id}` was retired"), format!("what came in its place is `{next}`")),
                Some(None) => (format!("`{id}` was retired"), "say so, or take it out".to_owned()),
                None => (format!("`{id}` is not in the plan"), "name a task of this plan".to_owned()),
            };
            let finding = Finding::new(RULE.named(), cx.part(index, at..at + id.len()), cx.subject(index), message);
            out.push(finding.detail(&id).fix(fix));
        }
    }
}

/// Whether an id of a plan may stand in a line: at one of its few dashes.
fn speaks_of_tasks(text: &str) -> bool {
    let family =
        |at: usize| text.get(..=at).is_some_and(|before| FAMILIES.iter().any(|family| before.ends_with(family)));
    text.match_indices('-').any(|(at, _)| family(at))
}

/// How ids of plans begin.
const FAMILIES: [&str; 5] = ["ARCH-PLAN-", "ARCH-ITEM-", "TASK-", "CODE-", "QA-"];
