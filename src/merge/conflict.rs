//! Offers: the new text of an element that a person edited, put below it until somebody decides.

use crate::document::{Block, Document, Task, marker, normal, seal};
use std::collections::BTreeSet;

/// The words with which an offer on a task starts.
const OFFER: &str = "**New text**";

/// What is offered on a task: one line for each field that differs, without indentation and bullet, and the names of those fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The lines, without the mark that makes them an offer.
    pub lines: Vec<String>,
    /// The names of the fields.
    pub names: Vec<String>,
}

/// Compares a task with its fresh form. `vocabulary` holds the field names that the fresh plan uses anywhere: other fields are a
/// person's own.
pub fn offer(old: &Document, task: &Task, fresh: &Document, new: &Task, vocabulary: &BTreeSet<String>) -> Offer {
    let mut offer = Offer::default();
    if form(&task.head) != form(&new.head) {
        offer.lines.push(format!("{OFFER} of the first line: {}", new.head));
        offer.names.push("first line".to_owned());
    }
    for field in &new.fields {
        let line = fresh.line(field.lines.start);
        let same = |f: &&crate::document::Field| {
            f.name == field.name && (form(old.line(f.lines.start)) == form(line) || form(&f.text) == form(&field.text))
        };
        if !task.fields.iter().any(|f| same(&f)) {
            offer.lines.push(format!("{OFFER} of `{}`: {}", field.name, field.text));
            offer.names.push(field.name.clone());
        }
    }
    for field in &task.fields {
        let gone = !new.fields.iter().any(|f| f.name == field.name);
        if gone && vocabulary.contains(&field.name) && field.name != "Status" {
            offer.lines.push(format!("{OFFER} leaves out `{}`", field.name));
            offer.names.push(field.name.clone());
        }
    }
    offer
}

/// The mark that makes a line an offer.
pub fn marked(line: &str) -> String {
    format!("{line} <!-- ap-offer: {} -->", digest(line))
}

/// Whether a line is an offer whose words nobody changed.
pub fn is_untouched(line: &str) -> bool {
    let text = crate::document::lines::bullet(line).unwrap_or(line);
    match marker::comment(text, "ap-offer:") {
        Some((span, written)) => text.get(..span.start).is_some_and(|words| digest(words) == written),
        None => false,
    }
}

/// A line without its offer mark: the offer becomes a plain note.
pub fn unmarked(line: &str) -> String {
    match marker::comment(line, "ap-offer:") {
        Some((span, _)) => {
            format!("{}{}", line.get(..span.start).unwrap_or("").trim_end(), line.get(span.end..).unwrap_or(""))
        }
        None => line.to_owned(),
    }
}

/// A line without its mark when it is an offer on a task; any other line as it is.
pub fn settled(line: &str) -> String {
    let is_offer = crate::document::lines::bullet(line).is_some_and(|text| text.starts_with(OFFER));
    if is_offer { unmarked(line) } else { line.to_owned() }
}

/// A new block offered below an edited one.
pub fn block_offer(fresh: &Document, new: &Block) -> String {
    let digest = new.digest.clone().unwrap_or_default();
    format!(
        "<!-- ap-offer: {} {digest} -->\n{}<!-- ap-offer-end: {} -->\n",
        new.key,
        fresh.raw(new.body.clone()),
        new.key
    )
}

/// Whether nobody changed an offered block.
pub fn is_untouched_block(old: &Document, block: &Block) -> bool {
    block.digest.as_deref() == Some(seal::block_digest(old, block.body.clone()).as_str())
}

fn digest(line: &str) -> String {
    normal::block(std::iter::once(line))
}

fn form(line: &str) -> Vec<u8> {
    let mut form = Vec::new();
    normal::form(line, &mut form);
    form
}
