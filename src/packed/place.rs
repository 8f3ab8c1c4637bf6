//! Values that stand on a place of the embedded catalogue instead of being decoded from it.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Visitor};

use super::Packed;

/// The name of a newtype by which the deserializer of embedded values knows that only the place of a value is asked for: its visitor is
/// given the number of it. Other deserializers give the value itself.
pub(super) const PLACE: &str = "$place";

/// What is made of a place of the embedded catalogue in another way than of a value from elsewhere.
pub trait Placed<'de>: Sized {
    /// From the embedded catalogue; none where no such value stands.
    fn embedded(place: Packed) -> Option<Self>;

    /// From a value of any other deserializer.
    ///
    /// # Errors
    /// Says what is wrong with the value.
    fn elsewhere<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Decodes such a value: what its `Deserialize` does.
///
/// # Errors
/// Those of [`Placed::elsewhere`], and that no such value is embedded at the place.
pub fn placed<'de, T: Placed<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(PLACE, Either(PhantomData))
}

struct Either<T>(PhantomData<T>);

impl<'de, T: Placed<'de>> Visitor<'de> for Either<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_u32<E: Error>(self, place: u32) -> Result<T, E> {
        T::embedded(Packed::at(place)).ok_or_else(|| E::custom("no such value is embedded"))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::elsewhere(deserializer)
    }
}
