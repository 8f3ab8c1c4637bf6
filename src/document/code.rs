//! Files embedded in a plan: read from the blocks below the CODE tasks, as patches or as labelled files.

use super::lines::Fence;
use super::{Block, Document};
use crate::artefact::patch::{self, Change, ChangeKind};

/// Begin of the keys of blocks that hold files; the rest is that of the task's key.
pub const PREFIX: &str = "patch.";

/// Begin of the keys of tasks that have such a block.
pub const TASKS: &str = "code.";

/// The files of one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded {
    /// Id of the task; empty when the task is gone from the file.
    pub id: String,
    /// Key of the task, `code.` and more.
    pub key: String,
    /// Line of the file on which the block begins, from 1.
    pub line: usize,
    /// What the block does, or what is wrong with it and on which line of the file.
    pub changes: Result<Vec<Change>, (usize, String)>,
}

/// All blocks with files, in file order.
#[must_use]
pub fn embedded(document: &Document) -> Vec<Embedded> {
    let blocks = document.blocks.iter().filter_map(|block| Some((block, block.key.strip_prefix(PREFIX)?)));
    blocks
        .map(|(block, rest)| {
            let key = format!("{TASKS}{rest}");
            let id = document.task(&key).map(|task| task.id.clone());
            let id = id.or_else(|| document.written.ids.get(&key).map(str::to_owned)).unwrap_or_default();
            Embedded { id, key, line: block.lines.start + 1, changes: changes(document, block) }
        })
        .collect()
}

/// The changes of all fences of a block.
fn changes(document: &Document, block: &Block) -> Result<Vec<Change>, (usize, String)> {
    let mut out = Vec::new();
    let (mut label, mut at) = (None, block.body.start);
    while at < block.body.end {
        let line = document.line(at);
        let Some(fence) = Fence::opened_by(line) else {
            label = labelled(line).or(label);
            at += 1;
            continue;
        };
        let end = (at + 1..block.body.end).find(|end| fence.closed_by(document.line(*end)));
        let Some(end) = end else { return Err((at + 1, "the fence is never closed".to_string())) };
        let text: String = (at + 1..end).flat_map(|line| [document.line(line), "\n"]).collect();
        if line.trim_start_matches(['`', '~', ' ']).starts_with("diff") {
            let found = patch::read(&text).map_err(|fault| place(&fault, at + 1))?;
            out.extend(found);
        } else if let Some((path, executable)) = label.take() {
            if !patch::is_safe(&path) {
                return Err((at + 1, format!("`{path}` does not stay below the root")));
            }
            out.push(Change { path, executable, kind: ChangeKind::New(text) });
        }
        at = end + 1;
    }
    Ok(out)
}

/// `line 3: fault` of a patch as line of the file.
fn place(fault: &str, above: usize) -> (usize, String) {
    let found = fault.strip_prefix("line ").and_then(|rest| rest.split_once(": "));
    let line = found.and_then(|(number, text)| Some((number.parse::<usize>().ok()?, text)));
    line.map_or_else(|| (above, fault.to_string()), |(number, text)| (above + number, text.to_string()))
}

/// The label above a file: **`path`**, or **`path`** (executable).
pub(crate) fn labelled(line: &str) -> Option<(String, bool)> {
    let (path, rest) = line.trim().strip_prefix("**`")?.split_once("`**")?;
    Some((path.to_string(), rest.contains("executable")))
}
