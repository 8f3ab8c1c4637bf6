//! The new file as slots: one for each part of the old file, kept, rewritten or gone, with new pieces before and after them. Writes
//! them out with the blank lines that Markdown needs around what is new, and leaves every other byte alone.

use crate::document::{Document, Kind, lines};
use std::collections::BTreeMap;

/// What becomes of a part of the old file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Its bytes stay.
    Keep,
    /// It has new text, complete with line endings.
    Text(String),
    /// It is gone.
    Gone,
}

/// What a new piece is; blank lines depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A list entry; `true` when the plan separates its tasks by blank lines.
    Task(bool),
    /// A block of its own.
    Block,
    /// A heading of a level.
    Heading(usize),
}

/// A new piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// Its lines.
    pub text: String,
    /// What it is.
    pub shape: Shape,
}

/// A place for new pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// Before a slot, in the section above it; the number of slots means the end of the file.
    Before(usize),
    /// Before a slot, at the very end of the section above it: retired tasks.
    Closing(usize),
    /// Before a slot, as a section of its own.
    Ahead(usize),
    /// After a slot.
    After(usize),
}

/// The new file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// One slot for each part of the old file.
    pub slots: Vec<Slot>,
    /// New pieces by place, in order.
    pub new: BTreeMap<Spot, Vec<New>>,
    /// Slots of the old file's headings, in order.
    headings: Vec<usize>,
}

impl Layout {
    /// Everything kept.
    pub fn of(old: &Document) -> Self {
        let parts = old.parts.iter().enumerate();
        let headings = parts.filter(|(_, part)| matches!(part.kind, Kind::Heading(_))).map(|(slot, _)| slot).collect();
        Self { slots: vec![Slot::Keep; old.parts.len()], new: BTreeMap::new(), headings }
    }

    /// Slots of the old file's headings before a slot, and from it on.
    pub fn headings_around(&self, slot: usize) -> (&[usize], &[usize]) {
        self.headings.split_at(self.headings.partition_point(|heading| *heading < slot))
    }

    /// Replaces a slot.
    pub fn set(&mut self, index: usize, slot: Slot) {
        if let Some(place) = self.slots.get_mut(index) {
            *place = slot;
        }
    }

    /// Adds a new piece behind those already at a place.
    pub fn add(&mut self, spot: Spot, text: String, shape: Shape) {
        self.new.entry(spot).or_default().push(New { text, shape });
    }

    /// Whether a slot is gone.
    pub fn is_gone(&self, index: usize) -> bool {
        self.slots.get(index) == Some(&Slot::Gone)
    }

    /// The text of the new file.
    pub fn write(&self, old: &Document) -> String {
        let mut out = Writer {
            text: String::with_capacity(old.text.len() + old.text.len() / 8),
            ending: old.ending,
            after: None,
            removed: false,
        };
        let start = old.lines.first().map_or(old.text.len(), |l| l.start);
        out.text.push_str(old.text.get(..start).unwrap_or(""));
        for (index, (part, slot)) in old.parts.iter().zip(&self.slots).enumerate() {
            self.add_before(index, &mut out);
            match slot {
                Slot::Keep => out.keep(old.raw(part.lines.clone())),
                Slot::Text(text) => out.keep(text),
                Slot::Gone => out.removed = true,
            }
            out.add_all(self.new.get(&Spot::After(index)));
        }
        self.add_before(self.slots.len(), &mut out);
        out.text
    }

    fn add_before(&self, index: usize, out: &mut Writer) {
        for spot in [Spot::Before(index), Spot::Closing(index), Spot::Ahead(index)] {
            out.add_all(self.new.get(&spot));
        }
    }
}

struct Writer {
    text: String,
    ending: &'static str,
    /// The shape of the new piece written last, when nothing follows it yet.
    after: Option<Shape>,
    /// Whether something was removed here, so that one of the blank lines around it goes too.
    removed: bool,
}

impl Writer {
    fn keep(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.end_line();
        let mut text = text;
        let first = text.lines().next().unwrap_or("");
        let blank = first.trim().is_empty();
        match self.after.take() {
            Some(Shape::Task(_)) if blank || listed(first) => {}
            Some(_) if blank => {}
            Some(_) => self.text.push_str(self.ending),
            None if self.removed && blank && self.ends_blank() => {
                text = text.split_once('\n').map_or("", |(_, rest)| rest);
            }
            None => {}
        }
        self.removed = false;
        self.text.push_str(text);
    }

    fn add_all(&mut self, pieces: Option<&Vec<New>>) {
        for piece in pieces.into_iter().flatten() {
            self.end_line();
            let apart = match piece.shape {
                Shape::Task(apart) => apart || !listed(self.last_line()),
                Shape::Block | Shape::Heading(_) => true,
            };
            if apart && !self.ends_blank() {
                self.text.push_str(self.ending);
            }
            for line in piece.text.lines() {
                self.text.push_str(line);
                self.text.push_str(self.ending);
            }
            self.after = Some(piece.shape);
            self.removed = false;
        }
    }

    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(['\n', '\u{feff}']) {
            self.text.push_str(self.ending);
        }
    }

    fn last_line(&self) -> &str {
        let text = self.text.strip_suffix('\n').unwrap_or(&self.text);
        text.rsplit_once('\n').map_or(text, |(_, line)| line)
    }

    fn ends_blank(&self) -> bool {
        self.last_line().trim_matches(['\u{feff}', ' ', '\t', '\r']).is_empty()
    }
}

/// Whether a line is part of a list.
fn listed(line: &str) -> bool {
    lines::indent(line) > 0 || lines::bullet(line).is_some()
}
