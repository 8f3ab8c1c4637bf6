//! Printers: one file per format. The same reports give the same bytes everywhere, and every format says what was checked.

pub mod agent;
pub mod checkstyle;
pub mod concise;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod sarif;
pub mod text;

use crate::diagnostic::Severity;
use crate::lint::{Checked, Finding, Report};
use crate::text::{LineIndex, Position, Span};

/// A format of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Source lines with carets.
    Text,
    /// One line per finding.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON document per line.
    Jsonl,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of a code host's workflow.
    Github,
    /// A code quality report.
    Gitlab,
    /// Test results.
    Junit,
    /// Checkstyle XML.
    Checkstyle,
    /// One line per finding with its fix, for language models.
    Agent,
}

impl Format {
    /// All formats with their names.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Text, "text"),
        (Self::Concise, "concise"),
        (Self::Json, "json"),
        (Self::Jsonl, "jsonl"),
        (Self::Sarif, "sarif"),
        (Self::Github, "github"),
        (Self::Gitlab, "gitlab"),
        (Self::Junit, "junit"),
        (Self::Checkstyle, "checkstyle"),
        (Self::Agent, "agent"),
    ];

    /// The format of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(format, _)| *format)
    }

    /// Whether only programs read it.
    #[must_use]
    pub const fn is_machine(self) -> bool {
        !matches!(self, Self::Text | Self::Concise | Self::Agent | Self::Github)
    }
}

/// What a run came to, for a printer.
#[derive(Clone, Copy)]
pub struct Outcome<'r> {
    /// One report per system.
    pub reports: &'r [Report],
    /// Why nothing, or not everything, could be checked.
    pub error: Option<&'r str>,
    /// Pages of rules, for formats that carry help.
    pub help: &'r dyn Fn(&str) -> Option<crate::lint::rules::Described>,
}

/// The findings in a format.
#[must_use]
pub fn print(format: Format, outcome: &Outcome<'_>, colour: bool) -> String {
    match format {
        Format::Text => text::print(outcome.reports, colour),
        Format::Concise => concise::print(outcome.reports),
        Format::Json => format!("{:#}\n", json::print(outcome)),
        Format::Jsonl => json::lines(outcome),
        Format::Sarif => sarif::print(outcome),
        Format::Github => github::print(outcome),
        Format::Gitlab => format!("{:#}\n", gitlab::print(outcome)),
        Format::Junit => junit::print(outcome),
        Format::Checkstyle => checkstyle::print(outcome),
        Format::Agent => agent::print(outcome),
    }
}

/// The line that says what was looked at.
#[must_use]
pub fn summary(reports: &[Report]) -> String {
    let all = total(reports);
    let count = |severity: Severity| {
        let findings = reports.iter().flat_map(|report| &report.findings);
        findings.filter(|finding| finding.counts() && finding.severity == severity).count()
    };
    let accepted = reports.iter().flat_map(|report| &report.findings).filter(|finding| !finding.counts()).count();
    let accepted = if accepted > 0 { format!(", {accepted} accepted") } else { String::new() };
    format!(
        "checked {} file(s), {} value(s), {} task(s), {} reference(s), {} embedded text(s) by {} rule(s): {} error(s), {} warning(s), {} note(s){accepted}",
        all.files.len(),
        all.keys,
        all.tasks,
        all.references,
        all.artefacts,
        all.rules,
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Info),
    )
}

/// What all reports looked at.
#[must_use]
pub fn total(reports: &[Report]) -> Checked {
    let mut all = Checked::default();
    for report in reports {
        let checked = &report.checked;
        all.files.extend(checked.files.iter().cloned());
        all.keys += checked.keys;
        all.tasks += checked.tasks;
        all.references += checked.references;
        all.artefacts += checked.artefacts;
        all.rules = all.rules.max(checked.rules);
        for family in checked.families.chars().filter(|family| !all.families.contains(*family)).collect::<Vec<_>>() {
            all.families.push(family);
        }
    }
    all
}

/// The lines of a report's sources, indexed once.
pub(crate) struct Lines<'r> {
    report: &'r Report,
    indices: Vec<LineIndex<'r>>,
}

impl<'r> Lines<'r> {
    /// Indexes the sources of a report.
    pub fn new(report: &'r Report) -> Self {
        Self { report, indices: report.sources.iter().map(|source| LineIndex::new(&source.text)).collect() }
    }

    /// Line and column of a byte.
    pub fn position(&self, source: usize, offset: usize) -> Position {
        match self.indices.get(source) {
            Some(index) => index.position(offset),
            None => Position { line: 1, column: 1, utf16: 0 },
        }
    }

    /// Where a span begins.
    pub fn start(&self, span: Span) -> Position {
        self.position(span.source, span.start)
    }

    /// Where a span ends, on its first line.
    pub fn end(&self, span: Span) -> Position {
        self.position(span.source, span.end.max(span.start))
    }

    /// The byte where a line (from 1) of a source begins.
    pub fn line_start(&self, source: usize, line: usize) -> Option<usize> {
        self.indices.get(source)?.line_start(line)
    }

    /// The name of a source with forward slashes and without `./`.
    pub fn name(&self, source: usize) -> String {
        let name = self.report.sources.get(source).map_or("", |source| source.name.as_str());
        let name = name.replace('\\', "/");
        name.strip_prefix("./").unwrap_or(&name).to_owned()
    }
}

/// A text for XML: control characters that XML forbids become a sign for what cannot be shown.
pub(crate) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The message with its fix and why it does not count, on one line.
pub(crate) fn sentence(finding: &Finding) -> String {
    let note = finding.note().map(|note| format!(" [{note}]")).unwrap_or_default();
    let fix = finding.fix.as_ref().map(|fix| format!(" (fix: {fix})")).unwrap_or_default();
    one_line(&format!("{}{note}{fix}", finding.message))
}

/// A text on one line.
pub(crate) fn one_line(text: &str) -> String {
    if text.contains(|c: char| c.is_control()) {
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    } else {
        text.to_owned()
    }
}
