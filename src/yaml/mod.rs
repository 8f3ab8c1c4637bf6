//! YAML as a tree with places: byte spans of every key and value, comments kept.
//!
//! One document, no anchors, aliases, tags or merge keys. It must not know what the keys mean.

use crate::text::Span;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The bytes of the value.
    pub span: Span,
    /// The value.
    pub data: Data,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Nothing after the colon or dash, `~` or `null`.
    Null,
    /// Anything that is neither list nor mapping.
    Scalar {
        /// The text, escapes and folding undone, without quotes.
        text: String,
        /// Whether it stood in quotes or in a block, and so is text and nothing else.
        quoted: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping, in file order.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key's text.
    pub key: String,
    /// The key's place.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}
