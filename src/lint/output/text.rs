//! Findings for people: source line, caret, further places, fix.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::Lines;
use crate::diagnostic::Severity;
use crate::lint::{Finding, Report};
use crate::text::Span;

/// Lines longer than this are named but not shown.
const WIDEST: usize = 400;
/// Places at most so many lines apart share a picture.
const NEAR: usize = 12;

/// The findings as text; `colour` adds terminal colours.
#[must_use]
pub fn print(reports: &[Report], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for report in reports {
        let lines = Lines::new(report);
        for finding in &report.findings {
            out.push_str(&one(report, &lines, finding, &renderer));
            out.push_str("\n\n");
        }
    }
    out
}

/// The lines that a picture shows.
struct Window<'f> {
    /// The text of the lines.
    text: &'f str,
    /// Where it begins in its source.
    start: usize,
    /// The number of its first line.
    first: usize,
    /// The number of its last line.
    last: usize,
    /// Its source.
    source: usize,
    /// Places in it with what stands there.
    marks: Vec<(Span, Option<&'f str>)>,
}

fn one(report: &Report, lines: &Lines<'_>, finding: &Finding, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title =
        level.primary_title(finding.message.as_str()).id(format!("{} {}", finding.rule.code, finding.rule.name));
    let mut group = Group::with_title(title);
    let windows = windows(report, lines, finding);
    if windows.is_empty() {
        // No line to show, or one that no terminal can hold.
        let place = lines.start(finding.span);
        let name = report.name(finding);
        group = group.element(Origin::path(name).line(place.line).char_column(place.column));
    }
    for (number, window) in windows.iter().enumerate() {
        group = group.element(snippet(report, window, number == 0));
    }
    if let Some(fix) = &finding.fix {
        group = group.element(Level::HELP.with_name("fix").message(fix.as_str()));
    }
    let note = finding.note();
    if let Some(note) = &note {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    renderer.render(&[group])
}

/// The pictures of a finding: its own place first, places near each other in one.
fn windows<'f>(report: &'f Report, lines: &Lines<'_>, finding: &'f Finding) -> Vec<Window<'f>> {
    let mut out: Vec<Window<'f>> = Vec::new();
    let places = std::iter::once((finding.span, None))
        .chain(finding.related.iter().map(|label| (label.span, Some(label.text.as_str()))));
    for (span, label) in places {
        let line = lines.start(span).line;
        let near = out
            .iter_mut()
            .find(|window| window.source == span.source && line + NEAR >= window.first && line <= window.last + NEAR);
        if let Some(window) = near {
            window.marks.push((span, label));
            (window.first, window.last) = (window.first.min(line), window.last.max(line));
        } else {
            let marks = vec![(span, label)];
            out.push(Window { text: "", start: 0, first: line, last: line, source: span.source, marks });
        }
    }
    let mut shown = Vec::new();
    for mut window in out {
        let text = report.sources.get(window.source).map_or("", |source| source.text.as_str());
        let start = lines.line_start(window.source, window.first).unwrap_or(0);
        let end = lines.line_start(window.source, window.last + 1).unwrap_or(text.len());
        let cut = text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r']);
        let long = cut.lines().any(|line| line.len() > WIDEST)
            && window.marks.iter().all(|(span, _)| span.source == window.source);
        (window.text, window.start) = (cut, start);
        if !cut.trim().is_empty() && !long {
            shown.push(window);
        } else if shown.is_empty() {
            // The own place cannot be shown, so nothing is.
            return Vec::new();
        }
    }
    shown
}

fn snippet<'f>(report: &'f Report, window: &Window<'f>, own: bool) -> Snippet<'f, Annotation<'f>> {
    let name = report.sources.get(window.source).map(|source| source.name.as_str());
    let mut snippet = Snippet::source(window.text).line_start(window.first).path(name);
    for (number, (span, label)) in window.marks.iter().enumerate() {
        let kind = if own && number == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let mark = kind.span(range(*span, window.text, window.start));
        snippet = snippet.annotation(match label {
            Some(label) => mark.label(*label),
            None => mark,
        });
    }
    snippet
}

/// The bytes of a span within a text that begins at `start`, at most its first line.
fn range(span: Span, text: &str, start: usize) -> Range<usize> {
    let floor = |at: usize| (0..=at.saturating_sub(start).min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    let from = floor(span.start).unwrap_or(0);
    let to = floor(span.end).unwrap_or(0).max(from);
    let line = text.get(from..to).and_then(|inner| inner.find(['\n', '\r'])).map_or(to, |at| from + at);
    from..line
}
