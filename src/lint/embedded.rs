//! Texts of another language inside a plan: fenced blocks, and files that diffs make. Parsers come from the rules.

use super::Finding;
use super::context::{Context, Sink};
use super::patch;
use super::rules::Rule;
use super::scan::{inside, undented};

/// Where a parser gave up; line and column (in characters) count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// What it said.
    pub message: String,
}

/// Parses every block of these languages and every file with these endings that a diff makes.
pub fn check(
    cx: &Context<'_>,
    out: &mut Sink,
    languages: &[&str],
    endings: &[&str],
    parse: impl Fn(&str) -> Option<Broken>,
    rule: &Rule,
) {
    let kind = languages.first().map_or_else(String::new, |language| language.to_uppercase());
    for fence in &cx.scan.fences {
        if languages.contains(&fence.language.as_str()) {
            out.artefacts += 1;
            if let Some(broken) = parse(&inside(cx.document, fence)) {
                let line = (fence.body.start + broken.line).min(fence.body.end.saturating_sub(1));
                out.push(finding(cx, rule, &kind, (line, fence.indent + broken.column), &broken, fence.open));
            }
        } else if matches!(fence.language.as_str(), "diff" | "patch") {
            for file in patch::read(&inside(cx.document, fence)).files {
                if !file.created || !endings.iter().any(|ending| file.path.ends_with(ending)) {
                    continue;
                }
                out.artefacts += 1;
                let text: String = file.added.iter().flat_map(|(_, line)| [line.as_str(), "\n"]).collect();
                if let Some(broken) = parse(&text) {
                    let row = file.added.get(broken.line).or(file.added.last());
                    let line = fence.body.start + row.map_or(file.line, |(line, _)| *line);
                    let finding =
                        finding(cx, rule, &kind, (line, fence.indent + 1 + broken.column), &broken, fence.open);
                    out.push(finding.detail(&file.path));
                }
            }
        }
    }
}

fn finding(cx: &Context<'_>, rule: &Rule, kind: &str, at: (usize, usize), broken: &Broken, open: usize) -> Finding {
    let text = cx.document.line(at.0);
    let most = text.trim_end().chars().count().saturating_sub(1);
    let start = text.char_indices().nth(at.1.min(most)).map_or(0, |(start, _)| start);
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let message = format!("the {kind} does not parse: {}", broken.message);
    let finding = Finding::new(rule.named(), cx.part(at.0, start..start + length), cx.subject(open), message);
    let shown = undented(text, 0).trim();
    finding.fix(if shown.is_empty() { "mend it above this line" } else { "mend it here or just before" })
}
