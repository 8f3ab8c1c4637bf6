//! From what a file states to facts.

use std::rc::Rc;

use super::{Fact, Facts, Origin};
use crate::quantity::Kind;
use crate::requirements::{Reading, Stated};
use crate::text::LineWalk;

/// The stated leaves as facts with line and column; edits from outside the file have line 0.
#[must_use]
pub fn given(reading: &Reading) -> Facts {
    let mut walk = reading.sources.first().map(|source| LineWalk::new(&source.text));
    let mut facts = Facts::default();
    facts.reserve(reading.stated.len());
    for stated in &reading.stated {
        let file = walk.as_mut().filter(|_| stated.span.source == 0);
        let place = file.map(|walk| walk.position(stated.span.start));
        let (line, column) = place.map_or((0, 0), |position| (position.line, position.column));
        let fact = Fact {
            kind: stated.kind,
            value: stated.value.clone(),
            origin: Origin::Given { line, column, calendar: calendar(reading, stated) },
            rule: "stated".into(),
        };
        facts.put(Rc::clone(&stated.path), fact);
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
