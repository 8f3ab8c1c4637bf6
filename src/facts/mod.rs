//! Facts: every value the engine uses, with its path, its kind and where it comes from.
//!
//! A fact that is not here is unknown: never "no" and never 0. This layer knows nothing of files, plans or technologies.

pub mod condition;
pub mod given;
mod range;
pub mod registry;
mod sizes;
pub mod text;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::quantity::{Kind, Range, Units, Value, exact_in, human};

pub use condition::{Condition, Leaf, Trace, Truth};
pub use text::Text;

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// Stated in the requirements; line and column count from 1, 0 when it was set from outside the file.
    Given {
        /// Line of the value.
        line: usize,
        /// Column of the value.
        column: usize,
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
    /// The value as people write it.
    #[must_use]
    pub fn human(&self) -> String {
        match &self.value {
            Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_string(),
            Value::Number(number) if self.kind == Kind::Rate && matches!(self.origin, Origin::Given { .. }) => {
                // A stated 100/min is not read back as 1.67/s.
                let stated = exact_in(self.kind, *number, &Units::default());
                if stated.len() <= 9 { stated } else { human(self.kind, *number) }
            }
            Value::Number(number) => human(self.kind, *number),
            Value::Range(range) => human(self.kind, range.expected),
            Value::Text(text) => text.clone(),
            Value::List(words) => words.join(", "),
        }
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
    map: BTreeMap<String, Fact>,
}

impl Facts {
    /// The fact at a path; `None` is unknown.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Fact> {
        self.map.get(path)
    }

    /// Whether the requirements state it.
    #[must_use]
    pub fn is_stated(&self, path: &str) -> bool {
        matches!(self.get(path), Some(Fact { origin: Origin::Given { .. }, .. }))
            || self.below(path).any(|fact| matches!(fact.origin, Origin::Given { .. }))
    }

    /// Whether it, or anything below it, is known.
    #[must_use]
    pub fn is_known(&self, path: &str) -> bool {
        self.map.contains_key(path) || self.below(path).next().is_some()
    }

    /// Facts below a section such as `data.files` or a list such as `entities[Order].queries`.
    fn below<'f>(&'f self, path: &str) -> impl Iterator<Item = &'f Fact> + use<'f> {
        let path = path.to_string();
        let from = self.map.range(path.clone()..);
        from.map_while(move |(found, fact)| {
            found.strip_prefix(path.as_str()).map(|rest| (rest.starts_with(['.', '[']), fact))
        })
        .filter(|(below, _)| *below)
        .map(|(_, fact)| fact)
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

    /// Puts a fact, replacing an older one.
    pub fn put(&mut self, path: impl Into<String>, fact: Fact) {
        self.map.insert(path.into(), fact);
    }

    /// Takes a fact out: it becomes unknown.
    pub fn remove(&mut self, path: &str) -> Option<Fact> {
        self.map.remove(path)
    }

    /// Puts a computed value with the formula and the paths that went in.
    pub fn derive(
        &mut self,
        path: impl Into<String>,
        value: impl Into<Value>,
        formula: impl Into<Cow<'static, str>>,
        inputs: &[&str],
    ) {
        let path = path.into();
        let kind = registry::kind_of(&path).unwrap_or(Kind::Number);
        let origin =
            Origin::Derived { formula: formula.into(), inputs: inputs.iter().map(ToString::to_string).collect() };
        self.map.insert(path, Fact { kind, value: value.into(), origin, rule: Cow::Borrowed("engine") });
    }

    /// All facts in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        self.map.iter().map(|(path, fact)| (path.as_str(), fact))
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
