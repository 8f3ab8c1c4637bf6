//! Test results: one suite per checked file, one failed case per finding that counts, and a passed case for a file without any.

use super::{Lines, Outcome, sentence, total, xml};
use crate::lint::Report;

/// The document.
#[must_use]
pub fn print(outcome: &Outcome<'_>) -> String {
    let mut suites = String::new();
    let (mut tests, mut failures) = (0_usize, 0_usize);
    for report in outcome.reports {
        let lines = Lines::new(report);
        for (source, file) in
            report.sources.iter().enumerate().filter(|(_, file)| report.checked.files.contains(&file.name))
        {
            let (cases, failed) = cases(report, &lines, source, &file.name);
            let count = failed.max(1);
            (tests, failures) = (tests + count, failures + failed);
            suites.push_str(&suite(&file.name, count, failed, 0, &cases));
        }
    }
    let errors = usize::from(outcome.error.is_some());
    if let Some(error) = outcome.error {
        let case = format!(
            "    <testcase classname=\"archplan\" name=\"input\" time=\"0\">\n      <error message=\"{}\" type=\"error\"/>\n    </testcase>\n",
            xml(error)
        );
        tests += 1;
        suites.push_str(&suite("archplan", 1, 0, 1, &case));
    }
    let rules = total(outcome.reports).rules;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"archplan lint, {rules} rules\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"0\">\n{suites}</testsuites>\n"
    )
}

fn suite(name: &str, tests: usize, failures: usize, errors: usize, cases: &str) -> String {
    format!(
        "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"0\" time=\"0\">\n{cases}  </testsuite>\n",
        xml(name)
    )
}

/// The cases of one file, and how many failed.
fn cases(report: &Report, lines: &Lines<'_>, source: usize, file: &str) -> (String, usize) {
    let mut out = String::new();
    let mut failed = 0;
    for finding in report.findings.iter().filter(|finding| finding.counts() && finding.span.source == source) {
        let place = lines.start(finding.span);
        failed += 1;
        out.push_str(&format!(
            "    <testcase classname=\"{}.{}\" name=\"{}\" time=\"0\">\n      <failure message=\"{}\" type=\"{}\">{}:{}:{}</failure>\n    </testcase>\n",
            xml(&finding.rule.code),
            xml(&finding.rule.name),
            xml(&finding.identity),
            xml(&sentence(finding)),
            finding.severity.as_str(),
            xml(file),
            place.line,
            place.column,
        ));
    }
    if failed == 0 {
        out.push_str(&format!(
            "    <testcase classname=\"archplan\" name=\"{} rules\" time=\"0\"/>\n",
            report.checked.rules
        ));
    }
    (out, failed)
}
