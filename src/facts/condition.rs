//! Conditions over facts: three-valued, typed when loaded, with a trace of what decided.

use std::borrow::Cow;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Facts;
pub use super::leaf::{Leaf, Op, Operand, Test};
use crate::packed::{Packed, Placed, placed};

/// The answer of a condition; a leaf over an unknown fact is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// A fact that it needs is missing.
    Unknown,
}

impl From<bool> for Truth {
    fn from(flag: bool) -> Self {
        if flag { Self::Yes } else { Self::No }
    }
}

/// A condition: compares facts, never computes.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Condition {
    /// Holds for every system.
    #[default]
    Always,
    /// All of them.
    All(Vec<Condition>),
    /// At least one of them.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// One comparison.
    Leaf(Leaf),
}

/// What a leaf saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The leaf as written.
    pub source: String,
    /// The fact's path, the scope filled in.
    pub path: String,
    /// Its answer.
    pub truth: Truth,
    /// The fact's value as people write it; `None` when unknown.
    pub seen: Option<String>,
    /// (value - threshold) / threshold for numbers: how far the answer is from turning.
    pub margin: Option<f64>,
}

impl Condition {
    /// Whether it holds; `scope` is the path that `item` stands for.
    #[must_use]
    pub fn truth(&self, facts: &Facts, scope: Option<&str>) -> Truth {
        match self {
            Self::Always => Truth::Yes,
            Self::All(parts) => join(parts.iter().map(|part| part.truth(facts, scope)), Truth::No, Truth::Yes),
            Self::Any(parts) => join(parts.iter().map(|part| part.truth(facts, scope)), Truth::Yes, Truth::No),
            Self::Not(part) => match part.truth(facts, scope) {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                Truth::Unknown => Truth::Unknown,
            },
            Self::Leaf(leaf) => leaf.truth(facts, scope),
        }
    }

    /// Whether it is known to hold.
    #[must_use]
    pub fn holds(&self, facts: &Facts, scope: Option<&str>) -> bool {
        self.truth(facts, scope) == Truth::Yes
    }

    /// Whether what it asks of the whole plan already keeps it from holding for any item.
    #[must_use]
    pub fn is_barred(&self, facts: &Facts) -> bool {
        let bars = |part: &Self| match part {
            Self::Leaf(leaf) => leaf.paths().all(|path| !path.starts_with("item.")) && !part.holds(facts, None),
            _ => false,
        };
        matches!(self, Self::All(parts) if parts.iter().any(bars))
    }

    /// What every leaf saw, in the order written.
    #[must_use]
    pub fn trace(&self, facts: &Facts, scope: Option<&str>) -> Vec<Trace> {
        self.leaves().iter().map(|leaf| leaf.trace(facts, scope)).collect()
    }

    /// Its leaves in the order written.
    #[must_use]
    pub fn leaves(&self) -> Vec<&Leaf> {
        match self {
            Self::Always => Vec::new(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::leaves).collect(),
            Self::Not(part) => part.leaves(),
            Self::Leaf(leaf) => vec![leaf],
        }
    }

    /// The condition on one line.
    #[must_use]
    pub fn source(&self) -> String {
        let list = |parts: &[Self], word: &str| parts.iter().map(Self::source).collect::<Vec<_>>().join(word);
        match self {
            Self::Always => "always".into(),
            Self::All(parts) => list(parts, " and "),
            Self::Any(parts) => format!("({})", list(parts, " or ")),
            Self::Not(part) => format!("not ({})", part.source()),
            Self::Leaf(leaf) => leaf.source().to_owned(),
        }
    }
}

/// Kleene logic: `stop` decides at once, unknown outweighs `neutral`.
fn join(parts: impl Iterator<Item = Truth>, stop: Truth, neutral: Truth) -> Truth {
    let mut result = neutral;
    for part in parts {
        if part == stop {
            return stop;
        }
        if part == Truth::Unknown {
            result = Truth::Unknown;
        }
    }
    result
}

/// `item.peak` in the scope `domains[catalog]` is `domains[catalog].peak`.
#[must_use]
pub fn in_scope<'p>(path: &'p str, scope: Option<&str>) -> Cow<'p, str> {
    match (path.strip_prefix("item."), scope) {
        (Some(rest), Some(scope)) => Cow::Owned([scope, ".", rest].concat()),
        _ => Cow::Borrowed(path),
    }
}

impl schemars::JsonSchema for Condition {
    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "`always`, one comparison such as `team.developers < 5`, a list of which all hold, or all, any, not over more of these",
            "anyOf": [
                {"type": "string"},
                {"type": "array"},
                {"type": "object", "properties": {"all": {"type": "array"}, "any": {"type": "array"}, "not": {}}, "additionalProperties": false}
            ]
        })
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        placed(deserializer)
    }
}

impl<'de> Placed<'de> for Condition {
    fn embedded(place: Packed) -> Option<Self> {
        let parts = |list: Packed| list.items(Self::embedded);
        if let Some(line) = place.text() {
            return Some(if line.trim() == "always" { Self::Always } else { Self::Leaf(Leaf::embedded(line)) });
        }
        match place.entries().next() {
            None => parts(place).map(Self::All),
            Some(("all", list)) => parts(list).map(Self::All),
            Some(("any", list)) => parts(list).map(Self::Any),
            Some(("not", part)) => Self::embedded(part).map(|part| Self::Not(Box::new(part))),
            Some(_) => None,
        }
    }

    fn elsewhere<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shape)
    }
}

fn not_one<E: Error>() -> E {
    E::custom("a condition has one of the keys `all`, `any`, `not`")
}

/// By hand instead of an untagged enum, which would swallow what is wrong with a nested line.
struct Shape;

impl<'de> Visitor<'de> for Shape {
    type Value = Condition;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a condition: a line, or one of `all: [..]`, `any: [..]`, `not: ..`")
    }

    fn visit_str<E: Error>(self, line: &str) -> Result<Condition, E> {
        if line.trim() == "always" {
            return Ok(Condition::Always);
        }
        Leaf::parse(line).map(Condition::Leaf).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Condition, A::Error> {
        let mut parts = Vec::new();
        while let Some(part) = items.next_element()? {
            parts.push(part);
        }
        Ok(Condition::All(parts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Condition, A::Error> {
        let key: String = map.next_key()?.ok_or_else(not_one)?;
        let condition = match key.as_str() {
            "all" => Condition::All(map.next_value()?),
            "any" => Condition::Any(map.next_value()?),
            "not" => Condition::Not(Box::new(map.next_value()?)),
            _ => return Err(not_one()),
        };
        if map.next_key::<String>()?.is_some() {
            return Err(not_one());
        }
        Ok(condition)
    }
}
