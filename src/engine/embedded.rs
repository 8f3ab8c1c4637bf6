//! Which embedded files a plan has, and what of its bill none of them makes.

use super::cost::Line;
use super::select;
use crate::catalogue::{Catalogue, Offer, Scope, Topic};
use crate::facts::{Facts, Truth};

/// Puts the entries whose condition holds, for conditions and templates that rest on one: first those that ask for no other, then those
/// that do.
pub(super) fn artefacts(facts: &mut Facts, catalogue: &Catalogue) {
    for _ in 0..2 {
        let entries = catalogue.artefacts.iter().filter(|entry| entry.each == Scope::Plan);
        let there = entries.filter(|entry| entry.when.holds(facts, None));
        let ids: Vec<String> = there.map(|entry| entry.id.clone()).collect();
        facts.derive("artefacts", ids, "entries of embedded files whose condition holds", &["decision.pattern"]);
    }
}

/// Puts what people make by hand; nothing where the infrastructure makes everything.
pub(super) fn by_hand(facts: &mut Facts, catalogue: &Catalogue, bill: &[Line]) {
    let paid = catalogue.topics.iter().filter(|topic| bill.iter().any(|line| line.component == topic.name));
    let left = paid.filter_map(|topic| {
        let offer = select::offered(facts, catalogue, &topic.id)?;
        // How many machines an offer has stands behind a comma.
        let name = || offer.name.split(',').next().unwrap_or_default().to_owned();
        (!made(facts, catalogue, topic, offer)).then(name)
    });
    let mut left: Vec<String> = left.collect();
    left.sort();
    left.dedup();
    if !left.is_empty() {
        let formula = "offers of the bill without a resource of the embedded infrastructure";
        facts.derive("infrastructure.by_hand", left, formula, &["stack.cloud", "selection.iac"]);
    }
}

fn made(facts: &Facts, catalogue: &Catalogue, topic: &Topic, offer: &Offer) -> bool {
    if offer.made_by.is_some() {
        return offer.made_when.truth(facts, None) == Truth::Yes;
    }
    let machines = topic.own_machines && facts.is_known(&format!("selection.{}.machine", topic.id));
    machines && !select::sold(facts, catalogue, &topic.id)
}
