//! What a walker is told about values: forms, bounds and keys, as static tables.

use crate::quantity::{self, Kind};

/// What a value must look like.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its path: `domains[].peak`.
    pub path: &'static str,
    /// Its form.
    pub form: Form,
    /// What a number must keep to.
    pub bounds: Bounds,
}

/// The form of a value.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A mapping with these keys and no others.
    Object(&'static [Key]),
    /// A list of such values.
    List(&'static Shape),
    /// A quantity with its unit, or a day of the calendar.
    Quantity(Kind),
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// One of some words.
    Words(&'static [&'static str]),
    /// Text, with a grammar of its own where one is named.
    Text(Option<&'static str>),
}

/// What a number must keep to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The least that is allowed.
    pub least: Option<f64>,
    /// The most that is allowed.
    pub most: Option<f64>,
    /// A bound that is not reached.
    pub below: Option<f64>,
    /// Whether zero is senseless.
    pub positive: bool,
}

/// A key of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What it says, with unit and default.
    pub doc: &'static str,
    /// Whether it may not be missing.
    pub required: bool,
    /// What its value must look like.
    pub shape: Shape,
}

impl Form {
    /// The keys of a mapping or of the mappings in a list; none for anything else.
    #[must_use]
    pub fn keys(&self) -> &'static [Key] {
        match self {
            Self::Object(keys) => keys,
            Self::List(item) => item.form.keys(),
            _ => &[],
        }
    }

    /// What to write, for messages.
    #[must_use]
    pub fn expected(&self) -> String {
        match self {
            Self::Quantity(kind) => format!("it like {}", quantity::how(*kind)),
            Self::Words(words) => format!("one of {}", words.join(", ")),
            Self::Object(_) => "`key: value` lines below it".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Whole => "a whole number".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Bool => "`true` or `false`".to_owned(),
            Self::Text(_) => "text".to_owned(),
        }
    }
}
