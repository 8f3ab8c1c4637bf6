//! Timelines: what every step of a first run read and wrote, so that a re-run repeats only the steps whose facts changed.
//!
//! It knows nothing of what the steps compute. A step that is not repeated leaves its facts as they were in the first run,
//! which is sound because a step is a function of the facts that it read.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Fact, Origin};
use crate::quantity::{Kind, Range, Value};

/// Paths with their slots: an open-addressed table, so that a lookup costs one hash and one comparison.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    names: Vec<String>,
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
    fn find(&self, hash: u64, path: &str) -> Option<usize> {
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
fn bit(step: usize) -> u128 {
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
struct Slot {
    /// Its values with the step that wrote each, in order; step 0 is what was given.
    history: Vec<(usize, Fact)>,
    /// Steps that read it.
    readers: u128,
}

/// A first run: what stands at each path after each step, and which steps read it.
#[derive(Debug)]
pub struct Timeline {
    table: Table,
    slots: Vec<Slot>,
    writes: Vec<Vec<usize>>,
    /// Steps that asked about sections or walked through everything: repeated when a path appears that no step knew.
    open: u128,
    /// Slots by path.
    sorted: Vec<usize>,
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
    fn seen(&self, slot: usize, step: usize) -> Option<&Fact> {
        let history = &self.slots.get(slot)?.history;
        history.iter().rev().find(|(at, _)| *at < step).map(|(_, fact)| fact)
    }

    fn written(&self, slot: usize, step: usize) -> Option<&Fact> {
        self.slots.get(slot)?.history.iter().find(|(at, _)| *at == step).map(|(_, fact)| fact)
    }
}

fn is_below(name: &str, section: &str) -> bool {
    name.strip_prefix(section).is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// What differs from the first run at a path.
#[derive(Clone, Debug, Default)]
struct Cell {
    /// The re-run that it belongs to; older ones do not count.
    epoch: u32,
    /// The step that wrote it.
    step: usize,
    /// The value now; none when it is unknown in this re-run.
    fact: Option<Fact>,
}

/// How far a value of the first run is moved.
#[derive(Clone, Copy, Debug, Default)]
struct Shift {
    epoch: u32,
    factor: f64,
}

/// A re-run over a timeline.
#[derive(Clone, Debug)]
pub(super) struct Rerun {
    base: Rc<Timeline>,
    epoch: u32,
    step: usize,
    /// The step that runs came to what it came to in the first run.
    kept: bool,
    /// Steps to repeat.
    dirty: u128,
    cells: Vec<Cell>,
    shifts: Vec<Shift>,
    /// Paths that the first run never met.
    extras: BTreeMap<String, Fact>,
}

impl Rerun {
    pub(super) fn new(base: Rc<Timeline>) -> Self {
        let number = base.slots.len();
        let shifts = vec![Shift::default(); number];
        Self {
            base,
            epoch: 1,
            step: 0,
            kept: false,
            dirty: 0,
            cells: vec![Cell::default(); number],
            shifts,
            extras: BTreeMap::new(),
        }
    }

    /// Forgets all differences.
    pub(super) fn restart(&mut self) {
        self.epoch += 1;
        self.step = 0;
        self.dirty = 0;
        self.extras.clear();
    }

    pub(super) fn get(&self, hash: u64, path: &str) -> Option<&Fact> {
        let Some(slot) = self.base.table.find(hash, path) else { return self.extras.get(path) };
        self.at(slot)
    }

    fn at(&self, slot: usize) -> Option<&Fact> {
        match self.cells.get(slot) {
            Some(cell) if cell.epoch == self.epoch => cell.fact.as_ref(),
            _ => self.base.seen(slot, self.step),
        }
    }

    /// All facts in the order of their paths.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        let known = self
            .base
            .sorted
            .iter()
            .filter_map(|slot| Some((self.base.table.names.get(*slot)?.as_str(), self.at(*slot)?)));
        known.chain(self.extras.iter().map(|(path, fact)| (path.as_str(), fact)))
    }

    /// Facts below a section.
    pub(super) fn below<'f>(&'f self, path: &'f str) -> impl Iterator<Item = &'f Fact> + use<'f> {
        let names = &self.base.table.names;
        let from = self.base.sorted.partition_point(|slot| names.get(*slot).is_some_and(|name| name.as_str() < path));
        let sorted = self.base.sorted.get(from..).unwrap_or_default();
        let near = sorted
            .iter()
            .map_while(move |slot| names.get(*slot).filter(|name| name.starts_with(path)).map(|name| (*slot, name)));
        let known = near.filter(move |(_, name)| is_below(name, path)).filter_map(|(slot, _)| self.at(slot));
        known.chain(self.extras.iter().filter(move |(name, _)| is_below(name, path)).map(|(_, fact)| fact))
    }

    /// Puts what is stated differently in this re-run.
    pub(super) fn state(&mut self, path: &str, fact: Fact) {
        self.step = 0;
        self.put(path, fact);
        // The first step fills gaps with constants: a key that is stated is left out, and nothing else is different.
        self.dirty &= !bit(1);
    }

    /// Takes back what is stated.
    pub(super) fn forget(&mut self, path: &str) {
        self.step = 0;
        if let Some(slot) = self.base.table.find(hash(path), path) {
            self.mark(slot);
            self.keep(slot, None);
        }
    }

    /// Moves an assumed number by a factor, wherever it comes from.
    pub(super) fn shift(&mut self, path: &str, factor: f64) {
        let slot = self.base.table.find(hash(path), path);
        if let Some(shift) = slot.and_then(|slot| self.shifts.get_mut(slot)) {
            *shift = Shift { epoch: self.epoch, factor };
        }
    }

    /// The kind of the fact that stands at the path.
    pub(super) fn kind(&self, path: &str) -> Kind {
        let old = self.base.table.find(hash(path), path).and_then(|slot| self.base.slots.get(slot)?.history.first());
        old.map_or_else(|| super::registry::kind_of(path).unwrap_or(Kind::Number), |(_, fact)| fact.kind)
    }

    pub(super) fn put(&mut self, path: &str, mut fact: Fact) {
        let Some(slot) = self.base.table.find(hash(path), path) else {
            self.dirty |= self.base.open;
            self.extras.insert(path.to_string(), fact);
            return;
        };
        if let Some(factor) = self.factor(slot) {
            shifted(&mut fact, factor);
        }
        if !self.base.written(slot, self.step).is_some_and(|old| same(old, &fact)) {
            self.mark(slot);
        }
        self.keep(slot, Some(fact));
    }

    fn factor(&self, slot: usize) -> Option<f64> {
        self.shifts.get(slot).filter(|shift| shift.epoch == self.epoch).map(|shift| shift.factor)
    }

    fn keep(&mut self, slot: usize, fact: Option<Fact>) {
        if let Some(cell) = self.cells.get_mut(slot) {
            *cell = Cell { epoch: self.epoch, step: self.step, fact };
        }
    }

    fn mark(&mut self, slot: usize) {
        self.dirty |= self.base.slots.get(slot).map_or(0, |slot| slot.readers);
    }

    /// Whether a step has to be repeated; when not, its facts are those of the first run.
    pub(super) fn begin(&mut self, step: usize) -> bool {
        self.step = step;
        self.kept = false;
        if self.dirty & bit(step) != 0 {
            return true;
        }
        self.leave();
        false
    }

    /// What the first run wrote in this step.
    pub(super) fn first(&self, path: &str) -> Option<&Fact> {
        self.base.written(self.base.table.find(hash(path), path)?, self.step)
    }

    /// The step comes to what it came to in the first run.
    pub(super) fn keep_all(&mut self) {
        self.kept = true;
        self.leave();
    }

    /// Leaves a step as the first run had it, but for numbers that are moved.
    fn leave(&mut self) {
        let step = self.step;
        let base = Rc::clone(&self.base);
        for slot in base.writes.get(step).into_iter().flatten() {
            let now = self.cells.get(*slot).filter(|cell| cell.epoch == self.epoch).map(|cell| cell.step);
            if now == Some(0) {
                // What is stated stays; the step would not have written it.
                continue;
            }
            if let (Some(factor), Some(fact)) = (self.factor(*slot), base.written(*slot, step)) {
                let mut fact = fact.clone();
                shifted(&mut fact, factor);
                self.mark(*slot);
                self.keep(*slot, Some(fact));
            } else if now.is_some()
                && let Some(cell) = self.cells.get_mut(*slot)
            {
                cell.epoch = 0;
            }
        }
    }

    /// Ends a repeated step: what it wrote in the first run and not in this one is as it was before the step.
    pub(super) fn end(&mut self) {
        if self.kept {
            return;
        }
        let base = Rc::clone(&self.base);
        for slot in base.writes.get(self.step).into_iter().flatten() {
            let now = self.cells.get(*slot).filter(|cell| cell.epoch == self.epoch).map(|cell| cell.step);
            if now == Some(self.step) {
                continue;
            }
            self.mark(*slot);
            if now.is_none() {
                let before = base.seen(*slot, self.step).cloned();
                self.keep(*slot, before);
            }
        }
    }

    /// After the last step.
    pub(super) fn finish(&mut self) {
        self.step = usize::MAX;
    }
}

/// Same value, and both stated or neither: nothing that reads it can differ.
fn same(a: &Fact, b: &Fact) -> bool {
    let stated = |fact: &Fact| matches!(fact.origin, Origin::Given { .. });
    a.value == b.value && stated(a) == stated(b)
}

/// Moves a number; of a share its smaller part moves, so that it stays a share.
pub(super) fn shifted(fact: &mut Fact, factor: f64) {
    let kind = fact.kind;
    let one = |value: f64| match kind {
        Kind::Share if value > 0.5 => 1.0 - (1.0 - value) * factor,
        Kind::Growth => 1.0 + (value - 1.0) * factor,
        Kind::Int => (value * factor).round(),
        _ => value * factor,
    };
    match &mut fact.value {
        Value::Number(number) => *number = one(*number),
        Value::Range(range) => {
            let (low, high) = (one(range.low), one(range.high));
            *range = Range { low: low.min(high), expected: one(range.expected), high: high.max(low) };
        }
        _ => {}
    }
}

/// The log of a run, written through shared references: reading a fact is what is logged.
pub(super) type Logged = RefCell<Log>;
