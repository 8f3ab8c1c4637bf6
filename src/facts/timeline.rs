//! Timelines: what every step of a first run read and wrote, so that a re-run repeats only the steps whose facts changed.
//!
//! It knows nothing of what the steps compute. A step that is not repeated leaves its facts as they were in the first run,
//! which is sound because a step is a function of the facts that it read.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range as Span;

use super::store::Store;
use super::table::{Table, hash};
use super::{Fact, registry};
use crate::quantity::Kind;

/// Steps with one bit each; steps beyond the last bit share it, which repeats more than needed, never less.
pub(super) fn bit(step: usize) -> u128 {
    1 << step.min(127)
}

/// What a step did.
#[derive(Clone, Debug, Default)]
struct Done {
    reads: Vec<usize>,
    /// Sections that it asked about: `data.files` is known when something below it is.
    sections: Vec<usize>,
    /// It walked through all facts.
    all: bool,
    writes: Vec<usize>,
}

/// The log of a first run.
#[derive(Clone, Debug)]
pub(super) struct Log {
    table: Table<Cow<'static, str>>,
    now: Done,
    steps: Vec<Done>,
    history: Vec<Vec<(usize, Fact)>>,
}

impl Log {
    /// An empty log; the registered paths have their numbers, so that conditions need not look them up.
    pub(super) fn new() -> Self {
        Self { table: registry::table().clone(), now: Done::default(), steps: Vec::new(), history: Vec::new() }
    }

    pub(super) fn read(&mut self, path: &str) {
        let slot = self.table.intern(path);
        if !self.now.reads.contains(&slot) {
            self.now.reads.push(slot);
        }
    }

    pub(super) fn section(&mut self, path: &str) {
        let slot = self.table.intern(path);
        if !self.now.sections.contains(&slot) {
            self.now.sections.push(slot);
        }
    }

    pub(super) fn all(&mut self) {
        self.now.all = true;
    }

    pub(super) fn write(&mut self, path: &str) {
        let slot = self.table.intern(path);
        if !self.now.writes.contains(&slot) {
            self.now.writes.push(slot);
        }
    }

    /// Ends a step: what it wrote stands in the store.
    pub(super) fn end(&mut self, store: &Store) {
        let done = std::mem::take(&mut self.now);
        let step = self.steps.len();
        for slot in &done.writes {
            let Some(fact) = self.table.names.get(*slot).and_then(|name| store.get(name)) else {
                continue;
            };
            if self.history.len() <= *slot {
                self.history.resize(slot + 1, Vec::new());
            }
            if let Some(history) = self.history.get_mut(*slot) {
                history.push((step, fact.clone()));
            }
        }
        self.steps.push(done);
    }
}

/// A path of a timeline.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// Its values with the step that wrote each, in order; step 0 is what was given.
    pub(super) history: Vec<(usize, Fact)>,
    /// Steps that read it.
    pub(super) readers: u128,
    /// Steps that wrote it.
    pub(super) writers: u128,
    /// The kind of what stands there.
    pub(super) kind: Kind,
    /// What stands below it, as a part of [`Timeline::sorted`] that may hold a few others.
    pub(super) below: Span<usize>,
}

/// A first run: what stands at each path after each step, and which steps read it.
#[derive(Debug)]
pub struct Timeline {
    pub(super) table: Table<Cow<'static, str>>,
    pub(super) slots: Vec<Slot>,
    pub(super) writes: Vec<Vec<usize>>,
    /// Steps that asked about sections or walked through everything: repeated when a path appears that no step knew.
    pub(super) open: u128,
    /// Slots by path.
    pub(super) sorted: Vec<usize>,
}

impl Slot {
    fn of(name: &str, history: Vec<(usize, Fact)>) -> Self {
        let kind = history.first().map(|(_, fact)| fact.kind).or_else(|| registry::kind_of(name));
        let writers = history.iter().fold(0, |all, (step, _)| all | bit(*step));
        Self { history, readers: 0, writers, kind: kind.unwrap_or(Kind::Number), below: 0..0 }
    }
}

impl Timeline {
    /// From the log; `more` are paths that re-runs will set although the first run did not meet them.
    pub(super) fn new(log: Log, more: &[&str]) -> Self {
        let Log { mut table, steps, mut history, .. } = log;
        for path in more {
            table.intern(path);
        }
        history.resize(table.names.len(), Vec::new());
        let mut sorted: Vec<usize> = (0..table.names.len()).collect();
        sorted.sort_by(|a, b| table.names.get(*a).cmp(&table.names.get(*b)));
        let mut slots: Vec<Slot> = history.into_iter().zip(&table.names).map(|(h, name)| Slot::of(name, h)).collect();
        for (at, slot) in sorted.iter().enumerate() {
            let Some((name, slot)) = table.names.get(*slot).zip(slots.get_mut(*slot)) else { continue };
            let after = sorted.iter().skip(at + 1).map_while(|slot| table.names.get(*slot));
            let under = after.take_while(|other| other.starts_with(&**name));
            let number =
                under.enumerate().filter(|(_, other)| is_below(other, name)).last().map_or(0, |(last, _)| last + 1);
            slot.below = at + 1..at + 1 + number;
        }
        let mut open = 0;
        for (step, done) in steps.iter().enumerate() {
            let mut read = |slot: usize| {
                if let Some(slot) = slots.get_mut(slot) {
                    slot.readers |= bit(step);
                }
            };
            done.reads.iter().for_each(|slot| read(*slot));
            if done.all {
                (0..table.names.len()).for_each(&mut read);
            }
            for section in &done.sections {
                let below = slots.get(*section).map_or(0..0, |slot| slot.below.clone());
                for slot in sorted.get(below).into_iter().flatten() {
                    if let Some(slot) = slots.get_mut(*slot) {
                        slot.readers |= bit(step);
                    }
                }
            }
            if done.all || !done.sections.is_empty() {
                open |= bit(step);
            }
        }
        let writes = steps.into_iter().map(|done| done.writes).collect();
        Self { table, slots, writes, open, sorted }
    }

    /// Whether a step before this one read the path.
    #[must_use]
    pub fn is_read(&self, path: &str, before: usize) -> bool {
        let readers =
            self.table.find(hash(path), path).and_then(|slot| self.slots.get(slot)).map_or(0, |slot| slot.readers);
        // Steps that share the last bit count as one.
        let below = if before > 127 { u128::MAX } else { bit(before) - 1 };
        readers & below != 0
    }

    /// The fact as the first run left it.
    #[must_use]
    pub fn last(&self, path: &str) -> Option<&Fact> {
        self.seen(self.table.find(hash(path), path)?, usize::MAX)
    }

    /// The value that a step sees: the last one written before it.
    pub(super) fn seen(&self, slot: usize, step: usize) -> Option<&Fact> {
        let history = &self.slots.get(slot)?.history;
        history.iter().rev().find(|(at, _)| *at < step).map(|(_, fact)| fact)
    }

    pub(super) fn written(&self, slot: usize, step: usize) -> Option<&Fact> {
        self.slots.get(slot)?.history.iter().find(|(at, _)| *at == step).map(|(_, fact)| fact)
    }
}

pub(super) fn is_below(name: &str, section: &str) -> bool {
    name.strip_prefix(section).is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// The log of a run, written through shared references: reading a fact is what is logged.
pub(super) type Logged = RefCell<Log>;
