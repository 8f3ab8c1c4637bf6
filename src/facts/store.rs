//! Facts by path: found by a hash of the path, listed in the order of paths. It knows nothing of what runs log or leave out.

use std::cell::OnceCell;

use super::Fact;
use super::table::{Table, hash};

/// Facts with their paths.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    paths: Table,
    /// By slot of the path; none where it was taken out.
    facts: Vec<Option<Fact>>,
    /// What paths begin with, up to a `.` or a `[`.
    sections: Table,
    /// By slot of the section: slots of the paths below it.
    below: Vec<Vec<usize>>,
    /// Slots in the order of their paths; forgotten with every new path.
    ordered: OnceCell<Vec<usize>>,
}

impl Store {
    /// The fact at a path.
    pub(super) fn get(&self, path: &str) -> Option<&Fact> {
        self.at(self.paths.find(hash(path), path)?)
    }

    fn at(&self, slot: usize) -> Option<&Fact> {
        self.facts.get(slot)?.as_ref()
    }

    /// Puts a fact, replacing an older one.
    pub(super) fn put(&mut self, path: impl AsRef<str> + Into<String>, fact: Fact) {
        let slot = match self.paths.find(hash(path.as_ref()), path.as_ref()) {
            Some(slot) => slot,
            None => self.add(path),
        };
        if let Some(place) = self.facts.get_mut(slot) {
            *place = Some(fact);
        }
    }

    /// Takes a fact out.
    pub(super) fn remove(&mut self, path: &str) {
        let slot = self.paths.find(hash(path), path);
        if let Some(place) = slot.and_then(|slot| self.facts.get_mut(slot)) {
            *place = None;
        }
    }

    fn add(&mut self, path: impl AsRef<str> + Into<String>) -> usize {
        let slot = self.facts.len();
        let joints = path.as_ref().bytes().enumerate().filter(|(_, byte)| matches!(byte, b'.' | b'['));
        for section in joints.filter_map(|(at, _)| path.as_ref().get(..at)) {
            let section = self.sections.intern(section);
            if self.below.len() <= section {
                self.below.push(Vec::new());
            }
            if let Some(below) = self.below.get_mut(section) {
                below.push(slot);
            }
        }
        self.facts.push(None);
        self.ordered = OnceCell::new();
        self.paths.add(Into::<String>::into(path))
    }

    /// Facts below a section such as `data.files` or a list such as `entities[Order].queries`.
    pub(super) fn below(&self, section: &str) -> impl Iterator<Item = &Fact> {
        let section = self.sections.find(hash(section), section);
        let slots = section.and_then(|section| self.below.get(section)).into_iter().flatten();
        slots.filter_map(|slot| self.at(*slot))
    }

    /// All facts in the order of their paths.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        let names = &self.paths.names;
        let ordered = self.ordered.get_or_init(|| {
            let mut slots: Vec<usize> = (0..names.len()).collect();
            slots.sort_unstable_by_key(|slot| names.get(*slot));
            slots
        });
        ordered.iter().filter_map(|slot| Some((&**names.get(*slot)?, self.at(*slot)?)))
    }
}
