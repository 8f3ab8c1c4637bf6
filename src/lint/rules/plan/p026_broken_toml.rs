//! `P026` broken-toml.

use crate::diagnostic::Severity;
use crate::lint::context::{Context, Sink};
use crate::lint::embedded::{self, Broken};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P026", "broken-toml", Severity::Error, include_str!("p026_broken_toml.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    embedded::check(
        cx,
        out,
        &["toml"],
        &[".toml"],
        |text| {
            let error = toml::from_str::<toml::Table>(text).err()?;
            let at = error.span().map_or(0, |span| span.start);
            let place = crate::text::LineIndex::new(text).position(at);
            Some(Broken {
                line: place.line.saturating_sub(1),
                column: place.column.saturating_sub(1),
                message: error.message().lines().next().unwrap_or_default().to_owned(),
            })
        },
        &RULE,
    );
}
