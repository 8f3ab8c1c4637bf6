//! A code quality report: a list of issues. What was checked has no place in it; the last line on standard error says it.

use serde_json::{Value as Json, json};

use super::{Lines, Outcome, sentence};
use crate::diagnostic::Severity;

/// The list.
#[must_use]
pub fn print(outcome: &Outcome<'_>) -> Json {
    let mut out = Vec::new();
    for report in outcome.reports {
        let lines = Lines::new(report);
        for finding in report.findings.iter().filter(|finding| finding.counts()) {
            let start = lines.start(finding.span);
            let severity = match finding.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            };
            out.push(json!({
                "description": format!("{} {}: {}", finding.rule.code, finding.rule.name, sentence(finding)),
                "check_name": finding.rule.name,
                "fingerprint": finding.identity,
                "severity": severity,
                "location": {"path": lines.name(finding.span.source), "lines": {"begin": start.line}},
            }));
        }
    }
    if let Some(error) = outcome.error {
        out.push(json!({
            "description": error,
            "check_name": "archplan",
            "fingerprint": "archplan/error",
            "severity": "blocker",
            "location": {"path": ".", "lines": {"begin": 1}},
        }));
    }
    Json::Array(out)
}
