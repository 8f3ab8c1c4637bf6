//! From what a file states to facts.

use super::{Fact, Facts, Origin};
use crate::quantity::Kind;
use crate::requirements::{Reading, Stated};
use crate::text::LineIndex;

/// The stated leaves as facts with line and column; edits from outside the file have line 0.
#[must_use]
pub fn given(reading: &Reading) -> Facts {
    let indexes: Vec<LineIndex> = reading.sources.iter().map(|source| LineIndex::new(&source.text)).collect();
    let mut facts = Facts::default();
    for stated in &reading.stated {
        let place =
            if stated.span.source == 0 { indexes.first().map(|index| index.position(stated.span.start)) } else { None };
        let (line, column) = place.map_or((0, 0), |position| (position.line, position.column));
        let fact = Fact {
            kind: stated.kind,
            value: stated.value.clone(),
            origin: Origin::Given { line, column, calendar: calendar(reading, stated) },
            rule: "stated".into(),
        };
        facts.put(stated.path.clone(), fact);
    }
    facts
}

/// Whether a span of time is written in months or years.
fn calendar(reading: &Reading, stated: &Stated) -> bool {
    if stated.kind != Kind::Duration {
        return false;
    }
    let text = reading.sources.get(stated.span.source).map_or("", |source| source.text.as_str());
    let written = text.get(stated.span.start..stated.span.end).unwrap_or_default();
    ["month", "year"].iter().any(|unit| written.contains(unit))
}
