//! `D009` store-outside-the-plan.

use std::collections::BTreeSet;

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::Sink;
use crate::lint::drift::Beside;
use crate::lint::rules::Rule;
use crate::lint::tree;

/// The rule.
pub const RULE: Rule =
    Rule::new("D009", "store-outside-the-plan", Severity::Warning, include_str!("d009_store_outside_the_plan.md"));

/// Looks for it.
pub fn check(beside: &Beside<'_>, out: &mut Sink) {
    let Some((drift, catalogue)) = beside.decided else { return };
    let mut said = BTreeSet::new();
    for declared in tree::stores(beside.tree, catalogue) {
        out.references += 1;
        let own = &declared.technology;
        let chosen =
            |topic: &str| drift.plan.selections.iter().find(|selection| selection.topic == topic)?.choice.as_deref();
        // One product may serve several topics: what the plan has anywhere is no news.
        let planned = drift.plan.selections.iter().filter_map(|selection| selection.choice.as_deref());
        if planned.into_iter().any(|choice| choice == own.id) || !said.insert(own.id.clone()) {
            continue;
        }
        let instead = chosen(&own.topic).and_then(|id| catalogue.technology(&own.topic, id));
        let instead = instead.map_or_else(|| "none".to_owned(), |other| other.name.clone());
        let topic = catalogue
            .topics
            .iter()
            .find(|topic| topic.id == own.topic)
            .map_or(own.topic.as_str(), |topic| topic.name.as_str());
        let message =
            format!("`{}` declares {} ({}); as {topic} the plan has {instead}", declared.path, own.name, declared.text);
        let span = drift.places.of(&format!("stack.{}", own.topic)).unwrap_or_else(|| beside.row(topic));
        let mut finding = Finding::new(RULE.named(), span, &own.topic, message).detail(&own.id);
        if let Some(text) = beside.tree.text(&declared.path) {
            finding = finding.label(out.place(&declared.path, text, declared.place.clone()), "declared here");
        }
        out.push(finding.fix("state it in the requirements and run `archplan new`, or take it out of the repository"));
    }
}
