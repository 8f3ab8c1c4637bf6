//! Reading one task: its head, how far it reaches, its fields.

use super::lines::{self, Fence};
use super::task::{self, Field, Task};
use super::{Document, marker};

/// The most lines over which a formatter may have wrapped the head of a task.
const MOST_HEAD_LINES: usize = 8;

/// Reads the head of a task: a tick box that has a mark or at least an id.
pub(super) fn head(document: &Document, at: usize) -> Option<Task> {
    let first = document.line(at);
    let found = task::tick_box(first)?;
    let start = document.lines.get(at)?.start;
    let mut task = Task { ticked: found.ticked, tick: start + found.tick, head_lines: at..at + 1, ..Task::default() };
    let mut text = found.rest.to_owned();
    for index in at..(at + MOST_HEAD_LINES).min(document.lines.len()) {
        let line = document.line(index);
        if index > at {
            if !continues(line, lines::indent(first)) {
                break;
            }
            text.push(' ');
            text.push_str(line.trim());
        }
        if let Some((span, mark)) = task::mark_in(line) {
            let base = document.lines.get(index)?.start;
            task.mark = Some(base + span.start..base + span.end);
            task.head_lines = at..index + 1;
            (task.key, task.digest, task.facts) = (mark.key, mark.digest, mark.facts);
            let (inner, _) = marker::comment(&text, "ap:")?;
            task.head = format!("{} {}", text.get(..inner.start)?.trim_end(), text.get(inner.end..)?.trim_start())
                .trim()
                .to_owned();
            break;
        }
    }
    if task.mark.is_none() {
        task.head = found.rest.to_owned();
    }
    match task::id_and_title(&task.head) {
        Some((id, title)) => (task.id, task.title) = (id.to_owned(), title.to_owned()),
        None if task.mark.is_none() => return None,
        None => {}
    }
    Some(task)
}

/// Whether a line continues the paragraph of a list entry with this indentation.
fn continues(line: &str, indent: usize) -> bool {
    lines::indent(line) > indent && !lines::starts_block_other_than_comment(line)
}

/// The line after the last of a task: what is indented below its first line belongs to it, also behind blank lines, and so does
/// unindented text that continues its last paragraph.
pub(super) fn extent(document: &Document, first: usize, from: usize) -> usize {
    let base = lines::indent(document.line(first));
    let (mut end, mut at) = (from, from);
    let mut fence: Option<Fence> = None;
    while at < document.lines.len() {
        let line = document.line(at);
        let blank = line.trim().is_empty();
        let inside = lines::indent(line) > base;
        if let Some(open) = fence {
            if open.closed_by(line) {
                fence = None;
            } else if !blank && !inside {
                break;
            }
        } else if !blank {
            if inside && (is_mark(line) && own_part(line)) {
                break;
            }
            if !inside && (end != at || lines::starts_block(line)) {
                break;
            }
            fence = Fence::opened_by(line);
        }
        at += 1;
        if !blank {
            end = at;
        }
    }
    end
}

/// Whether an indented line starts a part of its own: a block, or another task of the tool.
fn own_part(line: &str) -> bool {
    marker::alone(line, "ap-begin:").is_some() || (task::tick_box(line).is_some() && task::mark_in(line).is_some())
}

/// Finds the fields and the offers among the lines below the head: the bullets with the least indentation.
pub(super) fn read_fields(document: &Document, task: &mut Task) {
    let mut bullets: Vec<usize> = Vec::new();
    let mut fence: Option<Fence> = None;
    for index in task.head_lines.end..task.lines.end {
        let line = document.line(index);
        match fence {
            Some(open) if open.closed_by(line) => fence = None,
            Some(_) => {}
            None => {
                fence = Fence::opened_by(line);
                if fence.is_none() && lines::bullet(line).is_some() {
                    bullets.push(index);
                }
            }
        }
    }
    let level = bullets.iter().map(|i| lines::indent(document.line(*i))).min().unwrap_or(0);
    for index in bullets {
        let line = document.line(index);
        if lines::indent(line) > level + 1 {
            continue;
        }
        if marker::comment(line, "ap-offer:").is_some() {
            task.offers.push(index);
        } else if let Some((name, text)) = lines::bullet(line).and_then(task::named) {
            let mut end = index + 1;
            let mut text = text.to_owned();
            while end < task.lines.end && continues(document.line(end), level) {
                text.push(' ');
                text.push_str(document.line(end).trim());
                end += 1;
            }
            task.fields.push(Field { name: name.to_owned(), text, lines: index..end });
        }
    }
}

/// Whether a line carries a mark of the tool.
pub(super) fn is_mark(line: &str) -> bool {
    line.contains('<')
        && (["ap:", "ap-begin:", "ap-end:", "ap-ledger"].iter().any(|name| marker::comment(line, name).is_some())
            || line.trim() == "<!-- ap-ledger")
}
