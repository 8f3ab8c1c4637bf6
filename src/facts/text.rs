//! Texts of the catalogue: Markdown with fact references such as `{{ traffic.peak }}` and nothing else.

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::condition::in_scope;
use super::{Condition, Facts, registry};
use crate::text::plural;

/// A text in variants; the first whose condition holds is printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// Condition and pieces of each variant.
    pub variants: Vec<(Condition, Vec<Piece>)>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Markdown as written.
    Plain(String),
    /// The value of a fact as people write it.
    Fact(String),
}

impl Text {
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
        let Some((_, pieces)) = self.variants.iter().find(|(when, _)| when.holds(facts, scope)) else {
            return Ok(None);
        };
        let mut out = String::new();
        for piece in pieces {
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

    /// The text of the first variant with its references as they are written: `{{ traffic.peak }}`.
    #[must_use]
    pub fn source(&self) -> String {
        let pieces = self.variants.first().map_or(&[][..], |(_, pieces)| pieces);
        let shown = pieces.iter().map(|piece| match piece {
            Piece::Plain(text) => text.clone(),
            Piece::Fact(path) => format!("{{{{ {path} }}}}"),
        });
        shown.collect()
    }

    /// Paths that any variant refers to, the scope not filled in.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.variants.iter().flat_map(|(_, pieces)| pieces).filter_map(|piece| match piece {
            Piece::Fact(path) => Some(path.as_str()),
            Piece::Plain(_) => None,
        })
    }
}

/// Splits a text at its references.
///
/// # Errors
/// Says which reference names no fact or is not closed.
pub fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (path, tail) = after.split_once("}}").ok_or_else(|| format!("`{{{{` is not closed in `{text}`"))?;
        let path = path.trim();
        registry::kind_of(path).ok_or_else(|| format!("no fact `{path}`"))?;
        if !before.is_empty() {
            out.push(Piece::Plain(before.to_string()));
        }
        out.push(Piece::Fact(path.to_string()));
        rest = tail;
    }
    if !rest.is_empty() {
        out.push(Piece::Plain(rest.to_string()));
    }
    Ok(out)
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
    type Value = Text;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a text, or a list of variants with `when` and `text`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text { variants: vec![(Condition::Always, pieces(text).map_err(E::custom)?)] })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Text, A::Error> {
        let mut variants = Vec::new();
        while let Some(Variant { when, text }) = items.next_element()? {
            variants.push((when, pieces(&text).map_err(A::Error::custom)?));
        }
        Ok(Text { variants })
    }
}
