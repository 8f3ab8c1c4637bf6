//! One JSON document with every finding.

use serde_json::{Value as Json, json};

use super::source;
use crate::diagnostic::Diagnostic;
use crate::lint::Report;
use crate::text::{LineIndex, Source};

/// The document `archplan.findings/1`.
#[must_use]
pub fn print(reports: &[Report]) -> Json {
    let checked: Vec<&str> = reports.iter().map(|report| report.name.as_str()).collect();
    let findings: Vec<Json> = reports.iter().flat_map(|report| findings(&report.sources, &report.findings)).collect();
    json!({"schema": "archplan.findings/1", "checked": checked, "findings": findings})
}

/// Findings as they stand in every document of archplan.
#[must_use]
pub fn findings(sources: &[Source], findings: &[Diagnostic]) -> Vec<Json> {
    let lines: Vec<LineIndex<'_>> = sources.iter().map(|source| LineIndex::new(&source.text)).collect();
    let nothing = LineIndex::new(source(sources, usize::MAX));
    findings
        .iter()
        .map(|finding| {
            let index = lines.get(finding.span.source).unwrap_or(&nothing);
            let start = index.position(finding.span.start);
            let end = index.position(finding.span.end);
            let facts: Vec<Json> =
                finding.facts.iter().map(|fact| json!({"path": fact.path, "value": fact.value})).collect();
            json!({
                "rule": finding.rule.code,
                "name": finding.rule.name,
                "severity": finding.severity.as_str(),
                "message": finding.message,
                "path": finding.file,
                "line": start.line,
                "column": start.column,
                "end_line": end.line,
                "end_column": end.column,
                "fix": finding.fix,
                "facts": facts,
            })
        })
        .collect()
}
