//! Facts: every value the engine uses, with its path, its kind and where it comes from.
//!
//! A fact that is not here is unknown: never "no" and never 0. This layer knows nothing of files, plans or technologies.

pub mod condition;
mod derived;
pub mod given;
mod item_path;
mod leaf;
mod range;
pub mod registry;
mod rerun;
mod store;
pub mod table;
pub mod text;
mod timeline;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::quantity::{Kind, Range, Units, Value, exact_in, human, stated_duration, stated_rate};

pub use condition::{Condition, Leaf, Trace, Truth};
pub use item_path::ItemPath;
use rerun::Rerun;
use store::Store;
pub use text::Text;
use timeline::Logged;
pub use timeline::Timeline;

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// Stated in the requirements; line and column count from 1, 0 when it was set from outside the file.
    Given {
        /// Line of the value.
        line: usize,
        /// Column of the value.
        column: usize,
        /// Whether it is a span of time written in months or years, which calendars make longer than so many days.
        calendar: bool,
    },
    /// The default of the requirements language.
    Default,
    /// Computed.
    Derived {
        /// The formula as people read it.
        formula: Cow<'static, str>,
        /// Paths of the facts that went in.
        inputs: Vec<String>,
    },
}

/// One value with its provenance.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Kind and with it the unit.
    pub kind: Kind,
    /// The value in the kind's canonical unit.
    pub value: Value,
    /// Where it comes from.
    pub origin: Origin,
    /// The rule that set it: `contract`, `seed`, the id of a number or of a catalogue entry.
    pub rule: Cow<'static, str>,
}

impl Fact {
    /// The value as the mark of a task names it: exact, and the same in every notation of the requirements; none for free text.
    #[must_use]
    pub fn marked(&self) -> Option<String> {
        match (&self.value, self.expected()) {
            (_, Some(number)) => Some(exact_in(self.kind, number, &Units::default())),
            (Value::Text(_), _) if self.kind == Kind::Text => None,
            _ => Some(self.human().replace(", ", ",")),
        }
    }

    /// The value as people write it.
    #[must_use]
    pub fn human(&self) -> String {
        match &self.value {
            Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_string(),
            Value::Number(number) if self.kind == Kind::Rate && matches!(self.origin, Origin::Given { .. }) => {
                // A stated 100/min is not read back as 1.67/s.
                stated_rate(*number, &Units::default())
            }
            Value::Number(number) if self.kind == Kind::Duration && self.calendar() => {
                // Stated 3 months are not read back as 90 days, which is less in most of a year.
                stated_duration(*number, &Units::default())
            }
            Value::Number(number) => human(self.kind, *number),
            Value::Range(range) => human(self.kind, range.expected),
            Value::Text(text) => text.to_string(),
            Value::List(words) => words.join(", "),
        }
    }

    /// Whether it is a span of time that was stated in months or years.
    #[must_use]
    pub const fn calendar(&self) -> bool {
        matches!(self.origin, Origin::Given { calendar: true, .. })
    }

    /// The number that decisions are made on; `None` when it is not a number.
    #[must_use]
    pub fn expected(&self) -> Option<f64> {
        self.range().map(|range| range.expected)
    }

    /// The number with its uncertainty; `None` when it is not a number.
    #[must_use]
    pub fn range(&self) -> Option<Range> {
        match &self.value {
            Value::Number(number) => Some(Range::exactly(*number)),
            Value::Range(range) => Some(*range),
            _ => None,
        }
    }
}

/// All facts known so far, by path.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    store: Store,
    mode: Mode,
    /// Only values count.
    silent: bool,
}

/// What happens beside reading and writing.
#[derive(Clone, Debug, Default)]
enum Mode {
    /// Nothing.
    #[default]
    Plain,
    /// Every step's reads and writes are logged.
    Logged(Box<Logged>),
    /// Facts are the differences from an earlier run; the store stays empty.
    Rerun(Box<Rerun>),
    /// Assumed numbers are moved by a factor when a step puts them: what a re-run does, the slow way.
    Shifted(BTreeMap<String, f64>),
}

impl Facts {
    /// The fact at a path; `None` is unknown.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Fact> {
        match &self.mode {
            Mode::Plain | Mode::Shifted(_) => self.store.get(path),
            Mode::Logged(log) => {
                log.borrow_mut().read(path);
                self.store.get(path)
            }
            Mode::Rerun(rerun) => rerun.get(path),
        }
    }

    /// The same for a path with its number in the registry, where it has one.
    fn get_at(&self, slot: Option<usize>, path: &str) -> Option<&Fact> {
        match (&self.mode, slot) {
            (Mode::Rerun(rerun), Some(slot)) => rerun.at(slot),
            _ => self.get(path),
        }
    }

    /// Whether the requirements state it.
    #[must_use]
    pub fn is_stated(&self, path: &str) -> bool {
        let stated = |fact: &Fact| matches!(fact.origin, Origin::Given { .. });
        match &self.mode {
            Mode::Rerun(rerun) => rerun.get(path).is_some_and(stated) || rerun.below(path).any(stated),
            _ => self.get(path).is_some_and(stated) || self.below(path).any(stated),
        }
    }

    /// How many values the requirements state.
    #[must_use]
    pub fn stated(&self) -> usize {
        self.each().filter(|(_, fact)| matches!(fact.origin, Origin::Given { .. })).count()
    }

    /// Whether it, or anything below it, is known.
    #[must_use]
    pub fn is_known(&self, path: &str) -> bool {
        self.get(path).is_some() || self.below(path).next().is_some()
    }

    /// Facts below a section such as `data.files` or a list such as `entities[Order].queries`.
    fn below<'f>(&'f self, path: &'f str) -> Box<dyn Iterator<Item = &'f Fact> + 'f> {
        match &self.mode {
            Mode::Rerun(rerun) => return Box::new(rerun.below(path)),
            Mode::Logged(log) => log.borrow_mut().section(path),
            Mode::Plain | Mode::Shifted(_) => {}
        }
        Box::new(self.store.below(path))
    }

    /// The expected number at a path.
    #[must_use]
    pub fn number(&self, path: &str) -> Option<f64> {
        self.get(path).and_then(Fact::expected)
    }

    /// The number with its uncertainty at a path.
    #[must_use]
    pub fn range(&self, path: &str) -> Option<Range> {
        self.get(path).and_then(Fact::range)
    }

    /// The word or text at a path.
    #[must_use]
    pub fn word(&self, path: &str) -> Option<&str> {
        match self.get(path).map(|fact| &fact.value) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The yes or no at a path.
    #[must_use]
    pub fn flag(&self, path: &str) -> Option<bool> {
        match self.get(path).map(|fact| &fact.value) {
            Some(Value::Bool(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// The list at a path; empty when unknown.
    #[must_use]
    pub fn words(&self, path: &str) -> &[String] {
        match self.get(path).map(|fact| &fact.value) {
            Some(Value::List(words)) => words,
            _ => &[],
        }
    }

    /// The value at a path as people write it; empty when unknown.
    #[must_use]
    pub fn human(&self, path: &str) -> String {
        self.get(path).map(Fact::human).unwrap_or_default()
    }

    /// Makes room for so many more facts.
    fn reserve(&mut self, more: usize) {
        self.store.reserve(more);
    }

    /// Puts a fact, replacing an older one.
    pub fn put(&mut self, path: impl AsRef<str> + Into<Rc<str>>, mut fact: Fact) {
        match &mut self.mode {
            Mode::Rerun(rerun) => return rerun.put(path.as_ref(), fact),
            Mode::Logged(log) => log.get_mut().write(path.as_ref()),
            Mode::Shifted(shifts) => {
                if let Some(factor) = shifts.get(path.as_ref()) {
                    rerun::shifted(&mut fact, *factor);
                }
            }
            Mode::Plain => {}
        }
        self.store.put(path, fact);
    }

    /// Puts a computed value with the formula and the paths that went in.
    pub fn derive(
        &mut self,
        path: impl AsRef<str> + Into<Rc<str>>,
        value: impl Into<Value>,
        formula: impl Into<Cow<'static, str>>,
        inputs: &[&str],
    ) {
        if let Mode::Rerun(rerun) = &mut self.mode {
            return rerun.derive(path.as_ref(), value.into());
        }
        let kind = registry::kind_of(path.as_ref()).unwrap_or(Kind::Number);
        let origin =
            Origin::Derived { formula: formula.into(), inputs: inputs.iter().map(ToString::to_string).collect() };
        self.put(path, Fact { kind, value: value.into(), origin, rule: Cow::Borrowed("engine") });
    }

    /// All facts in no order that means anything, which costs no sorting.
    pub fn each(&self) -> Box<dyn Iterator<Item = (&str, &Fact)> + '_> {
        match &self.mode {
            Mode::Plain | Mode::Shifted(_) => Box::new(self.store.each()),
            Mode::Logged(_) | Mode::Rerun(_) => self.iter(),
        }
    }

    /// All facts in the order of their paths.
    pub fn iter(&self) -> Box<dyn Iterator<Item = (&str, &Fact)> + '_> {
        match &self.mode {
            Mode::Rerun(rerun) => return Box::new(rerun.iter()),
            Mode::Logged(log) => log.borrow_mut().all(),
            Mode::Plain | Mode::Shifted(_) => {}
        }
        Box::new(self.store.iter())
    }

    /// The chain from a fact down to what was stated, depth first, each path once.
    #[must_use]
    pub fn chain(&self, path: &str) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        let mut open = vec![(0, path.to_string())];
        while let Some((depth, path)) = open.pop() {
            if out.iter().any(|(_, seen)| *seen == path) {
                continue;
            }
            if let Some(Fact { origin: Origin::Derived { inputs, .. }, .. }) = self.get(&path) {
                open.extend(inputs.iter().rev().map(|input| (depth + 1, input.clone())));
            }
            out.push((depth, path));
        }
        out
    }
}

/// Runs that are logged, and re-runs over their timeline.
impl Facts {
    /// Logs from here on what each step reads and writes; what stands now is what was given.
    pub fn log(&mut self) {
        let mut log = timeline::Log::new();
        self.store.iter().for_each(|(path, _)| log.write(path));
        log.end(&self.store);
        self.mode = Mode::Logged(Box::new(Logged::new(log)));
    }

    /// The timeline of a logged run; `more` are paths that re-runs will state besides those met.
    pub fn timeline(&mut self, more: &[&str]) -> Option<Timeline> {
        match std::mem::take(&mut self.mode) {
            Mode::Logged(log) => Some(Timeline::new(log.into_inner(), more)),
            _ => None,
        }
    }

    /// Facts of a re-run, without any difference yet.
    #[must_use]
    pub fn rerun(base: Rc<Timeline>) -> Self {
        Self { store: Store::default(), mode: Mode::Rerun(Box::new(Rerun::new(base))), silent: true }
    }

    /// Whether only values count from here on, and nobody reads reasons.
    pub fn silence(&mut self, silent: bool) {
        self.silent = silent;
    }

    /// Whether only values count.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.silent
    }

    /// Whether these are differences from a first run.
    #[must_use]
    pub fn is_rerun(&self) -> bool {
        matches!(self.mode, Mode::Rerun(_))
    }

    /// Forgets all differences of a re-run.
    pub fn restart(&mut self) {
        if let Mode::Rerun(rerun) = &mut self.mode {
            rerun.restart();
        }
    }

    /// States a value in a re-run, before its first step.
    pub fn state(&mut self, path: &str, value: Value) {
        let kind = match &self.mode {
            Mode::Rerun(rerun) => rerun.kind(path),
            _ => registry::kind_of(path).unwrap_or(Kind::Number),
        };
        let fact = Fact {
            kind,
            value,
            origin: Origin::Given { line: 0, column: 0, calendar: false },
            rule: Cow::Borrowed("what-if"),
        };
        match &mut self.mode {
            Mode::Rerun(rerun) => rerun.state(path, fact),
            _ => self.put(path, fact),
        }
    }

    /// Takes back what is stated, in a re-run, before its first step.
    pub fn forget(&mut self, path: &str) {
        match &mut self.mode {
            Mode::Rerun(rerun) => rerun.forget(path),
            _ => {
                self.store.remove(path);
            }
        }
    }

    /// Moves an assumed number of the run to come by a factor, whichever step puts it.
    pub fn shift(&mut self, path: &str, factor: f64) {
        if matches!(self.mode, Mode::Plain) {
            self.mode = Mode::Shifted(BTreeMap::new());
        }
        match &mut self.mode {
            Mode::Rerun(rerun) => rerun.shift(path, factor),
            Mode::Shifted(shifts) => {
                shifts.insert(path.to_string(), factor);
            }
            Mode::Plain | Mode::Logged(_) => {}
        }
    }

    /// Begins a step (from 1); false when a re-run may leave it out.
    pub fn begin(&mut self, step: usize) -> bool {
        match &mut self.mode {
            Mode::Rerun(rerun) => rerun.begin(step),
            _ => true,
        }
    }

    /// The word that the first run put at the path, in the step that a re-run is in.
    #[must_use]
    pub fn first_word(&self, path: &str) -> Option<&str> {
        match &self.mode {
            Mode::Rerun(rerun) => match &rerun.first(path)?.value {
                Value::Text(word) => Some(word),
                _ => None,
            },
            _ => None,
        }
    }

    /// Says that the step that a re-run is in comes to what it came to in the first run.
    pub fn keep(&mut self) {
        if let Mode::Rerun(rerun) = &mut self.mode {
            rerun.keep_all();
        }
    }

    /// Ends a step that was done.
    pub fn end(&mut self) {
        match &mut self.mode {
            Mode::Rerun(rerun) => rerun.end(),
            Mode::Logged(log) => log.get_mut().end(&self.store),
            Mode::Plain | Mode::Shifted(_) => {}
        }
    }

    /// Ends a re-run: from here on the last values are seen.
    pub fn finish(&mut self) {
        if let Mode::Rerun(rerun) = &mut self.mode {
            rerun.finish();
        }
    }
}
