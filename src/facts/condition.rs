//! Conditions over facts: three-valued, typed when loaded, with a trace of what decided.

use std::borrow::Cow;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Facts, registry};
use crate::quantity::{Kind, Units, Value, parse};

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

/// One comparison of a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// The fact; `item.` stands for the item in scope.
    pub path: String,
    /// What is asked of it.
    pub test: Test,
    /// As written in the catalogue.
    pub source: String,
    /// Its number in the registry, where it has one.
    slot: Option<usize>,
}

/// What a leaf asks of its fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A comparison with a value or another fact.
    Compare(Op, Operand),
    /// The word is one of these.
    In(Vec<String>),
    /// The list holds the word.
    Includes(String),
    /// The requirements state it.
    Stated,
    /// It is known, stated or not.
    Known,
    /// It is not known.
    Unknown,
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `!=`
    Differs,
    /// `>=`
    AtLeast,
    /// `>`
    More,
}

/// The right side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A number in the canonical unit of the left side.
    Number(f64),
    /// A word.
    Word(String),
    /// Yes or no.
    Flag(bool),
    /// Another fact of the same kind.
    Fact(String),
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
            Self::Leaf(leaf) if scope.is_none() => {
                leaf.test.answer(facts, &leaf.path, scope, |path| facts.get_at(leaf.slot, path)).0
            }
            Self::Leaf(leaf) => leaf.test.answer(facts, &in_scope(&leaf.path, scope), scope, |path| facts.get(path)).0,
        }
    }

    /// Whether it is known to hold.
    #[must_use]
    pub fn holds(&self, facts: &Facts, scope: Option<&str>) -> bool {
        self.truth(facts, scope) == Truth::Yes
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
            Self::Leaf(leaf) => leaf.source.clone(),
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

impl Leaf {
    /// Reads one line such as `team.developers < 5`.
    ///
    /// # Errors
    /// Says what is wrong: an unknown fact, an unknown operator, a value of another kind.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (path, rest) =
            text.split_once(char::is_whitespace).ok_or_else(|| format!("`{text}` is not FACT OPERATOR VALUE"))?;
        let registered = registry::registered(path);
        let kind = registered.map(|(_, kind)| kind).or_else(|| registry::kind_of(path));
        let kind = kind.ok_or_else(|| format!("no fact `{path}`"))?;
        let rest = rest.trim();
        let (op, value) = rest.split_once(char::is_whitespace).ok_or_else(|| format!("`{text}` lacks a value"))?;
        let value = value.trim();
        let test = match (op, value) {
            ("is", "stated") => Test::Stated,
            ("is", "known") => Test::Known,
            ("is", "unknown") => Test::Unknown,
            ("includes", word) if kind == Kind::Words => Test::Includes(word.to_string()),
            ("in", list) => Test::In(words(list)?),
            _ => Test::Compare(operator(op).ok_or_else(|| format!("`{op}` is no operator"))?, operand(kind, value)?),
        };
        let slot = registered.map(|(slot, _)| slot);
        Ok(Self { path: path.to_string(), test, source: text.to_string(), slot })
    }

    /// The paths that it reads: its own, and that of a fact on its right side.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let other = match &self.test {
            Test::Compare(_, Operand::Fact(path)) => Some(path.as_str()),
            _ => None,
        };
        std::iter::once(self.path.as_str()).chain(other)
    }

    /// The path with the scope filled in.
    #[must_use]
    pub fn full_path(&self, scope: Option<&str>) -> String {
        in_scope(&self.path, scope).into_owned()
    }

    fn trace(&self, facts: &Facts, scope: Option<&str>) -> Trace {
        let path = self.full_path(scope);
        let (truth, margin) = self.test.answer(facts, &path, scope, |path| facts.get(path));
        let seen = facts.get(&path).map(super::Fact::human);
        Trace { source: self.source.clone(), path, truth, seen, margin }
    }
}

/// `item.peak` in the scope `domains[catalog]` is `domains[catalog].peak`.
#[must_use]
pub fn in_scope<'p>(path: &'p str, scope: Option<&str>) -> Cow<'p, str> {
    match (path.strip_prefix("item."), scope) {
        (Some(rest), Some(scope)) => Cow::Owned(format!("{scope}.{rest}")),
        _ => Cow::Borrowed(path),
    }
}

impl Test {
    fn answer<'f>(
        &self,
        facts: &'f Facts,
        path: &str,
        scope: Option<&str>,
        get: impl FnOnce(&str) -> Option<&'f super::Fact>,
    ) -> (Truth, Option<f64>) {
        let fact = get(path);
        let plain = |truth: Truth| (truth, None);
        match (self, fact) {
            (Self::Stated, _) => plain(facts.is_stated(path).into()),
            (Self::Known, _) => plain(facts.is_known(path).into()),
            (Self::Unknown, _) => plain((!facts.is_known(path)).into()),
            (_, None) => plain(Truth::Unknown),
            (Self::In(words), Some(fact)) => match &fact.value {
                Value::Text(word) => plain(words.contains(word).into()),
                Value::List(list) => plain(list.iter().any(|word| words.contains(word)).into()),
                _ => plain(Truth::Unknown),
            },
            (Self::Includes(word), Some(fact)) => match &fact.value {
                Value::List(list) => plain(list.contains(word).into()),
                _ => plain(Truth::Unknown),
            },
            (Self::Compare(op, operand), Some(fact)) => operand.compare(*op, fact, facts, scope),
        }
    }
}

impl Operand {
    fn compare(&self, op: Op, fact: &super::Fact, facts: &Facts, scope: Option<&str>) -> (Truth, Option<f64>) {
        let numbers = |left: Option<f64>, right: Option<f64>| {
            let (Some(left), Some(right)) = (left, right) else { return (Truth::Unknown, None) };
            let margin = (right != 0.0).then(|| (left - right) / right);
            (op.holds(left, right).into(), margin)
        };
        let same = |same: bool| match op {
            Op::Equal => (same.into(), None),
            Op::Differs => ((!same).into(), None),
            _ => (Truth::Unknown, None),
        };
        match self {
            Self::Number(number) => numbers(fact.expected(), Some(*number)),
            Self::Word(word) => same(matches!(&fact.value, Value::Text(text) if text == word)),
            Self::Flag(flag) => same(fact.value == Value::Bool(*flag)),
            Self::Fact(path) => match facts.get(&in_scope(path, scope)) {
                None => (Truth::Unknown, None),
                Some(other) if other.expected().is_some() => numbers(fact.expected(), other.expected()),
                Some(other) => same(fact.value == other.value),
            },
        }
    }
}

impl Op {
    fn holds(self, left: f64, right: f64) -> bool {
        // Sums of decimals that people write must not miss their threshold by the last bit.
        let near = (left - right).abs() <= 1e-9 * left.abs().max(right.abs());
        match self {
            Self::Less => left < right && !near,
            Self::AtMost => left <= right || near,
            Self::Equal => near,
            Self::Differs => !near,
            Self::AtLeast => left >= right || near,
            Self::More => left > right && !near,
        }
    }
}

fn operator(text: &str) -> Option<Op> {
    Some(match text {
        "<" => Op::Less,
        "<=" => Op::AtMost,
        "=" => Op::Equal,
        "!=" => Op::Differs,
        ">=" => Op::AtLeast,
        ">" => Op::More,
        _ => return None,
    })
}

fn words(list: &str) -> Result<Vec<String>, String> {
    let inner = list
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .ok_or_else(|| format!("`{list}` is not a list"))?;
    Ok(inner.split(',').map(|word| word.trim().to_string()).collect())
}

fn operand(kind: Kind, text: &str) -> Result<Operand, String> {
    // A section such as `functions` is a word here, no fact; numbers are no paths.
    let letter = text.starts_with(|first: char| first.is_ascii_alphabetic());
    if letter && let Some(other) = registry::kind_of(text).filter(|_| !registry::is_section(text)) {
        return if other.unit() == kind.unit() {
            Ok(Operand::Fact(text.to_string()))
        } else {
            Err(format!("`{text}` is of another kind"))
        };
    }
    match kind {
        Kind::Bool => text.parse().map(Operand::Flag).map_err(|_| format!("`{text}` is not true or false")),
        Kind::Text | Kind::Word | Kind::Date => Ok(Operand::Word(text.to_string())),
        Kind::Words => Err(format!("a list takes `includes`, not `{text}`")),
        Kind::Factor if !text.ends_with('x') => {
            text.parse().map(Operand::Number).map_err(|_| format!("`{text}` is not a factor"))
        }
        Kind::Int | Kind::Number => text.parse().map(Operand::Number).map_err(|_| format!("`{text}` is not a number")),
        _ => parse(kind, text, &Units::default())
            .map(Operand::Number)
            .map_err(|_| format!("`{text}` is not a {}", kind.as_str())),
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
        deserializer.deserialize_any(Shape)
    }
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
        let unknown = || A::Error::custom("a condition has one of the keys `all`, `any`, `not`");
        let key: String = map.next_key()?.ok_or_else(unknown)?;
        let condition = match key.as_str() {
            "all" => Condition::All(map.next_value()?),
            "any" => Condition::Any(map.next_value()?),
            "not" => Condition::Not(Box::new(map.next_value()?)),
            _ => return Err(unknown()),
        };
        if map.next_key::<String>()?.is_some() {
            return Err(unknown());
        }
        Ok(condition)
    }
}
