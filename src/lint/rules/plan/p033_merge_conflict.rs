//! `P033` merge-conflict.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P033", "merge-conflict", Severity::Error, include_str!("p033_merge_conflict.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for index in 0..cx.document.lines.len() {
        let text = cx.document.line(index);
        let mark = ["<<<<<<< ", ">>>>>>> ", "||||||| "].iter().any(|mark| text.starts_with(mark));
        if mark {
            let finding = Finding::new(RULE.named(), cx.line(index), cx.subject(index), "a merge was not finished");
            let finding = finding.detail(text.get(..7).unwrap_or(""));
            out.push(
                finding.fix("keep what is right and delete the mark; `archplan merge` is a driver that knows plans"),
            );
        }
    }
}
