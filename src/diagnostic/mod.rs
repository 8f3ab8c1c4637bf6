//! What is wrong, where, why and what to do: data only, no printing.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// How bad a finding is; ordered, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably wrong.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    /// The word that people and machines read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A rule by its permanent code (`R001`) and its kebab-case name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RuleId {
    /// Letter and three digits.
    pub code: String,
    /// The name that waivers and `--select` use.
    pub name: String,
}

/// A second place that makes the first one wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What stands there.
    pub text: String,
}

/// A fact behind a finding: its path and its value as people write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// The fact's path, such as `traffic.peak`.
    pub path: String,
    /// The fact's value, such as `400/s`.
    pub value: String,
}

/// Other bytes for a span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What comes in its place.
    pub text: String,
}

/// Edits that mend a finding when all of them are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// Whether nothing that somebody meant can be lost by it.
    pub safe: bool,
    /// The edits; their spans do not touch each other.
    pub edits: Vec<Edit>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule speaks.
    pub rule: RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence without a full stop.
    pub message: String,
    /// The name of the source as given.
    pub file: String,
    /// The place of what is wrong.
    pub span: Span,
    /// Further places.
    pub labels: Vec<Label>,
    /// The facts that the finding rests on.
    pub facts: Vec<Ground>,
    /// What to do, as an instruction.
    pub fix: Option<String>,
    /// The same as edits, where a machine can make them.
    pub repair: Option<Repair>,
}

impl Diagnostic {
    /// The order in which findings are reported: file, place, code.
    #[must_use]
    pub fn order(&self) -> (&str, usize, usize, &str) {
        (&self.file, self.span.source, self.span.start, &self.rule.code)
    }
}
