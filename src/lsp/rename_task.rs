//! Another number for a task: wherever the id stands in the plan, in the ledger too, with a retired entry so that the old id is never given
//! away, and with new digests where the tool's own text was untouched.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::Fault;
use super::edits::{Edits, rewrite};
use super::files::{File, System};
use super::names;
use crate::document::{self, Document, marker::Mark, seal, task};

/// The edit of the plan that gives a task another id.
pub fn edits(system: &System, old: &str, new: &str) -> Result<Vec<(Rc<File>, Edits)>, Fault> {
    let Some(plan) = &system.plan else { return Err(Fault::refused("the plan is not here")) };
    let document = plan.document();
    let Some(task) = document.task(old) else { return Err(Fault::refused(format!("the plan has no task {old}"))) };
    if !task::is_id(new) {
        return Err(Fault::refused(format!("`{new}` is no id; write it like {old}")));
    }
    let mut other = task.clone();
    other.id = new.to_owned();
    if !task.key.is_empty() && other.group() != task.group() {
        return Err(Fault::refused(format!(
            "{new} belongs to another group; the number behind {} can be changed",
            task.group()
        )));
    }
    if document.ledger().ids.iter().any(|(_, id)| id == new) || document.tasks.iter().any(|task| task.id == new) {
        return Err(Fault::refused(format!("{new} is taken, or was once; ids are never given twice")));
    }
    let mut text = replaced(&document.text, old, new);
    if !task.key.is_empty() {
        text = resealed(document, &text, old, new);
        text.push_str(&format!("<!-- ap-retired: {old} renamed.{} -> {new} -->\n", old.to_lowercase()));
    }
    let mut out = vec![(Rc::clone(plan), rewrite(plan, &text))];
    out.extend(system.requirements.as_ref().map(|file| {
        let text = replaced(file.text.as_str(), old, new);
        (Rc::clone(file), rewrite(file, &text))
    }));
    Ok(out)
}

/// A text with another id in place of one, whole ids only.
fn replaced(text: &str, old: &str, new: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut at = 0;
        for bytes in names::ids(line).filter(|bytes| line.get(bytes.clone()) == Some(old)) {
            out.push_str(line.get(at..bytes.start).unwrap_or(""));
            out.push_str(new);
            at = bytes.end;
        }
        out.push_str(line.get(at..).unwrap_or(""));
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// The new text with new digests of all tasks and blocks whose generated text was as the tool wrote it.
fn resealed(before: &Document, text: &str, old: &str, new: &str) -> String {
    let after = document::read(text);
    let mut marks: BTreeMap<usize, (Range<usize>, String)> = BTreeMap::new();
    let tasks: BTreeMap<&str, &document::Task> = before.tasks.iter().map(|task| (task.key.as_str(), task)).collect();
    for task in after.tasks.iter().filter(|task| !task.key.is_empty()) {
        let was = tasks.get(task.key.as_str()).copied();
        let (Some(was), Some(bytes)) = (was, task.mark.clone()) else { continue };
        let whole = before.raw(was.lines.clone());
        let Some(generated) = before.generated(was).filter(|_| whole.contains(old)) else { continue };
        let own = generated.fields.iter().filter_map(|index| task.fields.get(*index));
        let lines = own.flat_map(|field| generated.lines(field)).map(|line| after.line(line));
        let digest = task::digest(&task.head, lines);
        marks.insert(bytes.start, (bytes, Mark { digest: Some(digest), ..task.marked() }.print()));
    }
    let blocks: BTreeMap<&str, &document::Block> =
        before.blocks.iter().map(|block| (block.key.as_str(), block)).collect();
    for block in &after.blocks {
        let Some(was) = blocks.get(block.key.as_str()) else { continue };
        let untouched = was.digest.as_deref() == Some(seal::block_digest(before, was.body.clone()).as_str());
        let line = after.lines.get(block.lines.start);
        if let Some(line) = line.filter(|_| untouched && after.raw(block.body.clone()).contains(new)) {
            let mark = seal::begin(&block.key, &seal::block_digest(&after, block.body.clone()));
            marks.insert(line.start, (line.start..line.end, mark));
        }
    }
    super::rename::applied(text, &marks.into_values().collect())
}
