//! Reading a plan text. Total: nothing is an error, what is not recognised is a person's text.

use super::lines::{self, Fence};
use super::marker::{self, Mark};
use super::read_task::{extent, head, is_mark, read_fields};
use super::{Block, Document, Heading, Kind, Part};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Reads a plan. Any text gives a document.
pub fn read(text: &str) -> Document {
    let lines = lines::split(text);
    let document = Document { text: text.to_owned(), ending: lines::ending(&lines), lines, ..Document::default() };
    let mut reader = Reader { ends: ends(&document), document, other: 0, at: 0, open: BTreeMap::new() };
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
        if !line.trim_start().starts_with("<!--") {
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
    /// The shortest fence of each kind that nothing closes.
    open: BTreeMap<(char, bool), usize>,
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
                let opened = Fence::opened_by(self.document.line(self.at));
                fence = opened.filter(|f| self.closes(*f));
                self.at += 1;
            }
        }
        self.flush(self.document.lines.len());
    }

    /// Whether a fence opened on the current line is closed further down. One that is not hides nothing, and neither does one that would
    /// swallow marks of the tool: there a closing fence is missing. What was searched for in vain is remembered, so that many open
    /// fences cost no more than one.
    fn closes(&mut self, fence: Fence) -> bool {
        let kind = fence.kind();
        if self.open.get(&kind).is_some_and(|length| fence.length() >= *length) {
            return false;
        }
        for line in (self.at + 1..self.document.lines.len()).map(|i| self.document.line(i)) {
            if fence.closed_by(line) || fence.left_by(line) {
                return true;
            }
            if is_sealed(line) {
                return false;
            }
        }
        self.open.insert(kind, fence.length());
        false
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
        let Some(inside) = marker::alone(self.document.line(self.at), opening) else {
            return false;
        };
        let Some(Mark { key, digest, .. }) = Mark::parse(inside) else {
            return false;
        };
        let ends = self.ends.get(&(closing, key.clone()));
        let Some(end) = ends.and_then(|e| e.get(e.partition_point(|l| *l <= self.at))).copied() else {
            return false;
        };
        if self.swallows(self.at + 1..end) {
            return false;
        }
        let lines = self.at..end + 1;
        let block =
            Block { key, digest, body: self.at + 1..end, lines: lines.clone(), heading: self.nearest_heading() };
        let list = if opening == "ap-begin:" { &mut self.document.blocks } else { &mut self.document.offers };
        let index = list.len();
        list.push(block);
        self.push(lines, if opening == "ap-begin:" { Kind::Block(index) } else { Kind::Offer(index) });
        true
    }

    /// Whether lines hold another mark outside of code, so that an end mark below them belongs to something else. A fence that nothing
    /// closes hides no marks.
    fn swallows(&self, body: Range<usize>) -> bool {
        let mut fence: Option<Fence> = None;
        let mut hidden = false;
        for line in body.map(|i| self.document.line(i)) {
            let marked = line.contains("<!-- ap") && is_mark(line);
            match fence {
                Some(open) if open.closed_by(line) => (fence, hidden) = (None, false),
                Some(_) => hidden |= marked,
                None if marked => return true,
                None => fence = Fence::opened_by(line),
            }
        }
        fence.is_some() && hidden
    }

    fn ledger(&mut self) -> bool {
        let line = self.document.line(self.at).trim().to_owned();
        let start = self.at;
        if let Some(inside) = marker::alone(&line, "ap-retired:") {
            self.document.written.read_retired(inside);
        } else if let Some(inside) = marker::alone(&line, "ap-deleted:") {
            self.document.written.read_deleted(inside);
        } else if line == "<!-- ap-ledger" || line == "<!-- ap-ledger -->" {
            let is_end = |i: &usize| ["-->", "<!--"].iter().any(|m| self.document.line(*i).contains(m));
            let Some(end) = (start + 1..self.document.lines.len()).find(is_end) else {
                return false;
            };
            if self.document.line(end).trim() != "-->" {
                return false;
            }
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
        let Some((level, text)) = heading(self.document.line(self.at)) else {
            return false;
        };
        let text = text.to_owned();
        let index = self.document.headings.len();
        self.document.headings.push(Heading { level, text, line: self.at });
        self.push(self.at..self.at + 1, Kind::Heading(index));
        true
    }

    fn task(&mut self) -> bool {
        let Some(mut task) = head(&self.document, self.at) else {
            return false;
        };
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

/// Whether a line carries a mark as it stands in a finished plan.
fn is_sealed(line: &str) -> bool {
    if !line.contains("<!-- ap") {
        return false;
    }
    let inside = marker::alone(line, "ap-begin:").or_else(|| {
        let (_, inside) = marker::comment(line, "ap:")?;
        super::task::tick_box(line).map(|_| inside)
    });
    let digest = inside.and_then(Mark::parse).and_then(|mark| mark.digest);
    digest.is_some() || line.trim() == "<!-- ap-ledger"
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
