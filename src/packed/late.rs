//! Parts of entries that few runs look at.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use super::Packed;
use super::place::{Placed, placed};

/// A value that is decoded when it is first looked at where it stands in the embedded catalogue, and at once where it is read from
/// elsewhere, so that what is wrong with it is said. Tests hold that every embedded value decodes; one that did not would be empty.
pub struct Late<T> {
    /// Where it stands in the embedded catalogue.
    at: Option<Packed>,
    /// Behind a pointer: of most entries it stays empty, and entries are moved.
    value: OnceLock<Box<T>>,
}

impl<T> Late<T> {
    /// The value where it was decoded or came from elsewhere.
    pub fn made(&self) -> Option<&T> {
        self.value.get().map(Box::as_ref)
    }
}

impl<T: DeserializeOwned + Default> Late<T> {
    /// Changes the value.
    pub fn change(&mut self, change: impl FnOnce(&mut T)) {
        let mut value = self.value.take().unwrap_or_else(|| Box::new(decode(self.at)));
        change(&mut value);
        self.value = OnceLock::from(value);
    }
}

fn decode<T: DeserializeOwned + Default>(at: Option<Packed>) -> T {
    at.and_then(|packed| T::deserialize(packed).ok()).unwrap_or_default()
}

impl<T: DeserializeOwned + Default> Deref for Late<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_init(|| Box::new(decode(self.at)))
    }
}

impl<'a, T: DeserializeOwned + Default> IntoIterator for &'a Late<T>
where
    &'a T: IntoIterator,
{
    type Item = <&'a T as IntoIterator>::Item;
    type IntoIter = <&'a T as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (&**self).into_iter()
    }
}

impl<T> From<T> for Late<T> {
    fn from(value: T) -> Self {
        Self { at: None, value: OnceLock::from(Box::new(value)) }
    }
}

impl<T> Default for Late<T> {
    fn default() -> Self {
        Self { at: None, value: OnceLock::new() }
    }
}

impl<T: Clone> Clone for Late<T> {
    fn clone(&self) -> Self {
        Self { at: self.at, value: self.value.clone() }
    }
}

impl<T: DeserializeOwned + Default + fmt::Debug> fmt::Debug for Late<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl<T: DeserializeOwned + Default + fmt::Display> fmt::Display for Late<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl<T: DeserializeOwned + Default + PartialEq> PartialEq for Late<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Late<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        placed(deserializer)
    }
}

impl<'de, T: DeserializeOwned> Placed<'de> for Late<T> {
    fn embedded(place: Packed) -> Option<Self> {
        Some(Self { at: Some(place), value: OnceLock::new() })
    }

    fn elsewhere<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}

impl<T: JsonSchema> JsonSchema for Late<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
