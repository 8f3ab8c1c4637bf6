//! Arithmetic on values with uncertainty: monotone formulas travel end to end.

use crate::quantity::{Range, Value};

impl Range {
    /// The same formula at low, expected and high; for formulas that grow with their input.
    #[must_use]
    pub fn map(self, formula: impl Fn(f64) -> f64) -> Self {
        Self { low: formula(self.low), expected: formula(self.expected), high: formula(self.high) }
    }

    /// A formula that grows with both inputs.
    #[must_use]
    pub fn zip(self, other: Self, formula: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            low: formula(self.low, other.low),
            expected: formula(self.expected, other.expected),
            high: formula(self.high, other.high),
        }
    }

    /// A formula that grows with the first and falls with the second input.
    #[must_use]
    pub fn against(self, other: Self, formula: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            low: formula(self.low, other.high),
            expected: formula(self.expected, other.expected),
            high: formula(self.high, other.low),
        }
    }

    /// Sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }

    /// Product of two values that are not negative.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }

    /// Multiple by an exact number that is not negative.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        self.map(|value| value * factor)
    }

    /// Rounded up to whole things.
    #[must_use]
    pub fn whole(self) -> Self {
        self.map(|value| (value - 1e-9).ceil().max(0.0))
    }

    /// Not below a bound.
    #[must_use]
    pub fn at_least(self, bound: f64) -> Self {
        self.map(|value| value.max(bound))
    }
}

impl From<Range> for Value {
    fn from(range: Range) -> Self {
        if range.is_exact() { Self::Number(range.expected) } else { Self::Range(range) }
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Vec<String>> for Value {
    fn from(words: Vec<String>) -> Self {
        Self::List(words)
    }
}
