//! Which embedded files a plan has, and what of its bill none of them makes.

use super::cost::Line;
use super::select;
use crate::catalogue::{Catalogue, Offer, Scope, Topic};
use crate::facts::{Facts, Truth};
use crate::text::names;

/// Puts the environment in which releases and tasks try what production gets.
pub(super) fn rehearsal(facts: &mut Facts) {
    let stated: Vec<&str> = facts.words("operations.environments").iter().map(String::as_str).collect();
    let mut slugs = names::unique(&stated, &[], names::snake).into_iter().map(|name| name.replace('_', "-"));
    let tries = |name: &String| !name.starts_with("prod") && !["dev", "development", "local"].contains(&name.as_str());
    let found: Vec<String> = slugs.by_ref().filter(tries).collect();
    let staging = || "staging".to_string();
    let chosen = if found.contains(&staging()) { None } else { found.into_iter().next() };
    let formula = "staging, or the first of the stated that is neither production nor a developer's own";
    facts.derive("operations.rehearsal", chosen.unwrap_or_else(staging), formula, &["operations.environments"]);
}

/// Puts the entries whose condition holds, for conditions and templates that rest on one. Conditions of entries do not read it.
pub(super) fn artefacts(facts: &mut Facts, catalogue: &Catalogue) {
    let there = catalogue.artefacts.iter().filter(|entry| entry.each == Scope::Plan && entry.when.holds(facts, None));
    let ids: Vec<String> = there.map(|entry| entry.id.clone()).collect();
    facts.derive("artefacts", ids, "entries of embedded files whose condition holds", &["decision.pattern"]);
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
