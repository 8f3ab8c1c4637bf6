//! `P028` wide-figure.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P028", "wide-figure", Severity::Warning, include_str!("p028_wide_figure.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let most = cx.config.width.unwrap_or(100);
    for fence in cx.scan.fences.iter().filter(|fence| fence.language == "text") {
        let wide = fence.body.clone().find(|index| {
            let text = cx.document.line(*index);
            text.len() > most && unicode_width::UnicodeWidthStr::width(text) > most
        });
        if let Some(index) = wide {
            let width = unicode_width::UnicodeWidthStr::width(cx.document.line(index));
            let message = format!("a line of the figure is {width} columns wide, at most {most} are promised");
            let finding = Finding::new(RULE.named(), cx.line(index), cx.subject(fence.open), message);
            out.push(finding.fix("split the figure along its clusters, or draw it again with `archplan new --width`"));
        }
    }
}
