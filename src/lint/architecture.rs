//! Family A: the engine's findings with their places. The rules themselves are data in `patterns/rules`.

use super::places::Places;
use super::{Accepted, Config, Finding};
use crate::catalogue::Catalogue;
use crate::diagnostic::{Edit, Ground, Label, Repair, RuleId, Severity};
use crate::engine::findings::Finding as Decided;
use crate::requirements::{Reading, Waiver};
use crate::text::Span;

/// The engine's findings as they are reported; those with a waiver that has ended count again.
#[must_use]
pub fn findings(
    catalogue: &Catalogue,
    reading: &Reading,
    places: &Places<'_>,
    decided: &[Decided],
    config: &Config,
) -> Vec<Finding> {
    decided.iter().map(|finding| one(catalogue, reading, places, finding, config)).collect()
}

fn one(catalogue: &Catalogue, reading: &Reading, places: &Places<'_>, decided: &Decided, config: &Config) -> Finding {
    let mut stated = decided.facts.iter().filter_map(|path| Some((path, places.of(path)?)));
    let first = stated.next();
    let near = || decided.facts.iter().find_map(|path| places.near(path)).unwrap_or_default();
    let span = first.map_or_else(near, |(_, span)| span);
    let related = stated
        .filter(|(_, other)| *other != span)
        .map(|(path, span)| Label { span, text: format!("`{path}` is {}", written(reading, span)) })
        .collect();
    let facts = decided.facts.iter().filter_map(|path| {
        let value = places.of(path).map(|span| written(reading, span))?;
        Some(Ground { path: path.clone(), value })
    });
    let rule = catalogue.rules.iter().find(|rule| rule.code == decided.rule);
    let own = rule.map_or(decided.severity.as_str(), |rule| rule.severity.as_str());
    let waiver = waiver_of(reading, decided).filter(|_| decided.waived.is_some());
    let ended = waiver.and_then(|waiver| waiver.until).zip(config.today).is_some_and(|(until, today)| today > until);
    let accepted = decided.waived.clone().filter(|_| !ended).map(Accepted::Waiver);
    let severity = if accepted.is_some() { Severity::Info } else { severity(own) };
    Finding {
        rule: RuleId { code: decided.rule.clone(), name: decided.name.clone() },
        severity,
        message: decided.message.clone(),
        span,
        related,
        facts: facts.collect(),
        fix: Some(decided.fix.clone()),
        repair: decided.mend.as_ref().and_then(|(path, word)| {
            Some(Repair { safe: false, edits: vec![Edit { span: places.of(path)?, text: word.clone() }] })
        }),
        subject: subject(decided),
        detail: String::new(),
        identity: String::new(),
        accepted,
    }
}

/// What a finding is about: the item its first path stands in, else the path.
fn subject(decided: &Decided) -> String {
    decided.facts.first().cloned().unwrap_or_default()
}

/// The waiver that accepted a finding.
fn waiver_of<'r>(reading: &'r Reading, decided: &Decided) -> Option<&'r Waiver> {
    let waivers = &reading.requirements.as_ref()?.waivers;
    waivers.iter().find(|waiver| waiver.rule == decided.name || waiver.rule == decided.rule)
}

/// A value as it stands in the file, on one line.
fn written(reading: &Reading, span: Span) -> String {
    let text = reading.sources.get(span.source).and_then(|source| source.text.get(span.start..span.end)).unwrap_or("");
    let line = text.lines().next().unwrap_or("").trim();
    line.chars().take(60).collect()
}

/// The severity that a word of the catalogue means.
#[must_use]
pub fn severity(word: &str) -> Severity {
    match word {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Info,
    }
}
