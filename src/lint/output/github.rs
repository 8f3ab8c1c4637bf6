//! Workflow commands that become annotations, the worst first (a host shows ten of each kind per step), then the normal report.

use std::cmp::Reverse;

use super::{Lines, Outcome, concise, sentence, summary};
use crate::diagnostic::Severity;

/// The commands and the report.
#[must_use]
pub fn print(outcome: &Outcome<'_>) -> String {
    let mut rows: Vec<(Reverse<Severity>, String)> = Vec::new();
    for report in outcome.reports {
        let lines = Lines::new(report);
        for finding in report.findings.iter().filter(|finding| finding.counts()) {
            let (start, end) = (lines.start(finding.span), lines.end(finding.span));
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let columns = if start.line == end.line {
                format!(",col={},endColumn={}", start.column, end.column.max(start.column + 1))
            } else {
                String::new()
            };
            let row = format!(
                "::{command} file={},line={},endLine={}{columns},title={}::{}\n",
                property(&lines.name(finding.span.source)),
                start.line,
                end.line,
                property(&format!("{} {}", finding.rule.code, finding.rule.name)),
                data(&sentence(finding)),
            );
            rows.push((Reverse(finding.severity), row));
        }
    }
    rows.sort_by_key(|(severity, _)| *severity);
    let mut out: String = rows.into_iter().map(|(_, row)| row).collect();
    if let Some(error) = outcome.error {
        out.push_str(&format!("::error title=archplan::{}\n", data(error)));
    }
    out.push_str(&concise::print(outcome.reports));
    out.push_str(&format!("{}\n", summary(outcome.reports)));
    out
}

/// A message in a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value among the properties of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
