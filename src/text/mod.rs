//! Places in texts: byte spans, sources, line and column, did-you-mean.
//!
//! It must not know what the texts say.

pub mod digest;
mod find;
mod line_index;
pub mod markdown;
pub mod names;
pub mod plural;
mod slug;
mod suggest;
pub mod template;

pub use find::{find, holds, split};
pub use line_index::{LineIndex, LineWalk, Position};
pub use slug::slug;
pub use suggest::suggest;

use serde::{Deserialize, Serialize};

/// A range of bytes in one source of a reading; `source` 0 is the file itself, the others are `--set` edits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Index of the source in the reading's list of sources.
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl Span {
    /// A span in the file itself.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { source: 0, start, end }
    }
}

/// A named text: a file as given on the command line, or one `--set` edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name that diagnostics print.
    pub name: String,
    /// The text that spans point into.
    pub text: String,
}
