//! Checkstyle XML: one `file` per checked file, also when nothing was found in it.

use super::{Lines, Outcome, sentence, xml};

/// The document.
#[must_use]
pub fn print(outcome: &Outcome<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"10.0\">\n");
    for report in outcome.reports {
        let lines = Lines::new(report);
        for (source, file) in
            report.sources.iter().enumerate().filter(|(_, file)| report.checked.files.contains(&file.name))
        {
            out.push_str(&format!("  <file name=\"{}\">\n", xml(&file.name)));
            for finding in report.findings.iter().filter(|finding| finding.counts() && finding.span.source == source) {
                let place = lines.start(finding.span);
                out.push_str(&format!(
                    "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"archplan.{}.{}\"/>\n",
                    place.line,
                    place.column,
                    finding.severity.as_str(),
                    xml(&sentence(finding)),
                    xml(&finding.rule.code),
                    xml(&finding.rule.name),
                ));
            }
            out.push_str("  </file>\n");
        }
    }
    if let Some(error) = outcome.error {
        out.push_str(&format!(
            "  <file name=\"archplan\">\n    <error line=\"1\" severity=\"error\" message=\"{}\" source=\"archplan\"/>\n  </file>\n",
            xml(error)
        ));
    }
    out.push_str("</checkstyle>\n");
    out
}
