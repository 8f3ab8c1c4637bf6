//! `P009` section-order.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P009", "section-order", Severity::Warning, include_str!("p009_section_order.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let mut last: Option<(usize, usize)> = None;
    for heading in cx.document.headings.iter().filter(|heading| heading.level == 2) {
        let Some(place) = ORDER.iter().position(|title| heading.text.starts_with(title)) else { continue };
        match last {
            Some((before, line)) if before > place => {
                let message = format!("`{}` stands after `{}`", heading.text, ORDER.get(before).unwrap_or(&""));
                let finding =
                    Finding::new(RULE.named(), cx.line(heading.line), crate::text::slug(&heading.text), message);
                out.push(finding.label(cx.line(line), "belongs after it").fix("move the section up"));
            }
            _ => last = Some((place, heading.line)),
        }
    }
}

/// The sections in their order.
const ORDER: [&str; 12] = [
    "Context",
    "System Architecture",
    "Decisions",
    "Architecture Plan",
    "Architecture Items",
    "Tasks",
    "Proposed Code Changes",
    "Commands",
    "Cost",
    "Disaster Recovery",
    "Quality Assurance",
    "Traceability",
];
