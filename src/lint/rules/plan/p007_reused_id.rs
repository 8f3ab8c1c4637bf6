//! `P007` reused-id.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P007", "reused-id", Severity::Error, include_str!("p007_reused_id.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let ledger = &cx.document.written;
    let mut owner: BTreeMap<&str, &str> = BTreeMap::new();
    for (key, id) in ledger.ids.iter() {
        owner.entry(id.as_str()).or_insert(key.as_str());
    }
    for (_, task) in cx.tasks() {
        let Some(key) = owner.get(task.id.as_str()) else { continue };
        let gone = ledger.retired.get(*key);
        if *key == task.key {
            continue;
        }
        let (message, fix) = match gone {
            Some(retired) => (
                format!("`{}` was retired with `{key}` and is never given again", task.id),
                match &retired.successor {
                    Some(next) => format!("what came in its place is `{next}`; give this task a new number"),
                    None => "give this task the next free number of its group".to_owned(),
                },
            ),
            None => (
                format!("the ledger issued `{}` to `{key}`, here it stands for another task", task.id),
                "give this task the next free number, or restore the one that was issued".to_owned(),
            ),
        };
        out.push(Finding::new(RULE.named(), cx.id(task), &task.id, message).detail(*key).fix(fix));
    }
}
