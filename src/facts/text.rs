//! Texts of the catalogue: Markdown with fact references such as `{{ traffic.peak }}` and nothing else.

use std::borrow::Cow;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::condition::in_scope;
use super::{Condition, Facts, registry};
use crate::packed::{Late, Packed, Placed, placed};
use crate::text::{find, plural, split};

/// A text in variants; the first whose condition holds is printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// Few of the texts of a catalogue are printed in a run, so that only those are decoded and cut into pieces.
    variants: Late<Variants>,
    /// Printed as it stands: two braces of people are no reference.
    literal: bool,
}

/// Condition and text of each variant.
#[derive(Clone, Debug, Default, PartialEq)]
struct Variants(Vec<(Condition, Cow<'static, str>)>);

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece<'t> {
    /// Markdown as written.
    Plain(&'t str),
    /// The path of a fact whose value is printed as people write it.
    Fact(&'t str),
}

impl Text {
    /// A text without references; braces of people stay what they are.
    #[must_use]
    pub fn literal(words: impl Into<String>) -> Self {
        Self { variants: Variants(vec![(Condition::Always, Cow::Owned(words.into()))]).into(), literal: true }
    }

    /// Condition and text of each variant, in the order in which they are tried.
    #[must_use]
    pub fn variants(&self) -> &[(Condition, Cow<'static, str>)] {
        &self.variants.0
    }

    /// The text with facts filled in by `print`; `None` when no variant holds.
    ///
    /// # Errors
    /// The path of a fact that is unknown.
    pub fn fill(
        &self,
        facts: &Facts,
        scope: Option<&str>,
        print: &dyn Fn(&super::Fact) -> String,
    ) -> Result<Option<String>, String> {
        let Some((_, text)) = self.variants().iter().find(|(when, _)| when.holds(facts, scope)) else {
            return Ok(None);
        };
        let mut out = String::new();
        for piece in self.cut(text) {
            match piece {
                Piece::Plain(text) => plural::append(&mut out, text),
                Piece::Fact(path) => {
                    let path = in_scope(path, scope);
                    let fact = facts.get(&path).ok_or_else(|| path.to_string())?;
                    out.push_str(&print(fact));
                }
            }
        }
        Ok(Some(out))
    }

    fn cut<'t>(&self, text: &'t str) -> impl Iterator<Item = Piece<'t>> + use<'t> {
        let whole = self.literal.then_some(Piece::Plain(text));
        whole.into_iter().chain(pieces(if self.literal { "" } else { text }))
    }

    /// The text of the first variant with its references as they are written: `{{ traffic.peak }}`.
    #[must_use]
    pub fn source(&self) -> String {
        self.variants().first().map(|(_, text)| text.clone().into_owned()).unwrap_or_default()
    }

    /// Paths that any variant refers to, the scope not filled in.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.variants().iter().flat_map(|(_, text)| self.cut(text)).filter_map(|piece| match piece {
            Piece::Fact(path) => Some(path),
            Piece::Plain(_) => None,
        })
    }
}

/// Cuts a text at its references.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if let Some((path, after)) = rest.strip_prefix("{{").and_then(|inside| split(inside, "}}")) {
            rest = after;
            return Some(Piece::Fact(path.trim()));
        }
        // One that is not closed is plain text.
        let beyond = if rest.starts_with("{{") { 2 } else { 0 };
        let end = rest.get(beyond..).and_then(|tail| find(tail, "{{")).map_or(rest.len(), |at| beyond + at);
        let (plain, after) = rest.split_at_checked(end)?;
        rest = after;
        (!plain.is_empty()).then_some(Piece::Plain(plain))
    })
}

/// Whether every reference of a text is closed and names a fact.
///
/// # Errors
/// Says which does not.
fn check(text: &str) -> Result<(), String> {
    let mut rest = text;
    while let Some((_, after)) = split(rest, "{{") {
        let (path, tail) = split(after, "}}").ok_or_else(|| format!("`{{{{` is not closed in `{text}`"))?;
        let path = path.trim();
        registry::kind_of(path).ok_or_else(|| format!("no fact `{path}`"))?;
        rest = tail;
    }
    Ok(())
}

impl schemars::JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Markdown on one line with references such as {{ traffic.peak }}, or variants of which the first that holds is printed",
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "object", "required": ["text"], "properties": {"when": {}, "text": {"type": "string"}}}}
            ]
        })
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Late::deserialize(deserializer).map(|variants| Self { variants, literal: false })
    }
}

impl<'de> Deserialize<'de> for Variants {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        placed(deserializer)
    }
}

impl<'de> Placed<'de> for Variants {
    /// References are not checked: a test has looked at those of the embedded catalogue.
    fn embedded(place: Packed) -> Option<Self> {
        if let Some(text) = place.text() {
            return Some(Self(vec![(Condition::Always, Cow::Borrowed(text))]));
        }
        let variant = |place: Packed| {
            let (mut when, mut text) = (Condition::Always, None);
            for (key, value) in place.entries() {
                match key {
                    "when" => when = Condition::embedded(value)?,
                    _ => text = value.text(),
                }
            }
            Some((when, Cow::Borrowed(text?)))
        };
        place.items(variant).map(Self)
    }

    fn elsewhere<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shape)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    #[serde(default)]
    when: Condition,
    text: String,
}

struct Shape;

impl<'de> Visitor<'de> for Shape {
    type Value = Variants;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a text, or a list of variants with `when` and `text`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Variants, E> {
        check(text).map_err(E::custom)?;
        Ok(Variants(vec![(Condition::Always, Cow::Owned(text.to_owned()))]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Variants, A::Error> {
        let mut variants = Vec::new();
        while let Some(Variant { when, text }) = items.next_element()? {
            check(&text).map_err(A::Error::custom)?;
            variants.push((when, Cow::Owned(text)));
        }
        Ok(Variants(variants))
    }
}

#[cfg(test)]
mod tests {
    use super::Text;
    use crate::facts::{Fact, Facts};

    #[test]
    fn braces_of_people_are_no_reference() {
        let words = "write {{ name }} by hand".to_owned();
        let text = Text::literal(words.clone());
        assert_eq!(text.fill(&Facts::default(), None, &Fact::human), Ok(Some(words)));
        assert_eq!(text.paths().count(), 0);
    }
}
