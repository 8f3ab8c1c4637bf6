//! Re-runs over a timeline: the facts of the first run and what differs from them.
//!
//! A step is repeated when a fact that it read differs; its values then differ or not, and so on. It knows nothing of what steps compute.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::table::hash;
use super::timeline::{Timeline, bit, is_below};
use super::{Fact, Origin};
use crate::quantity::{Kind, Range, Value};

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
    /// Steps that write, in the first run, what differs or is moved now.
    touched: u128,
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
            touched: 0,
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
        self.touched = 0;
        self.extras.clear();
    }

    pub(super) fn get(&self, path: &str) -> Option<&Fact> {
        let Some(slot) = self.slot(path) else { return self.extras.get(path) };
        self.at(slot)
    }

    fn slot(&self, path: &str) -> Option<usize> {
        self.base.table.find(hash(path), path)
    }

    /// The fact at a slot of the timeline.
    pub(super) fn at(&self, slot: usize) -> Option<&Fact> {
        match self.cells.get(slot) {
            Some(cell) if cell.epoch == self.epoch => cell.fact.as_ref(),
            _ => self.base.seen(slot, self.step),
        }
    }

    /// All facts in the order of their paths.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        let known =
            self.base.sorted.iter().filter_map(|slot| Some((&**self.base.table.names.get(*slot)?, self.at(*slot)?)));
        known.chain(self.extras.iter().map(|(path, fact)| (path.as_str(), fact)))
    }

    /// Facts below a section.
    pub(super) fn below<'f>(&'f self, path: &'f str) -> impl Iterator<Item = &'f Fact> + use<'f> {
        let Timeline { table, slots, sorted, .. } = self.base.as_ref();
        let slot = table.find(hash(path), path).and_then(|slot| slots.get(slot));
        // A path that no step asked for has no slot, and what lies below it is looked for among all.
        let near = slot.map_or(0..sorted.len(), |slot| slot.below.clone());
        let near = sorted.get(near).unwrap_or_default().iter();
        let known = near.filter(move |slot| table.names.get(**slot).is_some_and(|name| is_below(name, path)));
        let extras = self.extras.iter().filter(move |(name, _)| is_below(name, path)).map(|(_, fact)| fact);
        known.filter_map(|slot| self.at(*slot)).chain(extras)
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
        if let Some(slot) = self.slot(path) {
            self.mark(slot);
            self.keep(slot, None);
        }
    }

    /// Moves an assumed number by a factor, wherever it comes from.
    pub(super) fn shift(&mut self, path: &str, factor: f64) {
        let slot = self.slot(path);
        if let Some(slot) = slot {
            self.touch(slot);
            if let Some(shift) = self.shifts.get_mut(slot) {
                *shift = Shift { epoch: self.epoch, factor };
            }
        }
    }

    /// The kind of the fact that stands at the path.
    pub(super) fn kind(&self, path: &str) -> Kind {
        let slot = self.slot(path).and_then(|slot| self.base.slots.get(slot));
        slot.map_or_else(|| super::registry::kind_of(path).unwrap_or(Kind::Number), |slot| slot.kind)
    }

    /// Puts a computed value; nobody reads the provenance of a re-run.
    pub(super) fn derive(&mut self, path: &str, value: Value) {
        let slot = self.slot(path);
        let kind = slot.and_then(|slot| self.base.slots.get(slot)).map_or(Kind::Number, |slot| slot.kind);
        let origin = Origin::Derived { formula: Cow::Borrowed(""), inputs: Vec::new() };
        self.put_at(slot, path, Fact { kind, value, origin, rule: Cow::Borrowed("engine") });
    }

    pub(super) fn put(&mut self, path: &str, fact: Fact) {
        self.put_at(self.slot(path), path, fact);
    }

    fn put_at(&mut self, slot: Option<usize>, path: &str, mut fact: Fact) {
        let Some(slot) = slot else {
            fact.kind = super::registry::kind_of(path).unwrap_or(Kind::Number);
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

    fn touch(&mut self, slot: usize) {
        self.touched |= self.base.slots.get(slot).map_or(0, |slot| slot.writers);
    }

    fn keep(&mut self, slot: usize, fact: Option<Fact>) {
        self.touch(slot);
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
        self.base.written(self.slot(path)?, self.step)
    }

    /// The step comes to what it came to in the first run.
    pub(super) fn keep_all(&mut self) {
        self.kept = true;
        self.leave();
    }

    /// Leaves a step as the first run had it, but for numbers that are moved.
    fn leave(&mut self) {
        let step = self.step;
        if self.touched & bit(step) == 0 {
            return;
        }
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
