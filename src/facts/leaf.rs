//! One line of a condition: a fact, an operator, a value.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use super::condition::in_scope;
use super::{Fact, Facts, Trace, Truth, registry};
use crate::quantity::{Kind, Units, Value, parse};

/// One comparison of a fact.
#[derive(Clone)]
pub struct Leaf {
    /// As written in the catalogue.
    source: Cow<'static, str>,
    /// Of the embedded catalogue most lines are never asked: they are read when they are, into a place of its own.
    read: OnceLock<Box<Read>>,
}

/// What a line says.
#[derive(Clone)]
struct Read {
    /// Where the path ends.
    path: usize,
    test: Test,
    /// The number of the path in the registry, where it has one.
    slot: Option<usize>,
}

impl fmt::Debug for Leaf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Leaf").field("source", &self.source).field("test", self.test()).finish()
    }
}

impl PartialEq for Leaf {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
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

impl Leaf {
    /// Reads one line such as `team.developers < 5`.
    ///
    /// # Errors
    /// Says what is wrong: an unknown fact, an unknown operator, a value of another kind.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        Ok(Self { read: OnceLock::from(Box::new(read(text)?)), source: Cow::Owned(text.to_owned()) })
    }

    /// A line of the embedded catalogue, of which a test holds that it can be read.
    pub(super) fn embedded(text: &'static str) -> Self {
        Self { source: Cow::Borrowed(text.trim()), read: OnceLock::new() }
    }

    fn read(&self) -> &Read {
        let nothing = || Read { path: self.path().len(), test: Test::Known, slot: None };
        self.read.get_or_init(|| Box::new(read(&self.source).unwrap_or_else(|_| nothing())))
    }

    /// As written in the catalogue.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The fact; `item.` stands for the item in scope.
    #[must_use]
    pub fn path(&self) -> &str {
        match self.read.get() {
            Some(read) => self.source.get(..read.path).unwrap_or_default(),
            None => self.source.split_once(char::is_whitespace).map_or(&*self.source, |(path, _)| path),
        }
    }

    /// What is asked of the fact.
    #[must_use]
    pub fn test(&self) -> &Test {
        &self.read().test
    }

    /// The paths that it reads: its own, and that of a fact on its right side.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let other = match self.test() {
            Test::Compare(_, Operand::Fact(path)) => Some(path.as_str()),
            _ => None,
        };
        std::iter::once(self.path()).chain(other)
    }

    /// The path with the scope filled in.
    #[must_use]
    pub fn full_path(&self, scope: Option<&str>) -> String {
        in_scope(self.path(), scope).into_owned()
    }

    /// Whether it holds; `scope` is the path that `item` stands for.
    pub(super) fn truth(&self, facts: &Facts, scope: Option<&str>) -> Truth {
        let Read { test, slot, .. } = self.read();
        let path = self.path();
        match scope {
            None => test.answer(facts, path, scope, |path| facts.get_at(*slot, path)).0,
            Some(_) => test.answer(facts, &in_scope(path, scope), scope, |path| facts.get(path)).0,
        }
    }

    /// What it saw.
    pub(super) fn trace(&self, facts: &Facts, scope: Option<&str>) -> Trace {
        let path = self.full_path(scope);
        let (truth, margin) = self.test().answer(facts, &path, scope, |path| facts.get(path));
        let seen = facts.get(&path).map(Fact::human);
        Trace { source: self.source.clone().into_owned(), path, truth, seen, margin }
    }
}

fn read(text: &str) -> Result<Read, String> {
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
    Ok(Read { path: path.len(), test, slot: registered.map(|(slot, _)| slot) })
}

impl Test {
    fn answer<'f>(
        &self,
        facts: &'f Facts,
        path: &str,
        scope: Option<&str>,
        get: impl FnOnce(&str) -> Option<&'f Fact>,
    ) -> (Truth, Option<f64>) {
        let fact = get(path);
        let plain = |truth: Truth| (truth, None);
        match (self, fact) {
            (Self::Stated, _) => plain(facts.is_stated(path).into()),
            (Self::Known, _) => plain(facts.is_known(path).into()),
            (Self::Unknown, _) => plain((!facts.is_known(path)).into()),
            (_, None) => plain(Truth::Unknown),
            (Self::In(words), Some(fact)) => match &fact.value {
                Value::Text(word) => plain(words.iter().any(|known| known == word).into()),
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
    fn compare(&self, op: Op, fact: &Fact, facts: &Facts, scope: Option<&str>) -> (Truth, Option<f64>) {
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
