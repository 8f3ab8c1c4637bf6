//! The update in place: decides for each part of the file what becomes of it, then writes the new file.

use super::conflict;
use super::headings::{self, Headings};
use super::layout::{Layout, Shape, Slot, Spot};
use super::place;
use super::refresh::{self, Fate, Pair};
use super::retire;
use super::{Conflict, Merged, Options};
use crate::document::{self, Block, Kind, Ledger, Task};
use std::collections::BTreeMap;

/// Brings a plan file up to date with a freshly rendered and sealed plan. Total: any two texts give a text. Updating the result again
/// with the same fresh plan changes nothing.
pub fn update(old: &str, fresh_sealed: &str, options: &Options) -> Merged {
    update_read(&document::read(old), &document::read(fresh_sealed), options)
}

/// The same of two plans that were read already.
pub fn update_read(old: &document::Document, fresh: &document::Document, options: &Options) -> Merged {
    let vocabulary = fresh.tasks.iter().flat_map(|t| t.fields.iter().map(|f| f.name.clone())).collect();
    let mut update = Update::new(Pair { old, fresh, vocabulary, options });
    update.old_parts();
    let sections = update.sections();
    let (heads, end) = (update.heads.clone(), update.end);
    place::place(old, fresh, &heads, sections, end, &mut update.layout);
    update.headings();
    update.write_ledger();
    let mut merged = update.merged;
    merged.text = update.layout.write(old);
    merged.changed = merged.text != old.text;
    merged
}

pub(super) struct Update<'a> {
    pub(super) pair: Pair<'a>,
    pub(super) layout: Layout,
    pub(super) ledger: Ledger,
    pub(super) heads: Headings,
    pub(super) merged: Merged,
    /// The slot of the ledger, or the number of slots.
    pub(super) end: usize,
    /// Key to slot of what stands in the file.
    pub(super) tasks: BTreeMap<String, usize>,
    pub(super) blocks: BTreeMap<String, usize>,
    pub(super) fresh_tasks: BTreeMap<&'a str, &'a Task>,
    pub(super) fresh_blocks: BTreeMap<&'a str, &'a Block>,
    /// Old key to new key.
    pub(super) renamed: BTreeMap<String, String>,
    /// The text of tasks that were retired and are back, by key.
    pub(super) back: BTreeMap<String, String>,
}

/// The slot of the ledger: of the list itself, else of the last comment that belongs to it.
fn ledger_slot(old: &document::Document) -> Option<usize> {
    let is_list = |p: &document::Part| old.line(p.lines.start).trim() == "<!-- ap-ledger";
    let is_ledger = |p: &document::Part| p.kind == Kind::Ledger;
    old.parts.iter().rposition(|p| is_ledger(p) && is_list(p)).or_else(|| old.parts.iter().rposition(is_ledger))
}

/// The tasks that have a key.
fn keyed(document: &document::Document) -> BTreeMap<&str, &Task> {
    let tasks = document.tasks.iter().filter(|t| !t.key.is_empty());
    tasks.map(|t| (t.key.as_str(), t)).collect()
}

impl<'a> Update<'a> {
    fn new(pair: Pair<'a>) -> Self {
        let (old, fresh) = (pair.old, pair.fresh);
        let end = ledger_slot(old).unwrap_or(old.parts.len());
        let mut update = Self {
            layout: Layout::of(old),
            ledger: old.ledger(),
            heads: headings::pair(old, fresh),
            merged: Merged::default(),
            end,
            tasks: BTreeMap::new(),
            blocks: BTreeMap::new(),
            fresh_tasks: keyed(fresh),
            fresh_blocks: fresh.blocks.iter().map(|b| (b.key.as_str(), b)).collect(),
            renamed: BTreeMap::new(),
            back: BTreeMap::new(),
            pair,
        };
        update.ledger.deleted.clear();
        update.find_renamed();
        for (key, task) in &update.fresh_tasks {
            update.ledger.ids.note(key, &task.id);
            update.ledger.retired.remove(*key);
        }
        update
    }

    /// A key is renamed when the fresh plan gives its id to another key and does not have the old one any more.
    fn find_renamed(&mut self) {
        let is_new = |(key, _): &(&&str, &&Task)| !self.ledger.ids.contains_key(key);
        let new: Vec<(String, String)> =
            self.fresh_tasks.iter().filter(is_new).map(|(key, task)| (task.id.clone(), (*key).to_owned())).collect();
        if new.is_empty() {
            return;
        }
        let owner: BTreeMap<String, String> =
            self.ledger.ids.iter().map(|(key, id)| (id.clone(), key.clone())).collect();
        for (id, key) in new {
            if let Some(from) = owner.get(&id).filter(|f| !self.fresh_tasks.contains_key(f.as_str())) {
                self.ledger.rename(from, &key);
                self.renamed.insert(from.clone(), key);
            }
        }
    }

    fn old_parts(&mut self) {
        let old = self.pair.old;
        for (slot, part) in old.parts.iter().enumerate() {
            match part.kind {
                Kind::Task(index) => {
                    if let Some(task) = old.tasks.get(index).filter(|t| !t.key.is_empty()) {
                        self.old_task(slot, task);
                    }
                }
                Kind::Block(index) => {
                    if let Some(block) = old.blocks.get(index).filter(|b| !self.blocks.contains_key(&b.key)) {
                        self.old_block(slot, block);
                    }
                }
                Kind::Other => self.stray_offers(slot, part),
                Kind::Offer(_) | Kind::Heading(_) | Kind::Ledger => {}
            }
        }
        for (slot, part) in old.parts.iter().enumerate() {
            if let Kind::Offer(index) = part.kind
                && let Some(offer) = old.offers.get(index).filter(|o| !self.blocks.contains_key(&o.key))
            {
                self.layout.set(slot, Slot::Text(old.raw(offer.body.clone()).to_owned()));
            }
        }
        self.retire_missing();
    }

    /// An offer that stands below no task any more is a note: with its mark it would belong to whatever task comes above it next.
    fn stray_offers(&mut self, slot: usize, part: &document::Part) {
        let old = self.pair.old;
        let above = slot.checked_sub(1).and_then(|above| old.parts.get(above));
        let has_task = above.is_some_and(|above| matches!(above.kind, Kind::Task(_)));
        if !has_task && old.raw(part.lines.clone()).contains("<!-- ap-offer:") {
            let lines = part.lines.clone().map(|line| conflict::settled(old.raw(line..line + 1)));
            self.layout.set(slot, Slot::Text(lines.collect()));
        }
    }

    fn old_task(&mut self, slot: usize, task: &'a Task) {
        let key = self.renamed.get(&task.key).unwrap_or(&task.key).clone();
        self.tasks.insert(key.clone(), slot);
        let Some(new) = self.fresh_tasks.get(key.as_str()).copied() else {
            return self.gone_task(slot, task);
        };
        let fate = refresh::task(&self.pair, task, new, task.retired);
        if fate.suspect {
            self.merged.suspect.push(new.id.clone());
        }
        self.note_conflict(&fate, &new.id, &key);
        if task.retired {
            self.layout.set(slot, Slot::Gone);
            self.tasks.remove(&key);
            let text = fate.text.unwrap_or_else(|| self.pair.old.raw(task.lines.clone()).to_owned());
            self.back.insert(key, text);
            return;
        }
        let list = if fate.refreshed { &mut self.merged.refreshed } else { &mut self.merged.kept };
        list.push(new.id.clone());
        if let Some(text) = fate.text {
            self.layout.set(slot, Slot::Text(text));
        }
    }

    pub(super) fn note_conflict(&mut self, fate: &Fate, id: &str, key: &str) {
        if let Some(what) = &fate.conflict {
            self.merged.conflicts.push(Conflict { id: id.to_owned(), key: key.to_owned(), what: what.clone() });
        }
    }

    fn gone_task(&mut self, slot: usize, task: &'a Task) {
        let old = self.pair.old;
        if task.retired {
            return;
        }
        let target = task.key.strip_prefix(retire::REMOVAL);
        if target.is_some_and(|t| !self.fresh_tasks.contains_key(t)) {
            return;
        }
        self.retire(&task.key);
        self.merged.retired.push(task.id.clone());
        if retire::is_pristine(old, task) {
            self.layout.set(slot, Slot::Gone);
        } else if target.is_none() {
            self.layout.set(slot, Slot::Gone);
            let kept = |line: &usize| !(task.offers.contains(line) && conflict::is_untouched(old.line(*line)));
            let text: String = task.lines.clone().filter(kept).map(|line| old.raw(line..line + 1)).collect();
            retire::park(old, slot, self.end, text, Shape::Task(false), &mut self.layout);
            if task.ticked
                && let Some((key, text)) = retire::removal(task, &mut self.ledger)
            {
                self.tasks.insert(key, slot);
                retire::park(old, slot, self.end, text, Shape::Task(false), &mut self.layout);
            }
        }
    }

    fn retire(&mut self, key: &str) {
        let named = self.pair.fresh.written.retired.get(key).and_then(|r| r.successor.clone());
        self.ledger.retire(key, named.as_deref());
    }

    /// Retires what stands neither in the file nor in the fresh plan, and takes over the successors that the fresh plan names.
    fn retire_missing(&mut self) {
        let missing = |key: &&String| {
            !self.fresh_tasks.contains_key(key.as_str())
                && !self.tasks.contains_key(*key)
                && !key.starts_with(retire::REMOVAL)
        };
        let keys: Vec<String> =
            self.ledger.ids.keys().filter(missing).filter(|k| !self.ledger.retired.contains_key(*k)).cloned().collect();
        for key in keys {
            self.retire(&key);
        }
        for (key, entry) in &self.pair.fresh.written.retired {
            if !self.fresh_tasks.contains_key(key.as_str()) && !self.renamed.contains_key(key) {
                self.ledger.ids.note(key, &entry.id);
                let before = self.ledger.retired.get(key).and_then(|r| r.successor.clone());
                self.ledger.retire(key, entry.successor.as_deref().or(before.as_deref()));
            }
        }
    }

    fn headings(&mut self) {
        let (old, fresh) = (self.pair.old, self.pair.fresh);
        for (slot, index) in &self.heads.renamed {
            if let Some(heading) = fresh.headings.get(*index) {
                let text = format!("{} {}{}", "#".repeat(heading.level), heading.text, old.ending);
                self.layout.set(*slot, Slot::Text(text));
            }
        }
        retire::drop_headings(old, &self.heads, self.end, &mut self.layout);
        self.ledger.headings = fresh.written.headings.clone();
        for slot in self.heads.orphans.iter().filter(|s| !self.layout.is_gone(**s)) {
            if let Some(Kind::Heading(index)) = old.parts.get(*slot).map(|p| p.kind)
                && let Some(heading) = old.headings.get(index)
            {
                self.ledger.headings.insert(document::ledger::heading_entry(heading.level, &heading.text));
            }
        }
    }

    fn write_ledger(&mut self) {
        let old = self.pair.old;
        if self.ledger.says_the_same(&old.written) {
            return;
        }
        let text = self.ledger.print();
        let places: Vec<usize> =
            old.parts.iter().enumerate().filter(|(_, p)| p.kind == Kind::Ledger).map(|(i, _)| i).collect();
        for place in &places {
            self.layout.set(*place, Slot::Gone);
        }
        match places.is_empty() {
            true => self.layout.add(Spot::Ahead(self.end), text, Shape::Block),
            false => self.layout.set(self.end, Slot::Text(text.replace('\n', old.ending))),
        }
    }
}
