//! Counterfactuals: what would change an answer, and how surely it stands. Everything here is found by re-running the engine.

mod candidates;
mod flips;
mod lab;
mod pairs;
pub mod questions;
pub mod relax;
mod robustness;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::{Core, Model};
use crate::facts::registry;
use crate::quantity::{Kind, Units, exact_in, human, parse};
use crate::requirements::{self, LeafKey};

pub(crate) use lab::Lab;
pub use robustness::{VARIATIONS, recount};

/// A change that changes an answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Flip {
    /// The topic, where flips of several stand together; none for the pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// What changes.
    pub change: Vec<Change>,
    /// The answer then; none for "not needed".
    pub to: Option<String>,
}

/// A changed fact.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Change {
    /// A path that the requirements can state.
    pub path: String,
    /// Its value now; none when unknown.
    pub from: Json,
    /// Its value then, in the canonical unit or as a word.
    pub to: Json,
}

/// How many variations keep an answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Robustness {
    /// `stable`, `sensitive` or `fragile`.
    pub grade: &'static str,
    /// Share that keeps it, 0 to 1.
    pub share: f64,
    /// How many were run.
    pub variations: u32,
}

/// What re-runs showed beside flips and robustness.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Facts to find out, those that turn most decisions first.
    pub questions: Vec<questions::Inquiry>,
    /// What assumed values move.
    pub effects: Vec<questions::Effect>,
    /// Stated limits that are not met, with ways out.
    pub unmet: Vec<relax::Unmet>,
}

/// How many flips of one answer are kept.
const MOST: usize = 6;

/// Keys that a re-run may state: of the whole system, not of one item.
pub(super) fn keys() -> impl Iterator<Item = &'static LeafKey> {
    requirements::keys().iter().filter(|key| !key.path.contains('['))
}

/// A change in words: `users.monthly` 100k, `data.access` + graph.
#[must_use]
pub fn change_said(change: &Change) -> String {
    let words = |value: &Json| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Json::as_str).map(String::from).collect()
    };
    let (from, to) = (words(&change.from), words(&change.to));
    if to.is_empty() {
        return format!("`{}` {}", change.path, said(&change.path, &change.to));
    }
    let more = to.iter().filter(|word| !from.contains(word)).map(|word| format!("+ {word}"));
    let less = from.iter().filter(|word| !to.contains(word)).map(|word| format!("- {word}"));
    format!("`{}` {}", change.path, more.chain(less).collect::<Vec<_>>().join(" "))
}

/// A flip in words: `users.monthly` 100k gives opensearch.
#[must_use]
pub fn flip_said(flip: &Flip) -> String {
    let change: Vec<String> = flip.change.iter().map(change_said).collect();
    format!("{} gives {}", change.join(" and "), flip.to.as_deref().unwrap_or("none"))
}

/// A value in machine form as people write it at this path.
#[must_use]
pub fn said(path: &str, value: &Json) -> String {
    let kind = registry::kind_of(path).unwrap_or(Kind::Number);
    // As people say it where that is the very number, else to the last digit.
    let shown = |n: f64| {
        let text = human(kind, n);
        let same = parse(kind, &text, &Units::default()).is_ok_and(|read| read == n);
        if same { text } else { exact_in(kind, n, &Units::default()) }
    };
    match value {
        Json::Null => "not stated".to_string(),
        Json::String(word) => word.clone(),
        Json::Bool(flag) => flag.to_string(),
        Json::Array(words) => {
            let words: Vec<&str> = words.iter().filter_map(Json::as_str).collect();
            format!("[{}]", words.join(", "))
        }
        Json::Object(range) => range.get("expected").and_then(Json::as_f64).map_or_else(String::new, shown),
        Json::Number(number) => number.as_f64().map_or_else(String::new, shown),
    }
}

/// Fills robustness and flips of the pattern and of every topic.
pub(super) fn find(model: &Model, lab: &mut Lab, core: &mut Core) -> Found {
    let shares = robustness::of(lab, model, core);
    let hits = flips::singles(lab, core);
    let effects = questions::effects(lab, &hits, model, core);
    let questions = questions::inquiries(&hits, model, core);
    let mut found = flips::by_answer(&hits, model, core);
    let pairs = if core.decision.pinned { Vec::new() } else { pairs::of_pattern(lab, model, core, &hits) };
    let mut of_topics = pairs::of_topics(lab, core);
    for (at, share) in shares.into_iter().enumerate() {
        let flips = found.get_mut(at).map(std::mem::take).unwrap_or_default();
        let mut flips: Vec<Flip> = flips.into_iter().take(MOST).collect();
        match at.checked_sub(1) {
            None => {
                flips.extend(pairs.iter().cloned());
                (core.decision.robustness, core.decision.flips) = (Some(share), flips);
            }
            Some(topic) => {
                flips.extend(of_topics.extract_if(.., |(of, _)| *of == topic).map(|(_, flip)| flip));
                if let Some(selection) = core.selections.get_mut(topic) {
                    (selection.robustness, selection.flips) = (Some(share), flips);
                }
            }
        }
    }
    let unmet = relax::find(lab, core);
    Found { questions, effects, unmet }
}

/// Puts which decisions do not stand firmly, for the task that settles them.
pub(super) fn fragile(core: &mut Core) {
    let keeps =
        |robustness: Option<&Robustness>| robustness.filter(|found| found.grade == "fragile").map(|found| found.share);
    let pattern = keeps(core.decision.robustness.as_ref()).map(|share| ("pattern", share));
    let topics = core.selections.iter();
    let topics = topics.filter_map(|selection| Some((selection.topic.as_str(), keeps(selection.robustness.as_ref())?)));
    let found: Vec<(&str, f64)> = pattern.into_iter().chain(topics).collect();
    let words: Vec<String> = found.iter().map(|(topic, _)| (*topic).to_string()).collect();
    let said: Vec<String> =
        found.iter().map(|(topic, share)| format!("{topic} (kept by {:.0}%)", (share * 100.0).floor())).collect();
    #[expect(clippy::cast_precision_loss, reason = "topics are few")]
    let number = words.len() as f64;
    let facts = &mut core.facts;
    facts.derive("decision.fragile", words, "answers that fewer than 60% of the variations keep", &[]);
    facts.derive("decision.fragile_count", number, "how many", &["decision.fragile"]);
    if number > 0.0 {
        facts.derive("decision.fragile_text", said.join(", "), "the same with shares", &["decision.fragile"]);
    }
}
