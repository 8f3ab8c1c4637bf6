//! What people read on standard error, and reading files with their name in every error.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value as Json, json};

use crate::engine::findings::Finding;
use crate::lint::{Report, output};
use crate::requirements::Reading;

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
    let bytes = bytes(path)?;
    let reading = super::assistant::applied(&name, &bytes, crate::requirements::read_bytes(&name, &bytes));
    diagnostics(&reading);
    Ok(reading)
}

/// Prints what is wrong with a file, or with edits of it.
pub(super) fn diagnostics(reading: &Reading) {
    if !reading.diagnostics.is_empty() {
        let report = Report::of(reading);
        eprint!("{}", output::text::print(&[report], super::lint::colour_of_errors()));
    }
}

/// An unreadable input as the one document of a machine format.
pub(super) fn unreadable(error: &anyhow::Error) -> Json {
    json!({"schema": "archplan.plan/1", "error": format!("{error:#}"), "findings": []})
}

/// The findings of a file that is no sound requirements file, as the one document of a machine format.
pub(super) fn refused(reading: &Reading) -> Json {
    let rows = output::json::findings(&Report::of(reading));
    json!({"schema": "archplan.plan/1", "error": "the requirements have errors", "findings": rows})
}

/// Findings about the architecture, one per line with its fix.
pub(super) fn findings(findings: &[Finding]) {
    for finding in findings.iter().filter(|finding| finding.severity != "info") {
        eprintln!(
            "{}:{}:{}: {} {} {}: {}\n  fix: {}",
            finding.path,
            finding.line,
            finding.column,
            finding.severity,
            finding.rule,
            finding.name,
            finding.message,
            finding.fix
        );
    }
}
