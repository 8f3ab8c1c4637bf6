//! `P037` placeholder.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::whole;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;
use crate::text::holds;

/// The rule.
pub const RULE: Rule = Rule::new("P037", "placeholder", Severity::Warning, include_str!("p037_placeholder.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let used: Vec<&str> = WORDS.iter().filter(|word| holds(&cx.document.text, word)).copied().collect();
    for index in (0..cx.document.lines.len()).filter(|_| !used.is_empty()) {
        let text = cx.document.line(index);
        if cx.scan.code.get(index).copied().unwrap_or(false) {
            continue;
        }
        if let Some((at, word)) = used.iter().find_map(|word| whole(text, word).map(|at| (at, *word))) {
            let span = cx.part(index, at..at + word.len());
            let finding = Finding::new(
                RULE.named(),
                span,
                cx.subject(index),
                format!("`{word}` stands where a decision belongs"),
            );
            out.push(finding.detail(word).fix("decide, or ask it under `### Open questions` with what depends on it"));
        }
    }
}

/// Words that hold a place.
const WORDS: [&str; 8] =
    ["TBD", "TBC", "FIXME", "XXX", "lorem ipsum", "Lorem ipsum", "to be decided", "to be determined"];
