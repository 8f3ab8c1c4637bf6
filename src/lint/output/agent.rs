//! One line per finding with what to do and the command that tells more, then what was checked and one line that says what to do next.

use super::{Lines, Outcome, one_line, summary};
use crate::diagnostic::Severity;

/// The lines, each with its line break.
#[must_use]
pub fn print(outcome: &Outcome<'_>) -> String {
    let mut out = String::new();
    let mut worst: Option<(Severity, String)> = None;
    let mut repairs = false;
    for report in outcome.reports {
        let lines = Lines::new(report);
        for finding in report.findings.iter().filter(|finding| finding.counts()) {
            let place = lines.start(finding.span);
            let fix = finding.fix.as_deref().unwrap_or("see the page of the rule");
            out.push_str(&format!(
                "{}:{}:{}: {}[{}] {}; fix: {}; more: archplan explain {}\n",
                report.name(finding),
                place.line,
                place.column,
                finding.severity.as_str(),
                finding.rule.name,
                one_line(&finding.message),
                one_line(fix),
                finding.rule.code,
            ));
            repairs |= finding.repair.as_ref().is_some_and(|repair| repair.safe);
            if worst.as_ref().is_none_or(|(severity, _)| finding.severity > *severity) {
                worst = Some((finding.severity, format!("{}:{}", report.name(finding), place.line)));
            }
        }
    }
    if let Some(error) = outcome.error {
        out.push_str(&format!("error: {}\n", one_line(error)));
    }
    out.push_str(&format!("{}\n", summary(outcome.reports)));
    let next = match (worst, outcome.error) {
        (_, Some(_)) => "name files that exist and run it again".to_owned(),
        (Some(_), _) if repairs => "archplan lint --fix, then mend what is left".to_owned(),
        (Some((_, place)), _) => format!("begin at {place}, then run the same command again"),
        (None, _) => "nothing to mend".to_owned(),
    };
    out.push_str(&format!("next: {next}\n"));
    out
}
