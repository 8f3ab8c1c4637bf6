//! `P018` gate-open.

use std::collections::{BTreeMap, VecDeque};

use crate::diagnostic::Severity;
use crate::document::status::{self, State};
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P018", "gate-open", Severity::Error, include_str!("p018_gate_open.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    let Some(gate) = cx.config.gate else { return };
    for (index, task) in cx.tasks() {
        let phase = task.field("Phase").map_or(usize::MAX, status::phase_rank);
        let state = cx.states.get(index).copied().unwrap_or(State::Open);
        if phase > gate || matches!(state, State::Done | State::NotApplicable | State::Deferred) {
            continue;
        }
        let name = ["core", "scale", "optimize"].get(gate).copied().unwrap_or("");
        let message = match state {
            State::Suspect => format!("gate {name}: `{}` was ticked for other numbers", task.id),
            _ => format!("gate {name}: `{}` is {}", task.id, state.word()),
        };
        let way = shortest(cx, index);
        let mut finding = Finding::new(RULE.named(), cx.id(task), &task.id, message);
        if let Some(first) = way.first().filter(|first| **first != task.id)
            && let Some(other) = cx.task(first)
        {
            finding = finding.label(cx.id(other), "begin here");
        }
        let fix = match (state, way.as_slice()) {
            (State::Suspect, _) => format!("check it and run `archplan accept {}`", task.id),
            (_, [_]) => "nothing holds it up: do it".to_owned(),
            (_, way) => format!("the way there: {}", way.join(", then ")),
        };
        out.push(finding.fix(fix));
    }
}

/// The open tasks on a shortest way from something that can start now to a task.
fn shortest<'a>(cx: &'a Context<'_>, index: usize) -> Vec<&'a str> {
    let mut before: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = VecDeque::from([index]);
    while let Some(at) = queue.pop_front() {
        let open: Vec<usize> = cx
            .after
            .get(at)
            .into_iter()
            .flatten()
            .filter_map(|id| cx.by_id.get(id.as_str()).copied())
            .filter(|other| cx.states.get(*other).is_some_and(|state| !state.is_settled()))
            .collect();
        if open.is_empty() {
            let mut way = Vec::new();
            let mut step = at;
            loop {
                way.extend(cx.document.tasks.get(step).map(|task| task.id.as_str()));
                match before.get(&step) {
                    Some(next) => step = *next,
                    None => return way,
                }
            }
        }
        for other in open {
            if other != index && !before.contains_key(&other) {
                before.insert(other, at);
                queue.push_back(other);
            }
        }
    }
    cx.document.tasks.get(index).map(|task| task.id.as_str()).into_iter().collect()
}
