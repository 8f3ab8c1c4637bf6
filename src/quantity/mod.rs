//! Counts, rates, sizes, durations, shares, growth, money and their ranges: parse, compare, print.
//!
//! Everything is held in one canonical unit per [`Kind`]. It must not know where a text came from.

use compact_str::CompactString;

mod date;
mod kinds;
mod parse;
mod print;
mod ratio;
#[cfg(test)]
mod tests;

pub use date::Date;
pub use kinds::{Count, CountRate, Duration, Factor, Growth, Money, Range, Rate, Share, Size, SizeRate};
pub(crate) use parse::short;
pub use parse::{Rejected, Why, called, foreign_currency, how, ordered, parse, parse_range};
pub use print::{exact, exact_in, human, human_in, per_second, stated_duration, stated_rate};

/// What a leaf of the requirements is, and with it the canonical unit of its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// How many: a number.
    Count,
    /// Things per time: 1/s.
    Rate,
    /// Bytes.
    Size,
    /// Bytes per month.
    SizeRate,
    /// Things per month.
    CountRate,
    /// Milliseconds.
    Duration,
    /// A part of the whole, 0 to 1.
    Share,
    /// The factor by which something grows in a month; 8% per month is 1.08.
    Growth,
    /// US dollars per month.
    Money,
    /// A multiple.
    Factor,
    /// A whole number without a unit.
    Int,
    /// A decimal number without a unit.
    Number,
    /// Yes or no.
    Bool,
    /// Free text.
    Text,
    /// One word of a list.
    Word,
    /// Several plain values, one fact together.
    Words,
    /// A calendar day.
    Date,
}

impl Kind {
    /// Every kind, in the order of their definition.
    pub const ALL: [Self; 17] = [
        Self::Count,
        Self::Rate,
        Self::Size,
        Self::SizeRate,
        Self::CountRate,
        Self::Duration,
        Self::Share,
        Self::Growth,
        Self::Money,
        Self::Factor,
        Self::Int,
        Self::Number,
        Self::Bool,
        Self::Text,
        Self::Word,
        Self::Words,
        Self::Date,
    ];

    /// The spelling in `x-quantity` and in machine formats.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Rate => "rate",
            Self::Size => "size",
            Self::SizeRate => "size-rate",
            Self::CountRate => "count-rate",
            Self::Duration => "duration",
            Self::Share => "share",
            Self::Growth => "growth",
            Self::Money => "money",
            Self::Factor => "factor",
            Self::Int => "int",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Text => "text",
            Self::Word => "word",
            Self::Words => "words",
            Self::Date => "date",
        }
    }

    /// The kind with this spelling.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The canonical unit, empty where the number has none.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Rate => "1/s",
            Self::Size => "B",
            Self::SizeRate => "B/month",
            Self::CountRate => "1/month",
            Self::Duration => "ms",
            Self::Share => "share",
            Self::Growth => "factor/month",
            Self::Money => "USD/month",
            Self::Factor => "x",
            _ => "",
        }
    }

    /// Whether values of this kind may be written as a range `{low, expected, high}`.
    #[must_use]
    pub const fn is_quantity(self) -> bool {
        matches!(
            self,
            Self::Count
                | Self::Rate
                | Self::Size
                | Self::SizeRate
                | Self::CountRate
                | Self::Duration
                | Self::Share
                | Self::Growth
                | Self::Money
                | Self::Factor
        )
    }
}

/// A stated value in canonical units.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// One number in the kind's canonical unit.
    Number(f64),
    /// Three numbers in the kind's canonical unit, in order.
    Range(Range),
    /// Text, a word or a date as written.
    Text(CompactString),
    /// A list of plain values.
    List(Vec<String>),
}

impl Value {
    /// The value in machine form; a range as an object, what is no number as null.
    #[must_use]
    pub fn machine(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        let number = |number: f64| serde_json::Number::from_f64(number).map_or(Json::Null, Json::Number);
        match self {
            Self::Bool(flag) => Json::Bool(*flag),
            Self::Number(value) => number(*value),
            Self::Range(range) => {
                serde_json::json!({"low": number(range.low), "expected": number(range.expected), "high": number(range.high)})
            }
            Self::Text(text) => Json::String(text.to_string()),
            Self::List(words) => Json::Array(words.iter().cloned().map(Json::String).collect()),
        }
    }
}

/// The calendar and the currency by which units are converted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Units {
    /// Seconds in a day, for rates; 86,400 unless stated.
    pub seconds_per_day: f64,
    /// Days in a month, for rates, growth and durations; 30 unless stated.
    pub days_per_month: f64,
    /// US dollars for one unit of another currency, where stated.
    pub usd_per_unit: Option<f64>,
}

/// A span of time as whole years, else as whole months, with the unit; `None` when it is neither.
#[must_use]
pub fn calendar(value: f64, units: &Units) -> Option<(f64, &'static str)> {
    let months = value / (units.days_per_month * 86_400_000.0);
    let whole = months.round();
    if whole < 1.0 || (months - whole).abs() > 1e-9 * whole {
        return None;
    }
    // Up to three years people count in months.
    let years = whole >= 36.0 && whole % 12.0 == 0.0;
    Some(if years { (whole / 12.0, "year") } else { (whole, "month") })
}

impl Default for Units {
    fn default() -> Self {
        Self { seconds_per_day: 86_400.0, days_per_month: 30.0, usd_per_unit: None }
    }
}
