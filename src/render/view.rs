//! What templates are given: trees of values, built without copying what they hold.
//!
//! The `json!` macro of serde copies each value by writing it once more, and with it all that lies below: a tree of five levels is copied
//! five times. Here values move into their parents.

use serde_json::Value;

/// What can stand in a view.
pub trait IntoView {
    /// The value, moved where it is owned.
    fn into_view(self) -> Value;
}

impl IntoView for Value {
    fn into_view(self) -> Value {
        self
    }
}

/// Kinds for which `serde_json` has a conversion of its own that copies nothing below.
macro_rules! plain {
    ($($kind:ty),+) => {
        $(impl IntoView for $kind {
            fn into_view(self) -> Value {
                Value::from(self)
            }
        })+
    };
}

plain!(String, &str, bool, usize);

impl IntoView for &String {
    fn into_view(self) -> Value {
        Value::from(self.as_str())
    }
}

impl IntoView for &&str {
    fn into_view(self) -> Value {
        Value::from(*self)
    }
}

/// Small kinds behind a reference.
macro_rules! copied {
    ($($kind:ty),+) => {
        $(impl IntoView for &$kind {
            fn into_view(self) -> Value {
                Value::from(*self)
            }
        })+
    };
}

copied!(bool, usize);

impl<T: IntoView> IntoView for Option<T> {
    fn into_view(self) -> Value {
        self.map_or(Value::Null, T::into_view)
    }
}

impl<'a, T> IntoView for &'a Option<T>
where
    &'a T: IntoView,
{
    fn into_view(self) -> Value {
        self.as_ref().into_view()
    }
}

impl<T: IntoView> IntoView for Vec<T> {
    fn into_view(self) -> Value {
        Value::Array(self.into_iter().map(T::into_view).collect())
    }
}

impl<'a, T> IntoView for &'a Vec<T>
where
    &'a T: IntoView,
{
    fn into_view(self) -> Value {
        Value::Array(self.iter().map(<&T>::into_view).collect())
    }
}

/// An object of keys and values, which move in.
macro_rules! view {
    ({ $($key:literal : $value:expr),* $(,)? }) => {{
        let mut map = serde_json::Map::new();
        $(map.insert(String::from($key), $crate::render::view::IntoView::into_view($value));)*
        serde_json::Value::Object(map)
    }};
}

pub(crate) use view;
