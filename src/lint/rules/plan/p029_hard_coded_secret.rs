//! `P029` hard-coded-secret.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;
use crate::lint::secrets;

/// The rule.
pub const RULE: Rule =
    Rule::new("P029", "hard-coded-secret", Severity::Error, include_str!("p029_hard_coded_secret.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for index in 0..cx.document.lines.len() {
        let text = cx.document.line(index);
        if let Some((range, what)) = secrets::find(text) {
            let span = cx.part(index, range);
            let finding =
                Finding::new(RULE.named(), span, cx.subject(index), format!("{what} stands in the plan")).detail(what);
            out.push(finding.fix("take it out, exchange it, and name the place that keeps it"));
        }
    }
}
