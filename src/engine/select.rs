//! Every other choice: one mechanism for all topics. Candidates, eliminations and adjustments are data.

use serde::Serialize;
use serde_json::Value;

use super::cost::PriceView;
use super::explained;
use super::unknown::NONE;
use crate::catalogue::{Catalogue, Offer, Technology, Topic};
use crate::facts::{Fact, Facts, Truth};
use crate::packed::Late;

/// The choice of a topic with its reasons.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Selection {
    /// The topic.
    pub topic: String,
    /// As people write the topic.
    pub title: String,
    /// Id of the choice; none when nothing is needed.
    pub choice: Option<String>,
    /// The choice as people write it.
    pub name: Option<String>,
    /// What the provider sells of it.
    pub offer: Option<String>,
    /// `computed`, `stated` in the requirements or `settled` by people.
    pub decided: &'static str,
    /// Next in rank.
    pub runner_up: Option<String>,
    /// Distance of the runner-up, 0..1.
    pub margin: Option<f64>,
    /// Whether the margin is below the topic's: a spike task.
    pub close: bool,
    /// Why.
    pub because: Vec<String>,
    /// Candidates not taken.
    pub rejected: Vec<Rejected>,
    /// The ranking: one row per candidate left, one score per criterion.
    pub ranking: Vec<Ranked>,
    /// Smallest changes that change the choice.
    pub flips: Vec<super::counterfactual::Flip>,
    /// Share of variations that keep the choice.
    pub robustness: Option<super::counterfactual::Robustness>,
}

/// A candidate not taken.
#[derive(Clone, Debug, Serialize)]
pub struct Rejected {
    /// Its id.
    pub option: String,
    /// Why.
    pub because: String,
}

/// A candidate with its scores.
#[derive(Clone, Debug, Serialize)]
pub struct Ranked {
    /// Its id.
    pub option: String,
    /// Weighted mean of the scores, 0..1.
    pub total: f64,
    /// Score per criterion, 0..1 (avoided candidates below 0).
    pub scores: Vec<(String, f64)>,
    /// Monthly cost at the computed load; none when a price is unknown.
    pub monthly: Option<f64>,
}

/// A candidate that nothing rules out.
pub(super) struct Candidate<'a> {
    /// The catalogue entry.
    pub technology: &'a Technology,
    offer: &'a Offer,
    monthly: Option<f64>,
    reasons: Vec<String>,
    scores: Vec<(String, f64)>,
    /// Weighted mean of the scores.
    pub total: f64,
}

/// Decides a topic and puts its facts.
pub(super) fn decide(facts: &mut Facts, catalogue: &Catalogue, prices: &PriceView, topic: &Topic) -> Selection {
    let selection = choose(facts, catalogue, prices, topic);
    put(facts, catalogue, topic, &selection);
    selection
}

pub(super) fn put(facts: &mut Facts, catalogue: &Catalogue, topic: &Topic, selection: &Selection) {
    let path = format!("selection.{}", topic.id);
    let none = || "none".to_string();
    facts.derive(path.clone(), selection.choice.clone().unwrap_or_else(none), "best rank of the candidates left", &[]);
    facts.derive(format!("{path}.name"), selection.name.clone().unwrap_or_else(none), "name of the choice", &[&path]);
    if let Some(kind) = selection
        .choice
        .as_deref()
        .and_then(|choice| catalogue.technology(&topic.id, choice))
        .map(|technology| technology.kind.clone())
        .filter(|kind| !kind.is_empty())
    {
        facts.derive(format!("{path}.kind"), kind, "family of the choice", &[&path]);
    }
    facts.derive(
        format!("{path}.offer"),
        selection.offer.clone().unwrap_or_else(none),
        "what the provider sells",
        &[&path],
    );
}

fn choose(facts: &Facts, catalogue: &Catalogue, prices: &PriceView, topic: &Topic) -> Selection {
    let mut selection =
        Selection { topic: topic.id.clone(), title: topic.name.clone(), decided: "computed", ..Selection::default() };
    let settled = facts.word(&format!("decisions[{}].choose", topic.id)).map(String::from);
    if settled.is_none() && topic.needed_when.truth(facts, None) != Truth::Yes {
        selection.because.push(explained(&topic.not_needed, facts, None));
        return selection;
    }
    let empty = Vec::new();
    let all = catalogue.technologies.get(&topic.id).unwrap_or(&empty);
    let mut left = candidates(facts, prices, topic, all, &mut selection.rejected);
    rank(facts, catalogue, &mut left);
    selection.ranking = left
        .iter()
        .map(|c| Ranked {
            option: c.technology.id.clone(),
            total: c.total,
            scores: c.scores.clone(),
            monthly: c.monthly,
        })
        .collect();
    if let Some((choice, decided)) =
        settled.map(|choice| (choice, "settled")).or_else(|| stated(facts, topic, all).map(|choice| (choice, "stated")))
    {
        fix(facts, topic, all, &left, &mut selection, &choice, decided);
        return selection;
    }
    let mut order = left.iter();
    let Some(best) = order.next() else {
        selection.because.push("every candidate is ruled out: see the rejected ones".into());
        return selection;
    };
    adopt(&mut selection, best.technology, Some(best.offer));
    selection.because = best.reasons.clone();
    if let Some(next) = order.next() {
        selection.runner_up = Some(next.technology.id.clone());
        selection.margin = Some(round(best.total - next.total));
        selection.close = best.total - next.total < topic.margin;
    }
    let others = left.iter().skip(1).map(|c| Rejected { option: c.technology.id.clone(), because: outranked(best, c) });
    selection.rejected.extend(others.collect::<Vec<_>>());
    selection
}

fn adopt(selection: &mut Selection, technology: &Technology, offer: Option<&Offer>) {
    selection.choice = Some(technology.id.clone());
    selection.name = Some(technology.name.clone());
    selection.offer = Some(offer.map_or_else(|| technology.name.clone(), |offer| offer.name.clone()));
}

/// The requirement key that decides the topic, when it names a candidate.
pub(super) fn stated(facts: &Facts, topic: &Topic, all: &[Late<Technology>]) -> Option<String> {
    let path = topic.stated.as_deref()?;
    if !facts.is_stated(path) {
        return None;
    }
    stated_words(facts, path).into_iter().find(|word| all.iter().any(|technology| technology.id == *word))
}

/// A stated word, or all of a stated list.
fn stated_words(facts: &Facts, path: &str) -> Vec<String> {
    facts.word(path).map(|word| vec![word.to_string()]).unwrap_or_else(|| facts.words(path).to_vec())
}

/// Takes what people settled or stated and says what the engine would have taken.
fn fix(
    facts: &Facts,
    topic: &Topic,
    all: &[Late<Technology>],
    left: &[Candidate],
    selection: &mut Selection,
    choice: &str,
    decided: &'static str,
) {
    selection.decided = decided;
    let cloud = facts.word("stack.cloud").unwrap_or("aws");
    match all.iter().find(|technology| technology.id == choice) {
        Some(technology) => adopt(selection, technology, offer(technology, cloud)),
        None => {
            selection.choice = Some(choice.to_string());
            selection.name = Some(choice.to_string());
            selection.offer = Some(choice.to_string());
        }
    }
    let from = if decided == "settled" {
        format!("decisions[{}]", topic.id)
    } else {
        topic.stated.clone().unwrap_or_default()
    };
    let of = |key: &str| facts.get(&format!("decisions[{}].{key}", topic.id)).map(Fact::human);
    let who: Vec<String> = [of("by"), of("date")].into_iter().flatten().collect();
    let who = if who.is_empty() { String::new() } else { format!(" ({})", who.join(", ")) };
    selection.because.push(format!("{decided} by `{from}`{who}"));
    if let Some(reason) = facts.word(&format!("decisions[{}].because", topic.id)) {
        selection.because.push(reason.to_string());
    }
    if choice != NONE && !all.iter().any(|technology| technology.id == choice) {
        selection.because.push("the catalogue does not have it: no price, no limit and no file of it is known".into());
    }
    if let Some(best) = left.first() {
        if best.technology.id == choice {
            selection.because.extend(best.reasons.iter().cloned());
        } else {
            selection.because.push(format!("the engine would have chosen {}", best.technology.name));
            selection.runner_up = Some(best.technology.id.clone());
        }
    }
    if let Some(problem) = selection.rejected.iter().find(|rejected| rejected.option == choice) {
        selection.because.push(format!("against it: {}", problem.because));
    }
    selection.rejected.retain(|rejected| rejected.option != choice);
    let words = if decided == "stated" { stated_words(facts, &from) } else { Vec::new() };
    let (too, others): (Vec<&Candidate>, Vec<&Candidate>) =
        left.iter().filter(|c| c.technology.id != choice).partition(|c| words.contains(&c.technology.id));
    selection.because.extend(too.iter().map(|c| format!("{} is stated too and comes with it", c.technology.name)));
    selection.rejected.retain(|rejected| !words.contains(&rejected.option));
    selection.rejected.extend(
        others
            .into_iter()
            .map(|c| Rejected { option: c.technology.id.clone(), because: format!("{choice} is {decided}") }),
    );
}

/// Where a provider is, in words: its name may hold the preposition already.
pub(crate) fn at(cloud: &str) -> String {
    if cloud.starts_with("on-") { cloud.to_string() } else { format!("on {cloud}") }
}

/// The offer of what was chosen for a topic.
pub(super) fn offered<'a>(facts: &Facts, catalogue: &'a Catalogue, topic: &str) -> Option<&'a Offer> {
    offer(chosen(facts, catalogue, topic)?, facts.word("stack.cloud").unwrap_or("aws"))
}

/// Whether the provider itself sells what was chosen for a topic.
pub(super) fn sold(facts: &Facts, catalogue: &Catalogue, topic: &str) -> bool {
    let cloud = facts.word("stack.cloud").unwrap_or("aws");
    chosen(facts, catalogue, topic).is_some_and(|technology| technology.offers.contains_key(cloud))
}

/// An attribute of what was chosen for a topic.
pub(super) fn attribute<'a>(facts: &Facts, catalogue: &'a Catalogue, topic: &str, name: &str) -> Option<&'a Value> {
    chosen(facts, catalogue, topic)?.attributes.get(name)
}

fn chosen<'a>(facts: &Facts, catalogue: &'a Catalogue, topic: &str) -> Option<&'a Technology> {
    catalogue.technology(topic, facts.word(&format!("selection.{topic}"))?)
}

pub(super) fn offer<'a>(technology: &'a Technology, cloud: &str) -> Option<&'a Offer> {
    technology.offers.get(cloud).or_else(|| technology.offers.get("any")).map(|offer| &**offer)
}

pub(super) fn candidates<'a>(
    facts: &Facts,
    prices: &PriceView,
    topic: &Topic,
    all: &'a [Late<Technology>],
    rejected: &mut Vec<Rejected>,
) -> Vec<Candidate<'a>> {
    let cloud = facts.word("stack.cloud").unwrap_or("aws");
    let mut left = Vec::new();
    for technology in all {
        let mut no = |because: &dyn Fn() -> String| {
            if !facts.is_silent() {
                rejected.push(Rejected { option: technology.id.clone(), because: because() });
            }
        };
        let Some(offer) = offer(technology, cloud) else {
            no(&|| format!("not offered {}", at(cloud)));
            continue;
        };
        let need = topic
            .needs
            .iter()
            .find(|need| need.when.holds(facts, None) && !technology.capabilities.contains(&need.capability));
        if let Some(need) = need {
            no(&|| explained(&need.because, facts, None));
            continue;
        }
        if let Some(reason) = technology.rejected_when.iter().find(|reason| reason.when.holds(facts, None)) {
            no(&|| explained(&reason.because, facts, None));
            continue;
        }
        let monthly = prices.monthly(facts, offer);
        left.push(Candidate { technology, offer, monthly, reasons: Vec::new(), scores: Vec::new(), total: 0.0 });
    }
    left
}

/// Whether a list of names means this technology.
pub(super) fn named(technology: &Technology, names: &[String]) -> bool {
    names.iter().any(|word| {
        let same = |name: &str| name.eq_ignore_ascii_case(word);
        same(&technology.id) || same(&technology.name) || technology.tags.iter().any(|tag| same(tag))
    })
}

/// What the requirements say about people and preferences, for all candidates of a topic.
struct Wishes<'f> {
    /// How much operating the team takes on, 0..3.
    able: f64,
    /// Lock-in counts twice.
    no_lock_in: bool,
    knows: &'f [String],
    avoid: &'f [String],
    databases: &'f [String],
    keep: &'f [String],
}

impl<'f> Wishes<'f> {
    fn of(facts: &'f Facts) -> Self {
        let able = match facts.word("team.operations") {
            Some("none") => 0.0,
            Some("dedicated") => 2.0,
            Some("platform-team") => 3.0,
            _ => 1.0,
        };
        Self {
            able,
            no_lock_in: facts.word("preferences.lock_in") == Some("avoid"),
            knows: facts.words("team.knows"),
            avoid: facts.words("preferences.avoid"),
            databases: facts.words("preferences.databases"),
            keep: facts.words("existing.keep"),
        }
    }
}

pub(super) fn rank(facts: &Facts, catalogue: &Catalogue, left: &mut [Candidate]) {
    if left.is_empty() {
        return;
    }
    let wishes = Wishes::of(facts);
    let cheapest = left.iter().filter_map(|c| c.monthly).fold(f64::INFINITY, f64::min);
    let shown = !facts.is_silent();
    for candidate in left.iter_mut() {
        let (mut sum, mut weights) = (0.0, 0.0);
        for criterion in &catalogue.criteria {
            let score = score(facts, candidate, &criterion.id, cheapest, &wishes);
            let twice = wishes.no_lock_in && criterion.id == "lock-in";
            let weight = if twice { criterion.weight * 2.0 } else { criterion.weight };
            sum += weight * score;
            weights += weight;
            if shown {
                candidate.scores.push((criterion.id.clone(), round(score)));
            }
        }
        candidate.total = round(sum / f64::max(weights, 1e-9));
    }
    left.sort_by(|a, b| b.total.total_cmp(&a.total));
}

fn score(facts: &Facts, candidate: &mut Candidate, criterion: &str, cheapest: f64, wishes: &Wishes) -> f64 {
    let (technology, offer) = (candidate.technology, candidate.offer);
    match criterion {
        "fit" => fit(facts, candidate),
        "operations" => 1.0 - (offer.operations - wishes.able).max(0.0) / 4.0 - offer.operations * 0.05,
        "knows" => {
            let known = named(technology, wishes.knows);
            if known && !facts.is_silent() {
                candidate.reasons.push("`team.knows` names it".into());
            }
            f64::from(u8::from(known))
        }
        // Ten times the cheapest costs half of the score, a hundred times all of it.
        "cost" => candidate
            .monthly
            .map_or(0.5, |monthly| 1.0 - ((monthly.max(1.0) / cheapest.max(1.0)).log10() / 2.0).clamp(0.0, 1.0)),
        "lock-in" => 1.0 - offer.lock_in / 3.0,
        "preference" => preference(candidate, wishes),
        _ => 0.0,
    }
}

fn fit(facts: &Facts, candidate: &mut Candidate) -> f64 {
    let mut value = candidate.technology.fit.base;
    for adjust in &candidate.technology.fit.adjust {
        if adjust.when.holds(facts, None) {
            value += adjust.add;
            if adjust.add > 0.0 && !facts.is_silent() {
                candidate.reasons.push(explained(&adjust.because, facts, None));
            }
        }
    }
    value.clamp(0.0, 1.0)
}

fn preference(candidate: &mut Candidate, wishes: &Wishes) -> f64 {
    let technology = candidate.technology;
    if named(technology, wishes.avoid) {
        // More than any other criterion can give: taken only when nothing else is left.
        return -20.0;
    }
    if named(technology, wishes.databases) {
        candidate.reasons.push("`preferences.databases` names it".into());
        return 1.0;
    }
    if named(technology, wishes.keep) {
        candidate.reasons.push("`existing.keep` names it".into());
        return 1.0;
    }
    0.5
}

/// The criterion on which the better candidate gains most.
fn outranked(best: &Candidate, other: &Candidate) -> String {
    let gains = best.scores.iter().zip(&other.scores).map(|((id, a), (_, b))| (id, a - b));
    match gains.max_by(|a, b| a.1.total_cmp(&b.1)) {
        Some((id, gain)) if gain > 0.0 => format!(
            "{} ranks lower, most on {id} ({:.2} against {:.2} in all)",
            other.technology.name, other.total, best.total
        ),
        _ => format!("{} ranks lower ({:.2} against {:.2} in all)", other.technology.name, other.total, best.total),
    }
}

/// Scores are printed with three decimals; ranking on the printed value keeps the order stable on every machine.
fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
