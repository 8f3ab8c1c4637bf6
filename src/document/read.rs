//! Reading a plan text. Total: nothing is an error, what is not recognised is a person's text.

use super::lines::{self, Fence};
use super::marker::{self, Mark};
use super::task::{self, Field, Task};
use super::{Block, Document, Heading, Kind, Part};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The most lines over which a formatter may have wrapped the head of a task.
const MOST_HEAD_LINES: usize = 8;

/// Reads a plan. Any text gives a document.
pub fn read(text: &str) -> Document {
    let lines = lines::split(text);
    let document = Document { text: text.to_owned(), lines, ..Document::default() };
    let mut reader = Reader { ends: ends(&document), document, other: 0, at: 0 };
    reader.run();
    let mut document = reader.document;
    find_keys(&mut document);
    document
}

/// The lines on which blocks and offers end, by name and key, ascending.
type Ends = BTreeMap<(&'static str, String), Vec<usize>>;

fn ends(document: &Document) -> Ends {
    let mut ends = Ends::new();
    for index in 0..document.lines.len() {
        let line = document.line(index);
        if !line.contains("<!--") {
            continue;
        }
        for name in ["ap-end:", "ap-offer-end:"] {
            if let Some(key) = marker::alone(line, name) {
                ends.entry((name, key.to_owned())).or_default().push(index);
            }
        }
    }
    ends
}

struct Reader {
    document: Document,
    ends: Ends,
    /// The first line that belongs to no part yet.
    other: usize,
    at: usize,
}

impl Reader {
    fn run(&mut self) {
        let mut fence: Option<Fence> = None;
        while self.at < self.document.lines.len() {
            let line = self.document.line(self.at);
            if let Some(open) = fence {
                if open.closed_by(line) || open.left_by(line) {
                    fence = None;
                }
                if !open.left_by(line) {
                    self.at += 1;
                    continue;
                }
            }
            if !self.mark() && !self.heading() && !self.task() {
                fence = Fence::opened_by(self.document.line(self.at)).filter(|f| self.closes(*f));
                self.at += 1;
            }
        }
        self.flush(self.document.lines.len());
    }

    /// Whether a fence opened on the current line is closed further down; one that is not hides nothing.
    fn closes(&self, fence: Fence) -> bool {
        (self.at + 1..self.document.lines.len()).map(|i| self.document.line(i)).any(|l| fence.closed_by(l) || fence.left_by(l))
    }

    /// Ends the run of a person's text before a line.
    fn flush(&mut self, line: usize) {
        if self.other < line {
            self.document.parts.push(Part { lines: self.other..line, kind: Kind::Other });
        }
        self.other = line;
    }

    fn push(&mut self, lines: Range<usize>, kind: Kind) {
        self.flush(lines.start);
        self.at = lines.end;
        self.other = lines.end;
        self.document.parts.push(Part { lines, kind });
    }

    fn nearest_heading(&self) -> Option<usize> {
        self.document.headings.len().checked_sub(1)
    }

    /// A block, an offer or a comment of the ledger.
    fn mark(&mut self) -> bool {
        if !self.document.line(self.at).trim_start().starts_with("<!--") {
            return false;
        }
        self.block("ap-begin:", "ap-end:") || self.block("ap-offer:", "ap-offer-end:") || self.ledger()
    }

    fn block(&mut self, opening: &str, closing: &'static str) -> bool {
        let Some(inside) = marker::alone(self.document.line(self.at), opening) else { return false };
        let Some(Mark { key, digest, .. }) = Mark::parse(inside) else { return false };
        let ends = self.ends.get(&(closing, key.clone()));
        let Some(end) = ends.and_then(|e| e.get(e.partition_point(|l| *l <= self.at))).copied() else { return false };
        if self.swallows(self.at + 1..end) {
            return false;
        }
        let lines = self.at..end + 1;
        let block = Block { key, digest, body: self.at + 1..end, lines: lines.clone(), heading: self.nearest_heading() };
        let list = if opening == "ap-begin:" { &mut self.document.blocks } else { &mut self.document.offers };
        let index = list.len();
        list.push(block);
        self.push(lines, if opening == "ap-begin:" { Kind::Block(index) } else { Kind::Offer(index) });
        true
    }

    /// Whether lines hold another mark outside of code, so that an end mark below them belongs to something else.
    fn swallows(&self, body: Range<usize>) -> bool {
        let mut fence: Option<Fence> = None;
        for line in body.map(|i| self.document.line(i)) {
            match fence {
                Some(open) if open.closed_by(line) => fence = None,
                Some(_) => {}
                None => {
                    fence = Fence::opened_by(line);
                    if fence.is_none() && line.contains("<!-- ap") && is_mark(line) {
                        return true;
                    }
                }
            }
        }
        false
    }

    fn ledger(&mut self) -> bool {
        let line = self.document.line(self.at).trim().to_owned();
        let start = self.at;
        if let Some(inside) = marker::alone(&line, "ap-retired:") {
            self.document.written.read_retired(inside);
        } else if let Some(inside) = marker::alone(&line, "ap-deleted:") {
            self.document.written.read_deleted(inside);
        } else if line == "<!-- ap-ledger" || line == "<!-- ap-ledger -->" {
            let close = |i: &usize| self.document.line(*i).contains("-->");
            let Some(end) = (start..self.document.lines.len()).find(close) else { return false };
            for index in start + 1..end {
                let row = self.document.line(index).to_owned();
                self.document.written.read_line(&row);
            }
            self.push(start..end + 1, Kind::Ledger);
            return true;
        } else {
            return false;
        }
        self.push(start..start + 1, Kind::Ledger);
        true
    }

    fn heading(&mut self) -> bool {
        let Some((level, text)) = heading(self.document.line(self.at)) else { return false };
        let text = text.to_owned();
        let index = self.document.headings.len();
        self.document.headings.push(Heading { level, text, line: self.at });
        self.push(self.at..self.at + 1, Kind::Heading(index));
        true
    }

    fn task(&mut self) -> bool {
        let Some(mut task) = head(&self.document, self.at) else { return false };
        task.lines = self.at..extent(&self.document, self.at, task.head_lines.end);
        task.heading = self.nearest_heading();
        read_fields(&self.document, &mut task);
        let index = self.document.tasks.len();
        let lines = task.lines.clone();
        self.document.tasks.push(task);
        self.push(lines, Kind::Task(index));
        true
    }
}

fn is_mark(line: &str) -> bool {
    ["ap:", "ap-begin:", "ap-end:", "ap-ledger"].iter().any(|name| marker::comment(line, name).is_some()) || line.trim() == "<!-- ap-ledger"
}

/// The level and the text of an ATX heading.
fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches(' ');
    if line.len() - text.len() > 3 {
        return None;
    }
    let rest = text.trim_start_matches('#');
    let level = text.len() - rest.len();
    let spaced = rest.is_empty() || rest.starts_with([' ', '\t']);
    ((1..=6).contains(&level) && spaced).then(|| (level, rest.trim().trim_end_matches('#').trim_end()))
}

/// Reads the head of a task: a tick box that has a mark or at least an id.
fn head(document: &Document, at: usize) -> Option<Task> {
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
            let (inner, _) = task::mark_in(&text)?;
            task.head = format!("{} {}", text.get(..inner.start)?.trim_end(), text.get(inner.end..)?.trim_start()).trim().to_owned();
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
fn extent(document: &Document, first: usize, from: usize) -> usize {
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
fn read_fields(document: &Document, task: &mut Task) {
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

/// Gives tasks that lost their mark the key that the ledger knows for their id, and says which tasks are retired. Of several tasks with
/// the same key only the first one with a mark keeps it.
fn find_keys(document: &mut Document) {
    let mut seen = BTreeSet::new();
    for task in &mut document.tasks {
        if !task.key.is_empty() && !seen.insert(task.key.clone()) {
            task.key.clear();
        }
    }
    let by_id: BTreeMap<&String, &String> = document.written.ids.iter().map(|(key, id)| (id, key)).collect();
    for task in &mut document.tasks {
        if task.mark.is_none()
            && let Some(key) = by_id.get(&task.id)
            && seen.insert((*key).clone())
        {
            task.key = (*key).clone();
        }
        task.retired = document.written.retired.contains_key(&task.key);
    }
}
