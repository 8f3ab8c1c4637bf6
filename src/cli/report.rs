//! What people read on standard error, and reading files with their name in every error.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value as Json, json};

use crate::diagnostic::Diagnostic;
use crate::engine::findings::Finding;
use crate::requirements::Reading;
use crate::text::LineIndex;

/// Prints to standard output; a closed pipe ends the run quietly.
pub(super) fn out(text: &str) {
    use std::io::Write;
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}

/// Prints an error with its causes.
pub(super) fn failure(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}

/// The bytes of a file, or of standard input for `-`.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
    } else {
        bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    }
    Ok(bytes)
}

/// Reads requirements; findings are printed to standard error.
pub(super) fn requirements(path: &Path) -> Result<Reading> {
    let name = if path == Path::new("-") { "<stdin>".to_string() } else { path.display().to_string() };
    let reading = crate::requirements::read_bytes(&name, &bytes(path)?);
    diagnostics(&reading);
    Ok(reading)
}

fn diagnostics(reading: &Reading) {
    for finding in &reading.diagnostics {
        eprint!("{}", diagnostic(reading, finding));
    }
}

fn diagnostic(reading: &Reading, finding: &Diagnostic) -> String {
    let Some(source) = reading.sources.get(finding.span.source) else { return String::new() };
    let place = LineIndex::new(&source.text).position(finding.span.start);
    let line = source.text.lines().nth(place.line.saturating_sub(1)).unwrap_or_default();
    let shown: String = line.chars().take(160).collect();
    let caret = " ".repeat(place.column.saturating_sub(1).min(160));
    let fix = finding.fix.as_deref().map(|fix| format!("  fix: {fix}\n")).unwrap_or_default();
    format!(
        "{}[{} {}]: {}\n  --> {}:{}:{}\n   | {shown}\n   | {caret}^\n{fix}",
        finding.severity.as_str(),
        finding.rule.code,
        finding.rule.name,
        finding.message,
        finding.file,
        place.line,
        place.column
    )
}

/// The findings of a file that is no sound requirements file, as the one document of a machine format.
pub(super) fn refused(reading: &Reading) -> Json {
    let rows: Vec<Json> = reading
        .diagnostics
        .iter()
        .map(|finding| {
            let text = reading.sources.get(finding.span.source).map(|source| source.text.as_str()).unwrap_or_default();
            let place = LineIndex::new(text).position(finding.span.start);
            json!({"rule": finding.rule.code, "name": finding.rule.name, "severity": finding.severity.as_str(), "message": finding.message, "path": finding.file, "line": place.line, "column": place.column, "fix": finding.fix})
        })
        .collect();
    json!({"schema": "archplan.plan/1", "error": "the requirements have errors", "findings": rows})
}

/// Findings about the architecture, one per line with its fix.
pub(super) fn findings(findings: &[Finding]) {
    for finding in findings.iter().filter(|finding| finding.severity != "info") {
        eprintln!("{}:{}:{}: {} {} {}: {}\n  fix: {}", finding.path, finding.line, finding.column, finding.severity, finding.rule, finding.name, finding.message, finding.fix);
    }
}
