//! Findings for people: source line, caret, further places, fix.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::source;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::Report;
use crate::text::{LineIndex, Source, Span};

/// Lines longer than this are shown in part only.
const WIDEST: usize = 400;

/// The findings as text; `colour` adds terminal colours.
#[must_use]
pub fn print(reports: &[Report], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for report in reports {
        for finding in &report.findings {
            out.push_str(&one(&report.sources, finding, &renderer));
            out.push_str("\n\n");
        }
    }
    out
}

fn one(sources: &[Source], finding: &Diagnostic, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title =
        level.primary_title(finding.message.as_str()).id(format!("{} {}", finding.rule.code, finding.rule.name));
    let text = source(sources, finding.span.source);
    let mut group = Group::with_title(title);
    let place = LineIndex::new(text).position(finding.span.start);
    let long = text.lines().nth(place.line.saturating_sub(1)).map_or(0, str::len) > WIDEST;
    if text.trim().is_empty() || long {
        // No line to show, or one that no terminal can hold.
        let origin = annotate_snippets::Origin::path(finding.file.as_str()).line(place.line).char_column(place.column);
        group = group.element(origin);
    } else {
        group = group.elements(snippets(sources, finding, text));
    }
    if let Some(fix) = &finding.fix {
        group = group.element(Level::HELP.with_name("fix").message(fix.as_str()));
    }
    renderer.render(&[group])
}

/// The main snippet with the labels of the same source, then one snippet per label of another.
fn snippets<'f>(
    sources: &'f [Source],
    finding: &'f Diagnostic,
    text: &'f str,
) -> Vec<Snippet<'f, annotate_snippets::Annotation<'f>>> {
    let main = AnnotationKind::Primary.span(range(finding.span, text));
    let mut first = Snippet::source(text).path(finding.file.as_str()).annotation(main);
    let mut others = Vec::new();
    for label in &finding.labels {
        let text = source(sources, label.span.source);
        let mark = AnnotationKind::Context.span(range(label.span, text)).label(label.text.as_str());
        if label.span.source == finding.span.source {
            first = first.annotation(mark);
        } else {
            let name = sources.get(label.span.source).map(|source| source.name.as_str());
            others.push(Snippet::source(text).path(name).annotation(mark));
        }
    }
    others.insert(0, first);
    others
}

/// The bytes of a span, within the text and on character boundaries; at most its first line.
fn range(span: Span, text: &str) -> std::ops::Range<usize> {
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    let start = floor(span.start).unwrap_or(0);
    let end = floor(span.end).unwrap_or(0).max(start);
    let line = text.get(start..end).and_then(|inner| inner.find(['\n', '\r'])).map_or(end, |at| start + at);
    start..line
}
