//! `P010` duplicate-section.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule =
    Rule::new("P010", "duplicate-section", Severity::Error, include_str!("p010_duplicate_section.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for heading in cx.document.headings.iter().filter(|heading| heading.level == 2) {
        let name = heading.text.split(':').next().unwrap_or("").to_lowercase();
        match seen.get(&name) {
            Some(first) => {
                let message = format!("the section `{}` stands twice", heading.text);
                let finding = Finding::new(RULE.named(), cx.line(heading.line), crate::text::slug(&name), message);
                out.push(
                    finding.label(cx.line(*first), "first here").fix("bring both together under the first heading"),
                );
            }
            None => drop(seen.insert(name, heading.line)),
        }
    }
}
