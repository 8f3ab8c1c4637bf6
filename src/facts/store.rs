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
    /// By slot of the section: what stands in it.
    inside: Vec<Section>,
    /// Slots in the order of their paths; forgotten with every new path.
    ordered: OnceCell<Vec<usize>>,
}

/// What stands directly in a section.
#[derive(Clone, Debug, Default)]
struct Section {
    /// Slots of paths.
    paths: Vec<usize>,
    /// Slots of sections.
    sections: Vec<usize>,
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
        self.enter(slot, path.as_ref());
        self.facts.push(None);
        self.ordered = OnceCell::new();
        self.paths.add(Into::<String>::into(path))
    }

    /// Enters a path into its section, and sections that are new into theirs.
    fn enter(&mut self, slot: usize, path: &str) {
        let (mut rest, mut new) = (path, None);
        while let Some((section, _)) = rest.rsplit_once(['.', '[']) {
            let known = self.sections.find(hash(section), section);
            let at = known.unwrap_or_else(|| self.sections.add(section.to_owned()));
            if known.is_none() {
                self.inside.push(Section::default());
            }
            if let Some(inside) = self.inside.get_mut(at) {
                match new {
                    None => inside.paths.push(slot),
                    Some(section) => inside.sections.push(section),
                }
            }
            if known.is_some() {
                return;
            }
            (rest, new) = (section, Some(at));
        }
    }

    /// Facts below a section such as `data.files` or a list such as `entities[Order].queries`, in no order.
    pub(super) fn below(&self, section: &str) -> impl Iterator<Item = &Fact> {
        let mut open: Vec<usize> = self.sections.find(hash(section), section).into_iter().collect();
        let slots = std::iter::from_fn(move || {
            let inside = self.inside.get(open.pop()?)?;
            open.extend(&inside.sections);
            Some(&inside.paths)
        });
        slots.flatten().filter_map(|slot| self.at(*slot))
    }

    /// All facts in the order in which their paths came.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, &Fact)> {
        let facts = self.paths.names.iter().zip(&self.facts);
        facts.filter_map(|(path, fact)| Some((&**path, fact.as_ref()?)))
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
