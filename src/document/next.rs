//! What can start now: open tasks whose dependencies are done, the most urgent first.

use super::status::{self, State};
use super::{Document, Task, task};
use schemars::JsonSchema;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A task that can start now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ready {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// The phase, when the task names one.
    pub phase: Option<String>,
    /// The wave, when the task names one.
    pub wave: Option<u32>,
    /// Ids of the open tasks that wait for this one, directly or not.
    pub unblocks: usize,
    /// Whether somebody has begun.
    pub in_progress: bool,
}

/// What a plan lets one do next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Next {
    /// Tasks that can start now: by phase, then wave, then by how many tasks wait for them, then in file order.
    pub ready: Vec<Ready>,
    /// How many open tasks wait for others.
    pub waiting: usize,
    /// Ids in `After` that no task of the plan has.
    pub unknown: Vec<String>,
}

/// The ids that a text names.
pub fn ids_in(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.'))
        // Few words have a dash, and every id has one.
        .filter(|word| word.contains('-'))
        .map(|word| word.trim_matches(['.', '-']))
        .filter(|word| task::is_id(word))
        .map(str::to_owned)
        .collect()
}

/// The ids that a task waits for: those of its `After`, and for a row of the quality list all that it names.
pub fn dependencies(task: &Task) -> Vec<String> {
    let mut ids = match task.field("After") {
        Some(after) => ids_in(after),
        None if task.id.starts_with("QA-") => {
            let fields = task.fields.iter().flat_map(|f| ids_in(&f.text));
            ids_in(&task.head).into_iter().chain(fields).collect()
        }
        None => Vec::new(),
    };
    ids.retain(|id| *id != task.id);
    ids.sort();
    ids.dedup();
    ids
}

/// Finds what can start now. Dependencies that the plan does not have hold nothing up and are reported.
pub fn next(document: &Document) -> Next {
    let tasks: BTreeMap<&str, &Task> = status::counted(document).map(|t| (t.id.as_str(), t)).collect();
    let mut waiters: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut next = Next::default();
    let mut unknown = BTreeSet::new();
    let mut ready = Vec::new();
    for task in status::counted(document) {
        let after = dependencies(task);
        let mut free = true;
        for id in after {
            match tasks.get(id.as_str()) {
                Some(other) => free &= status::state(other).is_settled(),
                None => drop(unknown.insert(id.clone())),
            }
            waiters.entry(id).or_default().push(&task.id);
        }
        let state = status::state(task);
        if matches!(state, State::Open | State::InProgress) {
            if free { ready.push((task, state)) } else { next.waiting += 1 }
        }
    }
    next.ready = ready.into_iter().map(|(task, state)| entry(task, state, &tasks, &waiters)).collect();
    next.ready.sort_by_key(|r| {
        (r.phase.as_deref().map_or(4, status::phase_rank), r.wave.unwrap_or(u32::MAX), Reverse(r.unblocks))
    });
    next.unknown = unknown.into_iter().collect();
    next
}

fn entry(task: &Task, state: State, tasks: &BTreeMap<&str, &Task>, waiters: &BTreeMap<String, Vec<&str>>) -> Ready {
    Ready {
        id: task.id.clone(),
        title: task.title.clone(),
        phase: task.field("Phase").map(str::to_owned),
        wave: status::wave(task),
        unblocks: open_behind(&task.id, tasks, waiters),
        in_progress: state == State::InProgress,
    }
}

/// How many open tasks wait for one, directly or not.
fn open_behind(id: &str, tasks: &BTreeMap<&str, &Task>, waiters: &BTreeMap<String, Vec<&str>>) -> usize {
    let (mut seen, mut stack) = (BTreeSet::new(), vec![id]);
    while let Some(id) = stack.pop() {
        for waiter in waiters.get(id).into_iter().flatten() {
            if seen.insert(*waiter) {
                stack.push(waiter);
            }
        }
    }
    seen.remove(id);
    seen.into_iter().filter(|w| tasks.get(w).is_some_and(|t| !t.ticked)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    #[test]
    fn what_is_free_comes_by_phase_wave_and_weight() {
        let text = "- [x] **TASK-1.1 [a]**: <!-- ap: a -->\n- [ ] **TASK-1.2 [b]**: <!-- ap: b -->\n  - **After**: TASK-1.1 · **Wave**: 2 · **Phase**: Scale\n\
            - [ ] **TASK-1.3 [c]**: <!-- ap: c -->\n  - **After**: none · **Wave**: 2 · **Phase**: Core\n\
            - [ ] **TASK-1.4 [d]**: <!-- ap: d -->\n  - **After**: TASK-9.9 · **Wave**: 2 · **Phase**: Core\n\
            - [ ] **TASK-1.5 [e]**: <!-- ap: e -->\n  - **After**: TASK-1.4, TASK-1.1\n\
            - [ ] **TASK-1.6 [f]**: <!-- ap: f -->\n  - **Status**: blocked by lawyers\n- [ ] **QA-1**: TASK-1.5 done <!-- ap: q -->\n";
        let next = next(&read(text));
        let ids: Vec<&str> = next.ready.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["TASK-1.4", "TASK-1.3", "TASK-1.2"]);
        assert_eq!((next.ready[0].unblocks, next.waiting, next.unknown), (2, 2, vec!["TASK-9.9".to_owned()]));
    }
}
