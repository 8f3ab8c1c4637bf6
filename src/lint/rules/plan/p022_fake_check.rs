//! `P022` fake-check.

use crate::diagnostic::Severity;
use crate::document::verify::{self, Predicate};
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;

/// The rule.
pub const RULE: Rule = Rule::new("P022", "fake-check", Severity::Error, include_str!("p022_fake_check.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    for (index, task) in cx.tasks() {
        let Some(text) = cx.field(index, "Done when") else { continue };
        for part in verify::parts(text) {
            out.references += 1;
            if let Predicate::Command { line, exits: 0, prints: None } = verify::predicate(part)
                && passes(&line)
            {
                let span = cx.in_field(task, "Done when", &line);
                let message = format!("`{line}` always passes");
                let finding = Finding::new(RULE.named(), span, &task.id, message).detail(&line);
                out.push(finding.fix("run something that fails while the work is not done"));
            }
        }
    }
    for fence in &cx.scan.fences {
        for index in fence.body.clone() {
            let text = cx.document.line(index);
            if !(text.contains("HEALTHCHECK") || text.contains("healthcheck") || text.contains("test:")) {
                continue;
            }
            let fake = ["process.exit(0)", "exit 0", "|| true", "CMD true", "\"true\"]", "/bin/true", "sys.exit(0)"];
            if let Some((at, word)) = fake.iter().find_map(|word| text.find(word).map(|at| (at, *word))) {
                let message = format!("the health check ends with `{word}`: it is always healthy");
                let span = cx.part(index, at..at + word.len());
                let finding = Finding::new(RULE.named(), span, cx.subject(index), message).detail(word);
                out.push(
                    finding.fix("ask the process: a request to its readiness route that fails when it cannot work"),
                );
            }
        }
    }
}

/// Whether a command ends with 0 whatever the state of the work is.
fn passes(line: &str) -> bool {
    let line = line.trim();
    let last = line.rsplit(['|', ';', '&']).next().unwrap_or("").trim();
    let word = last.split_whitespace().next().unwrap_or("");
    line.ends_with("|| true")
        || line.ends_with("|| :")
        || matches!(last, "exit 0" | "test 1 = 1" | "[ 1 = 1 ]")
        || matches!(word, "true" | ":" | "echo" | "printf")
}
