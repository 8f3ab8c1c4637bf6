//! The tree itself, in two tables that `build.rs` writes: nodes of eight bytes, and their texts one behind the other.
//!
//! A node is a letter for its kind, a zero, a length of two bytes and a number of four, both little-endian: where its text begins, or its
//! first child stands. A mapping's first child says where its keys stand, its values follow: entries of one kind share their keys, as equal
//! lists and mappings share their children. A fraction stands in a node of its own, as its eight bytes.

use serde::de::value::{Error, MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};

use super::place::PLACE;

static NODES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalogue.nodes"));
static TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/catalogue.texts"));

/// A value of the embedded catalogue: the place of its node. Decoding it walks the tree; nothing is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed(u32);

/// What a node holds.
enum Node {
    Null,
    Flag(bool),
    Whole(i32),
    Fraction(f64),
    Text(&'static str),
    List(std::ops::Range<u32>),
    /// The place before its values, and their number.
    Map(u32, u16),
}

/// Keys and values of a mapping.
fn pairs(before: u32, count: u16) -> impl Iterator<Item = (&'static str, Packed)> {
    let keys = number(before).unwrap_or_default();
    (0..u32::from(count)).filter_map(move |at| Some((Packed(keys + at).text()?, Packed(before + 1 + at))))
}

/// The number of a node.
fn number(at: u32) -> Option<u32> {
    let [.., a, b, c, d] = bytes(at)?;
    Some(u32::from_le_bytes([a, b, c, d]))
}

fn bytes(at: u32) -> Option<[u8; 8]> {
    let start = usize::try_from(at).ok()?.checked_mul(8)?;
    NODES.get(start..)?.first_chunk().copied()
}

impl Packed {
    /// The mapping of file names without ending to what the files of `patterns/` hold, in the order of the names.
    pub const ROOT: Self = Self(0);

    /// The value that stands at a place; one of no value decodes to nothing.
    pub(super) const fn at(place: u32) -> Self {
        Self(place)
    }

    /// Keys and values of a mapping in the order written; none of another value.
    pub fn entries(self) -> impl Iterator<Item = (&'static str, Self)> {
        match self.node() {
            Some(Node::Map(before, count)) => pairs(before, count),
            _ => pairs(0, 0),
        }
    }

    /// What is made of each child of a list; none of another value, or where nothing can be made of one. As long as the list: most are
    /// short, and there are thousands.
    pub fn items<T>(self, make: impl Fn(Self) -> Option<T>) -> Option<Vec<T>> {
        let Some(Node::List(children)) = self.node() else { return None };
        let mut made = Vec::with_capacity(children.len());
        for child in children {
            made.push(make(Self(child))?);
        }
        Some(made)
    }

    /// The text that stands there; none of another value.
    pub fn text(self) -> Option<&'static str> {
        match self.node() {
            Some(Node::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn node(self) -> Option<Node> {
        let [kind, _, short, long, a, b, c, d] = bytes(self.0)?;
        let (length, number) = (u16::from_le_bytes([short, long]), u32::from_le_bytes([a, b, c, d]));
        Some(match kind {
            b'f' => Node::Flag(number == 1),
            b'i' => Node::Whole(i32::from_le_bytes([a, b, c, d])),
            b'r' => Node::Fraction(f64::from_le_bytes(bytes(number)?)),
            b's' => {
                let start = usize::try_from(number).ok()?;
                Node::Text(TEXTS.get(start..start + usize::from(length))?)
            }
            b'l' => Node::List(number..number.saturating_add(u32::from(length))),
            b'm' => Node::Map(number, length),
            _ => Node::Null,
        })
    }
}

impl IntoDeserializer<'static> for Packed {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Deserializer<'static> for Packed {
    type Error = Error;

    fn deserialize_any<V: Visitor<'static>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node().ok_or_else(|| Error::custom("no such value is embedded"))? {
            Node::Null => visitor.visit_unit(),
            Node::Flag(flag) => visitor.visit_bool(flag),
            Node::Whole(number) => visitor.visit_i64(i64::from(number)),
            Node::Fraction(number) => visitor.visit_f64(number),
            Node::Text(text) => visitor.visit_borrowed_str(text),
            Node::List(items) => SeqDeserializer::new(items.map(Packed)).deserialize_any(visitor),
            Node::Map(before, count) => MapDeserializer::new(pairs(before, count)).deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'static>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node() {
            None | Some(Node::Null) => visitor.visit_none(),
            Some(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'static>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let word = self.text().ok_or_else(|| Error::custom(format!("{name} is no word")))?;
        StrDeserializer::new(word).deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'static>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == PLACE { visitor.visit_u32(self.0) } else { visitor.visit_newtype_struct(self) }
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'static>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any
    }
}
