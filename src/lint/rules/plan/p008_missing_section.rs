//! `P008` missing-section.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P008", "missing-section", Severity::Error, include_str!("p008_missing_section.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let headings = &cx.document.headings;
    let first = cx.line(0);
    if !headings.iter().any(|heading| heading.level == 1 && heading.text.starts_with("TODO: backend architecture of "))
    {
        let message = "the plan has no title `# TODO: backend architecture of <name>`";
        let at = headings.iter().find(|heading| heading.level == 1).map_or(first, |heading| cx.line(heading.line));
        out.push(Finding::new(RULE.named(), at, "title", message).fix("write the title on the first line"));
    }
    for section in NEEDED {
        if !headings.iter().any(|heading| heading.level == 2 && heading.text.starts_with(section)) {
            let message = format!("the section `## {section}` is missing");
            let finding = Finding::new(RULE.named(), first, crate::text::slug(section), message);
            out.push(finding.fix("add it, or make the plan again with `archplan new`"));
        }
    }
}

/// Sections that every plan has.
const NEEDED: [&str; 5] =
    ["Context", "System Architecture", "Architecture Plan", "Architecture Items", "Quality Assurance Task Checklist"];
