//! New names: in the requirements wherever the name stands, with the former one under `was`, and in the plan what `archplan new` makes of
//! that, so that tasks keep their ids and ticks.

use std::ops::Range;
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::edits::{Edits, rewrite};
use super::files::{File, System};
use super::names::{Occurrence, Sort};
use super::navigate::{Thing, occurrences, thing_at};
use super::{Answer, Fault, Server, rename_task};
use crate::requirements::{self, Reading};
use crate::yaml::Node;

impl Server<'_> {
    /// Answers `textDocument/prepareRename`.
    pub(super) fn prepare_rename(&mut self, params: &Json) -> Answer {
        let (file, at) = self.place(params)?;
        let Some(found) = renameable(&file, at) else { return Ok(Json::Null) };
        Ok(json!({"range": file.text.range(found.bytes, self.client.encoding), "placeholder": found.name}))
    }

    /// Answers `textDocument/rename`.
    pub(super) fn rename(&mut self, params: &Json) -> Answer {
        let (file, at) = self.place(params)?;
        let new = params.get("newName").and_then(Json::as_str).unwrap_or("").trim();
        let nothing = || {
            Fault::refused("nothing here has a name that can be changed; names, events, feature ids and task ids can")
        };
        let found = renameable(&file, at).ok_or_else(nothing)?;
        if new == found.name {
            return Ok(self.workspace_edit(&[]));
        }
        let system = self.system(&file);
        let files = match found.sort {
            Sort::Task => rename_task::edits(&system, &found.name, new)?,
            _ => self.renamed(&system, &found, new)?,
        };
        Ok(self.workspace_edit(&files))
    }

    fn renamed(&self, system: &System, found: &Occurrence, new: &str) -> Result<Vec<(Rc<File>, Edits)>, Fault> {
        let Some(file) = &system.requirements else { return Err(Fault::refused("the requirements are not here")) };
        let mut edits = Edits::new();
        for (_, _, bytes) in occurrences(system, found) {
            edits.push(written(file, bytes, new));
        }
        edits.extend(was(file, system, found));
        edits.sort_by_key(|(bytes, _)| bytes.start);
        let text = applied(file.text.as_str(), &edits);
        let reading = requirements::read(file.name(), &text);
        objection(file.reading(), &reading, new)?;
        let mut out = vec![(Rc::clone(file), edits)];
        // A plan that is behind already would take more than the new name: it waits for `archplan new`, and `was` keeps its ids until then.
        if let Some(plan) = &system.plan {
            let old = plan.text.as_str();
            let in_step = self.updated(file, file.reading(), old).is_ok_and(|now| now == old);
            if let Some(text) = in_step.then(|| self.updated(file, &reading, old)).and_then(Result::ok) {
                out.push((Rc::clone(plan), rewrite(plan, &text)));
            }
        }
        Ok(out)
    }
}

/// A name or id that can be changed.
fn renameable(file: &File, at: usize) -> Option<Occurrence> {
    match thing_at(file, at)? {
        Thing::Named(found) => Some(found),
        Thing::Path(..) => None,
    }
}

/// A name in place of another one, in quotes where it needs them.
fn written(file: &File, bytes: Range<usize>, new: &str) -> (Range<usize>, String) {
    let text = file.text.as_str();
    let before = text.get(..bytes.start).and_then(|text| text.chars().next_back());
    let quoted = before.is_some_and(|c| c == '"' || c == '\'');
    let alone = !quoted && plain(new).is_none();
    let new = if alone { format!("\"{}\"", new.replace('\\', "\\\\").replace('"', "\\\"")) } else { new.to_owned() };
    (bytes, new)
}

/// The text when YAML reads it back as it stands, also inside of brackets.
fn plain(text: &str) -> Option<&str> {
    let tree = crate::yaml::parse(&format!("[{text}]")).root?;
    let only = tree.items();
    let same = only.len() == 1 && only.first().and_then(Node::text) == Some(text);
    let word = !["null", "~", "true", "false"].contains(&text) && text.parse::<f64>().is_err();
    (same && word).then_some(text)
}

/// The former name beside the new one, where a plan has tasks of it and no former name is stated.
fn was(file: &File, system: &System, found: &Occurrence) -> Option<(Range<usize>, String)> {
    system.plan.as_ref()?;
    let tree = file.reading().tree.as_ref().filter(|_| found.sort.keeps_was())?;
    let item = tree.at(&format!("{}[{}]", found.sort.list(), found.name))?;
    if item.get("was").is_some() {
        return None;
    }
    let name = item.entry("name")?;
    let text = file.text.as_str();
    let flow = text.get(item.span.start..)?.starts_with('{');
    let old = plain(&found.name).map_or_else(|| format!("\"{}\"", found.name), str::to_owned);
    if flow {
        let at = name.value.span.end;
        return Some((at..at, format!(", was: {old}")));
    }
    let line = file.text.line(file.text.line_of(name.value.span.end));
    let column = file.text.line(file.text.line_of(name.key_span.start)).start;
    let indent = " ".repeat(name.key_span.start.saturating_sub(column));
    Some((line.end..line.end, format!("\n{indent}was: {old}")))
}

/// A text after edits in ascending order.
pub(super) fn applied(text: &str, edits: &Edits) -> String {
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (bytes, new) in edits {
        out.push_str(text.get(at..bytes.start).unwrap_or(""));
        out.push_str(new);
        at = bytes.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

/// Refuses a name that makes sound requirements unsound.
fn objection(before: &Reading, after: &Reading, new: &str) -> Result<(), Fault> {
    if !after.has_errors() || before.has_errors() {
        return Ok(());
    }
    let why = after.diagnostics.iter().find(|finding| finding.severity == crate::diagnostic::Severity::Error);
    let why = why.map_or_else(String::new, |finding| format!(": {}", finding.message));
    Err(Fault::refused(format!("`{new}` does not do as a name here{why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_only_where_they_must_be() {
        assert!(plain("order-lines").is_some() && plain("a b").is_some());
        for hard in ["a, b", "x: y", "#x", "true", "12", "a # b", "[x", ""] {
            assert!(plain(hard).is_none(), "{hard}");
        }
    }
}
