//! One line per finding: `file:line:col: severity[code] name: message (fix: ...)`.

use super::source;
use crate::lint::Report;
use crate::text::LineIndex;

/// The lines, each with its line break.
#[must_use]
pub fn print(reports: &[Report]) -> String {
    let mut out = String::new();
    for report in reports {
        for finding in &report.findings {
            let text = source(&report.sources, finding.span.source);
            let place = LineIndex::new(text).position(finding.span.start);
            let fix = finding.fix.as_ref().map(|fix| format!(" (fix: {fix})"));
            out.push_str(&format!(
                "{}:{}:{}: {}[{}] {}: {}{}\n",
                finding.file,
                place.line,
                place.column,
                finding.severity.as_str(),
                finding.rule.code,
                finding.rule.name,
                finding.message,
                fix.unwrap_or_default(),
            ));
        }
    }
    out
}
