//! Checked values on their way into typed ones.

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{Deserialize, Deserializer, Error as _, IntoDeserializer, Visitor};

use crate::quantity::{Date, Range};

/// A value that was checked: canonical numbers, known keys, in file order.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Sound<'de> {
    /// Nothing, or nothing sound.
    #[default]
    Nothing,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Whole(u64),
    /// A number in canonical units.
    Number(f64),
    /// A quantity with its uncertainty.
    Range(Range),
    /// Text.
    Text(&'de str),
    /// A day of the calendar.
    Day(Date),
    /// A list.
    List(Vec<Sound<'de>>),
    /// A mapping.
    Map(Vec<(&'static str, Sound<'de>)>),
}

impl<'de> Sound<'de> {
    /// The typed value.
    ///
    /// # Errors
    /// Where checker and types disagree.
    pub fn decode<T: Deserialize<'de>>(self) -> Result<T, Error> {
        T::deserialize(self)
    }
}

impl<'de> IntoDeserializer<'de> for Sound<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Sound<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Nothing => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Whole(value) => visitor.visit_u64(value),
            Self::Number(value) => visitor.visit_f64(value),
            Self::Range(Range { low, expected, high }) => {
                let values = [("low", low), ("expected", expected), ("high", high)];
                visitor.visit_map(MapDeserializer::new(values.into_iter()))
            }
            Self::Text(text) => visitor.visit_borrowed_str(text),
            Self::Day(day) => visitor.visit_string(day.to_string()),
            Self::List(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter())),
            Self::Map(entries) => visitor.visit_map(MapDeserializer::new(entries.into_iter())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Nothing => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Text(text) => visitor.visit_enum(text.into_deserializer()),
            _ => Err(Error::custom("a word was expected")),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}
