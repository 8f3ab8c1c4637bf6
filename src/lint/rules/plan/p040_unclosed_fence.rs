//! `P040` unclosed-fence.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P040", "unclosed-fence", Severity::Error, include_str!("p040_unclosed_fence.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for fence in cx.scan.fences.iter().filter(|fence| !fence.closed) {
        let finding =
            Finding::new(RULE.named(), cx.line(fence.open), cx.subject(fence.open), "nothing closes this code block");
        let last = fence.body.end.saturating_sub(1);
        out.push(finding.label(cx.line(last), "it reaches to here").fix("write the closing fence below the code"));
    }
}
