//! Updating a plan in place: a person's file and a freshly rendered, sealed plan become one text in which nothing of a person's is lost.
//!
//! Works on the two texts alone and knows nothing of the plan's meaning. An element (task or block) is *untouched* when the digest in
//! its mark is that of its text; it has *changed* when the fresh plan carries another digest for its key. Deleted by a person is what
//! the ledger lists but the file does not hold.

mod block;
mod conflict;
mod fresh;
mod headings;
mod layout;
mod place;
mod refresh;
mod retire;
mod suspect;
mod tasks;
mod three_way;
mod update;
mod update_blocks;
mod write;

pub use tasks::{Refused, accept, near, tick};
pub use three_way::{Conflicted, three_way};
pub use update::{update, update_read};

use crate::document;

/// What to do with a text that a person edited and the plan changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnConflict {
    /// Keep the person's text, offer the new one below it, and report a conflict until the offer is gone.
    #[default]
    Offer,
    /// Keep the person's text.
    Keep,
    /// Take the new text.
    Take,
    /// Keep the person's text and leave the new one below it as a note.
    Both,
}

/// How to update.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What to do with conflicts.
    pub on_conflict: OnConflict,
    /// Ids or keys of deleted elements that are to come back.
    pub restore: Vec<String>,
}

/// A text that a person edited and the plan changed, waiting for a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The id of a task; the key of a block.
    pub id: String,
    /// The key.
    pub key: String,
    /// What the conflict is about: the fields that are offered, or `block`.
    pub what: String,
}

/// The result of an update. The lists hold ids of tasks and keys of blocks, in file order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The new text of the file.
    pub text: String,
    /// Elements whose text stayed as it was.
    pub kept: Vec<String>,
    /// Elements that carry new text now.
    pub refreshed: Vec<String>,
    /// Elements that are new or back.
    pub added: Vec<String>,
    /// Elements that the plan no longer has.
    pub retired: Vec<String>,
    /// Elements that a person deleted and that stay deleted.
    pub deleted: Vec<String>,
    /// Ticked tasks whose inputs changed.
    pub suspect: Vec<String>,
    /// Texts that wait for a decision.
    pub conflicts: Vec<Conflict>,
    /// Names to restore that are not deleted elements of this plan.
    pub not_restored: Vec<String>,
    /// Whether the text differs from the old one.
    pub changed: bool,
}

impl Merged {
    /// One line for people: `kept 41, refreshed 6, added 3, retired 1`.
    pub fn summary(&self) -> String {
        let mut out = format!(
            "kept {}, refreshed {}, added {}, retired {}",
            self.kept.len(),
            self.refreshed.len(),
            self.added.len(),
            self.retired.len()
        );
        for (count, name) in [
            (self.suspect.len(), "suspect"),
            (self.deleted.len(), "deleted by a person"),
            (self.conflicts.len(), "in conflict"),
        ] {
            if count > 0 {
                out.push_str(&format!(", {count} {name}"));
            }
        }
        out
    }
}

/// Whether a ledger with an id ends a text and no code block can be around it: how plans end, so that most need not be read.
fn ends_with_ledger(text: &str) -> bool {
    let inside = text.trim_end().strip_suffix("\n-->").and_then(|text| text.rsplit_once("\n<!-- ap-ledger\n"));
    inside.is_some_and(|(_, rows)| {
        let first = rows.split_once(' ').map(|(id, _)| id);
        first.is_some_and(document::task::is_id) && !rows.contains("-->")
    })
}

/// Whether a text is an archplan plan: it has a ledger, or a task or block with a mark.
pub fn is_plan(text: &str) -> bool {
    if !text.contains("<!-- ap") {
        return false;
    }
    if ends_with_ledger(text) {
        return true;
    }
    let document = document::read(text);
    !document.written.ids.is_empty() || !document.blocks.is_empty() || document.tasks.iter().any(|t| t.mark.is_some())
}
