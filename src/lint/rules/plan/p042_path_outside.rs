//! `P042` path-outside.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::patch;
use crate::lint::rules::Rule;
use crate::lint::scan::inside;

/// The rule.
pub const RULE: Rule = Rule::new("P042", "path-outside", Severity::Error, include_str!("p042_path_outside.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for fence in cx.scan.fences.iter().filter(|fence| matches!(fence.language.as_str(), "diff" | "patch")) {
        for file in patch::read(&inside(cx.document, fence)).files {
            let leaves = file.path.starts_with(['/', '~', '\\'])
                || file.path.get(1..2) == Some(":")
                || file.path.split(['/', '\\']).any(|part| part == ".." || part == ".git");
            if leaves {
                let message = format!("`{}` leaves the repository", file.path);
                let line = fence.body.start + file.line;
                let finding = Finding::new(RULE.named(), cx.line(line), cx.subject(fence.open), message);
                out.push(finding.detail(&file.path).fix("name a path below the root of the repository"));
            }
        }
    }
}
