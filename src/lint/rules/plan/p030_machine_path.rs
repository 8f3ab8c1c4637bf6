//! `P030` machine-path.

use crate::diagnostic::Severity;
use crate::lint::Finding;
use crate::lint::context::{Context, Sink};
use crate::lint::rules::Rule;
use crate::text::holds;

/// The rule.
pub const RULE: Rule = Rule::new("P030", "machine-path", Severity::Warning, include_str!("p030_machine_path.md"));

/// Looks for it.
pub fn check(cx: &Context<'_>, out: &mut Sink) {
    // Most plans name no such path: a few searches of the whole text say so.
    let all = cx.document.text.as_str();
    let named = FOLDERS.iter().any(|folder| holds(all, &format!("/{folder}/")));
    if !named && !holds(all, ":\\") {
        return;
    }
    for index in 0..cx.document.lines.len() {
        let text = cx.document.line(index);
        if let Some(range) = find(text) {
            let path = text.get(range.clone()).unwrap_or("");
            let message = format!("`{path}` is a place on one machine");
            let finding = Finding::new(RULE.named(), cx.part(index, range), cx.subject(index), message).detail(path);
            out.push(finding.fix("write the path from the root of the repository"));
        }
    }
}

/// Folders in which people's own files stand.
const FOLDERS: [&str; 3] = ["home", "Users", "root"];

/// The first path of a person's machine in a line.
fn find(text: &str) -> Option<std::ops::Range<usize>> {
    let at = text.match_indices(['/', '\\']).map(|(at, _)| at).find_map(|at| {
        let rest = text.get(at + 1..)?;
        let folder = rest.split(['/', '\\']).next()?;
        let before = text.get(..at)?;
        let free = !before.ends_with(|c: char| c.is_alphanumeric() || "*}.-_)/\\$~".contains(c));
        let deeper = rest.len() > folder.len() + 1;
        let person = free && deeper && text.get(at..=at) == Some("/") && FOLDERS.contains(&folder);
        let person = person && rest.get(folder.len() + 1..)?.starts_with(|c: char| c.is_alphanumeric());
        let mut drive = before.chars().rev();
        let drive = drive.next() == Some(':')
            && drive.next().is_some_and(|c| c.is_ascii_alphabetic())
            && !drive.next().is_some_and(char::is_alphanumeric)
            && folder.len() > 1
            && text.get(at..=at) == Some("\\");
        if drive { Some(at - 2) } else { person.then_some(at) }
    })?;
    let rest = text.get(at..)?;
    let end = rest.find(|c: char| c.is_whitespace() || "`\"'<>|)],;".contains(c)).unwrap_or(rest.len());
    Some(at..at + end)
}
