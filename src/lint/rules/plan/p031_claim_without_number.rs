//! `P031` claim-without-number.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::claims;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule =
    Rule::new("P031", "claim-without-number", Severity::Warning, include_str!("p031_claim_without_number.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for index in 0..cx.document.lines.len() {
        if cx.scan.code.get(index).copied().unwrap_or(false) {
            continue;
        }
        let text = cx.document.line(index);
        let Some((range, claim)) = claims::find(text) else { continue };
        let message = format!("`{claim}` is a claim without a number");
        let finding = Finding::new(RULE.named(), cx.part(index, range), cx.subject(index), message).detail(claim);
        out.push(finding.fix("say how much: p95 in ms, requests per second, minutes, percent, or take it out"));
    }
}
