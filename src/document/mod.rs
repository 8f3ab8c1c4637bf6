//! The plan file as a tree with byte spans: tasks, generated blocks, headings and the ledger, read from the text alone.
//!
//! Reading is total: any text gives a [`Document`], and what is not recognised is text of a person, which nobody may touch.
//! This room knows the file's own marks (`ap:` comments, tick boxes, `**Field**:` sub-bullets) and nothing of the plan's meaning.
//!
//! What a plan text must look like before it is sealed (see [`seal`]):
//! - a task is one line `- [ ] **ID [title]**: <!-- ap: KEY FACT=VALUE ... -->` at the left margin, followed by its fields, each
//!   one line `  - **Name**: text`;
//! - every other generated text stands between the lines `<!-- ap-begin: KEY -->` and `<!-- ap-end: KEY -->`, at the left margin;
//! - headings stand outside of blocks; a blank line surrounds headings and blocks;
//! - a successor is named by a line `<!-- ap-retired: ID KEY -> SUCCESSOR -->` anywhere outside of blocks.

pub mod code;
pub mod ledger;
pub mod lines;
pub mod marker;
pub mod next;
pub mod normal;
mod read;
mod read_task;
pub mod seal;
pub mod show;
pub mod status;
pub mod task;
pub mod verify;

pub use ledger::{Ledger, Retired};
pub use read::read;
pub use seal::seal;
pub use task::{Field, Task};

use std::ops::Range;

/// A generated block between `ap-begin` and `ap-end`, or a block offered between `ap-offer` and `ap-offer-end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The key that names the block for ever, such as `context.targets`.
    pub key: String,
    /// The digest written in the opening mark; none before sealing.
    pub digest: Option<String>,
    /// All lines, marks included.
    pub lines: Range<usize>,
    /// The lines between the marks.
    pub body: Range<usize>,
    /// The nearest heading above, as an index into [`Document::headings`].
    pub heading: Option<usize>,
}

/// An ATX heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: usize,
    /// The text without `#` and surrounding space.
    pub text: String,
    /// The line it stands on.
    pub line: usize,
}

/// What a run of lines is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An index into [`Document::tasks`].
    Task(usize),
    /// An index into [`Document::blocks`].
    Block(usize),
    /// An index into [`Document::offers`].
    Offer(usize),
    /// An index into [`Document::headings`].
    Heading(usize),
    /// A comment of the ledger.
    Ledger,
    /// Text of a person, and blank lines.
    Other,
}

/// A run of lines; the parts of a document follow each other without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The lines of the part.
    pub lines: Range<usize>,
    /// What they are.
    pub kind: Kind,
}

/// A plan file, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The whole text, byte order mark included.
    pub text: String,
    /// The line ending that most lines have: `\n` or `\r\n`.
    pub ending: &'static str,
    /// The byte spans of the lines.
    pub lines: Vec<lines::Line>,
    /// The text cut into parts, in file order, without gaps.
    pub parts: Vec<Part>,
    /// Tasks in file order.
    pub tasks: Vec<Task>,
    /// Generated blocks in file order.
    pub blocks: Vec<Block>,
    /// Blocks offered below an edited one.
    pub offers: Vec<Block>,
    /// Headings in file order.
    pub headings: Vec<Heading>,
    /// What the comments of the ledger say, and nothing more.
    pub written: Ledger,
}

impl Document {
    /// The text of a line without its line ending; empty when there is no such line.
    pub fn line(&self, index: usize) -> &str {
        self.lines.get(index).and_then(|l| self.text.get(l.start..l.end)).unwrap_or("")
    }

    /// The text of lines with their endings.
    pub fn raw(&self, lines: Range<usize>) -> &str {
        self.text.get(self.span(lines)).unwrap_or("")
    }

    /// The byte span of lines with their endings.
    pub fn span(&self, lines: Range<usize>) -> Range<usize> {
        let end_of_text = self.text.len();
        let start = self.lines.get(lines.start).map_or(end_of_text, |l| l.start);
        let last = lines.end.checked_sub(1).and_then(|i| self.lines.get(i)).map_or(end_of_text, |l| l.next);
        start..last.max(start)
    }

    /// The first task with this id or key.
    pub fn task(&self, name: &str) -> Option<&Task> {
        self.tasks.iter().find(|t| t.id == name || t.key == name)
    }

    /// The ledger of this file: what its comments say, completed by the tasks, blocks and ids that stand in it, so that a file whose
    /// ledger was removed still keeps its ids.
    pub fn ledger(&self) -> Ledger {
        let mut ledger = self.written.clone();
        for task in &self.tasks {
            if task.key.is_empty() {
                ledger.ids.reserve(&task.id);
            } else {
                ledger.ids.note(&task.key, &task.id);
            }
        }
        for block in &self.blocks {
            ledger.blocks.insert(block.key.clone());
        }
        ledger
    }
}
