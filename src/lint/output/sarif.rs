//! SARIF 2.1.0: relative paths, help of the rules, fixes, related places, stable fingerprints.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::{Lines, Outcome, json as plain, total};
use crate::diagnostic::{Repair, Severity};
use crate::lint::{Accepted, Finding, Report};
use crate::text::Span;

/// The document.
#[derive(Serialize)]
struct Document<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Json,
    column_kind: &'static str,
    invocations: Json,
    artifacts: Vec<Json>,
    results: Vec<Row<'r>>,
    properties: Json,
}

/// A finding. There may be tens of thousands, so they are no trees of values.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'r> {
    rule_id: &'r str,
    rule_index: Option<usize>,
    level: &'static str,
    message: Words<String>,
    locations: [Place<'r>; 1],
    partial_fingerprints: Fingerprints<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Json>,
}

#[derive(Serialize)]
struct Words<T> {
    text: T,
}

#[derive(Serialize)]
struct Fingerprints<'r> {
    #[serde(rename = "archplan/v1")]
    identity: &'r str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'r> {
    physical_location: Physical<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Related<'r> {
    id: usize,
    message: Words<&'r str>,
    physical_location: Physical<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'r> {
    artifact_location: Uri<'r>,
    region: Region,
}

#[derive(Serialize)]
struct Uri<'r> {
    uri: &'r str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

/// The document as text, its last line ended.
#[must_use]
pub fn print(outcome: &Outcome<'_>) -> String {
    let mut rules: BTreeMap<&str, &str> = BTreeMap::new();
    for finding in outcome.reports.iter().flat_map(|report| &report.findings) {
        rules.insert(&finding.rule.code, &finding.rule.name);
    }
    let places: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, code)| (*code, index)).collect();
    let files: Vec<Files<'_>> = outcome.reports.iter().map(Files::new).collect();
    let all = total(outcome.reports);
    let mut names: Vec<&String> = all.files.iter().collect();
    names.sort();
    names.dedup();
    let notes: Vec<Json> =
        outcome.error.iter().map(|error| json!({"level": "error", "message": {"text": error}})).collect();
    let document = Document {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: json!({"driver": {
                "name": "archplan",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|(code, name)| rule(outcome, code, name)).collect::<Vec<_>>(),
            }}),
            column_kind: "unicodeCodePoints",
            invocations: json!([{
                "executionSuccessful": outcome.error.is_none(),
                "toolExecutionNotifications": notes,
            }]),
            artifacts: names.iter().map(|name| json!({"location": {"uri": uri(name)}})).collect(),
            results: files.iter().flat_map(|files| files.rows(&places)).collect(),
            properties: json!({"checked": plain::counts(&all)}),
        }],
    };
    // Nothing in it can fail to print: no key is anything but text.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
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

/// A report with the lines and names of its files.
struct Files<'r> {
    report: &'r Report,
    lines: Lines<'r>,
    uris: Vec<String>,
}

impl<'r> Files<'r> {
    fn new(report: &'r Report) -> Self {
        let lines = Lines::new(report);
        let uris = (0..report.sources.len()).map(|source| uri(&lines.name(source))).collect();
        Self { report, lines, uris }
    }

    fn rows(&self, rules: &BTreeMap<&str, usize>) -> Vec<Row<'_>> {
        self.report.findings.iter().map(|finding| self.row(finding, rules)).collect()
    }

    fn row<'f>(&'f self, finding: &'f Finding, rules: &BTreeMap<&str, usize>) -> Row<'f> {
        let related = finding.related.iter().enumerate().map(|(id, label)| Related {
            id: id + 1,
            message: Words { text: &label.text },
            physical_location: self.location(label.span),
        });
        let (state, suppression) = match &finding.accepted {
            Some(Accepted::Baseline) => (Some("unchanged"), None),
            Some(Accepted::Comment(reason)) => (None, Some(json!({"kind": "inSource", "justification": reason}))),
            Some(Accepted::Waiver(words)) => (None, Some(json!({"kind": "external", "justification": words}))),
            None => (None, None),
        };
        let facts = || finding.facts.iter().map(|fact| (fact.path.clone(), json!(fact.value))).collect::<Map<_, _>>();
        Row {
            rule_id: &finding.rule.code,
            rule_index: rules.get(finding.rule.code.as_str()).copied(),
            level: level(finding.severity),
            message: Words { text: message(finding) },
            locations: [Place { physical_location: self.location(finding.span) }],
            partial_fingerprints: Fingerprints { identity: &finding.identity },
            related_locations: related.collect(),
            fixes: finding.repair.iter().map(|repair| self.fix(finding, repair)).collect(),
            baseline_state: state,
            suppressions: suppression.into_iter().collect(),
            properties: (!finding.facts.is_empty()).then(|| json!({"facts": facts()})),
        }
    }

    fn fix(&self, finding: &Finding, repair: &Repair) -> Json {
        let mut files: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
        for edit in &repair.edits {
            let change = json!({"deletedRegion": self.region(edit.span), "insertedContent": {"text": edit.text}});
            files.entry(self.uri(edit.span)).or_default().push(change);
        }
        let changes: Vec<Json> = files
            .into_iter()
            .map(|(uri, list)| json!({"artifactLocation": {"uri": uri}, "replacements": list}))
            .collect();
        let words = finding.fix.as_deref().unwrap_or("mend it");
        json!({"description": {"text": words}, "artifactChanges": changes})
    }

    fn uri(&self, span: Span) -> &str {
        self.uris.get(span.source).map_or("", String::as_str)
    }

    fn location(&self, span: Span) -> Physical<'_> {
        Physical { artifact_location: Uri { uri: self.uri(span) }, region: self.region(span) }
    }

    fn region(&self, span: Span) -> Region {
        let (start, end) = (self.lines.start(span), self.lines.end(span));
        Region { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
    }
}

fn message(finding: &Finding) -> String {
    match &finding.fix {
        Some(fix) => format!("{}. Fix: {fix}.", finding.message.trim_end_matches('.')),
        None => format!("{}.", finding.message.trim_end_matches('.')),
    }
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
