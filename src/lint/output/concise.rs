//! One line per finding, a promised grammar: `file:line:column: severity[code] name: message [note] (fix: what to do)`.
//!
//! Lines and columns count from 1, columns in characters. The note and the fix may be missing.

use std::fmt::Write;

use super::{Lines, sentence};
use crate::lint::Report;

/// The lines, each with its line break.
#[must_use]
pub fn print(reports: &[Report]) -> String {
    let mut out = String::new();
    for report in reports {
        let lines = Lines::new(report);
        for finding in &report.findings {
            let place = lines.start(finding.span);
            // Writing into a string cannot fail.
            let _ = writeln!(
                out,
                "{}:{}:{}: {}[{}] {}: {}",
                report.name(finding),
                place.line,
                place.column,
                finding.severity.as_str(),
                finding.rule.code,
                finding.rule.name,
                sentence(finding),
            );
        }
    }
    out
}
