//! Which embedded files a plan has, and what of its bill none of them makes.

use super::cost::Line;
use super::select;
use crate::catalogue::{Catalogue, Offer, PricingLine, Scope, Topic};
use crate::facts::{Facts, Truth};
use crate::requirements::Requirements;

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

/// Ends of the path of the sign-in, the first that no resource and no stated endpoint has.
const SIGN_IN: [&str; 3] = ["/session", "/current-session", "/own-session"];

/// Puts the path on which the service of the plan signs people in; nothing where it does not.
pub(super) fn sign_in(facts: &mut Facts, requirements: &Requirements) {
    if !facts.words("artefacts").iter().any(|entry| entry == "sign-in") {
        return;
    }
    let base = if facts.word("api.versioning").unwrap_or("uri") == "uri" { "/api/v1" } else { "/api" };
    let tables = requirements.entities.iter().map(|entity| facts.human(&format!("entities[{}].table", entity.name)));
    let resources = tables.map(|table| format!("{base}/{}", table.replace('_', "-")));
    let stated = requirements.api.endpoints.iter().map(|endpoint| endpoint.path.clone());
    let taken: Vec<String> = resources.chain(stated).collect();
    let paths = SIGN_IN.map(|end| format!("{base}{end}"));
    if let Some(path) = paths.into_iter().find(|path| !taken.contains(path)) {
        let formula = "the first path for sessions that no resource and no stated endpoint has";
        facts.derive("api.sign_in_path", path, formula, &["api.versioning", "entities.count"]);
    }
}

/// Puts the named conditions that hold, one after the other, since one may rest on others before it.
pub(super) fn situations(facts: &mut Facts, catalogue: &Catalogue) {
    let mut held: Vec<String> = Vec::new();
    let formula = "named conditions that hold";
    facts.derive("situations", held.clone(), formula, &["decision.pattern"]);
    for situation in catalogue.situations.iter() {
        if situation.when.holds(facts, None) {
            held.push(situation.id.clone());
            facts.derive("situations", held.clone(), formula, &["decision.pattern"]);
        }
    }
}

/// Puts what people make by hand; nothing where the infrastructure makes everything.
pub(super) fn by_hand(facts: &mut Facts, catalogue: &Catalogue, bill: &[Line]) {
    let mut left: Vec<String> = Vec::new();
    for topic in catalogue.topics.iter().filter(|topic| bill.iter().any(|line| line.component == topic.name)) {
        let Some(offer) = select::offered(facts, catalogue, &topic.id) else { continue };
        if !made(facts, catalogue, topic, offer) {
            // How many machines an offer has stands behind a comma.
            left.extend(offer.name.split(',').next().map(String::from));
        }
        let paid = offer.pricing.iter().filter(|part| bill.iter().any(|line| is_of(line, topic, part)));
        left.extend(paid.filter(|part| !part_is_made(facts, part)).filter_map(|part| (*part.by_hand).clone()));
    }
    left.sort();
    left.dedup();
    if !left.is_empty() {
        let formula = "offers and parts of the bill without a resource of the embedded infrastructure";
        facts.derive("infrastructure.by_hand", left, formula, &["stack.cloud", "selection.iac"]);
    }
}

/// Whether a line of the bill is that of a part of an offer.
fn is_of(line: &Line, topic: &Topic, part: &PricingLine) -> bool {
    let item = line.item.strip_prefix(part.item.as_str());
    line.component == topic.name && item.is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
}

fn part_is_made(facts: &Facts, part: &PricingLine) -> bool {
    part.made_by.is_some() && part.made_when.truth(facts, None) == Truth::Yes
}

fn made(facts: &Facts, catalogue: &Catalogue, topic: &Topic, offer: &Offer) -> bool {
    if offer.made_by.is_some() {
        return offer.made_when.truth(facts, None) == Truth::Yes;
    }
    let machines = topic.own_machines && facts.is_known(&format!("selection.{}.machine", topic.id));
    machines && !select::sold(facts, catalogue, &topic.id)
}
