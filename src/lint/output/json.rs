//! One JSON document with every finding, or one document per line.

use serde_json::{Value as Json, json};

use super::{Lines, Outcome, total};
use crate::diagnostic::Repair;
use crate::lint::{Checked, Finding, Report};

/// The document `archplan.findings/1`.
#[must_use]
pub fn print(outcome: &Outcome<'_>) -> Json {
    let findings: Vec<Json> = outcome.reports.iter().flat_map(findings).collect();
    let all = total(outcome.reports);
    let mut document = json!({
        "schema": "archplan.findings/1",
        "checked": all.files,
        "counts": counts(&all),
        "findings": findings,
    });
    if let (Some(error), Some(map)) = (outcome.error, document.as_object_mut()) {
        map.insert("error".to_owned(), Json::String(error.to_owned()));
    }
    document
}

/// One line per finding, then one line with what was checked.
#[must_use]
pub fn lines(outcome: &Outcome<'_>) -> String {
    let mut out = String::new();
    for finding in outcome.reports.iter().flat_map(findings) {
        out.push_str(&format!("{finding}\n"));
    }
    let all = total(outcome.reports);
    let mut last = json!({"schema": "archplan.findings/1", "checked": all.files, "counts": counts(&all)});
    if let (Some(error), Some(map)) = (outcome.error, last.as_object_mut()) {
        map.insert("error".to_owned(), Json::String(error.to_owned()));
    }
    out.push_str(&format!("{last}\n"));
    out
}

/// What was looked at, in numbers.
#[must_use]
pub fn counts(all: &Checked) -> Json {
    json!({
        "files": all.files.len(),
        "keys": all.keys,
        "tasks": all.tasks,
        "references": all.references,
        "artefacts": all.artefacts,
        "rules": all.rules,
        "families": all.families,
    })
}

/// The findings of a report as they stand in every document of archplan.
#[must_use]
pub fn findings(report: &Report) -> Vec<Json> {
    let lines = Lines::new(report);
    report.findings.iter().map(|finding| one(&lines, finding)).collect()
}

fn one(lines: &Lines<'_>, finding: &Finding) -> Json {
    let start = lines.start(finding.span);
    let end = lines.end(finding.span);
    let facts: Vec<Json> = finding.facts.iter().map(|fact| json!({"path": fact.path, "value": fact.value})).collect();
    let related: Vec<Json> = finding
        .related
        .iter()
        .map(|label| {
            let start = lines.start(label.span);
            json!({
                "path": lines.name(label.span.source),
                "line": start.line,
                "column": start.column,
                "message": label.text,
            })
        })
        .collect();
    json!({
        "rule": finding.rule.code,
        "name": finding.rule.name,
        "severity": finding.severity.as_str(),
        "message": finding.message,
        "path": lines.name(finding.span.source),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "identity": finding.identity,
        "subject": finding.subject,
        "fix": finding.fix,
        "edits": finding.repair.as_ref().map(|repair| edits(lines, repair)),
        "facts": facts,
        "related": related,
        "accepted": finding.note(),
    })
}

fn edits(lines: &Lines<'_>, repair: &Repair) -> Json {
    let edits: Vec<Json> = repair
        .edits
        .iter()
        .map(|edit| {
            let (start, end) = (lines.start(edit.span), lines.end(edit.span));
            json!({
                "path": lines.name(edit.span.source),
                "line": start.line,
                "column": start.column,
                "end_line": end.line,
                "end_column": end.column,
                "text": edit.text,
            })
        })
        .collect();
    json!({"safe": repair.safe, "edits": edits})
}
