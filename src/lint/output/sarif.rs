//! SARIF 2.1.0: relative paths, help of the rules, fixes, related places, stable fingerprints.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::{Lines, Outcome, json as plain, total};
use crate::diagnostic::{Repair, Severity};
use crate::lint::{Accepted, Finding, Report};
use crate::text::Span;

/// The document.
#[must_use]
pub fn print(outcome: &Outcome<'_>) -> Json {
    let mut rules: BTreeMap<&str, &str> = BTreeMap::new();
    for finding in outcome.reports.iter().flat_map(|report| &report.findings) {
        rules.insert(&finding.rule.code, &finding.rule.name);
    }
    let places: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, code)| (*code, index)).collect();
    let results: Vec<Json> = outcome.reports.iter().flat_map(|report| results(report, &places)).collect();
    let all = total(outcome.reports);
    let mut names: Vec<&String> = all.files.iter().collect();
    names.sort();
    names.dedup();
    let artifacts: Vec<Json> = names.iter().map(|name| json!({"location": {"uri": uri(name)}})).collect();
    let notes: Vec<Json> =
        outcome.error.iter().map(|error| json!({"level": "error", "message": {"text": error}})).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "archplan",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|(code, name)| rule(outcome, code, name)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": outcome.error.is_none(),
                "toolExecutionNotifications": notes,
            }],
            "artifacts": artifacts,
            "results": results,
            "properties": {"checked": plain::counts(&all)},
        }],
    })
}

fn rule(outcome: &Outcome<'_>, code: &str, name: &str) -> Json {
    let described = (outcome.help)(code);
    let summary = described.as_ref().map_or(name, |rule| rule.summary.as_str());
    let page = described.as_ref().map_or(name, |rule| rule.page.as_str());
    let level = described.as_ref().map_or("warning", |rule| level(crate::lint::architecture::severity(&rule.severity)));
    json!({
        "id": code,
        "name": pascal(name),
        "shortDescription": {"text": sentence(name, summary)},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": level},
        "properties": {"name": name, "tags": [crate::lint::rules::family(code)]},
    })
}

fn results(report: &Report, rules: &BTreeMap<&str, usize>) -> Vec<Json> {
    let lines = Lines::new(report);
    report.findings.iter().map(|finding| result(&lines, finding, rules)).collect()
}

fn result(lines: &Lines<'_>, finding: &Finding, rules: &BTreeMap<&str, usize>) -> Json {
    let mut out = Map::new();
    out.insert("ruleId".to_owned(), json!(finding.rule.code));
    out.insert("ruleIndex".to_owned(), json!(rules.get(finding.rule.code.as_str())));
    out.insert("level".to_owned(), json!(level(finding.severity)));
    out.insert("message".to_owned(), json!({"text": message(finding)}));
    out.insert("locations".to_owned(), json!([{"physicalLocation": location(lines, finding.span)}]));
    out.insert("partialFingerprints".to_owned(), json!({"archplan/v1": finding.identity}));
    if !finding.related.is_empty() {
        let related: Vec<Json> = finding
            .related
            .iter()
            .enumerate()
            .map(|(id, label)| json!({"id": id + 1, "message": {"text": label.text}, "physicalLocation": location(lines, label.span)}))
            .collect();
        out.insert("relatedLocations".to_owned(), Json::Array(related));
    }
    if let Some(repair) = &finding.repair {
        out.insert("fixes".to_owned(), json!([fix(lines, finding, repair)]));
    }
    match &finding.accepted {
        Some(Accepted::Baseline) => {
            out.insert("baselineState".to_owned(), json!("unchanged"));
        }
        Some(Accepted::Comment(reason)) => {
            out.insert("suppressions".to_owned(), json!([{"kind": "inSource", "justification": reason}]));
        }
        Some(Accepted::Waiver(words)) => {
            out.insert("suppressions".to_owned(), json!([{"kind": "external", "justification": words}]));
        }
        None => {}
    }
    if !finding.facts.is_empty() {
        let facts: Map<String, Json> =
            finding.facts.iter().map(|fact| (fact.path.clone(), json!(fact.value))).collect();
        out.insert("properties".to_owned(), json!({"facts": facts}));
    }
    Json::Object(out)
}

fn message(finding: &Finding) -> String {
    match &finding.fix {
        Some(fix) => format!("{}. Fix: {fix}.", finding.message.trim_end_matches('.')),
        None => format!("{}.", finding.message.trim_end_matches('.')),
    }
}

fn fix(lines: &Lines<'_>, finding: &Finding, repair: &Repair) -> Json {
    let mut files: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    for edit in &repair.edits {
        let change = json!({"deletedRegion": region(lines, edit.span), "insertedContent": {"text": edit.text}});
        files.entry(uri(&lines.name(edit.span.source))).or_default().push(change);
    }
    let changes: Vec<Json> =
        files.into_iter().map(|(uri, list)| json!({"artifactLocation": {"uri": uri}, "replacements": list})).collect();
    let words = finding.fix.as_deref().unwrap_or("mend it");
    json!({"description": {"text": words}, "artifactChanges": changes})
}

fn location(lines: &Lines<'_>, span: Span) -> Json {
    json!({"artifactLocation": {"uri": uri(&lines.name(span.source))}, "region": region(lines, span)})
}

fn region(lines: &Lines<'_>, span: Span) -> Json {
    let (start, end) = (lines.start(span), lines.end(span));
    json!({"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column})
}

/// A path as a relative reference; an absolute one loses its root.
fn uri(name: &str) -> String {
    let name = name.replace('\\', "/");
    let name = name.strip_prefix("./").unwrap_or(&name);
    let mut out = String::new();
    for byte in name.trim_start_matches('/').bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    if out.is_empty() { "stdin".to_owned() } else { out }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// `dangling-after` as `DanglingAfter`.
fn pascal(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| format!("{}{}", first.to_uppercase(), letters.as_str())).unwrap_or_default()
    };
    name.split('-').map(word).collect()
}

fn sentence(name: &str, summary: &str) -> String {
    let first = summary.lines().next().unwrap_or("").trim();
    if first.is_empty() { format!("{name}.") } else { format!("{}.", first.trim_end_matches(['.', ':'])) }
}
