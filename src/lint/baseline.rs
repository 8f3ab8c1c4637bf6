//! The list of findings that were there before: marked, not hidden, keyed by identity and never by line.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::rules::{self, waivers::STALE_BASELINE};
use super::{Accepted, Checked, Config, Finding, Report};
use crate::text::{Source, Span};

/// The schema of the file.
const SCHEMA: &str = "archplan.baseline/1";

/// A baseline file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Identities with the names of their rules.
    pub findings: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    schema: String,
    findings: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    identity: String,
    rule: String,
}

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        let written: Written = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if written.schema != SCHEMA {
            return Err(format!("the schema is `{}`, `{SCHEMA}` is read here", written.schema));
        }
        Ok(Self { findings: written.findings.into_iter().map(|row| (row.identity, row.rule)).collect() })
    }

    /// The file, sorted, one finding on a line so that merges are easy.
    #[must_use]
    pub fn print(&self) -> String {
        let rows: Vec<String> = self
            .findings
            .iter()
            .map(|(identity, rule)| format!("    {}", serde_json::json!({"identity": identity, "rule": rule})))
            .collect();
        let inner = if rows.is_empty() { String::new() } else { format!("\n{}\n  ", rows.join(",\n")) };
        format!("{{\n  \"schema\": \"{SCHEMA}\",\n  \"findings\": [{inner}]\n}}\n")
    }

    /// Everything that reports find and nothing else accepts.
    #[must_use]
    pub fn of(reports: &[Report]) -> Self {
        let all = reports.iter().flat_map(|report| &report.findings);
        let open = all.filter(|finding| matches!(finding.accepted, None | Some(Accepted::Baseline)));
        Self { findings: open.map(|finding| (finding.identity.clone(), finding.rule.name.clone())).collect() }
    }

    /// Marks what is in the baseline; returns the entries that are no longer found although their rule was applied.
    pub fn mark(&self, reports: &mut [Report], config: &Config) -> Vec<String> {
        let mut seen = BTreeSet::new();
        for finding in reports.iter_mut().flat_map(|report| &mut report.findings) {
            if self.findings.contains_key(&finding.identity) {
                seen.insert(finding.identity.clone());
                finding.accepted.get_or_insert(Accepted::Baseline);
            }
        }
        let projects: BTreeSet<&str> = reports.iter().map(|report| report.project.as_str()).collect();
        let families: String = reports.iter().map(|report| report.checked.families.as_str()).collect();
        let stale = self.findings.iter().filter(|(identity, name)| {
            let mut parts = identity.split('/');
            let here = parts.next().is_some_and(|project| projects.contains(project));
            let code = parts.next().unwrap_or("");
            let applied = code.chars().next().is_some_and(|family| families.contains(family));
            here && applied && config.wants(code, name) && !seen.contains(*identity)
        });
        stale.map(|(identity, _)| identity.clone()).collect()
    }
}

/// Entries that are no longer found, as findings about the baseline file.
#[must_use]
pub fn stale(name: &str, text: &str, identities: &[String], config: &Config) -> Report {
    let mut report = Report {
        sources: vec![Source { name: name.to_owned(), text: text.to_owned() }],
        checked: Checked { files: vec![name.to_owned()], ..Checked::default() },
        ..Report::default()
    };
    if !config.wants(STALE_BASELINE.code, STALE_BASELINE.name) {
        return report;
    }
    for identity in identities {
        let written = serde_json::to_string(identity).unwrap_or_default();
        let at = text.find(&written).unwrap_or(0);
        let message = format!("`{identity}` is in the baseline and no longer found");
        let mut finding =
            Finding::new(STALE_BASELINE.named(), Span::new(at, at + written.len()), identity.as_str(), message);
        finding.severity = config.severity(&finding.rule, rules::waivers::STALE_BASELINE.severity);
        finding.identity = format!("baseline/{}/{identity}", STALE_BASELINE.code);
        report.findings.push(finding.fix("run with --prune-baseline"));
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_baseline_reads_back() {
        let mut baseline = Baseline::default();
        assert_eq!(Baseline::parse(&baseline.print()), Ok(baseline.clone()));
        baseline.findings.insert("shop/P012/TASK-1.1/TASK-9.9".into(), "dangling-after".into());
        baseline.findings.insert("shop/P021/TASK-\"2".into(), "no-done-when".into());
        assert_eq!(Baseline::parse(&baseline.print()), Ok(baseline));
        assert!(Baseline::parse("{}").is_err() && Baseline::parse("{\"schema\":\"x\",\"findings\":[]}").is_err());
    }
}
