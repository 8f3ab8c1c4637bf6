//! From text to canonical numbers.

use super::{Kind, Range, Units};

/// Why a text is no quantity of a kind, and how to write one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// What is wrong with the text.
    pub because: String,
    /// How to write it instead.
    pub fix: String,
}

/// Reads one quantity in canonical units.
///
/// # Errors
/// The text is no quantity of this kind, or is beyond its limits.
pub fn parse(_kind: Kind, _text: &str, _units: &Units) -> Result<f64, Rejected> {
    Err(Rejected {
        because: String::new(),
        fix: String::new(),
    })
}

/// Reads a quantity as people give it on a command line: one value, or `{low: .., expected: .., high: ..}`.
///
/// # Errors
/// The text is no quantity of this kind, is beyond its limits, or the range is not in order.
pub fn parse_range(kind: Kind, text: &str, units: &Units) -> Result<Range, Rejected> {
    parse(kind, text, units).map(Range::exactly)
}
