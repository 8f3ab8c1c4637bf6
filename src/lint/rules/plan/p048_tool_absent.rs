//! `P048` tool-absent.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;
use crate::lint::tools::{self, Verdict};

/// The rule.
pub const RULE: Rule = Rule::new("P048", "tool-absent", Severity::Info, include_str!("p048_tool_absent.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let absent = || cx.tools.iter().filter(|answer| answer.verdict == Verdict::Absent);
    if absent().next().is_none() {
        return;
    }
    let files = tools::files(cx.document, cx.scan);
    for answer in absent() {
        let Some(file) = files.iter().find(|file| answer.files.contains(&file.path)) else { continue };
        let more = match answer.files.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let message = format!("{} is not here: `{}`{more} went without its check", answer.tool, file.path);
        let finding = Finding::new(RULE.named(), cx.line(file.open), cx.subject(file.open), message);
        out.push(finding.detail(answer.tool.as_str()).fix("install it where programs are looked for"));
    }
}
