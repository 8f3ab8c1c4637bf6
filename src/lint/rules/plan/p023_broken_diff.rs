//! `P023` broken-diff.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::patch;
use crate::lint::rules::Rule;
use crate::lint::scan::inside;

/// The rule.
pub const RULE: Rule = Rule::new("P023", "broken-diff", Severity::Error, include_str!("p023_broken_diff.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for fence in cx.scan.fences.iter().filter(|fence| matches!(fence.language.as_str(), "diff" | "patch")) {
        out.artefacts += 1;
        let reading = patch::read(&inside(cx.document, fence));
        for fault in reading.faults {
            let line = fence.body.start + fault.line;
            let file = reading.files.iter().rev().find(|file| file.line <= fault.line);
            let message = format!("the diff does not apply: {}", fault.message);
            let mut finding = Finding::new(RULE.named(), cx.line(line), cx.subject(fence.open), message);
            finding = finding.detail(file.map_or("", |file| file.path.as_str()));
            out.push(match &fault.instead {
                Some(text) => finding.fix(format!("write `{text}`")).edit(true, cx.line(line), text.as_str()),
                None => {
                    finding.fix("a file of a diff has `---`, `+++` and hunks `@@ -1,3 +1,4 @@` with the right counts")
                }
            });
        }
    }
}
