//! Flips: the smallest changes that change an answer, each found by a re-run with exactly that change.

use std::collections::BTreeMap;

use super::candidates::{Candidate, Grid, Search, all as candidates, consistent};
use super::lab::{Lab, Turned};
use super::{Change, Core, Flip, Model};
use crate::quantity::Value;

/// Distances along a grid at which a re-run is tried before the exact place is looked for: from some percent to a hundredfold.
pub(super) const PROBES: [i32; 5] = [4, 12, 40, 90, 180];

/// A change that turned answers.
pub(super) struct Hit {
    /// The key.
    pub path: &'static str,
    /// Its value now.
    pub from: Option<Value>,
    /// Its value then.
    pub to: Value,
    /// How far it is: doublings of a number; 1 for another word.
    pub size: f64,
    /// Whether the requirements state it.
    pub stated: bool,
    /// The answers that turn.
    pub turned: Vec<Turned>,
}

/// Every single change that turns an answer, nearest values only.
pub(super) fn singles(lab: &mut Lab, core: &Core) -> Vec<Hit> {
    let mut out = Vec::new();
    for candidate in candidates(lab, core) {
        let mut trial = Trial { lab, core, candidate: &candidate };
        match &candidate.search {
            Search::Each(values) => values.iter().for_each(|value| out.extend(trial.hit(value.clone()))),
            Search::Sides(sides) => sides.iter().for_each(|side| out.extend(trial.nearest(side))),
            Search::Along(grid) => [true, false].into_iter().for_each(|above| out.extend(trial.along(grid, above))),
        }
    }
    out
}

/// Flips of the pattern and of every topic in the order decided, smallest change first.
pub(super) fn by_answer(hits: &[Hit], model: &Model, core: &Core) -> Vec<Vec<Flip>> {
    let mut out: Vec<Vec<(f64, bool, Flip)>> = vec![Vec::new(); core.selections.len() + 1];
    for hit in hits {
        for turned in &hit.turned {
            if let (Some(list), Some(flip)) = (out.get_mut(turned.0), flip(hit, turned, model, core)) {
                list.push((hit.size, hit.stated, flip));
            }
        }
    }
    let sorted = out.into_iter().map(|mut list| {
        list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        list.into_iter().map(|(.., flip)| Flip { topic: None, ..flip }).collect()
    });
    sorted.collect()
}

/// The flip of one answer; none when the change only states the answer.
pub(super) fn flip(hit: &Hit, (at, to): &Turned, model: &Model, core: &Core) -> Option<Flip> {
    let topic = at.checked_sub(1).and_then(|at| core.selections.get(at)).map(|selection| &selection.topic);
    let own = topic.and_then(|topic| model.catalogue.topics.iter().find(|entry| entry.id == *topic));
    if own.is_some_and(|topic| topic.stated.as_deref() == Some(hit.path)) {
        return None;
    }
    let from = hit.from.as_ref().map_or(serde_json::Value::Null, Value::machine);
    let change = Change { path: hit.path.to_string(), from, to: hit.to.machine() };
    Some(Flip { topic: topic.cloned(), change: vec![change], to: to.clone() })
}

/// Re-runs for one key.
struct Trial<'t, 'm, 'c> {
    lab: &'t mut Lab<'m>,
    core: &'c Core,
    candidate: &'t Candidate,
}

impl Trial<'_, '_, '_> {
    fn run(&mut self, value: &Value) -> Vec<Turned> {
        let changes = [(self.candidate.path, value.clone())];
        if consistent(self.core, &changes) { self.lab.with(&changes) } else { Vec::new() }
    }

    fn hit(&mut self, value: Value) -> Option<Hit> {
        let turned = self.run(&value);
        self.made(value, turned)
    }

    fn made(&self, value: Value, turned: Vec<Turned>) -> Option<Hit> {
        let Candidate { path, from, stand_in, stated, .. } = self.candidate;
        let size = distance(from.as_ref().or(stand_in.as_ref()), &value);
        let hit = Hit { path, from: from.clone(), to: value, size, stated: *stated, turned };
        (!hit.turned.is_empty()).then_some(hit)
    }

    /// For every answer the first value that turns it.
    fn nearest(&mut self, values: &[Value]) -> Vec<Hit> {
        let mut seen: Vec<usize> = Vec::new();
        let mut out = Vec::new();
        for value in values {
            let mut turned = self.run(value);
            turned.retain(|(at, _)| !seen.contains(at));
            seen.extend(turned.iter().map(|(at, _)| *at));
            out.extend(self.made(value.clone(), turned));
        }
        out
    }

    /// The same along a grid: some places first, then the exact one between a place that keeps the answer and one that turns it.
    fn along(&mut self, grid: &Grid, above: bool) -> Vec<Hit> {
        let sign = if above { 1 } else { -1 };
        let first = grid.first(above);
        let mut known: BTreeMap<i32, Vec<Turned>> = BTreeMap::new();
        let mut turns: BTreeMap<usize, i32> = BTreeMap::new();
        let (mut kept, mut places) = (-1, vec![0]);
        places.extend(PROBES);
        for place in places {
            if grid.value(first + sign * place).is_none() {
                break;
            }
            let turned = self.at(grid, first + sign * place, &mut known);
            for (answer, _) in turned {
                if let std::collections::btree_map::Entry::Vacant(entry) = turns.entry(answer) {
                    let (mut keeps, mut turns) = (kept, place);
                    while turns - keeps > 1 {
                        let middle = keeps + (turns - keeps) / 2;
                        let there = self.at(grid, first + sign * middle, &mut known);
                        if there.iter().any(|(at, _)| *at == answer) { turns = middle } else { keeps = middle }
                    }
                    entry.insert(turns);
                }
            }
            kept = place;
        }
        let mut by_place: BTreeMap<i32, Vec<Turned>> = BTreeMap::new();
        for (answer, place) in turns {
            let there = known.get(&(first + sign * place)).into_iter().flatten();
            by_place.entry(place).or_default().extend(there.filter(|(at, _)| *at == answer).cloned());
        }
        let found =
            by_place.into_iter().filter_map(|(place, turned)| Some((grid.value(first + sign * place)?, turned)));
        found
            .collect::<Vec<_>>()
            .into_iter()
            .filter_map(|(value, turned)| self.made(Value::Number(value), turned))
            .collect()
    }

    fn at(&mut self, grid: &Grid, place: i32, known: &mut BTreeMap<i32, Vec<Turned>>) -> Vec<Turned> {
        if let Some(turned) = known.get(&place) {
            return turned.clone();
        }
        let turned = grid.value(place).map(|value| self.run(&Value::Number(value))).unwrap_or_default();
        known.insert(place, turned.clone());
        turned
    }
}

/// How far a value is from another: doublings of a number, of a share close to the whole those of its rest; 1 for another word.
pub(super) fn distance(from: Option<&Value>, to: &Value) -> f64 {
    let from = match from {
        Some(Value::Number(number)) => Some(*number),
        Some(Value::Range(range)) => Some(range.expected),
        _ => None,
    };
    let doublings = match (from, to) {
        (Some(from), Value::Number(to)) if from > 0.9 && from < 1.0 => ((1.0 - to) / (1.0 - from)).log2().abs(),
        (Some(from), Value::Number(to)) if from > 0.0 && *to > 0.0 => (to / from).log2().abs(),
        (Some(from), Value::Number(to)) => (to - from).abs().max(1.0).log2() + 1.0,
        _ => 1.0,
    };
    // Logarithms differ in the last bit between machines; the order may not.
    (doublings * 1000.0).round() / 1000.0
}
