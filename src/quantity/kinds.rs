//! One type per kind of quantity, each a range in canonical units.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Kind;

/// A value with its uncertainty; `low <= expected <= high`, all three equal when one value was stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The least that is thought possible.
    pub low: f64,
    /// What decisions are made on.
    pub expected: f64,
    /// The most that is thought possible.
    pub high: f64,
}

impl Range {
    /// One value without uncertainty.
    #[must_use]
    pub const fn exactly(value: f64) -> Self {
        Self { low: value, expected: value, high: value }
    }

    /// Whether it is one value without uncertainty.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.low == self.expected && self.expected == self.high
    }
}

#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Form {
    One(f64),
    Three { low: f64, expected: f64, high: f64 },
}

impl Serialize for Range {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let form = if self.is_exact() {
            Form::One(self.expected)
        } else {
            Form::Three { low: self.low, expected: self.expected, high: self.high }
        };
        form.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Form::deserialize(deserializer)? {
            Form::One(value) => Self::exactly(value),
            Form::Three { low, expected, high } => Self { low, expected, high },
        })
    }
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident, $pattern:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub Range);

        impl $name {
            /// The kind of this quantity.
            pub const KIND: Kind = Kind::$name;

            /// One value in canonical units, without uncertainty.
            #[must_use]
            pub const fn exactly(value: f64) -> Self {
                Self(Range::exactly(value))
            }

            /// The least that is thought possible, in canonical units.
            #[must_use]
            pub const fn low(&self) -> f64 {
                self.0.low
            }

            /// What decisions are made on, in canonical units.
            #[must_use]
            pub const fn expected(&self) -> f64 {
                self.0.expected
            }

            /// The most that is thought possible, in canonical units.
            #[must_use]
            pub const fn high(&self) -> f64 {
                self.0.high
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                schema(Kind::$name, $pattern)
            }
        }
    )*};
}

quantities! {
    /// How many, as a number.
    Count, "^[0-9]+([.][0-9]+)?[kMB]?$";
    /// Things per time, in 1/s.
    Rate, "^[0-9]+([.][0-9]+)?[kMB]?/(s|min|h|day|week|month|year)$";
    /// An amount of data, in bytes.
    Size, "^[0-9]+([.][0-9]+)? ?(B|[kKMGTP]B|[KMGTP]iB)$";
    /// Growing data, in bytes per month.
    SizeRate, "^[0-9]+([.][0-9]+)? ?(B|[kKMGTP]B|[KMGTP]iB)/(day|week|month|year)$";
    /// Growing numbers, in 1/month.
    CountRate, "^[0-9]+([.][0-9]+)?[kMB]?/(s|min|h|day|week|month|year)$";
    /// A span of time, in milliseconds.
    Duration, "^[0-9]+([.][0-9]+)? ?(ms|s|min|h|days?|weeks?|months?|years?)$";
    /// A part of the whole, 0 to 1.
    Share, "^[0-9]+([.][0-9]+)?%$";
    /// A factor per month.
    Growth, "^[0-9]+([.][0-9]+)?(%|x)/(month|year)$";
    /// Money per month, in US dollars.
    Money, "^([$]|[A-Z]{3} )[0-9]+([.][0-9]+)?[kMB]?(/month)?$";
    /// A multiple.
    Factor, "^[0-9]+([.][0-9]+)?x$";
}

fn schema(kind: Kind, pattern: &str) -> Schema {
    let one = if kind == Kind::Count {
        json_schema!({"type": ["string", "number"], "pattern": pattern})
    } else {
        json_schema!({"type": "string", "pattern": pattern})
    };
    json_schema!({
        "x-quantity": kind.as_str(),
        "anyOf": [
            one,
            {
                "type": "object",
                "properties": {"low": one, "expected": one, "high": one},
                "required": ["low", "expected", "high"],
                "additionalProperties": false
            }
        ]
    })
}
