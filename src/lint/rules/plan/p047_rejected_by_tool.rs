//! `P047` rejected-by-tool.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;
use crate::lint::tools::{self, Answer, Embedded, Verdict};

/// The rule.
pub const RULE: Rule = Rule::new("P047", "rejected-by-tool", Severity::Error, include_str!("p047_rejected_by_tool.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    if cx.tools.is_empty() {
        return;
    }
    let files = tools::files(cx.document, cx.scan);
    for answer in cx.tools.iter().filter(|answer| answer.verdict != Verdict::Absent) {
        out.artefacts += answer.files.len();
        let first = files.iter().find(|file| answer.files.contains(&file.path));
        match &answer.verdict {
            Verdict::Rejected(output) => rejected(cx, &files, answer, output, out),
            Verdict::Late(seconds) => {
                let message = format!("{} gave no answer about {} in {seconds} s", answer.tool, named(answer));
                out.findings.extend(first.map(|file| finding(cx, file, 0, answer, message)));
            }
            Verdict::Fine | Verdict::Absent => {}
        }
    }
}

fn rejected(cx: &Context<'_>, files: &[Embedded], answer: &Answer, output: &str, out: &mut Sink) {
    let places = tools::places(&answer.files, output);
    for place in &places {
        let Some(file) = files.iter().find(|file| file.path == place.path) else { continue };
        let message = format!("{} rejects `{}`: {}", answer.tool, place.path, place.message);
        out.push(finding(cx, file, place.line - 1, answer, message));
    }
    if let (true, Some(file)) = (places.is_empty(), files.iter().find(|file| answer.files.contains(&file.path))) {
        let message = format!("{} rejects {}: {}", answer.tool, named(answer), tools::gist(output));
        out.push(finding(cx, file, 0, answer, message));
    }
}

/// The files of an answer in words.
fn named(answer: &Answer) -> String {
    match answer.files.as_slice() {
        [only] => format!("`{only}`"),
        files => format!("{} files", files.len()),
    }
}

fn finding(cx: &Context<'_>, file: &Embedded, line: usize, answer: &Answer, message: String) -> Finding {
    let at = file.lines.get(line).or(file.lines.last()).copied().unwrap_or(file.open);
    let finding = Finding::new(RULE.named(), cx.line(at), cx.subject(file.open), message);
    finding
        .detail(format!("{}:{}", answer.tool, file.path))
        .fix("mend the file, or the requirements that it was made from")
}
