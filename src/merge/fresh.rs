//! The part of the update that goes through the fresh plan: what is in the file already, what is new, what a person deleted.

use super::layout::Shape;
use super::place::{Section, State};
use super::retire;
use super::update::Update;
use crate::document::{Block, Kind, Task};

impl Update<'_> {
    /// The elements of the fresh plan by heading, each with what becomes of it.
    pub(super) fn sections(&mut self) -> Vec<Section> {
        let fresh = self.pair.fresh;
        let mut sections = vec![Section::default()];
        let mut loose = (false, false);
        for part in &fresh.parts {
            let state = match part.kind {
                Kind::Heading(index) => {
                    sections.push(Section { heading: Some(index), elements: Vec::new() });
                    loose = (false, false);
                    continue;
                }
                Kind::Task(index) => fresh
                    .tasks
                    .get(index)
                    .filter(|t| !t.key.is_empty())
                    .map(|task| self.task_state(task, loose == (true, true))),
                Kind::Block(index) => fresh.blocks.get(index).map(|block| self.block_state(block)),
                Kind::Offer(_) | Kind::Ledger => None,
                Kind::Other => {
                    loose.1 = true;
                    None
                }
            };
            if let Some(section) = sections.last_mut().filter(|_| state.is_some()) {
                section.elements.extend(state);
                loose = (matches!(part.kind, Kind::Task(_)), false);
            }
        }
        self.forget();
        sections
    }

    fn task_state(&mut self, task: &Task, loose: bool) -> State {
        if let Some(slot) = self.tasks.get(&task.key) {
            return State::Present(*slot);
        }
        let old = self.pair.old;
        let was_retired = old.written.retired.contains_key(&task.key);
        let back = self.back.remove(&task.key);
        if back.is_none()
            && !was_retired
            && old.written.ids.contains_key(&task.key)
            && !self.is_restored(&task.id, &task.key)
        {
            self.ledger.deleted.insert(task.key.clone());
            self.merged.deleted.push(task.id.clone());
            return State::Absent;
        }
        self.merged.added.push(task.id.clone());
        State::New(back.unwrap_or_else(|| self.pair.fresh.raw(task.lines.clone()).to_owned()), Shape::Task(loose))
    }

    fn block_state(&mut self, block: &Block) -> State {
        if let Some(slot) = self.blocks.get(&block.key) {
            return State::Present(*slot);
        }
        if self.pair.old.written.blocks.contains(&block.key) && !self.is_restored(&block.key, &block.key) {
            self.ledger.deleted.insert(block.key.clone());
            self.merged.deleted.push(block.key.clone());
            return State::Absent;
        }
        self.ledger.blocks.insert(block.key.clone());
        self.merged.added.push(block.key.clone());
        State::New(self.pair.fresh.raw(block.lines.clone()).to_owned(), Shape::Block)
    }

    fn is_restored(&self, id: &str, key: &str) -> bool {
        self.pair.options.restore.iter().any(|name| name.eq_ignore_ascii_case(id) || name == key)
    }

    /// Drops from the ledger what needs no memory any more: blocks that neither plan has, and deletions that came to nothing.
    fn forget(&mut self) {
        let fresh = &self.fresh_blocks;
        self.ledger.blocks.retain(|key| fresh.contains_key(key.as_str()));
        let ids = &self.ledger.ids;
        let is_deleted = |key: &&String| {
            key.starts_with(retire::REMOVAL)
                && !self.tasks.contains_key(*key)
                && !self.ledger.retired.contains_key(*key)
        };
        let removals: Vec<String> = ids.keys().filter(is_deleted).cloned().collect();
        self.ledger.deleted.extend(removals);
        let added = &self.merged.added;
        let is_missing =
            |name: &&String| !added.iter().any(|a| a.eq_ignore_ascii_case(name) || ids.get(name) == Some(a.as_str()));
        let restore = self.pair.options.restore.iter();
        self.merged.not_restored = restore.filter(is_missing).cloned().collect();
    }
}
