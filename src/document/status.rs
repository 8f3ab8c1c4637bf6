//! Progress of a plan, from the file alone.

use super::{Document, Task};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not ticked.
    Open,
    /// Not ticked, status `in-progress`.
    InProgress,
    /// Not ticked, status `blocked`.
    Blocked,
    /// Not ticked, status `deferred until ...`.
    Deferred,
    /// Not ticked, status `not-applicable because ...`.
    NotApplicable,
    /// Ticked.
    Done,
    /// Ticked, but its inputs changed since.
    Suspect,
}

impl State {
    /// Whether what depends on the task may start.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Done | Self::Suspect | Self::NotApplicable)
    }

    /// The word for people, as it stands in a status field.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in-progress",
            Self::Blocked => "blocked",
            Self::Deferred => "deferred",
            Self::NotApplicable => "not-applicable",
            Self::Done => "done",
            Self::Suspect => "suspect",
        }
    }
}

/// Tasks of one group, wave or phase.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Progress {
    /// The group with its heading, the number of the wave, or the name of the phase.
    pub name: String,
    /// Tasks that are ticked.
    pub done: usize,
    /// All tasks that apply.
    pub total: usize,
}

/// Progress of a plan. Retired tasks and those that are not applicable are not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Status {
    /// All tasks.
    pub all: Progress,
    /// By group, in file order.
    pub groups: Vec<Progress>,
    /// By wave, ascending.
    pub waves: Vec<Progress>,
    /// By phase: Core, Scale, Optimize.
    pub phases: Vec<Progress>,
    /// Ids of ticked tasks whose inputs changed.
    pub suspect: Vec<String>,
    /// Ids of tasks and keys of blocks with new text on offer.
    pub conflicts: Vec<String>,
    /// Ids of blocked tasks.
    pub blocked: Vec<String>,
}

/// How far a task is.
pub fn state(task: &Task) -> State {
    let words = task.field("Status").unwrap_or("").trim_start_matches(['*', '_', '`']);
    match (task.ticked, words) {
        (true, w) if w.starts_with("suspect") => State::Suspect,
        (true, _) => State::Done,
        (false, w) if w.starts_with("in-progress") => State::InProgress,
        (false, w) if w.starts_with("blocked") => State::Blocked,
        (false, w) if w.starts_with("deferred") => State::Deferred,
        (false, w) if w.starts_with("not-applicable") => State::NotApplicable,
        (false, _) => State::Open,
    }
}

/// The tasks that count: not retired, with an id.
pub fn counted(document: &Document) -> impl Iterator<Item = &Task> {
    document.tasks.iter().filter(|t| !t.retired && !t.id.is_empty())
}

/// Counts the tasks of a plan.
pub fn status(document: &Document) -> Status {
    let mut status = Status::default();
    status.all.name = "all".to_owned();
    let (mut groups, mut waves, mut phases) = (Vec::<Progress>::new(), BTreeMap::new(), BTreeMap::new());
    for task in counted(document) {
        let state = state(task);
        match state {
            State::NotApplicable => continue,
            State::Suspect => status.suspect.push(task.id.clone()),
            State::Blocked => status.blocked.push(task.id.clone()),
            _ => {}
        }
        if !task.offers.is_empty() {
            status.conflicts.push(task.id.clone());
        }
        let add = |progress: &mut Progress| {
            progress.total += 1;
            progress.done += usize::from(task.ticked);
        };
        add(&mut status.all);
        let name = group(document, task);
        match groups.iter_mut().find(|g| g.name == name) {
            Some(progress) => add(progress),
            None => {
                let mut progress = Progress { name, ..Progress::default() };
                add(&mut progress);
                groups.push(progress);
            }
        }
        if let Some(wave) = wave(task) {
            add(waves.entry(wave).or_default());
        }
        if let Some(phase) = task.field("Phase") {
            add(phases.entry((phase_rank(phase), phase.to_owned())).or_default());
        }
    }
    status.conflicts.extend(document.offers.iter().map(|o| o.key.clone()));
    status.groups = groups;
    status.waves =
        waves.into_iter().map(|(wave, p): (u32, Progress)| Progress { name: wave.to_string(), ..p }).collect();
    status.phases =
        phases.into_iter().map(|((_, name), p): ((usize, String), Progress)| Progress { name, ..p }).collect();
    status
}

/// The wave of a task.
pub fn wave(task: &Task) -> Option<u32> {
    task.field("Wave")?.split_whitespace().next()?.parse().ok()
}

/// The place of a phase in the order of work.
pub fn phase_rank(phase: &str) -> usize {
    ["Core", "Scale", "Optimize"].iter().position(|p| phase.starts_with(p)).unwrap_or(3)
}

/// The group a task is counted in: `TASK-4 Performance Engineering`, `ARCH-ITEM Architecture Items`.
fn group(document: &Document, task: &Task) -> String {
    let group = task.group();
    let family = group.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
    let name = if family == "TASK" || family.is_empty() { group } else { family };
    let heading = task.heading.and_then(|h| document.headings.get(h)).filter(|h| h.level > 1);
    heading.map_or_else(|| name.to_owned(), |h| format!("{name} {}", h.text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    #[test]
    fn tasks_are_counted_by_group_wave_and_phase() {
        let text = "## Tasks\n### Performance\n- [x] **TASK-4.1 [a]**: <!-- ap: a -->\n  - **After**: none · **Wave**: 1 · **Phase**: Core\n\
            - [ ] **TASK-4.2 [b]**: <!-- ap: b -->\n  - **After**: TASK-4.1 · **Wave**: 2 · **Phase**: Scale\n\
            - [x] **QA-1**: all <!-- ap: qa -->\n  - **Status**: suspect — done for a = 1, now 2 <!-- ap-done: a=1 -->\n\
            - [ ] **QA-2**: none <!-- ap: qa2 -->\n  - **Status**: not-applicable because we say so\n- [x] own\n";
        let status = status(&read(text));
        let row = |p: &Progress| (p.name.clone(), p.done, p.total);
        assert_eq!(row(&status.all), ("all".into(), 2, 3));
        assert_eq!(
            status.groups.iter().map(row).collect::<Vec<_>>(),
            [("TASK-4 Performance".into(), 1, 2), ("QA Performance".into(), 1, 1)]
        );
        assert_eq!(status.waves.iter().map(row).collect::<Vec<_>>(), [("1".into(), 1, 1), ("2".into(), 0, 1)]);
        assert_eq!(status.phases.iter().map(row).collect::<Vec<_>>(), [("Core".into(), 1, 1), ("Scale".into(), 0, 1)]);
        assert_eq!(status.suspect, ["QA-1"]);
    }
}
