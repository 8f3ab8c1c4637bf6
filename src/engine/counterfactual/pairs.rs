//! Pairs: two changes that turn an answer together although neither does alone.

use super::candidates::{Candidate, Search};
use super::flips::{Hit, distance};
use super::lab::Lab;
use super::{Change, Core, Flip, Model, candidates};
use crate::facts::condition::{Leaf, Operand, Test};
use crate::facts::{Origin, registry};
use crate::quantity::{Kind, Value};

/// How many pairs are tried, nearest first.
const TRIED: usize = 160;

/// How many are kept.
const MOST: usize = 2;

/// A value that a question of the tree asks about.
struct Move {
    path: &'static str,
    from: Option<Value>,
    to: Value,
    size: f64,
}

/// The nearest pairs that turn the pattern.
pub(super) fn of_pattern(lab: &mut Lab, model: &Model, core: &Core, hits: &[Hit]) -> Vec<Flip> {
    let mut moves = moves(lab, model, core);
    let alone = |step: &Move| {
        let same = |hit: &&Hit| hit.path == step.path && hit.turned.iter().any(|(at, _)| *at == 0);
        hits.iter().filter(same).any(|hit| hit.to == step.to || beyond(step.from.as_ref(), &hit.to, &step.to))
    };
    moves.retain(|step| !alone(step));
    moves.sort_by(|a, b| a.size.total_cmp(&b.size));
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, one) in moves.iter().enumerate() {
        let later = moves.iter().enumerate().skip(i + 1).filter(|(_, other)| other.path != one.path);
        pairs.extend(later.map(|(j, other)| (one.size + other.size, i, j)));
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut out: Vec<Flip> = Vec::new();
    for (_, one, other) in pairs.into_iter().take(TRIED) {
        let (Some(one), Some(other)) = (moves.get(one), moves.get(other)) else { continue };
        let changes = [(one.path, one.to.clone()), (other.path, other.to.clone())];
        if !candidates::consistent(core, &changes) {
            continue;
        }
        let Some(pattern) = lab.pattern(&changes) else { continue };
        let same = |flip: &Flip| flip.to.as_deref() == Some(&pattern);
        if out.iter().any(same) {
            continue;
        }
        out.push(Flip { topic: None, change: vec![changed(one), changed(other)], to: Some(pattern) });
        if out.len() == MOST {
            break;
        }
    }
    out
}

/// How many pairs are tried for a topic.
const TRIED_FOR_TOPIC: usize = 6;

/// A change that brings the runner-up of a topic nearer by less than this does not count.
const NEARER: f64 = 0.004;

/// A value that brings runners-up nearer without turning the choice.
struct Push {
    step: Move,
    /// Topic with what is left of the lead.
    leads: Vec<(String, f64)>,
}

/// For every topic decided by rank the nearest pair that turns it, where two changes together take its lead away; by topic in the order
/// decided. Ranks are sums, so that the leads that single changes leave tell which pairs to try; the re-run decides.
pub(super) fn of_topics(lab: &mut Lab, core: &Core) -> Vec<(usize, Flip)> {
    let pushes = pushes(lab, core);
    let mut out = Vec::new();
    for (at, selection) in core.selections.iter().enumerate() {
        let Some(margin) = selection.margin.filter(|_| selection.decided == "computed") else { continue };
        let lead = |push: &Push| push.leads.iter().find(|(topic, _)| *topic == selection.topic).map(|(_, lead)| *lead);
        let near: Vec<(&Move, f64)> = pushes
            .iter()
            .filter_map(|push| Some((&push.step, margin - lead(push).filter(|lead| *lead > 0.0)?)))
            .filter(|(_, nearer)| *nearer >= NEARER)
            .collect();
        let mut pairs: Vec<(f64, &Move, &Move)> = Vec::new();
        for (i, (one, first)) in near.iter().enumerate() {
            let later =
                near.iter().skip(i + 1).filter(|(other, second)| other.path != one.path && first + second > margin);
            pairs.extend(later.map(|(other, _)| (one.size + other.size, *one, *other)));
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let found = pairs.into_iter().take(TRIED_FOR_TOPIC).find_map(|(_, one, other)| {
            let changes = [(one.path, one.to.clone()), (other.path, other.to.clone())];
            let turned = if candidates::consistent(core, &changes) { lab.with(&changes) } else { Vec::new() };
            let (_, to) = turned.into_iter().find(|(turned, _)| *turned == at + 1)?;
            Some(Flip { topic: None, change: vec![changed(one), changed(other)], to })
        });
        out.extend(found.map(|flip| (at, flip)));
    }
    out
}

/// One re-run per key and representative value: every word, and numbers some tens of percent and a factor away.
fn pushes(lab: &mut Lab, core: &Core) -> Vec<Push> {
    let mut out = Vec::new();
    for Candidate { path, from, search, .. } in candidates::all(lab, core) {
        let values: Vec<Value> = match search {
            Search::Each(values) => values,
            Search::Sides(sides) => sides.into_iter().filter_map(|side| side.into_iter().next()).collect(),
            Search::Along(grid) => [(true, 40), (false, -40)]
                .into_iter()
                .filter_map(|(above, distance)| grid.value(grid.first(above) + distance).map(Value::Number))
                .collect(),
        };
        for to in values {
            let changes = [(path, to.clone())];
            if !candidates::consistent(core, &changes) {
                continue;
            }
            lab.with(&changes);
            let leads = lab.leads().to_vec();
            let size = distance(from.as_ref(), &to);
            out.push(Push { step: Move { path, from: from.clone(), to, size }, leads });
        }
    }
    out
}

fn changed(step: &Move) -> Change {
    let from = step.from.as_ref().map_or(serde_json::Value::Null, Value::machine);
    Change { path: step.path.to_string(), from, to: step.to.machine() }
}

/// Whether a number lies further out than one that turns the answer alone.
fn beyond(from: Option<&Value>, turning: &Value, other: &Value) -> bool {
    match (from, turning, other) {
        (Some(Value::Number(from)), Value::Number(turning), Value::Number(other)) => {
            (turning - from).signum() == (other - from).signum() && (other - from).abs() >= (turning - from).abs()
        }
        _ => false,
    }
}

fn moves(lab: &Lab, model: &Model, core: &Core) -> Vec<Move> {
    let name = core.facts.word("preferences.decision_tree").unwrap_or("evidence");
    let nodes = model.catalogue.trees.get(name).into_iter().flatten();
    let leaves: Vec<&Leaf> = nodes.flat_map(|node| node.when.leaves()).collect();
    let mut out: Vec<Move> = Vec::new();
    for key in candidates::open(lab, lab.decisions()) {
        let fact = core.facts.get(key.path);
        let from = fact.map(|fact| fact.value.clone());
        let asked = leaves.iter().filter(|leaf| leaf.path() == key.path);
        let mut values: Vec<Value> = asked.flat_map(|leaf| values(key.path, key.kind, leaf.test())).collect();
        values.dedup();
        for to in values {
            let size = distance(from.as_ref(), &to);
            let known = out.iter().any(|step| step.path == key.path && step.to == to);
            if Some(&to) != from.as_ref() && !known {
                out.push(Move { path: key.path, from: from.clone(), to, size });
            }
        }
    }
    // What is stated is as it is; to learn that an assumption is wrong is nearer.
    for step in &mut out {
        let stated = core.facts.get(step.path).is_some_and(|fact| matches!(fact.origin, Origin::Given { .. }));
        step.size += if stated { 0.25 } else { 0.0 };
    }
    out
}

fn values(path: &str, kind: Kind, test: &Test) -> Vec<Value> {
    match (kind, test) {
        (Kind::Bool, _) => vec![Value::Bool(true), Value::Bool(false)],
        (Kind::Word, _) => registry::words_of(path).iter().map(|word| Value::Text((*word).into())).collect(),
        (_, Test::Compare(_, Operand::Number(number))) => {
            [number - 1.0, *number, number + 1.0].into_iter().filter(|n| *n >= 1.0).map(Value::Number).collect()
        }
        _ => Vec::new(),
    }
}
