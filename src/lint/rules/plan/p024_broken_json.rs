//! `P024` broken-json.

use crate::diagnostic::Severity;
use crate::lint::context::{Context, Sink};
use crate::lint::embedded::{self, Broken};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P024", "broken-json", Severity::Error, include_str!("p024_broken_json.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    embedded::check(
        cx,
        out,
        &["json"],
        &[".json"],
        |text| {
            serde_json::from_str::<serde::de::IgnoredAny>(text).err().map(|error| Broken {
                line: error.line().saturating_sub(1),
                column: error.column().saturating_sub(1),
                message: without_place(&error.to_string()),
            })
        },
        &RULE,
    );
}

/// A message of the reader without its own place.
fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}
