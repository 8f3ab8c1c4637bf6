//! Names in the requirements that should mean an entry of the catalogue and mean none: nothing can be computed of them, and rules say so.

use super::select::named;
use crate::catalogue::{Catalogue, Topic};
use crate::facts::{Condition, Facts};
use crate::quantity::Kind;
use crate::requirements::{Decision, Requirements};
use crate::text::suggest;

/// The topic of the base pattern, which stands beside those of the catalogue.
const PATTERN: &str = "pattern";

/// What says that a topic is done without.
pub(super) const NONE: &str = "none";

/// Puts what is unknown and what it may have meant; nothing where every name is known.
pub(super) fn collect(facts: &mut Facts, catalogue: &Catalogue, requirements: &Requirements) {
    for decision in &requirements.decisions {
        settled(facts, catalogue, decision);
    }
    for topic in &catalogue.topics {
        stated(facts, catalogue, topic);
    }
    preferences(facts, catalogue);
    regions(facts, catalogue);
}

fn settled(facts: &mut Facts, catalogue: &Catalogue, decision: &Decision) {
    let patterns = decision.topic == PATTERN;
    let topic = catalogue.topics.iter().find(|topic| topic.id == decision.topic);
    let (unknown, offered, near) = if !patterns && topic.is_none() {
        let topics: Vec<&str> =
            std::iter::once(PATTERN).chain(catalogue.topics.iter().map(|topic| topic.id.as_str())).collect();
        let near = called(catalogue, &decision.topic).or_else(|| suggest(&decision.topic, topics.iter().copied()));
        ("topic", topics.clone(), near.map(String::from))
    } else {
        let offered: Vec<&str> = if patterns {
            catalogue.patterns.iter().map(|pattern| pattern.id.as_str()).collect()
        } else {
            catalogue.candidates(&decision.topic).map(|technology| technology.id.as_str()).collect()
        };
        let without =
            decision.choose == NONE && topic.is_some_and(|topic| !matches!(topic.needed_when, Condition::Always));
        if without || offered.contains(&decision.choose.as_str()) {
            return;
        }
        let near = candidate(catalogue, &decision.topic, &decision.choose)
            .or_else(|| suggest(&decision.choose, offered.iter().copied()).map(String::from));
        ("choice", offered, near)
    };
    let path = |key: &str| format!("decisions[{}].{key}", decision.topic);
    let inputs = [path("topic"), path("choose")];
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    facts.derive(path("unknown"), unknown, "looked up in the catalogue", &inputs);
    facts.derive(path("offered"), list(&offered), "topics of the catalogue, or the candidates of the topic", &inputs);
    if let Some(near) = near {
        facts.derive(path("near"), near, "the nearest of those, by id, name and tags", &inputs);
    } else if let Some(other) = elsewhere(catalogue, &decision.choose).filter(|_| unknown == "choice") {
        facts.derive(path("belongs_to"), other, "topics that have it as a candidate", &inputs);
    }
}

/// The topic that people call so.
fn called<'c>(catalogue: &'c Catalogue, word: &str) -> Option<&'c str> {
    let same = |name: &String| name.eq_ignore_ascii_case(word);
    let found = catalogue.topics.iter().find(|topic| same(&topic.name) || topic.tags.iter().any(same));
    found.map(|topic| topic.id.as_str())
}

/// The candidate of a topic that people call so.
fn candidate(catalogue: &Catalogue, topic: &str, word: &str) -> Option<String> {
    let word = [word.to_owned()];
    catalogue.candidates(topic).find(|technology| named(technology, &word)).map(|technology| technology.id.clone())
}

/// Topics that have a candidate of this id; every topic can be done without in words, so that `none` belongs to no other.
fn elsewhere(catalogue: &Catalogue, choice: &str) -> Option<String> {
    let has = |topic: &&Topic| choice != NONE && catalogue.technology(&topic.id, choice).is_some();
    let topics: Vec<&str> = catalogue.topics.iter().filter(has).map(|topic| topic.id.as_str()).collect();
    (!topics.is_empty()).then(|| list(&topics))
}

/// A key that decides a topic by any name, and names none of its candidates: the topic is decided as if it were not stated.
fn stated(facts: &mut Facts, catalogue: &Catalogue, topic: &Topic) {
    let Some(path) = topic.stated.as_deref() else { return };
    let free = facts.is_stated(path) && facts.get(path).is_some_and(|fact| fact.kind == Kind::Text);
    let Some(word) = facts.word(path).filter(|_| free).map(String::from) else { return };
    if catalogue.technology(&topic.id, &word).is_some() {
        return;
    }
    let ids: Vec<&str> = catalogue.candidates(&topic.id).map(|technology| technology.id.as_str()).collect();
    let near = candidate(catalogue, &topic.id, &word).or_else(|| suggest(&word, ids.iter().copied()).map(String::from));
    let of = |key: &str| format!("selection.{}.{key}", topic.id);
    facts.derive(of("unknown"), word, "stated and no candidate of the topic", &[path]);
    facts.derive(of("offered"), list(&ids), "candidates of the topic", &[path]);
    if let Some(near) = near {
        facts.derive(of("near"), near, "the nearest of those, by id, name and tags", &[path]);
    }
}

/// Preferred and avoided technologies that no topic has.
fn preferences(facts: &mut Facts, catalogue: &Catalogue) {
    let paths = ["preferences.databases", "preferences.avoid"];
    let known = |word: &String| {
        let word = std::slice::from_ref(word);
        catalogue.topics.iter().any(|topic| catalogue.candidates(&topic.id).any(|one| named(one, word)))
    };
    let words = paths.iter().flat_map(|path| facts.words(path));
    let unknown: Vec<String> = words.filter(|word| !known(word)).cloned().collect();
    if unknown.is_empty() {
        return;
    }
    let ids: Vec<&str> = catalogue
        .topics
        .iter()
        .flat_map(|topic| catalogue.candidates(&topic.id).map(|technology| technology.id.as_str()))
        .collect();
    put(facts, "preferences", unknown, &ids, &paths);
}

/// Regions of which nobody knows where they stand; those of own rooms bear any name.
fn regions(facts: &mut Facts, catalogue: &Catalogue) {
    if facts.word("stack.cloud") == Some("on-premises") {
        return;
    }
    let names = || catalogue.regions.regions.iter().map(|region| region.name.as_str());
    let stated = facts.words("stack.regions").iter();
    let unknown: Vec<String> = stated.filter(|region| !names().any(|name| name == *region)).cloned().collect();
    if !unknown.is_empty() {
        put(facts, "regions", unknown, &names().collect::<Vec<_>>(), &["stack.regions", "stack.cloud"]);
    }
}

/// Puts the unknown ones of several names, and what they may have meant.
fn put(facts: &mut Facts, family: &str, unknown: Vec<String>, known: &[&str], inputs: &[&str]) {
    let near: Vec<&str> = unknown.iter().filter_map(|word| suggest(word, known.iter().copied())).collect();
    if !near.is_empty() {
        facts.derive(format!("{family}.near"), list(&near), "the nearest names that are known", inputs);
    }
    facts.derive(format!("{family}.unknown"), unknown, "looked up in the catalogue", inputs);
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
