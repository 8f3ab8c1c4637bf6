//! Choices in re-runs: the same answers as `select` gives, without reasons and texts.

use super::cost::PriceView;
use super::select::{Selection, candidates, offer, put, rank, stated};
use crate::catalogue::{Catalogue, Technology, Topic};
use crate::facts::{Facts, Truth};
use crate::packed::Late;

/// Decides a topic in a re-run. Returns how far the choice of the first run is ahead of every other candidate, below 0 when it is behind or
/// ruled out; none when no ranking decided.
pub(super) fn decide(facts: &mut Facts, catalogue: &Catalogue, prices: &PriceView, topic: &Topic) -> Option<f64> {
    let all = catalogue.technologies.get(&topic.id).map_or(&[][..], Vec::as_slice);
    let settled = facts.word(&format!("decisions[{}].choose", topic.id)).map(String::from);
    let path = format!("selection.{}", topic.id);
    let mut lead = None;
    let choice = match settled {
        Some(choice) => Some(choice),
        None if topic.needed_when.truth(facts, None) != Truth::Yes => None,
        None => stated(facts, topic, all).or_else(|| {
            let (choice, ahead) = best(facts, catalogue, prices, topic, all, &path);
            lead = ahead;
            choice
        }),
    };
    let cloud = facts.word("stack.cloud").unwrap_or("aws");
    let technology = choice.as_deref().and_then(|choice| all.iter().find(|technology| technology.id == choice));
    let offer = technology.map(|technology| offer(technology, cloud).map_or(&technology.name, |offer| &offer.name));
    let offer = offer.or(choice.as_ref()).map_or("none", String::as_str);
    // Choice and offer fix the rest of what is put.
    let same = |path: &str, value: &str| facts.first_word(path).is_some_and(|before| before == value);
    if same(&path, choice.as_deref().unwrap_or("none")) && same(&format!("{path}.offer"), offer) {
        facts.keep();
        return lead;
    }
    let selection = Selection {
        name: technology.map(|technology| technology.name.clone()).or_else(|| choice.clone()),
        offer: Some(offer.to_string()),
        choice,
        ..Selection::default()
    };
    put(facts, catalogue, topic, &selection);
    lead
}

/// The choice of a topic as the facts of a re-run have it.
pub(super) fn taken(facts: &Facts, topic: &Topic) -> Selection {
    let choice = facts.word(&format!("selection.{}", topic.id)).filter(|choice| *choice != "none").map(String::from);
    Selection { topic: topic.id.clone(), title: topic.name.clone(), choice, ..Selection::default() }
}

/// The candidate of the highest rank, and how far the first run's choice is ahead.
fn best(
    facts: &Facts,
    catalogue: &Catalogue,
    prices: &PriceView,
    topic: &Topic,
    all: &[Late<Technology>],
    path: &str,
) -> (Option<String>, Option<f64>) {
    let mut left = candidates(facts, prices, topic, all, &mut Vec::new());
    rank(facts, catalogue, &mut left);
    let before = facts.first_word(path);
    let is_before = |id: &str| before == Some(id);
    let own =
        left.iter().find(|candidate| is_before(&candidate.technology.id)).map_or(f64::NEG_INFINITY, |own| own.total);
    let other = left.iter().find(|candidate| !is_before(&candidate.technology.id)).map(|other| other.total);
    (left.first().map(|first| first.technology.id.clone()), other.map(|other| own - other))
}
