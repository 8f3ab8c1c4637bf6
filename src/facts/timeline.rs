//! Timelines: what every step of a first run read and wrote, so that a re-run repeats only the steps whose facts changed.
//!
//! It knows nothing of what the steps compute. A step that is not repeated leaves its facts as they were in the first run,
//! which is sound because a step is a function of the facts that it read.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::Fact;

/// Paths with their slots: an open-addressed table, so that a lookup costs one hash and one comparison.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) names: Vec<String>,
    /// Slot + 1; 0 is empty.
    cells: Vec<u32>,
}

/// The hash of a path; eight bytes at a time.
#[must_use]
pub(super) fn hash(path: &str) -> u64 {
    const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut out: u64 = PRIME;
    let mut rest = path.as_bytes();
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        out = (out ^ u64::from_le_bytes(*chunk)).wrapping_mul(PRIME).rotate_left(29);
        rest = tail;
    }
    let last = rest.iter().fold(rest.len() as u64, |word, byte| (word << 8) | u64::from(*byte));
    out = (out ^ last).wrapping_mul(PRIME);
    out ^ (out >> 32)
}

impl Table {
    #[expect(clippy::cast_possible_truncation, reason = "the mask keeps the value below the length")]
    pub(super) fn find(&self, hash: u64, path: &str) -> Option<usize> {
        let mask = self.cells.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.cells.get(at).copied().filter(|cell| *cell > 0)? as usize - 1;
            if self.names.get(slot).is_some_and(|name| name == path) {
                return Some(slot);
            }
            at = (at + 1) & mask;
        }
    }

    fn intern(&mut self, path: &str) -> usize {
        if let Some(slot) = self.find(hash(path), path) {
            return slot;
        }
        self.names.push(path.to_string());
        if self.names.len() * 2 > self.cells.len() {
            self.cells = vec![0; (self.names.len() * 4).next_power_of_two().max(1024)];
            for slot in 0..self.names.len() {
                self.place(slot);
            }
        } else {
            self.place(self.names.len() - 1);
        }
        self.names.len() - 1
    }

    #[expect(clippy::cast_possible_truncation, reason = "the mask keeps the value below the length; paths are few")]
    fn place(&mut self, slot: usize) {
        let mask = self.cells.len() - 1;
        let mut at = self.names.get(slot).map_or(0, |name| hash(name)) as usize & mask;
        while self.cells.get(at).is_some_and(|cell| *cell > 0) {
            at = (at + 1) & mask;
        }
        if let Some(cell) = self.cells.get_mut(at) {
            *cell = slot as u32 + 1;
        }
    }
}

/// Steps with one bit each; steps beyond the last bit share it, which repeats more than needed, never less.
pub(super) fn bit(step: usize) -> u128 {
    1 << step.min(127)
}

/// What a step did.
#[derive(Clone, Debug, Default)]
struct Done {
    reads: Vec<usize>,
    /// Sections that it asked about: `data.files` is known when something below it is.
    sections: Vec<String>,
    /// It walked through all facts.
    all: bool,
    writes: Vec<usize>,
}

/// The log of a first run.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    table: Table,
    now: Done,
    steps: Vec<Done>,
    history: Vec<Vec<(usize, Fact)>>,
}

impl Log {
    pub(super) fn read(&mut self, path: &str) {
        let slot = self.table.intern(path);
        if !self.now.reads.contains(&slot) {
            self.now.reads.push(slot);
        }
    }

    pub(super) fn section(&mut self, path: &str) {
        if !self.now.sections.iter().any(|known| known == path) {
            self.now.sections.push(path.to_string());
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

    /// Ends a step: what it wrote stands in the map.
    pub(super) fn end(&mut self, map: &BTreeMap<String, Fact>) {
        let done = std::mem::take(&mut self.now);
        let step = self.steps.len();
        for slot in &done.writes {
            let Some((name, fact)) = self.table.names.get(*slot).and_then(|name| map.get_key_value(name)) else {
                continue;
            };
            debug_assert_eq!(self.table.names.get(*slot), Some(name));
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
#[derive(Clone, Debug, Default)]
pub(super) struct Slot {
    /// Its values with the step that wrote each, in order; step 0 is what was given.
    pub(super) history: Vec<(usize, Fact)>,
    /// Steps that read it.
    pub(super) readers: u128,
}

/// A first run: what stands at each path after each step, and which steps read it.
#[derive(Debug)]
pub struct Timeline {
    pub(super) table: Table,
    pub(super) slots: Vec<Slot>,
    pub(super) writes: Vec<Vec<usize>>,
    /// Steps that asked about sections or walked through everything: repeated when a path appears that no step knew.
    pub(super) open: u128,
    /// Slots by path.
    pub(super) sorted: Vec<usize>,
}

impl Timeline {
    /// From the log; `more` are paths that re-runs will set although the first run did not meet them.
    pub(super) fn new(log: Log, more: &[&str]) -> Self {
        let Log { mut table, steps, mut history, .. } = log;
        for path in more {
            table.intern(path);
        }
        history.resize(table.names.len(), Vec::new());
        let mut slots: Vec<Slot> = history.into_iter().map(|history| Slot { history, readers: 0 }).collect();
        let mut sorted: Vec<usize> = (0..table.names.len()).collect();
        sorted.sort_by(|a, b| table.names.get(*a).cmp(&table.names.get(*b)));
        let mut open = 0;
        for (step, done) in steps.iter().enumerate() {
            for slot in &done.reads {
                if let Some(slot) = slots.get_mut(*slot) {
                    slot.readers |= bit(step);
                }
            }
            for (slot, name) in slots.iter_mut().zip(&table.names) {
                if done.all || done.sections.iter().any(|section| is_below(name, section)) {
                    slot.readers |= bit(step);
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
