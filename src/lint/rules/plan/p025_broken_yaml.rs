//! `P025` broken-yaml.

use serde::Deserialize;

use crate::diagnostic::Severity;
use crate::lint::context::{Context, Sink};
use crate::lint::embedded::{self, Broken};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P025", "broken-yaml", Severity::Error, include_str!("p025_broken_yaml.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    embedded::check(
        cx,
        out,
        &["yaml", "yml"],
        &[".yaml", ".yml"],
        |text| {
            if text.contains("{{") {
                // A template of another tool: it becomes YAML when that has filled it.
                return None;
            }
            let mut documents = serde_yaml::Deserializer::from_str(text);
            let error = documents.find_map(|document| serde::de::IgnoredAny::deserialize(document).err())?;
            let place = error.location();
            Some(Broken {
                line: place.as_ref().map_or(0, |place| place.line().saturating_sub(1)),
                column: place.as_ref().map_or(0, |place| place.column().saturating_sub(1)),
                message: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
            })
        },
        &RULE,
    );
}
