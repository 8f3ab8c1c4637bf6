//! One pass over the lines of a plan: fences, and what stands outside of them. Knows nothing of rules.

use std::ops::Range;

use crate::document::Document;
use crate::document::lines::{self, Fence as Opening};

/// A fenced block of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The first word after the fence, in lower case: `diff`, `sql`; empty for none.
    pub language: String,
    /// The line of the opening fence.
    pub open: usize,
    /// The lines inside.
    pub body: Range<usize>,
    /// Whether a fence closes it.
    pub closed: bool,
    /// Columns that the opening fence is indented by.
    pub indent: usize,
}

/// A plan's lines, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// The fenced blocks in file order.
    pub fences: Vec<Fence>,
    /// Whether a line stands in a fence or is one.
    pub code: Vec<bool>,
}

/// Sorts the lines of a document.
#[must_use]
pub fn scan(document: &Document) -> Scan {
    let mut scan = Scan { fences: Vec::new(), code: vec![false; document.lines.len()] };
    let mut open: Option<(Opening, Fence)> = None;
    for index in 0..document.lines.len() {
        let line = document.line(index);
        let was_open = open.is_some();
        if let Some((opening, mut fence)) = open.take() {
            if opening.closed_by(line) {
                fence.body.end = index;
                fence.closed = true;
                scan.fences.push(fence);
            } else if opening.left_by(line) {
                fence.body.end = index;
                scan.fences.push(fence);
            } else {
                open = Some((opening, fence));
            }
        }
        let left = was_open
            && open.is_none()
            && scan.fences.last().is_some_and(|fence| !fence.closed && fence.body.end == index);
        if (!was_open || left)
            && let Some(opening) = Opening::opened_by(line)
        {
            let info = line.trim_start().trim_start_matches(['`', '~']).trim();
            let language = info.split_whitespace().next().unwrap_or("").to_lowercase();
            let fence =
                Fence { language, open: index, body: index + 1..index + 1, closed: false, indent: lines::indent(line) };
            open = Some((opening, fence));
        }
        if let Some(code) = scan.code.get_mut(index) {
            *code = open.is_some() || (was_open && !left);
        }
    }
    if let Some((_, mut fence)) = open {
        fence.body.end = document.lines.len();
        scan.fences.push(fence);
    }
    scan
}

/// The text inside a fence without its indentation; line `n` of it is line `fence.body.start + n` of the document.
#[must_use]
pub fn inside(document: &Document, fence: &Fence) -> String {
    let mut out = String::new();
    for index in fence.body.clone() {
        out.push_str(undented(document.line(index), fence.indent));
        out.push('\n');
    }
    out
}

/// A line without at most so many columns of leading white space.
#[must_use]
pub fn undented(line: &str, indent: usize) -> &str {
    let spaces = line.bytes().take(indent).take_while(|byte| *byte == b' ').count();
    line.get(spaces..).unwrap_or("")
}
