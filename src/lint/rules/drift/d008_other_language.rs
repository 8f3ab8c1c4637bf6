//! `D008` other-language.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::Sink;
use crate::lint::drift::Beside;
use crate::lint::rules::Rule;
use crate::lint::tree;

/// The rule.
pub const RULE: Rule = Rule::new("D008", "other-language", Severity::Warning, include_str!("d008_other_language.md"));

/// Looks for it.
pub fn check(beside: &Beside<'_>, out: &mut Sink) {
    let Some((drift, catalogue)) = beside.decided else { return };
    let selection = drift.plan.selections.iter().find(|selection| selection.topic == "language");
    let Some(chosen) = selection.and_then(|selection| selection.choice.as_deref()) else { return };
    let found = tree::languages(beside.tree, catalogue);
    out.references += found.len();
    let Some((other, path)) = found.first().filter(|_| !found.iter().any(|(language, _)| language.id == chosen)) else {
        return;
    };
    let name = catalogue.technology("language", chosen).map_or(chosen, |language| language.name.as_str());
    let message = format!("the plan is written for {name}, the repository holds `{path}` ({})", other.name);
    let span = drift.places.of("stack.language").unwrap_or_else(|| beside.row("Language"));
    let finding = Finding::new(RULE.named(), span, "stack.language", message).detail(&other.id);
    let finding = match beside.tree.text(path) {
        Some(text) => {
            let place = out.place(path, text, 0..text.lines().next().map_or(0, str::len));
            finding.label(place, "the repository says")
        }
        None => finding,
    };
    out.push(finding.fix("state `stack.language` as it is, and run `archplan new`"));
}
