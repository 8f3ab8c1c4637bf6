//! Findings about files, and how they are printed.
//!
//! It reads no file itself: names and bytes come from the caller.

pub mod output;
pub mod rules;

use crate::diagnostic::{Diagnostic, Severity};
use crate::requirements;
use crate::text::Source;

/// A file with its findings.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The file's name as given.
    pub name: String,
    /// The texts that the findings point into; the first is the file.
    pub sources: Vec<Source>,
    /// The findings by place.
    pub findings: Vec<Diagnostic>,
}

/// Checks one requirements file.
#[must_use]
pub fn requirements(name: &str, bytes: &[u8]) -> Report {
    let reading = requirements::read_bytes(name, bytes);
    Report { name: name.to_owned(), sources: reading.sources, findings: reading.diagnostics }
}

/// The worst severity among the findings.
#[must_use]
pub fn worst(reports: &[Report]) -> Option<Severity> {
    reports.iter().flat_map(|report| &report.findings).map(|finding| finding.severity).max()
}
