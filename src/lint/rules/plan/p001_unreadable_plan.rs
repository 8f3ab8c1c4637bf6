//! `P001` unreadable-plan. It is found while reading, before any other rule is asked.

use crate::diagnostic::Severity;
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P001", "unreadable-plan", Severity::Error, include_str!("p001_unreadable_plan.md"));
