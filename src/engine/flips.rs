//! Flips: the smallest single changes that change the pattern, found by re-running the decision.

use serde::Serialize;
use serde_json::Value as Json;

use super::Model;
use crate::facts::condition::{Operand, Test};
use crate::facts::{Fact, Facts, Origin, registry};
use crate::quantity::{Kind, Value};

/// A change that changes an answer.
#[derive(Clone, Debug, Serialize)]
pub struct Flip {
    /// What changes.
    pub change: Vec<Change>,
    /// The answer then; none for "not needed".
    pub to: Option<String>,
}

/// A changed fact.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// A path that the requirements can state.
    pub path: String,
    /// Its value now; none when unknown.
    pub from: Json,
    /// Its value then, in the canonical unit or as a word.
    pub to: Json,
}

/// How many variations keep an answer.
#[derive(Clone, Debug, Serialize)]
pub struct Robustness {
    /// `stable`, `sensitive` or `fragile`.
    pub grade: &'static str,
    /// Share that keeps it.
    pub share: f64,
    /// How many were run.
    pub variations: u32,
}

/// For each fact that the tree asks for and the requirements can state, the nearest value that changes the pattern.
pub(super) fn of_pattern(model: &Model, given: &Facts, now: &Facts, pattern: &str) -> Vec<Flip> {
    let name = now.word("preferences.decision_tree").unwrap_or("evidence");
    let Some(nodes) = model.catalogue.trees.get(name) else { return Vec::new() };
    let mut tried: Vec<(String, Kind, Vec<Value>)> = Vec::new();
    for leaf in nodes.iter().flat_map(|node| node.when.leaves()) {
        let Some(kind) = stateable(&leaf.path) else { continue };
        let values = candidates(&leaf.path, kind, &leaf.test);
        match tried.iter_mut().find(|(path, ..)| *path == leaf.path) {
            Some((_, _, known)) => known.extend(values),
            None => tried.push((leaf.path.clone(), kind, values)),
        }
    }
    let early = early(model, now);
    let mut out = Vec::new();
    for (path, kind, mut values) in tried {
        let before = now.get(&path).map(|fact| fact.value.clone());
        nearest_first(&mut values, before.as_ref());
        for value in values.into_iter().filter(|value| Some(value) != before.as_ref()) {
            let mut changed = given.clone();
            let fact =
                Fact { kind, value: value.clone(), origin: Origin::Given { line: 0, column: 0 }, rule: "flip".into() };
            changed.put(path.clone(), fact);
            let mut quick = changed.clone();
            early.iter().for_each(|(path, fact)| quick.put(path.clone(), fact.clone()));
            // The quick run keeps the early choices; the full one confirms what is printed.
            if super::pattern_of(model, quick) == pattern {
                continue;
            }
            let answer = super::pattern_of(model, changed);
            if answer != pattern {
                let change =
                    Change { path: path.clone(), from: before.as_ref().map_or(Json::Null, json), to: json(&value) };
                out.push(Flip { change: vec![change], to: Some(answer) });
                break;
            }
        }
    }
    out
}

/// Choices made before the tree.
fn early(model: &Model, now: &Facts) -> Vec<(String, Fact)> {
    let topics = model.catalogue.topics.iter().filter(|topic| topic.early);
    topics
        .filter_map(|topic| {
            Some(format!("selection.{}", topic.id)).and_then(|path| now.get(&path).cloned().map(|fact| (path, fact)))
        })
        .collect()
}

/// Keys that a person can set on their own without making the file contradict itself.
fn stateable(path: &str) -> Option<Kind> {
    let single = ["team.", "realtime", "project.", "traffic.shape", "traffic.long_lived_connections"];
    (registry::is_key(path) && single.iter().any(|prefix| path.starts_with(prefix)))
        .then(|| registry::kind_of(path))
        .flatten()
}

fn candidates(path: &str, kind: Kind, test: &Test) -> Vec<Value> {
    match (kind, test) {
        (Kind::Bool, _) => vec![Value::Bool(true), Value::Bool(false)],
        (Kind::Word, _) => registry::words_of(path).into_iter().map(Value::Text).collect(),
        (_, Test::Compare(_, Operand::Number(number))) => {
            [number - 1.0, *number, number + 1.0].into_iter().filter(|n| *n >= 1.0).map(Value::Number).collect()
        }
        _ => Vec::new(),
    }
}

fn nearest_first(values: &mut Vec<Value>, now: Option<&Value>) {
    values.dedup();
    let here = match now {
        Some(Value::Number(number)) => *number,
        Some(Value::Range(range)) => range.expected,
        _ => 0.0,
    };
    values.sort_by(|a, b| match (a, b) {
        (Value::Number(a), Value::Number(b)) => (a - here).abs().total_cmp(&(b - here).abs()),
        _ => std::cmp::Ordering::Equal,
    });
}

fn json(value: &Value) -> Json {
    match value {
        Value::Bool(flag) => Json::Bool(*flag),
        Value::Number(number) => serde_json::Number::from_f64(*number).map_or(Json::Null, Json::Number),
        Value::Range(range) => serde_json::json!({"low": range.low, "expected": range.expected, "high": range.high}),
        Value::Text(text) => Json::String(text.clone()),
        Value::List(words) => Json::Array(words.iter().cloned().map(Json::String).collect()),
    }
}
